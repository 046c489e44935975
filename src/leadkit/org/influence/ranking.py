"""Places in a line-up: mid-rank percentiles, the overlap of two tops, and how far two orders agree."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from leadkit.typing import FloatArray, IntArray

__all__ = ["mid_rank_percentile", "order_agreement", "rounded", "top_overlap", "top_places"]

DECIMALS = 12


def rounded(values: ArrayLike) -> FloatArray:
    """Round to 12 decimals, so that values which differ by rounding only are equal."""
    exact: FloatArray = np.asarray(values, dtype=np.float64)
    return exact.round(DECIMALS)


def mid_rank_percentile(values: FloatArray) -> FloatArray:
    """Turn values into percentiles (mid-rank - 0.5) / n, so that their mean is one half whatever the ties.

    Parameters
    ----------
    values : (n,) array
        Values that are equal to 12 decimals share a rank; NaN is left out.

    Returns
    -------
    (n,) array
        In (0, 1), NaN where the value is.

    Examples
    --------
    >>> mid_rank_percentile(np.array([10.0, 20.0, 20.0, 40.0])).tolist()
    [0.125, 0.5, 0.5, 0.875]
    """
    result = np.full(values.size, np.nan)
    known = ~np.isnan(values)
    _, group, size = np.unique(rounded(values[known]), return_inverse=True, return_counts=True)
    below = np.cumsum(size) - size
    result[known] = ((below + size / 2) / max(int(known.sum()), 1))[group]
    return result


def top_places(values: FloatArray, by_id: IntArray, k: int) -> IntArray:
    """List, ascending, the places of the k largest values; of equal ones those that come first in `by_id`.

    Parameters
    ----------
    values : (n,) array
        Values that are equal to 12 decimals are equal; NaN is never among the largest.
    by_id : (n,) int array
        All places in the order in which ties are broken.
    k : int
        How many.

    Returns
    -------
    (min(k, n known),) int array
        Places.

    Examples
    --------
    >>> top_places(np.array([2.0, 5.0, 2.0, np.nan]), np.array([3, 2, 1, 0]), 2).tolist()
    [1, 2]
    """
    known = by_id[~np.isnan(values[by_id])]
    order = np.argsort(-rounded(values[known]), kind="stable")
    return np.sort(known[order[:k]])


def top_overlap(first: IntArray, second: IntArray) -> float:
    """Divide how many places two sets share by how many they hold together (Jaccard); NaN for two empty sets.

    Examples
    --------
    >>> top_overlap(np.array([0, 1, 2]), np.array([1, 2, 3]))
    0.5
    """
    together = np.union1d(first, second).size
    return np.intersect1d(first, second).size / together if together else math.nan


def order_agreement(first: FloatArray, second: FloatArray) -> float:
    """Measure how far two orders agree (Kendall's tau-b); NaN where one of them puts everybody in one place.

    Parameters
    ----------
    first, second : (n,) array
        Values that are equal to 12 decimals are tied.

    Returns
    -------
    float
        In [-1, 1].

    References
    ----------
    .. [1] M. G. Kendall, "The treatment of ties in ranking problems", Biometrika 33, 1945.

    Examples
    --------
    >>> round(order_agreement(np.array([1.0, 2.0, 3.0, 3.0]), np.array([1.0, 3.0, 2.0, 4.0])), 4)
    0.5477
    """
    from scipy.stats import kendalltau

    x, y = rounded(first), rounded(second)
    if np.unique(x).size < 2 or np.unique(y).size < 2:
        return math.nan
    result: Any = kendalltau(x, y)
    return float(result.statistic)
