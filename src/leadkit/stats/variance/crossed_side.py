"""What is known of a crossed design once its model is fitted, side by side."""

from __future__ import annotations

import math
from typing import Self

import numpy as np
from attrs import frozen

from leadkit.typing import FloatArray, IntArray


@frozen(kw_only=True, eq=False)
class Side:
    """Variance of one side's effects, their predictions, and the variance of each prediction about the true effect."""

    variance: float
    effects: FloatArray
    prediction_variances: FloatArray

    @classmethod
    def constant(cls, n: int, value: float) -> Self:
        """Give n levels the same value for everything: 0 where there is no variance, NaN where nothing is known."""
        return cls(variance=value, effects=np.full(n, value), prediction_variances=np.full(n, value))

    def among(self, levels: IntArray, n: int) -> Side:
        """Put the levels that have scores among all n; the others are predicted at the mean, as uncertain as any."""
        effects = np.full(n, 0 * self.variance)
        about = np.full(n, self.variance)
        effects[levels], about[levels] = self.effects, self.prediction_variances
        return Side(variance=self.variance, effects=effects, prediction_variances=about)


@frozen(kw_only=True, eq=False)
class Solution:
    """A fitted model: both sides ordered by length, residual variance and grand mean."""

    long: Side
    short: Side
    residual_variance: float
    mean: float
    converged: bool = True
    flags: frozenset[str] = frozenset()

    @classmethod
    def constant(cls, n_long: int, n_short: int, score: float) -> Self:
        """All scores are the same."""
        return cls(
            long=Side.constant(n_long, 0.0),
            short=Side.constant(n_short, 0.0),
            residual_variance=0.0,
            mean=score,
            flags=frozenset({"no_variance"}),
        )

    @classmethod
    def unknown(cls, n_long: int, n_short: int, *flags: str) -> Self:
        """Nothing is known, for the reasons that `flags` tell."""
        return cls(
            long=Side.constant(n_long, math.nan),
            short=Side.constant(n_short, math.nan),
            residual_variance=math.nan,
            mean=math.nan,
            converged=False,
            flags=frozenset(flags),
        )
