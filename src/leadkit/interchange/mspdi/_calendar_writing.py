"""Calendars as Microsoft Project XML: seven days of a week, and the dates that differ."""

from __future__ import annotations

from datetime import date
from typing import Final

from leadkit.interchange.mspdi._days import DAY, Pieces, Row, cut_short, sheet_of
from leadkit.interchange.mspdi._filing import Filed
from leadkit.interchange.mspdi._lines import Lines

__all__ = ["write_calendar"]

DAILY: Final = 1
FROM_SUNDAY: Final = (6, 0, 1, 2, 3, 4, 5)


def write_calendar(lines: Lines, filed: Filed) -> None:
    """Write a calendar; after that of a person, the resource calendar that stands on it."""
    leaf = lines.leaf
    sheet = cut_short(sheet_of(filed.calendar))
    with lines.inside("Calendar"):
        leaf("UID", filed.uid)
        leaf("Name", filed.name)
        leaf("IsBaseCalendar", 1)
        with lines.inside("WeekDays"):
            for day in FROM_SUNDAY:
                with lines.inside("WeekDay"):
                    leaf("DayType", (day + 1) % 7 + 1)
                    _working_times(lines, sheet.week[day])
        if sheet.rows:
            with lines.inside("Exceptions"):
                for row in sheet.rows:
                    _exception(lines, row)
    if filed.own_uid:
        with lines.inside("Calendar"):
            leaf("UID", filed.own_uid)
            leaf("Name", filed.own_name)
            leaf("IsBaseCalendar", 0)
            leaf("BaseCalendarUID", filed.uid)


def _exception(lines: Lines, row: Row) -> None:
    leaf = lines.leaf
    with lines.inside("Exception"):
        leaf("EnteredByOccurrences", 0)
        with lines.inside("TimePeriod"):
            leaf("FromDate", f"{date.fromordinal(row.first)}T00:00:00")
            leaf("ToDate", f"{date.fromordinal(row.last)}T23:59:00")
        leaf("Occurrences", row.last - row.first + 1)
        leaf("Name", row.name or None)
        leaf("Type", DAILY)
        _working_times(lines, row.pieces)


def _working_times(lines: Lines, pieces: Pieces) -> None:
    lines.leaf("DayWorking", int(bool(pieces)))
    if not pieces:
        return
    with lines.inside("WorkingTimes"):
        for low, high in pieces:
            with lines.inside("WorkingTime"):
                lines.leaf("FromTime", _clock(low))
                lines.leaf("ToTime", _clock(high % DAY))


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}:00"
