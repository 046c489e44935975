"""The log as it stood at an instant."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np

from leadkit._checks import instant_faults
from leadkit.errors import Fault, LogError
from leadkit.escalation._checking import expect_kind, raise_faults
from leadkit.escalation.event_log.log import EventLog

__all__ = ["as_of", "instant64"]


def as_of(log: EventLog, t: datetime | np.datetime64) -> EventLog:
    """Keep the events up to and including an instant.

    Parameters
    ----------
    log : EventLog
        The log.
    t : datetime or datetime64
        An aware datetime, or a datetime64 in UTC.

    Returns
    -------
    EventLog
        Without the tickets that had not begun by then.

    Raises
    ------
    LogError
        `t` is no instant.

    Examples
    --------
    >>> at = [datetime(2024, 3, 4, hour, tzinfo=UTC) for hour in (8, 9, 10)]
    >>> log = EventLog.from_columns(ticket=["a", "a", "b"], at=at)
    >>> as_of(log, at[1])
    EventLog(tickets=1, events=2, columns=(), from 2024-03-04T08:00:00 to 2024-03-04T09:00:00)
    """
    expect_kind(log, EventLog, "log", LogError)
    if t is None or (isinstance(t, np.datetime64) and np.isnat(t)):
        raise_faults([Fault("t", f"expected an instant, got {t}")], "", LogError)
    if not isinstance(t, np.datetime64):
        raise_faults(instant_faults(t, "t"), "", LogError)
    return log.where(log.at <= instant64(t))


def instant64(t: object) -> np.datetime64:
    """Give an instant that has been checked as datetime64[us] in UTC."""
    if isinstance(t, datetime):
        return np.datetime64(t.astimezone(UTC).replace(tzinfo=None), "us")
    return np.datetime64(t, "us")  # type: ignore[call-overload, no-any-return]
