"""Models and results as JSON: there and back, and what is refused."""

from __future__ import annotations

import io
import json as library
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadkit import assessment, org, samples, testing, wbs
from leadkit.errors import DisclosureError, FormatError, LeadkitError
from leadkit.interchange import json


@given(testing.plans())
@settings(max_examples=25)
def test_plans_come_back(plan: wbs.Plan) -> None:
    text = json.dumps(plan)
    assert json.loads(text, wbs.Plan) == plan
    assert json.dumps(json.loads(text, wbs.Plan)) == text


@pytest.mark.parametrize(
    ("strategy", "model"),
    [
        (testing.wbs, wbs.Wbs),
        (testing.team, wbs.Team),
        (testing.status, wbs.Status),
        (testing.problem, wbs.Problem),
        (testing.instrument, assessment.Instrument),
        (testing.vision, org.Vision),
    ],
)
def test_models_come_back(strategy: Any, model: Any) -> None:
    @given(strategy())
    @settings(max_examples=10)
    def check(value: Any) -> None:
        assert json.loads(json.dumps(value), model) == value

    check()


def test_results_are_written_with_their_type() -> None:
    plan = samples.plan()
    for result in (wbs.schedule(plan), wbs.assign(plan, schedules=5), wbs.evm(10, 5, 5, 5)):
        data = library.loads(json.dumps(result))
        assert (data["leadkit_schema"], data["type"]) == (1, type(result).__name__)


def test_results_whose_fields_say_all_come_back() -> None:
    (figure,) = wbs.evaluate_metrics(samples.plan(), {"solved": 31})[:1]
    assert json.loads(json.dumps(figure), wbs.MetricResult) == figure
    figures = wbs.evm(100_000, 55_000, 50_000, 0)
    with pytest.raises(TypeError, match="Evm is not read back"):
        json.loads(json.dumps(figures), wbs.Evm)


def test_a_file_and_an_indented_text_are_read_too() -> None:
    link = wbs.Link(predecessor="a", successor="bé")
    assert json.loads(io.StringIO(json.dumps(link, indent=2)), wbs.Link) == link
    assert "bé" in json.dumps(link)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "line 1, column 1: Expecting value"),
        ('{"a": }', "line 1, column 7"),
        ("[]", "expected an object, got list"),
        ("null", "expected an object, got null"),
        ('{"leadkit_schema": 2, "type": "Link"}', "leadkit_schema: expected 1, got 2"),
        ('{"leadkit_schema": true, "type": "Link"}', "leadkit_schema: expected 1, got True"),
        ('{"leadkit_schema": 1, "type": "Lag"}', "type: expected 'Link', got 'Lag'"),
        ('{"leadkit_schema": 1, "type": "Link", "kind": 1, "kind": 2}', "the key 'kind' is there more than once"),
        ('{"leadkit_schema": 1, "type": "Link", "lag": NaN}', "NaN is not JSON"),
        ("[" * 100_000, "nested too deeply|Expecting|recursion"),
        ('{"x": ' + "9" * 5000 + "}", "JSON: Exceeds"),
    ],
)
def test_what_is_wrong_with_a_text_is_told(text: str, message: str) -> None:
    with pytest.raises(FormatError, match=message):
        json.loads(text, wbs.Link)


def test_all_faults_come_with_their_paths() -> None:
    data = library.loads(json.dumps(samples.plan()))
    data["links"][2]["kind"] = "XX"
    data["wbs"]["nodes"][3]["nam"] = "x"
    data["deadlin"] = 1
    with pytest.raises(FormatError) as caught:
        json.loads(library.dumps(data), wbs.Plan)
    said = str(caught.value)
    assert "links[2].kind" in said
    assert "'deadlin' (did you mean 'deadline'?)" in said
    assert "nam" in said


def test_the_limit_is_kept() -> None:
    with pytest.raises(FormatError, match="more than 5 characters"):
        json.loads("      ", wbs.Link, max_chars=5)


def test_raw_feedback_and_guarded_results_are_not_written() -> None:
    ratings = samples.ratings(n_leaders=2, rng=1)
    with pytest.raises(DisclosureError, match="disclose it first"):
        json.dumps(assessment.feedback(ratings))
    pyramid = org.build_pyramid(samples.organisation(rng=1))
    thread = org.trace_thread(pyramid, [4.0] * len(pyramid.organisation.ids), threshold=3.0)
    with pytest.raises(DisclosureError):
        json.dumps(thread)


@pytest.mark.parametrize("value", [3, {"a": 1}, None, "text", wbs.Link, wbs.Group(id="g"), object()])
def test_what_is_no_model_is_refused(value: object) -> None:
    with pytest.raises(TypeError):
        json.dumps(value)


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(), lambda x: st.lists(x) | st.dictionaries(st.text(), x)
    )
)
@settings(max_examples=30)
def test_anything_else_is_a_located_error(data: Any) -> None:
    fields = data if isinstance(data, dict) else {"wbs": data, "start": data, "links": data}
    try:
        json.loads(library.dumps({"leadkit_schema": 1, "type": "Plan", **fields}), wbs.Plan)
    except LeadkitError as error:
        assert str(error)
