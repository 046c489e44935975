"""PageRank and betweenness of random networks against networkx."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import networkx as nx
import numpy as np

from leadkit.graphs import Network, betweenness, pagerank


def random_arcs(n: int, m: int) -> tuple[Network, Any]:
    """Draw `m` different arcs among `n` nodes, as a network of ours and of the peer."""
    arc = np.random.default_rng(0).choice(n * (n - 1), m, replace=False)
    source, target = np.divmod(arc, n - 1)
    target += target >= source
    graph: Any = nx.DiGraph()
    graph.add_nodes_from(range(n))
    graph.add_edges_from(zip(source.tolist(), target.tolist(), strict=True))
    return Network.from_edges(n, source, target), graph


def test_pagerank_against_networkx(ratio: Callable[..., float]) -> None:
    n = 10_000
    network, graph = random_arcs(n, 70_000)

    def ours() -> Any:
        return pagerank(network, tol=1e-13)

    def peer() -> list[float]:
        return list(nx.pagerank(graph, alpha=0.85, tol=1e-13 / n, max_iter=1000).values())

    assert np.allclose(ours(), peer(), rtol=1e-10, atol=1e-12)
    ratio(ours, peer, at_most=1 / 3)


def test_pagerank_with_the_network_built_against_networkx(ratio: Callable[..., float]) -> None:
    n = 10_000
    network, graph = random_arcs(n, 70_000)
    source, target = np.array(network.source), np.array(network.target)
    arcs = list(graph.edges)

    def ours() -> Any:
        return pagerank(Network.from_edges(n, source, target))

    def peer() -> dict[int, float]:
        built: Any = nx.DiGraph()
        built.add_nodes_from(range(n))
        built.add_edges_from(arcs)
        return dict(nx.pagerank(built, alpha=0.85, tol=1e-13 / n, max_iter=1000))

    ratio(ours, peer, at_most=1 / 3)


def test_betweenness_against_networkx(ratio: Callable[..., float]) -> None:
    network, graph = random_arcs(1000, 7000)

    def ours() -> Any:
        return betweenness(network, engine="own")

    def peer() -> list[float]:
        return list(nx.betweenness_centrality(graph, normalized=False).values())

    assert np.allclose(ours(), peer(), rtol=1e-10, atol=1e-12)
    ratio(ours, peer, at_most=1 / 2, repeats=3)
