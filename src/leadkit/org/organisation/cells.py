"""Cells as spreadsheets and data frames hold them: which are missing, and what texts and numbers they are."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from leadkit.typing import BoolArray, FloatArray

__all__ = [
    "ObjectArray",
    "are_plain_ids",
    "as_column",
    "expect_one_length",
    "is_missing",
    "is_none",
    "native",
    "numbers",
    "texts",
]

ObjectArray: TypeAlias = NDArray[Any]
"""An array of texts, None where one is missing."""


def is_none(values: ObjectArray) -> BoolArray:
    """Tell which cells of an object array are None."""
    nothing: Any = None
    found: BoolArray = np.equal(values, nothing).astype(bool)
    return found


def as_column(values: Any, name: str) -> NDArray[Any]:
    """Return a column as a one-dimensional array: of objects, or of numbers or truths as it came."""
    if isinstance(values, str | bytes | Mapping | AbstractSet) or not hasattr(values, "__len__"):
        msg = f"{name}: expected a column (a sequence or an array), got {type(values).__name__}"
        raise ValueError(msg)
    if isinstance(values, np.ma.MaskedArray):
        array = values.data.astype(object)
        array[np.ma.getmaskarray(values)] = None
    elif hasattr(values, "__array__"):
        array = np.asarray(values)
    else:
        return np.fromiter(values, dtype=object, count=len(values))
    if array.ndim != 1:
        msg = f"{name}: expected a column, got an array of {array.ndim} dimensions"
        raise ValueError(msg)
    return array if array.dtype.kind in "biuf" else array.astype(object)


def is_missing(value: object) -> bool:
    """Tell whether a cell is empty: None, NaN or a data frame's NA."""
    return (
        value is None
        or (isinstance(value, float | np.floating) and bool(np.isnan(value)))
        or type(value).__name__ in {"NAType", "NaTType"}
    )


def texts(column: NDArray[Any]) -> tuple[ObjectArray, list[tuple[int, Any]]]:
    """Read texts: an empty or missing one is None; returns them beside (row, value) of what is no text."""
    values = column.tolist()
    read = np.empty(len(values), dtype=object)
    read[:] = values
    bad = []
    for row in [row for row, value in enumerate(values) if type(value) is not str or not value]:
        value = values[row]
        read[row] = (str.__str__(value) or None) if isinstance(value, str) else None
        if not isinstance(value, str) and not is_missing(value):
            bad.append((row, value))
    return read, bad


def numbers(column: NDArray[Any]) -> tuple[FloatArray, list[tuple[int, Any]]]:
    """Read numbers: a missing one is NaN; returns them beside (row, value) of what is no number."""
    if column.dtype.kind in "iuf":
        return column.astype(np.float64), []
    values = column.tolist()
    if set(map(type, values)) <= {float, type(None)}:
        return np.array(values, dtype=np.float64), []
    read = np.full(len(values), np.nan)
    bad = []
    for row, value in enumerate(values):
        if isinstance(value, int | float | np.integer | np.floating) and not isinstance(value, bool):
            read[row] = _nearest_float(value)
        elif not is_missing(value):
            bad.append((row, value))
    return read, bad


def are_plain_ids(values: list[Any]) -> bool:
    """Tell quickly whether all cells are texts, none of them empty, none with white space."""
    if not set(map(type, values)) <= {str}:
        return False
    joined = "\0".join(["", *values, ""])
    return "\0\0" not in joined and joined.split(maxsplit=1) == [joined]


def expect_one_length(columns: Mapping[str, NDArray[Any]]) -> None:
    """Refuse columns of different lengths."""
    lengths = {name: len(values) for name, values in columns.items()}
    if len(set(lengths.values())) > 1:
        msg = "columns of unequal length: " + ", ".join(f"{name} {length}" for name, length in lengths.items())
        raise ValueError(msg)


def native(value: Any, *, whole: bool) -> Any:
    """Turn a scalar of numpy or a subclass of str into Python's own; with `whole`, 2.0 into 2."""
    plain = value.item() if isinstance(value, np.generic) else value
    if isinstance(plain, str):
        return str.__str__(plain)
    return int(plain) if whole and isinstance(plain, float) and plain.is_integer() else plain


def _nearest_float(value: Any) -> float:
    try:
        return float(value)
    except OverflowError:
        return np.inf if value > 0 else -np.inf
