"""Reliability from two halves of a test, and of a test made longer."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Literal

import numpy as np
from attrs import field, frozen
from numpy.typing import ArrayLike

from leadkit._fields import as_float
from leadkit.stats._arrays import ROUNDING, check_word, vector, zero_if_rounding
from leadkit.stats._base import Result
from leadkit.stats.flags import sorted_flags
from leadkit.stats.moments import ItemMoments
from leadkit.stats.moments.items import Missing
from leadkit.stats.reliability.composite import composite
from leadkit.typing import BoolArray


@frozen(kw_only=True, eq=False)
class SplitHalf(Result):
    """Reliability of a sum of items, from the sums of its two halves.

    Parameters
    ----------
    r : float
        Correlation of the two sums, in [-1, 1].
    spearman_brown : float
        `r` stepped up to both halves together, as if they were of one length; NaN at r = -1.
    horst : float
        The same for halves of different length; NaN for r <= 0.
    flanagan_rulon : float
        Reliability from the variances of the halves and of the whole.
    n : int
        Rows used.
    n_first, n_second : int
        Items of the halves.
    flags : tuple of str
        What is doubtful, words of `FLAGS`.
    """

    r: float = field(converter=as_float)
    spearman_brown: float = field(converter=as_float)
    horst: float = field(converter=as_float)
    flanagan_rulon: float = field(converter=as_float)
    n: int
    n_first: int
    n_second: int
    flags: tuple[str, ...] = field(default=(), converter=sorted_flags)


def split_half(
    x: ArrayLike | ItemMoments,
    *,
    halves: Literal["odd_even", "first_second"] | Sequence[int] = "odd_even",
    missing: Missing = "listwise",
) -> SplitHalf:
    """Estimate the reliability of a sum of items from its two halves.

    With v1, v2 and v12 the variances of the halves and of the whole, and p, q the shares of items in the halves:
    Spearman and Brown 2r / (1 + r) [1]_ [2]_, Flanagan and Rulon 2 (1 - (v1 + v2) / v12) [3]_, and
    Horst (sqrt(r^4 + 4 r^2 (1 - r^2) p q) - r^2) / (2 p q (1 - r^2)) [4]_.

    Parameters
    ----------
    x : (n, k) array-like or ItemMoments
        Answers, a row a person, all keyed the same way; NaN, None or masked is missing.
    halves : {"odd_even", "first_second"} or (k,) sequence of 0 and 1
        Items 1, 3, ... against 2, 4, ...; the first ceil(k/2) against the rest; or 0 for an item of the first half
        and 1 for one of the second.
    missing : {"pairwise", "listwise"}
        Use every pair of answers, or complete rows only; `ItemMoments` bring their own rule.

    Returns
    -------
    SplitHalf
        The estimates. NaN with `too_few_rows`, `single_item`, `too_few_pairs` or `no_variance`; `unequal_halves` says
        that `horst` is the one to read.

    Raises
    ------
    ValueError
        `x` is not a table of real finite numbers, `halves` is not k times 0 or 1, or a half has no item.

    References
    ----------
    .. [1] C. Spearman, "Correlation calculated from faulty data", British Journal of Psychology 3, 1910.
    .. [2] W. Brown, "Some experimental results in the correlation of mental abilities", British Journal of
       Psychology 3, 1910.
    .. [3] P. J. Rulon, "A simplified procedure for determining the reliability of a test by split-halves", Harvard
       Educational Review 9, 1939.
    .. [4] P. Horst, "Estimating total test reliability from parts of unequal length", Educational and Psychological
       Measurement 11, 1951.

    Examples
    --------
    >>> result = split_half([[1, 2, 1, 1], [2, 3, 3, 2], [4, 4, 5, 5], [5, 5, 4, 4]])
    >>> round(result.r, 4), round(result.spearman_brown, 4)
    (0.9957, 0.9979)
    """
    total = composite(x, missing=missing)
    second = second_half(halves, total.n_items)
    first = ~second
    flags = set(total.flags)
    block = total.covariance
    spans = np.array([block[np.ix_(first, first)].sum(), block[np.ix_(second, second)].sum()])
    variances = zero_if_rounding(spans, total.moments.total_mean_square)
    between = float(block[np.ix_(first, second)].sum())
    if total.n_items < 2 or not (variances > 0).all():
        r = math.nan
        flags |= {"no_variance"} if (variances == 0).any() and total.n_items > 1 else set()
    else:
        r = between / math.sqrt(variances[0] * variances[1])
    stepped = lengthened(r, 2.0)
    if math.isfinite(r) and math.isnan(stepped):
        flags.add("no_variance")
    if r <= 0:
        flags.add("negative_estimate")
    if first.sum() != second.sum():
        flags.add("unequal_halves")
    return SplitHalf(
        r=r,
        spearman_brown=stepped,
        horst=horst(r, first.mean()),
        flanagan_rulon=4 * between / total.total if total.n_items > 1 and total.total > 0 else math.nan,
        n=total.n_used,
        n_first=int(first.sum()),
        n_second=int(second.sum()),
        flags=flags,
    )


def second_half(halves: str | Sequence[int], k: int) -> BoolArray:
    """Mark the items of the second half, (k,)."""
    if isinstance(halves, str):
        check_word(halves, "halves", ("odd_even", "first_second"))
        place = np.arange(k)
        return place % 2 == 1 if halves == "odd_even" else place >= (k + 1) // 2
    marks = vector(halves, "halves", length=k)
    if not np.isin(marks, (0, 1)).all():
        msg = f"halves: expected 0 or 1 for each item, got {marks.tolist()}"
        raise ValueError(msg)
    if k > 1 and len(np.unique(marks)) < 2:
        msg = f"halves: expected an item in each half, got {marks.astype(int).tolist()}"
        raise ValueError(msg)
    second: BoolArray = marks == 1
    return second


def horst(r: float, share: float) -> float:
    """Reliability of a test from the correlation of two parts, one with `share` of the items; NaN for r <= 0.

    Horst's quotient is 0 / 0 at r = 1, so it is expanded by the conjugate of its numerator.
    """
    if not r > 0:
        return math.nan
    root = math.sqrt(r**4 + 4 * r**2 * (1 - r**2) * share * (1 - share))
    return 2 * r**2 / (root + r**2)


def spearman_brown(reliability: float, *, factor: float) -> float:
    """Reliability of a test made `factor` times as long.

    Parameters
    ----------
    reliability : float
        Reliability of the test as it is, at most 1; NaN gives NaN.
    factor : float
        New length over old length, above 0.

    Returns
    -------
    float
        Reliability of the longer or shorter test, at most 1; NaN where `reliability` is so far below 0 that the test
        cannot be made as long, at or below -1 / (factor - 1).

    Raises
    ------
    ValueError
        `reliability` is above 1 or `factor` is not a finite number above 0.

    References
    ----------
    .. [1] C. Spearman, "Correlation calculated from faulty data", British Journal of Psychology 3, 1910.
    .. [2] W. Brown, "Some experimental results in the correlation of mental abilities", British Journal of
       Psychology 3, 1910.

    Examples
    --------
    >>> spearman_brown(0.5, factor=3.0)
    0.75
    """
    if not (math.isfinite(factor) and factor > 0):
        msg = f"factor: expected a finite number above 0, got {factor!r}"
        raise ValueError(msg)
    if reliability > 1 or reliability == -math.inf:
        msg = f"reliability: expected a finite number of at most 1, got {reliability!r}"
        raise ValueError(msg)
    return lengthened(reliability, factor)


def lengthened(reliability: float, factor: float) -> float:
    """Apply the formula of Spearman and Brown; NaN where its denominator is not above rounding."""
    denominator = 1 + (factor - 1) * reliability
    if not denominator > ROUNDING * max(factor, 1.0):
        return math.nan
    return float(factor * reliability / denominator)
