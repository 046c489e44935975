"""Instruments, responses and ratings from data frames, and results as data frames."""

from __future__ import annotations

import math
from datetime import date
from typing import Any, ClassVar

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa  # type: ignore[import-untyped]
import pytest
from attrs import frozen
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leadkit import disclose, feedback, frames, frameworks, reliability, samples, score
from leadkit.assessment import DisclosurePolicy, Instrument, Ratings, Responses
from leadkit.errors import DefinitionError, ResponseError
from leadkit.testing import ratings, responses

ABOUT: Any = {"id": "form", "version": "1.0.0", "title": "Form", "source": "Made up", "licence": "MIT"}
KEY: dict[str, list[Any]] = {
    "item": ["a1", "a2"],
    "dimension": ["calm", "calm"],
    "text": ["I am calm.", None],
    "reverse": [False, True],
    "weight": [1.0, 2.0],
    "low": [1, 1],
    "high": [5, 5],
}
ROWS = [{name: KEY[name][i] for name in KEY if KEY[name][i] is not None} for i in range(2)]
FORM = Instrument.from_rows(ROWS, **ABOUT)
MAKERS = (pd.DataFrame, pl.DataFrame, pa.table)


@pytest.mark.parametrize("make", MAKERS)
def test_a_key_table_is_an_instrument(make: Any) -> None:
    assert frames.to_instrument(make(KEY), **ABOUT) == FORM
    assert frames.to_instrument(make(KEY), status="pilot", **ABOUT).status == "pilot"


@pytest.mark.parametrize("make", MAKERS)
def test_blank_cells_of_a_key_table_take_the_default(make: Any) -> None:
    blank = KEY | {"reverse": [None, True], "weight": [None, 2.0], "low": [1.0, 1.0]}
    assert frames.to_instrument(make(blank), **ABOUT) == FORM


@pytest.mark.parametrize("make", MAKERS)
def test_faults_of_a_key_table_are_told_together(make: Any) -> None:
    with pytest.raises(DefinitionError, match="2 faults") as caught:
        frames.to_instrument(make({"revers": [1], "item": ["a1"], "dimension": ["d"], "low": [1]}), **ABOUT)
    assert "unknown column (did you mean 'reverse'?)" in str(caught.value)
    assert "column 'high': is not among the columns" in str(caught.value)
    with pytest.raises(DefinitionError, match="item id 'a1' is there more than once"):
        frames.to_instrument(make(KEY | {"item": ["a1", "a1"]}), **ABOUT)
    with pytest.raises(DefinitionError, match="row 2: 'dimension' is missing"):
        frames.to_instrument(make(KEY | {"dimension": ["calm", None]}), **ABOUT)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(data=st.data())
def test_responses_come_back_from_any_frame_in_memory(eager: Any, table_of: Any, data: st.DataObject) -> None:
    answers: Responses = data.draw(responses())
    expected = Responses(answers.instrument, answers.values, answers.respondent_ids)
    assert frames.to_responses(eager.make(table_of(answers)), answers.instrument, id="who") == expected


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(data=st.data())
def test_ratings_come_back_from_any_frame_in_memory(table_of: Any, data: st.DataObject) -> None:
    given_ratings: Ratings = data.draw(ratings())
    table = table_of(given_ratings.responses) | {
        "ratee_id": list(given_ratings.ratee_ids),
        "rater_id": list(given_ratings.rater_ids),
        "role": list(given_ratings.roles),
    }
    for make in (pl.DataFrame, pd.DataFrame):
        found = frames.to_ratings(make(table), given_ratings.instrument, ignore=["who"])
        assert (found.ratee_ids, found.rater_ids, found.roles) == (
            given_ratings.ratee_ids,
            given_ratings.rater_ids,
            given_ratings.roles,
        )
        assert np.array_equal(found.responses.values, given_ratings.responses.values, equal_nan=True)


def test_ids_stay_whole_and_groups_as_they_are(eager: Any) -> None:
    table = {"nr": [2**60 + 1, 7], "team": ["north", None], "a1": [4, None], "a2": [None, 2]}
    frame = pd.DataFrame(table) if eager.kind is pd.DataFrame else eager.make(table)
    answers = frames.to_responses(frame, FORM, id="nr", groups=["team"])
    assert answers.respondent_ids == (str(2**60 + 1), "7")
    assert answers.groups == {"team": ("north", None)}


def test_faults_of_responses_are_those_of_the_model() -> None:
    table = {"respondent_id": ["r1", "r1"], "a1": [9, 2], "a2": ["often", "1"], "a3": [1, 1]}
    with pytest.raises(ResponseError, match="5 faults") as caught:
        frames.to_responses(pl.DataFrame(table), FORM)
    text = str(caught.value)
    assert "column 'a3': unknown column" in text
    assert "respondent 'r1': is there 2 times, in rows 1, 2" in text
    assert "respondent 'r1', item 'a1': 9 is outside 1..5" in text
    assert "respondent 'r1', item 'a2': 'often' is a text" in text
    found = frames.to_responses(
        pl.DataFrame({"respondent_id": ["r1"], "a1": [9.0]}), FORM, on_out_of_range="missing", allow_missing_items=True
    )
    assert found.no_answers.all()


def test_a_lazy_frame_is_not_computed_for_the_caller() -> None:
    lazy = pl.LazyFrame({"respondent_id": ["r1"], "a1": [1], "a2": [1]})
    for work in (lambda: frames.to_responses(lazy, FORM), lambda: frames.to_instrument(lazy, **ABOUT)):
        with pytest.raises(TypeError, match="frame: expected rows in memory, got a lazy LazyFrame; collect it first"):
            work()
    with pytest.raises(TypeError, match="collect it first"):
        frames.to_ratings(lazy, FORM)


def test_names_of_columns_are_texts() -> None:
    frame, wrong = pl.DataFrame({"respondent_id": ["r1"], "a1": [1], "a2": [1]}), 3
    odd: Any = wrong
    with pytest.raises(TypeError, match="id: expected the name of a column, got 3"):
        frames.to_responses(frame, FORM, id=odd)
    with pytest.raises(TypeError, match="ignore: expected a collection of column names, got 'a3'"):
        frames.to_responses(frame, FORM, ignore="a3")
    with pytest.raises(TypeError, match="role: expected the name of a column, got 3"):
        frames.to_ratings(frame, FORM, role=odd)


@pytest.mark.parametrize(
    ("backend", "kind"), [("pandas", pd.DataFrame), ("polars", pl.DataFrame), ("pyarrow", pa.Table)]
)
def test_results_become_frames_of_their_records(backend: Any, kind: type) -> None:
    answers = samples.answers("ved", n=12, rng=2)
    results: tuple[Any, ...] = (score(answers), reliability(answers), disclosed())
    result: Any
    for result in results:
        frame = frames.to_frame(result, backend=backend)
        assert isinstance(frame, kind)
        records: list[dict[str, Any]] = result.to_records()
        table: Any = as_polars(frame)
        assert table.columns == list(records[0])
        for found, record in zip(table.rows(named=True), records, strict=True):
            for name, value in record.items():
                cell = None if isinstance(found[name], float) and math.isnan(found[name]) else found[name]
                assert cell == value


def as_polars(frame: Any) -> Any:
    if isinstance(frame, pd.DataFrame):
        return pl.from_pandas(frame)
    return pl.from_arrow(frame) if isinstance(frame, pa.Table) else frame


def disclosed() -> Any:
    given_ratings = samples.ratings("ved", rng=1)
    return disclose(feedback(given_ratings), DisclosurePolicy())


@frozen
class Rows:
    """Anything with records."""

    records: list[dict[str, Any]]

    def to_records(self) -> list[dict[str, Any]]:
        return self.records


def test_records_need_not_be_alike() -> None:
    rows = Rows([{"a": 1, "b": "x", "d": True}, {"b": 2, "a": 2.5, "c": None, "d": None}])
    frame = frames.to_frame(rows, backend="polars")
    assert frame.to_dict(as_series=False) == {"a": [1.0, 2.5], "b": ["x", "2"], "d": [True, None], "c": [None, None]}


def test_a_table_without_rows_keeps_its_columns() -> None:
    class Empty(Rows):
        _columns: ClassVar = {"ids": "id", "values": "value"}

    assert frames.to_frame(Empty([]), backend="polars").columns == ["id", "value"]
    assert frames.to_frame(Rows([]), backend="polars").shape == (0, 0)


def test_raw_feedback_and_what_has_no_rows_are_refused() -> None:
    with pytest.raises(TypeError, match=r"call disclose\(feedback, policy\) first"):
        frames.to_frame(feedback(samples.ratings("ved", rng=1)))
    for wrong in (None, 3, Rows, date(2026, 1, 1), frameworks.load("ved")):
        with pytest.raises(TypeError, match=r"result: expected a result with to_records\(\)"):
            frames.to_frame(wrong)
    backend: Any = "dask"
    with pytest.raises(ValueError, match="backend: expected one of 'pandas', 'polars', 'pyarrow', got 'dask'"):
        frames.to_frame(Rows([]), backend=backend)


def test_a_library_that_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("leadkit.frames.results.find_spec", lambda _: None)
    with pytest.raises(ImportError, match="backend: polars is not installed"):
        frames.to_frame(Rows([]), backend="polars")
