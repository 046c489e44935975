"""How many people the shares of change agents rest on, and which of the shares may therefore be shown."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from attrs import field, frozen

from leadkit._fields import int_array
from leadkit._results import Value
from leadkit.graphs import TreeIndex
from leadkit.org._exchanges import is_exchangeable
from leadkit.org._hiding import shown_parts
from leadkit.org._paths import any_marked, nearest_marked, starts_below
from leadkit.typing import BoolArray, FloatArray, IntArray

__all__ = [
    "COVERED",
    "ENGAGED",
    "NOT_COVERED",
    "NOT_ENGAGED",
    "NOT_SCORED",
    "NO_AGENT",
    "UNKNOWN",
    "Reach",
    "measure_reach",
]

ENGAGED, NOT_ENGAGED, NOT_SCORED = range(3)
COVERED, NOT_COVERED, UNKNOWN, NO_AGENT = range(4)


@frozen(kw_only=True, eq=False)
class Reach(Value):
    """How many people the shares of change agents rest on, from which `disclosed` tells what may be shown.

    Parameters
    ----------
    agents : (3,) int array
        Agents who are engaged, who are not, and who have no score.
    threads : (4,) int array
        Threads that are covered, not covered, unknown, and without an agent.
    agents_behind : (3,) int array
        Engaged agents on covered threads, others on threads not covered, unscored ones on unknown threads.
    can_exchange : bool
        Whether each scored agent could change sides, engaged or not, with others so that all shares stay.
    agents_even, threads_even : bool
        Whether all agents weigh the same, and whether all threads do.
    """

    agents: IntArray = field(converter=int_array)
    threads: IntArray = field(converter=int_array)
    agents_behind: IntArray = field(converter=int_array)
    can_exchange: bool
    agents_even: bool
    threads_even: bool

    def shown_agents(self, minimum: int) -> BoolArray:
        """Tell which of the shares of engaged, not engaged and unknown agents may be shown."""
        if self.agents[:NOT_SCORED].sum() < minimum:
            return np.zeros(3, dtype=np.bool_)
        return shown_parts(self.agents[:, np.newaxis], minimum)

    def shown_threads(self, minimum: int) -> BoolArray:
        """Tell which of the shares of covered, not covered and unknown threads, and of those without agent, may be shown."""
        n_without, with_agent = int(self.threads[NO_AGENT]), self.threads[:NO_AGENT]
        is_few = 0 < n_without < minimum
        shown = np.zeros(4, dtype=np.bool_)
        if self.threads.sum() < minimum:
            return shown
        shown[NO_AGENT] = not is_few
        if self.agents[:NOT_SCORED].sum() < minimum or not self.can_exchange:
            return shown
        shown[:NO_AGENT] = shown_parts(np.column_stack([with_agent, self.agents_behind]), minimum)
        if is_few and shown[:NO_AGENT].all():
            # otherwise the three would leave the fourth to be worked out
            shown[int(np.argmin(np.where(with_agent > 0, with_agent, self.threads.sum())))] = False
        return shown


def measure_reach(
    tree: TreeIndex, acts: BoolArray, state: IntArray, line: IntArray, starts: IntArray, weight: FloatArray
) -> Reach:
    """Count the agents behind each state of threads: those in that state on a thread in that state."""
    behind = []
    for thread_state, agent_state in ((COVERED, ENGAGED), (NOT_COVERED, NOT_ENGAGED), (UNKNOWN, NOT_SCORED)):
        begins = np.zeros(tree.n, dtype=np.bool_)
        begins[starts[line[starts] == thread_state]] = True
        on_some = starts_below(tree.parents, begins) > 0
        behind.append(int((on_some & acts & (state == agent_state)).sum()))
    return Reach(
        agents=np.bincount(state[acts], minlength=3),
        threads=np.bincount(line[starts], minlength=4),
        agents_behind=behind,
        can_exchange=_can_exchange(tree, acts, state, line, starts),
        agents_even=_are_equal(weight[acts]),
        threads_even=_are_equal(weight[starts]),
    )


def _are_equal(weight: FloatArray) -> bool:
    return bool((weight == weight[:1]).all())


def _can_exchange(tree: TreeIndex, acts: BoolArray, state: IntArray, line: IntArray, starts: IntArray) -> bool:
    """Tell whether each scored agent could be engaged instead of not, or not instead of engaged.

    An engaged agent has the threads that nobody else covers, another one those that would be covered. Agents without
    a scored agent beneath have no thread in common, so their threads add up.
    """
    engaged, scored = acts & (state == ENGAGED), acts & (state != NOT_SCORED)
    agents = np.flatnonzero(scored)
    sides = engaged[agents]
    if sides.all() or not sides.any():
        return True
    nearest = nearest_marked(tree.parents, engaged, strict=False)[starts]
    alone = (nearest >= 0) & ~any_marked(tree.parents, engaged)[nearest]
    has_gap = any_marked(tree.parents, acts & (state == NOT_SCORED), strict=False)[starts]

    def through(chosen: BoolArray) -> IntArray:
        begins = np.zeros(tree.n, dtype=np.bool_)
        begins[starts[chosen]] = True
        return starts_below(tree.parents, begins)

    lost = np.bincount(nearest[alone], minlength=tree.n)
    would_be_unknown = np.bincount(nearest[alone & has_gap], minlength=tree.n) + through(line[starts] == UNKNOWN)
    own = np.where(engaged, lost, through(line[starts] == NOT_COVERED))[agents]
    is_free = would_be_unknown[agents] == 0
    is_lowest = (starts_below(tree.parents, scored) == 1)[agents] & is_free
    return bool(is_free.all()) and all(
        is_exchangeable(value, own[rest & sides], own[rest & ~sides])
        if side
        else is_exchangeable(value, own[rest & ~sides], own[rest & sides])
        for value, side, rest in _askers(tree, agents, own, sides, is_lowest)
    )


def _askers(
    tree: TreeIndex, agents: IntArray, own: IntArray, sides: BoolArray, is_lowest: BoolArray
) -> Iterator[tuple[int, bool, BoolArray]]:
    """Give each agent's threads and side, and the lowest agents elsewhere; of lowest ones that are equal only one."""
    seen = set()
    for place, agent in enumerate(agents.tolist()):
        value, side = int(own[place]), bool(sides[place])
        if is_lowest[place]:
            if (value, side) in seen:
                continue
            seen.add((value, side))
        yield value, side, is_lowest & ~tree.is_ancestor(agent, agents, strict=False)
