"""Arguments of queueing formulas into arrays that broadcast, and results back into floats."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from leadkit._fields import sealed
from leadkit.typing import BoolArray, FloatArray

__all__ = [
    "Number",
    "amounts",
    "as_flags",
    "broadcast",
    "given_back",
    "positive",
    "probabilities",
    "real_numbers",
    "single",
    "whole",
]

Number: TypeAlias = float | FloatArray
"""A float where every argument was a single number, else an array of the shape they broadcast to."""


def real_numbers(values: ArrayLike, name: str) -> FloatArray:
    """Turn finite real numbers of any shape into float64; NaN may stand among them."""
    try:
        array = np.asarray(values)
    except ValueError as error:
        msg = f"{name}: rows differ in length"
        raise ValueError(msg) from error
    if array.dtype.kind not in "iuf":
        got = repr(values) if array.ndim == 0 else f"an array of {array.dtype}"
        msg = f"{name}: expected real numbers, got {got}"
        raise ValueError(msg)
    array = array.astype(np.float64)
    _refuse(np.isinf(array), array, name, "a finite number")
    return array


def amounts(values: ArrayLike, name: str) -> FloatArray:
    """Turn numbers of at least 0 into float64."""
    array = real_numbers(values, name)
    _refuse(array < 0, array, name, "at least 0")
    return array


def positive(values: ArrayLike, name: str) -> FloatArray:
    """Turn numbers above 0 into float64."""
    array = real_numbers(values, name)
    _refuse(array <= 0, array, name, "a number above 0")
    return array


def whole(values: ArrayLike, name: str) -> FloatArray:
    """Turn whole numbers of at least 0 into float64."""
    array = amounts(values, name)
    _refuse(np.floor(array) < array, array, name, "a whole number")
    return array


def probabilities(values: ArrayLike, name: str) -> FloatArray:
    """Turn numbers inside [0, 1] into float64."""
    array = real_numbers(values, name)
    _refuse((array < 0) | (array > 1), array, name, "a number in 0..1")
    return array


def single(value: ArrayLike, name: str, *, above: float = 0.0) -> float:
    """Turn one number above `above` into a float; NaN is none."""
    array = real_numbers(value, name)
    if array.ndim or not array > above:
        msg = f"{name}: expected a single number above {above:g}, got {value!r}"
        raise ValueError(msg)
    return float(array)


def broadcast(**arrays: FloatArray) -> tuple[FloatArray, ...]:
    """Give the arrays one shape; refuse shapes that do not fit, with the name of each."""
    try:
        return tuple(np.broadcast_arrays(*arrays.values()))
    except ValueError as error:
        shapes = ", ".join(f"{name} {array.shape}" for name, array in arrays.items())
        msg = f"shapes that do not broadcast: {shapes}"
        raise ValueError(msg) from error


def given_back(array: NDArray[np.float64]) -> Number:
    """Give a float for a single number, else the array read-only."""
    return float(array) if np.ndim(array) == 0 else sealed(np.array(array))


def as_flags(flags: Iterable[str]) -> tuple[str, ...]:
    """Keep flags as a tuple."""
    return tuple(flags)


def _refuse(is_wrong: BoolArray, array: FloatArray, name: str, expected: str) -> None:
    if np.any(is_wrong):
        place = np.unravel_index(int(np.argmax(is_wrong)), array.shape)
        where = f"[{', '.join(str(int(step)) for step in place)}]" if place else ""
        msg = f"{name}{where}: expected {expected}, got {array[place]:g}"
        raise ValueError(msg)
