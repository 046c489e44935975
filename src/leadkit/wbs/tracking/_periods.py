"""Periods of equal length from the start of a baseline: where each ends, and how many have passed."""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, datetime, timedelta
from typing import Literal

from leadkit.calendars import Never, WorkCalendar

__all__ = ["period_ends", "periods_passed"]

DAYS = {"day": 1, "week": 7}


def period_ends(
    start: datetime, until: datetime, period: Literal["day", "week", "month"], calendar: WorkCalendar
) -> list[datetime]:
    """List the ends of the periods that it takes to reach an instant, at least one.

    Each is as many days or months after `start` on the clocks of the calendar's zone; a month that has no such day ends on
    its last. One without working time, such as a Sunday, is no period: it is part of the next.
    """
    ends: list[datetime] = []
    low, n = start, 0
    while not ends or ends[-1] < until:
        n += 1
        high = _later(start, n, period, calendar)
        if calendar.elapsed(low, high) or isinstance(calendar.next_open(low), Never):
            ends.append(high)
            low = high
    return ends


def periods_passed(
    start: datetime, now: datetime, period: Literal["day", "week", "month"], calendar: WorkCalendar
) -> float:
    """Count the periods from `start` to `now`: whole ones, and the share of the working time of the last that has passed."""
    if now <= start:
        return 0.0
    ends = period_ends(start, now, period, calendar)
    low, high = [start, *ends][-2:]
    working = calendar.elapsed(low, high)
    share = calendar.elapsed(low, now) / working if working else (now - low) / (high - low)
    return len(ends) - 1 + share


def _later(start: datetime, n: int, period: str, calendar: WorkCalendar) -> datetime:
    local = start.astimezone(calendar.tz)
    if period == "month":
        month = local.month - 1 + n
        year, month = local.year + month // 12, month % 12 + 1
        later = local.replace(year=year, month=month, day=min(local.day, monthrange(year, month)[1]))
    else:
        later = local + timedelta(days=n * DAYS[period])
    return later.astimezone(UTC)
