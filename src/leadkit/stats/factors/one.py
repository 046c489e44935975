"""McDonald's omega: the reliability of a sum of items that share one factor."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import ClassVar

import numpy as np
from attrs import field, frozen
from numpy.typing import ArrayLike

from leadkit._fields import as_float, float_array
from leadkit.stats._base import TableResult
from leadkit.stats.factors.correlations import Correlations, correlations, doubts
from leadkit.stats.factors.likelihood import LEAST_UNIQUENESS, fit_one_factor
from leadkit.stats.flags import sorted_flags
from leadkit.stats.moments.items import Missing
from leadkit.typing import FloatArray

FEWEST_ITEMS = 3
EXACT_FIT = 1e-12


@frozen(kw_only=True, eq=False)
class Omega(TableResult):
    """Reliability of a sum of items from one factor, with the fit of that factor; one row an item.

    Parameters
    ----------
    omega : float
        Share of the variance of the sum, as the model implies it, that the factor explains, in [0, 1]; NaN where
        `flags` say why, as is all that follows.
    omega_observed : float
        The same against the observed variance of the sum; at least 0.
    items : tuple of str
        Item names, (k,).
    loadings : (k,) array
        Loadings in the units of the items; their sum is not negative.
    uniquenesses : (k,) array
        Variances that the factor does not explain; at least 1e-4 of the item's variance.
    chi2 : float
        Likelihood ratio statistic of the model, at least 0.
    cfi : float
        Comparative fit index, in [0, 1].
    rmsea : float
        Root mean square error of approximation; without degrees of freedom 0 for an exact fit and NaN for another.
    srmr : float
        Standardised root mean square residual.
    df : int
        Degrees of freedom, k (k - 3) / 2; below 0 for fewer than three items.
    n : int
        Rows used.
    n_rows : int
        All rows.
    fit_n : float
        N of `chi2` and `rmsea`: the rows used, or the harmonic mean of the pair counts under "pairwise".
    n_items : int
        Number of items, k.
    estimator : str
        "ml", maximum likelihood for normal answers.
    converged : bool
        Whether the estimates were found.
    missing : {"pairwise", "listwise"}
        What was done about missing answers.
    flags : tuple of str
        What is doubtful, words of `FLAGS`.
    """

    _columns: ClassVar[Mapping[str, str]] = {"items": "item", "loadings": "loading", "uniquenesses": "uniqueness"}

    omega: float = field(converter=as_float)
    omega_observed: float = field(converter=as_float)
    items: tuple[str, ...]
    loadings: FloatArray = field(converter=float_array)
    uniquenesses: FloatArray = field(converter=float_array)
    chi2: float = field(converter=as_float)
    cfi: float = field(converter=as_float)
    rmsea: float = field(converter=as_float)
    srmr: float = field(converter=as_float)
    df: int
    n: int
    n_rows: int
    fit_n: float = field(converter=as_float)
    n_items: int
    estimator: str
    converged: bool
    missing: str
    flags: tuple[str, ...] = field(default=(), converter=sorted_flags)


def omega(x: ArrayLike, *, missing: Missing = "listwise", items: Sequence[str] | None = None) -> Omega:
    """Estimate the reliability of a sum of items that share one factor.

    One factor is fitted to the covariances S (divisor N) by maximum likelihood: Sigma = l l' + diag(theta) minimises
    F = log|Sigma| + tr(S Sigma^-1) - log|S| - k. With L the sum of the loadings, omega = L^2 / (L^2 + sum theta)
    [1]_ [2]_ [3]_, and `omega_observed` = L^2 / 1'S1. chi2 = N F, `rmsea` = sqrt(max(chi2 - df, 0) / (df N)), `cfi`
    compares with the model of uncorrelated items, and `srmr` is the root mean square of
    (S - Sigma)_ij / sqrt(s_ii s_jj) over i >= j.

    Parameters
    ----------
    x : (n, k) array-like
        Answers, a row a person, all keyed the same way; NaN, None or masked is missing.
    missing : {"pairwise", "listwise"}
        Use every pair of answers, or complete rows only. The fit indices are approximate under "pairwise".
    items : sequence of str, optional
        Item names, (k,); `item1`, `item2`, ... by default.

    Returns
    -------
    Omega
        Omega, the factor and its fit. NaN with `underidentified` (fewer than three items), `singular_covariance`
        (a constant or repeated item, no more rows than items), `too_few_rows` or `too_few_pairs`. `heywood` (a
        uniqueness at its bound) and `not_converged` leave the values as they are.

    Raises
    ------
    ValueError
        `x` is not a table of real finite numbers, `items` does not fit it, or `missing` is another word.

    References
    ----------
    .. [1] R. P. McDonald, "Test Theory: A Unified Treatment", Erlbaum, 1999.
    .. [2] K. A. Bollen, "Issues in the comparative measurement of political democracy", American Sociological Review
       45, 1980.
    .. [3] T. Raykov, "Estimation of composite reliability for congeneric measures", Applied Psychological Measurement
       21, 1997.

    Examples
    --------
    >>> answers = [[1, 2, 1], [2, 1, 3], [3, 4, 2], [4, 3, 5], [5, 5, 4], [2, 3, 3]]
    >>> result = omega(answers)
    >>> round(result.omega, 4)
    0.8903
    >>> result.loadings.round(3).tolist()
    [1.344, 0.992, 0.992]
    """
    given = correlations(x, missing=missing, items=items)
    flags = set(given.flags)
    if given.n_items < FEWEST_ITEMS:
        flags.add("underidentified")
    if flags & {"underidentified", "singular_covariance", "too_few_rows", "too_few_pairs"}:
        return _undefined(given, missing, flags)
    best, model = fit_one_factor(given.correlation)
    uniquenesses, loadings = np.exp(best.x), model.loadings(best.x)
    is_heywood = bool((uniquenesses <= LEAST_UNIQUENESS * (1 + EXACT_FIT)).any())
    flags |= doubts(heywood=is_heywood, not_converged=not best.converged)
    common = float(given.sd @ loadings) ** 2
    unique = given.sd**2 * uniquenesses
    k = given.n_items
    df = k * (k - 3) // 2
    chi2 = given.fit_n * max(best.value, 0.0)
    return Omega(
        omega=common / (common + unique.sum()),
        omega_observed=common / float(given.sd @ given.correlation @ given.sd),
        items=given.items,
        loadings=given.sd * loadings,
        uniquenesses=unique,
        chi2=chi2,
        cfi=_cfi(given, chi2, df),
        rmsea=_rmsea(given, chi2, df),
        srmr=_srmr(given.correlation, loadings, uniquenesses),
        df=df,
        n=given.n,
        n_rows=given.n_rows,
        fit_n=given.fit_n,
        n_items=k,
        estimator="ml",
        converged=best.converged,
        missing=missing,
        flags=flags,
    )


def _cfi(given: Correlations, chi2: float, df: int) -> float:
    k = given.n_items
    chi2_uncorrelated = -given.fit_n * float(np.linalg.slogdet(given.correlation).logabsdet)
    misfit = max(chi2 - df, 0.0)
    worst = max(misfit, chi2_uncorrelated - k * (k - 1) / 2)
    return 1.0 if misfit == 0 else 1 - misfit / worst


def _rmsea(given: Correlations, chi2: float, df: int) -> float:
    if df == 0:
        return 0.0 if chi2 <= EXACT_FIT * given.fit_n else math.nan
    return math.sqrt(max(chi2 - df, 0.0) / (df * given.fit_n))


def _srmr(correlation: FloatArray, loadings: FloatArray, uniquenesses: FloatArray) -> float:
    residual = correlation - np.multiply.outer(loadings, loadings) - np.diag(uniquenesses)
    lower = residual[np.tril_indices(len(residual))]
    return math.sqrt(float((lower**2).mean()))


def _undefined(given: Correlations, missing: Missing, flags: set[str]) -> Omega:
    k = given.n_items
    return Omega(
        omega=math.nan,
        omega_observed=math.nan,
        items=given.items,
        loadings=np.full(k, np.nan),
        uniquenesses=np.full(k, np.nan),
        chi2=math.nan,
        cfi=math.nan,
        rmsea=math.nan,
        srmr=math.nan,
        df=k * (k - 3) // 2,
        n=given.n,
        n_rows=given.n_rows,
        fit_n=given.fit_n,
        n_items=k,
        estimator="ml",
        converged=False,
        missing=missing,
        flags=flags,
    )
