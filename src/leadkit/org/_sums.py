"""Sums over people that no shuffling of the rows changes, fractions of a person included."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from leadkit.graphs import TreeIndex
from leadkit.org.organisation import Organisation
from leadkit.typing import FloatArray

__all__ = ["subtree_sums", "sums_by"]


def subtree_sums(organisation: Organisation, amounts: FloatArray) -> FloatArray:
    """Sum amounts over each post and its whole line.

    Parameters
    ----------
    organisation : Organisation
        n posts.
    amounts : (n,) or (n, k) float array
        What each post adds; not NaN.

    Returns
    -------
    (n,) or (n, k) array
        In the order of the organisation; whole numbers are exact, others are the same bit for bit in any order of the
        rows.
    """
    tree = organisation.tree
    if _are_whole(amounts):
        return tree.roll_up(amounts)
    # float addition depends on its order, so the order is that of the ids
    rows = organisation.sorted_rows
    place = np.full(tree.n + 1, -1, dtype=np.int64)
    place[rows] = np.arange(tree.n)
    by_id = TreeIndex.from_parents(place[tree.parents[rows]]).roll_up(amounts[rows])
    return by_id[place[:-1]]


def sums_by(groups: NDArray[np.integer], amounts: FloatArray, n_groups: int) -> FloatArray:
    """Sum amounts by group.

    Parameters
    ----------
    groups : (n,) int array
        Group of each amount, 0 to n_groups - 1.
    amounts : (n,) float array
        Not NaN.
    n_groups : int
        Number of groups.

    Returns
    -------
    (n_groups,) array
        0 for a group of none; the same bit for bit in any order of the amounts.

    Examples
    --------
    >>> sums_by(np.array([1, 0, 1]), np.array([0.1, 2.0, 0.2]), 3).tolist()
    [2.0, 0.30000000000000004, 0.0]
    """
    by_size = slice(None) if _are_whole(amounts) else np.argsort(amounts, kind="stable")
    sums = np.bincount(groups[by_size], weights=amounts[by_size], minlength=n_groups)
    # bincount over nobody gives whole numbers
    return sums.astype(np.float64, copy=False)


def _are_whole(amounts: FloatArray) -> bool:
    return bool((amounts == np.rint(amounts)).all())
