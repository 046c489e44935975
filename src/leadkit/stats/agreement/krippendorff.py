"""Agreement of raters beyond what chance would give."""

from __future__ import annotations

import math

import numpy as np
from attrs import field, frozen
from numpy.typing import ArrayLike

from leadkit._fields import as_float, as_int, float_array
from leadkit.stats._arrays import check_level, check_word, matrix, whole_number
from leadkit.stats._base import ConfidenceInterval, Result, interval_or_nan
from leadkit.stats._replicates import replicate, replicate_seeds
from leadkit.stats.agreement.coincidence import (
    CodedUnits,
    Metric,
    UnitResampler,
    coded_units,
    coincidences,
    expected_disagreement,
    positions,
    squared_difference,
)
from leadkit.stats.flags import sorted_flags
from leadkit.typing import Executor, FloatArray, Progress, RNGLike

__all__ = ["KrippendorffAlpha", "krippendorff_alpha"]


@frozen(kw_only=True, eq=False)
class KrippendorffAlpha(Result):
    """Krippendorff's alpha and the coincidence matrix it comes from.

    Parameters
    ----------
    alpha : float
        1 - observed_disagreement / expected_disagreement, at most 1; below 0 for disagreement beyond chance.
        NaN where undefined.
    observed_disagreement : float
        Mean squared difference of ratings of the same unit.
    expected_disagreement : float
        Mean squared difference of ratings of any units.
    interval : ConfidenceInterval
        Percentile interval from resampling units; NaN ends without resampling.
    metric : {"nominal", "ordinal", "interval", "ratio"}
        How two values differ.
    values : (m,) array
        Values used in units with at least two ratings, ascending.
    coincidences : (m, m) array
        Ordered pairs of values within units, each pair divided by the unit's number of ratings less one; symmetric,
        its sum is the number of pairable ratings.
    n_units : int
        Units given.
    n_pairable : int
        Units with at least two ratings.
    n_raters : int
        Columns given.
    n_resamples : int
        Resamples asked for.
    n_undefined : int
        Resamples without a value, left out of the interval.
    interval_method : str
        "percentile".
    flags : tuple of str
        `no_variation`, `too_few_pairs` when no unit has two ratings, `rows_dropped` when some units do not,
        `too_few_rows` when fewer than two units could be resampled, `undefined_resamples`.
    """

    alpha: float = field(converter=as_float)
    observed_disagreement: float = field(converter=as_float)
    expected_disagreement: float = field(converter=as_float)
    interval: ConfidenceInterval
    metric: Metric
    values: FloatArray = field(converter=float_array)
    coincidences: FloatArray = field(converter=float_array)
    n_units: int = field(converter=as_int)
    n_pairable: int = field(converter=as_int)
    n_raters: int = field(converter=as_int)
    n_resamples: int = field(converter=as_int)
    n_undefined: int = field(converter=as_int)
    interval_method: str = "percentile"
    flags: tuple[str, ...] = field(default=(), converter=sorted_flags)


def krippendorff_alpha(
    ratings: ArrayLike,
    *,
    metric: Metric,
    n_resamples: int = 0,
    level: float = 0.95,
    rng: RNGLike | None = None,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> KrippendorffAlpha:
    """Agreement of any number of raters, for any level of measurement, with missing ratings.

    Parameters
    ----------
    ratings : (n_units, n_raters) array-like
        One rating a unit and rater; NaN is missing. Units with fewer than two ratings say nothing and are left out.
    metric : {"nominal", "ordinal", "interval", "ratio"}
        Squared difference of two values c < k: 1; the uses of the values from c to k less half the uses of c and of k,
        squared; (c - k)^2; ((c - k) / (c + k))^2.
    n_resamples : int
        Number of resamples of the pairable units for the interval; 0 for none. The ordinal differences are taken anew
        from each resample.
    level : float
        Two-sided confidence level of the percentile interval, inside (0, 1).
    rng : Generator, SeedSequence or int, optional
        Source of the seeds, one spawned a resample; required with `n_resamples`.
    executor : Executor, optional
        Where resamples are computed; the result does not depend on it, nor on the order of units or raters.
    progress : callable, optional
        Called as `progress(done, total)` after every part of the resamples.

    Returns
    -------
    KrippendorffAlpha
        Alpha with its disagreements, coincidences and interval.

    Raises
    ------
    ValueError
        `ratings` is not a matrix of real numbers, holds negative values under "ratio" or more than 5000 different
        values, the metric is unknown, or `rng` is missing where it is needed.

    References
    ----------
    .. [1] K. Krippendorff, "Computing Krippendorff's Alpha-Reliability", University of Pennsylvania, 2011.
    .. [2] A. F. Hayes and K. Krippendorff, "Answering the call for a standard reliability measure for coding data",
       Communication Methods and Measures 1, 2007 (resampling).

    Examples
    --------
    The worked example of [1]_, 12 units by 4 observers:

    >>> nan = float("nan")
    >>> ratings = [
    ...     [1, 1, nan, 1], [2, 2, 3, 2], [3, 3, 3, 3], [3, 3, 3, 3], [2, 2, 2, 2], [1, 2, 3, 4],
    ...     [4, 4, 4, 4], [1, 1, 2, 1], [2, 2, 2, 2], [nan, 5, 5, 5], [nan, nan, 1, 1], [nan, 3, nan, nan],
    ... ]
    >>> for metric in ("nominal", "ordinal", "interval", "ratio"):
    ...     print(metric, round(krippendorff_alpha(ratings, metric=metric).alpha, 3))
    nominal 0.743
    ordinal 0.815
    interval 0.849
    ratio 0.797
    """
    table = matrix(ratings, "ratings")
    check_word(metric, "metric", ("nominal", "ordinal", "interval", "ratio"))
    check_level(level)
    n_draws = whole_number(n_resamples, "n_resamples", least=0)
    seeds = replicate_seeds(rng, n_draws) if n_draws else []
    units = coded_units(table, metric)
    pairs = coincidences(units)
    alpha, observed, expected = _alpha(units, pairs, metric)
    n_pairable = len(units.codes)
    drawn = n_draws > 0 and n_pairable > 1 and not math.isnan(alpha)
    replicates = replicate(UnitResampler.of(units, metric), seeds, executor, progress) if drawn else np.empty(0)
    defined = replicates[~np.isnan(replicates)]

    flags = set()
    if n_pairable < len(table):
        flags.add("rows_dropped")
    if math.isnan(alpha):
        flags.add("no_variation" if n_pairable else "too_few_pairs")
    elif n_draws > 0 and not drawn:
        flags.add("too_few_rows")
    if defined.size < n_draws:
        flags.add("undefined_resamples")
    return KrippendorffAlpha(
        alpha=alpha,
        observed_disagreement=observed,
        expected_disagreement=expected,
        interval=_percentile_interval(defined, level),
        metric=metric,
        values=units.values,
        coincidences=pairs,
        n_units=len(table),
        n_pairable=n_pairable,
        n_raters=table.shape[1],
        n_resamples=n_draws,
        n_undefined=n_draws - defined.size,
        flags=flags,
    )


def _percentile_interval(replicates: FloatArray, level: float) -> ConfidenceInterval:
    if replicates.size == 0:
        return interval_or_nan(math.nan, math.nan, level)
    low, high = np.quantile(replicates, [(1 - level) / 2, (1 + level) / 2]).tolist()
    return interval_or_nan(low, high, level)


def _alpha(units: CodedUnits, pairs: FloatArray, metric: Metric) -> tuple[float, float, float]:
    """Return alpha with the observed and expected disagreement; alpha is NaN where no disagreement is expected."""
    totals = units.totals()
    if totals.size == 0:
        return math.nan, math.nan, math.nan
    places = positions(units.values, totals, metric)
    differences = squared_difference(places[:, None], places[None, :], metric)
    observed = float((pairs * differences).sum()) / float(totals.sum())
    expected = expected_disagreement(totals, differences)
    return (1 - observed / expected if expected > 0 else math.nan), observed, expected
