"""Scoring a million people against a plain blocked numpy kernel, a careful wide pandas script, and melt + groupby."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

from leadkit.assessment import Instrument, Responses, Scores, score

Answers = NDArray[Any]
N, N_DIMENSIONS, N_ITEMS = 1_000_000, 6, 5
NEEDED = 3
TURNED = 4
ROWS = [
    {"item": f"i{d}_{j}", "dimension": f"d{d}", "reverse": j == TURNED, "low": 1, "high": 5}
    for d in range(N_DIMENSIONS)
    for j in range(N_ITEMS)
]


@pytest.fixture(scope="module")
def million() -> Responses:
    form = Instrument.from_rows(ROWS, id="bench", version="1.0.0", title="Bench", source="Made up", licence="MIT")
    rng = np.random.default_rng(1)
    values = rng.integers(1, 6, (N, form.n_items)).astype(float)
    values[rng.random(values.shape) < 0.03] = np.nan
    return Responses(form, values, [str(i) for i in range(N)])


def by_blocks(values: Answers, keys: Answers, rows: int) -> tuple[Answers, ...]:
    """Write the same scores, counts and masks with numpy alone, in blocks of a size that suits the cache best."""
    n = len(values)
    member = (keys != 0).astype(float)
    means, counts = np.empty((n, keys.shape[1])), np.empty((n, keys.shape[1]), dtype=np.int64)
    too_few, nothing = np.empty(means.shape, dtype=bool), np.empty(n, dtype=bool)
    for start in range(0, n, rows):
        block = values[start : start + rows]
        answered = ~np.isnan(block)
        count = answered.astype(float) @ member
        total = np.where(answered, block - 3.0, 0.0) @ keys + 3.0 * count
        few = count < NEEDED
        mean = total / np.where(count > 0, count, 1.0)
        mean[few] = np.nan
        at = slice(start, start + rows)
        means[at], counts[at], too_few[at], nothing[at] = mean, count, few, ~answered.any(axis=1)
    return means, counts, too_few, nothing


def by_wide_pandas(frame: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame, Any]:
    """Write what a careful analyst would: columns turned round, row means and counts of each dimension."""
    means, counts = {}, {}
    for d in range(N_DIMENSIONS):
        block = frame[[f"i{d}_{j}" for j in range(N_ITEMS)]].copy()
        block[f"i{d}_{TURNED}"] = 6 - block[f"i{d}_{TURNED}"]
        counts[f"d{d}"] = block.count(axis=1)
        means[f"d{d}"] = block.mean(axis=1).where(counts[f"d{d}"] >= NEEDED)
    table = pd.DataFrame(counts)
    return pd.DataFrame(means), table, table < NEEDED, (table == 0).all(axis=1)


def by_melt(frame: pd.DataFrame, key: pd.DataFrame) -> pd.DataFrame:
    """Write what many scripts do: one row an answer, joined with the key, grouped by person and dimension."""
    long = frame.reset_index(names="person").melt("person", var_name="item", value_name="answer").merge(key, on="item")
    long["answer"] = long["answer"].where(~long["reverse"], 6 - long["answer"])
    found = long.groupby(["person", "dimension"])["answer"].agg(["mean", "count"])
    return found["mean"].where(found["count"] >= NEEDED).unstack()  # noqa: PD010 - a pivot of what is grouped already


def frame_of(answers: Responses) -> pd.DataFrame:
    return pd.DataFrame(answers.values, columns=answers.instrument.item_ids)


def best_rows(answers: Responses) -> int:
    """Give the peer the block size that suits it best, found beforehand: 1,000 to 2,000 rows of 30 items."""
    return max(1, 2**15 // answers.instrument.n_items)


def test_score_against_a_plain_blocked_kernel(million: Responses, ratio: Callable[..., float]) -> None:
    keys, rows = million.instrument.keys(), best_rows(million)
    ours, theirs = score(million), by_blocks(million.values, keys, rows)
    np.testing.assert_allclose(ours.values, theirs[0], rtol=0, atol=1e-12)
    assert np.array_equal(ours.n_answered, theirs[1])
    assert np.array_equal(ours.flags["too_few_answers"], theirs[2])
    ratio(lambda: score(million), lambda: by_blocks(million.values, keys, rows), at_most=1.3)


def test_score_against_a_careful_wide_pandas_script(million: Responses, ratio: Callable[..., float]) -> None:
    frame = frame_of(million)
    np.testing.assert_allclose(score(million).values, by_wide_pandas(frame)[0].to_numpy(), rtol=0, atol=1e-12)
    ratio(lambda: score(million), lambda: by_wide_pandas(frame), at_most=1 / 1.5, repeats=3)


def test_score_against_melt_and_groupby(million: Responses, ratio: Callable[..., float]) -> None:
    frame, key = frame_of(million), pd.DataFrame(ROWS)[["item", "dimension", "reverse"]]
    np.testing.assert_allclose(score(million[:1000]).values, by_melt(frame[:1000], key).to_numpy(), rtol=0, atol=1e-12)
    ratio(lambda: score(million), lambda: by_melt(frame, key), at_most=1 / 20, repeats=1)


def test_memory_of_score(million: Responses, peak_memory: Callable[..., float]) -> None:
    def work() -> Scores:
        return score(million)

    peak_memory(work, at_most=3 * million.values.nbytes / 2**20)
