"""The spans of dated rows: which are replaced by a correction of the same day, and which overlap."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leadkit.org.change.days import ALWAYS, NEVER, not_a_day, read_days, written_day
from leadkit.org.people import Violation
from leadkit.typing import BoolArray, IntArray

__all__ = ["Spans"]


class Spans:
    """The spans of all rows as whole numbers, and what is wrong with them."""

    def __init__(self, given: Mapping[str, NDArray[Any]]) -> None:
        self.violations: list[Violation] = []
        self._ids = given["ids"].tolist()
        self._readable = np.ones(len(self._ids), dtype=np.bool_)
        self.start = self._days(given["valid_from"], "valid_from", missing=ALWAYS)
        if "valid_to" in given:
            self.stop = self._days(given["valid_to"], "valid_to", missing=NEVER)
        else:
            self.stop = np.full(len(self._ids), NEVER, dtype=np.int64)
        self._sequence = np.zeros(len(self._ids), dtype=np.int64)
        if "sequence" in given:
            self._sequence = np.unique(self._numbers(given["sequence"]), return_inverse=True)[1]
        for row in np.flatnonzero(self._readable & (self.stop < self.start)).tolist():
            self._bad(
                row, "valid_to", f"{written_day(int(self.stop[row]))} is before {written_day(int(self.start[row]))}"
            )

    def effective_rows(self) -> BoolArray:
        """Tell which rows no correction of the same day replaces, and find the overlaps among them."""
        effective = self._readable.copy()
        known = {person_id: None for person_id in self._ids if isinstance(person_id, str) and person_id}
        code_of = dict(zip(known, range(len(known)), strict=True))
        code = np.array([code_of.get(x, -1) if isinstance(x, str) else -1 for x in self._ids], dtype=np.int64)
        rows = np.flatnonzero(effective & (code >= 0))
        rows = rows[np.lexsort((-self._sequence[rows], self.start[rows], code[rows]))]
        same = np.zeros(rows.size, dtype=np.bool_)
        same[1:] = (code[rows[1:]] == code[rows[:-1]]) & (self.start[rows[1:]] == self.start[rows[:-1]])
        highest = self._sequence[rows][np.maximum.accumulate(np.where(same, 0, np.arange(rows.size)))]
        effective[rows[self._sequence[rows] < highest]] = False
        self._find_overlaps(rows[effective[rows] & (self.start[rows] < self.stop[rows])], code)
        return effective

    def _find_overlaps(self, rows: IntArray, code: IntArray) -> None:
        """Compare each row, by id and first day, with the latest end so far of its id."""
        ends, end = np.unique(self.stop[rows], return_inverse=True)
        reach = code[rows] * (len(ends) + 1) + end
        furthest = np.maximum.accumulate(reach) if rows.size else reach
        holder = np.maximum.accumulate(np.where(reach == furthest, np.arange(rows.size), 0))
        before, after = rows[holder[:-1]], rows[1:]
        overlap = (code[before] == code[after]) & (self.start[after] < self.stop[before])
        for earlier, later in zip(before[overlap].tolist(), after[overlap].tolist(), strict=True):
            name, start, stop = self._ids[later], int(self.start[later]), int(self.stop[earlier])
            until = "without end" if stop == NEVER else f"until {written_day(stop)}"
            since = "ever" if start == ALWAYS else written_day(start)
            message = f"row {later}: {name!r} is valid from {since} on, but row {earlier} of the same id is {until}"
            repair = "end the earlier row where the later begins, or number corrections of one day by sequence"
            self.violations.append(Violation("overlapping_dates", "error", (name,), (earlier, later), message, repair))

    def _days(self, column: NDArray[Any], name: str, *, missing: int) -> IntArray:
        days, bad = read_days(column, missing=missing)
        for row, value in bad:
            self._bad(row, name, not_a_day(value))
        return days

    def _numbers(self, column: NDArray[Any]) -> NDArray[Any]:
        if column.dtype.kind in "iu":
            return column
        numbers = np.zeros(len(column), dtype=np.int64)
        for row, value in enumerate(column.tolist()):
            is_whole = isinstance(value, int | np.integer) or (isinstance(value, float) and value.is_integer())
            if is_whole and not isinstance(value, bool) and abs(value) < 2**62:
                numbers[row] = int(value)
            else:
                self._bad(row, "sequence", f"expected a whole number, got {value!r}")
        return numbers

    def _bad(self, row: int, column: str, what: str) -> None:
        self._readable[row] = False
        person_id = self._ids[row]
        ids = (person_id,) if isinstance(person_id, str) else ()
        whose = f" ({person_id!r})" if ids else ""
        self.violations.append(Violation("bad_value", "error", ids, (row,), f"row {row}{whose}: {column}: {what}"))
