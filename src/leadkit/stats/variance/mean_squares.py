"""Mean squares of targets by raters, and the intraclass correlations with intervals that they give."""

from __future__ import annotations

import math

import numpy as np
from attrs import frozen

from leadkit.stats.variance.rounding import beyond_rounding, excess
from leadkit.typing import FloatArray

FORMS = ("ICC(1,1)", "ICC(2,1)", "ICC(3,1)", "ICC(1,k)", "ICC(2,k)", "ICC(3,k)")
MCGRAW_WONG = ("ICC(1)", "ICC(A,1)", "ICC(C,1)", "ICC(k)", "ICC(A,k)", "ICC(C,k)")


@frozen(kw_only=True, eq=False)
class MeanSquares:
    """Mean squares of n targets by k raters: targets R, raters C, error E, within targets W; NaN where undefined."""

    n: int
    k: int
    targets: float
    raters: float
    error: float
    within: float
    df_within: int
    df_error: int

    @classmethod
    def of(cls, table: FloatArray) -> MeanSquares:
        """Analyse a table without gaps, `(n, k)`."""
        n, k = table.shape
        df_error = max(n - 1, 0) * (k - 1)
        if n == 0:
            return cls(
                n=0, k=k, targets=math.nan, raters=math.nan, error=math.nan, within=math.nan, df_within=0, df_error=0
            )
        near = table - table.min()
        near -= near.mean()
        rows, columns = near.mean(axis=1), near.mean(axis=0)
        rest = near - rows[:, None] - columns
        parts = [float(k * rows @ rows), float(n * columns @ columns), float(np.vdot(rest, rest))]
        largest = float(max(table.max(), -table.min()))
        targets, raters, error = (beyond_rounding(part, of=sum(parts), n=table.size, largest=largest) for part in parts)
        return cls(
            n=n,
            k=k,
            targets=_over(targets, n - 1),
            raters=_over(raters, k - 1),
            error=_over(error, df_error),
            within=_over(raters + error, n * (k - 1)),
            df_within=n * (k - 1),
            df_error=df_error,
        )

    @classmethod
    def from_components(
        cls, *, target: float, rater: float, residual: float, n: int, k: int, n_cells: int
    ) -> MeanSquares:
        """Give the mean squares that n full rows of k raters would have under these components of variance."""
        return cls(
            n=n,
            k=k,
            targets=k * target + residual,
            raters=n * rater + residual,
            error=residual,
            within=rater + residual,
            df_within=max(n_cells - n, 0),
            df_error=max(n_cells - n - k + 1, 0),
        )

    def estimates(self) -> FloatArray:
        """Return the six forms, single ratings first; NaN where the divisor is not above 0."""
        n, k, r, e, w = self.n, self.k, self.targets, self.error, self.within
        of_raters = excess(self.raters, e) / n if n else math.nan
        one_way, two_way = excess(r, w), excess(r, e)
        return np.array(
            [
                _over(one_way, r + (k - 1) * w),
                _over(two_way, r + (k - 1) * e + k * of_raters),
                _over(two_way, r + (k - 1) * e),
                _over(one_way, r),
                _over(two_way, r + of_raters),
                _over(two_way, r),
            ]
        )

    def tests(self) -> tuple[FloatArray, FloatArray]:
        """Return F of "no variance between targets" and its p-value, a form each; NaN without error variance."""
        from scipy.special import fdtrc

        one_way, two_way = _over(self.targets, self.within), _over(self.targets, self.error)
        p_one, p_two = (
            float(fdtrc(self.n - 1, df, f)) if df > 0 and math.isfinite(f) else math.nan
            for df, f in ((self.df_within, one_way), (self.df_error, two_way))
        )
        return np.array([one_way, two_way, two_way] * 2), np.array([p_one, p_two, p_two] * 2)

    def intervals(self, level: float) -> tuple[FloatArray, FloatArray]:
        """Return the lower and upper limits of the six forms; both NaN where one is undefined."""
        tails = np.array([(1 + level) / 2, (1 - level) / 2])
        one_way = self._of_ratio(self.within, self.df_within, tails)
        consistency = self._of_ratio(self.error, self.df_error, tails)
        agreement = self._of_agreement(tails)
        pairs = [one_way[0], agreement[0], consistency[0], one_way[1], agreement[1], consistency[1]]
        low, high = np.array([pair if np.isfinite(pair).all() else (math.nan, math.nan) for pair in pairs]).T
        return low, high

    def _of_ratio(self, error: float, df: int, tails: FloatArray) -> list[FloatArray]:
        """Return limits `(2,)` of a single rating and of the mean of k, from F = R / `error`."""
        quantiles = self._quantiles(df if error > 0 else math.nan, tails)
        r, k, scaled = self.targets, self.k, quantiles * error
        average = 1 - scaled / r if r > 0 else np.full(2, np.nan)
        return [(r - scaled) / (r + (k - 1) * scaled), average]

    def _of_agreement(self, tails: FloatArray) -> list[FloatArray]:
        """Return the same with raters at random, by Satterthwaite's degrees of freedom (McGraw and Wong, table 7)."""
        n, k, r, c, e = self.n, self.k, self.targets, self.raters, self.error
        rho = float(self.estimates()[1])
        of_raters, of_error = k * rho * c, (n * (1 + (k - 1) * rho) - k * rho) * e
        spread = _over(of_raters**2, k - 1) + _over(of_error**2, self.df_error)
        quantiles = self._quantiles(_over((of_raters + of_error) ** 2, spread), tails)
        single = n * (r - quantiles * e) / (quantiles * (k * c + (k * n - k - n) * e) + n * r)
        if not single[0] <= rho <= single[1]:
            # Satterthwaite's approximation breaks down below 0, where the limits may cross or leave the estimate out
            single = np.full(2, np.nan)
        divisor = 1 + (k - 1) * single
        average = np.divide(k * single, divisor, out=np.full(2, np.nan), where=divisor > 0)
        return [single, average]

    def _quantiles(self, df: float, tails: FloatArray) -> FloatArray:
        """Return quantiles of F with n - 1 and `df` degrees of freedom; NaN where there are none."""
        from scipy.special import fdtri

        if self.n < 2 or not df > 0:
            return np.full(2, np.nan)
        found = np.asarray(fdtri(self.n - 1, df, tails))
        return np.where(np.isfinite(found), found, np.nan)


def _over(part: float, whole: float) -> float:
    return part / whole if whole > 0 else math.nan
