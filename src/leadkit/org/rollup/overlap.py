"""How many people two subtrees of two different trees have in common, for many pairs at once."""

from __future__ import annotations

import numpy as np

from leadkit.graphs import TreeIndex
from leadkit.typing import IntArray

__all__ = ["shared_people"]


def shared_people(
    first: TreeIndex, second: TreeIndex, people: tuple[IntArray, IntArray], tops: tuple[IntArray, IntArray]
) -> IntArray:
    """Count those who stand under one node of the first tree and under one of the second.

    A subtree is a range of the preorder, so each person is a point (place in the first tree, place in the second) and
    each pair of nodes a rectangle.

    Parameters
    ----------
    first, second : TreeIndex
        The two trees.
    people : pair of (m,) int array
        Node of each person in the first tree and in the second.
    tops : pair of (q,) int array
        Node of the first tree and node of the second, whose subtrees are compared.

    Returns
    -------
    (q,) int array
        People in both subtrees.
    """
    x, y = first.position[people[0]], second.position[people[1]]
    sequence = np.empty(x.size, dtype=np.int64)
    sequence[np.argsort(y, kind="stable")] = np.arange(x.size)
    sequence = sequence[np.argsort(x, kind="stable")]
    left, right = _ranks(x, first, tops[0])
    low, high = _ranks(y, second, tops[1])
    below: IntArray = _counts_below(sequence, left, right, high) - _counts_below(sequence, left, right, low)
    return below


def _ranks(places: IntArray, tree: TreeIndex, tops: IntArray) -> tuple[IntArray, IntArray]:
    """Turn the preorder range of each subtree into a range among the places that are taken."""
    taken = np.sort(places)
    start = tree.position[tops]
    return np.searchsorted(taken, start), np.searchsorted(taken, start + tree.size[tops])


def _counts_below(sequence: IntArray, left: IntArray, right: IntArray, limit: IntArray) -> IntArray:
    """Count the entries of `sequence[left:right]` below `limit`, for many ranges at once.

    The entries are sorted bit by bit, from the highest, as in a wavelet matrix [1]_: each pass follows every range to
    where its entries with the limit's bit have gone.

    References
    ----------
    .. [1] F. Claude, G. Navarro and A. Ordonez, "The wavelet matrix", Information Systems 47, 2015.
    """
    found = np.zeros(left.size, dtype=np.int64)
    for bit in reversed(range(sequence.size.bit_length())):
        is_set = (sequence >> bit) & 1 == 1
        clear_before = np.concatenate([[0], np.cumsum(~is_set)])
        clear_left, clear_right = clear_before[left], clear_before[right]
        upper = (limit >> bit) & 1 == 1
        found += np.where(upper, clear_right - clear_left, 0)
        left = np.where(upper, clear_before[-1] + left - clear_left, clear_left)
        right = np.where(upper, clear_before[-1] + right - clear_right, clear_right)
        sequence = np.concatenate([sequence[~is_set], sequence[is_set]])
    return found
