"""Confidence bands around scores."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from attrs import field, frozen
from numpy.typing import ArrayLike

from leadkit._fields import as_float, float_array
from leadkit.stats._arrays import check_level, vector
from leadkit.stats._base import TableResult
from leadkit.stats.change.error import ScoreKind, check_kind, error_flags, number, score_error, score_estimate
from leadkit.stats.flags import sorted_flags
from leadkit.typing import FloatArray


@frozen(kw_only=True, eq=False)
class ScoreBand(TableResult):
    """Intervals around scores, one row a score.

    Parameters
    ----------
    score : (n,) array
        Observed scores; NaN where missing.
    estimate : (n,) array
        Centre of the interval: the score itself, or Kelley's estimate of the true score.
    low, high : (n,) array
        Ends of the interval; NaN where undefined.
    standard_error : float
        Standard error of the estimate, on the scale of the scores.
    kind : {"observed", "kelley"}
        Which centre and standard error were used.
    level : float
        Two-sided confidence level.
    flags : tuple of str
        `reliability_out_of_range`; `too_few_rows` when `sd` or a needed `mean` is NaN.
    """

    _columns: ClassVar[Mapping[str, str]] = {name: name for name in ("score", "estimate", "low", "high")}

    score: FloatArray = field(converter=float_array)
    estimate: FloatArray = field(converter=float_array)
    low: FloatArray = field(converter=float_array)
    high: FloatArray = field(converter=float_array)
    standard_error: float = field(converter=as_float)
    kind: ScoreKind
    level: float = field(converter=as_float)
    flags: tuple[str, ...] = field(default=(), converter=sorted_flags)


def score_band(
    scores: ArrayLike,
    *,
    sd: float,
    reliability: float,
    mean: float | None = None,
    kind: ScoreKind = "observed",
    level: float = 0.95,
) -> ScoreBand:
    """Put a confidence band around each score.

    Parameters
    ----------
    scores : (n,) array-like
        Observed scores; NaN is missing and stays NaN.
    sd : float
        Standard deviation of the observed scores, at least 0; NaN makes the bands NaN.
    reliability : float
        Reliability of the scores, above 0 and at most 1; any other number makes the bands NaN.
    mean : float, optional
        Mean of the observed scores; needed and used by `kind="kelley"` only.
    kind : {"observed", "kelley"}
        "observed": score -+ z sd sqrt(1 - reliability). "kelley": the estimated true score
        mean + reliability (score - mean) -+ z sd sqrt(reliability (1 - reliability)).
    level : float
        Two-sided confidence level, inside (0, 1).

    Returns
    -------
    ScoreBand
        One row a score, in the order given.

    Raises
    ------
    ValueError
        `scores` is not a vector of real numbers, `sd` is negative, `kind` is unknown, `level` is outside (0, 1), or
        `mean` is missing where it is needed.

    References
    ----------
    .. [1] T. L. Kelley, "Fundamentals of Statistics", Harvard University Press, 1947.

    Examples
    --------
    >>> band = score_band([18.0, 30.0], sd=4.0, reliability=0.75, mean=22.0, kind="kelley")
    >>> band.estimate.tolist()
    [19.0, 28.0]
    >>> round(band.standard_error, 3)
    1.732
    """
    from scipy.special import ndtri

    score = vector(scores, "scores")
    half = float(ndtri((1 + check_level(level)) / 2))
    check_kind(kind, mean)
    spread, r = number(sd, "sd", least=0.0), number(reliability, "reliability")
    standard_error = score_error(spread, r, kind)
    estimate = score_estimate(score, reliability=r, mean=mean, kind=kind)
    return ScoreBand(
        score=score,
        estimate=estimate,
        low=estimate - half * standard_error,
        high=estimate + half * standard_error,
        standard_error=standard_error,
        kind=kind,
        level=level,
        flags=error_flags(sd=spread, reliability=r, mean=mean, kind=kind),
    )
