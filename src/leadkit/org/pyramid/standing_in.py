"""Who carries what a post owes when nobody holds it, or when its holder is away."""

from __future__ import annotations

from typing import Literal, TypeAlias

import numpy as np
from attrs import frozen

from leadkit.graphs import TreeIndex
from leadkit.org._paths import nearest_marked
from leadkit.typing import BoolArray, IntArray

__all__ = ["Carriers", "Via", "find_carriers"]

Via: TypeAlias = Literal["direct", "acting", "nearest_filled"]
"""How a duty came to the one who carries it."""

VIAS: tuple[Via, ...] = ("acting", "direct", "acting", "nearest_filled")
"""How a duty comes to each candidate of `Carriers`."""
ACTING_ABOVE = 2


@frozen(kw_only=True, eq=False)
class Carriers:
    """For each of n posts up to four who could carry what it owes, in the order in which they are asked.

    `candidates` (4, n) holds indices, -1 where there is nobody: the acting holder, the holder, the one who acts for
    the nearest filled ancestor, that ancestor.
    """

    candidates: IntArray

    def assign(self, owing: IntArray, recipient: IntArray) -> tuple[IntArray, IntArray, BoolArray]:
        """Choose who carries each duty: the first candidate who is not the one it is owed to.

        Parameters
        ----------
        owing, recipient : (m,) int array
            The post that owes, and the one it is owed to (-1: the customers).

        Returns
        -------
        provider : (m,) int array
            -1 where nobody carries it.
        via : (m,) int array
            Index of `VIAS`.
        is_lost : (m,) bool array
            Whether there was no candidate at all; a duty whose only carrier is its own recipient is not lost.
        """
        provider = np.full(owing.shape, -1, dtype=np.int64)
        via = np.zeros(owing.shape, dtype=np.int64)
        is_lost = np.ones(owing.shape, dtype=np.bool_)
        ends_at_recipient = self.candidates[-1][owing] == recipient
        for place, candidates in enumerate(self.candidates):
            candidate = candidates[owing]
            is_lost &= candidate < 0
            taken = (provider < 0) & (candidate >= 0) & (candidate != recipient)
            if place == ACTING_ABOVE:
                # what would come to the recipient does not come to the one who acts for the recipient either
                taken &= ~ends_at_recipient
            provider[taken] = candidate[taken]
            via[taken] = place
        return provider, via, is_lost


def find_carriers(
    tree: TreeIndex, *, filled: BoolArray, active: BoolArray, acting: IntArray, passes_on: BoolArray
) -> Carriers:
    """Find who could carry what each post owes.

    Parameters
    ----------
    tree : TreeIndex
        n posts.
    filled, active : (n,) bool array
        Whether the post is held, and whether its holder is there.
    acting : (n,) int array
        Who stands in, -1 for nobody.
    passes_on : (n,) bool array
        Whether what the post owes goes on to somebody else; another post owes only while it is filled, and itself.
    """
    nodes = np.arange(tree.n, dtype=np.int64)
    # somebody who is away, or a post that nobody holds, stands in for nobody
    can_act = (acting >= 0) & ~active & active[acting]
    stands_in = np.where(can_act & passes_on, acting, -1)
    nearest = nearest_marked(tree.parents, filled)
    above = np.where(~filled & passes_on, nearest, -1)
    above_acting = np.where(can_act[above], acting[above], -1)
    return Carriers(
        candidates=np.stack(
            [stands_in, np.where(filled, nodes, -1), np.where(above >= 0, above_acting, -1), above],
        )
    )
