"""One-way variance of a grouped value: its sums of squares, and its components by restricted maximum likelihood."""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence

import numpy as np
from attrs import evolve, frozen
from numpy.typing import ArrayLike

from leadkit.stats._arrays import ROUNDING, vector
from leadkit.stats.moments import GroupMoments
from leadkit.stats.variance.rounding import beyond_rounding
from leadkit.typing import FloatArray

GRID_POINTS = 64


@frozen(kw_only=True, eq=False)
class GroupedValues:
    """A value within groups, as its distance from an origin, so that a large offset costs no digit.

    `moments` are those of the value less `origin`; `n` and `mean` are theirs where a group has values.
    """

    moments: GroupMoments
    origin: float
    n_rows: int
    n: FloatArray
    mean: FloatArray
    sum_squares_between: float
    sum_squares_within: float

    @classmethod
    def of(cls, y: ArrayLike | GroupMoments, groups: ArrayLike | Sequence[Hashable] | None) -> GroupedValues:
        """Take values with their groups, or moments that hold both."""
        moments, origin, n_rows = _moments(y, groups)
        some = moments.n > 0
        n, mean = moments.n[some].astype(np.float64), moments.mean[some]
        total, within = float(n.sum()), float(moments.sum_squares.sum())
        between = float(n @ (mean - n @ mean / total) ** 2) if n.size > 1 else 0.0
        largest = float(np.abs(mean + origin).max(initial=0.0))
        kept = [beyond_rounding(part, of=between + within, n=total, largest=largest) for part in (between, within)]
        return cls(
            moments=moments,
            origin=origin,
            n_rows=n_rows,
            n=n,
            mean=mean,
            sum_squares_between=kept[0],
            sum_squares_within=kept[1],
        )

    @property
    def n_groups(self) -> int:
        """Number of groups with a value."""
        return self.n.size

    @property
    def n_used(self) -> int:
        """Number of values."""
        return int(self.n.sum())

    @property
    def flags(self) -> set[str]:
        """What keeps the variance from being split."""
        found = set()
        if self.n_used < self.n_rows:
            found.add("rows_dropped")
        if self.n_used == 0:
            found.add("too_few_rows")
        elif self.n_groups < 2:
            found.add("single_group")
        if 0 < self.n_used == self.n_groups:
            found.add("no_replication")
        elif self.n_used > 0 and self.sum_squares_within == 0:
            found.add("perfect_consistency" if self.sum_squares_between > 0 else "no_variance")
        return found


@frozen(kw_only=True, eq=False)
class OneWayComponents:
    """Variance between groups and within them, and the mean of groups with its standard error."""

    tau2: float
    sigma2: float
    grand_mean: float
    grand_mean_standard_error: float

    @property
    def icc1(self) -> float:
        """Share of the variance that lies between groups."""
        total = self.tau2 + self.sigma2
        return self.tau2 / total if total > 0 else math.nan


def one_way_components(values: GroupedValues) -> OneWayComponents:
    """Estimate the components by restricted maximum likelihood from sizes, means and squares within alone.

    With l = tau2 / sigma2 and w_j = n_j / (1 + l n_j), (N - 1) log s2 + sum log(1 + l n_j) + log sum w is minimised,
    where s2 = (SSW + sum w (m - mu)^2) / (N - 1) and mu = sum w m / sum w. What cannot be told is NaN.
    """
    if values.n_groups == 0:
        return OneWayComponents(tau2=math.nan, sigma2=math.nan, grand_mean=math.nan, grand_mean_standard_error=math.nan)
    within, between = values.sum_squares_within, values.sum_squares_between
    n_used, n_groups = values.n_used, values.n_groups
    if n_groups in {1, n_used}:
        sigma2 = within / (n_used - 1) if n_used > n_groups else math.nan
        mean = float(values.mean.mean()) + values.origin
        return OneWayComponents(tau2=math.nan, sigma2=sigma2, grand_mean=mean, grand_mean_standard_error=math.nan)
    if within == 0:
        # the likelihood rises without end as sigma2 falls to 0, where every group counts the same
        tau2 = float(values.mean.var(ddof=1)) if between > 0 else 0.0
        mean = float(values.mean.mean()) + values.origin
        error = math.sqrt(tau2 / n_groups)
        return OneWayComponents(tau2=tau2, sigma2=0.0, grand_mean=mean, grand_mean_standard_error=error)
    likelihood = _Likelihood.of(values)
    ratio = likelihood.best_ratio() if between > 0 else 0.0
    weights, centre, squares = likelihood.fit(np.array([ratio]))
    sigma2 = float(squares[0]) / (n_used - 1)
    return OneWayComponents(
        tau2=ratio * sigma2,
        sigma2=sigma2,
        grand_mean=float(centre[0]) + values.origin,
        grand_mean_standard_error=math.sqrt(sigma2 / float(weights[0].sum())),
    )


@frozen(kw_only=True, eq=False)
class _Likelihood:
    """The restricted likelihood as a function of l; groups of one size count together, so a step costs little."""

    sizes: FloatArray
    counts: FloatArray
    means: FloatArray
    scatter: FloatArray
    within: float
    n_used: int

    @classmethod
    def of(cls, values: GroupedValues) -> _Likelihood:
        sizes, places = np.unique(values.n, return_inverse=True)
        counts = np.bincount(places).astype(np.float64)
        means = np.bincount(places, weights=values.mean) / counts
        scatter = np.bincount(places, weights=(values.mean - means[places]) ** 2).astype(np.float64)
        return cls(
            sizes=sizes,
            counts=counts,
            means=means,
            scatter=scatter,
            within=values.sum_squares_within,
            n_used=values.n_used,
        )

    def fit(self, ratio: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Return summed weights by size `(g, s)`, mean `(g,)` and squares `(g,)` for each l of `(g,)`."""
        each = self._weights(ratio)
        weights = self.counts * each
        mean = weights @ self.means / weights.sum(axis=1)
        squares = self.within + (each * self._squares(mean)).sum(axis=1)
        return weights, mean, squares

    def deviance(self, ratio: FloatArray) -> FloatArray:
        """Return minus twice the restricted log-likelihood, less a constant, at each l."""
        weights, _, squares = self.fit(ratio)
        spread = np.log1p(ratio[:, None] * self.sizes) @ self.counts
        return np.asarray((self.n_used - 1) * np.log(squares) + spread + np.log(weights.sum(axis=1)))

    def slope(self, ratio: FloatArray) -> FloatArray:
        """Return the derivative of the deviance at each l."""
        each = self._weights(ratio)
        weights, mean, squares = self.fit(ratio)
        total = weights.sum(axis=1)
        fall = (self.n_used - 1) * (each**2 * self._squares(mean)).sum(axis=1) / squares
        return np.asarray(total - (weights * each).sum(axis=1) / total - fall)

    def best_ratio(self) -> float:
        """Find the l of least deviance among 0 and every place where the slope turns from falling to rising."""
        from scipy.optimize import brentq

        grid = self._grid()
        slopes = self.slope(grid)
        valleys = np.flatnonzero((slopes[:-1] < 0) & (slopes[1:] >= 0))
        found = [
            brentq(lambda ratio: float(self.slope(np.array([ratio]))[0]), grid[i], grid[i + 1], xtol=1e-300)
            for i in valleys
        ]
        candidates = np.array([0.0, *found])
        best = float(candidates[np.argmin(self.deviance(candidates))])
        return best if best > ROUNDING else 0.0

    def _weights(self, ratio: FloatArray) -> FloatArray:
        return self.sizes / (1 + ratio[:, None] * self.sizes)

    def _squares(self, mean: FloatArray) -> FloatArray:
        return self.scatter + self.counts * (self.means - mean[:, None]) ** 2

    def _grid(self) -> FloatArray:
        """Spread values of l from 0 to where the slope must be positive.

        For l >= 1 every w lies in [1 / (1 + l), 1 / l], so the slope is at least (G - 1) / (4 l) - (N - 1) S / (l^2
        SSW), where S is the sum of squares of the means.
        """
        n_groups = self.counts.sum()
        centre = self.counts @ self.means / n_groups
        scatter = self.scatter.sum() + self.counts @ (self.means - centre) ** 2
        highest = 2 + 8 * (self.n_used - 1) * scatter / ((n_groups - 1) * self.within)
        return np.concatenate([[0.0], np.geomspace(1e-6 / self.sizes[-1], highest, GRID_POINTS)])


def _moments(
    y: ArrayLike | GroupMoments, groups: ArrayLike | Sequence[Hashable] | None
) -> tuple[GroupMoments, float, int]:
    """Return the moments of the value less an origin, the origin, and the number of rows."""
    if isinstance(y, GroupMoments):
        if groups is not None:
            msg = "groups: expected none beside GroupMoments, which hold their own"
            raise ValueError(msg)
        origin = _lowest(y.mean)
        return evolve(y, mean=y.mean - origin), origin, int(y.n.sum())
    if groups is None:
        msg = "groups: expected a label for each value of y, got none"
        raise ValueError(msg)
    values = vector(y, "y")
    origin = _lowest(values)
    return GroupMoments.from_arrays(values - origin, groups), origin, values.size


def _lowest(values: FloatArray) -> float:
    return float(np.fmin.reduce(values)) if not np.isnan(values).all() else 0.0
