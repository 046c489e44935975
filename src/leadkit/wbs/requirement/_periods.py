"""Days, weeks and months on the dates of a calendar's zone."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Literal, NamedTuple, TypeAlias, get_args

__all__ = ["By", "Period", "expect_by", "periods"]

By: TypeAlias = Literal["day", "week", "month"]
"""How long a period is; a week begins on Monday."""

ONE_DAY = timedelta(days=1)


class Period(NamedTuple):
    """A stretch of whole dates: its first and last, and the instants at which it begins and ends."""

    from_date: date
    to_date: date
    start: datetime
    end: datetime


def expect_by(by: object) -> None:
    """Refuse what is no length of a period."""
    if by not in get_args(By):
        msg = f"by: expected one of {', '.join(map(repr, get_args(By)))}, got {by!r}"
        raise ValueError(msg)


def periods(start: datetime, end: datetime, by: By, zone: tzinfo) -> list[Period]:
    """List the periods that hold time between two instants, in order; none where there is no time between them."""
    first = _first_date(start.astimezone(zone).date(), by)
    found = []
    while (opens := midnight(first, zone)) < end:
        following = _next_date(first, by)
        found.append(Period(first, following - ONE_DAY, opens, midnight(following, zone)))
        first = following
    return found


def midnight(day: date, zone: tzinfo) -> datetime:
    """Give the instant at which a date begins, in UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)


def _first_date(day: date, by: By) -> date:
    if by == "week":
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if by == "month" else day


def _next_date(day: date, by: By) -> date:
    if by == "month":
        return date(day.year + day.month // 12, day.month % 12 + 1, 1)
    return day + timedelta(days=7 if by == "week" else 1)
