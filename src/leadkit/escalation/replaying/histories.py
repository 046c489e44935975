"""From an event log to what a policy hears of each ticket: acknowledged, paused, resumed, closed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final, Literal, TypeAlias

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from leadkit.escalation.event_log import EventLog, TextColumn, runs_of
from leadkit.escalation.policy.events import EVENT_ORDER, EventKind
from leadkit.typing import IntArray

__all__ = ["ENDED", "Acknowledgement", "Happenings", "History", "happenings_of", "histories", "instants_of"]

Acknowledgement: TypeAlias = Literal["first_person_change", "in_progress"]
"""What counts as an acknowledgement: the first change of person, or the first status `in_progress`."""

ENDED: Final = ("resolved", "closed", "cancelled")
KINDS: Final[tuple[EventKind, ...]] = tuple(EVENT_ORDER)  # type: ignore[arg-type]


@frozen(eq=False)
class History:
    """What a policy hears of one ticket: its start, its end if it has one, and what happened between them in order."""

    ticket: str
    place: int
    start: datetime
    end: datetime | None
    events: tuple[tuple[datetime, EventKind], ...]


@frozen(eq=False)
class Happenings:
    """Happenings of all tickets as columns, in order of ticket, instant and kind."""

    ticket: IntArray
    at: NDArray[np.datetime64]
    kind: IntArray


def happenings_of(log: EventLog, ack: Acknowledgement) -> Happenings:
    """Find what a policy hears of the tickets of a log.

    Parameters
    ----------
    log : EventLog
        The log.
    ack : {"first_person_change", "in_progress"}
        What counts as an acknowledgement.

    Returns
    -------
    Happenings
        Up to the first event that is resolved, closed or cancelled, the only one of its instant. A ticket is paused
        while the last status of an instant is `waiting`.
    """
    parts = [_marked(_firsts(log, _with_status(log, ENDED)), "close")]
    if ack == "in_progress":
        parts.append(_marked(_firsts(log, _with_status(log, ("in_progress",))), "ack"))
    elif log.person is not None:
        people = runs_of(log, log.person)
        parts.append(_marked(_firsts(log, people.event[people.follows]), "ack"))
    parts += _pauses(log)
    events = np.concatenate([events for events, _ in parts])
    kind = np.concatenate([kinds for _, kinds in parts])
    ticket, at = log.ticket[events].astype(np.int64), log.at[events]
    order = np.lexsort((kind, at, ticket))
    ticket, at, kind = ticket[order], at[order], kind[order]
    closed = np.full(len(log.tickets), np.datetime64("NaT", "us"))
    is_close = kind == EVENT_ORDER["close"]
    closed[ticket[is_close]] = at[is_close]
    # a comparison with NaT is false
    kept = is_close | ~(at >= closed[ticket])
    return Happenings(ticket[kept], at[kept], kind[kept])


def histories(log: EventLog, ack: Acknowledgement) -> Iterator[History]:
    """Give the history of each ticket, in the order of the log."""
    found = happenings_of(log, ack)
    bounds = np.searchsorted(found.ticket, np.arange(len(log.tickets) + 1)).tolist()
    starts = instants_of(log.at[log.starts[:-1]])
    at, kinds = instants_of(found.at), [KINDS[kind] for kind in found.kind.tolist()]
    for place, ticket in enumerate(log.tickets):
        events = tuple(
            zip(at[bounds[place] : bounds[place + 1]], kinds[bounds[place] : bounds[place + 1]], strict=True)
        )
        end = events[-1][0] if events and events[-1][1] == "close" else None
        yield History(ticket, place, starts[place], end, events)


def instants_of(at: NDArray[np.datetime64]) -> list[datetime]:
    """Give instants as datetimes in UTC."""
    return [moment.replace(tzinfo=UTC) for moment in at.tolist()]


def _with_status(log: EventLog, words: tuple[str, ...]) -> IntArray:
    return np.zeros(0, dtype=np.int64) if log.status is None else np.flatnonzero(log.status.among(words))


def _firsts(log: EventLog, events: IntArray) -> IntArray:
    """Keep the first of the events of each ticket."""
    return events[np.unique(log.ticket[events], return_index=True)[1]]


def _marked(events: IntArray, kind: EventKind) -> tuple[IntArray, IntArray]:
    return events, np.full(len(events), EVENT_ORDER[kind])


def _pauses(log: EventLog) -> list[tuple[IntArray, IntArray]]:
    """Find where tickets begin and cease to wait; of the statuses of one instant the last counts."""
    column: TextColumn | None = log.status
    if column is None:
        return []
    events = np.flatnonzero(column.codes >= 0)
    ticket, at = log.ticket[events], log.at[events]
    is_last = np.ones(len(events), dtype=bool)
    is_last[:-1] = (ticket[1:] != ticket[:-1]) | (at[1:] != at[:-1])
    events, ticket = events[is_last], ticket[is_last]
    waits = column.among(("waiting",))[events]
    waited = np.zeros(len(events), dtype=bool)
    waited[1:] = waits[:-1] & (ticket[1:] == ticket[:-1])
    return [_marked(events[waits & ~waited], "pause"), _marked(events[waited & ~waits], "resume")]
