"""What a policy did, line by line."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal, TypeAlias

from attrs import frozen

from leadkit._results import Result, plain
from leadkit.escalation.policy.steps import Axis

__all__ = ["PolicyRecord", "RecordKind", "flat"]

RecordKind: TypeAlias = Literal[
    "fired",
    "passed",
    "skipped",
    "exhausted",
    "ack_timeout",
    "ack",
    "close",
    "pause",
    "resume",
    "force",
    "switch",
]
"""What a line says: a step was taken, passed over or reached nobody, the steps ran out, or something happened."""


@frozen(kw_only=True, eq=False)
class PolicyRecord(Result):
    """One line of what happened to a ticket.

    Parameters
    ----------
    at : datetime.datetime
        When, in UTC.
    kind : str
        "fired" (a step was taken), "passed" (it was held by an acknowledgement), "skipped" (it reached nobody),
        "exhausted" (no step is left), "ack_timeout" (an acknowledgement came to nothing), or the kind of an event.
    step, loop : int
        Where the policy stood, both counted from 0; for a step the one that was visited.
    axis, target : str, optional
        Those of the step; None unless a step was visited.
    recipients : tuple of str
        Who was told, as `on_duty` says; without it the target itself. Empty unless the step was fired.
    reason : str
        What led to it: "begin", "wait_over", "nobody_on_duty" (the step before was skipped), "ack_timeout", "force" or
        "switch"; after an ack_timeout "resume" or "restart"; of a switch the id of the new policy.
    event : str
        Id of the event, where there was one.

    Examples
    --------
    >>> from datetime import UTC, timedelta
    >>> from leadkit.escalation import Policy, Step, begin
    >>> policy = Policy(id="desk", steps=[Step(wait=timedelta(minutes=10), axis="functional", target="level:L2")])
    >>> record = begin(policy, "t1", datetime(2026, 3, 2, 9, tzinfo=UTC)).records[0]
    >>> f"{record.at:%H:%M}", record.kind, record.target, record.reason
    ('09:00', 'fired', 'level:L2', 'begin')
    """

    at: datetime
    kind: RecordKind
    step: int
    loop: int
    axis: Axis | None = None
    target: str | None = None
    recipients: tuple[str, ...] = ()
    reason: str = ""
    event: str = ""


def flat(record: PolicyRecord) -> Mapping[str, Any]:
    """Give a record as scalars; recipients are joined by a space."""
    return {**record.to_dict(), "recipients": " ".join(record.recipients), "at": plain(record.at)}
