"""The pyramid, nominations and scores of people as comma-separated text."""

from __future__ import annotations

import csv
import io
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadkit import samples
from leadkit.errors import FormatError, ResponseError, UnknownIdError
from leadkit.interchange.csv import (
    PersonScores,
    read_nominations,
    read_person_scores,
    write_nominations,
    write_person_scores,
    write_pyramid,
)
from leadkit.org import Organisation, build_pyramid

IDS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1, max_size=6).filter(
    lambda text: text.strip() and text.splitlines() == [text]
)
SCORES = st.floats(-1e9, 1e9) | st.just(np.nan)


def scores_of(ids: list[str], *columns: list[float]) -> PersonScores:
    names = tuple(f"s{i}" for i in range(len(columns)))
    return PersonScores(person_ids=tuple(ids), names=names, values=np.column_stack(columns))


class TestPyramid:
    def test_every_post_has_the_row_of_its_record(self) -> None:
        pyramid = build_pyramid(samples.organisation(n_teams=3, team_size=3, rng=1))
        rows = list(csv.DictReader(io.StringIO(write_pyramid(pyramid))))
        assert len(rows) == pyramid.organisation.n
        for row, record in zip(rows, pyramid.to_records(), strict=True):
            for name, value in record.items():
                told = "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
                assert row[name] == told
        assert "" in {row["line_distance"] for row in rows}

    def test_no_spreadsheet_runs_an_id(self) -> None:
        text = write_pyramid(build_pyramid(Organisation.from_columns(["=1+1"], [None])))
        assert text.splitlines()[1].startswith("'=1+1,")

    def test_anything_else_is_refused(self) -> None:
        wrong: Any = samples.organisation(rng=1)
        with pytest.raises(TypeError, match="write_pyramid: expected Pyramid, got Organisation"):
            write_pyramid(wrong)


class TestNominations:
    @given(st.lists(st.tuples(IDS, IDS), min_size=1, max_size=6))
    def test_what_is_written_is_read(self, ties: list[tuple[str, str]]) -> None:
        asks, asked = zip(*ties, strict=True)
        assert read_nominations(write_nominations(asks, asked)) == (asks, asked)

    def test_columns_may_have_other_names_and_others_are_left_out(self) -> None:
        text = "who;whom;when\nann;bo;2026\n"
        assert read_nominations(text, asks="who", asked="whom") == (("ann",), ("bo",))

    def test_every_fault_is_told_with_its_row(self) -> None:
        with pytest.raises(ResponseError) as error:
            read_nominations("source,target\n,bo\nann,\n")
        assert [fault.row for fault in error.value.faults] == [2, 3]
        assert "expected an id, got nothing" in str(error.value)
        with pytest.raises(ResponseError, match="row 1: expected a column 'target'"):
            read_nominations("source,to\nann,bo\n")
        with pytest.raises(ResponseError, match="row 1: expected one column 'source', got 2"):
            read_nominations("source,source,target\nann,bo,cy\n")
        with pytest.raises(ResponseError, match="expected 2 cells like the header, got 3"):
            read_nominations("source,target\nann,bo,cy\n")
        with pytest.raises(FormatError, match="more than 1 rows"):
            read_nominations("source,target\na,b\nc,d\n", max_rows=1)
        with pytest.raises(FormatError, match="more than 3 characters"):
            read_nominations("source,target\na,b\n", max_chars=3)

    def test_columns_of_unequal_length_are_refused(self) -> None:
        with pytest.raises(ValueError, match="zip"):
            write_nominations(["a", "b"], ["c"])


class TestPersonScores:
    @given(st.lists(st.tuples(IDS, SCORES, SCORES), min_size=1, max_size=6))
    def test_what_is_written_is_read(self, rows: list[tuple[str, float, float]]) -> None:
        given_scores = scores_of([row[0] for row in rows], [row[1] for row in rows], [row[2] for row in rows])
        read = read_person_scores(write_person_scores(given_scores), columns=given_scores.names)
        assert read.person_ids == given_scores.person_ids
        assert read.names == given_scores.names
        assert np.array_equal(read.values, given_scores.values, equal_nan=True)

    def test_a_score_cannot_bear_the_name_of_the_ids(self) -> None:
        with pytest.raises(ResponseError, match="a score bears the name of the column of ids, 's0'"):
            write_person_scores(scores_of(["a"], [1.0]), id="s0")

    def test_the_mean_of_a_person_is_over_the_rows_that_have_a_score(self) -> None:
        means = scores_of(["b", "a", "b", "c"], [1, 2, 4, np.nan], [np.nan, 3, 5, np.nan]).by_person()
        assert means.person_ids == ("a", "b", "c")
        assert np.array_equal(means.values, np.array([[2, 3], [2.5, 5], [np.nan, np.nan]]), equal_nan=True)
        assert not means.values.flags.writeable

    def test_the_mean_of_a_person_is_that_of_the_sample(self) -> None:
        pulse = samples.pulse(samples.organisation(n_teams=3, team_size=3, rng=1), rng=1)
        means = scores_of(list(pulse.person_ids), pulse.values.tolist()).by_person()
        assert dict(zip(means.person_ids, means.values[:, 0], strict=True)) == pytest.approx(pulse.by_person())

    def test_a_column_goes_by_its_name(self) -> None:
        scores = scores_of(["a", "b"], [1, 2], [3, 4])
        assert scores.column("s1").tolist() == [3, 4]
        with pytest.raises(UnknownIdError, match="unknown score 's9'"):
            scores.column("s9")
