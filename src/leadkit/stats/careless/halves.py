"""Even-odd consistency: halves of subscales, correlated within each person."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Self

import numpy as np
from attrs import frozen

from leadkit._fields import repeated
from leadkit.stats._arrays import whole_number
from leadkit.stats.careless.within import Block, gaps, within_r
from leadkit.stats.moments import ItemMoments
from leadkit.typing import FloatArray, IntArray


@frozen(kw_only=True, eq=False)
class Halves:
    """Which of the u items in use are odd-placed and which even-placed in each of s subscales.

    `columns` (u,); `odd` and `even` (s, u) of 0 and 1; `base`, a number of the size of the answers.
    """

    columns: IntArray
    odd: FloatArray
    even: FloatArray
    base: float

    @classmethod
    def of(cls, subscales: Sequence[Sequence[int]], moments: ItemMoments) -> Self:
        """Split subscales, given as columns, into their first, third, ... and their second, fourth, ... items."""
        scales = _scales(subscales, moments.n_items)
        odd, even = np.zeros((2, len(scales), moments.n_items))
        for place, columns in enumerate(scales):
            odd[place, columns[::2]] = 1.0
            even[place, columns[1::2]] = 1.0
        used = (odd + even).any(axis=0)
        answered = used & (moments.n_answered > 0)
        base = float(moments.centre[answered.argmax()])
        return cls(columns=np.flatnonzero(used), odd=odd[:, used], even=even[:, used], base=base)

    @property
    def n_subscales(self) -> int:
        """Number of subscales, s."""
        return len(self.odd)

    def consistency(self, keyed: Block) -> FloatArray:
        """Correlate the means of the halves, stepped up by Spearman-Brown and floored at -1, (n,)."""
        cells = keyed.answers[self.columns]
        cells -= self.base
        present: FloatArray = np.ones((self.columns.size, 1))
        if keyed.missing is not None:
            missing = keyed.missing[self.columns]
            np.copyto(cells, 0.0, where=missing)
            present = (~missing).astype(np.float64)
        with np.errstate(divide="ignore", invalid="ignore"):
            first, second = ((half @ cells) / (half @ present) for half in (self.odd, self.even))
            largest = np.maximum(cells.max(axis=0, initial=0.0), -cells.min(axis=0, initial=0.0))
            r = within_r(first, second, gaps(first, second), largest_first=largest, largest_second=largest)
            return np.maximum(2 * r / (1 + r), -1.0)


def _scales(subscales: Sequence[Sequence[int]], n_items: int) -> list[list[int]]:
    if not np.iterable(subscales):
        msg = f"subscales: expected sequences of columns, got {subscales!r}"
        raise ValueError(msg)
    return [_columns(scale, f"subscales[{place}]", n_items) for place, scale in enumerate(subscales)]


def _columns(scale: Sequence[int], name: str, n_items: int) -> list[int]:
    if not np.iterable(scale) or not len(scale):
        msg = f"{name}: expected a sequence of at least one column, got {scale!r}"
        raise ValueError(msg)
    columns = [whole_number(column, f"{name}[{place}]", least=0) for place, column in enumerate(scale)]
    for place, column in enumerate(columns):
        if column >= n_items:
            msg = f"{name}[{place}]: expected a column in 0..{n_items - 1}, got {column}"
            raise ValueError(msg)
    if twice := repeated(columns):
        msg = f"{name}: columns {twice} are there more than once"
        raise ValueError(msg)
    return columns
