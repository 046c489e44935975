"""Time that several calendars share."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from leadkit.calendars._instants import moment, stretch
from leadkit.calendars._spans import shared
from leadkit.calendars.calendar import WorkCalendar
from leadkit.calendars.windows import Interval

__all__ = ["overlap"]


def overlap(calendars: Iterable[WorkCalendar], start: datetime, end: datetime) -> tuple[Interval, ...]:
    """Find the time at which every one of several calendars is open.

    Parameters
    ----------
    calendars : iterable of WorkCalendar
        At least one; of any zones.
    start, end : datetime.datetime
        Aware instants between which to look, `start` included and `end` not.

    Returns
    -------
    tuple of Interval
        In order, with time between them, in UTC.

    Raises
    ------
    ValueError
        A datetime is naive, `end` lies before `start`, or there is no calendar.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> berlin = WorkCalendar.weekly({"mon-fri": "09:00-17:00"}, zone="Europe/Berlin")
    >>> new_york = WorkCalendar.weekly({"mon-fri": "09:00-17:00"}, zone="America/New_York")
    >>> day = datetime(2026, 3, 2, tzinfo=UTC), datetime(2026, 3, 3, tzinfo=UTC)
    >>> for both in overlap([berlin, new_york], *day):
    ...     print(both.start, both.length)
    2026-03-02 14:00:00+00:00 2:00:00
    """
    low, high = stretch(start, end)
    first, *others = _checked(calendars)
    spans = first._hours.spans(low, high)  # noqa: SLF001 - arrays, rather than datetimes and back
    for other in others:
        spans = shared(spans, other._hours.spans(low, high))  # noqa: SLF001
    return tuple(Interval(moment(opens), moment(closes)) for opens, closes in zip(*spans, strict=True))


def _checked(calendars: Iterable[WorkCalendar]) -> list[WorkCalendar]:
    given = list(calendars)
    if not given:
        msg = "calendars: expected at least one; nobody's hours are not everybody's"
        raise ValueError(msg)
    for place, calendar in enumerate(given):
        if not isinstance(calendar, WorkCalendar):
            msg = f"calendars[{place}]: expected a WorkCalendar, got {calendar!r}"
            raise TypeError(msg)
    return given
