"""Poisson probabilities at real counts, to full precision where the plain formula cancels."""

from __future__ import annotations

import numpy as np

from leadkit.typing import FloatArray

__all__ = ["deviance", "poisson"]

NEAR = 0.3
HIGHEST_ORDER = 35
LEAST_FOR_STIRLING = 16.0
# the Bernoulli numbers over 2k(2k - 1): what Stirling's formula for ln Gamma leaves out, in powers of 1/count^2
STIRLING = (1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360)


def deviance(count: FloatArray, mean: FloatArray) -> FloatArray:
    """Compute count ln(count/mean) + mean - count, at least 0, without cancellation where the two are near.

    Parameters
    ----------
    count, mean : (...) array
        Of one shape, above 0.

    References
    ----------
    .. [1] C. Loader, "Fast and accurate computation of binomial probabilities", 2000.
    """
    apart = count - mean
    middle = apart / (count + mean)
    is_near = np.abs(middle) < NEAR
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        far = count * np.log(count / mean) - apart
    square = np.where(is_near, middle * middle, 0.0)
    series = np.zeros_like(square)
    for order in range(HIGHEST_ORDER, 1, -2):
        series = square * (series + 1 / order)
    return np.where(is_near, apart * middle + 2 * count * middle * series, far)


def poisson(count: FloatArray, mean: FloatArray) -> FloatArray:
    """Compute mean^count e^-mean / Gamma(count + 1) for counts of at least 0 and means above 0."""
    from scipy import special

    few = np.minimum(count, LEAST_FOR_STIRLING)
    many = np.maximum(count, LEAST_FOR_STIRLING)
    inverse = 1 / (many * many)
    rest = np.zeros_like(many)
    for term in reversed(STIRLING):
        rest = rest * inverse + term
    with np.errstate(under="ignore"):
        small = np.exp(special.xlogy(few, mean) - mean - special.gammaln(few + 1))
        large = np.exp(-rest / many - deviance(many, mean)) / np.sqrt(2 * np.pi * many)
    return np.where(count < LEAST_FOR_STIRLING, small, large)
