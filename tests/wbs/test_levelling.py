from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from attrs import evolve

from leadkit.calendars import WorkCalendar
from leadkit.errors import PlanError, UnknownIdError
from leadkit.wbs.assignment import Assignment, assign
from leadkit.wbs.estimates import Estimate
from leadkit.wbs.levelling import level, smooth
from leadkit.wbs.plan import Gate, Lag, Link, Person, Plan, Team
from leadkit.wbs.structure import Group, Need, Wbs, WorkPackage

DAYS = WorkCalendar.weekly({"mon-fri": "08:00-12:00, 13:00-17:00"}, zone="UTC")
ANYBODY = (Need(skills={}),)


def at(day: int, hour: int) -> datetime:
    return datetime(2026, 1, day, hour, tzinfo=UTC)


def package(own: str, days: float, heads: int = 1, **more: Any) -> WorkPackage:
    return WorkPackage(
        id=own, estimate=Estimate.fixed(days), needs=[Need(skills={}, heads=heads)] if heads else (), **more
    )


def plan_of(*packages: WorkPackage, people: int = 3, links: tuple[Link, ...] = (), **more: Any) -> Plan:
    return Plan(
        wbs=Wbs(root=Group(id="root", children=packages)),
        start=at(5, 8),
        links=links,
        team=Team(people=[Person(id=f"p{k}") for k in range(people)]),
        calendar=DAYS,
        **more,
    )


def days_of(assignment: Assignment) -> dict[str, int]:
    return {row.id: row.start.day for row in assignment.rows}


def load(assignment: Assignment) -> list[int]:
    days: dict[str, int] = {}
    for record in assignment.calendar_load("day"):
        days[record["from_date"]] = days.get(record["from_date"], 0) + record["assigned"]
    return [minutes // 60 for minutes in days.values() if minutes]


def test_levelling_delays_what_the_same_person_was_given_twice() -> None:
    plan = plan_of(package("a", 2), package("b", 1), package("c", 1))
    assert set(days_of(assign(plan)).values()) == {5}
    both = level(plan, {"a": ("p0",), "b": ("p0",), "c": ("p1",)})
    assert both.people("a") == both.people("b") == ("p0",)
    assert both.finish == at(7, 17)
    assert days_of(both)["c"] == 5
    with pytest.raises(UnknownIdError, match="unknown person 'p9'"):
        level(plan, {"a": ("p9",)})


def test_squares_spread_work_over_the_days() -> None:
    plan = plan_of(package("a", 3), package("b", 1), package("c", 1))
    found = assign(plan)
    assert load(found) == [24, 8, 8]
    even = smooth(plan, found)
    assert sorted(load(even)) == [8, 16, 16]
    assert even.finish == found.finish
    assert even.method == "smooth"
    moved = [row for row in even.rows if row.start.day > 5]
    assert {row.bound_by for row in moved} == {("slack",)}


def test_the_peak_is_of_people_at_the_same_time() -> None:
    plan = plan_of(package("a", 1), package("b", 0.5), package("c", 0.5))
    found = assign(plan)
    even = smooth(plan, found, measure="peak")
    halves = sorted((row.start, row.finish) for row in even.rows if row.id != "a")
    assert halves == [(at(5, 8), at(5, 12)), (at(5, 13), at(5, 17))]
    assert smooth(plan, even, measure="peak").rows == even.rows
    # a day is a day to the squares
    assert smooth(plan, found).rows == found.rows


def test_what_has_no_float_stays() -> None:
    links = (*Link.parse("a", "b"), *Link.parse("b", "c"))
    plan = plan_of(package("a", 1, 2), package("b", 1), package("c", 1, 2), links=links)
    found = assign(plan)
    assert smooth(plan, found).rows == found.rows


@pytest.mark.parametrize("kind", ["FS", "SS", "FF", "SF"])
def test_links_hold_a_package_back_from_both_sides(kind: Any) -> None:
    link = Link(predecessor="b", successor="c", kind=kind, lag=Lag.days(1))
    plan = plan_of(package("a", 4), package("b", 1), package("c", 1, 0), package("d", 1, 2), links=(link,), people=4)
    even = smooth(plan, assign(plan))
    days = days_of(even)
    # c needs nobody and stays; b may go no later than the link to c allows
    assert days["c"] == days_of(assign(plan))["c"]
    latest = {"FS": 5, "SS": 5, "FF": 5, "SF": 5}[kind]
    assert days["b"] == latest
    assert days["d"] > 5


def test_milestones_deadlines_and_people_stay_where_they_are() -> None:
    plan = plan_of(
        package("a", 5),
        package("b", 1),
        package("c", 1, deadline=at(6, 17)),
        package("d", 1, deadline=at(5, 10)),
        people=4,
        gates=[Gate(id="q", after="b")],
    )
    found = assign(plan)
    assert found.flags == ("deadline_missed:d",)
    even = smooth(plan, found)
    days = days_of(even)
    assert days == {"a": 5, "b": 5, "c": 6, "d": 5, "gate:q": 5}
    assert even.flags == found.flags
    assert [row.people for row in even.rows] == [row.people for row in found.rows]


def test_work_moves_up_to_a_milestone_and_the_milestone_stays() -> None:
    plan = plan_of(
        package("a", 2),
        package("b", 1),
        package("c", 1),
        WorkPackage(id="m", kind="milestone"),
        links=Link.parse("a, b", "m"),
    )
    even = smooth(plan, assign(plan))
    assert sorted(load(even)) == [16, 16]
    assert days_of(even)["m"] == 6
    # the milestone would be earlier if the last before it were
    first = smooth(plan.with_(links=Link.parse("b", "m")), assign(plan.with_(links=Link.parse("b", "m"))))
    assert (days_of(first)["b"], days_of(first)["m"]) == (5, 5)


def test_the_float_of_a_person_ends_where_their_next_work_begins() -> None:
    plan = plan_of(package("a", 1), package("b", 2), package("c", 3), people=3, links=Link.parse("a", "b"))
    found = assign(plan, fixed={"a": ("p0",), "b": ("p0",), "c": ("p1",)})
    assert smooth(plan, found).rows == found.rows


def test_nobody_is_moved_into_their_own_work() -> None:
    plan = plan_of(package("a", 1), package("b", 2), package("c", 5), package("d", 1), people=3)
    found = assign(plan, fixed={"a": ("p0",), "b": ("p0",), "c": ("p1",), "d": ("p2",)})
    even = smooth(plan, found)
    assert sorted(load(even)) == [8, 16, 16, 16, 16]
    days = days_of(even)
    assert days["a"] not in {days["b"], days["b"] + 1}


def test_flags_of_the_search_are_kept() -> None:
    night = WorkCalendar.weekly({"mon-fri": "22:00-06:00"}, zone="UTC")
    plan = plan_of(package("a", 1), package("b", 0.5)).with_(
        calendar=WorkCalendar.always(), team=Team(people=[Person(id="p0", calendar=night), Person(id="p1")])
    )
    found = evolve(assign(plan), flags=("solver_not_used",))
    assert smooth(plan, found).flags == ("solver_not_used",)


def test_an_unknown_measure_is_refused() -> None:
    plan = plan_of(package("a", 1))
    with pytest.raises(PlanError, match="measure: expected one of 'squares', 'peak', got 'cubes'"):
        smooth(plan, assign(plan), measure="cubes")  # type: ignore[arg-type]


def test_nothing_to_do_is_even() -> None:
    plan = plan_of()
    assert smooth(plan, assign(plan)).rows == ()


def test_many_days_are_tried_in_steps() -> None:
    plan = plan_of(package("a", 300), package("b", 1), package("c", 1), package("d", 1), people=4)
    even = smooth(plan, assign(plan))
    starts = sorted(row.start for row in even.rows if row.id != "a")
    assert len({start.date() for start in starts}) == 3


def test_what_is_neither_plan_nor_assignment_is_refused() -> None:
    plan = plan_of(package("a", 1))
    with pytest.raises(PlanError, match=r"^expected a Plan, got str$"):
        level("x", {})  # type: ignore[arg-type]
    with pytest.raises(PlanError, match=r"^fixed: expected a mapping of work packages to lists of people, got None$"):
        level(plan, None)  # type: ignore[arg-type]
    with pytest.raises(PlanError, match=r"^expected an Assignment, got NoneType$"):
        smooth(plan, None)  # type: ignore[arg-type]
    with pytest.raises(PlanError, match=r"^expected a Plan, got NoneType$"):
        smooth(None, assign(plan))  # type: ignore[arg-type]


def test_a_lag_before_all_dates_does_not_keep_work_from_being_levelled() -> None:
    link = Link(predecessor="a", successor="b", lag=Lag.minutes(-(10**12), elapsed=True))
    plan = plan_of(package("a", 2), package("b", 1), links=(link,))
    both = level(plan, {"a": ("p0",), "b": ("p0",)})
    assert both.finish == at(7, 17)
    assert smooth(plan, both).finish == at(7, 17)
