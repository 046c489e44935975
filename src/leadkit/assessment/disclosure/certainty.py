"""What a reader who knows that answers are whole numbers can conclude with certainty from one published sum.

The raters of a cell publish the sum of their scores, and a score is the weighted mean of the answered items. Most sums
can come about in many ways. Some cannot: everybody at an end of the scale, or raters who answered so different items
that the fraction of the sum tells whose it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from math import lcm

import numpy as np

from leadkit.typing import BoolArray, FloatArray

__all__ = ["MOST_SUMS", "pinned", "pinned_together"]

MOST_SUMS = 2**18
"""Distinct sums beyond which a cell counts as certain: with weights that fine, nearly every sum is its own answer."""


def pinned(
    steps: FloatArray, weights: Sequence[Fraction], top: int, *, shares: Sequence[Fraction] | None = None
) -> tuple[BoolArray, BoolArray]:
    """Find the scores and answers that the sum of all scores leaves no doubt about.

    Parameters
    ----------
    steps : array, shape (m, k)
        Answers of m raters on the k items of a dimension, keyed and counted from the low end: 0 .. `top`; NaN where a
        rater gave none. Every rater answered at least one item.
    weights : sequence of Fraction, shape (k,)
        Weight of every item, above 0.
    top : int
        Steps from the low to the high end of the scale.
    shares : sequence of Fraction, shape (m,), optional
        How often every rater's score counts in the sum; once by default.

    Returns
    -------
    scores : array of bool, shape (m,)
        Raters whose score is certain.
    answers : array of bool, shape (m, k)
        Answers that are certain; False where there is none.

    Examples
    --------
    >>> steps = np.array([[4.0, 4.0], [4.0, 4.0]])
    >>> pinned(steps, [Fraction(1), Fraction(1)], 4)[0].tolist()
    [True, True]
    >>> pinned(steps - [[1, 1], [2, 2]], [Fraction(1), Fraction(1)], 4)[0].tolist()
    [False, False]
    """
    answered = ~np.isnan(steps)
    alike = shares is None or len(set(shares)) == 1
    if (alike and _exchangeable(steps, answered, top)) or not _is_whole(steps[answered]):
        return np.zeros(len(steps), dtype=np.bool_), np.zeros(steps.shape, dtype=np.bool_)
    parts = _coefficients(answered, weights, shares)
    if parts is None or sum(map(sum, parts)) * top >= MOST_SUMS:
        return np.ones(len(steps), dtype=np.bool_), answered
    return _certain(parts, answered, steps, top)


def pinned_together(steps: FloatArray, weights: Sequence[Fraction], top: int, groups: Sequence[int]) -> dict[int, bool]:
    """Tell for each group of raters among several whether the sum of its scores is certain; arguments as in `pinned`.

    The sum of a group that is alone is what is published.

    Examples
    --------
    >>> steps = np.array([[4.0], [1.0], [0.0]])
    >>> pinned_together(steps, [Fraction(1)], 4, [0, 0, 1])
    {0: False, 1: False}
    """
    answered = ~np.isnan(steps)
    labels = np.asarray(groups)
    if len(set(labels.tolist())) == 1:
        return {int(labels[0]): True}
    if not _is_whole(steps[answered]):
        return dict.fromkeys(labels.tolist(), False)
    up, down = _room(steps, answered, top)
    doubtful = [
        label
        for label in sorted(set(labels.tolist()))
        if not (up[labels == label].any() and down[labels != label].any())
        and not (down[labels == label].any() and up[labels != label].any())
    ]
    certain = dict.fromkeys(sorted(set(labels.tolist())), False)
    parts = _coefficients(answered, weights) if doubtful else None
    if doubtful and (parts is None or sum(map(sum, parts)) * top >= MOST_SUMS):
        return certain | dict.fromkeys(doubtful, True)
    for label in doubtful:
        own = tuple(c for row, of in zip(parts or [], labels, strict=True) if of == label for c in row)
        others = [row for row, of in zip(parts or [], labels, strict=True) if of != label]
        certain[label] = _verdict(own, others, _target(parts or [], answered, steps), top)[0]
    return certain


def _exchangeable(steps: FloatArray, answered: BoolArray, top: int) -> bool:
    """Tell whether every rater could answer a whole step higher, or lower, while some other makes up for it."""
    up, down = _room(steps, answered, top)
    rises = up & (down.sum() - down > 0)
    falls = down & (up.sum() - up > 0)
    return bool(np.all(rises | falls))


def _room(steps: FloatArray, answered: BoolArray, top: int) -> tuple[BoolArray, BoolArray]:
    up = np.where(answered, steps, -np.inf).max(axis=1) <= top - 1
    down = np.where(answered, steps, np.inf).min(axis=1) >= 1
    return up, down


def _is_whole(values: FloatArray) -> bool:
    return bool(np.all(values == np.rint(values)))


def _coefficients(
    answered: BoolArray, weights: Sequence[Fraction], shares_of_raters: Sequence[Fraction] | None = None
) -> list[tuple[int, ...]] | None:
    """Give what a step on every answered item adds to the sum, a tuple a rater, in whole units; None where too fine."""
    shares = []
    for row, factor in zip(answered, shares_of_raters or [Fraction(1)] * len(answered), strict=True):
        own = [weight for weight, has in zip(weights, row, strict=True) if has]
        total = sum(own, Fraction(0))
        shares.append([factor * weight / total for weight in own])
    unit = 1
    for row in shares:
        unit = lcm(unit, *(share.denominator for share in row))
        if unit >= MOST_SUMS:
            return None
    return [tuple(int(share * unit) for share in row) for row in shares]


def _certain(
    parts: list[tuple[int, ...]], answered: BoolArray, steps: FloatArray, top: int
) -> tuple[BoolArray, BoolArray]:
    target = _target(parts, answered, steps)
    scores = np.zeros(len(parts), dtype=np.bool_)
    answers = np.zeros(answered.shape, dtype=np.bool_)
    verdicts: dict[tuple[int, ...], tuple[bool, dict[int, bool]]] = {}
    for i, own in enumerate(parts):
        kind = tuple(sorted(own))
        if kind not in verdicts:
            verdicts[kind] = _verdict(own, [row for j, row in enumerate(parts) if j != i], target, top)
        scores[i], of_items = verdicts[kind]
        answers[i, answered[i]] = [of_items[c] for c in own]
    return scores, answers


def _target(parts: list[tuple[int, ...]], answered: BoolArray, steps: FloatArray) -> int:
    given = [[int(step) for step in row[has]] for row, has in zip(steps, answered, strict=True)]
    return sum(sum(c * y for c, y in zip(row, own, strict=True)) for row, own in zip(parts, given, strict=True))


def _verdict(
    own: tuple[int, ...], others: list[tuple[int, ...]], target: int, top: int
) -> tuple[bool, dict[int, bool]]:
    """Say whether one rater's score is certain, and whether an answer of each coefficient is."""
    rest = _sums((c for row in others for c in row), top, 1)
    within = _sums(own, top, 1) & _mirrored(rest, target)
    certain = {}
    for c in set(own):
        remaining = list(own)
        remaining.remove(c)
        reach = _sums(remaining, top, rest)
        ways = sum(1 for v in range(top + 1) if c * v <= target and reach >> (target - c * v) & 1)
        certain[c] = ways == 1
    return within.bit_count() == 1, certain


def _sums(coefficients: Iterable[int], top: int, start: int) -> int:
    """Extend the set of sums `start`, bit s for sum s, by elements of 0 .. `top` steps of each coefficient."""
    reach = start
    for c in coefficients:
        extended = 0
        for v in range(top + 1):
            extended |= reach << (c * v)
        reach = extended
    return reach


def _mirrored(sums: int, target: int) -> int:
    """Turn the set of sums s into the set of `target` - s."""
    bits = f"{sums & ((1 << (target + 1)) - 1):b}".zfill(target + 1)
    return int(bits[::-1], 2)
