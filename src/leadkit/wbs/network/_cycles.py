"""The loop in a network of links, found without recursion and the same whatever the order of the links."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import ArrayLike

from leadkit.errors import CycleError
from leadkit.graphs import Network, strong_components
from leadkit.graphs._arcs import node_count, row_starts
from leadkit.wbs.network._checking import as_ends
from leadkit.wbs.network._ordering import ordered

__all__ = ["cycle_error", "find_cycle"]

MOST_SHOWN = 20


def find_cycle(n: int, predecessor: ArrayLike, successor: ArrayLike) -> tuple[int, ...] | None:
    """Find a loop of links, if there is one.

    Parameters
    ----------
    n : int
        Number of activities, at least 0.
    predecessor, successor : (m,) array_like of int
        Ends of the links; a link may occur more than once, one from an activity to itself is a loop.

    Returns
    -------
    tuple of int or None
        The loop in order and closed: it ends with the index it starts with, the smallest one that any loop passes
        through. Of several loops there the shortest is taken, then the one with the smallest indices. None without a
        loop.

    Raises
    ------
    ValueError
        An end is no activity, or the lengths differ.

    Examples
    --------
    >>> find_cycle(6, [0, 2, 5, 1], [2, 5, 0, 2])
    (0, 2, 5, 0)
    >>> find_cycle(3, [0, 1], [1, 2]) is None
    True
    """
    count = node_count(n)
    source, target = as_ends(count, predecessor, successor)
    made = ordered(count, source, target)
    if made.order.size == count:
        return None
    itself = source == target
    loops = source[itself]
    own = int(loops.min()) if loops.size else count
    network = Network.from_edges(count, source, target)
    labels = strong_components(network)
    shared = np.flatnonzero(np.bincount(labels)[labels] > 1)
    start = int(shared[0]) if shared.size else count
    return (own, own) if own <= start else _shortest(network, start)


def cycle_error(cycle: tuple[int, ...], names: Iterable[str] | None = None) -> CycleError:
    """Build the error that names a closed loop in order; a long one is shortened in the message alone.

    Examples
    --------
    >>> print(cycle_error((0, 2, 5, 0)))
    the links form a loop: 0 -> 2 -> 5 -> 0
    """
    shown = [str(index) for index in cycle] if names is None else list(names)
    if len(shown) > MOST_SHOWN + 1:
        rest = f" ({len(shown) - 1} activities)"
        shown = [*shown[:MOST_SHOWN], "...", shown[-1]]
    else:
        rest = ""
    return CycleError(f"the links form a loop: {' -> '.join(shown)}{rest}", cycle=cycle)


def _shortest(network: Network, start: int) -> tuple[int, ...]:
    """Walk from `start`, which is on a loop, in breadth and smaller indices first until a link leads back to it."""
    heads, first = network.target.tolist(), row_starts(network.n, network.source).tolist()
    came_from: dict[int, int] = {}
    queue = [start]
    walk = iter(queue)
    while start not in came_from:
        activity = next(walk)
        for head in heads[first[activity] : first[activity + 1]]:
            if head not in came_from:
                came_from[head] = activity
                queue.append(head)
    path = [start, came_from[start]]
    while path[-1] != start:
        path.append(came_from[path[-1]])
    return tuple(reversed(path))
