"""Dask frames, a partition at a time: the numpy kernel's numbers, wherever the partitions end."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadkit import frames
from leadkit.assessment import Instrument, Metric, Responses, score
from leadkit.errors import ResponseError
from leadkit.stats import ItemMoments
from leadkit.testing import responses

dask = pytest.importorskip("dask")
dd = pytest.importorskip("dask.dataframe")
make_meta: Callable[[Any], pd.DataFrame] = pytest.importorskip("dask.dataframe.utils").make_meta

ROWS = [
    {"item": "a1", "dimension": "calm", "low": -3, "high": 0},
    {"item": "a2", "dimension": "calm", "reverse": True, "low": -3, "high": 0},
]
FORM = Instrument.from_rows(ROWS, id="form", version="1.0.0", title="Form", source="Made up", licence="MIT")
ANSWERS = pd.DataFrame({"who": list("uvwxyz"), "a1": [0, -1, -2, -3, 0, -1], "a2": [-3, -1, -2, 0, 0, -2]})
DTYPES = ("float64", "int64", "Int64", "int8[pyarrow]")


def of_answers(answers: Responses, n_partitions: int) -> Any:
    frame = pd.DataFrame(answers.values, columns=list(answers.instrument.item_ids))
    frame.insert(0, "who", answers.respondent_ids)
    return dd.from_pandas(frame, npartitions=n_partitions)


def scores(frame: Any, form: Instrument, **options: Any) -> Any:
    """Score every partition, as the guide does."""
    return frame.map_partitions(frames.score, form, meta=frames.score(make_meta(frame), form, **options), **options)


def moments(frame: Any, form: Instrument) -> ItemMoments:
    """Merge the moments of every partition, as the guide does."""
    parts = [dask.delayed(frames.item_moments)(part, form) for part in frame.to_delayed()]
    return ItemMoments.merge(dask.compute(*parts, scheduler="sync"))


@settings(max_examples=12)
@given(
    answers=responses(),
    n_partitions=st.integers(1, 4),
    metric=st.sampled_from(("mean", "sum", "pomp")),
    least=st.sampled_from((None, 1, 1.0)),
)
def test_every_partition_gives_the_numbers_of_the_kernel(
    answers: Responses, n_partitions: int, metric: Metric, least: float | None
) -> None:
    frame = of_answers(answers, n_partitions)
    scored = scores(frame, answers.instrument, keep=["who"], metric=metric, min_answered=least)
    assert isinstance(scored, dd.DataFrame)
    found = scored.compute(scheduler="sync")
    expected = score(answers, metric=metric, min_answered=least)
    assert list(found.pop("who")) == list(answers.respondent_ids)
    assert tuple(found.columns) == expected.scale_ids
    np.testing.assert_allclose(found.to_numpy(dtype=float), expected.values, rtol=1e-12, atol=1e-12)


@settings(max_examples=10)
@given(answers=responses(), n_partitions=st.integers(1, 4))
def test_moments_of_partitions_merge_into_those_of_all(answers: Responses, n_partitions: int) -> None:
    frame = of_answers(answers, n_partitions)
    found, expected = moments(frame, answers.instrument), frames.item_moments(frame.compute(), answers.instrument)
    assert (found.n_rows, found.n_complete) == (expected.n_rows, expected.n_complete)
    assert np.array_equal(found.counts, expected.counts)
    np.testing.assert_allclose(found.sums, expected.sums, rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(found.products, expected.products, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("dtype", DTYPES)
def test_types_are_known_before_anything_is_computed(dtype: str) -> None:
    frame = dd.from_pandas(ANSWERS.astype({"a1": dtype, "a2": dtype}), npartitions=3)
    scored = scores(frame, FORM, keep=["who"])
    found = scored.compute(scheduler="sync")
    assert list(scored.dtypes) == list(found.dtypes)
    assert found["calm"].tolist() == [0.0, -1.5, -1.5, -3.0, -1.5, -1.0]


def test_without_meta_dask_tries_answers_that_the_scale_may_not_have() -> None:
    frame = dd.from_pandas(ANSWERS, npartitions=2)
    with pytest.raises(ValueError, match=r"1 is outside -3\.\.0"):
        frame.map_partitions(frames.score, FORM)


def test_an_answer_off_the_scale_is_an_error_of_its_partition() -> None:
    frame = dd.from_pandas(ANSWERS.assign(a1=[0, -1, -2, -3, 7, -1]), npartitions=2)
    scored = scores(frame, FORM)
    with pytest.raises(ResponseError, match=r"row 2, item 'a1': 7 is outside -3\.\.0"):
        scored.compute(scheduler="sync")


def test_a_whole_frame_is_refused_with_what_to_do() -> None:
    frame = dd.from_pandas(ANSWERS, npartitions=2)
    with pytest.raises(TypeError, match="map_partitions"):
        frames.score(frame, FORM)
    with pytest.raises(TypeError, match="a partition at a time"):
        frames.item_moments(frame, FORM)
