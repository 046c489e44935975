"""What keeps a parent vector from being a forest: pointers to nowhere, self-parents, cycles, all told at once."""

from __future__ import annotations

import numpy as np
from attrs import field, frozen
from numpy.typing import ArrayLike

from leadkit._fields import sealed
from leadkit._results import Result
from leadkit.graphs._indices import IndexArray, as_indices, index_dtype
from leadkit.graphs.tree.jumping import leap

__all__ = ["TreeFaults", "check_parents"]

MOST_SHOWN = 5


@frozen(kw_only=True, eq=False)
class TreeFaults(Result):
    """Everything that is wrong with a parent vector.

    Parameters
    ----------
    n : int
        Number of nodes.
    roots : (r,) int array
        Nodes whose parent is -1, ascending.
    out_of_range : int array
        Nodes whose parent is below -1 or above n - 1, ascending.
    self_parents : int array
        Nodes that are their own parent, ascending.
    cycles : tuple of tuple of int
        Cycles of two or more nodes, each from its smallest node along the parents, ordered by that node.
    behind_cycle : int array
        Nodes on no cycle whose line upward ends in one (a self-parent counts as a cycle), ascending.
    """

    n: int
    roots: IndexArray
    out_of_range: IndexArray
    self_parents: IndexArray
    cycles: tuple[tuple[int, ...], ...] = field(repr=lambda cycles: f"<{len(cycles)} cycles>")
    behind_cycle: IndexArray

    @property
    def is_tree(self) -> bool:
        """Whether the vector is a forest: every node reaches a root."""
        return not (self.out_of_range.size or self.self_parents.size or self.cycles)

    def describe(self) -> str:
        """Say in one line what is wrong, with the first few nodes of each kind; empty for a forest."""
        parts = []
        if self.out_of_range.size:
            parts.append(f"{_nodes(self.out_of_range)} with a parent outside -1..{self.n - 1}")
        if self.self_parents.size:
            parts.append(f"{_nodes(self.self_parents)} with itself as parent")
        if self.cycles:
            shown = ", ".join(_loop(cycle) for cycle in self.cycles[:MOST_SHOWN])
            more = f" and {len(self.cycles) - MOST_SHOWN} more" if len(self.cycles) > MOST_SHOWN else ""
            parts.append(f"{len(self.cycles)} cycle{'s' * (len(self.cycles) > 1)}: {shown}{more}")
        if self.behind_cycle.size:
            parts.append(f"{_nodes(self.behind_cycle)} behind a cycle")
        return "; ".join(parts)


def check_parents(parents: ArrayLike) -> TreeFaults:
    """Find everything that keeps a parent vector from being a forest.

    Parameters
    ----------
    parents : (n,) array_like of int
        Index of each node's parent, -1 for a root; any integer type.

    Returns
    -------
    TreeFaults
        All faults at once; `is_tree` when there are none.

    Raises
    ------
    ValueError
        `parents` is no vector of integers.

    Notes
    -----
    Every line is followed by pointer jumping, which doubles its step, so that a line of any length takes
    O(log n) passes over the array.

    References
    ----------
    .. [1] J. JaJa, "An Introduction to Parallel Algorithms", Addison-Wesley, 1992, section 2.2.

    Examples
    --------
    >>> faults = check_parents([-1, 0, 3, 2, 3, 5])
    >>> faults.cycles, faults.self_parents.tolist(), faults.behind_cycle.tolist(), faults.is_tree
    (((2, 3),), [5], [4], False)
    """
    given = as_indices(parents, "parents")
    n = given.size
    nodes = np.arange(n, dtype=index_dtype(n))
    outside = (given < -1) | (given >= n)
    # a line that leaves the vector ends there, like a root's
    above = np.append(np.where(outside | (given == -1), n, given), n).astype(np.intp, copy=False)
    last = above
    for _ in range(n.bit_length()):
        if last.min(initial=n) == n:
            break
        last = leap(last)
    trapped = last[:n] != n
    on_cycle = np.zeros(n, dtype=bool)
    on_cycle[last[:n][trapped]] = True
    is_self = above[:n] == nodes
    return TreeFaults(
        n=n,
        roots=sealed(nodes[given == -1]),
        out_of_range=sealed(nodes[outside]),
        self_parents=sealed(nodes[is_self]),
        cycles=_walk(above, nodes[on_cycle & ~is_self]),
        behind_cycle=sealed(nodes[trapped & ~on_cycle]),
    )


def _walk(above: IndexArray, members: IndexArray) -> tuple[tuple[int, ...], ...]:
    """Follow each cycle once, from its smallest member."""
    follow: list[int] = above.tolist() if members.size else []
    cycles = []
    seen: set[int] = set()
    for start in members.tolist():
        if start in seen:
            continue
        cycle = [start]
        node = follow[start]
        while node != start:
            cycle.append(node)
            node = follow[node]
        seen.update(cycle)
        cycles.append(tuple(cycle))
    return tuple(cycles)


def _nodes(nodes: IndexArray) -> str:
    shown = ", ".join(map(str, nodes[:MOST_SHOWN].tolist()))
    more = f" and {nodes.size - MOST_SHOWN} more" if nodes.size > MOST_SHOWN else ""
    return f"node{'s' * (nodes.size > 1)} {shown}{more}"


def _loop(cycle: tuple[int, ...]) -> str:
    shown = cycle if len(cycle) <= MOST_SHOWN else (*cycle[:MOST_SHOWN], "...")
    return " -> ".join(map(str, (*shown, cycle[0])))
