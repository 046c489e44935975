"""Two groups, the score their people are matched on, and its strata: what every DIF statistic starts from."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from typing import Any, Literal, TypeAlias

import numpy as np
from attrs import field, frozen
from numpy.typing import ArrayLike

from leadkit._fields import as_int, int_array
from leadkit.stats._arrays import item_names, matrix, vector, zero_if_rounding
from leadkit.stats._base import TableResult
from leadkit.stats._groups import NO_GROUP, group_codes
from leadkit.stats._spread import is_rounding
from leadkit.stats.flags import sorted_flags, sorted_row_flags
from leadkit.typing import BoolArray, FloatArray, IntArray

Matching: TypeAlias = Literal["total", "given"]
SMALL_GROUP = 100
FEWEST_STRATA = 2


@frozen(kw_only=True, eq=False)
class DIFTable(TableResult):
    """What the results of all DIF statistics share, one row an item.

    Parameters
    ----------
    items : tuple of str
        Item names, (k,).
    n_strata : (k,) int array
        Levels of the matching score that hold people of both groups.
    item_flags : tuple of tuple of str
        What is doubtful about each item, words of `FLAGS`.
    reference, focal : label
        The two groups; None for one that nobody belongs to.
    n_reference, n_focal : int
        Complete rows of each group.
    n_rows, n_used : int
        Rows given, and complete rows with a group.
    matching : {"total", "given"}
        What people were matched on: the total over the items, or scores that were given.
    flags : tuple of str
        All item flags and what is doubtful about the whole.
    """

    items: tuple[str, ...]
    n_strata: IntArray = field(converter=int_array)
    item_flags: tuple[tuple[str, ...], ...] = field(converter=sorted_row_flags)
    reference: Any
    focal: Any
    n_reference: int = field(converter=as_int)
    n_focal: int = field(converter=as_int)
    n_rows: int = field(converter=as_int)
    n_used: int = field(converter=as_int)
    matching: Matching
    flags: tuple[str, ...] = field(default=(), converter=sorted_flags)


@frozen(kw_only=True, eq=False)
class Levels:
    """Distinct values in ascending order, and the place of each row's value among them."""

    values: FloatArray
    codes: IntArray


@frozen(kw_only=True, eq=False)
class Strata:
    """What two groups answered to one item, level by level of the score, where both have people.

    `counts (2, s)` people of the reference and of the focal group, `sums (2, s)` of their answers, `squares (s,)` sum
    of squares of all answers about the mean of the stratum.
    """

    counts: FloatArray
    sums: FloatArray
    squares: FloatArray

    @property
    def n_strata(self) -> int:
        """Number of strata."""
        return int(self.squares.size)

    def deviation(self) -> float:
        """Sum of the focal group's answers less what is expected of people like the reference group."""
        (n_reference, n_focal), (reference, focal) = self.counts, self.sums
        return float(((focal * n_reference - reference * n_focal) / self.counts.sum(axis=0)).sum())

    def variance(self) -> float:
        """Variance of the deviation if the groups were drawn at random from each stratum."""
        n = self.counts.sum(axis=0)
        return float((self.counts.prod(axis=0) * self.squares / (n * (n - 1))).sum())


@frozen(kw_only=True, eq=False)
class Comparison:
    """Complete rows of two groups.

    `answers (n, k)` are counted from the lowest answer to each item in units of 2^`exponent`, `largest (k,)` is the
    magnitude of the answers as they were given in the same unit, and `score` the scores that were given to match on.
    """

    items: tuple[str, ...]
    answers: FloatArray
    largest: FloatArray
    exponent: int
    is_focal: BoolArray
    score: Levels | None
    reference: Any
    focal: Any
    n_rows: int

    @property
    def n_items(self) -> int:
        """Number of items."""
        return len(self.items)

    @property
    def is_single(self) -> bool:
        """Whether there are not two groups."""
        return bool(self.is_focal.all() or not self.is_focal.any())

    def answer_levels(self, item: int) -> Levels:
        """Find the categories of an item that somebody used."""
        return levels(self.answers[:, item], largest=float(self.largest[item]))

    def total(self, counted: BoolArray) -> Levels:
        """Add up the items that are `counted (k,)`."""
        answers = self.answers[:, counted]
        rounding = self.largest[counted].sum() + counted.sum() * answers.max(axis=0, initial=0).sum()
        return levels(answers.sum(axis=1), largest=float(rounding))

    def scores(self, counted: BoolArray | None = None) -> Iterator[Levels]:
        """Give the score to match on for each item: the one given, or the total of `counted` items and its own."""
        all_items = np.ones(self.n_items, dtype=np.bool_)
        kept = all_items if counted is None else counted
        shared = self.total(kept) if self.score is None else self.score
        for item in range(self.n_items):
            own = np.arange(self.n_items) == item
            yield shared if kept[item] or self.score is not None else self.total(kept | own)

    def strata(self, item: int, score: Levels) -> Strata:
        """Sum up an item by group and level of the score, where both groups have people."""
        used = self.answer_levels(item)
        n_levels, n_used = score.values.size, max(used.values.size, 1)
        # Counts of equal people are summed in one order, so that the order of rows does not show in the last digit.
        row_cells = (score.codes + n_levels * self.is_focal) * n_used + used.codes
        cells, people = np.unique(row_cells, return_counts=True)
        group_level, answers = cells // n_used, used.values[cells % n_used]
        level = group_level % max(n_levels, 1)
        counts = _sums(group_level, people, 2 * n_levels).reshape(2, n_levels)
        sums = _sums(group_level, people * answers, 2 * n_levels).reshape(2, n_levels)
        means = sums.sum(axis=0) / counts.sum(axis=0)
        squares = _sums(level, people * (answers - means[level]) ** 2, n_levels)
        raw = _sums(level, people * answers**2, n_levels)
        both = (counts > 0).all(axis=0)
        return Strata(counts=counts[:, both], sums=sums[:, both], squares=zero_if_rounding(squares, raw)[both])

    def common(self, *, n_strata: Sequence[int], item_flags: Iterable[Iterable[str]]) -> dict[str, Any]:
        """Give the fields that every result has."""
        rows = tuple(tuple(row) for row in item_flags)
        n_used, n_focal = len(self.is_focal), int(self.is_focal.sum())
        return {
            "items": self.items,
            "n_strata": n_strata,
            "item_flags": rows,
            "reference": self.reference,
            "focal": self.focal,
            "n_reference": n_used - n_focal,
            "n_focal": n_focal,
            "n_rows": self.n_rows,
            "n_used": n_used,
            "matching": "total" if self.score is None else "given",
            "flags": {*self._doubts(n_used, n_focal), *(flag for row in rows for flag in row)},
        }

    def _doubts(self, n_used: int, n_focal: int) -> Iterator[str]:
        if n_used < self.n_rows:
            yield "rows_dropped"
        if self.is_single:
            yield "single_group"
        if min(n_focal, n_used - n_focal) < SMALL_GROUP:
            yield "small_group"


def comparison(
    x: ArrayLike,
    groups: ArrayLike | Sequence[Hashable],
    *,
    reference: Hashable,
    matching: ArrayLike | None,
    items: Sequence[str] | None,
) -> Comparison:
    """Check the arguments that every DIF statistic takes, and keep the complete rows."""
    table = matrix(x, "x")
    names = item_names(items, table.shape[1])
    labels, codes = group_codes(groups, "groups", length=len(table))
    reference, focal = _two_groups(labels, reference)
    given = None if matching is None else vector(matching, "matching", length=len(table))
    complete = (codes != NO_GROUP) & ~np.isnan(table).any(axis=1)
    if given is not None:
        complete &= ~np.isnan(given)
        given, _ = _scaled(given[complete])
    answers, exponent = _scaled(table[complete])
    lowest = answers.min(axis=0) if len(answers) else np.zeros(len(names))
    return Comparison(
        items=names,
        answers=answers - lowest,
        largest=np.abs(answers).max(axis=0, initial=0),
        exponent=exponent,
        is_focal=np.array([label != reference for label in labels], dtype=np.bool_)[codes[complete]],
        score=None if given is None else levels(given, largest=float(np.abs(given).max(initial=0))),
        reference=reference,
        focal=focal,
        n_rows=len(table),
    )


def levels(values: FloatArray, *, largest: float) -> Levels:
    """Find the distinct values, where two that differ by the rounding of numbers as large as `largest` are one.

    Sums of decimal fractions differ in the last digit with the order of their parts, which must not open a stratum.
    """
    order = np.argsort(values, kind="stable")
    ordered = values[order]
    starts = ~is_rounding(np.diff(ordered, prepend=-np.inf), largest)
    codes = np.empty(values.size, dtype=np.int64)
    codes[order] = np.cumsum(starts) - 1
    return Levels(values=ordered[starts], codes=codes)


def _sums(codes: IntArray, values: FloatArray | IntArray, size: int) -> FloatArray:
    return np.bincount(codes, weights=values, minlength=size).astype(np.float64, copy=False)


def _scaled(values: FloatArray) -> tuple[FloatArray, int]:
    """Bring the largest magnitude into [1, 2) by a power of two, which is exact, so that no square overflows."""
    exponent = int(np.frexp(np.abs(values).max(initial=0))[1]) - 1
    return np.ldexp(values, -exponent), exponent


def _two_groups(labels: tuple[Any, ...], reference: Hashable) -> tuple[Any, Any]:
    """Return the labels of the reference and of the focal group, None for one that is not there."""
    if len(labels) > 2:
        msg = f"groups: expected two labels, got {len(labels)}: {', '.join(map(repr, labels[:6]))}"
        raise ValueError(msg)
    if len(labels) == 2 and reference not in labels:
        msg = f"reference: expected one of the labels {', '.join(map(repr, labels))}, got {reference!r}"
        raise ValueError(msg)
    present = next((label for label in labels if label == reference), None)
    return present, next((label for label in labels if label != reference), None)
