from __future__ import annotations

import math
import tracemalloc
from collections.abc import Callable
from itertools import count, pairwise, product
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from leadkit.errors import InfeasibleError
from leadkit.interchange.imopse import read_def
from leadkit.interchange.psplib import read_sm
from leadkit.testing import problems
from leadkit.wbs import Need, Problem, Solution, cpm, lower_bound, solve, violations
from leadkit.wbs.rcpsp import solving
from leadkit.wbs.rcpsp._generating import Generator
from leadkit.wbs.rcpsp._genetic import POPULATION, Decoder, Pass
from leadkit.wbs.rcpsp._genetic import evolve as search
from leadkit.wbs.rcpsp._instance import instance_of
from leadkit.wbs.rcpsp._profiles import team_of

NAN = math.nan
OPTIMA = {"10_3_5_3": 93, "15_6_10_6": 102, "10_5_8_5": 80, "10_7_10_7": 104, "15_3_5_3": 230, "15_9_12_9": 90}


def renamed(problem: Problem, rows: list[int], people: list[int]) -> Problem:
    """Give the rows of a problem in another order, with their ids."""
    place = np.argsort(rows)
    return evolve(
        problem,
        duration=problem.duration[rows],
        predecessor=place[problem.predecessor],
        successor=place[problem.successor],
        demand=problem.demand[rows],
        needs=[problem.needs[i] for i in rows],
        release=problem.release[rows],
        levels=problem.levels[people],
        ids=[problem.ids[i] for i in rows],
        person_ids=[problem.person_ids[p] for p in people],
    )


def by_id(problem: Problem, solution: Solution) -> dict[str, tuple[int, set[str]]]:
    return {
        own: (begin, {problem.person_ids[p] for p in team})
        for own, begin, team in zip(problem.ids, solution.start.tolist(), solution.people, strict=True)
    }


def hard(n: int, *, seed: int = 1) -> Problem:
    """Make a problem in which resources and not links decide, and the lower bound is not met at once."""
    luck = Random(seed)  # noqa: S311 - the same problem in every run

    def draw(low: int, high: int) -> int:
        return low + int(luck.random() * (high - low))

    links = [(draw(max(0, j - 8), j), j) for j in range(1, n) for _ in range(2) if luck.random() < 0.7]
    return Problem(
        [draw(1, 10) for _ in range(n)],
        [i for i, _ in links],
        [j for _, j in links],
        demand=[[draw(0, 8) for _ in range(4)] for _ in range(n)],
        capacity=[11] * 4,
    )


def test_the_project_with_four_kinds_of_links_takes_eleven_days() -> None:
    links = {"predecessor": [0, 1, 0, 2], "successor": [1, 2, 2, 3], "kind": [1, 2, 0, 3], "lag": [2, 1, -1, 7]}
    days = solve(Problem([4, 6, 5, 3], **links))
    assert (days.start.tolist(), days.makespan, days.is_proven) == ([0, 2, 4, 8], 11, True)
    links["lag"] = [480 * lag for lag in links["lag"]]
    minutes = solve(Problem([1920, 2880, 2400, 1440], **links))
    assert minutes.start.tolist() == [0, 960, 1920, 3840]
    assert (minutes.makespan, minutes.lower_bound, minutes.history) == (5280, 5280, ((1, 5280),))


@pytest.mark.parametrize(("name", "optimum"), OPTIMA.items())
def test_small_multi_skill_optima_are_reached(shared_data: Callable[[str], Path], name: str, optimum: int) -> None:
    text = (shared_data("wbs/imopse/small") / f"{name}.def").read_text(encoding="ascii")
    assert solve(read_def(text), schedules=3000, rng=0).makespan == optimum


@pytest.mark.parametrize(("file", "optimum"), [("j301_1.sm", 43), ("j302_3.sm", 43), ("j303_5.sm", 53)])
def test_small_psplib_optima_are_reached(shared_data: Callable[[str], Path], file: str, optimum: int) -> None:
    text = (shared_data("wbs/psplib/j30") / file).read_text(encoding="ascii")
    assert solve(read_sm(text), schedules=1000).makespan == optimum


@given(problems())
@settings(max_examples=30)
def test_every_schedule_keeps_the_rules_and_is_no_shorter_than_the_bounds(problem: Problem) -> None:
    solution = solve(problem, schedules=60)
    assert violations(problem, solution) == ()
    path = cpm(
        problem.duration,
        problem.predecessor,
        problem.successor,
        kind=problem.kind,
        lag=problem.lag,
        release=problem.release,
    )
    end = int(np.max(path.early_finish, initial=0))
    assert solution.makespan >= solution.lower_bound >= lower_bound(problem) >= end
    assert solution.is_proven or solution.schedules == 60
    assert all(team == tuple(sorted(team)) for team in solution.people)
    assert solution.history[-1][1] == solution.makespan


@given(problems(), st.data())
@settings(max_examples=20)
def test_another_order_of_rows_changes_nothing(problem: Problem, data: st.DataObject) -> None:
    rows = data.draw(st.permutations(range(problem.n)))
    people = data.draw(st.permutations(range(len(problem.person_ids))))
    other = renamed(problem, rows, people)
    first, second = solve(problem, schedules=40), solve(other, schedules=40)
    assert by_id(problem, first) == by_id(other, second)
    assert (first.makespan, first.history) == (second.makespan, second.history)


@given(problems())
@settings(max_examples=15)
def test_renaming_that_keeps_the_order_changes_only_names(problem: Problem) -> None:
    width = len(str(problem.n + len(problem.person_ids)))
    order, people = problem.order.tolist(), problem.person_order.tolist()
    ids = [f"work {order.index(i):0{width}}" for i in range(problem.n)]
    names = [f"person {people.index(p):0{width}}" for p in range(len(people))]
    first, second = solve(problem, schedules=40), solve(evolve(problem, ids=ids, person_ids=names), schedules=40)
    assert first.start.tolist() == second.start.tolist()
    assert first.people == second.people


@given(problems(), st.integers(2, 480))
@settings(max_examples=15)
def test_scaling_time_scales_the_schedule(problem: Problem, factor: int) -> None:
    scaled = evolve(
        problem, duration=problem.duration * factor, lag=problem.lag * factor, release=problem.release * factor
    )
    first, second = solve(problem, schedules=40), solve(scaled, schedules=40)
    assert (factor * first.start).tolist() == second.start.tolist()
    assert second.makespan == factor * first.makespan


@st.composite
def resource_problems(draw: st.DrawFn) -> Problem:
    """Draw a problem of three or four activities, links that never let a successor start first, and no people."""
    n = draw(st.integers(3, 4))
    links = [(i, j) for j in range(n) for i in range(j) if draw(st.integers(0, 2)) == 0]
    return Problem(
        [draw(st.integers(0, 3)) for _ in range(n)],
        [i for i, _ in links],
        [j for _, j in links],
        kind=[draw(st.integers(0, 1)) for _ in links],
        lag=[draw(st.integers(0, 2)) for _ in links],
        demand=[[draw(st.integers(0, 3)), draw(st.integers(0, 2))] for _ in range(n)],
        capacity=[3, 2],
        release=[draw(st.integers(0, 2)) for _ in range(n)],
    )


def optimum(problem: Problem) -> int:
    """Go through all vectors of starts, shortest schedules first."""
    for end in count(lower_bound(problem)):
        for start in product(*(range(end - length + 1) for length in problem.duration.tolist())):
            trial = Solution(start=start, people=[()] * problem.n, makespan=end, lower_bound=0)
            if all(fault.startswith("makespan") for fault in violations(problem, trial)):
                return end
    raise AssertionError


@given(resource_problems())
@settings(max_examples=25)
def test_small_problems_with_resources_are_solved_to_the_optimum(problem: Problem) -> None:
    assert solve(problem, schedules=200).makespan == optimum(problem)


@given(problems())
@settings(max_examples=10)
def test_one_more_who_can_do_everything_never_raises_a_proven_optimum(problem: Problem) -> None:
    first = solve(problem, schedules=100)
    everything = np.full((1, len(problem.skill_ids)), 9.0)
    levels = np.concatenate([problem.levels, everything])
    more = evolve(problem, levels=levels, person_ids=[*problem.person_ids, "zoe"])
    second = solve(more, schedules=100)
    assert not (first.is_proven and second.is_proven) or second.makespan <= first.makespan


def test_more_schedules_with_one_seed_are_never_worse_and_go_on_where_fewer_stopped() -> None:
    problem = hard(40)
    found = [solve(problem, schedules=schedules, rng=3) for schedules in (1, 2, 3, 50, 51, 400, 900)]
    assert [solution.schedules for solution in found] == [1, 2, 3, 50, 51, 400, 900]
    worth = [(solution.makespan, int(solution.start.sum())) for solution in found]
    assert worth == sorted(worth, reverse=True)
    assert worth[-1][0] < worth[0][0]
    for fewer, more in pairwise(found):
        assert more.history[: len(fewer.history)] == fewer.history


def test_the_same_seed_gives_the_same_schedule_and_a_generator_is_taken_too() -> None:
    problem = hard(30)
    first = solve(problem, schedules=300, rng=5)
    assert solve(problem, schedules=300, rng=np.random.default_rng(5)).start.tolist() == first.start.tolist()
    other = solve(problem, schedules=300, rng=np.random.SeedSequence(6))
    assert other.start.tolist() != first.start.tolist()


def test_the_answer_is_the_same_on_every_machine() -> None:
    # whatever changes these numbers changes everybody's schedules
    solution = solve(hard(40), schedules=500)
    assert (solution.makespan, int(solution.start.sum())) == (89, 1662)
    assert solution.history == ((1, 97), (3, 96), (6, 95), (30, 93), (33, 92), (57, 90), (404, 89))


def test_the_search_stops_when_the_bound_is_met() -> None:
    solution = solve(Problem([3, 4, 5], demand=[[1]] * 3, capacity=[1]))
    assert (solution.makespan, solution.schedules, solution.is_proven, solution.gap) == (12, 1, True, 0.0)
    assert (solution.method, solution.flags) == ("ga", ())


def test_one_schedule_follows_the_rule_of_the_latest_start() -> None:
    # the chain of two is more urgent than the single one, though its ids come last
    problem = Problem([4, 1, 5], [1], [2], demand=[[1], [1], [1]], capacity=[1], ids=["a", "y", "z"])
    assert solve(problem, schedules=1).start.tolist() == [6, 0, 1]


def test_nothing_to_do_takes_no_time() -> None:
    solution = solve(Problem([]))
    assert (solution.start.tolist(), solution.people, solution.makespan, solution.lower_bound) == ([], (), 0, 0)
    assert solution.is_proven


def test_a_single_activity_starts_at_its_release() -> None:
    solution = solve(Problem([4], release=[3], needs=[[Need(skills={})]], levels=[[]], person_ids=["ann"]))
    assert (solution.start.tolist(), solution.people, solution.makespan) == ([3], ((0,),), 7)


def test_work_without_duration_takes_nobody_and_nothing() -> None:
    impossible = Need(skills={"sql": 9}, heads=3)
    problem = Problem(
        [0, 2, 0], [0, 1], [1, 2], needs=[[impossible]] * 3, levels=[[9]] * 3, skill_ids=["sql"],
        demand=[[7], [1], [7]], capacity=[1],
    )  # fmt: skip
    solution = solve(problem)
    assert (solution.start.tolist(), solution.people) == ([0, 0, 2], ((), (0, 1, 2), ()))


def test_the_person_whom_least_other_work_asks_for_is_taken() -> None:
    sql, any_one = Need(skills={"sql": 1}), Need(skills={})
    problem = Problem(
        [4, 4], needs=[[any_one], [sql]], levels=[[1], [NAN]], skill_ids=["sql"], person_ids=["ann", "ben"]
    )
    solution = solve(problem, schedules=1)
    assert (solution.start.tolist(), solution.people) == ([0, 0], ((1,), (0,)))


def test_people_are_divided_among_several_needs_at_a_time() -> None:
    sql, java, both = Need(skills={"sql": 1}), Need(skills={"java": 1}), Need(skills={"sql": 1, "java": 1})
    levels = [[1, 1], [1, NAN], [NAN, 1]]
    problem = Problem(
        [3, 3, 3], needs=[[sql, java], [both], [Need(skills={}, heads=3)]], levels=levels, skill_ids=["sql", "java"]
    )
    solution = solve(problem)
    assert (solution.makespan, solution.people) == (6, ((1, 2), (0,), (0, 1, 2)))


def test_a_team_waits_until_all_of_it_are_free_and_fills_the_gap_before() -> None:
    sql, pair = Need(skills={"sql": 1}), Need(skills={}, heads=2)
    problem = Problem(
        [5, 4, 2, 3], [0], [1], needs=[[sql], [pair], [Need(skills={})], [sql]], levels=[[1], [NAN]], skill_ids=["sql"]
    )
    solution = solve(problem)
    assert violations(problem, solution) == ()
    assert solution.makespan == 12


def test_a_team_passes_over_a_gap_that_is_too_short_and_work_that_fits_fills_it() -> None:
    pair = Need(skills={}, heads=2)
    problem = Problem([4, 4, 3, 2], release=[0, 6, 0, 0], needs=[[pair]] * 4, levels=[[], []])
    # by latest starts the two long ones are placed first, with a gap of two between them
    assert solve(problem, schedules=1).start.tolist() == [0, 6, 10, 4]


def test_a_team_is_not_complete_because_there_are_heads_enough() -> None:
    sql, java = Need(skills={"sql": 1}), Need(skills={"java": 1})
    levels = [[1, NAN], [1, NAN], [NAN, 1]]
    problem = Problem([4, 3], needs=[[java], [sql, java]], levels=levels, skill_ids=["sql", "java"])
    solution = solve(problem, schedules=1)
    assert (solution.start.tolist(), solution.people) == ([0, 4], ((2,), (0, 2)))


def test_people_and_a_room_are_both_waited_for() -> None:
    sql = Need(skills={"sql": 1})
    problem = Problem(
        [4, 3, 2],
        needs=[[sql], [], [sql]],
        levels=[[1], [NAN]],
        skill_ids=["sql"],
        demand=[[0], [1], [1]],
        capacity=[1],
    )
    solution = solve(problem)
    assert solution.makespan == 6
    assert violations(problem, solution) == ()


@pytest.mark.parametrize(
    ("slots", "people", "team"),
    [
        ([({4, 7}, 1), ({4}, 1)], [4, 7], [7, 4]),
        ([({1, 2}, 1), ({2, 3}, 1), ({3, 4}, 1)], [2, 3, 1, 4], [1, 2, 3]),
        ([({1, 2, 3}, 2), ({3}, 1)], [3, 1, 2], [1, 2, 3]),
        ([({1, 2}, 1), ({1, 2}, 1), ({1, 2, 3}, 1)], [1, 2, 5], None),
    ],
)
def test_a_team_is_found_by_moving_people_between_needs(
    slots: list[tuple[set[int], int]], people: list[int], team: list[int] | None
) -> None:
    found = team_of(people, [(frozenset(able), heads) for able, heads in slots])
    assert found == team or (found is not None and team is not None and sorted(found) == sorted(team))


def test_all_that_stands_in_the_way_comes_in_one_error() -> None:
    sql = Need(skills={"sql": 3}, heads=2)
    problem = Problem(
        [5, 1], needs=[[sql], []], levels=[[2], [4]], skill_ids=["sql"], person_ids=["ann", "ben"],
        demand=[[0], [9]], capacity=[4], ids=["api", "oven"],
    )  # fmt: skip
    with pytest.raises(InfeasibleError, match=r"activity 'api' needs 2 with sql >= 3 and has 1") as caught:
        solve(problem)
    assert {reason[0] for reason in caught.value.reasons} == {"api", "oven"}


def test_options_out_of_range_are_refused_all_at_once() -> None:
    options: dict[str, Any] = {"schedules": 0, "solver_seconds": NAN, "workers": 1.5}
    message = "schedules: expected at least 1, got 0; workers: expected a whole number, got 1.5; solver_seconds: .* nan"
    with pytest.raises(ValueError, match=message):
        solve(Problem([1]), **options)


def test_progress_is_told_until_the_end() -> None:
    told: list[tuple[int, int]] = []
    solve(hard(20), schedules=250, progress=lambda done, total: told.append((done, total)))
    assert told == [(100, 250), (200, 250), (250, 250)]


def test_the_solver_goes_on_from_the_search_and_is_checked() -> None:
    pytest.importorskip("ortools")
    problem = hard(12)
    first = solve(problem, schedules=1)
    second = solve(problem, schedules=1, solver=True, solver_seconds=20)
    assert second.makespan <= first.makespan
    assert (second.method, second.is_proven, violations(problem, second)) == ("cp_sat", True, ())


def test_a_schedule_that_breaks_a_rule_never_gets_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Generator, "forward", lambda *_: Pass(1, [0], [1], None))
    with pytest.raises(RuntimeError, match=r"breaks rules.*starts at 0, before its release at 3"):
        solve(Problem([1], release=[3]))
    assert solving.__all__ == ["solve"]


def test_the_search_prefers_what_it_is_told_to_prefer() -> None:
    # two alike: which of them comes first is a matter of taste
    instance = instance_of(Problem([2, 2, 1], demand=[[1], [1], [0]], capacity=[1], release=[0, 0, 3]))
    decoder: Decoder = Generator(instance)
    for wanted in (0, 1):

        def start_of(made: Pass, i: int = wanted) -> int:
            return made.start[i]

        found = search(decoder, schedules=200, rng=np.random.default_rng(0), target=0, prefer=start_of)
        assert (found.best.makespan, found.best.start[wanted], found.schedules) == (4, 0, 200)


def test_equal_schedules_are_told_apart_by_people() -> None:
    any_one = Need(skills={})
    problem = Problem([2, 2], needs=[[any_one], [any_one]], levels=[[], []], person_ids=["ann", "ben"])
    instance = instance_of(problem)
    found = search(Generator(instance), schedules=100, rng=np.random.default_rng(0), target=0)
    assert found.best.choice == [(0,), (1,)]


def test_the_population_stays_within_its_memory() -> None:
    n = 60
    decoder = Generator(instance_of(hard(n)))
    tracemalloc.start()
    try:
        search(decoder, schedules=3 * POPULATION + 20, rng=np.random.default_rng(0), target=0)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak <= 200 * n * POPULATION
