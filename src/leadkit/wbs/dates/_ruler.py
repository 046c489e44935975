"""The open time of a calendar as a ruler: how much lies before an instant, and at which instant how much has passed."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from typing import Final

from leadkit.calendars import WorkCalendar

__all__ = ["DAY", "FIRST", "LAST", "MINUTE", "Ruler", "instant", "moment"]

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND: Final = timedelta(microseconds=1)
MINUTE: Final = 60_000_000
DAY: Final = 1440 * MINUTE
FIRST: Final = (datetime.min.replace(tzinfo=UTC) - EPOCH) // MICROSECOND
LAST: Final = (datetime.max.replace(tzinfo=UTC) - EPOCH) // MICROSECOND
BEFORE: Final = 30 * DAY
AFTER: Final = 400 * DAY


def instant(value: datetime) -> int:
    """Turn an aware datetime into microseconds since 1970-01-01 UTC."""
    return (value - EPOCH) // MICROSECOND


def moment(value: int) -> datetime:
    """Turn microseconds since 1970-01-01 UTC into a datetime in UTC."""
    return EPOCH + timedelta(microseconds=value)


class Ruler:
    """The open time of a calendar in microseconds, counted from an origin and negative before it.

    Answers are those of the calendar, many times faster: what was worked out for a stretch of time is kept in lists,
    and the stretch grows as questions need it. `near` is where a search starts; an instant that is farther from it than
    the horizon of the calendar is None.
    """

    __slots__ = ("_calendar", "_high", "_horizon", "_low", "_opens", "_origin", "_worked")

    def __init__(self, calendar: WorkCalendar, origin: int) -> None:
        self._calendar = calendar
        self._origin = origin
        self._horizon = calendar.horizon_days * DAY
        self._measure(max(origin - BEFORE, FIRST), min(origin + AFTER, LAST))

    def worked(self, t: int) -> int:
        """Measure the open time before an instant."""
        if t < self._low or t > self._high:
            self._measure(max(min(self._low, t - BEFORE), FIRST), min(max(self._high, t + AFTER), LAST))
        span = bisect_right(self._opens, t) - 1
        if span < 0:
            return self._worked[0]
        return min(self._worked[span] + t - self._opens[span], self._worked[span + 1])

    def earliest(self, worked: int, near: int) -> int | None:
        """Find the earliest instant before which so much open time lies: where work ends."""
        while not self._worked[0] < worked <= self._worked[-1]:
            if not self._grow(near, back=worked <= self._worked[0]):
                return None
        span = bisect_left(self._worked, worked) - 1
        return self._within(self._opens[span] + worked - self._worked[span], near)

    def latest(self, worked: int, near: int) -> int | None:
        """Find the latest instant before which so much open time lies: where work starts."""
        while not self._worked[0] <= worked < self._worked[-1]:
            if not self._grow(near, back=worked < self._worked[0]):
                return None
        span = bisect_right(self._worked, worked) - 1
        return self._within(self._opens[span] + worked - self._worked[span], near)

    def is_open(self, t: int) -> bool:
        """Tell whether the calendar is open at an instant."""
        worked = self.worked(t)
        span = bisect_right(self._opens, t) - 1
        return span >= 0 and self._worked[span] <= worked < self._worked[span + 1]

    def _within(self, found: int, near: int) -> int | None:
        return found if abs(found - near) <= self._horizon else None

    def _grow(self, near: int, *, back: bool) -> bool:
        """Double the stretch that is known, on one side; False where it reaches the horizon."""
        size = self._high - self._low
        if back:
            least = max(near - self._horizon, FIRST)
            if self._low <= least:
                return False
            self._measure(max(self._low - size, least), self._high)
        else:
            most = min(near + self._horizon, LAST)
            if self._high >= most:
                return False
            self._measure(self._low, min(self._high + size, most))
        return True

    def _measure(self, low: int, high: int) -> None:
        spans = self._calendar.intervals(moment(low), moment(high))
        opens, closes = [instant(span.start) for span in spans], [instant(span.end) for span in spans]
        pairs = list(zip(opens, closes, strict=True))
        before = sum(min(end, self._origin) - start for start, end in pairs if start < self._origin)
        self._low, self._high, self._opens = low, high, opens
        self._worked = list(accumulate((end - start for start, end in pairs), initial=-before))
