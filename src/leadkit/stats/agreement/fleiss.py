"""Fleiss' kappa: agreement of any number of raters on categories beyond chance."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import ClassVar

import numpy as np
from attrs import field, frozen
from numpy.typing import ArrayLike

from leadkit._fields import as_float, as_int, float_array
from leadkit.stats._arrays import matrix
from leadkit.stats._base import TableResult
from leadkit.stats.agreement.categories import category_places, check_categories, given_categories
from leadkit.stats.flags import sorted_flags, sorted_row_flags
from leadkit.typing import FloatArray, IntArray

__all__ = ["FleissKappa", "fleiss_kappa"]


@frozen(kw_only=True, eq=False)
class FleissKappa(TableResult):
    """Fleiss' kappa, or Conger's exact one, over all categories and for each, one row a category.

    Parameters
    ----------
    kappa : float
        (observed - expected) / (1 - expected), at most 1; NaN where undefined.
    standard_error, z, p_value : float
        Standard error of kappa if raters agreed as by chance, kappa over it, and the two-sided p of that; for testing,
        not for an interval. NaN for the exact kappa.
    observed_agreement, expected_agreement : float
        Share of agreeing pairs of ratings of one unit, and the share to expect by chance; in [0, 1], NaN for fewer than
        two units or raters.
    categories : (m,) array
        The categories, in the order given or ascending.
    proportion : (m,) array
        Share of all ratings in each category; NaN without ratings.
    category_kappa : (m,) array
        Kappa of the ratings told apart only as this category or another; NaN for a category that no rating or every
        rating is in.
    category_flags : tuple of m tuples of str
        `no_variation` when no rating or every rating is in the category.
    exact : bool
        False: chance by the frequencies of all raters together (Fleiss). True: each by their own (Conger).
    n_units, n_used : int
        Units given, and units that every rater rated.
    n_raters : int
        Columns given.
    flags : tuple of str
        Union of `category_flags`; `rows_dropped`; `too_few_raters`; `too_few_rows` for fewer than two units;
        `chance_agreement_one` when every rating is in one category.
    """

    _columns: ClassVar[Mapping[str, str]] = {
        "categories": "category",
        "proportion": "proportion",
        "category_kappa": "kappa",
        "category_flags": "flags",
    }

    kappa: float = field(converter=as_float)
    standard_error: float = field(converter=as_float)
    z: float = field(converter=as_float)
    p_value: float = field(converter=as_float)
    observed_agreement: float = field(converter=as_float)
    expected_agreement: float = field(converter=as_float)
    categories: FloatArray = field(converter=float_array)
    proportion: FloatArray = field(converter=float_array)
    category_kappa: FloatArray = field(converter=float_array)
    category_flags: tuple[tuple[str, ...], ...] = field(converter=sorted_row_flags)
    exact: bool = field(converter=bool)
    n_units: int = field(converter=as_int)
    n_used: int = field(converter=as_int)
    n_raters: int = field(converter=as_int)
    flags: tuple[str, ...] = field(default=(), converter=sorted_flags)


def fleiss_kappa(ratings: ArrayLike, *, categories: ArrayLike | None = None, exact: bool = False) -> FleissKappa:
    """Agreement of several raters who put the same units into categories, beyond chance.

    Parameters
    ----------
    ratings : (n_units, n_raters) array-like
        A category a unit and rater, as numbers; NaN is missing, and the unit is left out.
    categories : (m,) array-like, optional
        All categories there are; by default the values in the data, ascending. One that nobody used changes nothing
        but adds a row.
    exact : bool
        False: raters may be others for each unit, and chance is by their common frequencies (Fleiss). True: the raters
        are the same throughout and chance is by the frequencies of each, the mean over pairs of raters (Conger); for
        two raters this is Cohen's kappa.

    Returns
    -------
    FleissKappa
        Kappa with its test, and kappa of each category under the same rule for chance.

    Raises
    ------
    ValueError
        `ratings` is not a matrix of real numbers, a rating is no category, or `categories` are not different numbers.

    References
    ----------
    .. [1] J. L. Fleiss, "Measuring nominal scale agreement among many raters", Psychological Bulletin 76, 1971.
    .. [2] J. L. Fleiss, J. C. M. Nee and J. R. Landis, "Large sample variance of kappa in the case of different sets of
       raters", Psychological Bulletin 86, 1979 (the standard error).
    .. [3] A. J. Conger, "Integration and generalization of kappas for multiple raters", Psychological Bulletin 88,
       1980.

    Examples
    --------
    >>> ratings = [[1, 1, 1], [2, 2, 1], [2, 2, 2], [3, 3, 2], [1, 1, 2], [3, 3, 3]]
    >>> result = fleiss_kappa(ratings)
    >>> round(result.kappa, 4), round(result.z, 4), result.category_kappa.round(4).tolist()
    (0.4953, 2.9579, [0.5, 0.2987, 0.7231])
    >>> round(fleiss_kappa(ratings, exact=True).kappa, 4)
    0.5
    """
    table = matrix(ratings, "ratings")
    known = given_categories(categories)
    check_categories(table, "ratings", known)
    complete = table[~np.isnan(table).any(axis=1)]
    values = np.unique(complete) if known is None else known
    places = category_places(complete, values)
    (n, n_raters), m = places.shape, values.size

    totals = np.bincount(places.ravel(), minlength=m)
    varied = (totals > 0) & (totals < n * n_raters)
    share = totals / (n * n_raters) if n else np.full(m, np.nan)
    is_usable = n > 1 and n_raters > 1
    observed = _observed(places, m) if is_usable else np.full(m, np.nan)
    expected = share * (1 - share) + (_between_raters(places, m) / n_raters if exact and is_usable else 0.0)
    apart, by_chance = (float(observed.sum()), float(expected.sum())) if is_usable else (math.nan, math.nan)
    kappa = 1 - apart / by_chance if varied.any() else math.nan
    standard_error = math.nan if exact or math.isnan(kappa) else _standard_error(share, n, n_raters)
    category_flags = [() if v else ("no_variation",) for v in varied]
    return FleissKappa(
        kappa=kappa,
        standard_error=standard_error,
        z=kappa / standard_error,
        p_value=_two_sided(kappa / standard_error),
        observed_agreement=1 - apart,
        expected_agreement=1 - by_chance,
        categories=values,
        proportion=share,
        category_kappa=1 - observed / np.where(varied, expected, np.nan),
        category_flags=category_flags,
        exact=exact,
        n_units=len(table),
        n_used=n,
        n_raters=n_raters,
        flags={flag for row in category_flags for flag in row}
        | _flags(n, len(table), n_raters, all_alike=is_usable and not varied.any()),
    )


def _observed(places: IntArray, m: int) -> FloatArray:
    """Return for each category the share of ordered pairs of ratings of one unit with only the first in it."""
    n, n_raters = places.shape
    cells, counts = np.unique(np.arange(n)[:, None] * m + places, return_counts=True)
    pairs = np.bincount(cells % m, weights=counts * (n_raters - counts), minlength=m)
    return np.asarray(pairs / (n * n_raters * (n_raters - 1)), dtype=np.float64)


def _between_raters(places: IntArray, m: int) -> FloatArray:
    """Return for each category the variance (divisor n_raters - 1) of the raters' shares of it."""
    n, n_raters = places.shape
    counts = np.bincount((places + m * np.arange(n_raters)).ravel(), minlength=m * n_raters)
    return np.asarray((counts.reshape(n_raters, m) / n).var(axis=0, ddof=1), dtype=np.float64)


def _standard_error(share: FloatArray, n: int, n_raters: int) -> float:
    """Return the standard error under agreement as by chance (Fleiss, Nee and Landis 1979)."""
    spread = share * (1 - share)
    total = float(spread.sum())
    variance = 2 * (total**2 - float((spread * (1 - 2 * share)).sum())) / (n * n_raters * (n_raters - 1))
    return math.sqrt(variance) / total


def _two_sided(z: float) -> float:
    from scipy.special import ndtr

    return float(2 * ndtr(-abs(z)))


def _flags(n: int, n_units: int, n_raters: int, *, all_alike: bool) -> set[str]:
    flags = {"chance_agreement_one"} if all_alike else set()
    if n < n_units:
        flags.add("rows_dropped")
    if n < 2:
        flags.add("too_few_rows")
    if n_raters < 2:
        flags.add("too_few_raters")
    return flags
