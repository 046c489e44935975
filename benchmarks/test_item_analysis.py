"""Item analysis against numpy's functions for missing values, pandas' covariances and pingouin's alpha."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

from leadkit.stats.moments import ItemMoments
from leadkit.stats.reliability import item_analysis

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import pingouin

Answers = NDArray[Any]
MOST_MIB = 64.0


def questionnaire(n: int, k: int = 50, *, dtype: Any = np.float64) -> Answers:
    """Give answers 1..5 that share one cause, 2 % of them missing, a block of rows at a time."""
    rng = np.random.default_rng(1)
    x = np.empty((n, k), dtype=dtype)
    for start in range(0, n, 100_000):
        block = x[start : start + 100_000]
        answers = 3 + rng.normal(size=(len(block), 1)) + rng.normal(size=block.shape)
        block[...] = np.clip(np.round(answers), 1, 5)
        block[rng.random(block.shape) < 0.02] = np.nan
    return x


@pytest.fixture(scope="module")
def answers() -> Answers:
    return questionnaire(100_000)


@pytest.fixture(scope="module")
def million() -> Answers:
    return questionnaire(1_000_000)


def means_variances_and_sums(x: Answers) -> tuple[Answers, Answers, Answers]:
    return np.nanmean(x, axis=0), np.nanvar(x, axis=0, ddof=1), np.nansum(x, axis=0)


def same_as_numpy(x: Answers) -> None:
    result = item_analysis(x)
    means, variances, sums = means_variances_and_sums(x)
    np.testing.assert_allclose(result.mean, means, rtol=1e-10)
    np.testing.assert_allclose(result.sd**2, variances, rtol=1e-10)
    np.testing.assert_allclose(result.mean * result.n_answered, sums, rtol=1e-10)


def test_item_analysis_against_numpy_nan_functions(answers: Answers, ratio: Callable[..., float]) -> None:
    same_as_numpy(answers)
    ratio(lambda: item_analysis(answers), lambda: means_variances_and_sums(answers), at_most=2.0)


def test_item_analysis_with_bounds_against_numpy_nan_functions(answers: Answers, ratio: Callable[..., float]) -> None:
    same_as_numpy(answers)
    ratio(lambda: item_analysis(answers, bounds=(1, 5)), lambda: means_variances_and_sums(answers), at_most=2.0)


def test_item_analysis_of_a_million_rows_against_numpy_nan_functions(
    million: Answers, ratio: Callable[..., float]
) -> None:
    same_as_numpy(million)
    ratio(lambda: item_analysis(million), lambda: means_variances_and_sums(million), at_most=2.0, repeats=2)


def test_item_analysis_against_pandas_covariance(answers: Answers, ratio: Callable[..., float]) -> None:
    frame = pd.DataFrame(answers)
    np.testing.assert_allclose(ItemMoments.from_array(answers).covariance, frame.cov(), rtol=1e-10, atol=1e-10)
    ratio(lambda: item_analysis(answers), frame.cov, at_most=0.33, repeats=3)


def test_item_analysis_against_pingouin_alpha(answers: Answers, ratio: Callable[..., float]) -> None:
    frame = pd.DataFrame(answers)
    alpha = pingouin.cronbach_alpha(frame)[0]
    assert item_analysis(answers).alpha.alpha == pytest.approx(alpha, abs=1e-10)
    ratio(lambda: item_analysis(answers), lambda: pingouin.cronbach_alpha(frame), at_most=0.33, repeats=3)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_item_analysis_memory(dtype: Any, peak_memory: Callable[..., float]) -> None:
    x = questionnaire(1_000_000, dtype=dtype)
    peak_memory(lambda: item_analysis(x), at_most=MOST_MIB)


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_moments_of_chunks_memory(dtype: Any, peak_memory: Callable[..., float]) -> None:
    x = questionnaire(1_000_000, dtype=dtype)
    peak_memory(lambda: ItemMoments.from_chunks(np.array_split(x, 20)), at_most=MOST_MIB)
