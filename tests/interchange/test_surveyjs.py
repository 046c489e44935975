"""Forms as SurveyJS JSON, out and in, and the results that people send."""

from __future__ import annotations

import contextlib
import io
import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadkit import frameworks
from leadkit.assessment import Instrument, Responses
from leadkit.errors import DefinitionError, FormatError, LeadkitError, ResponseError, UnknownIdError
from leadkit.interchange.surveyjs import read_instrument, read_responses, write_form
from leadkit.testing import instrument, responses

ABOUT: dict[str, Any] = {"id": "mood", "version": "1.0.0", "source": "Example", "licence": "MIT"}
MOOD = Instrument.parse(
    """
    id = "mood"
    version = "1.0.0"
    title = { en = "Mood", de = "Stimmung" }
    source = "Example"
    licence = "MIT"
    status = "unvalidated"
    scale = { low = 0, high = 1, labels = [{ en = "No", de = "Nein" }, { en = "Yes", de = "Ja" }] }
    [[dimensions]]
    id = "calm"
    name = { en = "Calm", de = "Ruhe" }
    items = [
      { id = "m_1", text = { en = "I am <calm>", de = "Ich bin ruhig" } },
      { id = "m_2", text = { en = "I rest", de = "Ich ruhe" }, reverse = true },
    ]
    [[dimensions]]
    id = "kind"
    name = { en = "Kind", de = "Güte" }
    description = { en = "To others", de = "Zu anderen" }
    items = [{ id = "k1", text = { en = "I share", de = "Ich teile" } }]
    """
)
HAND_MADE: dict[str, Any] = {
    "title": {"default": "Wie geht es?", "en": "How are you?"},
    "locale": "de",
    "pages": [
        {
            "name": "p1",
            "elements": [
                {"type": "text", "name": "team"},
                {
                    "type": "panel",
                    "elements": [
                        {
                            "type": "matrix",
                            "name": "At Work",
                            "columns": ["3", "2", "1"],
                            "rows": ["Row 1", {"value": "Row 2", "text": "I am tense"}],
                            "visibleIf": "{team} notempty",
                        }
                    ],
                },
            ],
        },
        {"elements": [{"type": "matrix", "name": "home", "columns": [1, 2, 3], "rows": ["Row 1"]}]},
    ],
}


def test_a_form_is_a_page_of_matrices() -> None:
    form = json.loads(write_form(MOOD, groups=["team"]))
    assert form["title"] == {"default": "Mood", "de": "Stimmung"}
    assert form["locale"] == "en"
    (page,) = form["pages"]
    team, calm, kind = page["elements"]
    assert team == {"type": "text", "name": "team", "title": "team"}
    assert (calm["type"], calm["name"], calm["title"]) == ("matrix", "calm", {"default": "Calm", "de": "Ruhe"})
    assert calm["columns"] == kind["columns"]
    assert calm["columns"][0] == {"value": 0, "text": {"default": "No", "de": "Nein"}}
    assert [row["value"] for row in calm["rows"]] == ["m_1", "m_2"]
    assert kind["description"]["de"] == "Zu anderen"


def test_a_form_in_one_language_has_plain_texts() -> None:
    form = json.loads(write_form(MOOD, language="de"))
    assert form["title"] == "Stimmung"
    assert form["pages"][0]["elements"][1]["rows"] == [{"value": "k1", "text": "Ich teile"}]
    with pytest.raises(UnknownIdError, match="'fr'"):
        write_form(MOOD, language="fr")


def test_a_form_read_again_is_the_instrument() -> None:
    again = read_instrument(write_form(MOOD), **ABOUT, reverse=["m_2"])
    assert again.hash == MOOD.hash
    assert (again.title, again.scale, again.language) == (MOOD.title, MOOD.scale, "en")
    assert [(one.id, one.text) for one in again.items] == [(one.id, one.text) for one in MOOD.items]
    assert [(one.name, one.description) for one in again.dimensions] == [
        (one.name, one.description) for one in MOOD.dimensions
    ]
    assert write_form(again) == write_form(MOOD)
    assert read_instrument(io.StringIO(write_form(MOOD, language="de")), **ABOUT).title == "Stimmung"


def test_a_survey_made_by_hand_is_an_instrument() -> None:
    found = read_instrument(json.dumps(HAND_MADE), **ABOUT, reverse="row_2")
    assert found.title == {"de": "Wie geht es?", "en": "How are you?"}
    assert found.language == "de"
    assert found.dimension_ids == ("at_work", "home")
    assert found.item_ids == ("at_work_row_1", "row_2", "home_row_1")
    assert (found.scale.low, found.scale.high, found.scale.labels) == (1, 3, ())
    results: list[dict[str, Any]] = [{"At Work": {"Row 1": "3", "Row 2": 1}, "home": {"Row 1": 2}, "team": "n"}]
    assert read_responses(results, found, id=None, groups="team").values.tolist() == [[3, 1, 2]]
    one = read_instrument(json.dumps(HAND_MADE), **ABOUT, title="Mine", questions="home")
    assert (one.title, one.item_ids) == ("Mine", ("row_1",))


def changed(path: tuple[str | int, ...], value: Any) -> str:
    survey = json.loads(json.dumps(HAND_MADE))
    place = survey
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    return json.dumps(survey)


HOME = ("pages", 1, "elements", 0)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("[]", "expected an object with pages, got a list"),
        ("{", "line 1, column 2"),
        ('{"a": 1, "a": 2}', "the key 'a' is there more than once"),
        ('{"a": NaN}', "NaN is not JSON"),
        ("[" * 100_000, "nested too deeply"),
        ("{}", "there is no matrix question"),
        ('{"pages": [3, {"elements": 3}]}', "there is no matrix question"),
        (changed((*HOME, "columns"), [0, 999_999_999]), "without a gap, got '0', '999999999'"),
        (changed((*HOME, "columns"), [1, 2]), r"pages\[1\]\.elements\[0\]: its answers are 1\.\.2, those of 'At Work'"),
        (changed((*HOME, "columns"), [1, 3]), r"elements\[0\]\.columns: expected the codes .* got '1', '3'"),
        (changed((*HOME, "columns"), [1, 2.5]), r"columns\[1\]: expected a number or a text as value, got a number"),
        (changed((*HOME, "columns"), []), "columns: expected a list with something in it, got a list"),
        (changed((*HOME, "rows"), None), "rows: expected a list with something in it, got nothing"),
        (changed((*HOME, "rows"), ["a", True]), r"rows\[1\]: .* got true or false"),
        (changed((*HOME, "rows"), ["a", {"value": "a"}]), r"rows\[1\]: expected a value of its own, got 'a'"),
        (changed((*HOME, "rows"), [{"value": "a", "text": 3}]), "expected a text, or one for each language"),
        (changed((*HOME, "name"), 3), r"elements\[0\]\.name: expected a text, got a number"),
        (changed((*HOME, "name"), "At Work"), "the name 'At Work' is taken by an earlier matrix"),
        (changed(("title",), [1]), "title: expected a text, or one for each language, got a list"),
    ],
)
def test_what_is_wrong_with_a_survey_is_told_with_its_path(text: str, what: str) -> None:
    with pytest.raises(FormatError, match=what):
        read_instrument(text, **ABOUT)


def test_what_is_asked_for_must_be_there() -> None:
    text = json.dumps(HAND_MADE)
    with pytest.raises(FormatError, match="questions: there is no matrix 'h'"):
        read_instrument(text, **ABOUT, questions=["h"])
    with pytest.raises(DefinitionError, match=r"reverse: unknown item 'row2' \(did you mean"):
        read_instrument(text, **ABOUT, reverse=["row2"])
    with pytest.raises(DefinitionError, match="is not a language tag"):
        read_instrument(changed((*HOME, "rows"), [{"value": "a", "text": {"!": "x", "de": "y"}}]), **ABOUT)
    with pytest.raises(FormatError, match="more than 20 characters"):
        read_instrument(text, **ABOUT, max_chars=20)


def test_a_group_named_like_a_dimension_is_refused() -> None:
    with pytest.raises(FormatError, match="2 faults"):
        write_form(MOOD, groups=["calm", " "])
    with pytest.raises(TypeError, match="write_form: expected Instrument, got str"):
        write_form("ved")  # type: ignore[arg-type]


@pytest.mark.parametrize("name", frameworks.names())
def test_every_framework_comes_back(name: str) -> None:
    form = frameworks.load(name)
    again = read_instrument(write_form(form), **ABOUT)
    assert [(one.id, one.text) for one in again.items] == [(one.id, one.text) for one in form.items]


@given(instrument())
def test_what_was_read_is_written_the_same(form: Instrument) -> None:
    text = write_form(form)
    again = read_instrument(text, **{**ABOUT, "id": form.id})
    assert write_form(again) == text
    assert (again.dimension_ids, again.item_ids) == (form.dimension_ids, form.item_ids)
    assert (again.scale.low, again.scale.high) == (form.scale.low, form.scale.high)


def test_results_are_text_an_open_file_or_dictionaries() -> None:
    results: list[dict[str, Any]] = [
        {"respondent_id": "ann", "team": "n", "calm": {"m_1": 1, "m_2": "0"}, "kind": {"k1": None}},
        {"respondent_id": 7, "k1": 1, "calm.m_1": " "},
    ]
    found = read_responses(results, MOOD, groups=["team"])
    assert found.respondent_ids == ("ann", "7")
    assert np.array_equal(found.values, [[1, 0, np.nan], [np.nan, np.nan, 1]], equal_nan=True)
    assert found.groups == {"team": ("n", None)}
    text = json.dumps(results)
    assert read_responses(text, MOOD, groups="team") == found
    assert read_responses(io.StringIO(text), MOOD, groups="team") == found
    assert read_responses(json.dumps(results[0]), MOOD, ignore="team").respondent_ids == ("ann",)
    assert read_responses(results, MOOD, id=None, ignore_other_questions=True).respondent_ids == ("result1", "result2")


def test_every_fault_of_every_result_is_told() -> None:
    results = [
        {"respondent_id": "ann", "calm": {"m_1": 9, "m_2": True, "m_3": 1}, "m_1": 1, "kind": 3, "mood": 1},
        {"respondent_id": "ann", "team": [1], "kind": {"k1": "Yes"}, "calm": {"m_1": [1], "m_2": 0.5}},
        {"team": "n"},
        [],
    ]
    with pytest.raises(ResponseError) as caught:
        read_responses(json.dumps(results), MOOD, groups=["team"])
    assert [(fault.row, fault.column) for fault in caught.value.faults] == [
        (1, "calm.m_1"),
        (1, "calm.m_2"),
        (1, "calm.m_3"),
        (1, "m_1"),
        (1, "kind"),
        (1, "mood"),
        (2, "team"),
        (2, "kind.k1"),
        (2, "calm.m_1"),
        (2, "calm.m_2"),
        (2, None),
        (3, "respondent_id"),
        (4, None),
    ]
    for what in ("9 is outside 0..1", "unknown row (did you mean", "answered as 'calm.m_1' too", "in result 1 already"):
        assert what in str(caught.value)


def test_numbers_outside_and_between_are_answers_only_when_that_is_said() -> None:
    results = [{"calm": {"m_1": 9, "m_2": 0.5}}]
    found = read_responses(results, MOOD, id=None, on_out_of_range="missing", allow_fractions=True)
    assert np.array_equal(found.values, [[np.nan, 0.5, np.nan]], equal_nan=True)


@pytest.mark.parametrize(
    ("given_results", "what"),
    [("[]", "at least one"), ("3", "expected a list of results"), ([], "at least one"), ("[", "line 1")],
)
def test_what_holds_no_results_is_told(given_results: Any, what: str) -> None:
    with pytest.raises(FormatError, match=what):
        read_responses(given_results, MOOD)


def test_limits_are_arguments_and_other_kinds_are_refused() -> None:
    with pytest.raises(FormatError, match=r"there are more than 1 results, the limit \(max_results\)"):
        read_responses([{}, {}], MOOD, max_results=1)
    with pytest.raises(FormatError, match="more than 1 characters"):
        read_responses("[{}]", MOOD, max_chars=1)
    wrong: Any
    for wrong in (None, 3, b"[]", {"calm": {}}):
        with pytest.raises(TypeError, match="expected JSON text, an open text file or a list of dictionaries"):
            read_responses(wrong, MOOD)


@given(responses())
def test_what_people_answered_comes_back(told: Responses) -> None:
    results = []
    for i, (respondent, row) in enumerate(zip(told.respondent_ids, told.values, strict=True)):
        answers = iter(row)
        result: dict[str, Any] = {"respondent_id": respondent}
        result |= {name: labels[i] for name, labels in told.groups.items() if labels[i] is not None}
        for dimension in told.instrument.dimensions:
            cells = {item.id: next(answers) for item in dimension.items}
            result[dimension.id] = {name: int(x) for name, x in cells.items() if not np.isnan(x)}
        results.append(result)
    assert read_responses(json.dumps(results), told.instrument, groups=told.groups) == told


LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4)
KEYS = st.text(max_size=3) | st.sampled_from(
    [
        *(
            "pages",
            "elements",
            "type",
            "name",
            "rows",
            "columns",
            "value",
            "text",
            "title",
            "locale",
            "default",
            "calm",
        ),
        *("m_1", "m_2", "k1", "respondent_id", "team", "kind"),
    ]
)
JSON = st.recursive(
    LEAVES | st.sampled_from(["matrix", "a", "1"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=5),
    max_leaves=25,
)
MATRICES = st.fixed_dictionaries(
    {"type": st.just("matrix"), "name": JSON | st.text(max_size=3), "rows": JSON, "columns": st.just([1, 2]) | JSON},
    optional={"title": JSON, "description": JSON},
)


@given(JSON | MATRICES.map(lambda one: {"pages": [{"elements": [one, one]}]}))
def test_whatever_the_json_only_our_errors_come(value: Any) -> None:
    text = json.dumps(value)
    for read in (
        lambda: read_instrument(text, **ABOUT),
        lambda: read_responses(text, MOOD, groups=["team"]),
        lambda: read_responses(json.dumps([value, {"calm": value}]), MOOD, id=None),
        lambda: read_responses([{"calm": value, "team": value}], MOOD, id=None, groups="team"),
    ):
        with contextlib.suppress(LeadkitError):
            read()


@given(st.text(max_size=30))
def test_whatever_the_text_only_our_errors_come(text: str) -> None:
    for read in (lambda: read_instrument(text, **ABOUT), lambda: read_responses(text, MOOD)):
        with contextlib.suppress(LeadkitError):
            read()


@pytest.mark.parametrize("groups", [["a", "a"], [3], [None], None, [""]])
def test_groups_must_be_different_texts(groups: Any) -> None:
    with pytest.raises(FormatError):
        write_form(MOOD, groups=groups)


def test_answers_are_read_to_an_instrument() -> None:
    with pytest.raises(TypeError, match="read_responses: expected Instrument, got str"):
        read_responses("[{}]", "ved")  # type: ignore[arg-type]
