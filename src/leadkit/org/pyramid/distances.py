"""How far a post is from the customers: down its own line, and along any solid line."""

from __future__ import annotations

import numpy as np

from leadkit.graphs import TreeIndex
from leadkit.org._paths import smallest_on_path
from leadkit.typing import BoolArray, FloatArray

__all__ = ["line_distances", "network_distances"]


def line_distances(tree: TreeIndex, facing: BoolArray) -> FloatArray:
    """Count the steps from each node down to the nearest facing node of its subtree, plus one.

    Parameters
    ----------
    tree : TreeIndex
        n nodes.
    facing : (n,) bool array
        Which nodes face a customer.

    Returns
    -------
    (n,) array
        1 for a facing node, one more than the smallest among its children for any other; NaN where no node of the
        subtree faces a customer.

    Examples
    --------
    >>> import numpy as np
    >>> tree = TreeIndex.from_parents([-1, 0, 1, 0])
    >>> line_distances(tree, np.array([False, False, True, False])).tolist()
    [3.0, 2.0, 1.0, nan]
    """
    # the nearest facing node below is the one of least depth, so one roll-up does for every level
    nearest = tree.roll_up(np.where(facing, tree.depth, np.nan), how="min")
    return nearest - tree.depth + 1.0


def network_distances(tree: TreeIndex, line_distance: FloatArray) -> FloatArray:
    """Count the steps from each node to the nearest facing node along the lines of the tree either way, plus one.

    Parameters
    ----------
    tree : TreeIndex
        n nodes.
    line_distance : (n,) array
        What `line_distances` gave.

    Returns
    -------
    (n,) array
        At least 1 and at most `line_distance`; NaN where no node of the whole tree faces a customer.

    Examples
    --------
    >>> import numpy as np
    >>> tree = TreeIndex.from_parents([-1, 0, 1, 0])
    >>> network_distances(tree, line_distances(tree, np.array([False, False, True, False]))).tolist()
    [3.0, 2.0, 1.0, 4.0]
    """
    # a way goes up to some post a and down from there: depth - depth(a) + line_distance(a), least over all a above
    return smallest_on_path(tree.parents, line_distance - tree.depth) + tree.depth
