"""Laws of policies, and a second way to run them: minute by minute, with two counters."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeAlias

from hypothesis import given
from hypothesis import strategies as st

from leadkit.escalation.policy import (
    Policy,
    PolicyEvent,
    PolicyRecord,
    PolicyState,
    PolicyTimeline,
    Step,
    apply,
    begin,
    next_wakeup,
    run_policy,
    wake,
)
from leadkit.testing.calendars import instants
from leadkit.testing.policies import policy, policy_event, step

MINUTE = timedelta(minutes=1)
ORDER = ("close", "ack", "pause", "resume", "switch", "force")
LONG = 400
Absences: TypeAlias = Mapping[str, tuple[int, int]]
Line: TypeAlias = tuple[int, str, int, int]
Case: TypeAlias = tuple[Policy, datetime, int, tuple[PolicyEvent, ...], Absences]


@st.composite
def cases(draw: st.DrawFn, *, calendar: bool = True, overrides: bool = True) -> Case:
    """Draw a policy, its start on a whole minute, how many minutes it runs, events, and when targets reach nobody."""
    own = draw(policy(calendar=calendar))
    start = draw(instants()).replace(second=0, microsecond=0)
    length = draw(st.integers(0, LONG))
    kinds = ("ack", "ack", "close", "pause", "resume", "resume", *(("switch", "force") * overrides))
    # minutes that are round meet timers
    minute = st.integers(0, length) | st.integers(0, length // 5).map(lambda fifth: 5 * fifth)
    drawn = sorted(draw(st.lists(st.tuples(minute, st.sampled_from(kinds)), max_size=6)))
    closed = min((at for at, kind in drawn if kind == "close"), default=length)
    events = tuple(
        PolicyEvent(
            at=start + at * MINUTE,
            kind=kind,  # type: ignore[arg-type]
            id=f"e{place}",
            policy=draw(policy(calendar=calendar)) if kind == "switch" else None,
        )
        for place, (at, kind) in enumerate(drawn)
        if at <= closed
    )
    targets = sorted({step.target for one in (own, *(e.policy for e in events if e.policy)) for step in one.steps})
    absences = draw(
        st.dictionaries(st.sampled_from(targets), st.tuples(st.sampled_from((0, 10)), st.sampled_from((5, 60, LONG))))
    )
    return own, start, length, tuple(draw(st.permutations(events))), absences


def duty(start: datetime, absences: Absences) -> Callable[[Step, datetime], Sequence[str]]:
    def on_duty(own: Step, at: datetime) -> Sequence[str]:
        away_from, away_to = absences.get(own.target, (0, 0))
        return () if away_from <= (at - start) // MINUTE < away_to else ("ann",)

    return on_duty


def run(case: Case) -> PolicyTimeline:
    own, start, length, events, absences = case
    return run_policy(own, start=start, until=start + length * MINUTE, events=events, on_duty=duty(start, absences))


def lines(records: Sequence[PolicyRecord], start: datetime) -> list[Line]:
    return [((r.at - start) // MINUTE, r.kind, r.step, r.loop) for r in records]


class Counters:
    """The rules read as counters that go down by one in every minute that counts."""

    def __init__(self, case: Case) -> None:
        self.policy, self.start, self.length, self.events, self.absences = case
        self.steps = [(own.wait // MINUTE, own.when, own.target) for own in self.policy.steps]
        self.status, self.step, self.loop, self.paused = "triggered", 0, 0, False
        self.wait: int | None = None
        self.hold: int | None = None
        self.now = 0
        self.lines: list[Line] = []

    def run(self) -> None:
        at_minute: dict[int, list[PolicyEvent]] = {}
        for event in self.events:
            at_minute.setdefault((event.at - self.start) // MINUTE, []).append(event)
        self.visit(0, 0)
        for now in range(self.length + 1):
            self.now = now
            for event in sorted(at_minute.get(self.now, []), key=lambda e: (ORDER.index(e.kind), e.id)):
                if self.status != "closed":
                    self.take(event)
            if self.hold == 0 and not self.paused:
                self.say("ack_timeout")
                self.status, self.hold = "triggered", None
                if self.policy.on_ack_timeout == "restart":
                    self.visit(0, 0)
                else:
                    self.onward()
            if self.wait == 0 and not self.paused:
                self.onward()
            if not self.paused and self.counts():
                self.wait = None if self.wait is None else self.wait - 1
                self.hold = None if self.hold is None else self.hold - 1

    def counts(self) -> bool:
        calendar = self.policy.calendar
        return calendar is None or calendar.is_open(self.start + self.now * MINUTE)

    def say(self, kind: str) -> None:
        self.lines.append((self.now, kind, self.step, self.loop))

    def take(self, event: PolicyEvent) -> None:
        kind = event.kind
        is_nothing = {
            "ack": self.status == "acknowledged",
            "pause": self.paused,
            "resume": not self.paused,
        }
        if is_nothing.get(kind):
            return
        self.say(kind)
        if kind == "close":
            self.status, self.wait, self.hold, self.paused = "closed", None, None, False
        elif kind == "ack":
            self.status = "acknowledged"
            self.hold = None if self.policy.ack_timeout is None else self.policy.ack_timeout // MINUTE
            self.forget_if_held()
        elif kind in {"pause", "resume"}:
            self.paused = kind == "pause"
        elif event.policy is not None:
            self.policy, self.status, self.hold = event.policy, "triggered", None
            self.steps = [(own.wait // MINUTE, own.when, own.target) for own in self.policy.steps]
            self.visit(0, 0)
        else:
            self.status, self.hold = "triggered", None
            is_last = self.step == len(self.steps) - 1
            self.visit(0 if is_last else self.step + 1, self.loop + is_last)

    def onward(self) -> None:
        if self.step < len(self.steps) - 1:
            self.visit(self.step + 1, self.loop)
        elif self.loop < self.policy.repeat:
            self.visit(0, self.loop + 1)
        else:
            self.wait = None
            if self.status != "acknowledged":
                self.status = "exhausted"
                self.say("exhausted")

    def visit(self, step: int, loop: int) -> None:
        self.step, self.loop = step, loop
        self.wait, when, target = self.steps[step]
        away_from, away_to = self.absences.get(target, (0, 0))
        if self.status == "acknowledged" and when == "not_acknowledged":
            self.say("passed")
        elif away_from <= self.now < away_to:
            self.say("skipped")
            if self.policy.on_empty == "skip":
                self.onward()
        else:
            self.say("fired")
        self.forget_if_held()

    def forget_if_held(self) -> None:
        ahead = [(self.loop, step) for step in range(self.step + 1, len(self.steps))]
        ahead += [
            (loop, step) for loop in range(self.loop + 1, self.policy.repeat + 1) for step in range(len(self.steps))
        ]
        if self.status == "acknowledged" and not any(self.steps[step][1] == "not_resolved" for _, step in ahead):
            self.wait = None


@given(cases())
def test_the_second_way_gives_the_same_timeline(case: Case) -> None:
    timeline, second = run(case), Counters(case)
    second.run()
    assert lines(timeline.records, case[1]) == second.lines
    state = timeline.state
    assert (state.status, state.step, state.loop, state.paused) == (
        second.status,
        second.step,
        second.loop,
        second.paused,
    )
    assert [left is not None for left in state.remaining] == [second.wait is not None, second.hold is not None]


@given(cases(calendar=False))
def test_the_second_way_gives_the_same_timeline_in_plain_time(case: Case) -> None:
    timeline, second = run(case), Counters(case)
    second.run()
    assert lines(timeline.records, case[1]) == second.lines


@given(cases(), st.data())
def test_step_by_step_with_storage_between_equals_the_whole(case: Case, data: st.DataObject) -> None:
    own, start, length, events, absences = case
    on_duty = duty(start, absences)
    outcome = begin(own, "t", start, on_duty=on_duty)
    records = list(outcome.records)
    calls: list[tuple[datetime, int, str, Any]] = [(e.at, ORDER.index(e.kind), e.id, e) for e in events]
    wakes = (*data.draw(st.lists(st.integers(0, length), max_size=8)), length)
    calls += [(start + minute * MINUTE, len(ORDER), "", None) for minute in wakes]
    for at, _, _, event in sorted(calls, key=lambda call: call[:3]):
        state = PolicyState.from_dict(json.loads(json.dumps(outcome.state.to_dict(), allow_nan=False)))
        assert state == outcome.state
        due = next_wakeup(state)
        if event is None:
            outcome = wake(state, at, on_duty=on_duty)
            assert (outcome.records != ()) == (due is not None and due <= at)
        else:
            outcome = apply(state, event, on_duty=on_duty)
        records += outcome.records
    timeline = run_policy(
        own, start=start, until=start + length * MINUTE, events=events, on_duty=on_duty, ticket_id="t"
    )
    assert tuple(records) == timeline.records
    assert outcome.state == timeline.state


@given(cases())
def test_records_come_in_order_of_time(case: Case) -> None:
    timeline = run(case)
    instants_seen = [r.at for r in timeline.records]
    assert instants_seen == sorted(instants_seen)
    parts = (timeline.fired, timeline.passed, timeline.skipped)
    assert sum(map(len, parts)) == sum(r.kind in {"fired", "passed", "skipped"} for r in timeline.records)
    assert timeline.state.last == max(instants_seen)


@given(cases(overrides=False))
def test_no_more_steps_than_the_passes_have(case: Case) -> None:
    own = case[0]
    timeline = run(case)
    if not any(r.kind == "ack_timeout" for r in timeline.records):
        assert len(timeline.fired + timeline.passed + timeline.skipped) <= (own.repeat + 1) * len(own.steps)


@given(cases())
def test_the_events_in_the_records_reproduce_the_state(case: Case) -> None:
    own, start, length, events, absences = case
    timeline = run(case)
    policies = {event.id: event.policy for event in events}
    kept = [
        PolicyEvent(at=r.at, kind=r.kind, id=r.event, policy=policies[r.event])  # type: ignore[arg-type]
        for r in timeline.records
        if r.kind in ORDER
    ]
    assert run((own, start, length, tuple(kept), absences)) == timeline


@given(cases(), st.data())
def test_the_order_of_events_changes_nothing(case: Case, data: st.DataObject) -> None:
    own, start, length, events, absences = case
    assert run((own, start, length, tuple(data.draw(st.permutations(events))), absences)) == run(case)


@given(cases(calendar=False), st.integers(-(10**6), 10**6))
def test_shifting_all_instants_shifts_the_timeline(case: Case, seconds: int) -> None:
    own, start, length, events, absences = case
    shift = timedelta(seconds=seconds)
    moved = tuple(PolicyEvent(at=e.at + shift, kind=e.kind, id=e.id, policy=e.policy) for e in events)
    before, after = run(case), run((own, start + shift, length, moved, absences))
    assert [(r.at + shift, r.kind, r.step, r.loop) for r in before.records] == [
        (r.at, r.kind, r.step, r.loop) for r in after.records
    ]
    assert before.state.remaining == after.state.remaining


@given(cases(), st.integers(0, LONG))
def test_closing_earlier_never_adds_a_step(case: Case, minute: int) -> None:
    own, start, length, events, absences = case
    closed = min([start + minute * MINUTE, *(event.at for event in events if event.kind == "close")])
    kept = tuple(event for event in events if event.at <= closed)
    earlier = run((own, start, length, (*kept, PolicyEvent(at=closed, kind="close")), absences))
    assert set(lines(earlier.fired, start)) <= set(lines(run(case).fired, start))


@given(cases(overrides=False))
def test_a_closed_or_exhausted_ticket_waits_for_nothing(case: Case) -> None:
    state = run(case).state
    if state.status in {"closed", "exhausted"}:
        assert next_wakeup(state) is None
        assert state.remaining == (None, None)


@given(step(), policy(), policy_event())
def test_models_are_read_back_from_plain_data(one: Step, own: Policy, event: PolicyEvent) -> None:
    assert Step.from_dict(json.loads(json.dumps(one.to_dict()))) == one
    assert Policy.from_dict(json.loads(json.dumps(own.to_dict()))) == own
    assert event == event  # noqa: PLR0124 - equal to itself
    assert event.at.tzinfo is not None
