"""The rules that a team routes by: what a waiting ticket need no longer have, how it is passed on, how far up."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final, Literal, TypeAlias, get_args

from attrs import field, frozen

from leadkit._checks import amount_faults, as_amount, as_tuple, id_faults, member_faults, word_faults
from leadkit._fields import repeated
from leadkit._results import Value
from leadkit.errors import EscalationError, Fault
from leadkit.escalation._checking import count_faults, duration_faults, expect_kind, raise_faults
from leadkit.escalation._instants import expect_instant
from leadkit.escalation._mappings import as_whole
from leadkit.escalation.tickets import Ticket

__all__ = ["DEFAULT_RULES", "Mode", "Relaxation", "RoutingRules", "next_check", "relaxed_needs"]

Mode: TypeAlias = Literal["transfer", "consult"]
"""Whether the person found takes the ticket over, or joins the one who has it."""

MODES: Final[tuple[str, ...]] = get_args(Mode)


@frozen(kw_only=True, eq=False)
class Relaxation(Value):
    """What a ticket need no longer have once it has waited.

    Parameters
    ----------
    after : datetime.timedelta
        Time since the ticket was created, at least 0; the relaxation holds from that instant on.
    skill : str
        The required skill that it is about.
    to : float or None
        The level that is enough from then on, at least 0; None drops the requirement.

    Raises
    ------
    EscalationError
        A field is wrong; `faults` holds everything that is.

    Examples
    --------
    >>> Relaxation(after=timedelta(minutes=20), skill="french", to=None).to is None
    True
    """

    after: timedelta
    skill: str
    to: float | None = field(converter=as_amount)

    def __attrs_post_init__(self) -> None:
        faults = duration_faults(self.after, "after") + id_faults(self.skill, "skill")
        faults += [] if self.to is None else amount_faults(self.to, "to")
        raise_faults(faults, "relaxation", EscalationError)


@frozen(kw_only=True, eq=False)
class RoutingRules(Value):
    """How a team routes.

    Parameters
    ----------
    relax : iterable of Relaxation
        In any order; kept sorted by time and skill.
    mode : {"transfer", "consult"}
        Whether the person found takes the ticket over, or joins the assignee and both learn from it.
    max_level : int, optional
        Rank up to which a ticket may climb, at least 1; by default the highest there is. A ticket that is above it already
        stays where it is.
    fairness : datetime.timedelta, optional
        Idle times that differ by less than this from the longest of them count as equally long.

    Raises
    ------
    EscalationError
        A field is wrong, or a skill is relaxed twice at one time; `faults` holds everything that is.

    Examples
    --------
    >>> RoutingRules(mode="copy", max_level=0)
    Traceback (most recent call last):
    ...
    leadkit.errors.EscalationError: routing rules: 2 faults
      mode: expected one of 'transfer', 'consult', got 'copy'
      max_level: expected a whole number of at least 1, got 0
    """

    relax: tuple[Relaxation, ...] = field(default=(), converter=as_tuple)
    mode: Mode = "transfer"
    max_level: int | None = field(default=None, converter=as_whole)
    fairness: timedelta | None = None

    def __attrs_post_init__(self) -> None:
        faults = member_faults(self.relax, Relaxation, "relax", "Relaxation")
        if not faults:
            in_order = tuple(sorted(self.relax, key=lambda part: (part.after, part.skill)))
            object.__setattr__(self, "relax", in_order)
            double = repeated((part.after, part.skill) for part in in_order)
            faults = [Fault("relax", f"skill {skill!r} is relaxed twice after {after}") for after, skill in double]
        faults += word_faults(self.mode, MODES, "mode")
        if self.max_level is not None:
            faults += count_faults(self.max_level, "max_level")
        if self.fairness is not None:
            faults += duration_faults(self.fairness, "fairness")
        raise_faults(faults, "routing rules", EscalationError)


DEFAULT_RULES: Final = RoutingRules()
"""Transfer to the next who can, up to the highest level, with nothing relaxed."""


def relaxed_needs(
    ticket: Ticket, rules: RoutingRules, now: datetime
) -> tuple[Mapping[str, float], tuple[Relaxation, ...]]:
    """Give what a ticket still requires at an instant, and the relaxations that made a difference to it."""
    if not rules.relax or not ticket.requires:
        return ticket.requires, ()
    waited = now - ticket.created_at
    needs = dict(ticket.requires)
    used = tuple(part for part in rules.relax if part.after <= waited and _ease(needs, part))
    return needs, used


def next_check(ticket: Ticket, rules: RoutingRules, now: datetime) -> datetime | None:
    """Tell when a relaxation can next change where a ticket goes.

    Parameters
    ----------
    ticket : Ticket
        The ticket.
    rules : RoutingRules
        With the relaxations.
    now : datetime.datetime
        Aware instant.

    Returns
    -------
    datetime.datetime or None
        The first instant after `now`, in UTC, at which the ticket requires less than before; None when there is none.

    Raises
    ------
    EscalationError
        An argument is of another kind, or `now` has no time zone.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> nine = datetime(2026, 5, 4, 9, tzinfo=UTC)
    >>> ticket = Ticket(id="t1", domain="billing", created_at=nine, requires={"french": 2})
    >>> rules = RoutingRules(relax=[Relaxation(after=timedelta(minutes=20), skill="french", to=None)])
    >>> next_check(ticket, rules, nine)
    datetime.datetime(2026, 5, 4, 9, 20, tzinfo=datetime.timezone.utc)
    >>> next_check(ticket, rules, nine + timedelta(minutes=20)) is None
    True
    """
    expect_kind(ticket, Ticket, "ticket")
    expect_kind(rules, RoutingRules, "rules")
    waited = expect_instant(now) - ticket.created_at
    needs = dict(ticket.requires)
    for part in rules.relax:
        if _ease(needs, part) and part.after > waited:
            try:
                return ticket.created_at + part.after
            except OverflowError:  # after any instant there is
                return None
    return None


def _ease(needs: dict[str, float], part: Relaxation) -> bool:
    """Let a relaxation lower what is needed, and tell whether it does: one that asks for more is left out."""
    if part.skill not in needs or (part.to is not None and part.to >= needs[part.skill]):
        return False
    if part.to is None:
        del needs[part.skill]
    else:
        needs[part.skill] = part.to
    return True
