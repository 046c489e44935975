"""Indices of careless answering, one row a person."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

import numpy as np
from attrs import field, frozen
from numpy.typing import ArrayLike, NDArray

from leadkit._fields import as_float, as_int, bool_array, float_array, int_array
from leadkit.stats._arrays import checked_bounds, first_place, floats, matrix, vector
from leadkit.stats._base import TableResult
from leadkit.stats.careless.consistency import Consistency, Keyed, LeaveOneOut, item_pairs
from leadkit.stats.careless.distances import Distances
from leadkit.stats.careless.halves import Halves
from leadkit.stats.careless.runs import sameness
from leadkit.stats.careless.within import Block, blocks
from leadkit.stats.flags import sorted_flags, sorted_row_flags
from leadkit.stats.moments import ItemMoments
from leadkit.typing import BoolArray, FloatArray, IntArray


@frozen(kw_only=True, eq=False)
class CarelessIndices(TableResult):
    """What each person's pattern of answers says about the care it was given with, one row a person.

    Parameters
    ----------
    longstring : (n,) array of int
        Longest run of equal answers, in 1..k; 0 for a person without answers.
    average_string : (n,) array
        Answers over runs of equal answers, at least 1; NaN without answers.
    irv : (n,) array
        Intra-individual response variability: standard deviation (divisor n - 1) of the person's answers; NaN below
        two answers.
    n_answered, n_distinct : (n,) array of int
        Answers, and different ones among them.
    mahalanobis_d2 : (n,) array
        Squared distance from the item means, at least 0; NaN where undefined.
    mahalanobis_df : (n,) array of int
        Rank of the covariance matrix of the items the person answered; 0 where the distance is undefined.
    mahalanobis_p : (n,) array
        Chance of a larger distance under normality, in [0, 1].
    even_odd_consistency : (n,) array
        In [-1, 1], HIGH for consistent answers (some software gives the negative of it); NaN without `subscales`.
    synonyms, antonyms : (n,) array
        Correlation over pairs of items that go together (high for consistent answers), or against each other (low for
        consistent answers), in [-1, 1].
    person_total_r : (n,) array
        Correlation with the item means of all others, in [-1, 1].
    person_flags : tuple of n tuples of str
        `all_missing`; `zero_variance_person`: a correlation is NaN for too few pairs or no spread;
        `singular_covariance`: the distance rests on a pseudo-inverse; `too_few_pairs` (`too_few_rows` for one person
        alone): the distance is NaN because an item or pair of items the person answered has too few answers.
    n_synonym_pairs, n_antonym_pairs : int
        Pairs of items that met the condition.
    synonym_r, antonym_r : float
        The conditions: correlation above the one, below the other.
    n_subscales : int
        Subscales given.
    reverse : (k,) array of bool
        Items turned around for `even_odd_consistency` and `person_total_r`.
    n_rows, n_items : int
        Persons n and items k.
    flags : tuple of str
        Union of `person_flags` and, of the whole table, `no_pairs`, `constant_item`, `single_item`, `too_few_rows`,
        `too_few_pairs`.
    """

    _columns: ClassVar[Mapping[str, str]] = {
        "longstring": "longstring",
        "average_string": "average_string",
        "irv": "irv",
        "n_answered": "n_answered",
        "n_distinct": "n_distinct",
        "mahalanobis_d2": "mahalanobis_d2",
        "mahalanobis_df": "mahalanobis_df",
        "mahalanobis_p": "mahalanobis_p",
        "even_odd_consistency": "even_odd_consistency",
        "synonyms": "synonyms",
        "antonyms": "antonyms",
        "person_total_r": "person_total_r",
        "person_flags": "flags",
    }

    longstring: IntArray = field(converter=int_array)
    average_string: FloatArray = field(converter=float_array)
    irv: FloatArray = field(converter=float_array)
    n_answered: IntArray = field(converter=int_array)
    n_distinct: IntArray = field(converter=int_array)
    mahalanobis_d2: FloatArray = field(converter=float_array)
    mahalanobis_df: IntArray = field(converter=int_array)
    mahalanobis_p: FloatArray = field(converter=float_array)
    even_odd_consistency: FloatArray = field(converter=float_array)
    synonyms: FloatArray = field(converter=float_array)
    antonyms: FloatArray = field(converter=float_array)
    person_total_r: FloatArray = field(converter=float_array)
    person_flags: tuple[tuple[str, ...], ...] = field(converter=sorted_row_flags)
    n_synonym_pairs: int = field(converter=as_int)
    n_antonym_pairs: int = field(converter=as_int)
    synonym_r: float = field(converter=as_float)
    antonym_r: float = field(converter=as_float)
    n_subscales: int = field(converter=as_int)
    reverse: BoolArray = field(converter=bool_array)
    n_rows: int = field(converter=as_int)
    n_items: int = field(converter=as_int)
    flags: tuple[str, ...] = field(default=(), converter=sorted_flags)


def careless_indices(
    x: ArrayLike,
    *,
    subscales: Sequence[Sequence[int]] | None = None,
    reverse: ArrayLike | None = None,
    bounds: tuple[float, float] | None = None,
    synonym_r: float = 0.60,
    antonym_r: float = -0.60,
) -> CarelessIndices:
    """Compute indices of careless answering for every person.

    No index proves carelessness, and each has honest reasons to be extreme; `careless_screen` counts rules of one's
    own choice.

    Parameters
    ----------
    x : (n, k) array-like
        RAW answers, not reverse-keyed, in the order of the questionnaire; NaN is missing. A missing answer ends a run
        of equal answers, and every index uses the answers that are there.
    subscales : sequence of sequences of int, optional
        Columns (0 to k - 1) of each subscale in their order, for `even_odd_consistency`: the correlation over
        subscales between the mean of the odd-placed (first, third, ...) and of the even-placed items, stepped up by
        Spearman-Brown and floored at -1.
    reverse : (k,) array-like of bool, optional
        Items worded the other way around. They are turned by `bounds` for `even_odd_consistency` and
        `person_total_r` only.
    bounds : (float, float), optional
        Low and high end of the answer scale; an answer outside is refused. Required to reverse items.
    synonym_r, antonym_r : float
        Pairs of items with a correlation above the one and below the other count as synonyms and antonyms, in [-1, 1].
        A correlation is the pairwise covariance over the two items' own standard deviations.

    Returns
    -------
    CarelessIndices
        One row a person. A correlation within a person over fewer than three pairs, or without spread, is NaN
        (`zero_variance_person`). Distances are taken over the answered items with pairwise covariances, by the
        pseudo-inverse (of the correlations) where these are singular.

    Raises
    ------
    ValueError
        `x` is not a table of finite numbers or holds an answer outside `bounds`; a subscale names a column that is
        not there, or twice; `reverse` is of another length or needs `bounds`; a threshold lies outside [-1, 1].

    References
    ----------
    .. [1] P. G. Curran, "Methods for the detection of carelessly invalid responses in survey data", Journal of
       Experimental Social Psychology 66, 2016.
    .. [2] A. W. Meade and S. B. Craig, "Identifying careless responses in survey data", Psychological Methods 17,
       2012 (synonyms, antonyms, distance).
    .. [3] A. M. Dunn, E. D. Heggestad, L. R. Shanock and N. Theilgard, "Intra-individual response variability as an
       indicator of insufficient effort responding", Journal of Business and Psychology 33, 2018.
    .. [4] D. N. Jackson, "The appraisal of personal reliability", Meetings of the Society of Multivariate Experimental
       Psychology, 1976 (even-odd consistency).
    .. [5] T. F. Donlon and F. E. W. Fischer, "An index of an individual's agreement with group-determined item
       difficulties", Educational and Psychological Measurement 28, 1968 (person-total correlation).

    Examples
    --------
    >>> answers = [[1, 1, 5, 4], [2, 1, 4, 5], [3, 3, 3, 3], [5, float("nan"), 2, 1]]
    >>> result = careless_indices(answers)
    >>> result.longstring.tolist(), result.irv.round(2).tolist()
    ([2, 1, 4, 1], [2.06, 1.83, 0.0, 2.08])
    >>> result.person_total_r.round(2).tolist()
    [0.33, 0.53, nan, -0.97]
    >>> result.person_flags[2]
    ('singular_covariance', 'zero_variance_person')
    """
    ends = None if bounds is None else checked_bounds(bounds)
    answers = matrix(x, "x", bounds=ends)
    n, k = answers.shape
    turned = _reversed_items(reverse, ends, k)
    above, below = _correlation_bound(synonym_r, "synonym_r"), _correlation_bound(antonym_r, "antonym_r")
    moments = ItemMoments.from_array(answers)
    keyed = Keyed.of(moments, turned, ends)
    halves = None if subscales is None else Halves.of(subscales, keyed.moments)
    alike, opposed = item_pairs(moments.correlation > above), item_pairs(moments.correlation < below)

    consistency = Consistency(
        keyed=keyed, halves=halves, others=LeaveOneOut.of(keyed.moments), alike=alike, opposed=opposed
    )
    width = max(k, alike[0].size, opposed[0].size)
    rows = _rows(answers, width, (sameness, consistency, Distances.of(moments)))
    distances = {name: rows.pop(name) for name in ("squared", "df", "is_singular", "is_unknown")}
    asked = {"person_total_r": True, "even_odd_consistency": halves is not None}
    asked |= {"synonyms": alike[0].size > 0, "antonyms": opposed[0].size > 0}
    person_flags = _person_flags(rows, distances, [name for name, is_asked in asked.items() if is_asked])
    return CarelessIndices(
        **rows,
        mahalanobis_d2=distances["squared"],
        mahalanobis_df=distances["df"],
        mahalanobis_p=_upper_tail(distances["squared"], distances["df"]),
        person_flags=person_flags,
        n_synonym_pairs=alike[0].size,
        n_antonym_pairs=opposed[0].size,
        synonym_r=above,
        antonym_r=below,
        n_subscales=0 if halves is None else halves.n_subscales,
        reverse=turned,
        n_rows=n,
        n_items=k,
        flags={flag for row in set(person_flags) for flag in row} | _table_flags(moments, asked),
    )


def _reversed_items(reverse: ArrayLike | None, bounds: tuple[float, float] | None, n_items: int) -> BoolArray:
    if reverse is None:
        return np.zeros(n_items, dtype=np.bool_)
    marks = vector(reverse, "reverse", length=n_items)
    wrong = (marks != 0) & (marks != 1)
    if wrong.any():
        (place,) = first_place(wrong)
        msg = f"reverse[{place}]: expected True or False, got {marks[place]:g}"
        raise ValueError(msg)
    if marks.any() and bounds is None:
        msg = "bounds: expected (low, high) to reverse answers by, got none"
        raise ValueError(msg)
    return marks.astype(np.bool_)


def _correlation_bound(value: float, name: str) -> float:
    number = floats(value, name)
    if number.ndim or not -1 <= number <= 1:
        msg = f"{name}: expected a number in [-1, 1], got {value!r}"
        raise ValueError(msg)
    return float(number)


def _rows(
    answers: FloatArray, width: int, steps: Sequence[Callable[[Block], Mapping[str, NDArray[Any]]]]
) -> dict[str, NDArray[Any]]:
    """Let every step work out its columns, a block of persons at a time."""
    columns: dict[str, NDArray[Any]] = {}
    for rows, block in blocks(answers, width):
        for step in steps:
            for name, values in step(block).items():
                columns.setdefault(name, np.empty(len(answers), dtype=values.dtype))[rows] = values
    return columns


def _upper_tail(squared: FloatArray, df: IntArray) -> FloatArray:
    from scipy.special import chdtrc

    return np.where(df > 0, chdtrc(df, squared), np.nan)


def _person_flags(
    rows: Mapping[str, NDArray[Any]], distances: Mapping[str, NDArray[Any]], correlations: Sequence[str]
) -> list[tuple[str, ...]]:
    answered = rows["n_answered"] > 0
    undefined = np.isnan([rows[name] for name in correlations]).any(axis=0)
    marks = {
        "all_missing": ~answered,
        "singular_covariance": distances["is_singular"],
        "too_few_rows" if answered.size < 2 else "too_few_pairs": distances["is_unknown"],
        "zero_variance_person": undefined & answered,
    }
    codes = sum(mark.astype(np.int64) << place for place, mark in enumerate(marks.values()))
    words = [tuple(name for place, name in enumerate(marks) if code >> place & 1) for code in range(2 ** len(marks))]
    return [words[code] for code in np.asarray(codes).tolist()]


def _table_flags(moments: ItemMoments, asked: Mapping[str, bool]) -> set[str]:
    marks = {
        "no_pairs": not (asked["synonyms"] and asked["antonyms"]),
        "constant_item": bool((moments.variances == 0).any()),
        "single_item": moments.n_items == 1,
        "too_few_rows": moments.n_rows < 2,
        "too_few_pairs": moments.n_rows > 1 and bool(moments.counts.min() < 2),
    }
    return {name for name, is_up in marks.items() if is_up}
