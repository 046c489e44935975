"""Where the team is too small, and the requirement that HR is given."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import chain, combinations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadkit.calendars import WorkCalendar
from leadkit.skills import SkillMatrix
from leadkit.wbs import (
    WBS_FLAGS,
    Assignment,
    AssignmentRow,
    Estimate,
    Group,
    Need,
    Person,
    Plan,
    StaffingGap,
    Team,
    Wbs,
    WorkPackage,
    resource_request,
    schedule,
    staffing_gap,
)
from leadkit.wbs.requirement._flow import greatest_flow

MONDAY = datetime(2026, 1, 5, 8, tzinfo=UTC)
DAY = 480
WEEK = 5 * DAY


def at(day: int, hour: int = 17, month: int = 1) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=UTC)


def work(own: str, days: float, *needs: Need, start: datetime | None = None, **fields: Any) -> WorkPackage:
    return WorkPackage(id=own, estimate=Estimate.fixed(days), needs=needs, not_before=start, **fields)


def need(heads: int = 1, **skills: float) -> Need:
    return Need(skills=skills, heads=heads)


def team_of(levels: dict[str, dict[str, float]], **people: dict[str, Any]) -> Team:
    """Build a team from levels by person and skill."""
    skills = sorted({skill for own in levels.values() for skill in own})
    table = [[levels[person].get(skill, math.nan) for skill in skills] for person in levels]
    return Team(
        people=[Person(id=own, **people.get(own, {})) for own in levels],
        skills=SkillMatrix(list(levels), skills, table),
    )


def plan_of(packages: Sequence[WorkPackage], team: Team, **fields: Any) -> Plan:
    return Plan(wbs=Wbs(root=Group(id="root", children=packages)), start=MONDAY, team=team, **fields)


def assigned(plan: Plan, finish: datetime, flags: Sequence[str] = ()) -> Assignment:
    """Build an assignment that ends when it is told to; who does what plays no part in a request."""
    rows: Any = [
        AssignmentRow(id=row.id, code="", people=(), start=finish, finish=finish, minutes=0, bound_by=())
        for row in schedule(plan).rows
    ]
    return Assignment(
        rows=rows,
        finish=finish,
        makespan=0,
        lower_bound=0,
        gap=0,
        is_proven=True,
        method="ga",
        schedules=1,
        load=(),
        bottleneck=(),
        flags=tuple(flags),
        plan=plan,
    )


def table(gap: StaffingGap) -> list[tuple[str, str, int, int, int]]:
    return [
        (
            row.from_date.isoformat(),
            "+".join(skill for skill, _ in row.need.skills),
            row.demand,
            row.capacity,
            row.shortage,
        )
        for row in gap.rows
    ]


# --- the flow


def least_cut(demand: Sequence[int], capacity: Sequence[int], most: Sequence[dict[int, int]]) -> int:
    """Find the maximum flow as the least cut, by trying every set of sinks."""
    sinks = range(len(demand))
    chosen = chain.from_iterable(combinations(sinks, size) for size in range(len(demand) + 1))
    return min(
        sum(demand[k] for k in sinks if k not in inside)
        + sum(min(room, sum(most[k].get(p, 0) for k in inside)) for p, room in enumerate(capacity))
        for inside in chosen
    )


@st.composite
def flows(draw: Any) -> tuple[list[int], list[int], list[dict[int, int]]]:
    amounts = st.integers(0, 12)
    n_people = draw(st.integers(0, 4))
    demand = draw(st.lists(amounts, min_size=1, max_size=5))
    capacity = draw(st.lists(amounts, min_size=n_people, max_size=n_people))
    most = [{person: draw(amounts) for person in range(n_people) if draw(st.booleans())} for _ in demand]
    return demand, capacity, most


@given(flows())
def test_the_flow_is_the_greatest_there_is_and_serves_the_first_first(given_: Any) -> None:
    demand, capacity, most = given_
    flow = greatest_flow(demand, capacity, most)
    for sink, taken in enumerate(flow):
        assert sum(taken.values()) <= demand[sink]
        assert all(0 < amount <= most[sink][source] for source, amount in taken.items())
    for source, room in enumerate(capacity):
        assert sum(taken.get(source, 0) for taken in flow) <= room
    for n in range(1, len(demand) + 1):
        assert sum(sum(taken.values()) for taken in flow[:n]) == least_cut(demand[:n], capacity, most[:n])


def test_a_sink_may_have_to_move_others_twice() -> None:
    flow = greatest_flow([4, 4, 4], [4, 4, 4], [{0: 4, 1: 4}, {0: 4, 2: 4}, {0: 4}])
    assert flow == [{1: 4}, {2: 4}, {0: 4}]


# --- staffing gap


def test_nobody_is_counted_twice() -> None:
    team = team_of({"ann": {"sql": 3, "py": 3}, "ben": {"py": 3}})
    packages = [work("data", 5, need(sql=3)), work("api", 5, need(py=3)), work("page", 5, need(py=2))]
    gap = staffing_gap(plan_of(packages, team))
    # ann is the only one for sql, so she does that; ben has a week for the two weeks of py at level 2 and 3
    assert table(gap) == [
        ("2026-01-05", "py", WEEK, WEEK, 0),
        ("2026-01-05", "py", WEEK, 0, WEEK),
        ("2026-01-05", "sql", WEEK, WEEK, 0),
    ]
    assert [row.need for row in gap.rows] == [need(py=2), need(py=3), need(sql=3)]
    assert gap.rows[0].to_date == date(2026, 1, 11)
    assert gap.unqualified == ()
    assert [(one.need, one.person, one.packages) for one in gap.single] == [(need(sql=3), "ann", ("data",))]
    assert gap.flags == ()


def test_the_need_that_fewest_people_can_do_is_served_first() -> None:
    team = team_of({"ann": {"rare": 1, "usual": 1}, "ben": {"usual": 1}, "cy": {"other": 1}})
    packages = [work("a", 5, need(usual=1)), work("b", 5, need(usual=1)), work("c", 5, need(rare=1))]
    rows = staffing_gap(plan_of(packages, team)).rows
    assert {row.need.skills[0][0]: row.shortage for row in rows} == {"rare": 0, "usual": WEEK}


@pytest.mark.parametrize(
    ("by", "expected"),
    [
        ("day", [("2026-01-30", 480), ("2026-02-02", 480), ("2026-02-03", 240)]),
        ("week", [("2026-01-26", 480), ("2026-02-02", 720)]),
        ("month", [("2026-01-01", 480), ("2026-02-01", 720)]),
    ],
)
def test_demand_lies_where_the_work_is(by: Any, expected: list[tuple[str, int]]) -> None:
    team = team_of({"ann": {"sql": 3}})
    plan = plan_of([work("a", 2.5, need(sql=1), start=datetime(2026, 1, 30, 8, tzinfo=UTC))], team)
    gap = staffing_gap(plan, by=by)
    assert [(row.from_date.isoformat(), row.demand) for row in gap.rows] == expected
    assert all(row.shortage == 0 for row in gap.rows)
    lengths = {"day": {1}, "week": {7}, "month": {31, 28}}
    assert {(row.to_date - row.from_date).days + 1 for row in gap.rows} == lengths[by]


def test_periods_follow_the_dates_of_the_plans_calendar() -> None:
    night = WorkCalendar.weekly({"mon": "08:00-12:00"}, zone="Pacific/Auckland")
    team = team_of({"ann": {"sql": 3}})
    plan = plan_of([work("a", 0.5, need(sql=1))], team, calendar=night)
    # Monday morning in Auckland is Sunday evening in UTC
    assert [row.from_date for row in staffing_gap(plan, by="day").rows] == [date(2026, 1, 12)]


def test_one_person_is_one_head_of_a_package() -> None:
    team = team_of({"ann": {"sql": 3}, "ben": {"sql": 1}})
    gap = staffing_gap(plan_of([work("pair", 2, need(2, sql=2))], team))
    assert table(gap) == [("2026-01-05", "sql", 2 * 960, 960, 960)]
    assert gap.unqualified == (need(2, sql=2),)
    assert gap.single == ()
    assert gap.flags == ("unqualified",)


def test_needs_of_one_package_take_people_from_each_other() -> None:
    team = team_of({"ann": {"sql": 3, "py": 3}, "ben": {"sql": 1}})
    gap = staffing_gap(plan_of([work("a", 1, need(sql=2), need(py=2))], team))
    assert sum(row.shortage for row in gap.rows) == DAY
    assert gap.unqualified == ()


def test_needs_that_ask_for_the_same_are_one() -> None:
    team = team_of({"ann": {"sql": 3}, "ben": {"sql": 3}})
    gap = staffing_gap(plan_of([work("a", 1, need(sql=3), need(sql=3)), work("b", 1, need(sql=3))], team))
    assert [(row.need, row.demand, row.shortage) for row in gap.rows] == [(need(2, sql=3), 3 * DAY, 0)]
    assert [one.person for one in gap.single] == ["ann", "ben"]
    assert gap.single[0].packages == ("a",)


def test_units_and_calendars_make_the_time_of_a_person() -> None:
    mornings = WorkCalendar.weekly({"mon-fri": "08:00-12:00"}, zone="UTC")
    team = team_of({"ann": {"sql": 3}, "ben": {"sql": 3}}, ann={"units": 0.1}, ben={"calendar": mornings})
    gap = staffing_gap(plan_of([work("a", 5, need(2, sql=3))], team))
    assert table(gap) == [("2026-01-05", "sql", 2 * WEEK, WEEK // 10 + WEEK // 2, 2 * WEEK - WEEK // 10 - WEEK // 2)]


def test_who_is_not_assessed_is_not_qualified_and_level_0_is_a_level() -> None:
    team = team_of({"ann": {"sql": 0}, "ben": {"py": 5}})
    assert staffing_gap(plan_of([work("a", 1, need(sql=0))], team)).single[0].person == "ann"
    unknown = staffing_gap(plan_of([work("a", 1, need(sql=0, go=1))], team))
    assert unknown.unqualified == (need(sql=0, go=1),)
    assert unknown.rows[0].shortage == DAY


def test_a_team_without_skills_can_only_do_what_anybody_can() -> None:
    crew = Team(people=[Person(id="ann"), Person(id="ben")])
    gap = staffing_gap(plan_of([work("a", 1, Need(skills={})), work("b", 1, need(sql=1))], crew))
    assert [(row.need.skills, row.shortage) for row in gap.rows] == [((), 0), ((("sql", 1.0),), DAY)]
    assert gap.to_records()[0]["need"] == "anybody"


def test_what_takes_nobody_or_no_time_asks_for_nobody() -> None:
    crew = team_of({"ann": {"sql": 3}})
    packages = [work("free", 3), work("instant", 0, need(9, sql=3)), WorkPackage(id="m", kind="milestone")]
    gap = staffing_gap(plan_of(packages, crew))
    assert (gap.rows, gap.unqualified, gap.single) == ((), (), ())
    assert staffing_gap(plan_of([], crew)).rows == ()
    assert staffing_gap(plan_of([work("a", 1, need(sql=3))], Team())).unqualified == (need(sql=3),)


def test_a_given_schedule_is_used() -> None:
    team = team_of({"ann": {"sql": 3}})
    plan = plan_of([work("a", 1, need(sql=3))], team)
    later = schedule(plan.replace("a", not_before=at(14, 8)))
    assert staffing_gap(plan, schedule=later).rows[0].from_date == date(2026, 1, 12)
    other = schedule(plan_of([work("b", 1)], team))
    with pytest.raises(ValueError, match="schedule: has no dates for 'a', so it is of another plan"):
        staffing_gap(plan, schedule=other)
    with pytest.raises(ValueError, match="schedule: expected a Schedule, got 5"):
        staffing_gap(plan, schedule=5)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="by: expected one of 'day', 'week', 'month', got 'year'"):
        staffing_gap(plan, by="year")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="by: expected one of"):
        resource_request(plan, by="year")  # type: ignore[arg-type]


def test_results_are_plain_data() -> None:
    team = team_of({"ann": {"sql": 3, "py": 1}})
    plan = plan_of([work(f"p{k}", 5, need(sql=k / 10, py=1)) for k in range(21)], team, delay_cost=10.0)
    gap = staffing_gap(plan)
    assert json.dumps(gap.to_dict(), allow_nan=False)
    assert gap.to_records()[3] == {
        "from_date": "2026-01-05",
        "to_date": "2026-01-11",
        "need": "py >= 1, sql >= 0.3",
        "demand": WEEK,
        "capacity": 0,
        "shortage": WEEK,
    }
    assert "and 1 more rows" in gap._repr_html_()
    request = resource_request(plan, assignment=assigned(plan, at(30)))
    assert json.dumps(request.to_dict(), allow_nan=False)
    assert request.to_records()[0]["skills"] == "py >= 1, sql >= 0"
    assert "ResourceRequest" in request._repr_html_()


def test_flags_have_their_lines() -> None:
    assert {"unqualified", "infeasible"} <= set(WBS_FLAGS)


# --- laws


SKILLS = ("x", "y")


@st.composite
def plans(draw: Any) -> Plan:
    people = {f"p{k}": {s: draw(st.integers(0, 3)) for s in SKILLS} for k in range(draw(st.integers(1, 3)))}
    packages = []
    for k in range(draw(st.integers(1, 4))):
        needs = [
            need(draw(st.integers(1, 2)), **{draw(st.sampled_from(SKILLS)): draw(st.integers(0, 3))})
            for _ in range(draw(st.integers(1, 2)))
        ]
        packages.append(work(f"a{k}", draw(st.integers(1, 8)), *needs, start=at(5 + draw(st.integers(0, 9)), 8)))
    return plan_of(packages, team_of(people))


@settings(max_examples=20)
@given(plans(), st.sampled_from(["day", "week", "month"]))
def test_demand_is_all_the_work_whatever_the_period(plan: Plan, by: Any) -> None:
    gap = staffing_gap(plan, by=by)
    assert sum(row.demand for row in gap.rows) == sum(p.heads * p.duration() for p in plan.wbs.packages)
    assert all(row.demand == row.capacity + row.shortage and row.shortage >= 0 for row in gap.rows)


@settings(max_examples=20)
@given(plans(), st.integers(0, 3), st.integers(0, 3))
def test_one_more_person_never_makes_a_period_shorter_of_people(plan: Plan, x: int, y: int) -> None:
    matrix = plan.team.skills
    assert matrix is not None
    levels = {person: {s: matrix.level(person, s) for s in SKILLS} for person in matrix.people}
    more = plan.with_(team=team_of({**levels, "new": {"x": x, "y": y}}))

    def short(of: Plan) -> dict[date, int]:
        found: dict[date, int] = {}
        for row in staffing_gap(of).rows:
            found[row.from_date] = found.get(row.from_date, 0) + row.shortage
        return found

    before, after = short(plan), short(more)
    assert all(after[day] <= before[day] for day in before)


@settings(max_examples=10)
@given(plans(), st.randoms(use_true_random=False))
def test_order_of_people_changes_nothing(plan: Plan, random: Any) -> None:
    people = list(plan.team.people)
    random.shuffle(people)
    other = plan.with_(team=Team(people=people, skills=plan.team.skills))
    assert staffing_gap(plan) == staffing_gap(other)


# --- the request


def lines(plan: Plan, finish: datetime, **options: Any) -> list[tuple[Any, ...]]:
    request = resource_request(plan, assignment=assigned(plan, finish), **options)
    return [
        (line.reason, line.heads, line.hours, line.from_date.isoformat(), line.to_date.isoformat(), line.packages)
        for line in request.lines
    ]


def test_a_skill_that_nobody_has_is_asked_for() -> None:
    team = team_of({"ann": {"sql": 1, "py": 4}, "ben": {"sql": 2}})
    plan = plan_of([work("a", 6, need(2, sql=3)), work("b", 1, need(py=1))], team)
    request = resource_request(plan)
    second, first = request.lines
    assert (first.reason, first.heads, first.hours) == ("nobody_qualified", 2, 96)
    assert (first.from_date, first.to_date) == (date(2026, 1, 5), date(2026, 1, 12))
    assert (first.skills, first.packages, first.best) == ((("sql", 3.0),), ("a",), ("ben", 2.0))
    assert (second.reason, second.heads, second.hours, second.best) == ("one_person_only", 0, 0, ("ann", 4.0))
    assert (request.delay, request.cost_of_delay) == (None, None)
    assert request.flags == ("infeasible", "unqualified")


def test_the_missing_heads_are_asked_for_where_too_few_are_qualified() -> None:
    team = team_of({"ann": {"sql": 3}, "ben": {"sql": 1}})
    plan = plan_of([work("a", 2, need(3, sql=2), start=at(7, 8))], team)
    (line,) = resource_request(plan).lines
    assert (line.reason, line.heads, line.hours) == ("too_few", 2, 32)
    assert (line.from_date, line.to_date) == (date(2026, 1, 7), date(2026, 1, 8))
    assert line.best == ("ben", 1.0)


def test_somebody_is_asked_for_where_needs_of_one_package_take_the_same_person() -> None:
    team = team_of({"ann": {"sql": 3, "py": 3}, "ben": {}})
    plan = plan_of([work("a", 1, need(sql=2), need(py=2))], team)
    request = resource_request(plan)
    assert request.delay is None
    assert [line.reason for line in request.lines] == ["one_person_only", "too_few", "one_person_only"]
    assert [line.heads for line in request.lines] == [0, 1, 0]


def test_an_overload_asks_for_as_many_as_the_worst_period() -> None:
    team = team_of({"ann": {"sql": 3}, "ben": {"sql": 3}, "cy": {"sql": 1}})
    packages = [work(f"a{k}", 5, need(sql=3)) for k in range(4)]
    plan = plan_of([*packages, work("late", 10, need(3, sql=1), start=at(12, 8))], team)
    depended_on = ("one_person_only", 0, 0.0, "2026-01-12", "2026-01-23", ("late",))
    assert lines(plan, at(30)) == [
        ("overload", 2, 80.0, "2026-01-05", "2026-01-09", ("a0", "a1", "a2", "a3")),
        *[depended_on] * 3,
    ]


def both(start: datetime, days: float, tag: str) -> list[WorkPackage]:
    return [work(f"{tag}{k}", days, need(sql=3), start=start) for k in range(2)]


def test_adjoining_periods_are_one_line_and_others_are_not() -> None:
    team = team_of({"ann": {"sql": 3}, "ben": {"sql": 1}})
    # of each week ann has 40 hours
    packages = [*both(MONDAY, 9, "x"), *both(at(26, 8), 5, "y")]
    found = [line for line in lines(plan_of(packages, team), at(30, month=3)) if line[0] == "overload"]
    assert found == [
        ("overload", 1, 40.0 + 24.0, "2026-01-05", "2026-01-15", ("x0", "x1")),
        ("overload", 1, 40.0, "2026-01-26", "2026-01-30", ("y0", "y1")),
    ]


def test_days_before_and_after_a_weekend_adjoin() -> None:
    team = team_of({"ann": {"sql": 3}, "ben": {"sql": 1}})
    packages = [*both(at(8, 8), 3, "x"), *both(at(14, 8), 1, "y")]
    found = [line for line in lines(plan_of(packages, team), at(30), by="day") if line[0] == "overload"]
    assert found == [
        ("overload", 1, 24.0, "2026-01-08", "2026-01-12", ("x0", "x1")),
        ("overload", 1, 8.0, "2026-01-14", "2026-01-14", ("y0", "y1")),
    ]


def test_overload_while_the_plans_calendar_is_closed_counts_by_the_work() -> None:
    weekend = WorkCalendar.weekly({"sat": "08:00-12:00"}, zone="UTC")
    team = team_of({"ann": {"sql": 3}, "ben": {"sql": 3}})
    packages = [work(f"w{k}", 0.5, need(sql=3), calendar="weekend") for k in range(3)]
    plan = plan_of(packages, team, calendars={"weekend": weekend})
    assert lines(plan, at(24), by="day") == [
        ("overload", 3, 12.0, "2026-01-10", "2026-01-10", ("w0", "w1", "w2")),
    ]


def test_a_plan_that_is_done_in_time_asks_for_nobody() -> None:
    team = team_of({"ann": {"sql": 3}})
    plan = plan_of([work("a", 2, need(sql=3)), work("b", 2, need(sql=3)), work("long", 9)], team, delay_cost=100.0)
    request = resource_request(plan, assignment=assigned(plan, schedule(plan).finish))
    assert [(line.reason, line.heads, line.best) for line in request.lines] == [("one_person_only", 0, ("ann", 3.0))]
    assert (request.delay, request.cost_of_delay) == (0, 0)


def test_a_deadline_says_what_in_time_is() -> None:
    team = team_of({"ann": {"sql": 3}, "ben": {"sql": 3}})
    crowd = [work(f"a{k}", 5, need(sql=3)) for k in range(4)]
    relaxed = plan_of(crowd, team, deadline=at(16), delay_cost=100.0)
    request = resource_request(relaxed, assignment=assigned(relaxed, at(16)))
    assert request.lines == ()
    assert (request.delay, request.cost_of_delay) == (WEEK, 500)
    tight = plan_of(crowd, team, deadline=at(15))
    request = resource_request(tight, assignment=assigned(tight, at(16)))
    assert [line.reason for line in request.lines] == ["overload"]
    assert (request.delay, request.cost_of_delay) == (WEEK, None)
    missed = resource_request(relaxed, assignment=assigned(relaxed, at(16), ["deadline_missed:a0"]))
    assert [line.reason for line in missed.lines] == ["overload"]
    assert missed.flags == ("deadline_missed:a0",)


def test_lines_come_by_day_then_by_skills() -> None:
    team = team_of({"ann": {"x": 1}, "ben": {"y": 1}, "cy": {}})
    packages = [
        work("late", 1, need(x=1), start=at(14, 8)),
        work("early", 1, need(y=1)),
        work("too", 1, need(a=1)),
    ]
    plan = plan_of(packages, team)
    request = resource_request(plan)
    assert [(line.from_date.day, line.skills[0][0], line.reason) for line in request.lines] == [
        (5, "a", "nobody_qualified"),
        (5, "y", "one_person_only"),
        (14, "x", "one_person_only"),
    ]


def test_the_nearest_person_lacks_least_and_is_named_with_what_lacks_most() -> None:
    team = team_of({"ann": {"sql": 2, "py": 1}, "ben": {"sql": 3}, "cy": {"sql": 1, "py": 2}})
    plan = plan_of([work("a", 1, need(sql=3, py=3))], team)
    # ann lacks 1 and 2, ben lacks all of py, cy lacks 2 and 1
    assert resource_request(plan).lines[0].best == ("ann", 1.0)
    unassessed = plan_of([work("a", 1, need(sql=3))], team_of({"ann": {"py": 1}, "ben": {"py": 2}}))
    unassessed = unassessed.with_(team=team_of({"ann": {"py": 1, "sql": math.nan}}))
    (line,) = resource_request(unassessed).lines
    assert line.best is not None
    assert line.best[0] == "ann"
    assert math.isnan(line.best[1])
    assert resource_request(unassessed).to_records()[0]["best_level"] is None
    alone = plan_of([work("a", 1, need(sql=3))], Team())
    assert resource_request(alone).lines[0].best is None
    assert resource_request(alone).to_records()[0]["best"] is None


def test_whoever_everything_depends_on_is_named_with_the_level_that_has_least_to_spare() -> None:
    team = team_of({"ann": {"sql": 5, "py": 3}, "ben": {"sql": 1}})
    plan = plan_of([work("a", 1, need(sql=3, py=3))], team)
    request = resource_request(plan, assignment=assigned(plan, at(5)))
    assert request.lines[0].best == ("ann", 3.0)
    anybody = plan_of([work("a", 1, Need(skills={}))], Team(people=[Person(id="ann")]))
    (line,) = resource_request(anybody, assignment=assigned(anybody, at(5))).lines
    assert line.best is not None
    assert line.best[0] == "ann"
    assert math.isnan(line.best[1])


def test_an_assignment_of_another_plan_is_refused() -> None:
    team = team_of({"ann": {"sql": 3}})
    plan = plan_of([work("a", 1, need(sql=3))], team)
    other = plan_of([work("b", 1, need(sql=3))], team)
    with pytest.raises(ValueError, match="assignment: has nobody and no dates for 'a', so it is of another plan"):
        resource_request(plan, assignment=assigned(other, at(5)))
    with pytest.raises(ValueError, match="assignment: expected an Assignment, got 5"):
        resource_request(plan, assignment=5)  # type: ignore[arg-type]


def test_without_an_assignment_one_is_made() -> None:
    team = team_of({"ann": {"sql": 3}, "ben": {"sql": 3}})
    plan = plan_of([work(f"a{k}", 5, need(sql=3)) for k in range(4)], team, delay_cost=100.0)
    request = resource_request(plan)
    assert (request.delay, request.cost_of_delay) == (WEEK, 500)
    assert [(line.reason, line.heads, line.hours) for line in request.lines] == [("overload", 2, 80)]


def test_hours_of_delay_are_working_time() -> None:
    team = team_of({"ann": {"sql": 3}, "ben": {"sql": 3}})
    plan = plan_of([work("a", 5, need(sql=3))], team)
    request = resource_request(plan, assignment=assigned(plan, at(12, 12)))
    assert request.delay == 240
    assert timedelta(minutes=request.delay) == plan.calendar.elapsed(schedule(plan).finish, at(12, 12))
