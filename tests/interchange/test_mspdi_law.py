"""What comes back from Microsoft Project XML is what was written, or a line of `losses` names it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadkit.calendars import WorkCalendar
from leadkit.interchange import mspdi
from leadkit.testing.calendars import calendars
from leadkit.testing.wbs import plans
from leadkit.wbs import Group, Link, Need, Person, Plan, Schedule, Team, Wbs, WorkPackage, assign, schedule

START = datetime(2018, 3, 1, 8, tzinfo=UTC)
FIELDS = {
    "a": "estimate",
    "the estimate": "estimate",
    "basis": "basis",
    "kind": "kind",
    "needs": "needs",
    "documents": "documents",
    "dictionary": "dictionary",
    "measure": "measures",
    "a cost": "measures",
    "a rate": "rate",
    "team": "team",
    "name": "name",
    "not_before": "not_before",
    "deadline": "deadline",
    "start": "start",
    "currency": "currency",
    "delay_cost": "delay_cost",
    "skills": "skills",
    "a lag": "lag",
    "its zone": "zone",
    "the name": "name",
    "horizon_days": "horizon_days",
    "windows": "windows",
    "holidays": "days",
}
WHOLE = ("control account", "RACI entry", "handover", "gate", "metric", "event")


def named(line: str) -> tuple[str, str]:
    """Tell which part and which field a line of `losses` is about."""
    if line.startswith(WHOLE):
        return line.partition(" ")[0], ""
    what, _, rest = line.partition(": ")
    word = max((key for key in FIELDS if re.match(rf"{key}\b", rest)), key=len)
    return what, FIELDS[word]


def differences(before: Plan, after: Plan) -> Iterator[tuple[str, str]]:
    """List what differs, independently of how it was written."""
    for name in ("start", "deadline", "currency", "delay_cost", "day_minutes"):
        yield from unequal("plan", name, getattr(before, name), getattr(after, name))
    yield from (("team", "skills") for _ in range(before.team.skills is not after.team.skills))
    for word, parts in (
        ("control", before.wbs.control_accounts),
        ("RACI", before.wbs.raci),
        ("handover", before.handovers),
        ("gate", before.gates),
        ("metric", before.metrics),
        ("event", before.events),
    ):
        yield from ((word, "") for _ in parts)
    assert [node.id for node in after.wbs.nodes] == [node.id for node in before.wbs.nodes]
    assert after.wbs.parents.tolist() == before.wbs.parents.tolist()
    for old, new in zip(before.wbs.nodes, after.wbs.nodes, strict=True):
        what = f"{'group' if isinstance(old, Group) else 'work package'} {old.id!r}"
        assert type(old) is type(new)
        assert after.wbs.code(old.id) == before.wbs.code(old.id)
        for field in attrs.fields(type(old)):
            if field.name not in {"children", "code"}:
                yield from unequal(what, field.name, getattr(old, field.name), getattr(new, field.name))
    yield from link_differences(before, after)
    assert [person.id for person in after.team.people] == [person.id for person in before.team.people]
    for mine, theirs in zip(before.team.people, after.team.people, strict=True):
        for field in attrs.fields(Person):
            if field.name == "calendar":
                yield from calendar_differences(f"calendar of person {mine.id!r}", mine.calendar, theirs.calendar)
            else:
                yield from unequal(
                    f"person {mine.id!r}", field.name, getattr(mine, field.name), getattr(theirs, field.name)
                )
    assert list(after.calendars) == list(before.calendars)
    yield from calendar_differences("calendar of the plan", before.calendar, after.calendar)
    for key, calendar in before.calendars.items():
        back = after.calendars[key]
        yield from calendar_differences(f"calendar {key!r}", calendar, back if calendar.name else back.with_(name=""))


def link_differences(before: Plan, after: Plan) -> Iterator[tuple[str, str]]:
    rest = Counter(after.links)
    for link in before.links:
        if rest[link]:
            rest[link] -= 1
            continue
        rounded = attrs.evolve(link, lag=attrs.evolve(link.lag, amount=round(link.lag.amount)))
        assert rest[rounded], link
        rest[rounded] -= 1
        yield f"link {link.predecessor!r} -> {link.successor!r}", "lag"
    assert not +rest


def calendar_differences(
    what: str, before: WorkCalendar | None, after: WorkCalendar | None
) -> Iterator[tuple[str, str]]:
    if before is None or after is None:
        assert before is after
        return
    for name in ("zone", "name", "horizon_days", "windows"):
        yield from unequal(what, name, getattr(before, name), getattr(after, name))
    days = [(own.holidays, own.exceptions, own.closures) for own in (before, after)]
    yield from unequal(what, "days", *days)


def unequal(what: str, name: str, before: Any, after: Any) -> Iterator[tuple[str, str]]:
    if isinstance(before, datetime) and isinstance(after, datetime):
        before, after = before.astimezone(UTC), after.astimezone(UTC)
    if before != after:
        yield what, name


def check(plan: Plan, result: Any = None) -> Plan:
    """Write, read, and compare what differs with what `losses` names: nothing less and nothing more."""
    text = mspdi.write(plan, result)
    back = mspdi.read(text, zone=plan.calendar.zone)
    lines = mspdi.losses(plan)
    found, said = set(differences(plan, back)), {named(line) for line in lines}
    # effort becomes the working time of so many heads, so that the estimate may be another number
    found -= {(what, "estimate") for what, field in said if field == "basis"} - said
    assert found == said
    assert len(set(lines)) == len(lines) or plan.links
    assert mspdi.write(plan, result) == text
    assert mspdi.write(back) == mspdi.write(mspdi.read(mspdi.write(back), zone=plan.calendar.zone))
    return back


@given(plans())
@settings(max_examples=30)
def test_what_no_line_of_losses_names_comes_back(plan: Plan) -> None:
    back = check(plan)
    for package in plan.wbs.packages:
        assert back.wbs.node(package.id).duration() == package.duration()  # type: ignore[union-attr]


@given(plans())
@settings(max_examples=8)
def test_the_dates_of_a_schedule_change_nothing_that_comes_back(plan: Plan) -> None:
    dates = schedule(plan)
    assert isinstance(dates, Schedule)
    check(plan, dates)


@given(plans(most=4, calendars=False, dates=False))
@settings(max_examples=8)
def test_people_of_an_assignment_come_back_and_the_plan_is_the_same(plan: Plan) -> None:
    for package in plan.wbs.packages:
        plan = plan.replace(package.id, needs=[Need(skills={})] if plan.team.people else ())
    result = assign(plan, schedules=5)
    check(plan, result)
    people = {row.id: row.people for row in result.rows if row.people}
    assert dict(mspdi.read_assignments(mspdi.write(plan, result))) == people


@given(calendars(zone="America/New_York"), calendars())
@settings(max_examples=20)
def test_calendars_come_back_or_a_line_names_what_changes(calendar: WorkCalendar, other: WorkCalendar) -> None:
    packages = [WorkPackage(id="a", calendar="other"), WorkPackage(id="b")]
    plan = Plan(
        wbs=Wbs(root=Group(id="root", children=packages)),
        start=START,
        calendar=calendar,
        calendars={"other": other, "desk": calendar},
        team=_team(calendar, other),
    )
    back = check(plan)
    if back.calendar.closures == calendar.closures:
        low, high = datetime(2018, 1, 1, tzinfo=UTC), datetime(2019, 2, 1, tzinfo=UTC)
        assert back.calendar.intervals(low, high) == calendar.intervals(low, high)


@given(plans(), st.randoms(use_true_random=False))
@settings(max_examples=5)
def test_links_in_any_order_give_the_same_links(plan: Plan, random: Any) -> None:
    links = list(plan.links)
    random.shuffle(links)
    back = mspdi.read(mspdi.write(plan.with_(links=links)), zone="Europe/Berlin")
    assert Counter(back.links) == Counter(mspdi.read(mspdi.write(plan), zone="Europe/Berlin").links)


def test_links_of_groups_keep_kind_and_lag() -> None:
    parts = [Group(id=own, children=[WorkPackage(id=f"{own}{n}") for n in (1, 2)]) for own in "ab"]
    links = [
        *Link.parse("a:FS+2d", successor="b"),
        *Link.parse("a:FF-50em", successor="b2"),
        *Link.parse("a1:SS+1ew, a2:FS+0e%", successor="b"),
        *Link.parse("b1:SF-3d", successor="b2"),
    ]
    plan = Plan(wbs=Wbs(root=Group(id="all", children=parts)), start=START, links=links)
    assert mspdi.losses(plan) == ()
    assert Counter(check(plan).links) == Counter(links)


def _team(calendar: WorkCalendar, other: WorkCalendar) -> Team:
    return Team(
        people=[Person(id="ann", calendar=calendar), Person(id="ben", name="Ben", calendar=other), Person(id="cy")]
    )


@pytest.mark.parametrize("text", ["", "Standard", "desk", "desk (2)"])
def test_names_of_calendars_are_kept_apart(text: str) -> None:
    own = WorkCalendar.weekly({"mon": "09:00-12:00"}, zone="UTC", name=text)
    named_too = {"desk": own, "Standard": own.with_(name=""), "desk (2)": own}
    plan = Plan(wbs=Wbs(root=Group(id="root")), start=START, calendar=own, calendars=named_too, team=_team(own, own))
    check(plan)
