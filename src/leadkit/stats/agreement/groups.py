"""Agreement of the raters of each group about one or more items."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping, Sequence
from typing import Any, ClassVar

import numpy as np
from attrs import field, frozen
from numpy.typing import ArrayLike

from leadkit._fields import as_float, as_int, float_array, int_array
from leadkit.stats._arrays import check_bounds, check_word, checked_bounds, floats, matrix
from leadkit.stats._base import TableResult
from leadkit.stats._groups import group_codes
from leadkit.stats.agreement.within import INDICES, TOLERANCE, Indices, indices, item_spreads, uniform_variance
from leadkit.stats.flags import sorted_flags, sorted_row_flags
from leadkit.stats.moments.items import Missing
from leadkit.typing import BoolArray, FloatArray, IntArray

LEAST, MOST = 1e-100, 1e100


@frozen(kw_only=True, eq=False)
class GroupAgreement(TableResult):
    """Five indices of agreement, one row a group.

    Parameters
    ----------
    groups : tuple
        Labels in ascending order, (G,).
    n : (G,) int array
        Raters of each group that were used.
    rwg : (G,) float array
        Agreement in [0, 1] relative to random responding, stepped up to the number of items; it grows with that number.
    rwg_star : (G,) float array
        1 - mean variance / null variance: at most 1, below 0 beyond random responding, whatever the number of items.
    ad_mean, ad_median : (G,) float array
        Mean absolute deviation from the mean or median of each item, in points of the scale; 0 is perfect agreement.
    awg : (G,) float array
        1 - 2 variance / the largest variance that ratings of this mean can have, in [-1, 1]; the mean over those items
        whose mean is not too near an end of the scale, NaN when there is none.
    mean_variance : (G,) float array
        Mean over items of the variance (divisor n - 1), in squared points.
    group_flags : tuple of tuple of str
        `too_few_raters` (all indices are NaN), `variance_above_null`, `mean_out_of_range` (some items have no awg).
    null_variance : float
        Variance under random responding.
    null_name : str
        "uniform", or "given" when the caller gave the number.
    bounds : (float, float)
        Ends of the scale.
    n_items, n_rows, n_used : int
        Items, rows given, and rows with a group that were used.
    missing : {"pairwise", "listwise"}
        What was done about missing ratings.
    flags : tuple of str
        All group flags, and `rows_dropped`.
    """

    _columns: ClassVar[Mapping[str, str]] = {
        "groups": "group",
        "n": "n",
        "rwg": "rwg",
        "rwg_star": "rwg_star",
        "ad_mean": "ad_mean",
        "ad_median": "ad_median",
        "awg": "awg",
        "mean_variance": "mean_variance",
        "group_flags": "flags",
    }

    groups: tuple[Any, ...]
    n: IntArray = field(converter=int_array)
    rwg: FloatArray = field(converter=float_array)
    rwg_star: FloatArray = field(converter=float_array)
    ad_mean: FloatArray = field(converter=float_array)
    ad_median: FloatArray = field(converter=float_array)
    awg: FloatArray = field(converter=float_array)
    mean_variance: FloatArray = field(converter=float_array)
    group_flags: tuple[tuple[str, ...], ...] = field(converter=sorted_row_flags)
    null_variance: float = field(converter=as_float)
    null_name: str
    bounds: tuple[float, float]
    n_items: int = field(converter=as_int)
    n_rows: int = field(converter=as_int)
    n_used: int = field(converter=as_int)
    missing: Missing
    flags: tuple[str, ...] = field(default=(), converter=sorted_flags)

    def summary(self, *, threshold: float) -> dict[str, dict[str, float]]:
        """Describe each index over the groups that have it; whether that is enough is for the caller to say.

        Parameters
        ----------
        threshold : float
            A value of the index. The deviations fall with agreement, so for them a large share is a poor one.

        Returns
        -------
        dict
            For `rwg`, `rwg_star`, `ad_mean`, `ad_median` and `awg` a dictionary of `n_groups` that have the index, its
            `mean` and `median` over them, and the `share_at_or_above` the threshold, in [0, 1]; NaN for no group. A
            value that misses the threshold by mere rounding is counted.

        Raises
        ------
        ValueError
            `threshold` is not one finite number.

        Examples
        --------
        >>> result = group_agreement([4, 4, 5, 1, 5], ["a", "a", "a", "b", "b"], bounds=(1, 5))
        >>> result.summary(threshold=0.7)["rwg"]["share_at_or_above"]
        0.5
        """
        limit = _number(threshold, "threshold")
        least = limit - TOLERANCE * max(1.0, abs(limit))
        return {name: _described(getattr(self, name), least) for name in INDICES}


def group_agreement(
    x: ArrayLike,
    groups: ArrayLike | Sequence[Hashable],
    *,
    bounds: tuple[float, float],
    null_variance: float | None = None,
    missing: Missing = "listwise",
) -> GroupAgreement:
    """Tell how far the raters of each group agree, by five indices at once.

    With v the mean over J items of the variances (divisor n - 1), s2 the variance under random responding and
    q = min(v, s2) / s2: rwg = J (1 - q) / (J (1 - q) + q) [1]_ and rwg_star = 1 - v / s2 [2]_. The deviations are means
    over items of mean |x - item mean or median| [3]_. For an item with mean M on a scale from L to H,
    awg = 1 - 2 variance / ((H - M) (M - L) n / (n - 1)); it is 1 for M = L or M = H, and undefined for other means
    outside [(L (n - 1) + H) / n, (H (n - 1) + L) / n] [4]_.

    Parameters
    ----------
    x : (n,) or (n, k) array-like
        Ratings, a row a rater and a column an item, all keyed the same way; NaN, None or masked is missing.
    groups : (n,) array-like
        Group of each rater: integers, strings or objects that sort together; None or NaN: the row is left out.
    bounds : (float, float)
        Ends of the scale, [L, H].
    null_variance : float, optional
        Variance under random responding, at least 1e-100; that of A = H - L + 1 equally likely categories, (A^2 - 1) / 12, by
        default. The function `null_variance` gives others.
    missing : {"listwise", "pairwise"}
        Use complete rows only, or every rating: each item then has its own raters, and items with fewer than two in a
        group count neither in its means nor in its J.

    Returns
    -------
    GroupAgreement
        One row a label, those without a usable row included.

    Raises
    ------
    ValueError
        `x` is not real and finite or outside `bounds`, lengths differ, labels do not sort together, or an option is
        out of its range.

    References
    ----------
    .. [1] L. R. James, R. G. Demaree and G. Wolf, "Estimating within-group interrater reliability with and without
       response bias", Journal of Applied Psychology 69, 1984.
    .. [2] M. K. Lindell, C. J. Brandt and D. J. Whitney, "A revised index of interrater agreement for multi-item
       ratings of a single target", Applied Psychological Measurement 23, 1999.
    .. [3] M. J. Burke, L. M. Finkelstein and M. S. Dusig, "On average deviation indices for estimating interrater
       agreement", Organizational Research Methods 2, 1999.
    .. [4] R. D. Brown and N. M. A. Hauenstein, "Interrater agreement reconsidered: an alternative to the rwg indices",
       Organizational Research Methods 8, 2005.

    Examples
    --------
    >>> ratings = [[4, 3], [4, 4], [5, 3], [1, 5], [5, 1]]
    >>> result = group_agreement(ratings, ["a", "a", "a", "b", "b"], bounds=(1, 5))
    >>> result.rwg.round(3), result.rwg_star.round(3)
    (array([0.909, 0.   ]), array([ 0.833, -3.   ]))
    >>> result.group_flags
    (('mean_out_of_range',), ('variance_above_null',))
    """
    check_word(missing, "missing", ("listwise", "pairwise"))
    low, high = _usable_bounds(bounds)
    null = uniform_variance(high - low + 1) if null_variance is None else _number(null_variance, "null_variance")
    if not null >= LEAST:
        msg = f"null_variance: expected a number of at least {LEAST:g}, got {null:g}"
        raise ValueError(msg)
    ratings = _ratings(x, (low, high))
    labels, codes = group_codes(groups, "groups", length=len(ratings))
    known = ~np.isnan(ratings)
    used = (codes >= 0) & (known.all(axis=1) if missing == "listwise" else known.any(axis=1))
    del known
    n_rows, n_used = used.size, int(used.sum())
    if n_used < n_rows:
        ratings, codes = ratings[used], codes[used]
    found = indices(item_spreads(ratings, codes, len(labels), (low, high)), len(labels), null_variance=null)
    group_flags = _group_flags(found)
    return GroupAgreement(
        groups=labels,
        n=np.bincount(codes, minlength=len(labels)),
        **{name: getattr(found, name) for name in INDICES},
        mean_variance=found.mean_variance,
        group_flags=group_flags,
        null_variance=null,
        null_name="uniform" if null_variance is None else "given",
        bounds=(low, high),
        n_items=ratings.shape[1],
        n_rows=n_rows,
        n_used=n_used,
        missing=missing,
        flags={flag for row in set(group_flags) for flag in row} | ({"rows_dropped"} if n_used < n_rows else set()),
    )


def _usable_bounds(bounds: tuple[float, float]) -> tuple[float, float]:
    low, high = checked_bounds(bounds)
    # Beyond these the squares of the distances leave the range of numbers.
    if not LEAST <= high - low <= MOST:
        msg = f"bounds: expected ends {LEAST:g} to {MOST:g} apart, got {bounds!r}"
        raise ValueError(msg)
    return low, high


def _ratings(x: ArrayLike, bounds: tuple[float, float]) -> FloatArray:
    array = floats(x, "x")
    if array.ndim == 1:
        check_bounds(array, "x", bounds)
        return array[:, None]
    if array.ndim != 2:
        msg = f"x: expected one dimension (ratings) or two (raters, items), got {array.ndim}"
        raise ValueError(msg)
    return matrix(array, "x", bounds=bounds)


def _number(value: float, name: str) -> float:
    array = floats(value, name)
    if array.ndim or math.isnan(array):
        msg = f"{name}: expected one finite number, got {value!r}"
        raise ValueError(msg)
    return float(array)


def _group_flags(found: Indices) -> tuple[tuple[str, ...], ...]:
    flagged: tuple[tuple[str, BoolArray], ...] = (
        ("too_few_raters", ~found.is_rated_twice),
        ("variance_above_null", found.is_beyond_null),
        ("mean_out_of_range", found.has_mean_out_of_range),
    )
    columns = [np.where(mask, name, "").tolist() for name, mask in flagged]
    return tuple(tuple(filter(None, row)) for row in zip(*columns, strict=True))


def _described(values: FloatArray, least: float) -> dict[str, float]:
    known = values[~np.isnan(values)]
    if known.size == 0:
        return {"n_groups": 0, "mean": math.nan, "median": math.nan, "share_at_or_above": math.nan}
    return {
        "n_groups": known.size,
        "mean": float(known.mean()),
        "median": float(np.median(known)),
        "share_at_or_above": float((known >= least).mean()),
    }
