"""The crossed random-effects model where a long and a short effect make up every score and next to no error is left."""

from __future__ import annotations

import math
from typing import Self

import numpy as np
from attrs import frozen

from leadkit.stats.variance.additive import AdditiveFit
from leadkit.stats.variance.crossed_design import CrossedDesign
from leadkit.stats.variance.crossed_side import Side, Solution
from leadkit.typing import FloatArray, IntArray

LEAST, LEAST_TOLD, MOST = -25.0, -24.0, 25.0
"""Logarithms of the ratio of the variances: the ends of the search, and where a ratio begins to be more than 0."""


@frozen(kw_only=True, eq=False)
class PartedSide:
    """Known effects of one side within the connected parts of the design.

    Parameters
    ----------
    parts : (p,) array of int
        Part of each level.
    sizes, means : (parts,) array
        Levels of each part and the mean of their effects.
    deviations : (p,) array
        Effects about the mean of their part.
    sum_squares : float
        Sum of squared deviations; 0 where it is rounding.
    df : int
        Levels less parts.
    """

    parts: IntArray
    sizes: FloatArray
    means: FloatArray
    deviations: FloatArray
    sum_squares: float
    df: int

    @classmethod
    def of(cls, effects: FloatArray, parts: IntArray, rounding: float) -> Self:
        """Split effects into their means in the parts and the deviations; a variance up to `rounding` is none."""
        sizes = np.bincount(parts).astype(np.float64)
        means = np.bincount(parts, weights=effects) / sizes
        deviations = effects - means[parts]
        df = effects.size - sizes.size
        sum_squares = float(deviations @ deviations)
        return cls(
            parts=parts,
            sizes=sizes,
            means=means,
            deviations=deviations,
            sum_squares=sum_squares if sum_squares > rounding * df else 0.0,
            df=df,
        )

    def predicted(self, variance: float, weights: FloatArray, gaps: FloatArray) -> Side:
        """Predict effects from what the parts' means say.

        `weights` (parts,) are one over the variances of the parts' means, `gaps` their distances from the grand mean.
        """
        own = variance / self.sizes
        about = own - own**2 * weights * (1 - weights / weights.sum())
        return Side(
            variance=variance,
            effects=self.deviations + (own * weights * gaps)[self.parts],
            prediction_variances=about[self.parts],
        )


def errorless_solution(
    design: CrossedDesign, fit: AdditiveFit, rounding: float, *, residual_variance: float = 0.0
) -> Solution:
    """Variances and effects by restricted maximum likelihood, as the residual variance goes to 0.

    Within a connected part the effects are known up to a constant, and across parts only the sum of both sides' means
    is. With one part each variance is the n - 1 variance of its effects. A variance up to `rounding` counts as 0.
    A residual variance next to nothing is passed on as it is.
    """
    long = PartedSide.of(fit.long, fit.long_parts, rounding)
    short = PartedSide.of(fit.short, fit.short_parts, rounding)
    long_variance, short_variance = _variances(long, short)
    if math.isnan(long_variance):
        return Solution.unknown(fit.long.size, fit.short.size, "underidentified")
    if long_variance == short_variance == 0:
        return Solution.constant(fit.long.size, fit.short.size, design.centre)
    weights = 1 / (long_variance / long.sizes + short_variance / short.sizes)
    sums = long.means + short.means
    mean = float(weights @ sums / weights.sum())
    return Solution(
        long=long.predicted(long_variance, weights, sums - mean),
        short=short.predicted(short_variance, weights, sums - mean),
        residual_variance=residual_variance,
        mean=design.centre + mean,
        flags=frozenset() if residual_variance else frozenset({"perfect_consistency"}),
    )


def _variances(long: PartedSide, short: PartedSide) -> tuple[float, float]:
    if long.sizes.size == 1:
        return long.sum_squares / long.df, short.sum_squares / short.df
    no_long, no_short = (side.df > 0 and side.sum_squares == 0 for side in (long, short))
    if no_long and no_short:
        return math.nan, math.nan
    if no_short:
        return _scaled(long, short, 0.0)[0], 0.0
    if no_long:
        return 0.0, _scaled(short, long, 0.0)[0]
    return _most_likely(long, short)


def _most_likely(long: PartedSide, short: PartedSide) -> tuple[float, float]:
    """Both variances where the likelihood in their ratio has its maximum; one that is next to nothing is 0."""
    from scipy.optimize import minimize_scalar

    found = minimize_scalar(
        lambda x: _scaled(long, short, math.exp(x))[1],
        bounds=(LEAST, MOST),
        method="bounded",
        options={"xatol": 1e-10},
    )
    ratio = math.exp(found.x) if found.x > LEAST_TOLD else 0.0
    variance = _scaled(long, short, ratio)[0]
    return variance, variance * ratio


def _scaled(side: PartedSide, other: PartedSide, ratio: float) -> tuple[float, float]:
    """Variance of `side`, and the deviance, at a ratio of the variance of `other` to it."""
    weights = 1 / (1 / side.sizes + ratio / other.sizes)
    sums = side.means + other.means
    squares = side.sum_squares + weights @ (sums - weights @ sums / weights.sum()) ** 2
    df = side.df + side.sizes.size - 1
    deviance = math.log(weights.sum()) - np.log(weights).sum()
    if ratio > 0:
        squares += other.sum_squares / ratio
        df += other.df
        deviance += other.df * math.log(ratio)
    variance = float(squares / df)
    return variance, float(df * math.log(variance) + deviance)
