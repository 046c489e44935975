"""A plan as iCalendar text, for everybody's own calendar: one event a work package, hand-over or gate."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from leadkit.errors import PlanError, UnknownIdError
from leadkit.interchange._chart import one_line
from leadkit.interchange._gantt import Bar, bars_of, plan_of
from leadkit.wbs import Assignment, Plan, Schedule

__all__ = ["write"]

PRODUCT = "-//leadkit//plan//EN"


def write(result: Schedule | Assignment, *, now: datetime, person: str | None = None) -> str:
    r"""Write a schedule or an assignment as iCalendar text.

    Parameters
    ----------
    result : leadkit.wbs.Schedule or leadkit.wbs.Assignment
        What to write: early dates of a schedule, the dates and people of an assignment.
    now : datetime.datetime
        Aware instant at which it is written (DTSTAMP).
    person : str, optional
        Write this person's work alone; it takes an assignment.

    Returns
    -------
    str
        A calendar after RFC 5545 with instants in UTC. Every event has an identifier that follows from the ids of the
        plan and of the activity, so that a calendar that reads a later plan moves its events; events leave the time
        free, as people work on them in their own hours. Work without a duration, such as milestones, has a start alone.

    Raises
    ------
    PlanError
        `result` is something else, or a person is asked for without an assignment.
    UnknownIdError
        There is no such person in the team.
    ValueError
        `now` has no time zone.
    ImportError
        The extra `[calendars]` is not installed.

    References
    ----------
    .. [1] B. Desruisseaux, "Internet Calendaring and Scheduling Core Object Specification", RFC 5545, 2009.

    Examples
    --------
    >>> from leadkit.wbs import Estimate, Group, Plan, Wbs, WorkPackage, schedule
    >>> package = WorkPackage(id="design", name="Design", estimate=Estimate.fixed(1))
    >>> plan = Plan(wbs=Wbs(root=Group(id="site", children=[package])), start=datetime(2026, 1, 5, 8, tzinfo=UTC))
    >>> text = write(schedule(plan), now=datetime(2026, 1, 1, tzinfo=UTC))
    >>> [line for line in text.split("\r\n") if line.startswith(("SUMMARY", "DTSTART", "DTEND"))]
    ['SUMMARY:Design', 'DTSTART:20260105T080000Z', 'DTEND:20260105T170000Z']
    """
    icalendar = _library()
    plan = plan_of(result)
    if not isinstance(now, datetime) or now.utcoffset() is None:
        msg = f"now: expected a datetime with a time zone, got {now!r}"
        raise ValueError(msg)
    if person is not None:
        if not isinstance(result, Assignment):
            msg = "person: a schedule does not say who does what; give an assignment"
            raise PlanError(msg)
        if person not in {own.id for own in plan.team.people}:
            raise UnknownIdError.of(person, [own.id for own in plan.team.people], kind="person")
    calendar = icalendar.Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", one_line(plan.wbs.root.name or plan.wbs.root.id))
    for bar in bars_of(result):
        if person is None or person in bar.people:
            calendar.add_component(_event(icalendar, plan, bar, now))
    return str(calendar.to_ical().decode("utf-8"))


def _event(icalendar: Any, plan: Plan, bar: Bar, now: datetime) -> Any:
    event = icalendar.Event()
    event.add("summary", one_line(bar.name))
    event.add("uid", f"{uuid5(NAMESPACE_URL, f'leadkit:{plan.wbs.root.id}:{bar.id}')}@leadkit")
    event.add("dtstamp", now.astimezone(UTC))
    event.add("dtstart", bar.start.astimezone(UTC))
    if bar.finish > bar.start:
        event.add("dtend", bar.finish.astimezone(UTC))
    lines = [f"Code: {bar.code}"] if bar.code else []
    lines += [f"Phase: {one_line(bar.section)}"]
    lines += [f"Work: {bar.minutes / plan.day_minutes:.2f} days"] if bar.minutes else []
    names = [plan.person(own).name or own for own in bar.people]
    lines += [f"People: {one_line(', '.join(names))}"] if names else []
    event.add("description", "\n".join(lines))
    event.add("transp", "TRANSPARENT")
    if bar.is_critical:
        event.add("priority", 1)
    return event


def _library() -> Any:
    try:
        import icalendar
    except ImportError as error:
        msg = "writing iCalendar needs icalendar: pip install 'leadkit[calendars]'"
        raise ImportError(msg) from error
    return icalendar
