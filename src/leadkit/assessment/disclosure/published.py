"""The published numbers about one ratee and dimension as linear equations over the raters' unknown answers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

import numpy as np
from attrs import frozen

from leadkit.assessment.disclosure.linear import Form, RowSpace
from leadkit.typing import BoolArray

__all__ = ["Cell", "determined"]


@frozen(kw_only=True)
class Cell:
    """What is unknown and what is published about one ratee and dimension; equal cells determine the same.

    Parameters
    ----------
    role, slot : tuple of int
        Own and published role of every unknown rater.
    answered : tuple of tuple of bool
        Which of the k items every rater answered.
    scored : tuple of bool
        Whether the rater has a score.
    weights : tuple of Fraction
        Weights of the k items.
    means : frozenset of int
        Published roles whose mean is published exactly.
    items : frozenset of (int, int)
        Published roles and items whose mean is published.
    others : tuple of (int, Fraction)
        Published coefficient of the mean of every own role, when the others' mean is not formed from what is shown.
    hidden : frozenset of int
        Own roles that are not shown by themselves.
    anonymous : frozenset of int
        Own roles whose raters are not to be found out.
    """

    role: tuple[int, ...]
    slot: tuple[int, ...]
    answered: tuple[tuple[bool, ...], ...]
    scored: tuple[bool, ...]
    weights: tuple[Fraction, ...]
    means: frozenset[int]
    items: frozenset[tuple[int, int]]
    others: tuple[tuple[int, Fraction], ...]
    hidden: frozenset[int]
    anonymous: frozenset[int]

    def score(self, rater: int) -> Form:
        """Write a rater's score over the answers."""
        k = len(self.weights)
        own = [i for i in range(k) if self.answered[rater][i]]
        total = sum((self.weights[i] for i in own), Fraction(0))
        return {rater * k + i: self.weights[i] / total for i in own}

    def answer(self, rater: int, item: int) -> Form:
        """Write one answer."""
        return {rater * len(self.weights) + item: Fraction(1)}

    def scores_of(self, raters: Sequence[int]) -> Form:
        """Write the sum of the scores of those among `raters` who have one."""
        return _sum(self.score(rater) for rater in raters if self.scored[rater])

    def equations(self) -> Iterator[Form]:
        """Write everything that is published."""
        raters = range(len(self.role))
        for slot in sorted(self.means):
            yield self.scores_of([i for i in raters if self.slot[i] == slot])
        for slot, item in sorted(self.items):
            yield _sum(self.answer(i, item) for i in raters if self.slot[i] == slot and self.answered[i][item])
        if self.others:
            joined: dict[int, Fraction] = {}
            for role, weight in self.others:
                members = [i for i in raters if self.role[i] == role and self.scored[i]]
                for unknown, value in self.scores_of(members).items():
                    joined[unknown] = value * weight / len(members)
            yield joined


def determined(cell: Cell) -> tuple[frozenset[int], frozenset[tuple[int, int]]]:
    """Find what the equations determine: roles with a mean or a score, and roles and items with an answer."""
    space = RowSpace(cell.equations())
    raters = range(len(cell.role))
    scores: set[int] = set()
    answers: set[tuple[int, int]] = set()
    for role in cell.hidden:
        form = cell.scores_of([i for i in raters if cell.role[i] == role])
        if form and space.determines(form):
            scores.add(role)
    for i in raters:
        if cell.role[i] not in cell.anonymous:
            continue
        if cell.scored[i] and space.determines(cell.score(i)):
            scores.add(cell.role[i])
        for item, has in enumerate(cell.answered[i]):
            if has and space.determines(cell.answer(i, item)):
                answers.add((cell.role[i], item))
    return frozenset(scores), frozenset(answers)


def pattern(answered: BoolArray) -> tuple[tuple[bool, ...], ...]:
    """Turn a mask, (m, k), into something that can be compared and hashed."""
    return tuple(tuple(row) for row in np.asarray(answered).tolist())


def _sum(forms: Iterator[Form]) -> Form:
    total: dict[int, Fraction] = {}
    for form in forms:
        for unknown, value in form.items():
            total[unknown] = total.get(unknown, Fraction(0)) + value
    return total
