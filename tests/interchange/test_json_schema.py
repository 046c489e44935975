"""JSON Schemas of models and results, and the reading of what an older leadkit wrote."""

from __future__ import annotations

import importlib
import json as library
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import attrs
import jsonschema  # type: ignore[import-untyped]
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadkit import assessment, calendars, escalation, org, samples, testing, wbs
from leadkit.errors import DisclosureError, FormatError
from leadkit.interchange import _json_upgrades, json

PACKAGES = ("assessment", "calendars", "escalation", "org", "queueing", "skills", "stats", "ved", "vitals", "wbs")
NEVER_WRITTEN = {assessment.Feedback, assessment.RaterDigest, wbs.Group}
READ_BY_FIELDS = [
    (testing.instrument, assessment.Instrument),
    (testing.link, wbs.Link),
    (testing.plan, wbs.Plan),
    (testing.policy, escalation.Policy),
    (testing.ticket, escalation.Ticket),
    (testing.vision, org.Vision),
]


@pytest.mark.parametrize(("strategy", "model"), READ_BY_FIELDS)
def test_what_the_schema_refuses_is_refused_by_loads_too(strategy: Any, model: Any) -> None:
    check = jsonschema.Draft202012Validator(json.json_schema(model))

    @given(strategy(), st.data())
    @settings(max_examples=10)
    def both(value: Any, draw: st.DataObject) -> None:
        good = library.loads(json.dumps(value))
        name = draw.draw(st.sampled_from(sorted(good)))
        wrong = draw.draw(st.sampled_from([True, 2.5, "?", [[3]], {"?": [3]}, None]))
        bad = [{**good, name: wrong}, {**good, "unknown_key": 1}]
        needed = draw.draw(st.sampled_from(json.json_schema(model)["required"]))
        bad.append({key: part for key, part in good.items() if key != needed})
        assert not check.is_valid(bad[1])
        assert not check.is_valid(bad[2])
        for data in bad:
            if not check.is_valid(data):
                with pytest.raises(FormatError):
                    json.loads(library.dumps(data), model)

    both()


@pytest.mark.parametrize(
    "change", [{"kind": "XX"}, {"lag": 3}, {"predecessor": None}, {"sucessor": "b"}, {"leadkit_schema": 2}]
)
def test_a_wrong_word_type_or_key_is_invalid(change: dict[str, Any]) -> None:
    data = library.loads(json.dumps(wbs.Link(predecessor="a", successor="b")))
    check = jsonschema.Draft202012Validator(json.json_schema(wbs.Link))
    assert check.is_valid(data)
    assert not check.is_valid(data | change)


def classes() -> list[type]:
    found: dict[type, None] = {}
    for package in PACKAGES:
        module = importlib.import_module(f"leadkit.{package}")
        for value in (getattr(module, name) for name in module.__all__):
            if isinstance(value, type) and (attrs.has(value) or hasattr(value, "to_dict")):
                found[value] = None
    return [value for value in found if value not in NEVER_WRITTEN]


@pytest.mark.parametrize("cls", classes(), ids=lambda cls: f"{cls.__module__}.{cls.__name__}")
def test_every_public_class_has_a_schema_of_its_own(cls: type) -> None:
    schema = json.json_schema(cls)
    jsonschema.Draft202012Validator.check_schema(schema)
    text = library.dumps(schema)
    assert "$ref" not in text
    assert schema["properties"]["type"] == {"const": cls.__name__}
    assert schema["required"][:2] == ["leadkit_schema", "type"]
    # either all fields are told, or the description says that they are not
    assert schema.get("additionalProperties") is False or "not described further" in schema["description"]


def test_results_are_valid() -> None:
    plan = samples.plan()
    pyramid = org.build_pyramid(samples.organisation(rng=1))
    values = [
        wbs.schedule(plan),
        wbs.assign(plan, schedules=5),
        wbs.evm(10, 5, 5, 5),
        wbs.evm(10, 0, 0, 0),
        pyramid,
        samples.escalation_matrix(),
        *wbs.evaluate_metrics(plan, {"solved": 31}),
    ]
    for value in values:
        jsonschema.Draft202012Validator(json.json_schema(type(value))).validate(library.loads(json.dumps(value)))


def test_a_state_of_a_policy_is_valid() -> None:
    step = escalation.Step(wait=timedelta(minutes=10), axis="functional", target="next_level")
    policy = escalation.Policy(id="desk", steps=[step])
    at = datetime(2026, 3, 2, 9, tzinfo=UTC)
    place: dict[str, Any] = {"policy": policy, "ticket_id": "t", "status": "triggered", "step": 0, "loop": 0}
    check = jsonschema.Draft202012Validator(json.json_schema(escalation.PolicyState))
    for rest in (
        {"next_at": at, "remaining": (timedelta(minutes=4), None)},
        {"next_at": calendars.NEVER, "remaining": (timedelta(minutes=4), None)},
    ):
        state = escalation.PolicyState(last=at, **place, **rest)  # type: ignore[arg-type]
        check.validate(library.loads(json.dumps(state)))


@pytest.mark.parametrize(
    ("cls", "error", "message"),
    [
        (int, TypeError, "expected a model or result of leadkit, got int"),
        (None, TypeError, "got None"),
        (samples.plan, TypeError, "got <function"),
        (wbs.Group, TypeError, "write the Wbs"),
        (assessment.Feedback, DisclosureError, "disclose it first"),
    ],
)
def test_what_is_never_written_has_no_schema(cls: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        json.json_schema(cls)


def old_link(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Take fields of a layout that never was, for the mechanism."""
    return {"predecessor": fields["from"], "successor": fields["to"]}


def test_the_layout_before_is_read_through_its_upgrade(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(_json_upgrades.UPGRADES, 0, {"Link": old_link})
    old = '{"leadkit_schema": 0, "type": "Link", "from": "a", "to": "b"}'
    assert json.loads(old, wbs.Link) == wbs.Link(predecessor="a", successor="b")
    # a type that has not changed is read as it is, and what is written is of today
    lag = json.dumps(wbs.Lag.days(2))
    assert json.loads(lag.replace('"leadkit_schema": 1', '"leadkit_schema": 0'), wbs.Lag) == wbs.Lag.days(2)
    assert json.loads(lag, wbs.Lag) == wbs.Lag.days(2)
    with pytest.raises(FormatError, match="these are no fields of schema 0: KeyError: 'from'"):
        json.loads('{"leadkit_schema": 0, "type": "Link"}', wbs.Link)
    with pytest.raises(FormatError, match="leadkit_schema: expected 0 or 1, got -1"):
        json.loads('{"leadkit_schema": -1, "type": "Link"}', wbs.Link)


@pytest.mark.parametrize(
    ("number", "message"),
    [
        ("2", "expected 1, got 2: a newer leadkit wrote this; update leadkit"),
        ("0", "expected 1, got 0$"),
        ("true", "expected 1, got True"),
        ("1.0", r"expected 1, got 1\.0"),
        ('"1"', "expected 1, got '1'"),
        ("[1]", r"expected 1, got \[1\]"),
    ],
)
def test_no_other_layout_is_read(number: str, message: str) -> None:
    with pytest.raises(FormatError, match=message):
        json.loads(f'{{"leadkit_schema": {number}, "type": "Link"}}', wbs.Link)
