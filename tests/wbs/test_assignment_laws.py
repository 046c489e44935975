from __future__ import annotations

import json
from datetime import UTC, datetime
from itertools import permutations, product
from typing import Any

import numpy as np
import pytest
from attrs import evolve
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from leadkit.calendars import WorkCalendar
from leadkit.errors import InfeasibleError
from leadkit.skills import SkillMatrix
from leadkit.wbs.assignment import Assignment, assign, check_assignment
from leadkit.wbs.dates import schedule
from leadkit.wbs.estimates import Estimate
from leadkit.wbs.levelling import level, smooth
from leadkit.wbs.plan import Lag, Link, Person, Plan, Team
from leadkit.wbs.structure import Group, Need, Wbs, WorkPackage

OFFICE = "08:00-12:00, 13:00-17:00"
DAYS = WorkCalendar.weekly({"mon-fri": OFFICE}, zone="UTC")
CALENDARS = (
    None,
    DAYS.with_(closures=[(datetime(2026, 1, 6, 9, tzinfo=UTC), datetime(2026, 1, 8, 14, 30, tzinfo=UTC))]),
    WorkCalendar.weekly({"tue, thu": "09:00-15:00"}, zone="America/New_York"),
    WorkCalendar.weekly({"mon-sun": "20:00-04:00"}, zone="UTC"),
    WorkCalendar.always(),
)
SKILLS = ("python", "sql")
NEEDS = (
    (),
    (Need(skills={}),),
    (Need(skills={"sql": 2}),),
    (Need(skills={"python": 1}),),
    (Need(skills={"python": 1, "sql": 1}),),
    (Need(skills={"sql": 1}, heads=2),),
    (Need(skills={"sql": 2}), Need(skills={"python": 1})),
)
KINDS = ("FS", "FS", "SS", "FF", "SF")


@st.composite
def plans(draw: st.DrawFn, *, one_calendar: bool = False, only_starts: bool = False) -> Plan:
    n = draw(st.integers(1, 6))
    calendars = (None,) if one_calendar else CALENDARS
    packages = []
    for k in range(n):
        estimate = Estimate.fixed(draw(st.sampled_from((0, 1, 3.5, 8, 11))), unit="h")
        packages.append(
            WorkPackage(
                id=f"w{k}",
                estimate=estimate,
                needs=draw(st.sampled_from(NEEDS)),
                basis=draw(st.sampled_from(("duration", "effort"))),
                calendar=None if one_calendar else draw(st.sampled_from((None, "own"))),
                not_before=draw(st.sampled_from((None, None, datetime(2026, 1, 7, 15, tzinfo=UTC)))),
            )
        )
    links = []
    for j in range(1, n):
        for i in draw(st.sets(st.integers(0, j - 1), max_size=2)):
            kind = draw(st.sampled_from(KINDS[:3] if only_starts else KINDS))
            lag = Lag.minutes(
                draw(st.sampled_from((0, 0, 90, -60))), elapsed=False if one_calendar else draw(st.booleans())
            )
            links.append(Link(predecessor=f"w{i}", successor=f"w{j}", kind=kind, lag=lag))
    people = [
        Person(id=f"p{k}", calendar=draw(st.sampled_from(calendars)), units=draw(st.sampled_from((1.0, 1.0, 0.5))))
        for k in range(draw(st.integers(1, 4)))
    ]
    if one_calendar:
        people = [evolve(person, units=1.0) for person in people]
    levels = [[draw(st.sampled_from((float("nan"), 0, 1, 2, 3))) for _ in SKILLS] for _ in people]
    return Plan(
        wbs=Wbs(root=Group(id="root", children=packages)),
        start=datetime(2026, 1, 5, 7, tzinfo=UTC),
        links=links,
        team=Team(people=people, skills=SkillMatrix([p.id for p in people], SKILLS, levels)),
        calendar=DAYS,
        calendars={} if one_calendar else {"own": draw(st.sampled_from(CALENDARS[1:]))},
    )


def assigned(plan: Plan, schedules: int = 20, **options: Any) -> Assignment:
    try:
        return assign(plan, schedules=schedules, **options)
    except InfeasibleError as error:
        assert error.reasons
        assume(False)
        raise


def answer(assignment: Assignment) -> dict[str, Any]:
    return {row.id: (row.people, row.start, row.finish, row.bound_by) for row in assignment.rows}


@given(plans())
@settings(max_examples=30)
def test_no_rule_is_broken_and_the_bound_is_one(plan: Plan) -> None:
    found = assigned(plan)
    assert check_assignment(plan, found) == ()
    assert found.lower_bound <= found.makespan
    assert found.schedules <= 20
    assert all(row.bound_by and "slack" not in row.bound_by for row in found.rows)
    json.dumps(found.to_dict(), allow_nan=False)
    if found.is_proven:
        assert found.gap == 0


@given(plans(only_starts=True))
@settings(max_examples=20)
def test_no_assignment_is_shorter_than_the_critical_path(plan: Plan) -> None:
    found = assigned(plan)
    free = schedule(plan)
    assert found.finish >= free.finish
    assert found.lower_bound >= plan.calendar.elapsed(plan.start, free.finish).total_seconds() // 60


@given(plans(), st.integers(1, 30), st.integers(0, 60))
@settings(max_examples=20)
def test_more_schedules_are_never_worse(plan: Plan, few: int, more: int) -> None:
    assert assigned(plan, few + more).finish <= assigned(plan, few).finish


@given(plans(), st.randoms(use_true_random=False))
@settings(max_examples=25)
def test_the_order_of_rows_changes_nothing(plan: Plan, random: Any) -> None:
    packages, links, people = list(plan.wbs.packages), list(plan.links), list(plan.team.people)
    for rows in (packages, links, people):
        random.shuffle(rows)
    matrix = plan.team.skills
    assert matrix is not None
    other = plan.with_(
        wbs=Wbs(root=Group(id="root", children=packages)),
        links=links,
        team=Team(people=people, skills=matrix.select([p.id for p in people], SKILLS[::-1])),
    )
    first, second = assigned(plan), assigned(other)
    assert answer(first) == answer(second)
    assert (first.finish, first.lower_bound, first.schedules) == (second.finish, second.lower_bound, second.schedules)
    assert (first.load, first.bottleneck) == (second.load, second.bottleneck)


@given(plans())
@settings(max_examples=15)
def test_a_renaming_that_keeps_the_order_changes_only_the_names(plan: Plan) -> None:
    other = plan.with_(
        wbs=Wbs(root=Group(id="root", children=[evolve(own, id=f"x{own.id}") for own in plan.wbs.packages])),
        links=[evolve(own, predecessor=f"x{own.predecessor}", successor=f"x{own.successor}") for own in plan.links],
    )
    renamed = {f"x{own}": row[:3] for own, row in answer(assigned(plan)).items()}
    assert renamed == {own: row[:3] for own, row in answer(assigned(other)).items()}


@given(plans(one_calendar=True))
@settings(max_examples=20)
def test_one_more_person_who_can_do_everything_never_raises_a_proven_optimum(plan: Plan) -> None:
    matrix = plan.team.skills
    assert matrix is not None
    more = Team(
        people=[*plan.team.people, Person(id="zoe")],
        skills=SkillMatrix([*matrix.people, "zoe"], SKILLS, np.vstack([matrix.levels, [[3, 3]]])),
    )
    before, after = assigned(plan, 60), assigned(plan.with_(team=more), 60)
    assume(before.is_proven and after.is_proven)
    assert after.finish <= before.finish


@given(plans(one_calendar=True), st.data())
@settings(max_examples=15)
def test_both_ways_keep_the_rules_of_one_calendar_and_agree_on_proven_optima(plan: Plan, data: st.DataObject) -> None:
    """A horizon that differs makes a calendar another one, so the second plan is searched on instants."""
    people = [evolve(person, calendar=DAYS.with_(horizon_days=3659)) for person in plan.team.people]
    other = plan.with_(team=evolve(plan.team, people=people))
    first, second = assigned(plan, 60), assigned(other, 60)
    assert check_assignment(other, first) == check_assignment(plan, second) == ()
    assert max(first.lower_bound, second.lower_bound) <= min(first.makespan, second.makespan)


@given(plans(), st.data())
@settings(max_examples=15)
def test_fixed_people_stay_and_levelling_keeps_them(plan: Plan, data: st.DataObject) -> None:
    found = assigned(plan)
    teams = {row.id: row.people for row in found.rows if row.people}
    some = data.draw(st.sets(st.sampled_from(sorted(teams)))) if teams else set()
    levelled = level(plan, {own: teams[own] for own in some}, schedules=20)
    assert all(levelled.people(own) == teams[own] for own in some)
    assert check_assignment(plan, levelled) == ()


def unevenness(plan: Plan, assignment: Assignment) -> int:
    days: dict[str, int] = {}
    for record in assignment.calendar_load("day"):
        days[record["from_date"]] = days.get(record["from_date"], 0) + record["assigned"]
    return sum(minutes**2 for minutes in days.values())


def peak(plan: Plan, assignment: Assignment) -> int:
    """Count who is at work just before each instant at which somebody stops."""
    working = [
        (span.start, span.end, len(row.people))
        for row in assignment.rows
        if row.people
        for span in plan.calendar.intervals(row.start, row.finish)
    ]
    return max((sum(n for start, end, n in working if start < t <= end) for _, t, _ in working), default=0)


@given(plans(), st.sampled_from(("squares", "peak")))
@settings(max_examples=15)
def test_smoothing_moves_dates_alone_and_never_the_finish(plan: Plan, measure: Any) -> None:
    found = assigned(plan)
    even = smooth(plan, found, measure=measure)
    assert check_assignment(plan, even) == ()
    assert even == smooth(plan, found, measure=measure)
    assert (even.finish, even.makespan, even.lower_bound) == (found.finish, found.makespan, found.lower_bound)
    assert [(row.id, row.people, row.minutes) for row in even.rows] == [
        (row.id, row.people, row.minutes) for row in found.rows
    ]
    milestones = [(row.start, row.finish) for row in found.rows if row.start == row.finish]
    assert milestones == [(row.start, row.finish) for row in even.rows if row.start == row.finish]
    if measure == "squares":
        # minutes of records are whole, those of calendars are too
        assert unevenness(plan, even) <= unevenness(plan, found)


@given(plans(one_calendar=True))
@settings(max_examples=20)
def test_smoothing_never_raises_the_peak(plan: Plan) -> None:
    found = assigned(plan)
    assert peak(plan, smooth(plan, found, measure="peak")) <= peak(plan, found)


def shortest(lengths: list[int], able: list[list[int]], before: list[set[int]]) -> int:
    """Try every order with every choice of one person each; somebody starts as soon as all of it allows."""
    n, best = len(lengths), 10**9
    for order in permutations(range(n)):
        if any(i not in order[:place] for place, j in enumerate(order) for i in before[j]):
            continue
        for people in product(*able):
            finish, free = [0] * n, dict.fromkeys(people, 0)
            for j in order:
                start = max([free[people[j]], *(finish[i] for i in before[j])])
                finish[j] = free[people[j]] = start + lengths[j]
            best = min(best, max(finish))
    return best


@pytest.mark.parametrize("seed", range(12))
def test_small_plans_on_one_calendar_are_solved_to_the_optimum(seed: int) -> None:
    rng = np.random.default_rng(seed)
    n = 5
    lengths = rng.integers(1, 9, n).tolist()
    before = [set(np.flatnonzero(rng.random(j) < 0.3).tolist()) for j in range(n)]
    able = [sorted(rng.choice(3, rng.integers(1, 3), replace=False).tolist()) for _ in range(n)]
    packages = [
        WorkPackage(id=f"w{j}", estimate=Estimate.fixed(lengths[j], unit="h"), needs=[Need(skills={f"s{j}": 1})])
        for j in range(n)
    ]
    levels = [[float(person in able[j]) for j in range(n)] for person in range(3)]
    plan = Plan(
        wbs=Wbs(root=Group(id="root", children=packages)),
        start=datetime(2026, 1, 5, 8, tzinfo=UTC),
        links=[Link(predecessor=f"w{i}", successor=f"w{j}") for j in range(n) for i in sorted(before[j])],
        team=Team(
            people=[Person(id=f"p{k}") for k in range(3)],
            skills=SkillMatrix([f"p{k}" for k in range(3)], [f"s{j}" for j in range(n)], levels),
        ),
        calendar=DAYS,
    )
    found = assign(plan, schedules=500)
    assert found.makespan == 60 * shortest(lengths, able, before)
    people = [Person(id=f"p{k}", calendar=DAYS.with_(horizon_days=3659)) for k in range(3)]
    on_instants = assign(plan.with_(team=evolve(plan.team, people=people)), schedules=500)
    assert on_instants.makespan >= found.makespan
