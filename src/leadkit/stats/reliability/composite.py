"""The covariances of items and of their sum, from which every coefficient here is worked out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from attrs import frozen
from numpy.typing import ArrayLike

from leadkit.stats._arrays import check_word, zero_if_rounding
from leadkit.stats.moments import ItemMoments
from leadkit.stats.moments.checks import MISSING
from leadkit.stats.moments.items import Missing
from leadkit.typing import FloatArray

SINGULAR = 1e-12


@frozen(kw_only=True)
class Composite:
    """A sum of k items: covariances (k, k), their diagonal, row sums and total, and what is doubtful about them."""

    moments: ItemMoments
    covariance: FloatArray
    variances: FloatArray
    row_sums: FloatArray
    total: float
    flags: tuple[str, ...]

    @property
    def n_items(self) -> int:
        """Number of items, k."""
        return self.moments.n_items

    @property
    def n_used(self) -> int:
        """Rows that count: the complete ones under listwise deletion, else all."""
        return self.moments.n_complete if self.moments.missing == "listwise" else self.moments.n_rows

    def without_each_item(self) -> FloatArray:
        """Variance of the sum of all other items, (k,)."""
        rest = self.total - 2 * self.row_sums + self.variances
        return zero_if_rounding(rest, self.moments.total_mean_square)


def composite(
    x: ArrayLike | ItemMoments,
    *,
    missing: Missing,
    items: Sequence[str] | None = None,
    bounds: tuple[float, float] | None = None,
) -> Composite:
    """Reduce answers, or take the moments as they are, and work out the covariances of the sum."""
    check_word(missing, "missing", MISSING)
    if isinstance(x, ItemMoments):
        moments = x
    else:
        moments = ItemMoments.from_array(x, items=items, bounds=bounds, missing=missing)
    covariance = moments.covariance
    variances = covariance.diagonal()
    total = moments.total_variance
    return Composite(
        moments=moments,
        covariance=covariance,
        variances=variances,
        row_sums=covariance.sum(axis=1),
        total=total,
        flags=tuple(_doubts(moments, variances, total)),
    )


def squared_multiple_correlations(correlation: FloatArray) -> FloatArray:
    """Share of each item's variance that the other items explain, (k,); NaN unless R is positive definite."""
    undefined = np.full(len(correlation), np.nan)
    if not np.isfinite(correlation).all():
        return undefined
    eigenvalues = np.linalg.eigvalsh(correlation)
    if eigenvalues[0] <= SINGULAR * eigenvalues[-1]:
        return undefined
    return 1 - 1 / np.linalg.inv(correlation).diagonal()


def _doubts(moments: ItemMoments, variances: FloatArray, total: float) -> Iterator[str]:
    listwise = moments.missing == "listwise"
    n_used = moments.n_complete if listwise else moments.n_rows
    fewest = int(moments.counts.min())
    if moments.n_items == 1:
        yield "single_item"
    if n_used < 2 or (moments.n_items == 1 and fewest < 2):
        yield "too_few_rows"
    elif fewest < 2:
        yield "too_few_pairs"
    if (variances == 0).any():
        yield "constant_item"
    if total == 0:
        yield "no_variance"
    if listwise and moments.n_complete < moments.n_rows:
        yield "rows_dropped"
