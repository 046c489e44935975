"""Simulated plans: effort, events, calendars and dates, against schedules of the same plan."""

from __future__ import annotations

import json
import math
import pickle
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadkit.calendars import WorkCalendar
from leadkit.errors import InfeasibleError
from leadkit.wbs import (
    WBS_FLAGS,
    Estimate,
    Event,
    Group,
    Handover,
    Lag,
    Link,
    Need,
    Plan,
    Wbs,
    WorkPackage,
    pert_path,
    schedule,
    simulate,
    simulate_network,
)

BERLIN = "Europe/Berlin"
MONDAY = datetime(2026, 1, 5, 8, tzinfo=UTC)
CALENDARS = {
    "night": WorkCalendar.weekly({"mon-sat": "20:00-04:00"}, zone=BERLIN),
    "weekend": WorkCalendar.weekly({"sat,sun": "10:00-15:00"}, zone=BERLIN),
    "new_york": WorkCalendar.weekly({"mon-fri": "09:00-17:00"}, zone="America/New_York"),
}
PERT = {"a": (1, 2, 9), "b": (2, 3, 4), "c": (1, 4, 7)}


def plan_of(packages: list[WorkPackage], links: Any = (), *, start: datetime = MONDAY, **fields: Any) -> Plan:
    return Plan(wbs=Wbs(root=Group(id="all", children=packages)), start=start, links=links, **fields)


def pert_packages(**fields: Any) -> list[WorkPackage]:
    return [WorkPackage(id=own, estimate=Estimate.pert(*points), **fields) for own, points in PERT.items()]


@st.composite
def calendar_plans(draw: st.DrawFn) -> Plan:
    """Draw a plan of fixed durations with calendars, fixed dates, elapsed lags and milestones."""
    day, hour = draw(st.integers(20, 31)), draw(st.sampled_from([3, 8, 12, 18]))
    start = datetime(2026, 3, day, hour, 30, tzinfo=ZoneInfo(BERLIN))
    dates = st.none() | st.integers(-20, 400).map(lambda hours: start + timedelta(hours=hours))
    packages = []
    for place in range(draw(st.integers(1, 6))):
        common: dict[str, Any] = {
            "calendar": draw(st.none() | st.sampled_from(sorted(CALENDARS))),
            "not_before": draw(dates),
            "deadline": draw(dates),
        }
        if common["deadline"] is not None:
            common["deadline"] = start + timedelta(hours=300, minutes=day)
        if draw(st.booleans()) and draw(st.booleans()):
            packages.append(WorkPackage(id=f"p{place}", kind="milestone", **common))
        else:
            worked = Estimate.fixed(draw(st.sampled_from([0, 60, 90, 480, 1300])), "m")
            packages.append(WorkPackage(id=f"p{place}", estimate=worked, **common))
    pairs = [(i, j) for j in range(len(packages)) for i in range(j)]
    links = [
        Link(
            predecessor=f"p{i}",
            successor=f"p{j}",
            kind=draw(st.sampled_from(["FS", "SS", "FF", "SF"])),
            lag=Lag.minutes(draw(st.sampled_from([0, 60, -60, 480, -300])), elapsed=draw(st.booleans())),
        )
        for i, j in (draw(st.lists(st.sampled_from(pairs), max_size=7)) if pairs else [])
    ]
    return plan_of(packages, links, start=start, calendars=CALENDARS)


@settings(max_examples=20)
@given(calendar_plans())
def test_fixed_estimates_on_calendars_reproduce_the_schedule(plan: Plan) -> None:
    expected = schedule(plan)
    risk = simulate(plan, n=2)
    is_critical = {row.id: row.is_critical for row in expected.rows}
    assert dict(zip(risk.ids, (risk.criticality == 1).tolist(), strict=True)) == is_critical
    assert set(risk.criticality.tolist()) <= {0.0, 1.0}
    worked = plan.calendar.elapsed(plan.start, expected.finish)
    assert risk.p50 == worked / timedelta(minutes=1)
    if "calendar_simulation" in risk.flags:
        assert risk.date(0.5) == expected.finish
        assert risk.probability(expected.finish).value == 1
        assert risk.probability(expected.finish - timedelta(microseconds=1)).value == 0


@pytest.mark.parametrize("hours", [-30, 3, 12, 40, 90])
@pytest.mark.parametrize("kind", ["milestone", "work"])
def test_a_deadline_in_closed_time_makes_critical_what_it_does_in_the_schedule(hours: int, kind: Any) -> None:
    sunday = datetime(2026, 1, 4, tzinfo=UTC)
    estimate = None if kind == "milestone" else Estimate.fixed(60, "m")
    first = WorkPackage(id="a", kind=kind, estimate=estimate, deadline=sunday + timedelta(hours=hours))
    plan = plan_of([first, WorkPackage(id="b", estimate=Estimate.fixed(1000, "m"))], start=sunday)
    expected = {row.id: row.is_critical for row in schedule(plan).rows}
    risk = simulate(plan, n=2)
    assert dict(zip(risk.ids, (risk.criticality == 1).tolist(), strict=True)) == expected


@settings(max_examples=10)
@given(st.integers(0, 2**32))
def test_minutes_and_instants_agree_on_one_calendar(seed: int) -> None:
    links = Link.parse("a, b:SS+1d", successor="c")
    in_minutes = simulate(plan_of(pert_packages(), links), n=50, rng=seed)
    # a limit that never binds forces the work into instants
    in_instants = simulate(plan_of(pert_packages(not_before=MONDAY), links), n=50, rng=seed)
    assert in_minutes.flags == tuple(flag for flag in in_instants.flags if flag != "calendar_simulation")
    assert np.allclose(in_minutes.finish, in_instants.finish, atol=1e-6)
    assert np.array_equal(in_minutes.criticality, in_instants.criticality)
    assert np.allclose(in_minutes.cruciality, in_instants.cruciality, atol=1e-6)
    moment = in_minutes.date(0.8) - in_instants.date(0.8)
    assert abs(moment) < timedelta(days=6)


def test_a_plan_is_its_network() -> None:
    plan = plan_of(pert_packages(), Link.parse("a:SS+1d, b", successor="c"))
    estimates = [Estimate.pert(*points) for points in PERT.values()]
    network = simulate_network(estimates, [0, 1], [2, 2], kind=[1, 0], lag=[480, 0], n=3000)
    risk = simulate(plan, n=3000)
    assert np.array_equal(risk.finish, network.finish)
    assert np.array_equal(risk.cruciality, network.cruciality)
    assert risk.ids == ("a", "b", "c")


def test_the_order_of_rows_changes_only_the_order() -> None:
    packages, links = pert_packages(), Link.parse("a, b:SS+1d", successor="c")
    events = [
        Event(id="ill", probability=0.3, impact=Estimate.uniform(1, 2), packages=["c"]),
        Event(id="flood", probability=0.5, impact=Estimate.uniform(1, 2), packages=["a", "b"]),
    ]
    one = simulate(plan_of(packages, links, events=events), n=500, correlation=0.2)
    other = simulate(plan_of(packages[::-1], links[::-1], events=events[::-1]), n=500, correlation=0.2)
    assert np.array_equal(one.finish, other.finish)
    assert other.ids == one.ids[::-1]
    assert np.array_equal(one.ssi, other.ssi[::-1])


def test_effort_is_shared_by_the_heads_and_not_rounded() -> None:
    three = Need(skills={"sql": 1}, heads=3)
    fixed = WorkPackage(id="a", estimate=Estimate.fixed(100, "m"), basis="effort", needs=[three])
    assert simulate(plan_of([fixed]), n=2).finish.tolist() == [100 / 3, 100 / 3]
    nobody = WorkPackage(id="a", estimate=Estimate.fixed(100, "m"), basis="effort")
    assert simulate(plan_of([nobody]), n=2).finish.tolist() == [100, 100]
    drawn = WorkPackage(id="a", estimate=Estimate.pert(1, 2, 9), basis="effort", needs=[three])
    alone = WorkPackage(id="a", estimate=Estimate.pert(1, 2, 9))
    assert np.array_equal(simulate(plan_of([drawn]), n=50).finish, simulate(plan_of([alone]), n=50).finish / 3)


def test_an_event_adds_one_impact_to_all_its_packages_in_its_share_of_the_runs() -> None:
    packages = [WorkPackage(id=own, estimate=Estimate.fixed(60, "m")) for own in "ab"]
    links = Link.parse("a", successor="b")
    event = Event(id="ill", probability=0.25, impact=Estimate.uniform(10, 20, unit="m"), packages=["a", "b"])
    plan = plan_of(packages, links, events=[event])
    risk = simulate(plan, n=4000)
    hit = risk.finish > 120
    assert abs(hit.mean() - 0.25) < 4 * math.sqrt(0.25 * 0.75 / 4000)
    assert risk.finish[hit].min() >= 140
    assert risk.finish[hit].max() <= 160
    # one impact for both: 2U has a standard deviation of 20 / sqrt(12), two impacts would have 10 x sqrt(2 / 12)
    assert risk.finish[hit].std() == pytest.approx(20 / math.sqrt(12), rel=0.05)
    assert risk.cruciality == pytest.approx([1, 1], abs=1e-9)
    without = simulate(plan, n=50, events=False)
    assert without.finish.tolist() == [120.0] * 50
    assert np.isnan(without.cruciality).all()


def test_certain_and_impossible_events_leave_constants_constant() -> None:
    packages = [WorkPackage(id=own, estimate=Estimate.fixed(0.1, "m")) for own in "ab"]
    events = [
        Event(id="sure", probability=1, impact=Estimate.fixed(0.7, "m"), packages=["a"]),
        Event(id="never", probability=0, impact=Estimate.fixed(9, "m"), packages=["b"]),
    ]
    risk = simulate(plan_of(packages, events=events), n=3000)
    assert (risk.finish == 0.1 + 0.7).all()
    assert np.isnan(risk.cruciality).all()
    assert risk.ssi.tolist() == [0, 0]
    varying = [*pert_packages(), WorkPackage(id="d", estimate=Estimate.fixed(0.1, "m"))]
    sure = Event(id="sure", probability=1, impact=Estimate.fixed(0.7, "m"), packages=["d"])
    assert math.isnan(simulate(plan_of(varying, events=[sure]), n=3000).cruciality[3])


def test_events_do_not_change_what_is_drawn_for_the_work() -> None:
    rare = Event(id="rare", probability=0, impact=Estimate.fixed(5), packages=["a"])
    assert simulate(plan_of(pert_packages(), events=[rare]), n=60) == simulate(plan_of(pert_packages()), n=60)


def test_dates_and_limits_count_on_the_calendar_of_the_plan() -> None:
    friday = datetime(2026, 1, 9, 16, tzinfo=ZoneInfo(BERLIN))
    plan = plan_of([WorkPackage(id="a", estimate=Estimate.uniform(0, 120, unit="m"))], start=friday)
    risk = simulate(plan, n=8000)
    assert risk.date(0) >= friday
    assert risk.date(0.25).hour == 16
    monday = datetime(2026, 1, 12, 8, 30, tzinfo=ZoneInfo(BERLIN))
    assert abs(risk.date(0.75) - monday) < timedelta(minutes=4)
    assert risk.date(0.75).utcoffset() == timedelta(hours=1)
    found = risk.probability(monday)
    assert found == risk.probability(90)
    assert found.low < 0.75 < found.high
    weekend = risk.probability(datetime(2026, 1, 10, 3, tzinfo=UTC))
    assert weekend == risk.probability(60)
    assert risk.probability(friday - timedelta(days=9)).value == 0
    curve = risk.s_curve(3)
    assert [row["date"] for row in curve] == [risk.date(share).isoformat() for share in (0, 0.5, 1)]
    with pytest.raises(ValueError, match="aware"):
        risk.probability(datetime(2026, 1, 12, 8))


def test_a_run_that_takes_no_time_does_not_end_before_the_start() -> None:
    sunday = datetime(2026, 1, 4, tzinfo=UTC)
    plan = plan_of([WorkPackage(id="a", kind="milestone")], start=sunday)
    risk = simulate(plan, n=3)
    assert risk.probability(sunday - timedelta(hours=1)).value == 0
    assert risk.probability(sunday).value == 1


def test_the_finish_on_another_calendar_is_dated_by_that_calendar() -> None:
    packages = [WorkPackage(id="a", estimate=Estimate.uniform(60, 120, unit="m"), calendar="weekend")]
    risk = simulate(plan_of(packages, calendars=CALENDARS), n=1000)
    assert risk.flags == ("calendar_simulation", "constant_finish")
    assert risk.p50 == 5 * 480
    saturday = datetime(2026, 1, 10, 11, 30, tzinfo=ZoneInfo(BERLIN))
    assert abs(risk.date(0.5) - saturday) < timedelta(minutes=5)
    found = risk.probability(saturday)
    assert found.low < 0.5 < found.high
    assert risk.probability(risk.date(0.8)).value == pytest.approx(0.8)
    with pytest.raises(ValueError, match="aware"):
        risk.probability(datetime(2026, 1, 12, 8))


def test_a_seed_gives_the_same_digits_on_calendars_and_is_told_of() -> None:
    packages = pert_packages(calendar="new_york")
    plan = plan_of(packages, Link.parse("a, b:FF+1ed", successor="c"), calendars=CALENDARS)
    told: list[tuple[int, int]] = []
    alone = simulate(plan, n=2100, progress=lambda done, total: told.append((done, total)))
    with ThreadPoolExecutor(2) as executor:
        shared = simulate(plan, n=2100, executor=executor)
    assert alone == shared
    assert told == [(1, 3), (2, 3), (3, 3)]
    again = pickle.loads(pickle.dumps(alone))  # noqa: S301 - written a moment ago
    assert again == alone
    assert again.date(0.3) == alone.date(0.3)
    assert np.array_equal(again.cruciality_spearman, alone.cruciality_spearman)
    json.dumps(alone.to_dict(), allow_nan=False)
    json.dumps(alone.s_curve(), allow_nan=False)


def test_several_pieces_of_a_block_keep_their_instants(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("leadkit.wbs.risk._blocks.NUMBERS_A_PIECE", 60)
    plan = plan_of(pert_packages(calendar="night"), calendars=CALENDARS)
    risk = simulate(plan, n=100)
    whole = sorted(risk.date(share / 100) for share in range(101))
    assert whole == [risk.date(share / 100) for share in range(101)]
    assert risk.probability(whole[-1]).value == 1
    assert risk.probability(whole[50]).value == pytest.approx(0.5)


def test_handovers_are_milestones_of_the_simulation() -> None:
    groups = [Group(id=own, children=[WorkPackage(id=own * 2, estimate=Estimate.pert(1, 2, 9))]) for own in "ab"]
    plan = Plan(
        wbs=Wbs(root=Group(id="all", children=groups)),
        start=MONDAY,
        handovers=[Handover(id="h", from_phase="a", to_phase="b", lag=Lag.days(1))],
    )
    risk = simulate(plan, n=400)
    assert risk.ids == ("aa", "bb", "handover:h")
    assert risk.finish.min() > 480
    assert risk.criticality.tolist() == [1, 1, 1]
    assert math.isnan(risk.cruciality[2])


def test_what_is_doubtful_about_the_plan_is_doubtful_about_its_simulation() -> None:
    plan = plan_of([WorkPackage(id="a"), WorkPackage(id="b", estimate=Estimate.uniform(1, 2))])
    risk = simulate(plan, n=20)
    assert "no_estimate:a" in risk.flags
    assert {flag.split(":")[0] for flag in (*risk.flags, "calendar_simulation", "constant_finish")} <= set(WBS_FLAGS)


def test_a_plan_without_work_packages_ends_when_it_starts() -> None:
    risk = simulate(plan_of([]), n=3)
    assert risk.finish.tolist() == [0, 0, 0]
    assert risk.date(0.5) == MONDAY


def test_a_calendar_that_does_not_open_is_infeasible() -> None:
    never = WorkCalendar.weekly(
        {"mon-fri": "09:00-17:00"}, zone="UTC", horizon_days=30, closures=[(MONDAY, MONDAY + timedelta(days=90))]
    )
    closed = plan_of([WorkPackage(id="a", estimate=Estimate.fixed(1), calendar="shut")], calendars={"shut": never})
    with pytest.raises(InfeasibleError, match="'a': a calendar that it depends on is not open for long enough"):
        simulate(closed, n=2)
    shut = plan_of([WorkPackage(id="a", estimate=Estimate.fixed(1))], calendar=never)
    lagged = plan_of(
        [WorkPackage(id=own, estimate=Estimate.fixed(0)) for own in "ab"],
        [Link(predecessor="a", successor="b", lag=Lag.minutes(5))],
        calendar=never,
    )
    for plan in (shut, lagged):
        for answer in (pert_path, lambda plan: simulate(plan, n=2)):
            with pytest.raises(InfeasibleError, match="the plan's calendar does not open after 2026-01-05"):
                answer(plan)
    idle = plan_of([WorkPackage(id="a", estimate=Estimate.fixed(0))], calendar=never)
    assert pert_path(idle).mean == simulate(idle, n=2).mean == 0


@pytest.mark.parametrize("days", [40, 1e12])
def test_a_finish_that_the_calendar_never_reaches_has_no_date(days: float) -> None:
    calendar = WorkCalendar.weekly({"mon-fri": "09:00-17:00"}, zone="UTC", horizon_days=30)
    risk = simulate(plan_of([WorkPackage(id="a", estimate=Estimate.fixed(days))], calendar=calendar), n=2)
    for answer in (lambda: risk.date(0.5), lambda: risk.s_curve(3)):
        with pytest.raises(InfeasibleError, match=r"the plan's calendar is not open for .* minutes after"):
            answer()


@pytest.mark.parametrize("kind", ["FS", "SS", "FF", "SF"])
@pytest.mark.parametrize("minutes", [10**10, 10**12])
def test_elapsed_lags_beyond_all_years_bound_nothing_or_never_end(kind: Any, minutes: int) -> None:
    def plan(lag: int) -> Plan:
        link = Link(predecessor="a", successor="b", kind=kind, lag=Lag.minutes(lag, elapsed=True))
        return plan_of([WorkPackage(id=own, estimate=Estimate.fixed(1)) for own in "ab"], [link])

    assert pert_path(plan(-minutes)).mean == simulate(plan(-minutes), n=2).mean == 480
    for answer in (schedule, pert_path, lambda plan: simulate(plan, n=2)):
        with pytest.raises(InfeasibleError):
            answer(plan(minutes))


def test_work_beyond_all_years_is_infeasible_on_calendars() -> None:
    late = WorkPackage(id="a", estimate=Estimate.fixed(1e12), not_before=MONDAY)
    with pytest.raises(InfeasibleError, match="'a': a calendar that it depends on is not open for long enough"):
        simulate(plan_of([late]), n=2)


@pytest.mark.parametrize(("options", "message"), [({"n": -1}, "n: expected"), ({"correlation": 2}, "correlation: ex")])
def test_bad_options_are_named(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        simulate(plan_of(pert_packages()), **options)
