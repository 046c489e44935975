"""The equations of a two-way crossed random-effects model, dense in the short side only."""

from __future__ import annotations

from typing import Any

import numpy as np
from attrs import frozen

from leadkit.stats.variance.crossed_design import CrossedDesign
from leadkit.typing import FloatArray

SMALL_EFFECT = 1e-3


@frozen(kw_only=True, eq=False)
class Projection:
    """P f of a vector f that is constant within cells: what is left of it without mean and predicted effects.

    `mean` is the generalised least-squares mean, `long` (p,) and `short` (q,) are A'Pf and B'Pf, which times the ratio
    of their side are the predicted effects; `residual` (c,) is P f, cell by cell.
    """

    mean: float
    long: FloatArray
    short: FloatArray
    residual: FloatArray


@frozen(kw_only=True, eq=False)
class CrossedSystem:
    """The covariance of the scores, at fixed ratios a, b of the long and the short variance to the residual one.

    The covariance is H = I + a A A' + b B B' in units of the residual variance, with A, B the indicators of the levels.
    With U = (I + a A'A)^-1, C = A'B and K = B'B - a C'UC all of size n or p is eliminated in closed form, and only
    R = (I + b K)^-1 is dense. P = H^-1 - H^-1 1 1'H^-1 / 1'H^-1 1 takes out the mean.

    Parameters
    ----------
    design : CrossedDesign
        The scores.
    ratios : (2,) array
        a and b, at least 0.
    shrinkage : (p,) array
        Diagonal of U.
    inner, kernel : (q, q) array
        R, and K R = B'H^-1 B.
    long_ones, short_ones : (p,), (q,) array
        A'H^-1 1 and B'H^-1 1.
    total : float
        1'H^-1 1.
    log_determinant : float
        Logarithm of the determinant of H.
    """

    design: CrossedDesign
    ratios: FloatArray
    shrinkage: FloatArray
    inner: FloatArray
    kernel: FloatArray
    long_ones: FloatArray
    short_ones: FloatArray
    total: float
    log_determinant: float

    def project(self, values: FloatArray) -> Projection:
        """Solve for a vector with one value (c,) a cell."""
        design, (a, b), u = self.design, self.ratios, self.shrinkage
        sums = design.long_sums(values)
        solved = self.inner @ design.short_sums(values - (a * u * sums)[design.long])
        mean = float(solved.sum()) / self.total
        short = solved - mean * self.short_ones
        long = u * (sums - mean * design.long_counts - b * (design.table @ short))
        residual = values - mean - a * long[design.long] - b * short[design.short]
        return Projection(mean=mean, long=long, short=short, residual=residual)

    def traces(self) -> tuple[FloatArray, FloatArray]:
        """tr(P X) (2,) and tr(P X P Y) (2, 2) for X and Y among AA' and BB'."""
        design, u, r, b, h = self.design, self.shrinkage, self.inner, float(self.ratios[1]), self.total
        n, one, other = design.long_counts, self.long_ones, self.short_ones
        second, third = design.crossproduct(u**2), design.crossproduct(n * u**3)
        weighted = second @ r
        passed = design.transposed @ (u * one)
        long = (n * u).sum() - b * (second * r).sum() - one @ one / h
        short = np.trace(self.kernel) - other @ other / h
        long_long = (
            ((n * u) ** 2).sum()
            - 2 * b * (r * third).sum()
            + b**2 * (weighted * weighted.T).sum()
            - 2 * ((n * u) @ one**2 - b * passed @ r @ passed) / h
            + (one @ one / h) ** 2
        )
        long_short = (weighted * r).sum() - 2 * passed @ r @ other / h + (one @ one) * (other @ other) / h**2
        short_short = (self.kernel**2).sum() - 2 * other @ self.kernel @ other / h + (other @ other / h) ** 2
        return np.array([long, short]), np.array([[long_long, long_short], [long_short, short_short]])

    def prediction_variances(self) -> tuple[FloatArray, FloatArray]:
        """Variance (p,), (q,) of each predicted effect about the true one, in units of the residual variance."""
        a, b = self.ratios
        u = self.shrinkage
        long = a * u + a**2 * (b * u**2 * self.design.row_forms(self.inner) + self.long_ones**2 / self.total)
        return long, b * np.diag(self.inner) + b**2 * self.short_ones**2 / self.total


def crossed_system(design: CrossedDesign, ratios: FloatArray) -> CrossedSystem:
    """Set up and factorise the equations at given ratios."""
    from scipy.linalg import get_lapack_funcs

    routines: Any = get_lapack_funcs(("potrf", "potri"), dtype=np.float64)
    potrf, potri = routines
    a, b = ratios
    u = 1 / (1 + a * design.long_counts)
    kernel = np.diag(design.short_counts) - a * design.crossproduct(u)
    identity = np.eye(len(kernel))
    factor, _ = potrf(identity + b * kernel, lower=True)
    triangle, _ = potri(factor, lower=True)
    inner = np.tril(triangle) + np.tril(triangle, -1).T
    # the difference costs less than the product, and digits where b is small
    is_small = b * design.mean_counts[1] < SMALL_EFFECT
    ones = inner @ (design.transposed @ u)
    return CrossedSystem(
        design=design,
        ratios=ratios,
        shrinkage=u,
        inner=inner,
        kernel=kernel @ inner if is_small else (identity - inner) / b,
        long_ones=u * (design.table @ inner.sum(axis=1)),
        short_ones=ones,
        total=float(ones.sum()),
        log_determinant=float(2 * np.log(np.diag(factor)).sum() - np.log(u).sum()),
    )
