"""Disclosed feedback and comments as comma-separated text."""

from __future__ import annotations

import csv as standard_csv
from io import StringIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadkit import frameworks, samples
from leadkit.assessment import Comment, DisclosurePolicy, disclose, feedback
from leadkit.errors import FormatError, LeadkitError, ResponseError
from leadkit.interchange.csv import read_comments, write_comments, write_feedback

RAW = feedback(samples.ratings("ved", n_leaders=2, rng=1))
VED = frameworks.load("ved")


def test_the_rows_are_the_records_of_the_disclosed_feedback() -> None:
    shown = disclose(RAW, DisclosurePolicy())
    rows = list(standard_csv.DictReader(StringIO(write_feedback(shown))))
    for row, record in zip(rows, shown.to_records(), strict=True):
        for name, value in record.items():
            assert row[name] == ("" if value is None else str(value))


def test_raw_feedback_is_refused_with_the_way_out() -> None:
    raw: Any = RAW
    with pytest.raises(TypeError, match=r"write_feedback: expected DisclosedFeedback, got Feedback; .*disclose\("):
        write_feedback(raw)


def test_a_name_that_a_spreadsheet_would_run_is_made_harmless() -> None:
    ratings = samples.ratings("ved", n_leaders=1, rng=1)
    renamed = type(ratings)(
        ratings.responses,
        ["=1+1"] * len(ratings),
        [f"r{i}" if r != "self" else "=1+1" for i, r in enumerate(ratings.roles)],
        ratings.roles,
    )
    assert "'=1+1,self" in write_feedback(disclose(feedback(renamed), DisclosurePolicy()))


TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\0"), min_size=1, max_size=12).filter(
    str.strip
)


@given(
    comments=st.lists(
        st.builds(
            Comment,
            ratee_id=TEXTS,
            rater_id=TEXTS,
            role=st.sampled_from(["peer", "manager", "mentor"]),
            text=TEXTS,
            dimension_id=st.sampled_from([None, "vision"]),
        ),
        min_size=1,
        max_size=4,
    )
)
def test_comments_come_back_as_they_were(comments: list[Comment]) -> None:
    assert read_comments(write_comments(comments), VED) == tuple(comments)


def test_every_fault_of_a_file_of_comments_is_told_at_once() -> None:
    text = (
        "ratee_id,rater_id,role,dimension_id,text\n"
        ",bo,peer,vision,Good\nann,,Peer,visoin,Good\nann,bo,peer,,\nann,bo,peer,vision,Fine\n"
    )
    with pytest.raises(ResponseError) as caught:
        read_comments(text, VED)
    assert [(fault.row, fault.column) for fault in caught.value.faults] == [
        (2, "ratee_id"),
        (3, "rater_id"),
        (3, "role"),
        (3, "dimension_id"),
    ]
    assert "did you mean 'peer'?" in str(caught.value)
    assert "did you mean 'vision'?" in str(caught.value)


def test_a_row_without_a_text_is_no_comment() -> None:
    assert read_comments("ratee_id,rater_id,role,text\nann,bo,peer,\n", VED) == ()


def test_columns_that_are_missing_unknown_or_twice_are_named() -> None:
    with pytest.raises(ResponseError) as caught:
        read_comments("ratee_id,rater,role,role\nann,bo,peer,x\n", VED)
    told = [fault.what for fault in caught.value.faults]
    assert told == [
        "expected a column 'rater_id'",
        "expected a column 'text'",
        "unknown column 'rater' (did you mean 'rater_id'?)",
        "column 'role' is there more than once",
    ]


@given(text=st.text(max_size=60))
def test_any_text_is_read_or_refused_with_an_error_of_the_house(text: str) -> None:
    try:
        read_comments(text, VED)
    except LeadkitError:
        return


def test_limits_are_kept() -> None:
    with pytest.raises(FormatError):
        read_comments("ratee_id,rater_id,role,text\na,b,peer,x\na,c,peer,y\n", VED, max_rows=1)


def test_only_comments_are_written_as_comments() -> None:
    wrong: Any = ["text"]
    with pytest.raises(TypeError, match="write_comments: expected Comment, got str"):
        write_comments(wrong)
