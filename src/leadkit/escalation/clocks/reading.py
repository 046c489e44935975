"""How a service clock stands at an instant, and which of several is due first."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Final, Literal, TypeAlias

from attrs import field, frozen

from leadkit._checks import as_tuple, member_faults
from leadkit._results import Result
from leadkit.calendars import NEVER, Never
from leadkit.errors import EscalationError, Fault
from leadkit.escalation._checking import raise_faults
from leadkit.escalation.clocks.kinds import ClockKind

__all__ = ["ClockReading", "ClockState", "earliest"]

ClockState: TypeAlias = Literal["running", "paused", "met", "breached", "not_started"]
"""How a clock stands: it runs, is paused, ended in time, is late (ended or not), or has not begun."""

DURATIONS: Final = ("elapsed", "remaining")


@frozen(kw_only=True, eq=False)
class ClockReading(Result):
    """How a service clock stands at an instant.

    Parameters
    ----------
    kind : {"first_response", "next_response", "resolution"}
        The kind of the clock.
    state : {"running", "paused", "met", "breached", "not_started"}
        A clock that ended at the due instant or before is met. Once the due instant has passed it is breached, whether it
        ended later, still runs, or is paused.
    started_at : datetime.datetime, optional
        When it began; None where it has not.
    due_at : datetime.datetime or Never, optional
        When the budget is used up; `NEVER` where that is not known, as during a pause, or never comes; None where the
        clock has not begun.
    warn_at : datetime.datetime or Never, optional
        When to warn; None where the clock gives no warning or has not begun.
    ended_at : datetime.datetime, optional
        When it ended; None where it has not.
    elapsed : datetime.timedelta
        Working time used up to the end or, without one, to now.
    remaining : datetime.timedelta
        Budget less `elapsed`; negative when more was used.
    pauses : tuple of (datetime, datetime or None)
        The pauses from the start on; an end of None is not known yet.
    flags : tuple of str
        What is doubtful; see `ESCALATION_FLAGS`.

    Examples
    --------
    >>> from datetime import UTC
    >>> from leadkit.calendars import WorkCalendar
    >>> from leadkit.escalation.clocks import SlaClock, StatusChange, TicketHistory
    >>> nine = datetime(2026, 3, 2, 9, tzinfo=UTC)
    >>> history = TicketHistory(ticket="t1", changes=[StatusChange(nine, "new")])
    >>> clock = SlaClock(kind="resolution", budget=timedelta(hours=8), calendar=WorkCalendar.always())
    >>> reading = clock.read(history, nine + timedelta(hours=6))
    >>> reading.state, str(reading.due_at), str(reading.remaining)
    ('running', '2026-03-02 17:00:00+00:00', '2:00:00')
    """

    kind: ClockKind
    state: ClockState
    started_at: datetime | None
    due_at: datetime | Never | None
    warn_at: datetime | Never | None
    ended_at: datetime | None
    elapsed: timedelta
    remaining: timedelta
    pauses: tuple[tuple[datetime, datetime | None], ...] = field(converter=as_tuple)
    flags: tuple[str, ...] = field(default=(), converter=as_tuple)

    @property
    def is_open(self) -> bool:
        """Whether the clock has begun and not ended."""
        return self.started_at is not None and self.ended_at is None

    def to_dict(self) -> dict[str, Any]:
        """Give every field as plain Python; durations in seconds, `NEVER` as None."""
        return super().to_dict() | {name: getattr(self, name).total_seconds() for name in DURATIONS}


def earliest(readings: Iterable[ClockReading]) -> ClockReading:
    """Find the clock to look at first: of those that have begun and not ended, the one due first.

    Parameters
    ----------
    readings : iterable of ClockReading
        At least one, in any order.

    Returns
    -------
    ClockReading
        The least `due_at` among the open readings; where none is open, among those that ended, and last among those not
        begun. Ties go to the one that started first, then by the name of the kind.

    Raises
    ------
    EscalationError
        There is no reading, or something else among them.

    Examples
    --------
    >>> from datetime import UTC
    >>> from leadkit.calendars import WorkCalendar
    >>> from leadkit.escalation.clocks import SlaClock, StatusChange, TicketHistory
    >>> nine = datetime(2026, 3, 2, 9, tzinfo=UTC)
    >>> history = TicketHistory(ticket="t1", changes=[StatusChange(nine, "new")])
    >>> clocks = [
    ...     SlaClock(kind=kind, budget=timedelta(hours=hours), calendar=WorkCalendar.always())
    ...     for kind, hours in (("resolution", 8), ("first_response", 1))
    ... ]
    >>> earliest(clock.read(history, nine) for clock in clocks).kind
    'first_response'
    """
    members = as_tuple(readings)
    faults = member_faults(members, ClockReading, "readings", "ClockReading")
    if isinstance(members, tuple) and not members:
        faults = [Fault("readings", "expected at least one")]
    raise_faults(faults, "", EscalationError)
    first: ClockReading = min(members, key=_urgency)
    return first


def _urgency(reading: ClockReading) -> tuple[Any, ...]:
    if reading.started_at is None or reading.due_at is None:
        return (2, reading.kind, reading.remaining)
    # NEVER is later than every datetime, and as a truth value it sorts last
    return (
        reading.ended_at is not None,
        reading.due_at,
        reading.started_at,
        reading.kind,
        reading.remaining,
        reading.warn_at or NEVER,
    )
