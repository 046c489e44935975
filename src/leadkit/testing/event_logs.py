"""Strategies for the models of `leadkit.escalation.event_log` and its neighbours."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from leadkit.escalation.event_log import EventLog
from leadkit.escalation.profiles import STATUSES, LogProfile

__all__ = ["event_log", "event_logs", "log_profile"]

FIRST = datetime(2024, 3, 4, 8, tzinfo=UTC)
TICKETS = ("t1", "t2", "T3", "007", "=1+1")
COLUMNS: dict[str, st.SearchStrategy[Any]] = {
    "status": st.sampled_from((None, *STATUSES)),
    "level": st.sampled_from((0, 1, 1, 2, 3)),
    "group": st.sampled_from((None, "desk", "net", "=apps")),
    "person": st.sampled_from((None, "ann", "bo", "cy, jr")),
    "contact": st.sampled_from((None, "in", "in", "out")),
    "domain": st.sampled_from((None, "billing", " login", 'the "net"')),
}
HEADERS = {"ticket": "case", "at": "time", "status": ("state", "reason"), "level": "line"}


@st.composite
def event_log(draw: st.DrawFn, *, distinct: bool = False) -> EventLog:
    """Draw up to thirty events of five tickets, in some or all columns and with missing values.

    Parameters
    ----------
    distinct : bool
        Whether no two events of a ticket share an instant, so that the order of rows is no part of the data.
    """
    moments = st.tuples(st.sampled_from(TICKETS), st.integers(0, 60))
    events = draw(st.lists(moments, max_size=30, unique=distinct))
    columns: dict[str, Any] = {
        name: draw(st.lists(values, min_size=len(events), max_size=len(events)))
        for name, values in COLUMNS.items()
        if draw(st.sampled_from((True, True, True, False)))
    }
    at = [FIRST + timedelta(minutes=20 * minutes) for _, minutes in events]
    return EventLog.from_columns(ticket=[ticket for ticket, _ in events], at=at, **columns)


def event_logs() -> st.SearchStrategy[EventLog]:
    """Draw a log as `event_log` does."""
    return event_log()


@st.composite
def log_profile(draw: st.DrawFn) -> LogProfile:
    """Draw a profile with or without words of its own for statuses, levels and nothing."""
    return LogProfile(
        columns={
            name: HEADERS[name] for name in ("ticket", "at", *draw(st.sets(st.sampled_from(("status", "level")))))
        },
        statuses=draw(st.dictionaries(st.sampled_from(("Open*", "Done", "*/Wait")), st.sampled_from(STATUSES))),
        level=draw(st.none() | st.dictionaries(st.sampled_from(("L1", "L2")), st.integers(1, 3))),
        missing=tuple(draw(st.sets(st.sampled_from(("?", "n/a"))))),
        time_format=draw(st.sampled_from((None, "%d/%m/%Y %H:%M"))),
        zone=draw(st.sampled_from((None, "UTC", "Europe/Rome"))),
    )
