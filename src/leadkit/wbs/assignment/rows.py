"""Who does what from when to when, how good that is, and how much of everybody's time it takes."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import cached_property
from itertools import accumulate
from typing import Any, Literal, TypeAlias, get_args

import attrs
from attrs import field, frozen

from leadkit._checks import as_tuple
from leadkit._fields import as_float, as_int
from leadkit._results import TableResult, plain
from leadkit.calendars import WorkCalendar
from leadkit.errors import PlanError, UnknownIdError
from leadkit.wbs.assignment._open import MINUTE, Clock, instant
from leadkit.wbs.plan import Plan

__all__ = ["Assignment", "AssignmentRow", "Period", "period_start"]

Period: TypeAlias = Literal["day", "week", "month"]
"""What a load is counted by; a week begins on Monday."""


@frozen(kw_only=True)
class AssignmentRow:
    """One activity: who does it, and when.

    Parameters
    ----------
    id, code : str
        Of the work package; a hand-over or gate has its activity id and no code.
    people : tuple of str
        Ids, sorted; none where nobody is needed.
    start, finish : datetime.datetime
        They read in the time zone of the plan's calendar and hold their own offset. Its people are booked from start
        to finish.
    minutes : int
        Working time between them, while the package's calendar and those of all its people are open [min].
    bound_by : tuple of str
        What kept it from starting earlier, sorted; see `Assignment`.
    """

    id: str
    code: str
    people: tuple[str, ...] = field(converter=as_tuple)
    start: datetime
    finish: datetime
    minutes: int = field(converter=as_int)
    bound_by: tuple[str, ...] = field(converter=as_tuple)


@frozen(kw_only=True, eq=False)
class Assignment(TableResult):
    """Work packages given to people, on calendars.

    Parameters
    ----------
    rows : tuple of AssignmentRow
        Every activity: work packages in outline order, then hand-overs, then gates.
    finish : datetime.datetime
        The last finish, read like those of the rows; the start of a plan in which there is nothing to do.
    makespan : int
        Working minutes of the plan's calendar from the plan's start to the finish; a begun minute counts.
    lower_bound : int
        No schedule has a smaller makespan [min].
    gap : float
        makespan / lower_bound - 1; NaN when only the bound is 0.
    is_proven : bool
        No schedule finishes earlier.
    method : str
        How it was found: "ga", "cp_sat", or "smooth" when it was evened out afterwards.
    schedules : int
        How many schedules were made for it.
    load : tuple of mapping
        One record for each person of the team by id: "person", "open" (minutes of own working time from start to
        finish), "assigned" (minutes of work in them), "share" (assigned / open, NaN without open time).
    bottleneck : tuple of str
        The people whose other work keeps the finish from being earlier: those named along the chain of reasons that
        leads back from the last finish, by falling share, then by id. Nobody where links and calendars alone bind.
    flags : tuple of str
        What is doubtful; see `WBS_FLAGS`.

    Notes
    -----
    The words of `bound_by`, where each is a bound that by itself would let the activity start no earlier: "start" (of
    the plan), "not_before", a link such as "FS design", "person ben" (what ben does before it). "calendar" stands
    its people are not there together as soon as its other bounds and its own calendar would let it start; "slack" where
    it could start earlier, as after `smooth`.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> from leadkit.skills import SkillMatrix
    >>> from leadkit.wbs import Estimate, Group, Need, Person, Plan, Team, Wbs, WorkPackage, assign
    >>> need = Need(skills={"sql": 2})
    >>> packages = [WorkPackage(id=own, estimate=Estimate.fixed(1), needs=[need]) for own in ("model", "load")]
    >>> team = Team(people=[Person(id="ann")], skills=SkillMatrix(["ann"], ["sql"], [[3]]))
    >>> plan = Plan(
    ...     wbs=Wbs(root=Group(id="data", children=packages)), start=datetime(2026, 1, 5, 8, tzinfo=UTC), team=team
    ... )
    >>> for row in assign(plan).rows:
    ...     print(row.id, row.people, f"{row.start:%d %H:%M} - {row.finish:%d %H:%M}", row.bound_by)
    model ('ann',) 06 08:00 - 06 17:00 ('person ann',)
    load ('ann',) 05 08:00 - 05 17:00 ('start',)
    """

    rows: tuple[AssignmentRow, ...] = field(converter=as_tuple)
    finish: datetime
    makespan: int = field(converter=as_int)
    lower_bound: int = field(converter=as_int)
    gap: float = field(converter=as_float)
    is_proven: bool
    method: str
    schedules: int = field(converter=as_int)
    load: tuple[Mapping[str, Any], ...] = field(converter=as_tuple)
    bottleneck: tuple[str, ...] = field(converter=as_tuple)
    flags: tuple[str, ...] = field(default=(), converter=as_tuple)
    _plan: Plan = field(alias="plan", repr=False, eq=False)

    @property
    def plan(self) -> Plan:
        """The plan whose work is given to people."""
        return self._plan

    def of(self, person: str) -> tuple[AssignmentRow, ...]:
        """Give the rows of a person by start, then in the order of `rows`.

        Raises
        ------
        UnknownIdError
            There is no such person in the team.
        """
        self._plan.person(person)
        return tuple(sorted((row for row in self.rows if person in row.people), key=lambda row: row.start))

    def people(self, id: str) -> tuple[str, ...]:  # noqa: A002 - the field's name
        """Give the people of an activity.

        Raises
        ------
        UnknownIdError
            There is no such activity.
        """
        if id not in self._people:
            raise UnknownIdError.of(id, [row.id for row in self.rows], kind="activity")
        return self._people[id]

    @cached_property
    def _people(self) -> dict[str, tuple[str, ...]]:
        # backwards, so that the first of two rows with the same id counts
        return {row.id: row.people for row in reversed(self.rows)}

    def calendar_load(self, by: Period = "week") -> list[dict[str, Any]]:
        """Tell for each person and period how much of their working time has work in it.

        Parameters
        ----------
        by : {"day", "week", "month"}
            The periods, on the dates of the plan's calendar.

        Returns
        -------
        list of dict
            By period, then person: "from_date", "to_date" (the last day; dates as text), "person", "open", "assigned"
            [min] and "share" (None without open time). The first and last period count what lies between the plan's
            start and the finish.

        Raises
        ------
        PlanError
            `by` is none of these.

        Examples
        --------
        See `assign`.
        """
        if by not in get_args(Period):
            msg = f"by: expected one of {', '.join(map(repr, get_args(Period)))}, got {by!r}"
            raise PlanError(msg)
        start, finish = instant(self._plan.start), instant(self.finish)
        clock = Clock(start)
        edges = _edges(self._plan.calendar, self._plan.start, self.finish, by)
        busy = busy_spans(self, clock)
        lines = {
            person.id: (clock.shared([person.calendar or self._plan.calendar]), Taken(busy.get(person.id, ())))
            for person in sorted(self._plan.team.people, key=lambda person: person.id)
        }
        records = []
        for first, after, low, high in edges:
            lower, upper = max(low, start), min(high, finish)
            for own, (line, work) in lines.items():
                opened = line.worked(upper) - line.worked(lower)
                taken = work.before(upper) - work.before(lower)
                records.append(
                    {
                        "from_date": first.isoformat(),
                        "to_date": (after - timedelta(days=1)).isoformat(),
                        "person": own,
                        "open": opened // MINUTE,
                        "assigned": taken // MINUTE,
                        "share": taken / opened if opened else None,
                    }
                )
        return records

    def to_dict(self) -> dict[str, Any]:
        """Give every field as plain Python that `json.dumps(..., allow_nan=False)` takes; NaN becomes None.

        Returns
        -------
        dict
            Field name to value; rows and records become dictionaries.
        """
        return {a.name: plain(getattr(self, a.name)) for a in attrs.fields(type(self)) if a.name != "_plan"}

    def to_records(self) -> list[dict[str, Any]]:
        """Give one dictionary a row; people and reasons are joined by a space and by "; ".

        Returns
        -------
        list of dict
            In the order of `rows`.
        """
        return [
            {
                "id": row.id,
                "code": row.code,
                "people": " ".join(row.people),
                "start": row.start.isoformat(),
                "finish": row.finish.isoformat(),
                "minutes": row.minutes,
                "bound_by": "; ".join(row.bound_by),
            }
            for row in self.rows
        ]


class Taken:
    """Time taken before any instant; spans that overlap count twice.

    Parameters
    ----------
    spans : sequence of (int, int)
        When it is taken, in any order [us].
    """

    __slots__ = ("_edges",)

    def __init__(self, spans: Sequence[tuple[int, int]]) -> None:
        sides = (sorted(opens for opens, _ in spans), sorted(closes for _, closes in spans))
        self._edges = [(edges, list(accumulate(edges, initial=0))) for edges in sides]

    def before(self, t: int) -> int:
        """Add up the time since every opening before an instant, less that since every closing before it [us]."""
        since = []
        for edges, sums in self._edges:
            place = bisect_right(edges, t)
            since.append(place * t - sums[place])
        return since[0] - since[1]


def ratio(makespan: int, lower_bound: int) -> float:
    """Give how far a makespan is above its bound; NaN when only the bound is 0."""
    if makespan == lower_bound:
        return 0.0
    return makespan / lower_bound - 1 if lower_bound else math.nan


def busy_spans(assignment: Assignment, clock: Clock) -> dict[str, list[tuple[int, int]]]:
    """List for each person the spans of time in which the work of one of their packages passes [us]."""
    plan = assignment._plan  # noqa: SLF001 - of this module
    calendars = {person.id: person.calendar or plan.calendar for person in plan.team.people}
    found: dict[str, list[tuple[int, int]]] = {}
    for row in assignment.rows:
        if row.people:
            line = clock.shared([plan.calendar_of(row.id), *(calendars[person] for person in row.people)])
            spans = line.spans(instant(row.start), instant(row.finish))
            for person in row.people:
                found.setdefault(person, []).extend(spans)
    return found


def period_start(day: date, by: Period) -> date:
    """Give the first day of the period that holds a day."""
    if by == "week":
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if by == "month" else day


def _edges(calendar: WorkCalendar, start: datetime, finish: datetime, by: Period) -> list[tuple[date, date, int, int]]:
    """List the periods from start to finish: first day, the day after the last, and the instants of both."""
    zone = calendar.tz
    first, last = period_start(start.astimezone(zone).date(), by), finish.astimezone(zone).date()
    edges = []
    while first <= last and start < finish:
        after = {"day": first + timedelta(days=1), "week": first + timedelta(days=7)}.get(by)
        if after is None:
            after = (first.replace(day=28) + timedelta(days=4)).replace(day=1)
        low, high = (instant(datetime(d.year, d.month, d.day, tzinfo=zone)) for d in (first, after))
        if high > instant(start) and low < instant(finish):
            edges.append((first, after, low, high))
        first = after
    return edges
