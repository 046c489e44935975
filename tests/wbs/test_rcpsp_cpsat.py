from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from attrs import evolve

from leadkit.errors import SolverError
from leadkit.interchange.imopse import read_def
from leadkit.wbs import Need, Problem, Solution, lower_bound, violations
from leadkit.wbs.rcpsp._cpsat import improve

needs_ortools = pytest.mark.skipif(importlib.util.find_spec("ortools") is None, reason="OR-Tools is not installed")


def in_turn(problem: Problem, people: list[tuple[int, ...]] | None = None) -> Solution:
    """Do one activity after the other in the order of rows."""
    start = np.concatenate([[0], np.cumsum(problem.duration)[:-1]])
    end = int(problem.duration.sum())
    return Solution(
        start=start,
        people=people or [()] * problem.n,
        makespan=end,
        lower_bound=lower_bound(problem),
        schedules=7,
        history=[(1, end)],
    )


def hard(n: int = 14) -> Problem:
    rng = np.random.default_rng(3)
    return Problem(rng.integers(2, 9, n), [0, 1, 2], [5, 6, 7], demand=rng.integers(1, 4, (n, 2)), capacity=[4, 5])


@needs_ortools
def test_the_solver_finds_and_proves_an_optimum_and_tells_how() -> None:
    problem = hard()
    first = in_turn(problem)
    found = improve(problem, first, seconds=30)
    assert violations(problem, found) == ()
    assert found.is_proven
    assert lower_bound(problem) <= found.makespan < first.makespan
    assert found.method == "cp_sat"
    assert found.schedules == 7
    assert found.history == ((1, first.makespan), (7, found.makespan))
    assert found.flags == ()


@needs_ortools
def test_one_worker_gives_the_same_answer_again() -> None:
    problem = hard()
    assert improve(problem, in_turn(problem), seconds=30) == improve(problem, in_turn(problem), seconds=30)


@needs_ortools
def test_an_optimal_schedule_keeps_its_starts_and_gets_its_proof() -> None:
    problem = hard()
    best = evolve(improve(problem, in_turn(problem), seconds=30), lower_bound=1, method="ga")
    assert not best.is_proven
    found = improve(problem, best, seconds=30)
    assert found.is_proven
    assert np.array_equal(found.start, best.start)
    assert found.history == best.history


@needs_ortools
def test_a_proven_schedule_is_given_back_as_it_is() -> None:
    problem = Problem([3, 2], [0], [1])
    proven = in_turn(problem)
    assert proven.is_proven
    assert improve(problem, proven, seconds=1) == evolve(proven, method="cp_sat")


@needs_ortools
def test_a_search_stopped_by_the_clock_is_flagged_and_not_worse() -> None:
    n = 150
    rng = np.random.default_rng(0)
    problem = Problem(rng.integers(5, 40, n), demand=rng.integers(1, 8, (n, 3)), capacity=[13, 14, 15])
    first = evolve(in_turn(problem), flags=("no_estimate",))
    found = improve(problem, first, seconds=0.01)
    assert violations(problem, found) == ()
    assert found.flags == ("no_estimate", "time_limited")
    assert first.lower_bound <= found.lower_bound <= found.makespan <= first.makespan


@needs_ortools
def test_people_who_can_do_the_same_are_handed_out_one_by_one() -> None:
    pair, lead = Need(skills={"sql": 1}, heads=2), Need(skills={"lead": 1})
    levels = [[1, 1]] + [[1, 0]] * 4
    problem = Problem(
        [3, 4, 2, 5, 0, 1],
        needs=[[pair], [pair, lead], [pair], [lead], [pair], []],
        levels=levels,
        skill_ids=["sql", "lead"],
    )
    first = in_turn(problem, [(1, 2), (1, 2, 0), (3, 4), (0,), (), ()])
    assert violations(problem, first) == ()
    found = improve(problem, first, seconds=30)
    assert violations(problem, found) == ()
    assert found.is_proven
    assert found.makespan == 9


@needs_ortools
def test_one_person_can_take_any_of_several_needs_but_only_one() -> None:
    sql, any_one = Need(skills={"sql": 1}), Need(skills={})
    problem = Problem(
        [2, 2, 2],
        needs=[[sql, any_one], [any_one, any_one], [sql]],
        levels=[[2], [1], [0]],
        skill_ids=["sql"],
        person_ids=["ann", "ben", "cem"],
    )
    first = in_turn(problem, [(0, 2), (1, 2), (1,)])
    found = improve(problem, evolve(first, lower_bound=0), seconds=30)
    assert violations(problem, found) == ()
    assert (found.makespan, found.is_proven) == (4, True)


@needs_ortools
def test_no_activity_of_a_schedule_found_could_start_earlier_by_itself() -> None:
    problem = hard()
    found = improve(problem, in_turn(problem), seconds=30)
    for i in range(problem.n):
        for begin in range(found.start[i]):
            start = found.start.copy()
            start[i] = begin
            end = int((start + problem.duration).max())
            assert violations(problem, evolve(found, start=start, makespan=end, lower_bound=0))


@needs_ortools
def test_a_resource_that_nobody_asks_for_does_no_harm() -> None:
    problem = Problem([2, 3], demand=[[0, 1], [0, 1]], capacity=[0, 1])
    wide = Solution(start=[4, 0], people=[(), ()], makespan=6, lower_bound=1)
    found = improve(problem, wide, seconds=5)
    assert violations(problem, found) == ()
    assert (found.makespan, found.is_proven) == (5, True)


@needs_ortools
def test_days_in_minutes_are_solved_as_days() -> None:
    problem = hard()
    days = evolve(problem, duration=problem.duration * 480, release=problem.release + 480)
    first = in_turn(days)
    first = evolve(first, start=first.start + 500, makespan=first.makespan + 500)
    assert days.unit == 480
    assert violations(days, first) == ()
    found = improve(days, first, seconds=30)
    assert violations(days, found) == ()
    assert found.is_proven
    assert found.makespan == 480 + 480 * improve(problem, in_turn(problem), seconds=30).makespan
    assert not (found.start % 480).any()


@needs_ortools
def test_progress_is_told_at_improvements() -> None:
    told: list[tuple[int, int]] = []
    problem = hard()
    improve(problem, in_turn(problem), seconds=29.5, progress=lambda done, total: told.append((done, total)))
    assert told
    assert all(0 <= done <= total == 30 for done, total in told)


@needs_ortools
def test_nothing_is_written_to_the_screen(capfd: pytest.CaptureFixture[str]) -> None:
    improve(hard(), in_turn(hard()), seconds=30)
    assert capfd.readouterr() == ("", "")


@needs_ortools
def test_a_schedule_that_cannot_be_is_refused() -> None:
    problem = Problem([3, 3], demand=[[1], [1]], capacity=[1])
    wrong = Solution(start=[0, 1], people=[(), ()], makespan=4, lower_bound=3)
    with pytest.raises(SolverError, match="CP-SAT answers INFEASIBLE to a problem that has a schedule of 4"):
        improve(problem, wrong, seconds=5)


def test_without_or_tools_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.partition(".")[0] == "ortools"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "ortools", None)
    problem = Problem([3, 2], [0], [1])
    with pytest.raises(ImportError, match=r"needs ortools: pip install 'leadkit\[solver\]'"):
        improve(problem, in_turn(problem), seconds=1)


OPTIMA = {"10_3_5_3": 93, "15_6_10_6": 102, "10_5_8_5": 80, "10_7_10_7": 104, "15_3_5_3": 230, "15_9_12_9": 90}


@needs_ortools
@pytest.mark.parametrize(("name", "optimum"), OPTIMA.items())
def test_the_six_small_problems_with_skills_are_solved_and_proven(
    shared_data: Callable[[str], Path], name: str, optimum: int
) -> None:
    problem = read_def((shared_data("wbs/imopse/small") / f"{name}.def").read_text(encoding="ascii"))
    first = everybody_in_turn(problem)
    assert violations(problem, first) == ()
    found = improve(problem, first, seconds=30)
    assert violations(problem, found) == ()
    assert (found.makespan, found.is_proven) == (optimum, True)


def everybody_in_turn(problem: Problem) -> Solution:
    order = list(range(problem.n))
    ends = list(zip(problem.predecessor.tolist(), problem.successor.tolist(), strict=True))
    for _ in order:  # so often that every task comes after all those before it
        for i, j in ends:
            if order.index(i) > order.index(j):
                order.remove(j)
                order.insert(order.index(i) + 1, j)
    start = np.zeros(problem.n, dtype=np.int64)
    start[order] = np.concatenate([[0], np.cumsum(problem.duration[order])[:-1]])
    people: list[Any] = [np.flatnonzero(problem.qualified(needs[0]))[:1] for needs in problem.needs]
    end = int(problem.duration.sum())
    return Solution(start=start, people=people, makespan=end, lower_bound=lower_bound(problem))
