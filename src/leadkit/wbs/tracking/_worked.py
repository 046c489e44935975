"""Working time that passes while a set of calendars is open together, as a function of the instant."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from leadkit.calendars import WorkCalendar, overlap
from leadkit.typing import FloatArray

__all__ = ["MINUTE", "Hours", "Worked", "instant", "whole_minutes"]

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND: Final = timedelta(microseconds=1)
MINUTE: Final = 60_000_000


def instant(moment: datetime) -> int:
    """Turn an aware datetime into microseconds since 1970."""
    return (moment - EPOCH) // MICROSECOND


def whole_minutes(length: timedelta) -> int:
    """Round a length of time half to even to whole minutes."""
    return round(length / timedelta(minutes=1))


class Worked:
    """The working time before each instant, which rises in straight lines while everything is open.

    Parameters
    ----------
    calendars : iterable of WorkCalendar
        All of them have to be open.
    low, high : datetime.datetime
        Aware instants; no time outside of these is counted.
    """

    __slots__ = ("_edges", "_worked")

    def __init__(self, calendars: Iterable[WorkCalendar], low: datetime, high: datetime) -> None:
        spans = overlap(calendars, low, high)
        edges = [(instant(span.start), instant(span.end)) for span in spans] or [(instant(low), instant(low))]
        table = np.array(edges, dtype=np.float64)
        passed = np.cumsum(table[:, 1] - table[:, 0])
        self._edges = table.ravel()
        self._worked = np.column_stack([passed - (table[:, 1] - table[:, 0]), passed]).ravel()

    def until(self, instants: ArrayLike) -> FloatArray:
        """Give the working time before instants, all in microseconds; exact while they are below 2**53."""
        return np.asarray(np.interp(np.asarray(instants, dtype=np.float64), self._edges, self._worked))

    def between(self, start: datetime, end: datetime) -> int:
        """Give the working time between two instants in microseconds; none where the end comes first."""
        first, last = self.until([instant(start), instant(end)])
        return max(0, round(float(last - first)))


class Hours:
    """The working time of any set of calendars between two instants, each set worked out once."""

    __slots__ = ("_found", "_high", "_low")

    def __init__(self, low: datetime, high: datetime) -> None:
        self._low, self._high = low, max(low, high)
        self._found: dict[frozenset[WorkCalendar], Worked] = {}

    def of(self, calendars: Iterable[WorkCalendar]) -> Worked:
        """Find the time at which all of these are open."""
        key = frozenset(calendars)
        if key not in self._found:
            self._found[key] = Worked(key, self._low, self._high)
        return self._found[key]
