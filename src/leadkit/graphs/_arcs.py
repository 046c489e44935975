"""Arcs as arrays: their ends checked, rows of neighbours found without a loop, and matrices made of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from leadkit._fields import sealed
from leadkit.graphs._indices import IndexArray, as_indices, index_dtype, stable_order
from leadkit.typing import FloatArray, IntArray

if TYPE_CHECKING:
    from leadkit.graphs.network import Network

__all__ = [
    "Arcs",
    "Matrix",
    "check_word",
    "checked_ends",
    "every_arc",
    "index_array",
    "matrix",
    "node_count",
    "numbered_by_first",
    "one_network",
    "row_starts",
    "span_places",
    "strong_labels",
    "weak_labels",
    "whole_number",
]

Matrix: TypeAlias = Any
"""A sparse matrix of scipy, whose stubs lose the type when rows and columns are picked."""
MOST_NODES = 2**31 - 1


class Arcs(NamedTuple):
    """Arcs sorted by (source, target); `weights` is None where each counts as 1."""

    n: int
    source: IndexArray
    target: IndexArray
    weights: FloatArray | None


def whole_number(value: int, name: str, *, most: int | None = None) -> int:
    """Return a whole number from 0 to `most`."""
    if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < 0 or (most and value > most):
        bound = "of at least 0" if most is None else f"from 0 to {most}"
        msg = f"{name}: expected a whole number {bound}, got {value!r}"
        raise ValueError(msg)
    return int(value)


def node_count(value: int) -> int:
    """Return a number of nodes."""
    return whole_number(value, "n", most=MOST_NODES)


def check_word(value: object, name: str, allowed: tuple[str, ...]) -> None:
    """Refuse what is not one of `allowed`."""
    if not isinstance(value, str) or value not in allowed:
        msg = f"{name}: expected one of {', '.join(map(repr, allowed))}, got {value!r}"
        raise ValueError(msg)


def index_array(values: ArrayLike) -> IndexArray:
    """Copy a vector of integers into a read-only one of the smaller type that holds them."""
    array = as_indices(values, "indices")
    dtype = np.dtype(index_dtype(int(array.max()) + 1 if array.size else 0))
    if array.dtype == dtype and array.base is None and not array.flags.writeable:
        return array
    return sealed(np.array(array, dtype=dtype))


def checked_ends(n: int, source: ArrayLike, target: ArrayLike) -> tuple[int, IndexArray, IndexArray]:
    """Return the number of nodes and the ends of arcs among them; the first place outside is named."""
    count = node_count(n)
    ends = []
    for name, values in (("source", source), ("target", target)):
        array = as_indices(values, name)
        outside = (array < 0) | (array >= count)
        if outside.any():
            place = int(np.argmax(outside))
            bound = f"0..{count - 1}" if count else "a network without nodes"
            msg = f"{name}[{place}]: node {array[place]} is outside {bound}"
            raise ValueError(msg)
        ends.append(array.astype(index_dtype(count), copy=False))
    if ends[0].size != ends[1].size:
        msg = f"source and target differ in length: {ends[0].size} and {ends[1].size}"
        raise ValueError(msg)
    return count, ends[0], ends[1]


def every_arc(network: Network, *, weighted: bool = False) -> Arcs:
    """List the arcs of a network, a tie of an undirected one in both directions."""
    weights = network.weights if weighted else None
    if weighted and weights is None:
        msg = "weighted: the network has no weights"
        raise ValueError(msg)
    if network.directed:
        return Arcs(network.n, network.source, network.target, weights)
    source = np.concatenate((network.source, network.target))
    target = np.concatenate((network.target, network.source))
    order = stable_order(target)
    order = order[stable_order(source[order])]
    both = None if weights is None else np.concatenate((weights, weights))[order]
    return Arcs(network.n, source[order], target[order], both)


def one_network(value: Network) -> None:
    """Refuse what is not a network."""
    from leadkit.graphs.network import Network

    if not isinstance(value, Network):
        msg = f"network: expected a Network, got {type(value).__name__}; Network.from_edges makes one"
        raise ValueError(msg)  # noqa: TRY004 - the floors raise ValueError for every wrong argument


def row_starts(n: int, source: IndexArray) -> IntArray:
    """Tell where the arcs of each of `n` nodes start when they are sorted by source; the last entry is their number."""
    return np.concatenate((np.zeros(1, dtype=np.int64), np.cumsum(np.bincount(source, minlength=n), dtype=np.int64)))


def span_places(start: IntArray, length: IntArray) -> IntArray:
    """Write out the ranges start .. start + length - 1 one after the other.

    Examples
    --------
    >>> span_places(np.array([5, 0]), np.array([2, 3])).tolist()
    [5, 6, 0, 1, 2]
    """
    stop = np.cumsum(length)
    return np.arange(stop[-1] if stop.size else 0) + np.repeat(start - stop + length, length)


def matrix(arcs: Arcs) -> Matrix:
    """Make the sparse matrix whose row i and column j hold the weight of the arc i -> j."""
    from scipy.sparse import csr_array

    weights = np.ones(arcs.source.size) if arcs.weights is None else np.array(arcs.weights)
    starts = row_starts(arcs.n, arcs.source).astype(index_dtype(arcs.source.size), copy=False)
    result: Matrix = csr_array((weights, np.array(arcs.target), starts), shape=(arcs.n, arcs.n))
    return result


def weak_labels(arcs: Arcs) -> IntArray:
    """Label the weak components 0, 1, ... in order of their smallest node."""
    return _labels(arcs, "weak")


def strong_labels(arcs: Arcs) -> IntArray:
    """Label the strong components 0, 1, ... in order of their smallest node."""
    return _labels(arcs, "strong")


def numbered_by_first(labels: NDArray[Any]) -> IntArray:
    """Replace labels by 0, 1, ... in order of their first place."""
    _, first, code = np.unique(labels, return_index=True, return_inverse=True)
    rank = np.empty(first.size, dtype=np.int64)
    rank[np.argsort(first)] = np.arange(first.size)
    return rank[code]


def _labels(arcs: Arcs, connection: Literal["weak", "strong"]) -> IntArray:
    from scipy.sparse.csgraph import connected_components

    if arcs.n == 0:
        return np.empty(0, dtype=np.int64)
    unweighted = Arcs(arcs.n, arcs.source, arcs.target, None)
    return numbered_by_first(connected_components(matrix(unweighted), connection=connection)[1])
