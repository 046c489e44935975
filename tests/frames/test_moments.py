"""Item moments of data frames: those of the numpy kernel, from one aggregation."""

from __future__ import annotations

from typing import Any

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leadkit import frames, reliability, samples
from leadkit.assessment import Instrument, Responses
from leadkit.errors import ResponseError
from leadkit.stats import ItemMoments, item_analysis
from leadkit.testing import responses

ROWS = [
    {"item": "a1", "dimension": "calm", "low": 1, "high": 5},
    {"item": "a2", "dimension": "calm", "reverse": True, "low": 1, "high": 5},
]
FORM = Instrument.from_rows(ROWS, id="form", version="1.0.0", title="Form", source="Made up", licence="MIT")
ANSWERS: dict[str, list[Any]] = {"who": ["x", "y", "x", None], "a1": [4, 2, None, 5], "a2": [1, None, 5, 3]}


def kernel(answers: Responses) -> ItemMoments:
    form = answers.instrument
    bounds = (float(form.scale.low), float(form.scale.high))
    moments = ItemMoments.from_array(answers.values, items=form.item_ids, bounds=bounds)
    return moments.reversed([item.id for item in form.items if item.reverse], bounds=bounds)


def assert_same(found: ItemMoments, expected: ItemMoments) -> None:
    assert (found.items, found.bounds, found.missing) == (expected.items, expected.bounds, expected.missing)
    assert (found.n_rows, found.n_complete) == (expected.n_rows, expected.n_complete)
    for name in ("counts", "centre", "floor_counts", "ceiling_counts"):
        assert np.array_equal(getattr(found, name), getattr(expected, name))
    for name in ("sums", "products"):
        np.testing.assert_allclose(getattr(found, name), getattr(expected, name), rtol=1e-12, atol=1e-12)


@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(data=st.data())
def test_every_library_gives_the_moments_of_the_kernel(engine: Any, table_of: Any, data: st.DataObject) -> None:
    answers: Responses = data.draw(responses())
    assert_same(frames.item_moments(engine.make(table_of(answers)), answers.instrument), kernel(answers))


def test_moments_of_groups_add_up_to_those_of_all(engine: Any) -> None:
    frame = engine.make(ANSWERS)
    groups = frames.item_moments(frame, FORM, by="who")
    assert list(groups) == ["x", "y", None]
    assert {key: part.n_rows for key, part in groups.items()} == {"x": 2, "y": 1, None: 1}
    assert groups["x"].counts.tolist() == [[1, 1], [1, 2]]
    assert_same(ItemMoments.merge(groups.values()), frames.item_moments(frame, FORM))


def test_groups_may_be_numbers_and_those_without_are_one() -> None:
    table = {"g": [2.0, 1.0, None, float("nan")], "a1": [1, 2, 3, 4], "a2": [1, 2, 3, 4]}
    for frame in (pl.DataFrame(table), pl.LazyFrame(table), pd.DataFrame(table)):
        groups = frames.item_moments(frame, FORM, by="g")
        assert {key: part.n_rows for key, part in groups.items()} == {1.0: 1, 2.0: 1, None: 2}
        assert list(groups) == [1.0, 2.0, None]


def test_reliability_follows_from_moments_alone() -> None:
    answers = samples.answers("ved", n=60, rng=4)
    lazy = pl.LazyFrame(answers.values, schema=list(answers.instrument.item_ids))
    moments = frames.item_moments(lazy, answers.instrument)
    table = reliability(answers)
    for dimension, alpha in table.coefficients().items():
        items = [item.id for item in answers.instrument.dimension(dimension).items]
        assert item_analysis(moments.select(items)).alpha.alpha == pytest.approx(alpha, abs=1e-12)


def test_no_rows_have_moments_of_nothing() -> None:
    frame = pl.DataFrame({"a1": [], "a2": []}, schema={"a1": pl.Int8, "a2": pl.Int8})
    base = duckdb.connect()
    for empty in (frame, frame.lazy(), frame.to_pandas(), base.from_arrow(frame.to_arrow())):
        assert frames.item_moments(empty, FORM).n_rows == 0
        assert frames.item_moments(empty, FORM, by="a1") == {}


def test_answers_off_the_scale_are_refused_lazily_too(lazy: Any) -> None:
    wrong = {"who": ["x", "y", "x"], "a1": [4, 9, 0], "a2": [1.5, 1.0, float("nan")]}
    with pytest.raises(ResponseError, match="2 faults") as caught:
        frames.item_moments(lazy.make(wrong), FORM)
    assert [str(fault) for fault in caught.value.faults] == [
        "item 'a1': rows whose answer is no whole number 1..5: 2",
        "item 'a2': rows whose answer is no whole number 1..5: 1",
    ]


def test_answers_off_the_scale_in_memory_are_refused_with_their_row(eager: Any) -> None:
    with pytest.raises(ResponseError, match=r"row 2, item 'a1': 9 is outside 1\.\.5"):
        frames.item_moments(eager.make(ANSWERS | {"a1": [4, 9, None, 5]}), FORM)


def test_wrong_arguments_are_refused() -> None:
    frame = pl.DataFrame(ANSWERS)
    with pytest.raises(ResponseError, match=r"by 'whom': is not among the columns \(did you mean 'who'\?\)"):
        frames.item_moments(frame, FORM, by="whom")
    wrong: Any = ["who"]
    with pytest.raises(TypeError, match="by: expected the name of a column"):
        frames.item_moments(frame, FORM, by=wrong)
    with pytest.raises(ResponseError, match="item 'a2': has no column"):
        frames.item_moments(frame.drop("a2"), FORM)
