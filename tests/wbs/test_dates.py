"""The critical path on calendars: reference schedules, rules of starts and finishes, limits, floats, drivers."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from leadkit.calendars import WorkCalendar
from leadkit.errors import InfeasibleError, PlanError, UnknownIdError
from leadkit.wbs import WBS_FLAGS, Estimate, Gate, Group, Lag, Link, Plan, Wbs, WorkPackage, schedule
from leadkit.wbs.dates.scheduling import reschedule

OFFICE = WorkCalendar.weekly({"mon-fri": "08:00-12:00, 13:00-17:00"}, zone="UTC")
WEEKEND = WorkCalendar.weekly({"sat-sun": "08:00-18:00"}, zone="UTC")
ALWAYS = WorkCalendar.always()
MONDAY = datetime(2026, 1, 5, 8, tzinfo=UTC)
DATES = ("early_start", "early_finish", "late_start", "late_finish")


def at(text: str) -> datetime:
    """Read "09 17:00" as an instant in January 2026."""
    return datetime.strptime(f"2026-01-{text} +0000", "%Y-%m-%d %H:%M %z")


def package(own: str, minutes: int | None, **fields: Any) -> WorkPackage:
    estimate = None if minutes is None else Estimate.fixed(minutes, unit="m")
    return WorkPackage(id=own, estimate=estimate, **fields)


def plan_of(packages: list[WorkPackage], links: str = "", **fields: Any) -> Plan:
    """Build a plan; links are written as "A B:FS+1d; C D"."""
    parts = [part.split() for part in links.split(";") if part.strip()]
    made = [
        link
        for first, second in parts
        for link in Link.parse(first + second[second.index(":") :] if ":" in second else first, second.split(":")[0])
    ]
    settings = {"start": MONDAY, "calendar": OFFICE, "links": made, **fields}
    return Plan(wbs=Wbs(root=Group(id="site", children=packages)), **settings)


def days(**lengths: float) -> list[WorkPackage]:
    return [package(own, round(480 * length)) for own, length in lengths.items()]


def shown(plan: Plan, own: str) -> str:
    row = schedule(plan).row(own)
    return (
        f"{row.early_start:%d %H:%M} {row.early_finish:%d %H:%M} | {row.late_start:%d %H:%M} {row.late_finish:%d %H:%M}"
    )


def test_reference_schedules_on_one_calendar(golden: Any) -> None:
    for case in golden("wbs/dates.json")["cases"]:
        calendar = WorkCalendar.weekly(
            case["calendar"]["windows"], zone=case["calendar"]["zone"], holidays=_days(case["calendar"]["holidays"])
        )
        packages = [package(str(j), minutes) for j, minutes in enumerate(case["duration"])]
        links = [
            Link(predecessor=str(i), successor=str(j), kind=kind, lag=Lag.minutes(lag))
            for i, j, kind, lag in case["links"]
        ]
        plan = Plan(
            wbs=Wbs(root=Group(id="site", children=packages)),
            start=datetime.fromisoformat(case["start"]),
            links=links,
            calendar=calendar,
        )
        found = schedule(plan)
        for name in DATES:
            assert [getattr(row, name) for row in found.rows] == [datetime.fromisoformat(t) for t in case[name]], case[
                "id"
            ]
        assert [row.total_float for row in found.rows] == case["total_float"]
        assert [row.free_float for row in found.rows] == case["free_float"]
        assert found.finish == datetime.fromisoformat(case["finish"])
        assert found.duration == case["duration_total"]


def _days(texts: list[str]) -> list[Any]:
    return [datetime.fromisoformat(text).date() for text in texts]


def test_general_foundry() -> None:
    """Render, Stair, Hanna, Quantitative Analysis for Management: finish after 15 days, critical A-C-E-G-H."""
    packages = days(A=2, B=3, C=2, D=4, E=4, F=3, G=5, H=2)
    plan = plan_of(packages, "A C; B D; C E; C F; D G; E G; F H; G H")
    found = schedule(plan)
    assert found.duration == 15 * 480
    assert found.critical == ("A", "C", "E", "G", "H")
    assert found.critical_paths() == (("A", "C", "E", "G", "H"),)
    assert [row.total_float // 480 for row in found.rows] == [0, 1, 0, 1, 0, 6, 0, 0]
    assert [row.free_float // 480 for row in found.rows] == [0, 0, 0, 1, 0, 6, 0, 0]
    assert found.near_critical(480) == ("B", "D")
    assert found.near_critical(479) == ()
    assert [row.days for row in found.rows] == [2, 3, 2, 4, 4, 3, 5, 2]
    assert all(row.limit == row.late_finish for row in found.rows)


def test_float_figure_of_the_pmbok() -> None:
    plan = plan_of(days(A=5, B=5, C=10, D=15), "A B; A C; B D; C D")
    found = schedule(plan)
    assert found.duration == 30 * 480
    assert (found.row("B").total_float, found.row("B").free_float) == (5 * 480, 5 * 480)


def test_four_kinds_of_links_in_days() -> None:
    plan = plan_of(days(A=4, B=6, C=5, D=3), "A B:SS+2d; B C:FF+1d; A C:FS-1d; C D:SF+7d")
    found = schedule(plan)
    spans = [(row.early_start, row.early_finish) for row in found.rows]
    ends = [("05", "08"), ("07", "14"), ("09", "15"), ("15", "19")]
    assert spans == [(at(f"{first} 08:00"), at(f"{last} 17:00")) for first, last in ends]
    assert [(row.late_start, row.late_finish) for row in found.rows] == spans
    assert [(row.total_float, row.free_float) for row in found.rows] == [(0, 0)] * 4
    assert found.critical_paths() == (("A", "B", "C", "D"),)
    assert [row.driven_by for row in found.rows] == [("start",), ("SS A",), ("FF B",), ("SF C",)]


def test_what_follows_work_that_ends_on_friday_starts_on_monday() -> None:
    assert shown(plan_of(days(A=5, B=1), "A B"), "B") == "12 08:00 12 17:00 | 12 08:00 12 17:00"


def test_a_milestone_sits_on_its_bound() -> None:
    packages = [*days(A=5, B=5), package("M", None, kind="milestone"), package("N", None, kind="milestone")]
    plan = plan_of([*packages, *days(C=1)], "A M; M N; N C; B C")
    assert shown(plan, "M") == shown(plan, "N") == "09 17:00 09 17:00 | 12 08:00 12 08:00"
    assert schedule(plan).row("N").total_float == 0
    assert schedule(plan).critical_paths() == (("A", "M", "N", "C"), ("B", "C"))
    lagged = plan_of(packages, "A M:FS+1d; M N:SS; B N")
    assert shown(lagged, "M") == shown(lagged, "N") == "13 08:00 13 08:00 | 13 08:00 13 08:00"
    assert schedule(lagged).row("N").driven_by == ("SS M",)


def test_a_milestone_at_the_start_waits_for_nothing() -> None:
    plan = plan_of([package("M", None, kind="milestone"), *days(A=1)], "M A", start=at("03 10:00"))
    found = schedule(plan)
    assert found.row("M").early_start == found.start == at("03 10:00")
    assert found.row("A").early_start == at("05 08:00")
    assert found.row("A").driven_by == ("FS M", "start")


def test_a_bound_on_a_finish_counts_in_own_working_time() -> None:
    plan = plan_of(
        [package("W", 600, calendar="weekend"), *days(A=1)],
        "W A:FF",
        calendars={"weekend": WEEKEND},
        start=at("09 08:00"),
    )
    assert schedule(plan).row("A").early_finish == at("09 17:00")
    assert schedule(plan).row("A").driven_by == ("FF W", "start")
    assert schedule(plan).row("W").early_finish == schedule(plan).finish == at("10 18:00")
    assert schedule(plan).row("W").total_float == 0


def test_lags_count_on_the_calendar_of_the_plan_and_elapsed_ones_always() -> None:
    packages = [package("A", 480), package("B", 60, calendar="always")]
    calendars = {"always": ALWAYS}
    assert shown(plan_of(packages, "A B:FS+1d", calendars=calendars), "B")[:17] == "07 08:00 07 09:00"
    assert shown(plan_of(packages, "A B:FS+1ed", calendars=calendars), "B")[:17] == "06 17:00 06 18:00"
    assert shown(plan_of(packages, "A B:FS-4h", calendars=calendars), "B")[:17] == "05 13:00 05 14:00"
    assert shown(plan_of(packages, "A B:FF+1d", calendars=calendars), "B")[:17] == "06 16:00 06 17:00"


def test_late_dates_are_feasible_across_calendars() -> None:
    weekend = {"weekend": WEEKEND}
    driven = plan_of([package("W", 120, calendar="weekend"), *days(A=1)], "W A:FS+1d", calendars=weekend)
    assert shown(driven, "W") == "10 08:00 10 10:00 | 11 16:00 11 18:00"
    assert shown(driven, "A")[:17] == "13 08:00 13 17:00"
    before = plan_of(
        [*days(A=1), package("W", 600, calendar="weekend"), *days(B=1)],
        "A W:SS; W B:FS",
        calendars=weekend,
    )
    assert shown(before, "A") == "05 08:00 05 17:00 | 09 16:59 12 16:59"
    assert schedule(before).row("A").total_float == 5 * 480 - 1
    assert schedule(before).row("W").total_float == 600


def test_a_milestone_before_a_lag_into_closed_time_is_due_the_minute_before() -> None:
    weekend = package("W", 60, calendar="weekend", deadline=at("10 10:00"))
    plan = plan_of([package("M", None, kind="milestone"), weekend], "M W:FS+1d", calendars={"weekend": WEEKEND})
    assert shown(plan, "M") == "05 08:00 05 08:00 | 08 16:59 08 16:59"
    assert schedule(plan).row("M").total_float == 4 * 480 - 1


def test_not_before_bounds_the_start_and_the_deadline_the_late_finish() -> None:
    packages = [package("A", 480, not_before=at("07 13:00"), deadline=at("10 12:00")), *days(B=9)]
    found = schedule(plan_of(packages))
    row = found.row("A")
    assert row.driven_by == ("not_before",)
    assert (row.early_start, row.early_finish) == (at("07 13:00"), at("08 12:00"))
    assert (row.late_start, row.late_finish) == (at("09 08:00"), at("09 17:00"))
    assert row.total_float == 720
    assert row.free_float == 5 * 480 + 240
    assert not found.flags


def test_a_missed_deadline_is_flagged_and_makes_negative_floats() -> None:
    packages = [*days(A=2, B=2, C=1), package("late", 480, deadline=at("08 12:00"))]
    found = schedule(plan_of(packages, "A B; B late; B C"))
    assert found.flags == ("deadline_missed:late",)
    assert {row.id: row.total_float for row in found.rows} == {"A": -720, "B": -720, "C": 0, "late": -720}
    assert found.row("late").late_finish == at("08 12:00")
    assert found.row("A").late_start == at("01 13:00")
    assert found.critical == ("A", "B", "C", "late")
    assert found.critical_paths() == (("A", "B", "C"), ("A", "B", "late"))
    assert "deadline_missed" in WBS_FLAGS


def test_the_deadline_of_a_milestone_in_closed_time() -> None:
    milestone = {"kind": "milestone", "deadline": at("10 12:00")}
    early = schedule(plan_of([*days(A=2, B=9), package("M", None, **milestone)], "A M"))
    assert early.row("M").late_finish == at("09 17:00")
    assert early.row("M").total_float == 3 * 480
    just = schedule(plan_of([*days(A=5, B=9), package("M", None, **milestone)], "A M:FS+16eh"))
    assert just.row("M").early_finish == just.row("M").late_finish == at("10 09:00")
    assert just.row("M").total_float == 0
    assert not just.flags
    open_ = schedule(plan_of([*days(B=9), package("M", None, kind="milestone", deadline=at("07 12:00"))]))
    assert open_.row("M").late_finish == at("07 12:00")


def test_the_deadline_of_the_plan_tells_how_late_it_is_and_bounds_no_date() -> None:
    plan = plan_of(days(A=5))
    free = schedule(plan)
    assert [schedule(plan.with_(deadline=t)).late_by for t in (at("09 17:00"), at("08 17:00"))] == [0, 480]
    assert schedule(plan.with_(deadline=datetime(2026, 1, 9, 16, 58, 30, tzinfo=UTC))).late_by == 2
    assert schedule(plan.with_(deadline=at("08 17:00"))).rows == free.rows
    assert schedule(plan.with_(deadline=datetime(9999, 12, 31, 23, tzinfo=UTC))).late_by == free.late_by == 0


def test_a_deadline_in_the_far_future_bounds_nothing() -> None:
    found = schedule(plan_of([package("A", 480, deadline=datetime(9999, 12, 31, 23, 59, tzinfo=UTC))]))
    assert found.row("A").total_float == 0


def test_a_package_without_estimate_takes_no_time() -> None:
    found = schedule(plan_of([*days(A=5), package("B", None)], "A B"))
    assert found.flags == ("no_estimate:B",)
    assert found.row("B").early_start == found.row("B").early_finish == at("09 17:00")


def test_gates_are_rows_without_code_and_point_picks_the_duration() -> None:
    packages = [WorkPackage(id="A", name="First", estimate=Estimate.pert(1, 2, 9)), *days(B=1)]
    found = schedule(plan_of(packages, gates=[Gate(id="docs", after="A", before="B")]), point="mode")
    assert [(row.id, row.code, row.name, row.duration) for row in found.rows] == [
        ("A", "1", "First", 960),
        ("B", "2", "B", 480),
        ("gate:docs", "", "gate:docs", 0),
    ]
    assert found.point == "mode"
    assert found.row("B").driven_by == ("FS gate:docs",)
    with pytest.raises(UnknownIdError, match=r"unknown activity 'b' \(did you mean 'B'\?\)"):
        found.row("b")


def test_an_empty_plan_finishes_when_it_starts() -> None:
    found = schedule(plan_of([]))
    assert (found.start, found.finish, found.duration, found.rows) == (MONDAY, MONDAY, 0, ())
    assert (found.critical, found.critical_paths(), found.near_critical(1), found.to_records()) == ((), (), (), [])


def test_dates_read_like_the_clocks_of_the_plan_and_subtract_exactly() -> None:
    nights = WorkCalendar.weekly({"mon-sun": "22:00-06:00"}, zone="America/New_York")
    found = schedule(plan_of([package("A", 540)], calendar=nights, start=datetime(2026, 10, 31, 20, tzinfo=nights.tz)))
    assert (found.start.isoformat(), found.finish.isoformat()) == (
        "2026-10-31T22:00:00-04:00",
        "2026-11-01T06:00:00-05:00",
    )
    assert found.finish - found.start == timedelta(hours=9)
    assert found.zone == "America/New_York"
    assert found.start == datetime(2026, 11, 1, 2, tzinfo=UTC)


def test_the_number_of_paths_is_limited() -> None:
    names = [f"{letter}{n}" for letter in "AB" for n in range(20)]
    links = "; ".join(f"{a}{n} {b}{n + 1}" for n in range(19) for a in "AB" for b in "AB")
    found = schedule(plan_of([package(own, 60) for own in names], links))
    assert len(found.critical_paths()) == 10
    assert found.critical_paths(limit=2) == (
        tuple(f"A{n}" for n in range(20)),
        (*(f"A{n}" for n in range(19)), "B19"),
    )
    with pytest.raises(ValueError, match="limit: expected a whole number of at least 1, got 0"):
        found.critical_paths(limit=0)
    with pytest.raises(ValueError, match=r"minutes: expected a whole number of at least 0, got 1\.5"):
        found.near_critical(1.5)  # type: ignore[arg-type]
    assert found.near_critical(0) == ()
    with pytest.raises(PlanError, match="expected a Plan, got NoneType"):
        schedule(None)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="point: expected"):
        schedule(found.plan, point=[])  # type: ignore[arg-type]


def test_a_schedule_becomes_plain_data() -> None:
    found = schedule(plan_of(days(A=1, B=2, C=1), "A C; B C; A C:SS"))
    data = json.loads(json.dumps(found.to_dict(), allow_nan=False))
    assert data["rows"][0]["early_start"] == "2026-01-05T08:00:00+00:00"
    assert data["critical"] == ["B", "C"]
    assert "plan" not in data
    assert found.plan.activities == ("A", "B", "C")
    record = found.to_records()[2]
    assert record["driven_by"] == "FS B"
    assert record["days"] == 1.0
    assert json.dumps(found.to_records(), allow_nan=False)
    assert "<td>2026-01-05T08:00:00+00:00</td>" in found._repr_html_()
    assert found == schedule(plan_of(days(A=1, B=2, C=1), "B C; A C:SS; A C"))
    with pytest.raises(AttributeError):
        found.finish = MONDAY  # type: ignore[misc]


def test_a_calendar_that_never_opens_names_its_activities() -> None:
    calendars = {"shut": WorkCalendar(windows=(), name="shut")}
    packages = [*days(A=1), *(package(own, 60, calendar="shut") for own in "BC"), *days(D=1)]
    with pytest.raises(InfeasibleError, match="'B': calendar 'shut' never opens after 2026-01-05T08:00") as caught:
        schedule(plan_of(packages, "A B; B C; C D", calendars=calendars))
    assert [reason[:3] for reason in caught.value.reasons] == ["'B'", "'C'"]
    with pytest.raises(InfeasibleError, match="'A': the plan's calendar never opens"):
        schedule(plan_of(days(A=1), calendar=WorkCalendar(windows=())))
    milestone = [package("M", None, kind="milestone", calendar="shut")]
    assert schedule(plan_of(milestone, calendars=calendars)).finish == MONDAY


def test_a_calendar_that_closes_for_good_is_infeasible() -> None:
    closing = OFFICE.with_(closures=[(at("06 08:00"), datetime(2090, 1, 1, tzinfo=UTC))])
    assert schedule(plan_of(days(A=1), calendar=closing)).finish == at("05 17:00")
    with pytest.raises(
        InfeasibleError, match="'A': the plan's calendar is not open for 960 minutes after 2026-01-05T08"
    ):
        schedule(plan_of(days(A=2), calendar=closing))
    with pytest.raises(InfeasibleError, match="link 'A' -> 'M': its lag of 60 minutes never ends"):
        schedule(plan_of([*days(A=1), package("M", None, kind="milestone")], "A M:FS+1h", calendar=closing))


def test_work_that_ends_when_its_calendar_closes_for_good_can_end_no_later() -> None:
    closing = OFFICE.with_(closures=[(at("07 00:00"), datetime(2090, 1, 1, tzinfo=UTC))])
    packages = [*days(A=1, B=2, C=1), package("M", None, kind="milestone")]
    uniform = schedule(plan_of(packages, "A B:FF; A C:FF-1d; B M:FS-4h", calendar=closing))
    limited = [package("L", 60, deadline=at("30 12:00")), *packages]
    walked = schedule(plan_of(limited, "A B:FF; A C:FF-1d; B M:FS-4h", calendar=closing))
    assert [row.late_finish for row in walked.rows[1:]] == [row.late_finish for row in uniform.rows]
    assert {row.id: row.total_float for row in walked.rows} == {"L": 900, "A": 480, "B": 0, "C": 480, "M": 240}


def test_a_lead_into_time_before_the_calendar_opens_binds_nothing() -> None:
    opening = OFFICE.with_(closures=[(datetime(1990, 1, 1, tzinfo=UTC), at("07 00:00"))])
    found = schedule(plan_of([*days(A=1, B=1)], "A B:FS-2d", calendar=opening))
    assert found.row("B").driven_by == ("start",)
    limited = [package("L", 60, not_before=at("08 08:00")), *days(A=1, B=1)]
    walked = schedule(plan_of(limited, "A B:FS-2d", calendar=opening))
    assert (walked.row("B").driven_by, walked.row("B").early_start) == (("start",), at("07 08:00"))


def test_a_limit_years_ahead_moves_the_start_there() -> None:
    found = schedule(plan_of([package("A", 480, not_before=datetime(2031, 1, 6, 7, tzinfo=UTC))]))
    assert found.start == datetime(2031, 1, 6, 8, tzinfo=UTC)


@pytest.mark.parametrize(("start", "driven_by"), [("05 13:00", ("start",)), ("05 10:00", ("FF A", "start"))])
def test_a_lag_that_ends_when_the_calendar_closed_before_the_plan_starts_binds_no_milestone(
    start: str, driven_by: tuple[str, ...]
) -> None:
    packages = [*days(A=1), package("M", None, kind="milestone")]
    found = schedule(plan_of(packages, "A M:FF-1d", start=at(start)))
    assert (found.row("M").early_start, found.row("M").driven_by) == (at(start), driven_by)


def test_milestones_hand_on_that_they_wait_for_the_calendar_to_open() -> None:
    milestones = [package(own, None, kind="milestone") for own in "KLMN"]
    found = schedule(plan_of([*days(A=5), *milestones], "A K:FS+1d; K L; K M; L N; M N"))
    assert {row.early_start for row in found.rows[1:]} == {at("13 08:00")}
    assert found.row("N").driven_by == ("FS L", "FS M")
    assert found.critical_paths() == (("A", "K", "L", "N"), ("A", "K", "M", "N"))


def test_no_open_time_before_a_deadline_is_infeasible() -> None:
    opening = OFFICE.with_(closures=[(datetime(1990, 1, 1, tzinfo=UTC), at("07 00:00"))])
    late = package("B", 60, deadline=at("06 12:00"))
    with pytest.raises(InfeasibleError, match="'B': its calendar has no 60 minutes for it before"):
        schedule(plan_of([late], calendar=opening))
    with pytest.raises(InfeasibleError, match="no 60 minutes for a lag before"):
        schedule(plan_of([*days(A=1), package("B", None, deadline=at("06 12:00"))], "A B:FS+1h", calendar=opening))


@pytest.mark.parametrize("point", ["median", 1.5])
def test_a_point_that_is_none_is_refused(point: Any) -> None:
    with pytest.raises(ValueError, match="point"):
        schedule(plan_of(days(A=1)), point=point)


def test_what_is_done_keeps_its_dates_and_what_is_under_way_has_its_rest_ahead() -> None:
    plan = plan_of(days(A=2, B=2, C=2, D=1), "A B; B C; A D; D C")
    as_of = at("07 10:00")
    found = reschedule(
        plan,
        durations={"B": 480},
        earliest=dict.fromkeys("ABCD", as_of),
        fixed={"A": (at("05 09:00"), at("06 15:00")), "B": (at("06 16:00"), None)},
    )
    done, under_way = found.row("A"), found.row("B")
    assert (
        (done.early_start, done.early_finish) == (done.late_start, done.late_finish) == (at("05 09:00"), at("06 15:00"))
    )
    assert (done.total_float, done.free_float, done.is_critical, done.driven_by) == (0, 0, False, ("actual",))
    assert (under_way.early_start, under_way.early_finish) == (at("06 16:00"), at("08 10:00"))
    assert (under_way.late_start, under_way.driven_by, under_way.is_critical) == (at("06 16:00"), ("actual",), True)
    assert (found.row("D").early_start, found.row("D").driven_by) == (as_of, ("as_of",))
    assert (found.start, found.finish) == (at("05 09:00"), at("12 10:00"))
    assert found.critical == ("B", "D", "C")


def test_what_is_under_way_waits_with_its_rest_for_what_it_was_to_follow() -> None:
    plan = plan_of(days(A=2, B=2, C=1), "A B; B C:SS+1d; B C:FF")
    found = reschedule(plan, durations={"B": 60}, fixed={"B": (at("05 08:00"), None)})
    assert found.row("B").early_finish == at("07 09:00")
    assert found.row("C").early_start == at("06 09:00")
    assert found.row("A").total_float == 0
    after = reschedule(plan, fixed={"B": (at("05 08:00"), at("05 17:00"))})
    assert after.row("A").total_float == after.row("A").free_float == 0
    assert after.row("C").early_start == at("06 08:00")
    assert after.row("C").total_float == 0


def test_facts_that_cannot_be_are_refused() -> None:
    plan = plan_of(days(A=1))
    with pytest.raises(UnknownIdError, match="unknown activity 'B'"):
        reschedule(plan, earliest={"B": MONDAY})
    with pytest.raises(PlanError, match="2 faults") as caught:
        reschedule(plan, durations={"A": -1}, fixed={"A": (at("06 08:00"), at("05 08:00"))})
    assert [fault.where for fault in caught.value.faults] == ["duration of 'A'", "activity 'A'"]


def test_a_chain_of_many_links_works() -> None:
    n = 2000
    packages = [package(f"P{j}", 10, calendar="always") for j in range(n)]
    links = [Link(predecessor=f"P{j}", successor=f"P{j + 1}") for j in range(n - 1)]
    found = schedule(plan_of(packages, calendars={"always": ALWAYS}).with_(links=links))
    assert found.finish - found.start == timedelta(minutes=10 * n)
    assert len(found.critical_paths()[0]) == n
