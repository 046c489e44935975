"""Reading answers: which column is which item, and which value is an answer on the scale."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any, Literal, TypeAlias

import numpy as np
from attrs import field, frozen
from numpy.typing import ArrayLike

from leadkit.assessment.instrument import Instrument
from leadkit.assessment.items import ResponseScale
from leadkit.errors import MOST_FAULTS_SHOWN, Fault, ResponseError, did_you_mean
from leadkit.typing import FloatArray

OutOfRange: TypeAlias = Literal["error", "missing"]


def _known_word(_: object, __: object, value: str) -> None:
    if value not in {"error", "missing"}:
        msg = f"on_out_of_range: expected 'error' or 'missing', got {value!r}"
        raise ValueError(msg)


@frozen(kw_only=True)
class AnswerRules:
    """What counts as an answer.

    Parameters
    ----------
    scale : ResponseScale
        Lowest and highest code.
    on_out_of_range : {"error", "missing"}
        Whether a number outside the scale is a fault or a missing answer.
    allow_fractions : bool
        Whether numbers between two codes are answers.
    """

    scale: ResponseScale
    on_out_of_range: OutOfRange = field(default="error", validator=_known_word)
    allow_fractions: bool = False

    def read(self, value: Any) -> tuple[float, str]:
        """Turn one value into a number and an empty complaint, or into NaN and what is wrong with it."""
        if missing(value):
            return math.nan, ""
        if isinstance(value, bool | np.bool_):
            return math.nan, f"{bool(value)} is not a number; expected a whole number {self.span}"
        if isinstance(value, str):
            return math.nan, f"{value!r} is a text; expected a whole number {self.span}"
        try:
            number = float(value)
        except (TypeError, ValueError, OverflowError):
            return math.nan, f"{value!r} is not a number; expected a whole number {self.span}"
        return self.judge(number)

    def judge(self, number: float) -> tuple[float, str]:
        """Check a number against the scale."""
        if not self.scale.contains(number):
            complaint = "" if self.on_out_of_range == "missing" else f"{number:g} is outside {self.span}"
            return math.nan, complaint
        if not (self.allow_fractions or number.is_integer()):
            return math.nan, f"{number:g} is not a whole number {self.span}"
        return number, ""

    @property
    def span(self) -> str:
        """The scale in words."""
        return f"{self.scale.low}..{self.scale.high}"


def missing(value: Any) -> bool:
    """Tell whether a value stands for no answer: None, NaN, a data frame's NA, an empty or blank text."""
    if value is None:
        return True
    if isinstance(value, str):
        return not value.strip()
    if type(value).__name__ in {"NAType", "NaTType"}:
        return True
    return isinstance(value, float | np.floating) and math.isnan(value)


def match_columns(
    names: Sequence[Any],
    instrument: Instrument,
    *,
    reserved: Collection[str],
    ignore: Collection[str] = (),
    allow_missing_items: bool = False,
) -> tuple[dict[int, str], list[Fault]]:
    """Find the column of every item.

    A column belongs to an item when it bears the item's id or one of its external ids.

    Returns
    -------
    dict of int to str
        Position of the item in the instrument to the name of its column.
    list of Fault
        Unknown, repeated and missing columns.
    """
    positions = {item.id: i for i, item in enumerate(instrument.items)}
    for i, item in enumerate(instrument.items):
        for name in item.external_ids.values():
            positions.setdefault(name, i)
    known = [*positions, *reserved]
    found: dict[int, str] = {}
    n_unknown = 0  # the search for a near name takes long, so it is made for those only that a message shows
    faults = [_column_fault(name, "is not among the columns", names) for name in reserved if name not in names]
    for name in names:
        if name in reserved or name in ignore:
            continue
        if name not in positions:
            n_unknown += 1
            near = did_you_mean(str(name), known) if n_unknown <= MOST_FAULTS_SHOWN else ""
            hint = f"unknown column{near}; ignore it if it is no item"
            faults.append(Fault(f"column {name!r}", hint, column=str(name)))
        elif positions[name] in found:
            item_id = instrument.item_ids[positions[name]]
            other = found[positions[name]]
            faults.append(Fault(f"column {name!r}", f"item {item_id!r} is in column {other!r} too", column=name))
        else:
            found[positions[name]] = name
    absent = [item_id for i, item_id in enumerate(instrument.item_ids) if i not in found]
    if absent and not allow_missing_items:
        shown = ", ".join(map(repr, absent[:10])) + (f" and {len(absent) - 10} more" if len(absent) > 10 else "")
        faults.append(Fault("", f"no column for item {shown}; allow missing items if they were not asked"))
    return found, faults


def read_columns(
    columns: Mapping[int, Any], n: int, instrument: Instrument, rules: AnswerRules, label: Callable[[int], str]
) -> tuple[FloatArray, list[Fault]]:
    """Read the columns of items into `(n, k)` answers; items without a column are not answered.

    Parameters
    ----------
    columns : mapping of int to sequence
        Position of an item to its n values.
    label : callable
        What to call row i in a fault.
    """
    values = np.full((n, instrument.n_items), np.nan)
    faults: list[Fault] = []
    for i, column in columns.items():
        numbers = _numbers(column)
        if numbers is None:
            doubtful = np.arange(n)
        else:
            doubtful = np.flatnonzero(_wrong(numbers, rules.scale, allow_fractions=rules.allow_fractions))
            values[:, i] = numbers
        for row in doubtful:
            values[row, i], complaint = rules.read(column[row])
            if complaint:
                where = f"{label(int(row))}, item {instrument.item_ids[i]!r}"
                faults.append(Fault(where, complaint))
    return values, faults


def matrix_faults(
    values: FloatArray, row_ids: Sequence[str], instrument: Instrument, *, allow_fractions: bool
) -> Iterable[Fault]:
    """List the cells of an answer matrix that are no answers."""
    rules = AnswerRules(scale=instrument.scale, allow_fractions=allow_fractions)
    rows_per_block = max(1, 2**18 // max(1, values.shape[1]))
    for start in range(0, len(values), rows_per_block):
        block = values[start : start + rows_per_block]
        for row, i in np.argwhere(_wrong(block, instrument.scale, allow_fractions=allow_fractions)):
            _, complaint = rules.judge(float(block[row, i]))
            yield Fault(f"respondent {row_ids[start + row]!r}, item {instrument.item_ids[i]!r}", complaint)


def _numbers(column: Any) -> FloatArray | None:
    """Read a whole column at once; None where it holds anything but numbers, so that each cell is looked at."""
    if isinstance(column, np.ndarray):
        return column.astype(np.float64) if column.dtype.kind in "iuf" and column.ndim == 1 else None
    if set(map(type, column)) <= {int, float, type(None)}:
        try:
            return np.array(column, dtype=np.float64)
        except OverflowError:
            return None
    return None


def _wrong(values: FloatArray, scale: ResponseScale, *, allow_fractions: bool) -> Any:
    wrong = (values < scale.low) | (values > scale.high)
    if not allow_fractions:
        wrong |= (values != np.rint(values)) & ~np.isnan(values)
    return wrong


def _column_fault(name: str, what: str, names: Iterable[Any]) -> Fault:
    return Fault(f"column {name!r}", what + did_you_mean(name, [str(other) for other in names]), column=name)


def transposed(records: Iterable[Mapping[str, Any]]) -> dict[str, list[Any]]:
    """Turn one mapping a row into one list a column; what a row lacks becomes None."""
    rows = list(records)
    wrong = [i for i, row in enumerate(rows, start=1) if not isinstance(row, Mapping)]
    if wrong:
        faults = [Fault(f"record {i}", f"expected a mapping, got {rows[i - 1]!r}") for i in wrong]
        raise ResponseError.from_faults(faults)
    if not rows:
        msg = "there are no records"
        raise ResponseError(msg)
    names = {name: None for row in rows for name in row}
    return {name: [row.get(name) for row in rows] for name in names}


def aligned(columns: Mapping[str, Any]) -> tuple[dict[str, Any], int]:
    """Check that columns have one length; return them and that length."""
    table = {name: column if hasattr(column, "__len__") else list(column) for name, column in columns.items()}
    table = {name: np.asarray(column) if hasattr(column, "dtype") else column for name, column in table.items()}
    lengths = {name: len(column) for name, column in table.items()}
    n = max(lengths.values(), default=0)
    faults = [
        Fault(f"column {name!r}", f"expected {n} values like the longest column, got {length}", column=str(name))
        for name, length in lengths.items()
        if length != n
    ]
    if faults:
        raise ResponseError.from_faults(faults)
    return table, n


def id_text(value: Any) -> str:
    """Turn an id into text; a number that a data frame made a float becomes a whole number again."""
    if missing(value):
        return ""
    if isinstance(value, float | np.floating) and float(value).is_integer():
        value = int(value)
    return str(value)


def row_labels(kind: str, ids: Sequence[str]) -> Any:
    """Give a function that names row i in a fault, by its id where it has one."""
    return lambda row: f"{kind} {ids[row]!r}" if ids[row] else f"row {row + 1}"


def row_index(rows: ArrayLike | slice, n: int) -> Any:
    """Turn a mask, positions or a slice into positions in 0..n-1."""
    if isinstance(rows, slice):
        return np.arange(n)[rows]
    index = np.asarray(rows)
    if index.size == 0 and index.dtype.kind == "f":
        index = index.astype(np.int64)
    if index.dtype.kind == "b":
        if index.shape != (n,):
            msg = f"rows: expected a mask of {n} values, got shape {index.shape}"
            raise ResponseError(msg)
        return np.flatnonzero(index)
    if index.dtype.kind not in "iu" or index.ndim > 1:
        msg = f"rows: expected a mask, positions or a slice, got {rows!r}"
        raise ResponseError(msg)
    index = np.atleast_1d(index)
    outside = index[(index < -n) | (index >= n)]
    if outside.size:
        msg = f"rows: position {int(outside[0])} is outside 0..{n - 1}"
        raise ResponseError(msg)
    return index % n if n else index
