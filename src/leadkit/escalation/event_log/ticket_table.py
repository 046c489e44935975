"""One row a ticket: when it began, was resolved and reopened, how it moved between groups, levels and people."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, ClassVar

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from leadkit._checks import instant_faults
from leadkit._fields import FrozenMapping, sealed
from leadkit._results import TableResult
from leadkit.errors import Fault, LogError
from leadkit.escalation._checking import expect_kind, raise_faults
from leadkit.escalation.event_log.as_of import as_of, instant64
from leadkit.escalation.event_log.columns import CodeArray, InstantArray, TextColumn
from leadkit.escalation.event_log.log import EventLog
from leadkit.escalation.event_log.sequences import count_per_ticket, distinct_per_ticket, runs_of
from leadkit.typing import BoolArray, FloatArray, IntArray

__all__ = ["RESOLVING", "TicketTable", "ticket_table"]

RESOLVING = ("resolved", "closed")
ENDED = (*RESOLVING, "cancelled")
ALL_TIME = timedelta(days=3_660_000)
HOUR = np.timedelta64(1, "h") / np.timedelta64(1, "us")


@frozen(kw_only=True, eq=False)
class TicketTable(TableResult):
    """What the events of each ticket add up to; every array has shape (n_tickets,) in the order of `tickets`.

    What needs a column that the log does not have counts as missing: no instant, level 0, count 0.

    Parameters
    ----------
    tickets : tuple of str
        Ids in the order of the log.
    first, last : array of datetime64[us]
        Instants of the first and the last event.
    n_events : array of int
        Number of events.
    first_level, highest_level : array of int
        Level of the first event, and the highest one; 0 is unknown.
    resolved_at : array of datetime64[us]
        Instant of the first resolving event: status `resolved` or `closed`; NaT where there is none.
    resolving_event : array of int
        Its place in the log; -1 where there is none.
    resolved_level : array of int
        Its level; 0 is unknown.
    is_open : array of bool
        Whether the last status is none of `resolved`, `closed`, `cancelled`.
    hours : array of float
        From the first event to the first resolving one; for the others to where they are censored: `now`, or the last
        status of a cancelled ticket.
    reopenings : array of int
        Events neither resolved, closed nor cancelled that directly follow a resolved or closed one, within the window
        when there is one.
    reopened_early : array of bool
        Whether a reopening follows the first resolving event by no more than the window.
    is_window_observed : array of bool
        Whether the window after the first resolving event ends at `now` or before; False without a window.
    was_waiting : array of bool
        Whether an event has the status `waiting`.
    n_groups, n_people : array of int
        Number of different groups and people.
    group_changes, ping_pong, bounce : array of int
        Steps in the run-length sequence of groups; places that equal the one two before; length less different groups.
    level_ups, level_downs : array of int
        Rises and falls in the run-length sequence of levels.
    contacts, incoming : array of int
        Contacts with the customer, and those from the customer.
    now : datetime64[us] or None
        The instant at which the log was looked at; None where the log is empty and none was given.
    reopen_window : timedelta or None
        The window.

    Examples
    --------
    >>> from leadkit import samples
    >>> table = ticket_table(samples.tickets(5))
    >>> table.tickets, table.highest_level.tolist(), table.hours.round(1).tolist()
    (('T0001', 'T0002', 'T0003', 'T0004', 'T0005'), [1, 1, 1, 1, 1], [2.7, 1.4, 1.6, 5.3, 37.8])
    """

    tickets: tuple[str, ...]
    first: InstantArray
    last: InstantArray
    n_events: IntArray
    first_level: CodeArray
    highest_level: CodeArray
    resolved_at: InstantArray
    resolving_event: IntArray
    resolved_level: CodeArray
    is_open: BoolArray
    hours: FloatArray
    reopenings: IntArray
    reopened_early: BoolArray
    is_window_observed: BoolArray
    was_waiting: BoolArray
    n_groups: IntArray
    n_people: IntArray
    group_changes: IntArray
    ping_pong: IntArray
    bounce: IntArray
    level_ups: IntArray
    level_downs: IntArray
    contacts: IntArray
    incoming: IntArray
    now: np.datetime64 | None
    reopen_window: timedelta | None

    _columns: ClassVar[Mapping[str, str]] = FrozenMapping(
        {
            name: name.removesuffix("s") if name == "tickets" else name
            for name in (
                "tickets",
                "first",
                "last",
                "n_events",
                "first_level",
                "highest_level",
                "resolved_at",
                "resolved_level",
                "is_open",
                "hours",
                "reopenings",
                "was_waiting",
                "n_groups",
                "n_people",
                "group_changes",
                "ping_pong",
                "bounce",
                "level_ups",
                "level_downs",
                "contacts",
                "incoming",
            )
        }
    )

    @property
    def is_resolved(self) -> BoolArray:
        """Tell which tickets have a resolving event."""
        return self.resolving_event >= 0


def ticket_table(
    log: EventLog, *, now: datetime | np.datetime64 | None = None, reopen_window: timedelta | None = None
) -> TicketTable:
    """Sum up the events of each ticket.

    Parameters
    ----------
    log : EventLog
        The log.
    now : datetime, optional
        The instant at which it is looked at: later events count as not happened, and their tickets as not there. By
        default the log's last instant.
    reopen_window : timedelta, optional
        How soon after a resolved or closed event the next one must follow to count as a reopening, at least 0; by
        default any time later.

    Returns
    -------
    TicketTable

    Raises
    ------
    LogError
        An argument is of another kind.

    Examples
    --------
    >>> from datetime import UTC
    >>> log = EventLog.from_columns(
    ...     ticket=["a", "a", "a", "b"],
    ...     at=[datetime(2024, 3, 4, hour, tzinfo=UTC) for hour in (8, 9, 11, 10)],
    ...     status=["new", "resolved", "reopened", "new"],
    ... )
    >>> table = ticket_table(log)
    >>> table.hours.tolist(), table.is_resolved.tolist(), table.is_open.tolist(), table.reopenings.tolist()
    ([1.0, 1.0], [True, False], [True, True], [1, 0])
    """
    seen, at_now = seen_at(log, now, reopen_window)
    n = len(seen.tickets)
    firsts = seen.starts[:-1]
    groups, people = _texts(seen, seen.group), _texts(seen, seen.person)
    level = np.zeros(seen.events, dtype=np.int32) if seen.level is None else seen.level
    levels = runs_of(seen, level)
    n_groups = distinct_per_ticket(groups, n)
    values: dict[str, Any] = {
        "first": seen.at[firsts],
        "last": seen.at[seen.starts[1:] - 1],
        "n_events": np.diff(seen.starts).astype(np.int64),
        "first_level": level[firsts],
        "highest_level": _highest(seen, level),
        "n_groups": n_groups,
        "n_people": distinct_per_ticket(people, n),
        "group_changes": count_per_ticket(groups, groups.follows, n),
        "ping_pong": count_per_ticket(groups, groups.returns, n),
        "bounce": np.bincount(groups.ticket, minlength=n) - n_groups,
        "level_ups": count_per_ticket(levels, levels.rises, n),
        "level_downs": count_per_ticket(levels, levels.falls, n),
        "contacts": _count(seen, seen.contact, ("in", "out")),
        "incoming": _count(seen, seen.contact, ("in",)),
    }
    values |= _by_status(seen, level, at_now, reopen_window)
    return TicketTable(
        tickets=seen.tickets,
        now=at_now,
        reopen_window=reopen_window,
        **{name: sealed(one) for name, one in values.items()},
    )


def seen_at(log: EventLog, now: object, reopen_window: object) -> tuple[EventLog, np.datetime64 | None]:
    """Check the arguments; give the events up to `now`, and `now` itself: by default the log's last instant."""
    expect_kind(log, EventLog, "log", LogError)
    is_instant = isinstance(now, np.datetime64) and not np.isnat(now)
    faults = [] if is_instant else instant_faults(now, "now")
    if reopen_window is not None and not (isinstance(reopen_window, timedelta) and reopen_window >= timedelta(0)):
        faults.append(Fault("reopen_window", f"expected a timedelta of at least 0, got {reopen_window!r}"))
    raise_faults(faults, "", LogError)
    if now is None:
        return log, log.at.max() if log.events else None
    seen = as_of(log, now)  # type: ignore[arg-type]
    return seen, instant64(now)


def _by_status(
    log: EventLog, level: CodeArray, now: np.datetime64 | None, reopen_window: timedelta | None
) -> dict[str, NDArray[Any]]:
    """Tell what the sequence of statuses says; events without a status are left out of it."""
    n = len(log.tickets)
    column = log.status
    events = np.zeros(0, dtype=np.int64) if column is None else np.flatnonzero(column.codes >= 0)
    ticket = log.ticket[events]
    is_resolving, is_ended, is_waiting = (
        np.zeros(0, dtype=bool) if column is None else column.among(words)[events]
        for words in (RESOLVING, ENDED, ("waiting",))
    )
    resolving_event = _first(ticket[is_resolving], events[is_resolving], n)
    last = np.full(n, -1, dtype=np.int64)
    last[ticket] = np.arange(len(events))
    has_status = last >= 0
    is_open = np.ones(n, dtype=bool)
    is_open[has_status] = ~is_ended[last[has_status]]
    is_resolved = resolving_event >= 0
    resolved_at = np.full(n, np.datetime64("NaT", "us"))
    resolved_at[is_resolved] = log.at[resolving_event[is_resolved]]
    resolved_level = np.zeros(n, dtype=np.int32)
    resolved_level[is_resolved] = level[resolving_event[is_resolved]]
    at_now = np.full(n, np.datetime64("NaT", "us") if now is None else now)
    until = at_now.copy()
    until[~is_open] = log.at[events[last[~is_open]]]
    until[is_resolved] = resolved_at[is_resolved]
    reopens = np.zeros(len(events), dtype=bool)
    reopens[1:] = is_resolving[:-1] & ~is_ended[1:] & (ticket[1:] == ticket[:-1])
    times = log.at[events]
    early = np.zeros(len(events), dtype=bool)
    is_window_observed = np.zeros(n, dtype=bool)
    if reopen_window is not None:
        window = np.timedelta64(min(reopen_window, ALL_TIME))
        early = reopens & (times - resolved_at[ticket] <= window)
        reopens[1:] &= times[1:] - times[:-1] <= window
        is_window_observed = is_resolved & (at_now - resolved_at >= window)
    return {
        "resolved_at": resolved_at,
        "resolving_event": resolving_event,
        "resolved_level": resolved_level,
        "is_open": is_open,
        "hours": (until - log.at[log.starts[:-1]]).view(np.int64) / HOUR,
        "reopenings": np.bincount(ticket[reopens], minlength=n),
        "reopened_early": np.bincount(ticket[early], minlength=n) > 0,
        "is_window_observed": is_window_observed,
        "was_waiting": np.bincount(ticket[is_waiting], minlength=n) > 0,
    }


def _first(ticket: CodeArray, events: IntArray, n: int) -> IntArray:
    """Give the first of `events` of each ticket; -1 where it has none."""
    first = np.full(n, -1, dtype=np.int64)
    begins = np.ones(len(ticket), dtype=bool)
    begins[1:] = ticket[1:] != ticket[:-1]
    first[ticket[begins]] = events[begins]
    return first


def _highest(log: EventLog, level: CodeArray) -> CodeArray:
    return np.maximum.reduceat(level, log.starts[:-1]) if log.events else np.zeros(0, dtype=np.int32)


def _texts(log: EventLog, column: TextColumn | None) -> Any:
    return runs_of(log, np.zeros(log.events, dtype=np.int32) if column is None else column)


def _count(log: EventLog, column: TextColumn | None, words: tuple[str, ...]) -> IntArray:
    n = len(log.tickets)
    return np.zeros(n, dtype=np.int64) if column is None else np.bincount(log.ticket[column.among(words)], minlength=n)
