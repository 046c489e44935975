"""Sums, least and greatest values over many ranges of one sequence, without differences of prefix sums."""

from __future__ import annotations

import numpy as np

from leadkit.graphs._indices import IndexArray
from leadkit.typing import FloatArray

__all__ = ["reduce_ranges"]


def reduce_ranges(values: FloatArray, lengths: IndexArray, combine: np.ufunc, identity: float) -> FloatArray:
    """Combine the rows i to `i + lengths[i]` (excluded) of `values` for every i.

    The sequence is halved again and again, each row of a level being two rows of the level below; a range takes at
    most two rows of a level. Rows are combined in pairs, so a sum keeps the accuracy of pairwise summation and holds
    nothing from outside its range.

    Parameters
    ----------
    values : (n,) or (n, k) float array
        The sequence.
    lengths : (n,) int array
        Rows of the range that begins at each row, at least 1, and no more than there are.
    combine : numpy.ufunc
        `np.add`, `np.minimum` or `np.maximum`.
    identity : float
        What changes nothing when combined.

    Returns
    -------
    (n,) or (n, k) float array
        One row a range; a range of one row is that row bit for bit.
    """
    result = values.copy()
    range_ = np.flatnonzero(lengths > 1)
    left, right = range_, range_ + lengths[range_]
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
