"""Tickets: what is known of one case, and the moves that are open to it."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import Any, Final, Literal, Self, TypeAlias, cast, get_args

import attrs
from attrs import field, frozen

from leadkit._checks import (
    as_tuple,
    id_faults,
    instant_faults,
    optional_id_faults,
    word_faults,
)
from leadkit._fields import FrozenMapping, repeated
from leadkit._results import Value, plain
from leadkit.errors import EscalationError, Fault, IllegalTransition
from leadkit.escalation._checking import count_faults, expect_kind, raise_faults
from leadkit.escalation._instants import as_utc, required_instant_faults
from leadkit.escalation._mappings import as_numbers, as_sorted, as_whole, level_faults, mapping_faults

__all__ = ["TRANSITIONS", "Ticket", "TicketStatus", "hand_back", "move", "raise_level"]

TicketStatus: TypeAlias = Literal[
    "new", "assigned", "in_progress", "waiting", "resolved", "closed", "reopened", "cancelled"
]
"""How a ticket stands."""

STATUSES: Final[tuple[str, ...]] = get_args(TicketStatus)

TRANSITIONS: Final[Mapping[str, frozenset[str]]] = FrozenMapping(
    {
        "new": frozenset({"assigned", "cancelled"}),
        "assigned": frozenset({"in_progress", "waiting", "assigned", "resolved", "cancelled"}),
        "in_progress": frozenset({"waiting", "assigned", "resolved", "cancelled"}),
        "waiting": frozenset({"in_progress", "assigned", "resolved", "cancelled"}),
        "resolved": frozenset({"closed", "reopened"}),
        "closed": frozenset({"reopened"}),
        "reopened": frozenset({"in_progress", "assigned", "resolved"}),
        "cancelled": frozenset(),
    }
)
"""The statuses that a ticket can go to from each: the whole table, so what is not in it is refused."""


def _as_skills(values: Any) -> Any:
    """Keep skills as a tuple; a set has no order of its own, so it gets that of the ids."""
    return tuple(sorted(values, key=str)) if isinstance(values, AbstractSet) else as_tuple(values)


@frozen(kw_only=True, eq=False)
class Ticket(Value):
    """One case that a customer or a monitor has brought.

    Parameters
    ----------
    id : str
        Its id.
    domain : str
        The domain of the matrix that it belongs to.
    created_at : datetime.datetime
        Aware instant at which it came; kept in UTC.
    priority : int
        1 is the most urgent.
    severity : str, optional
        How bad the effect is, in whatever words the team uses.
    status : str
        A key of `TRANSITIONS`.
    level : int
        Rank of the level that it is at, from 1.
    owner : str, optional
        Who answers for it towards the customer; stays with the ticket to the end.
    assignee : str, optional
        Who works on it now.
    due_at : datetime.datetime, optional
        Aware instant at which it is promised; kept in UTC.
    requires : mapping of str to float
        Skills, and the level of each, that the ticket needs beyond what its domain asks for.
    preferred : iterable of str
        Skills that would help.
    reopened : int
        How often it was reopened.
    attributes : mapping of str to str
        Anything else, as text.

    Raises
    ------
    EscalationError
        A field is wrong; `faults` holds everything that is.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> ticket = Ticket(id="t1", domain="billing", created_at=datetime(2026, 5, 4, 9, tzinfo=UTC), requires={"sql": 2})
    >>> ticket.status, ticket.level, ticket.requires["sql"]
    ('new', 1, 2.0)
    >>> Ticket(id="t1", domain="billing", created_at=datetime(2026, 5, 4, 9), priority=0)
    Traceback (most recent call last):
    ...
    leadkit.errors.EscalationError: ticket 't1': 2 faults
      created_at: expected a datetime with a time zone, got 2026-05-04T09:00:00 without one
      priority: expected a whole number of at least 1, got 0
    """

    id: str
    domain: str
    created_at: datetime = field(converter=as_utc)
    priority: int = field(default=3, converter=as_whole)
    severity: str | None = None
    status: TicketStatus = "new"
    level: int = field(default=1, converter=as_whole)
    owner: str | None = None
    assignee: str | None = None
    due_at: datetime | None = field(default=None, converter=as_utc)
    requires: Mapping[str, float] = field(factory=dict, converter=as_numbers)
    preferred: tuple[str, ...] = field(default=(), converter=_as_skills)
    reopened: int = field(default=0, converter=as_whole)
    attributes: Mapping[str, str] = field(factory=dict, converter=as_sorted)

    def __attrs_post_init__(self) -> None:
        faults = id_faults(self.id, "id") + id_faults(self.domain, "domain")
        faults += required_instant_faults(self.created_at, "created_at") + instant_faults(self.due_at, "due_at")
        faults += count_faults(self.priority, "priority") + count_faults(self.level, "level")
        faults += count_faults(self.reopened, "reopened", least=0)
        faults += word_faults(self.status, STATUSES, "status")
        for name in ("severity", "owner", "assignee"):
            faults += optional_id_faults(getattr(self, name), name)
        faults += level_faults(self.requires, "requires") + _preferred_faults(self.preferred)
        faults += mapping_faults(self.attributes, "attributes", "key", _text_faults, what="names to texts")
        raise_faults(faults, f"ticket {self.id!r}", EscalationError)

    def to_dict(self) -> dict[str, Any]:
        """Give every field as plain data for `from_dict` and for JSON: instants as ISO text.

        Returns
        -------
        dict
            Field name to value.
        """
        return {part.name: plain(getattr(self, part.name)) for part in attrs.fields(type(self))}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Build a ticket from plain data.

        Parameters
        ----------
        data : mapping
            What `to_dict` gives; what has a default may be left out.

        Returns
        -------
        Ticket
            The ticket.

        Raises
        ------
        EscalationError
            A key is unknown or a part is wrong; `faults` holds everything that is, each with its path.

        Examples
        --------
        >>> Ticket.from_dict({"id": "t1", "domain": "login", "created_at": "2026-05-04T11:00:00+02:00"}).created_at
        datetime.datetime(2026, 5, 4, 9, 0, tzinfo=datetime.timezone.utc)
        """
        from leadkit._convert import structure_fields

        return structure_fields(data, cls, error=EscalationError, subject="ticket")


def move(ticket: Ticket, status: str, *, assignee: str | None = None) -> Ticket:
    """Give the ticket in another status.

    Parameters
    ----------
    ticket : Ticket
        The ticket.
    status : str
        Where it goes: one of `TRANSITIONS[ticket.status]`.
    assignee : str, optional
        Who works on it from now on; None leaves whoever does. A ticket that goes to "assigned" needs one or the other.

    Returns
    -------
    Ticket
        A new one: `status`, `assignee` and, on reopening, `reopened` (one more) differ, nothing else.

    Raises
    ------
    IllegalTransition
        The table has no such move; the message names the ticket, both statuses and the moves there are.
    EscalationError
        There is no such status, the assignee is no id, or a ticket is assigned to nobody.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> ticket = Ticket(id="t1", domain="billing", created_at=datetime(2026, 5, 4, 9, tzinfo=UTC))
    >>> move(ticket, "assigned", assignee="ann").assignee
    'ann'
    >>> move(ticket, "closed")
    Traceback (most recent call last):
    ...
    leadkit.errors.IllegalTransition: ticket 't1': no move from 'new' to 'closed'; allowed: 'assigned', 'cancelled'
    """
    expect_kind(ticket, Ticket, "ticket")
    subject = f"ticket {ticket.id!r}"
    faults = word_faults(status, STATUSES, "status") + optional_id_faults(assignee, "assignee")
    raise_faults(faults, subject, EscalationError)
    expect_move(ticket, status)
    person = ticket.assignee if assignee is None else assignee
    if status == "assigned" and person is None:
        fault = Fault("assignee", "expected who a ticket is assigned to, got None and the ticket has nobody")
        raise_faults([fault], subject, EscalationError)
    reopened = ticket.reopened + (status == "reopened")
    return attrs.evolve(ticket, status=cast("TicketStatus", status), assignee=person, reopened=reopened)


def expect_move(ticket: Ticket, status: str) -> None:
    """Refuse a status that the ticket cannot go to."""
    allowed = TRANSITIONS[ticket.status]
    if status not in allowed:
        told = ", ".join(map(repr, sorted(allowed))) or "nothing"
        fault = Fault("", f"no move from {ticket.status!r} to {status!r}; allowed: {told}")
        raise_faults([fault], f"ticket {ticket.id!r}", IllegalTransition)


def raise_level(ticket: Ticket, level: int, *, assignee: str | None = None) -> Ticket:
    """Give the ticket at a higher level; only `level` and `assignee` differ.

    Parameters
    ----------
    ticket : Ticket
        The ticket.
    level : int
        Rank of the level that it goes to, above its own.
    assignee : str, optional
        Who takes over there; None where that is still open, so that nobody of the level below keeps it by accident.

    Returns
    -------
    Ticket
        A new one; owner, status and priority stay.

    Raises
    ------
    EscalationError
        The level is not above that of the ticket, or the assignee is no id.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> ticket = Ticket(id="t1", domain="billing", created_at=datetime(2026, 5, 4, 9, tzinfo=UTC), owner="ann")
    >>> higher = raise_level(ticket, 2)
    >>> higher.level, higher.owner, higher.assignee
    (2, 'ann', None)
    """
    return _at_level(ticket, level, assignee, step=1)


def hand_back(ticket: Ticket, level: int, *, assignee: str | None = None) -> Ticket:
    """Give the ticket at a lower level: the decision of a person, which no rule takes by itself.

    Parameters, result and errors are those of `raise_level`, except that `level` has to be below that of the ticket.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> ticket = Ticket(id="t1", domain="billing", created_at=datetime(2026, 5, 4, 9, tzinfo=UTC), level=2)
    >>> hand_back(ticket, 1, assignee="bo").level
    1
    >>> hand_back(ticket, 3)
    Traceback (most recent call last):
    ...
    leadkit.errors.EscalationError: ticket 't1': level: expected a level below 2, that of the ticket, got 3
    """
    return _at_level(ticket, level, assignee, step=-1)


def _at_level(ticket: Ticket, level: int, assignee: str | None, *, step: int) -> Ticket:
    expect_kind(ticket, Ticket, "ticket")
    faults = count_faults(level, "level") + optional_id_faults(assignee, "assignee")
    if not faults and (level - ticket.level) * step <= 0:
        side = "above" if step > 0 else "below"
        faults = [Fault("level", f"expected a level {side} {ticket.level}, that of the ticket, got {level}")]
    raise_faults(faults, f"ticket {ticket.id!r}", EscalationError)
    return attrs.evolve(ticket, level=level, assignee=assignee)


def _preferred_faults(preferred: object) -> list[Fault]:
    if not isinstance(preferred, tuple):
        return [Fault("preferred", f"expected a list of skills, got {preferred!r}")]
    faults = [fault for place, own in enumerate(preferred) for fault in id_faults(own, f"preferred[{place}]")]
    return faults or [Fault("preferred", f"skill {own!r} is there more than once") for own in repeated(preferred)]


def _text_faults(value: object, where: str) -> list[Fault]:
    return [] if isinstance(value, str) else [Fault(where, f"expected a text, got {value!r}")]
