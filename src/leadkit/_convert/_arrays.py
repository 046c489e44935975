"""Arrays from nested lists, cell by cell: numpy itself would make 3 of 3.7 and True of 2."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any, Final, get_args, get_origin

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

__all__ = ["array", "instant", "is_array"]


@frozen
class _Cells:
    """What a cell of an array may be, and what the array is made of."""

    kinds: frozenset[type]
    words: str
    dtype: Any
    read: Callable[[Any], Any] | None = None


def _instant(text: str | None) -> datetime | None:
    """Read an instant in UTC; null is not a time."""
    if text is None:
        return None
    read = datetime.fromisoformat(text)
    if read.tzinfo is not None:
        msg = "an array of instants is in UTC and bears no offset"
        raise ValueError(msg)
    return read


WHOLE: Final = frozenset({int})
CELLS: Final[Mapping[str, _Cells]] = {
    "b": _Cells(frozenset({bool}), "truth values", np.bool_),
    "i": _Cells(WHOLE, "whole numbers", np.int64),
    "f": _Cells(frozenset({int, float, type(None)}), "numbers", np.float64),
    "M": _Cells(
        frozenset({str, type(None)}),
        "instants like 2026-05-31T09:00:00",
        "datetime64[us]",
        _instant,
    ),
    "O": _Cells(frozenset({str, bool, int, float, type(None)}), "texts, numbers or null", object),
}


def is_array(hint: Any) -> bool:
    """Tell whether a type is that of arrays that can be read."""
    return get_origin(hint) is np.ndarray and _kind(hint) in CELLS


def instant(value: Any, _: Any) -> Any:
    """Make one instant of numpy, in UTC; null is not a time."""
    if isinstance(value, np.datetime64):
        return value
    return array([value], NDArray[np.datetime64])[0]


def array(value: Any, hint: Any) -> Any:
    """Make an array of lists, whose cells are what the type of the array says."""
    kind = _kind(hint)
    if kind == "M" and isinstance(value, np.ndarray) and value.dtype.kind == kind:
        return value
    cells = CELLS[kind]
    rows = value.tolist() if isinstance(value, np.ndarray) else value
    if not isinstance(rows, list | tuple):
        msg = f"expected a list of {cells.words}, got {value!r}"
        raise TypeError(msg)
    for cell in _cells(rows):
        if type(cell) not in cells.kinds:
            msg = f"expected {cells.words}, got {cell!r}"
            raise TypeError(msg)
    try:
        return np.array(rows if cells.read is None else _each(cells.read, rows), dtype=cells.dtype)
    except ValueError:
        msg = f"expected {cells.words} in rows of equal length"
    except OverflowError:
        msg = f"expected {cells.words}, got one that is too large"
    raise ValueError(msg)


def _kind(hint: Any) -> str:
    """Give the letter of numpy for what an array holds; any signed integer counts as int64."""
    dtype = (get_args(get_args(hint)[1]) or (object,))[0]
    dtype = get_origin(dtype) or dtype
    if dtype is np.signedinteger:
        return "i"
    return np.dtype(dtype).kind if isinstance(dtype, type) and issubclass(dtype, np.generic) else ""


def _each(read: Callable[[Any], Any], rows: Any) -> Any:
    return [_each(read, part) for part in rows] if isinstance(rows, list | tuple) else read(rows)


def _cells(rows: Any) -> Iterator[Any]:
    if isinstance(rows, list | tuple):
        for part in rows:
            yield from _cells(part)
    else:
        yield rows
