"""From components to levels: leadership, team support, the individual, and which of them is largest."""

from __future__ import annotations

from typing import Literal, TypeAlias

import numpy as np
from attrs import frozen

from leadkit.org.diagnosis.equations import joined_levels, solve
from leadkit.org.diagnosis.sums import Totals
from leadkit.typing import BoolArray, FloatArray, IntArray

__all__ = ["LEVELS", "PARTS", "Level", "LevelShares", "level_shares"]

Level: TypeAlias = Literal["leadership", "team_support", "individual"]
LEVELS: tuple[Level, ...] = ("leadership", "team_support", "individual")
PARTS = (*LEVELS, "noise")
INDIVIDUAL, NOISE = 2, 3
UNDECIDED = -1


@frozen(eq=False)
class LevelShares:
    """Shares of leadership, team support, individual and noise in each of b data sets.

    Parameters
    ----------
    values : (b, 4) array
        Shares of their sum; NaN where a level cannot be told from the one above it, and where nothing varies.
    joined : (b, 4) bool array
        Whether a share holds the next one too.
    """

    values: FloatArray
    joined: BoolArray

    def largest(self) -> IntArray:
        """Give the place of the largest share of each data set, -1 where it is no single one."""
        known = np.where(np.isnan(self.values), -1.0, self.values)
        top = known.argmax(axis=1)
        highest = known.max(axis=1)
        single = (known == highest[:, None]).sum(axis=1) == 1
        return np.where(single & (highest > 0), top, UNDECIDED)


def level_shares(totals: Totals, *, negligible: float, reliability: float | None) -> LevelShares:
    """Estimate the shares of the levels.

    Parameters
    ----------
    totals : Totals
        One value a data set, (b,) arrays.
    negligible : float
        Mean square that counts as none.
    reliability : float, optional
        Where nobody is measured twice: the share of the variance within teams that is the individuals'.
    """
    variances = np.maximum(solve(totals, negligible=negligible), 0.0)
    joined = joined_levels(totals.df)
    if reliability is not None:
        within = variances[:, INDIVIDUAL]
        variances[:, INDIVIDUAL], variances[:, NOISE] = reliability * within, (1 - reliability) * within
        joined[:, INDIVIDUAL] = False
    total = np.nansum(variances, axis=1, keepdims=True)
    return LevelShares(variances / np.where(total > 0, total, np.nan), joined)
