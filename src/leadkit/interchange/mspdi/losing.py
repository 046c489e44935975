"""What a plan has that Microsoft Project XML cannot say."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime

import attrs

from leadkit.calendars import WorkCalendar
from leadkit.interchange.mspdi._calendars import calendar_of
from leadkit.interchange.mspdi._days import cut_short, sheet_of
from leadkit.interchange.mspdi._filing import Filed, filed_calendars
from leadkit.interchange.mspdi._format import MOST_PREFIX, MOST_TEXT, clean, name_back
from leadkit.interchange.mspdi._times import comes_back
from leadkit.interchange.mspdi.writing import currency_fields
from leadkit.wbs import Group, Link, Person, Plan, WorkPackage

__all__ = ["losses"]

COST = "cost"
HORIZON_DAYS = attrs.fields(WorkCalendar).horizon_days.default
"""How far calendars look ahead that say nothing else."""


def losses(plan: Plan) -> tuple[str, ...]:
    """List what `write` leaves out of a plan, or writes in a way that comes back as something else.

    Parameters
    ----------
    plan : leadkit.wbs.Plan
        The plan.

    Returns
    -------
    tuple of str
        One line each, with the part of the plan it is about. What no line names comes back from
        `read(write(plan), zone=plan.calendar.zone)` as it was, except that links come in the order of their
        successors, a calendar that has no name gets the one it is filed under, and a code that is pinned to the place
        it has anyway is not pinned.

    Raises
    ------
    TypeError
        `plan` is no plan.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> from leadkit.wbs import Estimate, Group, Plan, Wbs, WorkPackage
    >>> api = WorkPackage(id="api", estimate=Estimate.pert(1, 2, 9), measures={"cost": 900, "pages": 4})
    >>> plan = Plan(wbs=Wbs(root=Group(id="crm", children=[api])), start=datetime(2026, 1, 5, 8, tzinfo=UTC))
    >>> for line in losses(plan):
    ...     print(line)
    work package 'api': a pert estimate, written as 1440 minutes
    work package 'api': measure 'pages'
    """
    if not isinstance(plan, Plan):
        msg = f"plan: expected a Plan, got {type(plan).__name__}"
        raise TypeError(msg)
    known = {node.id for node in plan.wbs.nodes}
    zone = plan.calendar.zone
    return (
        *_of_plan(plan),
        *(line for node in plan.wbs.nodes for line in _of_node(node, plan)),
        *(line for link in plan.links for line in _of_link(link, known)),
        *(line for person in plan.team.people for line in _of_person(person)),
        *(line for filed in filed_calendars(plan) for line in _of_calendar(filed, zone)),
    )


def _of_plan(plan: Plan) -> Iterator[str]:
    wbs = plan.wbs
    yield from _unless_back("plan", "start", plan.start, plan)
    yield from _unless_back("plan", "deadline", plan.deadline, plan)
    if plan.currency and (not currency_fields(plan.currency) or clean(plan.currency) != plan.currency):
        yield f"plan: currency {plan.currency!r}"
    if plan.delay_cost is not None:
        yield "plan: delay_cost"
    if plan.team.skills is not None:
        yield "team: skills"
    if clean(wbs.prefix) != wbs.prefix or (len(wbs.prefix) >= MOST_PREFIX and len(wbs.nodes) == 1):
        yield f"work breakdown structure: prefix {wbs.prefix!r}"
    yield from (f"control account {own.id!r}" for own in wbs.control_accounts)
    yield from (f"RACI entry {own.role} of {own.person!r} at {own.node!r}" for own in wbs.raci)
    for word, parts in (
        ("handover", plan.handovers),
        ("gate", plan.gates),
        ("metric", plan.metrics),
        ("event", plan.events),
    ):
        yield from (f"{word} {own.id!r}" for own in parts)


def _of_node(node: Group | WorkPackage, plan: Plan) -> Iterator[str]:
    package = node if isinstance(node, WorkPackage) else None
    what = f"{'group' if package is None else 'work package'} {node.id!r}"
    yield from _of_texts(what, node.id, node.name)
    if package is not None:
        yield from _of_package(what, package, plan)
    for measure, value in node.measures.items():
        if package is None or measure != COST:
            yield f"{what}: measure {measure!r}"
        elif value == 0:
            yield f"{what}: a cost of 0, which the format cannot tell from none"
    if node.dictionary is not None:
        yield f"{what}: dictionary"


def _of_package(what: str, package: WorkPackage, plan: Plan) -> Iterator[str]:
    estimate = package.estimate
    if estimate is not None and package.kind == "milestone":
        yield f"{what}: the estimate of a milestone, which is 0"
    elif estimate is not None and (estimate.kind != "fixed" or estimate.mean % 1):
        yield f"{what}: a {estimate.kind} estimate, written as {package.duration()} minutes"
    if package.basis == "effort":
        yield f"{what}: basis 'effort', written as a duration of {package.duration()} minutes"
    if package.kind == "planning":
        yield f"{what}: kind 'planning'"
    if package.needs:
        yield f"{what}: needs"
    if package.documents:
        yield f"{what}: documents"
    yield from _unless_back(what, "not_before", package.not_before, plan)
    yield from _unless_back(what, "deadline", package.deadline, plan)


def _of_link(link: Link, known: Collection[str]) -> Iterator[str]:
    what = f"link {link.predecessor!r} -> {link.successor!r}"
    if link.predecessor not in known or link.successor not in known:
        yield f"{what}: a handover or gate has no place in the format"
    elif link.lag.amount % 1:
        yield f"{what}: a lag of {link.lag.amount!r} %, written as {round(link.lag.amount)} %"


def _of_person(person: Person) -> Iterator[str]:
    what = f"person {person.id!r}"
    yield from _of_texts(what, person.id, person.name)
    if clean(person.team, MOST_TEXT) != person.team:
        yield f"{what}: team {person.team!r}"
    if person.rate == 0:
        yield f"{what}: a rate of 0, which the format cannot tell from none"


def _of_texts(what: str, own: str, name: str) -> Iterator[str]:
    if clean(own) != own:
        yield f"{what}: characters of its id that XML cannot hold"
    if name_back(name, own) != name:
        yield f"{what}: name {name!r}, written as {clean(name or own, MOST_TEXT)!r}"


def _of_calendar(filed: Filed, zone: str) -> Iterator[str]:
    calendar, what = filed.calendar, filed.what
    if filed.key != filed.name and filed.key:
        yield f"{what}: its name, written as {filed.name!r}"
    if calendar.zone != zone:
        yield f"{what}: its zone {calendar.zone}, for the format has none"
    if calendar.name != filed.back and not (filed.key and not calendar.name):
        yield f"{what}: the name {calendar.name!r} that it has itself"
    if calendar.horizon_days != HORIZON_DAYS:
        yield f"{what}: horizon_days {calendar.horizon_days}"
    sheet = sheet_of(calendar)
    short = cut_short(sheet)
    if short != sheet:
        yield f"{what}: open stretches of a day beyond the fifth"
    back = calendar_of(short, zone=zone)
    if back.windows != calendar.windows:
        yield f"{what}: windows that touch or overlap, written as days"
    if (back.holidays, back.exceptions, back.closures) != (calendar.holidays, calendar.exceptions, calendar.closures):
        yield f"{what}: holidays, exceptions and closures, written as days to the minute"


def _unless_back(what: str, name: str, instant: datetime | None, plan: Plan) -> Iterator[str]:
    """Name an instant in the hour that comes twice if the other one is read."""
    if instant is not None and not comes_back(instant, plan.calendar.tz, last=name == "deadline"):
        yield f"{what}: {name} {instant.isoformat()}, in an hour that comes twice"
