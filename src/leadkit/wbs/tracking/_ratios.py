"""Ratios that may have no denominator, and amounts that are read from whatever the caller has."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from leadkit._fields import sealed
from leadkit.typing import BoolArray, FloatArray

__all__ = ["amounts", "as_given", "finite", "is_scalar", "over", "refuse"]


def amounts(values: ArrayLike, name: str, *, least: float = 0.0) -> FloatArray:
    """Read an argument called `name`: finite numbers of at least `least`, NaN where one is not known."""
    try:
        numbers = np.asarray(values)
        if numbers.dtype.kind == "b" or (numbers.dtype.kind not in "iuf" and numbers.size):
            numbers = _from_objects(numbers, name)
        numbers = numbers.astype(np.float64)
    except (TypeError, ValueError) as error:
        msg = f"{name}: expected numbers, got {values!r}"
        raise ValueError(msg) from error
    refuse(np.isinf(numbers), numbers, f"{name}: expected finite numbers")
    refuse(numbers < least, numbers, f"{name}: expected numbers of at least {least:g}")
    return numbers


def _from_objects(values: Any, name: str) -> Any:
    if values.dtype.kind == "O" and all(
        cell is None or (isinstance(cell, int | float | np.integer | np.floating) and not isinstance(cell, bool))
        for cell in values.flat
    ):
        return np.array([np.nan if cell is None else cell for cell in values.flat], dtype=np.float64).reshape(
            values.shape
        )
    msg = f"{name}: not numbers"
    raise TypeError(msg)


def refuse(wrong: BoolArray, values: FloatArray, what: str) -> None:
    """Raise a ValueError that shows the first of the `values` that are wrong, and where it stands."""
    if not wrong.any():
        return
    place = tuple(np.argwhere(wrong)[0].tolist())
    at = f" at {list(place)}" if place else ""
    msg = f"{what}, got {values[place]:g}{at}"
    raise ValueError(msg)


def over(top: FloatArray, bottom: FloatArray) -> FloatArray:
    """Divide; a quotient without a denominator, or too large for a float, is NaN."""
    with np.errstate(all="ignore"):
        return finite(np.asarray(top / bottom))


def finite(values: FloatArray) -> FloatArray:
    """Keep numbers; what is too large for one is NaN."""
    return np.where(np.isfinite(values), values, np.nan)


def is_scalar(*values: object) -> bool:
    """Tell whether none of the values is an array."""
    return all(np.ndim(value) == 0 for value in values)  # type: ignore[arg-type]


def as_given(values: FloatArray, shape: tuple[int, ...], *, scalar: bool) -> Any:
    """Give a float where numbers were given, and a read-only array of the common shape where arrays were."""
    return float(values) if scalar else sealed(np.array(np.broadcast_to(values, shape), dtype=np.float64))
