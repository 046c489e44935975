"""Sums, least and greatest values over many ranges of one sequence, without differences of prefix sums."""

from __future__ import annotations

import numpy as np

from leadkit.graphs._indices import IndexArray
from leadkit.typing import FloatArray

__all__ = ["reduce_ranges"]


def reduce_ranges(
    values: FloatArray, start: IndexArray, stop: IndexArray, combine: np.ufunc, identity: float
) -> FloatArray:
    """Combine the rows `start[i]` to `stop[i]` (excluded) of `values` for every i.

    The sequence is halved again and again, each row of a level being two rows of the level below; a range takes at
    most two rows of a level. Rows are combined in pairs, so a sum keeps the accuracy of pairwise summation and holds
    nothing from outside its range.

    Parameters
    ----------
    values : (n,) or (n, k) float array
        The sequence.
    start, stop : (r,) int array
        Ends of the ranges, 0 <= start < stop <= n.
    combine : numpy.ufunc
        `np.add`, `np.minimum` or `np.maximum`.
    identity : float
        What changes nothing when combined.

    Returns
    -------
    (r,) or (r, k) float array
        One row a range; a range of one row is that row bit for bit.
    """
    result = values[start]
    range_ = np.flatnonzero(stop - start > 1)
    left, right = start[range_], stop[range_]
    result[range_] = identity
    level = values
    while range_.size:
        odd = (left & 1).astype(bool)
        result[range_[odd]] = combine(result[range_[odd]], level[left[odd]])
        left = (left + 1) >> 1
        odd = (right & 1).astype(bool)
        result[range_[odd]] = combine(result[range_[odd]], level[right[odd] - 1])
        right = right >> 1
        inside = left < right
        range_, left, right = range_[inside], left[inside], right[inside]
        if range_.size:
            if len(level) % 2:
                level = np.concatenate([level, np.full((1, *level.shape[1:]), identity)])
            level = combine(level[0::2], level[1::2])
    return result
