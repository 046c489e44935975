"""Answers as Qualtrics downloads them: three header rows, people left out, every fault with its place."""

from __future__ import annotations

import contextlib
import csv
import io
import json

import numpy as np
import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from leadkit.assessment import Instrument, Responses
from leadkit.errors import FormatError, LeadkitError, ResponseError
from leadkit.interchange.qualtrics import read_responses
from leadkit.testing import responses

ROWS = [
    {"item": "q1_1", "dimension": "calm", "text": "I am calm.", "low": 1, "high": 5},
    {"item": "q1_2", "dimension": "calm", "text": "I am tense.", "low": 1, "high": 5, "reverse": True},
]
CALM = Instrument.from_rows(ROWS, id="calm", version="1.0.0", title="Calm", source="Example", licence="MIT")
NAMES = (
    "StartDate",
    "Status",
    "IPAddress",
    "Duration (in seconds)",
    "ResponseId",
    "RecipientLastName",
    "RecipientEmail",
    "ExternalReference",
    "LocationLatitude",
    "UserLanguage",
    "q1_1",
    "q1_2",
    "team",
)
IDS = (
    "startDate",
    "status",
    "ipAddress",
    "duration",
    "_recordId",
    "recipientLastName",
    "recipientEmail",
    "externalDataReference",
    "locationLatitude",
    "userLanguage",
    "QID1_1",
    "QID1_2",
    "team",
)
ANN = (
    "2026-03-02 10:00:00",
    "0",
    "192.0.2.1",
    "61",
    "R_1",
    "Lee",
    "a@example.org",
    "e7",
    "52.1",
    "EN",
    "4",
    "2",
    "north",
)
BO = ("2026-03-02 11:00:00", "1", "192.0.2.2", "45", "R_2", "", "", "", "", "EN", "", "-99", "")


def export(*rows: tuple[str, ...], names: tuple[str, ...] = NAMES, ids: tuple[str, ...] = IDS) -> str:
    """Write a file as Qualtrics does: names, texts (some over two lines), ImportIds, answers."""
    texts = [f"About {name}:\n{name}" if name.startswith("q") else name for name in names]
    cells = [json.dumps({"ImportId": one} | ({"timeZone": "UTC"} if one == "startDate" else {})) for one in ids]
    file = io.StringIO()
    csv.writer(file, lineterminator="\n").writerows([names, texts, cells, *rows])
    return "\ufeff" + file.getvalue()


def test_answers_come_without_what_is_about_people() -> None:
    found = read_responses(export(ANN, BO), CALM, groups=["team", "Status"])
    assert found.respondent_ids == ("R_1", "R_2")
    assert str(found.values.tolist()) == "[[4.0, 2.0], [nan, nan]]"
    assert dict(found.groups) == {"team": ("north", None), "Status": ("0", "1")}
    assert "192.0.2" not in repr(found.groups)


def test_an_open_file_and_tabs_are_read_too() -> None:
    file = io.StringIO(newline="")
    writer = csv.writer(file, delimiter="\t")
    writer.writerows(csv.reader(io.StringIO(export(ANN, BO).removeprefix("\ufeff"), newline="")))
    file.seek(0)
    assert read_responses(file, CALM, groups="team") == read_responses(export(ANN, BO), CALM, groups="team")


@pytest.mark.parametrize("name", ["IPAddress", "RecipientEmail", "ExternalReference", "LocationLatitude"])
def test_personal_data_are_kept_only_when_that_is_said(name: str) -> None:
    with pytest.raises(ResponseError, match=f"row 1, column '{name}': holds personal data, which is left out"):
        read_responses(export(ANN), CALM, groups=[name], ignore="team")
    kept = read_responses(export(ANN), CALM, groups=[name], ignore="team", keep_personal_data=True)
    assert kept.groups[name] == (ANN[NAMES.index(name)],)
    assert list(kept.groups) == [name]


def test_a_renamed_column_about_people_is_known_by_its_import_id() -> None:
    names = tuple("Mail" if name == "RecipientEmail" else name for name in NAMES)
    assert len(read_responses(export(ANN, names=names), CALM, ignore="team")) == 1
    with pytest.raises(ResponseError, match="'Mail': holds personal data"):
        read_responses(export(ANN, names=names), CALM, groups="Mail", ignore="team")


def test_an_item_may_be_known_by_its_import_id() -> None:
    names = tuple({"q1_1": "Calmness", "q1_2": "Tension"}.get(name, name) for name in NAMES)
    (dimension,) = CALM.dimensions
    items = tuple(
        evolve(item, external_ids={"qualtrics": f"QID1_{i}"}) for i, item in enumerate(dimension.items, start=1)
    )
    known = evolve(CALM, dimensions=(evolve(dimension, items=items),))
    found = read_responses(export(ANN, names=names), known, ignore="team")
    assert (found.instrument, found.values.tolist()) == (known, [[4, 2]])
    with pytest.raises(ResponseError, match="row 4, column 'Calmness': 9 is outside"):
        read_responses(export((*ANN[:10], "9", *ANN[11:]), names=names), known, ignore="team")


def test_every_fault_is_told_with_the_line_of_the_file() -> None:
    wrong = (*BO[:4], "R_1", *BO[5:10], "Agree", "7", "south")
    with pytest.raises(ResponseError) as caught:
        read_responses(export(ANN, wrong), CALM)
    # two question texts hold a line break: the header ends on line 5
    assert [(fault.row, fault.column) for fault in caught.value.faults] == [
        (1, "team"),
        (7, "ResponseId"),
        (7, "q1_1"),
        (7, "q1_2"),
    ]
    assert "'R_1' is in row 6 already" in str(caught.value)


def test_a_file_without_ids_or_with_other_words_for_no_answer() -> None:
    found = read_responses(export((*ANN[:10], "none", "2", "x")), CALM, id=None, missing=["none"], ignore=["team"])
    assert found.respondent_ids == ("row6",)
    assert np.isnan(found.values[0, 0])


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("ResponseId,q1_1,q1_2\nR_1,4,5\n", "the row of .* is not there; expected three header rows"),
        ("ResponseId,q1_1,q1_2\n", "the row of .* is not there"),
        ("", "the file is empty"),
        (export(), "there are three header rows and nothing below"),
        (export(ANN, ids=("", *IDS[1:])), "row 5, column 'StartDate': expected .*ImportId"),
        (export(ANN[:-1]), "row 6: expected 13 cells like the header, got 12"),
        (export(ANN).replace('""ImportId"": ""team""', '""ImportId"": [[""team""]]'), "row 5, column 'team': expected"),
    ],
)
def test_what_is_no_such_file_is_told(text: str, what: str) -> None:
    with pytest.raises(ResponseError, match=what):
        read_responses(text, CALM, ignore="team")


def test_limits_are_arguments() -> None:
    assert len(read_responses(export(ANN, BO), CALM, ignore="team", max_rows=2)) == 2
    with pytest.raises(FormatError, match="there are more than 1 rows below the header"):
        read_responses(export(ANN, BO), CALM, ignore="team", max_rows=1)
    with pytest.raises(FormatError, match="more than 10 characters"):
        read_responses(export(ANN), CALM, max_chars=10)


@given(responses())
def test_what_people_answered_comes_back(told: Responses) -> None:
    items = told.instrument.item_ids
    names = ("IPAddress", "ResponseId", *told.groups, *items)
    rows = []
    for i, (respondent, row) in enumerate(zip(told.respondent_ids, told.values, strict=True)):
        labels = [labels[i] or "" for labels in told.groups.values()]
        rows.append(("192.0.2.1", respondent, *labels, *("-99" if np.isnan(x) else str(int(x)) for x in row)))
    assert read_responses(export(*rows, names=names, ids=names), told.instrument, groups=told.groups) == told


PIECES = st.sampled_from(
    [
        "ResponseId",
        "q1_1",
        "q1_2",
        "IPAddress",
        ",",
        ",",
        "\t",
        "\n",
        "\r\n",
        '"',
        '{"ImportId":"QID1"}',
        '"{""ImportId"":""QID1_1""}"',
        '"{""ImportId"":[""q1_1""]}"',
        "{",
        "[" * 5000,
        "R_1",
        "4",
        "-99",
        "é",
        "\0",
        "\ufeff",
    ]
)


@given(st.lists(PIECES | st.text(max_size=3), max_size=60).map("".join), st.sampled_from(["ResponseId", None]))
def test_whatever_the_text_only_our_errors_come(text: str, id_name: str | None) -> None:
    with contextlib.suppress(LeadkitError):
        read_responses(text, CALM, id=id_name, groups=["team"])


@given(st.integers(0, 600), st.text(max_size=4), st.integers(0, 12))
def test_a_damaged_file_gives_answers_or_our_errors(at: int, piece: str, cut: int) -> None:
    text = export(ANN, BO)
    with contextlib.suppress(LeadkitError):
        read_responses(text[:at] + piece + text[at + cut :], CALM, ignore=["team"])
