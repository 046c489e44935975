"""Spread and correlation within each person, over the answers that are there; a column a person in every table."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from attrs import frozen
from numpy.typing import ArrayLike

from leadkit.stats._spread import is_rounding
from leadkit.stats.moments.accumulation import CACHE_CELLS, rows_a_chunk
from leadkit.typing import BoolArray, FloatArray, IntArray

FEWEST_PAIRS = 3


@frozen(kw_only=True, eq=False)
class Block:
    """Answers of some persons (k, n), NaN where missing, and where that is; None for nowhere.

    A column a person: what is done to every person then runs along the memory.
    """

    answers: FloatArray
    missing: BoolArray | None

    @property
    def n_answered(self) -> IntArray:
        """Answers of each person, (n,)."""
        return answers_there(self.answers, self.missing)


def blocks(answers: FloatArray, width: int) -> Iterator[tuple[slice, Block]]:
    """Cut (n, k) answers into rows whose tables of `width` lines stay in a processor's cache, at least one block."""
    step = rows_a_chunk(width, max(1, 2 * CACHE_CELLS // width))
    for start in range(0, max(len(answers), 1), step):
        rows = slice(start, start + step)
        table = np.ascontiguousarray(answers[rows].T)
        yield rows, Block(answers=table, missing=gaps(table))


def gaps(*tables: FloatArray) -> BoolArray | None:
    """Mark where one of several tables of one shape, finite otherwise, is NaN; None for nowhere."""
    if not any(np.isnan(table.sum()) for table in tables):
        return None
    result: BoolArray = np.logical_or.reduce([np.isnan(table) for table in tables])
    return result


def answers_there(table: FloatArray, missing: BoolArray | None) -> IntArray:
    """Count what is not missing in each column of a table (m, n), (n,)."""
    m, n = table.shape
    return np.full(n, m) if missing is None else m - missing.sum(axis=0, dtype=np.int32).astype(np.int64)


def centred(values: FloatArray, missing: BoolArray | None, *, largest: ArrayLike | None = None) -> FloatArray:
    """Turn each column, in place, into deviations from its own mean, 0 where missing.

    Parameters
    ----------
    values : (m, n) array
        Numbers, anything where missing; overwritten.
    missing : (m, n) array of bool or None
        Which of them do not count; None for no one.
    largest : float or (n,) array-like, optional
        Magnitude of the numbers that `values` were computed from; by default about their own.

    Returns
    -------
    (n,) array
        Sums of the squared deviations, exactly 0 where they are rounding.
    """
    start = values[0].copy() if missing is None else values[missing.argmin(axis=0), np.arange(values.shape[1])]
    # equal numbers are exactly 0 apart from the first of them, but only about 0 from their mean
    values -= start
    _blank(values, missing)
    count = np.maximum(answers_there(values, missing), 1)
    mean = values.sum(axis=0) / count
    values -= mean
    _blank(values, missing)
    return squares_of(values, count, np.abs(start) + np.abs(mean) if largest is None else largest)


def squares_of(deviations: FloatArray, count: IntArray | int, largest: ArrayLike) -> FloatArray:
    """Sum of squares of each column of `count` deviations, exactly 0 for the rounding of numbers of such a size."""
    squares: FloatArray = np.einsum("ij,ij->j", deviations, deviations)
    squares[is_rounding(np.sqrt(squares / count), largest)] = 0.0
    return squares


def within_r(
    first: FloatArray,
    second: FloatArray,
    missing: BoolArray | None,
    *,
    largest_first: ArrayLike | None = None,
    largest_second: ArrayLike | None = None,
) -> FloatArray:
    """Pearson's r of each column of `first` with the same column of `second`.

    Parameters
    ----------
    first, second : (m, n) arrays
        Numbers, anything where missing; overwritten.
    missing : (m, n) array of bool or None
        Where one of them is not known; None for nowhere.
    largest_first, largest_second : float or (n,) array-like, optional
        Magnitudes of the numbers that each was computed from; by default about their own.

    Returns
    -------
    (n,) array
        In [-1, 1]; NaN for fewer than three lines that are known, or without spread on one side.
    """
    if len(first) < FEWEST_PAIRS:
        return np.full(first.shape[1], np.nan)
    squares = centred(first, missing, largest=largest_first)
    others = centred(second, missing, largest=largest_second)
    n = answers_there(first, missing)
    return correlation(np.einsum("ij,ij->j", first, second), np.where(n < FEWEST_PAIRS, 0.0, squares), others)


def correlation(products: FloatArray, first: FloatArray, second: FloatArray) -> FloatArray:
    """Pearson's r from sums of products and of squares of deviations; NaN where a sum of squares is 0."""
    scale = np.sqrt(first) * np.sqrt(second)
    return np.clip(products / np.where(scale > 0, scale, np.nan), -1, 1)


def _blank(table: FloatArray, missing: BoolArray | None) -> None:
    if missing is not None:
        np.copyto(table, 0.0, where=missing)
