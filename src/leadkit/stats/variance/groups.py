"""How much of a value's variance lies between groups, and how reliable the means of groups are."""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence
from typing import Literal, TypeAlias

import numpy as np
from attrs import field, frozen
from numpy.typing import ArrayLike

from leadkit._fields import as_float, as_int
from leadkit.stats._arrays import check_level, check_word
from leadkit.stats._base import ConfidenceInterval, Result, interval_or_nan
from leadkit.stats.flags import sorted_flags
from leadkit.stats.moments import GroupMoments
from leadkit.stats.variance.one_way import GroupedValues, one_way_components
from leadkit.stats.variance.rounding import excess
from leadkit.typing import FloatArray

SizeRule: TypeAlias = Literal["donner", "mean"]


@frozen(kw_only=True, eq=False)
class GroupICC(Result):
    """Intraclass correlations of a value in groups, with the analysis of variance behind them.

    Parameters
    ----------
    icc1 : float
        ICC(1): share of the variance that lies between groups, from mean squares; never clipped, so it may be below 0.
    icc2 : float
        ICC(2): reliability of the group means; never clipped.
    icc1_interval, icc2_interval : ConfidenceInterval
        Intervals from the F distribution, exact for groups of equal size; NaN ends where undefined.
    ms_between, ms_within : float
        Mean squares between and within groups.
    f, p_value : float
        Their ratio and the chance of a larger one without differences between groups.
    df_between, df_within : int
        Degrees of freedom of the mean squares.
    group_size : float
        The size that stands for unequal sizes in `icc1`.
    size_rule : {"donner", "mean"}
        How it was found. On unequal groups the rules, and REML, give different values of ICC(1).
    tau2, sigma2 : float
        Variance between and within groups by restricted maximum likelihood, at least 0.
    icc1_reml : float
        tau2 / (tau2 + sigma2).
    grand_mean : float
        Mean of the groups under these components, large groups counting more only as far as they are more precise.
    eta_squared, omega_squared : float
        Share of the sum of squares between groups, as it is and less what chance would give.
    n_groups : int
        Groups with a value.
    n_rows, n_used : int
        Rows given, and those with a value and a group.
    flags : tuple of str
        `rows_dropped`, `too_few_rows`, `single_group`, `no_replication`, `no_variance`, `negative_estimate`,
        `zero_between_variance` when `tau2` or `ms_between` is 0, `perfect_consistency` when `ms_within` is.
    """

    icc1: float = field(converter=as_float)
    icc2: float = field(converter=as_float)
    icc1_interval: ConfidenceInterval
    icc2_interval: ConfidenceInterval
    ms_between: float = field(converter=as_float)
    ms_within: float = field(converter=as_float)
    f: float = field(converter=as_float)
    p_value: float = field(converter=as_float)
    df_between: int = field(converter=as_int)
    df_within: int = field(converter=as_int)
    group_size: float = field(converter=as_float)
    size_rule: SizeRule
    tau2: float = field(converter=as_float)
    sigma2: float = field(converter=as_float)
    icc1_reml: float = field(converter=as_float)
    grand_mean: float = field(converter=as_float)
    eta_squared: float = field(converter=as_float)
    omega_squared: float = field(converter=as_float)
    n_groups: int = field(converter=as_int)
    n_rows: int = field(converter=as_int)
    n_used: int = field(converter=as_int)
    flags: tuple[str, ...] = field(default=(), converter=sorted_flags)


def group_icc(
    y: ArrayLike | GroupMoments,
    groups: ArrayLike | Sequence[Hashable] | None = None,
    *,
    size: SizeRule = "donner",
    level: float = 0.95,
) -> GroupICC:
    """Intraclass correlations ICC(1) and ICC(2) of a value in groups, by one-way random analysis of variance.

    Parameters
    ----------
    y : (n,) array-like or GroupMoments
        Values, NaN being missing; or the moments of the groups, and no `groups`.
    groups : (n,) array-like, optional
        Group of each value: integers, strings or objects that sort together; None or NaN is no group.
    size : {"donner", "mean"}
        The size n0 that stands for unequal sizes n_j of G groups: (N - sum n_j^2 / N) / (G - 1), or N / G.
    level : float
        Two-sided confidence level, inside (0, 1).

    Returns
    -------
    GroupICC
        icc1 = (MSB - MSW) / (MSB + (n0 - 1) MSW) and icc2 = 1 - MSW / MSB with their intervals, and the components
        of variance by restricted maximum likelihood. What cannot be told is NaN: all but the means for one group
        (`single_group`) or for groups of one row each (`no_replication`); `icc2` for equal group means; F and the
        intervals where nobody differs from the own group (`perfect_consistency`).

    Raises
    ------
    ValueError
        `y` is not a vector of real finite numbers, `groups` does not fit it or is missing, or an option is not one of
        those above.

    References
    ----------
    .. [1] J. J. Bartko, "On various intraclass correlation reliability coefficients", Psychological Bulletin 83, 1976.
    .. [2] P. D. Bliese, "Within-group agreement, non-independence, and reliability", in K. J. Klein and
       S. W. J. Kozlowski (eds), "Multilevel Theory, Research, and Methods in Organizations", Jossey-Bass, 2000.
    .. [3] A. Donner, "A review of inference procedures for the intraclass correlation coefficient in the one-way
       random effects model", International Statistical Review 54, 1986.

    Examples
    --------
    >>> result = group_icc([4, 5, 5, 2, 3, 1, 4, 4], ["a", "a", "a", "b", "b", "b", "c", "c"])
    >>> round(result.icc1, 3), round(result.icc2, 3), round(result.group_size, 3)
    (0.786, 0.906, 2.625)
    """
    check_word(size, "size", ("donner", "mean"))
    check_level(level)
    values = GroupedValues.of(y, groups)
    n_groups, n_used = values.n_groups, values.n_used
    between, within = values.sum_squares_between, values.sum_squares_within
    df_between, df_within = max(n_groups - 1, 0), n_used - n_groups
    msb = between / df_between if df_between else math.nan
    msw = within / df_within if df_within else math.nan
    n0 = _group_size(values.n, size)
    more = excess(msb, msw)
    icc1, icc2 = _quotient(more, msb + (n0 - 1) * msw), _quotient(more, msb)
    f, p_value, first, second = _inference(msb, msw, df_between, df_within, n0, level)
    components = one_way_components(values)
    known = not math.isnan(msb + msw)
    flags = values.flags
    if icc1 < 0:
        flags.add("negative_estimate")
    if known and 0 in (msb, components.tau2):
        flags.add("zero_between_variance")
    return GroupICC(
        icc1=icc1,
        icc2=icc2,
        icc1_interval=first,
        icc2_interval=second,
        ms_between=msb,
        ms_within=msw,
        f=f,
        p_value=p_value,
        df_between=df_between,
        df_within=df_within,
        group_size=n0,
        size_rule=size,
        tau2=components.tau2,
        sigma2=components.sigma2,
        icc1_reml=components.icc1,
        grand_mean=components.grand_mean,
        eta_squared=_quotient(between, between + within if known else math.nan),
        omega_squared=_quotient(between - df_between * msw, between + within + msw if known else math.nan),
        n_groups=n_groups,
        n_rows=values.n_rows,
        n_used=n_used,
        flags=flags,
    )


def _group_size(n: FloatArray, rule: SizeRule) -> float:
    total = float(n.sum())
    if rule == "mean":
        return total / n.size if n.size else math.nan
    return (total - float(n @ n) / total) / (n.size - 1) if n.size > 1 else math.nan


def _inference(
    msb: float, msw: float, df_between: int, df_within: int, n0: float, level: float
) -> tuple[float, float, ConfidenceInterval, ConfidenceInterval]:
    """Return F, its p-value and the intervals of ICC(1) and ICC(2)."""
    unknown = interval_or_nan(math.nan, math.nan, level)
    if not msw > 0 or math.isnan(msb):
        return math.nan, math.nan, unknown, unknown
    from scipy.special import fdtrc, fdtri

    f, tail = msb / msw, (1 - level) / 2
    low, high = (f / fdtri(df_between, df_within, np.array([1 - tail, tail]))).tolist()
    first = interval_or_nan((low - 1) / (low + n0 - 1), (high - 1) / (high + n0 - 1), level)
    second = interval_or_nan(1 - 1 / low, 1 - 1 / high, level) if f > 0 else unknown
    return f, float(fdtrc(df_between, df_within, f)), first, second


def _quotient(part: float, whole: float) -> float:
    return part / whole if whole > 0 else math.nan
