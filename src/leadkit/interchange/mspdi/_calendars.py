"""A calendar from its days: the very one that was written where its rows tell, else one with the same working time."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time
from typing import Any, Final
from zoneinfo import ZoneInfo

from leadkit.calendars import DayException, Window, WorkCalendar
from leadkit.interchange.mspdi._days import AFTER, CLOSURE, DAY, EXCEPTION, HOLIDAY, Pieces, Row, Sheet, sheet_of
from leadkit.interchange.mspdi._times import instant_of

__all__ = ["calendar_of"]

MOST_HOLIDAYS: Final = 31
"""Closed dates in a row that are holidays each; more are one closure."""
SPAN: Final = r"([0-9]{2}):([0-5][0-9])-([0-9]{2}):([0-5][0-9])"
TOLD_EXCEPTION: Final = re.compile(rf"{EXCEPTION}(?: ({SPAN}(?:, {SPAN})*))?")
TOLD_CLOSURE: Final = re.compile(rf"{CLOSURE} ([-+:.T0-9]+)/([-+:.T0-9]+)")


def calendar_of(sheet: Sheet, *, zone: str, name: str = "") -> WorkCalendar:
    """Build the calendar that a sheet spells out.

    Where the names of rows tell holidays, exceptions and closures, and these give the same days, they are taken; windows
    that meet at midnight become one where that changes no day. Otherwise every row stands for its dates alone.
    """
    told = _told(sheet.rows)
    plain = _plain(sheet.rows, ZoneInfo(zone))
    for parts in [plain] if told is None else [told, plain]:
        for windows in (_joined(sheet.week), _apart(sheet.week)):
            made = WorkCalendar(windows, zone=zone, name=name, **parts)
            if sheet_of(made).is_like(sheet):
                return made
    return WorkCalendar(_apart(sheet.week), zone=zone, name=name, **plain)


def _apart(week: Sequence[Pieces]) -> list[Window]:
    return [Window(day, *piece) for day, pieces in enumerate(week) for piece in pieces]


def _joined(week: Sequence[Pieces]) -> list[Window]:
    """Take a stretch up to midnight and one from midnight on as one window, if it is at most a day long."""
    windows = []
    for day, pieces in enumerate(week):
        for low, high in pieces:
            if low == 0 and _is_spill(week[day - 1], high):
                continue
            after = week[(day + 1) % 7]
            is_joined = high == DAY and bool(after) and after[0][0] == 0 and _is_spill(pieces, after[0][1])
            windows.append(Window(day, low, DAY + after[0][1] if is_joined else high))
    return windows


def _is_spill(before: Pieces, high: int) -> bool:
    """Tell whether a stretch from midnight to `high` goes on from the last one of the day before."""
    return bool(before) and before[-1][1] == DAY and before[-1][0] > 0 and high <= before[-1][0]


def _told(rows: Iterable[Row]) -> dict[str, Any] | None:
    """Read what the names of rows tell; None where one of them tells nothing."""
    holidays, exceptions, closures = set(), set(), set()
    for row in rows:
        for part in row.name.split("; "):
            day = date.fromordinal(row.first)
            if part == HOLIDAY and row.first == row.last:
                holidays.add(day)
            elif (found := TOLD_EXCEPTION.fullmatch(part)) and row.first == row.last:
                spans = _spans(found[1] or "")
                if spans is None:
                    return None
                exceptions.add(DayException(day, spans))
            elif found := TOLD_CLOSURE.fullmatch(part):
                ends = _instants(*found.groups())
                if ends is None:
                    return None
                closures.add(ends)
            elif part != AFTER:
                return None
    if len({change.day for change in exceptions}) < len(exceptions):
        return None
    return {"holidays": holidays, "exceptions": exceptions, "closures": closures}


def _spans(text: str) -> tuple[tuple[int, int], ...] | None:
    numbers = [[int(number) for number in found] for found in re.findall(SPAN, text)]
    spans = tuple((60 * hour + minute, 60 * last + rest) for hour, minute, last, rest in numbers)
    return spans if all(0 <= opens < DAY and opens < closes <= opens + DAY for opens, closes in spans) else None


def _instants(start: str, end: str) -> tuple[datetime, datetime] | None:
    try:
        first, last = (datetime.fromisoformat(text).astimezone(UTC) for text in (start, end))
    except (ValueError, OverflowError):
        return None
    return (first, last) if first < last else None


def _plain(rows: Iterable[Row], zone: ZoneInfo) -> dict[str, Any]:
    """Take rows as they are: closed dates are holidays, many in a row a closure, others exceptions."""
    holidays, exceptions, closures = [], [], []
    for row in rows:
        if row.pieces:
            exceptions += [DayException(day, row.pieces) for day in _dates(row)]
        elif row.last - row.first < MOST_HOLIDAYS:
            holidays += list(_dates(row))
        else:
            closures.append((_midnight(row.first, zone), _midnight(row.last + 1, zone)))
    return {"holidays": holidays, "exceptions": exceptions, "closures": closures}


def _dates(row: Row) -> Iterator[date]:
    return (date.fromordinal(day) for day in range(row.first, row.last + 1))


def _midnight(day: int, zone: ZoneInfo) -> datetime:
    """Give the instant at which a date begins; near the ends of time the nearest that there is."""
    if day > date.max.toordinal():
        return datetime.max.replace(tzinfo=UTC)
    local = datetime.combine(date.fromordinal(day), time())
    try:
        return instant_of(local, zone)
    except OverflowError:
        return local.replace(tzinfo=UTC)
