"""Calendars of a file: weeks and exceptions, resource calendars on top of base calendars."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from attrs import frozen

from leadkit.interchange.mspdi._days import DAY, Pieces, Row, Sheet, laid, united
from leadkit.interchange.mspdi._reading import Part
from leadkit.interchange.mspdi._recurring import RECURRING, recurring_days

__all__ = ["Listed", "read_calendars"]

CALENDAR: Final = ("UID", "Name", "IsBaseCalendar", "BaseCalendarUID", "WeekDays", "Exceptions")
WEEKDAY: Final = ("DayType", "DayWorking", "TimePeriod", "WorkingTimes")
EXCEPTION: Final = (
    "EnteredByOccurrences",
    "TimePeriod",
    "Occurrences",
    "Name",
    "Type",
    "Period",
    "DaysOfWeek",
    "MonthItem",
    "MonthPosition",
    "Month",
    "MonthDay",
    "DayWorking",
    "WorkingTimes",
)
CLOCK: Final = re.compile(r"([01][0-9]|2[0-4]):([0-5][0-9]):00(?:\.0+)?")
OFFICE_HOURS: Final[Pieces] = ((480, 720), (780, 1020))
USUAL_WEEK: Final[tuple[Pieces, ...]] = (OFFICE_HOURS,) * 5 + ((),) * 2
"""What a project has that says nothing else."""
STRETCHES: Final = (0, 1, 9)
"""Types of exceptions that hold on every date between their ends."""
DATED: Final = 0
MOST_DAYS: Final = 20_000
"""Most dates that a file may set apart with working time of their own, or by a rule that comes back."""
MOST_LOOKED_AT: Final = 400_000


@frozen
class Listed:
    """A calendar of a file, with what it takes from the one it stands on."""

    uid: int
    name: str
    is_base: bool
    base: int | None
    says_nothing: bool
    sheet: Sheet
    line: int


@frozen
class _Said:
    """What a calendar itself says."""

    part: Part
    base: int | None
    week: Mapping[int, Pieces]
    rows: tuple[Row, ...]


class _Limits:
    """How much of what a file may make large is used up."""

    def __init__(self) -> None:
        self.days = MOST_DAYS
        self.looked_at = MOST_LOOKED_AT


def read_calendars(project: Part) -> dict[int, Listed]:
    """Read every calendar, by UID."""
    said: dict[int, _Said] = {}
    limits = _Limits()
    for part in project.below("Calendars", "Calendar", CALENDAR):
        uid = part.whole("UID")
        part.name = f"calendar {uid}"
        if uid is None:
            part.fault("UID is missing")
        elif uid in said:
            part.fault(f"UID {uid} is there more than once", "UID")
        else:
            base = part.whole("BaseCalendarUID", -1)
            week, rows = _said(part, limits)
            said[uid] = _Said(part, None if base == -1 else base, week, rows)
    return {uid: _resolved(uid, said) for uid in said}


def _resolved(uid: int, said: Mapping[int, _Said]) -> Listed:
    """Lay what a calendar says over what those say that it stands on."""
    own = said[uid]
    is_base = own.part.is_set("IsBaseCalendar", default=own.base is None)
    line = [own]
    seen = {uid}
    base = None if is_base else own.base
    while base is not None:
        if base not in said:
            line[-1].part.fault(f"BaseCalendarUID: unknown calendar {base}", "BaseCalendarUID")
            break
        if base in seen:
            own.part.fault("BaseCalendarUID: the calendars stand on each other in a circle", "BaseCalendarUID")
            break
        seen.add(base)
        line.append(said[base])
        base = None if said[base].part.is_set("IsBaseCalendar") else said[base].base
    week = [next((other.week[day] for other in line if day in other.week), USUAL_WEEK[day]) for day in range(7)]
    rows = laid(row for other in line for row in other.rows)
    return Listed(
        uid=uid,
        name=own.part.text("Name") or "",
        is_base=is_base,
        base=own.base,
        says_nothing=not own.week and not own.rows,
        sheet=Sheet(tuple(week), rows),
        line=own.part.line,
    )


def _said(part: Part, limits: _Limits) -> tuple[dict[int, Pieces], tuple[Row, ...]]:
    week: dict[int, Pieces] = {}
    rows = [row for own in part.below("Exceptions", "Exception", EXCEPTION) for row in _exception(own, limits)]
    is_new = part.child("Exceptions") is not None
    for own in part.below("WeekDays", "WeekDay", WEEKDAY):
        kind = own.whole("DayType", low=0, high=7)
        if kind is None:
            own.fault("DayType is missing")
        elif kind != DATED:
            week[(kind + 5) % 7] = _pieces(own)
        elif not is_new:  # newer files say it twice, here for older readers
            rows += _stretch(own, "", limits)
    return week, tuple(rows)


def _exception(part: Part, limits: _Limits) -> Iterator[Row]:
    kind = part.whole("Type", 1) or 0
    name = part.text("Name") or ""
    if kind in STRETCHES:
        yield from _stretch(part, name, limits)
    elif kind in RECURRING:
        yield from _recurring(part, kind, name, limits)
    else:
        part.reading.ignore(f"calendar exceptions of type {kind}")


def _ends(part: Part) -> tuple[int, int] | None:
    period = part.child("TimePeriod")
    first, last = (None, None) if period is None else (period.day("FromDate"), period.day("ToDate"))
    if first is None or last is None:
        part.fault("an exception needs a TimePeriod with FromDate and ToDate", "TimePeriod")
        return None
    if last < first:
        part.fault("TimePeriod: ToDate lies before FromDate", "TimePeriod")
        return None
    return first, last


def _stretch(part: Part, name: str, limits: _Limits) -> Iterator[Row]:
    ends = _ends(part)
    if ends is None:
        return
    pieces = _pieces(part)
    if pieces and not _is_within(part, limits, days=ends[1] - ends[0] + 1):
        return
    yield Row(*ends, pieces, name)


def _recurring(part: Part, kind: int, name: str, limits: _Limits) -> Iterator[Row]:
    ends = _ends(part)
    if ends is None or not _is_within(part, limits, looked_at=ends[1] - ends[0] + 1):
        return
    pieces = _pieces(part)
    most = part.whole("Occurrences", 0, low=0) if part.is_set("EnteredByOccurrences") else 0
    days = list(recurring_days(part, kind, *ends))
    for day in days[: most or None]:
        if not _is_within(part, limits, days=1):
            return
        yield Row(day, day, pieces, name)


def _is_within(part: Part, limits: _Limits, *, days: int = 0, looked_at: int = 0) -> bool:
    """Count dates against the limits; a fault where there are too many."""
    limits.days -= days
    limits.looked_at -= looked_at
    if limits.days >= 0 and limits.looked_at >= 0:
        return True
    most = MOST_DAYS if limits.days < 0 else MOST_LOOKED_AT
    part.fault(f"exceptions of the file reach over more than {most} days")
    limits.days, limits.looked_at = max(limits.days, 0), max(limits.looked_at, 0)
    return False


def _pieces(part: Part) -> Pieces:
    """Read the working times of a day; a working day without any has the usual ones."""
    times = list(part.below("WorkingTimes", "WorkingTime", ("FromTime", "ToTime")))
    if not part.is_set("DayWorking", default=bool(times)):
        return ()
    found = [piece for own in times if (piece := _piece(own)) is not None]
    return united(found) if times else OFFICE_HOURS


def _piece(part: Part) -> tuple[int, int] | None:
    """Read a working time; an end at midnight is that of the day."""
    low, high = _minute(part, "FromTime"), _minute(part, "ToTime")
    if low is None or high is None:
        return None
    high = high or DAY
    if low < high:
        return low, high
    part.fault("a working time ends before it begins; one past midnight is written on both days")
    return None


def _minute(part: Part, name: str) -> int | None:
    text = (part.text(name) or "").strip()
    found = CLOCK.fullmatch(text)
    minute = 60 * int(found[1]) + int(found[2]) if found else DAY + 1
    if minute > DAY or (minute == DAY and name == "FromTime"):
        part.fault(f"{name}: expected a time in whole minutes such as 08:30:00, got {text[:40]!r}", name)
        return None
    return minute
