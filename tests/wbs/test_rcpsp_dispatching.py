from __future__ import annotations

from itertools import islice
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadkit.testing import problems
from leadkit.wbs import Need, Problem, Solution, lower_bound, solve, violations
from leadkit.wbs.rcpsp._dispatching import Dispatcher, dispatches
from leadkit.wbs.rcpsp._generating import Generator
from leadkit.wbs.rcpsp._instance import Instance, instance_of


def drawn(problem: Problem, count: int, *, seed: int = 0) -> tuple[Instance, list[Solution]]:
    """Make the first schedules that dispatching offers, in the rows and people of the problem."""
    instance = instance_of(problem)
    target = -(-lower_bound(problem) // instance.unit)
    dispatcher = Dispatcher(instance, Generator(instance).urgency, target)
    found = []
    for made in islice(dispatcher.passes(Random(seed)), count):  # noqa: S311 - luck, not secrets
        start, people = [0] * problem.n, [()] * problem.n
        for i, begin, team in zip(instance.order.tolist(), made.start, made.choice, strict=True):
            start[i] = begin * instance.unit
            people[i] = tuple(sorted(instance.person_order.tolist()[p] for p in team))
        assert made.makespan == max(made.finish)
        found.append(
            Solution(
                start=start,
                people=people,
                makespan=made.makespan * instance.unit,
                lower_bound=target * instance.unit,
                schedules=1,
                history=[(1, made.makespan * instance.unit)],
            )
        )
    return instance, found


def crowd(n: int, *, seed: int = 0) -> Problem:
    """Make a problem with much to do for few people who can do different things."""
    luck = Random(seed)  # noqa: S311 - the same problem in every run
    links = sorted({(luck.randrange(max(0, j - 30), j), j) for j in range(1, n) for _ in range(luck.randint(0, 2))})
    skills = [f"s{k}" for k in range(4)]
    levels = [[float(k == person % 4 or luck.random() < 0.4) for k in range(4)] for person in range(8)]
    return Problem(
        [luck.randint(3, 16) for _ in range(n)],
        [i for i, _ in links],
        [j for _, j in links],
        needs=[[Need(skills={luck.choice(skills): 1})] for _ in range(n)],
        levels=levels,
        skill_ids=skills,
        person_ids=[f"p{k}" for k in range(8)],
    )


@given(problem=problems(), seed=st.integers(0, 9))
@settings(max_examples=20)
def test_every_dispatched_schedule_keeps_all_rules(problem: Problem, seed: int) -> None:
    if not problem.n or not dispatches(instance_of(problem)):
        return
    _, found = drawn(problem, 70, seed=seed)
    assert [violations(problem, solution) for solution in found] == [()] * 70


def test_nobody_is_idle_while_something_they_could_do_is_ready() -> None:
    problem = crowd(150)
    before: list[list[int]] = [[] for _ in range(problem.n)]
    for i, j in zip(problem.predecessor.tolist(), problem.successor.tolist(), strict=True):
        before[j].append(i)
    for solution in drawn(problem, 5)[1]:
        start, finish = solution.start.tolist(), (solution.start + problem.duration).tolist()
        taken = [[(start[i], finish[i]) for i in range(problem.n) if p in solution.people[i]] for p in range(8)]
        for j in range(problem.n):
            ready = max((finish[i] for i in before[j]), default=0)
            able = problem.qualified(problem.needs[j][0]).nonzero()[0].tolist()
            for t in range(ready, start[j]):
                assert all(any(begin <= t < end for begin, end in taken[p]) for p in able)


def test_much_work_for_few_people_is_all_but_proven_shortest_after_few_schedules() -> None:
    # nobody is scarcer than others in these, so that all work is the bound
    first = [solve(crowd(400, seed=seed), schedules=1).gap for seed in (0, 2, 3)]
    soon = [solve(crowd(400, seed=seed), schedules=61).gap for seed in (0, 2, 3)]
    assert min(first) > 0.004
    assert max(soon) < 0.0025
    assert soon.count(0.0) == 2


def test_teams_releases_and_resources_are_dispatched_together() -> None:
    pair, one = Need(skills={"sql": 1}, heads=2), Need(skills={"web": 1})
    problem = Problem(
        [3, 4, 2, 5, 0, 2],
        [0, 1, 4],
        [2, 4, 3],
        release=[0, 1, 0, 0, 0, 6],
        demand=[[1], [1], [0], [2], [0], [2]],
        capacity=[2],
        needs=[[pair], [one], [pair, one], [one], [], []],
        levels=[[1, 0], [1, 0], [0, 1], [1, 1]],
        skill_ids=["sql", "web"],
        person_ids=["ann", "ben", "cat", "dan"],
    )
    _, (first, *others) = drawn(problem, 30)
    assert violations(problem, first) == ()
    assert first.start.tolist() == [0, 1, 3, 5, 5, 10]
    assert all(violations(problem, other) == () for other in others)


@pytest.mark.parametrize(
    ("kind", "lag", "can"), [("FS", 0, True), ("SS", 2, True), ("FF", 0, False), ("FS", -4, False), ("FS", -3, True)]
)
def test_work_is_dispatched_where_nothing_begins_before_what_it_waits_for(kind: str, lag: int, can: bool) -> None:
    need = Need(skills={})
    kinds = ("FS", "SS", "FF", "SF")
    problem = Problem([3, 5], [0], [1], kind=[kinds.index(kind)], lag=[lag], needs=[[need], []], levels=[[]])
    assert dispatches(instance_of(problem)) is can
    assert violations(problem, solve(problem, schedules=80)) == ()


def test_work_that_needs_nobody_is_not_dispatched() -> None:
    assert not dispatches(instance_of(Problem([3, 5], [0], [1], demand=[[1], [1]], capacity=[1])))
