"""What the moments of k items say: means, variances, covariances, correlations."""

from __future__ import annotations

import numpy as np

from leadkit._fields import sealed
from leadkit.stats._arrays import zero_if_rounding
from leadkit.stats._base import Result
from leadkit.typing import BoolArray, FloatArray, IntArray


class ItemEstimates(Result):
    """The statistics of `ItemMoments`, worked out when they are asked for."""

    __slots__ = ()

    items: tuple[str, ...]
    counts: IntArray
    sums: FloatArray
    products: FloatArray
    centre: FloatArray

    @property
    def n_items(self) -> int:
        """Number of items, k."""
        return len(self.items)

    @property
    def n_answered(self) -> IntArray:
        """Answers to each item, (k,)."""
        return sealed(self.counts.diagonal().copy())

    @property
    def means(self) -> FloatArray:
        """Mean of each item, (k,); NaN without an answer."""
        with np.errstate(all="ignore"):
            return sealed(self.centre + self.sums.diagonal() / self.counts.diagonal())

    @property
    def variances(self) -> FloatArray:
        """Variance of each item with divisor n - 1, (k,); NaN below two answers."""
        return sealed(self.covariance.diagonal().copy())

    @property
    def is_constant(self) -> BoolArray:
        """Whether each item has the same answer from everybody who gave one, but for rounding, (k,)."""
        squares = self.products.diagonal()
        with np.errstate(all="ignore"):
            deviations = squares - self.sums.diagonal() ** 2 / self.counts.diagonal()
        return sealed(zero_if_rounding(deviations, squares) == 0)

    @property
    def covariance(self) -> FloatArray:
        """Covariances over the rows that answer both items, (k, k); NaN below two such rows.

        A variance that is rounding of the mean square about the centre is 0, and so are its covariances.
        """
        with np.errstate(all="ignore"):
            result = (self.products - self.sums * self.sums.T / self.counts) / (self.counts - 1)
        result[np.logical_or.outer(self.is_constant, self.is_constant)] = 0.0
        result[self.counts < 2] = np.nan
        return sealed(result)

    @property
    def correlation(self) -> FloatArray:
        """Covariance over the two items' own standard deviations, (k, k); NaN where one of them is 0."""
        covariance = self.covariance
        sd = np.sqrt(covariance.diagonal())
        with np.errstate(all="ignore"):
            result = covariance / np.multiply.outer(sd, sd)
        np.fill_diagonal(result, np.where(sd > 0, 1.0, np.nan))
        return sealed(result)

    @property
    def total_variance(self) -> float:
        """Variance of the sum of the items; NaN where a covariance is, 0 where it is rounding or below."""
        return float(zero_if_rounding(self.covariance.sum(), self.total_mean_square))

    @property
    def total_mean_square(self) -> float:
        """Size of the terms that make up the variance of the sum, beside which rounding is judged."""
        with np.errstate(all="ignore"):
            return float(np.abs(self.products / self.counts).sum())
