"""Spread of ratings within groups, item by item, and the indices of agreement that follow from it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
from attrs import frozen

from leadkit.stats._spread import is_rounding
from leadkit.typing import BoolArray, FloatArray, IntArray

INDICES = ("rwg", "rwg_star", "ad_mean", "ad_median", "awg")
TOLERANCE = 1e-12


@frozen(kw_only=True, eq=False)
class ItemSpread:
    """Ratings of one item in each group, (G,) throughout; what fewer than two ratings give means nothing.

    `above` and `below` are the distances of the mean from the lower and from the upper end of the scale.
    """

    n: IntArray
    above: FloatArray
    below: FloatArray
    variance: FloatArray
    ad_mean: FloatArray
    ad_median: FloatArray


@frozen(kw_only=True, eq=False)
class Indices:
    """Agreement of each group over all items, (G,) throughout; NaN where no item has two ratings."""

    mean_variance: FloatArray
    rwg: FloatArray
    rwg_star: FloatArray
    ad_mean: FloatArray
    ad_median: FloatArray
    awg: FloatArray
    is_rated_twice: BoolArray
    is_beyond_null: BoolArray
    has_mean_out_of_range: BoolArray


def uniform_variance(n_categories: float) -> float:
    """Variance of a response that is each of so many neighbouring whole numbers with the same probability."""
    return (n_categories * n_categories - 1) / 12


def item_spreads(x: FloatArray, codes: IntArray, n_groups: int, bounds: tuple[float, float]) -> Iterator[ItemSpread]:
    """Describe the columns of `x` (n, k) one by one; `codes` (n,) are the places of the groups, NaN is left out."""
    # Up to 16 bits numpy sorts by radix, ten times as fast.
    short = codes.astype(np.min_scalar_type(n_groups))
    for column in x.T:
        known = ~np.isnan(column)
        whole = bool(known.all())
        yield _item_spread(column if whole else column[known], short if whole else short[known], n_groups, bounds)


def _item_spread(values: FloatArray, codes: IntArray, n_groups: int, bounds: tuple[float, float]) -> ItemSpread:
    """Sort once by value and, stably, by group; everything else is a sum over neighbours."""
    order = np.argsort(values)
    order = order[np.argsort(codes[order], kind="stable")]
    ratings = values[order]
    del order
    sizes = np.bincount(codes, minlength=n_groups)
    n = sizes[sizes > 0]
    starts = np.cumsum(n) - n
    lowest, highest = ratings[starts], ratings[starts + n - 1]
    # Two passes from each group's own lowest rating, so that an offset costs no digits.
    ratings -= np.repeat(lowest, n)
    offset = np.add.reduceat(ratings, starts) / n
    middle = (ratings[starts + (n - 1) // 2] + ratings[starts + n // 2]) / 2
    ad_median = np.add.reduceat(np.abs(ratings - np.repeat(middle, n)), starts) / n
    ratings -= np.repeat(offset, n)
    ad_mean = np.add.reduceat(np.abs(ratings), starts) / n
    squares = np.add.reduceat(np.square(ratings, out=ratings), starts)
    is_spread = ~is_rounding(highest - lowest, np.maximum(np.abs(lowest), np.abs(highest)))

    def placed(of_present: FloatArray) -> FloatArray:
        table = np.zeros(n_groups)
        table[sizes > 0] = of_present
        return table

    return ItemSpread(
        n=sizes,
        above=placed(lowest - bounds[0] + offset),
        below=placed(bounds[1] - lowest - offset),
        variance=placed(is_spread * squares / np.maximum(n - 1, 1)),
        ad_mean=placed(is_spread * ad_mean),
        ad_median=placed(is_spread * ad_median),
    )


def indices(spreads: Iterable[ItemSpread], n_groups: int, *, null_variance: float) -> Indices:
    """Put the items together: means over the items with two ratings, and of awg over those where it is defined."""
    n_items, n_awg = np.zeros(n_groups), np.zeros(n_groups)
    variance, ad_mean, ad_median, awg = (np.zeros(n_groups) for _ in range(4))
    for item in spreads:
        is_rated_twice = item.n > 1
        n_items += is_rated_twice
        variance += np.where(is_rated_twice, item.variance, 0.0)
        ad_mean += np.where(is_rated_twice, item.ad_mean, 0.0)
        ad_median += np.where(is_rated_twice, item.ad_median, 0.0)
        of_item = _awg(item)
        n_awg += ~np.isnan(of_item)
        awg += np.where(np.isnan(of_item), 0.0, of_item)
    mean_variance = _quotient(variance, n_items)
    return Indices(
        mean_variance=mean_variance,
        rwg=_rwg(mean_variance, n_items, null_variance),
        rwg_star=1 - _quotient(mean_variance, np.full(n_groups, null_variance)),
        ad_mean=_quotient(ad_mean, n_items),
        ad_median=_quotient(ad_median, n_items),
        awg=_quotient(awg, n_awg),
        is_rated_twice=n_items > 0,
        is_beyond_null=mean_variance > null_variance * (1 + TOLERANCE),
        has_mean_out_of_range=n_awg < n_items,
    )


def _rwg(variance: FloatArray, n_items: FloatArray, null_variance: float) -> FloatArray:
    """Step the agreement of one item up to all items (James, Demaree & Wolf 1984)."""
    share = _quotient(np.minimum(variance, null_variance), np.full(variance.size, null_variance))
    stepped = n_items * (1 - share)
    return _quotient(stepped, stepped + share)


def _awg(item: ItemSpread) -> FloatArray:
    """Compare the variance with the largest that ratings of this mean can have (Brown & Hauenstein 2005)."""
    n, width = item.n, item.above + item.below
    nearest = np.minimum(item.above, item.below)
    is_rated_twice = n > 1
    # A mean that lies exactly on a limit must not fall off it by rounding.
    inside = is_rated_twice & (nearest >= width / np.maximum(n, 1) - TOLERANCE * width)
    largest = item.above * item.below * n / np.maximum(n - 1, 1)
    ratio = np.divide(item.variance, largest, out=np.full(n.size, np.nan), where=inside)
    at_end = is_rated_twice & (nearest <= TOLERANCE * width)
    return np.where(at_end, 1.0, 1 - 2 * ratio)


def _quotient(numerator: FloatArray, denominator: FloatArray) -> FloatArray:
    quotient: FloatArray = np.divide(numerator, denominator, out=np.full(numerator.size, np.nan), where=denominator > 0)
    return quotient
