"""Working time: how much of it lies between two instants, and when an amount of it is used up."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import TypeAlias, get_args

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from leadkit._fields import whole_number_faults
from leadkit.calendars._arrays import Amounts, Instants, added_to_arrays, amount_array, elapsed_of_arrays, instant_array
from leadkit.calendars._definition import Definition
from leadkit.calendars._instants import (
    DAY,
    FAR,
    MICROSECOND,
    date_of,
    day_number,
    length,
    microseconds,
    moment,
    moment_or_never,
    stretch,
)
from leadkit.calendars._line import Side
from leadkit.calendars._pausing import counted, counted_spans, instant_after, united_pauses
from leadkit.calendars.explaining import Counted, explained
from leadkit.calendars.never import NEVER, Never
from leadkit.calendars.windows import Interval

__all__ = ["Pause", "WorkCalendar"]

Pause: TypeAlias = tuple[datetime, datetime | None]
"""A stretch of time, half-open, that a count leaves out; an end of None means that it still lasts."""


@frozen
class WorkCalendar(Definition):
    """When work is done: a week of windows in a time zone, and what differs from it.

    A window is open at its first instant and not at its last, and belongs to the date on which it opens. Holidays and
    exceptions remove or replace the windows of their date and no other; an exception on a holiday wins, and closures
    win over everything. An edge that a change of the clocks skips is the first instant after the gap; where it comes
    twice, a window opens at the first and closes at the last. All answers are exact and in UTC.

    Parameters
    ----------
    windows : iterable of Window
        The week. Windows that touch or overlap are one stretch of open time.
    zone : str
        Name of the time zone whose clocks the windows follow, such as "Europe/Berlin".
    holidays : iterable of datetime.date
        Dates on which no window opens.
    exceptions : iterable of DayException
        Dates with windows of their own, at most one for a date.
    closures : iterable of (datetime, datetime)
        Pairs of aware instants between which it is never open, whatever the week says.
    name : str
        Whatever tells this calendar from others.
    horizon_days : int
        How far from its start a search goes; an answer farther away is `NEVER` [day].

    Raises
    ------
    CalendarError
        A part is wrong; `faults` holds everything that is.

    Notes
    -----
    Calendars are equal when their fields are, in whatever order these were given. The edges of windows are worked out
    by year when a question needs them and kept within bounds; that is no part of equality, pickles or `to_dict`.

    Examples
    --------
    >>> from datetime import UTC, datetime, timedelta
    >>> desk = WorkCalendar.weekly({"mon-fri": "09:00-17:00"}, zone="America/New_York")
    >>> due = desk.deadline(datetime(2026, 3, 6, 21, tzinfo=UTC), timedelta(hours=4))
    >>> due.isoformat(), due.astimezone(desk.tz).isoformat()
    ('2026-03-09T16:00:00+00:00', '2026-03-09T12:00:00-04:00')
    """

    def is_open(self, t: datetime) -> bool:
        """Tell whether the calendar is open at an instant."""
        instant = microseconds(t, "t")
        return self._hours.covering(instant, instant).is_open(instant)

    def next_open(self, t: datetime) -> datetime | Never:
        """Find the first instant after `t` at which the calendar opens; one that is open opens again after it closed."""
        instant = microseconds(t, "t")
        return moment_or_never(self._hours.next_edge(instant, opening=True, horizon=self._horizon))

    def next_close(self, t: datetime) -> datetime | Never:
        """Find the first instant after `t` at which the calendar closes."""
        instant = microseconds(t, "t")
        return moment_or_never(self._hours.next_edge(instant, opening=False, horizon=self._horizon))

    def elapsed(self, start: datetime, end: datetime, *, pauses: Iterable[Pause] = ()) -> timedelta:
        """Measure the open time between two instants that no pause covers.

        Parameters
        ----------
        start, end : datetime.datetime
            Aware instants; the answer is negative when `end` lies before `start`.
        pauses : iterable of (datetime, datetime or None)
            Stretches that do not count. They are united first.

        Returns
        -------
        datetime.timedelta
            The working time.

        Examples
        --------
        >>> from datetime import UTC, datetime
        >>> desk = WorkCalendar.weekly({"mon-fri": "09:00-17:00"}, zone="UTC")
        >>> friday, monday = datetime(2026, 3, 6, 16, tzinfo=UTC), datetime(2026, 3, 9, 10, tzinfo=UTC)
        >>> desk.elapsed(friday, monday), desk.elapsed(monday, friday) == -desk.elapsed(friday, monday)
        (datetime.timedelta(seconds=7200), True)
        """
        first, last = microseconds(start, "start"), microseconds(end, "end")
        worked = counted(self._hours, min(first, last), max(first, last), united_pauses(pauses))
        return (worked if first <= last else -worked) * MICROSECOND

    def add(
        self, start: datetime, work: timedelta, *, side: Side = "finish", pauses: Iterable[Pause] = ()
    ) -> datetime | Never:
        """Find the instant at which an amount of working time after `start` is used up.

        Parameters
        ----------
        start : datetime.datetime
            Aware instant.
        work : datetime.timedelta
            Working time; negative goes back, and must not be when there are pauses.
        side : {"finish", "start"}
            The earliest such instant or the latest: work that ends at closing time finishes then, and what follows
            starts at the next opening. No work at all finishes at `start` itself.
        pauses : iterable of (datetime, datetime or None)
            Stretches that do not count. They are united first.

        Returns
        -------
        datetime.datetime or Never
            The instant in UTC; `NEVER` where there is none within the horizon.

        Examples
        --------
        >>> from datetime import UTC, datetime, timedelta
        >>> desk = WorkCalendar.weekly({"mon-fri": "09:00-17:00"}, zone="UTC")
        >>> monday = datetime(2026, 3, 2, 13, tzinfo=UTC)
        >>> for side in ("finish", "start"):
        ...     print(desk.add(monday, timedelta(hours=4), side=side))
        2026-03-02 17:00:00+00:00
        2026-03-03 09:00:00+00:00
        """
        _expect_side(side)
        instant, amount, left_out = microseconds(start, "start"), length(work, "work"), united_pauses(pauses)
        if amount < 0 and left_out[0].size:
            msg = f"work: {work} is negative, which cannot be counted with pauses"
            raise ValueError(msg)
        return moment_or_never(instant_after(self._hours, instant, amount, left_out, side=side, horizon=self._horizon))

    def deadline(self, start: datetime, budget: timedelta, *, pauses: Iterable[Pause] = ()) -> datetime | Never:
        """Find the instant at which a budget of working time is used up.

        A start outside hours counts from the next opening, and a pause moves the deadline by the open time it covers.

        Parameters
        ----------
        start : datetime.datetime
            Aware instant.
        budget : datetime.timedelta
            Working time, not negative.
        pauses : iterable of (datetime, datetime or None)
            Stretches that do not count. They are united first.

        Returns
        -------
        datetime.datetime or Never
            The instant in UTC; `NEVER` where there is none within the horizon, as when a pause lasts that covers
            what is left.

        Examples
        --------
        >>> from datetime import UTC, datetime, timedelta
        >>> desk = WorkCalendar.weekly({"mon-fri": "09:00-17:00"}, zone="UTC")
        >>> start, pause = datetime(2026, 3, 2, 9, tzinfo=UTC), datetime(2026, 3, 2, 11, tzinfo=UTC)
        >>> print(desk.deadline(start, timedelta(hours=4), pauses=[(pause, pause + timedelta(hours=4))]))
        2026-03-02 17:00:00+00:00
        >>> desk.deadline(start, timedelta(hours=4), pauses=[(pause, None)])
        NEVER
        """
        if length(budget, "budget") < 0:
            msg = f"budget: {budget} is negative"
            raise ValueError(msg)
        return self.add(start, budget, pauses=pauses)

    def intervals(self, start: datetime, end: datetime, *, pauses: Iterable[Pause] = ()) -> tuple[Interval, ...]:
        """List the open time within `[start, end)` that no pause covers, in order and in UTC."""
        spans = counted_spans(self._hours, *stretch(start, end), united_pauses(pauses))
        return tuple(Interval(moment(opens), moment(closes)) for opens, closes in zip(*spans, strict=True))

    def explain(self, start: datetime, end: datetime, *, pauses: Iterable[Pause] = ()) -> tuple[Counted, ...]:
        """Say of all time within `[start, end)` whether it counts, and why not.

        Where reasons meet, a pause comes before a closure, a closure before the opening hours, and a holiday or an
        exception, up to the end of its local date, before "outside hours".

        Parameters
        ----------
        start, end : datetime.datetime
            Aware instants, `end` not before `start`.
        pauses : iterable of (datetime, datetime or None)
            Stretches that do not count. They are united first.

        Returns
        -------
        tuple of Counted
            Rows without gap or overlap; neighbours differ in kind or reason, and the last `total` is `elapsed`. None
            where `end` is `start`.

        Examples
        --------
        >>> from datetime import UTC, date, datetime
        >>> desk = WorkCalendar.weekly({"mon-fri": "09:00-17:00"}, zone="UTC", holidays=[date(2026, 7, 3)])
        >>> for row in desk.explain(datetime(2026, 7, 2, 16, tzinfo=UTC), datetime(2026, 7, 4, 8, tzinfo=UTC)):
        ...     print(f"{row.start:%d %H:%M} {row.end:%d %H:%M} {row.kind:8} {row.total} {row.reason}")
        02 16:00 02 17:00 open     1:00:00 open
        02 17:00 03 00:00 closed   1:00:00 outside hours
        03 00:00 04 00:00 holiday  1:00:00 2026-07-03
        04 00:00 04 08:00 closed   1:00:00 outside hours
        """
        return explained(self._hours, *stretch(start, end), united_pauses(pauses))

    def elapsed_array(self, starts: Instants, ends: Instants) -> NDArray[np.timedelta64]:
        """Measure the open time between many pairs of instants, each as `elapsed` does.

        Parameters
        ----------
        starts, ends : array_like of datetime64 in UTC, or of aware datetimes
            Instants of any shapes that broadcast; a part of a microsecond is cut off. NaT and None are missing.

        Returns
        -------
        array of timedelta64[us]
            The working time, of the common shape; NaT where a start or an end is missing.
        """
        return elapsed_of_arrays(self._hours, instant_array(starts, "starts"), instant_array(ends, "ends"))

    def add_array(self, starts: Instants, work: Amounts, *, side: Side = "finish") -> NDArray[np.datetime64]:
        """Find for many starts the instants at which work is used up, each as `add` does.

        Parameters
        ----------
        starts : array_like of datetime64 in UTC, or of aware datetimes
            Instants of any shape; a part of a microsecond is cut off. NaT and None are missing.
        work : array_like of timedelta64 or timedelta
            Working time, of a shape that broadcasts with `starts`; not in months or years, which differ in length.
        side : {"finish", "start"}
            As in `add`.

        Returns
        -------
        array of datetime64[us]
            The instants in UTC, of the common shape; NaT where `add` says `NEVER` or something is missing.
        """
        _expect_side(side)
        instants, amounts = instant_array(starts, "starts"), amount_array(work, "work")
        return added_to_arrays(self._hours, instants, amounts, side=side, horizon=self._horizon)

    def add_days(self, day: date, n: int) -> date | Never:
        """Find the n-th working day after a date.

        Parameters
        ----------
        day : datetime.date
            The date from which to count, working day or not.
        n : int
            How many working days; negative counts back, and 0 gives `day`. A working day is a date on which at least
            one window opens that is not lost to a closure or to a change of the clocks.

        Returns
        -------
        datetime.date or Never
            The date; `NEVER` where there is none within the horizon.

        Examples
        --------
        >>> from datetime import date
        >>> WorkCalendar.weekly({"mon-fri": "09:00-17:00"}, zone="UTC").add_days(date(2026, 3, 6), 1)
        datetime.date(2026, 3, 9)
        """
        number = day_number(day, "day")
        if faults := whole_number_faults(n, "n"):
            raise TypeError(str(faults[0]))
        if n == 0:
            return day
        found = self._hours.day_after(number, int(n), horizon=self.horizon_days)
        return NEVER if found is None else date_of(found)

    def working_days(self, start: date, end: date) -> int:
        """Count the working days in `[start, end)`; negative when `end` lies before `start`."""
        first, after = day_number(start, "start"), day_number(end, "end")
        n = self._hours.days_between(min(first, after), max(first, after))
        return n if first <= after else -n

    @property
    def _horizon(self) -> int:
        return min(self.horizon_days * DAY, FAR)


def _expect_side(side: object) -> None:
    if side not in get_args(Side):
        msg = f"side: expected one of {', '.join(map(repr, get_args(Side)))}, got {side!r}"
        raise ValueError(msg)
