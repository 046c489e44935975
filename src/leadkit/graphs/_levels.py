"""Longest paths in acyclic networks by Kahn's rule: array work while many nodes are ready, plain lists where few are."""

from __future__ import annotations

import numpy as np

from leadkit.graphs._arcs import row_starts, span_places
from leadkit.graphs._indices import IndexArray, stable_order
from leadkit.typing import IntArray

__all__ = ["levels_of"]

# A step over arrays costs as much as a plain loop over about so many nodes; the first few steps cost nothing to speak of.
NARROW = 64
FEW_LEVELS = 64
MOST_SHOWN = 20


def levels_of(n: int, source: IndexArray, target: IndexArray) -> IntArray:
    """Give the length of the longest path to each node; ValueError names a cycle."""
    order = stable_order(source)
    heads, starts = target[order], row_starts(n, source)
    waiting = np.bincount(target, minlength=n)
    level = np.zeros(n, dtype=np.int64)
    ready = np.flatnonzero(waiting == 0)
    depth = 0
    while ready.size and (depth < FEW_LEVELS or ready.size >= NARROW):
        level[ready] = depth
        reached = heads[span_places(starts[ready], starts[ready + 1] - starts[ready])]
        np.subtract.at(waiting, reached, 1)
        ready = np.unique(reached[waiting[reached] == 0])
        depth += 1
    if ready.size:
        level, waiting = _in_lists(level, waiting, ready, heads, starts, depth)
    if waiting.any():
        msg = f"the arcs form a cycle: {_cycle(n, source, target, waiting)}"
        raise ValueError(msg)
    return level


def _in_lists(
    level: IntArray, waiting: IntArray, ready: IntArray, heads: IndexArray, starts: IntArray, depth: int
) -> tuple[IntArray, IntArray]:
    """Finish the levels from `depth` on, a node at a time."""
    levels, left = level.tolist(), waiting.tolist()
    to, first = heads.tolist(), starts.tolist()
    now = ready.tolist()
    while now:
        following = []
        for node in now:
            levels[node] = depth
            for head in to[first[node] : first[node + 1]]:
                left[head] -= 1
                if not left[head]:
                    following.append(head)
        now = following
        depth += 1
    return np.array(levels, dtype=np.int64), np.array(left, dtype=np.int64)


def _cycle(n: int, source: IndexArray, target: IndexArray, waiting: IntArray) -> str:
    """Write one cycle among the nodes that wait for ever: each of them has a predecessor that waits too."""
    stuck = waiting > 0
    inside = stuck[source]
    before = np.full(n, n, dtype=np.int64)
    np.minimum.at(before, target[inside], source[inside])
    step = before.tolist()
    place: dict[int, int] = {}
    node = int(np.argmax(stuck))
    while node not in place:
        place[node] = len(place)
        node = step[node]
    cycle = list(place)[place[node] :][::-1]
    first = cycle.index(min(cycle))
    cycle = cycle[first:] + cycle[:first]
    if len(cycle) <= MOST_SHOWN:
        return " -> ".join(map(str, (*cycle, cycle[0])))
    return " -> ".join(map(str, (*cycle[:MOST_SHOWN], "...", cycle[0]))) + f" ({len(cycle)} nodes)"
