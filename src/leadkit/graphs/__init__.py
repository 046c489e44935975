"""Trees and networks as index arrays; every module loads on first use."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from leadkit.graphs.centrality import (
        EigenvectorResult,
        betweenness,
        closeness,
        ei_index,
        ei_index_by_node,
        eigenvector,
        harmonic,
        in_degree,
        out_degree,
        pagerank,
    )
    from leadkit.graphs.flags import GRAPH_FLAGS
    from leadkit.graphs.hierarchy import HierarchyMeasures, hierarchy_measures, lub_violations
    from leadkit.graphs.network import (
        Network,
        strong_components,
        topological_levels,
        topological_order,
        weak_components,
    )
    from leadkit.graphs.tree import TreeFaults, TreeIndex, check_parents

__all__ = [
    "GRAPH_FLAGS",
    "EigenvectorResult",
    "HierarchyMeasures",
    "Network",
    "TreeFaults",
    "TreeIndex",
    "betweenness",
    "check_parents",
    "closeness",
    "ei_index",
    "ei_index_by_node",
    "eigenvector",
    "harmonic",
    "hierarchy_measures",
    "in_degree",
    "lub_violations",
    "out_degree",
    "pagerank",
    "strong_components",
    "topological_levels",
    "topological_order",
    "weak_components",
]

MODULES = {
    "centrality": (
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
    ),
    "flags": ("GRAPH_FLAGS",),
    "hierarchy": ("HierarchyMeasures", "hierarchy_measures", "lub_violations"),
    "network": ("Network", "strong_components", "topological_levels", "topological_order", "weak_components"),
    "tree": ("TreeFaults", "TreeIndex", "check_parents"),
}
HOMES = {name: module for module, names in MODULES.items() for name in names}


def __getattr__(name: str) -> Any:
    """Load the module of a public name on first use (PEP 562)."""
    if name in HOMES:
        return getattr(import_module(f"leadkit.graphs.{HOMES[name]}"), name)
    msg = f"module 'leadkit.graphs' has no attribute {name!r}"
    raise AttributeError(msg)


def __dir__() -> list[str]:
    return sorted(__all__)
