"""What Spark is asked to do: nothing until somebody wants the rows, in one job, without Python, whatever the partitions.

That Spark gives the numbers of the numpy kernel is tested with those of every other library, in tests/frames.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leadkit import frames
from leadkit.assessment import Instrument, Metric, Responses, score
from leadkit.errors import ResponseError
from leadkit.stats import ItemMoments
from leadkit.testing import responses

sql = pytest.importorskip("pyspark.sql", reason="Spark is tested in an environment of its own, by .ci/spark.sh")

ROWS = [
    {"item": "a1", "dimension": "calm", "low": 1, "high": 5},
    {"item": "a2", "dimension": "calm", "reverse": True, "low": 1, "high": 5},
    {"item": "b1", "dimension": "bold", "low": 1, "high": 5},
]
FORM = Instrument.from_rows(ROWS, id="form", version="1.0.0", title="Form", source="Made up", licence="MIT")
TYPES = "who string, team string, a1 int, a2 int, b1 int"
ANSWERS = [
    ("x", "north", 4, 1, 5),
    ("y", "south", 2, None, 1),
    ("z", None, None, None, 3),
    ("w", "north", 5, 2, None),
]
EXPECTED = [("w", 4.5, None), ("x", 4.5, 5.0), ("y", 2.0, 1.0), ("z", None, 3.0)]
PYTHON_NODES = ("Python", "Pandas", "InArrow")

Compare = Callable[[ItemMoments, ItemMoments], None]
Kernel = Callable[[Responses], ItemMoments]


@pytest.fixture(scope="module")
def answers(spark: Any) -> Any:
    return spark.createDataFrame(ANSWERS, schema=TYPES).repartition(3)


def plan(frame: Any) -> str:
    found: str = frame._jdf.queryExecution().executedPlan().toString()
    return found


def jobs(spark: Any, name: str, work: Callable[[], Any]) -> int:
    spark.sparkContext.setJobGroup(name, name)
    work()
    return len(spark.sparkContext.statusTracker().getJobIdsForGroup(name))


def test_scores_are_a_frame_of_spark_that_nobody_has_computed(spark: Any, answers: Any) -> None:
    scored: list[Any] = []
    assert jobs(spark, "to score", lambda: scored.append(frames.score(answers, FORM, keep=["who"]))) == 0
    assert isinstance(scored[0], sql.DataFrame)
    assert scored[0].dtypes == [("who", "string"), ("calm", "double"), ("bold", "double")]
    assert jobs(spark, "to collect", scored[0].collect) > 0
    assert sorted(map(tuple, scored[0].collect())) == EXPECTED


def test_the_plan_of_scores_has_no_python_in_it(answers: Any) -> None:
    scored = frames.score(answers, FORM, keep=["who"], metric="pomp")
    assert not [node for node in PYTHON_NODES if node in plan(scored)]


def test_a_function_in_python_would_be_seen_in_the_plan(answers: Any) -> None:
    functions = pytest.importorskip("pyspark.sql.functions")
    doubled = functions.udf(lambda value: value * 2, "int")
    assert "EvalPython" in plan(answers.select(doubled("a1")))


def test_moments_are_one_job(spark: Any, answers: Any) -> None:
    spark.conf.set("spark.sql.adaptive.enabled", "false")  # else Spark counts every stage as a job
    try:
        assert jobs(spark, "moments", lambda: frames.item_moments(answers, FORM)) == 1
        assert jobs(spark, "moments by team", lambda: frames.item_moments(answers, FORM, by="team")) == 1
    finally:
        spark.conf.unset("spark.sql.adaptive.enabled")


@pytest.mark.parametrize("n_partitions", [1, 7])
def test_partitions_change_nothing(answers: Any, n_partitions: int) -> None:
    parted = answers.repartition(n_partitions)
    assert sorted(map(tuple, frames.score(parted, FORM, keep=["who"]).collect())) == EXPECTED
    found, groups = frames.item_moments(parted, FORM), frames.item_moments(parted, FORM, by="team")
    expected = Responses(FORM, [[np.nan if v is None else v for v in row[2:]] for row in ANSWERS], ["x", "y", "z", "w"])
    assert found == frames.item_moments(answers, FORM)
    assert found.n_rows == len(expected)
    assert {team: part.n_rows for team, part in groups.items()} == {"north": 2, "south": 1, None: 1}
    assert ItemMoments.merge(groups.values()) == found


@settings(max_examples=5, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(data=st.data())
def test_doubles_with_nan_and_null_give_the_numbers_of_the_kernel(spark: Any, data: st.DataObject) -> None:
    given_answers: Responses = data.draw(responses())
    metric: Metric = data.draw(st.sampled_from(("mean", "sum", "pomp")))
    gaps = data.draw(st.randoms(use_true_random=False))
    ids = given_answers.instrument.item_ids
    rows = [
        (who, *[gaps.choice((None, np.nan)) if np.isnan(value) else float(value) for value in values])
        for who, values in zip(given_answers.respondent_ids, given_answers.values, strict=True)
    ]
    frame = spark.createDataFrame(rows, schema=", ".join(["who string", *[f"{name} double" for name in ids]]))
    scored = frames.score(frame, given_answers.instrument, keep=["who"], metric=metric)
    found = np.array([tuple(row)[1:] for row in sorted(scored.collect())], dtype=float)
    np.testing.assert_allclose(found, score(given_answers, metric=metric).values, rtol=1e-12, atol=1e-12)


@settings(max_examples=3, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(answers=responses(of=st.just(FORM), min_size=4))
def test_moments_of_groups_are_those_of_the_kernel(
    spark: Any, kernel_moments: Kernel, assert_same_moments: Compare, answers: Responses
) -> None:
    teams = ["north" if i % 3 else "south" for i in range(len(answers))]
    rows = [
        (team, *[None if np.isnan(value) else int(value) for value in values])
        for team, values in zip(teams, answers.values, strict=True)
    ]
    groups = frames.item_moments(spark.createDataFrame(rows, "team string, a1 int, a2 int, b1 int"), FORM, by="team")
    assert list(groups) == ["north", "south"]
    for team, found in groups.items():
        assert_same_moments(found, kernel_moments(answers[[i for i, name in enumerate(teams) if name == team]]))


def test_any_kind_of_number_will_do_and_no_other_column(spark: Any, answers: Any) -> None:
    cast = answers.selectExpr("who", "cast(a1 as tinyint) a1", "cast(a2 as decimal(3, 1)) a2", "cast(b1 as float) b1")
    assert sorted(map(tuple, frames.score(cast, FORM, keep=["who"]).collect())) == EXPECTED
    texts = answers.selectExpr("who", "cast(a1 as string) a1", "a2", "b1")
    with pytest.raises(ResponseError, match="column 'a1': expected numbers, got String; cast it first"):
        frames.score(texts, FORM)


def test_kept_columns_of_any_kind_survive(spark: Any) -> None:
    row = ("x", dt.date(2026, 3, 1), [1, 2], 4, 1, 5)
    frame = spark.createDataFrame(
        [row], schema="`who is it` string, day date, codes array<int>, a1 int, a2 int, b1 int"
    )
    scored = frames.score(frame, FORM, keep=["day", "who is it", "codes"])
    assert scored.columns == ["day", "who is it", "codes", "calm", "bold"]
    assert tuple(scored.first()) == (row[1], "x", [1, 2], 4.5, 5.0)


def test_models_are_made_of_rows_in_memory(answers: Any) -> None:
    about: Any = {"id": "form", "version": "1.0.0", "title": "Form", "source": "Made up", "licence": "MIT"}
    works: tuple[Callable[[], Any], ...] = (
        lambda: frames.to_responses(answers, FORM, id="who"),
        lambda: frames.to_ratings(answers, FORM),
        lambda: frames.to_instrument(answers, **about),
    )
    for work in works:
        with pytest.raises(TypeError, match="frame: expected rows in memory, got a lazy DataFrame; collect it first"):
            work()
    collected = frames.to_responses(answers.toPandas(), FORM, id="who", groups=["team"])
    order = np.argsort(collected.respondent_ids)
    assert np.array_equal(
        score(collected).values[order], np.array([row[1:] for row in EXPECTED], dtype=float), equal_nan=True
    )
