"""Tasks of a file: the tree by outline levels, and the links between them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Final

from attrs import frozen

from leadkit._checks import id_faults
from leadkit.interchange.mspdi._format import ELAPSED_FORMATS, ID_ALIAS, KINDS_BY_TYPE, LAG_FORMATS, PERCENT_FORMATS
from leadkit.interchange.mspdi._reading import Part
from leadkit.wbs import Lag
from leadkit.wbs.plan import LinkKind
from leadkit.wbs.plan.links import MOST_MINUTES

__all__ = ["Task", "Tie", "own_id", "read_tasks"]

TASK: Final = (
    "UID",
    "ID",
    "Name",
    "Type",
    "IsNull",
    "WBS",
    "WBSLevel",
    "OutlineNumber",
    "OutlineLevel",
    "Start",
    "Finish",
    "Duration",
    "DurationFormat",
    "Estimated",
    "Milestone",
    "Summary",
    "FixedCost",
    "ConstraintType",
    "CalendarUID",
    "ConstraintDate",
    "Deadline",
    "PredecessorLink",
    "ExtendedAttribute",
)
LINK: Final = ("PredecessorUID", "Type", "CrossProject", "LinkLag", "LagFormat")
CONSTRAINTS: Final = {
    1: "as late as possible",
    2: "must start on",
    3: "must finish on",
    5: "start no later than",
    6: "finish no earlier than",
    7: "finish no later than",
}
START_NO_EARLIER_THAN: Final = 4
FINISH_TO_START: Final = 1
DAYS: Final = 7
TENTHS: Final = 10
NO_CALENDAR: Final = -1


@frozen(kw_only=True)
class Tie:
    """A link as it stands in a file."""

    line: int
    predecessor: int
    kind: LinkKind
    lag: Lag


@frozen(kw_only=True, eq=False)
class Task:
    """A task as it stands in a file."""

    part: Part
    uid: int
    own: str | None
    name: str
    level: int
    is_summary: bool
    is_milestone: bool
    minutes: int | None
    start: datetime | None
    not_before: datetime | None
    deadline: datetime | None
    calendar: int | None
    cost: float | None
    wbs: str
    ties: tuple[Tie, ...]


def read_tasks(project: Part, fields: Mapping[str, str]) -> list[Task]:
    """Read every task that is no empty line, in the order of the file; `fields` are the custom fields by id."""
    tasks: list[Task] = []
    seen: set[int] = set()
    for part in project.below("Tasks", "Task"):
        uid = part.whole("UID")
        part.name = f"task {uid}"
        if uid is None:
            part.fault("UID is missing")
            continue
        if uid in seen:
            part.fault(f"UID {uid} is there more than once", "UID")
            continue
        seen.add(uid)
        if not part.is_set("IsNull"):
            part.ignore_others(frozenset(TASK))
            tasks.append(_task(part, uid, fields))
    return tasks


def own_id(part: Part, fields: Mapping[str, str]) -> str | None:
    """Find our id among the custom fields of a task or resource; other fields are noted as ignored."""
    own = None
    for attribute in part.all("ExtendedAttribute"):
        called = fields.get((attribute.text("FieldID") or "").strip(), "without a definition")
        value = attribute.text("Value") or ""
        if called == ID_ALIAS:
            own = own if own is not None or id_faults(value, "") else value
        elif value:
            part.reading.ignore(f"custom field {called!r}")
    return own


def _task(part: Part, uid: int, fields: Mapping[str, str]) -> Task:
    number = (part.text("OutlineNumber") or "").strip()
    by_number = number.count(".") + 1 if number and number != "0" else min(uid, 1)
    constraint = part.whole("ConstraintType", 0) or 0
    if constraint in CONSTRAINTS:
        part.reading.ignore(f"constraints of type {constraint} ({CONSTRAINTS[constraint]})")
    elif constraint not in {0, START_NO_EARLIER_THAN}:
        part.fault(f"ConstraintType: {constraint} is outside 0..7", "ConstraintType")
    not_before = part.instant("ConstraintDate") if constraint == START_NO_EARLIER_THAN else None
    if constraint == START_NO_EARLIER_THAN and not (part.text("ConstraintDate") or "").strip():
        part.fault("ConstraintDate is missing for a start no earlier than it", "ConstraintType")
    minutes = part.minutes("Duration")
    if minutes and part.whole("DurationFormat", DAYS) in ELAPSED_FORMATS and not part.is_set("Summary"):
        part.reading.ignore("that durations are elapsed time")
    if not part.is_set("Active", default=True):
        part.reading.ignore("that tasks are not active")
    calendar = part.whole("CalendarUID", NO_CALENDAR)
    return Task(
        part=part,
        uid=uid,
        own=own_id(part, fields),
        name=part.text("Name") or "",
        level=part.whole("OutlineLevel", by_number, low=0) or 0,
        is_summary=part.is_set("Summary"),
        is_milestone=part.is_set("Milestone"),
        minutes=minutes,
        start=part.instant("Start"),
        not_before=not_before,
        deadline=part.instant("Deadline", last=True),
        calendar=None if calendar == NO_CALENDAR else calendar,
        cost=part.number("FixedCost", shift=-2),
        wbs=(part.text("WBS") or "").strip(),
        ties=tuple(_ties(part)),
    )


def _ties(part: Part) -> Iterator[Tie]:
    for own in part.all("PredecessorLink", LINK):
        if own.is_set("CrossProject"):
            own.reading.ignore("links to other projects")
            continue
        predecessor = own.whole("PredecessorUID")
        kind = own.whole("Type", FINISH_TO_START, low=0, high=len(KINDS_BY_TYPE) - 1)
        lag = _lag(own)
        if predecessor is None:
            own.fault("PredecessorUID is missing")
        elif kind is not None and lag is not None:
            yield Tie(line=own.line, predecessor=predecessor, kind=KINDS_BY_TYPE[kind], lag=lag)


def _lag(part: Part) -> Lag | None:
    lag_format = part.whole("LagFormat", DAYS)
    if lag_format in PERCENT_FORMATS:
        amount = part.whole("LinkLag", 0, low=-MOST_MINUTES, high=MOST_MINUTES)
        return Lag.percent(amount or 0, elapsed=PERCENT_FORMATS[lag_format])
    if lag_format in LAG_FORMATS:
        tenths = part.whole("LinkLag", 0, low=-MOST_MINUTES * TENTHS, high=MOST_MINUTES * TENTHS) or 0
        if tenths % TENTHS:
            part.reading.ignore("parts of a minute in lags")
        return Lag.minutes(round(tenths / TENTHS), elapsed=LAG_FORMATS[lag_format])
    known = "3, 5, 7, 9, their elapsed forms 4, 6, 8, 10, and 19, 20 for per cent"
    part.fault(f"LagFormat: {lag_format} is not read, only {known}", "LagFormat")
    return None
