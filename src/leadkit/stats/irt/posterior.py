"""Mean and standard deviation of a person's posterior on a grid of the trait."""

from __future__ import annotations

import numpy as np

from leadkit.stats.irt.curves import row_blocks
from leadkit.stats.irt.logcurves import log_probabilities
from leadkit.stats.irt.parameters import ItemParameters
from leadkit.typing import FloatArray, IntArray

CACHED_CELLS = 2**16


def posterior_moments(
    codes: IntArray, parameters: ItemParameters, *, points: FloatArray, prior_mean: float, prior_sd: float
) -> tuple[FloatArray, FloatArray]:
    """Return posterior means and standard deviations, (n,) each, of persons with category codes (n, k)."""
    log_likelihood = np.concatenate(
        [
            answer_tables(log_probabilities(parameters, points[block]))
            for block in row_blocks(points.size, parameters.thresholds.size)
        ],
        axis=2,
    )
    log_prior = -0.5 * ((points - prior_mean) / prior_sd) ** 2
    mean, sd = np.empty(codes.shape[0]), np.empty(codes.shape[0])
    for block in row_blocks(codes.shape[0], points.size, most=CACHED_CELLS):
        weight = summed(log_likelihood, codes[block])
        weight += log_prior
        weight -= weight.max(axis=1, keepdims=True)
        np.exp(weight, out=weight)
        weight /= weight.sum(axis=1, keepdims=True)
        centre = (weight * points).sum(axis=1)
        mean[block] = centre
        weight *= (points - centre[:, None]) ** 2
        sd[block] = np.sqrt(weight.sum(axis=1))
    return mean, sd


def answer_tables(curves: FloatArray) -> FloatArray:
    """Turn curves of categories (q, k, m) into tables (k, 1 + m, q) to look answers up in; a missing one is 0."""
    tables = np.zeros((curves.shape[1], 1 + curves.shape[2], curves.shape[0]))
    tables[:, 1:] = np.moveaxis(curves, 0, 2)
    return tables


def summed(tables: FloatArray, codes: IntArray) -> FloatArray:
    """Add up the rows of tables (k, 1 + m, q) that answers with codes (n, k) look up, (n, q).

    Sums of looked-up rows, unlike products of matrices, do not depend on which persons are worked on together.
    """
    total = np.zeros((codes.shape[0], tables.shape[2]))
    found = np.empty_like(total)
    for table, column in zip(tables, codes.T, strict=True):
        np.take(table, column, axis=0, out=found, mode="clip")
        total += found
    return total
