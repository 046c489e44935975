"""How many people the shares of threads rest on, and which of the shares may therefore be shown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Self

import numpy as np
from attrs import field, frozen

from leadkit._fields import int_array
from leadkit._results import Value
from leadkit.graphs import TreeIndex
from leadkit.org._hiding import shown_parts
from leadkit.org.thread.alike import least_alike
from leadkit.org.thread.following import BROKEN, UNBROKEN, Threads
from leadkit.typing import BoolArray, FloatArray, IntArray

__all__ = ["Footing"]


@frozen(kw_only=True, eq=False)
class Footing(Value):
    """How many people the shares of threads rest on.

    Parameters
    ----------
    statuses : (3,) int array
        Threads that are unbroken, broken and unknown.
    n_scored : int
        People with a score on some thread but not on every one: a leader whom all threads share decides for all.
    n_scored_front : int
        Front-line people with a score.
    posts, scored, undecided, broken_first : (k,) int array
        For each tier: filled posts on some thread; those with a score; those of them whom the share of unbroken
        threads alone does not clear; threads first broken in the tier.
    least_alike : int or None
        For each leader who breaks threads first, so many people at least could have done it instead, that leader
        counted; None when no leader does. See `leadkit.org.thread.alike`.
    is_even : bool
        Whether all threads weigh the same.
    """

    statuses: IntArray = field(converter=int_array)
    n_scored: int
    n_scored_front: int
    posts: IntArray = field(converter=int_array)
    scored: IntArray = field(converter=int_array)
    undecided: IntArray = field(converter=int_array)
    broken_first: IntArray = field(converter=int_array)
    least_alike: int | None
    is_even: bool

    @classmethod
    def of(cls, tree: TreeIndex, threads: Threads, tier: IntArray, tiers: Sequence[int], weight: FloatArray) -> Self:
        """Count people on the threads, of which each has a `weight`, for each of `tiers` where that is asked."""
        n_threads, n_through = threads.starts.size, threads.n_through
        statuses = np.bincount(threads.status, minlength=3)
        on_thread = threads.filled & (n_through > 0)
        scored = threads.scored & on_thread
        # a post that more threads pass than are not unbroken lies on an unbroken one, so its score is not too low
        cleared_above = n_threads - max(int(statuses[UNBROKEN]), 1)

        def by_tier(posts: IntArray | BoolArray) -> IntArray:
            return np.array([(tier[posts] == one).sum() for one in tiers], dtype=np.int64)

        return cls(
            statuses=statuses,
            n_scored=int((scored & (n_through < n_threads)).sum()),
            n_scored_front=int(threads.scored[threads.starts].sum()),
            posts=by_tier(on_thread),
            scored=by_tier(scored),
            undecided=by_tier(scored & (n_through <= cleared_above)),
            broken_first=by_tier(threads.breaker[threads.breaker >= 0]),
            least_alike=least_alike(tree, threads, tier),
            is_even=bool((weight == weight[:1]).all()),
        )

    def shown_statuses(self, minimum: int) -> BoolArray:
        """Tell which of the shares of unbroken, broken and unknown threads may be shown."""
        # as long as front-line people may have broken these threads themselves, no leader is pointed at
        is_pointing = self.statuses[BROKEN] > self.n_scored_front and not self._are_alike(minimum)
        if self.n_scored < minimum or is_pointing:
            return np.zeros(3, dtype=np.bool_)
        return shown_parts(self.statuses[:, np.newaxis], minimum)

    def shown_tiers(self, minimum: int) -> BoolArray:
        """Tell which tiers of the threads first broken there may be shown."""
        shown: BoolArray = (self.scored >= minimum) | (self.posts == 0)
        while not shown.all() and self.undecided[~shown].sum() < minimum:
            helping = np.flatnonzero(shown & (self.posts > 0))
            if helping.size == 0:
                break
            shown[helping[np.argmin(self.scored[helping])]] = False
        parts = np.append(self.broken_first[shown], self.broken_first[~shown].sum())
        # which tier is hidden must not depend on where threads break, so one small number hides all
        is_small = bool(((parts > 0) & (parts < minimum)).any())
        if is_small or not self._are_alike(minimum) or not self.shown_statuses(minimum)[BROKEN]:
            shown = self.posts == 0
        return shown

    def _are_alike(self, minimum: int) -> bool:
        return self.least_alike is None or self.least_alike >= minimum
