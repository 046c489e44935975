"""What lies on the way from each person up to the root, found by doubling: no step per level, however long the line."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from leadkit.typing import BoolArray, FloatArray, IntArray


def nearest_marked(parents: NDArray[Any], marked: BoolArray, *, strict: bool = True) -> IntArray:
    """Find the nearest marked node above each node.

    Parameters
    ----------
    parents : (n,) int array
        Index of each node's parent, -1 for a root; without cycles.
    marked : (n,) bool array
        The nodes to look for.
    strict : bool
        Whether a node that is marked itself looks further up.

    Returns
    -------
    (n,) int array
        Index of the nearest marked node, -1 where there is none.

    Examples
    --------
    >>> nearest_marked(np.array([-1, 0, 1, 2]), np.array([True, False, True, False])).tolist()
    [-1, 0, 0, 2]
    """
    above = _with_top(parents)
    top = above.size - 1
    nodes = np.arange(top)
    # a marked node points at itself, so that every pointer comes to rest at the first one it meets
    found = above.copy()
    found[:-1][marked] = nodes[marked]
    while True:
        further = found[found]
        if np.array_equal(further, found):
            break
        found = further
    result = found[above[:-1] if strict else nodes]
    return np.where(result == top, -1, result)


def any_marked(parents: NDArray[Any], marked: BoolArray, *, strict: bool = True) -> BoolArray:
    """Tell whether a marked node lies above each node; with `strict=False` the node itself counts.

    Examples
    --------
    >>> any_marked(np.array([-1, 0, 1]), np.array([False, True, False])).tolist()
    [False, False, True]
    """
    return nearest_marked(parents, marked, strict=strict) >= 0


def smallest_on_path(parents: NDArray[Any], values: FloatArray) -> FloatArray:
    """Find the smallest known value on the way from each node up to its root, the node included.

    Parameters
    ----------
    parents : (n,) int array
        Index of each node's parent, -1 for a root; without cycles.
    values : (n,) float array
        NaN is not known.

    Returns
    -------
    (n,) float array
        NaN where nothing on the way is known.

    Examples
    --------
    >>> smallest_on_path(np.array([-1, 0, 1, 1]), np.array([np.nan, 3.0, 4.0, 2.0])).tolist()
    [nan, 3.0, 3.0, 2.0]
    """
    above = _with_top(parents)
    smallest = np.append(values, np.nan)
    while (above != above.size - 1).any():
        smallest = np.fmin(smallest, smallest[above])
        above = above[above]
    return smallest[:-1]


def on_some_path(parents: NDArray[Any], starts: BoolArray) -> BoolArray:
    """Tell which nodes lie on the way up from at least one of `starts`, these included.

    Examples
    --------
    >>> on_some_path(np.array([-1, 0, 0, 1]), np.array([False, True, False, False])).tolist()
    [True, True, False, False]
    """
    return starts_below(parents, starts) > 0


def starts_below(parents: NDArray[Any], starts: BoolArray) -> IntArray:
    """Count the `starts` at or below each node.

    Examples
    --------
    >>> starts_below(np.array([-1, 0, 0, 1]), np.array([False, True, True, True])).tolist()
    [3, 2, 1, 1]
    """
    above = _with_top(parents)
    top = above.size - 1
    counts = np.append(starts.astype(np.int64), 0)
    # after k rounds a node holds the starts less than 2^k levels below it, and points 2^k levels up
    while (above != top).any():
        moving = above != top
        counts = counts + np.bincount(above[moving], weights=counts[moving], minlength=top + 1).astype(np.int64)
        above = above[above]
    return counts[:-1]


def _with_top(parents: NDArray[Any]) -> IntArray:
    """Give every root one parent, the extra last node, which is its own."""
    top = len(parents)
    above = np.append(parents, top).astype(np.int64)
    above[above < 0] = top
    return above
