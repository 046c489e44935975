from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import combinations, count, permutations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadkit.errors import InfeasibleError
from leadkit.wbs import Need, Problem, Solution, lower_bound, violations
from leadkit.wbs.rcpsp._cpsat import improve

LEVELS = st.sampled_from([math.nan, 0.0, 1.0, 2.0])


@st.composite
def tiny_problems(draw: st.DrawFn, *, most: int = 4) -> Problem:
    n = draw(st.integers(1, most))
    order = draw(st.permutations(range(n)))
    pairs = [(i, j) for i in range(n) for j in range(i + 1, n)]
    links = draw(st.lists(st.sampled_from(pairs), max_size=4)) if pairs else []
    kinds = draw(st.lists(st.integers(0, 3), min_size=len(links), max_size=len(links)))
    lags = draw(st.lists(st.integers(-2, 2), min_size=len(links), max_size=len(links)))
    r = draw(st.integers(0, 1))
    people, skills = draw(st.integers(0, 3)), draw(st.integers(0, 2))
    ids = tuple("ab"[:skills])
    need = st.builds(
        lambda levels, heads: Need(skills=levels, heads=heads),
        st.dictionaries(st.sampled_from(ids), st.integers(0, 2), max_size=2) if ids else st.just({}),
        st.integers(1, 2),
    )
    return Problem(
        draw(st.lists(st.integers(0, 3), min_size=n, max_size=n)),
        [order[i] for i, _ in links],
        [order[j] for _, j in links],
        kind=kinds,
        lag=lags,
        demand=draw(st.lists(st.lists(st.integers(0, 3), min_size=r, max_size=r), min_size=n, max_size=n))
        if r
        else None,
        capacity=draw(st.lists(st.integers(0, 4), min_size=r, max_size=r)) if r else None,
        needs=draw(st.lists(st.lists(need, max_size=2), min_size=n, max_size=n)) if people else (),
        levels=draw(st.lists(st.lists(LEVELS, min_size=skills, max_size=skills), min_size=people, max_size=people))
        if people and skills
        else np.zeros((people, skills)),
        skill_ids=ids,
        release=draw(st.lists(st.integers(0, 2), min_size=n, max_size=n)),
    )


def teams(problem: Problem, i: int) -> list[tuple[int, ...]]:
    """List every team that can do an activity: heads in any order against slots in their order."""
    slots = [need for need in problem.needs[i] for _ in range(need.heads)] if problem.duration[i] else []
    return [
        team
        for team in combinations(range(len(problem.person_ids)), len(slots))
        if any(
            all(
                problem.levels[person, problem.skill_ids.index(skill)] >= level
                for person, need in zip(line, slots, strict=True)
                for skill, level in need.skills
            )
            for line in permutations(team)
        )
    ]


def keeps_links(problem: Problem, start: tuple[int, ...]) -> bool:
    for i, j, kind, lag in zip(problem.predecessor, problem.successor, problem.kind, problem.lag, strict=True):
        first = start[i] + (problem.duration[i] if kind in {0, 2} else 0)
        second = start[j] + (problem.duration[j] if kind in {2, 3} else 0)
        if second < first + lag:
            return False
    return all(begin >= release for begin, release in zip(start, problem.release, strict=True))


def runs(problem: Problem, i: int, begin: int) -> range:
    return range(begin, begin + int(problem.duration[i]))


def keeps_capacity(problem: Problem, start: tuple[int, ...]) -> bool:
    ends = [begin + int(length) for begin, length in zip(start, problem.duration, strict=True)]
    return all(
        sum(problem.demand[i, r] for i, begin in enumerate(start) if instant in runs(problem, i, begin)) <= limit
        for r, limit in enumerate(problem.capacity)
        for instant in range(max(ends))
    )


def is_staffed(problem: Problem, start: tuple[int, ...], people: tuple[tuple[int, ...], ...]) -> bool:
    booked = [
        (person, instant) for i, team in enumerate(people) for person in team for instant in runs(problem, i, start[i])
    ]
    return len(set(booked)) == len(booked)


def schedules(problem: Problem, end: int) -> Iterator[tuple[tuple[int, ...], tuple[tuple[int, ...], ...]]]:
    """Give every schedule that ends by `end`."""
    spans = [range(end - int(length) + 1) for length in problem.duration]
    crews = [teams(problem, i) for i in range(problem.n)]
    for start in product(*spans):
        if keeps_links(problem, start) and keeps_capacity(problem, start):
            for people in product(*crews):
                if is_staffed(problem, start, people):
                    yield start, people


def optimum(problem: Problem) -> Solution | None:
    """Find the shortest schedule by going through all of them; None where an activity can never be done."""
    for i in np.flatnonzero(problem.duration).tolist():
        if not teams(problem, i) or (problem.demand[i] > problem.capacity).any():
            return None
    for end in count():
        for start, people in schedules(problem, end):
            makespan = max(begin + int(length) for begin, length in zip(start, problem.duration, strict=True))
            return Solution(start=start, people=people, makespan=makespan, lower_bound=makespan)
    raise AssertionError


@given(tiny_problems())
@settings(max_examples=60)
def test_the_bound_is_never_above_the_optimum_found_by_going_through_all_schedules(problem: Problem) -> None:
    best = optimum(problem)
    if best is None:
        with pytest.raises(InfeasibleError):
            lower_bound(problem)
        return
    assert violations(problem, best) == ()
    assert lower_bound(problem) <= best.makespan


@given(tiny_problems(most=3), st.data())
@settings(max_examples=60)
def test_the_checker_takes_exactly_what_the_definition_takes(problem: Problem, data: st.DataObject) -> None:
    n, everybody = problem.n, len(problem.person_ids)
    start = data.draw(st.tuples(*[st.integers(0, 5)] * n))
    crews = [st.sampled_from(teams(problem, i) or [()]) for i in range(n)]
    any_team = st.lists(st.integers(0, everybody - 1), max_size=3).map(tuple) if everybody else st.just(())
    people = data.draw(st.tuples(*crews) | st.tuples(*[any_team] * n))
    end = max(begin + int(length) for begin, length in zip(start, problem.duration, strict=True))
    found = violations(problem, Solution(start=start, people=people, makespan=end, lower_bound=0))
    is_right = (
        keeps_links(problem, start)
        and keeps_capacity(problem, start)
        and all(tuple(sorted(team)) in teams(problem, i) for i, team in enumerate(people))
        and is_staffed(problem, start, people)
    )
    assert (not found) == is_right, found


def one_after_the_other(problem: Problem) -> Solution:
    """Leave so much room between activities that nothing but links matters, and choose the first team of each."""
    room = 20
    order: list[int] = []
    while len(order) < problem.n:
        waiting = {int(j) for i, j in zip(problem.predecessor, problem.successor, strict=True) if int(i) not in order}
        order += sorted(set(range(problem.n)) - waiting - set(order))[:1]
    start = [room * (order.index(i) + 1) for i in range(problem.n)]
    end = max(begin + int(length) for begin, length in zip(start, problem.duration, strict=True))
    people = [teams(problem, i)[0] for i in range(problem.n)]
    return Solution(start=start, people=people, makespan=end, lower_bound=lower_bound(problem))


@given(tiny_problems())
@settings(max_examples=25)
def test_cp_sat_finds_and_proves_the_optimum_found_by_going_through_all_schedules(problem: Problem) -> None:
    pytest.importorskip("ortools")
    best = optimum(problem)
    if best is None:
        return
    poor = one_after_the_other(problem)
    assert violations(problem, poor) == ()
    found = improve(problem, poor, seconds=20)
    assert violations(problem, found) == ()
    assert (found.makespan, found.lower_bound, found.is_proven, found.flags) == (best.makespan, best.makespan, True, ())


def test_two_people_who_share_a_bottleneck_make_the_bound_sharp() -> None:
    sql, any_one = Need(skills={"sql": 1}), Need(skills={})
    problem = Problem(
        [3, 3, 2, 2], needs=[[sql], [sql], [any_one], [any_one]], levels=[[1], [math.nan]], skill_ids=["sql"]
    )
    best = optimum(problem)
    assert best is not None
    assert lower_bound(problem) == best.makespan == 6
