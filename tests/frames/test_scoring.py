"""Scores of data frames: the numpy kernel's numbers from every library, lazy where the frame is lazy."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leadkit import frames
from leadkit.assessment import Instrument, Metric, Responses, score
from leadkit.errors import DefinitionError, ResponseError
from leadkit.testing import responses

ROWS = [
    {"item": "a1", "dimension": "calm", "low": 1, "high": 5},
    {"item": "a2", "dimension": "calm", "reverse": True, "low": 1, "high": 5},
    {"item": "b1", "dimension": "bold", "low": 1, "high": 5},
]
FORM = Instrument.from_rows(ROWS, id="form", version="1.0.0", title="Form", source="Made up", licence="MIT")
ANSWERS: dict[str, list[Any]] = {"who": ["x", "y", "z"], "a1": [4, 2, None], "a2": [1, None, None], "b1": [5, 1, 3]}
EXPECTED: dict[str, list[Any]] = {"who": ["x", "y", "z"], "calm": [4.5, 2.0, None], "bold": [5.0, 1.0, 3.0]}


def sorted_rows(table: dict[str, list[Any]]) -> list[tuple[Any, ...]]:
    return sorted(zip(*table.values(), strict=True))


def test_every_library_scores_in_its_own_kind_of_frame(engine: Any) -> None:
    scored = frames.score(engine.make(ANSWERS), FORM, keep=["who"])
    assert isinstance(scored, engine.kind)
    found = engine.collect(scored)
    assert list(found) == ["who", "calm", "bold"]
    assert sorted_rows(found) == sorted_rows(EXPECTED)


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(data=st.data())
def test_every_library_gives_the_numbers_of_the_kernel(engine: Any, table_of: Any, data: st.DataObject) -> None:
    answers: Responses = data.draw(responses())
    metric: Metric = data.draw(st.sampled_from(("mean", "sum", "pomp")))
    least = data.draw(st.sampled_from((None, 1, 0.3, 1.0)))
    composed = data.draw(st.booleans())
    expected = score(answers, metric=metric, min_answered=least, composites="complete" if composed else "none")
    scored = frames.score(
        engine.make(table_of(answers)),
        answers.instrument,
        keep=["who"],
        metric=metric,
        min_answered=least,
        composites=composed,
    )
    found = engine.collect(scored)
    order = np.argsort(found.pop("who"))
    assert tuple(found) == expected.scale_ids
    values = np.array(list(found.values()), dtype=float).T[order]
    np.testing.assert_allclose(values, expected.values, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("bad", [9, 0, -1, 127, 2_000_000_000])
def test_an_answer_off_the_scale_makes_scores_of_a_lazy_frame_null(lazy: Any, bad: int) -> None:
    found = lazy.collect(frames.score(lazy.make(ANSWERS | {"a1": [bad, 2, None]}), FORM, keep=["who"]))
    assert sorted_rows(found) == sorted_rows(EXPECTED | {"calm": [None, 2.0, None]})


def test_a_reversed_answer_off_the_scale_makes_it_null_too(lazy: Any) -> None:
    found = lazy.collect(frames.score(lazy.make(ANSWERS | {"a2": [6, None, None]}), FORM, keep=["who"]))
    assert sorted_rows(found) == sorted_rows(EXPECTED | {"calm": [None, 2.0, None]})


def test_answers_off_the_scale_that_make_up_for_each_other_make_it_null(lazy: Any) -> None:
    found = lazy.collect(
        frames.score(lazy.make(ANSWERS | {"a1": [6, 2, None], "a2": [6, 4, None]}), FORM, keep=["who"])
    )
    assert sorted_rows(found) == sorted_rows(EXPECTED | {"calm": [None, 2.0, None]})


def test_an_infinite_answer_makes_a_score_of_a_lazy_frame_null(lazy: Any) -> None:
    changed = {"a1": [float("inf"), 2.0, None], "b1": [5.0, float("-inf"), 3.0]}
    found = lazy.collect(frames.score(lazy.make(ANSWERS | changed), FORM, keep=["who"]))
    assert sorted_rows(found) == sorted_rows(EXPECTED | {"calm": [None, 2.0, None], "bold": [5.0, None, 3.0]})


def test_in_a_lazy_column_of_floats_nan_is_missing_and_a_fraction_makes_null(lazy: Any) -> None:
    changed = {"a1": [4.0, 2.0, float("nan")], "b1": [5.0, 1.5, 3.0]}
    found = lazy.collect(frames.score(lazy.make(ANSWERS | changed), FORM, keep=["who"]))
    assert sorted_rows(found) == sorted_rows(EXPECTED | {"bold": [5.0, None, 3.0]})


def test_in_a_column_of_floats_in_memory_nan_is_missing(eager: Any) -> None:
    found = eager.collect(frames.score(eager.make(ANSWERS | {"a1": [4.0, 2.0, float("nan")]}), FORM, keep=["who"]))
    assert sorted_rows(found) == sorted_rows(EXPECTED)


def test_answers_in_memory_are_refused_with_row_and_item(eager: Any) -> None:
    frame = eager.make(ANSWERS | {"a1": [9.0, 2.5, None], "b1": [5, 1, 0]})
    with pytest.raises(ResponseError, match="3 faults") as caught:
        frames.score(frame, FORM)
    assert [str(fault) for fault in caught.value.faults] == [
        "row 1, item 'a1': 9 is outside 1..5",
        "row 2, item 'a1': 2.5 is not a whole number 1..5",
        "row 3, item 'b1': 0 is outside 1..5",
    ]


def test_a_lazy_frame_is_never_computed() -> None:
    def never(frame: pl.DataFrame) -> pl.DataFrame:
        raise AssertionError(frame)

    lazy = pl.LazyFrame(ANSWERS).map_batches(never, schema={"who": pl.String, **dict.fromkeys(FORM.item_ids, pl.Int64)})
    assert isinstance(frames.score(lazy, FORM, keep=["who"]), pl.LazyFrame)


@pytest.mark.parametrize("dtype", [pl.Int8, pl.UInt8, pl.Int64, pl.UInt64, pl.Float32, pl.Float64, pl.Decimal(5, 2)])
@pytest.mark.parametrize("is_lazy", [False, True])
def test_any_kind_of_number_will_do(dtype: Any, is_lazy: bool) -> None:
    frame = pl.DataFrame(ANSWERS).cast(dict.fromkeys(FORM.item_ids, dtype))
    scored = frames.score(frame.lazy() if is_lazy else frame, FORM, keep=["who"])
    assert scored.lazy().collect().to_dict(as_series=False) == EXPECTED


@pytest.mark.parametrize("dtype", [pl.UInt8, pl.UInt64, pl.Int8])
def test_an_unsigned_column_and_a_scale_below_zero(dtype: Any) -> None:
    rows = [{"item": name, "dimension": "calm", "low": -2, "high": 2, "reverse": name == "a1"} for name in ("a1", "a2")]
    form = Instrument.from_rows(rows, id="f", version="1.0.0", title="F", source="Made up", licence="MIT")
    answers = {"a1": [0, 2, 3, None, None], "a2": [0, None, 1, 1, None]}
    frame = pl.LazyFrame(answers, schema=dict.fromkeys(answers, dtype))
    found = frames.score(frame, form, min_answered=1).collect()["calm"].to_list()
    assert found == [0.0, -2.0, None, 1.0, None]


def test_a_gap_weighs_nothing(engine: Any) -> None:
    rows = [
        {"item": "a1", "dimension": "calm", "weight": 1_000_000.0, "low": 1, "high": 5},
        {"item": "a2", "dimension": "calm", "weight": 0.1, "reverse": True, "low": 1, "high": 5},
    ]
    form = Instrument.from_rows(rows, id="form", version="1.0.0", title="Form", source="Made up", licence="MIT")
    table = {"who": ["x", "y", "z"], "a1": [None, 4, None], "a2": [2, None, None]}
    found = engine.collect(frames.score(engine.make(table), form, keep=["who"], min_answered=1))
    assert sorted_rows(found) == [("x", 4.0), ("y", 4.0), ("z", None)]


def test_a_column_without_an_answer_in_memory_needs_no_type() -> None:
    for frame in (pd.DataFrame(ANSWERS | {"a2": [None] * 3}), pl.DataFrame(ANSWERS | {"a2": [None] * 3})):
        scored = frames.to_responses(frame, FORM, id="who")
        assert scored.n_answered.tolist() == [2, 2, 1]
        assert list(frames.score(frame, FORM)["calm"])[:2] == [4.0, 2.0]


def test_the_index_of_pandas_stays() -> None:
    frame = pd.DataFrame(ANSWERS, index=[7, 3, 5])
    assert frames.score(frame, FORM).index.tolist() == [7, 3, 5]


def test_columns_may_bear_external_ids() -> None:
    item = {"id": "a1", "text": "A", "external_ids": {"survey": "Q7"}}
    form = Instrument.parse(
        'id = "f"\nversion = "1.0.0"\ntitle = "F"\nsource = "Made up"\nlicence = "MIT"\nstatus = "unvalidated"\n'
        'scale = { low = 1, high = 5 }\n[[dimensions]]\nid = "d"\nname = "D"\n'
        f'items = [{{ id = "{item["id"]}", text = "A", external_ids = {{ survey = "Q7" }} }}]\n'
    )
    assert frames.score(pl.DataFrame({"Q7": [3]}), form).rows() == [(3.0,)]
    with pytest.raises(ResponseError, match="column 'Q7': item 'a1' is in column 'a1' too"):
        frames.score(pl.DataFrame({"Q7": [3], "a1": [3]}), form)


def test_a_kept_column_may_be_an_item_and_have_any_name() -> None:
    table = ANSWERS | {"leadkit_s_calm": ["p", "q", "r"]}
    scored = frames.score(pl.DataFrame(table), FORM, keep=("leadkit_s_calm", "a1"))
    assert scored.columns == ["leadkit_s_calm", "a1", "calm", "bold"]
    assert scored["a1"].to_list() == [4, 2, None]


def test_no_rows_give_no_rows() -> None:
    assert frames.score(pl.DataFrame(ANSWERS).clear(), FORM, keep=["who"]).shape == (0, 3)
    assert frames.score(pd.DataFrame(ANSWERS).iloc[:0], FORM, keep=["who"]).shape == (0, 3)


def test_every_wrong_column_is_told_at_once(engine: Any) -> None:
    table = {"who": ["x"], "A1": [1], "a2": [1], "b1": ["often"], "Calm": [1]}
    frame = pd.DataFrame(table) if engine.kind is pd.DataFrame else engine.make(table)
    with pytest.raises(ResponseError, match="5 faults") as caught:
        frames.score(frame, FORM, keep=["whom", "who", "who", "Calm"])
    text = str(caught.value)
    assert "item 'a1': has no column (did you mean 'A1'?)" in text
    assert "column 'b1': expected numbers, got String; cast it first" in text
    assert "keep 'whom': is not among the columns (did you mean 'who'?)" in text
    assert "keep 'who': is named more than once" in text
    assert "keep 'Calm': is the name of a scale too; rename the column" in text


@pytest.mark.parametrize("frame", [None, 3, "x", [1], {"a1": [1]}, pd.Series([1]), np.ones((2, 2))])
def test_what_is_no_frame_is_refused(frame: Any) -> None:
    with pytest.raises(TypeError, match="frame: expected a data frame of pandas, Polars"):
        frames.score(frame, FORM)


def test_wrong_arguments_are_refused() -> None:
    frame: Any = pl.DataFrame(ANSWERS)
    options: list[tuple[dict[str, Any], type[Exception], str]] = [
        ({"keep": "who"}, TypeError, "keep: expected a collection of column names, got 'who'"),
        ({"keep": None}, TypeError, "keep: expected a collection of column names, got None"),
        ({"keep": [1]}, TypeError, "keep: expected the name of a column, got 1"),
        ({"metric": "median"}, ValueError, "metric: expected one of 'mean', 'sum', 'pomp', got 'median'"),
        ({"composites": "none"}, TypeError, "composites: expected True or False, got 'none'"),
        ({"min_answered": 2}, DefinitionError, r"dimension 'bold': min_answered: expected a count in 1\.\.1, got 2"),
        ({"min_answered": True}, DefinitionError, "min_answered"),
    ]
    for option, error, message in options:
        with pytest.raises(error, match=message):
            frames.score(frame, FORM, **option)
    form: Any = "ved"
    with pytest.raises(TypeError, match="instrument: expected an Instrument, got str"):
        frames.score(frame, form)
    twice = pd.DataFrame([[1, 1]], columns=["a1", "a1"])
    with pytest.raises(ResponseError, match="two columns have the same name"):
        frames.score(twice, FORM)
    with pytest.raises(ResponseError, match="column 'a1': expected numbers, got Boolean"):
        frames.score(pl.DataFrame(ANSWERS | {"a1": [True, False, None]}), FORM)
