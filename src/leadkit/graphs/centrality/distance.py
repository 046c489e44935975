"""How near a node is to the others: closeness and its harmonic kin."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal, TypeAlias, get_args

import numpy as np
from numpy.typing import NDArray

from leadkit._fields import sealed
from leadkit.graphs._arcs import Arcs, check_word, every_arc, one_network, row_starts, span_places
from leadkit.graphs._indices import stable_order
from leadkit.graphs.network import Network
from leadkit.typing import FloatArray, IntArray

__all__ = ["closeness", "harmonic"]

Direction: TypeAlias = Literal["in", "out"]
MOST_WORDS = 16
# Words of 64 bits held for the arcs of one step: 64 MB.
BLOCK = 2**23
BITS_SET = np.array([number.bit_count() for number in range(2**16)], dtype=np.uint8)


def closeness(network: Network, *, direction: Direction = "in", normalized: bool = False) -> FloatArray:
    """Invert the sum of distances to a node from all that reach it.

    Parameters
    ----------
    network : Network
        Weights are not used; the distance is the number of ties on a shortest path.
    direction : {"in", "out"}
        Distances from the nodes that reach it, or to the nodes that it reaches.
    normalized : bool
        Whether to multiply by the number of those nodes, which gives the inverse of the mean distance.

    Returns
    -------
    (n,) float array
        Above 0, normalised at most 1; NaN for a node that none reaches (that reaches none).

    Raises
    ------
    ValueError
        An unknown direction.

    Notes
    -----
    In a network that is not connected the values of nodes with different numbers of reachable others cannot be compared;
    `harmonic` can.

    References
    ----------
    .. [1] A. Bavelas, "Communication patterns in task-oriented groups", Journal of the Acoustical Society of America
       22, 1950.

    Examples
    --------
    >>> line = Network.from_edges(3, [0, 1], [1, 2])
    >>> closeness(line).round(3).tolist(), closeness(line, direction="out", normalized=True).round(3).tolist()
    ([nan, 1.0, 0.333], [0.667, 1.0, nan])
    """
    arcs = _searched(network, direction)
    total = np.zeros(arcs.n, dtype=np.int64)
    number = np.zeros(arcs.n, dtype=np.int64)
    for distance, nodes, count in _steps(arcs):
        total[nodes] += distance * count
        number[nodes] += count
    there = number > 0
    above = number if normalized else 1
    return sealed(np.where(there, above / np.where(there, total, 1), np.nan))


def harmonic(network: Network, *, direction: Direction = "in", normalized: bool = True) -> FloatArray:
    """Add up the inverse distances to a node from all that reach it.

    Parameters
    ----------
    network : Network
        Weights are not used; the distance is the number of ties on a shortest path.
    direction : {"in", "out"}
        Distances from the nodes that reach it, or to the nodes that it reaches.
    normalized : bool
        Whether to divide by n - 1.

    Returns
    -------
    (n,) float array
        At least 0, normalised at most 1; 0 for an isolate.

    Raises
    ------
    ValueError
        An unknown direction.

    References
    ----------
    .. [1] M. Marchiori and V. Latora, "Harmony in the small-world", Physica A 285, 2000.

    Examples
    --------
    >>> harmonic(Network.from_edges(3, [0, 1], [1, 2])).tolist()
    [0.0, 0.5, 0.75]
    """
    arcs = _searched(network, direction)
    total = np.zeros(arcs.n)
    for distance, nodes, count in _steps(arcs):
        total[nodes] += count / distance
    return sealed(total / max(arcs.n - 1, 1) if normalized else total)


def _searched(network: Network, direction: Direction) -> Arcs:
    """Return the arcs along which to search."""
    one_network(network)
    check_word(direction, "direction", get_args(Direction))
    return every_arc(network if direction == "in" else network.reversed())


def _steps(arcs: Arcs) -> Iterator[tuple[int, IntArray, IntArray]]:
    """Yield a distance, nodes, and how many nodes of a block of 64 or more reach them at that distance."""
    words = min(MOST_WORDS, arcs.n // 64 + 1, max(1, BLOCK // (arcs.n + arcs.source.size + 1)))
    starts = row_starts(arcs.n, arcs.source)
    for first in range(0, arcs.n, 64 * words):
        nodes = np.arange(first, min(first + 64 * words, arcs.n))
        bit = nodes - first
        fresh = np.zeros((nodes.size, words), dtype=np.uint64)
        fresh[bit, bit // 64] = np.left_shift(np.uint64(1), (bit % 64).astype(np.uint64))
        seen = np.zeros((arcs.n, words), dtype=np.uint64)
        seen[nodes] = fresh
        distance = 0
        while nodes.size:
            distance += 1
            nodes, fresh = _one_step(starts, arcs, nodes, fresh, seen)
            yield distance, nodes, BITS_SET[fresh.view(np.uint16)].sum(axis=1, dtype=np.int64)


def _one_step(
    starts: IntArray, arcs: Arcs, nodes: IntArray, fresh: NDArray[np.uint64], seen: NDArray[np.uint64]
) -> tuple[IntArray, NDArray[Any]]:
    """Carry the bits of nodes along their arcs and keep those that are new where they arrive."""
    length = starts[nodes + 1] - starts[nodes]
    heads = arcs.target[span_places(starts[nodes], length)]
    order = stable_order(heads)
    heads = heads[order]
    change = np.flatnonzero(np.diff(heads, prepend=-1))
    reached = heads[change].astype(np.int64)
    if reached.size == 0:
        return reached, fresh[:0]
    arriving = np.bitwise_or.reduceat(fresh[np.repeat(np.arange(nodes.size), length)[order]], change, axis=0)
    arriving &= ~seen[reached]
    new = arriving.any(axis=1)
    reached, arriving = reached[new], arriving[new]
    seen[reached] |= arriving
    return reached, arriving
