"""From working minutes to dates and back, for finishes that came from a plan."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta

import numpy as np
from attrs import frozen

from leadkit.calendars import NEVER, WorkCalendar
from leadkit.errors import InfeasibleError
from leadkit.typing import FloatArray, IntArray

__all__ = ["MINUTE", "Clock", "instant", "kept"]

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MINUTE = 60_000_000
# a finish that is over its limit by the rounding of floats alone keeps it
ROUNDING = 1e-9
# longer than every calendar, and still a timedelta
MOST_MINUTES = 10_000 * 366 * 1440


@frozen(kw_only=True, eq=False)
class Clock:
    """The calendar that working minutes count on and the instant they count from.

    `instants` holds the finishes of all runs in ascending order [microseconds since 1970-01-01 UTC] where minutes of one
    calendar cannot tell them: another calendar may be open while this one is closed.
    """

    calendar: WorkCalendar
    start: datetime
    instants: IntArray | None = None

    def date(self, share: float, minutes: float) -> datetime:
        """Give the date that a share of the runs keep, whose finish is so many minutes after the start."""
        if self.instants is not None:
            place = math.ceil(share * len(self.instants) * (1 - ROUNDING)) - 1
            found = EPOCH + timedelta(microseconds=int(self.instants[max(0, place)]))
        else:
            reached = self.calendar.add(self.start, timedelta(minutes=minutes)) if minutes < MOST_MINUTES else NEVER
            if not isinstance(reached, datetime):
                reason = f"the plan's calendar is not open for {minutes:g} minutes after {self.start.isoformat()}"
                raise InfeasibleError(reason, reasons=(reason,))
            found = reached
        return found.astimezone(self.calendar.tz)

    def minutes(self, limit: datetime) -> float:
        """Measure the working minutes from the start to a limit; minus infinity where it lies before the start."""
        worked = self.calendar.elapsed(self.start, limit)
        return -math.inf if limit < self.start else worked / timedelta(minutes=1)

    def kept(self, limit: datetime, finish: FloatArray) -> int:
        """Count the runs that end by a limit."""
        if self.instants is None:
            return kept(finish, self.minutes(limit))
        self.calendar.elapsed(self.start, limit)
        return int(np.searchsorted(self.instants, instant(limit), side="right"))


def instant(value: datetime) -> int:
    """Turn an aware datetime into microseconds since 1970-01-01 UTC."""
    return (value - EPOCH) // timedelta(microseconds=1)


def kept(finish: FloatArray, limit: float) -> int:
    """Count ascending finishes up to a limit [minutes]."""
    slack = ROUNDING * max(1.0, abs(limit)) if math.isfinite(limit) else 0.0
    return int(np.searchsorted(finish, limit + slack, side="right"))
