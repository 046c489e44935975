"""Decision studies: how dependable scores would be with other numbers of raters and items."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import product
from typing import Any, ClassVar, Literal, TypeAlias

import numpy as np
from attrs import field, frozen

from leadkit._fields import float_array, int_array
from leadkit.stats._arrays import check_word, whole_number
from leadkit.stats._base import TableResult
from leadkit.stats.flags import sorted_flags
from leadkit.stats.variance.generalizability import GStudy, StudyDesign
from leadkit.typing import FloatArray, IntArray

Coefficient: TypeAlias = Literal["generalizability", "dependability"]

JUST_MISSED = 1e-12


@frozen(kw_only=True, eq=False)
class DStudy(TableResult):
    """Errors and coefficients of a person's mean score, one row a number of raters and items.

    Parameters
    ----------
    n_raters : (d,) int array
        Raters a person.
    n_items : (d,) int array
        Items a rater; 1 in a p x r design.
    relative_error : (d,) array
        Error variance when persons are compared with each other.
    absolute_error : (d,) array
        Error variance when scores are held against a standard: severe raters and hard items count too.
    generalizability : (d,) array
        Person variance over itself plus relative error, in [0, 1]; NaN where both are 0 or unknown.
    dependability : (d,) array
        Person variance over itself plus absolute error, in [0, 1]; NaN where both are 0 or unknown.
    design : {"p x r", "p x i x r"}
        What was crossed with what in the G-study.
    flags : tuple of str
        Those of the G-study.
    """

    _columns: ClassVar[Mapping[str, str]] = {
        "n_raters": "n_raters",
        "n_items": "n_items",
        "relative_error": "relative_error",
        "absolute_error": "absolute_error",
        "generalizability": "generalizability",
        "dependability": "dependability",
    }

    n_raters: IntArray = field(converter=int_array)
    n_items: IntArray = field(converter=int_array)
    relative_error: FloatArray = field(converter=float_array)
    absolute_error: FloatArray = field(converter=float_array)
    generalizability: FloatArray = field(converter=float_array)
    dependability: FloatArray = field(converter=float_array)
    design: StudyDesign
    flags: tuple[str, ...] = field(default=(), converter=sorted_flags)

    def smallest(self, target: float, *, coefficient: Coefficient = "generalizability") -> dict[str, Any] | None:
        """Find the row with the fewest scores a person that reaches a coefficient.

        Parameters
        ----------
        target : float
            What the coefficient must be at least, inside (0, 1).
        coefficient : {"generalizability", "dependability"}
            For comparing persons, or for holding scores against a standard.

        Returns
        -------
        dict or None
            The record of the row, as in `to_records`: fewest scores (raters times items), of these the fewest raters.
            None where no row reaches the target.

        Raises
        ------
        ValueError
            `target` is outside (0, 1) or the coefficient unknown.

        Examples
        --------
        >>> from leadkit.stats import generalizability
        >>> ratings = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]
        >>> study = generalizability(ratings, design="p x r")
        >>> d_study(study, n_raters=range(1, 20)).smallest(0.8, coefficient="dependability")["n_raters"]
        10
        """
        check_word(coefficient, "coefficient", ("generalizability", "dependability"))
        if not 0 < target < 1:
            msg = f"target: expected a number inside (0, 1), got {target!r}"
            raise ValueError(msg)
        reached = [row for row in self.to_records() if (row[coefficient] or 0.0) >= target - JUST_MISSED]
        return min(reached, key=lambda row: (row["n_raters"] * row["n_items"], row["n_raters"]), default=None)


def d_study(
    study: GStudy, *, n_raters: int | Sequence[int] | IntArray, n_items: int | Sequence[int] | IntArray | None = None
) -> DStudy:
    """Work out how dependable mean scores would be with given numbers of raters and items (a D-study).

    Parameters
    ----------
    study : GStudy
        Variance components from `generalizability`; one below 0 counts as 0.
    n_raters : int or sequence of int
        Raters a person, each at least 1.
    n_items : int or sequence of int, optional
        Items a rater, each at least 1; all combinations with `n_raters` are worked out. By default the items of the
        G-study. A p x r design has none.

    Returns
    -------
    DStudy
        One row a combination, in the order given, items within raters.

    Raises
    ------
    ValueError
        A number is not a whole one of at least 1, none is given, or `n_items` is given for a p x r design.

    Notes
    -----
    With components s and n_i = 1 and no item components in a p x r design, the relative error is
    s_pi / n_i + s_pr / n_r + s_pir / (n_i n_r); the absolute error adds s_i / n_i + s_r / n_r + s_ir / (n_i n_r).

    References
    ----------
    .. [1] R. L. Brennan, "Generalizability Theory", Springer, 2001, chapter 4.

    Examples
    --------
    >>> from leadkit.stats import generalizability
    >>> ratings = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]
    >>> study = generalizability(ratings, design="p x r")
    >>> result = d_study(study, n_raters=[1, 4])
    >>> result.generalizability.round(2), result.dependability.round(2)
    (array([0.71, 0.91]), array([0.29, 0.62]))
    """
    if not isinstance(study, GStudy):
        msg = f"study: expected a GStudy, got {study!r}"
        raise ValueError(msg)  # noqa: TRY004
    if n_items is not None and study.design == "p x r":
        msg = f"n_items: expected None for a p x r design, got {n_items!r}"
        raise ValueError(msg)
    raters = _numbers(n_raters, "n_raters")
    items = _numbers(study.n_items if n_items is None else n_items, "n_items")
    pairs = np.array(list(product(raters, items)))
    person, relative, absolute = _errors(study, *pairs.T)
    return DStudy(
        n_raters=pairs[:, 0],
        n_items=pairs[:, 1],
        relative_error=relative,
        absolute_error=absolute,
        generalizability=_ratio(person, person + relative),
        dependability=_ratio(person, person + absolute),
        design=study.design,
        flags=study.flags,
    )


def _numbers(given: int | Sequence[int] | IntArray, name: str) -> list[int]:
    if isinstance(given, Sequence | np.ndarray):
        numbers = [whole_number(number, f"{name}[{place}]", least=1) for place, number in enumerate(given)]
        if not numbers:
            msg = f"{name}: expected at least one number, got none"
            raise ValueError(msg)
        return numbers
    return [whole_number(given, name, least=1)]


def _errors(study: GStudy, n_raters: IntArray, n_items: IntArray) -> tuple[float, FloatArray, FloatArray]:
    """Person variance, relative and absolute error: a component is divided by the levels of its facets but persons."""
    sizes = {"r": n_raters, "i": n_items}
    effects = [effect.removesuffix(",e") for effect in study.effects]
    parts = {
        effect: max(variance, 0.0) / math.prod((sizes[facet] for facet in effect if facet != "p"), start=np.int64(1))
        for effect, variance in zip(effects, study.variance.tolist(), strict=True)
    }
    none = np.zeros(n_raters.size)
    relative = sum((part for effect, part in parts.items() if "p" in effect and effect != "p"), start=none)
    rest = sum((part for effect, part in parts.items() if "p" not in effect), start=none)
    return float(parts["p"]), relative, relative + rest


def _ratio(part: float, whole: FloatArray) -> FloatArray:
    return np.asarray(np.divide(part, whole, out=np.full(whole.shape, math.nan), where=whole > 0))
