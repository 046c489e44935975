"""What happened to one ticket: its changes of status, and the contacts with the customer."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from operator import attrgetter
from typing import Any, Final, Literal, TypeAlias, get_args

from attrs import evolve, field, frozen

from leadkit._checks import as_tuple, id_faults, member_faults, optional_id_faults, word_faults
from leadkit._results import Value
from leadkit.errors import EscalationError
from leadkit.escalation._checking import raise_faults
from leadkit.escalation._instants import as_utc, required_instant_faults
from leadkit.escalation.tickets import TRANSITIONS

__all__ = ["Contact", "Direction", "StatusChange", "TicketHistory"]

Direction: TypeAlias = Literal["in", "out"]
"""Whether a contact came from the customer ("in") or went to them ("out")."""

DIRECTIONS: Final[tuple[str, ...]] = get_args(Direction)


@frozen(eq=False)
class StatusChange(Value):
    """A ticket came to a status.

    Parameters
    ----------
    at : datetime.datetime
        When; kept in UTC.
    status : str
        A status of `TRANSITIONS`.
    by : str, optional
        Who did it.

    Raises
    ------
    EscalationError
        A part is wrong; `faults` holds all of it.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> StatusChange(datetime(2026, 3, 2, 9, tzinfo=UTC), "asigned")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ...
    leadkit.errors.EscalationError: status change: status: expected one of 'new', ..., got 'asigned' (did you mean 'assigned'?)
    """

    at: datetime = field(converter=as_utc)
    status: str
    by: str | None = None

    def __attrs_post_init__(self) -> None:
        faults = required_instant_faults(self.at, "at")
        faults += word_faults(self.status, tuple(TRANSITIONS), "status") + optional_id_faults(self.by, "by")
        raise_faults(faults, "status change", EscalationError)


@frozen(eq=False)
class Contact(Value):
    """A message or call between the customer and the desk.

    Parameters
    ----------
    at : datetime.datetime
        When; kept in UTC.
    direction : {"in", "out"}
        From the customer, or to them.

    Raises
    ------
    EscalationError
        A part is wrong; `faults` holds all of it.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> Contact(datetime(2026, 3, 2, 9, tzinfo=UTC), "in").direction
    'in'
    """

    at: datetime = field(converter=as_utc)
    direction: Direction

    def __attrs_post_init__(self) -> None:
        faults = required_instant_faults(self.at, "at") + word_faults(self.direction, DIRECTIONS, "direction")
        raise_faults(faults, "contact", EscalationError)


def _in_order(values: Any) -> Any:
    """Sort by instant; what happened at one instant keeps the given order."""
    members = as_tuple(values)
    if isinstance(members, tuple) and all(isinstance(member, StatusChange | Contact) for member in members):
        return tuple(sorted(members, key=attrgetter("at")))
    return members


@frozen(kw_only=True, eq=False)
class TicketHistory(Value):
    """All that service clocks look at in the life of one ticket.

    Parameters
    ----------
    ticket : str
        Its id.
    changes : sequence of StatusChange
        In any order; they are kept sorted by instant, where those of one instant stay in the order given. The first is
        the creation of the ticket. Whether each change is a legal move is not asked: a history holds what happened.
    contacts : sequence of Contact
        In any order, kept sorted likewise.

    Raises
    ------
    EscalationError
        A part is wrong; `faults` holds all of it.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> nine, ten = datetime(2026, 3, 2, 9, tzinfo=UTC), datetime(2026, 3, 2, 10, tzinfo=UTC)
    >>> history = TicketHistory(ticket="t1", changes=[StatusChange(ten, "assigned"), StatusChange(nine, "new")])
    >>> history.created_at == nine, len(history.until(nine).changes)
    (True, 1)
    """

    ticket: str
    changes: tuple[StatusChange, ...] = field(converter=_in_order)
    contacts: tuple[Contact, ...] = field(default=(), converter=_in_order)

    def __attrs_post_init__(self) -> None:
        faults = id_faults(self.ticket, "ticket")
        faults += member_faults(self.changes, StatusChange, "changes", "StatusChange")
        faults += member_faults(self.contacts, Contact, "contacts", "Contact")
        raise_faults(faults, f"history of ticket {self.ticket!r}", EscalationError)

    @property
    def created_at(self) -> datetime | None:
        """When the ticket was created: its first change; None without any."""
        return self.changes[0].at if self.changes else None

    def until(self, now: datetime) -> TicketHistory:
        """Give what had happened up to an instant, that instant included."""
        raise_faults(required_instant_faults(now, "now"), "", EscalationError)
        return evolve(self, changes=_seen(self.changes, now), contacts=_seen(self.contacts, now))


def _seen(members: Iterable[Any], now: datetime) -> tuple[Any, ...]:
    return tuple(member for member in members if member.at <= now)
