"""Progress against a baseline: value, cost, slip, state, accounts, forecast and what contradicts itself."""

from __future__ import annotations

import json
import math
import pickle
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadkit._convert import structure
from leadkit._results import plain
from leadkit.calendars import WorkCalendar
from leadkit.errors import InfeasibleError, PlanError, UnknownIdError
from leadkit.skills import SkillMatrix
from leadkit.wbs import (
    WBS_FLAGS,
    Assignment,
    AssignmentRow,
    ControlAccount,
    Dictionary,
    Estimate,
    Gate,
    Group,
    Handover,
    Lag,
    Link,
    Need,
    Person,
    Plan,
    Progress,
    Status,
    Team,
    Tracking,
    Wbs,
    WorkPackage,
    schedule,
    track,
)

NAN = math.nan
MONDAY = datetime(2026, 1, 5, 8, tzinfo=UTC)
SQL = Need(skills={"sql": 3})


def at(day: int, hour: int = 17, month: int = 1) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=UTC)


def package(own: str, days: float = 5, **fields: Any) -> WorkPackage:
    return WorkPackage(id=own, estimate=Estimate.fixed(days), **fields)


def plan_of(*packages: WorkPackage | Group, links: str = "", **fields: Any) -> Plan:
    """Build a plan from links such as "a>b, b>c:SS"."""
    made: list[Link] = []
    for part in filter(None, links.split(", ")):
        first, second = part.split(">")
        second, _, kind = second.partition(":")
        made += Link.parse(f"{first}:{kind or 'FS'}", successor=second)
    options: dict[str, Any] = {"wbs": Wbs(root=Group(id="root", children=packages)), "start": MONDAY, "links": made}
    return Plan(**(options | fields))


def costing(own: str, cost: float, days: float = 5, **fields: Any) -> WorkPackage:
    return package(own, days, measures={"cost": cost}, **fields)


def tracked(plan: Plan, as_of: datetime, *progress: Progress, **options: Any) -> Tracking:
    return track(plan, schedule(plan), Status(as_of=as_of, progress=progress), **options)


@pytest.fixture
def two() -> Plan:
    return plan_of(costing("a", 1000), costing("b", 3000), links="a>b")


# --- planned value, earned value, cost


def test_planned_value_grows_over_working_time_alone(two: Plan) -> None:
    for as_of, planned in (
        (at(4), 0),
        (at(5, 12), 100),
        (at(7, 12), 500),
        (at(9), 1000),
        (at(11), 1000),
        (at(14, 12), 1000 + 1500),
        (at(30), 4000),
    ):
        assert tracked(two, as_of).evm.pv == pytest.approx(planned), as_of


def test_what_is_not_reported_has_not_started_and_cost_nothing(two: Plan) -> None:
    found = tracked(two, at(7, 12))
    assert (found.evm.ev, found.evm.ac, found.evm.bac) == (0, 0, 4000)
    assert [row.state for row in found.rows] == ["late", "not_started"]
    assert [row.planned_percent for row in found.rows] == [50, 0]
    assert "cpi: no actual cost" in found.evm.flags
    assert found.flags == ()


@pytest.mark.parametrize(
    ("rule", "earned"),
    [("percent", 0.3 * 1000 + 3000), ("0/100", 3000), ("50/50", 500 + 3000), ("steps", 0.25 * 1000 + 3000)],
)
def test_each_rule_earns_in_its_own_way(rule: Any, earned: float) -> None:
    plan = plan_of(
        WorkPackage(id="a", estimate=Estimate.fixed(5), measures={"cost": 1000, "steps": 4}), costing("b", 3000)
    )
    found = tracked(
        plan,
        at(12),
        Progress(package="a", percent=30, steps_done=1, actual_start=MONDAY, actual_cost=400),
        Progress(package="b", actual_start=MONDAY, actual_finish=at(12), actual_cost=2000),
        rule=rule,
    )
    assert found.evm.ev == pytest.approx(earned)
    assert found.evm.ac == 2400
    assert found.rule == rule


def test_steps_are_counted_in_the_dictionary_where_no_measure_says_how_many() -> None:
    entry = Dictionary(activities=["draw", "cut", "sew"])
    plan = plan_of(costing("a", 900, dictionary=entry))
    assert tracked(plan, at(6), Progress(package="a", steps_done=2), rule="steps").evm.ev == pytest.approx(600)


def test_work_without_reported_steps_earns_nothing_by_steps_and_says_so() -> None:
    plan = plan_of(costing("a", 900))
    found = tracked(plan, at(6), Progress(package="a", percent=50, actual_cost=1), rule="steps")
    assert found.evm.ev == 0
    assert found.flags == ("no_steps_reported:a",)
    assert tracked(plan, at(6), Progress(package="a", percent=100, actual_cost=1), rule="steps").evm.ev == 900


def test_without_a_percentage_what_is_no_longer_remaining_is_earned(two: Plan) -> None:
    found = tracked(two, at(7), Progress(package="a", percent=None, remaining=600, actual_cost=1))
    assert found.row("a").percent == pytest.approx(75)
    longer = tracked(two, at(7), Progress(package="a", percent=None, remaining=9000, actual_cost=1))
    assert longer.row("a").percent == 0
    assert tracked(two, at(7), Progress(package="a", percent=None)).row("a").percent == 0


def test_on_plan_every_index_is_1_and_the_schedule_is_earned_to_the_hour(two: Plan) -> None:
    found = tracked(
        two,
        at(14, 12),
        Progress(package="a", actual_start=MONDAY, actual_finish=at(9), actual_cost=1000),
        Progress(package="b", percent=50, actual_start=at(12, 8), actual_cost=1500),
    )
    figures = found.evm
    assert (figures.spi, figures.cpi) == (1, 1)
    assert figures.tcpi_bac == pytest.approx(1)
    assert figures.tcpi_eac == pytest.approx(1)
    # a week of the baseline earns 1000, the next 3000: half of the second is 2.5 of 5 days
    assert found.earned_schedule.es == pytest.approx(1.5)
    assert found.earned_schedule.sv == pytest.approx(0)
    assert found.earned_schedule.planned_duration == 2
    assert [row.slip for row in found.rows] == [0, 0]
    assert found.forecast_finish == at(16)


@pytest.mark.parametrize(
    ("period", "n", "passed"), [("day", 10, 7 + 3 / 8), ("week", 2, 1 + 19 / 40), ("month", 1, (7 * 8 + 3) / (23 * 8))]
)
def test_periods_count_from_the_start_of_the_baseline(two: Plan, period: Any, n: int, passed: float) -> None:
    # Wednesday of the second week at 11 o'clock: 7 days and 3 hours of work, of 23 days to the 5th of February
    found = tracked(two, at(14, 11), period=period).earned_schedule
    assert found.planned_duration == n
    assert -found.sv == pytest.approx(passed)


def test_a_month_ends_on_its_last_day_where_it_is_too_short() -> None:
    plan = plan_of(costing("a", 100, 30), start=datetime(2026, 1, 30, 8, tzinfo=UTC))
    assert schedule(plan).finish == datetime(2026, 3, 12, 17, tzinfo=UTC)
    found = tracked(plan, at(28, 8, month=2), period="month").earned_schedule
    assert found.planned_duration == 2
    assert found.sv == pytest.approx(-1)


def test_days_without_working_time_are_no_periods(two: Plan) -> None:
    for as_of, passed in ((at(9), 5), (at(10, 20), 5), (at(12, 8), 5), (at(12, 12), 5.5)):
        assert tracked(two, as_of, period="day").earned_schedule.sv == -passed


def test_when_the_calendar_has_closed_for_good_time_passes_by_the_clock() -> None:
    shut = WorkCalendar.weekly(
        {"mon-fri": "08:00-12:00,13:00-17:00"}, zone="UTC", closures=[(at(7, 0), at(7, 0) + timedelta(days=9000))]
    )
    plan = plan_of(costing("a", 100, 2), WorkPackage(id="end", kind="milestone"), calendar=shut)
    report = Progress(package="a", actual_start=MONDAY, actual_finish=at(6), actual_cost=1)
    found = tracked(plan, at(8, 20), report, period="day").earned_schedule
    assert found.es - found.sv == pytest.approx(3.5)
    with pytest.raises(InfeasibleError, match="'a': the plan's calendar is not open for 960 minutes"):
        tracked(plan, at(8, 20))


def test_the_curve_holds_the_planned_value_at_the_start_and_at_the_end_of_each_period(two: Plan) -> None:
    found = tracked(two, at(7))
    assert [(point.at, point.pv) for point in found.curve] == [
        (MONDAY, 0),
        (at(12, 8), pytest.approx(found.row("a").budget)),
        (at(19, 8), pytest.approx(found.evm.bac)),
    ]
    assert found.earned_schedule.planned_duration == len(found.curve) - 1
    assert [str(point.at.tzinfo) for point in found.curve] == ["UTC"] * 3


def test_time_stops_when_everything_is_done(two: Plan) -> None:
    reports = [
        Progress(package="a", actual_start=MONDAY, actual_finish=at(9), actual_cost=1000),
        Progress(package="b", actual_start=at(12, 8), actual_finish=at(16), actual_cost=3000),
    ]
    for as_of in (at(16), at(30)):
        found = tracked(two, as_of, *reports)
        assert found.earned_schedule.es == 2
        assert found.earned_schedule.sv == pytest.approx(0, abs=1e-12)
        assert [row.state for row in found.rows] == ["done", "done"]
        assert found.forecast_finish == at(16)


# --- budgets


def test_without_costs_the_planned_minutes_are_the_budget() -> None:
    plan = plan_of(package("a", 2), package("b", 3))
    found = tracked(plan, at(5), Progress(package="a", percent=25, actual_start=MONDAY))
    assert found.evm.bac == 5 * 480
    assert found.evm.ev == 240
    assert found.evm.ac == 480
    assert found.flags == ("cost_from_time", "actual_cost_from_time")


def test_money_and_minutes_together_are_flagged() -> None:
    plan = plan_of(costing("a", 100), package("b", 1), WorkPackage(id="m", kind="milestone"))
    assert tracked(plan, MONDAY).flags == ("cost_from_time", "mixed_budgets")
    only_points = plan_of(costing("a", 100), WorkPackage(id="m", kind="milestone"))
    assert tracked(only_points, MONDAY).flags == ()


def test_an_actual_cost_that_is_not_reported_is_not_known(two: Plan) -> None:
    found = tracked(two, at(9), Progress(package="a", percent=50, actual_start=MONDAY))
    assert math.isnan(found.evm.ac)
    assert math.isnan(found.row("a").ac)
    assert found.row("b").ac == 0
    assert found.flags == ("no_actual_cost:a",)
    assert found.evm.flags == ("not_known:ac",)
    assert found.by_account[0]["cpi"] is None
    assert found.to_records()[0]["ac"] is None
    unknown_start = tracked(plan_of(package("a")), at(9), Progress(package="a", percent=50))
    assert unknown_start.flags == ("cost_from_time", "no_actual_cost:a")


def team(*people: Person) -> Team:
    ids = [person.id for person in people]
    return Team(people=people, skills=SkillMatrix(ids, ["sql"], [[4]] * len(ids)))


def assigned(plan: Plan, **rows: tuple[Any, datetime, datetime, int]) -> Assignment:
    """Build an assignment by hand: people, start, finish, minutes."""
    made: Any = [
        AssignmentRow(id=own, code="", people=people, start=start, finish=finish, minutes=minutes, bound_by=())
        for own, (people, start, finish, minutes) in rows.items()
    ]
    finish = max(row.finish for row in made)
    return Assignment(
        rows=made,
        finish=finish,
        makespan=0,
        lower_bound=0,
        gap=0,
        is_proven=True,
        method="ga",
        schedules=1,
        load=(),
        bottleneck=(),
        plan=plan,
    )


def test_with_people_the_budget_is_their_time_at_their_rates() -> None:
    crew = team(Person(id="ann", rate=60), Person(id="ben", rate=30, units=0.5))
    plan = plan_of(package("a", 2, needs=[Need(skills={"sql": 3}, heads=2)]), team=crew)
    given = assigned(plan, a=(("ann", "ben"), MONDAY, at(8), 4 * 480))
    found = track(plan, given, Status(as_of=at(6), progress=[Progress(package="a", percent=50, actual_start=MONDAY)]))
    # 32 hours of ann at 60, and half of 32 hours of ben at 30
    assert found.evm.bac == pytest.approx(32 * 60 + 16 * 30)
    assert found.evm.pv == pytest.approx(found.evm.bac / 2)
    assert found.evm.ac == pytest.approx(found.evm.bac / 2)
    assert found.flags == ("cost_from_effort", "actual_cost_from_time")


def test_a_person_without_a_rate_leaves_the_minutes() -> None:
    plan = plan_of(package("a", 2, needs=[SQL]), team=team(Person(id="ann")))
    found = track(plan, assigned(plan, a=(("ann",), MONDAY, at(6), 960)), Status(as_of=MONDAY))
    assert found.evm.bac == 960
    assert found.flags == ("cost_from_time",)


def test_planned_value_of_an_assignment_grows_while_its_people_are_there() -> None:
    tuesdays = WorkCalendar.weekly({"tue": "08:00-12:00"}, zone="UTC")
    plan = plan_of(costing("a", 800, 1, needs=[SQL]), team=team(Person(id="ann", calendar=tuesdays)))
    given = assigned(plan, a=(("ann",), at(6, 8), at(13, 12), 480))
    shares = [track(plan, given, Status(as_of=at(day))).evm.pv for day in (5, 6, 12, 13)]
    assert shares == [0, 400, 400, 800]


# --- bottom-up estimates


def test_new_estimates_replace_the_rest_of_the_packages_that_have_them(two: Plan) -> None:
    reports = [Progress(package="a", percent=50, actual_start=MONDAY, actual_cost=700)]
    found = tracked(two, at(9), *reports, bottom_up={"a": 900})
    assert found.evm.method == "bottom_up"
    assert found.evm.etc == 900 + 3000
    assert found.evm.eac == found.evm.eac_bottom_up == 700 + 3900
    assert found.by_account[0]["eac"] == 4600
    assert tracked(two, at(9), *reports).evm.method == "cpi"


# --- states, slip and the forecast


def test_states_tell_what_is_overdue() -> None:
    plan = plan_of(*(package(own, 2) for own in ("done", "running", "overdue", "idle")), package("later", 9))
    plan = plan.replace("running", estimate=Estimate.fixed(4)).replace("later", not_before=at(12, 8))
    found = tracked(
        plan,
        at(6),
        Progress(package="done", percent=100, actual_start=MONDAY),
        Progress(package="running", percent=10, actual_start=MONDAY),
        Progress(package="overdue", percent=90, actual_start=MONDAY),
    )
    states = {row.id: row.state for row in found.rows}
    assert states == {
        "done": "done",
        "running": "running",
        "overdue": "late",
        "idle": "late",
        "later": "not_started",
    }


def test_forecast_keeps_what_happened_and_reschedules_the_rest(two: Plan) -> None:
    found = tracked(two, at(9), Progress(package="a", percent=80, actual_start=at(6, 8), actual_cost=1))
    first, second = found.forecast.row("a"), found.forecast.row("b")
    assert first.early_start == at(6, 8)
    # one of five days is left
    assert first.early_finish == at(12)
    assert (second.early_start, second.early_finish) == (at(13, 8), at(19))
    assert [row.slip for row in found.rows] == [480, 480]
    assert found.forecast_finish == at(19)


def test_remaining_minutes_win_over_the_percentage(two: Plan) -> None:
    found = tracked(two, at(9), Progress(package="a", percent=80, actual_start=MONDAY, remaining=960, actual_cost=1))
    assert found.row("a").finish == at(13)
    assert found.row("a").percent == 80
    waiting = tracked(two, at(2), Progress(package="b", remaining=480))
    assert waiting.row("b").finish == at(12)


def test_work_that_ended_early_lets_the_next_begin_as_of_now(two: Plan) -> None:
    found = tracked(two, at(7), Progress(package="a", actual_start=MONDAY, actual_finish=at(7), actual_cost=1))
    assert found.row("a").slip == -2 * 480
    assert found.forecast.row("b").early_start == at(8, 8)
    assert found.forecast_finish == at(14)


def test_nothing_that_is_left_happens_before_the_day_of_the_status(two: Plan) -> None:
    found = tracked(two, at(20, 10))
    assert found.forecast.row("a").early_start == at(20, 10)
    assert "as_of" in found.forecast.row("a").driven_by


def test_before_the_start_the_forecast_is_the_plan(two: Plan) -> None:
    found = tracked(two, at(1))
    planned = schedule(two)
    assert [(r.early_start, r.early_finish) for r in found.forecast.rows] == [
        (r.early_start, r.early_finish) for r in planned.rows
    ]
    assert found.earned_schedule.flags == ("spi: no time has passed", "ieac: no time has passed")


def test_done_without_dates_is_done_by_now(two: Plan) -> None:
    found = tracked(two, at(14), Progress(package="a", percent=100, actual_cost=1))
    row = found.forecast.row("a")
    assert (row.early_start, row.early_finish) == (MONDAY, at(14))
    early = tracked(two, at(7), Progress(package="b", actual_finish=at(6), actual_cost=1))
    assert early.forecast.row("b").early_start == early.forecast.row("b").early_finish == at(6)


def test_people_do_one_package_after_the_other_in_the_forecast() -> None:
    plan = plan_of(package("a", 2, needs=[SQL]), package("b", 2, needs=[SQL]), team=team(Person(id="ann")))
    given = assigned(plan, a=(("ann",), MONDAY, at(6), 960), b=(("ann",), at(7, 8), at(8), 960))
    status = Status(as_of=at(6), progress=[Progress(package="a", percent=50, actual_start=MONDAY)])
    found = track(plan, given, status)
    assert found.row("a").finish == at(7)
    assert found.row("b").start == at(8, 8)
    assert found.row("b").finish == at(9)
    # the plan alone would let both go on at once
    assert track(plan, schedule(plan), status).row("b").finish == at(8)


def test_people_who_are_away_hold_up_the_forecast() -> None:
    tuesdays = WorkCalendar.weekly({"tue": "08:00-12:00,13:00-17:00"}, zone="UTC")
    plan = plan_of(
        package("a", 2, needs=[SQL]),
        package("again", 1, needs=[SQL]),
        package("free", 1),
        team=team(Person(id="ann", calendar=tuesdays)),
    )
    plan = plan.with_(wbs=Wbs(root=Group(id="root", children=[Group(id="g", children=plan.wbs.root.children)])))
    given = assigned(
        plan,
        a=(("ann",), at(6, 8), at(13), 960),
        again=(("ann",), at(20, 8), at(20), 480),
        free=((), MONDAY, at(5), 480),
    )
    found = track(plan, given, Status(as_of=at(6), progress=[Progress(package="a", percent=25, actual_start=at(6, 8))]))
    # three quarters of two days are left: a Tuesday, and the morning of the next
    assert found.row("a").finish == at(20, 12)
    assert found.row("again").start == at(20, 13)
    assert found.row("again").finish == at(27, 12)
    assert found.row("free").finish == at(7)


def test_turns_of_people_never_contradict_the_links() -> None:
    lead = Link(predecessor="a", successor="b", lag=Lag.days(-4))
    plan = plan_of(
        package("a", 1, needs=[SQL], not_before=at(8, 8)),
        package("b", 1, needs=[SQL]),
        package("c", 1, needs=[SQL]),
        team=team(Person(id="ann")),
    ).with_(links=[lead, Link(predecessor="a", successor="c", lag=Lag.days(-9))])
    given = assigned(
        plan,
        a=(("ann",), at(8, 8), at(8), 480),
        b=(("ann",), at(6, 8), at(6), 480),
        c=(("ann",), MONDAY, at(5), 480),
    )
    found = track(plan, given, Status(as_of=MONDAY))
    assert found.row("a").finish == at(8)
    assert {row.id for row in found.rows} == {"a", "b", "c"}


def test_lateness_of_a_package_deadline_is_told_by_the_forecast(two: Plan) -> None:
    plan = two.replace("a", deadline=at(9))
    assert tracked(plan, at(9)).forecast.flags == ("deadline_missed:a",)


# --- hand-overs, gates, order


@pytest.fixture
def phased() -> Plan:
    build = Group(id="build", children=[package("a", 2), package("b", 3)])
    test = Group(id="test", children=[package("c", 2)])
    return plan_of(
        build,
        test,
        handovers=[
            Handover(id="to-test", from_phase="build", to_phase="test"),
            Handover(id="early", from_phase="a"),
        ],
        gates=[Gate(id="specs", after="a", before="test")],
    )


DONE = {"a": (MONDAY, at(6)), "b": (MONDAY, at(7))}


def done(*ids: str) -> list[Progress]:
    return [Progress(package=own, actual_start=DONE[own][0], actual_finish=DONE[own][1]) for own in ids]


def test_the_next_handover_is_the_earliest_that_has_not_taken_place(phased: Plan) -> None:
    assert tracked(phased, MONDAY).next_handover == "early"
    reached = Progress(package="handover:early", actual_finish=at(6))
    assert tracked(phased, at(7), *done("a", "b"), reached).next_handover == "to-test"
    assert tracked(plan_of(package("a")), MONDAY).next_handover is None


def test_a_handover_waits_for_its_report_until_the_next_phase_begins(phased: Plan) -> None:
    reached = Progress(package="handover:early", actual_finish=at(6))
    waiting = tracked(phased, at(9), *done("a", "b"), reached)
    assert waiting.forecast.row("handover:to-test").early_finish == at(9)
    begun = tracked(phased, at(9), *done("a", "b"), reached, Progress(package="c", percent=10, actual_start=at(8, 8)))
    assert begun.next_handover is None
    assert begun.forecast.row("handover:to-test").early_finish == at(7)
    assert begun.forecast.row("gate:specs").early_finish == at(6)
    assert not [flag for flag in begun.flags if flag.startswith("out_of_sequence")]


def test_work_before_its_predecessor_is_done_is_flagged(two: Plan) -> None:
    ahead = Progress(package="b", percent=10, actual_start=at(7, 8), actual_cost=1)
    behind = Progress(package="a", percent=50, actual_start=MONDAY, actual_cost=1)
    found = tracked(two, at(8), behind, ahead)
    assert "out_of_sequence:b" in found.flags
    # what is left of it waits until the predecessor is done
    assert (found.row("a").finish, found.row("b").finish) == (at(13, 12), at(19))
    undated = tracked(two, at(8), behind, Progress(package="b", percent=10, actual_cost=1))
    assert "out_of_sequence:b" in undated.flags
    after = Progress(package="a", actual_start=MONDAY, actual_finish=at(8), actual_cost=1)
    assert "out_of_sequence:b" in tracked(two, at(8), after, ahead).flags
    in_order = Progress(package="b", percent=10, actual_start=at(9, 8), actual_cost=1)
    assert tracked(two, at(9), after, in_order).flags == ()
    unknown = Progress(package="b", percent=10, actual_cost=1)
    assert tracked(two, at(9), after, unknown).flags == ()


@pytest.mark.parametrize(
    ("kind", "lag", "first", "is_early"),
    [
        ("SS", Lag(), None, True),
        ("SS", Lag(), (at(6, 8), None), False),
        ("FF", Lag(), (at(6, 8), None), True),
        ("FF", Lag(), (at(6, 8), at(7)), False),
        ("SF", Lag(), None, True),
        ("SF", Lag(), (at(7, 8), None), False),
        ("FS", Lag.days(2), (MONDAY, at(5)), False),
        ("FS", Lag.days(-4), (MONDAY, None), False),
        ("FS", Lag.days(-1), (MONDAY, None), True),
        ("FS", Lag.days(-3, elapsed=True), (MONDAY, None), True),
        ("FS", Lag.days(-4, elapsed=True), (MONDAY, None), False),
    ],
)
def test_every_kind_of_link_has_its_own_order(kind: Any, lag: Lag, first: Any, is_early: bool) -> None:
    link = Link(predecessor="a", successor="b", kind=kind, lag=lag)
    plan = plan_of(costing("a", 10, 5), costing("b", 10, 2)).with_(links=[link])
    reports = [Progress(package="b", actual_start=at(6, 8), actual_finish=at(7), actual_cost=1)]
    if first is not None:
        percent = 0 if first[1] else 60
        reports.append(
            Progress(package="a", percent=percent, actual_start=first[0], actual_finish=first[1], actual_cost=1)
        )
    found = tracked(plan, at(7), *reports)
    assert ("out_of_sequence:b" in found.flags) == is_early


# --- accounts


def test_accounts_have_their_own_figures_and_the_rest_has_a_record() -> None:
    plan = plan_of(
        Group(id="g", children=[costing("a", 100), costing("b", 300)]),
        costing("c", 50),
        Group(id="empty"),
    )
    accounts = [
        ControlAccount(id="none", node="empty"),
        ControlAccount(id="CA", node="g", owner="ann", budget=500),
    ]
    plan = plan.with_(wbs=Wbs(root=plan.wbs.root, control_accounts=accounts))
    found = tracked(plan, at(9), Progress(package="a", percent=50, actual_start=MONDAY, actual_cost=40))
    records = found.by_account
    assert [record["account"] for record in records] == ["CA", "none", None]
    first = records[0]
    assert (first["node"], first["owner"], first["budget"]) == ("g", "ann", 500)
    assert (first["bac"], first["pv"], first["ev"], first["ac"]) == (400, 400, 50, 40)
    assert (first["spi"], first["cpi"]) == (0.125, 1.25)
    assert (records[1]["bac"], records[1]["spi"]) == (0, None)
    assert (records[2]["bac"], records[2]["node"]) == (50, None)
    assert math.fsum(record["ev"] for record in records) == found.evm.ev


# --- results


def test_results_are_plain_data_and_compare_by_value(two: Plan) -> None:
    reports = [Progress(package="a", percent=80, actual_start=MONDAY, actual_cost=1)]
    found = tracked(two, at(9), *reports)
    assert json.dumps(found.to_dict(), allow_nan=False)
    assert [record["id"] for record in found.to_records()] == ["a", "b"]
    assert found == tracked(two, at(9), *reports) == pickle.loads(pickle.dumps(found))  # noqa: S301
    assert found != tracked(two, at(9))
    assert "<table>" in found._repr_html_()
    with pytest.raises(UnknownIdError, match="unknown work package 'x'"):
        found.row("x")


def test_long_tables_are_cut_in_notebooks() -> None:
    plan = plan_of(*(costing(f"p{k}", 1) for k in range(30)))
    assert "and 10 more rows" in tracked(plan, MONDAY)._repr_html_()


def test_order_of_reports_changes_nothing(phased: Plan) -> None:
    reports = [*done("a", "b"), Progress(package="c", percent=10, actual_start=at(8, 8))]
    assert tracked(phased, at(9), *reports) == tracked(phased, at(9), *reversed(reports))


def test_the_zone_of_a_report_does_not_matter(two: Plan) -> None:
    east = timezone(timedelta(hours=5))
    here = Progress(package="a", percent=40, actual_start=MONDAY, actual_cost=9)
    there = Progress(package="a", percent=40, actual_start=MONDAY.astimezone(east), actual_cost=9)
    first, second = tracked(two, at(7), here), tracked(two, at(7).astimezone(east), there)
    assert first.evm == second.evm
    assert first.forecast == second.forecast


def test_an_hour_that_comes_twice_is_told_apart() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    always = WorkCalendar.always(zone="Europe/Berlin")
    start = datetime(2026, 10, 25, 0, tzinfo=berlin)
    plan = plan_of(costing("a", 100, 0.5), start=start, calendar=always)
    first, second = (datetime(2026, 10, 25, 2, 30, tzinfo=berlin, fold=fold) for fold in (0, 1))
    shares = [tracked(plan, as_of).evm.pv for as_of in (first, second)]
    assert shares == pytest.approx([100 * 2.5 / 4, 100 * 3.5 / 4])
    report = Progress(package="a", actual_start=first, actual_finish=second, actual_cost=1)
    assert tracked(plan, second, report).row("a").slip == -30


def test_every_flag_has_its_line() -> None:
    words = {"no_steps_reported", "out_of_sequence", "no_actual_cost", "actual_cost_from_time", "cost_from_time"}
    assert words | {"cost_from_effort", "mixed_budgets"} <= set(WBS_FLAGS)


@pytest.mark.parametrize("children", [(), (WorkPackage(id="m", kind="milestone"),)])
def test_a_plan_without_work_has_no_figures_and_is_there(children: Any) -> None:
    found = tracked(plan_of(*children), at(6))
    assert found.evm.bac == 0
    assert math.isnan(found.evm.percent_complete)
    assert found.forecast_finish in {MONDAY, at(6)}
    assert found.earned_schedule.planned_duration == 1


# --- what contradicts itself


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"percent": 101}, "percent: 101 is outside 0..100"),
        ({"percent": -1}, "percent: -1 is outside 0..100"),
        ({"percent": NAN}, "percent: expected a finite number"),
        ({"percent": "5"}, "percent: expected a number"),
        ({"actual_start": datetime(2026, 1, 5)}, "actual_start: .* without one"),
        ({"actual_finish": "2026-01-05"}, "actual_finish: expected a datetime"),
        ({"actual_start": at(7), "actual_finish": at(6)}, "actual_finish: .* is before the start"),
        ({"remaining": -5}, "remaining: expected at least 0, got -5"),
        ({"remaining": 2.5}, "remaining: expected a whole number"),
        ({"actual_cost": -1}, "actual_cost: expected at least 0"),
        ({"steps_done": -1}, "steps_done: expected at least 0"),
        ({"note": 5}, "note: expected a text"),
        ({"package": " "}, "package: expected a text that is not empty"),
        ({"percent": 60, "actual_finish": at(6)}, "percent: 60 % of what has an actual finish"),
        ({"percent": 100, "remaining": 5}, "remaining: 5 minutes are left of what is done"),
        ({"actual_finish": at(6), "remaining": 5}, "remaining: 5 minutes are left of what is done"),
    ],
)
def test_reports_that_contradict_themselves_are_refused(fields: Mapping[str, Any], message: str) -> None:
    with pytest.raises(PlanError, match=message):
        Progress(**{"package": "a", **fields})


def test_all_faults_of_a_report_are_listed() -> None:
    with pytest.raises(PlanError) as caught:
        Progress(package="a", percent=200, remaining=-1, actual_cost=-1, steps_done=-1)
    assert [fault.where for fault in caught.value.faults] == ["percent", "remaining", "actual_cost", "steps_done"]


def test_a_status_lists_what_is_twice_and_what_is_later_than_itself() -> None:
    reports = [
        Progress(package="a", actual_start=at(6), actual_finish=at(7)),
        Progress(package="a"),
        Progress(package="b", actual_start=at(9)),
    ]
    with pytest.raises(PlanError) as caught:
        Status(as_of=at(5), progress=reports)
    message = str(caught.value)
    assert len(caught.value.faults) == 4
    assert "progress of 'a': is there more than once" in message
    assert "progress of 'b': actual_start 2026-01-09T17:00:00+00:00 is after 2026-01-05T17:00:00+00:00" in message


@pytest.mark.parametrize(
    ("as_of", "progress", "message"),
    [
        (datetime(2026, 1, 5), (), "as_of: expected a datetime with a time zone"),
        (None, (), "as_of: expected a datetime, got None"),
        (at(5), "a", "progress: expected a list of Progress"),
        (at(5), [{"package": "a"}], r"progress\[0\]: expected a Progress"),
    ],
)
def test_a_status_of_the_wrong_kind_is_refused(as_of: Any, progress: Any, message: str) -> None:
    with pytest.raises(PlanError, match=message):
        Status(as_of=as_of, progress=progress)


def test_a_status_finds_the_report_of_a_package() -> None:
    report = Progress(package="a")
    status = Status(as_of=at(5), progress=[report])
    assert status.of("a") is report
    assert status.of("b") is None


def test_a_status_is_read_from_plain_data() -> None:
    data = {
        "as_of": "2026-01-09T17:00:00+00:00",
        "progress": [{"package": "a", "percent": 40, "actual_start": "2026-01-05T09:00:00+01:00", "remaining": 60}],
    }
    report = Progress(package="a", percent=40, actual_start=MONDAY, remaining=60)
    read = structure(data, Status, error=PlanError)
    assert read == Status(as_of=at(9), progress=[report])
    assert structure(json.loads(json.dumps(plain(read))), Status, error=PlanError) == read
    with pytest.raises(PlanError, match="unknown key 'percents'"):
        structure({"as_of": data["as_of"], "progress": [{"package": "a", "percents": 4}]}, Status, error=PlanError)


def test_contradictions_with_the_plan_are_listed_together() -> None:
    plan = plan_of(Group(id="g", children=[costing("alpha", 1), costing("beta", 1)]))
    reports = [
        Progress(package="g", percent=10),
        Progress(package="alpah", percent=10),
        Progress(package="beta", percent=100),
    ]
    with pytest.raises(PlanError) as caught:
        tracked(plan, at(9), *reports, rule="0/100", bottom_up={"gamma": 1, "beta": -1, "alpha": NAN})
    message = str(caught.value)
    assert isinstance(caught.value, UnknownIdError)
    assert len(caught.value.faults) == 6
    for part in (
        "progress of 'alpah': unknown work package (did you mean 'alpha'?)",
        "bottom_up['gamma']: unknown work package",
        "progress of 'g': is a group",
        "progress of 'beta': 100 % without an actual finish",
        "bottom_up['beta']: expected at least 0, got -1",
        "bottom_up['alpha']: expected a finite number",
    ):
        assert part in message


def test_what_is_finished_is_fine_under_0_100() -> None:
    plan = plan_of(costing("a", 1))
    finished = Progress(package="a", percent=100, actual_start=MONDAY, actual_finish=at(9), actual_cost=1)
    assert tracked(plan, at(9), finished, rule="0/100").evm.ev == 1
    with pytest.raises(PlanError, match="100 % without an actual finish") as caught:
        tracked(plan, at(9), Progress(package="a", percent=100), rule="0/100")
    assert not isinstance(caught.value, UnknownIdError)


def test_steps_that_there_are_not_are_refused() -> None:
    plan = plan_of(costing("a", 1), WorkPackage(id="b", estimate=Estimate.fixed(1), measures={"steps": 3}))
    reports = [Progress(package="a", steps_done=1), Progress(package="b", steps_done=4)]
    with pytest.raises(PlanError, match="has no steps") as caught:
        tracked(plan, at(9), *reports, rule="steps")
    assert "progress of 'b': 4 steps are done of 3" in str(caught.value)
    assert tracked(plan, at(9), *reports, rule="50/50").row("a").percent == 50


@pytest.mark.parametrize(("option", "value"), [("rule", "half"), ("period", "year")])
def test_unknown_words_are_refused(two: Plan, option: str, value: str) -> None:
    with pytest.raises(ValueError, match=f"{option}: expected one of .* got '{value}'"):
        tracked(two, MONDAY, **{option: value})


def test_a_baseline_of_another_plan_is_refused(two: Plan) -> None:
    other = schedule(plan_of(costing("a", 1)))
    with pytest.raises(PlanError, match="baseline: activity 'b': has no dates, so the baseline is of another plan"):
        track(two, other, Status(as_of=MONDAY))
    with pytest.raises(PlanError, match="expected a Schedule or an Assignment, got 5"):
        track(two, 5, Status(as_of=MONDAY))  # type: ignore[arg-type]
    with pytest.raises(PlanError, match="bottom_up: expected costs by package, got 5"):
        tracked(two, MONDAY, bottom_up=5)
    gone = assigned(plan_of(package("a", 1)), a=(("zoe",), MONDAY, at(5), 480))
    with pytest.raises(PlanError, match="activity 'a': is given to 'zoe', who is not in the team"):
        track(plan_of(package("a", 1)), gone, Status(as_of=MONDAY))
    with pytest.raises(PlanError, match="status: expected a Status"):
        track(two, schedule(two), [])  # type: ignore[arg-type]


# --- laws


@st.composite
def situations(draw: Any) -> tuple[Plan, Status]:
    n = draw(st.integers(1, 6))
    days = draw(st.lists(st.integers(0, 6), min_size=n, max_size=n))
    packages = [costing(f"p{k}", draw(st.integers(0, 50)) * 10, d) for k, d in enumerate(days)]
    links = [f"p{i}>p{j}" for j in range(n) for i in range(j) if draw(st.booleans())]
    plan = plan_of(*packages, links=", ".join(links))
    as_of = MONDAY + timedelta(hours=draw(st.integers(0, 900)))
    reports = []
    for own in (part.id for part in packages):
        kind = draw(st.sampled_from(["none", "running", "done"]))
        start = MONDAY + (as_of - MONDAY) * draw(st.sampled_from([0, 0.25, 0.5]))
        if kind == "running":
            percent = draw(st.integers(0, 99))
            reports.append(
                Progress(package=own, percent=percent, actual_start=start, actual_cost=draw(st.integers(0, 500)))
            )
        elif kind == "done":
            finish = start + (as_of - start) * draw(st.sampled_from([0, 0.5, 1]))
            reports.append(Progress(package=own, actual_start=start, actual_finish=finish, actual_cost=10))
    return plan, Status(as_of=as_of, progress=reports)


@settings(max_examples=20)
@given(situations())
def test_sums_and_dates_hang_together(situation: tuple[Plan, Status]) -> None:
    plan, status = situation
    found = track(plan, schedule(plan), status)
    assert found.evm.bac == math.fsum(row.budget for row in found.rows)
    assert found.evm.pv == math.fsum(row.pv for row in found.rows)
    assert found.evm.ev == math.fsum(row.ev for row in found.rows)
    assert found.evm.ev <= found.evm.bac
    assert 0 <= found.earned_schedule.es <= found.earned_schedule.planned_duration
    for row in found.rows:
        part = status.of(row.id)
        if part is not None and part.actual_start is not None:
            assert row.start == part.actual_start
        else:
            assert row.start >= status.as_of
        if part is not None and part.actual_finish is not None:
            assert row.finish == part.actual_finish
        else:
            assert row.finish >= status.as_of
    assert found.forecast_finish == max(row.finish for row in found.rows)


@settings(max_examples=15)
@given(situations(), st.integers(-6, 6))
def test_money_in_another_unit_changes_no_index(situation: tuple[Plan, Status], power: int) -> None:
    plan, status = situation
    unit = 2.0**power
    dearer = plan
    for own in plan.wbs.packages:
        dearer = dearer.replace(own.id, measures={"cost": own.measures["cost"] * unit})
    reports = [
        Progress(
            package=part.package,
            percent=part.percent,
            actual_start=part.actual_start,
            actual_finish=part.actual_finish,
            actual_cost=None if part.actual_cost is None else part.actual_cost * unit,
        )
        for part in status.progress
    ]
    first = track(plan, schedule(plan), status)
    second = track(dearer, schedule(dearer), Status(as_of=status.as_of, progress=reports))
    for name in ("spi", "cpi", "tcpi_bac", "tcpi_eac"):
        assert getattr(first.evm, name) == pytest.approx(getattr(second.evm, name), nan_ok=True)
    assert second.evm.eac == pytest.approx(first.evm.eac * unit, nan_ok=True)
    assert first.earned_schedule.es == pytest.approx(second.earned_schedule.es)
    assert [row.slip for row in first.rows] == [row.slip for row in second.rows]


@settings(max_examples=15)
@given(st.integers(1, 6), st.integers(1, 480 * 30), st.sampled_from(["day", "week"]))
def test_one_package_on_plan_has_earned_its_time(weeks: int, minutes: int, period: Any) -> None:
    plan = plan_of(costing("a", 1000, 5 * weeks))
    worked = min(minutes, 480 * 5 * weeks)
    as_of = plan.calendar.add(MONDAY, timedelta(minutes=worked))
    assert isinstance(as_of, datetime)
    report = Progress(package="a", percent=100 * worked / (480 * 5 * weeks), actual_start=MONDAY, actual_cost=1)
    found = tracked(plan, as_of, report, period=period)
    assert found.evm.spi == pytest.approx(1)
    assert found.earned_schedule.sv == pytest.approx(0, abs=1e-9)
    assert found.earned_schedule.es == pytest.approx(worked / (480 if period == "day" else 2400))
    assert found.row("a").slip == 0
