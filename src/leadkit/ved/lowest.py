"""How likely each of three scores with normal errors is the lowest."""

from __future__ import annotations

import numpy as np

from leadkit.typing import BoolArray, FloatArray

TIE = 1e-9
"""Scores no further apart than this are tied, and an error below it counts as none [points of POMP]."""

NO_SCORE = 1e-30
NEXT_TO_ZERO = 1e-200


def probability_of_lowest(values: FloatArray, errors: FloatArray) -> FloatArray:
    """Work out the probability that each of three true scores is the lowest.

    A true score is normal about the observed one, and the three errors are independent.
    That score i lies below the scores j and k is then an event of two correlated normal differences, so the
    probability is exact by Owen's T function and needs no simulation.

    Parameters
    ----------
    values : array, shape (n, 3)
        Observed scores [points of POMP]; NaN is missing.
    errors : array, shape (3,)
        Standard errors of measurement, at least 0 and at most 100 [points of POMP]; NaN is not known.

    Returns
    -------
    array, shape (n, 3)
        In [0, 1], rows sum to 1; NaN in rows with a missing score, everywhere when an error is not known.
        Scores without error that are tied for the lowest share their probability evenly.

    References
    ----------
    .. [1] D. B. Owen, "Tables for computing bivariate normal probabilities", Annals of Mathematical Statistics 27,
       1956.

    Examples
    --------
    >>> probability_of_lowest(np.array([[60.0, 60.0, 60.0]]), np.array([5.0, 5.0, 5.0])).round(6).tolist()
    [[0.333333, 0.333333, 0.333333]]
    >>> probability_of_lowest(np.array([[40.0, 60.0, 60.0]]), np.zeros(3)).tolist()
    [[1.0, 0.0, 0.0]]
    """
    result = np.full(values.shape, np.nan)
    known = ~np.isnan(values).any(axis=1) & ~np.isnan(errors).any()
    if not known.any():
        return result
    # Two scores that are not both next to 0 differ by a distance that is far from NEXT_TO_ZERO, or not at all.
    scores = np.where(np.abs(values[known]) < NO_SCORE, 0.0, values[known])
    sure = errors < TIE
    if np.count_nonzero(sure) >= 2:
        result[known] = _with_sure_scores(scores, errors, sure)
    else:
        chances = np.column_stack([_below_both(scores, errors, i) for i in range(3)])
        result[known] = chances / chances.sum(axis=1, keepdims=True)
    return result


def _with_sure_scores(scores: FloatArray, errors: FloatArray, sure: BoolArray) -> FloatArray:
    """Let the lowest of two or three scores without error stand against the one that has an error, if there is one."""
    from scipy.special import ndtr

    lowest = scores[:, sure].min(axis=1)
    tied = sure & (scores <= lowest[:, None] + TIE)
    chances: FloatArray = tied / tied.sum(axis=1, keepdims=True)
    for free in np.flatnonzero(~sure):
        distance = (lowest - scores[:, free]) / errors[free]
        chances *= ndtr(-distance)[:, None]
        chances[:, free] = ndtr(distance)
    return chances


def _below_both(scores: FloatArray, errors: FloatArray, i: int) -> FloatArray:
    """Probability (n,) that score i is below both others, at most one of the three errors being 0."""
    from scipy.special import ndtr, owens_t

    j, k = (i + 1) % 3, (i + 2) % 3
    scale = errors.max()
    var_i, var_j, var_k = (errors[[i, j, k]] / scale) ** 2
    to_j, to_k = ((scores[:, other] - scores[:, i]) / scale for other in (j, k))
    j_to_k = to_k - to_j
    # Owen's formula is undefined at 0 and continuous beside it.
    to_j, to_k = (np.where(distance == 0, NEXT_TO_ZERO, distance) for distance in (to_j, to_k))
    root = np.sqrt(var_i * var_j + var_i * var_k + var_j * var_k)
    # Written in distances and variances, the slopes keep their digits when the correlation is near 1.
    slope_j = (var_i * j_to_k + var_j * to_k) / (to_j * root)
    slope_k = (var_k * to_j - var_i * j_to_k) / (to_k * root)
    z_j, z_k = to_j / np.sqrt(var_i + var_j), to_k / np.sqrt(var_i + var_k)
    halves = (ndtr(z_j) + ndtr(z_k) - ((to_j < 0) != (to_k < 0))) / 2
    chance: FloatArray = np.clip(halves - owens_t(z_j, slope_j) - owens_t(z_k, slope_k), 0.0, 1.0)
    return chance
