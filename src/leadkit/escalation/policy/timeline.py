"""A policy from beginning to end, over events that are known."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from attrs import field, frozen

from leadkit._checks import as_tuple, member_faults
from leadkit._results import MOST_ROWS_SHOWN, Result, html_table
from leadkit.calendars import Never
from leadkit.errors import Fault, PolicyError
from leadkit.escalation._checking import expect_kind, raise_faults
from leadkit.escalation._instants import expect_instant
from leadkit.escalation.policy.events import PolicyEvent, in_order
from leadkit.escalation.policy.machine import Machine
from leadkit.escalation.policy.records import PolicyRecord, flat
from leadkit.escalation.policy.state import PolicyState
from leadkit.escalation.policy.stepping import OnDuty, expect_duty, expect_ticket
from leadkit.escalation.policy.steps import Policy

__all__ = ["PolicyTimeline", "run_policy"]


@frozen(kw_only=True, eq=False)
class PolicyTimeline(Result):
    """What a policy did to one ticket.

    Parameters
    ----------
    records : tuple of PolicyRecord
        Everything that happened, in order of time.
    fired, passed, skipped : tuple of PolicyRecord
        The steps that were taken, held by an acknowledgement, and without anybody to reach.
    state : PolicyState
        How the ticket stands in the end.
    exhausted_at : datetime.datetime, optional
        When the steps ran out, the last time that they did.
    next_at : datetime.datetime, NEVER or None
        When the next step would be visited.

    Examples
    --------
    >>> from datetime import UTC, timedelta
    >>> from leadkit.escalation import Step
    >>> step = Step(wait=timedelta(minutes=10), axis="functional", target="level:L2")
    >>> nine = datetime(2026, 3, 2, 9, tzinfo=UTC)
    >>> timeline = run_policy(Policy(id="desk", steps=[step], repeat=2), start=nine, until=nine + timedelta(minutes=15))
    >>> len(timeline.fired), timeline.state.status, str(timeline.next_at)
    (2, 'triggered', '2026-03-02 09:20:00+00:00')
    """

    records: tuple[PolicyRecord, ...]
    fired: tuple[PolicyRecord, ...]
    passed: tuple[PolicyRecord, ...]
    skipped: tuple[PolicyRecord, ...]
    state: PolicyState
    exhausted_at: datetime | None
    next_at: datetime | Never | None = field(default=None)

    def to_records(self) -> list[dict[str, Any]]:
        """Give one dictionary a record, scalars only; recipients are joined by a space."""
        return [dict(flat(record)) for record in self.records]

    def _repr_html_(self) -> str:
        rows = self.to_records()
        header = tuple(rows[0]) if rows else ()
        table = html_table("PolicyTimeline", header, [tuple(row.values()) for row in rows[:MOST_ROWS_SHOWN]])
        rest = len(rows) - MOST_ROWS_SHOWN
        return table + (f"<p>... and {rest} more rows</p>" if rest > 0 else "")


def run_policy(
    policy: Policy,
    *,
    start: datetime,
    until: datetime,
    events: Iterable[PolicyEvent] = (),
    on_duty: OnDuty | None = None,
    ticket_id: str = "",
) -> PolicyTimeline:
    """Run a policy from `start` to `until`.

    It is the same as `begin`, `apply` for each event, and `wake` at `until`. Of several happenings at one instant the
    order is close, ack, pause, resume, switch, force, the end of an acknowledgement, the end of a wait; then the ids.

    Parameters
    ----------
    policy : Policy
        The policy.
    start, until : datetime.datetime
        Aware instants, `until` not before `start`.
    events : iterable of PolicyEvent
        What happened, in any order; those after `until` are left out.
    on_duty : callable, optional
        Called as `on_duty(step, at)`, gives the ids of those who are told; without it nobody is ever missing.
    ticket_id : str
        The ticket.

    Returns
    -------
    PolicyTimeline
        What happened, and how the ticket stands at `until`.

    Raises
    ------
    PolicyError
        An argument is wrong, an event lies before `start`, or one comes later than a close.

    Examples
    --------
    >>> from datetime import UTC, timedelta
    >>> from leadkit.escalation.policy import Step
    >>> policy = Policy(
    ...     id="desk",
    ...     steps=[
    ...         Step(wait=timedelta(minutes=10), axis="functional", target="next_level"),
    ...         Step(wait=timedelta(minutes=20), axis="functional", target="level:L3"),
    ...         Step(wait=timedelta(minutes=30), axis="hierarchical", target="owner:1", when="not_resolved"),
    ...     ],
    ... )
    >>> nine = datetime(2026, 3, 2, 9, tzinfo=UTC)
    >>> taken = PolicyEvent(at=nine + timedelta(minutes=5), kind="ack")
    >>> timeline = run_policy(policy, start=nine, until=nine + timedelta(days=1), events=[taken])
    >>> for record in timeline.records:
    ...     print(f"{record.at:%H:%M} {record.kind:6} {record.target or ''}")
    09:00 fired  next_level
    09:05 ack
    09:10 passed level:L3
    09:30 fired  owner:1
    """
    expect_kind(policy, Policy, "policy", PolicyError)
    expect_ticket(ticket_id)
    first, last = expect_instant(start, "start", PolicyError), expect_instant(until, "until", PolicyError)
    happenings = _expect_events(events, first)
    if last < first:
        raise PolicyError.from_faults([Fault("until", f"{last.isoformat()} is before the start, {first.isoformat()}")])
    machine = Machine(policy, ticket_id, expect_duty(on_duty), first)
    machine.begin()
    for event in in_order(happenings):
        if event.at <= last:
            machine.happen(event.kind, event.at, event.id, event.policy)
    machine.catch_up(last, including=True)
    return _timeline(machine)


def _expect_events(events: Any, start: datetime) -> tuple[PolicyEvent, ...]:
    given = as_tuple(events)
    faults = member_faults(given, PolicyEvent, "events", "PolicyEvent")
    faults = faults or [
        Fault(f"events[{place}]", f"{event.at.isoformat()} is before the start, {start.isoformat()}")
        for place, event in enumerate(given)
        if event.at < start
    ]
    raise_faults(faults, "run_policy", PolicyError)
    found: tuple[PolicyEvent, ...] = given
    return found


def _timeline(machine: Machine) -> PolicyTimeline:
    records = tuple(machine.records)
    state = machine.state()
    return PolicyTimeline(
        records=records,
        fired=tuple(record for record in records if record.kind == "fired"),
        passed=tuple(record for record in records if record.kind == "passed"),
        skipped=tuple(record for record in records if record.kind == "skipped"),
        state=state,
        exhausted_at=next((record.at for record in reversed(records) if record.kind == "exhausted"), None),
        next_at=state.next_at,
    )
