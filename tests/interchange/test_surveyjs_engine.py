"""Forms for SurveyJS in SurveyJS itself: its engine loads them, a person fills them in, and the result is read."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from leadkit import frameworks
from leadkit.assessment import Instrument, Responses
from leadkit.interchange.surveyjs import read_responses, write_form

PROGRAM = Path(__file__).with_name("surveyjs_engine.cjs")
CHECKOUT = Path(__file__).parents[2]
WICKED = Instrument.from_rows(
    [
        {"item": "a1", "dimension": "calm", "text": "<b>I</b> am \u201ccalm\u201d & 'kind'", "low": -1, "high": 1},
        {"item": "length", "dimension": "calm", "text": "length", "low": -1, "high": 1},
        {"item": "constructor", "dimension": "calm", "text": "I am kind", "low": -1, "high": 1},
        {"item": "title", "dimension": "data", "text": "I share", "low": -1, "high": 1},
    ],
    id="wicked",
    version="1.0.0",
    title="Wicked",
    source="Example",
    licence="MIT",
)


@pytest.fixture(scope="module")
def engine() -> Any:
    """Give what lets people fill in a form."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not installed")
    folders = [os.environ.get("LEADKIT_NODE_MODULES"), CHECKOUT / "node_modules", CHECKOUT.parent / "node_modules"]
    modules = next((Path(one) for one in folders if one and (Path(one) / "survey-core").is_dir()), None)
    if modules is None:
        pytest.skip("survey-core is in no node_modules; set LEADKIT_NODE_MODULES to the folder that holds it")

    def fill(form: str, people: list[dict[str, Any]]) -> list[dict[str, Any]]:
        given = json.dumps({"form": json.loads(form), "people": people})
        done = subprocess.run(
            [node, str(PROGRAM), str(modules.resolve())], input=given, capture_output=True, text=True, check=True
        )
        return list(json.loads(done.stdout))

    return fill


def people_of(answers: Responses) -> list[dict[str, Any]]:
    """Say what everybody clicks and writes."""
    form = answers.instrument
    told = []
    for i in range(len(answers)):
        codes = dict(zip(form.item_ids, answers.values[i].tolist(), strict=True))
        clicks = {
            dimension.id: {item.id: int(codes[item.id]) for item in dimension.items if not np.isnan(codes[item.id])}
            for dimension in form.dimensions
        }
        told.append({"groups": {name: labels[i] for name, labels in answers.groups.items()}, "answers": clicks})
    return told


def some_answers(form: Instrument, *, share_missing: float) -> Responses:
    """Draw answers of three people."""
    rng = np.random.default_rng(4)
    values = rng.integers(form.scale.low, form.scale.high + 1, (3, form.n_items)).astype(np.float64)
    values[rng.random(values.shape) < share_missing] = np.nan
    return Responses(form, values, ["row1", "row2", "row3"], {"team": ["north", "=1+1", "{north}"]})


def load(name: str) -> Instrument:
    return WICKED if name == "wicked" else frameworks.load(name)


@pytest.mark.parametrize("name", [*frameworks.names(), "wicked"])
def test_surveyjs_shows_the_form_and_its_result_is_read(engine: Any, name: str) -> None:
    answers = some_answers(load(name), share_missing=0.2)
    results = engine(write_form(answers.instrument, groups=["team"]), people_of(answers))
    for result in results:
        assert (result["faults"], result["unknown"]) == ([], [])
        assert (result["done"], result["state"]) == (True, "completed")
    check_wording(answers.instrument.translated(answers.instrument.language), results[0])
    found = read_responses([result["data"] for result in results], answers.instrument, id=None, groups=["team"])
    assert np.array_equal(found.values, answers.values, equal_nan=True)
    assert found.groups == answers.groups


def check_wording(form: Instrument, result: dict[str, Any]) -> None:
    """Compare what is on the screen with the form."""
    assert result["title"] == form.title
    assert list(result["asked"]) == list(form.dimension_ids)
    for dimension in form.dimensions:
        shown = result["asked"][dimension.id]
        assert shown["title"] == dimension.name
        assert [code for code, _ in shown["columns"]] == list(range(form.scale.low, form.scale.high + 1))
        assert [text for _, text in shown["columns"]] == (list(form.scale.labels) or ["-1", "0", "1"])
        assert shown["rows"] == [[item.id, item.text] for item in dimension.items]


@pytest.mark.parametrize("name", ["ved", "wicked"])
def test_a_question_that_is_required_keeps_the_form_open(engine: Any, name: str) -> None:
    form = load(name)
    full = people_of(some_answers(form, share_missing=0.0))[0]
    last = form.dimensions[-1]
    one_left_out = {**full["answers"], last.id: dict(list(full["answers"][last.id].items())[1:])}
    people = [full, {**full, "answers": one_left_out}, {**full, "groups": {}}, {"groups": {}, "answers": {}}]
    strict = engine(write_form(form, groups=["team"], required=True), people)
    assert [(result["done"], result["state"]) for result in strict] == [(True, "completed")] + [(False, "running")] * 3
    assert all(result["faults"] == [] for result in strict)
    assert all(result["done"] for result in engine(write_form(form, groups=["team"]), people))
