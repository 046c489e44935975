"""Whether ties stay inside groups or lead across them: Krackhardt and Stern's E-I index."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leadkit._fields import sealed
from leadkit.graphs._arcs import one_network
from leadkit.graphs.network import Network
from leadkit.typing import FloatArray, IntArray

__all__ = ["ei_index", "ei_index_by_node"]


def ei_index(network: Network, groups: Iterable[Any] | NDArray[Any]) -> float:
    """Weigh the ties between groups against those inside them.

    Parameters
    ----------
    network : Network
        Arcs count each, ties of an undirected network once.
    groups : (n,) array_like of labels
        The group of each node, any values that can be told apart; None or NaN is unknown, and ties of such a node are
        left out.

    Returns
    -------
    float
        (external - internal) / (external + internal), from -1 (all inside) to 1 (all across); NaN without ties.

    Raises
    ------
    ValueError
        Not one label a node, or a label that cannot be one, as a list.

    References
    ----------
    .. [1] D. Krackhardt and R. N. Stern, "Informal networks and organizational crises: an experimental simulation",
       Social Psychology Quarterly 51, 1988.

    Examples
    --------
    >>> ei_index(Network.from_edges(4, [0, 1, 1, 3], [1, 0, 2, 2]), ["a", "a", "b", "b"])
    -0.5
    """
    tied, crosses = _ties(network, groups)
    total = int(tied.sum())
    return (2 * int(crosses.sum()) - total) / total if total else math.nan


def ei_index_by_node(network: Network, groups: Iterable[Any] | NDArray[Any]) -> FloatArray:
    """Weigh the ties between groups against those inside them, over the ties that touch each node, either way.

    Parameters
    ----------
    network : Network
        Arcs count each, so two opposite ones count twice; ties of an undirected network count once.
    groups : (n,) array_like of labels
        The group of each node, any values that can be told apart; None or NaN is unknown, and ties of such a node are
        left out.

    Returns
    -------
    (n,) float array
        (external - internal) / (external + internal), from -1 to 1; NaN for a node without ties.

    Raises
    ------
    ValueError
        Not one label a node, or a label that cannot be one, as a list.

    References
    ----------
    .. [1] D. Krackhardt and R. N. Stern, "Informal networks and organizational crises: an experimental simulation",
       Social Psychology Quarterly 51, 1988.

    Examples
    --------
    >>> ei_index_by_node(Network.from_edges(4, [0, 1, 1], [1, 0, 2]), ["a", "a", "b", "b"]).round(3).tolist()
    [-1.0, -0.333, 1.0, nan]
    """
    tied, crosses = _ties(network, groups)
    ends = np.concatenate((network.source[tied], network.target[tied]))
    total = np.bincount(ends, minlength=network.n)
    across = np.bincount(ends, np.tile(crosses[tied], 2), minlength=network.n)
    return sealed(np.where(total > 0, (2 * across - total) / np.maximum(total, 1), np.nan))


def _ties(network: Network, groups: Iterable[Any] | NDArray[Any]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Tell which ties join nodes of known groups, and which of them cross."""
    one_network(network)
    code = _codes(groups, network.n)
    first, second = code[network.source], code[network.target]
    tied = (first >= 0) & (second >= 0)
    return tied, tied & (first != second)


def _codes(groups: Iterable[Any] | NDArray[Any], n: int) -> IntArray:
    """Turn labels into 0, 1, ...; -1 is unknown."""
    given = groups.tolist() if isinstance(groups, np.ndarray) else groups
    labels = list(given) if isinstance(given, Iterable) else None
    if labels is None or len(labels) != n:
        got = type(groups).__name__ if labels is None else len(labels)
        msg = f"groups: expected {n} labels, got {got}"
        raise ValueError(msg)
    numbers: dict[Any, int] = {}
    code = np.full(n, -1, dtype=np.int64)
    for place, label in enumerate(labels):
        try:
            # NaN is the value that differs from itself
            if label is not None and label == label:  # noqa: PLR0124
                code[place] = numbers.setdefault(label, len(numbers))
        except TypeError:
            msg = f"groups[{place}]: {label!r} cannot be a label"
            raise ValueError(msg) from None
    return code
