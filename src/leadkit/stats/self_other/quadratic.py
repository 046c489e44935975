"""Least squares for a quadratic in two variables, fitted where numbers are small and told about any centre."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from leadkit.stats._spread import ROUNDING_STEPS, variance
from leadkit.typing import FloatArray

N_TERMS = 6
STEPS = 4 * ROUNDING_STEPS


class Quadratic(NamedTuple):
    """Coefficients of 1, x, y, x^2, xy, y^2 with their covariance; NaN where they cannot be told.

    `rounding` (6,) is what the numbers' own rounding may have added to each coefficient, `unexplained` the residual
    share of the variance of the outcome.
    """

    coefficients: FloatArray
    covariance: FloatArray
    rounding: FloatArray
    unexplained: float
    flags: frozenset[str]


class Standardised(NamedTuple):
    """A variable at mean 0 and standard deviation 1; `reach` is its largest raw value in standard deviations."""

    values: FloatArray
    mean: float
    sd: float
    reach: float


def terms(x: FloatArray, y: FloatArray) -> FloatArray:
    """Return 1, x, y, x^2, xy, y^2 along a new last axis."""
    return np.stack([np.ones(np.shape(x)), x, y, x**2, x * y, y**2], axis=-1)


def fit_quadratic(z: FloatArray, x: FloatArray, y: FloatArray, centre: tuple[float, float]) -> Quadratic:
    """Fit z by ordinary least squares to the six terms of x and y less `centre`; vectors (n,) without gaps."""
    if z.size <= N_TERMS:
        return _unknown("too_few_rows")
    if not (variance(x) > 0 and variance(y) > 0):
        return _unknown("singular_covariance")
    first, second = _standardised(x), _standardised(y)
    design = terms(first.values, second.values)
    reach = 1 + first.reach + second.reach
    inverse = _inverse(design, STEPS * reach)
    if inverse is None:
        return _unknown("singular_covariance")

    spread = variance(z) * (z.size - 1)
    start = z[0]
    deviations = z - start if spread > 0 else np.zeros(z.size)
    weights = inverse @ deviations
    size = float(np.abs(z).max() + np.abs(weights[1:]).sum() * reach)
    residual = deviations - design @ weights
    unexplained = float(residual @ residual) if np.abs(residual).max() > STEPS * size else 0.0
    weights[0] += start

    moved = _recentring(first, second, centre)
    covariance = moved @ (inverse @ inverse.T * (unexplained / (z.size - N_TERMS))) @ moved.T
    return Quadratic(
        coefficients=moved @ weights,
        covariance=(covariance + covariance.T) / 2,
        rounding=np.abs(moved) @ (STEPS * size * np.abs(inverse).sum(axis=1)),
        unexplained=min(1.0, unexplained / spread) if spread > 0 else math.nan,
        flags=frozenset() if unexplained > 0 else frozenset({"no_variance"}),
    )


def _standardised(values: FloatArray) -> Standardised:
    sd, start = math.sqrt(variance(values)), float(values[0])
    offset = float((values - start).mean())
    return Standardised((values - start - offset) / sd, start + offset, sd, float(np.abs(values).max()) / sd)


def _inverse(design: FloatArray, tolerance: float) -> FloatArray | None:
    """Return the pseudo-inverse (6, n) of a design of full rank, else None."""
    norms = np.sqrt((design**2).sum(axis=0))
    left, singular, right = np.linalg.svd(design / norms, full_matrices=False)
    if not singular[-1] > tolerance * singular[0]:
        return None
    inverse: FloatArray = (right.T / singular) @ left.T / norms[:, None]
    return inverse


def _recentring(first: Standardised, second: Standardised, centre: tuple[float, float]) -> FloatArray:
    """Return the matrix from coefficients of standardised variables to those of raw ones less the centre.

    With u = a x + b and v = c y + d, multiplying out 1, u, v, u^2, uv, v^2 gives the entries.
    """
    a, b = 1 / first.sd, (centre[0] - first.mean) / first.sd
    c, d = 1 / second.sd, (centre[1] - second.mean) / second.sd
    return np.array(
        [
            [1.0, b, d, b * b, b * d, d * d],
            [0.0, a, 0.0, 2 * a * b, a * d, 0.0],
            [0.0, 0.0, c, 0.0, b * c, 2 * c * d],
            [0.0, 0.0, 0.0, a * a, 0.0, 0.0],
            [0.0, 0.0, 0.0, 0.0, a * c, 0.0],
            [0.0, 0.0, 0.0, 0.0, 0.0, c * c],
        ]
    )


def _unknown(flag: str) -> Quadratic:
    nothing = np.full(N_TERMS, np.nan)
    return Quadratic(nothing, np.full((N_TERMS, N_TERMS), np.nan), nothing, math.nan, frozenset({flag}))
