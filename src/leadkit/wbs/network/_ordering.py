"""An order in which every link leads forward, by Kahn's rule: arrays while many activities are ready, lists where few are."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from leadkit.graphs._arcs import row_starts, span_places
from leadkit.graphs._indices import IndexArray, stable_order
from leadkit.typing import IntArray

__all__ = ["MEAN_WIDTH", "Ordering", "ordered"]

MEAN_WIDTH = 50
"""Activities a level from which a step over arrays is faster than a loop over them."""
LEVELS_ON_TRIAL = 2000
"""A network may start narrow: one level for so many activities is done with arrays whatever its width."""


class Ordering(NamedTuple):
    """Activities and links in an order that respects every link.

    `order` is shorter than n where there is a loop: activities that wait for one never come. `links` are the places of
    the links in order of their predecessor. `levels` bounds the levels in `order`, or is None in a narrow network.
    """

    order: IndexArray
    links: IntArray
    levels: IntArray | None


def ordered(n: int, predecessor: IndexArray, successor: IndexArray, *, mean_width: int = MEAN_WIDTH) -> Ordering:
    """Order `n` activities and the links between them.

    The levels are counted while they hold `mean_width` activities on average; 0 counts them always.

    Examples
    --------
    >>> made = ordered(3, np.array([2, 0]), np.array([0, 1]))
    >>> made.order.tolist(), made.links.tolist()
    ([2, 0, 1], [0, 1])
    """
    by_predecessor = stable_order(predecessor)
    heads, starts = successor[by_predecessor], row_starts(n, predecessor)
    waiting = np.bincount(successor, minlength=n)
    done, bounds, ready = _in_arrays(heads, starts, waiting, mean_width)
    if ready.size:
        order = _in_lists(np.concatenate((*done, ready)), ready.size, heads, starts, waiting)
        levels = None
    else:
        order = np.concatenate(done) if done else ready
        levels = np.array(bounds, dtype=np.int64)
    links = by_predecessor[span_places(starts[order], starts[order + 1] - starts[order])]
    return Ordering(order.astype(predecessor.dtype, copy=False), links, levels)


def _in_arrays(
    heads: IndexArray, starts: IntArray, waiting: IntArray, mean_width: int
) -> tuple[list[IntArray], list[int], IntArray]:
    """Take level after level while they are wide; give them, their bounds, and the level from which it is narrow."""
    n = waiting.size
    trial = n // LEVELS_ON_TRIAL
    place = np.empty(n, dtype=np.int64)
    ready = np.flatnonzero(waiting == 0)
    done: list[IntArray] = []
    bounds = [0]
    while ready.size and (len(done) - trial) * mean_width <= bounds[-1] + ready.size - mean_width:
        done.append(ready)
        bounds.append(bounds[-1] + ready.size)
        reached = heads[span_places(starts[ready], starts[ready + 1] - starts[ready])]
        np.subtract.at(waiting, reached, 1)
        reached = reached[waiting[reached] == 0]
        # the last of several equal entries leaves its place: each activity is kept once, without a sort
        places = np.arange(reached.size)
        place[reached] = places
        ready = reached[place[reached] == places].astype(np.int64, copy=False)
    return done, bounds, ready


def _in_lists(begun: IntArray, n_ready: int, heads: IndexArray, starts: IntArray, waiting: IntArray) -> IntArray:
    """Finish an order whose last `n_ready` activities are ready, an activity at a time.

    A view makes a number when it is read, next to the array: with lists of numbers spread over memory the same loop
    takes half as long again.
    """
    to, first, left = heads.data, starts.data, waiting.tolist()
    queue = begun[begun.size - n_ready :].tolist()
    follow = queue.append
    for activity in queue:
        for head in to[first[activity] : first[activity + 1]]:
            if left[head] == 1:
                follow(head)
            else:
                left[head] -= 1
    return np.concatenate((begun[: begun.size - n_ready], np.array(queue, dtype=np.int64)))
