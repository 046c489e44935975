"""A plan as Microsoft Project XML, its elements in the order of the public schema."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import tzinfo
from typing import Final

from leadkit.interchange.mspdi._calendar_writing import write_calendar
from leadkit.interchange.mspdi._dating import Dates, dates_of
from leadkit.interchange.mspdi._filing import filed_calendars
from leadkit.interchange.mspdi._format import (
    FIELD_NAME,
    ID_ALIAS,
    KINDS_BY_TYPE,
    MOST_PREFIX,
    MOST_TEXT,
    MOST_TITLE,
    NAMESPACE,
    RESOURCE_FIELD,
    TASK_FIELD,
    decimal,
    duration,
    lag_parts,
    unit_format,
)
from leadkit.interchange.mspdi._lines import Lines
from leadkit.interchange.mspdi._times import local_text
from leadkit.wbs import Assignment, Group, Link, Person, Plan, Schedule, WorkPackage

__all__ = ["currency_fields", "write"]

SAVED_BY_2010: Final = 14
TEXT_FIELD: Final = 7
WORK_RESOURCE: Final = 1
FIXED_DURATION: Final = 1
AN_HOUR: Final = 2
AS_SOON_AS_POSSIBLE: Final = 0
START_NO_EARLIER_THAN: Final = 4
WORKING_DAYS_A_WEEK: Final = 5
MOST_LEVELS: Final = 256
MOST_SYMBOL: Final = 20
ISO_CURRENCY: Final = re.compile("[A-Z]{3}")


def write(plan: Plan, result: Schedule | Assignment | None = None) -> str:
    """Write a plan as Microsoft Project XML.

    Ids travel in the custom field Text30, called "leadkit id"; a part without a name is written with its id as its
    name. Three-point estimates are written at their mean, or at the point of the schedule. What the format cannot say
    is left out; `losses` lists it.

    Parameters
    ----------
    plan : leadkit.wbs.Plan
        The plan.
    result : Schedule or Assignment, optional
        Gives tasks their dates: the early ones of a schedule with its durations, or those of an assignment with its
        people and their units. With an assignment durations stay those of the plan, so that it is read back as it is.

    Returns
    -------
    str
        A document that says UTF-8, with times on the clocks of the plan's calendar. The same plan gives the same text.

    Raises
    ------
    PlanError
        The result is that of another plan.
    TypeError
        `plan` or `result` is something else.

    References
    ----------
    .. [1] Microsoft, "Project XML Data Interchange Schema Reference", 2007 (mspdi_pj12.xsd).

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> from leadkit.wbs import Estimate, Group, Link, Wbs, WorkPackage
    >>> packages = [WorkPackage(id=own, estimate=Estimate.fixed(2)) for own in ("design", "build")]
    >>> plan = Plan(
    ...     wbs=Wbs(root=Group(id="site", children=packages)),
    ...     start=datetime(2026, 1, 5, 8, tzinfo=UTC),
    ...     links=Link.parse("design:FS+4h", successor="build"),
    ... )
    >>> [line.strip() for line in write(plan).splitlines() if "Duration>" in line or "Lag>" in line]
    ['<Duration>PT16H0M0S</Duration>', '<Duration>PT16H0M0S</Duration>', '<LinkLag>2400</LinkLag>']
    """
    if not isinstance(plan, Plan):
        msg = f"plan: expected a Plan, got {type(plan).__name__}"
        raise TypeError(msg)
    return _Writer(plan, result).text()


class _Writer:
    """One plan on its way into lines."""

    def __init__(self, plan: Plan, result: Schedule | Assignment | None) -> None:
        self.plan = plan
        self.zone: tzinfo = plan.calendar.tz
        self.calendars = filed_calendars(plan)
        self.uid_by_key = {filed.key: filed.uid for filed in self.calendars}
        self.uid = {node.id: place for place, node in enumerate(plan.wbs.nodes)}
        self.result = result
        self.dates = dates_of(plan, result)
        self.lines = Lines()

    def text(self) -> str:
        plan, leaf = self.plan, self.lines.leaf
        root = plan.wbs.root
        with self.lines.inside("Project", f' xmlns="{NAMESPACE}"'):
            leaf("SaveVersion", SAVED_BY_2010)
            leaf("Name", root.name or root.id, MOST_TITLE)
            leaf("StartDate", local_text(plan.start, self.zone))
            for name, value in currency_fields(plan.currency).items():
                leaf(name, value)
            leaf("CalendarUID", self.calendars[0].uid)
            leaf("MinutesPerDay", plan.day_minutes)
            leaf("MinutesPerWeek", WORKING_DAYS_A_WEEK * plan.day_minutes)
            self._masks()
            self._fields()
            with self.lines.inside("Calendars"):
                for filed in self.calendars:
                    write_calendar(self.lines, filed)
            self._tasks()
            if plan.team.people:
                self._resources()
            if isinstance(self.result, Assignment):
                self._assignments(self.result)
        return self.lines.text()

    def _masks(self) -> None:
        prefix = self.plan.wbs.prefix
        if prefix and len(prefix) < MOST_PREFIX:
            with self.lines.inside("WBSMasks"):
                self.lines.leaf("Prefix", f"{prefix}.")

    def _fields(self) -> None:
        with self.lines.inside("ExtendedAttributes"):
            for field in (TASK_FIELD, RESOURCE_FIELD):
                with self.lines.inside("ExtendedAttribute"):
                    self.lines.leaf("FieldID", field)
                    self.lines.leaf("FieldName", FIELD_NAME)
                    self.lines.leaf("CFType", TEXT_FIELD)
                    self.lines.leaf("Alias", ID_ALIAS)

    def _own_id(self, field: str, own: str) -> None:
        with self.lines.inside("ExtendedAttribute"):
            self.lines.leaf("FieldID", field)
            self.lines.leaf("Value", own)

    def _tasks(self) -> None:
        wbs = self.plan.wbs
        into: Mapping[str, list[Link]] = defaultdict(list)
        for link in self.plan.links:
            into[link.successor].append(link)
        parents = wbs.parents.tolist()
        level, children = [0] * len(parents), [0] * len(parents)
        outline: list[str | None] = ["0"] * len(parents)
        with self.lines.inside("Tasks"):
            for place, node in enumerate(wbs.nodes):
                if place:
                    above = parents[place]
                    children[above] += 1
                    level[place] = level[above] + 1
                    outline[place] = _outline_number(outline[above] if above else "", children[above])
                self._task(node, level[place], outline[place], into.get(node.id, []))

    def _task(self, node: Group | WorkPackage, level: int, outline: str | None, links: Iterable[Link]) -> None:
        leaf, uid, dates = self.lines.leaf, self.uid[node.id], self.dates.get(node.id)
        package = node if isinstance(node, WorkPackage) else None
        minutes = self._minutes(node, dates)
        with self.lines.inside("Task"):
            leaf("UID", uid)
            leaf("ID", uid)
            leaf("Name", node.name or node.id, MOST_TEXT)
            leaf("Type", FIXED_DURATION)
            leaf("IsNull", 0)
            # of very deep trees, a code by position says nothing and would be as long as the tree is deep
            if level and (level <= MOST_LEVELS or node.code is not None):
                leaf("WBS", self.plan.wbs.code(node.id))
            leaf("OutlineNumber", outline)
            leaf("OutlineLevel", level)
            if dates is not None:
                leaf("Start", local_text(dates.start, self.zone))
                leaf("Finish", local_text(dates.finish, self.zone))
            if minutes is not None:
                leaf("Duration", duration(minutes))
                leaf("DurationFormat", unit_format(minutes, self.plan.day_minutes))
            leaf("Estimated", int(package is not None and minutes is None))
            leaf("Milestone", int(package is not None and package.kind == "milestone"))
            leaf("Summary", int(package is None))
            self._limits(node)
            for link in links:
                self._link(link)
            self._own_id(TASK_FIELD, node.id)

    def _minutes(self, node: Group | WorkPackage, dates: Dates | None) -> int | None:
        """Give the working time of a task; None where there is no estimate, or no dates of a group's parts."""
        if isinstance(node, Group):
            return None if dates is None else dates.minutes
        if node.estimate is None:
            return 0 if node.kind == "milestone" else None
        return node.duration() if dates is None or dates.minutes is None else dates.minutes

    def _limits(self, node: Group | WorkPackage) -> None:
        leaf, plan = self.lines.leaf, self.plan
        if isinstance(node, Group):
            leaf("ConstraintType", AS_SOON_AS_POSSIBLE)
            if node is plan.wbs.root and plan.deadline is not None:
                leaf("Deadline", local_text(plan.deadline, self.zone))
            return
        cost = node.measures.get("cost")
        leaf("FixedCost", None if cost is None else decimal(cost, 2))
        leaf("ConstraintType", AS_SOON_AS_POSSIBLE if node.not_before is None else START_NO_EARLIER_THAN)
        if node.calendar is not None:
            leaf("CalendarUID", self.uid_by_key[node.calendar])
        if node.not_before is not None:
            leaf("ConstraintDate", local_text(node.not_before, self.zone))
        if node.deadline is not None:
            leaf("Deadline", local_text(node.deadline, self.zone))

    def _link(self, link: Link) -> None:
        if link.predecessor not in self.uid:
            return
        lag, lag_format = lag_parts(link.lag, self.plan.day_minutes)
        with self.lines.inside("PredecessorLink"):
            self.lines.leaf("PredecessorUID", self.uid[link.predecessor])
            self.lines.leaf("Type", KINDS_BY_TYPE.index(link.kind))
            self.lines.leaf("CrossProject", 0)
            self.lines.leaf("LinkLag", lag)
            self.lines.leaf("LagFormat", lag_format)

    def _resources(self) -> None:
        calendars = {filed.person: filed.own_uid for filed in self.calendars if filed.person}
        with self.lines.inside("Resources"):
            for uid, person in enumerate(self.plan.team.people, start=1):
                self._resource(uid, person, calendars.get(person.id))

    def _resource(self, uid: int, person: Person, calendar: int | None) -> None:
        leaf = self.lines.leaf
        with self.lines.inside("Resource"):
            leaf("UID", uid)
            leaf("ID", uid)
            leaf("Name", person.name or person.id, MOST_TEXT)
            leaf("Type", WORK_RESOURCE)
            leaf("IsNull", 0)
            leaf("Group", person.team or None, MOST_TEXT)
            leaf("MaxUnits", decimal(person.units))
            if person.rate is not None:
                leaf("StandardRate", decimal(person.rate))
                leaf("StandardRateFormat", AN_HOUR)
            leaf("CalendarUID", calendar)
            self._own_id(RESOURCE_FIELD, person.id)

    def _assignments(self, result: Assignment) -> None:
        people = {person.id: (uid, person) for uid, person in enumerate(self.plan.team.people, start=1)}
        pairs = [(row, *people[own]) for row in result.rows if row.id in self.uid for own in row.people]
        if not pairs:
            return
        with self.lines.inside("Assignments"):
            for place, (row, uid, person) in enumerate(pairs, start=1):
                with self.lines.inside("Assignment"):
                    self.lines.leaf("UID", place)
                    self.lines.leaf("TaskUID", self.uid[row.id])
                    self.lines.leaf("ResourceUID", uid)
                    self.lines.leaf("Finish", local_text(row.finish, self.zone))
                    self.lines.leaf("Start", local_text(row.start, self.zone))
                    self.lines.leaf("Units", decimal(person.units))
                    self.lines.leaf("Work", duration(round(row.minutes * person.units)))


def currency_fields(currency: str) -> Mapping[str, str]:
    """Tell where a currency is written: an ISO 4217 code, another symbol of at most 20 characters, or nowhere."""
    if ISO_CURRENCY.fullmatch(currency):
        return {"CurrencyCode": currency}
    return {"CurrencySymbol": currency} if 0 < len(currency) <= MOST_SYMBOL else {}


def _outline_number(above: str | None, place: int) -> str | None:
    """Write the number of a task below that of its group; None where it gets too long for the format."""
    if above is None:
        return None
    number = f"{above}.{place}" if above else str(place)
    return number if len(number) <= MOST_TEXT else None
