"""Forms as LimeSurvey's survey structure, out and in, and the answers that it exports."""

from __future__ import annotations

import contextlib
import csv
import io
from typing import Any

import numpy as np
import pytest
from attrs import evolve
from hypothesis import given, reject
from hypothesis import strategies as st

from leadkit import frameworks
from leadkit.assessment import Instrument, Responses
from leadkit.errors import DefinitionError, FormatError, LeadkitError, ResponseError, UnknownIdError
from leadkit.interchange.limesurvey import read_instrument, read_responses, write_form
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
    scale = { low = -1, high = 1, labels = [{ en = "No", de = "Nein" }, { en = "So", de = "Naja" }, { en = "Yes", de = "Ja" }] }
    [[dimensions]]
    id = "calm"
    name = { en = "Calm", de = "Ruhe" }
    items = [
      { id = "m_1", text = { en = "=I am <calm> & {x}", de = "Ich bin ruhig" } },
      { id = "m_2", text = { en = "I rest", de = "Ich ruhe" }, reverse = true },
    ]
    [[dimensions]]
    id = "kind"
    name = { en = "Kind", de = "Güte" }
    description = { en = "To others", de = "Zu anderen" }
    items = [{ id = "k1", text = { en = "I share", de = "Ich teile" } }]
    """
)
EXPORTED = (
    "id\trelated_id\tclass\ttype/scale\tname\trelevance\ttext\thelp\tlanguage\tmandatory\tcssclass\n"
    "\t\tS\t\tsid\t\t123456\t\t\t\t\n"
    "\t\tS\t\tlanguage\t\ten\t\t\t\t\n"
    "\t\tSL\t\tsurveyls_title\t\tHow are you?\t\ten\t\t\n"
    '1\t\tG\tG0\tFirst\t1\t"Please, say ""yes"""\t\ten\t\t\n'
    "1\t\tQ\tS\tname\t1\tYour name?\t\ten\tN\t\n"
    "2\t\tQ\tF\tG01Q02\t1\t<p>Thinking of <b>work</b> &amp; home</p>\t\ten\tY\tbig\n"
    "3\t\tSQ\t0\tSQ001\t1\tI am calm\t\ten\t\t\n"
    "4\t\tSQ\t0\tSQ002\t1\tI am tense\t\ten\t\t\n"
    "2\t\tA\t0\tAO01\t0\tNever\t\ten\t\t\n"
    "2\t\tA\t0\tAO02\t0\tSometimes\t\ten\t\t\n"
    "2\t\tA\t0\tAO03\t0\tAlways\t\ten\t\t\n"
    "5\t\tQ\tF\tG01Q03\t1\tAt home\t\ten\tY\t\n"
    "6\t\tSQ\t0\tSQ001\t1\tI sleep\t\ten\t\t\n"
    "5\t\tA\t0\tAO01\t0\tNever\t\ten\t\t\n"
    "5\t\tA\t0\tAO02\t0\tSometimes\t\ten\t\t\n"
    "5\t\tA\t0\tAO03\t0\tAlways\t\ten\t\t\n"
)


def cells(form: str) -> list[list[str]]:
    return [line.split("\t") for line in form.splitlines()]


def table(header: list[str], *rows: list[str], delimiter: str = ",") -> str:
    file = io.StringIO()
    csv.writer(file, delimiter=delimiter, quoting=csv.QUOTE_ALL).writerows([header, *rows])
    return file.getvalue()


def test_a_form_is_a_structure_with_a_row_for_everything() -> None:
    header, *rows = cells(write_form(MOOD, groups=["team_name"], language="en"))
    assert " ".join(header[:10]) == "id class type/scale name relevance text help language validation mandatory"
    assert {len(row) for row in rows} == {len(header)}
    assert [row[:6] for row in rows] == [
        ["", "S", "", "language", "", "en"],
        ["", "S", "", "additional_languages", "", ""],
        ["", "S", "", "format", "", "G"],
        ["", "SL", "", "surveyls_title", "", "Mood"],
        ["1", "G", "1", "Mood", "1", ""],
        ["1", "Q", "S", "teamname", "1", "team_name"],
        ["2", "Q", "F", "calm", "1", "Calm"],
        ["3", "SQ", "0", "m1", "1", "&#61;I am &#60;calm&#62; &#38; &#123;x&#125;"],
        ["4", "SQ", "0", "m2", "1", "I rest"],
        ["2", "A", "0", "N1", "0", "No"],
        ["2", "A", "0", "0", "0", "So"],
        ["2", "A", "0", "1", "0", "Yes"],
        ["5", "Q", "F", "kind", "1", "Kind"],
        ["6", "SQ", "0", "k1", "1", "I share"],
        ["5", "A", "0", "N1", "0", "No"],
        ["5", "A", "0", "0", "0", "So"],
        ["5", "A", "0", "1", "0", "Yes"],
    ]


def test_the_first_language_comes_whole_and_then_the_same_rows_in_the_others() -> None:
    rows = cells(write_form(MOOD))
    assert rows[2][5] == "de"
    assert [row[5] for row in rows if row[1] == "SL"] == ["Mood", "Stimmung"]
    english, german = ([row for row in rows[6:] if row[7] == tag] for tag in ("en", "de"))
    assert rows[6:] == english + german
    without = [[row[:3] + row[4:5] for row in one] for one in (english, german)]
    assert without[0] == without[1]
    assert [row[5] for row in german if row[1] == "SQ"] == ["Ich bin ruhig", "Ich ruhe", "Ich teile"]


def test_a_form_read_again_is_the_instrument_but_for_underscores() -> None:
    again = read_instrument("\ufeff" + write_form(MOOD), **ABOUT, reverse=["m2"])
    assert again.item_ids == ("m1", "m2", "k1")
    assert [item.text for item in again.items] == [item.text for item in MOOD.items]
    assert [item.reverse for item in again.items] == [False, True, False]
    assert (again.title, again.scale, again.language) == (MOOD.title, MOOD.scale, "en")
    assert [(one.name, one.description) for one in again.dimensions] == [
        (one.name, one.description) for one in MOOD.dimensions
    ]
    assert write_form(again) == write_form(MOOD)
    assert write_form(read_instrument(io.StringIO(write_form(MOOD, language="de")), **ABOUT)) == write_form(
        MOOD, language="de"
    )


def test_a_structure_of_a_survey_made_by_hand_is_an_instrument() -> None:
    found = read_instrument(EXPORTED, **ABOUT, reverse="sq002")
    assert found.title == "How are you?"
    assert found.dimension_ids == ("g01q02", "g01q03")
    assert found.dimensions[0].name == "Thinking of work & home"
    assert found.item_ids == ("g01q02_sq001", "sq002", "g01q03_sq001")
    assert (found.scale.low, found.scale.high, found.scale.labels) == (1, 3, ("Never", "Sometimes", "Always"))
    assert found.keys().tolist() == [[1, 0], [-1, 0], [0, 1]]
    export = table(["id", "name", "G01Q02[SQ001]", "G01Q02[SQ002]", "G01Q03[SQ001]"], ["1", "Ann", "AO03", "AO01", ""])
    answers = read_responses(export, found, ignore=["name"])
    assert np.array_equal(answers.values, [[3, 1, np.nan]], equal_nan=True)


def test_some_arrays_only_and_arrays_with_built_in_answers() -> None:
    assert read_instrument(EXPORTED, **ABOUT, questions=["G01Q03"]).item_ids == ("sq001",)
    five = EXPORTED.replace("\tQ\tF\tG01Q02", "\tQ\tA\tG01Q02")
    assert read_instrument(five, **ABOUT, questions="G01Q02").scale.high == 5
    ten = EXPORTED.replace("\tQ\tF\tG01Q02", "\tQ\tB\tG01Q02")
    assert read_instrument(ten, **ABOUT, questions="G01Q02").scale.high == 10
    with pytest.raises(FormatError, match=r"row 13: its answers are 1\.\.3, those of 'G01Q02' are 1\.\.10"):
        read_instrument(ten, **ABOUT)


@pytest.mark.parametrize(
    ("change", "error", "what"),
    [
        (("\tclass\t", "\tkind\t"), FormatError, "row 1: no column 'class'"),
        (("AO03", "AO05"), FormatError, "row 7: expected the codes .* without a gap, got '1', '2', '5'"),
        (("Always", "Mostly"), None, ""),
        (("5\t\tA\t0\tAO03\t0\tAlways", "5\t\tA\t0\tAO03\t0\tX"), FormatError, "row 13: its answers have other labels"),
        (("Q\tF", "Q\tL"), FormatError, "there is no matrix question"),
        (("SQ002", "SQ001"), FormatError, "row 9, column 'name': 'SQ001' is there already"),
        (("G01Q03", "G01Q02"), FormatError, "row 13, column 'name': the question 'G01Q02' is in row 7 already"),
        (("6\t\tSQ", "6\t\tX"), DefinitionError, "row 13: dimension 'g01q03'"),
    ],
)
def test_what_is_wrong_with_a_structure_is_told_with_its_row(
    change: tuple[str, str], error: type[LeadkitError] | None, what: str
) -> None:
    text = EXPORTED.replace(*change)
    assert text != EXPORTED
    if error is None:
        assert read_instrument(text, **ABOUT).scale.labels[-1] == "Mostly"
        return
    with pytest.raises(error, match=what):
        read_instrument(text, **ABOUT)


def test_what_is_asked_for_must_be_there() -> None:
    with pytest.raises(FormatError, match="questions: there is no array 'G9'"):
        read_instrument(EXPORTED, **ABOUT, questions=["G9"])
    with pytest.raises(DefinitionError, match="reverse: unknown item 'sq02'"):
        read_instrument(EXPORTED, **ABOUT, reverse=["sq02"])
    with pytest.raises(FormatError, match="more than 3 rows"):
        read_instrument(EXPORTED, **ABOUT, max_rows=3)
    with pytest.raises(DefinitionError, match="version"):
        read_instrument(EXPORTED, **{**ABOUT, "version": "one"})


def test_codes_that_limesurvey_would_refuse_or_mix_up_are_told_all_at_once() -> None:
    calm, kind = MOOD.dimensions
    twins = evolve(calm, id="team", items=(calm.items[0], evolve(calm.items[1], id="m1")))
    long = evolve(kind, items=tuple(evolve(kind.items[0], id="k" * 20 + end) for end in ("", "x")))
    with pytest.raises(FormatError) as caught:
        write_form(evolve(MOOD, dimensions=(twins, long)), groups=["te_am", "2nd"])
    assert [fault.where for fault in caught.value.faults] == [
        "group 'te_am'",
        "group '2nd'",
        "item 'm1'",
        f"item '{'k' * 20}x'",
    ]
    with pytest.raises(UnknownIdError, match="'fr'"):
        write_form(MOOD, language="fr")
    with pytest.raises(TypeError, match="write_form: expected Instrument, got str"):
        write_form("ved")  # type: ignore[arg-type]


@pytest.mark.parametrize("name", frameworks.names())
def test_every_framework_is_a_structure(name: str) -> None:
    form = frameworks.load(name)
    again = read_instrument(write_form(form), **ABOUT)
    assert [item.text for item in again.items] == [item.text for item in form.items]


@given(instrument())
def test_what_was_read_is_written_the_same(form: Instrument) -> None:
    try:
        text = write_form(form)
    except FormatError:
        reject()
    again = read_instrument(text, **{**ABOUT, "id": form.id})
    assert write_form(again) == text
    plain = form.translated("en")
    assert [item.text for item in again.translated("en").items] == [
        str(item.text).replace("\t", " ").strip() for item in plain.items
    ]


@pytest.mark.parametrize("shape", ["{0}[{1}]", "{0}_{1}", "{0}.{1}", "{1}"])
def test_a_column_of_an_item_may_be_called_in_several_ways(shape: str) -> None:
    header = ["id", *(shape.format(*codes) for codes in (("calm", "m1"), ("calm", "m2"), ("kind", "k1")))]
    found = read_responses(table(header, ["1", "N1", "0", "1"], delimiter=";"), MOOD)
    assert found == Responses(MOOD, [[-1, 0, 1]], ["1"])


def test_people_are_left_out_and_groups_found_without_underscores() -> None:
    header = ["id", "submitdate", "token", "ipaddr", "email", "attribute_1", "seed", "groupTime7", "teamname"]
    header += ["calm[m1]", "calm[m2]", "kind[k1]"]
    row = ["1", "", "tok", "192.0.2.1", "a@example.org", "x", "5", "3.2", "north", "1", "N/A", ""]
    found = read_responses(table(header, row), MOOD, groups=["team_name"])
    assert (dict(found.groups), found.n_answered.tolist()) == ({"team_name": ("north",)}, [1])
    with pytest.raises(ResponseError, match="row 1, column 'token': holds personal data"):
        read_responses(table(header, row), MOOD, id="token", ignore="teamname")
    kept = read_responses(table(header, row), MOOD, id="token", ignore="teamname", keep_personal_data=True)
    assert kept.respondent_ids == ("tok",)


def test_every_fault_of_an_export_is_told_with_the_name_in_the_file() -> None:
    text = table(["id", "calm[m1]", "calm[m2]", "kind[k1]", "x"], ["1", "9", "Yes", "1", ""], ["1", "", "", "", ""])
    with pytest.raises(ResponseError) as caught:
        read_responses(text, MOOD)
    assert [(fault.row, fault.column) for fault in caught.value.faults] == [
        (1, "x"),
        (2, "calm[m1]"),
        (2, "calm[m2]"),
        (3, "id"),
    ]
    assert len(read_responses(table(["m_1"], ["1"]), MOOD, id=None, allow_missing_items=True)) == 1


@given(responses())
def test_what_people_answered_comes_back(told: Responses) -> None:
    form = told.instrument
    try:
        rows = cells(write_form(form, groups=told.groups, language="en"))
    except FormatError:
        reject()
    header = ["id", "submitdate"]
    answers: list[str] = []
    question = ""
    for row in rows:
        if row[1] == "Q":
            question = row[3]
            header += [question] if row[2] == "S" else []
        elif row[1] == "SQ":
            header.append(f"{question}[{row[3]}]")
        elif row[1] == "A" and len(answers) < form.scale.n_options:
            answers.append(row[3])
    lines = []
    for i, (respondent, values) in enumerate(zip(told.respondent_ids, told.values, strict=True)):
        labels = [labels[i] or "" for labels in told.groups.values()]
        given_answers = ["" if np.isnan(x) else answers[int(x) - form.scale.low] for x in values]
        lines.append([respondent, "", *labels, *given_answers])
    assert read_responses(table(header, *lines), form, groups=told.groups) == told


PIECES = st.sampled_from(
    [
        *(
            "id",
            "class",
            "name",
            "text",
            "language",
            "calm[m1]",
            "k1",
            "\t",
            "\t",
            "\n",
            ",",
            '"',
            "Q",
            "F",
            "SQ",
            "A",
            "N1",
        ),
        *("AO01", "S", "en", "<p", "&#61;", "&#xffffffff;", "\0", "\ufeff", "1", "²", "٣"),
    ]
)
TEXTS = st.lists(PIECES | st.text(max_size=3), max_size=80).map("".join)


@given(TEXTS)
def test_whatever_the_text_only_our_errors_come(text: str) -> None:
    for read in (
        lambda: read_instrument(text, **ABOUT),
        lambda: read_instrument("class\ttype/scale\tname\ttext\n" + text, **ABOUT),
        lambda: read_responses(text, MOOD, groups="team"),
        lambda: read_responses("m_1,m_2\n" + text, MOOD, id=None),
    ):
        with contextlib.suppress(LeadkitError):
            read()


@given(st.integers(0, len(EXPORTED)), st.text(max_size=4) | PIECES, st.integers(0, 12))
def test_a_damaged_structure_gives_an_instrument_or_our_errors(at: int, piece: str, cut: int) -> None:
    with contextlib.suppress(LeadkitError):
        read_instrument(EXPORTED[:at] + piece + EXPORTED[at + cut :], **ABOUT)


@pytest.mark.parametrize("groups", [["a", "a"], [3], [None], None, [""]])
def test_groups_must_be_different_texts(groups: Any) -> None:
    with pytest.raises(FormatError):
        write_form(MOOD, groups=groups)


def test_answers_are_read_to_an_instrument() -> None:
    with pytest.raises(TypeError, match="read_responses: expected Instrument, got str"):
        read_responses("[{}]", "ved")  # type: ignore[arg-type]
