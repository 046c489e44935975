"""Reading and writing answers as comma-separated text."""

from __future__ import annotations

import io
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from leadkit import feedback, samples, testing
from leadkit.assessment import Instrument, Responses
from leadkit.errors import FormatError, LeadkitError, ResponseError
from leadkit.interchange.csv import read_responses, write_responses

NAN = math.nan
TEXTS = st.text(st.characters(exclude_characters="\0", codec="utf-8"), max_size=8)
RISKY = st.builds(
    str.__add__, st.sampled_from(("=", "+", "-", "@", "\t", "\r", "\n", "'", "'=", "#question", " ")), TEXTS
)


def instrument(*names: str, low: int = 1, high: int = 5, **about: Any) -> Instrument:
    rows = [{"item": name, "dimension": "calm", "low": low, "high": high} for name in names or ("val1", "val2")]
    return Instrument.from_rows(
        rows, id="calm", version="1.0.0", title="Calm", source="Example", licence="MIT", **about
    )


CALM = instrument()
LABELLED = Instrument.parse(
    """
    id = "mood"
    version = "1.0.0"
    title = "Mood"
    source = "Example"
    licence = "MIT"
    status = "unvalidated"
    scale = { low = 1, high = 3, labels = ["Never", { en = "Sometimes", de = "Manchmal" }, "Often"] }
    [[dimensions]]
    id = "calm"
    name = "Calm"
    items = [{ id = "val1", text = "I am calm.", external_ids = { survey = "Q1" } }]
    """
)


def faults_of(text: str, of: Instrument = CALM, **options: Any) -> list[str]:
    with pytest.raises(ResponseError) as caught:
        read_responses(text, of, **options)
    return [str(fault) for fault in caught.value.faults]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("start", ["", "\ufeff"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_delimiter_byte_order_mark_and_line_ends_make_no_difference(delimiter: str, start: str, line_end: str) -> None:
    lines = [["respondent_id", "val1", "val2"], ["ann", "3", ""], ["bo", "3.0", " 5 "]]
    text = start + line_end.join(delimiter.join(line) for line in lines)
    assert read_responses(text, CALM) == Responses(CALM, [[3.0, NAN], [3.0, 5.0]], ["ann", "bo"])


def test_an_open_text_file_is_read_like_its_text() -> None:
    text = "respondent_id,val1,val2\nann,1,2\n"
    assert read_responses(io.StringIO(text), CALM) == read_responses(text, CALM)


def test_the_line_that_names_the_separator_is_obeyed_and_counted() -> None:
    text = "sep=;\nrespondent_id;val1;val2\nann;1;9\n"
    assert faults_of(text) == ["row 3, column 'val2': 9 is outside 1..5"]


def test_a_delimiter_inside_a_quoted_header_does_not_mislead() -> None:
    text = '"team; shift, hall";respondent_id;val1;val2\n"a;b,c";ann;1;2\n'
    given_back = read_responses(text, CALM, groups=["team; shift, hall"])
    assert given_back.groups == {"team; shift, hall": ("a;b,c",)}


def test_columns_are_found_by_item_id_or_external_id_in_any_order() -> None:
    given_back = read_responses("Q1,team,respondent_id\n2,north,ann\n", LABELLED, groups="team")
    assert given_back == Responses(LABELLED, [[2]], ["ann"], {"team": ["north"]})


def test_blank_cells_and_the_missing_words_are_no_answer() -> None:
    text = "respondent_id,val1,val2\nann,NA, NA \nbo, ,2\ncy,99,2\n"
    values = read_responses(text, CALM, missing=("NA", "99")).values
    assert np.array_equal(values, [[NAN, NAN], [NAN, 2], [NAN, 2]], equal_nan=True)
    assert np.isnan(read_responses("respondent_id,val1,val2\nann,x,x\n", CALM, missing="x").values).all()


def test_words_for_missing_are_only_those_that_were_named() -> None:
    fault = "row 2, column 'val1': 'NA' is not a number; expected a whole number 1..5"
    assert faults_of("respondent_id,val1,val2\nann,NA,2\n", missing=()) == [fault]


@pytest.mark.parametrize(
    ("cell", "what"),
    [
        ("9", "9 is outside 1..5"),
        ("-1", "-1 is outside 1..5"),
        ("1e999", "inf is outside 1..5"),
        ("3.7", "3.7 is not a whole number 1..5"),
        ("TRUE", "'TRUE' is not a number; expected a whole number 1..5"),
        ("three", "'three' is not a number; expected a whole number 1..5"),
        ("nan", "'nan' is not a number; expected a whole number 1..5"),
        ("1_0", "'1_0' is not a number; expected a whole number 1..5"),
        ("\u0663", "'\u0663' is not a number; expected a whole number 1..5"),
        ("=3", "'=3' is not a number; expected a whole number 1..5"),
        ("'3", '"\'3" is not a number; expected a whole number 1..5'),
        ('"3,5"', "'3,5' has a decimal comma; expected a whole number 1..5, with a decimal point"),
        ("y" * 99, f"'{'y' * 40}...' is not a number; expected a whole number 1..5"),
    ],
)
def test_what_is_no_answer_is_named_with_row_and_column(cell: str, what: str) -> None:
    assert faults_of(f"respondent_id,val1,val2\nann,1,{cell}\n") == [f"row 2, column 'val2': {what}"]


@pytest.mark.parametrize(("cell", "code"), [("Often", 3), ("Manchmal", 2)])
def test_a_label_in_place_of_its_code_is_told_the_code(cell: str, code: int) -> None:
    what = f"'{cell}' is the label of {code}; expected a whole number 1..3"
    assert faults_of(f"respondent_id,val1\nann,{cell}\n", LABELLED) == [f"row 2, column 'val1': {what}"]


def test_fractions_are_answers_when_they_are_allowed() -> None:
    given_back = read_responses("respondent_id,val1,val2\nann,3.5,.25e1\n", CALM, allow_fractions=True)
    assert given_back.values.tolist() == [[3.5, 2.5]]
    fault = "row 2, column 'val1': 'x' is not a number; expected a number 1..5"
    assert faults_of("respondent_id,val1,val2\nann,x,2\n", allow_fractions=True) == [fault]


def test_numbers_outside_the_scale_are_missing_when_asked() -> None:
    given_back = read_responses("respondent_id,val1,val2\nann,9,2\n", CALM, on_out_of_range="missing")
    assert np.array_equal(given_back.values, [[NAN, 2]], equal_nan=True)
    with pytest.raises(ValueError, match="on_out_of_range: expected 'error' or 'missing', got 'skip'"):
        read_responses("respondent_id,val1,val2\n", CALM, on_out_of_range="skip")  # type: ignore[arg-type]


def test_every_fault_of_a_file_comes_in_one_error_in_reading_order() -> None:
    text = "respondent_id,val1,val2,tem\nann,9,three,n\nann,1,2,n\n,1,2\n,4,TRUE,s\n"
    assert faults_of(text) == [
        "row 1, column 'tem': unknown column; ignore it if it is no item",
        "row 2, column 'val1': 9 is outside 1..5",
        "row 2, column 'val2': 'three' is not a number; expected a whole number 1..5",
        "row 3, column 'respondent_id': 'ann' is in row 2 already",
        "row 4: expected 4 cells like the header, got 3",
        "row 5, column 'respondent_id': expected the respondent's id, got nothing",
        "row 5, column 'val2': 'TRUE' is not a number; expected a whole number 1..5",
    ]


def test_faults_carry_row_and_column_as_numbers_and_names() -> None:
    with pytest.raises(ResponseError) as caught:
        read_responses("respondent_id;val1;val2\nann;1;2\nann;1;9\n", CALM)
    assert [(fault.row, fault.column) for fault in caught.value.faults] == [(3, "respondent_id"), (3, "val2")]
    assert "row 3, column 'val2': 9 is outside 1..5" in str(caught.value)


def test_rows_are_counted_in_lines_of_the_file_also_after_quoted_line_breaks_and_empty_lines() -> None:
    text = '\n"respondent_id",val1,val2,"what\nyou say"\nann,1,2,"one\r\ntwo\nthree"\n\nbo,9,2,\n'
    assert faults_of(text, groups=["what\nyou say"]) == ["row 8, column 'val1': 9 is outside 1..5"]


def test_unknown_columns_are_refused_with_the_nearest_known_name() -> None:
    text = "respondent_id,val1,vall2\nann,1,2\n"
    absent, unknown = faults_of(text)
    assert unknown.startswith("row 1, column 'vall2': unknown column (did you mean 'val")
    assert absent == "row 1: no column for item 'val2'; allow missing items if they were not asked"


def test_other_columns_are_left_out_when_they_are_named_or_all_at_once() -> None:
    text = "respondent_id,note,note,val1,val2\nann,x,y,1,2\n"
    expected = Responses(CALM, [[1, 2]], ["ann"])
    assert read_responses(text, CALM, ignore="note") == expected
    assert read_responses(text, CALM, ignore=["note", "absent"]) == expected
    assert read_responses(text, CALM, ignore_other_columns=True) == expected
    assert read_responses("respondent_id,val1\nann,1\n", CALM, allow_missing_items=True).n_answered.tolist() == [1]


def test_a_missing_id_column_is_a_fault_beside_the_others() -> None:
    absent, unknown, outside = faults_of("who,val1,val2\nann,1,9\n")
    assert absent == "row 1, column 'respondent_id': is not among the columns"
    assert unknown == "row 1, column 'who': unknown column; ignore it if it is no item"
    assert outside == "row 2, column 'val2': 9 is outside 1..5"


def test_without_an_id_column_rows_bear_the_number_of_their_line() -> None:
    given_back = read_responses("val1,val2\n1,2\n,\n\n3,4\n", CALM, id=None)
    assert given_back.respondent_ids == ("row2", "row3", "row5")
    assert given_back.no_answers.tolist() == [False, True, False]


def test_rows_of_empty_cells_and_columns_without_name_and_content_are_left_out() -> None:
    given_back = read_responses(",,,\nrespondent_id,val1,val2,,\n ,,,,\nann,1,2,,\n,,,,\n\n", CALM)
    assert given_back == Responses(CALM, [[1, 2]], ["ann"])


def test_a_column_without_a_name_but_with_content_is_refused_unless_ignored() -> None:
    text = ",respondent_id,val1,val2\n0,ann,1,2\n"
    assert faults_of(text) == ["row 1, column 1: has no name; give it one, or put '' into ignore= to leave it out"]
    assert len(read_responses(text, CALM, ignore=[""])) == 1


def test_a_repeated_header_is_refused() -> None:
    assert faults_of("respondent_id,val1,val2,val1\nann,1,2,3\n") == [
        "row 1, column 'val1': is there more than once, as columns 2, 4"
    ]
    assert faults_of("respondent_id,val1,Q1\nann,1,2\n", LABELLED) == [
        "row 1, column 'Q1': item 'val1' is in column 'val1' too"
    ]


@pytest.mark.parametrize("text", ["", "\ufeff", " \n\t\r\n"])
def test_an_empty_file_is_refused(text: str) -> None:
    assert faults_of(text) == ["the file is empty; expected a header line like respondent_id,val1,val2"]


@pytest.mark.parametrize("text", ["respondent_id,val1,val2", "respondent_id,val1,val2\n\n,,\n"])
def test_a_header_with_nothing_below_it_is_refused(text: str) -> None:
    assert faults_of(text) == ["row 1: there is a header and nothing below it"]


def test_only_separators_are_no_table() -> None:
    assert faults_of(",,,\n,,,\n") == ["the file is empty; expected a header line like respondent_id,val1,val2"]


def test_a_header_without_any_known_name_is_one_fault() -> None:
    assert faults_of("ann,1,2,3,4\nbo,2,2,2,2\n") == [
        "row 1: no column is known ('ann', '1', '2', '3', ...); expected a header line like respondent_id,val1,val2"
    ]


def test_quotation_marks_out_of_place_are_located_and_the_rest_is_still_read() -> None:
    text = 'respondent_id,val1,val2\n"a"nn,1,2\nbo,9,2\ncy,"1,2\ndi,1,2\n'
    assert faults_of(text) == [
        "row 2: a quotation mark is out of place: end the cell after it, or double it inside a quoted text",
        "row 3, column 'val1': 9 is outside 1..5",
        "row 4: a quotation mark is opened and never closed",
    ]
    assert faults_of('"respondent_id"x,val1,val2\nann,1,2\n') == [
        "row 1: a quotation mark is out of place: end the cell after it, or double it inside a quoted text"
    ]


def test_a_blank_before_a_quotation_mark_does_not_matter() -> None:
    assert read_responses('respondent_id, "val1", "val2"\n"ann", "1", "2"\n', CALM).values.tolist() == [[1, 2]]


def test_a_nul_character_is_located() -> None:
    assert faults_of("respondent_id,val1,val2\nan\0n,1,\0002\nbo,1,2\n") == [
        "row 2, column 'respondent_id': holds a NUL character",
        "row 2, column 'val2': holds a NUL character",
    ]
    assert faults_of("respondent_id,val\0001,val2\nbo,1,2\n") == ["row 1: holds a NUL character"]


def test_a_row_with_too_many_cells_is_told_about_quotation_marks() -> None:
    assert faults_of("respondent_id;val1;val2\nann;1;2;3\n") == [
        "row 2: expected 3 cells like the header, got 4; a text with a semicolon in it must stand in quotation marks"
    ]


@pytest.mark.parametrize(
    ("text", "options", "message"),
    [
        (
            "respondent_id,val1,val2\na,1,2\nb,1,2\nc,1\n",
            {"max_rows": 2},
            "row 4: there are more than 2 rows .*max_rows",
        ),
        ("respondent_id,val1,val2\na,1,2\n", {"max_chars": 20}, r"more than 20 characters, the limit \(max_chars\)"),
        ("respondent_id,val1\na," + "9" * 200_000, {}, "row 2: a cell is longer than 131072 characters, the limit"),
        ("respondent_id," + "," * 20_000 + "\n", {}, "the header has 20002 columns, the limit is 16384"),
    ],
)
def test_limits_are_named(text: str, options: dict[str, int], message: str) -> None:
    with pytest.raises(FormatError, match=message):
        read_responses(text, CALM, **options)  # type: ignore[arg-type]
    with pytest.raises(FormatError, match=message):
        read_responses(io.StringIO(text), CALM, **options)  # type: ignore[arg-type]


def test_as_many_rows_and_characters_as_the_limits_say_are_read() -> None:
    text = "respondent_id,val1,val2\na,1,2\nb,1,2\n"
    assert len(read_responses(text, CALM, max_rows=2, max_chars=len(text))) == 2


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("answers.csv", "this is no table: .*'answers.csv'.*it looks like the name of a file"),
        ("PK\x03\x04\x14\0\x06\0", "it looks like a spreadsheet file: save it as 'CSV UTF-8'"),
        ("\x89PNG\r\n\x1a\n\0\0", "holds neither a comma, a semicolon nor a tab; expected a header line like respond"),
        ("Dear team\nplease answer\n", "this is no table: its first line 'Dear team' holds neither"),
    ],
)
def test_what_is_no_table_is_told_so(text: str, message: str) -> None:
    with pytest.raises(FormatError, match=message):
        read_responses(text, CALM)


def test_a_file_in_another_encoding_is_told_so() -> None:
    source = io.TextIOWrapper(io.BytesIO("respondent_id,val1\nZo\u00eb,1\n".encode("cp1252")), encoding="utf-8")
    with pytest.raises(FormatError, match="this is not utf-8 text: byte 21 is 0xeb; save the table as 'CSV UTF-8'"):
        read_responses(source, CALM)


def test_bytes_are_a_mistake_of_the_program() -> None:
    with pytest.raises(TypeError, match=r"expected the text of a table or a file .* for reading text, got bytes"):
        read_responses(io.BytesIO(b"respondent_id"), CALM)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="got int"):
        read_responses(3, CALM)  # type: ignore[arg-type]


def test_a_table_of_one_column_is_a_table() -> None:
    given_back = read_responses("val1\n3\n\n4\n", instrument("val1"), id=None)
    assert given_back.values.tolist() == [[3], [4]]
    assert given_back.respondent_ids == ("row2", "row4")


def test_the_id_column_may_be_a_group_variable_too() -> None:
    given_back = read_responses("id,val1,val2\n007,1,2\n", CALM, id="id", groups=["id"])
    assert given_back == Responses(CALM, [[1, 2]], ["007"], {"id": ["007"]})


def test_writing_gives_ids_groups_and_whole_numbers() -> None:
    answers = Responses(CALM, [[4.0, NAN], [2.0, 5.0]], ["ann", "bo"], {"team": ["north, early", None], "wave": [1, 2]})
    assert write_responses(answers) == 'respondent_id,team,wave,val1,val2\nann,"north, early",1,4,\nbo,,2,2,5\n'


def test_texts_that_a_spreadsheet_would_run_are_written_with_an_apostrophe() -> None:
    texts = ["=1+1", "+1", "-1", "@a", "\t=1", "\r=1", "\n=1", "'=1", " =1", "north", "'tis"]
    answers = Responses(CALM, np.ones((len(texts), 2)), texts, {"=team": texts})
    written = write_responses(answers)
    assert "'=team" in written.splitlines()[0]
    assert "'=1+1,'=1+1,1,1\n" in written
    assert "''=1,''=1,1,1\n" in written
    assert "\nnorth,north,1,1\n'tis,'tis,1,1\n" in written
    assert read_responses(written, CALM, groups=["=team"]) == answers


def test_a_group_that_bears_the_name_of_an_item_is_not_written() -> None:
    answers = Responses(CALM, [[1, 2]], ["ann"], {"val1": ["x"]})
    with pytest.raises(ResponseError, match="column 'val1': would be there more than once; rename the group"):
        write_responses(answers)


def test_only_responses_are_written() -> None:
    with pytest.raises(TypeError, match="write_responses: expected Responses, got str"):
        write_responses("ann")  # type: ignore[arg-type]


def test_raw_feedback_is_refused_by_the_name_of_disclose() -> None:
    raw: Any = feedback(samples.ratings("ved", n_leaders=1, rng=1))
    with pytest.raises(TypeError, match=r"got Feedback; .*disclose\(feedback, policy\)"):
        write_responses(raw)


@given(testing.responses(of=st.sampled_from((CALM, LABELLED, instrument("q1", low=-3, high=2)))))
def test_reading_what_was_written_gives_the_same_responses(answers: Responses) -> None:
    assert read_responses(write_responses(answers), answers.instrument, groups=tuple(answers.groups)) == answers


@given(st.data())
def test_ids_labels_and_group_names_of_any_kind_come_back(data: st.DataObject) -> None:
    text = TEXTS | RISKY
    ids = data.draw(st.lists(text.filter(bool), min_size=1, max_size=5, unique=True))
    names = data.draw(
        st.lists(text.filter(lambda name: name not in {"respondent_id", "val1", "val2"}), max_size=2, unique=True)
    )
    labels = st.lists(
        st.none() | text.map(lambda label: label if label.strip() else None), min_size=len(ids), max_size=len(ids)
    )
    values = data.draw(st.lists(st.floats(1, 5) | st.just(NAN), min_size=2 * len(ids), max_size=2 * len(ids)))
    groups = {name: data.draw(labels) for name in names}
    answers = Responses(CALM, np.reshape(values, (-1, 2)), ids, groups, allow_fractions=True)
    assert read_responses(write_responses(answers), CALM, groups=names, allow_fractions=True) == answers


LINES = st.sampled_from(
    (
        "respondent_id",
        "val1",
        "val2",
        "team",
        ",",
        ";",
        "\t",
        "\n",
        "\r",
        '"',
        "'",
        "=",
        "3",
        "9",
        "ann",
        "NA",
        "\0",
        "\ufeff",
        " ",
    )
)


def read_or_faults(text: str, **options: Any) -> Responses | LeadkitError:
    try:
        return read_responses(text, CALM, **options)
    except LeadkitError as error:
        return error


@given(st.text(max_size=60) | st.lists(LINES, max_size=40).map("".join), st.sampled_from((None, "respondent_id")))
@example('""', None)
@example("respondent_id,val1,val2\n1,2", "respondent_id")
@example('respondent_id,val1,val2\n"', "respondent_id")
def test_any_text_gives_responses_or_a_leadkit_error(text: str, name: str | None) -> None:
    outcome = read_or_faults(text, id=name, allow_missing_items=True)
    assert len(outcome) >= 1 if isinstance(outcome, Responses) else str(outcome)


@given(st.lists(st.text(max_size=6), min_size=2, max_size=2))
def test_any_cell_is_an_answer_or_a_fault_at_its_place(cells: list[str]) -> None:
    quoted = ['"' + cell.replace('"', '""') + '"' for cell in cells]
    outcome = read_or_faults(f"respondent_id,val1,val2\nann,{','.join(quoted)}\n")
    if isinstance(outcome, LeadkitError):
        assert {(fault.row, fault.column) for fault in outcome.faults} <= {(2, "val1"), (2, "val2")}
        assert outcome.faults
