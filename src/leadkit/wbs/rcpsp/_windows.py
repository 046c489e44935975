"""Lower bounds from time windows: how early an activity can start, how much must follow it, what fits between."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from leadkit.typing import BoolArray, IntArray
from leadkit.wbs.network import cpm
from leadkit.wbs.rcpsp._limits import Limits
from leadkit.wbs.rcpsp.problem import Problem

__all__ = ["Windows", "clique_bound", "energy_bound", "windows_of", "work_bound"]

MOST_THRESHOLDS = 160
"""So many different heads, and as many tails, are tried."""
MOST_CELLS = 2_000_000
"""A look at all pairs of instants is taken where it needs no more cells than this."""
MOST_SCARCE = 24
"""So many limits, the scarcest, are looked at closely."""


class Windows(NamedTuple):
    """Heads (n,), the early starts; tails (n,), what must pass between a finish and the end; durations (n,)."""

    head: IntArray
    tail: IntArray
    duration: IntArray


def windows_of(problem: Problem) -> Windows:
    """Work out heads and tails along all links."""
    path = cpm(
        problem.duration,
        problem.predecessor,
        problem.successor,
        kind=problem.kind,
        lag=problem.lag,
        release=problem.release,
    )
    late_finish = path.late_finish.astype(np.int64, copy=False)
    return Windows(path.early_start.astype(np.int64, copy=False), int(path.finish) - late_finish, problem.duration)


def work_bound(windows: Windows, limits: Limits) -> int:
    """Bound the makespan by the work between a common head and a common tail.

    Activities with heads of at least a and tails of at least b run between a and b before the end, so that the end is
    not before a + work / capacity + b.
    """
    heads, own_head = _thresholds(windows.head)
    tails, own_tail = _thresholds(windows.tail)
    best = 0
    for k in range(len(limits.capacity)):
        amount = limits.demand[:, k] * windows.duration
        work = _gathered(own_head, own_tail, amount, (len(heads), len(tails)))
        best = max(best, _greatest(heads, tails, work, limits.capacity[k]))
    return best


def energy_bound(windows: Windows, limits: Limits, least: int) -> int:
    """Raise `least` until no stretch of time must hold more work than it can (energetic reasoning).

    With the end at F an activity runs within head..F - tail; of a stretch of time it takes at least what remains when
    it is pushed as far out as the window allows, to either side.

    References
    ----------
    .. [1] P. Baptiste, C. Le Pape, W. Nuijten, "Satisfiability tests and time-bound adjustments for cumulative
       scheduling problems", Annals of Operations Research 92, 1999, 305-333.
    """
    n_instants = len(np.unique(windows.head))
    n_limits = min(len(limits.capacity), MOST_SCARCE)
    busy = windows.duration > 0
    if (
        not n_limits
        or n_instants * len(np.unique(windows.tail)) * max(int(busy.sum()), n_limits) > MOST_CELLS
        or limits.demand.dtype == object
    ):
        return least
    parts = Windows(windows.head[busy], windows.tail[busy], windows.duration[busy])
    scarce = Limits(limits.demand[busy][:, :n_limits], limits.capacity[:n_limits])
    if _fits(parts, scarce, least):
        return least
    low, step = least, 1
    while not _fits(parts, scarce, low + step):
        low, step = low + step, 2 * step
    high = low + step
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if _fits(parts, scarce, middle) else (middle, high)
    return high


def clique_bound(problem: Problem, windows: Windows, limits: Limits) -> int:
    """Bound the makespan by sets of activities of which no two can run at a time.

    Two activities exclude each other when one comes after the other, or when they ask together for more of something
    than there is. A set grows from each activity by the longest one that all in it exclude.

    References
    ----------
    .. [1] R. Klein, A. Scholl, "Computing lower bounds by destructive improvement: an application to resource-constrained
       project scheduling", European Journal of Operational Research 112, 1999, 322-346.
    """
    busy = np.flatnonzero(windows.duration > 0)
    if len(busy) ** 2 * len(busy) > MOST_CELLS or not len(limits.capacity):
        return 0
    excludes = _exclusions(problem, limits)[np.ix_(busy, busy)]
    head, tail, duration = windows.head[busy], windows.tail[busy], windows.duration[busy]
    weight = duration + excludes @ duration
    # all sets grow at the same time, one a row
    members = np.eye(len(busy), dtype=np.bool_)
    left = excludes.copy()
    while left.any():
        newcomer = np.argmax(np.where(left, weight, -1), axis=1)
        rows = np.flatnonzero(left.any(axis=1))
        members[rows, newcomer[rows]] = True
        left[rows] &= excludes[newcomer[rows]]
    cliques = np.unique(members, axis=0)
    return max((_one_at_a_time(head[own], tail[own], duration[own]) for own in cliques), default=0)


def _thresholds(values: IntArray) -> tuple[IntArray, IntArray]:
    """Choose distinct values, the least among them, and give for each value the greatest chosen one not above it."""
    distinct = np.unique(values)
    if len(distinct) > MOST_THRESHOLDS:
        places = np.linspace(0, len(distinct) - 1, MOST_THRESHOLDS).astype(np.int64)
        distinct = distinct[np.unique(places)]
    return distinct, np.searchsorted(distinct, values, side="right") - 1


def _gathered(row: IntArray, column: IntArray, amount: Any, shape: tuple[int, int]) -> Any:
    """Add up amounts, entry (a, b) everything at or after both places."""
    work = np.zeros(shape, dtype=amount.dtype)
    np.add.at(work, (row, column), amount)
    return work[::-1, ::-1].cumsum(axis=0).cumsum(axis=1)[::-1, ::-1]


def _greatest(heads: IntArray, tails: IntArray, work: Any, capacity: int) -> int:
    ends = heads[:, None] + tails[None, :] - (-work // capacity)
    return int(np.max(np.where(work > 0, ends, 0), initial=0))


def _fits(windows: Windows, limits: Limits, end: int) -> bool:
    head, duration = windows.head, windows.duration
    due = end - windows.tail
    first, last = np.unique(head), np.unique(due)
    since, until = first[:, None, None], last[None, :, None]
    held = np.minimum(np.minimum(until - since, duration), np.minimum(head + duration - since, until - due + duration))
    # floating point multiplies matrices many times as fast, and is exact for whole numbers of this size
    used = np.maximum(held, 0).astype(np.float64) @ limits.demand.astype(np.float64)
    room = np.maximum(last[None, :] - first[:, None], 0)[:, :, None] * limits.capacity
    return not bool((used > room).any())


def _exclusions(problem: Problem, limits: Limits) -> BoolArray:
    """Tell of each pair of activities whether they can never run at a time."""
    excludes = _after(problem)
    excludes |= excludes.T
    for k, most in enumerate(limits.capacity):
        demand = limits.demand[:, k]
        excludes |= (demand[:, None] + demand[None, :] > most).astype(np.bool_)
    np.fill_diagonal(excludes, val=False)
    return excludes


def _after(problem: Problem) -> BoolArray:
    """Tell which activities (columns) start after others (rows) have finished, along FS links without overlap."""
    plain = (problem.kind == 0) & (problem.lag >= 0)
    source, target = problem.predecessor[plain], problem.successor[plain]
    reach = np.eye(problem.n, dtype=np.float32)
    reach[source, target] = 1
    count = 0
    while (now := int(np.count_nonzero(reach))) != count:
        count = now
        reach = (reach @ reach > 0).astype(np.float32)
    return reach > 0


def _one_at_a_time(head: IntArray, tail: IntArray, duration: IntArray) -> int:
    """Bound the end of activities that run one after the other, over all thresholds of head and tail."""
    heads, own_head = np.unique(head, return_inverse=True)
    tails, own_tail = np.unique(tail, return_inverse=True)
    return _greatest(heads, tails, _gathered(own_head, own_tail, duration, (len(heads), len(tails))), 1)
