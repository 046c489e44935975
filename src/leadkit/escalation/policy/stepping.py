"""A policy call by call, as a service runs it: begin, take in what happens, wake when time is over."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, TypeAlias, cast

from leadkit.calendars import Never
from leadkit.errors import Fault, PolicyError
from leadkit.escalation._checking import expect_kind
from leadkit.escalation._instants import expect_instant
from leadkit.escalation.policy.events import PolicyEvent
from leadkit.escalation.policy.machine import Duty, Machine
from leadkit.escalation.policy.state import Outcome, PolicyState
from leadkit.escalation.policy.steps import Policy, Step

__all__ = ["OnDuty", "apply", "begin", "expect_duty", "expect_ticket", "next_wakeup", "wake"]

OnDuty: TypeAlias = Callable[[Step, datetime], Sequence[str]]
"""Who can be reached by a step at an instant: ids in the order in which they are told; none where nobody can."""


def begin(policy: Policy, ticket_id: str, at: datetime, *, on_duty: OnDuty | None = None) -> Outcome:
    """Start a policy: the first step is visited at once.

    Parameters
    ----------
    policy : Policy
        The policy; the state keeps it as it is.
    ticket_id : str
        The ticket.
    at : datetime.datetime
        When, an aware instant.
    on_duty : callable, optional
        Called as `on_duty(step, at)`, gives the ids of those who are told; without it nobody is ever missing.

    Returns
    -------
    Outcome
        The state to store, and what happened.

    Raises
    ------
    PolicyError
        An argument is wrong, or `on_duty` gives no ids.

    Examples
    --------
    >>> from datetime import UTC, timedelta
    >>> steps = [Step(wait=timedelta(minutes=10), axis="functional", target="level:L2")]
    >>> first = begin(Policy(id="desk", steps=steps), "t1", datetime(2026, 3, 2, 9, tzinfo=UTC))
    >>> print(next_wakeup(first.state))
    2026-03-02 09:10:00+00:00
    >>> taken = PolicyEvent(at=datetime(2026, 3, 2, 9, 4, tzinfo=UTC), kind="ack")
    >>> [record.kind for record in first.records], apply(first.state, taken).state.status
    (['fired'], 'acknowledged')
    >>> wake(first.state, datetime(2026, 3, 2, 12, tzinfo=UTC)).state.last.isoformat()
    '2026-03-02T09:10:00+00:00'
    """
    expect_kind(policy, Policy, "policy", PolicyError)
    expect_ticket(ticket_id)
    machine = Machine(policy, ticket_id, expect_duty(on_duty), expect_instant(at, "at", PolicyError))
    machine.begin()
    return _outcome(machine)


def apply(state: PolicyState, event: PolicyEvent, *, on_duty: OnDuty | None = None) -> Outcome:
    """Take in an event, after all that was due before it.

    What is due at the very instant of the event is not done yet: it waits for the next call, so that several events of
    one instant can be given, in the order close, ack, pause, resume, switch, force, before `wake` is called for it.

    Parameters
    ----------
    state : PolicyState
        How the ticket stands.
    event : PolicyEvent
        What happened. An acknowledgement of what is acknowledged, a pause of what is paused and a resume of what runs
        change nothing and leave no record.
    on_duty : callable, optional
        As for `begin`.

    Returns
    -------
    Outcome
        The state to store, and what happened.

    Raises
    ------
    PolicyError
        The event lies before the last thing that happened or after the ticket was closed, or an argument is wrong. An
        event at the very instant of the close is not later than it, and is without effect.

    Examples
    --------
    >>> from datetime import UTC, timedelta
    >>> steps = [Step(wait=timedelta(minutes=10), axis="functional", target=target) for target in ("level:L1", "level:L2")]
    >>> nine = datetime(2026, 3, 2, 9, tzinfo=UTC)
    >>> state = begin(Policy(id="desk", steps=steps), "t1", nine).state
    >>> taken = apply(state, PolicyEvent(at=nine + timedelta(minutes=15), kind="ack"))
    >>> for record in taken.records:
    ...     print(f"{record.at:%H:%M} {record.kind} {record.target or ''}")
    09:10 fired level:L2
    09:15 ack
    """
    expect_kind(state, PolicyState, "state", PolicyError)
    expect_kind(event, PolicyEvent, "event", PolicyError)
    machine = Machine.of(state, expect_duty(on_duty))
    machine.happen(event.kind, event.at, event.id, event.policy)
    return _outcome(machine)


def wake(state: PolicyState, now: datetime, *, on_duty: OnDuty | None = None) -> Outcome:
    """Do everything that is due by `now`, each at its planned instant, however late the call comes.

    Parameters
    ----------
    state : PolicyState
        How the ticket stands.
    now : datetime.datetime
        An aware instant; one before `next_wakeup(state)` changes nothing.
    on_duty : callable, optional
        As for `begin`; asked about the planned instants.

    Returns
    -------
    Outcome
        The state to store, and what happened.

    Raises
    ------
    PolicyError
        An argument is wrong, or `on_duty` gives no ids.

    Examples
    --------
    >>> from datetime import UTC, timedelta
    >>> steps = [Step(wait=timedelta(minutes=10), axis="functional", target=target) for target in ("level:L1", "level:L2")]
    >>> nine = datetime(2026, 3, 2, 9, tzinfo=UTC)
    >>> state = begin(Policy(id="desk", steps=steps), "t1", nine).state
    >>> late = wake(state, nine + timedelta(hours=3))
    >>> for record in late.records:
    ...     print(f"{record.at:%H:%M} {record.kind} {record.target or ''}".rstrip())
    09:10 fired level:L2
    09:20 exhausted
    """
    expect_kind(state, PolicyState, "state", PolicyError)
    machine = Machine.of(state, expect_duty(on_duty))
    machine.catch_up(expect_instant(now, "now", PolicyError), including=True)
    return _outcome(machine)


def next_wakeup(state: PolicyState) -> datetime | Never | None:
    """Tell when `wake` has something to do.

    Parameters
    ----------
    state : PolicyState
        How the ticket stands.

    Returns
    -------
    datetime.datetime, NEVER or None
        The instant in UTC; `NEVER` where the calendar opens no more, or not within its horizon; None where nothing is
        waited for.

    Raises
    ------
    PolicyError
        It is no state.

    Examples
    --------
    >>> from datetime import UTC, timedelta
    >>> nine = datetime(2026, 3, 2, 9, tzinfo=UTC)
    >>> steps = [Step(wait=timedelta(minutes=10), axis="functional", target="next_level")]
    >>> state = begin(Policy(id="desk", steps=steps), "t1", nine).state
    >>> print(next_wakeup(state), next_wakeup(wake(state, nine + timedelta(minutes=10)).state))
    2026-03-02 09:10:00+00:00 None
    """
    expect_kind(state, PolicyState, "state", PolicyError)
    waited = [due for due in (state.next_at, state.ack_at) if due is not None]
    return min(waited) if waited else None


def expect_duty(on_duty: Any) -> Duty:
    """Refuse an `on_duty` that cannot be called."""
    if on_duty is not None and not callable(on_duty):
        raise PolicyError.from_faults([Fault("on_duty", f"expected a callable or None, got {on_duty!r}")])
    return cast("Duty", on_duty)


def expect_ticket(ticket_id: object) -> None:
    """Refuse an id of a ticket that is no text."""
    if not isinstance(ticket_id, str):
        raise PolicyError.from_faults([Fault("ticket_id", f"expected a text, got {ticket_id!r}")])


def _outcome(machine: Machine) -> Outcome:
    return Outcome(state=machine.state(), records=tuple(machine.records))
