"""The way to the cheapest mix that keeps its promises: what is asked for at least, and what is asked for next."""

from __future__ import annotations

import heapq
import math
from collections.abc import Callable, Mapping
from itertools import combinations
from typing import Any, Final

import numpy as np

from leadkit.escalation.staffing._trial import Trial
from leadkit.queueing.staffing import required_servers
from leadkit.typing import FloatArray, IntArray

__all__ = ["carrying", "pooled", "search", "skill_sets"]

MOST_SKILLS_IN_FULL: Final = 10
MOST_ROUNDS: Final = 20
SINGLE_STEPS: Final = 12
GUARD = 1e-9


def skill_sets(n: int) -> tuple[list[tuple[int, ...]], list[str]]:
    """List the sets of skills whose load is looked at: all of them, or where these are too many the telling ones."""
    if n <= MOST_SKILLS_IN_FULL:
        return [one for size in range(1, n + 1) for one in combinations(range(n), size)], []
    some = [one for size in (1, 2) for one in combinations(range(n), size)]
    return [*some, tuple(range(n))], ["bounded_sets"]


def carrying(sets: list[tuple[int, ...]], loads: FloatArray) -> IntArray:
    """Count the people who carry at least the load of each set."""
    return np.array([max(math.ceil(math.fsum(loads[list(one)]) - GUARD), 1) for one in sets], dtype=np.int64)


def pooled(sets: list[tuple[int, ...]], rates: FloatArray, service_rate: float, targets: Mapping[str, Any]) -> IntArray:
    """Count the people whom each single skill, and all of them together, would need if they did nothing else."""
    return np.array(
        [
            required_servers(math.fsum(rates[list(one)]), service_rate, **targets).servers
            if len(one) in {1, len(rates)}
            else 0
            for one in sets
        ],
        dtype=np.int64,
    )


def search(
    bare: IntArray,
    needs: IntArray,
    sets: list[tuple[int, ...]],
    covers: IntArray,
    costs: FloatArray,
    solve: Callable[[IntArray], IntArray | None],
    check: Callable[[IntArray], Trial],
) -> tuple[IntArray, Trial, int]:
    """Check mixes from the cheapest on; a missed promise asks for more people with that skill, or for more in all.

    After the first rounds both at once, by steps that double, so that the search ends.
    """
    step = max(round(math.sqrt(float(bare.sum())) / 4), 1)
    largest = max(map(len, sets), default=0)
    is_whole = np.array([len(one) == largest for one in sets], dtype=np.bool_)
    waiting: list[tuple[float, int, int]] = []
    known: list[tuple[IntArray, IntArray]] = []

    def ask(at_least: IntArray) -> None:
        found = solve(at_least)
        if found is not None:
            heapq.heappush(waiting, (math.fsum(costs * found), int(found.sum()), len(known)))
            known.append((at_least, found))

    ask(needs)
    counts, trial, rounds = bare, None, 0
    while waiting and rounds < MOST_ROUNDS:
        at_least, counts = known[heapq.heappop(waiting)[2]]
        trial, rounds = check(counts), rounds + 1
        if trial.keeps_all:
            break
        missed = np.array([len(one) == 1 and bool(trial.missed[one[0]]) for one in sets], dtype=np.bool_)
        there = covers @ counts
        if rounds < SINGLE_STEPS:
            if missed.any():
                ask(np.where(missed, np.maximum(at_least, there + step), at_least))
            ask(np.where(is_whole, np.maximum(at_least, there + step), at_least))
        else:
            waiting.clear()
            further = step * 2 ** (rounds - SINGLE_STEPS)
            ask(np.where(missed | is_whole, np.maximum(at_least, there + further), at_least))
    return counts, check(counts) if trial is None else trial, rounds
