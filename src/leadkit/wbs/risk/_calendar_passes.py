"""Runs of a plan in instants, where several calendars, elapsed lags or fixed dates have a say."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import NamedTuple

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from leadkit.calendars import WorkCalendar
from leadkit.errors import InfeasibleError
from leadkit.typing import BoolArray, FloatArray, IntArray
from leadkit.wbs.risk._clock import MINUTE, instant
from leadkit.wbs.risk._passes import Ends

__all__ = ["Arrow", "Calendar", "CalendarPasses", "EarlyDates", "bounded", "microseconds"]

NOWHERE = np.iinfo(np.int64).min
FIRST = instant(datetime.min.replace(tzinfo=UTC))
LAST = instant(datetime.max.replace(tzinfo=UTC))
# no two instants are so far apart, and sums of a few of these stay below 2**63
FOREVER = LAST - FIRST + 1


def bounded(minutes: int) -> int:
    """Turn whole minutes into microseconds, as many as lead out of every calendar at the most."""
    return max(-FOREVER, min(minutes * MINUTE, FOREVER))


def microseconds(minutes: FloatArray) -> IntArray:
    """Round minutes to microseconds, as many as lead out of every calendar at the most."""
    return np.rint(np.minimum(minutes * MINUTE, FOREVER)).astype(np.int64)


class Arrow(NamedTuple):
    """A link: the activity at its other end, whether it leaves and enters a finish, and its lag [us]."""

    other: int
    from_finish: bool
    to_finish: bool
    lag: int
    elapsed: bool


@frozen(eq=False)
class Calendar:
    """A calendar for arrays of microseconds; NOWHERE where it does not open for so long."""

    calendar: WorkCalendar
    origin: int

    def worked(self, instants: IntArray) -> IntArray:
        """Measure the open time from the origin."""
        return self.calendar.elapsed_array(np.int64(self.origin).view("M8[us]"), instants.view("M8[us]")).view(np.int64)

    def starts(self, instants: IntArray, work: IntArray | int = 0) -> IntArray:
        """Find the latest instants with so much open time after others: where work starts."""
        return self._add(instants, work, at_start=True)

    def finishes(self, instants: IntArray, work: IntArray | int) -> IntArray:
        """Find the earliest instants with so much open time after others: where work ends."""
        return self._add(instants, work, at_start=False)

    def is_open(self, instants: IntArray) -> BoolArray:
        """Tell at which instants the calendar is open."""
        found: BoolArray = self.starts(instants) == instants
        return found

    def _add(self, instants: IntArray, work: IntArray | int, *, at_start: bool) -> IntArray:
        amount: NDArray[np.timedelta64] = np.asarray(work, dtype=np.int64).view("m8[us]")
        added = self.calendar.add_array(instants.view("M8[us]"), amount, side="start" if at_start else "finish")
        return added.view(np.int64)


def _moved(instants: IntArray, length: int) -> IntArray:
    """Add a length of time in which every minute counts; NOWHERE outside the years of the calendars."""
    found = instants + length
    return np.where((found < FIRST) | (found > LAST), NOWHERE, found)


class EarlyDates(NamedTuple):
    """Early starts and finishes [us], shape (n, runs), and the end of each run."""

    start: IntArray
    finish: IntArray
    end: IntArray


@frozen(kw_only=True, eq=False)
class CalendarPasses:
    """The rules of `schedule` for many runs at a time: n activities in a topological `order`, and their links.

    `clock` is the plan's calendar, on which lags count; `calendars[j]` that of activity j.
    """

    ids: tuple[str, ...]
    order: tuple[int, ...]
    into: tuple[tuple[Arrow, ...], ...]
    out_of: tuple[tuple[Arrow, ...], ...]
    clock: Calendar
    calendars: tuple[Calendar, ...]
    start: int
    not_before: tuple[int | None, ...]
    deadline: tuple[int | None, ...]

    def ends(self, durations: FloatArray) -> Ends:
        """Work out all runs; durations are rounded to microseconds."""
        work = microseconds(durations)
        early = self.early(work)
        return Ends(self.minutes(early.end), self.critical(work, early).sum(axis=1), early.end)

    def minutes(self, instants: IntArray) -> FloatArray:
        """Measure working minutes of the plan's calendar from the start."""
        return self.clock.worked(instants) / MINUTE

    def early(self, work: IntArray) -> EarlyDates:
        """Find the earliest dates; `work` is in microseconds, shape (n, runs)."""
        start, finish = np.empty_like(work), np.empty_like(work)
        for own in self.order:
            self._place(own, work[own], start, finish)
        first = np.full((1, work.shape[1]), self.start)
        return EarlyDates(start, finish, np.concatenate((finish, first)).max(axis=0))

    def critical(self, work: IntArray, early: EarlyDates) -> BoolArray:
        """Tell in which runs each activity has no total float, shape (n, runs)."""
        begin, finish = early.start.copy(), early.finish.copy()
        found = np.empty(work.shape, dtype=np.bool_)
        for own in reversed(self.order):
            calendar, is_work = self.calendars[own], work[own] > 0
            to_finish, to_start = self._limits(own, work, early, begin, finish)
            before = calendar.worked(early.start[own])
            worked = calendar.worked(to_finish) - work[own]
            limit = to_finish
            if to_start is not None:
                closed = np.where(calendar.is_open(to_start), 0, 1)
                worked = np.minimum(worked, calendar.worked(to_start) - closed)
                limit = np.minimum(to_finish, to_start)
            worked = np.where(is_work, worked, calendar.worked(limit))
            found[own] = worked <= before
            begin[own] = np.where(is_work, calendar.starts(early.start[own], worked - before), limit)
            finish[own] = np.where(is_work, calendar.finishes(early.start[own], worked - before + work[own]), limit)
            self._expect_dates(own, begin[own], finish[own])
        return found

    def bounds(self, own: int, start: IntArray, finish: IntArray) -> list[tuple[Arrow | None, IntArray]]:
        """Give what bounds an activity from below: the dates that are fixed (no link), then link by link."""
        first = self.start if self.not_before[own] is None else max(self.start, self.not_before[own] or 0)
        found: list[tuple[Arrow | None, IntArray]] = [(None, np.full(start.shape[1], first))]
        for arrow in self.into[own]:
            known = finish[arrow.other] if arrow.from_finish else start[arrow.other]
            found.append((arrow, self._lagged(own, arrow, known)))
        return found

    def _place(self, own: int, work: IntArray, start: IntArray, finish: IntArray) -> None:
        """Set the early dates of one activity."""
        calendar, bounds = self.calendars[own], self.bounds(own, start, finish)
        near = np.maximum.reduce([bound for _, bound in bounds])
        if any(arrow is not None and arrow.to_finish for arrow, _ in bounds):
            needed = np.maximum.reduce(
                [
                    calendar.worked(bound) - (work if arrow is not None and arrow.to_finish else 0)
                    for arrow, bound in bounds
                ]
            )
            begun = calendar.starts(near, needed - calendar.worked(near))
        else:
            begun = calendar.starts(near)
        is_work = work > 0
        start[own] = np.where(is_work, begun, near)
        # a start that is nowhere would not be an instant to count from
        finish[own] = np.where(is_work, calendar.finishes(np.where(begun == NOWHERE, near, begun), work), near)
        self._expect_dates(own, start[own], finish[own])

    def _lagged(self, own: int, arrow: Arrow, known: IntArray) -> IntArray:
        if not arrow.lag:
            return known
        if arrow.elapsed:
            found = _moved(known, arrow.lag)
        else:
            add = self.clock.finishes if arrow.to_finish else self.clock.starts
            found = add(known, arrow.lag)
        if arrow.lag < 0:
            # so far back that the calendar was not open yet, or no calendar goes: no bound at all
            return np.where(found == NOWHERE, self.start, found)
        self._expect_dates(own, found, found)
        return found

    def _limits(
        self, own: int, work: IntArray, early: EarlyDates, begin: IntArray, finish: IntArray
    ) -> tuple[IntArray, IntArray | None]:
        """Find the latest finishes, and the latest starts where there is a limit, that keep all late dates."""
        to_finish, to_start = early.end, None
        deadline = self.deadline[own]
        if deadline is not None:
            to_finish = np.minimum(to_finish, self._deadline(own, deadline, work[own], early.finish[own]))
        for arrow in self.out_of[own]:
            limit = self._unlagged(own, arrow, work[arrow.other], early.end, begin, finish)
            if arrow.from_finish:
                to_finish = np.minimum(to_finish, limit)
            else:
                to_start = limit if to_start is None else np.minimum(to_start, limit)
        return to_finish, to_start

    def _unlagged(
        self, own: int, arrow: Arrow, work: IntArray, end: IntArray, begin: IntArray, finish: IntArray
    ) -> IntArray:
        """Find the latest instants that a link takes no farther than the late date at its other end."""
        limit: IntArray = begin[arrow.other]
        if arrow.to_finish:
            last = finish[arrow.other]
            opens = self.calendars[arrow.other].starts(last)
            limit = np.where(work == 0, last, np.where(opens == NOWHERE, np.maximum(last, end), opens))
        if not arrow.lag:
            return limit
        found: IntArray
        if arrow.elapsed:
            found = _moved(limit, -arrow.lag)
        else:
            back = np.full(limit.shape, -arrow.lag)
            if not arrow.to_finish:
                is_loose = (limit == end) & (work == 0)
                back -= ~is_loose & ~self.clock.is_open(limit)
            found = self.clock.starts(limit, back)
        if arrow.lag < 0:
            return np.where(found == NOWHERE, np.maximum(limit, end), found)
        self._expect_dates(own, found, found)
        return found

    def _deadline(self, own: int, deadline: int, work: IntArray, early_finish: IntArray) -> IntArray:
        """Take a deadline in closed time as the last open instant before it; a milestone that meets it is not late."""
        calendar, given = self.calendars[own], np.array([deadline])
        if calendar.is_open(given)[0]:
            return np.broadcast_to(given, work.shape)
        worked = calendar.worked(given) - calendar.worked(np.array([self.start]))
        closing = calendar.finishes(np.array([self.start]), worked)
        if not worked[0] or closing[0] == NOWHERE:
            closing = given
        return np.where(work > 0, deadline, np.maximum(closing, np.minimum(early_finish, deadline)))

    def _expect_dates(self, own: int, *found: IntArray) -> None:
        """Refuse dates that no calendar reaches."""
        if any((dates == NOWHERE).any() for dates in found):
            reason = f"{self.ids[own]!r}: a calendar that it depends on is not open for long enough"
            raise InfeasibleError(reason, reasons=(reason,))
