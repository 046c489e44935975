"""Resampling of whole units, or of the teams of each unit, from their sums alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from attrs import frozen

from leadkit.org.diagnosis.levels import LEVELS, PARTS, UNDECIDED, Level, LevelShares, level_shares
from leadkit.org.diagnosis.sums import TeamSums, totals_of
from leadkit.stats import ConfidenceInterval
from leadkit.stats._replicates import chunked, in_order
from leadkit.typing import Executor, FloatArray, IntArray, Progress

__all__ = ["ENOUGH_UNITS", "Resamples", "no_interval", "no_resamples", "resample"]

ENOUGH_UNITS = 5
LEVEL = 0.95


@frozen(kw_only=True, eq=False)
class Resamples:
    """What resampling says about the shares.

    Parameters
    ----------
    intervals : mapping of str to ConfidenceInterval
        Percentile interval of each share.
    support : mapping of str to float
        Share of the resamples in which each level has the largest share.
    has_undefined : bool
        Whether a resample cannot tell levels apart that the data can, or has no variance.
    """

    intervals: Mapping[str, ConfidenceInterval]
    support: Mapping[Level, float]
    has_undefined: bool


def no_interval() -> ConfidenceInterval:
    """Give an interval whose ends are unknown."""
    return ConfidenceInterval(np.nan, np.nan, LEVEL)


def no_resamples() -> Resamples:
    """Give NaN for everything."""
    return Resamples(
        intervals=dict.fromkeys(PARTS, no_interval()),
        support=dict.fromkeys(LEVELS, np.nan),
        has_undefined=False,
    )


def resample(
    sums: TeamSums,
    point: LevelShares,
    *,
    reliability: float | None,
    seeds: Sequence[np.random.SeedSequence],
    executor: Executor | None,
    progress: Progress | None,
) -> Resamples:
    """Draw units with replacement, or teams within units where there are fewer than five units.

    A unit (or team) that is drawn twice counts as two.

    Parameters
    ----------
    sums : TeamSums
        What each team adds.
    point : LevelShares
        Shares of the data themselves.
    reliability : float, optional
        As in `level_shares`.
    seeds : sequence of SeedSequence
        One a resample.
    executor, progress
        As in `diagnose`.
    """
    drawer = _Drawer(sums=sums, table=sums.by_unit()[0], reliability=reliability)
    found = in_order(drawer.shares, chunked(seeds), executor=executor, progress=progress)
    values = np.concatenate([part.values for part in found])
    joined = np.concatenate([part.joined for part in found])
    by_chance = joined & ~point.joined
    largest = LevelShares(values, joined).largest()
    decided = (largest != UNDECIDED) & ~by_chance[np.arange(len(seeds)), largest]
    # a share that holds two levels in this resample only is no draw of the share of one
    values = np.where(by_chance, np.nan, values)
    known = ~np.isnan(point.values[0])
    return Resamples(
        intervals={part: _interval(column) for part, column in zip(PARTS, values.T, strict=True)},
        support={
            level: float((decided & (largest == place)).mean()) if known[place] else np.nan
            for place, level in enumerate(LEVELS)
        },
        has_undefined=bool(np.isnan(values[:, known]).any()),
    )


@frozen(kw_only=True, eq=False)
class _Drawer:
    """The sums of each team and of each unit, (u, 17), to draw from."""

    sums: TeamSums
    table: FloatArray
    reliability: float | None

    def shares(self, seeds: Sequence[np.random.SeedSequence]) -> LevelShares:
        """Draw once for each seed and give the shares."""
        generators = [np.random.default_rng(seed) for seed in seeds]
        added = self._units(generators) if self.sums.n_units >= ENOUGH_UNITS else self._teams(generators)
        return level_shares(totals_of(added), negligible=self.sums.negligible, reliability=self.reliability)

    def _units(self, generators: Sequence[np.random.Generator]) -> FloatArray:
        """Add up units, as many as there are."""
        n = self.sums.n_units
        added: FloatArray = _copies([rng.integers(n, size=n) for rng in generators], n) @ self.table
        return added

    def _teams(self, generators: Sequence[np.random.Generator]) -> FloatArray:
        """Add up teams, of each unit as many as it has."""
        n, unit = self.sums.n_teams, self.sums.unit_of_team
        first, end = self.sums.first_team[unit], np.append(self.sums.first_team, n)[unit + 1]
        added: FloatArray = self.sums.by_unit(_copies([rng.integers(first, end) for rng in generators], n)).sum(axis=1)
        return added


def _copies(drawn: Sequence[IntArray], n: int) -> FloatArray:
    """Count how often each of n was drawn, a row a draw."""
    return np.array([np.bincount(places, minlength=n) for places in drawn], dtype=np.float64)


def _interval(values: FloatArray) -> ConfidenceInterval:
    """Give the percentile interval of the values that are known."""
    known = values[~np.isnan(values)]
    if not known.size:
        return no_interval()
    low, high = np.quantile(known, [(1 - LEVEL) / 2, (1 + LEVEL) / 2]).tolist()
    return ConfidenceInterval(low, high, LEVEL)
