"""The dynamic programme behind a release: the best a subtree can do for each number of respondents left over."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np

from leadkit.graphs import TreeIndex
from leadkit.typing import BoolArray, IntArray

__all__ = ["largest_release"]

Values: TypeAlias = dict[int, int]
"""Best value by number of respondents left over above the published nodes; the minimum stands for any more."""
Steps: TypeAlias = dict[int, int]
"""For a number left over: that of the siblings before times (the minimum + 1), plus that of this child."""


def largest_release(tree: TreeIndex, subtree_n: IntArray, minimum: int) -> BoolArray:
    """Choose the nodes of the largest safe release that holds every root with enough respondents.

    A node with fewer than `minimum` respondents is never published and leaves over what it has, so only the others
    are worked through: plain lists in preorder, since a line is as usual as a star here.

    Parameters
    ----------
    tree : TreeIndex
        The forest.
    subtree_n : (n,) int array
        Respondents of each subtree.
    minimum : int
        Least respondents of a published subtree and of a block that is not empty.

    Returns
    -------
    (n,) bool array
        The nodes to publish.
    """
    heavy = tree.order[subtree_n[tree.order] >= minimum]
    place = np.full(tree.n + 1, -1)
    place[heavy] = np.arange(heavy.size)
    parents = place[tree.parents[heavy]]
    below = np.bincount(parents + 1, weights=subtree_n[heavy], minlength=heavy.size + 1)[1:]
    loose = np.minimum(subtree_n[heavy] - below.astype(np.int64), minimum)
    depth = tree.depth[heavy].astype(np.int64)
    # one node more is worth more than any saving of depth
    gains = (int(depth.sum()) + 1 - depth).tolist()
    above: list[int] = parents.tolist()
    from_enough, steps = _climb(above, loose.tolist(), gains, minimum)
    published = np.zeros(tree.n, dtype=np.bool_)
    published[heavy] = _descend(above, from_enough, steps, minimum)
    return published


def _climb(above: list[int], loose: list[int], gains: list[int], minimum: int) -> tuple[list[bool], list[Steps]]:
    """Work from the last node of the preorder to the first.

    Tell for each node whether publishing it closes a block (else it has none of its own), and for each node how the
    sum over it and its later siblings came about.
    """
    count = len(above)
    sums: list[Values | None] = [None] * count
    steps: list[Steps] = [{}] * count
    closes = [True] * count
    known: dict[tuple[int, ...], Steps] = {}
    for node in range(count - 1, -1, -1):
        values = sums[node] or {minimum: 0}
        sums[node] = None
        enough = values[minimum]
        empty = values.get(0, -1)
        closes[node] = enough >= empty
        parent = above[node]
        if parent >= 0:
            # left over by nobody: publishing the node is better than not
            values[0] = max(enough, empty) + gains[node]
            sums[parent], taken = _joined(sums[parent] or {loose[parent]: 0}, values, minimum)
            # the same few ways come again and again, so each is kept once
            steps[node] = known.setdefault(tuple(taken.values()), taken)
    return closes, steps


def _joined(siblings: Values, child: Values, minimum: int) -> tuple[Values, Steps]:
    best: Values = {}
    steps: Steps = {}
    for left, value in siblings.items():
        step = left * (minimum + 1)
        for more, gain in child.items():
            total = left + more if left + more < minimum else minimum  # noqa: FURB136 - a call here takes longer
            joint = value + gain
            if joint > best.get(total, -1):
                best[total] = joint
                steps[total] = step + more
    if len(best) > 1:
        _without_dominated(best, minimum)
    return best, steps


def _without_dominated(best: Values, minimum: int) -> None:
    """Drop a number left over where a larger one is worth as much: whatever is safe with it is safe with more."""
    top = -1
    for left in range(minimum, 0, -1):
        value = best.get(left, -1)
        if value > top:
            top = value
        elif value >= 0:
            del best[left]


def _descend(above: list[int], closes: list[bool], steps: list[Steps], minimum: int) -> list[bool]:
    """Read off in preorder what each node leaves over; a node that leaves nobody is published."""
    published = [False] * len(above)
    wanted = [0] * len(above)
    for node, parent in enumerate(above):
        left = 0
        if parent >= 0:
            wanted[parent], left = divmod(steps[node][wanted[parent]], minimum + 1)
        published[node] = left == 0
        wanted[node] = left or (minimum if closes[node] else 0)
    return published
