"""How many ties a node has."""

from __future__ import annotations

import numpy as np

from leadkit._fields import sealed
from leadkit.graphs._arcs import every_arc, one_network
from leadkit.graphs.network import Network
from leadkit.typing import FloatArray

__all__ = ["in_degree", "out_degree"]


def in_degree(network: Network, *, weighted: bool = False) -> FloatArray:
    """Count the ties that lead to each node, or add up their weights.

    Parameters
    ----------
    network : Network
        An arc i -> j means "i goes to j"; a tie of an undirected network counts at both ends.
    weighted : bool
        Whether to add weights instead of counting.

    Returns
    -------
    (n,) float array
        At least 0.

    Raises
    ------
    ValueError
        `weighted` without weights.

    References
    ----------
    .. [1] L. C. Freeman, "Centrality in social networks: conceptual clarification", Social Networks 1, 1979.

    Examples
    --------
    >>> in_degree(Network.from_edges(3, [0, 1, 0], [2, 2, 1])).tolist()
    [0.0, 1.0, 2.0]
    """
    one_network(network)
    arcs = every_arc(network, weighted=weighted)
    return sealed(np.bincount(arcs.target, arcs.weights, minlength=arcs.n).astype(np.float64))


def out_degree(network: Network, *, weighted: bool = False) -> FloatArray:
    """Count the ties that start at each node, or add up their weights.

    Parameters
    ----------
    network : Network
        An arc i -> j means "i goes to j"; a tie of an undirected network counts at both ends.
    weighted : bool
        Whether to add weights instead of counting.

    Returns
    -------
    (n,) float array
        At least 0.

    Raises
    ------
    ValueError
        `weighted` without weights.

    References
    ----------
    .. [1] L. C. Freeman, "Centrality in social networks: conceptual clarification", Social Networks 1, 1979.

    Examples
    --------
    >>> out_degree(Network.from_edges(3, [0, 1, 0], [2, 2, 1], [1.5, 1.0, 2.0]), weighted=True).tolist()
    [3.5, 1.0, 0.0]
    """
    one_network(network)
    arcs = every_arc(network, weighted=weighted)
    return sealed(np.bincount(arcs.source, arcs.weights, minlength=arcs.n).astype(np.float64))
