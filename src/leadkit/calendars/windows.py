"""What a calendar is made of: weekly windows, days that differ, and the intervals that it answers with."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
from attrs import field, frozen

from leadkit._fields import whole_number_faults
from leadkit.calendars._instants import MINUTES_A_DAY, is_date, microseconds, moment
from leadkit.errors import CalendarError, Fault

__all__ = ["DayException", "Interval", "Window"]

Span = tuple[int, int]


def span_faults(opens: Any, closes: Any, where: str = "") -> list[Fault]:
    """List what is wrong with the edges of a window, in minutes after local midnight."""
    at = f"{where}: " if where else ""
    faults = whole_number_faults(opens, f"{at}opens") + whole_number_faults(closes, f"{at}closes")
    if faults:
        return faults
    if not 0 <= opens < MINUTES_A_DAY:
        faults.append(Fault(f"{at}opens", f"expected a minute from 0 to 1439, got {opens}"))
    if not opens < closes <= opens + MINUTES_A_DAY:
        faults.append(Fault(f"{at}closes", f"expected a minute after {opens}, at most a day later, got {closes}"))
    return faults


def python_int(value: Any) -> Any:
    """Turn a numpy integer into Python's; anything else is left for the checks to judge."""
    return int(value) if isinstance(value, np.integer) else value


def raise_faults(faults: Sequence[Fault], subject: str = "") -> None:
    """Raise the error that lists `faults`, unless there are none."""
    if faults:
        raise CalendarError.from_faults(faults, subject=subject)


@frozen(order=True)
class Window:
    """A stretch of open time that comes back every week.

    Parameters
    ----------
    weekday : int
        The day on which it opens: Monday is 0, Sunday 6.
    opens : int
        Minutes after local midnight, from 0 to 1439 [min].
    closes : int
        Minutes after the same midnight, at most a day after `opens` [min]; above 1440 it reaches into the next day.

    Raises
    ------
    CalendarError
        A part is wrong; `faults` holds all of it.

    Examples
    --------
    >>> Window(4, 22 * 60, 30 * 60)
    Window(weekday=4, opens=1320, closes=1800)
    >>> Window(7, 540, 540)
    Traceback (most recent call last):
    ...
    leadkit.errors.CalendarError: window: 2 faults
      weekday: expected a day from 0 (Monday) to 6 (Sunday), got 7
      closes: expected a minute after 540, at most a day later, got 540
    """

    weekday: int = field(converter=python_int)
    opens: int = field(converter=python_int)
    closes: int = field(converter=python_int)

    def __attrs_post_init__(self) -> None:
        faults = whole_number_faults(self.weekday, "weekday")
        if not faults and not 0 <= self.weekday <= 6:
            faults.append(Fault("weekday", f"expected a day from 0 (Monday) to 6 (Sunday), got {self.weekday}"))
        raise_faults(faults + span_faults(self.opens, self.closes), "window")


@frozen(order=True)
class DayException:
    """A date whose windows differ from those of its weekday.

    Parameters
    ----------
    day : datetime.date
        The date.
    spans : tuple of (opens, closes)
        The windows that open on it instead, as in `Window` [min]; none closes the day. They are kept sorted.

    Raises
    ------
    CalendarError
        A part is wrong; `faults` holds all of it.

    Examples
    --------
    >>> from datetime import date
    >>> DayException(date(2026, 12, 24), ((9 * 60, 12 * 60),))
    DayException(day=datetime.date(2026, 12, 24), spans=((540, 720),))
    """

    day: date
    spans: tuple[Span, ...]

    def __attrs_post_init__(self) -> None:
        faults = []
        if not is_date(self.day):
            faults.append(Fault("day", f"expected a date, got {self.day!r}"))
        spans = _pairs(self.spans)
        if spans is None:
            faults.append(Fault("spans", f"expected pairs (opens, closes), got {self.spans!r}"))
        else:
            for place, (opens, closes) in enumerate(spans):
                faults += span_faults(opens, closes, f"spans[{place}]")
        raise_faults(faults, "exception")
        object.__setattr__(self, "spans", tuple(sorted(set(spans or ()))))


def _start_in_utc(value: datetime) -> datetime:
    return moment(microseconds(value, "start"))


def _end_in_utc(value: datetime) -> datetime:
    return moment(microseconds(value, "end"))


@frozen
class Interval:
    """A stretch of time that holds its start and not its end.

    Parameters
    ----------
    start, end : datetime.datetime
        Aware instants, the end after the start. They are kept in UTC.

    Raises
    ------
    CalendarError
        The end is not after the start.
    ValueError
        A datetime is naive.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> Interval(datetime(2026, 3, 2, 9, tzinfo=UTC), datetime(2026, 3, 2, 17, tzinfo=UTC)).length
    datetime.timedelta(seconds=28800)
    """

    start: datetime = field(converter=_start_in_utc)
    end: datetime = field(converter=_end_in_utc)

    def __attrs_post_init__(self) -> None:
        if self.end <= self.start:
            fault = Fault("interval", f"the end {self.end.isoformat()} is not after the start {self.start.isoformat()}")
            raise_faults([fault])

    @property
    def length(self) -> timedelta:
        """How long it lasts."""
        return self.end - self.start


def _pairs(spans: object) -> list[Span] | None:
    if not isinstance(spans, tuple | list) or not all(isinstance(s, tuple | list) and len(s) == 2 for s in spans):
        return None
    return [(python_int(opens), python_int(closes)) for opens, closes in spans]
