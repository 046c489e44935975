"""Spread of plain vectors, where mere rounding of the numbers counts as none."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

from leadkit.typing import BoolArray, FloatArray

ROUNDING_STEPS = 4 * float(np.finfo(np.float64).eps)


def is_rounding(ranges: ArrayLike, largest: ArrayLike) -> BoolArray:
    """Tell where a range of values is no more than the rounding of numbers as large as `largest`."""
    return np.asarray(ranges) <= ROUNDING_STEPS * np.asarray(largest)


def variance(values: FloatArray, *, largest: float | None = None) -> float:
    """Variance with divisor n - 1 of a vector without gaps; fewer than two values give NaN.

    `largest` is the magnitude of the numbers that `values` were computed from, by default their own.
    """
    if values.size < 2:
        return math.nan
    if is_rounding(np.ptp(values), np.abs(values).max() if largest is None else largest):
        return 0.0
    return float((values - values[0]).var(ddof=1))


def correlation(first: FloatArray, second: FloatArray) -> float:
    """Pearson's r of two vectors without gaps; NaN for fewer than two values or no spread."""
    scale = math.sqrt(variance(first)) * math.sqrt(variance(second))
    if not scale > 0:
        return math.nan
    one, other = first - first[0], second - second[0]
    covariance = float((one - one.mean()) @ (other - other.mean())) / (first.size - 1)
    return min(1.0, max(-1.0, covariance / scale))
