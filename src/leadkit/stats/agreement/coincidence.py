"""Krippendorff's coincidences of values within units, and the disagreement they amount to under a metric."""

from __future__ import annotations

import math
from typing import Literal, TypeAlias

import numpy as np
from attrs import frozen

from leadkit.stats._arrays import first_place
from leadkit.typing import FloatArray, IntArray

Metric: TypeAlias = Literal["nominal", "ordinal", "interval", "ratio"]
MOST_VALUES = 5000
MOST_DENSE_CELLS = 2**22


@frozen(eq=False)
class CodedUnits:
    """Units with at least two ratings: the values (m,) in ascending order, and codes (n, raters) into them.

    A code of -1 is a missing rating.
    """

    values: FloatArray
    codes: IntArray

    def n_ratings(self) -> IntArray:
        """Count the ratings of each unit, shape (n,)."""
        counts: IntArray = (self.codes >= 0).sum(axis=1)
        return counts

    def totals(self) -> FloatArray:
        """Count the uses of each value, shape (m,)."""
        return np.bincount(self.codes[self.codes >= 0], minlength=self.values.size).astype(np.float64)


def coded_units(ratings: FloatArray, metric: Metric) -> CodedUnits:
    """Code the values of the units with at least two ratings; refuse what the metric cannot take."""
    if metric == "ratio" and (ratings < 0).any():
        place = first_place(ratings < 0)
        msg = f"ratings{list(place)}: expected at least 0 under the ratio metric, got {ratings[place]:g}"
        raise ValueError(msg)
    known = ~np.isnan(ratings)
    pairable = known.sum(axis=1) >= 2
    known = known[pairable]
    values, positions = np.unique(ratings[pairable][known], return_inverse=True)
    if values.size > MOST_VALUES:
        msg = f"ratings: expected at most {MOST_VALUES} different values, got {values.size}; round them"
        raise ValueError(msg)
    codes = np.full(known.shape, -1, dtype=np.int64)
    codes[known] = positions
    return CodedUnits(values, codes)


def coincidences(units: CodedUnits) -> FloatArray:
    """Count ordered pairs of values (m, m) within units, each divided by the unit's number of ratings less one."""
    n, m = len(units.codes), units.values.size
    known = units.codes >= 0
    rows, columns = np.nonzero(known)[0], units.codes[known]
    # Trap: complete data needs this division too, not only data with gaps.
    weights = 1 / (units.n_ratings() - 1)
    count = _dense_pairs if n * m <= MOST_DENSE_CELLS else _sparse_pairs
    pairs, same = count(rows, columns, weights, (n, m))
    np.fill_diagonal(pairs, same)
    symmetric: FloatArray = (pairs + pairs.T) / 2
    return symmetric


def _dense_pairs(
    rows: IntArray, columns: IntArray, weights: FloatArray, shape: tuple[int, int]
) -> tuple[FloatArray, FloatArray]:
    """Sum weighted products of value counts (m, m), and pairs of a rating with another of the same value (m,)."""
    n, m = shape
    counts = np.bincount(rows * m + columns, minlength=n * m).reshape(n, m).astype(np.float64)
    weighted = counts * weights[:, None]
    return counts.T @ weighted, (weighted * (counts - 1)).sum(axis=0)


def _sparse_pairs(
    rows: IntArray, columns: IntArray, weights: FloatArray, shape: tuple[int, int]
) -> tuple[FloatArray, FloatArray]:
    """Do the same where most values are absent from most units."""
    from scipy.sparse import csr_array

    counts = csr_array((np.ones(rows.size), (rows, columns)), shape=shape)
    scaled = counts.data * np.repeat(weights, np.diff(counts.indptr))
    weighted = csr_array((scaled, counts.indices, counts.indptr), shape=shape)
    same = np.bincount(counts.indices, weights=scaled * (counts.data - 1), minlength=shape[1])
    return np.asarray((counts.T @ weighted).todense(), dtype=np.float64), same.astype(np.float64)


def positions(values: FloatArray, totals: FloatArray, metric: Metric) -> FloatArray:
    """Place each value on the metric: at the middle of its cumulative uses for `ordinal`, else at itself."""
    middles: FloatArray = totals.cumsum() - totals / 2
    return middles if metric == "ordinal" else values


def squared_difference(first: FloatArray, second: FloatArray, metric: Metric) -> FloatArray:
    """Square the difference of positions under the metric, element by element; two zeros do not differ."""
    if metric == "nominal":
        return np.not_equal(first, second).astype(np.float64)
    difference = first - second
    if metric == "ratio":
        total = first + second
        difference = np.divide(difference, total, out=np.zeros_like(total), where=total != 0)
    squares: FloatArray = difference**2
    return squares


def unit_disagreement(codes: IntArray, places: FloatArray, metric: Metric) -> FloatArray:
    """Sum the squared differences of all ordered pairs in a unit, divided by its number of ratings less one."""
    known = codes >= 0
    x = places[codes]
    total = np.zeros(len(codes))
    for rater in range(codes.shape[1] - 1):
        both = known[:, rater, None] & known[:, rater + 1 :]
        squares = squared_difference(x[:, rater, None], x[:, rater + 1 :], metric)
        total += 2 * np.where(both, squares, 0.0).sum(axis=1)
    per_unit: FloatArray = total / (known.sum(axis=1) - 1)
    return per_unit


def expected_disagreement(totals: FloatArray, differences: FloatArray) -> float:
    """Mean squared difference of all pairs of ratings, whatever their units."""
    n = float(totals.sum())
    return float(totals @ differences @ totals) / (n * (n - 1))


@frozen(eq=False)
class UnitResampler:
    """Alpha of units drawn with replacement; units with the same ratings are counted together."""

    values: FloatArray
    patterns: IntArray
    pattern_of_unit: IntArray
    metric: Metric

    @classmethod
    def of(cls, units: CodedUnits, metric: Metric) -> UnitResampler:
        """Put the units into an order that neither the order of units nor of raters can change."""
        patterns, pattern = np.unique(np.sort(units.codes, axis=1), axis=0, return_inverse=True)
        return cls(units.values, patterns, np.sort(pattern.ravel()), metric)

    def __call__(self, seed: np.random.SeedSequence) -> float:
        """Draw as many units as there are; NaN when all their ratings are the same."""
        n = self.pattern_of_unit.size
        drawn = self.pattern_of_unit[np.random.default_rng(seed).integers(n, size=n)]
        weights = np.bincount(drawn, minlength=len(self.patterns)).astype(np.float64)
        known = self.patterns >= 0
        of_rating = np.broadcast_to(weights[:, None], known.shape)[known]
        totals = np.bincount(self.patterns[known], weights=of_rating, minlength=self.values.size).astype(np.float64)
        places = positions(self.values, totals, self.metric)
        observed = float(weights @ unit_disagreement(self.patterns, places, self.metric)) / float(totals.sum())
        differences = squared_difference(places[:, None], places[None, :], self.metric)
        expected = expected_disagreement(totals, differences)
        return 1 - observed / expected if expected > 0 else math.nan
