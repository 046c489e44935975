"""Activities of a schedule moved to earlier starts, one at a time, as long as any can be."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from leadkit.typing import IntArray
from leadkit.wbs.rcpsp.problem import Problem

__all__ = ["shifted"]


def shifted(problem: Problem, start: Sequence[int], people: Sequence[Sequence[int]]) -> list[int]:
    """Move every activity as early as all others and its people allow, again and again.

    An activity that moves to the front breaks no link to those after it, and leaves its place to them.

    Parameters
    ----------
    problem : Problem
        What is scheduled.
    start : sequence of int, length n
        Starts of a schedule that keeps all rules.
    people : sequence of sequence of int
        The people of each activity, who stay with it.

    Returns
    -------
    list of int
        Starts, none later than before.

    Examples
    --------
    >>> shifted(Problem([3, 2, 4], [0], [1], demand=[[1], [1], [2]], capacity=[2]), [2, 5, 9], [(), (), ()])
    [0, 3, 5]
    """
    begin = np.array(start, dtype=np.int64)
    order = problem.order
    before: list[list[tuple[int, int]]] = [[] for _ in start]
    for i, j, kind, lag in zip(
        problem.predecessor.tolist(),
        problem.successor.tolist(),
        problem.kind.tolist(),
        problem.lag.tolist(),
        strict=True,
    ):
        after = lag + (int(problem.duration[i]) if kind in {0, 2} else 0)
        before[j].append((i, after - (int(problem.duration[j]) if kind in {2, 3} else 0)))
    has_moved = True
    while has_moved:
        has_moved = False
        for i in order[np.argsort(begin[order], kind="stable")].tolist():
            least = max([int(problem.release[i]), *(int(begin[k]) + after for k, after in before[i])])
            if least < begin[i]:
                earliest = _earliest(problem, begin, people, i, least)
                has_moved |= earliest < int(begin[i])
                begin[i] = earliest
    return [int(value) for value in begin]


def _earliest(problem: Problem, begin: IntArray, people: Sequence[Sequence[int]], own: int, least: int) -> int:
    """Find the earliest start from `least` on that is free of what blocks the activity."""
    length = int(problem.duration[own])
    for since, until in sorted(_blocked(problem, begin, people, own)) if length else ():
        if since >= least + length:
            break
        least = max(least, until)
    return least


def _blocked(problem: Problem, begin: IntArray, people: Sequence[Sequence[int]], own: int) -> Iterator[tuple[int, int]]:
    """Give the stretches of time in which others leave too little for an activity."""
    end = begin + problem.duration
    team = set(people[own])
    for k, others in enumerate(people):
        if k != own and not team.isdisjoint(others):
            yield int(begin[k]), int(end[k])
    for r in np.flatnonzero(problem.demand[own]).tolist():
        rivals = np.flatnonzero((problem.demand[:, r] > 0) & (problem.duration > 0))
        rivals = rivals[rivals != own]
        amount = problem.demand[rivals, r]
        instants, place = np.unique(np.concatenate([begin[rivals], end[rivals]]), return_inverse=True)
        used = np.zeros(len(instants), dtype=np.int64)
        np.add.at(used, place, np.concatenate([amount, -amount]))
        is_full = np.cumsum(used) > problem.capacity[r] - problem.demand[own, r]
        for k in np.flatnonzero(is_full).tolist():
            yield int(instants[k]), int(instants[k + 1])
