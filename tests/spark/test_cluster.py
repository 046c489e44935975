"""A master and executors in processes of their own, on which there is no Python: the numbers are the kernel's."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa  # type: ignore[import-untyped]
import pytest
from pyarrow import parquet

from leadkit import frames
from leadkit.assessment import Instrument, Responses, score
from leadkit.errors import ResponseError
from leadkit.stats import ItemMoments

sql = pytest.importorskip("pyspark.sql", reason="Spark is tested in an environment of its own, by .ci/spark.sh")

N_ROWS, N_FILES = 200_000, 4
KEY = [
    {"item": f"q{i:02}", "dimension": f"d{i // 5}", "reverse": i % 4 == 0, "weight": 1 + i % 2, "low": 1, "high": 5}
    for i in range(30)
]
ABOUT: Any = {"version": "1.0.0", "title": "Form", "source": "Made up", "licence": "MIT"}
FORM = Instrument.from_rows(KEY, id="form", **ABOUT)
SHORT = Instrument.from_rows(KEY[:4], id="short", **ABOUT)


@pytest.fixture(scope="module")
def answers() -> np.ndarray[Any, np.dtype[np.float64]]:
    rng = np.random.default_rng(7)
    values = rng.integers(1, 6, (N_ROWS, 30)).astype(np.float64)
    values[rng.random(values.shape) < 0.1] = np.nan
    return values


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, answers: np.ndarray[Any, np.dtype[np.float64]]) -> Path:
    found = tmp_path_factory.mktemp("answers")
    columns = {name: pa.array(answers[:, i], pa.int8(), from_pandas=True) for i, name in enumerate(FORM.item_ids)}
    table = pa.table({"who": np.arange(N_ROWS), "team": np.arange(N_ROWS) % 3, **columns})
    size = N_ROWS // N_FILES
    for part in range(N_FILES):
        parquet.write_table(table.slice(part * size, size), found / f"part{part}.parquet")
    return found


def test_a_function_in_python_fails_on_this_cluster(cluster: Any) -> None:
    numbers = cluster.sparkContext.parallelize([1, 2, 3], 2)
    with pytest.raises(Exception, match="Cannot run program") as caught:
        numbers.map(lambda value: value + 1).collect()
    assert "/nonexistent/python" in str(caught.value)


def test_scores_of_files_go_into_files(
    cluster: Any, folder: Path, tmp_path: Path, answers: np.ndarray[Any, np.dtype[np.float64]]
) -> None:
    functions = pytest.importorskip("pyspark.sql.functions")
    frame = cluster.read.parquet(str(folder))
    assert frame.select(functions.spark_partition_id()).distinct().count() > 1
    frames.score(frame, FORM, keep=["who"], min_answered=4).write.parquet(str(tmp_path / "scores"))
    assert len(cluster.sparkContext._jsc.sc().statusTracker().getExecutorInfos()) == 3  # the driver is one
    found = parquet.read_table(tmp_path / "scores").sort_by("who").drop(["who"])
    expected = score(Responses(FORM, answers, list(map(str, range(N_ROWS)))), min_answered=4)
    assert tuple(found.column_names) == expected.scale_ids
    values = np.column_stack([found[name].to_numpy() for name in found.column_names])
    assert np.isnan(values).any()
    np.testing.assert_allclose(values, expected.values, rtol=1e-12, atol=1e-12)


def test_moments_of_files_by_group(
    cluster: Any,
    folder: Path,
    kernel_moments: Callable[[Responses], ItemMoments],
    assert_same_moments: Callable[[ItemMoments, ItemMoments], None],
    answers: np.ndarray[Any, np.dtype[np.float64]],
) -> None:
    groups = frames.item_moments(cluster.read.parquet(str(folder)), SHORT, by="team")
    assert list(groups) == [0, 1, 2]
    for team, found in groups.items():
        part = answers[team::3, :4]
        assert_same_moments(found, kernel_moments(Responses(SHORT, part, list(map(str, range(len(part)))))))


def test_answers_off_the_scale_are_found_on_the_cluster(cluster: Any, folder: Path) -> None:
    frame = cluster.read.parquet(str(folder)).selectExpr("cast(9 as tinyint) q00", *FORM.item_ids[1:])
    with pytest.raises(ResponseError, match=r"item 'q00': rows whose answer is no whole number 1\.\.5: 200000"):
        frames.item_moments(frame, SHORT)
    assert frames.score(frame.limit(10), FORM).where("d0 is not null").count() == 0
