"""The questionnaire as a model."""

from __future__ import annotations

import pickle
from typing import Any

import numpy as np
import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from leadkit._convert import structure, unstructure
from leadkit.assessment import Composite, Dimension, Instrument, Item, ResponseScale
from leadkit.assessment.items import n_needed
from leadkit.errors import DefinitionError, LeadkitError, UnknownIdError
from leadkit.testing import composite, dimension, instrument, item, response_scale

GOOD = """
id = "check"
version = "1.2.0"
title = { en = "Check", de = "Pruefung" }
source = "Example"
licence = "MIT"
status = "pilot"
note = { en = "Own wording.", de = "Eigene Worte." }
scale = { low = 1, high = 3, labels = [{ en = "No", de = "Nein" }, { en = "Partly", de = "Teils" }, { en = "Yes", de = "Ja" }] }
[[dimensions]]
id = "vision"
name = { en = "Vision", de = "Blick" }
min_answered = 2
items = [
    { id = "vis1", text = { en = "I look ahead.", de = "Ich blicke voraus." } },
    { id = "vis2", text = { en = "I wait.", de = "Ich warte." }, reverse = true, weight = 2 },
]
[[dimensions]]
id = "drive"
name = { en = "Drive", de = "Antrieb" }
items = [{ id = "dri1", text = { en = "I act.", de = "Ich handle." }, external_ids = { csv = "Q3" } }]
[[composites]]
id = "all"
name = { en = "All", de = "Alles" }
weights = { vision = 2, drive = 1 }
"""


def faults_of(text: str) -> list[str]:
    with pytest.raises(DefinitionError) as caught:
        Instrument.parse(text)
    assert caught.value.faults or "TOML" in str(caught.value)
    return [str(fault) for fault in caught.value.faults]


def test_a_file_becomes_a_model_with_its_keys() -> None:
    check = Instrument.parse(GOOD)
    assert check.item_ids == ("vis1", "vis2", "dri1")
    assert check.dimension_ids == ("vision", "drive")
    assert check.scale_ids == ("vision", "drive", "all")
    assert check.n_items == 3
    assert check.major_version == 1
    assert check.keys().tolist() == [[1, 0], [-2, 0], [0, 1]]
    assert not check.keys().flags.writeable
    assert check.dimension("vision").n_needed == 2
    assert check.items[2].external_ids["csv"] == "Q3"


def test_an_unknown_key_is_named_with_its_path_and_the_nearest_key() -> None:
    text = GOOD.replace("reverse = true", "revers = true")
    assert faults_of(text) == ["dimensions[0].items[1]: unknown key 'revers' (did you mean 'reverse'?)"]


def test_every_fault_is_reported_at_once_wherever_it_is() -> None:
    text = (
        GOOD.replace("reverse = true", "revers = true")
        .replace('id = "vis1"', 'id = "Vis 1"')
        .replace("low = 1", "low = 3")
        .replace("weights = { vision = 2", "weights = { visoin = -2")
        .replace('id = "dri1"', 'id = "vis2"')
        .replace("1.2.0", "1.2")
    )
    told = "\n".join(faults_of(text))
    for fact in (
        "dimensions[0].items[1]: unknown key 'revers'",
        "dimensions[0].items[0].id: 'Vis 1' is not an identifier",
        "scale: low must be below high, got 3..3",
        "composites[0].weights['visoin']: expected a finite number above 0, got -2",
        "composites[0].weights: unknown dimension 'visoin' (did you mean 'vision'?)",
        "item id 'vis2' is there more than once (in 'vision', 'drive')",
    ):
        assert fact in told
    assert faults_of(GOOD.replace("1.2.0", "1.2")) == ["version: expected a version like '1.0.0', got '1.2'"]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('id = "check"', 'id = "Check"', "id: 'Check' is not an identifier"),
        ('id = "check"\n', "", "'id' is missing"),
        ('status = "pilot"', 'status = "pliot"', "did you mean 'pilot'"),
        ('source = "Example"', 'source = ""', "source: expected a text that is not empty, got ''"),
        ("low = 1", 'low = "1"', "scale.low: expected a whole number, got '1'"),
        ("low = 1", "low = 1.0", "scale.low: expected a whole number, got 1.0"),
        ("low = 1", "low = true", "scale.low: expected a whole number, got True"),
        ("high = 3", "high = 4", "scale.labels: expected 4 labels, one for each of 1..4, got 3"),
        ("weight = 2", "weight = 0", "weight: expected a finite number above 0, got 0.0"),
        ("weight = 2", "weight = nan", "weight: expected a finite number above 0, got nan"),
        ("reverse = true", "reverse = 1", "reverse: expected true or false, got 1"),
        ("min_answered = 2", "min_answered = 3", "min_answered: expected a count in 1..2, got 3"),
        ("min_answered = 2", "min_answered = 1.5", "min_answered: expected a share above 0 and at most 1, got 1.5"),
        ("min_answered = 2", "min_answered = 0", "min_answered: expected a count in 1..2, got 0"),
        ('{ en = "Vision", de = "Blick" }', "{}", "dimensions[0].name: expected at least one language"),
        ('{ en = "Vision", de = "Blick" }', '{ english = "V" }', "'english' is not a language tag"),
        (
            '{ en = "Vision", de = "Blick" }',
            "7",
            "dimensions[0].name: expected a text, or one text per language, got 7",
        ),
        ('id = "drive"', 'id = "vision"', "id 'vision' names more than one dimension or composite"),
        ('id = "all"', 'id = "vision"', "id 'vision' names more than one dimension or composite"),
        (
            "weights = { vision = 2, drive = 1 }",
            "weights = {}",
            "composites[0].weights: a composite needs at least one",
        ),
        ("[[composites]]", "composites = 3\n[[other]]", "unknown key 'other'"),
    ],
)
def test_a_wrong_definition_is_refused_with_its_place(old: str, new: str, told: str) -> None:
    assert old in GOOD
    assert told in "\n".join(faults_of(GOOD.replace(old, new)))


def test_text_that_is_not_toml_is_refused_with_its_place() -> None:
    with pytest.raises(DefinitionError, match=r"this is not TOML: .*(line 2|end of document)"):
        Instrument.parse("id = 'a'\nversion = ")


def test_an_instrument_needs_a_dimension_and_a_dimension_items() -> None:
    head = GOOD.split("[[dimensions]]", maxsplit=1)[0]
    assert faults_of(head) == ["'dimensions' is missing"]
    assert faults_of(head + "dimensions = []") == ["dimensions: an instrument needs at least one dimension"]
    assert faults_of(head + "dimensions = [{ id = 'a', name = 'A', items = [] }]") == [
        "dimensions[0].items: a dimension needs at least one item"
    ]


@given(st.text(max_size=60))
def test_any_text_gives_a_definition_error_or_an_instrument(words: str) -> None:
    for source in (words, GOOD + words, GOOD.replace("vision", words)):
        try:
            Instrument.parse(source)
        except LeadkitError as error:
            assert isinstance(error, DefinitionError)


def test_a_scale_turns_answers_round_and_knows_its_ends() -> None:
    scale = ResponseScale(low=0, high=4)
    assert (scale.n_options, scale.midpoint, scale.reverse(1)) == (5, 2.0, 3)
    assert [scale.contains(x) for x in (-1, 0, 4, 4.5, float("nan"))] == [False, True, True, False, False]


def test_models_check_themselves_when_built_in_code() -> None:
    with pytest.raises(DefinitionError, match=r"item 'A': id: 'A' is not an identifier"):
        Item(id="A", text="a")
    with pytest.raises(DefinitionError, match="reverse: expected True or False, got 1"):
        Item(id="a", text="a", reverse=1)  # type: ignore[arg-type]
    with pytest.raises(DefinitionError, match="facet"):
        Item(id="a", text="a", facet="A b")
    with pytest.raises(DefinitionError, match="external_ids"):
        Item(id="a", text="a", external_ids={"csv": ""})
    with pytest.raises(DefinitionError, match="expected a number, got 'x'"):
        Dimension(id="a", name="A", items=(Item(id="a", text="a"),), min_answered="x")  # type: ignore[arg-type]
    with pytest.raises(DefinitionError, match="language"):
        evolve(Instrument.parse(GOOD), language="?")
    with pytest.raises(DefinitionError, match="status"):
        evolve(Instrument.parse(GOOD), status="done")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("rule", "n_items", "needed"), [(0.7, 10, 7), (0.5, 5, 3), (0.3, 10, 3), (0.01, 3, 1), (1.0, 4, 4), (2, 4, 2)]
)
def test_the_number_of_answers_needed(rule: float, n_items: int, needed: int) -> None:
    assert n_needed(rule, n_items) == needed


def test_the_hash_survives_translation_and_order_but_not_a_changed_key() -> None:
    check = Instrument.parse(GOOD)
    assert check.translated("de").hash == check.hash
    turned = evolve(
        check, dimensions=tuple(evolve(part, items=part.items[::-1]) for part in check.dimensions[::-1]), note="x"
    )
    assert turned.hash == check.hash
    for changed in (
        GOOD.replace("reverse = true", "reverse = false"),
        GOOD.replace("weight = 2", "weight = 3"),
        GOOD.replace("high = 3", "high = 4").replace(', { en = "Yes"', ', "x", { en = "Yes"'),
        GOOD.replace("min_answered = 2", "min_answered = 1"),
        GOOD.replace("drive = 1", "drive = 2"),
        GOOD.replace('"vis1"', '"vis9"'),
    ):
        assert Instrument.parse(changed).hash != check.hash


def test_min_answered_as_share_and_as_count_are_different_rules() -> None:
    one, share = (Instrument.parse(GOOD.replace("min_answered = 2", f"min_answered = {rule}")) for rule in ("1", "1.0"))
    assert one.dimension("vision").n_needed == 1
    assert share.dimension("vision").n_needed == 2
    assert one.hash != share.hash


def test_translation_chooses_the_language_and_falls_back_to_its_base() -> None:
    check = Instrument.parse(GOOD)
    assert check.languages == ("de", "en")
    german = check.translated("de-AT")
    assert (german.title, german.dimensions[0].items[0].text, german.scale.labels[2]) == (
        "Pruefung",
        "Ich blicke voraus.",
        "Ja",
    )
    assert german.languages == ("de",)
    with pytest.raises(UnknownIdError, match="known: de, en"):
        check.translated("fr")


def test_a_half_translated_instrument_does_not_offer_that_language() -> None:
    check = Instrument.parse(GOOD.replace('{ en = "I act.", de = "Ich handle." }', '"I act."'))
    assert check.languages == ("en",)


def test_a_key_table_becomes_an_instrument() -> None:
    rows = [
        {"item": "a1", "dimension": "agree", "reverse": 1, "low": 1, "high": 6, "text": "Item 1"},
        {"item": "a2", "dimension": "agree", "weight": 2.0, "low": 1, "high": 6},
        {"item": "c1", "dimension": "care", "low": 1, "high": 6},
    ]
    key = Instrument.from_rows(rows, id="two", version="1.0.0", title="Two", source="Here", licence="MIT")
    assert key.keys().tolist() == [[-1, 0], [2, 0], [0, 1]]
    assert (key.scale.low, key.scale.high, key.status) == (1, 6, "unvalidated")
    assert [part.text for part in key.items] == ["Item 1", "a2", "c1"]


def test_a_key_table_reports_all_faults_with_their_rows() -> None:
    rows: list[dict[str, Any]] = [
        {"item": "a1", "dimension": "agree", "revers": True, "low": 1, "high": 6},
        {"item": "A2", "dimension": "agree", "low": 1, "high": 5},
        {"item": "a1", "dimension": "agree", "low": 1, "high": 6, "weight": -1},
        {"dimension": "agree", "low": 1, "high": 6, "reverse": "yes"},
        {"item": "b1", "dimension": "b", "low": 1, "high": 6},
        {"item": "b1", "dimension": "c", "low": 1, "high": 6},
    ]
    with pytest.raises(DefinitionError) as caught:
        Instrument.from_rows(rows, id="two", version="1.0.0", title="Two", source="Here", licence="MIT")
    told = str(caught.value)
    for fact in (
        "row 1: unknown key 'revers' (did you mean 'reverse'?)",
        "row 2, id: 'A2' is not an identifier",
        "row 3, weight: expected a finite number above 0, got -1",
        "row 4: 'item' is missing",
        "row 4, reverse: expected True or False, got 'yes'",
        "high: expected the same in every row, got 5, 6",
        "item id 'b1' is there more than once (in 'b', 'c')",
    ):
        assert fact in told
    with pytest.raises(DefinitionError, match="the key table has no rows"):
        Instrument.from_rows([], id="two", version="1.0.0", title="Two", source="Here", licence="MIT")


def test_an_unknown_dimension_names_the_known_ones() -> None:
    with pytest.raises(
        UnknownIdError, match=r"unknown dimension 'visio' \(did you mean 'vision'\?\); known: drive, vision"
    ):
        Instrument.parse(GOOD).dimension("visio")


@pytest.mark.parametrize(
    ("strategy", "model"),
    [
        (instrument(), Instrument),
        (dimension(), Dimension),
        (item(), Item),
        (composite(), Composite),
        (response_scale(), ResponseScale),
    ],
)
def test_plain_data_and_back_gives_the_same_model(strategy: Any, model: Any) -> None:
    @given(strategy)
    def check(drawn: Any) -> None:
        assert structure(unstructure(drawn), model, error=DefinitionError) == drawn
        assert pickle.loads(pickle.dumps(drawn)) == drawn  # noqa: S301 - our own bytes
        assert hash(drawn) == hash(structure(unstructure(drawn), model, error=DefinitionError))

    check()


@given(instrument())
def test_keys_hold_every_item_once_with_the_sign_of_its_key(drawn: Instrument) -> None:
    keys = drawn.keys()
    assert np.count_nonzero(keys) == drawn.n_items == len(set(drawn.item_ids))
    assert np.array_equal((keys < 0).any(axis=1), [part.reverse for part in drawn.items])


@pytest.mark.parametrize("language", [3, None, b"de", ["de"]])
def test_what_is_no_language_is_refused(language: Any) -> None:
    with pytest.raises(UnknownIdError, match="unknown language of instrument"):
        Instrument.parse(GOOD).translated(language)
