"""Rank correlation of each activity's duration with the finish."""

from __future__ import annotations

from typing import Any

import numpy as np

from leadkit.typing import FloatArray

__all__ = ["kendall", "spearman"]


def spearman(durations: FloatArray, finish: FloatArray) -> FloatArray:
    """Give |rho| of each row of `durations`, shape (n, runs), with `finish`; NaN where either is constant."""
    from scipy.stats import rankdata

    middle = (finish.size + 1) / 2
    goal = rankdata(finish) - middle
    found = np.empty(len(durations))
    for place, row in enumerate(durations):
        ranks = rankdata(row) - middle
        scale = np.sqrt(float((ranks * ranks).sum()) * float((goal * goal).sum()))
        found[place] = abs(float((ranks * goal).sum())) / scale if scale else np.nan
    return np.minimum(found, 1.0)


def kendall(durations: FloatArray, finish: FloatArray) -> FloatArray:
    """Give |tau-b| of each row of `durations`, shape (n, runs), with `finish`; NaN where either is constant."""
    from scipy.stats import kendalltau

    found = np.full(len(durations), np.nan)
    if finish.min() == finish.max():
        return found
    for place, row in enumerate(durations):
        if row.min() != row.max():
            tau: Any = kendalltau(row, finish, method="asymptotic")
            found[place] = abs(tau.statistic)
    return found
