"""PageRank: where a walker ends up who follows ties and now and then starts anew."""

from __future__ import annotations

import math

import numpy as np

from leadkit._fields import number_faults, sealed
from leadkit.graphs._arcs import Matrix, every_arc, matrix, one_network
from leadkit.graphs.network import Network
from leadkit.typing import BoolArray, FloatArray

__all__ = ["pagerank"]

MOST_STEPS = 10_000
# A change below this is the rounding of a vector that sums to 1.
ROUNDING = 5e-16


def pagerank(network: Network, *, damping: float = 0.85, weighted: bool = False, tol: float = 1e-13) -> FloatArray:
    """Rank nodes by the chance to meet a walker there.

    Parameters
    ----------
    network : Network
        An arc i -> j means "i goes to j"; a tie of an undirected network leads both ways.
    damping : float
        Chance to follow a tie rather than to jump to any node, in [0, 1).
    weighted : bool
        Whether ties are followed in proportion to their weights; a node whose ties all weigh 0 has none.
    tol : float
        Stop once the values change, and can still change, by less than this in sum; above 0.

    Returns
    -------
    (n,) float array
        Above 0, with sum 1. A walker at a node without outgoing ties jumps to any node.

    Raises
    ------
    ValueError
        `damping` or `tol` out of range, or `weighted` without weights.

    Notes
    -----
    A step shrinks the change at least by `damping`, which bounds what is still to come and the number of steps. Where
    that number is above ten thousand and so many were not enough, the linear equations are solved directly.

    References
    ----------
    .. [1] S. Brin and L. Page, "The anatomy of a large-scale hypertextual web search engine", Computer Networks and
       ISDN Systems 30, 1998.

    Examples
    --------
    >>> pagerank(Network.from_edges(3, [0, 1, 2, 2], [2, 2, 0, 1])).round(4).tolist()
    [0.2568, 0.2568, 0.4865]
    """
    one_network(network)
    if number_faults(damping, "damping") or not 0 <= damping < 1:
        msg = f"damping: expected a number of at least 0 and below 1, got {damping!r}"
        raise ValueError(msg)
    if number_faults(tol, "tol", above=0.0):
        msg = f"tol: expected a finite number above 0, got {tol!r}"
        raise ValueError(msg)
    arcs = every_arc(network, weighted=weighted)
    if arcs.n == 0:
        return sealed(np.empty(0))
    if arcs.weights is not None:
        # Only proportions count, and a sum of huge or tiny weights would leave the range of a float.
        largest = np.zeros(arcs.n)
        np.maximum.at(largest, arcs.source, arcs.weights)
        scale = np.where(largest > 0, largest, 1.0)
        arcs = arcs._replace(weights=arcs.weights / scale[arcs.source])
    load = np.bincount(arcs.source, arcs.weights, minlength=arcs.n).astype(np.float64)
    stuck = load == 0
    weights = np.ones(arcs.source.size) if arcs.weights is None else arcs.weights
    follow: Matrix = damping * matrix(arcs._replace(weights=weights / np.where(stuck, 1.0, load)[arcs.source])).T
    values = _iterate(follow, stuck, float(damping), float(tol))
    return sealed(values / values.sum())


def _iterate(follow: Matrix, stuck: BoolArray, damping: float, tol: float) -> FloatArray:
    n, error = stuck.size, damping / (1 - damping)
    # What is still to come is at most this many times the last change.
    limit = max(tol / max(1.0, error), ROUNDING)
    bound = math.log(limit / 2) / math.log(damping) if damping > 0 else 1.0
    values = np.full(n, 1.0 / n)
    dangling = np.flatnonzero(stuck)
    change, steps = math.inf, 0
    while change >= limit and steps < max(1.0, min(bound, MOST_STEPS)):
        following: FloatArray = follow @ values
        following += (damping * values[dangling].sum() + 1.0 - damping) / n
        change = float(np.abs(following - values).sum())
        values, steps = following, steps + 1
    return _solve(follow) if change >= tol and bound > MOST_STEPS else values


def _solve(follow: Matrix) -> FloatArray:
    """Solve for the values up to a factor: both jumps, from anywhere and from a dead end, go everywhere alike."""
    from scipy.sparse import eye_array
    from scipy.sparse.linalg import spsolve

    n = follow.shape[0]
    values: FloatArray = spsolve((eye_array(n) - follow).tocsc(), np.ones(n))
    return values
