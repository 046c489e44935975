"""Change between two occasions, and the difference of two scores, against measurement error."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import ClassVar

import numpy as np
from attrs import field, frozen
from numpy.typing import ArrayLike

from leadkit._fields import as_float, as_int, float_array, int_array
from leadkit.stats._arrays import ROUNDING, check_level, vector
from leadkit.stats._base import TableResult
from leadkit.stats._spread import correlation as pearson_r
from leadkit.stats._spread import is_rounding, variance
from leadkit.stats.change.error import number, usable_reliability
from leadkit.stats.flags import sorted_flags
from leadkit.typing import BoolArray, FloatArray, IntArray


@frozen(kw_only=True, eq=False)
class ReliableChange(TableResult):
    """Change of each person against what measurement error alone would do, one row a person.

    Parameters
    ----------
    change : (n_rows,) array
        Post minus pre; NaN where either is missing.
    rci : (n_rows,) array
        Reliable change index, change / standard_error; NaN where undefined.
    verdict : (n_rows,) array of int
        1 improved, 0 unchanged or unknown, -1 deteriorated.
    standard_error : float
        Standard error of a difference between two scores of one person.
    threshold : float
        Smallest reliable change: a change strictly beyond it is reliable at `level`.
    sd, sd_post, reliability, reliability_post : float
        What the standard error was computed from.
    n : int
        People with both scores.
    n_improved, n_unchanged, n_deteriorated : int
        People with each verdict; somebody whose index is undefined is in none of them.
    cohen_dz : float
        Mean change over the standard deviation of the changes.
    cohen_dav : float
        Mean change over the root of the mean of the two variances.
    correlation : float
        Pearson's r of pre and post, in [-1, 1].
    level : float
        Two-sided confidence level of the verdicts.
    higher_is_better : bool
        Whether a rise counts as improvement.
    flags : tuple of str
        `reliability_out_of_range`; `rows_dropped` when a score is missing; `too_few_rows`; `no_variance` when the
        divisor of the index, of an effect size or of the correlation is 0.
    """

    _columns: ClassVar[Mapping[str, str]] = {name: name for name in ("change", "rci", "verdict")}

    change: FloatArray = field(converter=float_array)
    rci: FloatArray = field(converter=float_array)
    verdict: IntArray = field(converter=int_array)
    standard_error: float = field(converter=as_float)
    threshold: float = field(converter=as_float)
    sd: float = field(converter=as_float)
    sd_post: float = field(converter=as_float)
    reliability: float = field(converter=as_float)
    reliability_post: float = field(converter=as_float)
    n: int = field(converter=as_int)
    n_improved: int = field(converter=as_int)
    n_unchanged: int = field(converter=as_int)
    n_deteriorated: int = field(converter=as_int)
    cohen_dz: float = field(converter=as_float)
    cohen_dav: float = field(converter=as_float)
    correlation: float = field(converter=as_float)
    level: float = field(converter=as_float)
    higher_is_better: bool = field(converter=bool)
    flags: tuple[str, ...] = field(default=(), converter=sorted_flags)


def reliable_change(
    pre: ArrayLike,
    post: ArrayLike,
    *,
    reliability: float,
    sd: float | None = None,
    reliability_post: float | None = None,
    sd_post: float | None = None,
    level: float = 0.95,
    higher_is_better: bool = True,
) -> ReliableChange:
    """Tell whose score changed by more than measurement error explains.

    Parameters
    ----------
    pre, post : (n,) array-like
        Scores of the same people before and after; NaN is missing.
    reliability : float
        Reliability of the pre score, above 0 and at most 1; any other number makes the index NaN.
    sd : float, optional
        Standard deviation of the pre score, at least 0; by default that of everybody with a pre score, divisor n - 1.
    reliability_post, sd_post : float, optional
        The same for the post score; by default as for the pre score.
    level : float
        Two-sided confidence level of the verdicts, inside (0, 1).
    higher_is_better : bool
        Whether a rise is an improvement; False turns the verdicts round and leaves change and index as they are.

    Returns
    -------
    ReliableChange
        One row a person; effect sizes and correlation over the people with both scores. Without measurement error
        (a standard deviation of 0, a reliability of 1) the index is undefined and nobody gets a verdict.

    Raises
    ------
    ValueError
        `pre` and `post` are not vectors of one length, a standard deviation is negative, or `level` is outside (0, 1).

    References
    ----------
    .. [1] N. S. Jacobson and P. Truax, "Clinical significance: a statistical approach to defining meaningful change in
       psychotherapy research", Journal of Consulting and Clinical Psychology 59, 1991.
    .. [2] G. Cumming, "Understanding The New Statistics", Routledge, 2012 (the two effect sizes).

    Examples
    --------
    >>> result = reliable_change([40.0, 32.5, 47.5, 20.0], [47.5, 30.0, 44.0, 41.0], sd=7.5, reliability=0.8)
    >>> result.rci.round(2).tolist()
    [1.58, -0.53, -0.74, 4.43]
    >>> result.verdict.tolist(), round(result.threshold, 2)
    ([0, 0, 0, 1], 9.3)
    """
    from scipy.special import ndtri

    first = vector(pre, "pre")
    second = vector(post, "post", length=first.size)
    half = float(ndtri((1 + check_level(level)) / 2))
    spread = _sd_of(first) if sd is None else number(sd, "sd", least=0.0)
    sds = (spread, spread if sd_post is None else number(sd_post, "sd_post", least=0.0))
    later = reliability if reliability_post is None else reliability_post
    usable = (usable_reliability(reliability, "reliability"), usable_reliability(later, "reliability_post"))
    standard_error = math.hypot(*(s * math.sqrt(1 - r) for s, r in zip(sds, usable, strict=True)))

    change = second - first
    largest = float(np.nanmax(np.abs([first, second]), initial=0.0))
    has_error = not is_rounding(standard_error, largest)
    rci = change / standard_error if has_error else np.full(first.size, np.nan)
    risen = (rci > half).astype(np.int64) - (rci < -half)
    verdict = risen if higher_is_better else -risen
    known = ~np.isnan(change)
    effects = _effect_sizes(first[known], second[known])
    return ReliableChange(
        change=change,
        rci=rci,
        verdict=verdict,
        standard_error=standard_error,
        threshold=half * standard_error,
        sd=sds[0],
        sd_post=sds[1],
        reliability=number(reliability, "reliability"),
        reliability_post=number(later, "reliability_post"),
        n=int(known.sum()),
        n_improved=int((verdict == 1).sum()),
        n_unchanged=int(((verdict == 0) & ~np.isnan(rci)).sum()),
        n_deteriorated=int((verdict == -1).sum()),
        cohen_dz=effects[0],
        cohen_dav=effects[1],
        correlation=effects[2],
        level=level,
        higher_is_better=higher_is_better,
        flags=_flags(known, sds, usable, undefined=(not has_error, *map(math.isnan, effects))),
    )


def difference_reliability(
    *,
    sd_first: float,
    sd_second: float,
    reliability_first: float,
    reliability_second: float,
    correlation: float,
) -> float:
    """Give the reliability of the difference between two scores of one person.

    Parameters
    ----------
    sd_first, sd_second : float
        Standard deviations of the two scores, at least 0.
    reliability_first, reliability_second : float
        Their reliabilities, above 0 and at most 1; any other number gives NaN.
    correlation : float
        Correlation of the two scores, in [-1, 1].

    Returns
    -------
    float
        (v1 r1 + v2 r2 - 2 r12 s1 s2) / (v1 + v2 - 2 r12 s1 s2), v = s^2; at most 1. Below 0 when the scores correlate
        higher than their reliabilities allow; NaN when the difference has no variance.

    Raises
    ------
    ValueError
        An argument is not one finite real number, a standard deviation is negative, or the correlation is outside
        [-1, 1].

    References
    ----------
    .. [1] F. M. Lord and M. R. Novick, "Statistical Theories of Mental Test Scores", Addison-Wesley, 1968.

    Examples
    --------
    >>> value = difference_reliability(
    ...     sd_first=1.0, sd_second=1.0, reliability_first=0.8, reliability_second=0.8, correlation=0.6
    ... )
    >>> round(value, 12)
    0.5
    """
    s1, s2 = number(sd_first, "sd_first", least=0.0), number(sd_second, "sd_second", least=0.0)
    r1 = usable_reliability(reliability_first, "reliability_first")
    r2 = usable_reliability(reliability_second, "reliability_second")
    shared = 2 * number(correlation, "correlation", least=-1.0, most=1.0) * s1 * s2
    total = s1**2 + s2**2
    if not total - shared > ROUNDING * total:
        return math.nan
    return (s1**2 * r1 + s2**2 * r2 - shared) / (total - shared)


def _sd_of(scores: FloatArray) -> float:
    return math.sqrt(variance(scores[~np.isnan(scores)]))


def _effect_sizes(pre: FloatArray, post: FloatArray) -> tuple[float, float, float]:
    """Return Cohen's d_z and d_av and Pearson's r of complete pairs; NaN where the divisor is 0 or unknown."""
    if pre.size < 2:
        return math.nan, math.nan, math.nan
    change = post - pre
    mean = float(change.mean())
    # Differences carry the rounding of the scores they come from, not of their own size.
    largest = float(max(np.abs(pre).max(), np.abs(post).max()))
    of_changes = math.sqrt(variance(change, largest=largest))
    average = math.sqrt((variance(pre) + variance(post)) / 2)
    dz = mean / of_changes if of_changes > 0 else math.nan
    dav = mean / average if average > 0 else math.nan
    return dz, dav, pearson_r(pre, post)


def _flags(
    known: BoolArray, sds: tuple[float, ...], reliabilities: tuple[float, ...], *, undefined: tuple[bool, ...]
) -> set[str]:
    """Say what is missing; `undefined` tells of the index and of each effect size whether it lacks a divisor."""
    flags = set()
    if not known.all():
        flags.add("rows_dropped")
    if known.sum() < 2 or any(map(math.isnan, sds)):
        flags.add("too_few_rows")
    if any(map(math.isnan, reliabilities)):
        flags.add("reliability_out_of_range")
    if undefined[0] or (known.sum() >= 2 and any(undefined)):
        flags.add("no_variance")
    return flags
