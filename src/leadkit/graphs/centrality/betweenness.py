"""Betweenness: how many shortest paths between others lead through a node."""

from __future__ import annotations

import math
from typing import Literal, TypeAlias, get_args

import numpy as np

from leadkit._fields import sealed
from leadkit.graphs._arcs import Arcs, check_word, every_arc, one_network, row_starts, span_places
from leadkit.graphs._indices import IndexArray
from leadkit.graphs.network import Network
from leadkit.typing import FloatArray, IntArray

__all__ = ["betweenness"]

Engine: TypeAlias = Literal["auto", "own", "igraph"]
LARGEST_OWN = 2000
# Arcs followed at a time: about 50 bytes each.
BLOCK = 2**20


def betweenness(network: Network, *, normalized: bool = False, engine: Engine = "auto") -> FloatArray:
    """Add up, over all pairs of other nodes, the share of their shortest paths that lead through a node.

    Parameters
    ----------
    network : Network
        Weights are not used. Pairs of an undirected network count once.
    normalized : bool
        Whether to divide by the number of pairs of other nodes: (n - 1)(n - 2), half of that when undirected.
    engine : {"auto", "own", "igraph"}
        What computes it: leadkit itself, which takes any n; igraph (the extra `network`); or leadkit up to 2000 nodes
        and igraph above.

    Returns
    -------
    (n,) float array
        At least 0; normalised at most 1, NaN for fewer than three nodes.

    Raises
    ------
    ValueError
        An unknown engine, or more shortest paths between two nodes than a float can count.
    ImportError
        igraph is needed and not installed.

    Notes
    -----
    Own: Brandes' accumulation, breadth first from a block of sources at a time. O(n m) time; memory for about a million
    arcs, or for the arcs of one source where these are more.

    References
    ----------
    .. [1] L. C. Freeman, "A set of measures of centrality based on betweenness", Sociometry 40, 1977.
    .. [2] U. Brandes, "A faster algorithm for betweenness centrality", Journal of Mathematical Sociology 25, 2001.

    Examples
    --------
    >>> betweenness(Network.from_edges(4, [0, 1, 2], [1, 2, 3])).tolist()
    [0.0, 2.0, 2.0, 0.0]
    """
    one_network(network)
    check_word(engine, "engine", get_args(Engine))
    own = engine == "own" or (engine == "auto" and network.n <= LARGEST_OWN)
    values = _own(every_arc(network)) / (1 if network.directed else 2) if own else _by_igraph(network, engine)
    if normalized:
        pairs = (network.n - 1) * (network.n - 2) / (1 if network.directed else 2)
        values = values / pairs if network.n > 2 else np.full(network.n, math.nan)
    return sealed(values)


def _by_igraph(network: Network, engine: Engine) -> FloatArray:
    try:
        import igraph
    except ImportError:
        which = "betweenness" if engine == "igraph" else f"betweenness of more than {LARGEST_OWN} nodes"
        msg = f"{which} needs igraph: pip install 'leadkit[network]'"
        raise ImportError(msg) from None
    ties = np.column_stack((network.source, network.target)).tolist()
    graph = igraph.Graph(n=network.n, edges=ties, directed=network.directed)
    return np.array(graph.betweenness(directed=network.directed), dtype=np.float64)


def _own(arcs: Arcs) -> FloatArray:
    starts = row_starts(arcs.n, arcs.source)
    sources = np.flatnonzero(np.diff(starts))
    at_once = max(1, BLOCK // (arcs.n + arcs.source.size + 1))
    total = np.zeros(arcs.n)
    for first in range(0, sources.size, at_once):
        total += _dependencies(arcs.n, starts, arcs.target, sources[first : first + at_once])
    return total


def _dependencies(n: int, starts: IntArray, heads: IndexArray, sources: IntArray) -> FloatArray:
    """Add up what the pairs that start in `sources` owe each node; cell r n + v is node v seen from source r."""
    origin = np.arange(sources.size) * n + sources
    paths = np.zeros(sources.size * n)
    paths[origin] = 1.0
    mark = np.full(paths.size, -1, dtype=np.int64)
    mark[origin] = 0
    front, steps = origin, []
    while front.size:
        node = front % n
        length = starts[node + 1] - starts[node]
        tail = np.repeat(front, length)
        head = np.repeat(front - node, length) + heads[span_places(starts[node], length)]
        fresh = mark[head] < 0
        tail, head = tail[fresh], head[fresh]
        with np.errstate(over="ignore"):
            np.add.at(paths, head, paths[tail])
        steps.append((tail, head))
        place = np.arange(head.size)
        mark[head] = place
        front = head[mark[head] == place]
    if not np.isfinite(paths).all():
        msg = "betweenness: more shortest paths between two nodes than a float can count"
        raise ValueError(msg)
    owed = np.zeros(paths.size)
    for tail, head in reversed(steps):
        np.add.at(owed, tail, paths[tail] / paths[head] * (1.0 + owed[head]))
    owed[origin] = 0.0
    total: FloatArray = owed.reshape(sources.size, n).sum(axis=0)
    return total
