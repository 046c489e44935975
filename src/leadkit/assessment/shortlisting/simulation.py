"""How sure an order is: values drawn again with their errors, ranked anew in every draw."""

from __future__ import annotations

import math
from functools import partial
from typing import NamedTuple

import numpy as np
from attrs import frozen

from leadkit._fields import sealed
from leadkit.assessment.shortlisting.ranking import Field, mid_rank, tie_classes
from leadkit.stats._replicates import in_order, replicate_seeds
from leadkit.typing import Executor, FloatArray, IntArray, Progress, RNGLike

__all__ = ["Certainty", "simulate", "unknown_certainty"]

CELLS_PER_BLOCK = 2**16
LOW_PERCENT, HIGH_PERCENT = 5, 95


class Certainty(NamedTuple):
    """How sure the places are of the n candidates in the order of `Field`."""

    p_top_k: FloatArray
    rank_low: FloatArray
    rank_high: FloatArray
    p_first_above_second: float


@frozen(eq=False)
class Sampler:
    """Draws values of candidates; `draw` gives a block of draws, shape (size, n)."""

    standing: Field
    errors: FloatArray

    def draw(self, size: int, rng: np.random.Generator) -> FloatArray:
        """Draw every value of every candidate `size` times and give the weighted means."""
        return self._linear(size, rng) if self.standing.normalise == "min_max" else self._by_percentile(size, rng)

    def _linear(self, size: int, rng: np.random.Generator) -> FloatArray:
        """Draw the weighted means themselves: a weighted sum of normal errors is normal."""
        shares, live = self.standing.shares, self.standing.live
        means = (self.standing.normalised() * shares).sum(axis=1)
        parts = self.errors[:, live] * (shares[live] / self.standing.ranges[live])
        spread = np.sqrt((parts**2).sum(axis=1))
        drawn: FloatArray = means + spread * rng.standard_normal((size, len(means)))
        return drawn

    def _by_percentile(self, size: int, rng: np.random.Generator) -> FloatArray:
        values, shares = self.standing.values, self.standing.shares
        means = np.full((size, len(values)), 0.5 * float(shares[self.standing.constant].sum()))
        for j in self.standing.live:
            drawn = values[:, j] + self.errors[:, j] * rng.standard_normal(means.shape)
            means += shares[j] * mid_rank(drawn, np.sort(values[:, j]))
        return means


def simulate(
    standing: Field,
    *,
    order: IntArray,
    k: int,
    rng: RNGLike,
    n_draws: int,
    executor: Executor | None,
    progress: Progress | None = None,
) -> Certainty:
    """Draw all values again and count who comes where.

    Draws come in blocks with a seed each, so that the answer does not depend on who computes them.

    Parameters
    ----------
    standing : Field
        The candidates, with errors.
    order : int array, shape (n,)
        Their observed order, best first.
    """
    n = len(order)
    errors = standing.errors
    per_block = max(1, CELLS_PER_BLOCK // max(1, n))
    sizes = [min(per_block, n_draws - start) for start in range(0, n_draws, per_block)]
    seeds = replicate_seeds(rng, len(sizes))
    if errors is None or not n or np.isnan(errors[:, standing.live]).any():
        return unknown_certainty(n)
    work = partial(_ranks_of_block, Sampler(standing, errors))
    ranks = np.concatenate(in_order(work, seeds, sizes, executor=executor, progress=progress))
    first_is_above = ranks[:, order[0]] < ranks[:, order[1]] if n > 1 else np.array([math.nan])
    top = np.count_nonzero(ranks <= k, axis=0) / n_draws
    low, high = (-(-percent * n_draws // 100) - 1 for percent in (LOW_PERCENT, HIGH_PERCENT))
    sorted_ranks = np.partition(ranks, sorted({low, high}), axis=0)
    return Certainty(
        p_top_k=sealed(top),
        rank_low=sealed(sorted_ranks[low].astype(np.float64)),
        rank_high=sealed(sorted_ranks[high].astype(np.float64)),
        p_first_above_second=float(first_is_above.mean()),
    )


def unknown_certainty(n: int) -> Certainty:
    """Give NaN for everybody."""
    gaps = sealed(np.full(n, np.nan))
    return Certainty(gaps, gaps, gaps, math.nan)


def _ranks_of_block(sampler: Sampler, seed: np.random.SeedSequence, size: int) -> IntArray:
    """Rank a block of draws from 1 on, shape (size, n); equal values are ordered at random."""
    rng = np.random.default_rng(seed)
    classes = tie_classes(sampler.draw(size, rng))
    n = classes.shape[1]
    if (classes.max(axis=1) < n - 1).any():
        order = np.argsort(classes + rng.random(classes.shape), axis=1)
        np.put_along_axis(classes, order, np.arange(n)[None, :], axis=1)
    ranks: IntArray = (classes + 1).astype(np.min_scalar_type(n))
    return ranks
