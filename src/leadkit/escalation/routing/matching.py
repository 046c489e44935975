"""Who gets which of many tickets at once: as many of the most urgent as can be, and then with the least surplus."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from leadkit.escalation.routing.asking import Case, beyond_of
from leadkit.escalation.routing.deciding import Desk, Outcome, path_of
from leadkit.escalation.routing.state import is_there
from leadkit.typing import BoolArray, FloatArray, IntArray

__all__ = ["matched", "weights"]


class Target(NamedTuple):
    """The level that a ticket would go to if everybody were there: its rank, who can solve it there, and their surplus."""

    rank: int | None
    rows: IntArray
    surplus: FloatArray


def matched(cases: Sequence[Case], desk: Desk) -> tuple[list[Outcome], list[float]]:
    """Find who gets which ticket.

    Parameters
    ----------
    cases : sequence of Case
        The tickets, in order of urgency.
    desk : Desk
        Matrix, team and rules.

    Returns
    -------
    list of Outcome
        One a ticket. No other choice of people has more tickets of the most urgent priority placed, then of the next, and
        so on, and of those with as many none has a smaller sum of surpluses.
    list of float
        The surplus of whoever was found for each, NaN where nobody was.

    Notes
    -----
    The sets of tickets that can be placed together are the independent sets of a transversal matroid. There, whatever
    weights above 0 the tickets have, a heaviest set has as many as can be of the heaviest, then of the next heaviest,
    and so on; so priorities may weigh 1, 2, 3, ... instead of powers, and no number of priorities is too many [1]_.

    References
    ----------
    .. [1] J. Edmonds, "Matroids and the greedy algorithm", Mathematical Programming 1, 1971.
    """
    is_known = np.array([agent is not None for agent in desk.agents], np.bool_)
    places = np.array(
        [agent.places if agent is not None and is_there(agent, desk.now) else 0 for agent in desk.agents], np.int64
    )
    targets = _targets(cases, is_known)
    people = _assigned(cases, targets, places)
    left = places.copy()
    np.subtract.at(left, people[people >= 0], 1)
    outcomes, surpluses = [], []
    for case, target, row in zip(cases, targets, people.tolist(), strict=True):
        person = desk.matrix.people[row] if row >= 0 else None
        # a ticket is told of with all others placed, so the place of its own person counts as free
        available = np.count_nonzero(left[target.rows]) + (row >= 0 and left[row] == 0)
        path = path_of(case, target.rank, person, target.rows.size, int(available))
        outcomes.append(Outcome(path, target.rank, person))
        surpluses.append(float(target.surplus[np.searchsorted(target.rows, row)]) if row >= 0 else math.nan)
    return outcomes, surpluses


def weights(priorities: Sequence[int], greatest: float) -> tuple[FloatArray, float]:
    """Weigh tickets by priority, and scale surpluses so that all of them together weigh less than one step.

    Parameters
    ----------
    priorities : sequence of int
        One a ticket, 1 the most urgent.
    greatest : float
        The greatest surplus there is, at least 0.

    Returns
    -------
    (n,) float array, float
        The weight of each ticket, and what to multiply surpluses with: both powers of 2 times whole numbers, so that sums
        of weights are exact, and so are those of surpluses that are round numbers.
    """
    rank = {own: place for place, own in enumerate(sorted(set(priorities), reverse=True), start=1)}
    step = 2.0 ** math.ceil(math.log2(2 * len(priorities) + 2))
    scale = 2.0 ** -math.frexp(greatest)[1] if greatest > 0 else 1.0
    return step * np.array([rank[own] for own in priorities], np.float64), scale


def _targets(cases: Sequence[Case], is_known: BoolArray) -> list[Target]:
    """Find the level that each ticket would go to; alike tickets are looked at once."""
    seen: dict[object, Target] = {}
    targets = []
    for case in cases:
        key = (case.domain, case.ticket.level, case.top, tuple(case.needs.items()), case.stays)
        if key not in seen:
            seen[key] = _target(case, is_known)
        targets.append(seen[key])
    return targets


def _target(case: Case, is_known: BoolArray) -> Target:
    is_asked = is_known
    if case.stays is not None and case.stays in case.matrix.people:
        is_asked = is_known.copy()
        is_asked[case.matrix.position(case.stays)] = False
    for rank in case.ranks:
        rows = case.capable(rank)
        rows = rows[is_asked[rows]]
        if rows.size:
            # a sum beyond every number still has to weigh less than a ticket without a place
            surplus = np.minimum(beyond_of(case.held, case.needed(rank))[rows], np.finfo(np.float64).max)
            return Target(rank, rows, surplus)
    return Target(None, np.zeros(0, np.int64), np.zeros(0))


def _assigned(cases: Sequence[Case], targets: Sequence[Target], places: IntArray) -> IntArray:
    """Give for each ticket the row of the person who gets it, -1 where nobody does."""
    from scipy.optimize import linear_sum_assignment

    people = np.full(len(cases), -1)
    asking = np.zeros_like(places)
    for target in targets:
        asking[target.rows] += 1
    slots = np.repeat(np.arange(places.size), np.minimum(places, asking))
    if slots.size == 0:
        return people
    greatest = max(float(np.abs(target.surplus).max(initial=0.0)) for target in targets)
    weight, scale = weights([case.ticket.priority for case in cases], greatest)
    # a pair that cannot be costs 0, as a ticket without a place does; all others cost less
    cost = np.zeros((len(cases), places.size))
    for i, target in enumerate(targets):
        cost[i, target.rows] = target.surplus * scale - weight[i]
    if slots.size != places.size or (slots != np.arange(places.size)).any():
        cost = cost[:, slots]
    ticket, slot = linear_sum_assignment(cost)
    is_placed = cost[ticket, slot] < 0
    people[ticket[is_placed]] = slots[slot[is_placed]]
    return people
