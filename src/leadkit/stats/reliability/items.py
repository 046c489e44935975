"""Item analysis: what each item is like and what it adds to the sum, from one pass over the answers."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar

import numpy as np
from attrs import evolve, field, frozen
from numpy.typing import ArrayLike

from leadkit._fields import as_float, float_array, int_array
from leadkit.stats._arrays import checked_bounds, item_names
from leadkit.stats._base import TableResult
from leadkit.stats.flags import sorted_flags, sorted_row_flags
from leadkit.stats.moments import ItemMoments
from leadkit.stats.moments.items import Missing
from leadkit.stats.reliability.alpha import (
    CronbachAlpha,
    IntervalMethod,
    IntervalN,
    alpha_from,
    alpha_of,
    check_interval,
    unreliability,
)
from leadkit.stats.reliability.composite import Composite, composite, squared_multiple_correlations
from leadkit.stats.reliability.guttman import GuttmanLambdas, lambdas_of
from leadkit.typing import FloatArray, IntArray


@frozen(kw_only=True, eq=False)
class ItemAnalysis(TableResult):
    """One row an item, and the reliability of the sum of all.

    Parameters
    ----------
    items : tuple of str
        Item names, (k,).
    n_answered : (k,) int array
        Answers to the item.
    mean, sd : (k,) float array
        Mean and standard deviation (divisor n - 1) of the answers.
    item_total_r : (k,) float array
        Correlation with the sum of all items, this one included.
    item_rest_r : (k,) float array
        Correlation with the sum of the other items.
    item_total_r_corrected : (k,) float array
        Correlation with what the items have in common: the item's own variance is replaced by the share that the
        other items explain. NaN with `singular_covariance`.
    alpha_if_dropped : (k,) float array
        Cronbach's alpha of the other items; NaN for two items.
    floor, ceiling : (k,) float array
        Share of answers at the lower and at the upper end of the scale, in [0, 1]; NaN without `bounds`.
    item_flags : tuple of tuple of str
        What is doubtful about each item, words of `FLAGS`.
    alpha : CronbachAlpha
        Alpha of all items.
    lambdas : GuttmanLambdas
        Guttman's bounds, without lambda4.
    total_mean, total_sd : float
        Mean and standard deviation of the sum.
    standard_error_of_measurement : float
        `total_sd` times the root of 1 - alpha, in points of the sum.
    n_items, n_rows, n_complete : int
        Items, rows, and rows with an answer to every item.
    missing : {"pairwise", "listwise"}
        What was done about missing answers.
    flags : tuple of str
        All item flags and what is doubtful about the whole.
    """

    _columns: ClassVar[Mapping[str, str]] = {
        "items": "item",
        "n_answered": "n_answered",
        "mean": "mean",
        "sd": "sd",
        "item_total_r": "item_total_r",
        "item_rest_r": "item_rest_r",
        "item_total_r_corrected": "item_total_r_corrected",
        "alpha_if_dropped": "alpha_if_dropped",
        "floor": "floor",
        "ceiling": "ceiling",
        "item_flags": "flags",
    }

    items: tuple[str, ...]
    n_answered: IntArray = field(converter=int_array)
    mean: FloatArray = field(converter=float_array)
    sd: FloatArray = field(converter=float_array)
    item_total_r: FloatArray = field(converter=float_array)
    item_rest_r: FloatArray = field(converter=float_array)
    item_total_r_corrected: FloatArray = field(converter=float_array)
    alpha_if_dropped: FloatArray = field(converter=float_array)
    floor: FloatArray = field(converter=float_array)
    ceiling: FloatArray = field(converter=float_array)
    item_flags: tuple[tuple[str, ...], ...] = field(converter=sorted_row_flags)
    alpha: CronbachAlpha
    lambdas: GuttmanLambdas
    total_mean: float = field(converter=as_float)
    total_sd: float = field(converter=as_float)
    standard_error_of_measurement: float = field(converter=as_float)
    n_items: int
    n_rows: int
    n_complete: int
    missing: str
    flags: tuple[str, ...] = field(default=(), converter=sorted_flags)


def item_analysis(
    x: ArrayLike | ItemMoments,
    *,
    items: Sequence[str] | None = None,
    bounds: tuple[float, float] | None = None,
    missing: Missing = "pairwise",
    interval: IntervalMethod = "feldt",
    interval_n: IntervalN = "harmonic",
    level: float = 0.95,
) -> ItemAnalysis:
    """Describe every item, and the reliability of the sum with and without it.

    With C the covariances, c their row sums, d their diagonal and V the sum of all: the correlation with the sum is
    c_i / sqrt(d_i V), with the rest (c_i - d_i) / sqrt(d_i (V - 2 c_i + d_i)) [1]_; the corrected one is a row sum
    over the root of the whole sum of the correlations with squared multiple correlations on their diagonal [2]_.

    Parameters
    ----------
    x : (n, k) array-like or ItemMoments
        Answers, a row a person, all keyed the same way; NaN, None or masked is missing.
    items : sequence of str, optional
        Item names, (k,); those of the moments, or `item1`, `item2`, ..., by default.
    bounds : (float, float), optional
        Ends of the answer scale; moments bring their own.
    missing : {"pairwise", "listwise"}
        Use every pair of answers, or complete rows only; `ItemMoments` bring their own rule.
    interval, interval_n, level
        Interval of alpha, as for `cronbach_alpha`.

    Returns
    -------
    ItemAnalysis
        A row an item, and the sum. NaN with `too_few_rows`, `single_item`, `too_few_pairs`, `no_variance` or
        `constant_item`.

    Raises
    ------
    ValueError
        `x` is not a table of real finite numbers, an answer lies outside `bounds`, or an option means nothing.

    References
    ----------
    .. [1] J. C. Nunnally and I. H. Bernstein, Psychometric Theory, 3rd edition, McGraw-Hill, 1994.
    .. [2] E. E. Cureton, "Corrected item-test correlations", Psychometrika 31, 1966.

    Examples
    --------
    >>> answers = [[1, 2, 1], [2, 3, 3], [4, 4, 5], [5, 5, 4]]
    >>> result = item_analysis(answers, items=["clear", "fair", "calm"], bounds=(1, 5))
    >>> result.item_rest_r.round(3)
    array([0.953, 0.948, 0.847])
    >>> result.ceiling
    array([0.25, 0.25, 0.25])
    >>> round(result.to_records()[0]["alpha_if_dropped"], 3)
    0.889
    """
    check_interval(interval, interval_n, level)
    if isinstance(x, ItemMoments):
        x = _renamed(x, items, bounds)
    total = composite(x, missing=missing, items=items, bounds=bounds)
    moments = total.moments
    alpha = alpha_of(total, interval=interval, interval_n=interval_n, level=level)
    lambdas = lambdas_of(total)
    with np.errstate(all="ignore"):
        sd = np.sqrt(total.variances)
        rest_sd = np.sqrt(_positive(total.without_each_item()))
        item_total_r = total.row_sums / (sd * np.sqrt(_positive(total.total)))
        item_rest_r = (total.row_sums - total.variances) / (_positive(sd) * rest_sd)
    corrected, doubts = _corrected(moments)
    rows = tuple(_item_doubts(total))
    return ItemAnalysis(
        items=moments.items,
        n_answered=moments.n_answered,
        mean=moments.means,
        sd=sd,
        item_total_r=item_total_r,
        item_rest_r=item_rest_r,
        item_total_r_corrected=corrected,
        alpha_if_dropped=_alpha_if_dropped(total),
        floor=_share(moments.floor_counts, moments),
        ceiling=_share(moments.ceiling_counts, moments),
        item_flags=rows,
        alpha=alpha,
        lambdas=lambdas,
        total_mean=moments.means.sum(),
        total_sd=math.sqrt(total.total),
        standard_error_of_measurement=math.sqrt(total.total * unreliability(alpha.alpha)),
        n_items=total.n_items,
        n_rows=moments.n_rows,
        n_complete=moments.n_complete,
        missing=moments.missing,
        flags={*total.flags, *alpha.flags, *lambdas.flags, *doubts, *(flag for row in rows for flag in row)},
    )


def _renamed(moments: ItemMoments, items: Sequence[str] | None, bounds: tuple[float, float] | None) -> ItemMoments:
    if bounds is not None and moments.bounds != checked_bounds(bounds):
        msg = f"bounds: expected {moments.bounds}, those of the moments, got {bounds!r}"
        raise ValueError(msg)
    return moments if items is None else evolve(moments, items=item_names(items, moments.n_items))


def _positive(values: FloatArray | float) -> FloatArray:
    return np.where(np.asarray(values) > 0, values, np.nan)


def _corrected(moments: ItemMoments) -> tuple[FloatArray, set[str]]:
    correlation = moments.correlation.copy()
    explained = squared_multiple_correlations(correlation)
    np.fill_diagonal(correlation, explained)
    total = float(correlation.sum())
    undefined = np.full(moments.n_items, np.nan)
    if moments.n_items < 2 or math.isnan(total):
        unfit = moments.n_items > 1 and moments.counts.min() > 1
        return undefined, {"singular_covariance"} if unfit else set()
    return (correlation.sum(axis=1) / math.sqrt(total), set()) if total > 0 else (undefined, {"negative_estimate"})


def _alpha_if_dropped(total: Composite) -> FloatArray:
    rest = total.without_each_item()
    others = total.variances.sum() - total.variances
    pairs = zip(others, rest, strict=True)
    return np.array([alpha_from(total.n_items - 1, own, whole) for own, whole in pairs])


def _share(counts: IntArray | None, moments: ItemMoments) -> FloatArray:
    if counts is None:
        return np.full(moments.n_items, np.nan)
    with np.errstate(all="ignore"):
        return counts / moments.n_answered


def _item_doubts(total: Composite) -> Iterator[tuple[str, ...]]:
    fewest = total.moments.counts.min(axis=1)
    rest = total.without_each_item()
    for variance, pairs, others in zip(total.variances, fewest, rest, strict=True):
        found = []
        if variance == 0:
            found.append("constant_item")
        if pairs < 2 <= total.n_used and total.n_items > 1:
            found.append("too_few_pairs")
        if others == 0 and total.n_items > 1:
            found.append("no_variance")
        yield tuple(found)
