"""The check that trusts nobody: whether an assignment keeps every rule of its plan, in code of its own."""

from __future__ import annotations

import math
from collections import Counter, deque
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from operator import attrgetter

from attrs import evolve

from leadkit.calendars import NEVER, Never, WorkCalendar, overlap
from leadkit.wbs._checking import expect_kind
from leadkit.wbs.assignment.rows import Assignment, AssignmentRow
from leadkit.wbs.plan import Network, Plan
from leadkit.wbs.structure import WorkPackage

__all__ = ["check_assignment"]

MINUTE = timedelta(minutes=1)
INSTANT = timedelta(microseconds=1)


def check_assignment(plan: Plan, assignment: Assignment) -> tuple[str, ...]:
    """List every rule of a plan that an assignment breaks.

    Parameters
    ----------
    plan : Plan
        What was to be scheduled.
    assignment : Assignment
        What claims to be a schedule of it; nothing in it is taken for granted.

    Returns
    -------
    tuple of str
        One sentence a broken rule; empty for a good assignment. Where activities are missing, twice or unknown, or a
        person is, only that is said.

    Raises
    ------
    PlanError
        The first is no plan, or the second no assignment.

    Notes
    -----
    Checked are: every activity is there once; its people are as many as its heads, different, and can be divided among
    its needs by their skills; nobody is booked twice at a time; it starts at an open instant, ends at the end of one,
    and its minutes are what its estimate and the units of its people ask for and lie between; links with their lags,
    `not_before` and the start of the plan; milestones stand on their bounds; finish, makespan and bound fit.
    Nothing of this is shared with the code that makes assignments.

    Examples
    --------
    >>> from datetime import UTC, datetime, timedelta
    >>> from attrs import evolve
    >>> from leadkit.wbs import Estimate, Group, Plan, Wbs, WorkPackage, assign, check_assignment
    >>> root = Group(id="site", children=[WorkPackage(id="build", estimate=Estimate.fixed(1))])
    >>> plan = Plan(wbs=Wbs(root=root), start=datetime(2026, 1, 5, 8, tzinfo=UTC))
    >>> good = assign(plan)
    >>> check_assignment(plan, good)
    ()
    >>> late = evolve(good.rows[0], finish=good.finish + timedelta(hours=1))
    >>> for line in check_assignment(plan, evolve(good, rows=[late])):
    ...     print(line)
    'build' finishes at 2026-01-05T18:00:00+00:00, when it is not at work
    the finish is 2026-01-05T17:00:00+00:00, the last activity finishes at 2026-01-05T18:00:00+00:00
    """
    expect_kind(plan, Plan)
    expect_kind(assignment, Assignment)
    strange = tuple(_strange(plan, assignment))
    if strange:
        return strange
    # wall clocks do not count; instants do
    rows = {
        row.id: evolve(row, start=row.start.astimezone(UTC), finish=row.finish.astimezone(UTC))
        for row in assignment.rows
    }
    network = plan.network()
    minutes = dict(zip(network.ids, network.duration.tolist(), strict=True))
    found: list[str] = []
    for own in network.ids:
        found += _team(plan, rows[own], minutes[own])
        found += _time(plan, rows[own], minutes[own])
    found += _links(plan, network, rows)
    found += _double(list(rows.values()))
    return (*found, *_totals(plan, assignment))


def _strange(plan: Plan, assignment: Assignment) -> Iterator[str]:
    counts = Counter(row.id for row in assignment.rows)
    known = set(plan.activities)
    people = {person.id for person in plan.team.people}
    for own in plan.activities:
        if counts[own] != 1:
            yield f"{own!r} is there {counts[own]} times"
    for own in sorted(set(counts) - known):
        yield f"{own!r} is no activity of the plan"
    for row in assignment.rows:
        for person in sorted(set(row.people) - people):
            yield f"{row.id!r} is done by {person!r}, who is not in the team"


def _team(plan: Plan, row: AssignmentRow, planned: int) -> Iterator[str]:
    package = plan.package(row.id)
    needs = package.needs if package is not None and planned else ()
    heads = [need for need in needs for _ in range(need.heads)]
    if len(set(row.people)) < len(row.people):
        yield f"{row.id!r} has somebody in its team twice"
    elif len(row.people) != len(heads):
        yield f"{row.id!r} has {len(row.people)} people and needs {len(heads)}"
    elif heads:
        matrix = plan.team.skills
        known = set() if matrix is None else set(matrix.skills)
        able = [
            [
                all(s in known and matrix is not None and matrix.level(person, s) >= level for s, level in need.skills)
                for need in heads
            ]
            for person in row.people
        ]
        if not _has_perfect_matching(able):
            yield f"{row.id!r}: {', '.join(row.people)} do not have the skills that it needs"


def _has_perfect_matching(able: Sequence[Sequence[bool]]) -> bool:
    """Give a head to one person after the other, who passes theirs on where all that are left do not fit (Berge)."""
    holder: dict[int, int] = {}
    for newcomer in range(len(able)):
        held = {person: head for head, person in holder.items()}
        head, wanted = _open_head(able, holder, newcomer)
        if head is None:
            return False
        while head is not None:
            holder[head] = wanted[head]
            head = held.get(wanted[head])
    return True


def _open_head(
    able: Sequence[Sequence[bool]], holder: Mapping[int, int], newcomer: int
) -> tuple[int | None, dict[int, int]]:
    """Find a head that nobody holds at the end of a shortest path, and who would take each head on the way."""
    wanted: dict[int, int] = {}
    queue = deque([newcomer])
    while queue:
        person = queue.popleft()
        for head, can in enumerate(able[person]):
            if can and head not in wanted:
                wanted[head] = person
                if head not in holder:
                    return head, wanted
                queue.append(holder[head])
    return None, wanted


def _time(plan: Plan, row: AssignmentRow, planned: int) -> Iterator[str]:
    package = plan.package(row.id)
    if row.start < plan.start:
        yield f"{row.id!r} starts at {row.start.isoformat()}, before the plan does"
    if package is not None and package.not_before is not None and row.start < package.not_before:
        yield f"{row.id!r} starts at {row.start.isoformat()}, before {package.not_before.isoformat()}"
    expected = planned if package is None else _minutes(plan, package, row, planned)
    if row.minutes != expected:
        yield f"{row.id!r} has {row.minutes} minutes and takes {expected}"
    if not planned:
        if row.start != row.finish:
            yield f"{row.id!r} takes no time and does not finish when it starts"
        return
    if row.finish <= row.start:
        yield f"{row.id!r} does not finish after it starts"
        return
    calendars = _calendars(plan, row)
    if not all(calendar.is_open(row.start) for calendar in calendars):
        yield f"{row.id!r} starts at {row.start.isoformat()}, when it is not at work"
    if not all(calendar.is_open(row.finish - INSTANT) for calendar in calendars):
        yield f"{row.id!r} finishes at {row.finish.isoformat()}, when it is not at work"
    shared = sum((span.length for span in overlap(calendars, row.start, row.finish)), timedelta(0))
    if shared != row.minutes * MINUTE:
        yield f"{row.id!r} has {row.minutes} minutes and {shared / MINUTE:g} of common open time"


def _minutes(plan: Plan, package: WorkPackage, row: AssignmentRow, planned: int) -> int:
    """Work out what a package takes in the hands of its people."""
    if not row.people or package.estimate is None or not planned:
        return planned
    units = [plan.person(person).units for person in row.people]
    exact = package.estimate.minutes() / (sum(units) if package.basis == "effort" else min(units))
    # a millionth of a minute is an error of rounding
    return round(exact) if abs(exact - round(exact)) < 1e-6 else math.ceil(exact)


def _calendars(plan: Plan, row: AssignmentRow) -> list[WorkCalendar]:
    return [plan.calendar_of(row.id), *(plan.person(person).calendar or plan.calendar for person in row.people)]


def _links(plan: Plan, network: Network, rows: dict[str, AssignmentRow]) -> Iterator[str]:
    bounds: dict[str, list[datetime]] = {}
    columns = (network.predecessor, network.successor, network.kind, network.lag, network.elapsed)
    for i, j, kind, lag, elapsed in zip(*(column.tolist() for column in columns), strict=True):
        first, second = rows[network.ids[i]], rows[network.ids[j]]
        name = ("FS", "SS", "FF", "SF")[kind]
        since = first.start if name[0] == "S" else first.finish
        due = _after(plan, since, lag * MINUTE, to_start=name[1] == "S", elapsed=elapsed)
        if isinstance(due, Never):
            if lag > 0:
                yield f"link {first.id!r} -> {second.id!r} ({name}): its lag never passes"
            continue
        if not network.duration[j]:
            bounds.setdefault(second.id, []).append(due)
        if name[1] == "S" or not network.duration[j]:
            if second.start < due:
                yield f"link {first.id!r} -> {second.id!r} ({name}): {second.id!r} starts before {due.isoformat()}"
        elif plan.calendar_of(second.id).elapsed(second.finish, max(due, second.finish)):
            yield f"link {first.id!r} -> {second.id!r} ({name}): {second.id!r} finishes before {due.isoformat()}"
    for own, length in zip(network.ids, network.duration.tolist(), strict=True):
        if not length:
            package = plan.package(own)
            early = [package.not_before] if package is not None and package.not_before is not None else []
            latest = max([plan.start, *early, *bounds.get(own, [])])
            if rows[own].start > latest:
                yield f"{own!r} is at {rows[own].start.isoformat()}, its last bound at {latest.isoformat()}"


def _after(plan: Plan, since: datetime, lag: timedelta, *, to_start: bool, elapsed: bool) -> datetime | Never:
    if not lag:
        return since
    if elapsed:
        try:
            return since + lag
        except OverflowError:  # before or after all dates
            return NEVER
    return plan.calendar.add(since, lag, side="start" if to_start else "finish")


def _double(rows: Sequence[AssignmentRow]) -> Iterator[str]:
    """Walk along the bookings of each person and compare each with the latest finish before it."""
    booked: dict[str, list[AssignmentRow]] = {}
    for row in rows:
        if row.start < row.finish:
            for person in set(row.people):
                booked.setdefault(person, []).append(row)
    for person in sorted(booked):
        last: AssignmentRow | None = None
        for row in sorted(booked[person], key=lambda row: (row.start, row.finish, row.id)):
            if last is not None and row.start < last.finish:
                yield f"{person!r} is booked for {last.id!r} and {row.id!r} at {row.start.isoformat()}"
            last = row if last is None else max(last, row, key=attrgetter("finish"))


def _totals(plan: Plan, assignment: Assignment) -> Iterator[str]:
    finish = max((row.finish for row in assignment.rows), default=plan.start)
    if assignment.finish != finish:
        yield f"the finish is {assignment.finish.isoformat()}, the last activity finishes at {finish.isoformat()}"
    makespan = -(-plan.calendar.elapsed(plan.start, assignment.finish) // MINUTE)
    if assignment.makespan != makespan:
        yield f"the makespan is {assignment.makespan} minutes, from start to finish there are {makespan}"
    if assignment.lower_bound > assignment.makespan:
        yield f"the lower bound {assignment.lower_bound} is above the makespan {assignment.makespan}"
