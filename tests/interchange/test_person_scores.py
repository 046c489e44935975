"""Scores of people from any table: found, checked, and told where something is wrong."""

from __future__ import annotations

import contextlib
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadkit import samples
from leadkit.assessment import score
from leadkit.errors import FormatError, LeadkitError, ResponseError
from leadkit.interchange.csv import PersonScores, read_person_scores, write_scores


def test_what_write_scores_writes_is_read() -> None:
    scores = score(samples.answers("ved", n=12, rng=3))
    read = read_person_scores(write_scores(scores))
    assert read.person_ids == scores.respondent_ids
    assert read.names == scores.scale_ids
    assert read.ignored == ("team",)
    assert np.array_equal(read.values, scores.values, equal_nan=True)


def test_columns_can_be_chosen_and_come_in_that_order() -> None:
    text = "who;vision;delivery;note\nann;4;5;x\nann;3;NA;\n"
    read = read_person_scores(text, id="who", columns=("delivery", "vision"))
    assert read.names == ("delivery", "vision")
    assert read.person_ids == ("ann", "ann")
    values = np.array([[5, 4], [math.nan, 3]])
    assert read == PersonScores(person_ids=("ann", "ann"), names=read.names, values=values)
    assert read_person_scores(text, id="who", columns="vision").values.tolist() == [[4.0], [3.0]]


@pytest.mark.parametrize("name", ["id", "person_id", "respondent_id", "ratee_id"])
def test_usual_names_of_the_id_column_are_known(name: str) -> None:
    assert read_person_scores(f"{name},x\n007,1\n").person_ids == ("007",)


@pytest.mark.parametrize(
    ("text", "options", "message"),
    [
        ("name,x\nann,1\n", {}, "row 1: expected a column 'id' or 'person_id'"),
        ("id,x\nann,1\n", {"columns": "vision"}, "row 1: expected a column 'vision'"),
        ("id,vison\nann,1\n", {"columns": "vision"}, "did you mean 'vison'"),
        ("id,x\nann,1\n", {"columns": "id"}, "column 'id' holds the ids"),
        ("id,x,x\nann,1,2\n", {}, "column 'x' is there more than once"),
        ("id,x\n,1\n", {}, "row 2, column 'id': expected an id, got nothing"),
        ("id,x\nann,1\nbo,high\n", {}, "row 3, column 'x': 'high' is not a number"),
        ("id,x\nann,1e999\n", {}, "'1e999' is not a number"),
        ("id,team\nann,north\n", {}, "no column of numbers"),
        ("id,x\nann\n", {}, "row 2: expected 2 cells"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(text: str, options: dict[str, str], message: str) -> None:
    with pytest.raises(ResponseError, match=message):
        read_person_scores(text, **options)  # type: ignore[arg-type]


def test_limits() -> None:
    with pytest.raises(FormatError, match="max_rows"):
        read_person_scores("id,x\nann,1\nbo,2\n", max_rows=1)
    with pytest.raises(FormatError, match="max_chars"):
        read_person_scores("id,x\nann,1\nbo,2\n", max_chars=5)


@given(
    st.lists(st.sampled_from(["id", "x", ",", "\n", "1", ".5", '"', "'", "=", ";", "é", " "]), max_size=20).map("".join)
)
def test_nothing_but_leadkits_own_errors_come_of_any_text(text: str) -> None:
    with contextlib.suppress(LeadkitError):
        assert isinstance(read_person_scores(text), PersonScores)
