"""Agreement within 5000 groups of 1e5 shuffled rows by 5 items, against the same tables from pandas' groupby."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

from leadkit.stats.agreement import group_agreement

N_ROWS, N_GROUPS, BOUNDS = 100_000, 5000, (1.0, 5.0)
COPIES = 8


def ratings(n_items: int, *, whole: bool = True) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Give ratings 1..5 and their groups, every group with at least two raters, in no order."""
    rng = np.random.default_rng(4)
    groups = np.concatenate([np.repeat(np.arange(N_GROUPS), 2), rng.integers(N_GROUPS, size=N_ROWS - 2 * N_GROUPS)])
    rng.shuffle(groups)
    answers = 3 + rng.normal(size=(N_GROUPS, 1))[groups] + rng.normal(size=(N_ROWS, n_items))
    return np.clip(np.round(answers) if whole else answers, *BOUNDS), groups


def tables(x: NDArray[np.float64], groups: NDArray[np.int64]) -> list[Any]:
    """Give the variances and the deviations from means and medians, groups by items."""
    frame = pd.DataFrame(x)
    grouped = frame.groupby(groups)
    around = [(frame - grouped.transform(centre)).abs().groupby(groups).mean() for centre in ("mean", "median")]
    return [grouped.var(), *around]


@pytest.mark.parametrize("whole", [True, False])
def test_group_agreement_against_pandas_groupby(ratio: Callable[..., float], whole: bool) -> None:  # noqa: FBT001
    x, groups = ratings(5, whole=whole)
    result = group_agreement(x, groups, bounds=BOUNDS)
    for ours, theirs in zip((result.mean_variance, result.ad_mean, result.ad_median), tables(x, groups), strict=True):
        np.testing.assert_allclose(ours, theirs.to_numpy().mean(axis=1), rtol=0, atol=1e-10)
    ratio(lambda: group_agreement(x, groups, bounds=BOUNDS), lambda: tables(x, groups), at_most=3.0)


@pytest.mark.parametrize("missing", ["listwise", "pairwise"])
@pytest.mark.parametrize("n_items", [1, 5])
def test_group_agreement_allocates_at_most_eight_copies_of_its_input(
    peak_memory: Callable[..., float], n_items: int, missing: Any
) -> None:
    x, groups = ratings(n_items)
    if missing == "pairwise":
        x[np.random.default_rng(5).random(x.shape) < 0.1] = np.nan
    most = COPIES * x.nbytes / 2**20
    peak_memory(lambda: group_agreement(x, groups, bounds=BOUNDS, missing=missing), at_most=most)
