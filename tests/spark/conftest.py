"""Spark on this machine: a session in this process, and one whose executors are processes without Python."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from leadkit.assessment import Responses
from leadkit.stats import ItemMoments

os.environ.setdefault("SPARK_CONF_DIR", str(Path(__file__).parent / "conf"))
NO_PYTHON = "/nonexistent/python"


@pytest.fixture(scope="module")
def spark() -> Any:
    """Give a session with two threads, or the one that is there."""
    return pytest.importorskip("pyspark.sql").SparkSession.builder.getOrCreate()


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    """Give a session with a master and two executors of one core each, which would look for Python in vain."""
    sessions = pytest.importorskip("pyspark.sql").SparkSession
    builder, other = sessions.builder, sessions.getActiveSession()
    if other is not None:
        other.stop()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYSPARK_PYTHON", NO_PYTHON)
        patch.setattr(builder, "_options", {})  # settings of this session alone
        session = (
            builder.master("local-cluster[2,1,1024]")
            .config("spark.scheduler.minRegisteredResourcesRatio", "1.0")
            .config("spark.scheduler.maxRegisteredResourcesWaitingTime", "300s")
            .getOrCreate()
        )
        yield session
        session.stop()


@pytest.fixture(scope="session")
def kernel_moments() -> Callable[[Responses], ItemMoments]:
    """Compute the moments of keyed answers with numpy."""

    def moments(answers: Responses) -> ItemMoments:
        form = answers.instrument
        bounds = (float(form.scale.low), float(form.scale.high))
        raw = ItemMoments.from_array(answers.values, items=form.item_ids, bounds=bounds)
        return raw.reversed([item.id for item in form.items if item.reverse], bounds=bounds)

    return moments


@pytest.fixture(scope="session")
def assert_same_moments() -> Callable[[ItemMoments, ItemMoments], None]:
    """Compare moments, counts exactly."""

    def compare(found: ItemMoments, expected: ItemMoments) -> None:
        assert (found.items, found.n_rows, found.n_complete) == (expected.items, expected.n_rows, expected.n_complete)
        for name in ("counts", "centre", "floor_counts", "ceiling_counts"):
            assert np.array_equal(getattr(found, name), getattr(expected, name))
        for name in ("sums", "products"):
            np.testing.assert_allclose(getattr(found, name), getattr(expected, name), rtol=1e-12, atol=1e-12)

    return compare
