"""When it will be done: the plan rescheduled from an instant, with what did happen kept as it was."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import attrs
from attrs import frozen

from leadkit._checks import in_utc
from leadkit.calendars import WorkCalendar
from leadkit.errors import CycleError
from leadkit.wbs.dates import Schedule
from leadkit.wbs.dates.scheduling import reschedule
from leadkit.wbs.plan import Link, Plan
from leadkit.wbs.structure import Group, WorkPackage
from leadkit.wbs.tracking._baseline import Baseline, Planned
from leadkit.wbs.tracking.status import Progress

__all__ = ["Facts", "facts_of", "forecast_of"]

# people's hours are laid over a package's calendar for as long as the work may take if it goes far worse than planned
SLOWER = 4
AT_LEAST = timedelta(days=366)


@frozen(kw_only=True)
class Facts:
    """What did happen, by activity: starts and finishes, where a finish of None is work under way."""

    as_of: datetime
    dates: Mapping[str, tuple[datetime, datetime | None]]

    def is_started(self, own: str) -> bool:
        """Tell whether an activity has begun."""
        return own in self.dates

    def is_done(self, own: str) -> bool:
        """Tell whether an activity is done."""
        return own in self.dates and self.dates[own][1] is not None


def facts_of(plan: Plan, baseline: Baseline, reports: Mapping[str, Progress], as_of: datetime) -> Facts:
    """Date what is reported, and the milestones that must have been passed.

    What is done without a finish is done `as_of`; a start that is not reported is the planned one, at the latest the finish
    or `as_of`. A hand-over or gate of which nothing is reported was passed when all before it was done, if anything after
    it has begun.
    """
    # Python compares datetimes of one zone by their wall clocks, so all of them are in UTC
    as_of = as_of.astimezone(UTC)
    dates: dict[str, tuple[datetime, datetime | None]] = {}
    for own, part in reports.items():
        if part.is_started:
            finish = in_utc(part.actual_finish) or (as_of if part.is_done else None)
            until = finish or as_of
            start = in_utc(part.actual_start)
            if start is None:
                start = min(baseline.packages[own].start, until) if own in baseline.packages else until
            dates[own] = (start, finish)
    facts = Facts(as_of=as_of, dates=dates)
    _add_passed(plan, facts, dates)
    return facts


def forecast_of(plan: Plan, baseline: Baseline, reports: Mapping[str, Progress], facts: Facts) -> Schedule:
    """Reschedule what is left.

    People of an assignment keep their packages and do them one after the other in the order of the baseline, and work on
    a package passes while all of them are there.
    """
    durations = {own: left(planned, reports.get(own)) for own, planned in baseline.packages.items()}
    todo = [own for own in plan.activities if not facts.is_done(own)]
    return reschedule(
        _with_people(plan, baseline, facts),
        point=baseline.point,
        durations=durations,
        earliest=dict.fromkeys(todo, facts.as_of),
        fixed=facts.dates,
    )


def left(planned: Planned, part: Progress | None) -> int:
    """Give the working time that is left of a package [min]: as reported, else the share that is not done."""
    if part is None:
        return planned.minutes
    if part.is_done:
        return 0
    if part.remaining is not None:
        return part.remaining
    return round((100 - (part.percent or 0)) * planned.minutes / 100)


def _add_passed(plan: Plan, facts: Facts, dates: dict[str, tuple[datetime, datetime | None]]) -> None:
    """Date the hand-overs and gates that must have been passed; one may be known only when another is."""
    network = plan.network()
    before: dict[str, list[str]] = {own: [] for own in plan.activities if plan.package(own) is None}
    after: dict[str, list[str]] = {own: [] for own in before}
    for first, second in zip(network.predecessor.tolist(), network.successor.tolist(), strict=True):
        if network.ids[second] in before:
            before[network.ids[second]].append(network.ids[first])
        if network.ids[first] in after:
            after[network.ids[first]].append(network.ids[second])
    waiting = [own for own in before if own not in dates]
    while waiting:
        known = [
            own for own in waiting if any(map(facts.is_started, after[own])) and all(map(facts.is_done, before[own]))
        ]
        if not known:
            return
        for own in known:
            last = max((dates[first][1] or facts.as_of for first in before[own]), default=facts.as_of)
            dates[own] = (last, last)
        waiting = [own for own in waiting if own not in dates]


def _with_people(plan: Plan, baseline: Baseline, facts: Facts) -> Plan:
    """Build the plan in which packages wait for their people, and pass while these are there."""
    todo = [planned for own, planned in baseline.packages.items() if planned.people and not facts.is_done(own)]
    if not todo:
        return plan
    turns = _turns(plan, todo, facts)
    staffed = _on_shared_time(plan, todo, baseline, facts)
    while True:
        try:
            return staffed.with_(links=(*plan.links, *(Link(predecessor=a, successor=b) for a, b in turns)))
        except CycleError as error:
            # the plan lets a successor begin first, as with a negative lag: the people's turns say nothing then
            loop = set(pairwise(map(str, error.cycle)))
            turns = [pair for pair in turns if pair not in loop]


def _turns(plan: Plan, todo: list[Planned], facts: Facts) -> list[tuple[str, str]]:
    """List which package a person does after which, but for what the plan says itself."""
    network = plan.network()
    pairs = zip(network.predecessor.tolist(), network.successor.tolist(), strict=True)
    said = {(network.ids[first], network.ids[second]) for first, second in pairs}
    own: dict[str, list[Planned]] = {}
    for planned in sorted(todo, key=lambda one: (not facts.is_started(one.id), one.start, one.id)):
        for person in planned.people:
            own.setdefault(person, []).append(planned)
    turns = dict.fromkeys((first.id, second.id) for line in own.values() for first, second in pairwise(line))
    return [pair for pair in turns if pair not in said]


def _on_shared_time(plan: Plan, todo: list[Planned], baseline: Baseline, facts: Facts) -> Plan:
    """Give each package a calendar on which it passes while its people are there."""
    people = {person.id: person.calendar or plan.calendar for person in plan.team.people}
    low = min(baseline.start, facts.as_of, plan.start)
    high = max(baseline.finish, facts.as_of)
    high += max(AT_LEAST, SLOWER * (high - low))
    made: dict[tuple[WorkCalendar, frozenset[WorkCalendar]], str] = {}
    calendars, named = dict(plan.calendars), {}
    for planned in todo:
        calendar = plan.calendar_of(planned.id)
        others = frozenset(people[person] for person in planned.people) - {calendar}
        if others:
            name = made.setdefault((calendar, others), f"{planned.id} and its people")
            if name not in calendars:
                calendars[name] = _narrowed(calendar, others, low, high)
            named[planned.id] = name
    if not named:
        return plan
    return plan.with_(wbs=attrs.evolve(plan.wbs, root=_renamed(plan, named)), calendars=calendars)


def _narrowed(calendar: WorkCalendar, others: frozenset[WorkCalendar], low: datetime, high: datetime) -> WorkCalendar:
    """Close a calendar whenever one of the others is closed, from `low` to `high`."""
    closures = list(calendar.closures)
    for other in others:
        edges = [low, *(t for span in other.intervals(low, high) for t in (span.start, span.end)), high]
        closures += [(start, end) for start, end in zip(edges[::2], edges[1::2], strict=True) if start < end]
    return attrs.evolve(calendar, closures=closures)


def _renamed(plan: Plan, calendars: Mapping[str, str]) -> Group:
    """Build the tree again with other names of calendars, from the leaves up."""
    nodes, parents = plan.wbs.nodes, plan.wbs.parents.tolist()
    children: list[list[Any]] = [[] for _ in nodes]
    for place in range(len(nodes) - 1, 0, -1):
        node = nodes[place]
        if not isinstance(node, WorkPackage):
            made: Any = attrs.evolve(node, children=tuple(reversed(children[place])))
        else:
            made = attrs.evolve(node, calendar=calendars[node.id]) if node.id in calendars else node
        children[parents[place]].append(made)
    return attrs.evolve(plan.wbs.root, children=tuple(reversed(children[0])))
