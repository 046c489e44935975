"""The variance ratios that maximise the restricted likelihood of a two-way crossed model."""

from __future__ import annotations

import math
from typing import Self

import numpy as np
from attrs import evolve, frozen

from leadkit.stats.variance.crossed_design import CrossedDesign
from leadkit.stats.variance.crossed_system import CrossedSystem, Projection, crossed_system
from leadkit.typing import BoolArray, FloatArray

STARTS = ((1.0, 1.0), (0.0, 0.0), (50.0, 50.0), (50.0, 0.02), (0.02, 50.0))
"""Products of ratio and mean count to start from: a small design may have more than one local minimum."""
MOST_SCORES_OF_MANY_STARTS = 1000
LARGEST = 25.0
"""Largest logarithm of 1 + mean count x ratio, beyond which the equations lose their precision."""
MOST_ITERATIONS = 100
LONGEST_STEP = 3.0
SMALL_STEP = 1e-8
UNSEEN_STEP = 1e-6
FLAT_STEP = 1e-5
NEXT_TO_NONE = 1e-10
"""A variance that adds no more than this share to that of a level's mean is the rounding of one at its boundary."""
MOST_HALVINGS = 30
FLATTEST = 1e-8


@frozen(kw_only=True, eq=False)
class CrossedFit:
    """The model fitted at given ratios.

    Parameters
    ----------
    system : CrossedSystem
        The equations at the ratios.
    projection : Projection
        The scores without mean and effects.
    residual_variance : float
        The restricted maximum-likelihood estimate given the ratios.
    deviance : float
        -2 log restricted likelihood, up to a constant.
    converged : bool
        Whether a search ended at a minimum of the deviance.
    """

    system: CrossedSystem
    projection: Projection
    residual_variance: float
    deviance: float
    converged: bool = False

    @classmethod
    def at(cls, design: CrossedDesign, ratios: FloatArray) -> Self:
        """Fit at given ratios."""
        system = crossed_system(design, ratios)
        parts = system.project(design.values)
        squares = [parts.long @ parts.long, parts.short @ parts.short]
        variance = (design.within + design.counts @ parts.residual**2 + ratios @ squares) / (design.n - 1)
        deviance = (design.n - 1) * math.log(variance) + system.log_determinant + math.log(system.total)
        return cls(system=system, projection=parts, residual_variance=float(variance), deviance=deviance)

    def slopes(self) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Gradient (2,), second derivatives (2, 2) and expected second derivatives (2, 2) of the deviance in the ratios."""
        design, parts, variance = self.system.design, self.projection, self.residual_variance
        df = design.n - 1
        squares = np.array([parts.long @ parts.long, parts.short @ parts.short]) / variance
        effects = parts.long[design.long], parts.short[design.short]
        projected = [self.system.project(effect).residual for effect in effects]
        forms = np.array([[(design.counts * one) @ other for other in projected] for one in effects]) / variance
        traces, products = self.system.traces()
        return (
            traces - squares,
            2 * forms - np.outer(squares, squares) / df - products,
            products - np.outer(traces, traces) / df,
        )


def best_fit(design: CrossedDesign) -> CrossedFit:
    """Minimise the deviance over both ratios."""
    starts = STARTS if design.n <= MOST_SCORES_OF_MANY_STARTS else STARTS[:1]
    return min((_descent(design, np.log1p(start)) for start in starts), key=lambda fit: fit.deviance)


def _descent(design: CrossedDesign, x: FloatArray) -> CrossedFit:
    """Newton steps in x = log(1 + mean count x ratio), in which the deviance is nearly convex, with ends 0 and LARGEST.

    A ratio at an end stays there for as long as the deviance falls towards it.
    """
    scale = design.mean_counts
    fit = CrossedFit.at(design, np.expm1(x) / scale)
    for _ in range(MOST_ITERATIONS):
        step = _newton_step(fit, x, scale)
        size = float(np.abs(step).max())
        x, fit, moved = _line_search(fit, x, step, scale)
        if size < SMALL_STEP or not moved:
            if ((x > 0) & (x < NEXT_TO_NONE)).any():
                fit = CrossedFit.at(design, np.expm1(np.where(x < NEXT_TO_NONE, 0.0, x)) / scale)
            # where rounding hides the way down, a short step says that the minimum is here
            return evolve(fit, converged=bool(size < FLAT_STEP and (x < LARGEST).all()))
    return fit


def _newton_step(fit: CrossedFit, x: FloatArray, scale: FloatArray) -> FloatArray:
    """Step (2,) in x, 0 for what is held at an end; the expected curvature takes over where the deviance is not convex."""
    stretch = np.exp(x) / scale
    gradient, hessian, information = fit.slopes()
    slope = stretch * gradient
    hessian = np.outer(stretch, stretch) * hessian + np.diag(slope)
    information = np.outer(stretch, stretch) * information
    free = ~(((x <= 0) & (slope >= 0)) | ((x >= LARGEST) & (slope <= 0)))
    step = _solved(hessian, information, slope, free)
    outwards = ((x <= 0) & (step < 0)) | ((x >= LARGEST) & (step > 0))
    if outwards.any():
        step = _solved(hessian, information, slope, free & ~outwards)
    return step * min(1.0, LONGEST_STEP / max(float(np.abs(step).max()), LONGEST_STEP))


def _solved(hessian: FloatArray, information: FloatArray, slope: FloatArray, free: BoolArray) -> FloatArray:
    step = np.zeros(2)
    if free.any():
        block = np.ix_(free, free)
        least = FLATTEST * np.trace(information[block])
        curvature = hessian[block]
        if np.linalg.eigvalsh(curvature)[0] <= least:
            curvature = information[block] + least * np.eye(int(free.sum()))
        step[free] = -np.linalg.solve(curvature, slope[free])
    return step


def _line_search(
    fit: CrossedFit, x: FloatArray, step: FloatArray, scale: FloatArray
) -> tuple[FloatArray, CrossedFit, bool]:
    """Follow the step to the nearest end at most, halving it until the deviance falls; the last flag says whether it did.

    A step so short that rounding of the deviance hides its gain is taken as it is.
    """
    room = np.divide(np.where(step > 0, LARGEST - x, -x), step, out=np.full(2, np.inf), where=step != 0)
    share = min(1.0, float(room.min()))
    for _ in range(MOST_HALVINGS):
        moved = np.where(room <= share, np.where(step > 0, LARGEST, 0.0), np.clip(x + share * step, 0, LARGEST))
        tried = CrossedFit.at(fit.system.design, np.expm1(moved) / scale)
        if tried.deviance < fit.deviance or np.abs(moved - x).max() < UNSEEN_STEP:
            return moved, tried, bool((moved != x).any())
        share /= 2
    return x, fit, False
