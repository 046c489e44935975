"""Posts in rows: which row a post stands in, and where in it so that lines between rows rarely cross."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from attrs import frozen

from leadkit.graphs import TreeIndex, check_parents
from leadkit.org import Obligations, Pyramid, Tier
from leadkit.plots.spacing import spread
from leadkit.plots.tiers import counted, tier_name
from leadkit.typing import FloatArray, IntArray

__all__ = ["Rows", "place_in_rows", "preorder", "rows_by_step", "rows_by_tier"]


@frozen(kw_only=True, eq=False)
class Rows:
    """The row of each of n posts, from 1 below the customers, and what the rows are called; rows may share a name."""

    row: IntArray
    names: tuple[str, ...]


def rows_by_tier(pyramid: Pyramid, obligations: Obligations) -> Rows:
    """Put posts into rows by tier; within a tier, leaders below those they lead.

    A support post stands just below the lowest-numbered tier that it serves, and below the front line where it serves
    none; a post named as a customer above the front line.
    """
    tier = pyramid.tier.astype(np.int64)
    tree = pyramid.organisation.tree
    place = tier.astype(np.float64)
    place[tier == Tier.CUSTOMER] = 0.5
    served = np.full(tier.size, float(Tier.SUPPORT))
    serves = obligations.kind == "internal_service"
    np.minimum.at(served, obligations.provider[serves], tier[obligations.recipient[serves]])
    served[(served == Tier.SUPPORT) | (served == Tier.CUSTOMER)] = Tier.FRONT_LINE
    place[tier == Tier.SUPPORT] = served[tier == Tier.SUPPORT] + 0.5
    below = np.zeros(tier.size)
    for post in np.argsort(-tree.depth, kind="stable").tolist():
        above = int(tree.parents[post])
        if above >= 0 and place[above] == place[post]:
            below[above] = max(below[above], below[post] + 1)
    keys, row = np.unique(np.column_stack([place, below]), axis=0, return_inverse=True)
    return Rows(row=row.reshape(-1) + 1, names=tuple(_place_name(place) for place in keys[:, 0].tolist()))


def _place_name(place: float) -> str:
    if place < Tier.FRONT_LINE:
        return "Named as customers"
    if place != int(place):
        return f"{tier_name(Tier.SUPPORT)} of {tier_name(int(place)).lower()}"
    return tier_name(int(place))


def rows_by_step(n: int, provider: IntArray, recipient: IntArray) -> Rows:
    """Put posts into rows by the fewest steps of service from them to the customers, the index -1.

    Examples
    --------
    >>> rows = rows_by_step(3, np.array([1, 0]), np.array([-1, 1]))
    >>> rows.row.tolist(), rows.names
    ([2, 1, 3], ('1 step from the customers', '2 steps from the customers', 'no way to the customers'))
    """
    step = np.append(np.full(n, n + 1), 0)
    for _ in range(n):
        nearer = step.copy()
        np.minimum.at(nearer, provider, step[recipient] + 1)
        if np.array_equal(nearer, step):
            break
        step = nearer
    keys, row = np.unique(np.minimum(step[:n], n + 1), return_inverse=True)
    names = ["no way to the customers" if key > n else f"{counted(key, 'step')} from the customers" for key in keys]
    return Rows(row=row + 1, names=tuple(names))


def preorder(parents: IntArray, ids: Sequence[str]) -> IntArray:
    """Rank n posts so that each line stays together, roots and siblings by id; a cycle is cut at its first id.

    Examples
    --------
    >>> preorder(np.array([2, -1, 1]), ["c", "a", "b"]).tolist()
    [2, 0, 1]
    """
    rows = np.array(sorted(range(len(ids)), key=ids.__getitem__), dtype=np.int64)
    place = np.full(rows.size + 1, -1, dtype=np.int64)
    place[rows] = np.arange(rows.size)
    by_id = place[parents[rows]]
    for cycle in check_parents(by_id).cycles:
        by_id[cycle[0]] = -1
    rank = np.empty(rows.size, dtype=np.int64)
    rank[rows] = TreeIndex.from_parents(by_id).position
    return rank


def place_in_rows(row: IntArray, rank: IntArray, source: IntArray, target: IntArray) -> FloatArray:
    """Give n posts their places in their rows, neighbours at least 1 apart.

    The longest row comes first, in order of rank; then its neighbours, row by row, each post as near as it can be to
    the middle of the posts that it has an arc with and that have a place.

    Parameters
    ----------
    row : (n,) int array
        The row of each post.
    rank : (n,) int array
        Which post comes first where nothing else decides.
    source, target : (a,) int array
        The arcs; their direction does not matter.

    Returns
    -------
    (n,) array
        Places from left to right.
    """
    x = np.full(row.size, np.nan)
    lengths = np.bincount(row)
    longest = int(lengths.argmax()) if row.size else 0
    for one in sorted(range(lengths.size), key=lambda other: (abs(other - longest), -other)):
        members = np.flatnonzero(row == one)
        members = members[np.argsort(rank[members])]
        if one == longest:
            x[members] = np.arange(members.size)
            continue
        wanted = _middles(x, source, target)[members]
        unknown = np.isnan(wanted)
        placed = np.flatnonzero(~np.isnan(x))
        placed = placed[np.argsort(rank[placed])]
        wanted[unknown] = np.interp(rank[members[unknown]], rank[placed], x[placed])
        in_order = np.argsort(wanted, kind="stable")
        x[members[in_order]] = spread(wanted[in_order], 1.0)
    return x


def _middles(x: FloatArray, source: IntArray, target: IntArray) -> FloatArray:
    """Average for each post over the other ends of its arcs that have a place; NaN without any."""
    ends, others = np.append(source, target), np.append(target, source)
    known = ~np.isnan(x[others])
    ends, others = ends[known], others[known]
    number = np.bincount(ends, minlength=x.size)
    total = np.bincount(ends, weights=x[others], minlength=x.size)
    middles: FloatArray = np.divide(total, number, out=np.full(x.size, np.nan), where=number > 0)
    return middles
