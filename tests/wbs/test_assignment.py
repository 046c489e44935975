from __future__ import annotations

import json
import math
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from attrs import evolve

from leadkit.calendars import WorkCalendar
from leadkit.errors import InfeasibleError, PlanError, UnknownIdError
from leadkit.skills import SkillMatrix
from leadkit.wbs.assignment import Assignment, assign, check_assignment
from leadkit.wbs.dates import schedule
from leadkit.wbs.estimates import Estimate
from leadkit.wbs.plan import Document, Gate, Handover, Lag, Link, Person, Plan, Team
from leadkit.wbs.requirement import resource_request
from leadkit.wbs.structure import Group, Need, Wbs, WorkPackage

OFFICE = "08:00-12:00, 13:00-17:00"
DAYS = WorkCalendar.weekly({"mon-fri": OFFICE}, zone="UTC")
NIGHTS = WorkCalendar.weekly({"mon-fri": "22:00-06:00"}, zone="UTC")
NEVER = WorkCalendar.weekly({}, zone="UTC")
MONDAY = datetime(2026, 1, 5, 8, tzinfo=UTC)
ANYBODY = (Need(skills={}),)
SQL = (Need(skills={"sql": 2}),)
PYTHON = (Need(skills={"python": 1}),)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """Say an instant of January 2026, which begins on a Thursday."""
    return datetime(2026, 1, day, hour, minute, tzinfo=UTC)


def package(own: str, hours: float, needs: tuple[Need, ...] = ANYBODY, **more: Any) -> WorkPackage:
    return WorkPackage(id=own, estimate=Estimate.fixed(hours, unit="h"), needs=needs, **more)


def plan_of(
    *packages: WorkPackage | Group,
    links: dict[str, str] | None = None,
    people: tuple[Person, ...] = (Person(id="ann"),),
    skills: dict[str, dict[str, float]] | None = None,
    **more: Any,
) -> Plan:
    matrix = None
    if skills is not None:
        names = sorted({skill for own in skills.values() for skill in own})
        levels = [[skills[p.id].get(name, math.nan) for name in names] for p in people]
        matrix = SkillMatrix([p.id for p in people], names, levels)
    made = {"start": MONDAY, "calendar": DAYS, **more}
    return Plan(
        wbs=Wbs(root=Group(id="root", children=packages)),
        links=[link for own, text in (links or {}).items() for link in Link.parse(text, own)],
        team=Team(people=people, skills=matrix),
        **made,
    )


def dates(assignment: Assignment) -> dict[str, tuple[datetime, datetime]]:
    return {row.id: (row.start, row.finish) for row in assignment.rows}


def row_of(assignment: Assignment, own: str) -> Any:
    return next(row for row in assignment.rows if row.id == own)


# worked by hand


def test_work_stands_still_while_its_person_is_away() -> None:
    away = DAYS.with_(closures=[(at(6, 10), at(7, 15))])
    plan = plan_of(package("model", 12), people=(Person(id="ann", calendar=away),))
    found = assign(plan)
    # 8 h on Monday, 2 h on Tuesday until 10:00, 2 h on Wednesday from 15:00
    assert dates(found) == {"model": (at(5, 8), at(7, 17))}
    assert (found.makespan, found.lower_bound, found.is_proven) == (24 * 60, 24 * 60, True)
    assert dict(found.load[0]) == {"person": "ann", "open": 720, "assigned": 720, "share": 1.0}


def test_a_part_time_person_stretches_the_days_and_a_share_of_a_person_the_minutes() -> None:
    mornings = WorkCalendar.weekly({"mon-fri": "08:00-12:00"}, zone="UTC")
    early = assign(plan_of(package("model", 8), people=(Person(id="ann", calendar=mornings),)))
    assert dates(early) == {"model": (at(5, 8), at(6, 12))}
    assert row_of(early, "model").minutes == 480
    half = assign(plan_of(package("model", 8), people=(Person(id="ann", units=0.5),)))
    assert dates(half) == {"model": (at(5, 8), at(6, 17))}
    assert row_of(half, "model").minutes == 960


def test_a_night_worker_works_at_night_only_where_the_package_allows_it() -> None:
    night = (Person(id="ann", calendar=NIGHTS),)
    plan = plan_of(package("backup", 8, calendar="round"), people=night, calendars={"round": WorkCalendar.always()})
    found = assign(plan)
    assert dates(found) == {"backup": (at(5, 22), at(6, 6))}
    assert row_of(found, "backup").bound_by == ("calendar", "start")
    assert (found.makespan, found.is_proven) == (480, True)
    with pytest.raises(
        InfeasibleError, match=r"^work package 'backup' needs 1 and has 1 with no common open time \(ann\)$"
    ):
        assign(plan_of(package("backup", 8), people=night))


def test_two_people_work_together_only_while_both_are_there() -> None:
    berlin = WorkCalendar.weekly({"mon-fri": "09:00-17:00"}, zone="Europe/Berlin")
    new_york = WorkCalendar.weekly({"mon-fri": "09:00-17:00"}, zone="America/New_York")
    plan = plan_of(
        package("talk", 3, (Need(skills={}, heads=2),)),
        people=(Person(id="ann", calendar=berlin), Person(id="bob", calendar=new_york)),
        calendar=WorkCalendar.always(),
    )
    # Berlin is there until 16:00 and New York from 14:00 UTC
    assert dates(assign(plan)) == {"talk": (at(5, 14), at(6, 15))}


def test_the_person_with_whom_work_ends_first_is_chosen() -> None:
    away = DAYS.with_(closures=[(at(5, 12), at(6, 17))])
    plan = plan_of(package("model", 8), people=(Person(id="ann", calendar=away), Person(id="ben")))
    assert assign(plan).people("model") == ("ben",)
    short = plan.replace("model", estimate=Estimate.fixed(4, unit="h"))
    assert assign(short).people("model") == ("ann",)


def test_effort_is_shared_by_the_units_of_the_people() -> None:
    people = (Person(id="ann"), Person(id="ben", units=0.5))
    plan = plan_of(package("model", 12, (Need(skills={}, heads=2),), basis="effort"), people=people)
    assert row_of(assign(plan), "model").minutes == 480
    third = plan.with_(team=Team(people=[Person(id="ann", units=1 / 3), Person(id="ben", units=1 / 3)]))
    assert row_of(assign(third), "model").minutes == 18 * 60


def test_a_person_does_one_thing_at_a_time_and_is_named_as_the_reason() -> None:
    plan = plan_of(package("a", 8), package("b", 4, not_before=at(5, 9)), links={"b": "a"})
    found = assign(plan)
    assert [(row.id, row.start, row.bound_by) for row in found.of("ann")] == [
        ("a", at(5, 8), ("start",)),
        ("b", at(6, 8), ("FS a", "person ann")),
    ]
    assert found.bottleneck == ()  # the link alone keeps b where it is
    loose = assign(plan.with_(links=()))
    _first, second = loose.of("ann")
    assert second.bound_by == ("person ann",)
    assert loose.bottleneck == ("ann",)


def test_without_needs_the_dates_are_those_of_the_schedule() -> None:
    nobody: tuple[Need, ...] = ()
    plan = plan_of(
        package("a", 20, nobody),
        package("b", 9, nobody, calendar="night"),
        package("c", 5, nobody, not_before=at(10, 12)),
        Group(id="g", children=[package("d", 3, nobody), WorkPackage(id="e", kind="milestone", not_before=at(11, 3))]),
        links={"b": "a:SS+3h", "c": "b:FF+1d", "d": "a:FS-2h, b:SF+4eh", "e": "c"},
        calendars={"night": NIGHTS},
        handovers=[Handover(id="h", from_phase="g", lag=Lag.hours(2))],
        gates=[Gate(id="q", after="c", documents=[Document(id="spec")])],
    )
    found, early = assign(plan), schedule(plan)
    assert dates(found) == {row.id: (row.early_start, row.early_finish) for row in early.rows}
    assert found.is_proven
    assert {row.id: row.bound_by for row in found.rows} == {row.id: row.driven_by for row in early.rows}
    assert all(row.people == () for row in found.rows)
    assert [row.id for row in found.rows] == list(plan.activities)


def test_links_of_every_kind_and_lag_hold_between_people() -> None:
    plan = plan_of(
        package("a", 8),
        package("b", 4),
        package("c", 4),
        package("d", 2),
        links={"b": "a:SS+2h", "c": "a:FF+3h", "d": "b:SF+6h"},
        people=tuple(Person(id=own) for own in ("ann", "ben", "cem", "dan")),
    )
    found = dates(assign(plan))
    assert found["b"][0] == at(5, 10)
    assert found["c"] == (at(5, 16), at(6, 11))
    assert found["d"] == (at(5, 15), at(5, 17))


def test_a_finish_to_finish_link_is_kept_in_the_first_minute_in_which_they_are_there() -> None:
    tuesdays = WorkCalendar.weekly({"tue": OFFICE}, zone="UTC")
    people = (Person(id="ann"), Person(id="ben", calendar=tuesdays))
    skills = {"ann": {"sql": 2.0}, "ben": {"python": 1.0}}
    plan = plan_of(package("a", 24, SQL), package("b", 2, PYTHON), links={"b": "a:FF"}, people=people, skills=skills)
    found = assign(plan)
    # ann ends on Wednesday the 7th; ben is next there on Tuesday the 13th, and leaves a minute for then
    assert dates(found)["b"] == (at(6, 15, 1), at(13, 8, 1))
    assert check_assignment(plan, found) == ()
    assert row_of(found, "b").bound_by == ("FF a",)


def test_handovers_and_gates_stand_on_their_bounds() -> None:
    plan = plan_of(
        Group(id="build", children=[package("a", 8), package("b", 4)]),
        Group(id="run", children=[package("c", 4)]),
        handovers=[Handover(id="h", from_phase="build", to_phase="run", lag=Lag.hours(1))],
        gates=[Gate(id="q", after="run")],
    )
    found = dates(assign(plan))
    assert found["handover:h"] == (at(6, 12), at(6, 12))
    assert found["c"] == (at(6, 14), at(7, 9))
    assert found["gate:q"] == (at(7, 9), at(7, 9))


def test_deadlines_that_are_missed_are_flagged() -> None:
    plan = plan_of(package("a", 16, deadline=at(5, 17)), package("b", 1, deadline=at(9, 17)), deadline=at(6, 16))
    assert assign(plan).flags == ("deadline_missed:a", "late_by:120")
    assert assign(plan.with_(deadline=at(7, 9))).flags == ("deadline_missed:a",)


def test_flags_of_the_plan_come_along() -> None:
    plan = plan_of(WorkPackage(id="idea", needs=SQL), package("a", 1))
    found = assign(plan)
    assert found.flags == ("no_estimate:idea",)
    assert found.people("idea") == ()  # takes no time, so nobody


def test_priority_brings_forward_what_does_not_move_the_finish() -> None:
    plan = plan_of(package("a", 8), package("b", 4), package("c", 8), package("d", 4))
    plain = assign(plan)
    for own in "abcd":
        first = assign(plan, priority={own: 1, "a": 0} if own != "a" else {"a": 1})
        assert first.of("ann")[0].id == own
        assert first.finish == plain.finish
        assert plain.schedules < first.schedules <= plain.schedules + 2
    both = assign(plan, priority={"c": 1, "d": 2})
    assert [row.id for row in both.of("ann")][:2] == ["d", "c"]


def test_priority_brings_forward_what_has_to_come_before_too() -> None:
    own = DAYS.with_(horizon_days=3000)
    for calendar in (None, own):
        plan = plan_of(
            package("a", 8),
            package("b", 4),
            package("c", 8),
            package("d", 4),
            links={"d": "b, c", "c": "b"},
            people=(Person(id="ann", calendar=calendar),),
        )
        found = assign(plan, priority={"d": 1})
        assert [row.id for row in found.of("ann")] == ["b", "c", "d", "a"]
        assert [row.id for row in assign(plan, priority={"a": 1}).of("ann")] == ["a", "b", "c", "d"]


def test_priority_never_moves_the_finish() -> None:
    plan = plan_of(package("a", 8), package("b", 8), package("c", 4), links={"b": "a"}, people=(Person(id="ann"),))
    late = plan_of(
        package("a", 8, SQL),
        package("b", 8, PYTHON),
        package("c", 4, SQL),
        links={"b": "a"},
        people=(Person(id="ann"), Person(id="ben")),
        skills={"ann": {"sql": 2}, "ben": {"python": 1}},
    )
    assert assign(plan, priority={"c": 1}).of("ann")[0].id == "c"
    assert assign(late, priority={"c": 1}).of("ann")[0].id == "a"


def test_calendar_load_adds_up_to_the_load() -> None:
    away = DAYS.with_(closures=[(at(6, 8), at(7, 17))])
    plan = plan_of(
        package("a", 30), package("b", 50), package("c", 20), people=(Person(id="ann", calendar=away), Person(id="ben"))
    )
    found = assign(plan)
    for by in ("day", "week", "month"):
        records = found.calendar_load(by)
        for own in found.load:
            mine = [record for record in records if record["person"] == own["person"]]
            assert sum(record["open"] for record in mine) == own["open"]
            assert sum(record["assigned"] for record in mine) == own["assigned"]
        assert records[0]["from_date"] == {"day": "2026-01-05", "week": "2026-01-05", "month": "2026-01-01"}[by]
    assert found.calendar_load("week")[0]["to_date"] == "2026-01-11"
    assert found.calendar_load("month")[0]["to_date"] == "2026-01-31"
    tuesday = [record for record in found.calendar_load("day") if record["from_date"] == "2026-01-06"]
    assert tuesday[0] == {
        "from_date": "2026-01-06",
        "to_date": "2026-01-06",
        "person": "ann",
        "open": 0,
        "assigned": 0,
        "share": None,
    }
    with pytest.raises(PlanError, match="by: expected one of 'day', 'week', 'month', got 'year'"):
        found.calendar_load("year")  # type: ignore[arg-type]


def test_the_day_that_begins_with_the_finish_has_no_load() -> None:
    plan = plan_of(package("a", 16), calendar=WorkCalendar.always())
    found = assign(plan)
    assert found.finish == at(6, 0)
    assert [(record["from_date"], record["assigned"]) for record in found.calendar_load("day")] == [("2026-01-05", 960)]


def test_instants_read_in_the_zone_of_the_plan_and_hold_over_a_change_of_the_clocks() -> None:
    berlin = WorkCalendar.weekly({"mon-sun": "00:00-24:00"}, zone="Europe/Berlin")
    start = datetime(2026, 3, 28, 12, tzinfo=berlin.tz)
    found = assign(plan_of(package("a", 24), start=start, calendar=berlin))
    assert found.rows[0].start.isoformat() == "2026-03-28T12:00:00+01:00"
    assert found.rows[0].finish.isoformat() == "2026-03-29T13:00:00+02:00"
    assert found.rows[0].finish - found.rows[0].start == timedelta(hours=24)


def test_a_plan_without_work_is_done_when_it_starts() -> None:
    plan = plan_of()
    found = assign(plan)
    assert found.plan is plan
    assert (found.rows, found.finish, found.makespan, found.lower_bound, found.gap) == ((), MONDAY, 0, 0, 0.0)
    assert found.calendar_load() == []
    assert found.is_proven


# teams


def test_many_heads_are_gathered_from_whoever_is_free() -> None:
    people = tuple(Person(id=f"p{k:02d}") for k in range(14))
    need = (Need(skills={}, heads=5),)
    plan = plan_of(*(package(f"w{k}", 8, need) for k in range(4)), people=people)
    own = DAYS.with_(closures=[(at(30, 8), at(30, 9))])
    with_calendars = plan.with_(team=Team(people=[*people[:-1], evolve(people[-1], calendar=own)]))
    for given in (plan, with_calendars):
        found = assign(given, schedules=100)
        assert found.finish == at(6, 17)
        assert check_assignment(given, found) == ()
    fixed = assign(
        with_calendars, fixed={"w3": ("p13", "p12"), "w2": ("p02", "p04", "p06", "p08", "p10")}, schedules=50
    )
    assert {"p13", "p12"} <= set(fixed.people("w3"))
    assert fixed.people("w2") == ("p02", "p04", "p06", "p08", "p10")


def test_many_heads_are_gathered_at_an_hour_at_which_enough_are_there() -> None:
    day, night = WorkCalendar.weekly({"mon-fri": "08:00-16:00"}, zone="UTC"), NIGHTS
    people = tuple(Person(id=f"{word}{k}", calendar=c) for word, c in (("d", day), ("n", night)) for k in range(7))
    skills = {p.id: {"sql": 2.0} if p.id[1] in "012" or p.id[0] == "n" else {"python": 1.0} for p in people}
    team = (Need(skills={"sql": 2}, heads=2), Need(skills={"python": 1}, heads=3))
    plan = plan_of(
        package("x", 4, team),
        package("y", 4, (Need(skills={"sql": 2}, heads=4),)),
        people=people,
        skills=skills,
        calendar=WorkCalendar.always(),
    )
    found = assign(plan, schedules=60)
    assert check_assignment(plan, found) == ()
    assert dates(found) == {"x": (at(5, 8), at(5, 12)), "y": (at(5, 22), at(6, 2))}
    assert all(own.startswith("n") for own in found.people("y"))
    given = assign(plan, schedules=60, fixed={"y": ("n3",)})
    assert "n3" in given.people("y")


def test_whoever_is_taken_before_the_end_is_left_out() -> None:
    own = DAYS.with_(horizon_days=3000)  # on instants, though it is open as the plan is
    people = tuple(Person(id=f"p{k:02d}", calendar=own) for k in range(12))
    short = [package(f"a{k}", 2, not_before=at(5, 10)) for k in range(6)]
    plan = plan_of(*short, package("b", 8, (Need(skills={}, heads=6),)), people=people)
    found = assign(plan, fixed={f"a{k}": (f"p{k:02d}",) for k in range(6)}, schedules=100)
    assert found.people("b") == tuple(f"p{k:02d}" for k in range(6, 12))
    assert found.is_proven
    # two of those who have something else to do at ten are needed too, and do it on the next day
    more = plan.replace("b", needs=[Need(skills={}, heads=8)])
    assert assign(more, fixed={f"a{k}": (f"p{k:02d}",) for k in range(6)}, schedules=100).finish == at(6, 10)


def test_needs_of_one_package_take_different_people() -> None:
    plan = plan_of(
        package("a", 4, (*SQL, *PYTHON)),
        people=(Person(id="ann"), Person(id="ben")),
        skills={"ann": {"sql": 3, "python": 3}, "ben": {"sql": 2}},
    )
    assert assign(plan).people("a") == ("ann", "ben")


def test_fixed_people_are_kept_and_joined() -> None:
    people = tuple(Person(id=own) for own in ("ann", "ben", "cem"))
    plan = plan_of(package("a", 4, (Need(skills={}, heads=2),)), package("b", 4), people=people)
    found = assign(plan, fixed={"a": ("cem",), "b": ["ben"]})  # type: ignore[dict-item]
    assert "cem" in found.people("a")
    assert found.people("b") == ("ben",)
    assert found.finish == at(5, 12)
    both = assign(plan, fixed={"a": ("cem", "ann"), "b": ("cem",)})
    assert both.finish == at(5, 17)
    mixed = (*SQL, *PYTHON)
    partly = plan_of(
        package("a", 4, mixed),
        people=people,
        skills={"ann": {"sql": 2, "python": 1}, "ben": {"sql": 2}, "cem": {"python": 1}},
    )
    assert "ann" in assign(partly, fixed={"a": ("ann",)}).people("a")


# what cannot be


def test_work_that_nobody_can_do_is_refused_with_all_cases_at_once() -> None:
    plan = plan_of(
        package("api", 4, (Need(skills={"sql": 3}, heads=2),)),
        package("page", 4, (Need(skills={"css": 1}),)),
        package("both", 4, (Need(skills={"sql": 1}), Need(skills={"python": 1, "sql": 1}, heads=2))),
        people=(Person(id="ann"), Person(id="ben"), Person(id="cem")),
        skills={"ann": {"sql": 2, "python": 2}, "ben": {"sql": 4, "python": 1}, "cem": {"python": 3}},
    )
    with pytest.raises(InfeasibleError) as caught:
        assign(plan)
    assert str(caught.value).splitlines() == [
        "3 faults",
        "  work package 'api' needs 2 with sql >= 3 and has 1 (ben 4; nearest: ann 2)",
        "  work package 'both' needs 1 with sql >= 1, 2 with python >= 1 and sql >= 1 and has 2 (ann 2/2, ben 1/4; nearest: cem not assessed)",
        "  work package 'page' needs 1 with css >= 1 and has 0 (nearest: ann not assessed)",
    ]
    api, both, page = caught.value.reasons
    assert api == ("api", Need(skills={"sql": 3}, heads=2), 2, ("ben",), ("ann", 2.0))
    assert both[:4] == ("both", Need(skills={"sql": 1}), 3, ("ann", "ben"))
    assert page[3] == ()
    assert len(caught.value.faults) == 3


def test_without_a_team_nobody_can_do_anything() -> None:
    with pytest.raises(InfeasibleError, match=r"'a' needs 1 with sql >= 2 and has 0$"):
        assign(plan_of(package("a", 1, SQL), people=()))
    with pytest.raises(InfeasibleError, match=r"'a' needs 1 and has 0$"):
        assign(plan_of(package("a", 1), people=()))


def test_people_who_are_never_there_together_are_refused_by_name() -> None:
    people = (Person(id="ann", calendar=NEVER), Person(id="ben", calendar=NIGHTS))
    with pytest.raises(InfeasibleError) as caught:
        assign(plan_of(package("a", 1), package("b", 1, (Need(skills={}, heads=2),)), people=people))
    assert [str(fault) for fault in caught.value.faults] == [
        "work package 'a' needs 1 and has 2 with no common open time, ann without any working time (ann, ben)",
        "work package 'b' needs 2 and has 2 with no common open time, ann without any working time (ann, ben)",
    ]


def test_many_people_who_are_never_there_together_are_refused() -> None:
    people = tuple(Person(id=f"p{k}", calendar=DAYS if k % 2 else NIGHTS) for k in range(12))
    plan = plan_of(package("a", 1, (Need(skills={}, heads=7),)), people=people, calendar=WorkCalendar.always())
    with pytest.raises(InfeasibleError, match="needs 7 and has 12 with no common open time"):
        assign(plan)


def test_a_calendar_that_never_opens_is_refused() -> None:
    plan = plan_of(package("a", 1, (), calendar="none"), calendars={"none": NEVER})
    with pytest.raises(InfeasibleError, match="work package 'a' has a calendar that is never open"):
        assign(plan)


def test_a_person_who_leaves_too_early_is_refused() -> None:
    leaves = WorkCalendar.weekly(
        {"mon-fri": OFFICE}, zone="UTC", closures=[(at(7, 0), datetime(2099, 1, 1, tzinfo=UTC))]
    )
    plan = plan_of(package("a", 12), package("b", 12), people=(Person(id="ann", calendar=leaves),))
    with pytest.raises(InfeasibleError, match=r"work package '[ab]' finds no common open time that is left"):
        assign(plan, schedules=20)


def test_what_waits_for_work_that_finds_no_time_is_refused_with_it() -> None:
    leaves = DAYS.with_(closures=[(at(7, 0), datetime(2199, 1, 1, tzinfo=UTC))])
    chain = plan_of(
        package("a", 16),
        package("b", 8),
        package("c", 1, ()),
        package("d", 1, (Need(skills={}, heads=7),)),
        WorkPackage(id="m", kind="milestone"),
        links={"b": "a", "c": "b:FS+1h", "d": "b", "m": "d"},
        people=tuple(Person(id=f"p{k:02d}", calendar=leaves if not k else None) for k in range(12)),
        skills={"p00": {"sql": 2}, **{f"p{k:02d}": {} for k in range(1, 12)}},
    )
    chain = chain.replace("a", needs=SQL).replace("b", needs=SQL)
    with pytest.raises(InfeasibleError) as caught:
        assign(chain, schedules=10)
    assert [reason[0] for reason in caught.value.reasons] == ["b", "c", "d", "m"]


def test_a_lag_for_which_the_calendar_has_no_time_is_refused() -> None:
    ends = DAYS.with_(closures=[(at(7, 0), datetime(2199, 1, 1, tzinfo=UTC))])
    plan = plan_of(
        package("a", 8),
        package("b", 1, calendar="always"),
        links={"b": "a:FS+9h"},
        calendar=ends,
        calendars={"always": WorkCalendar.always()},
        people=(Person(id="ann", calendar=WorkCalendar.always()),),
    )
    with pytest.raises(InfeasibleError, match="work package 'b' finds no common open time that is left"):
        assign(plan, schedules=5)


def test_gaps_between_the_work_of_a_person_are_filled() -> None:
    own = DAYS.with_(horizon_days=3000)  # on instants, though it is open as the plan is
    fixed_times = [package(f"f{k}", 2, not_before=at(5 + k % 4, 10 + 3 * (k // 4))) for k in range(8)]
    loose = [package(f"g{k}", (1, 2, 3, 5)[k % 4]) for k in range(8)]
    plan = plan_of(*fixed_times, *loose, people=(Person(id="ann", calendar=own),))
    found = assign(plan, schedules=300)
    assert found.makespan == sum(row.minutes for row in found.rows) == 38 * 60
    assert found.is_proven


def test_unqualified_people_are_refused_with_skill_and_level() -> None:
    plan = plan_of(
        package("api", 4, (Need(skills={"sql": 3}), Need(skills={"python": 1}))),
        package("page", 4),
        people=(Person(id="ann"), Person(id="ben"), Person(id="cem")),
        skills={"ann": {"sql": 4}, "ben": {"sql": 2}, "cem": {"python": 2, "sql": 4}},
    )
    with pytest.raises(PlanError) as caught:
        assign(plan, fixed={"api": ("ben",), "page": ("ann", "cem")})
    assert [str(fault) for fault in caught.value.faults] == [
        "fixed['api']: person 'ben' is not qualified for work package 'api': has sql 2 of 3 or python not assessed of 1",
        "fixed['page']: 2 people for a work package that needs 1",
    ]
    with pytest.raises(PlanError, match=r"fixed\['api'\]: somebody is there twice"):
        assign(plan, fixed={"api": ("ann", "ann")})
    with pytest.raises(PlanError, match=r"fixed\['page'\]: expected a list of people, got 'ann'"):
        assign(plan, fixed={"page": "ann"})  # type: ignore[dict-item]
    only = plan_of(
        package("api", 4, (Need(skills={"sql": 3}), Need(skills={"python": 1}))),
        people=(Person(id="ann"), Person(id="ben"), Person(id="cem")),
        skills={"ann": {"sql": 4}, "ben": {"sql": 4}, "cem": {"python": 2}},
    )
    with pytest.raises(PlanError, match="'ann', 'ben' cannot be divided among the needs of work package 'api'"):
        assign(only, fixed={"api": ("ann", "ben")})


def test_unknown_ids_are_refused_with_the_nearest() -> None:
    plan = plan_of(package("api", 4))
    with pytest.raises(UnknownIdError, match=r"fixed\['apl'\]: unknown work package 'apl' \(did you mean 'api'\?\)"):
        assign(plan, fixed={"apl": ("ann",)})
    with pytest.raises(UnknownIdError, match=r"unknown person 'anne' \(did you mean 'ann'\?\)"):
        assign(plan, fixed={"api": ("anne",)})
    with pytest.raises(UnknownIdError, match="priority: unknown work package 'apl'"):
        assign(plan, priority={"apl": 1})
    found = assign(plan)
    with pytest.raises(UnknownIdError, match="unknown activity 'apl'"):
        found.people("apl")
    with pytest.raises(UnknownIdError, match="unknown person 'anne'"):
        found.of("anne")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"schedules": 0}, "schedules: expected at least 1, got 0"),
        ({"schedules": 1.5}, "schedules: expected a whole number, got 1.5"),
        ({"solver_seconds": 0}, "solver_seconds: expected a finite number above 0, got 0"),
        ({"priority": {"a": -1}}, r"priority\['a'\]: expected at least 0, got -1"),
        ({"priority": {"a": math.nan}}, r"priority\['a'\]: expected a finite number, got nan"),
    ],
)
def test_parameters_out_of_range_are_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises(PlanError, match=message):
        assign(plan_of(package("a", 1)), **options)


# the result


def test_a_calendar_is_the_same_whatever_it_is_called() -> None:
    plan = plan_of(package("a", 8), people=(Person(id="ann", calendar=DAYS.with_(name="ann's")),))
    assert assign(plan, solver=True).method == "cp_sat"


def test_the_result_is_plain_data_and_cannot_be_changed() -> None:
    plan = plan_of(package("a", 8), package("b", 4), links={"b": "a"})
    found = assign(plan)
    data = json.loads(json.dumps(found.to_dict(), allow_nan=False))
    assert list(data) == [
        "rows",
        "finish",
        "makespan",
        "lower_bound",
        "gap",
        "is_proven",
        "method",
        "schedules",
        "load",
        "bottleneck",
        "flags",
    ]
    assert data["rows"][1]["bound_by"] == ["FS a", "person ann"]
    assert found.to_records()[1]["bound_by"] == "FS a; person ann"
    assert "<table>" in found._repr_html_()
    with pytest.raises(AttributeError):
        found.finish = MONDAY  # type: ignore[misc]
    with pytest.raises(TypeError):
        found.load[0]["share"] = 0  # type: ignore[index]


def test_progress_is_told() -> None:
    told: list[tuple[int, int]] = []
    away = DAYS.with_(closures=[(at(6, 10), at(7, 15))])
    for calendar in (None, away):
        plan = plan_of(
            package("a", 1),
            package("b", 3),
            package("c", 3),
            package("d", 3),
            links={"b": "a", "c": "a", "d": "a"},
            people=(Person(id="ann", calendar=calendar), Person(id="ben")),
        )
        told.clear()
        assign(plan, schedules=200, progress=lambda done, total: told.append((done, total)))
        assert told
    assert all(0 < done <= total == 200 for done, total in told)


def test_more_than_enough_time_before_the_epoch_is_no_matter() -> None:
    plan = plan_of(package("a", 8), start=datetime(1960, 1, 4, 8, tzinfo=UTC))
    assert assign(plan).finish == datetime(1960, 1, 4, 17, tzinfo=UTC)


def test_holidays_of_one_person_are_worked_around_by_the_other() -> None:
    holiday = DAYS.with_(holidays=[date(2026, 1, day) for day in range(5, 10)])
    plan = plan_of(
        *(package(f"w{k}", 8) for k in range(10)), people=(Person(id="ann", calendar=holiday), Person(id="ben"))
    )
    found = assign(plan, schedules=300)
    # five days of ben alone, then three working days of which both do five packages: the bound counts both
    assert found.finish == at(14, 17)
    assert found.makespan == np.busday_count("2026-01-05", "2026-01-15") * 480


@pytest.mark.parametrize("milestone", [False, True])
@pytest.mark.parametrize("minutes", [10**12, 5 * 10**9])
def test_lags_beyond_all_dates_bind_nothing_backwards_and_are_refused_forwards(milestone: bool, minutes: int) -> None:
    last = WorkPackage(id="b", kind="milestone") if milestone else package("b", 4)
    plan = plan_of(package("a", 8), last, people=(Person(id="ann"), Person(id="ben")))
    back = plan.with_(links=[Link(predecessor="a", successor="b", lag=Lag.minutes(-minutes, elapsed=True))])
    assert dates(assign(back, schedules=5)) == dates(assign(plan, schedules=5))
    assert resource_request(back).lines == ()
    forth = plan.with_(links=[Link(predecessor="a", successor="b", lag=Lag.minutes(minutes, elapsed=True))])
    with pytest.raises(InfeasibleError, match="work package 'b' finds no common open time that is left"):
        assign(forth, schedules=5)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"fixed": None}, "fixed: expected a mapping of work packages to lists of people, got None"),
        ({"fixed": ["a"]}, r"fixed: expected a mapping of work packages to lists of people, got \['a'\]"),
        ({"fixed": {"a": None}}, r"fixed\['a'\]: expected a list of people, got None"),
        ({"fixed": {"a": [None]}}, r"fixed\['a'\]: expected a list of people, got \[None\]"),
        ({"priority": None}, "priority: expected a mapping of work packages to numbers, got None"),
        ({"priority": []}, r"priority: expected a mapping of work packages to numbers, got \[\]"),
        ({"priority": ["a"]}, r"priority: expected a mapping of work packages to numbers, got \['a'\]"),
        ({"rng": "x"}, "rng: expected an int of at least 0, a SeedSequence or a Generator, got 'x'"),
        ({"rng": -1}, "rng: expected an int of at least 0, a SeedSequence or a Generator, got -1"),
    ],
)
def test_other_containers_are_refused_by_name(options: dict[str, Any], message: str) -> None:
    with pytest.raises(PlanError, match=f"^{message}$"):
        assign(plan_of(package("a", 1)), **options)


def test_ids_that_are_no_text_are_unknown() -> None:
    plan = plan_of(package("a", 1))
    for fixed in ({1: 2}, {"a": ("ann",), 1: ()}):
        with pytest.raises(UnknownIdError, match=r"^fixed\[1\]: unknown work package 1"):
            assign(plan, fixed=fixed)  # type: ignore[arg-type]
    assert assign(plan, fixed={"a": (own for own in ["ann"])}).people("a") == ("ann",)  # type: ignore[dict-item]


def test_only_plans_have_work_to_give() -> None:
    with pytest.raises(PlanError, match=r"^expected a Plan, got int$"):
        assign(5)  # type: ignore[arg-type]


def test_who_is_nearest_but_not_assessed_has_no_level() -> None:
    plan = plan_of(package("api", 4, SQL), skills={"ann": {"python": 1, "sql": math.nan}})
    with pytest.raises(InfeasibleError, match="nearest: ann not assessed") as caught:
        assign(plan)
    assert caught.value.reasons == (("api", SQL[0], 1, (), ("ann", None)),)


def test_many_needs_with_too_few_people_together_are_refused() -> None:
    names = [f"p{k:02d}" for k in range(40)]
    skills = {own: {f"s{j:02d}": float(k < 38 and j < 39) for j in range(40)} for k, own in enumerate(names)}
    skills["p39"]["s39"] = 1.0
    needs = tuple(Need(skills={f"s{k:02d}": 1}) for k in range(40))
    plan = plan_of(package("a", 8, needs), people=tuple(Person(id=own) for own in names), skills=skills)
    with pytest.raises(InfeasibleError) as caught:
        assign(plan)
    ((_, need, heads, people, nearest),) = caught.value.reasons
    assert (need, heads, people, nearest) == (needs[0], 39, tuple(names[:38]), ("p38", 0.0))


def test_the_load_of_a_period_is_what_lies_in_it_of_every_booking() -> None:
    plan = plan_of(*(package(f"w{k}", 3 + k) for k in range(6)), people=(Person(id="ann"), Person(id="ben")))
    found = assign(plan, schedules=20)
    twice = evolve(found, rows=[evolve(row, start=MONDAY, finish=at(6, 10)) for row in found.rows])
    for one in (found, twice):
        for record in one.calendar_load("day"):
            day = date.fromisoformat(record["from_date"]).day
            seconds = sum(
                max(0.0, (min(row.finish, at(day, closes)) - max(row.start, at(day, opens))).total_seconds())
                for row in one.of(record["person"])
                for opens, closes in ((8, 12), (13, 17))
            )
            assert record["assigned"] == seconds / 60
    assert sum(record["assigned"] for record in found.calendar_load("month")) == sum(row.minutes for row in found.rows)


def test_people_are_those_of_the_first_row_of_an_activity() -> None:
    found = assign(plan_of(package("a", 1)))
    assert evolve(found, rows=(*found.rows, evolve(found.rows[0], people=["zoe"]))).people("a") == ("ann",)
