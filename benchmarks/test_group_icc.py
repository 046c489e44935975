"""Intraclass correlations of 1e5 shuffled rows in 5000 groups against the same table from pandas."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from leadkit.stats.variance import group_icc


def test_group_icc_against_pandas_size_mean_and_squares_within(ratio: Callable[..., float]) -> None:
    rng = np.random.default_rng(0)
    groups = rng.permutation(np.concatenate([np.arange(5000), rng.integers(0, 5000, 95_000)]))
    y = rng.normal(size=100_000) + 0.5 * rng.normal(size=5000)[groups]
    frame = pd.DataFrame({"y": y, "group": groups})

    def ours() -> float:
        return group_icc(y, groups).ms_within

    def peer() -> float:
        grouped = frame.groupby("group")["y"]
        size, mean = grouped.size(), grouped.mean()
        squares = ((frame["y"] - grouped.transform("mean")) ** 2).groupby(frame["group"]).sum()
        assert size.size == mean.size == squares.size
        return float(squares.sum()) / (100_000 - 5000)

    assert abs(ours() - peer()) < 1e-10
    ratio(ours, peer, at_most=6.0)
