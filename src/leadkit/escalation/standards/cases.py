"""The stretches that a clock measures in a whole log: where they begin and end, and the working time of each."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, Final

import numpy as np
from attrs import define, frozen
from numpy.typing import NDArray

from leadkit.calendars._instants import microseconds, moment
from leadkit.escalation.clocks import SlaClock
from leadkit.escalation.clocks.arrays import elapsed_of_rows
from leadkit.escalation.clocks.kinds import CANCELLED, ENDED, UNANSWERED
from leadkit.escalation.event_log.columns import TextColumn
from leadkit.escalation.event_log.log import EventLog
from leadkit.typing import BoolArray, FloatArray, IntArray

__all__ = ["Cases", "cases_of"]

HOUR: Final = timedelta(hours=1)
# longer than from the year 1 to 9999; int64 would not hold every timedelta
ALL_TIME: Final = timedelta(days=4_000_000)
Moments = NDArray[np.datetime64]


@frozen(eq=False)
class Cases:
    """One row a case: a ticket for most clocks, an exchange of a ticket for the next response.

    Parameters
    ----------
    clock : SlaClock
        What is measured.
    ticket : array of int, shape (n,)
        Place of the case's ticket in the log; rising.
    start, limit : array of datetime64[us], shape (n,)
        When it begins, and when it ended or, where it has not, now.
    is_ended, is_cancelled : array of bool, shape (n,)
        Whether what is measured has happened, and whether the ticket was cancelled before it did.
    worked : array of timedelta64[us], shape (n,)
        Working time from the start to the limit.
    is_late : array of bool, shape (n,)
        Whether the limit lies after the due instant.
    """

    clock: SlaClock
    ticket: IntArray
    start: Moments
    limit: Moments
    is_ended: BoolArray
    is_cancelled: BoolArray
    worked: NDArray[np.timedelta64]
    is_late: BoolArray

    @property
    def hours(self) -> FloatArray:
        """Working time of each case [h]."""
        hours: FloatArray = self.worked / np.timedelta64(HOUR)
        return hours


@define
class _Seen:
    """The events of a log up to now, and what each column holds; columns that the log has not are empty of words."""

    log: EventLog
    now: np.datetime64

    @cached_property
    def places(self) -> IntArray:
        """Places of the events that have happened."""
        return np.flatnonzero(self.log.at <= self.now)

    @cached_property
    def changes(self) -> IntArray:
        """Places of the events that have a status."""
        return self._with(self.log.status)

    @cached_property
    def contacts(self) -> IntArray:
        """Places of the events that are contacts."""
        return self._with(self.log.contact)

    @cached_property
    def ticket(self) -> IntArray:
        """The ticket of every event of the log."""
        return self.log.ticket.astype(np.int64)

    @cached_property
    def cancelled_at(self) -> Moments:
        """When each ticket was first cancelled, or NaT."""
        found = np.full(len(self.log.tickets), np.datetime64("NaT", "us"))
        places = self.changes[self.has_status(self.changes, {CANCELLED})][::-1]
        found[self.ticket[places]] = self.log.at[places]
        return found

    def has_status(self, places: IntArray, statuses: Any) -> BoolArray:
        """Tell which events, all with a status, have one of `statuses`."""
        return _among(self.log.status, statuses)[places]

    def is_incoming(self, places: IntArray) -> BoolArray:
        """Tell which contacts came in."""
        return _among(self.log.contact, {"in"})[places]

    def _with(self, column: TextColumn | None) -> IntArray:
        return self.places[:0] if column is None else self.places[column.codes[self.places] >= 0]


def cases_of(log: EventLog, clock: SlaClock, now: datetime) -> Cases:
    """Measure a clock on every ticket of a log as it stood at `now`, each as `SlaClock.read` does.

    A ticket is created with its first event, of whatever kind.
    """
    instant = np.datetime64(microseconds(now, "now"), "us")
    seen = _Seen(log, instant)
    kind = {"resolution": _resolution, "first_response": _first_response, "next_response": _next_response}[clock.kind]
    ticket, start, end = kind(seen, clock)
    is_cancelled = np.isnat(end) & ~np.isnat(seen.cancelled_at[ticket])
    end = np.where(is_cancelled, seen.cancelled_at[ticket], end)
    limit = np.where(np.isnat(end), instant, end)
    of, pause_starts, pause_ends = _pauses(seen, clock, ticket)
    worked = elapsed_of_rows(clock.calendar, start, limit, of, pause_starts, pause_ends)
    budget = np.timedelta64(min(clock.budget, ALL_TIME))
    is_late = worked > budget
    # where just the budget is used, closed time or a pause may lie between the due instant and the limit
    for case in np.flatnonzero(worked == budget).tolist():
        own = of == case
        pauses = [
            (moment(begin), None if np.isnat(stop) else moment(stop.astype(np.int64)))
            for begin, stop in zip(pause_starts[own].astype(np.int64).tolist(), pause_ends[own], strict=True)
            if begin < limit[case].astype(np.int64)
        ]
        is_late[case] = clock.due(moment(start[case].astype(np.int64)), pauses=pauses) < moment(
            limit[case].astype(np.int64)
        )
    return Cases(clock, ticket, start, limit, ~np.isnat(end) & ~is_cancelled, is_cancelled, worked, is_late)


def _resolution(seen: _Seen, clock: SlaClock) -> tuple[IntArray, Moments, Moments]:
    """From creation, or the last reopening, to the first of the resolving events at a ticket's end."""
    ticket, start = _created(seen)
    places = seen.changes[_until_cancelled(seen)]
    owner, at = seen.ticket[places], seen.log.at[places]
    is_end = seen.has_status(places, ENDED)
    is_first = _is_first(owner)
    after_end = ~is_first & _shifted(is_end)
    # where a run of resolving events begins, looked up at each event for the last begin so far
    begins = np.maximum.accumulate(np.where(is_end & ~after_end, np.arange(places.size), 0))
    last = np.flatnonzero(np.append(is_first[1:], True)[: places.size])
    ends = np.full(len(seen.log.tickets), np.datetime64("NaT", "us"))
    resolved = last[is_end[last]]
    ends[owner[resolved]] = at[begins[resolved]]
    if clock.on_reopen == "restart":
        reopened = ~is_end & (after_end | seen.has_status(places, {"reopened"}))
        begun = np.full(len(seen.log.tickets), np.datetime64("NaT", "us"))
        begun[owner[reopened]] = at[reopened]
        start = np.where(np.isnat(begun[ticket]), start, begun[ticket])
    return ticket, start, ends[ticket]


def _first_response(seen: _Seen, clock: SlaClock) -> tuple[IntArray, Moments, Moments]:  # noqa: ARG001 - one of three alike
    """From creation to the first contact that goes out, or for tickets without contacts to the first change to work."""
    ticket, start = _created(seen)
    ends = np.full(len(seen.log.tickets), np.datetime64("NaT", "us"))
    places = seen.changes[_until_cancelled(seen)]
    work = places[~seen.has_status(places, UNANSWERED)][::-1]
    ends[seen.ticket[work]] = seen.log.at[work]
    ends[seen.ticket[seen.contacts]] = np.datetime64("NaT", "us")
    contacts = _contacts_until_cancelled(seen)
    answers = contacts[~seen.is_incoming(contacts)][::-1]
    ends[seen.ticket[answers]] = seen.log.at[answers]
    return ticket, start, ends[ticket]


def _next_response(seen: _Seen, clock: SlaClock) -> tuple[IntArray, Moments, Moments]:  # noqa: ARG001 - one of three alike
    """From each incoming contact that follows none unanswered to the next one that goes out."""
    places = _contacts_until_cancelled(seen)
    owner, at = seen.ticket[places], seen.log.at[places]
    is_in = seen.is_incoming(places)
    opens = np.flatnonzero(is_in & (_is_first(owner) | ~_shifted(is_in)))
    n = places.size
    following = np.minimum.accumulate(np.where(is_in, n, np.arange(n))[::-1])[::-1]
    answer = following[opens]
    is_answered = answer < n
    is_answered[is_answered] &= owner[answer[is_answered]] == owner[opens[is_answered]]
    end = np.full(opens.size, np.datetime64("NaT", "us"))
    end[is_answered] = at[answer[is_answered]]
    return owner[opens], at[opens], end


def _pauses(seen: _Seen, clock: SlaClock, ticket: IntArray) -> tuple[IntArray, Moments, Moments]:
    """Give the pauses of every case, with the case of each; one that lasts has no end."""
    places = seen.changes
    owner = seen.ticket[places]
    is_pause = seen.has_status(places, clock.pause_statuses)
    is_first = _is_first(owner)
    begins = np.flatnonzero(is_pause & (is_first | ~_shifted(is_pause)))
    stops = np.flatnonzero(~is_pause & ~is_first & _shifted(is_pause))
    starts = seen.log.at[places[begins]]
    ends = np.full(begins.size, np.datetime64("NaT", "us"))
    # a stop belongs to the last begin before it, and there is one in its ticket
    ends[begins.searchsorted(stops) - 1] = seen.log.at[places[stops]]
    own = owner[begins]
    first, after = own.searchsorted(ticket, "left"), own.searchsorted(ticket, "right")
    of = np.repeat(np.arange(ticket.size), after - first)
    offsets = np.arange(of.size) - np.repeat(np.cumsum(after - first) - (after - first), after - first)
    pause = np.repeat(first, after - first) + offsets
    return of, starts[pause], ends[pause]


def _created(seen: _Seen) -> tuple[IntArray, Moments]:
    first = seen.log.starts[:-1].astype(np.int64)
    ticket = np.flatnonzero(seen.log.at[first] <= seen.now) if first.size else first
    return ticket, seen.log.at[first[ticket]]


def _until_cancelled(seen: _Seen) -> BoolArray:
    """Tell which changes of status come before their ticket's first cancellation."""
    places = seen.changes
    n_cancelled = np.cumsum(seen.has_status(places, {CANCELLED}))
    begins = np.maximum.accumulate(np.where(_is_first(seen.ticket[places]), np.arange(places.size), 0))
    before = np.append(0, n_cancelled)[begins]
    is_before: BoolArray = n_cancelled == before
    return is_before


def _contacts_until_cancelled(seen: _Seen) -> IntArray:
    cancelled = seen.cancelled_at[seen.ticket[seen.contacts]]
    return seen.contacts[np.isnat(cancelled) | (seen.log.at[seen.contacts] <= cancelled)]


def _is_first(owner: IntArray) -> BoolArray:
    """Tell where a new ticket begins in a sorted column of tickets."""
    first: BoolArray = np.append(True, owner[1:] != owner[:-1])[: owner.size]
    return first


def _shifted(values: BoolArray) -> BoolArray:
    """Give the value of the row before; False at the first."""
    before: BoolArray = np.append(False, values[:-1])[: values.size]
    return before


def _among(column: TextColumn | None, words: Any) -> BoolArray:
    found: BoolArray = np.zeros(0, dtype=bool) if column is None else column.among(words)
    return found
