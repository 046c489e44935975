"""How severe raters are, and what targets would score if all raters were alike."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Any, ClassVar

import numpy as np
from attrs import field, frozen
from numpy.typing import ArrayLike

from leadkit._fields import as_float, as_int, float_array, int_array
from leadkit.stats._arrays import check_level, vector
from leadkit.stats._base import TableResult
from leadkit.stats._groups import group_codes
from leadkit.stats.flags import sorted_flags
from leadkit.stats.variance.crossed import crossed_components
from leadkit.typing import FloatArray, IntArray


@frozen(kw_only=True, eq=False)
class RaterSeverity(TableResult):
    """Severity of raters and adjusted means of targets; `to_records` gives the targets, `rater_records` the raters.

    Parameters
    ----------
    raters : tuple
        Labels in ascending order, (R,).
    rater_n : (R,) int array
        Scores each rater gave; a label without a score has 0.
    severity : (R,) array
        How many points the rater scores below others, given the same target: minus the best linear unbiased prediction
        of the rater's effect. 0 for a rater without a score.
    severity_standard_error : (R,) array
        Root of the variance of the prediction about the rater's true severity; the grand mean is estimated, the
        variance components are taken as known.
    severity_low, severity_high : (R,) array
        Ends of the normal interval around the severity.
    targets : tuple
        Labels in ascending order, (T,).
    target_n : (T,) int array
        Scores each target got; a label without a score has 0.
    raw_mean : (T,) array
        Mean of the scores; NaN without a score.
    adjusted_mean : (T,) array
        Mean of the scores, each with the severity of its rater added; NaN without a score.
    shrunken_mean : (T,) array
        Grand mean plus the best linear unbiased prediction of the target's effect; the grand mean without a score.
    target_variance, rater_variance, residual_variance : float
        Restricted maximum-likelihood estimates, at least 0.
    grand_mean : float
        Generalised least-squares mean.
    level : float
        Two-sided confidence level.
    n_components : int
        Parts of the design that no score connects. Between parts severe raters and weak targets are told apart only by
        the assumption that both were drawn at random.
    n_rows, n_used : int
        Rows given, and those with a score, a target and a rater.
    flags : tuple of str
        `disconnected_design`, `rows_dropped`, `not_converged`, `zero_between_variance` for a target or rater variance
        of 0, `perfect_consistency` for a residual variance of 0, `no_variance` when all scores are equal. With
        `underidentified`, for one target, one rater (`too_few_raters`), a single score a target or a rater, or too few
        rows (`too_few_rows`), the components cannot be told apart, and all that follows from them is NaN.
    """

    _columns: ClassVar[Mapping[str, str]] = {
        "targets": "target",
        "target_n": "n",
        "raw_mean": "raw_mean",
        "adjusted_mean": "adjusted_mean",
        "shrunken_mean": "shrunken_mean",
    }

    raters: tuple[Any, ...]
    rater_n: IntArray = field(converter=int_array)
    severity: FloatArray = field(converter=float_array)
    severity_standard_error: FloatArray = field(converter=float_array)
    severity_low: FloatArray = field(converter=float_array)
    severity_high: FloatArray = field(converter=float_array)
    targets: tuple[Any, ...]
    target_n: IntArray = field(converter=int_array)
    raw_mean: FloatArray = field(converter=float_array)
    adjusted_mean: FloatArray = field(converter=float_array)
    shrunken_mean: FloatArray = field(converter=float_array)
    target_variance: float = field(converter=as_float)
    rater_variance: float = field(converter=as_float)
    residual_variance: float = field(converter=as_float)
    grand_mean: float = field(converter=as_float)
    level: float = field(converter=as_float)
    n_components: int = field(converter=as_int)
    n_rows: int = field(converter=as_int)
    n_used: int = field(converter=as_int)
    flags: tuple[str, ...] = field(default=(), converter=sorted_flags)

    def rater_records(self) -> list[dict[str, Any]]:
        """Give one dictionary a rater, scalars only; NaN becomes None.

        Returns
        -------
        list of dict
            The raters in ascending order: rater, n, severity, severity_standard_error, severity_low, severity_high.
        """
        columns = self.to_dict()
        names = {"raters": "rater", "rater_n": "n"} | {name: name for name in columns if name.startswith("severity")}
        rows = zip(*(columns[name] for name in names), strict=True)
        return [dict(zip(names.values(), row, strict=True)) for row in rows]


def rater_severity(
    scores: ArrayLike,
    targets: ArrayLike | Sequence[Hashable],
    raters: ArrayLike | Sequence[Hashable],
    *,
    level: float = 0.95,
) -> RaterSeverity:
    """Tell lenient and severe raters from strong and weak targets, when not every rater scores every target.

    A score is the grand mean plus effects of its target and of its rater plus an error, all three random, with variances
    by restricted maximum likelihood. Any pattern of scores will do, and a rater may score a target more than once.

    Parameters
    ----------
    scores : (n,) array-like
        One score a row; NaN is missing.
    targets, raters : (n,) array-like
        Who is scored and who scores: integers, strings or objects that sort together; None or NaN leaves the row out.
    level : float
        Two-sided confidence level of the intervals of severity, inside (0, 1).

    Returns
    -------
    RaterSeverity
        Severity of each rater, raw, adjusted and shrunken mean of each target, and the variance components.

    Raises
    ------
    ValueError
        `scores` is not a vector of real finite numbers, labels do not fit it or do not sort together, `level` is
        outside (0, 1), or there are more than 5000 targets and more than 5000 raters with scores.

    Notes
    -----
    For complete data of n targets the severity of a rater is n s / (n s + e) times the distance of the rater's mean
    below the grand mean, s being the rater and e the residual variance.

    References
    ----------
    .. [1] C. R. Henderson, "Best linear unbiased estimation and prediction under a selection model", Biometrics 31,
       1975.
    .. [2] H. D. Patterson and R. Thompson, "Recovery of inter-block information when block sizes are unequal",
       Biometrika 58, 1971 (restricted maximum likelihood).

    Examples
    --------
    Rater "c" scores two points below "a", and has seen only the two targets that "a" and "b" find weaker:

    >>> targets = ["t1", "t1", "t2", "t2", "t3", "t3", "t4", "t4", "t4"]
    >>> raters = ["a", "b", "a", "b", "a", "c", "a", "b", "c"]
    >>> result = rater_severity([7, 6, 6, 6, 5, 3, 4, 4, 2], targets, raters)
    >>> dict(zip(result.raters, result.severity.round(2).tolist()))
    {'a': -0.78, 'b': -0.47, 'c': 1.26}
    >>> result.raw_mean.round(2), result.adjusted_mean.round(2)
    (array([6.5 , 6.  , 4.  , 3.33]), array([5.87, 5.37, 4.24, 3.33]))
    """
    from scipy.special import ndtri

    half = float(ndtri((1 + check_level(level)) / 2))
    values = vector(scores, "scores")
    target_labels, target_codes = group_codes(targets, "targets", length=values.size)
    rater_labels, rater_codes = group_codes(raters, "raters", length=values.size)
    used = (target_codes >= 0) & (rater_codes >= 0) & ~np.isnan(values)
    values, target_codes, rater_codes = values[used], target_codes[used], rater_codes[used]
    n_targets, n_raters = len(target_labels), len(rater_labels)
    fit = crossed_components(values, target_codes, rater_codes, n_targets=n_targets, n_raters=n_raters)
    # minus 0 would be a strange severity
    severity, error = 0.0 - fit.rater_effects, fit.rater_standard_errors
    return RaterSeverity(
        raters=rater_labels,
        rater_n=np.bincount(rater_codes, minlength=n_raters),
        severity=severity,
        severity_standard_error=error,
        severity_low=severity - half * error,
        severity_high=severity + half * error,
        targets=target_labels,
        target_n=np.bincount(target_codes, minlength=n_targets),
        raw_mean=_means(values, target_codes, n_targets),
        adjusted_mean=_means(values + severity[rater_codes], target_codes, n_targets),
        shrunken_mean=fit.grand_mean + fit.target_effects,
        target_variance=fit.target_variance,
        rater_variance=fit.rater_variance,
        residual_variance=fit.residual_variance,
        grand_mean=fit.grand_mean,
        level=level,
        n_components=fit.n_components,
        n_rows=used.size,
        n_used=values.size,
        flags=set(fit.flags) | ({"rows_dropped"} if values.size < used.size else set()),
    )


def _means(values: FloatArray, codes: IntArray, n: int) -> FloatArray:
    """Mean (n,) of the values of each code; NaN without one. The order of the values does not change the rounding."""
    order = np.lexsort((values, codes))
    values, codes = values[order], codes[order]
    counts = np.bincount(codes, minlength=n)
    with np.errstate(invalid="ignore"):
        return np.bincount(codes, weights=values, minlength=n) / counts
