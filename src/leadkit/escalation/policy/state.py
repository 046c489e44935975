"""Where a ticket stands in its policy: all that has to be stored between two calls."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final, Literal, Self, TypeAlias, get_args

import attrs
from attrs import field, frozen

from leadkit._checks import as_tuple, text_faults, word_faults
from leadkit._durations import duration_of, duration_text
from leadkit._fields import whole_number_faults
from leadkit._results import Result, Value
from leadkit.calendars import NEVER, Never
from leadkit.errors import Fault, PolicyError
from leadkit.escalation._checking import raise_faults
from leadkit.escalation._instants import as_utc, required_instant_faults
from leadkit.escalation.policy._reading import Table, built, each
from leadkit.escalation.policy.instants import instant_of, instant_text
from leadkit.escalation.policy.records import PolicyRecord
from leadkit.escalation.policy.steps import SPARE_WAIT, Policy, Step

__all__ = ["Outcome", "PolicyState", "PolicyStatus"]

PolicyStatus: TypeAlias = Literal["triggered", "acknowledged", "exhausted", "closed"]
"""Whether steps are taken, held by an acknowledgement, used up, or over."""

NO_TIME: Final = timedelta(0)


@frozen(kw_only=True, eq=False)
class PolicyState(Value):
    """Where a ticket stands; the policy is a snapshot, so that an edit never touches a ticket under way.

    Parameters
    ----------
    policy : Policy
        The policy that it follows.
    ticket_id : str
        The ticket.
    status : {"triggered", "acknowledged", "exhausted", "closed"}
        How it stands.
    step, loop : int
        The step visited last, and how often the steps were gone through before, both counted from 0.
    last : datetime.datetime
        When something happened last, in UTC; events before it are refused.
    next_at : datetime.datetime, NEVER or None
        When the step's wait is over; `NEVER` where the calendar opens no more, None while it does not run.
    ack_at : datetime.datetime, NEVER or None
        When the acknowledgement comes to nothing; None while that time does not run.
    paused : bool
        Whether both times stand still.
    remaining : tuple of two (datetime.timedelta or None)
        What was left of the two times at `last`, in working time where the policy has a calendar; None where there is
        nothing to wait for.

    Raises
    ------
    PolicyError
        A part is wrong or parts contradict each other; `faults` holds everything that is.

    Examples
    --------
    >>> from datetime import UTC
    >>> policy = Policy(id="desk", steps=[Step(wait=timedelta(minutes=10), axis="functional", target="next_level")])
    >>> state = PolicyState(
    ...     policy=policy,
    ...     ticket_id="t1",
    ...     status="triggered",
    ...     step=0,
    ...     loop=0,
    ...     last=datetime(2026, 3, 2, 9, tzinfo=UTC),
    ...     paused=True,
    ...     remaining=(timedelta(minutes=4), None),
    ... )
    >>> state.to_dict()["remaining"], PolicyState.from_dict(state.to_dict()) == state
    (['PT4M', None], True)
    """

    policy: Policy
    ticket_id: str
    status: PolicyStatus
    step: int
    loop: int
    last: datetime = field(converter=as_utc)
    next_at: datetime | Never | None = field(default=None, converter=as_utc)
    ack_at: datetime | Never | None = field(default=None, converter=as_utc)
    paused: bool = False
    remaining: tuple[timedelta | None, timedelta | None] = field(default=(None, None), converter=as_tuple)

    def __attrs_post_init__(self) -> None:
        faults = [] if isinstance(self.policy, Policy) else [Fault("policy", f"expected a Policy, got {self.policy!r}")]
        faults += text_faults(self, "ticket_id") + word_faults(self.status, get_args(PolicyStatus), "status")
        of_place = whole_number_faults(self.step, "step") + whole_number_faults(self.loop, "loop")
        if not of_place and not faults:
            n_steps = len(self.policy.steps)
            if not 0 <= self.step < n_steps:
                of_place.append(Fault("step", f"expected 0 to {n_steps - 1}, got {self.step}"))
            if self.loop < 0:
                of_place.append(Fault("loop", f"expected at least 0, got {self.loop}"))
        if not isinstance(self.paused, bool):
            of_place.append(Fault("paused", f"expected True or False, got {self.paused!r}"))
        faults += of_place + (self._type_faults() or ([] if faults or of_place else self._timer_faults()))
        raise_faults(faults, f"policy state of ticket {self.ticket_id!r}", PolicyError)

    def to_dict(self) -> dict[str, Any]:
        """Give every field as plain data for `from_dict` and for JSON; `NEVER` is "never"."""
        return {
            "policy": self.policy.to_dict(),
            "ticket_id": self.ticket_id,
            "status": self.status,
            "step": int(self.step),
            "loop": int(self.loop),
            "last": instant_text(self.last),
            "next_at": instant_text(self.next_at),
            "ack_at": instant_text(self.ack_at),
            "paused": self.paused,
            "remaining": [None if left is None else duration_text(left) for left in self.remaining],
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Build a state from what `to_dict` gives, or raise `PolicyError` with everything that is wrong."""
        table = Table(data, [part.name for part in attrs.fields(cls)])
        fields: dict[str, Any] = {
            "policy": table.read("policy", _SPARE, how=Policy.from_dict),
            "ticket_id": table.read("ticket_id", ""),
            "status": table.read("status", "triggered"),
            "step": table.read("step", 0),
            "loop": table.read("loop", 0),
            "last": table.read("last", None, how=instant_of),
            "next_at": table.read("next_at", None, None, instant_of),
            "ack_at": table.read("ack_at", None, None, instant_of),
            "paused": table.read("paused", None, default=False),
            "remaining": table.read("remaining", (None, None), (None, None), each(_time_left)),
        }
        if table.faults:
            raise PolicyError.from_faults(table.faults, subject="policy state")
        return built(cls, fields, table.faults, "policy state")

    def _type_faults(self) -> list[Fault]:
        faults = required_instant_faults(self.last, "last")
        for name in ("next_at", "ack_at"):
            value = getattr(self, name)
            if value is not None and value is not NEVER:
                faults += required_instant_faults(value, name)
        if not isinstance(self.remaining, tuple) or len(self.remaining) != 2:
            return [*faults, Fault("remaining", f"expected two times, got {self.remaining!r}")]
        for place, left in enumerate(self.remaining):
            if left is not None and not (isinstance(left, timedelta) and left >= NO_TIME):
                faults.append(Fault(f"remaining[{place}]", f"expected a time of at least 0 or None, got {left!r}"))
        return faults

    def _timer_faults(self) -> list[Fault]:
        faults = []
        for name, left in zip(("next_at", "ack_at"), self.remaining, strict=True):
            due = getattr(self, name)
            if (due is not None) is not (left is not None and not self.paused):
                told = "None, for it is paused" if self.paused else "an instant where time remains, and None elsewhere"
                faults.append(Fault(name, f"expected {told}, got {due}"))
            elif due is not None and due < self.last:
                faults.append(Fault(name, f"{due} is before `last`, {self.last}"))
        if self.remaining[0] is not None and self.status in {"exhausted", "closed"}:
            faults.append(Fault("remaining[0]", f"expected None, for the status is {self.status!r}"))
        if self.remaining[1] is not None and (self.status != "acknowledged" or self.policy.ack_timeout is None):
            faults.append(Fault("remaining[1]", "expected None, for no acknowledgement can come to nothing"))
        return faults


@frozen(kw_only=True, eq=False)
class Outcome(Result):
    """What a call gives: the state to store, and what happened.

    Parameters
    ----------
    state : PolicyState
        How the ticket stands now.
    records : tuple of PolicyRecord
        What happened in this call, in order of time; empty where nothing did.

    Examples
    --------
    >>> from datetime import UTC
    >>> from leadkit.escalation import begin
    >>> policy = Policy(id="desk", steps=[Step(wait=timedelta(minutes=10), axis="functional", target="next_level")])
    >>> first = begin(policy, "t1", datetime(2026, 3, 2, 9, tzinfo=UTC))
    >>> first.state.status, [(record.kind, record.target) for record in first.records]
    ('triggered', [('fired', 'next_level')])
    """

    state: PolicyState
    records: tuple[PolicyRecord, ...]


_SPARE: Final = Policy(id="policy", steps=[Step(wait=SPARE_WAIT, axis="functional", target="next_level")])


def _time_left(value: Any) -> timedelta | None:
    return None if value is None else duration_of(value)
