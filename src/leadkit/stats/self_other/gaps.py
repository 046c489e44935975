"""How far people's own scores lie from the scores others give them, and how well the two agree."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import ClassVar, Literal, NamedTuple, TypeAlias

import numpy as np
from attrs import field, frozen
from numpy.typing import ArrayLike

from leadkit._fields import as_float, as_int, float_array
from leadkit.stats._arrays import ROUNDING, check_word, first_place, floats, vector
from leadkit.stats._base import TableResult
from leadkit.stats._spread import correlation, is_rounding, variance
from leadkit.stats.change.error import number
from leadkit.stats.flags import sorted_flags
from leadkit.typing import BoolArray, FloatArray

__all__ = ["SelfOtherGap", "self_other_gap"]

Rule: TypeAlias = Literal["standardised", "points", "standard_error"]
Category: TypeAlias = Literal["over", "in_agreement", "under"]
RULES = ("standardised", "points", "standard_error")


@frozen(kw_only=True, eq=False)
class SelfOtherGap(TableResult):
    """Own scores beside others' scores, one row a person, and the agreement of the two sources.

    Parameters
    ----------
    gap : (n_rows,) array
        Self minus other, on the scale of the scores; NaN where either is missing.
    category : tuple of n_rows of {"over", "in_agreement", "under", None}
        Whether a person's own score lies above, near or below the others'; None where that is unknown.
    n : int
        People with both scores; every number below is over them.
    r : float
        Pearson's r of the two sources, in [-1, 1]; NaN where one of them has no spread.
    mean_gap, sd_gap : float
        Mean of the gaps and their standard deviation (divisor n - 1).
    cohen_dz : float
        mean_gap / sd_gap; NaN when all gaps are equal.
    mean_absolute_gap : float
        Mean size of the gaps whatever their sign, at least 0.
    icc_agreement, icc_consistency : float
        ICC(2,1) and ICC(3,1) of the two sources: agreement in value, and up to a constant between the sources.
    lin_ccc : float
        Lin's concordance correlation coefficient, variances with divisor n, in [-1, 1].
    n_over, n_in_agreement, n_under : int
        People in each category; they add up to the people whose category is known.
    rule : {"standardised", "points", "standard_error"}
        What was compared with the threshold.
    threshold : float
        The largest gap that still counts as agreement, in the unit of the rule.
    flags : tuple of str
        `rows_dropped` when a score, or a standard error that the rule needs, is missing; `too_few_rows` for fewer
        than two people; `no_variance` when a divisor is 0: the spread of a source or of the gaps, or a standard error.
    """

    _columns: ClassVar[Mapping[str, str]] = {name: name for name in ("gap", "category")}

    gap: FloatArray = field(converter=float_array)
    category: tuple[Category | None, ...]
    n: int = field(converter=as_int)
    r: float = field(converter=as_float)
    mean_gap: float = field(converter=as_float)
    sd_gap: float = field(converter=as_float)
    cohen_dz: float = field(converter=as_float)
    mean_absolute_gap: float = field(converter=as_float)
    icc_agreement: float = field(converter=as_float)
    icc_consistency: float = field(converter=as_float)
    lin_ccc: float = field(converter=as_float)
    n_over: int = field(converter=as_int)
    n_in_agreement: int = field(converter=as_int)
    n_under: int = field(converter=as_int)
    rule: Rule
    threshold: float = field(converter=as_float)
    flags: tuple[str, ...] = field(default=(), converter=sorted_flags)


def self_other_gap(
    self_scores: ArrayLike,
    other_scores: ArrayLike,
    *,
    rule: Rule = "standardised",
    threshold: float = 0.5,
    standard_error: ArrayLike | None = None,
) -> SelfOtherGap:
    """Tell who rates themselves higher or lower than others do, and how well the two sources agree.

    Parameters
    ----------
    self_scores, other_scores : (n,) array-like
        A person's own score and the score others give them, usually a mean over raters; NaN is missing.
    rule : {"standardised", "points", "standard_error"}
        What has to lie strictly beyond -+ `threshold` for "over" or "under": the difference of the z scores, each
        source on its own mean and standard deviation (divisor n - 1) over the people with both scores; the gap
        itself; or the gap over `standard_error`.
    threshold : float
        The largest gap that still counts as agreement, in standard deviations, points or standard errors; at least 0.
    standard_error : float or (n,) array-like, optional
        Standard error of the gap, at least 0, for everybody or for each person; needed and taken by
        `rule="standard_error"` only. NaN is missing.

    Returns
    -------
    SelfOtherGap
        One row a person, in the order given. A standardised gap compares people's places in the two sources, so
        `mean_gap` does not enter it: where everybody overrates themselves by the same amount, all are in agreement.

    Raises
    ------
    ValueError
        The scores are not vectors of one length, `rule` is unknown, `threshold` or a standard error is negative, or
        `standard_error` is missing where it is needed or given where it is not.

    References
    ----------
    .. [1] L. E. Atwater and F. J. Yammarino, "Does self-other agreement on leadership perceptions moderate the validity
       of leadership and performance predictions?", Personnel Psychology 45, 1992.
    .. [2] L. I.-K. Lin, "A concordance correlation coefficient to evaluate reproducibility", Biometrics 45, 1989.
    .. [3] P. E. Shrout and J. L. Fleiss, "Intraclass correlations: uses in assessing rater reliability", Psychological
       Bulletin 86, 1979.

    Examples
    --------
    >>> result = self_other_gap([4.0, 3.0, 5.0, 2.0], [3.0, 3.2, 4.0, 3.0], rule="points")
    >>> result.gap.round(1).tolist(), result.category
    ([1.0, -0.2, 1.0, -1.0], ('over', 'in_agreement', 'over', 'under'))
    >>> round(result.mean_gap, 3), round(result.r, 3), round(result.lin_ccc, 3)
    (0.2, 0.759, 0.479)
    """
    own = vector(self_scores, "self_scores")
    others = vector(other_scores, "other_scores", length=own.size)
    check_word(rule, "rule", RULES)
    limit = _threshold(threshold)
    errors = _standard_errors(standard_error, rule, own.size)
    both = ~(np.isnan(own) | np.isnan(others))
    sources = _agreement(own[both], others[both])
    distance, size = _distance(own, others, both, errors, standardised=rule == "standardised")
    category = _categories(distance, size, limit)

    flags = set()
    if not (both & ~np.isnan(errors)).all():
        flags.add("rows_dropped")
    if sources.n < 2:
        flags.add("too_few_rows")
    if (sources.n > 1 and any(map(math.isnan, sources))) or (errors[both] == 0).any():
        flags.add("no_variance")
    return SelfOtherGap(
        gap=own - others,
        category=category,
        n=sources.n,
        r=sources.r,
        mean_gap=sources.mean_gap,
        sd_gap=sources.sd_gap,
        cohen_dz=sources.cohen_dz,
        mean_absolute_gap=sources.mean_absolute_gap,
        icc_agreement=sources.icc_agreement,
        icc_consistency=sources.icc_consistency,
        lin_ccc=sources.lin_ccc,
        n_over=category.count("over"),
        n_in_agreement=category.count("in_agreement"),
        n_under=category.count("under"),
        rule=rule,
        threshold=limit,
        flags=flags,
    )


class Agreement(NamedTuple):
    """What `SelfOtherGap` tells of the two sources as a whole."""

    n: int
    mean_gap: float = math.nan
    mean_absolute_gap: float = math.nan
    sd_gap: float = math.nan
    cohen_dz: float = math.nan
    r: float = math.nan
    icc_agreement: float = math.nan
    icc_consistency: float = math.nan
    lin_ccc: float = math.nan


def _threshold(value: float) -> float:
    limit = number(value, "threshold", least=0.0)
    if math.isnan(limit):
        msg = f"threshold: expected a number of at least 0, got {value!r}"
        raise ValueError(msg)
    return limit


def _standard_errors(values: ArrayLike | None, rule: Rule, n: int) -> FloatArray:
    """Return what the gap of each person is divided by, 1 for a rule without standard errors."""
    if (values is None) == (rule == "standard_error"):
        state = "needs the standard error of the gaps" if values is None else "takes no standard error"
        msg = f"standard_error: rule={rule!r} {state}"
        raise ValueError(msg)
    errors = floats(1.0 if values is None else values, "standard_error")
    errors = vector(np.full(n, errors) if errors.ndim == 0 else errors, "standard_error", length=n)
    negative = errors < 0
    if negative.any():
        place = first_place(negative)[0]
        msg = f"standard_error[{place}]: expected at least 0, got {errors[place]:g}"
        raise ValueError(msg)
    return errors


def _agreement(own: FloatArray, others: FloatArray) -> Agreement:
    """Describe the two sources from complete pairs; NaN where a divisor is 0 or unknown."""
    gap, n = own - others, own.size
    if n == 0:
        return Agreement(0)
    mean, mean_absolute = float(gap.mean()), float(np.abs(gap).mean())
    if n == 1:
        return Agreement(1, mean, mean_absolute)
    largest = float(max(np.abs(own).max(), np.abs(others).max()))
    of_gaps, spread = variance(gap, largest=largest), variance(own) + variance(others)
    r = correlation(own, others)
    shared = 0.0 if math.isnan(r) else 2 * r * math.sqrt(variance(own) * variance(others))
    shift = 0.0 if is_rounding(abs(mean), largest) else mean**2
    # The mean squares of Shrout and Fleiss, written out for two sources.
    return Agreement(
        n=n,
        mean_gap=mean,
        mean_absolute_gap=mean_absolute,
        sd_gap=math.sqrt(of_gaps),
        cohen_dz=mean / math.sqrt(of_gaps) if of_gaps > 0 else math.nan,
        r=r,
        icc_agreement=_share(shared, spread + shift - of_gaps / n, of=spread + shift),
        icc_consistency=_share(shared, spread, of=spread),
        lin_ccc=_share(shared, spread + shift * n / (n - 1), of=spread + shift),
    )


def _share(part: float, whole: float, *, of: float) -> float:
    """Divide, at most 1; NaN where the divisor is no more than rounding of its terms."""
    return min(1.0, part / whole) if whole > ROUNDING * of else math.nan


def _distance(
    own: FloatArray, others: FloatArray, both: BoolArray, errors: FloatArray, *, standardised: bool
) -> tuple[FloatArray, FloatArray | float]:
    """Return what is compared with the threshold, NaN where unknown, and the size of the numbers it comes from."""
    if not standardised:
        scale = np.where(errors > 0, errors, np.nan)
        return (own - others) / scale, np.maximum(np.abs(own), np.abs(others)) / scale
    first, first_size = _z_scores(own, both)
    second, second_size = _z_scores(others, both)
    return first - second, first_size + second_size


def _z_scores(scores: FloatArray, both: BoolArray) -> tuple[FloatArray, float]:
    """Standardise on the people with both scores; NaN for others, and for all when these have no spread."""
    used = scores[both]
    spread = variance(used)
    if not spread > 0:
        return np.full(scores.size, np.nan), math.nan
    sd, start = math.sqrt(spread), used[0]
    z = (scores - start - (used - start).mean()) / sd
    return np.where(both, z, np.nan), float(np.abs(used).max()) / sd


def _categories(distance: FloatArray, size: FloatArray | float, limit: float) -> tuple[Category | None, ...]:
    # A gap of 0.5 stays within a threshold of 0.5 when the scores are 4.4 and 3.9, which differ by a little more in floating point.
    beyond = (np.abs(distance) > limit) & ~is_rounding(np.abs(distance) - limit, size)
    rows = zip(np.isnan(distance).tolist(), beyond.tolist(), (distance > 0).tolist(), strict=True)
    return tuple(
        None if unknown else "in_agreement" if not far else "over" if above else "under" for unknown, far, above in rows
    )
