"""What a plan refuses: ids that are not there, parts of the wrong kind, links that mean nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from leadkit._checks import amount_faults, instant_faults, member_faults, text_faults
from leadkit._fields import whole_number_faults
from leadkit.calendars import WorkCalendar
from leadkit.errors import Fault, PlanError, UnknownIdError, did_you_mean
from leadkit.wbs.plan.goals import Event, Metric
from leadkit.wbs.plan.links import Link
from leadkit.wbs.plan.milestones import Gate, Handover
from leadkit.wbs.plan.network import Places, gate_id, handover_id, topology_faults
from leadkit.wbs.plan.people import Team, unique_member_faults
from leadkit.wbs.structure import Wbs

if TYPE_CHECKING:
    from leadkit.wbs.plan.plan import Plan

__all__ = ["check_plan"]


def check_plan(plan: Plan) -> Places:
    """Raise the error that lists everything that is wrong with a plan, or give the places of its parts."""
    faults = _field_faults(plan)
    if faults:
        raise PlanError.from_faults(faults, subject="plan")
    places = Places.of(plan)
    unknown = list(_unknown(plan, places))
    faults = [*_name_faults(plan), *([] if unknown else topology_faults(plan.links, places))]
    if unknown and not faults:
        raise UnknownIdError.from_faults(unknown, subject="plan")
    if faults:
        raise PlanError.from_faults([*faults, *unknown], subject="plan")
    return places


def _field_faults(plan: Plan) -> list[Fault]:
    faults = [] if isinstance(plan.wbs, Wbs) else [Fault("wbs", f"expected a Wbs, got {plan.wbs!r}")]
    of_start = instant_faults(plan.start, "start") if plan.start is not None else [Fault("start", "is missing")]
    faults += of_start
    if not of_start and plan.calendar is None:
        faults.append(Fault("calendar", f"no zone is known for {plan.start.isoformat()}: give the plan a calendar"))
    faults += instant_faults(plan.deadline, "deadline")
    if plan.calendar is not None and not isinstance(plan.calendar, WorkCalendar):
        faults.append(Fault("calendar", f"expected a WorkCalendar, got {plan.calendar!r}"))
    if not isinstance(plan.team, Team):
        faults.append(Fault("team", f"expected a Team, got {plan.team!r}"))
    faults += _calendar_faults(plan.calendars)
    faults += member_faults(plan.links, Link, "links", "Link")
    for members, kind, name, word in (
        (plan.handovers, Handover, "handovers", "handover"),
        (plan.gates, Gate, "gates", "gate"),
        (plan.metrics, Metric, "metrics", "metric"),
        (plan.events, Event, "events", "event"),
    ):
        faults += unique_member_faults(members, kind, name, word)
    faults += text_faults(plan, "currency")
    faults += [] if plan.delay_cost is None else amount_faults(plan.delay_cost, "delay_cost")
    of_day = whole_number_faults(plan.day_minutes, "day_minutes")
    if not of_day and plan.day_minutes < 1:
        of_day = [Fault("day_minutes", f"expected at least 1, got {plan.day_minutes}")]
    return faults + of_day


def _calendar_faults(calendars: Any) -> Iterable[Fault]:
    if not isinstance(calendars, Mapping):
        yield Fault("calendars", f"expected a table of names and calendars, got {calendars!r}")
        return
    for name, calendar in calendars.items():
        if not isinstance(name, str) or not name.strip():
            yield Fault("calendars", f"expected a name, got {name!r}")
        if not isinstance(calendar, WorkCalendar):
            yield Fault(f"calendars[{name!r}]", f"expected a WorkCalendar, got {calendar!r}")


def _name_faults(plan: Plan) -> Iterable[Fault]:
    milestones = [handover_id(own.id) for own in plan.handovers] + [gate_id(own.id) for own in plan.gates]
    taken = {node.id for node in plan.wbs.nodes}
    for own in milestones:
        if own in taken:
            yield Fault(f"work package {own!r}", "its id is that of a milestone of the plan")


def _unknown(plan: Plan, places: Places) -> Iterable[Fault]:
    """List the ids that are used and not there, each with its place and the nearest that is."""
    activities, nodes = places.stretch, places.subtree
    packages = [package.id for package in plan.wbs.packages]
    people = {person.id for person in plan.team.people}
    for link in plan.links:
        where = f"link {link.predecessor!r} -> {link.successor!r}"
        for own in (link.predecessor, link.successor):
            yield from _unless_known(own, activities, where, "part of the plan")
    for handover in plan.handovers:
        for phase in (handover.from_phase, handover.to_phase):
            yield from _unless_known(phase, nodes, f"handover {handover.id!r}", "phase")
    for gate in plan.gates:
        for phase in (gate.after, gate.before):
            yield from _unless_known(phase, nodes, f"gate {gate.id!r}", "phase")
    for event in plan.events:
        for own in event.packages:
            yield from _unless_known(own, packages, f"event {event.id!r}", "work package")
    for metric in plan.metrics:
        yield from _unless_known(metric.person, people, f"metric {metric.id!r}", "person")
    for package in plan.wbs.packages:
        yield from _unless_known(package.calendar, plan.calendars, f"work package {package.id!r}", "calendar")


def _unless_known(own: str | None, known: Collection[str], where: str, kind: str) -> list[Fault]:
    if own is None or own in known:
        return []
    return [Fault(where, f"unknown {kind} {own!r}{did_you_mean(own, known)}")]
