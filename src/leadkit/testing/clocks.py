"""Strategies for the models of `leadkit.escalation.clocks`."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from hypothesis import strategies as st

from leadkit.escalation.clocks import Contact, SlaClock, StatusChange, TicketHistory
from leadkit.escalation.clocks.kinds import CLOCK_KINDS
from leadkit.escalation.tickets import TRANSITIONS
from leadkit.testing.calendars import calendars, instants

__all__ = ["contact", "sla_clock", "status_change", "ticket_history"]

STATUSES: Final = tuple(TRANSITIONS)
PEOPLE: Final = ("ann", "bo", "cy")
DAY: Final = 1440
# steps between two happenings: none, minutes, days
STEPS: Final = st.sampled_from((0, 1, 60)) | st.integers(0, 600) | st.integers(0, 5 * DAY)


@st.composite
def sla_clock(draw: st.DrawFn) -> SlaClock:
    """Draw a clock of any kind and calendar, with a budget of up to three days of working time."""
    minutes = draw(st.sampled_from((0, 60, 240, 480)) | st.integers(0, 3 * DAY))
    warning = draw(st.none() | st.integers(0, minutes))
    return SlaClock(
        kind=draw(st.sampled_from(CLOCK_KINDS)),
        budget=timedelta(minutes=minutes),
        calendar=draw(calendars()),
        pause_statuses=draw(st.sampled_from((["waiting"], [], ["waiting", "resolved", "closed"]))),
        on_reopen=draw(st.sampled_from(("keep", "restart"))),
        warn_before=None if warning is None else timedelta(minutes=warning),
    )


@st.composite
def status_change(draw: st.DrawFn) -> StatusChange:
    """Draw a change to any status."""
    return StatusChange(draw(instants()), draw(st.sampled_from(STATUSES)), draw(st.none() | st.sampled_from(PEOPLE)))


@st.composite
def contact(draw: st.DrawFn) -> Contact:
    """Draw a contact in either direction."""
    return Contact(draw(instants()), draw(st.sampled_from(("in", "out"))))


@st.composite
def ticket_history(draw: st.DrawFn) -> TicketHistory:
    """Draw the life of a ticket: mostly legal moves from new on, and contacts, some at one instant; in any order."""
    at = draw(instants())
    status = draw(st.sampled_from(("new", "new", "new", "in_progress", "resolved")))
    changes = [StatusChange(at, status, "ann")]
    contacts: list[Any] = []
    for _ in range(draw(st.integers(0, 7))):
        at += timedelta(minutes=draw(STEPS))
        if draw(st.sampled_from((True, True, False))):
            legal = sorted(TRANSITIONS[status]) or STATUSES
            status = draw(st.sampled_from(legal) | st.sampled_from(STATUSES))
            changes.append(StatusChange(at, status, draw(st.none() | st.sampled_from(PEOPLE))))
        else:
            contacts.append(Contact(at, draw(st.sampled_from(("in", "out")))))
    if len({change.at for change in changes}) == len(changes):
        changes = draw(st.permutations(changes))
    return TicketHistory(ticket=draw(st.sampled_from(("t1", "T 2", "007"))), changes=changes, contacts=contacts)
