"""Microsoft Project XML as a plan."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from typing import Final
from zoneinfo import ZoneInfo

from leadkit._fields import FrozenMapping
from leadkit.calendars import WorkCalendar
from leadkit.calendars._checking import zone_of
from leadkit.errors import CycleError, Fault, PlanError
from leadkit.interchange._text import TextSource
from leadkit.interchange._xml import MAX_BYTES, read_xml
from leadkit.interchange.mspdi._calendar_reading import Listed, read_calendars
from leadkit.interchange.mspdi._calendars import calendar_of
from leadkit.interchange.mspdi._filing import HOURS_OF, free_name
from leadkit.interchange.mspdi._format import ID_ALIAS, NAMESPACE, STANDARD, calendar_key
from leadkit.interchange.mspdi._reading import SUBJECT, Part, Reading
from leadkit.interchange.mspdi._task_reading import own_id, read_tasks
from leadkit.interchange.mspdi._tree_reading import ids_of, structure_of
from leadkit.wbs import Link, Person, Plan, Team
from leadkit.wbs.plan.zones import office_hours

__all__ = ["read", "read_assignments"]

PROJECT: Final = (
    "SaveVersion",
    "Name",
    "Title",
    "StartDate",
    "FinishDate",
    "CurrencySymbol",
    "CurrencyCode",
    "CalendarUID",
    "MinutesPerDay",
    "MinutesPerWeek",
    "WBSMasks",
    "ExtendedAttributes",
    "Calendars",
    "Tasks",
    "Resources",
    "Assignments",
)
RESOURCE: Final = (
    "UID",
    "ID",
    "Name",
    "Type",
    "IsNull",
    "Group",
    "MaxUnits",
    "StandardRate",
    "StandardRateFormat",
    "CalendarUID",
    "ExtendedAttribute",
)
ASSIGNMENT: Final = ("UID", "TaskUID", "ResourceUID", "Start", "Finish", "Units", "Work")
WORK: Final = 1
MATERIAL_RATE: Final = 8
DAY_MINUTES: Final = 480
NO_CALENDAR: Final = -1
NOBODY: Final = -65535
"""The resource that assignments name which have none."""


def read(source: TextSource, *, zone: str, max_bytes: int = MAX_BYTES) -> Plan:
    """Read a plan from Microsoft Project XML.

    Tasks become work packages, summary tasks groups; ids are those that `write` left in the custom field "leadkit id",
    else the UIDs as text. Of a local time that comes twice when the clocks change, starts take the first and deadlines
    the last; one that is skipped is the first instant after the gap. A cost or a rate of 0 counts as none, for programs
    write it where there is none. Who is given what is read by `read_assignments`.

    Parameters
    ----------
    source : str or text file
        The text, or a file that is open for reading text.
    zone : str
        The time zone of its dates and calendars, such as "Europe/Berlin"; the format has none.
    max_bytes : int
        Most bytes of the text in UTF-8.

    Returns
    -------
    leadkit.wbs.Plan
        With durations and links as they stand in the file; dates that a program worked out are not read.

    Warns
    -----
    UserWarning
        The file has more than a plan holds: one warning that lists all of it.

    Raises
    ------
    PlanError
        This is no such file, or something in it is wrong; `faults` holds everything that is, with its line.
    CycleError
        The links go round in a circle.
    TypeError
        The source is something else.

    References
    ----------
    .. [1] Microsoft, "Project XML Data Interchange Schema Reference", 2007 (mspdi_pj12.xsd).

    Examples
    --------
    >>> text = '''<Project xmlns="http://schemas.microsoft.com/project">
    ...   <StartDate>2026-01-05T08:00:00</StartDate>
    ...   <Tasks>
    ...     <Task><UID>7</UID><Name>Design</Name><OutlineLevel>1</OutlineLevel><Duration>PT16H0M0S</Duration></Task>
    ...   </Tasks>
    ... </Project>'''
    >>> plan = read(text, zone="Europe/Berlin")
    >>> plan.wbs.packages[0].name, plan.network().duration
    ('Design', array([960]))
    """
    plan, _, ignored = _parsed(source, zone, max_bytes)
    if ignored:
        msg = f"{SUBJECT}: the plan leaves out: {'; '.join(ignored)}"
        warnings.warn(msg, UserWarning, stacklevel=2)
    return plan


def read_assignments(
    source: TextSource, *, zone: str = "UTC", max_bytes: int = MAX_BYTES
) -> Mapping[str, tuple[str, ...]]:
    """Read who is given which task from Microsoft Project XML, as `assign` and `level` take it.

    Parameters and errors are those of `read`.

    Returns
    -------
    mapping of str to tuple of str
        Id of the work package to ids of its people, sorted, for every package that has any, in outline order.

    Examples
    --------
    >>> read_assignments('<Project><StartDate>2026-01-05T08:00:00</StartDate></Project>')
    {}
    """
    return _parsed(source, zone, max_bytes)[1]


def _parsed(
    source: TextSource, zone: str, max_bytes: int
) -> tuple[Plan, Mapping[str, tuple[str, ...]], tuple[str, ...]]:
    tz = zone_of(zone)
    if tz is None:
        raise PlanError.from_faults([Fault("zone", f"unknown time zone {zone!r}")])
    root = read_xml(source, what=SUBJECT, error=PlanError, max_bytes=max_bytes)
    namespace = root.tag[: root.tag.find("}") + 1]
    if root.tag != f"{namespace}Project" or namespace not in {"", f"{{{NAMESPACE}}}", f"{{{NAMESPACE}/2007}}"}:
        fault = Fault(f"line {root.line}", f"expected a Project of {NAMESPACE}, got {root.tag!r}", row=root.line)
        raise PlanError.from_faults([fault], subject=SUBJECT)
    reading = Reading(namespace, tz)
    file = _File(reading.part(root, "", PROJECT), tz)
    plan = file.plan()
    return plan, file.assigned(plan), tuple(reading.ignored)


class _File:
    """The parts of one file, with what refers to what."""

    def __init__(self, project: Part, tz: ZoneInfo) -> None:
        self.project = project
        self.reading = project.reading
        self.zone = tz.key
        fields = _fields(project)
        self.listed = read_calendars(project)
        self.tasks = read_tasks(project, fields)
        self.ids = ids_of((task.uid, task.own) for task in self.tasks)
        self.calendar_uid = self._calendar_uid(project, project.whole("CalendarUID", NO_CALENDAR))
        for task in self.tasks:
            self._calendar_uid(task.part, task.calendar)
        self.keys = self._keys()
        self.people = self._people(fields)
        self.given = self._given()

    def plan(self) -> Plan:
        project = self.project
        start = project.instant("StartDate") or min(
            (task.start for task in self.tasks if task.start is not None), default=None
        )
        if start is None:
            project.fault("StartDate is missing")
        links, lines = self._links()
        currency = (project.text("CurrencyCode") or "").strip() or project.text("CurrencySymbol") or ""
        day_minutes = project.whole("MinutesPerDay", DAY_MINUTES, low=1)
        if not project.is_set("ScheduleFromStart", default=True):
            self.reading.ignore("that the project is scheduled from its finish")
        self.reading.raise_faults()
        calendars = {key: self._calendar(uid, key) for uid, key in self.keys.items()}
        wbs = structure_of(project, self.tasks, self.ids, self.keys)
        deadline = self.tasks[0].deadline if self.tasks and not self.tasks[0].level else None
        try:
            return Plan(
                wbs=wbs,
                start=start,  # type: ignore[arg-type]
                links=links,
                team=Team(people=[person for person in self.people.values() if person is not None]),
                calendar=self._project_calendar(),
                calendars=calendars,
                deadline=deadline,
                currency=currency,
                day_minutes=day_minutes or DAY_MINUTES,
            )
        except CycleError:
            raise
        except PlanError as error:
            for fault in error.faults:
                self.reading.fault(lines.get(fault.where, project.line), str(fault))
            self.reading.refuse()

    def assigned(self, plan: Plan) -> Mapping[str, tuple[str, ...]]:
        """Give who does what."""
        uids = {own: uid for uid, own in self.ids.items()}
        pairs = ((package.id, self.given.get(uids[package.id], set())) for package in plan.wbs.packages)
        return FrozenMapping({own: tuple(sorted(people)) for own, people in pairs if people})

    def _calendar_uid(self, part: Part, uid: int | None) -> int | None:
        if uid is None or uid == NO_CALENDAR:
            return None
        if uid not in self.listed:
            part.fault(f"CalendarUID: unknown calendar {uid}", "CalendarUID")
            return None
        return uid

    def _keys(self) -> dict[int, str]:
        """Name the calendars beside the project's own: base calendars of more than one person, and what tasks use."""
        used = {task.calendar for task in self.tasks}
        below = {listed.base for listed in self.listed.values() if not listed.is_base}
        keys: dict[int, str] = {}
        taken: set[str] = set()
        for uid, listed in self.listed.items():
            is_personal = uid in below and listed.name.startswith(HOURS_OF)
            if uid != self.calendar_uid and (uid in used or (listed.is_base and not is_personal)):
                keys[uid] = free_name(calendar_key(listed.name, uid), taken)
                taken.add(keys[uid])
        return keys

    def _calendar(self, uid: int, name: str) -> WorkCalendar:
        return calendar_of(self.listed[uid].sheet, zone=self.zone, name=name)

    def _project_calendar(self) -> WorkCalendar:
        if self.calendar_uid is None:
            return office_hours(self.zone)
        name = self.listed[self.calendar_uid].name
        return self._calendar(self.calendar_uid, "" if name == STANDARD else name)

    def _links(self) -> tuple[list[Link], dict[str, int]]:
        """Put ids to the links, and tell the line of each."""
        links: list[Link] = []
        lines: dict[str, int] = {}
        for task in self.tasks:
            for tie in task.ties:
                own, before = self.ids[task.uid], self.ids.get(tie.predecessor)
                if before is None or before == own:
                    what = f"unknown task {tie.predecessor}" if before is None else "a task cannot follow itself"
                    self.reading.fault(tie.line, f"{task.part.name}: PredecessorUID: {what}")
                    continue
                links.append(Link(predecessor=before, successor=own, kind=tie.kind, lag=tie.lag))
                lines.setdefault(f"link {before!r} -> {own!r}", tie.line)
        return links, lines

    def _people(self, fields: Mapping[str, str]) -> dict[int, Person | None]:
        """Read the resources by UID; None for those that are not people."""
        found: dict[int, tuple[Part, str | None] | None] = {}
        for part in self.project.below("Resources", "Resource"):
            uid = part.whole("UID")
            part.name = f"resource {uid}"
            if uid is None:
                part.fault("UID is missing")
            elif uid in found:
                part.fault(f"UID {uid} is there more than once", "UID")
            else:
                found[uid] = (part, own_id(part, fields)) if _is_person(part, uid) else None
        ids = ids_of((uid, given[1]) for uid, given in found.items() if given is not None)
        return {
            uid: None if given is None else self._person(given[0], ids[uid], is_ours=given[1] == ids[uid])
            for uid, given in found.items()
        }

    def _person(self, part: Part, own: str, *, is_ours: bool) -> Person:
        part.ignore_others(frozenset(RESOURCE))
        name = part.text("Name") or ""
        units = part.number("MaxUnits")
        if units == 0:
            part.fault("MaxUnits: expected a number above 0, got 0", "MaxUnits")
        if units is not None and units > 1:
            self.reading.ignore("units of resources above 1")
        rate = part.number("StandardRate") if part.whole("StandardRateFormat") != MATERIAL_RATE else None
        uid = self._calendar_uid(part, part.whole("CalendarUID", NO_CALENDAR))
        return Person(
            id=own,
            name="" if is_ours and name == own else name,
            team=part.text("Group") or "",
            calendar=None if uid is None else self._calendar_of_person(self.listed[uid], name),
            units=min(units or 1.0, 1.0),
            # programs write a rate of 0 for everybody
            rate=rate or None,
        )

    def _calendar_of_person(self, listed: Listed, name: str) -> WorkCalendar | None:
        """Give a person's calendar; None where it says no more than the project's."""
        if listed.uid == self.calendar_uid or (listed.says_nothing and listed.base == self.calendar_uid):
            return None
        own = "" if listed.name == name and not listed.is_base else listed.name
        return self._calendar(listed.uid, own)

    def _given(self) -> dict[int, set[str]]:
        """Read who is given what, by the UID of the task."""
        known = {task.uid for task in self.tasks}
        given: dict[int, set[str]] = {}
        for part in self.project.below("Assignments", "Assignment", ASSIGNMENT):
            part.name = f"assignment {part.text('UID') or ''}".strip()[:40]
            task, resource = part.whole("TaskUID"), part.whole("ResourceUID", NOBODY)
            if task not in known:
                part.fault(f"TaskUID: unknown task {task}", "TaskUID")
            elif resource not in self.people and resource != NOBODY:
                part.fault(f"ResourceUID: unknown resource {resource}", "ResourceUID")
            elif (person := self.people.get(resource)) is not None:
                given.setdefault(task, set()).add(person.id)
        return given


def _fields(project: Part) -> dict[str, str]:
    """Read what custom fields are called, by the id of the field."""
    found: dict[str, str] = {}
    for part in project.below("ExtendedAttributes", "ExtendedAttribute"):
        field, name, alias = ((part.text(key) or "").strip() for key in ("FieldID", "FieldName", "Alias"))
        found.setdefault(field, ID_ALIAS if ID_ALIAS in {name, alias} else alias or name or field)
    return found


def _is_person(part: Part, uid: int) -> bool:
    """Tell people from empty rows, and from materials and costs, which are noted as ignored."""
    if part.is_set("IsNull") or (uid == 0 and not part.text("Name")):
        return False
    if part.whole("Type", WORK) == WORK and not part.is_set("IsCostResource"):
        return True
    part.reading.ignore("resources that are no people")
    return False
