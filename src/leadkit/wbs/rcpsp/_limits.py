"""Everything that is scarce in a problem, shared resources and sets of people alike, as demands beside capacities."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from leadkit.typing import BoolArray, FloatArray, IntArray
from leadkit.wbs.rcpsp.problem import Problem

__all__ = ["Limits", "limits_of"]

MOST_NEEDS = 128
"""So many different needs, those with the most work, are united to sets of people."""
MOST_STARTS = 12
"""From so many of them the search for a scarce set sets out."""
WITHIN_INT64 = 2.0**62


class Limits(NamedTuple):
    """Demands (n, k) of the activities beside capacities (k,), integers; objects where 64 bits might not do."""

    demand: IntArray
    capacity: IntArray


class Crews(NamedTuple):
    """Different needs as masks of who is qualified (q, p), with the heads (n, q) that activities take of each."""

    masks: BoolArray
    heads: IntArray


def limits_of(problem: Problem) -> Limits:
    """Gather what limits a schedule, tightest first among the sets of people.

    A set of people must do alone whatever only they can do: every need whose qualified people all belong to it.
    Such a set is a resource with as much capacity as it has members. Tried are the qualified people of every need, those
    of every skill, everybody, and unions of needs that become ever scarcer.

    Parameters
    ----------
    problem : Problem
        Every need has somebody qualified.

    Returns
    -------
    Limits
        Capacities of 0 that nobody asks for are left out.
    """
    works = problem.duration > 0
    demand = np.where(works[:, None], problem.demand, 0)
    used = demand.any(axis=0)
    parts = [(demand[:, used], problem.capacity[used])]
    crews = _crews(problem)
    if crews.masks.size:
        sets = _sets(problem, crews)
        inside = _inside(crews.masks, sets)
        taken, sizes = crews.heads @ inside.T.astype(np.int64), sets.sum(axis=1)
        load = _load(problem, taken) / sizes
        scarce = np.argsort(-load, kind="stable")
        scarce = scarce[load[scarce] > 0]
        parts.append((taken[:, scarce], sizes[scarce]))
    demands = np.concatenate([part for part, _ in parts], axis=1)
    capacity = np.concatenate([part for _, part in parts])
    if _load(problem, demands).sum() + problem.duration.sum(dtype=float) > WITHIN_INT64:
        return Limits(demands.astype(object), capacity.astype(object))
    return Limits(demands, capacity)


def _crews(problem: Problem) -> Crews:
    """Put needs together that the same people are qualified for."""
    places: dict[bytes, int] = {}
    masks: list[BoolArray] = []
    entries: list[tuple[int, int, int]] = []
    known: dict[object, int] = {}
    for i, (needs, length) in enumerate(zip(problem.needs, problem.duration.tolist(), strict=True)):
        for need in needs if length else ():
            if need.skills not in known:
                mask = problem.qualified(need)
                known[need.skills] = places.setdefault(mask.tobytes(), len(masks))
                if known[need.skills] == len(masks):
                    masks.append(mask)
            entries.append((i, known[need.skills], need.heads))
    heads = np.zeros((problem.n, len(masks)), dtype=np.int64)
    for i, place, count in entries:
        heads[i, place] += count
    return Crews(np.array(masks, dtype=np.bool_).reshape(len(masks), len(problem.person_ids)), heads)


def _sets(problem: Problem, crews: Crews) -> BoolArray:
    """List sets of people, (k, p): needs, skills, everybody, and unions found step by step."""
    by_skill = [~np.isnan(problem.levels[:, k]) for k in range(len(problem.skill_ids))]
    found = [*crews.masks, *by_skill, np.ones(len(problem.person_ids), dtype=np.bool_)]
    load = _load(problem, crews.heads)
    heaviest = np.sort(np.argsort(-load, kind="stable")[:MOST_NEEDS])
    masks, load = crews.masks[heaviest], load[heaviest]
    seen: set[bytes] = set()
    for start in np.argsort(-load / masks.sum(axis=1), kind="stable")[:MOST_STARTS].tolist():
        mask, share = masks[start], 0.0
        while mask.tobytes() not in seen:
            seen.add(mask.tobytes())
            unions = masks | mask
            shares = (_inside(masks, unions) @ load) / unions.sum(axis=1)
            best = int(np.argmax(shares))
            if shares[best] <= share:
                break
            mask, share = unions[best], float(shares[best])
            found.append(mask)
    sets = np.unique(np.array(found), axis=0)
    return sets[sets.any(axis=1)]


def _inside(masks: BoolArray, sets: BoolArray) -> BoolArray:
    """Tell for each set (k, p) which of the masks (q, p) lie inside it, (k, q)."""
    outside: BoolArray = (~sets).astype(np.float32) @ masks.T.astype(np.float32) > 0
    return ~outside


def _load(problem: Problem, demand: IntArray) -> FloatArray:
    """Add up the work (k,) that columns of demand (n, k) stand for; approximate where 53 bits do not do."""
    load: FloatArray = problem.duration.astype(np.float64) @ demand.astype(np.float64)
    return load
