"""A problem made ready for generators: sorted by id, in its largest unit of time, links as least distances of starts."""

from __future__ import annotations

import math
from typing import NamedTuple, TypeAlias

import numpy as np

from leadkit.typing import IntArray
from leadkit.wbs.rcpsp.problem import Problem
from leadkit.wbs.structure import Need

__all__ = ["Crew", "Distances", "Instance", "Slot", "instance_of"]

Distances: TypeAlias = tuple[tuple[tuple[int, int], ...], ...]
"""For every activity pairs of one that comes before it and the least distance between their starts."""
Slot: TypeAlias = tuple[frozenset[int], int]
"""The people who can meet a need, and how many of them it takes."""


class Crew(NamedTuple):
    """What an activity needs of people: everybody who could help, least sought first, heads in all, and need by need."""

    people: tuple[int, ...]
    heads: int
    slots: tuple[Slot, ...]


class Instance(NamedTuple):
    """A problem in the form that generators read.

    Parameters
    ----------
    unit : int
        Time units of the problem in one of these here: all durations, lags and releases are multiples of it.
    duration, release : list of int
        In units.
    links, mirror : Distances
        Of the problem, and of the problem seen from its end.
    demand : list of int
        Of every activity, all shared resources in one number: each in a field of bits of its own.
    idle, guard : int
        What such a number holds when nothing is taken, and its bits that tell that something is above its capacity.
    crews : list of Crew or None
        Of every activity; None where it needs nobody.
    n_people : int
        People who can be asked.
    far, least_work : int
        An instant that no pass reaches, and the shortest work that needs people.
    order, person_order : IntArray
        Place in the problem of each activity and each person here.
    """

    unit: int
    duration: list[int]
    release: list[int]
    links: Distances
    mirror: Distances
    demand: list[int]
    idle: int
    guard: int
    crews: list[Crew | None]
    n_people: int
    far: int
    least_work: int
    order: IntArray
    person_order: IntArray


def instance_of(problem: Problem) -> Instance:
    """Make a problem ready.

    Parameters
    ----------
    problem : Problem
        For each activity there are people and resources enough.

    Returns
    -------
    Instance
        The same for every order of the problem's rows.
    """
    order = problem.order
    unit = math.gcd(*np.unique(np.concatenate([problem.duration, problem.lag, problem.release])).tolist()) or 1
    duration = (problem.duration[order] // unit).tolist()
    release = (problem.release[order] // unit).tolist()
    links, mirror = _links(problem, unit)
    demand, idle, guard = _packed(problem)
    crews = _crews(problem, duration)
    distances = (abs(distance) for group in (*links, *mirror) for _, distance in group)
    return Instance(
        unit=unit,
        duration=duration,
        release=release,
        links=links,
        mirror=mirror,
        demand=demand,
        idle=idle,
        guard=guard,
        crews=crews,
        n_people=len(problem.person_ids),
        far=sum(duration) + sum(distances) + max(release, default=0) + 1,
        least_work=min((length for length, crew in zip(duration, crews, strict=True) if crew), default=1),
        order=order,
        person_order=problem.person_order,
    )


def _links(problem: Problem, unit: int) -> tuple[Distances, Distances]:
    """Turn links of all kinds into least distances between starts; of several between two activities the largest."""
    n = problem.n
    place = np.empty(n, dtype=np.int64)
    place[problem.order] = np.arange(n)
    length = problem.duration
    before, after = problem.predecessor, problem.successor
    # a link leaves a finish (FS, FF) or a start, and enters a finish (FF, SF) or a start
    distance = problem.lag + np.where(np.isin(problem.kind, (0, 2)), length[before], 0)
    distance -= np.where(np.isin(problem.kind, (2, 3)), length[after], 0)
    mirrored = distance + length[after] - length[before]
    links: list[dict[int, int]] = [{} for _ in range(n)]
    mirror: list[dict[int, int]] = [{} for _ in range(n)]
    rows = zip(*(v.tolist() for v in (place[before], place[after], distance // unit, mirrored // unit)), strict=True)
    for i, j, along, against in rows:
        links[j][i] = max(links[j].get(i, along), along)
        mirror[i][j] = max(mirror[i].get(j, against), against)
    return _sorted(links), _sorted(mirror)


def _sorted(links: list[dict[int, int]]) -> Distances:
    return tuple(tuple(sorted(group.items())) for group in links)


def _packed(problem: Problem) -> tuple[list[int], int, int]:
    """Put the resources side by side into one number: a field overflows into its guard bit above its capacity."""
    demand = [0] * problem.n
    idle = guard = shift = 0
    works = (problem.duration > 0)[problem.order]
    for taken, capacity in zip(problem.demand[problem.order].T, problem.capacity.tolist(), strict=True):
        amounts = np.where(works, taken, 0).tolist()
        if sum(amounts) <= capacity:
            continue
        width = capacity.bit_length()
        idle |= ((1 << width) - 1 - capacity) << shift
        guard |= 1 << shift + width
        demand = [total | amount << shift for total, amount in zip(demand, amounts, strict=True)]
        shift += width + 1
    return demand, idle, guard


def _crews(problem: Problem, duration: list[int]) -> list[Crew | None]:
    """List for every activity who can meet its needs, those whom least work asks for first."""
    people = problem.person_order
    known: dict[Need, list[int]] = {}
    sought = [0] * len(people)
    needs = [problem.needs[i] if length else () for i, length in zip(problem.order.tolist(), duration, strict=True)]
    for group, length in zip(needs, duration, strict=True):
        for need in group:
            if need not in known:
                known[need] = problem.qualified(need)[people].nonzero()[0].tolist()
            for person in known[need]:
                sought[person] += length * need.heads
    crews: dict[tuple[Need, ...], Crew | None] = {(): None}
    for group in needs:
        if group not in crews:
            able = set().union(*(known[need] for need in group))
            slots = tuple((frozenset(known[need]), need.heads) for need in group)
            by_rank = sorted(able, key=lambda person: (sought[person], person))
            crews[group] = Crew(tuple(by_rank), sum(need.heads for need in group), slots)
    return [crews[group] for group in needs]
