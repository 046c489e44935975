"""What happens to a ticket from outside: somebody acknowledges, closes, pauses, resumes, forces or switches."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Final, Literal, TypeAlias, get_args

from attrs import field, frozen

from leadkit._checks import text_faults, word_faults
from leadkit._fields import FrozenMapping
from leadkit._results import Value
from leadkit.errors import Fault, PolicyError
from leadkit.escalation._checking import raise_faults
from leadkit.escalation._instants import as_utc, required_instant_faults
from leadkit.escalation.policy.steps import Policy

__all__ = ["EVENT_ORDER", "EventKind", "PolicyEvent", "in_order"]

EventKind: TypeAlias = Literal["ack", "close", "pause", "resume", "force", "switch"]
"""What can happen to a ticket from outside."""

EVENT_ORDER: Final[Mapping[str, int]] = FrozenMapping(
    {"close": 0, "ack": 1, "pause": 2, "resume": 3, "switch": 4, "force": 5}
)
"""Which of several happenings at one instant comes first."""


@frozen(kw_only=True, eq=False)
class PolicyEvent(Value):
    """Something that happened to a ticket.

    Parameters
    ----------
    at : datetime.datetime
        When, an aware instant; kept in UTC.
    kind : {"ack", "close", "pause", "resume", "force", "switch"}
        What.
    id : str
        Whatever tells it from others; orders events of one kind at one instant.
    policy : Policy, optional
        The policy to go on with; needed by a switch and by nothing else.

    Raises
    ------
    PolicyError
        A part is wrong; `faults` holds everything that is.

    Examples
    --------
    >>> from datetime import UTC
    >>> PolicyEvent(at=datetime(2026, 3, 2, 9, tzinfo=UTC), kind="akc")
    Traceback (most recent call last):
    ...
    leadkit.errors.PolicyError: policy event '': kind: expected one of 'ack', 'close', 'pause', 'resume', 'force', 'switch', got 'akc' (did you mean 'ack'?)
    """

    at: datetime = field(converter=as_utc)
    kind: EventKind
    id: str = ""
    policy: Policy | None = None

    def __attrs_post_init__(self) -> None:
        faults = required_instant_faults(self.at, "at") + word_faults(self.kind, get_args(EventKind), "kind")
        faults += text_faults(self, "id")
        if self.policy is not None and not isinstance(self.policy, Policy):
            faults.append(Fault("policy", f"expected a Policy, got {self.policy!r}"))
        elif self.kind == "switch" and self.policy is None:
            faults.append(Fault("policy", "is missing: a switch says to which policy"))
        elif self.kind != "switch" and self.policy is not None:
            faults.append(Fault("policy", f"only a switch has one, and this is {self.kind!r}"))
        raise_faults(faults, f"policy event {self.id!r}", PolicyError)


def in_order(events: tuple[PolicyEvent, ...]) -> list[PolicyEvent]:
    """Sort events by instant, kind and id; two switches of one id by their policies, never by how they were given."""
    return sorted(
        events,
        key=lambda event: (
            event.at,
            EVENT_ORDER[event.kind],
            event.id,
            "" if event.policy is None else json.dumps(event.policy.to_dict(), sort_keys=True),
        ),
    )
