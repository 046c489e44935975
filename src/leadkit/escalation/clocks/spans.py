"""From when to when a clock runs in the life of a ticket, and where it stands still in between."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import TypeAlias

from attrs import frozen

from leadkit.escalation.clocks.history import Contact, StatusChange, TicketHistory
from leadkit.escalation.clocks.kinds import CANCELLED, ENDED, UNANSWERED, ClockKind, OnReopen

__all__ = ["Pauses", "Run", "pauses_between", "run_of"]

Pauses: TypeAlias = tuple[tuple[datetime, datetime | None], ...]


@frozen
class Run:
    """The stretch that a clock measures; an end of None has not come, and `is_cancelled` tells that the ticket did."""

    start: datetime | None = None
    end: datetime | None = None
    is_cancelled: bool = False


def run_of(kind: ClockKind, history: TicketHistory, on_reopen: OnReopen) -> Run:
    """Find the stretch of a clock in what has happened; a cancellation ends each, and nothing after it is looked at."""
    if kind == "next_response":
        run = _next_response(_before(history.contacts, _cancelled_at(history)))
    elif not history.changes:
        return Run()
    elif kind == "first_response":
        run = _first_response(history)
    else:
        run = _resolution(history.changes, on_reopen)
    if run.start is None or run.end is not None:
        return run
    cancelled = _cancelled_at(history)
    return Run(run.start, cancelled, cancelled is not None)


def pauses_between(
    changes: Sequence[StatusChange], statuses: AbstractSet[str], start: datetime, end: datetime | None
) -> Pauses:
    """List the stretches in `statuses` from `start` to `end`; the last is open where neither it nor the clock ended."""
    found: list[tuple[datetime, datetime | None]] = []
    since: datetime | None = None
    for change in changes:
        if end is not None and change.at >= end:
            break
        if change.status in statuses:
            since = since or change.at
        elif since is not None:
            found.append((since, change.at))
            since = None
    if since is not None:
        found.append((since, end))
    return tuple((max(begin, start), stop) for begin, stop in found if stop is None or stop > max(begin, start))


def _resolution(changes: Sequence[StatusChange], on_reopen: OnReopen) -> Run:
    """From creation, or the last reopening, to the resolving change that no reopening follows."""
    start, end = changes[0].at, None
    for change in changes:
        if change.status == CANCELLED:
            break
        if change.status in ENDED:
            end = end or change.at
        elif end is not None or change.status == "reopened":
            end = None
            start = change.at if on_reopen == "restart" else start
    return Run(start, end)


def _first_response(history: TicketHistory) -> Run:
    """From creation to the first contact that goes out, or where no contact is known to the first change to work."""
    created = history.changes[0].at
    if history.contacts:
        contacts = _before(history.contacts, _cancelled_at(history))
        answers = (contact.at for contact in contacts if contact.direction == "out" and contact.at >= created)
        return Run(created, next(answers, None))
    beyond = next((change for change in history.changes if change.status not in UNANSWERED), None)
    return Run(created, beyond.at if beyond is not None and beyond.status != CANCELLED else None)


def _next_response(contacts: Sequence[Contact]) -> Run:
    """From the oldest incoming contact that is not answered, or else of the last exchange, to the answer."""
    run = Run()
    for contact in contacts:
        is_open = run.start is not None and run.end is None
        if contact.direction == "in" and not is_open:
            run = Run(contact.at)
        elif contact.direction == "out" and is_open:
            run = Run(run.start, contact.at)
    return run


def _cancelled_at(history: TicketHistory) -> datetime | None:
    return next((change.at for change in history.changes if change.status == CANCELLED), None)


def _before(contacts: Sequence[Contact], cancelled: datetime | None) -> Sequence[Contact]:
    return contacts if cancelled is None else [contact for contact in contacts if contact.at <= cancelled]
