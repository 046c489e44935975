"""The Mantel-Haenszel odds ratio of right-or-wrong items, with the classes of Educational Testing Service."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping, Sequence
from statistics import NormalDist
from typing import Any, ClassVar, Literal, TypeAlias

import numpy as np
from attrs import field, frozen
from numpy.typing import ArrayLike

from leadkit._fields import float_array
from leadkit.stats._arrays import first_place, matrix
from leadkit.stats.dif.design import Comparison, DIFTable, Strata, comparison
from leadkit.stats.dif.mantel import chi_square, strata_doubts
from leadkit.typing import BoolArray, FloatArray

ETSClass: TypeAlias = Literal["A", "B", "C"]
POINTS_PER_LOGIT = 2.35
NEGLIGIBLE = 1.0
LARGE = 1.5
SIGNIFICANT = 0.05
CONTINUITY = 0.5


@frozen(kw_only=True, eq=False)
class MantelHaenszelDIF(DIFTable):
    """Odds of a 1 in the reference group over those in the focal group at the same score, for every item.

    Parameters
    ----------
    items : tuple of str
        Item names, (k,).
    n_strata : (k,) int array
        Levels of the matching score that hold people of both groups; the others are skipped.
    odds_ratio : (k,) array
        Above 1 where the item is harder on the focal group, above 0; NaN where it is undefined, 0 or infinite.
    log_odds_ratio : (k,) array
        Its natural logarithm [logit].
    standard_error : (k,) array
        Standard error of `log_odds_ratio` after Robins, Breslow and Greenland.
    delta : (k,) array
        -2.35 `log_odds_ratio` [points of the ETS delta scale]; below 0 where the item is harder on the focal group.
    chi2 : (k,) array
        Mantel-Haenszel chi-square on 1 degree of freedom; NaN where no stratum has two different answers.
    p_value : (k,) array
        Its upper tail, in [0, 1].
    ets : tuple of {"A", "B", "C", None}
        A negligible, C large, B in between; None where `delta` is NaN.
    item_flags : tuple of tuple of str
        `constant_item`, `few_strata` where fewer than two strata hold both groups, so that people are hardly matched,
        `no_variance` where no stratum has two different answers, `separated` where the odds ratio is 0 or infinite.
    purified : tuple of str
        Items that left the matching score of the others, by `purify`.
    correction : bool
        Whether the chi-square is corrected for continuity.
    reference, focal : label
        The two groups; None for one that nobody belongs to.
    n_reference, n_focal : int
        Complete rows of each group.
    n_rows, n_used : int
        Rows given, and complete rows with a group.
    matching : {"total", "given"}
        What people were matched on: the total over the items, or scores that were given.
    flags : tuple of str
        All item flags, `rows_dropped`, `single_group`, and `small_group` for fewer than 100 rows in a group.
    """

    _columns: ClassVar[Mapping[str, str]] = {
        "items": "item",
        "n_strata": "n_strata",
        "odds_ratio": "odds_ratio",
        "log_odds_ratio": "log_odds_ratio",
        "standard_error": "standard_error",
        "delta": "delta",
        "chi2": "chi2",
        "p_value": "p_value",
        "ets": "ets",
        "item_flags": "flags",
    }

    odds_ratio: FloatArray = field(converter=float_array)
    log_odds_ratio: FloatArray = field(converter=float_array)
    standard_error: FloatArray = field(converter=float_array)
    delta: FloatArray = field(converter=float_array)
    chi2: FloatArray = field(converter=float_array)
    p_value: FloatArray = field(converter=float_array)
    ets: tuple[ETSClass | None, ...]
    purified: tuple[str, ...]
    correction: bool


def mantel_haenszel_dif(
    x: ArrayLike,
    groups: ArrayLike | Sequence[Hashable],
    *,
    reference: Hashable,
    matching: ArrayLike | None = None,
    items: Sequence[str] | None = None,
    correction: bool = True,
    purify: bool = False,
) -> MantelHaenszelDIF:
    """Compare the odds of a 1 in two groups that are matched on a score.

    With A and B the ones and zeros of the reference group in a stratum, C and D those of the focal group, and n all of
    them, the odds ratio is sum(A D / n) / sum(B C / n) [1]_, and chi2 = (abs(sum A - sum E) - 0.5)^2 / sum V with E
    and V the mean and variance of A given the margins. An item is of class A (negligible) when abs(delta) < 1 or
    p >= .05, of class C (large) when abs(delta) >= 1.5 and significantly above 1 (one-sided, 5 %), else of class B.

    Parameters
    ----------
    x : (n, k) array-like
        Answers 0 or 1, a row a person; NaN, None or masked is missing.
    groups : (n,) array-like
        Label of each person's group, two in all; None or NaN is no group.
    reference : label
        The group that the other one, the focal group, is compared with.
    matching : (n,) array-like, optional
        Score that people are matched on; by default the total over all items, the studied one included.
    items : sequence of str, optional
        Item names, (k,); `item1`, `item2`, ... by default.
    correction : bool
        Correct chi2 for continuity: bring the deviation 0.5 nearer to 0, but never past it.
    purify : bool
        Leave items of class C out of the total that the others are matched on (each stays in its own), and compare
        once more. Only with the default `matching`.

    Returns
    -------
    MantelHaenszelDIF
        One row an item. Rows with any gap are left out. With one group only everything is NaN (`single_group`).

    Raises
    ------
    ValueError
        An answer is neither 0 nor 1 nor missing, an argument differs in length, there are more than two groups or two
        of which none is the reference, or `purify` is asked for with `matching` given.

    References
    ----------
    .. [1] P. W. Holland and D. T. Thayer, "Differential item performance and the Mantel-Haenszel procedure", in
       H. Wainer and H. I. Braun (eds), Test Validity, Erlbaum, 1988.
    .. [2] J. Robins, N. Breslow and S. Greenland, "Estimators of the Mantel-Haenszel variance consistent in both
       sparse data and large-strata limiting models", Biometrics 42, 1986.
    .. [3] P. J. Bickel, E. A. Hammel and J. W. O'Connell, "Sex bias in graduate admissions: data from Berkeley",
       Science 187, 1975.

    Examples
    --------
    Admissions to the six largest departments of Berkeley in 1973 [3]_, matched on the department: admitted and
    rejected men, admitted and rejected women.

    >>> departments = np.array([
    ...     [512, 313, 89, 19], [353, 207, 17, 8], [120, 205, 202, 391],
    ...     [138, 279, 131, 244], [53, 138, 94, 299], [22, 351, 24, 317],
    ... ])
    >>> people = departments.ravel()
    >>> admitted = np.repeat([1, 0, 1, 0] * 6, people)[:, None]
    >>> sex = np.repeat(["man", "man", "woman", "woman"] * 6, people)
    >>> department = np.repeat(np.arange(6).repeat(4), people)
    >>> result = mantel_haenszel_dif(admitted, sex, reference="man", matching=department)
    >>> result.odds_ratio.round(4), result.chi2.round(4), result.ets
    (array([0.9047]), array([1.4269]), ('A',))
    """
    table = matrix(x, "x")
    _refuse_other_answers(table)
    people = comparison(table, groups, reference=reference, matching=matching, items=items)
    if purify and matching is not None:
        msg = "purify: items can leave the total score only, so expected matching=None"
        raise ValueError(msg)
    kept = np.ones(people.n_items, dtype=np.bool_)
    columns = _columns_of(people, kept, correction=correction)
    if purify:
        kept = np.array([name != "C" for name in columns["ets"]])
        columns = _columns_of(people, kept, correction=correction)
    purified = tuple(name for name, stays in zip(people.items, kept, strict=True) if not stays)
    return MantelHaenszelDIF(purified=purified, correction=bool(correction), **columns)


def _refuse_other_answers(table: FloatArray) -> None:
    wrong = ~(np.isnan(table) | (table == 0) | (table == 1))
    if wrong.any():
        row, column = first_place(wrong)
        msg = f"x[{row}, {column}]: expected 0 or 1, got {table[row, column]:g}"
        raise ValueError(msg)


def _columns_of(people: Comparison, kept: BoolArray, *, correction: bool) -> dict[str, Any]:
    """Compute the fields of the result where people are matched on the total of `kept` items."""
    from scipy.special import chdtrc

    strata = [people.strata(item, score) for item, score in enumerate(people.scores(kept))]
    log_odds, error = np.array([_log_odds_ratio(one) for one in strata]).T
    chi2 = np.array([chi_square(one, correction=CONTINUITY if correction else 0.0) for one in strata])
    p_value = np.asarray(chdtrc(1, chi2))
    delta = -POINTS_PER_LOGIT * log_odds
    one_sided = np.isnan(log_odds) & ~np.isnan(chi2)
    flags = [
        [*strata_doubts(people, item, one), *(["separated"] if one_sided[item] else [])]
        for item, one in enumerate(strata)
    ]
    return {
        "odds_ratio": np.exp(log_odds),
        "log_odds_ratio": log_odds,
        "standard_error": error,
        "delta": delta,
        "chi2": chi2,
        "p_value": p_value,
        "ets": tuple(map(_ets_class, delta.tolist(), error.tolist(), p_value.tolist())),
        **people.common(n_strata=[one.n_strata for one in strata], item_flags=flags),
    }


def _log_odds_ratio(strata: Strata) -> tuple[float, float]:
    """Return ln alpha and its standard error."""
    n = strata.counts.sum(axis=0)
    (a, c), (b, d) = strata.sums, strata.counts - strata.sums
    agree, differ = a * d / n, b * c / n
    for_reference, for_focal = agree.sum(), differ.sum()
    if not (for_reference > 0 and for_focal > 0):
        return math.nan, math.nan
    same, other = (a + d) / n, (b + c) / n
    squared = (
        (same @ agree) / (2 * for_reference**2)
        + (same @ differ + other @ agree) / (2 * for_reference * for_focal)
        + (other @ differ) / (2 * for_focal**2)
    )
    return math.log(for_reference) - math.log(for_focal), math.sqrt(squared)


def _ets_class(delta: float, error: float, p_value: float) -> ETSClass | None:
    if math.isnan(delta):
        return None
    if abs(delta) < NEGLIGIBLE or p_value >= SIGNIFICANT:
        return "A"
    surely = (abs(delta) - NEGLIGIBLE) / (POINTS_PER_LOGIT * error) > NormalDist().inv_cdf(1 - SIGNIFICANT)
    return "C" if abs(delta) >= LARGE and surely else "B"
