"""Service clocks: what is promised about a ticket, when it is due in working time, and how it stands."""

from leadkit.escalation.clocks.history import Contact, Direction, StatusChange, TicketHistory
from leadkit.escalation.clocks.kinds import ClockKind, OnReopen
from leadkit.escalation.clocks.reading import ClockReading, ClockState, earliest
from leadkit.escalation.clocks.sla import SlaClock

__all__ = [
    "ClockKind",
    "ClockReading",
    "ClockState",
    "Contact",
    "Direction",
    "OnReopen",
    "SlaClock",
    "StatusChange",
    "TicketHistory",
    "earliest",
]
