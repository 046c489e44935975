"""Cohen's kappa: agreement of two raters on categories beyond chance, plain and weighted."""

from __future__ import annotations

import math
from typing import Literal, TypeAlias

import numpy as np
from attrs import field, frozen
from numpy.typing import ArrayLike

from leadkit._fields import as_float, as_int, float_array, int_array
from leadkit.stats._arrays import check_level, check_word, first_place, matrix, vector
from leadkit.stats._base import ConfidenceInterval, Result, interval_or_nan
from leadkit.stats.agreement.categories import category_places, check_categories, given_categories
from leadkit.stats.flags import sorted_flags
from leadkit.typing import FloatArray, IntArray

__all__ = ["CohenKappa", "cohen_kappa"]

Weights: TypeAlias = Literal["linear", "quadratic"]
WeightName: TypeAlias = Literal["linear", "quadratic", "matrix"]
MOST_CATEGORIES = 2000


@frozen(kw_only=True, eq=False)
class CohenKappa(Result):
    """Cohen's kappa and the table it comes from.

    Parameters
    ----------
    kappa : float
        (observed - expected) / (1 - expected), at most 1; 0 for agreement as by chance, NaN where undefined.
    standard_error : float
        Large-sample standard error of kappa, for an interval; it is not the one for a test of no agreement.
    observed_agreement, expected_agreement : float
        Mean weight of the pairs of ratings, and the mean weight if the raters chose independently with their own
        frequencies; in [0, 1], NaN without ratings.
    interval : ConfidenceInterval
        kappa -+ z standard_error; its ends are not cut at 1.
    categories : (m,) array
        The categories, in the order that the weights follow.
    weights : {"linear", "quadratic", "matrix", None}
        Which weights were used.
    weight_matrix : (m, m) array
        Agreement of every pair of categories, 1 on the diagonal.
    counts : (m, m) int array
        Pairs of ratings, the first rater's category in the rows.
    n, n_rows : int
        Rows with both ratings, and rows given.
    level : float
        Two-sided confidence level of the interval.
    flags : tuple of str
        `rows_dropped`; `too_few_rows` for fewer than two pairs; `chance_agreement_one` when both raters used the same
        one category, or weights make no difference between those used; `categories_from_data` with weights.
    """

    kappa: float = field(converter=as_float)
    standard_error: float = field(converter=as_float)
    observed_agreement: float = field(converter=as_float)
    expected_agreement: float = field(converter=as_float)
    interval: ConfidenceInterval
    categories: FloatArray = field(converter=float_array)
    weights: WeightName | None
    weight_matrix: FloatArray = field(converter=float_array)
    counts: IntArray = field(converter=int_array)
    n: int = field(converter=as_int)
    n_rows: int = field(converter=as_int)
    level: float = field(converter=as_float)
    flags: tuple[str, ...] = field(default=(), converter=sorted_flags)


def cohen_kappa(
    first: ArrayLike,
    second: ArrayLike,
    *,
    categories: ArrayLike | None = None,
    weights: Weights | ArrayLike | None = None,
    level: float = 0.95,
) -> CohenKappa:
    """Agreement of two raters who put the same units into categories, beyond what their frequencies give by chance.

    Parameters
    ----------
    first, second : (n,) array-like
        A category a unit from each rater, as numbers; NaN is missing, and the unit is left out.
    categories : (m,) array-like, optional
        All categories there are, in their order; by default the values in the data, ascending. Under weights a category
        that nobody used still counts as a step, so give them.
    weights : {"linear", "quadratic"} or (m, m) array-like, optional
        None: only equal categories agree. "linear": 1 - |i - j| / (m - 1), "quadratic": 1 - (i - j)^2 / (m - 1)^2,
        i and j the places among the categories. A matrix holds the agreement of each pair, in [0, 1] and 1 on the
        diagonal, the first rater's category in the rows.
    level : float
        Two-sided confidence level, inside (0, 1).

    Returns
    -------
    CohenKappa
        Kappa with its standard error and interval.

    Raises
    ------
    ValueError
        The ratings are not two vectors of one length, a rating is no category, there are more than 2000 categories,
        `weights` is unknown or no agreement matrix of the categories, or `level` is outside (0, 1).

    References
    ----------
    .. [1] J. Cohen, "A coefficient of agreement for nominal scales", Educational and Psychological Measurement 20,
       1960.
    .. [2] J. Cohen, "Weighted kappa: nominal scale agreement with provision for scaled disagreement or partial credit",
       Psychological Bulletin 70, 1968.
    .. [3] J. L. Fleiss, J. Cohen and B. S. Everitt, "Large sample standard errors of kappa and weighted kappa",
       Psychological Bulletin 72, 1969.

    Examples
    --------
    >>> first, second = [1, 1, 2, 2, 3, 3, 1, 2], [1, 2, 2, 2, 3, 2, 1, 3]
    >>> result = cohen_kappa(first, second)
    >>> round(result.kappa, 4), round(result.observed_agreement, 4), round(result.expected_agreement, 4)
    (0.4286, 0.625, 0.3438)
    >>> round(cohen_kappa(first, second, categories=[1, 2, 3], weights="quadratic").kappa, 4)
    0.6667
    """
    one = vector(first, "first")
    other = vector(second, "second", length=one.size)
    known_categories = given_categories(categories)
    check_categories(one, "first", known_categories)
    check_categories(other, "second", known_categories)
    check_level(level)
    both = ~(np.isnan(one) | np.isnan(other))
    pairs = np.stack([one[both], other[both]])
    values = np.unique(pairs) if known_categories is None else known_categories
    if values.size > MOST_CATEGORIES:
        msg = f"categories: expected at most {MOST_CATEGORIES}, got {values.size}"
        raise ValueError(msg)
    name, agreement = _weights(weights, values.size)
    rows, columns = category_places(pairs, values)
    m, n = values.size, int(both.sum())
    counts = np.bincount(rows * m + columns, minlength=m * m).reshape(m, m)
    observed, expected = _disagreement(counts, 1 - agreement)
    is_defined = n > 1 and expected > 0
    kappa = 1 - observed / expected if is_defined else math.nan
    standard_error = _standard_error(counts, agreement, observed, expected) if is_defined else math.nan

    flags = {"categories_from_data"} if weights is not None and categories is None else set()
    if n < one.size:
        flags.add("rows_dropped")
    if n < 2:
        flags.add("too_few_rows")
    elif not is_defined:
        flags.add("chance_agreement_one")
    return CohenKappa(
        kappa=kappa,
        standard_error=standard_error,
        observed_agreement=1 - observed,
        expected_agreement=1 - expected,
        interval=_interval(kappa, standard_error, level),
        categories=values,
        weights=name,
        weight_matrix=agreement,
        counts=counts,
        n=n,
        n_rows=one.size,
        level=level,
        flags=flags,
    )


def _weights(weights: Weights | ArrayLike | None, m: int) -> tuple[WeightName | None, FloatArray]:
    """Return the name of the weights and the agreement of every pair of `m` categories."""
    if weights is None:
        return None, np.eye(m)
    if isinstance(weights, str):
        check_word(weights, "weights", ("linear", "quadratic"))
        distance = np.abs(np.subtract.outer(np.arange(m), np.arange(m))) / max(m - 1, 1)
        return ("linear", 1 - distance) if weights == "linear" else ("quadratic", 1 - distance**2)
    agreement = matrix(weights, "weights")
    if agreement.shape != (m, m):
        msg = f"weights: expected a matrix of {m} rows and columns, one a category, got {agreement.shape}"
        raise ValueError(msg)
    wrong = ~((agreement >= 0) & (agreement <= 1)) | (np.eye(m, dtype=bool) & (agreement != 1))
    if wrong.any():
        row, column = first_place(wrong)
        wanted = "1 on the diagonal" if row == column else "a number in 0..1"
        msg = f"weights[{row}, {column}]: expected {wanted}, got {agreement[row, column]:g}"
        raise ValueError(msg)
    return "matrix", agreement


def _disagreement(counts: IntArray, weights: FloatArray) -> tuple[float, float]:
    """Return the observed and the expected disagreement; the latter is exactly 0 where no pair can disagree."""
    n = int(counts.sum())
    if n == 0:
        return math.nan, math.nan
    chance = counts.sum(axis=1) @ weights @ counts.sum(axis=0)
    return float((counts * weights).sum() / n), float(chance / n**2)


def _standard_error(counts: IntArray, agreement: FloatArray, observed: float, expected: float) -> float:
    """Return the large-sample standard error of Fleiss, Cohen and Everitt (1969), not the one under chance alone."""
    share = counts / counts.sum()
    row_weight, column_weight = agreement @ share.sum(axis=0), share.sum(axis=1) @ agreement
    terms = agreement * expected - (row_weight[:, None] + column_weight[None, :]) * observed
    # what the paper subtracts is the square of the mean of the terms; about the mean there is no cancellation
    variance = (share * (terms - (share * terms).sum()) ** 2).sum()
    return math.sqrt(float(variance) / counts.sum()) / expected**2


def _interval(kappa: float, standard_error: float, level: float) -> ConfidenceInterval:
    from scipy.special import ndtri

    half = -float(ndtri((1 - level) / 2)) * standard_error
    return interval_or_nan(kappa - half, kappa + half, level)
