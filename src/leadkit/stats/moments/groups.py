"""Size, mean and spread of a value within groups; parts of the data add up to the whole."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from functools import reduce
from operator import add
from typing import Any, ClassVar, Self

import numpy as np
from attrs import field, frozen
from numpy.typing import ArrayLike

from leadkit._fields import float_array, int_array
from leadkit.stats._arrays import vector
from leadkit.stats._base import TableResult
from leadkit.stats._groups import group_codes, sorted_labels
from leadkit.stats.moments.checks import shaped, whole
from leadkit.typing import FloatArray, IntArray


@frozen(kw_only=True, eq=False)
class GroupMoments(TableResult):
    """How many values each group has, their mean, and their squares about that mean.

    Build one with `from_arrays` or `from_sums`; add two with `+`, many with `merge`, both by label.

    Parameters
    ----------
    groups : tuple
        Labels in ascending order, (G,).
    n : (G,) int array
        Values of each group; a label without a value has 0.
    mean : (G,) float array
        Mean of each group; NaN without a value.
    sum_squares : (G,) float array
        Sum of squared deviations from the mean of the group.

    Examples
    --------
    >>> moments = GroupMoments.from_arrays([1.0, 3.0, 5.0], ["b", "b", "a"])
    >>> moments.groups, moments.mean
    (('a', 'b'), array([5., 2.]))
    """

    _columns: ClassVar[Mapping[str, str]] = {
        "groups": "group",
        "n": "n",
        "mean": "mean",
        "sum_squares": "sum_squares",
    }

    groups: tuple[Any, ...]
    n: IntArray = field(converter=int_array)
    mean: FloatArray = field(converter=float_array)
    sum_squares: FloatArray = field(converter=float_array)

    def __attrs_post_init__(self) -> None:
        for name in ("n", "mean", "sum_squares"):
            shaped(getattr(self, name), name, (len(self.groups),))
        if self.groups != sorted_labels(self.groups, "groups"):
            msg = f"groups: expected different labels in ascending order, got {self.groups!r}"
            raise ValueError(msg)
        if (self.n < 0).any():
            msg = f"n: expected 0 or more, got {self.n.tolist()}"
            raise ValueError(msg)
        empty = self.n == 0
        if not np.array_equal(np.isfinite(self.mean), ~empty):
            msg = (
                f"mean: expected a finite number for every group with values and NaN without, got {self.mean.tolist()}"
            )
            raise ValueError(msg)
        if not (np.isfinite(self.sum_squares) & (self.sum_squares >= 0)).all() or self.sum_squares[self.n < 2].any():
            msg = f"sum_squares: expected 0 or more, and 0 below two values, got {self.sum_squares.tolist()}"
            raise ValueError(msg)

    @classmethod
    def from_arrays(cls, y: ArrayLike, groups: ArrayLike | Sequence[Hashable]) -> Self:
        """Reduce values to the moments of their groups.

        Parameters
        ----------
        y : (n,) array-like
            Values; NaN, None or masked is missing.
        groups : (n,) array-like
            Label of each value: integers, strings or objects that sort together; None or NaN is no group.

        Returns
        -------
        GroupMoments
            The moments of every label that is there; rows without a value or without a label are left out.

        Raises
        ------
        ValueError
            Lengths differ, `y` is not real and finite, or labels do not sort together.

        Examples
        --------
        >>> GroupMoments.from_arrays([1.0, 3.0, 5.0], [1, 1, None]).sum_squares
        array([2.])
        """
        values = vector(y, "y")
        labels, codes = group_codes(groups, "groups", length=values.size)
        used = (codes >= 0) & ~np.isnan(values)
        values, codes = values[used], codes[used]
        n = np.bincount(codes, minlength=len(labels))
        origin = np.full(len(labels), np.nan)
        origin[codes[::-1]] = values[::-1]
        deviations = values - origin[codes]
        offset = _per_group(codes, deviations, n) / np.maximum(n, 1)
        residuals = deviations - offset[codes]
        return cls(groups=labels, n=n, mean=origin + offset, sum_squares=_per_group(codes, residuals**2, n))

    @classmethod
    def from_sums(
        cls, groups: ArrayLike | Sequence[Hashable], n: ArrayLike, mean: ArrayLike, sum_squares: ArrayLike
    ) -> Self:
        """Take moments that a database or a cluster has worked out, in any order of the labels.

        Parameters
        ----------
        groups : (G,) array-like
            Labels, each once.
        n : (G,) array-like of int
            Values of each group.
        mean : (G,) array-like
            Mean of each group; NaN (NULL) without a value.
        sum_squares : (G,) array-like
            Sum of squared deviations from the mean of the group; NaN (NULL) is 0 below two values.

        Returns
        -------
        GroupMoments
            The moments, labels in ascending order.

        Raises
        ------
        ValueError
            Lengths differ, a label is missing or there twice, or no data can have these numbers.

        Examples
        --------
        >>> GroupMoments.from_sums(["b", "a"], [2, 1], [2.0, 5.0], [2.0, 0.0]).n
        array([1, 2])
        """
        counts = whole(n, "n")
        labels, codes = group_codes(groups, "groups", length=counts.size)
        if (codes < 0).any() or len(labels) != counts.size:
            msg = "groups: expected every label once, and none missing"
            raise ValueError(msg)
        order = np.argsort(codes)
        squares = vector(sum_squares, "sum_squares", length=counts.size)
        squares = np.where(np.isnan(squares) & (counts < 2), 0.0, squares)
        means = vector(mean, "mean", length=counts.size)
        return cls(groups=labels, n=counts[order], mean=means[order], sum_squares=squares[order])

    @classmethod
    def merge(cls, parts: Iterable[Self]) -> Self:
        """Add up the moments of several parts of the data by label; at least one part.

        Raises
        ------
        ValueError
            There is no part, or labels do not sort together.

        Examples
        --------
        >>> parts = [GroupMoments.from_arrays([1.0], ["a"]), GroupMoments.from_arrays([3.0, 4.0], ["a", "b"])]
        >>> GroupMoments.merge(parts).mean
        array([2., 4.])
        """
        several = tuple(parts)
        if not several:
            msg = "parts: expected at least one, got none"
            raise ValueError(msg)
        return reduce(add, several)

    def __add__(self, other: Self) -> Self:
        if not isinstance(other, GroupMoments):
            return NotImplemented
        groups = sorted_labels(set(self.groups) | set(other.groups), "groups")
        first, second = _spread(self, groups), _spread(other, groups)
        n = first[0] + second[0]
        share = second[0] / np.maximum(n, 1)
        gap = second[1] - first[1]
        both = (first[0] > 0) & (second[0] > 0)
        joint = first[1] + gap * share
        mean = np.where(both, joint, np.where(first[0] > 0, first[1], second[1]))
        between = np.where(both, gap**2 * first[0] * share, 0.0)
        return type(self)(groups=groups, n=n, mean=mean, sum_squares=first[2] + second[2] + between)


def _per_group(codes: IntArray, values: FloatArray, n: IntArray) -> FloatArray:
    return np.bincount(codes, weights=values, minlength=n.size).astype(np.float64)


def _spread(moments: GroupMoments, groups: tuple[Any, ...]) -> tuple[IntArray, FloatArray, FloatArray]:
    place = {label: index for index, label in enumerate(groups)}
    places = np.array([place[label] for label in moments.groups], dtype=np.int64)
    n = np.zeros(len(groups), dtype=np.int64)
    mean, sum_squares = np.full(len(groups), np.nan), np.zeros(len(groups))
    n[places], mean[places], sum_squares[places] = moments.n, moments.mean, moments.sum_squares
    return n, mean, sum_squares
