"""Scoring data frames of a million people in their own library against a careful wide pandas script."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pytest

from leadkit import frames
from leadkit.assessment import Instrument

N, N_DIMENSIONS, N_ITEMS = 1_000_000, 6, 5
NEEDED = 3
TURNED = 4
ROWS = [
    {"item": f"i{d}_{j}", "dimension": f"d{d}", "reverse": j == TURNED, "low": 1, "high": 5}
    for d in range(N_DIMENSIONS)
    for j in range(N_ITEMS)
]
FORM = Instrument.from_rows(ROWS, id="bench", version="1.0.0", title="Bench", source="Made up", licence="MIT")


@pytest.fixture(scope="module")
def million() -> pd.DataFrame:
    rng = np.random.default_rng(1)
    values = rng.integers(1, 6, (N, FORM.n_items)).astype(float)
    values[rng.random(values.shape) < 0.03] = np.nan
    return pd.DataFrame(values, columns=list(FORM.item_ids))


@pytest.fixture(scope="module")
def codes(million: pd.DataFrame) -> pl.DataFrame:
    return pl.from_pandas(million).cast(pl.Int8)


def by_wide_pandas(frame: pd.DataFrame) -> pd.DataFrame:
    """Write what a careful analyst would: codes looked at, columns turned round, row means where enough was answered."""
    means = {}
    for d in range(N_DIMENSIONS):
        block = frame[[f"i{d}_{j}" for j in range(N_ITEMS)]].copy()
        outside = (block < 1) | (block > N_ITEMS)
        if outside.to_numpy().any():
            raise ValueError
        block[f"i{d}_{TURNED}"] = 6 - block[f"i{d}_{TURNED}"]
        means[f"d{d}"] = block.mean(axis=1).where(block.count(axis=1) >= NEEDED)
    return pd.DataFrame(means)


def test_pandas(million: pd.DataFrame, ratio: Callable[..., float]) -> None:
    pd.testing.assert_frame_equal(frames.score(million, FORM), by_wide_pandas(million), rtol=1e-12)
    ratio(lambda: frames.score(million, FORM), lambda: by_wide_pandas(million), at_most=1.3, repeats=3)


def test_polars_lazy(million: pd.DataFrame, codes: pl.DataFrame, ratio: Callable[..., float]) -> None:
    def work() -> Any:
        return frames.score(codes.lazy(), FORM).collect()

    np.testing.assert_allclose(work().to_numpy(), by_wide_pandas(million).to_numpy(), rtol=1e-12)
    ratio(work, lambda: by_wide_pandas(million), at_most=1, repeats=9)


def test_duckdb(million: pd.DataFrame, codes: pl.DataFrame, ratio: Callable[..., float]) -> None:
    base = duckdb.connect()
    base.from_arrow(codes.to_arrow()).create("answers")

    def work() -> Any:
        return frames.score(base.table("answers"), FORM).to_arrow_table()

    found: Any = pl.from_arrow(work())
    np.testing.assert_allclose(found.to_numpy(), by_wide_pandas(million).to_numpy(), rtol=1e-12)
    ratio(work, lambda: by_wide_pandas(million), at_most=1, repeats=9)


def test_moments_of_a_lazy_frame(
    million: pd.DataFrame, codes: pl.DataFrame, tell: Callable[[str], None], benchmark: Any
) -> None:
    expected = frames.item_moments(million, FORM)
    found = benchmark.pedantic(lambda: frames.item_moments(codes.lazy(), FORM), rounds=1)
    np.testing.assert_array_equal(found.products, expected.products)
    tell(f"1,000,000 x {FORM.n_items} to {FORM.n_items} x {FORM.n_items}")
