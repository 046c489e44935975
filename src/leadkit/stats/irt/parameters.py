"""Discriminations and thresholds of items with ordered categories."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Literal, Self, TypeAlias

import numpy as np
from attrs import field, frozen
from numpy.typing import ArrayLike

from leadkit._fields import float_array
from leadkit._results import plain
from leadkit.stats._arrays import check_word, first_place, item_names, matrix, vector
from leadkit.stats._base import TableResult
from leadkit.typing import BoolArray, FloatArray, IntArray

Model: TypeAlias = Literal["grm", "gpcm"]
MODELS = ("grm", "gpcm")
LARGEST_CODE = 2**53


def _discrimination(values: ArrayLike) -> FloatArray:
    return float_array(vector(values, "discrimination"))


def _thresholds(values: ArrayLike) -> FloatArray:
    return float_array(matrix(values, "thresholds"))


def lowest_code(value: int) -> int:
    """Return the code of a lowest category, a whole number."""
    if isinstance(value, bool) or not isinstance(value, int | np.integer) or abs(value) > LARGEST_CODE:
        msg = f"lowest: expected a whole number, got {value!r}"
        raise ValueError(msg)
    return int(value)


def _items(names: Sequence[str] | None) -> tuple[str, ...]:
    return () if names is None else tuple(names)


@frozen(eq=False)
class ItemParameters(TableResult):
    """How k items with ordered categories depend on a trait; one row an item.

    The graded response model says P(X >= c) = logistic(a (t - b_c)), the generalised partial credit model
    P(X = c) ~ exp(sum of a (t - b_v) over v up to c). The partial credit and Rasch models are the latter with every
    discrimination 1; with one threshold both models are the two-parameter logistic model.

    Parameters
    ----------
    model : {"grm", "gpcm"}
        Graded response model, or generalised partial credit model.
    discrimination : (k,) array-like
        Slopes a, above 0. NaN, with no thresholds, is an item whose parameters are not known: its curves are NaN, and
        answers to it are left out of scores.
    thresholds : (k, m - 1) array-like
        Thresholds b on the trait's scale, filled up with NaN for items with fewer categories; those of the graded
        response model rise strictly.
    lowest : int
        Code of the lowest category; the following categories have the following whole numbers.
    items : sequence of str, optional
        Item names, (k,); `item1`, `item2`, ... by default.

    Raises
    ------
    ValueError
        A discrimination is not above 0, thresholds have another number of rows, gaps or do not rise, or `lowest` is no
        whole number.

    References
    ----------
    .. [1] F. Samejima, "Estimation of latent ability using a response pattern of graded scores", Psychometrika
       Monograph 17, 1969.
    .. [2] E. Muraki, "A generalized partial credit model: application of an EM algorithm", Applied Psychological
       Measurement 16, 1992.

    Examples
    --------
    >>> parameters = ItemParameters("grm", [1.2, 0.8], [[-1.0, 0.5], [0.0, float("nan")]])
    >>> parameters.items, parameters.n_categories
    (('item1', 'item2'), array([3, 2]))
    """

    _columns: ClassVar[Mapping[str, str]] = {"items": "item", "discrimination": "discrimination"}

    model: Model
    discrimination: FloatArray = field(converter=_discrimination)
    thresholds: FloatArray = field(converter=_thresholds)
    lowest: int = field(default=1, kw_only=True, converter=lowest_code)
    items: tuple[str, ...] = field(default=None, kw_only=True, converter=_items)

    def __attrs_post_init__(self) -> None:
        check_word(self.model, "model", MODELS)
        k = self.thresholds.shape[0]
        if k == 0:
            msg = "thresholds: expected at least one item, got none"
            raise ValueError(msg)
        if self.discrimination.size != k:
            msg = f"discrimination: expected {k} values, one a row of thresholds, got {self.discrimination.size}"
            raise ValueError(msg)
        object.__setattr__(self, "items", item_names(self.items or None, k))
        self._check_values()

    @classmethod
    def from_slope_intercept(
        cls,
        model: Model,
        slopes: ArrayLike,
        intercepts: ArrayLike,
        *,
        lowest: int = 1,
        items: Sequence[str] | None = None,
    ) -> Self:
        """Turn slopes and intercepts into discriminations and thresholds.

        Parameters
        ----------
        model : {"grm", "gpcm"}
            What the intercepts d belong to: P(X >= c) = logistic(a t + d_c), or P(X = c) ~ exp(c a t + d_c) with d = 0
            for the lowest category, which is not given.
        slopes : (k,) array-like
            Slopes a, above 0.
        intercepts : (k, m - 1) array-like
            Intercepts d of the second category and up, filled up with NaN.
        lowest : int
            Code of the lowest category.
        items : sequence of str, optional
            Item names, (k,).

        Returns
        -------
        ItemParameters
            Thresholds b_c = -d_c / a, or -(d_c - d_(c-1)) / a.

        Raises
        ------
        ValueError
            As for the class; intercepts of the graded response model fall strictly.

        Examples
        --------
        >>> ItemParameters.from_slope_intercept("grm", [2.0], [[1.0, -3.0]]).thresholds
        array([[-0.5,  1.5]])
        >>> ItemParameters.from_slope_intercept("gpcm", [2.0], [[1.0, -3.0]]).thresholds
        array([[-0.5,  2. ]])
        """
        check_word(model, "model", MODELS)
        slope, intercept = vector(slopes, "slopes"), matrix(intercepts, "intercepts")
        if slope.size != intercept.shape[0]:
            msg = f"slopes: expected {intercept.shape[0]} values, one a row of intercepts, got {slope.size}"
            raise ValueError(msg)
        if not (slope > 0).all():
            msg = f"slopes{_place(~(slope > 0))}: expected numbers above 0, got {slope.tolist()}"
            raise ValueError(msg)
        steps = intercept if model == "grm" else np.diff(intercept, prepend=0.0)
        return cls(model, slope, -steps / slope[:, None], lowest=lowest, items=items)

    @property
    def n_items(self) -> int:
        """Number of items k."""
        return self.discrimination.size

    @property
    def n_categories(self) -> IntArray:
        """Number of categories of each item, (k,); 0 for one whose parameters are not known."""
        counts = (~np.isnan(self.thresholds)).sum(axis=1)
        return np.where(self.is_known, counts + 1, 0)

    @property
    def is_known(self) -> BoolArray:
        """Whether the parameters of each item are known, (k,)."""
        return ~np.isnan(self.discrimination)

    def to_records(self) -> list[dict[str, Any]]:
        """Give one dictionary an item: its name, discrimination and thresholds.

        Returns
        -------
        list of dict
            Keys `item`, `discrimination`, `threshold1`, `threshold2`, ...; NaN becomes None.

        Examples
        --------
        >>> ItemParameters("grm", [1.2], [[-1.0, 0.5]]).to_records()
        [{'item': 'item1', 'discrimination': 1.2, 'threshold1': -1.0, 'threshold2': 0.5}]
        """
        return [
            record | {f"threshold{c}": plain(value) for c, value in enumerate(row, start=1)}
            for record, row in zip(super().to_records(), self.thresholds, strict=True)
        ]

    def _check_values(self) -> None:
        wrong = self.discrimination <= 0
        if wrong.any():
            msg = (
                f"discrimination{_place(wrong)}: expected a number above 0, got {self.discrimination[wrong][0]:g}; "
                f"turn the answers of a negative item round first"
            )
            raise ValueError(msg)
        missing = np.isnan(self.thresholds)
        gaps = missing[:, :-1] & ~missing[:, 1:]
        if gaps.any():
            row, column = first_place(gaps)
            msg = f"thresholds[{row}, {column}]: expected a number, got NaN before {self.thresholds[row, column + 1]:g}"
            raise ValueError(msg)
        half_known = missing.all(axis=1) == self.is_known
        if half_known.any():
            msg = f"thresholds{_place(half_known)}: expected numbers exactly where there is a discrimination"
            raise ValueError(msg)
        falls = np.diff(self.thresholds, axis=1) <= 0
        if self.model == "grm" and falls.any():
            row = first_place(falls)[0]
            msg = f"thresholds[{row}]: expected numbers that rise strictly, got {self.thresholds[row].tolist()}"
            raise ValueError(msg)


def _place(wrong: BoolArray) -> str:
    return f"[{first_place(wrong)[0]}]"
