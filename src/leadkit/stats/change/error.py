"""The error of measurement of a score, and where the true score is expected."""

from __future__ import annotations

import math
from typing import Literal

from leadkit.stats._arrays import check_word, floats
from leadkit.typing import FloatArray

ScoreKind = Literal["observed", "kelley"]


def standard_error_of_measurement(sd: float, reliability: float) -> float:
    """Give the standard deviation of the measurement error of a score.

    Parameters
    ----------
    sd : float
        Standard deviation of the observed scores, at least 0; NaN gives NaN.
    reliability : float
        Reliability of the scores, above 0 and at most 1; any other number gives NaN.

    Returns
    -------
    float
        sd sqrt(1 - reliability), on the scale of the scores; NaN where undefined.

    Raises
    ------
    ValueError
        An argument is not one finite real number, or `sd` is negative.

    References
    ----------
    .. [1] F. M. Lord and M. R. Novick, "Statistical Theories of Mental Test Scores", Addison-Wesley, 1968.

    Examples
    --------
    >>> round(standard_error_of_measurement(7.5, 0.8), 3)
    3.354
    """
    return number(sd, "sd", least=0.0) * math.sqrt(1 - usable_reliability(reliability, "reliability"))


def number(value: float | None, name: str, *, least: float = -math.inf, most: float = math.inf) -> float:
    """Return one real number inside [least, most]; None becomes NaN, and NaN passes."""
    array = floats(math.nan if value is None else value, name)
    if array.ndim:
        msg = f"{name}: expected one number, got an array of {array.ndim} dimensions"
        raise ValueError(msg)
    result = float(array)
    if result < least or result > most:
        expected = f"of at least {least:g}" if math.isinf(most) else f"in {least:g}..{most:g}"
        msg = f"{name}: expected a number {expected}, got {result:g}"
        raise ValueError(msg)
    return result


def usable_reliability(value: float | None, name: str) -> float:
    """Return a reliability that is above 0 and at most 1, else NaN."""
    reliability = number(value, name)
    return reliability if 0 < reliability <= 1 else math.nan


def check_kind(kind: ScoreKind, mean: float | None) -> None:
    """Refuse an unknown kind, and Kelley's estimate without a mean."""
    check_word(kind, "kind", ("observed", "kelley"))
    if kind == "kelley" and mean is None:
        msg = "mean: kind='kelley' needs the mean of the observed scores"
        raise ValueError(msg)


def score_error(sd: float, reliability: float, kind: ScoreKind) -> float:
    """Give the standard error of a score, or of Kelley's estimate of the true score."""
    if kind == "observed":
        return standard_error_of_measurement(sd, reliability)
    r = usable_reliability(reliability, "reliability")
    return number(sd, "sd", least=0.0) * math.sqrt(r * (1 - r))


def score_estimate(score: FloatArray, *, reliability: float | None, mean: float | None, kind: ScoreKind) -> FloatArray:
    """Return the score, or Kelley's estimate of the true score when that is asked for."""
    if kind == "observed":
        return score
    centre = number(mean, "mean")
    return centre + usable_reliability(reliability, "reliability") * (score - centre)


def error_flags(*, sd: float | None, reliability: float | None, mean: float | None, kind: ScoreKind) -> set[str]:
    """Say why a band or a probability is NaN: a reliability out of range, an unknown spread or mean.

    `sd` and `reliability` are None where something else gives the standard error.
    """
    flags = set()
    if reliability is not None and math.isnan(usable_reliability(reliability, "reliability")):
        flags.add("reliability_out_of_range")
    unknown_mean = kind == "kelley" and math.isnan(number(mean, "mean"))
    if unknown_mean or (sd is not None and math.isnan(number(sd, "sd"))):
        flags.add("too_few_rows")
    return flags
