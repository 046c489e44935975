"""The dates of exceptions that come back: every so many days, weeks or months, or every year."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from leadkit.interchange.mspdi._reading import Part

__all__ = ["RECURRING", "recurring_days"]

YEARLY_BY_DAY: Final = 2
YEARLY_BY_POSITION: Final = 3
MONTHLY_BY_DAY: Final = 4
MONTHLY_BY_POSITION: Final = 5
WEEKLY: Final = 6
BY_DAY_COUNT: Final = 7
RECURRING: Final = (
    YEARLY_BY_DAY,
    YEARLY_BY_POSITION,
    MONTHLY_BY_DAY,
    MONTHLY_BY_POSITION,
    WEEKLY,
    BY_DAY_COUNT,
)
"""Types of exceptions that are read besides stretches of days."""
SATURDAY: Final = 5
LAST_POSITION: Final = 4
FIRST_WEEKDAY_ITEM: Final = 3


def recurring_days(part: Part, kind: int, first: int, last: int) -> Iterator[int]:
    """Give the ordinals from `first` to `last` on which an exception of a kind applies."""
    start = date.fromordinal(first)
    period = part.whole("Period", 1, low=1) or 1
    month = part.whole("Month", 0, low=0, high=11) or 0
    month_day = part.whole("MonthDay", start.day, low=1, high=31)
    weekdays = part.whole("DaysOfWeek", 0, low=0, high=127) or 0
    item = part.whole("MonthItem", 0, low=0, high=9) or 0
    position = part.whole("MonthPosition", 0, low=0, high=LAST_POSITION) or 0
    sunday = first - (start.weekday() + 1) % 7  # weeks begin on Sundays here, whatever the project says
    for ordinal in range(first, last + 1):
        day = date.fromordinal(ordinal)
        months = (day.year - start.year) * 12 + day.month - start.month
        if kind == YEARLY_BY_DAY:
            applies = (day.month, day.day) == (month + 1, month_day)
        elif kind == YEARLY_BY_POSITION:
            applies = day.month == month + 1 and _is_at(day, item, position)
        elif kind == MONTHLY_BY_DAY:
            applies = day.day == month_day and months % period == 0
        elif kind == MONTHLY_BY_POSITION:
            applies = months % period == 0 and _is_at(day, item, position)
        elif kind == WEEKLY:
            is_named = bool(weekdays >> (day.weekday() + 1) % 7 & 1)
            applies = is_named and (ordinal - sunday) // 7 % period == 0
        else:
            applies = (ordinal - first) % period == 0
        if applies:
            yield ordinal


def _is_at(day: date, item: int, position: int) -> bool:
    """Tell whether a date is the first, ..., fourth or last day of its month of some kind."""
    if not _is_item(day, item):
        return False
    step = -1 if position == LAST_POSITION else 1
    met, other = 0, day
    while other.month == day.month:
        met += _is_item(other, item)
        if met > LAST_POSITION or other in {date.min, date.max}:
            break
        other -= step * timedelta(days=1)
    return met == (1 if position == LAST_POSITION else position + 1)


def _is_item(day: date, item: int) -> bool:
    """Tell whether a date is a day (0), working day (1), weekend day (2), or a weekday from Sunday (3) on."""
    if item >= FIRST_WEEKDAY_ITEM:
        return (day.weekday() + 1) % 7 == item - FIRST_WEEKDAY_ITEM
    return item == 0 or (day.weekday() >= SATURDAY) == (item == 2)
