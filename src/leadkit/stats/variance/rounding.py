"""Sums of squares and their differences that are no more than the rounding of the numbers behind them."""

from __future__ import annotations

import math

from leadkit.stats._arrays import ROUNDING
from leadkit.stats._spread import ROUNDING_STEPS


def beyond_rounding(sum_squares: float, *, of: float, n: float, largest: float) -> float:
    """Return a sum of squares, 0 where it is rounding of the sum `of` all, or of numbers as large as `largest`.

    `n` is the number of values behind it.
    """
    if sum_squares <= ROUNDING * of or math.sqrt(sum_squares / n) <= ROUNDING_STEPS * largest:
        return 0.0
    return sum_squares


def excess(mean_square: float, other: float) -> float:
    """Return how much a mean square exceeds another, 0 where they are equal but for rounding; NaN stays NaN."""
    difference = mean_square - other
    return 0.0 if abs(difference) <= ROUNDING * max(mean_square, other) else difference
