"""Evaluations into tables of ratees and roles: cells of one size at a time, in batches that stay in cache."""

from __future__ import annotations

import numpy as np
from attrs import frozen

from leadkit._fields import sealed
from leadkit.assessment.instrument import Instrument
from leadkit.assessment.multirater.cells import Cells
from leadkit.assessment.scoring import Metric
from leadkit.stats._arrays import zero_if_rounding
from leadkit.stats._spread import is_rounding
from leadkit.typing import BoolArray, FloatArray, IntArray

__all__ = ["Tables", "cell_means", "tables"]

NUMBERS_PER_BATCH = 2**16


@frozen(kw_only=True, eq=False)
class Tables:
    """What the cells hold: sorted answers (e, k), scores (t, r, d), items (t, r, k) and raters (t, r).

    `item_variance` (t, r, d) is the mean variance (divisor n - 1, squared scale points) of a dimension's items that
    two raters answered.
    """

    answers: FloatArray
    mean: FloatArray
    sd: FloatArray
    minimum: FloatArray
    maximum: FloatArray
    n: IntArray
    n_raters: IntArray
    item_mean: FloatArray
    item_n: IntArray
    item_variance: FloatArray


def tables(values: FloatArray, scores: FloatArray, cells: Cells, instrument: Instrument, metric: Metric) -> Tables:
    """Aggregate answers (e, k) in their own order and scores (e, d) in the order of the cells."""
    k, d = values.shape[1], scores.shape[1]
    items = _Items.of(instrument, metric)
    mean, sd, minimum, maximum, item_variance = (np.full((*cells.shape, d), np.nan) for _ in range(5))
    item_mean = np.full((*cells.shape, k), np.nan)
    n, item_n = np.zeros((*cells.shape, d), dtype=np.int64), np.zeros((*cells.shape, k), dtype=np.int64)
    n_raters = np.zeros(cells.shape, dtype=np.int64)
    n_raters.ravel()[cells.place] = cells.sizes
    answers = np.take(values, cells.order, axis=0)
    by_score = [table.reshape(-1, d) for table in (mean, sd, minimum, maximum, n)]
    by_item = [table.reshape(-1, table.shape[2]) for table in (item_mean, item_n, item_variance)]
    for place, rows in cells.batches(max(1, NUMBERS_PER_BATCH // k)):
        of_scores = _moments(np.take(scores, rows, axis=0))
        of_items = items.moments(np.take(answers, rows, axis=0))
        for table, part in zip([*by_score, *by_item], [*of_scores, *of_items], strict=True):
            table[place] = part
    return Tables(
        answers=sealed(answers),
        mean=sealed(mean),
        sd=sealed(sd),
        minimum=sealed(minimum),
        maximum=sealed(maximum),
        n=sealed(n),
        n_raters=sealed(n_raters),
        item_mean=sealed(item_mean),
        item_n=sealed(item_n),
        item_variance=sealed(item_variance),
    )


def cell_means(scores: FloatArray, cells: Cells) -> FloatArray:
    """Average scores (e, d), in the order of the cells, to (t, r, d); NaN without any."""
    d = scores.shape[1]
    means = np.full((*cells.shape, d), np.nan)
    for place, rows in cells.batches(max(1, NUMBERS_PER_BATCH // d)):
        means.reshape(-1, d)[place] = _mean(np.take(scores, rows, axis=0))[0]
    return sealed(means)


def _known(gaps: BoolArray) -> IntArray:
    """Count what is there of (m, ...) along the first axis, in the narrowest type that can."""
    size = len(gaps)
    n: IntArray = size - np.add.reduce(gaps.view(np.uint8), axis=0, dtype=np.min_scalar_type(size))
    return n


def _mean(scores: FloatArray) -> tuple[FloatArray, FloatArray, BoolArray]:
    """Return means and counts (b, d) of cells (m, b, d), and which scores are missing."""
    gaps = np.isnan(scores)
    n = _known(gaps).astype(np.float64)
    filled = scores.copy()
    np.copyto(filled, 0.0, where=gaps)
    return np.divide(filled.sum(axis=0), n, out=np.full(n.shape, np.nan), where=n > 0), n, gaps


def _moments(scores: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray, FloatArray]:
    """Return mean, sd, minimum, maximum and count (b, d) of the scores of cells (m, b, d)."""
    mean, n, gaps = _mean(scores)
    lowest, highest = np.fmin.reduce(scores, axis=0), np.fmax.reduce(scores, axis=0)
    # rounding must not carry the mean of equal scores beyond them
    np.clip(mean, lowest, highest, out=mean)
    deviations = scores - mean
    np.copyto(deviations, 0.0, where=gaps)
    squares = np.square(deviations, out=deviations).sum(axis=0)
    squares[is_rounding(highest - lowest, np.maximum(np.abs(lowest), np.abs(highest)))] = 0.0
    variance = np.divide(squares, n - 1, out=np.full(n.shape, np.nan), where=n > 1)
    return mean, np.sqrt(variance), lowest, highest, n


@frozen(kw_only=True, eq=False)
class _Items:
    """How item means follow from sums Z of n answers about the midpoint: (factor Z + offset n)/(divisor n).

    Whole numbers until the division, so that 55 % is not 55.00000001; the factor of a reversed item is negative.
    """

    midpoint: float
    factor: FloatArray
    offset: float
    divisor: float
    member: FloatArray

    @classmethod
    def of(cls, instrument: Instrument, metric: Metric) -> _Items:
        scale = instrument.scale
        units = 100.0 if metric == "pomp" else 1.0
        return cls(
            midpoint=scale.midpoint,
            factor=np.array([-units if item.reverse else units for item in instrument.items]),
            offset=units * (scale.midpoint - scale.low if metric == "pomp" else scale.midpoint),
            divisor=float(scale.high - scale.low) if metric == "pomp" else 1.0,
            member=(instrument.keys() != 0).astype(np.float64),
        )

    def moments(self, answers: FloatArray) -> tuple[FloatArray, IntArray, FloatArray]:
        """Return mean and count (b, k), and the mean variance of dimensions (b, d), of the answers of cells (m, b, k).

        Without an answer 0/0 is the NaN that is wanted.
        """
        gaps = np.isnan(answers)
        n = _known(gaps)
        centred = answers - self.midpoint
        np.copyto(centred, 0.0, where=gaps)
        sums = centred.sum(axis=0)
        raters = n.astype(np.float64)
        variance = np.full((len(n), self.member.shape[1]), np.nan)
        if len(answers) > 1:
            self._mean_variance(sums, np.square(centred, out=centred).sum(axis=0), raters, variance)
        sums *= self.factor
        sums += self.offset * raters
        raters *= self.divisor
        with np.errstate(invalid="ignore"):
            return np.divide(sums, raters, out=sums), n, variance

    def _mean_variance(self, sums: FloatArray, squares: FloatArray, n: FloatArray, out: FloatArray) -> None:
        """Average the variances of a dimension's items with two answers; an item with one has no squares within."""
        within = squares - sums * sums / np.maximum(n, 1.0)
        n_items = (n > 1) @ self.member
        variances = zero_if_rounding(within, squares) / np.maximum(n - 1, 1.0)
        np.divide(variances @ self.member, n_items, out=out, where=n_items > 0)
