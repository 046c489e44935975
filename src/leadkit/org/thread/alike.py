"""Leaders who could stand for each other: who else could have broken as many threads, with the same shares to show."""

from __future__ import annotations

import numpy as np

from leadkit.graphs import TreeIndex
from leadkit.org._paths import any_marked
from leadkit.org.thread.following import UNBROKEN, UNKNOWN, Threads, threads_through
from leadkit.typing import BoolArray, IntArray

__all__ = ["least_alike"]


def least_alike(tree: TreeIndex, threads: Threads, tier: IntArray) -> int | None:
    """Count for each leader who breaks threads first those who could have done so instead; return the smallest number.

    Somebody who knows the tree, every share and how many leaders each line has may ask whose scores fit. Leader A,
    who breaks k threads first, is not pointed at when the same shares come about with a score that is enough for A
    and one that is not for another leader B of the tier. That takes two conditions.

    With another score of A the k threads hold: nobody else above is below what is asked, or without a score.

    B has a score that is enough, no unknown thread and no break of the tier beneath, and breaks exactly k. Let u
    threads through B be unbroken, t be these and the ones that only their front-line person breaks, r those of the t
    whose front-line person has no score, F all threads that only their front-line person breaks, and s those of A's
    k whose front-line person has a score. Front-line breaks can then move, their number staying the same: into B's
    line from elsewhere where u > k, which takes r <= k and t - k <= F; into A's where u < k, which takes k <= t and
    k - u <= s.

    Parameters
    ----------
    tree : TreeIndex
        n posts.
    threads : Threads
        Their threads.
    tier : (n,) int array
        Tier of each post.

    Returns
    -------
    int or None
        At least 0, the leader counted where one could be replaced; 0 for one whose threads would not hold. None when
        no leader breaks a thread.
    """
    starts, broken = threads.starts, threads.breaker >= 0
    own = threads.breaker == starts
    breaks = np.bincount(threads.breaker[broken], minlength=tier.size)
    is_front = _begins(starts, tier.size)
    is_leader = (breaks > 0) & ~(is_front & (threads.n_through == 1))
    if not is_leader.any():
        return None
    is_plain = ~any_marked(tree.parents, threads.below)
    with_gap = np.bincount(threads.breaker[broken], weights=threads.has_gap[broken], minlength=tier.size) > 0
    could_hold = is_plain & ~with_gap & ~is_front
    scored_front = threads.scored[starts]
    asking = np.flatnonzero(is_leader)
    smallest = asking.size + int(threads.scored.sum())
    if not could_hold[asking].all():
        return 0

    def through(chosen: BoolArray) -> IntArray:
        return threads_through(tree, starts[chosen])

    alone = own & is_plain[starts] & ~threads.has_gap
    light = (threads.status == UNBROKEN) | alone
    unbroken, most = threads.n_unbroken, through(light)
    least = np.maximum(through(light & ~scored_front), most - int(alone.sum()))
    fits = threads.scored & ~threads.below & ~is_front & (through(threads.status == UNKNOWN) == 0)
    for one in np.unique(tier[asking]):
        first = broken & ~own & (tier[threads.breaker] == one)
        others = np.flatnonzero(fits & (tier == one) & (through(first) == 0) & (unbroken > 0))
        here = asking[tier[asking] == one]
        scored = np.bincount(threads.breaker[first], weights=scored_front[first], minlength=tier.size)[here]
        low = np.sort(np.minimum(least, unbroken)[others])
        k = breaks[here]
        number = (
            np.searchsorted(low, k, side="right")
            - np.searchsorted(np.sort(most[others]), k, side="left")
            - np.searchsorted(np.sort(unbroken[others]), k - scored, side="left")
        )
        smallest = min(smallest, int(number.min()) + 1)
    return max(smallest, 0)


def _begins(starts: IntArray, n: int) -> BoolArray:
    begins = np.zeros(n, dtype=np.bool_)
    begins[starts] = True
    return begins
