"""Networks of ties between nodes 0..n-1: built once from an edge list, their components, and the levels of acyclic ones."""

from __future__ import annotations

import math
from typing import Self

import attrs
import numpy as np
from attrs import field, frozen
from numpy.typing import ArrayLike

from leadkit._fields import as_int, float_array, sealed
from leadkit._results import Result
from leadkit.graphs._arcs import (
    checked_ends,
    every_arc,
    index_array,
    node_count,
    one_network,
    strong_labels,
    weak_labels,
)
from leadkit.graphs._indices import IndexArray, stable_order
from leadkit.graphs._levels import levels_of
from leadkit.typing import FloatArray, IntArray

__all__ = ["Network", "strong_components", "topological_levels", "topological_order", "weak_components"]


@frozen(kw_only=True, eq=False)
class Network(Result):
    """Ties between nodes 0..n-1, without self-loops and parallel edges; `from_edges` makes one of any edge list.

    Parameters
    ----------
    n : int
        Number of nodes.
    source, target : (m,) int array
        Ends of the ties, sorted by (source, target), read-only. An undirected network has each pair once, the smaller
        index as source.
    weights : (m,) float array, optional
        Weight of each tie, finite and at least 0; None where none were given.
    directed : bool
        Whether a tie leads from source to target only.
    n_loops_dropped : int
        Self-loops of the edge list that were left out.
    n_duplicates_merged : int
        Rows of the edge list that went into an earlier row of the same tie.

    Raises
    ------
    ValueError
        The ties are not sorted, occur twice, lead to themselves or to a node that is not there, or a weight is
        negative, infinite or NaN.

    Examples
    --------
    >>> network = Network.from_edges(3, [1, 0, 0, 2], [0, 1, 1, 2])
    >>> network.source.tolist(), network.target.tolist()
    ([0, 1], [1, 0])
    >>> network.n_edges, network.n_loops_dropped, network.n_duplicates_merged, network.reciprocity()
    (2, 1, 1, 1.0)
    """

    n: int = field(converter=node_count)
    source: IndexArray = field(converter=index_array)
    target: IndexArray = field(converter=index_array)
    weights: FloatArray | None = field(default=None, converter=attrs.converters.optional(float_array))
    directed: bool = True
    n_loops_dropped: int = field(default=0, converter=as_int)
    n_duplicates_merged: int = field(default=0, converter=as_int)

    def __attrs_post_init__(self) -> None:
        checked_ends(self.n, self.source, self.target)
        lower, upper = self.source[:-1], self.source[1:]
        ascending = (lower < upper) | ((lower == upper) & (self.target[:-1] < self.target[1:]))
        proper = self.source != self.target if self.directed else self.source < self.target
        if not (ascending.all() and proper.all()):
            msg = "edges are not sorted, without loops and each once; Network.from_edges takes any edge list"
            raise ValueError(msg)
        if self.weights is not None:
            _check_weights(self.weights, self.source.size)

    @classmethod
    def from_edges(
        cls, n: int, source: ArrayLike, target: ArrayLike, weights: ArrayLike | None = None, *, directed: bool = True
    ) -> Self:
        """Build a network of an edge list in any order.

        Parameters
        ----------
        n : int
            Number of nodes, at least 0.
        source, target : (m,) array_like of int
            Ends of the edges; an arc goes from source to target.
        weights : (m,) array_like of float, optional
            Weight of each edge, finite and at least 0.
        directed : bool
            False where an edge holds both ways, so that 0-1 and 1-0 are the same.

        Returns
        -------
        Network
            Self-loops are dropped and counted, parallel edges merged, their weights added, and counted. The order of
            the edges changes nothing, not even the last bit of a weight.

        Raises
        ------
        ValueError
            An end is no node, a weight is negative, infinite or NaN, or the lengths differ.

        Examples
        --------
        >>> network = Network.from_edges(3, [2, 0, 1], [0, 2, 0], [1.0, 2.0, 0.5], directed=False)
        >>> network.source.tolist(), network.target.tolist(), network.weights.tolist()
        ([0, 0], [1, 2], [0.5, 3.0])
        """
        count, start, end = checked_ends(n, source, target)
        load = None if weights is None else _checked_weights(weights, start.size)
        keep = start != end
        start, end = start[keep], end[keep]
        if not directed:
            start, end = np.minimum(start, end), np.maximum(start, end)
        order = np.arange(start.size) if load is None else np.argsort(load[keep], kind="stable")
        order = order[stable_order(end[order])]
        order = order[stable_order(start[order])]
        start, end = start[order], end[order]
        first = np.ones(start.size, dtype=bool)
        first[1:] = (start[1:] != start[:-1]) | (end[1:] != end[:-1])
        if load is not None:
            load = np.add.reduceat(load[keep][order], np.flatnonzero(first)) if start.size else load[keep]
        return cls(
            n=count,
            source=start[first],
            target=end[first],
            weights=load,
            directed=bool(directed),
            n_loops_dropped=int(keep.size - keep.sum()),
            n_duplicates_merged=int(first.size - first.sum()),
        )

    @property
    def n_edges(self) -> int:
        """Number of ties: arcs, or pairs of an undirected network."""
        return self.source.size

    def reversed(self) -> Self:
        """Turn every arc round; an undirected network stays as it is."""
        if not self.directed:
            return self
        order = stable_order(self.target)
        return attrs.evolve(
            self,
            source=self.target[order],
            target=self.source[order],
            weights=None if self.weights is None else self.weights[order],
        )

    def as_undirected(self) -> Self:
        """Make a tie of every pair with an arc either way; weights of the two arcs are added.

        The counts of loops and duplicates stay those of the edge list: two opposite arcs are not counted as duplicates.
        """
        if not self.directed:
            return self
        ties = type(self).from_edges(self.n, self.source, self.target, self.weights, directed=False)
        return attrs.evolve(ties, n_loops_dropped=self.n_loops_dropped, n_duplicates_merged=self.n_duplicates_merged)

    def density(self) -> float:
        """Divide the ties that are there by those there could be; NaN for fewer than two nodes."""
        places = self.n * (self.n - 1) // (1 if self.directed else 2)
        return self.n_edges / places if places else math.nan

    def reciprocity(self) -> float:
        """Share the arcs whose opposite is there too; NaN without arcs, 1 for an undirected network with ties."""
        if self.n_edges == 0:
            return math.nan
        return 2 * (self.n_edges - self.as_undirected().n_edges) / self.n_edges if self.directed else 1.0


def weak_components(network: Network) -> IntArray:
    """Label the parts of a network that hang together when the direction of arcs is ignored.

    Parameters
    ----------
    network : Network
        Directed or not.

    Returns
    -------
    (n,) int array
        Labels 0, 1, ... in order of each component's smallest node.

    Examples
    --------
    >>> weak_components(Network.from_edges(5, [3, 4], [0, 1])).tolist()
    [0, 1, 2, 0, 1]
    """
    one_network(network)
    return sealed(weak_labels(every_arc(network)))


def strong_components(network: Network) -> IntArray:
    """Label the parts of a network in which every node reaches every other along the arcs.

    Parameters
    ----------
    network : Network
        Directed, or undirected, whose strong components are the weak ones.

    Returns
    -------
    (n,) int array
        Labels 0, 1, ... in order of each component's smallest node.

    References
    ----------
    .. [1] D. J. Pearce, "An improved algorithm for finding the strongly connected components of a directed graph",
       Victoria University of Wellington, 2005.

    Examples
    --------
    >>> strong_components(Network.from_edges(4, [0, 1, 1, 3], [1, 0, 2, 2])).tolist()
    [0, 0, 1, 2]
    """
    one_network(network)
    return sealed(strong_labels(every_arc(network)))


def topological_levels(n: int, source: ArrayLike, target: ArrayLike) -> IntArray:
    """Tell for each node how many arcs the longest path to it has.

    Parameters
    ----------
    n : int
        Number of nodes, at least 0.
    source, target : (m,) array_like of int
        Ends of the arcs; an arc may occur more than once.

    Returns
    -------
    (n,) int array
        0 for a node without incoming arcs; every arc leads to a higher level.

    Raises
    ------
    ValueError
        An end is no node, the lengths differ, or the arcs form a cycle; the message names one, from its smallest node
        on, and shortens a long one.

    References
    ----------
    .. [1] A. B. Kahn, "Topological sorting of large networks", Communications of the ACM 5, 1962.

    Examples
    --------
    >>> topological_levels(4, [0, 1, 0], [1, 2, 2]).tolist()
    [0, 1, 2, 0]
    >>> topological_levels(4, [0, 1, 3, 2], [1, 3, 2, 1])
    Traceback (most recent call last):
        ...
    ValueError: the arcs form a cycle: 1 -> 3 -> 2 -> 1
    """
    return sealed(levels_of(*checked_ends(n, source, target)))


def topological_order(n: int, source: ArrayLike, target: ArrayLike) -> IntArray:
    """Order nodes so that every arc leads forward: by level, then by index, whatever the order of the arcs.

    Parameters
    ----------
    n : int
        Number of nodes, at least 0.
    source, target : (m,) array_like of int
        Ends of the arcs; an arc may occur more than once.

    Returns
    -------
    (n,) int array
        The nodes in order.

    Raises
    ------
    ValueError
        As `topological_levels`.

    Examples
    --------
    >>> topological_order(4, [3, 1], [1, 0]).tolist()
    [2, 3, 1, 0]
    """
    levels = levels_of(*checked_ends(n, source, target))
    return sealed(stable_order(levels).astype(np.int64, copy=False))


def _checked_weights(weights: ArrayLike, n_edges: int) -> FloatArray:
    """Return weights as a new array of floats; -0 becomes 0."""
    masked = isinstance(weights, np.ma.MaskedArray) and bool(np.ma.getmaskarray(weights).any())
    try:
        array = np.asarray(weights)
    except ValueError as error:
        msg = f"weights: expected a vector of numbers: {error}"
        raise ValueError(msg) from error
    if masked or array.ndim != 1 or array.dtype.kind not in "biuf":
        got = "a masked place" if masked else f"{array.dtype} with {array.ndim} dimensions"
        msg = f"weights: expected a vector of numbers, got {got}"
        raise ValueError(msg)
    result: FloatArray = array.astype(np.float64) + 0.0
    _check_weights(result, n_edges)
    return result


def _check_weights(weights: FloatArray, n_edges: int) -> None:
    if weights.shape != (n_edges,):
        msg = f"weights: expected {n_edges} values, got {weights.size}"
        raise ValueError(msg)
    wrong = ~((weights >= 0) & (weights < np.inf))
    if wrong.any():
        place = int(np.argmax(wrong))
        msg = f"weights[{place}]: expected a finite number of at least 0, got {weights[place]}"
        raise ValueError(msg)
    with np.errstate(over="ignore"):
        total = weights.sum()
    if not math.isfinite(total):
        msg = "weights: their sum is larger than a float can hold"
        raise ValueError(msg)
