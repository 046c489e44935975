"""Whether a person answers alike what is alike: halves of subscales, pairs of items, the profile of the others."""

from __future__ import annotations

from typing import Any, Self, TypeAlias

import numpy as np
from attrs import evolve, frozen

from leadkit.stats.careless.halves import Halves
from leadkit.stats.careless.within import FEWEST_PAIRS, Block, centred, correlation, gaps, squares_of, within_r
from leadkit.stats.moments import ItemMoments
from leadkit.typing import BoolArray, FloatArray, IntArray

ItemPairs: TypeAlias = tuple[IntArray, IntArray]
"""Columns i and j of each pair of items, i > j."""


@frozen(kw_only=True, eq=False)
class Keyed:
    """Answers with some items turned around: which (k,), by which sum of low and high end, and their moments."""

    turned: BoolArray
    ends: float
    moments: ItemMoments

    @classmethod
    def of(cls, moments: ItemMoments, turned: BoolArray, bounds: tuple[float, float] | None) -> Self:
        """Turn the moments of the raw answers."""
        if bounds is None:
            return cls(turned=turned, ends=0.0, moments=moments)
        names = [moments.items[place] for place in np.flatnonzero(turned)]
        return cls(turned=turned, ends=sum(bounds), moments=moments.reversed(names, bounds=bounds))

    def turn(self, block: Block) -> Block:
        """Turn raw answers, in a copy."""
        answers = block.answers * np.where(self.turned, -1.0, 1.0)[:, np.newaxis]
        answers += np.where(self.turned, self.ends, 0.0)[:, np.newaxis]
        return evolve(block, answers=answers)


@frozen(kw_only=True, eq=False)
class LeaveOneOut:
    """What it takes to know, for each person, the item means of all others.

    `totals` and `others` (k, 1): sums of the answers about `base`, and numbers of other persons who answered, NaN for
    none; `largest`: magnitude of what the means are made of.
    """

    totals: FloatArray
    others: FloatArray
    base: float
    largest: float

    @classmethod
    def of(cls, moments: ItemMoments) -> Self:
        """Take it from the moments of the (keyed) items."""
        n = moments.n_answered
        several = n > 1
        base = float(moments.centre[several.argmax()])
        others = np.where(several, n - 1.0, np.nan)
        shift = moments.centre - base
        sizes = np.abs(shift) + np.sqrt(n * moments.products.diagonal()) / others
        return cls(
            totals=(moments.sums.diagonal() + n * shift)[:, np.newaxis],
            others=others[:, np.newaxis],
            base=base,
            largest=float(sizes[several].max(initial=0.0)),
        )

    def person_total_r(self, keyed: Block) -> FloatArray:
        """Correlate each person's keyed answers, overwritten, with the item means of all others, (n,)."""
        answers = keyed.answers
        if keyed.missing is None and (self.others == self.others[0]).all() and len(answers) >= FEWEST_PAIRS:
            return self._of_complete(answers)
        means = (self.totals - (answers - self.base)) / self.others
        return within_r(answers, means, gaps(means), largest_second=self.largest)

    def _of_complete(self, answers: FloatArray) -> FloatArray:
        """Correlate with the sums of all others, whose deviations are those of all less the person's own."""
        squares = centred(answers, None)
        sums = (self.totals - self.totals.mean()) - answers
        size = self.largest * float(self.others[0, 0])
        return correlation(np.einsum("ij,ij->j", answers, sums), squares, squares_of(sums, len(sums), size))


@frozen(kw_only=True, eq=False)
class Consistency:
    """The correlations within a person, of blocks of raw answers; NaN where there are no subscales or pairs."""

    keyed: Keyed
    halves: Halves | None
    others: LeaveOneOut
    alike: ItemPairs
    opposed: ItemPairs

    def __call__(self, block: Block) -> dict[str, Any]:
        """Give the rows of the indices."""
        nobody = np.full(block.answers.shape[1], np.nan)
        keyed = self.keyed.turn(block)
        return {
            "even_odd_consistency": nobody if self.halves is None else self.halves.consistency(keyed),
            "synonyms": pair_consistency(block, self.alike) if self.alike[0].size else nobody,
            "antonyms": pair_consistency(block, self.opposed) if self.opposed[0].size else nobody,
            "person_total_r": self.others.person_total_r(keyed),
        }


def item_pairs(chosen: BoolArray) -> ItemPairs:
    """Give the pairs of columns (i, j), i > j, that a (k, k) table marks."""
    first, second = np.nonzero(np.tril(chosen, -1))
    return first, second


def pair_consistency(block: Block, pairs: ItemPairs) -> FloatArray:
    """Correlate the first with the second items of the pairs within each person, (n,)."""
    first, second = pairs
    missing = None if block.missing is None else block.missing[first] | block.missing[second]
    return within_r(block.answers[first], block.answers[second], missing)
