"""Whether a problem can be scheduled at all: work that nobody can do, and demands above what there is."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple, TypeAlias

from leadkit.errors import Fault, InfeasibleError
from leadkit.wbs.rcpsp.problem import Problem
from leadkit.wbs.structure import Need

__all__ = ["divided", "require_feasible"]

Nearest: TypeAlias = tuple[str, float] | None
"""Who comes closest to a need without meeting it, and the level that lacks most; NaN is not assessed."""


class Case(NamedTuple):
    """One thing that stands in the way of every schedule."""

    message: str
    reason: tuple[Any, ...]


def require_feasible(problem: Problem) -> None:
    """Refuse a problem that no schedule can solve.

    Links without loops can always be kept, so only single activities stand in the way: one that takes more of a resource
    than there is, or one with more heads than different people who are qualified. Activities of duration 0 take nothing.

    Parameters
    ----------
    problem : Problem
        What is to be scheduled.

    Raises
    ------
    InfeasibleError
        `reasons` holds a tuple a case: (activity, need, heads, qualified people, nearest) for people, where nearest is
        (person, the level that lacks most) or None, and (activity, resource, demand, capacity) for a resource.

    Examples
    --------
    >>> from leadkit.wbs import Need
    >>> sql = Need(skills={"sql": 3}, heads=2)
    >>> require_feasible(Problem([5], needs=[[sql]], levels=[[2], [4]], skill_ids=["sql"], person_ids=["ann", "ben"], ids=["api"]))
    Traceback (most recent call last):
    ...
    leadkit.errors.InfeasibleError: activity 'api' needs 2 with sql >= 3 and has 1 (ben 4; nearest: ann 2)
    """
    cases = [*_too_much(problem), *_too_few(problem)]
    if cases:
        error = InfeasibleError.from_faults(Fault("", case.message) for case in cases)
        error.reasons = tuple(case.reason for case in cases)
        raise error


def _too_much(problem: Problem) -> Iterator[Case]:
    above = (problem.demand > problem.capacity) & (problem.duration > 0)[:, None]
    for i, r in zip(*(places.tolist() for places in above.nonzero()), strict=True):
        own, demand, capacity = problem.ids[i], int(problem.demand[i, r]), int(problem.capacity[r])
        message = f"activity {own!r} takes {demand} of resource {r} and there are {capacity}"
        yield Case(message, (own, r, demand, capacity))


def _too_few(problem: Problem) -> Iterator[Case]:
    known: dict[Need, frozenset[int]] = {}
    for needs in set(problem.needs):
        for need in needs:
            known[need] = frozenset(problem.qualified(need).nonzero()[0].tolist())
    is_fine: dict[tuple[Need, ...], bool] = {}
    for own, needs, length in zip(problem.ids, problem.needs, problem.duration.tolist(), strict=True):
        if length and not is_fine.get(needs):
            short = _short(needs, known)
            is_fine[needs] = not short
            yield from (_case(problem, own, some, known) for some in short)


def divided(able: Sequence[frozenset[int]], heads: Sequence[int]) -> dict[int, int] | tuple[int, ...]:
    """Divide different people among needs.

    Parameters
    ----------
    able : sequence of frozenset of int
        Who is qualified for each need.
    heads : sequence of int
        How many each need takes.

    Returns
    -------
    dict or tuple
        Person to the place of the need; where there are too few, the places of needs that together have too few.

    Examples
    --------
    >>> divided([frozenset({4, 7}), frozenset({4})], [1, 1])
    {4: 1, 7: 0}
    >>> divided([frozenset({4}), frozenset({7, 8}), frozenset({4})], [1, 1, 1])
    (0, 2)
    """
    holder: dict[int, int] = {}
    for place, count in enumerate(heads):
        for _ in range(count):
            reached = _one_more(place, able, holder)
            if reached:
                return reached
    return holder


def _short(needs: tuple[Need, ...], known: dict[Need, frozenset[int]]) -> list[tuple[Need, ...]]:
    """Find the needs with too few people each, or needs that together have too few."""
    alone: list[tuple[Need, ...]] = [(need,) for need in needs if len(known[need]) < need.heads]
    if alone:
        return alone
    found = divided([known[need] for need in needs], [need.heads for need in needs])
    return [tuple(needs[place] for place in found)] if isinstance(found, tuple) else []


def _one_more(start: int, able: Sequence[frozenset[int]], holder: dict[int, int]) -> tuple[int, ...]:
    """Give one more head to a need, moving people between needs; where that fails, the needs that compete for them."""
    came: dict[int, int] = {}
    via: dict[int, int] = {}
    queue = [start]
    for place in queue:
        for person in sorted(able[place] - came.keys()):
            came[person] = place
            if person not in holder:
                _move(person, start, came, via, holder)
                return ()
            other = holder[person]
            if other != start and other not in via:
                via[other] = person
                queue.append(other)
    return tuple(sorted(queue))


def _move(person: int, start: int, came: dict[int, int], via: dict[int, int], holder: dict[int, int]) -> None:
    """Give everybody on the path to `start` the need from which they were reached."""
    while True:
        place = came[person]
        holder[person] = place
        if place == start:
            return
        person = via[place]


def _case(problem: Problem, own: str, needs: Sequence[Need], known: dict[Need, frozenset[int]]) -> Case:
    """Tell what an activity needs, who could do it, and who comes nearest."""
    levels = [dict(zip(problem.skill_ids, row, strict=True)) for row in problem.levels.tolist()]
    order = problem.person_order.tolist()
    heads = sum(need.heads for need in needs)
    able = frozenset().union(*(known[need] for need in needs))
    people = [person for person in order if person in able]
    nearest = _nearest(needs[0], [person for person in order if person not in able], problem, levels)
    skills = sorted({skill for need in needs for skill, _ in need.skills})
    told = ", ".join(
        " ".join(
            [
                problem.person_ids[person],
                *(["/".join(_told(levels[person][skill]) for skill in skills)] if skills else []),
            ]
        )
        for person in people
    )
    parts = [part for part in (told, f"nearest: {nearest[0]} {_told(nearest[1])}" if nearest else "") if part]
    wanted = ", ".join(_asked(need) for need in needs)
    message = f"activity {own!r} needs {wanted} and has {len(people)}"
    names = tuple(problem.person_ids[person] for person in people)
    return Case(f"{message} ({'; '.join(parts)})" if parts else message, (own, needs[0], heads, names, nearest))


def _nearest(need: Need, people: Sequence[int], problem: Problem, levels: Sequence[dict[str, float]]) -> Nearest:
    """Find who lacks least in sum; what is not assessed lacks one level more than all of it."""

    def lack(person: int, skill: str, level: float) -> float:
        held = levels[person][skill]
        return level + 1 if math.isnan(held) else max(0.0, level - held)

    if not people or not need.skills:
        return None
    best = min(people, key=lambda person: sum(lack(person, skill, level) for skill, level in need.skills))
    worst = max(need.skills, key=lambda pair: lack(best, *pair))[0]
    return problem.person_ids[best], levels[best][worst]


def _asked(need: Need) -> str:
    skills = " and ".join(f"{skill} >= {level:g}" for skill, level in need.skills)
    return f"{need.heads} with {skills}" if skills else f"{need.heads}"


def _told(level: float) -> str:
    return "not assessed" if math.isnan(level) else f"{level:g}"
