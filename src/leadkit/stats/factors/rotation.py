"""Direct quartimin: oblique factors on which each item has as few large loadings as can be."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from attrs import frozen

from leadkit.typing import FloatArray

ROUGH = 1e-4
CONVERGED = 1e-8
FLAT = 1e-6
CLEARLY_LOWER = 1e-6
ROUGH_STEPS = 200
FINE_STEPS = 1000
MOST_HALVINGS = 30
OTHER_STARTS = 4


@frozen(kw_only=True, eq=False)
class Rotated:
    """Transformation T (f, f) with unit columns, pattern A T^-T (k, f), criterion, and its projected gradient."""

    transformation: FloatArray
    pattern: FloatArray
    value: float
    direction: FloatArray

    @property
    def slope(self) -> float:
        """Size of the projected gradient."""
        return float(np.linalg.norm(self.direction))

    @property
    def converged(self) -> bool:
        """Whether the slope is as good as 0."""
        return self.slope <= CONVERGED

    @property
    def factor_correlation(self) -> FloatArray:
        """Correlations of the factors (f, f)."""
        return self.transformation.T @ self.transformation


def quartimin(loadings: FloatArray) -> Rotated:
    """Rotate loadings (k, f) by gradient projection (Jennrich 2002), without Kaiser's weights.

    The unrotated factors are the first start. A few fixed others are needed: where groups of items mirror each other the
    unrotated factors can be a saddle point, whose slope is 0.
    """
    best, *others = (_descend(loadings, start, ROUGH, ROUGH_STEPS) for start in _starts(loadings.shape[1]))
    for other in others:
        if other.value < best.value - CLEARLY_LOWER:
            best = other
    return _descend(loadings, best.transformation, 0.0, FINE_STEPS)


def _starts(n_factors: int) -> Iterator[FloatArray]:
    yield np.eye(n_factors)
    fixed = np.random.default_rng(2002)
    for _ in range(OTHER_STARTS):
        yield np.linalg.qr(fixed.standard_normal((n_factors, n_factors))).Q


def _descend(loadings: FloatArray, start: FloatArray, tolerance: float, most_steps: int) -> Rotated:
    here = _rotated(loadings, start)
    step = 1.0
    for _ in range(most_steps):
        if here.slope <= tolerance:
            break
        step *= 2
        for _ in range(MOST_HALVINGS):
            there = _rotated(loadings, here.transformation - step * here.direction)
            if _is_better(there, here, step):
                break
            step /= 2
        else:
            break
        here = there
    return here


def _is_better(there: Rotated, here: Rotated, step: float) -> bool:
    # Near the minimum the criterion no longer changes in its last digit, the slope still does.
    if here.slope <= FLAT:
        return there.slope < here.slope
    return here.value - there.value > 0.5 * here.slope**2 * step


def _rotated(loadings: FloatArray, transformation: FloatArray) -> Rotated:
    transformation = transformation / np.linalg.norm(transformation, axis=0)
    inverse = np.linalg.inv(transformation)
    pattern = loadings @ inverse.T
    squares = pattern**2
    of_others = squares.sum(axis=1, keepdims=True) - squares
    gradient = -(pattern.T @ (pattern * of_others) @ inverse).T
    return Rotated(
        transformation=transformation,
        pattern=pattern,
        value=float((squares * of_others).sum() / 4),
        direction=gradient - transformation * (transformation * gradient).sum(axis=0),
    )
