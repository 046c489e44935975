"""Pointer jumping: what lies along the line to the root, for all nodes at once, in O(log depth) passes.

A parent vector is held here with one more place: every root points to the sentinel n, which points to itself.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from leadkit.graphs._indices import IndexArray

__all__ = ["along_line", "leap", "leaps", "sizes_and_depths"]


def leap(pointers: IndexArray) -> IndexArray:
    """Double the step of every pointer."""
    doubled: IndexArray = pointers[pointers]
    return doubled


def leaps(above: IndexArray) -> Iterator[IndexArray]:
    """Give the pointers of 1, 2, 4, ... steps, until all stand on the sentinel; at most for a line through all."""
    sentinel = above.size - 1
    pointers = above
    for _ in range(sentinel.bit_length() + 1):
        if pointers.min() == sentinel:
            return
        yield pointers
        pointers = leap(pointers)
    msg = "a line that reaches no root"
    raise ValueError(msg)


def along_line(above: IndexArray, amounts: IndexArray) -> IndexArray:
    """Sum `amounts` over each node and all its ancestors; the sentinel's amount is 0."""
    total = amounts
    for pointers in leaps(above):
        total = total + total[pointers]
    return total


def sizes_and_depths(above: IndexArray) -> tuple[IndexArray, IndexArray]:
    """Count the nodes of each subtree, its top included, and the steps to the root; the sentinel has 0."""
    sentinel = above.size - 1
    size = np.ones(above.size)
    size[sentinel] = 0
    depth = (above != sentinel).astype(above.dtype)
    for pointers in leaps(above):
        size += np.bincount(pointers, weights=size, minlength=size.size)
        size[sentinel] = 0
        depth += depth[pointers]
    return size.astype(above.dtype), depth
