"""The rules by which a policy moves, on a state that changes in place while one call lasts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final, Self

from leadkit._checks import id_faults
from leadkit.calendars import NEVER, Never
from leadkit.errors import Fault, PolicyError
from leadkit.escalation.policy.events import EventKind
from leadkit.escalation.policy.records import PolicyRecord, RecordKind
from leadkit.escalation.policy.state import PolicyState, PolicyStatus
from leadkit.escalation.policy.steps import Policy, Step

__all__ = ["Duty", "Machine"]

Duty = Callable[[Step, datetime], Sequence[str]] | None
NO_TIME: Final = timedelta(0)


class Timer:
    """A time that is waited for: how much of it is left, and when it is over."""

    __slots__ = ("due", "left")

    def __init__(self, left: timedelta | None = None, due: datetime | Never | None = None) -> None:
        self.left = left
        self.due = due

    def stop(self) -> None:
        """Wait for nothing."""
        self.left = self.due = None


class Machine:
    """One ticket under way; `wait` is the time to the next step, `hold` the time that an acknowledgement lasts."""

    __slots__ = (
        "hold",
        "last",
        "loop",
        "on_duty",
        "paused",
        "policy",
        "records",
        "status",
        "step",
        "ticket_id",
        "wait",
    )

    def __init__(self, policy: Policy, ticket_id: str, on_duty: Duty, at: datetime) -> None:
        self.policy = policy
        self.ticket_id = ticket_id
        self.on_duty = on_duty
        self.status: PolicyStatus = "triggered"
        self.step = self.loop = 0
        self.last = at
        self.paused = False
        self.wait, self.hold = Timer(), Timer()
        self.records: list[PolicyRecord] = []

    @classmethod
    def of(cls, state: PolicyState, on_duty: Duty) -> Self:
        """Go on from a state."""
        machine = cls(state.policy, state.ticket_id, on_duty, state.last)
        machine.status, machine.step, machine.loop, machine.paused = state.status, state.step, state.loop, state.paused
        machine.wait = Timer(state.remaining[0], state.next_at)
        machine.hold = Timer(state.remaining[1], state.ack_at)
        return machine

    def state(self) -> PolicyState:
        """Give the state as it is now."""
        return PolicyState(
            policy=self.policy,
            ticket_id=self.ticket_id,
            status=self.status,
            step=self.step,
            loop=self.loop,
            last=self.last,
            next_at=self.wait.due,
            ack_at=self.hold.due,
            paused=self.paused,
            remaining=(self.wait.left, self.hold.left),
        )

    def begin(self) -> None:
        """Visit the first step."""
        self._visit((0, 0), "begin")

    def catch_up(self, until: datetime, *, including: bool) -> None:
        """Let all time that is over by `until` be over, each at its own instant; an acknowledgement's comes first."""
        while True:
            timer = self.hold if self._is_first(self.hold.due, self.wait.due) else self.wait
            due = timer.due
            if not isinstance(due, datetime) or due > until or (due == until and not including):
                return
            self._move(due)
            if timer is self.hold:
                self._lapse()
            else:
                self._go_on("wait_over")

    def happen(self, kind: EventKind, at: datetime, event: str = "", policy: Policy | None = None) -> None:
        """Let an event take place, after all that was due before it."""
        if self.status == "closed" and at == self.last:
            return
        if self.status == "closed" or at < self.last:
            last = self.last.isoformat()
            told = (
                f"the ticket was closed at {last}"
                if self.status == "closed"
                else f"something happened later, at {last}"
            )
            where = f"ticket {self.ticket_id!r}, {kind} {event!r}"
            raise PolicyError.from_faults([Fault(where, f"{at.isoformat()} is refused: {told}")])
        self.catch_up(at, including=False)
        if kind == "close":
            self._close(at, event)
        elif kind == "ack":
            self._acknowledge(at, event)
        elif kind == "pause":
            self._pause(at, event)
        elif kind == "resume":
            self._resume(at, event)
        else:
            self._override(kind, at, event, policy)

    def _close(self, at: datetime, event: str) -> None:
        self._move(at)
        self._record("close", event=event)
        self.status, self.paused = "closed", False
        self.wait.stop()
        self.hold.stop()

    def _acknowledge(self, at: datetime, event: str) -> None:
        if self.status == "acknowledged":
            return
        self._move(at)
        self._record("ack", event=event)
        self.status = "acknowledged"
        if self.policy.ack_timeout is not None:
            self._start(self.hold, self.policy.ack_timeout)
        self._rest_if_held()

    def _pause(self, at: datetime, event: str) -> None:
        if self.paused:
            return
        self._move(at)
        self._record("pause", event=event)
        self.paused = True
        self.wait.due = self.hold.due = None

    def _resume(self, at: datetime, event: str) -> None:
        if not self.paused:
            return
        self._move(at)
        self._record("resume", event=event)
        self.paused = False
        for timer in (self.wait, self.hold):
            if timer.left is not None:
                self._start(timer, timer.left)

    def _override(self, kind: EventKind, at: datetime, event: str, policy: Policy | None) -> None:
        """Force the next step, or switch to the first one of another policy."""
        self._move(at)
        self._record(kind, event=event, reason="" if policy is None else policy.id)
        self.status = "triggered"
        self.hold.stop()
        if policy is not None:
            self.policy = policy
            self._visit((0, 0), kind)
        else:
            self._visit(self._following() or (0, self.loop + 1), kind)

    def _lapse(self) -> None:
        reason = self.policy.on_ack_timeout or "resume"
        self._record("ack_timeout", reason=reason)
        self.status = "triggered"
        self.hold.stop()
        if reason == "restart":
            self._visit((0, 0), "ack_timeout")
        else:
            self._go_on("ack_timeout")

    def _go_on(self, reason: str) -> None:
        following = self._following()
        if following is None:
            self._exhaust(reason)
        else:
            self._visit(following, reason)

    def _visit(self, place: tuple[int, int], reason: str) -> None:
        """Visit a step, and those after it as long as they reach nobody and are to be skipped at once."""
        while True:
            self.step, self.loop = place
            own = self.policy.steps[self.step]
            if self.status == "acknowledged" and own.when != "not_resolved":
                self._record("passed", own, reason=reason)
                break
            recipients = self._recipients(own)
            if recipients:
                self._record("fired", own, recipients, reason=reason)
                break
            self._record("skipped", own, reason=reason)
            reason = "nobody_on_duty"
            if self.policy.on_empty == "wait":
                break
            following = self._following()
            if following is None:
                self._exhaust(reason)
                return
            place = following
        self._start(self.wait, own.wait)
        self._rest_if_held()

    def _exhaust(self, reason: str) -> None:
        """Come to the end; an acknowledgement still holds there, for it ends by its own time only."""
        self.wait.stop()
        if self.status == "triggered":
            self.status = "exhausted"
            self._record("exhausted", reason=reason)

    def _following(self) -> tuple[int, int] | None:
        if self.step + 1 < len(self.policy.steps):
            return self.step + 1, self.loop
        return (0, self.loop + 1) if self.loop < self.policy.repeat else None

    def _rest_if_held(self) -> None:
        """Stop the timetable of an acknowledged ticket where no step is left that an acknowledgement does not hold."""
        if self.status != "acknowledged" or self.wait.left is None:
            return
        left = self.policy.steps if self.loop < self.policy.repeat else self.policy.steps[self.step + 1 :]
        if all(step.when != "not_resolved" for step in left):
            self.wait.stop()

    def _recipients(self, step: Step) -> tuple[str, ...]:
        if self.on_duty is None:
            return (step.target,)
        found = self.on_duty(step, self.last)
        where = f"on_duty of step {self.step} at {self.last.isoformat()}"
        if isinstance(found, str) or not isinstance(found, Sequence):
            raise PolicyError.from_faults([Fault(where, f"expected a sequence of ids, got {found!r}")])
        if faults := [fault for person in found for fault in id_faults(person, where)]:
            raise PolicyError.from_faults(faults)
        return tuple(found)

    def _move(self, at: datetime) -> None:
        """Let time pass, which both timers count unless they stand still."""
        if not self.paused and at != self.last and not (self.wait.left is None and self.hold.left is None):
            calendar = self.policy.calendar
            passed = at - self.last if calendar is None else calendar.elapsed(self.last, at)
            for timer in (self.wait, self.hold):
                if timer.left is not None:
                    timer.left = max(NO_TIME, timer.left - passed)
        self.last = at

    def _start(self, timer: Timer, amount: timedelta) -> None:
        timer.left = amount
        timer.due = None if self.paused else self._due(amount)

    def _due(self, amount: timedelta) -> datetime | Never:
        try:
            if self.policy.calendar is None:
                return self.last + amount
            return self.policy.calendar.deadline(self.last, amount)
        except OverflowError:
            return NEVER

    @staticmethod
    def _is_first(one: datetime | Never | None, other: datetime | Never | None) -> bool:
        return one is not None and (other is None or one <= other)

    def _record(
        self,
        kind: RecordKind,
        step: Step | None = None,
        recipients: tuple[str, ...] = (),
        *,
        reason: str = "",
        event: str = "",
    ) -> None:
        self.records.append(
            PolicyRecord(
                at=self.last,
                kind=kind,
                step=self.step,
                loop=self.loop,
                axis=None if step is None else step.axis,
                target=None if step is None else step.target,
                recipients=recipients,
                reason=reason,
                event=event,
            )
        )
