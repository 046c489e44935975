"""The flags of the graph measures: short words that a result carries, and what each says."""

from __future__ import annotations

from collections.abc import Mapping

from leadkit._fields import FrozenMapping

__all__ = ["GRAPH_FLAGS"]

GRAPH_FLAGS: Mapping[str, str] = FrozenMapping(
    {
        "no_cycle": "No node lies on a cycle, so no eigenvector centrality exists.",
        "no_pairs": "Fewer than two nodes: there is no pair to be connected.",
        "no_paths": "No node reaches another, so there is no pair to rank.",
        "no_slack": "No component can hold more arcs than it needs, so efficiency is not defined.",
        "no_triples": "No component has three nodes, so least upper boundedness is not defined.",
        "not_unique": "Several parts of the network share the largest eigenvalue, so the values are not unique.",
        "too_large": "The network is above `max_nodes`, so least upper boundedness was not computed.",
    }
)
"""Every flag of `leadkit.graphs` and the sentence it stands for."""
