"""Bootstrap of any statistic, by rows or by whole units."""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Sequence
from typing import Any, Literal

import numpy as np
from attrs import field, frozen
from numpy.typing import ArrayLike, NDArray

from leadkit._fields import as_float, as_int, float_array
from leadkit.stats._arrays import REAL_KINDS, check_level, check_word, whole_number
from leadkit.stats._base import ConfidenceInterval, Result, interval_or_nan
from leadkit.stats._groups import group_codes
from leadkit.stats._replicates import chunked, counted_on, replicate, replicate_seeds
from leadkit.stats.flags import sorted_flags
from leadkit.typing import Executor, FloatArray, IntArray, Progress, RNGLike

__all__ = ["Bootstrap", "bootstrap"]

BootstrapMethod = Literal["bca", "percentile", "basic"]


@frozen(kw_only=True, eq=False)
class Bootstrap(Result):
    """A statistic with its standard error and interval from resampling.

    Parameters
    ----------
    estimate : float
        The statistic of the data; NaN when it gives no finite number.
    standard_error : float
        Standard deviation (divisor one less than their number) of the replicates.
    interval : ConfidenceInterval
        Interval by `method`; NaN ends where undefined.
    replicates : (n_resamples,) array
        The statistic of each resample, in the order of their seeds; NaN where it gives no finite number.
    n_undefined : int
        Replicates that are NaN and left out.
    n_units : int
        Units, or rows when none were given, that were drawn from.
    method : {"bca", "percentile", "basic"}
        How the interval was made.
    flags : tuple of str
        `too_few_rows` for fewer than two units, `undefined_resamples` when the statistic is NaN somewhere,
        `rows_dropped` when rows belong to no unit, `no_variance` when the replicates or the jackknife values do not
        vary about the estimate, so that there is no interval.
    """

    estimate: float = field(converter=as_float)
    standard_error: float = field(converter=as_float)
    interval: ConfidenceInterval
    replicates: FloatArray = field(converter=float_array, repr=False)
    n_undefined: int = field(converter=as_int)
    n_units: int = field(converter=as_int)
    method: BootstrapMethod
    flags: tuple[str, ...] = field(default=(), converter=sorted_flags)


def bootstrap(
    statistic: Callable[..., float],
    *arrays: ArrayLike,
    rng: RNGLike,
    n_resamples: int = 2000,
    level: float = 0.95,
    method: BootstrapMethod = "bca",
    units: ArrayLike | Sequence[Hashable] | None = None,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> Bootstrap:
    """Give a statistic a standard error and an interval by drawing rows, or whole units, with replacement.

    Parameters
    ----------
    statistic : callable
        Takes arrays like `arrays` and gives one number; what is not finite counts as undefined. It must not depend on
        the order of the rows. For a pool of processes it must be picklable.
    *arrays : (n, ...) array-like
        Data that share their first axis; rows are drawn together. Any type that `statistic` takes.
    rng : Generator, SeedSequence or int
        Source of the seeds, one spawned a resample.
    n_resamples : int
        Number of resamples B, at least 2.
    level : float
        Two-sided confidence level, inside (0, 1).
    method : {"bca", "percentile", "basic"}
        "bca": bias-corrected and accelerated, which also computes the statistic without each unit in turn; replicates
        equal to the estimate count half. "percentile": quantiles of the replicates (linear interpolation).
        "basic": those quantiles reflected about the estimate.
    units : (n,) array-like, optional
        Labels (integers, strings or objects that sort together; None or NaN: the row is left out). All rows of a drawn
        unit enter a resample, as often as the unit is drawn.
    executor : Executor, optional
        Where resamples are computed; the result does not depend on it, nor on the order of the rows.
    progress : callable, optional
        Called as `progress(done, total)` after every part of the work.

    Returns
    -------
    Bootstrap
        Estimate, standard error, interval and replicates.

    Raises
    ------
    ValueError
        No array is given, the arrays or `units` differ in length, labels do not sort together, the statistic gives
        something else than one real number, or an option is out of its range.

    References
    ----------
    .. [1] B. Efron, "Better bootstrap confidence intervals", Journal of the American Statistical Association 82, 1987.
    .. [2] A. C. Davison and D. V. Hinkley, "Bootstrap Methods and their Application", Cambridge University Press, 1997.

    Examples
    --------
    >>> result = bootstrap(np.mean, [2.0, 4.0, 4.0, 5.0, 7.0, 9.0], rng=1, n_resamples=500)
    >>> round(result.estimate, 3)
    5.167
    >>> result.interval.low < result.estimate < result.interval.high
    True
    """
    check_word(method, "method", ("bca", "percentile", "basic"))
    check_level(level)
    seeds = replicate_seeds(rng, whole_number(n_resamples, "n_resamples", least=2))
    data = _checked_arrays(arrays)
    rows = _ordered_rows(data) if units is None else _rows_of_units(units, len(data[0]))
    sampler = _Sampler(statistic=statistic, arrays=data, rows=rows)
    kept = np.sort(sampler.rows_of(np.arange(len(rows))))
    estimate = sampler.value(kept) if kept.size else math.nan
    enough = len(rows) > 1
    needs_jackknife = enough and method == "bca"
    first = len(chunked(seeds))
    total = first + len(chunked(range(len(rows)))) * needs_jackknife
    replicates = (
        replicate(sampler.resample, seeds, executor, counted_on(progress, 0, total))
        if enough
        else np.full(len(seeds), np.nan)
    )
    jackknife = (
        replicate(sampler.without, range(len(rows)), executor, counted_on(progress, first, total))
        if needs_jackknife
        else np.empty(0)
    )
    defined = replicates[~np.isnan(replicates)]
    low, high = _ends(estimate, defined, jackknife[~np.isnan(jackknife)], method=method, level=level)

    flags = set()
    if kept.size < len(data[0]):
        flags.add("rows_dropped")
    if not enough:
        flags.add("too_few_rows")
    if math.isnan(estimate) or np.isnan(replicates).any() or np.isnan(jackknife).any():
        flags.add("undefined_resamples")
    elif math.isnan(low):
        flags.add("no_variance")
    return Bootstrap(
        estimate=estimate,
        standard_error=defined.std(ddof=1) if defined.size > 1 else math.nan,
        interval=interval_or_nan(low, high, level),
        replicates=replicates,
        n_undefined=replicates.size - defined.size,
        n_units=len(rows),
        method=method,
        flags=flags,
    )


@frozen(kw_only=True, eq=False)
class _Sampler:
    """A statistic, its data, and the row (or rows) of each unit in an order that the order of the data cannot change."""

    statistic: Callable[..., float]
    arrays: tuple[NDArray[Any], ...]
    rows: IntArray | tuple[IntArray, ...]

    def rows_of(self, units: IntArray) -> IntArray:
        """Find the rows of the units, in the order of the units."""
        if isinstance(self.rows, np.ndarray):
            return self.rows[units]
        return np.concatenate([np.empty(0, dtype=np.int64), *(self.rows[unit] for unit in units)])

    def value(self, rows: IntArray) -> float:
        """Give the statistic of these rows; NaN when it is not finite."""
        # Degenerate resamples divide by zero inside the statistic; the NaN that comes of it is counted.
        with np.errstate(all="ignore"):
            value = np.asarray(self.statistic(*(array[rows] for array in self.arrays)))
        if value.ndim or value.dtype.kind not in REAL_KINDS:
            msg = f"statistic: expected one real number, got {value.tolist()!r}"
            raise ValueError(msg)
        number = float(value)
        return number if math.isfinite(number) else math.nan

    def resample(self, seed: np.random.SeedSequence) -> float:
        """Draw as many units as there are and give the statistic of them."""
        n = len(self.rows)
        return self.value(self.rows_of(np.random.default_rng(seed).integers(n, size=n)))

    def without(self, unit: int) -> float:
        """Give the statistic of all units but one."""
        return self.value(self.rows_of(np.delete(np.arange(len(self.rows)), unit)))


def _ends(
    estimate: float, replicates: FloatArray, jackknife: FloatArray, *, method: BootstrapMethod, level: float
) -> tuple[float, float]:
    """Find the ends of the interval from the defined replicates and, for bca, the defined jackknife values."""
    if math.isnan(estimate) or replicates.size == 0:
        return math.nan, math.nan
    tails = np.array([(1 - level) / 2, (1 + level) / 2])
    if method == "bca":
        tails = _bca_tails(tails, estimate, replicates, jackknife)
        if np.isnan(tails).any():
            return math.nan, math.nan
    low, high = np.quantile(replicates, tails).tolist()
    return (2 * estimate - high, 2 * estimate - low) if method == "basic" else (low, high)


def _bca_tails(tails: FloatArray, estimate: float, replicates: FloatArray, jackknife: FloatArray) -> FloatArray:
    """Correct the quantile levels (Efron 1987); NaN when bias or acceleration is undefined."""
    from scipy.special import ndtr, ndtri

    share_below = ((replicates < estimate).mean() + (replicates <= estimate).mean()) / 2
    bias = ndtri(share_below)
    deviation = jackknife.mean() - jackknife if jackknife.size else np.zeros(1)
    squares = float((deviation**2).sum())
    if squares == 0 or not math.isfinite(bias):
        return np.full(2, np.nan)
    acceleration = float((deviation**3).sum()) / (6 * squares**1.5)
    shifted = bias + ndtri(tails)
    room = 1 - acceleration * shifted
    # Beyond room = 0 the transformation to normality is not monotone any more.
    return np.where(room > 0, ndtr(bias + shifted / np.where(room > 0, room, 1.0)), np.nan)


def _checked_arrays(arrays: tuple[ArrayLike, ...]) -> tuple[NDArray[Any], ...]:
    data = tuple(np.asanyarray(array) for array in arrays)
    if not data:
        msg = "arrays: expected at least one array, got none"
        raise ValueError(msg)
    for position, array in enumerate(data):
        if array.ndim == 0 or len(array) != len(data[0]):
            expected = f"{len(data[0])} rows as in arrays[0]" if data[0].ndim else "at least one dimension"
            got = f"{len(array)}" if array.ndim else "a single number"
            msg = f"arrays[{position}]: expected {expected}, got {got}"
            raise ValueError(msg)
    return data


def _ordered_rows(arrays: tuple[NDArray[Any], ...]) -> IntArray:
    """Sort rows by what they hold, so that the draws do not depend on the order in which they came."""
    n = len(arrays[0])
    keys = [_sortable(column) for array in arrays for column in array.reshape(n, math.prod(array.shape[1:])).T]
    return np.lexsort(keys[::-1]) if keys else np.arange(n)


def _sortable(column: NDArray[Any]) -> NDArray[Any]:
    if isinstance(column, np.ma.MaskedArray) or column.dtype.kind == "O":
        column = np.unique(np.array([repr(value) for value in column.tolist()]), return_inverse=True)[1]
    return column


def _rows_of_units(units: ArrayLike | Sequence[Hashable], n: int) -> tuple[IntArray, ...]:
    """Find the rows of each unit, units in ascending order of their labels; rows without a label are in none."""
    labels, codes = group_codes(units, "units", length=n)
    rows = np.argsort(codes, kind="stable")
    sizes = np.bincount(codes[codes >= 0], minlength=len(labels))
    return tuple(np.split(rows[n - sizes.sum() :], np.cumsum(sizes)[:-1])) if labels else ()
