"""Who stands at the centre of a network: ties, walks, shortest paths, and ties across groups."""

from __future__ import annotations

from leadkit.graphs.centrality.betweenness import betweenness
from leadkit.graphs.centrality.degree import in_degree, out_degree
from leadkit.graphs.centrality.distance import closeness, harmonic
from leadkit.graphs.centrality.eigenvector import EigenvectorResult, eigenvector
from leadkit.graphs.centrality.mixing import ei_index, ei_index_by_node
from leadkit.graphs.centrality.pagerank import pagerank

__all__ = [
    "EigenvectorResult",
    "betweenness",
    "closeness",
    "ei_index",
    "ei_index_by_node",
    "eigenvector",
    "harmonic",
    "in_degree",
    "out_degree",
    "pagerank",
]
