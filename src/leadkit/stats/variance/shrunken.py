"""Means of groups drawn towards the mean of all, the more the less is known about a group."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping, Sequence
from typing import Any, ClassVar

import numpy as np
from attrs import field, frozen
from numpy.typing import ArrayLike

from leadkit._fields import as_float, as_int, float_array, int_array
from leadkit.stats._arrays import check_level
from leadkit.stats._base import TableResult
from leadkit.stats.flags import sorted_flags
from leadkit.stats.moments import GroupMoments
from leadkit.stats.variance.one_way import GroupedValues, OneWayComponents, one_way_components
from leadkit.typing import FloatArray, IntArray


@frozen(kw_only=True, eq=False)
class ShrunkenMeans(TableResult):
    """Empirical Bayes means of groups, one row a group.

    Parameters
    ----------
    groups : tuple
        Labels in ascending order, (G,).
    n : (G,) int array
        Values of each group; a label without a value has 0.
    raw_mean : (G,) array
        Mean of each group; NaN without a value.
    reliability : (G,) array
        tau2 / (tau2 + sigma2 / n), the weight of the group's own mean, in [0, 1]; 0 without a value.
    shrunken_mean : (G,) array
        Between the raw mean and `grand_mean`; `grand_mean` without a value.
    standard_error : (G,) array
        sqrt(tau2 (1 - reliability)), taking the components and the grand mean as known.
    low, high : (G,) array
        Ends of the normal interval around the shrunken mean.
    tau2, sigma2 : float
        Variance between and within groups by restricted maximum likelihood, at least 0.
    grand_mean, grand_mean_standard_error : float
        Mean of the groups weighted by precision, and its standard error.
    icc1 : float
        tau2 / (tau2 + sigma2).
    level : float
        Two-sided confidence level.
    n_groups : int
        Groups with a value.
    n_rows, n_used : int
        Rows given, and those with a value and a group.
    flags : tuple of str
        `zero_between_variance`, `rows_dropped`, `no_variance`, `perfect_consistency` when nobody differs from the own
        group, and `too_few_rows`, `single_group` or `no_replication` when the components cannot be told.
    """

    _columns: ClassVar[Mapping[str, str]] = {
        "groups": "group",
        "n": "n",
        "raw_mean": "raw_mean",
        "reliability": "reliability",
        "shrunken_mean": "shrunken_mean",
        "standard_error": "standard_error",
        "low": "low",
        "high": "high",
    }

    groups: tuple[Any, ...]
    n: IntArray = field(converter=int_array)
    raw_mean: FloatArray = field(converter=float_array)
    reliability: FloatArray = field(converter=float_array)
    shrunken_mean: FloatArray = field(converter=float_array)
    standard_error: FloatArray = field(converter=float_array)
    low: FloatArray = field(converter=float_array)
    high: FloatArray = field(converter=float_array)
    tau2: float = field(converter=as_float)
    sigma2: float = field(converter=as_float)
    grand_mean: float = field(converter=as_float)
    grand_mean_standard_error: float = field(converter=as_float)
    icc1: float = field(converter=as_float)
    level: float = field(converter=as_float)
    n_groups: int = field(converter=as_int)
    n_rows: int = field(converter=as_int)
    n_used: int = field(converter=as_int)
    flags: tuple[str, ...] = field(default=(), converter=sorted_flags)


def shrunken_means(
    y: ArrayLike | GroupMoments, groups: ArrayLike | Sequence[Hashable] | None = None, *, level: float = 0.95
) -> ShrunkenMeans:
    """Means of groups drawn towards the mean of all by their unreliability (empirical Bayes).

    Parameters
    ----------
    y : (n,) array-like or GroupMoments
        Values, NaN being missing; or the moments of the groups, and no `groups`.
    groups : (n,) array-like, optional
        Group of each value: integers, strings or objects that sort together; None or NaN is no group.
    level : float
        Two-sided confidence level of the intervals, inside (0, 1).

    Returns
    -------
    ShrunkenMeans
        grand_mean + reliability (raw_mean - grand_mean) for each group. Without variance between groups all are the
        grand mean (`zero_between_variance`). For one group, or groups of one row each, the variance cannot be split
        and the shrunken means are NaN.

    Raises
    ------
    ValueError
        `y` is not a vector of real finite numbers, `groups` does not fit it or is missing, or `level` is outside
        (0, 1).

    References
    ----------
    .. [1] S. W. Raudenbush and A. S. Bryk, "Hierarchical Linear Models", 2nd ed., Sage, 2002, chapter 3.
    .. [2] H. D. Patterson and R. Thompson, "Recovery of inter-block information when block sizes are unequal",
       Biometrika 58, 1971 (restricted maximum likelihood).

    Examples
    --------
    >>> result = shrunken_means([4, 5, 5, 2, 3, 1, 4], ["a", "a", "a", "b", "b", "b", "c"])
    >>> result.raw_mean.round(2), result.shrunken_mean.round(2)
    (array([4.67, 2.  , 4.  ]), array([4.54, 2.16, 3.87]))
    """
    from scipy.special import ndtri

    half = float(ndtri((1 + check_level(level)) / 2))
    values = GroupedValues.of(y, groups)
    components = one_way_components(values)
    moments, mu = values.moments, components.grand_mean
    raw = moments.mean + values.origin
    reliability = _reliability(components, moments.n)
    shrunken = _shrunken(raw, mu, reliability)
    standard_error = np.sqrt(components.tau2 * (1 - reliability)) if components.tau2 != 0 else np.zeros(raw.size)
    flags = values.flags
    if components.tau2 == 0:
        flags.add("zero_between_variance")
    return ShrunkenMeans(
        groups=moments.groups,
        n=moments.n,
        raw_mean=raw,
        reliability=reliability,
        shrunken_mean=shrunken,
        standard_error=standard_error,
        low=shrunken - half * standard_error,
        high=shrunken + half * standard_error,
        tau2=components.tau2,
        sigma2=components.sigma2,
        grand_mean=mu,
        grand_mean_standard_error=components.grand_mean_standard_error,
        icc1=components.icc1,
        level=level,
        n_groups=values.n_groups,
        n_rows=values.n_rows,
        n_used=values.n_used,
        flags=flags,
    )


def _reliability(components: OneWayComponents, n: IntArray) -> FloatArray:
    tau2, sigma2 = components.tau2, components.sigma2
    if math.isnan(tau2):
        return np.full(n.size, np.nan)
    if tau2 == 0:
        return np.zeros(n.size)
    return np.asarray(n * tau2 / (n * tau2 + sigma2)) if sigma2 > 0 else (n > 0).astype(np.float64)


def _shrunken(raw: FloatArray, mu: float, reliability: FloatArray) -> FloatArray:
    """Draw the means towards `mu`, never beyond either by rounding."""
    drawn = np.where(reliability == 0, mu, mu + reliability * (raw - mu))
    return np.clip(drawn, np.fmin(raw, mu), np.fmax(raw, mu))
