"""How the columns of a pilot are read, and what is refused in them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from typing import Any

import numpy as np

from leadkit._checks import id_faults
from leadkit._fields import sealed
from leadkit.errors import Fault

__all__ = [
    "as_counts",
    "as_ids",
    "as_measures",
    "count_faults",
    "id_column_faults",
    "length_faults",
    "measure_faults",
    "success_faults",
]

MOST_COUNT = 2**53
LARGEST = 1e100


def listed(values: Any) -> Any:
    """Make a list of a column; what is none stays as it is, for the check to name."""
    if isinstance(values, str | bytes | Mapping | AbstractSet) or not isinstance(values, Iterable):
        return values
    return values.tolist() if isinstance(values, np.ndarray) else list(values)


def as_ids(values: Any) -> Any:
    """Keep a column of ids as a tuple of texts; what is no column stays as it is."""
    column = listed(values)
    if not isinstance(column, list):
        return column
    return tuple(str(value) if isinstance(value, str) else value for value in column)


def as_counts(values: Any) -> Any:
    """Keep a column of truth values or whole numbers as a read-only array; what is none stays a list."""
    column = listed(values)
    if not isinstance(column, list):
        return column
    kinds = {type(value) for value in column}
    whole = all(issubclass(kind, bool | np.bool_ | int | np.integer) for kind in kinds)
    if whole and all(-MOST_COUNT <= value <= MOST_COUNT for value in column):
        # truth values stay what they are until it is known whether the rows are counts
        is_truth = bool(kinds) and all(issubclass(kind, bool | np.bool_) for kind in kinds)
        return sealed(np.array(column, dtype=np.bool_ if is_truth else np.int64))
    return column


def as_measures(values: Any) -> Any:
    """Keep a column of numbers as a read-only array, None as NaN; what is none stays a list."""
    column = listed(values)
    if not isinstance(column, list):
        return column
    numbers = [math.nan if value is None else value for value in column]
    if all(isinstance(x, int | float | np.number) and not isinstance(x, bool | np.complexfloating) for x in numbers):
        try:
            return sealed(np.array(numbers, dtype=np.float64))
        except OverflowError:
            return numbers
    return numbers


def length_faults(owner: Any, names: tuple[str, ...]) -> list[Fault]:
    """Refuse what is no column, and columns of other lengths than the first."""
    faults = []
    for name in names:
        column = getattr(owner, name)
        if column is None and name not in names[:3]:
            continue
        if not isinstance(column, tuple | list | np.ndarray):
            faults.append(Fault(name, f"expected a column, one value a row, got {column!r}"))
    if not faults:
        n = len(getattr(owner, names[0]))
        for name in names[1:]:
            column = getattr(owner, name)
            if column is not None and len(column) != n:
                faults.append(Fault(name, f"expected {n} rows, as many as in {names[0]!r}, got {len(column)}"))
    return faults


def id_column_faults(column: tuple[Any, ...] | None, name: str) -> list[Fault]:
    """Refuse values that are no ids, each with its row."""
    known: dict[str, bool] = {}
    faults = []
    for row, value in enumerate(column or ()):
        if isinstance(value, str) and known.get(value):
            continue
        found = id_faults(value, f"{name}[{row}]")
        faults += found
        if not found:
            known[value] = True
    return faults


def count_faults(column: Any) -> list[Fault]:
    """Refuse numbers of cases that are no whole numbers of at least 1."""
    return [] if column is None else _whole_faults(column, "count", least=1)


def success_faults(column: Any, count: Any) -> list[Fault]:
    """Refuse successes that are neither yes nor no, or with counts outside 0 to the count."""
    if count is None:
        return [
            Fault(f"success[{row}]", f"expected True, False, 1 or 0, got {value!r}")
            for row, value in enumerate(column.tolist() if isinstance(column, np.ndarray) else column)
            if not isinstance(value, bool | np.bool_ | int | np.integer) or value not in (0, 1)
        ]
    faults = _whole_faults(column, "success", least=0)
    if faults or not isinstance(count, np.ndarray):
        return faults
    return [
        Fault(f"success[{row}]", f"expected at most {count[row]}, the count of its row, got {column[row]}")
        for row in np.flatnonzero(np.asarray(column) > count).tolist()
    ]


def measure_faults(column: Any, count: Any, name: str, *, at_least_0: bool) -> list[Fault]:
    """Refuse values that are no finite numbers, and any in a row of several cases."""
    if column is None:
        return []
    if not isinstance(column, np.ndarray):
        return [
            Fault(f"{name}[{row}]", f"expected a number or None, got {value!r}")
            for row, value in enumerate(column)
            if isinstance(value, bool | np.bool_) or not isinstance(value, int | float | np.number) or _is_huge(value)
        ]
    # squares of larger ones would be infinite, and their spread with them
    wrong = (np.abs(column) > LARGEST) | ((column < 0) if at_least_0 else np.zeros(len(column), dtype=bool))
    bounds = f"of at least 0 and at most {LARGEST:g}" if at_least_0 else f"from {-LARGEST:g} to {LARGEST:g}"
    faults = [
        Fault(f"{name}[{row}]", f"expected a number {bounds}, got {column[row]:g}")
        for row in np.flatnonzero(wrong).tolist()
    ]
    if isinstance(count, np.ndarray):
        faults += [
            Fault(f"{name}[{row}]", f"is of a single case, so expected None in a row of {count[row]} cases")
            for row in np.flatnonzero(~np.isnan(column) & (count > 1)).tolist()
        ]
    return faults


def _is_huge(value: Any) -> bool:
    try:
        float(value)
    except OverflowError:
        return True
    return False


def _whole_faults(column: Any, name: str, *, least: int) -> list[Fault]:
    if isinstance(column, np.ndarray) and (column.dtype != np.bool_ or not len(column)):
        values = column.tolist() if (column < least).any() else []
    else:
        values = column.tolist() if isinstance(column, np.ndarray) else column
    return [
        Fault(f"{name}[{row}]", f"expected a whole number from {least} to 2^53, got {value!r}")
        for row, value in enumerate(values)
        if not _is_count(value, least)
    ]


def _is_count(value: Any, least: int) -> bool:
    return isinstance(value, int | np.integer) and not isinstance(value, bool) and least <= int(value) <= MOST_COUNT
