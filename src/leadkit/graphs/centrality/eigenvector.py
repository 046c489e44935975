"""Eigenvector centrality: a node counts as much as those who come to it."""

from __future__ import annotations

from typing import Literal

import numpy as np
from attrs import field, frozen

from leadkit._fields import as_float, float_array, sealed
from leadkit._results import Result
from leadkit.graphs._arcs import Arcs, Matrix, every_arc, matrix, one_network, strong_labels
from leadkit.graphs._indices import stable_order
from leadkit.graphs._levels import levels_of
from leadkit.graphs.centrality.perron import leading_block
from leadkit.graphs.network import Network
from leadkit.typing import BoolArray, FloatArray, IntArray

__all__ = ["EigenvectorResult", "eigenvector"]

MOST_SWEEPS = 10_000
SETTLED = 1e-15


@frozen(kw_only=True, eq=False)
class EigenvectorResult(Result):
    """Eigenvector centrality of a network.

    Parameters
    ----------
    values : (n,) array
        At least 0, the largest 1: above 0 for the part of the network that has the largest eigenvalue and for every
        node that it reaches (as far as a float can hold), 0 elsewhere. All NaN where they are not unique or do not
        exist.
    eigenvalue : float
        The largest eigenvalue (spectral radius) of the adjacency matrix, at least 1, or 0 without a cycle.
    flag : {"no_cycle", "not_unique"} or None
        Why `values` are NaN.
    """

    values: FloatArray = field(converter=float_array)
    eigenvalue: float = field(converter=as_float)
    flag: str | None = None


def eigenvector(network: Network) -> EigenvectorResult:
    """Value each node by the values of those who come to it: lambda x_j = sum_i A_ij x_i.

    Parameters
    ----------
    network : Network
        An arc i -> j means "i goes to j"; a tie of an undirected network leads both ways. Weights are not used.

    Returns
    -------
    EigenvectorResult
        Unique exactly when one strong component alone has the largest eigenvalue: its nodes and those that it reaches
        have positive values, all others 0, so the network need not be strongly connected. Otherwise flag `not_unique`,
        and `no_cycle` for an acyclic network.

    Raises
    ------
    ValueError
        The values differ by more than a float can hold.

    Notes
    -----
    Each strong component's eigenvalue is enclosed by the smallest and the largest of (A'x)_i / x_i along a power
    iteration with a shift, which converges on periodic components too; components whose upper bound falls behind are
    dropped. What converges too slowly is handed to an Arnoldi iteration or to Noda's inverse iteration. Eigenvalues
    within a relative 1e-12 count as equal.

    References
    ----------
    .. [1] P. Bonacich, "Factoring and weighting approaches to status scores and clique identification", Journal of
       Mathematical Sociology 2, 1972.
    .. [2] U. G. Rothblum, "Algebraic eigenspaces of nonnegative matrices", Linear Algebra and its Applications 12, 1975.
    .. [3] T. Noda, "Note on the computation of the maximal eigenvalue of a non-negative irreducible matrix", Numerische
       Mathematik 17, 1971.

    Examples
    --------
    >>> result = eigenvector(Network.from_edges(4, [0, 1, 1, 3], [1, 0, 2, 0]))
    >>> result.values.round(6).tolist(), round(result.eigenvalue, 6), result.flag
    ([1.0, 1.0, 1.0, 0.0], 1.0, None)
    """
    one_network(network)
    arcs = every_arc(network)
    label = strong_labels(arcs)
    inside = label[arcs.source] == label[arcs.target]
    if not inside.any():
        return EigenvectorResult(values=np.full(arcs.n, np.nan), eigenvalue=0.0, flag="no_cycle")
    nodes, own, radius = leading_block(arcs, label, inside)
    if nodes is None:
        return EigenvectorResult(values=np.full(arcs.n, np.nan), eigenvalue=radius, flag="not_unique")
    values = np.zeros(arcs.n)
    values[nodes] = own
    below = _reached(arcs, nodes)
    if below.size:
        values[below] = _downstream(arcs, below, values, radius, inside)
    return EigenvectorResult(values=sealed(values / values.max()), eigenvalue=radius)


def _reached(arcs: Arcs, nodes: IntArray) -> IntArray:
    """List the nodes outside a strong component that it reaches."""
    from scipy.sparse.csgraph import breadth_first_order

    found = breadth_first_order(matrix(arcs), int(nodes[0]), return_predecessors=False)
    return np.setdiff1d(found, nodes)


def _downstream(arcs: Arcs, below: IntArray, values: FloatArray, radius: float, inside: BoolArray) -> FloatArray:
    """Solve lambda x = inflow + B'x for the nodes below the leading component, B being the arcs among them."""
    place = np.full(arcs.n, -1, dtype=np.int64)
    place[below] = np.arange(below.size)
    start, end = place[arcs.source], place[arcs.target]
    into, among = (end >= 0) & (start < 0), (end >= 0) & (start >= 0)
    inflow = np.bincount(end[into], values[arcs.source[into]], minlength=below.size).astype(np.float64)
    start, end = start[among], end[among]
    with np.errstate(over="ignore", invalid="ignore"):
        if inside[among].any():
            result = _settle(below.size, start, end, inflow, radius)
        else:
            result = _by_levels(below.size, start, end, inflow, radius)
    if not np.isfinite(result).all():
        msg = "eigenvector: the values differ by more than a float can hold"
        raise ValueError(msg)
    return result


def _by_levels(n: int, start: IntArray, end: IntArray, inflow: FloatArray, radius: float) -> FloatArray:
    """Solve without cycles: in topological order the matrix is triangular."""
    order = stable_order(levels_of(n, start, end))
    rank = np.empty(n, dtype=np.int64)
    rank[order] = np.arange(n)
    result = np.empty(n)
    result[order] = _solve(n, rank[start], rank[end], inflow[order], radius, "NATURAL")
    return result


def _settle(n: int, start: IntArray, end: IntArray, inflow: FloatArray, radius: float) -> FloatArray:
    """Solve by sweeps, which grow towards the solution; directly where they are slow."""
    follow = matrix(_sorted(n, start, end)).T
    result = inflow / radius
    for _ in range(MOST_SWEEPS):
        following: FloatArray = (inflow + follow @ result) / radius
        if np.abs(following - result).max() <= SETTLED * following.max():
            return following
        result = following
    return _solve(n, start, end, inflow, radius, "COLAMD")


def _solve(
    n: int, start: IntArray, end: IntArray, inflow: FloatArray, radius: float, order: Literal["NATURAL", "COLAMD"]
) -> FloatArray:
    from scipy.sparse import eye_array
    from scipy.sparse.linalg import splu

    equations: Matrix = (radius * eye_array(n) - matrix(_sorted(n, start, end)).T).tocsc()
    result: FloatArray = splu(equations, permc_spec=order, diag_pivot_thresh=0.0).solve(inflow)
    return result


def _sorted(n: int, start: IntArray, end: IntArray) -> Arcs:
    order = np.lexsort((end, start))
    return Arcs(n, start[order], end[order], None)
