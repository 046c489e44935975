"""Policies rule by rule: golden timelines, each rule of the specification, bad input, and what survives storage."""

from __future__ import annotations

import copy
import json
import pickle
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from leadkit.calendars import NEVER, WorkCalendar
from leadkit.errors import PolicyError
from leadkit.escalation.policy import (
    Outcome,
    Policy,
    PolicyEvent,
    PolicyState,
    PolicyTimeline,
    Step,
    apply,
    begin,
    next_wakeup,
    run_policy,
    wake,
)
from leadkit.interchange import json as leadkit_json

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)


def minutes(amount: float) -> timedelta:
    return timedelta(minutes=amount)


def at(minute: float) -> datetime:
    return NINE + minutes(minute)


def step(wait: float, when: str = "not_acknowledged", target: str = "next_level") -> Step:
    return Step(wait=minutes(wait), axis="functional", target=target, when=when)  # type: ignore[arg-type]


def event(minute: float, kind: str, id: str = "", policy: Policy | None = None) -> PolicyEvent:  # noqa: A002 - the field's name
    return PolicyEvent(at=at(minute), kind=kind, id=id, policy=policy)  # type: ignore[arg-type]


def simple(*waits: float, **options: Any) -> Policy:
    return Policy(id="desk", steps=[step(wait) for wait in waits], **options)


def run(policy: Policy, *events: PolicyEvent, until: float = 1000, **options: Any) -> PolicyTimeline:
    return run_policy(policy, start=NINE, until=at(until), events=events, **options)


def told(timeline: PolicyTimeline | Outcome) -> list[tuple[float, str, int, int]]:
    return [((r.at - NINE) / minutes(1), r.kind, r.step, r.loop) for r in timeline.records]


def nobody_for(*targets: str) -> Callable[[Step, datetime], Sequence[str]]:
    return lambda own, _: () if own.target in targets else ("ann",)


GOLDEN = [
    "two-steps-repeat-1",
    "two-steps-no-repeat",
    "acknowledged-at-12",
    "ack-exactly-at-the-timer",
    "mixed-conditions-ack-at-5",
    "empty-step-skip",
    "empty-step-wait",
    "closed-at-11",
]


@pytest.mark.parametrize("name", GOLDEN)
def test_golden_timelines(golden: Callable[[str], Any], name: str) -> None:
    cases = {case["id"]: case for case in golden("escalation/policy.json")["cases"]}
    assert sorted(cases) == sorted(GOLDEN)
    case = cases[name]
    steps = [step(own["wait_min"], own["when"], f"person:p{i}") for i, own in enumerate(case["steps"])]
    empty = [own.target for own, given in zip(steps, case["steps"], strict=True) if given["empty"]]
    policy = Policy(
        id="golden",
        steps=steps,
        repeat=case["repeat"],
        on_empty=case["on_empty"],
        ack_timeout=None if case["ack_timeout_min"] is None else minutes(case["ack_timeout_min"]),
        on_ack_timeout=case["on_ack_timeout"],
    )
    events = [event(given["at_min"], given["kind"]) for given in case["events"]]
    timeline = run(policy, *events, until=case["until_min"], on_duty=nobody_for(*empty))
    for kind in ("fired", "passed", "skipped"):
        found = [[(r.at - NINE) / minutes(1), r.step, r.loop] for r in getattr(timeline, kind)]
        assert found == case[kind], kind
    state = timeline.state
    assert (state.status, state.step, state.loop) == (case["status"], case["step"], case["loop"])
    assert timeline.exhausted_at == (None if case["exhausted_at_min"] is None else at(case["exhausted_at_min"]))
    assert timeline.next_at == (None if case["next_at_min"] is None else at(case["next_at_min"]))


def test_rule_1_the_first_step_comes_at_once_and_the_last_wait_is_served_before_the_end() -> None:
    begun = begin(simple(10, 5), "t1", NINE)
    assert told(begun) == [(0, "fired", 0, 0)]
    assert begun.state.next_at == at(10)
    assert begun.state.status == "triggered"
    timeline = run(simple(10, 5, repeat=1))
    assert told(timeline)[-1] == (30, "exhausted", 1, 1)
    assert timeline.exhausted_at == at(30)
    assert next_wakeup(timeline.state) is None


def test_rule_2_a_step_that_reaches_nobody_is_skipped_at_once_or_after_its_wait() -> None:
    steps = [step(10, target="person:a"), step(5, target="person:b"), step(7, target="person:c")]
    skip = Policy(id="p", steps=steps, on_empty="skip")
    wait = Policy(id="p", steps=steps, on_empty="wait")
    assert told(run(skip, on_duty=nobody_for("person:a", "person:b"))) == [
        (0, "skipped", 0, 0),
        (0, "skipped", 1, 0),
        (0, "fired", 2, 0),
        (7, "exhausted", 2, 0),
    ]
    assert told(run(wait, on_duty=nobody_for("person:a", "person:b"))) == [
        (0, "skipped", 0, 0),
        (10, "skipped", 1, 0),
        (15, "fired", 2, 0),
        (22, "exhausted", 2, 0),
    ]


def test_rule_2_without_anybody_every_pass_takes_one_instant_and_the_passes_are_counted() -> None:
    timeline = run(simple(10, 5, repeat=500), on_duty=lambda *_: ())
    assert len(timeline.skipped) == 501 * 2
    assert {r.at for r in timeline.records} == {NINE}
    assert timeline.exhausted_at == NINE
    assert timeline.state.loop == 500


def test_rule_2_whoever_is_on_duty_is_asked_for_at_the_planned_instant() -> None:
    asked: list[tuple[str, datetime]] = []

    def on_duty(own: Step, when: datetime) -> list[str]:
        asked.append((own.target, when))
        return ["ann", "bo"]

    first = begin(simple(10, 5), "t", NINE, on_duty=on_duty)
    late = wake(first.state, at(500), on_duty=on_duty)
    assert [when for _, when in asked] == [at(0), at(10)]
    assert first.records[0].recipients == ("ann", "bo")
    assert told(late) == [(10, "fired", 1, 0), (15, "exhausted", 1, 0)]


def test_without_on_duty_the_target_is_who_is_told() -> None:
    assert begin(simple(10), "t", NINE).records[0].recipients == ("next_level",)


def test_rule_3_an_acknowledgement_holds_steps_and_leaves_the_timetable() -> None:
    policy = Policy(id="p", steps=[step(10), step(20), step(30, "not_resolved"), step(40)], repeat=1)
    timeline = run(policy, event(5, "ack"))
    assert told(timeline) == [
        (0, "fired", 0, 0),
        (5, "ack", 0, 0),
        (10, "passed", 1, 0),
        (30, "fired", 2, 0),
        (60, "passed", 3, 0),
        (100, "passed", 0, 1),
        (110, "passed", 1, 1),
        (130, "fired", 2, 1),
    ]
    assert (timeline.state.status, timeline.next_at, timeline.exhausted_at) == ("acknowledged", None, None)


def test_rule_3_acknowledging_twice_changes_nothing() -> None:
    policy = simple(10, 5, ack_timeout=minutes(30), on_ack_timeout="resume")
    once = apply(begin(policy, "t", NINE).state, event(4, "ack"))
    twice = apply(once.state, event(8, "ack"))
    assert twice.state == once.state
    assert twice.records == ()


def test_rule_3_on_the_way_past_the_end_an_acknowledgement_still_holds() -> None:
    steps = [step(10), step(5, "not_resolved", "person:x")]
    policy = Policy(id="p", steps=steps, ack_timeout=minutes(60), on_ack_timeout="resume")
    timeline = run(policy, event(5, "ack"), until=30, on_duty=nobody_for("person:x"))
    assert told(timeline)[-1] == (10, "skipped", 1, 0)
    assert (timeline.state.status, timeline.next_at, timeline.state.ack_at) == ("acknowledged", None, at(65))


def test_rule_4_an_acknowledgement_that_comes_to_nothing_resumes_or_restarts() -> None:
    resume = simple(10, 20, 30, ack_timeout=minutes(15), on_ack_timeout="resume")
    assert told(run(resume, event(12, "ack"))) == [
        (0, "fired", 0, 0),
        (10, "fired", 1, 0),
        (12, "ack", 1, 0),
        (27, "ack_timeout", 1, 0),
        (27, "fired", 2, 0),
        (57, "exhausted", 2, 0),
    ]
    restart = simple(10, 20, ack_timeout=minutes(15), on_ack_timeout="restart", repeat=1)
    assert told(run(restart, event(32, "ack"), until=50)) == [
        (0, "fired", 0, 0),
        (10, "fired", 1, 0),
        (30, "fired", 0, 1),
        (32, "ack", 0, 1),
        (47, "ack_timeout", 0, 1),
        (47, "fired", 0, 0),
    ]


def test_rule_4_after_the_last_step_resuming_is_the_end() -> None:
    policy = simple(10, ack_timeout=minutes(15), on_ack_timeout="resume")
    timeline = run(policy, event(5, "ack"))
    assert told(timeline)[-2:] == [(20, "ack_timeout", 0, 0), (20, "exhausted", 0, 0)]


def test_rule_5_force_visits_the_next_step_from_any_status_and_wraps_whatever_repeat_says() -> None:
    timeline = run(simple(10, 20), event(3, "force"), event(5, "force"), event(6, "ack"), event(7, "force"))
    assert told(timeline) == [
        (0, "fired", 0, 0),
        (3, "force", 0, 0),
        (3, "fired", 1, 0),
        (5, "force", 1, 0),
        (5, "fired", 0, 1),
        (6, "ack", 0, 1),
        (7, "force", 0, 1),
        (7, "fired", 1, 1),
        (27, "exhausted", 1, 1),
    ]
    again = run(simple(10), event(50, "force"))
    assert told(again)[2:] == [(50, "force", 0, 0), (50, "fired", 0, 1), (60, "exhausted", 0, 1)]
    assert again.exhausted_at == at(60)


def test_rule_5_switch_starts_the_given_policy_and_nothing_else_changes_one_under_way() -> None:
    night = Policy(id="night", steps=[step(7, target="owner:1")], version="3")
    timeline = run(simple(10, 20, repeat=3), event(12, "ack"), event(15, "switch", policy=night))
    assert told(timeline)[3:] == [(15, "switch", 1, 0), (15, "fired", 0, 0), (22, "exhausted", 0, 0)]
    assert timeline.state.policy == night
    assert timeline.records[3].reason == "night"
    assert timeline.records[4].target == "owner:1"


def test_rule_6_pause_keeps_what_is_left_of_both_times() -> None:
    policy = simple(10, 20, 30, ack_timeout=minutes(40), on_ack_timeout="resume")
    policy = Policy.from_dict({**policy.to_dict(), "steps": [step(w, "not_resolved").to_dict() for w in (10, 20, 30)]})
    paused = run(policy, event(4, "ack"), event(6, "pause"), until=500)
    assert told(paused) == [(0, "fired", 0, 0), (4, "ack", 0, 0), (6, "pause", 0, 0)]
    assert paused.state.remaining == (minutes(4), minutes(38))
    assert (paused.state.next_at, paused.state.ack_at, next_wakeup(paused.state)) == (None, None, None)
    resumed = run(policy, event(4, "ack"), event(6, "pause"), event(100, "resume"), until=100)
    assert (resumed.state.next_at, resumed.state.ack_at) == (at(104), at(138))
    twice = run(
        policy,
        event(4, "ack"),
        event(6, "pause"),
        event(50, "pause"),
        event(100, "resume"),
        event(101, "resume"),
        until=101,
    )
    assert twice.state == resumed.state


def test_rule_6_a_step_forced_while_paused_waits_after_the_resume() -> None:
    timeline = run(simple(10, 20), event(5, "pause"), event(6, "force"), event(100, "resume"))
    assert told(timeline)[2:] == [
        (6, "force", 0, 0),
        (6, "fired", 1, 0),
        (100, "resume", 1, 0),
        (120, "exhausted", 1, 0),
    ]


def test_rule_6_close_ends_everything_and_later_events_are_refused() -> None:
    closed = apply(begin(simple(10, 5), "t7", NINE).state, event(4, "close")).state
    assert (closed.status, closed.next_at, closed.remaining) == ("closed", None, (None, None))
    assert wake(closed, at(500)) == Outcome(state=closed, records=())
    with pytest.raises(
        PolicyError, match=r"ticket 't7', ack 'e1': .* refused: the ticket was closed at 2026-03-02T09:04"
    ):
        apply(closed, event(5, "ack", "e1"))
    with pytest.raises(PolicyError, match="closed at"):
        run(simple(10), event(4, "close"), event(5, "force"))
    assert (
        run(simple(10), event(4, "ack"), event(4, "close"), event(4, "force")).state
        == run(simple(10), event(4, "close")).state
    )


def test_rule_7_an_acknowledgement_at_the_very_instant_of_the_timer_wins() -> None:
    assert told(run(simple(10, 5), event(10, "ack"))) == [(0, "fired", 0, 0), (10, "ack", 0, 0)]
    assert told(run(simple(10, 5), event(10, "close"))) == [(0, "fired", 0, 0), (10, "close", 0, 0)]
    assert told(run(simple(10, 5), event(10, "pause"), until=20)) == [(0, "fired", 0, 0), (10, "pause", 0, 0)]


def test_rule_7_the_order_at_one_instant() -> None:
    night = simple(7, 8)
    given = [
        event(4, "force"),
        event(4, "switch", policy=night),
        event(4, "pause"),
        event(4, "ack"),
        event(4, "resume"),
    ]
    kinds = [r.kind for r in run(simple(10, 5), *given, until=4).records]
    assert kinds == ["fired", "ack", "pause", "resume", "switch", "fired", "force", "fired"]
    holding = simple(10, 20, 30, ack_timeout=minutes(10), on_ack_timeout="resume")
    steps = [step(wait, "not_resolved") for wait in (10, 20, 30)]
    both = Policy(id="b", steps=steps, ack_timeout=holding.ack_timeout, on_ack_timeout="resume")
    assert told(run(both, event(0, "ack"), until=30)) == [
        (0, "fired", 0, 0),
        (0, "ack", 0, 0),
        (10, "ack_timeout", 0, 0),
        (10, "fired", 1, 0),
        (30, "fired", 2, 0),
    ]


def test_rule_7_events_of_one_kind_at_one_instant_go_by_their_ids() -> None:
    first, second = simple(7), simple(8)
    given = [event(4, "switch", "b", first), event(4, "switch", "a", second)]
    for events in (given, given[::-1]):
        timeline = run(simple(10), *events, until=4)
        assert timeline.state.policy == first
        assert [r.event for r in timeline.records if r.kind == "switch"] == ["a", "b"]


def test_rule_7_waits_are_working_time_of_the_calendar() -> None:
    desk = WorkCalendar.weekly({"mon-fri": "09:00-17:00"}, zone="UTC")
    steps = [step(240, "not_resolved"), step(300, "not_resolved")]
    policy = Policy(id="p", steps=steps, calendar=desk, ack_timeout=minutes(600), on_ack_timeout="resume")
    timeline = run(policy, event(60, "ack"), event(420, "pause"), event(3 * 1440 + 60, "resume"), until=20000)
    monday, thursday = NINE, NINE + timedelta(days=3)
    assert [(r.at, r.kind) for r in timeline.records] == [
        (monday, "fired"),
        (monday + minutes(60), "ack"),
        (monday + minutes(240), "fired"),
        (monday + minutes(420), "pause"),
        (thursday + minutes(60), "resume"),
        (thursday + minutes(60 + 240), "ack_timeout"),
        (thursday + minutes(60 + 240), "exhausted"),
    ]


def test_a_ticket_that_begins_outside_hours_is_escalated_at_once() -> None:
    desk = WorkCalendar.weekly({"mon-fri": "09:00-17:00"}, zone="UTC")
    sunday = datetime(2026, 3, 1, 12, tzinfo=UTC)
    outcome = begin(simple(10, calendar=desk), "t", sunday)
    assert outcome.records[0].at == sunday
    assert outcome.state.next_at == datetime(2026, 3, 2, 9, 10, tzinfo=UTC)


def test_never_where_the_calendar_opens_no_more() -> None:
    shut = WorkCalendar([], zone="UTC")
    begun = begin(simple(10, 5, calendar=shut), "t", NINE).state
    assert begun.next_at is NEVER
    assert next_wakeup(begun) is NEVER
    assert wake(begun, at(10**6)).records == ()
    forced = apply(begun, event(5, "force")).state
    assert (forced.step, forced.next_at) == (1, NEVER)
    assert PolicyState.from_dict(json.loads(json.dumps(forced.to_dict()))) == forced
    timeline = run(simple(10, calendar=shut), until=10**6)
    assert timeline.next_at is NEVER
    json.dumps(timeline.to_dict(), allow_nan=False)


def test_what_is_left_of_a_wait_that_is_never_over() -> None:
    last_day = WorkCalendar([], zone="UTC", exceptions=[]).with_(
        exceptions=WorkCalendar.weekly({}, zone="UTC", exceptions={NINE.date(): "09:00-10:00"}).exceptions
    )
    begun = begin(simple(90, calendar=last_day), "t", NINE).state
    assert begun.next_at is NEVER
    paused = apply(begun, event(20, "pause")).state
    assert paused.remaining == (minutes(70), None)
    assert apply(paused, event(30, "resume")).state.next_at is NEVER
    soon = apply(paused, event(30, "switch", policy=simple(3))).state
    assert apply(soon, event(40, "resume")).state.next_at == at(43)


def test_a_wait_beyond_the_end_of_time_is_never_over() -> None:
    endless = Policy(id="p", steps=[Step(wait=timedelta.max, axis="functional", target="next_level")])
    assert next_wakeup(begin(endless, "t", NINE).state) is NEVER
    late = datetime.max.replace(tzinfo=UTC)
    assert next_wakeup(begin(simple(10), "t", late).state) is NEVER
    always = simple(10, calendar=WorkCalendar.always())
    assert next_wakeup(begin(always, "t", late).state) is NEVER


def test_rule_8_an_early_wake_changes_nothing_and_a_late_one_catches_up() -> None:
    begun = begin(simple(10, 5, repeat=1), "t", NINE).state
    assert wake(begun, at(9.99)) == Outcome(state=begun, records=())
    assert wake(begun, at(-50)) == Outcome(state=begun, records=())
    late = wake(begun, at(27))
    assert told(late) == [(10, "fired", 1, 0), (15, "fired", 0, 1), (25, "fired", 1, 1)]
    assert late.state.next_at == at(30)


def test_rule_8_events_at_until_are_included_and_later_ones_are_not() -> None:
    policy = simple(10, 5)
    assert told(run(policy, event(12, "ack"), until=12))[-1] == (12, "ack", 1, 0)
    assert told(run(policy, event(13, "ack"), until=12))[-1] == (10, "fired", 1, 0)
    assert told(run(policy, until=10))[-1] == (10, "fired", 1, 0)


def test_instants_of_other_zones_are_the_same_instants() -> None:
    away = timezone(timedelta(hours=5, minutes=45))
    shifted = PolicyEvent(at=at(4).astimezone(away), kind="ack")
    assert shifted == event(4, "ack")
    assert run_policy(simple(10), start=NINE.astimezone(away), until=at(5).astimezone(away), events=[shifted]) == run(
        simple(10), event(4, "ack"), until=5
    )


def test_events_before_what_happened_last_are_refused() -> None:
    state = apply(begin(simple(10, 5), "t", NINE).state, event(4, "pause", "e1")).state
    with pytest.raises(PolicyError, match=r"ack 'e0': .*09:03.* refused: something happened later, at .*09:04"):
        apply(state, event(3, "ack", "e0"))
    with pytest.raises(PolicyError, match=r"events\[1\]: .* is before the start"):
        run(simple(10), event(1, "ack"), event(-1, "ack"))
    with pytest.raises(PolicyError, match=r"until: .* is before the start"):
        run(simple(10), until=-1)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"wait": timedelta(0)}, "wait: expected a time above 0, got 0:00:00"),
        ({"wait": timedelta(seconds=-1)}, "wait: expected a time above 0"),
        ({"wait": 10}, "wait: expected a timedelta, got 10"),
        ({"wait": None}, "wait: expected a timedelta, got None"),
        ({"wait": float("nan")}, "wait: expected a timedelta, got nan"),
        ({"axis": "funtional"}, "axis: expected one of .* got 'funtional' .did you mean 'functional'"),
        ({"axis": None}, "axis: expected one of"),
        ({"when": "resolved"}, "when: expected one of .* got 'resolved' .did you mean 'not_resolved'"),
        ({"target": "next level"}, "target: expected next_level, .* got 'next level' .did you mean 'next_level'"),
        ({"target": "level:"}, "target: expected next_level, level:<id>"),
        ({"target": "levels:L2"}, "got 'levels:L2' .did you mean 'level'"),
        ({"target": "level: L2"}, "target: expected no space before or after the id, got ' L2'"),
        ({"target": "owner:0"}, "target: expected owner:<n> with n from 1, got 'owner:0'"),
        ({"target": "owner:one"}, "target: expected owner:<n> with n from 1"),
        ({"target": "person"}, "target: expected next_level"),
        ({"target": 3}, "target: expected next_level, .* got 3"),
        ({"target": None}, "target: expected next_level, .* got None"),
    ],
)
def test_a_wrong_step_says_what_is_wrong(given: dict[str, Any], message: str) -> None:
    with pytest.raises(PolicyError, match=message):
        Step(**{"wait": minutes(1), "axis": "functional", "target": "next_level", **given})


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"id": ""}, "id: expected a text that is not empty"),
        ({"id": None}, "id: expected a text that is not empty, got None"),
        ({"steps": []}, "steps: a policy has at least one step"),
        ({"steps": None}, "steps: expected a list of Step, got None"),
        ({"steps": ["x"]}, r"steps\[0\]: expected a Step, got 'x'"),
        ({"repeat": -1}, "repeat: expected 0 to 1000000, got -1"),
        ({"repeat": 10**7}, "repeat: expected 0 to 1000000"),
        ({"repeat": True}, "repeat: expected a whole number, got True"),
        ({"repeat": float("inf")}, "repeat: expected a whole number, got inf"),
        ({"on_empty": "skipp"}, "on_empty: expected one of .*did you mean 'skip'"),
        ({"ack_timeout": minutes(1)}, "on_ack_timeout: is missing"),
        ({"on_ack_timeout": "resume"}, "ack_timeout: is missing"),
        ({"ack_timeout": timedelta(0), "on_ack_timeout": "resume"}, "ack_timeout: expected a time above 0"),
        ({"ack_timeout": minutes(1), "on_ack_timeout": "again"}, "on_ack_timeout: expected one of"),
        ({"calendar": "desk"}, "calendar: expected a WorkCalendar, got 'desk'"),
        ({"version": 1}, "version: expected a text"),
    ],
)
def test_a_wrong_policy_says_what_is_wrong(given: dict[str, Any], message: str) -> None:
    with pytest.raises(PolicyError, match=message):
        Policy(**{"id": "p", "steps": [step(1)], **given})


def test_all_faults_of_a_policy_are_told_at_once() -> None:
    with pytest.raises(PolicyError) as caught:
        Policy(id=" ", steps=(), repeat=-1, on_empty="x", ack_timeout=3, calendar=3, version="")  # type: ignore[arg-type]
    assert [fault.where for fault in caught.value.faults] == [
        "id",
        "steps",
        "repeat",
        "on_empty",
        "ack_timeout",
        "on_ack_timeout",
        "calendar",
        "version",
    ]


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"at": None}, "at: expected a datetime, got None"),
        ({"at": "2026-03-02"}, "at: expected a datetime, got '2026-03-02'"),
        ({"at": datetime(2026, 3, 2)}, "at: expected a datetime with a time zone"),
        ({"at": datetime.min.replace(tzinfo=timezone(timedelta(hours=2)))}, "can be told in UTC"),
        ({"kind": "acknowledge"}, "kind: expected one of 'ack', 'close'"),
        ({"kind": "clsoe"}, "did you mean 'close'"),
        ({"kind": None}, "kind: expected one of"),
        ({"id": None}, "id: expected a text, got None"),
        ({"kind": "switch"}, "policy: is missing: a switch says to which policy"),
        ({"policy": "night"}, "policy: expected a Policy, got 'night'"),
        ({"policy": simple(1)}, "policy: only a switch has one, and this is 'ack'"),
    ],
)
def test_a_wrong_event_says_what_is_wrong(given: dict[str, Any], message: str) -> None:
    with pytest.raises(PolicyError, match=message):
        PolicyEvent(**{"at": NINE, "kind": "ack", **given})


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: begin("p", "t", NINE), "policy: expected a Policy, got str"),  # type: ignore[arg-type]
        (lambda: begin(simple(1), 3, NINE), "ticket_id: expected a text, got 3"),  # type: ignore[arg-type]
        (lambda: begin(simple(1), "t", None), "at: expected a datetime, got None"),  # type: ignore[arg-type]
        (lambda: begin(simple(1), "t", NINE.replace(tzinfo=None)), "at: expected a datetime with a time zone"),
        (lambda: begin(simple(1), "t", NINE, on_duty="ann"), "on_duty: expected a callable"),  # type: ignore[arg-type]
        (lambda: begin(simple(1), "t", NINE, on_duty=lambda *_: "ann"), "expected a sequence of ids, got 'ann'"),
        (lambda: begin(simple(1), "t", NINE, on_duty=lambda *_: {"a"}), "expected a sequence of ids"),  # type: ignore[arg-type]
        (lambda: begin(simple(1), "t", NINE, on_duty=lambda *_: [3]), "on_duty of step 0 .*got 3"),
        (lambda: begin(simple(1), "t", NINE, on_duty=lambda *_: None), "expected a sequence of ids, got None"),  # type: ignore[arg-type]
        (lambda: apply(None, event(1, "ack")), "state: expected a PolicyState"),  # type: ignore[arg-type]
        (lambda: apply(begin(simple(1), "t", NINE).state, "ack"), "event: expected a PolicyEvent"),  # type: ignore[arg-type]
        (lambda: wake({}, NINE), "state: expected a PolicyState"),  # type: ignore[arg-type]
        (lambda: wake(begin(simple(1), "t", NINE).state, 3), "now: expected a datetime, got 3"),  # type: ignore[arg-type]
        (lambda: next_wakeup(None), "state: expected a PolicyState"),  # type: ignore[arg-type]
        (lambda: run("p"), "policy: expected a Policy"),  # type: ignore[arg-type]
        (lambda: run(simple(1), ticket_id=None), "ticket_id: expected a text"),
        (lambda: run_policy(simple(1), start=NINE, until=NINE, events=None), "events: expected a list of PolicyEvent"),  # type: ignore[arg-type]
        (lambda: run_policy(simple(1), start=NINE, until=NINE, events=["x"]), r"events\[0\]: expected a PolicyEvent"),  # type: ignore[list-item]
        (lambda: run_policy(simple(1), start="x", until=NINE), "start: expected a datetime"),  # type: ignore[arg-type]
    ],
)
def test_a_wrong_argument_is_named(call: Callable[[], object], message: str) -> None:
    with pytest.raises(PolicyError, match=message):
        call()


STATE = begin(simple(10, 5, ack_timeout=minutes(3), on_ack_timeout="resume"), "t", NINE).state.to_dict()


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"policy": None}, "policy: expected a table of names and values, got None"),
        ({"policy": {**STATE["policy"], "steps": [{}]}}, r"policy.steps\[0\]: 'wait' is missing"),
        ({"ticket_id": 3}, "ticket_id: expected a text, got 3"),
        ({"status": "acked"}, "status: expected one of .*acked"),
        ({"step": 2}, "step: expected 0 to 1, got 2"),
        ({"step": "0"}, "step: expected a whole number, got '0'"),
        ({"loop": -1}, "loop: expected at least 0, got -1"),
        ({"last": "yesterday"}, "last: expected an instant with its offset like .* got 'yesterday'"),
        ({"last": "2026-03-02T09:00:00"}, "last: expected a datetime with a time zone"),
        ({"last": None}, "last: expected an instant"),
        ({"last": "never"}, "last: expected a datetime, got NEVER"),
        ({"next_at": 5}, "next_at: expected an instant"),
        ({"next_at": "2026-03-02T08:00:00+00:00"}, "next_at: .* is before `last`"),
        ({"next_at": None}, "next_at: expected an instant where time remains, and None elsewhere, got None"),
        ({"ack_at": "never"}, "ack_at: expected an instant where time remains, and None elsewhere, got NEVER"),
        ({"paused": True}, "next_at: expected None, for it is paused"),
        ({"paused": None}, "paused: expected True or False, got None"),
        ({"remaining": None}, "remaining: expected a list, got None"),
        ({"remaining": []}, "remaining: expected two times"),
        ({"remaining": ["10", None]}, r"remaining\[0\]: expected a duration in ISO 8601"),
        ({"status": "closed"}, r"remaining\[0\]: expected None, for the status is 'closed'"),
        ({"remaining": ["PT1M", "PT1M"], "ack_at": "never"}, r"remaining\[1\]: expected None, for no acknowledgement"),
        ({"extra": 1}, "unknown key 'extra'"),
    ],
)
def test_a_stored_state_that_was_meddled_with_is_refused(given: dict[str, Any], message: str) -> None:
    with pytest.raises(PolicyError, match=message):
        PolicyState.from_dict({**STATE, **given})


def test_a_state_refuses_what_is_no_time() -> None:
    state = begin(simple(10), "t", NINE).state
    with pytest.raises(PolicyError, match="policy: expected a Policy, got 'p'"):
        PolicyState(policy="p", ticket_id="t", status="triggered", step=0, loop=0, last=NINE)  # type: ignore[arg-type]
    with pytest.raises(
        PolicyError, match=r"remaining\[1\]: expected a time of at least 0 or None, got datetime.timedelta"
    ):
        PolicyState(
            policy=state.policy,
            ticket_id="t",
            status="triggered",
            step=0,
            loop=0,
            last=NINE,
            remaining=(None, minutes(-1)),
        )


def test_a_held_timer_that_somebody_stored_comes_to_rest() -> None:
    begun = begin(simple(10), "t", NINE).state.to_dict()
    woken = wake(PolicyState.from_dict({**begun, "status": "acknowledged"}), at(10))
    assert (woken.state.next_at, woken.state.status) == (None, "acknowledged")


def test_states_policies_and_timelines_survive_storage() -> None:
    desk = WorkCalendar.weekly({"mon-fri": "09:00-17:00"}, zone="Europe/Berlin")
    policy = simple(10, 5, calendar=desk, ack_timeout=minutes(90), on_ack_timeout="restart", version="2")
    timeline = run(policy, event(4, "ack"), event(6, "pause"))
    for value in (policy, policy.steps[0], timeline, timeline.state, timeline.records[0], event(3, "ack")):
        assert pickle.loads(pickle.dumps(value)) == value  # noqa: S301 - our own bytes
        assert copy.deepcopy(value) == value
    assert PolicyState.from_dict(json.loads(json.dumps(timeline.state.to_dict()))) == timeline.state
    for stored in (policy, policy.steps[0], timeline.state, event(3, "ack"), event(3, "switch", "e", policy)):
        assert leadkit_json.loads(leadkit_json.dumps(stored), type(stored)) == stored
    instants = {name: getattr(timeline.state, name) for name in ("last", "next_at", "ack_at")}
    assert PolicyState.from_dict({**timeline.state.to_dict(), **instants}) == timeline.state
    assert timeline != run(policy)


def test_a_timeline_shows_itself() -> None:
    timeline = run(simple(10, repeat=30), on_duty=lambda *_: ("ann", "bo"), until=10**4)
    rows = timeline.to_records()
    assert rows[0] == {
        "at": "2026-03-02T09:00:00+00:00",
        "kind": "fired",
        "step": 0,
        "loop": 0,
        "axis": "functional",
        "target": "next_level",
        "recipients": "ann bo",
        "reason": "begin",
        "event": "",
    }
    assert len(rows) == len(timeline.records)
    html = timeline._repr_html_()
    assert "ann bo" in html
    assert "... and 12 more rows" in html
    assert "more rows" not in run(simple(10))._repr_html_()
    json.dumps(timeline.to_dict(), allow_nan=False)
    outcome = begin(simple(10), "t", NINE)
    json.dumps(outcome.to_dict(), allow_nan=False)
    assert "triggered" in outcome._repr_html_()
