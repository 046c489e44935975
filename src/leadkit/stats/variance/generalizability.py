"""Generalizability studies: which facet of a measurement the variance of scores comes from."""

from __future__ import annotations

import math
from collections.abc import Mapping
from itertools import combinations
from typing import ClassVar, Literal, TypeAlias

import numpy as np
from attrs import field, frozen
from numpy.typing import ArrayLike

from leadkit._fields import as_int, float_array, int_array
from leadkit.stats._arrays import ROUNDING, check_word, floats
from leadkit.stats._base import TableResult
from leadkit.stats.flags import sorted_flags
from leadkit.stats.variance.rounding import beyond_rounding
from leadkit.typing import FloatArray, IntArray

StudyDesign: TypeAlias = Literal["p x r", "p x i x r"]

AXES: Mapping[str, tuple[str, ...]] = {"p x r": ("p", "r"), "p x i x r": ("p", "i", "r")}
AXIS_WORDS = {"p x r": "(persons, raters)", "p x i x r": "(persons, items, raters)"}


@frozen(kw_only=True, eq=False)
class GStudy(TableResult):
    """Variance components of persons, items and raters, one row an effect; the last effect holds the error too.

    Parameters
    ----------
    effects : tuple of str
        ("p", "r", "pr,e") or ("p", "i", "r", "pi", "pr", "ir", "pir,e").
    variance : (e,) array
        Components by expected mean squares, not clipped at 0; NaN where a mean square they need is.
    mean_square : (e,) array
        NaN without degrees of freedom.
    df : (e,) int array
        Degrees of freedom.
    share : (e,) array
        Share of the sum of the components in [0, 1], one below 0 counted as 0; NaN without variance.
    n_persons : int
        Persons without a gap.
    n_items : int
        Items; 1 in a p x r design.
    n_raters : int
        Raters.
    n_rows : int
        Persons given.
    design : {"p x r", "p x i x r"}
        What is crossed with what.
    flags : tuple of str
        `negative_component`, `rows_dropped`, `no_variance`; `too_few_rows`, `single_item` and `too_few_raters` where
        fewer than two persons, items or raters leave components undefined.
    """

    _columns: ClassVar[Mapping[str, str]] = {
        "effects": "effect",
        "variance": "variance",
        "mean_square": "mean_square",
        "df": "df",
        "share": "share",
    }

    effects: tuple[str, ...]
    variance: FloatArray = field(converter=float_array)
    mean_square: FloatArray = field(converter=float_array)
    df: IntArray = field(converter=int_array)
    share: FloatArray = field(converter=float_array)
    n_persons: int = field(converter=as_int)
    n_items: int = field(converter=as_int)
    n_raters: int = field(converter=as_int)
    n_rows: int = field(converter=as_int)
    design: StudyDesign
    flags: tuple[str, ...] = field(default=(), converter=sorted_flags)


def generalizability(x: ArrayLike, *, design: StudyDesign) -> GStudy:
    """Split the variance of scores among persons, items, raters and how they combine (a G-study).

    Parameters
    ----------
    x : (n_persons, n_raters) or (n_persons, n_items, n_raters) array-like
        Scores; NaN is missing, and a person with a gap is left out.
    design : {"p x r", "p x i x r"}
        Every rater scores every person; or every rater scores every person on every item. All facets are random.

    Returns
    -------
    GStudy
        A variance component, mean square and degrees of freedom an effect; `d_study` takes it on.

    Raises
    ------
    ValueError
        `x` has other dimensions than the design, no item or no rater, or is not of real finite numbers; or the design
        is unknown.

    References
    ----------
    .. [1] R. L. Brennan, "Generalizability Theory", Springer, 2001, chapter 3.
    .. [2] L. J. Cronbach, G. C. Gleser, H. Nanda and N. Rajaratnam, "The Dependability of Behavioral Measurements",
       Wiley, 1972.

    Examples
    --------
    The six persons and four raters of Shrout and Fleiss (1979):

    >>> ratings = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]
    >>> study = generalizability(ratings, design="p x r")
    >>> for effect, variance, share in zip(study.effects, study.variance, study.share):
    ...     print(f"{effect:5}{variance:6.2f}{share:6.2f}")
    p      2.56  0.29
    r      5.24  0.59
    pr,e   1.02  0.12
    """
    check_word(design, "design", tuple(AXES))
    axes = AXES[design]
    table = _table(x, design)
    kept = table[~np.isnan(table).any(axis=tuple(range(1, len(axes))))]
    letters = ["".join(part) for size in range(1, len(axes) + 1) for part in combinations(axes, size)]
    sizes = dict(zip(axes, kept.shape, strict=True))
    df = {effect: math.prod(max(sizes[letter] - 1, 0) for letter in effect) for effect in letters}
    squares = _sums_of_squares(kept, letters, axes) if len(kept) else dict.fromkeys(letters, math.nan)
    mean_squares = {effect: squares[effect] / df[effect] if df[effect] else math.nan for effect in letters}
    variance = np.array([_component(effect, mean_squares, sizes) for effect in letters])
    counted = np.maximum(variance, 0)
    total = float(counted.sum())
    reasons = {
        "rows_dropped": len(kept) < len(table),
        "too_few_rows": len(kept) < 2,
        "too_few_raters": sizes["r"] < 2,
        "single_item": sizes.get("i", 2) < 2,
        "no_variance": total == 0,
        "negative_component": bool((variance < 0).any()),
    }
    return GStudy(
        effects=(*letters[:-1], f"{letters[-1]},e"),
        variance=variance,
        mean_square=list(mean_squares.values()),
        df=list(df.values()),
        share=counted / total if total > 0 else np.full(len(letters), math.nan),
        n_persons=len(kept),
        n_items=sizes.get("i", 1),
        n_raters=sizes["r"],
        n_rows=len(table),
        design=design,
        flags={flag for flag, holds in reasons.items() if holds},
    )


def _table(x: ArrayLike, design: StudyDesign) -> FloatArray:
    table = floats(x, "x")
    n_axes = len(AXES[design])
    if table.ndim != n_axes:
        msg = f"x: expected {n_axes} dimensions {AXIS_WORDS[design]} for a {design} design, got {table.ndim}"
        raise ValueError(msg)
    if 0 in table.shape[1:]:
        msg = f"x: expected at least one of each in {AXIS_WORDS[design]}, got shape {table.shape}"
        raise ValueError(msg)
    return table


def _sums_of_squares(table: FloatArray, effects: list[str], axes: tuple[str, ...]) -> dict[str, float]:
    """Sum of squares of every effect: of what is left of the scores without all effects that it contains."""
    near = table - table.min()
    rest = near - near.mean()
    sums = {}
    for effect in effects:
        others = tuple(place for place, letter in enumerate(axes) if letter not in effect)
        part = rest.mean(axis=others, keepdims=True)
        rest = rest - part
        sums[effect] = float(np.vdot(part, part)) * table.size / part.size
    total, largest = sum(sums.values()), float(max(table.max(), -table.min()))
    return {effect: beyond_rounding(part, of=total, n=table.size, largest=largest) for effect, part in sums.items()}


def _component(effect: str, mean_squares: Mapping[str, float], sizes: Mapping[str, int]) -> float:
    """Alternating sum of the mean squares of an effect and of all that contain it, over the scores of a level."""
    above = [other for other in mean_squares if set(effect) <= set(other)]
    parts = [(-1) ** (len(other) - len(effect)) * mean_squares[other] for other in above]
    difference = math.fsum(parts)
    # mean squares that are equal but for rounding leave nothing
    if abs(difference) <= ROUNDING * max(map(abs, parts)):
        return 0.0
    n_scores = math.prod(size for letter, size in sizes.items() if letter not in effect)
    return difference / n_scores if n_scores else math.nan
