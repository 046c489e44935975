"""Logarithms of category probabilities and their derivatives along the trait, safe from underflow."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from leadkit.stats.irt.parameters import ItemParameters
from leadkit.typing import FloatArray


class LogCurves(NamedTuple):
    """Log-probabilities and their first three derivatives, each (q, k, m).

    The log-probability of a category that an item does not have is -inf; its derivatives are finite and mean nothing.
    """

    value: FloatArray
    first: FloatArray
    second: FloatArray
    third: FloatArray


def log_probabilities(parameters: ItemParameters, theta: FloatArray) -> FloatArray:
    """Return the log-probability of each category, (q, k, m)."""
    return _graded(parameters, theta).value if parameters.model == "grm" else _partial_credit(parameters, theta)


def log_curves(parameters: ItemParameters, theta: FloatArray) -> LogCurves:
    """Return log-probabilities and derivatives, (q, k, m)."""
    if parameters.model == "grm":
        return _graded_curves(parameters, theta)
    return _partial_credit_curves(parameters, theta)


class _Graded(NamedTuple):
    """Log-probabilities (q, k, m), and the logistic curve at each category's ends and its complement, (q, k, m + 1)."""

    value: FloatArray
    above: FloatArray
    below: FloatArray


def _graded(parameters: ItemParameters, theta: FloatArray) -> _Graded:
    slope = parameters.discrimination[:, None]
    missing = np.isnan(parameters.thresholds)
    x = slope * (theta[:, None, None] - np.where(missing, np.inf, parameters.thresholds))
    rest = np.log1p(np.exp(-np.abs(x)))
    ends = ((0, 0), (0, 0), (1, 1))
    log_above = np.pad(np.minimum(x, 0) - rest, ends, constant_values=((0, 0), (0, 0), (0.0, -np.inf)))
    log_below = np.pad(np.minimum(-x, 0) - rest, ends, constant_values=((0, 0), (0, 0), (-np.inf, 0.0)))
    # P_c = s(x_c) s(-x_(c+1)) (1 - exp(x_(c+1) - x_c)) for the logistic s: no difference of nearly equal numbers
    steps = slope * np.diff(parameters.thresholds, axis=1)
    inner = np.where(missing[:, 1:], np.inf, steps)
    with np.errstate(divide="ignore"):
        width = np.log(-np.expm1(-np.pad(inner, ((0, 0), (1, 1)), constant_values=np.inf)))
    value = log_above[..., :-1] + log_below[..., 1:] + width
    return _Graded(value, np.exp(log_above), np.exp(log_below))


def _graded_curves(parameters: ItemParameters, theta: FloatArray) -> LogCurves:
    value, above, below = _graded(parameters, theta)
    slope = parameters.discrimination[:, None]
    spread = above * below
    skew = spread * (below - above)
    return LogCurves(
        value,
        slope * (below[..., :-1] - above[..., 1:]),
        -(slope**2) * (spread[..., :-1] + spread[..., 1:]),
        -(slope**3) * (skew[..., :-1] + skew[..., 1:]),
    )


def _partial_credit(parameters: ItemParameters, theta: FloatArray) -> FloatArray:
    slope = parameters.discrimination[:, None]
    sums = np.pad(np.cumsum(parameters.thresholds, axis=1), ((0, 0), (1, 0)))
    logit = slope * (np.arange(sums.shape[1]) * theta[:, None, None] - sums)
    absent = np.pad(np.isnan(parameters.thresholds), ((0, 0), (1, 0)))
    logit[:, absent] = -np.inf
    logit -= logit.max(axis=2, keepdims=True)
    return np.asarray(logit - np.log(np.exp(logit).sum(axis=2, keepdims=True)))


def _partial_credit_curves(parameters: ItemParameters, theta: FloatArray) -> LogCurves:
    value = _partial_credit(parameters, theta)
    probability = np.exp(value)
    category = np.arange(value.shape[2])
    slope = parameters.discrimination[:, None]
    off = category - (probability * category).sum(axis=2, keepdims=True)
    variance = (probability * off**2).sum(axis=2, keepdims=True)
    third_moment = (probability * off**3).sum(axis=2, keepdims=True)
    return LogCurves(
        value,
        slope * off,
        np.broadcast_to(-(slope**2) * variance, value.shape),
        np.broadcast_to(-(slope**3) * third_moment, value.shape),
    )
