"""Arguments into arrays: what is accepted, what is refused, and the message that says where."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from leadkit.typing import FloatArray

REAL_KINDS = "biuf"
ROUNDING = 1e-14


def matrix(values: ArrayLike, name: str, *, bounds: tuple[float, float] | None = None) -> FloatArray:
    """Turn `values` into a float64 matrix `(n, k)` with k >= 1; masked cells and None become NaN.

    The result may share memory with `values`, so it must not be written to.
    """
    array = floats(values, name)
    if array.ndim != 2:
        msg = f"{name}: expected two dimensions (rows, columns), got {array.ndim}"
        raise ValueError(msg)
    if array.shape[1] == 0:
        msg = f"{name}: expected at least one column, got none"
        raise ValueError(msg)
    check_bounds(array, name, bounds)
    return array


def vector(values: ArrayLike, name: str, *, length: int | None = None) -> FloatArray:
    """Turn `values` into a float64 vector; `length` is the number of elements it must have."""
    array = floats(values, name)
    if array.ndim != 1:
        msg = f"{name}: expected one dimension, got {array.ndim}"
        raise ValueError(msg)
    if length is not None and array.size != length:
        msg = f"{name}: expected {length} values, got {array.size}"
        raise ValueError(msg)
    return array


def floats(values: ArrayLike, name: str) -> FloatArray:
    """Turn real numbers of any dimension into float64; refuse text, complex numbers and infinity."""
    mask = np.ma.getmaskarray(values) if isinstance(values, np.ma.MaskedArray) else None
    array = native(values, name)
    result = _from_objects(array, name) if array.dtype.kind == "O" else array.astype(np.float64, copy=False)
    if mask is not None and mask.any():
        result = np.where(mask, np.nan, result)
    if array.dtype.kind in "Of":
        _refuse_infinity(result, name)
    return result


def native(values: ArrayLike, name: str) -> NDArray[Any]:
    """Turn `values` into an array of real numbers or objects, in the type it has."""
    try:
        array = np.asarray(values)
    except ValueError as error:
        msg = f"{name}: rows differ in length"
        raise ValueError(msg) from error
    if array.dtype.kind not in REAL_KINDS + "O":
        msg = f"{name}: expected real numbers, got {_kind(array)}"
        raise ValueError(msg)
    return array


def check_bounds(array: FloatArray, name: str, bounds: tuple[float, float] | None) -> None:
    """Refuse any value outside `bounds`, naming the first place."""
    if bounds is None or array.size == 0:
        return
    low, high = checked_bounds(bounds)
    outside = (array < low) | (array > high)
    if outside.any():
        place = first_place(outside)
        msg = f"{name}{at(place)}: {array[place]:g} is outside {low:g}..{high:g}"
        raise ValueError(msg)


def checked_bounds(bounds: tuple[float, float]) -> tuple[float, float]:
    """Return `bounds` as two finite floats, low below high."""
    ends = floats(np.asarray(bounds), "bounds")
    if ends.shape != (2,) or not ends[0] < ends[1]:
        msg = f"bounds: expected (low, high) with low < high, got {bounds!r}"
        raise ValueError(msg)
    return float(ends[0]), float(ends[1])


def check_level(level: float) -> float:
    """Return `level` when it lies inside (0, 1)."""
    if not 0 < level < 1:
        msg = f"level: expected a number inside (0, 1), got {level!r}"
        raise ValueError(msg)
    return float(level)


def whole_number(value: int, name: str, *, least: int) -> int:
    """Return a whole number of at least `least`."""
    if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < least:
        msg = f"{name}: expected a whole number of at least {least}, got {value!r}"
        raise ValueError(msg)
    return int(value)


def check_word(value: str, name: str, allowed: Sequence[str]) -> None:
    """Refuse a word that is not one of `allowed`."""
    if value not in allowed:
        msg = f"{name}: expected one of {', '.join(map(repr, allowed))}, got {value!r}"
        raise ValueError(msg)


def item_names(items: Sequence[str] | None, k: int) -> tuple[str, ...]:
    """Return the `k` item names, `item1`, `item2`, ... by default; refuse repeats and a wrong number."""
    if items is None:
        return tuple(f"item{i + 1}" for i in range(k))
    names = tuple(str(item) for item in items)
    if len(names) != k:
        msg = f"items: expected {k} names, got {len(names)}"
        raise ValueError(msg)
    repeated = sorted({name for name in names if names.count(name) > 1})
    if repeated:
        msg = f"items: names {repeated} are there more than once"
        raise ValueError(msg)
    return names


def first_place(mask: NDArray[np.bool_]) -> tuple[int, ...]:
    """Return the index of the first True."""
    return tuple(int(i) for i in np.unravel_index(int(np.argmax(mask)), mask.shape))


def at(place: tuple[int, ...]) -> str:
    """Write an index behind a name; a single number has none."""
    return str(list(place)) if place else ""


def zero_if_rounding(variance: FloatArray, mean_square: FloatArray | float) -> FloatArray:
    """Set variances to 0 where they are no more than rounding of the mean square about the centre."""
    return np.where(variance <= ROUNDING * np.asarray(mean_square), 0.0, variance)


def _from_objects(array: NDArray[Any], name: str) -> FloatArray:
    if set(map(type, array.flat)) <= {int, float, bool, type(None)}:
        with contextlib.suppress(OverflowError):
            return array.astype(np.float64)
    result = np.empty(array.shape, dtype=np.float64)
    for place, value in np.ndenumerate(array):
        if value is None:
            result[place] = np.nan
        elif isinstance(value, int | float | np.integer | np.floating | np.bool_):
            try:
                result[place] = float(value)
            except OverflowError:
                msg = f"{name}{at(place)}: expected a finite number or NaN, got an integer too large for one"
                raise ValueError(msg) from None
        else:
            msg = f"{name}{at(place)}: expected a real number or None, got {value!r}"
            raise ValueError(msg)
    return result


def _refuse_infinity(array: FloatArray, name: str) -> None:
    infinite = np.isinf(array)
    if infinite.any():
        place = first_place(infinite)
        msg = f"{name}{at(place)}: expected a finite number or NaN, got {array[place]}"
        raise ValueError(msg)


def _kind(array: NDArray[Any]) -> str:
    return {"U": "text", "S": "bytes", "c": "complex numbers", "M": "dates", "m": "durations"}.get(
        array.dtype.kind, str(array.dtype)
    )
