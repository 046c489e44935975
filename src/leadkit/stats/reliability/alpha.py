"""Cronbach's alpha: how much of a sum score's variance its items share, with its interval."""

from __future__ import annotations

import math
from typing import Literal, TypeAlias

import numpy as np
from attrs import field, frozen
from numpy.typing import ArrayLike

from leadkit._fields import as_float
from leadkit.stats._arrays import ROUNDING, check_level, check_word
from leadkit.stats._base import ConfidenceInterval, Result, interval_or_nan
from leadkit.stats.flags import sorted_flags
from leadkit.stats.moments import ItemMoments
from leadkit.stats.moments.items import Missing
from leadkit.stats.reliability.composite import Composite, composite

IntervalMethod: TypeAlias = Literal["feldt", "duhachek"]
IntervalN: TypeAlias = Literal["harmonic", "rows"] | float


@frozen(kw_only=True, eq=False)
class CronbachAlpha(Result):
    """Internal consistency of a sum of items.

    Parameters
    ----------
    alpha : float
        Cronbach's alpha, at most 1; NaN where `flags` say why.
    standardised : float
        Alpha of the standardised items; NaN with a constant item.
    average_r : float
        Mean correlation of two items, in [-1, 1]; NaN with a constant item.
    standard_error : float
        Standard error of `alpha` for normal answers.
    interval : ConfidenceInterval
        Interval of `alpha`.
    interval_method : {"feldt", "duhachek"}
        How the interval was made.
    interval_n : float
        Number of rows that the standard error and the interval rest on.
    n_items, n_rows, n_complete : int
        Items, rows, and rows with an answer to every item.
    missing : {"pairwise", "listwise"}
        What was done about missing answers.
    flags : tuple of str
        What is doubtful, words of `FLAGS`.
    """

    alpha: float = field(converter=as_float)
    standardised: float = field(converter=as_float)
    average_r: float = field(converter=as_float)
    standard_error: float = field(converter=as_float)
    interval: ConfidenceInterval
    interval_method: str
    interval_n: float = field(converter=as_float)
    n_items: int
    n_rows: int
    n_complete: int
    missing: str
    flags: tuple[str, ...] = field(default=(), converter=sorted_flags)


def cronbach_alpha(
    x: ArrayLike | ItemMoments,
    *,
    missing: Missing = "pairwise",
    interval: IntervalMethod = "feldt",
    interval_n: IntervalN = "harmonic",
    level: float = 0.95,
) -> CronbachAlpha:
    """Estimate the internal consistency of a sum of items.

    With C the covariances, d their diagonal and V the sum of all of C,
    alpha = k / (k - 1) (1 - sum d / V) [1]_.

    Parameters
    ----------
    x : (n, k) array-like or ItemMoments
        Answers, a row a person, all keyed the same way; NaN, None or masked is missing.
    missing : {"pairwise", "listwise"}
        Use every pair of answers, or complete rows only; `ItemMoments` bring their own rule.
    interval : {"feldt", "duhachek"}
        Feldt's interval from the F distribution [2]_, or alpha and its asymptotic standard error [3]_ [4]_.
    interval_n : {"harmonic", "rows"} or float
        Rows the interval rests on: the harmonic mean of the pair counts, all rows used, or a number above 1.
        Without gaps they are the same.
    level : float
        Two-sided level of the interval, inside (0, 1).

    Returns
    -------
    CronbachAlpha
        Alpha and its companions. NaN with `too_few_rows`, `single_item`, `too_few_pairs` or `no_variance`;
        `constant_item` and `negative_estimate` leave alpha as it is. Gaps can make covariances that no complete
        answers have: alpha is then without error or interval, and flagged `singular_covariance`.

    Raises
    ------
    ValueError
        `x` is not a table of real finite numbers, or an option is not one of those above.

    References
    ----------
    .. [1] L. J. Cronbach, "Coefficient alpha and the internal structure of tests", Psychometrika 16, 1951.
    .. [2] L. S. Feldt, "The approximate sampling distribution of Kuder-Richardson reliability coefficient twenty",
       Psychometrika 30, 1965.
    .. [3] J. M. van Zyl, H. Neudecker and D. G. Nel, "On the distribution of the maximum likelihood estimator of
       Cronbach's alpha", Psychometrika 65, 2000.
    .. [4] A. Duhachek and D. Iacobucci, "Alpha's standard error (ASE)", Journal of Applied Psychology 89, 2004.

    Examples
    --------
    >>> result = cronbach_alpha([[1, 2, 1], [2, 3, 3], [4, 4, 5], [5, 5, 4]])
    >>> round(result.alpha, 4), round(result.interval.low, 4)
    (0.9498, 0.6688)
    """
    check_interval(interval, interval_n, level)
    return alpha_of(composite(x, missing=missing), interval=interval, interval_n=interval_n, level=level)


def check_interval(interval: str, interval_n: IntervalN, level: float) -> None:
    """Refuse options of the interval that mean nothing."""
    check_word(interval, "interval", ("feldt", "duhachek"))
    check_level(level)
    if isinstance(interval_n, str):
        check_word(interval_n, "interval_n", ("harmonic", "rows"))
    elif not (math.isfinite(interval_n) and interval_n > 1):
        msg = f"interval_n: expected 'harmonic', 'rows' or a number above 1, got {interval_n!r}"
        raise ValueError(msg)


def alpha_of(total: Composite, *, interval: IntervalMethod, interval_n: IntervalN, level: float) -> CronbachAlpha:
    """Estimate alpha from covariances."""
    k, flags = total.n_items, set(total.flags)
    alpha = alpha_from(k, total.variances.sum(), total.total)
    average_r = _average_r(total.moments)
    standardised = k * average_r / (1 + (k - 1) * average_r) if 1 + (k - 1) * average_r > ROUNDING * k else math.nan
    if math.isfinite(average_r) and math.isnan(standardised):
        flags.add("no_variance")
    if alpha < 0:
        flags.add("negative_estimate")
    rows = _interval_rows(total, interval_n)
    standard_error = _standard_error(total, rows) if math.isfinite(alpha) else math.nan
    if math.isfinite(alpha) and (math.isnan(standard_error) or math.isnan(unreliability(alpha))):
        flags.add("singular_covariance")
    return CronbachAlpha(
        alpha=alpha,
        standardised=standardised,
        average_r=average_r,
        standard_error=standard_error,
        interval=_interval(alpha, standard_error, k, rows, interval, level),
        interval_method=interval,
        interval_n=rows,
        n_items=k,
        n_rows=total.moments.n_rows,
        n_complete=total.moments.n_complete,
        missing=total.moments.missing,
        flags=flags,
    )


def alpha_from(k: int, sum_of_variances: float, variance_of_sum: float) -> float:
    """Alpha of k items; NaN for fewer than two, or where their sum has no variance."""
    if k < 2 or not variance_of_sum > 0:
        return math.nan
    return float(k / (k - 1) * (1 - sum_of_variances / variance_of_sum))


def unreliability(alpha: float) -> float:
    """Return 1 - alpha, 0 where alpha is 1 but for rounding; NaN above, which gaps alone can cause."""
    return max(1 - alpha, 0.0) if alpha <= 1 + 1e-12 else math.nan


def _average_r(moments: ItemMoments) -> float:
    k = moments.n_items
    if k < 2:
        return math.nan
    return float(moments.correlation[np.triu_indices(k, 1)].mean())


def _interval_rows(total: Composite, interval_n: IntervalN) -> float:
    if not isinstance(interval_n, str):
        return float(interval_n)
    if interval_n == "rows":
        return float(total.n_used)
    pairs = total.moments.counts[np.triu_indices(total.n_items, 1)]
    if not pairs.size or pairs.min() == 0:
        return math.nan
    return float(pairs.min() * pairs.size / (pairs.min() / pairs).sum())


def _standard_error(total: Composite, rows: float) -> float:
    k = total.n_items
    scaled = total.covariance / total.total
    trace = scaled.trace()
    squares = (scaled**2).sum() + trace**2
    spread = squares - 2 * trace * (scaled.sum(axis=1) ** 2).sum()
    if abs(spread) <= ROUNDING * squares:
        return 0.0
    return math.sqrt(2 * k**2 / (k - 1) ** 2 * spread / rows) if spread > 0 else math.nan


def _interval(
    alpha: float, standard_error: float, k: int, rows: float, method: IntervalMethod, level: float
) -> ConfidenceInterval:
    from scipy.special import fdtri, ndtri

    tail = (1 - level) / 2
    if method == "duhachek":
        reach = float(ndtri(1 - tail)) * standard_error
        return interval_or_nan(alpha - reach, alpha + reach, level)
    rest = unreliability(alpha)
    if not (math.isfinite(rest) and rows > 1):
        return interval_or_nan(math.nan, math.nan, level)
    low, high = (float(fdtri(rows - 1, (rows - 1) * (k - 1), p)) for p in (1 - tail, tail))
    return interval_or_nan(1 - rest * low, 1 - rest * high, level)
