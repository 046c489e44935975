"""Policies as JSON: the round trip, all faults at once, step lists of other tools, and whatever JSON there may be."""

from __future__ import annotations

import contextlib
import io
import json
import pickle
from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadkit._durations import duration_of, duration_text
from leadkit.calendars import WorkCalendar
from leadkit.errors import FormatError, PolicyError
from leadkit.escalation.policy import Policy, PolicyState, Step
from leadkit.interchange import policy_json
from leadkit.testing.policies import policy

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=12,
)
KEYS = st.sampled_from(
    [
        "leadkit",
        "id",
        "version",
        "steps",
        "repeat",
        "on_empty",
        "ack_timeout",
        "on_ack_timeout",
        "calendar",
        "wait",
        "axis",
        "target",
        "when",
        "windows",
        "zone",
        "holidays",
        "name",
        "escalation_rules",
        "num_loops",
        "delay_minutes",
        "targets",
        "type",
        "ticket_id",
        "status",
        "step",
        "loop",
        "last",
        "next_at",
        "ack_at",
        "paused",
        "remaining",
        "policy",
        "closures",
        "exceptions",
        "horizon_days",
    ]
)
LIKELY: st.SearchStrategy[Any] = st.sampled_from(
    [
        "policy/1", "desk", "PT10M", "P1D", "functional", "next_level", "skip", "resume", "UTC", "never",
        "2026-03-02T09:00:00+00:00", "triggered", "mon-fri", 1, 0, {}, [], None, True,
    ]
)  # fmt: skip
NEAR_JSON = st.recursive(
    LIKELY | JSON,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=8),
    max_leaves=20,
)
DESK = WorkCalendar.weekly({"mon-fri": "09:00-17:00"}, zone="Europe/Berlin", name="desk")
FULL = Policy(
    id="desk",
    steps=[
        Step(wait=timedelta(minutes=10), axis="functional", target="next_level"),
        Step(wait=timedelta(hours=26, seconds=0.5), axis="hierarchical", target="owner:1", when="not_resolved"),
    ],
    repeat=2,
    on_empty="wait",
    ack_timeout=timedelta(minutes=90),
    on_ack_timeout="restart",
    calendar=DESK,
    version="2.1",
)


def test_the_layout() -> None:
    data = json.loads(policy_json.dumps(FULL))
    assert next(iter(data)) == "leadkit"
    assert data == {
        "leadkit": "policy/1",
        "id": "desk",
        "version": "2.1",
        "steps": [
            {"wait": "PT10M", "axis": "functional", "target": "next_level", "when": "not_acknowledged"},
            {"wait": "PT26H0.5S", "axis": "hierarchical", "target": "owner:1", "when": "not_resolved"},
        ],
        "repeat": 2,
        "on_empty": "wait",
        "ack_timeout": "PT1H30M",
        "on_ack_timeout": "restart",
        "calendar": DESK.to_dict(),
    }
    assert policy_json.loads(policy_json.dumps(FULL)) == FULL
    assert policy_json.loads(io.StringIO(policy_json.dumps(FULL, indent=2))) == FULL


def test_what_has_a_default_may_be_left_out() -> None:
    text = '{"leadkit": "policy/1", "id": "p", "steps": [{"wait": "PT5M", "axis": "functional", "target": "level:L2"}]}'
    assert policy_json.loads(text) == Policy(
        id="p", steps=[Step(wait=timedelta(minutes=5), axis="functional", target="level:L2")]
    )


@given(policy())
def test_reading_what_was_written_gives_the_same(one: Policy) -> None:
    text = policy_json.dumps(one)
    assert policy_json.loads(text) == one
    assert policy_json.dumps(policy_json.loads(text)) == text


def test_all_faults_are_told_at_once_with_their_paths() -> None:
    data = {
        "leadkit": "policy/2",
        "id": "",
        "steps": [
            {"wait": "10m", "axis": "funtional", "target": "next_level", "whne": 1},
            7,
            {"wait": "PT0S", "axis": "functional", "target": "level"},
        ],
        "repeat": 1.5,
        "ack_timeout": "soon",
        "on_ack_timeout": "resume",
        "calendar": {"windows": {"mon": "9-17"}, "zone": "Mars"},
        "on_emtpy": "skip",
    }
    with pytest.raises(FormatError) as caught:
        policy_json.loads(json.dumps(data))
    places = [(fault.where, fault.what.split(",")[0][:40]) for fault in caught.value.faults]
    assert places == [
        ("leadkit", "expected 'policy/1'"),
        ("", "unknown key 'on_emtpy' (did you mean 'on"),
        ("steps[0]", "unknown key 'whne' (did you mean 'when'?"),
        ("steps[0].wait", "expected a duration in ISO 8601 like PT1"),
        ("steps[0].axis", "expected one of 'functional'"),
        ("steps[1]", "expected a table of names and values"),
        ("steps[2].wait", "expected a time above 0"),
        ("steps[2].target", "expected next_level"),
        ("ack_timeout", "expected a duration in ISO 8601 like PT1"),
        ("calendar.windows['mon']", "'9-17' is no span of a day like '09:00-1"),
        ("calendar.zone", "unknown time zone 'Mars'"),
        ("id", "expected a text that is not empty"),
        ("repeat", "expected a whole number"),
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "JSON: line 1, column 1: "),
        ("{", "JSON: line 1, column 2: "),
        ("[]", r"policy: expected an object, got \[\]"),
        ("null", "policy: expected an object, got None"),
        ("{}", "leadkit: expected 'policy/1', got nothing"),
        ('{"leadkit": 1}', "leadkit: expected 'policy/1', got 1"),
        ('{"id": 1, "id": 2}', "the key 'id' is there more than once"),
        ('{"id": NaN}', "NaN is not JSON"),
        ("[" * 100_000, "nested too deeply"),
        ('{"leadkit": "policy/1", "id": ' + "[" * 900 + "]" * 900 + "}", "policy: |nested too deeply"),
        ("1" * 5000, "JSON: "),
    ],
)
def test_what_is_no_policy_is_refused(text: str, message: str) -> None:
    with pytest.raises(FormatError, match=message):
        policy_json.loads(text)


def test_no_depth_of_nesting_is_more_than_a_format_error() -> None:
    for depth in (100, 900, 960, 980, 990, 2000):
        text = '{"leadkit": "policy/1", "version": ' + "[" * depth + "]" * depth + "}"
        with pytest.raises(FormatError, match=r"expected a text|nested too deeply"):
            policy_json.loads(text)


def test_wrong_arguments_are_named() -> None:
    with pytest.raises(PolicyError, match="policy: expected a Policy, got dict"):
        policy_json.dumps({})  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="expected the text of JSON"):
        policy_json.loads(None)  # type: ignore[arg-type]
    with pytest.raises(FormatError, match="limit"):
        policy_json.loads(policy_json.dumps(FULL), max_chars=10)


@settings(max_examples=150)
@given(NEAR_JSON)
def test_any_json_gives_a_policy_or_a_format_error(data: Any) -> None:
    with contextlib.suppress(FormatError):
        assert isinstance(policy_json.loads(json.dumps(data)), Policy)
    with contextlib.suppress(FormatError):
        assert isinstance(policy_json.import_steps(data).policy, Policy)
    with contextlib.suppress(PolicyError):
        Policy.from_dict(data)
    with contextlib.suppress(PolicyError):
        PolicyState.from_dict(data)


@settings(max_examples=150)
@given(st.data())
def test_a_policy_with_one_part_replaced_gives_a_policy_or_a_format_error(data: st.DataObject) -> None:
    whole = json.loads(policy_json.dumps(FULL))
    part: Any = whole
    while True:
        key = data.draw(st.sampled_from(list(part) if isinstance(part, dict) else list(range(len(part)))))
        if not (isinstance(part[key], dict | list) and part[key] and data.draw(st.booleans())):
            break
        part = part[key]
    part[key] = data.draw(NEAR_JSON)
    with contextlib.suppress(FormatError):
        assert isinstance(policy_json.loads(json.dumps(whole)), Policy)


@given(st.text() | st.from_regex(r"\AP[0-9WDTHMS.]{0,12}\Z"))
def test_any_text_is_a_duration_or_a_value_error(text: str) -> None:
    with contextlib.suppress(ValueError):
        found = duration_of(text)
        assert duration_of(duration_text(found)) == found


@given(st.timedeltas(min_value=timedelta(0)))
def test_durations_are_exact(duration: timedelta) -> None:
    assert duration_of(duration_text(duration)) == duration


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("PT10M", timedelta(minutes=10)),
        ("PT90M", timedelta(minutes=90)),
        ("P2W", timedelta(days=14)),
        ("P1DT1H", timedelta(hours=25)),
        ("PT0.25S", timedelta(milliseconds=250)),
    ],
)
def test_durations_in_iso_8601(text: str, expected: timedelta) -> None:
    assert duration_of(text) == expected


@pytest.mark.parametrize(
    "text", ["", "P", "PT", "P1DT", "P1Y", "P1M", "PT1H ", "pt1h", "-PT1H", "PT1.5H", "10", 10, None, "P999999999W"]
)
def test_what_is_no_duration(text: object) -> None:
    with pytest.raises(ValueError, match=r"expected a duration in ISO 8601|longer than the longest duration"):
        duration_of(text)


def test_a_step_list_of_another_tool() -> None:
    found = policy_json.import_steps(
        {
            "id": "P1",
            "name": "Support",
            "repeat": 1,
            "steps": [
                {"delay_minutes": 2.5, "targets": ["ann"]},
                {"delay_minutes": 10, "targets": ["level:L2"], "title": "x"},
                {"delay": 10, "target": {"id": "L3", "type": "tier"}},
                {"delay": 10, "targets": [{"id": "U1", "type": "user", "self": None}, {"id": "T1", "type": "team"}]},
                {"delay": 10, "targets": [{"id": "T1", "type": "team"}]},
            ],
        }
    )
    assert found.policy == Policy(
        id="P1",
        repeat=1,
        steps=[
            Step(wait=timedelta(seconds=150), axis="functional", target="person:ann"),
            Step(wait=timedelta(minutes=10), axis="functional", target="level:L2"),
            Step(wait=timedelta(minutes=10), axis="functional", target="level:L3"),
            Step(wait=timedelta(minutes=10), axis="functional", target="person:U1"),
            Step(wait=timedelta(minutes=10), axis="functional", target="person:T1"),
        ],
    )
    assert found.losses == (
        "name: has no counterpart and is left out",
        "steps[1].title: has no counterpart and is left out",
        "steps[3].targets[0].self: has no counterpart and is left out",
        "steps[3].targets[1]: a step has one target; person:T1 is left out",
        "steps[4].targets[0]: a team is kept as person:T1, and on_duty has to say who that is",
    )
    assert pickle.loads(pickle.dumps(found)) == found  # noqa: S301 - our own bytes
    json.dumps(found.to_dict(), allow_nan=False)
    assert "losses" in found._repr_html_()


def test_nothing_is_lost_where_all_was_said() -> None:
    data = {"name": "p", "rules": [{"delay_minutes": 5, "targets": "next_level"}]}
    found = policy_json.import_steps(data)
    assert (found.losses, found.policy.repeat, found.policy.steps[0].target) == ((), 0, "next_level")


@pytest.mark.parametrize(
    ("data", "places"),
    [
        (None, [""]),
        ([], [""]),
        ({}, ["", ""]),
        ({"id": "p", "steps": []}, ["steps"]),
        ({"id": "p", "steps": {}}, ["steps"]),
        ({"id": 3, "num_loops": -1, "rules": [3, {}]}, ["rules[0]", "rules[1]", "rules[1]", "id", "num_loops"]),
        ({"id": "p", "steps": [{"delay": 0, "targets": ["a"]}]}, ["steps[0].delay"]),
        ({"id": "p", "steps": [{"delay": 1e-9, "targets": ["a"]}]}, ["steps[0].delay"]),
        ({"id": "p", "steps": [{"delay": 1e300, "targets": ["a"]}]}, ["steps[0].delay"]),
        ({"id": "p", "steps": [{"delay": 10**400, "targets": ["a"]}]}, ["steps[0].delay"]),
        ({"id": "p", "steps": [{"delay": "5", "targets": []}]}, ["steps[0].delay", "steps[0].targets"]),
        (
            {"id": "p", "steps": [{"delay": 5, "targets": [3, {"id": 1}]}]},
            ["steps[0].targets[0]", "steps[0].targets[1].id"],
        ),
        ({"id": "p", "steps": [{"delay": 5, "targets": ["level:"]}]}, ["steps[0].targets"]),
        ({"id": "p", "steps": [{"delay": 5, "targets": [{"id": "a", "type": 4}]}]}, ["steps[0].targets[0].type"]),
    ],
)
def test_what_is_no_step_list_is_refused(data: Any, places: list[str]) -> None:
    with pytest.raises(FormatError) as caught:
        policy_json.import_steps(data)
    assert [fault.where for fault in caught.value.faults] == places


def test_an_unknown_flavour_is_refused() -> None:
    with pytest.raises(FormatError, match=r"flavour: expected one of 'delay-list', got 'delay-lists' .did you mean"):
        policy_json.import_steps({"id": "p", "steps": [{"delay": 1, "targets": ["a"]}]}, flavour="delay-lists")  # type: ignore[arg-type]


def test_a_delay_may_be_a_number_of_an_array() -> None:
    found = policy_json.import_steps({"id": "p", "steps": [{"delay": np.int64(5), "targets": ["a"]}]})
    assert found.policy.steps[0].wait == timedelta(minutes=5)
