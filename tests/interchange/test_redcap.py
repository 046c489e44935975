"""Forms as REDCap data dictionaries."""

from __future__ import annotations

import csv
import io
from typing import Any

import numpy as np
import pytest
from attrs import evolve
from hypothesis import given, reject

from leadkit import frameworks
from leadkit.assessment import Instrument, Responses
from leadkit.errors import FormatError, UnknownIdError
from leadkit.interchange.csv import read_responses
from leadkit.interchange.redcap import COLUMNS, write_form
from leadkit.testing import responses

MOOD = Instrument.parse(
    """
    id = "mood"
    version = "1.0.0"
    title = { en = "Mood", de = "Stimmung" }
    source = "Example"
    licence = "MIT"
    status = "unvalidated"
    scale = { low = -1, high = 1, labels = [{ en = "No | never", de = "Nein" }, { en = "So, so", de = "Naja" }, { en = "Yes", de = "Ja" }] }
    [[dimensions]]
    id = "calm"
    name = { en = "Calm", de = "Ruhe" }
    items = [
      { id = "m1", text = { en = "=I am <calm>", de = "Ich bin ruhig" } },
      { id = "m2", text = { en = "I [team] rest", de = "Ich ruhe" }, reverse = true },
    ]
    [[dimensions]]
    id = "kind"
    name = { en = "Kind", de = "Güte" }
    items = [{ id = "k1", text = { en = "I share", de = "Ich teile" } }]
    """
)


def cells(form: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(form)))


def test_a_dictionary_has_eighteen_columns_and_a_row_for_every_field() -> None:
    header, *rows = cells(write_form(MOOD, groups=["team"]))
    assert tuple(header) == COLUMNS
    assert {len(row) for row in rows} == {len(COLUMNS)} == {18}
    choices = " -1, No &#124; never | 0, So, so | 1, Yes"
    gap = [""] * 9
    assert rows == [
        ["record_id", "mood", "", "text", "Record", "", *gap, "", "", ""],
        ["team", "mood", "", "text", "team", "", *gap, "", "", ""],
        ["m1", "mood", "Calm", "radio", "&#61;I am &#60;calm&#62;", choices, *gap, "calm", "", ""],
        ["m2", "mood", "", "radio", "I &#91;team&#93; rest", choices, *gap, "calm", "", ""],
        ["k1", "mood", "Kind", "radio", "I share", choices, *gap, "kind", "", ""],
    ]


def test_the_wording_is_in_the_language_asked_for() -> None:
    rows = cells(write_form(MOOD, language="de"))[1:]
    assert [row[4] for row in rows] == ["Record", "Ich bin ruhig", "Ich ruhe", "Ich teile"]
    assert rows[1][5] == " -1, Nein | 0, Naja | 1, Ja"
    with pytest.raises(UnknownIdError, match="unknown language of instrument 'mood' 'fr'"):
        write_form(MOOD, language="fr")


def test_names_that_redcap_would_change_or_mix_up_are_refused_all_at_once() -> None:
    (calm, kind) = MOOD.dimensions
    items = (evolve(calm.items[0], id="a__b"), evolve(calm.items[1], id="mood_complete"))
    wrong = evolve(MOOD, dimensions=(evolve(calm, id="calm_", items=items), kind))
    with pytest.raises(FormatError) as caught:
        write_form(wrong, id="Record", groups=["k1", "x" * 101])
    told = str(caught.value)
    assert len(caught.value.faults) == 6
    for place in ("'Record'", "'a__b'", "'mood_complete'", "matrix 'calm_'", "'k1': would be there more", "'xxxx"):
        assert place in told


def test_only_an_instrument_is_written() -> None:
    with pytest.raises(TypeError, match="write_form: expected Instrument, got str"):
        write_form("ved")  # type: ignore[arg-type]


@pytest.mark.parametrize("name", frameworks.names())
def test_every_framework_is_a_dictionary(name: str) -> None:
    form = frameworks.load(name)
    assert [row[0] for row in cells(write_form(form))[2:]] == list(form.item_ids)


@given(responses())
def test_what_redcap_exports_as_raw_data_is_read_as_csv(told: Responses) -> None:
    try:
        form = write_form(told.instrument, groups=told.groups)
    except FormatError:
        reject()
    fields = [row[0] for row in cells(form)[1:]]
    lines = [[*fields, f"{told.instrument.id}_complete"]]
    for i, (respondent, row) in enumerate(zip(told.respondent_ids, told.values, strict=True)):
        labels = [labels[i] or "" for labels in told.groups.values()]
        lines.append([respondent, *labels, *("" if np.isnan(x) else str(int(x)) for x in row), "2"])
    file = io.StringIO()
    csv.writer(file).writerows(lines)
    found = read_responses(
        file.getvalue(), told.instrument, id="record_id", groups=told.groups, ignore_other_columns=True
    )
    assert found == told


@pytest.mark.parametrize("groups", [["a", "a"], [3], [None], None, [""]])
def test_groups_must_be_different_texts(groups: Any) -> None:
    with pytest.raises(FormatError):
        write_form(MOOD, groups=groups)
