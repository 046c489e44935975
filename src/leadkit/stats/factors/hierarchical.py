"""Hierarchical omega: how much of a sum score's variance is one general factor, above several group factors."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np
from attrs import field, frozen
from numpy.typing import ArrayLike

from leadkit._fields import as_float, float_array
from leadkit.stats._arrays import ROUNDING, whole_number
from leadkit.stats._base import TableResult
from leadkit.stats.factors.correlations import Correlations, correlations, doubts
from leadkit.stats.factors.minres import LEAST_UNIQUENESS, fit_minres
from leadkit.stats.factors.rotation import quartimin
from leadkit.stats.flags import sorted_flags
from leadkit.stats.moments.items import Missing
from leadkit.typing import FloatArray

AT_BOUND = LEAST_UNIQUENESS * (1 + 1e-12)


@frozen(kw_only=True, eq=False)
class HierarchicalOmega(TableResult):
    """A general factor and group factors of standardised items, and what each explains; one row an item.

    Parameters
    ----------
    hierarchical : float
        Share of the variance of the sum of the standardised items that the general factor explains; NaN where `flags`
        say why, as is all that follows.
    total : float
        Share that all factors explain, at most 1.
    limit : float
        `hierarchical` / `total`; NaN where the factors explain nothing of the sum.
    explained_common_variance : float
        Share of the squared loadings that are on the general factor, in [0, 1].
    items : tuple of str
        Item names, (k,).
    general : (k,) array
        Loadings on the general factor; their sum is not negative.
    groups : (k, f) array
        Loadings on the group factors, the one with the largest pattern loadings first.
    uniquenesses : (k,) array
        Variances that no factor explains, at least 0.005.
    factor_correlation : (f, f) array
        Correlations of the oblique factors that the general factor was taken from.
    n_factors, n, n_rows, n_items : int
        Number of group factors f, rows used, all rows, and items k.
    converged : bool
        Whether extraction and rotation found their minimum.
    missing : {"pairwise", "listwise"}
        What was done about missing answers.
    flags : tuple of str
        What is doubtful, words of `FLAGS`.
    """

    _columns: ClassVar[Mapping[str, str]] = {"items": "item", "general": "general", "uniquenesses": "uniqueness"}

    hierarchical: float = field(converter=as_float)
    total: float = field(converter=as_float)
    limit: float = field(converter=as_float)
    explained_common_variance: float = field(converter=as_float)
    items: tuple[str, ...]
    general: FloatArray = field(converter=float_array)
    groups: FloatArray = field(converter=float_array)
    uniquenesses: FloatArray = field(converter=float_array)
    factor_correlation: FloatArray = field(converter=float_array)
    n_factors: int
    n: int
    n_rows: int
    n_items: int
    converged: bool
    missing: str
    flags: tuple[str, ...] = field(default=(), converter=sorted_flags)

    def to_records(self) -> list[dict[str, Any]]:
        """Give one dictionary an item, with the loadings on the group factors as `group1`, `group2`, ...

        Returns
        -------
        list of dict
            The items in the order of the result; NaN becomes None.
        """
        names = [f"group{number + 1}" for number in range(self.n_factors)]
        loadings = [[None if math.isnan(value) else value for value in row] for row in self.groups.tolist()]
        records = TableResult.to_records(self)
        return [record | dict(zip(names, row, strict=True)) for record, row in zip(records, loadings, strict=True)]


def hierarchical_omega(
    x: ArrayLike, *, n_factors: int = 3, missing: Missing = "listwise", items: Sequence[str] | None = None
) -> HierarchicalOmega:
    """Split the variance of a sum of items into a general factor, group factors and the rest.

    Factors of the correlations R are extracted by least squares (minres) and rotated by direct quartimin into a pattern
    A; the loadings g of one general factor of their correlations then give general = A g and
    groups = A sqrt(1 - g^2) [1]_. hierarchical = (sum general)^2 / 1'R1 and total = 1 - sum u^2 / 1'R1 [2]_. With three
    factors g_1 = sqrt(phi_12 phi_13 / phi_23), and so on, wherever such a factor exists.

    Parameters
    ----------
    x : (n, k) array-like
        Answers, a row a person, all keyed the same way; NaN, None or masked is missing.
    n_factors : int
        Number of group factors f, at least 2. With two, the general factor is taken to load equally on both.
    missing : {"pairwise", "listwise"}
        Use every pair of answers, or complete rows only.
    items : sequence of str, optional
        Item names, (k,); `item1`, `item2`, ... by default.

    Returns
    -------
    HierarchicalOmega
        The coefficients and the loadings. NaN with `underidentified` (fewer items than factors), `constant_item`,
        `too_few_rows`, `too_few_pairs` or `no_variance`. `underidentified` (two factors, or (k - f)^2 < k + f),
        `singular_covariance`, `heywood`, `negative_estimate` and `not_converged` leave the values as they are.

    Raises
    ------
    ValueError
        `x` is not a table of real finite numbers, `items` does not fit it, `n_factors` is not a whole number of at
        least 2, or `missing` is another word.

    References
    ----------
    .. [1] J. Schmid and J. M. Leiman, "The development of hierarchical factor solutions", Psychometrika 22, 1957.
    .. [2] R. E. Zinbarg, W. Revelle, I. Yovel and W. Li, "Cronbach's alpha, Revelle's beta, and McDonald's omega H",
       Psychometrika 70, 2005.
    .. [3] R. I. Jennrich, "A simple general method for oblique rotation", Psychometrika 67, 2002.

    Examples
    --------
    >>> import numpy as np
    >>> rng = np.random.default_rng(1)
    >>> general, groups = rng.normal(size=(400, 1)), rng.normal(size=(400, 3))
    >>> answers = general + np.repeat(groups, 3, axis=1) + rng.normal(size=(400, 9))
    >>> result = hierarchical_omega(answers)
    >>> round(result.hierarchical, 2), round(result.total, 2)
    (0.65, 0.92)
    """
    f = whole_number(n_factors, "n_factors", least=2)
    given = correlations(x, missing=missing, items=items)
    k = given.n_items
    flags = set(given.flags)
    if f == 2 or k <= f or (k - f) ** 2 < k + f:
        flags.add("underidentified")
    if k < f or not given.is_complete:
        return _undefined(given, f, missing, flags)
    extracted, loadings = fit_minres(given.correlation, f)
    rotated = quartimin(loadings)
    pattern, phi = _ordered(rotated.pattern, rotated.factor_correlation)
    weights, weights_converged = _general_weights(phi, flags)
    general, groups = pattern @ weights, pattern * np.sqrt(1 - weights**2)
    if general.sum() < 0:
        general = -general
    converged = extracted.converged and rotated.converged and weights_converged
    flags |= doubts(heywood=bool((extracted.x <= AT_BOUND).any()), not_converged=not converged)
    hierarchical, total, limit = _shares(given, general, extracted.x, flags)
    return HierarchicalOmega(
        hierarchical=hierarchical,
        total=total,
        limit=limit,
        explained_common_variance=_common_share(general, groups, flags),
        items=given.items,
        general=general,
        groups=groups,
        uniquenesses=extracted.x,
        factor_correlation=phi,
        n_factors=f,
        n=given.n,
        n_rows=given.n_rows,
        n_items=k,
        converged=converged,
        missing=missing,
        flags=flags,
    )


def _ordered(pattern: FloatArray, phi: FloatArray) -> tuple[FloatArray, FloatArray]:
    order = np.argsort(-(pattern**2).sum(axis=0), kind="stable")
    sign = np.where(pattern.sum(axis=0) < 0, -1.0, 1.0)[order]
    return pattern[:, order] * sign, phi[np.ix_(order, order)] * np.multiply.outer(sign, sign)


def _general_weights(phi: FloatArray, flags: set[str]) -> tuple[FloatArray, bool]:
    if len(phi) == 2:
        correlation = min(max(phi[0, 1], -1.0), 1.0)
        return math.sqrt(abs(correlation)) * np.array([1.0, np.sign(correlation)]), True
    fitted, loadings = fit_minres(phi, 1)
    flags |= doubts(heywood=bool((fitted.x <= AT_BOUND).any()))
    most = math.sqrt(1 - LEAST_UNIQUENESS)
    return np.clip(loadings[:, 0], -most, most), fitted.converged


def _shares(
    given: Correlations, general: FloatArray, uniquenesses: FloatArray, flags: set[str]
) -> tuple[float, float, float]:
    variance = float(given.correlation.sum())
    if variance <= ROUNDING * given.n_items**2:
        flags.add("no_variance")
        return math.nan, math.nan, math.nan
    hierarchical = float(general.sum()) ** 2 / variance
    total = 1 - float(uniquenesses.sum()) / variance
    if total > ROUNDING:
        return hierarchical, total, hierarchical / total
    flags.add("negative_estimate" if total < -ROUNDING else "no_variance")
    return hierarchical, total, math.nan


def _common_share(general: FloatArray, groups: FloatArray, flags: set[str]) -> float:
    ours, theirs = float((general**2).sum()), float((groups**2).sum())
    if ours + theirs > ROUNDING * general.size:
        return ours / (ours + theirs)
    flags.add("no_variance")
    return math.nan


def _undefined(given: Correlations, n_factors: int, missing: Missing, flags: set[str]) -> HierarchicalOmega:
    k = given.n_items
    return HierarchicalOmega(
        hierarchical=math.nan,
        total=math.nan,
        limit=math.nan,
        explained_common_variance=math.nan,
        items=given.items,
        general=np.full(k, np.nan),
        groups=np.full((k, n_factors), np.nan),
        uniquenesses=np.full(k, np.nan),
        factor_correlation=np.full((n_factors, n_factors), np.nan),
        n_factors=n_factors,
        n=given.n,
        n_rows=given.n_rows,
        n_items=k,
        converged=False,
        missing=missing,
        flags=flags,
    )
