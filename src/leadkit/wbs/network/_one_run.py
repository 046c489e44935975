"""Early and late starts of one set of durations: level by level with arrays, or link by link in plain lists."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leadkit.graphs._indices import IndexArray
from leadkit.typing import IntArray

__all__ = ["latest", "least_slack", "soonest", "spans"]

LINKS_AT_ONCE = 8192
"""A loop takes links out of their arrays in pieces, so that few numbers are Python objects at a time."""


def spans(
    duration: NDArray[Any], tail: IndexArray, head: IndexArray, kind: NDArray[np.int8], lag: NDArray[Any]
) -> NDArray[Any]:
    """Tell how long after the start of its predecessor each link lets its successor start.

    That is the lag, plus the predecessor's duration where the link leaves a finish (FS, FF), less the successor's where
    it enters one (FF, SF).
    """
    if not kind.any():
        span: NDArray[Any] = lag + duration[tail]
        return span
    span = lag + np.where(kind % 2 == 0, duration[tail], 0)
    into_finish = np.flatnonzero(kind >= 2)
    span[into_finish] -= duration[head[into_finish]]
    return span


def soonest(
    start: NDArray[Any], tail: IndexArray, head: IndexArray, span: NDArray[Any], levels: IntArray | None
) -> NDArray[Any]:
    """Push starts (positions in order) forward along the links, whose tails ascend; `start` may be changed."""
    if levels is not None:
        for low, high in pairwise(np.searchsorted(tail, levels).tolist()):
            some = slice(low, high)
            np.maximum.at(start, head[some], start[tail[some]] + span[some])
        return start
    starts = start.tolist()
    for some in _pieces(tail.size):
        for first, second, after in zip(tail[some].tolist(), head[some].tolist(), span[some].tolist(), strict=True):
            bound = starts[first] + after
            if bound > starts[second]:  # noqa: PLR1730 - a call of max() takes longer than the rest of the loop
                starts[second] = bound
    return np.array(starts, dtype=start.dtype)


def latest(
    start: NDArray[Any], tail: IndexArray, head: IndexArray, span: NDArray[Any], levels: IntArray | None
) -> NDArray[Any]:
    """Push starts (positions in order) back along the links, the last ones first; `start` may be changed."""
    if levels is not None:
        for high, low in pairwise(np.searchsorted(tail, levels)[::-1].tolist()):
            some = slice(low, high)
            np.minimum.at(start, tail[some], start[head[some]] - span[some])
        return start
    starts = start.tolist()
    for some in reversed(list(_pieces(tail.size))):
        ends = tail[some][::-1].tolist(), head[some][::-1].tolist()
        for first, second, after in zip(*ends, span[some][::-1].tolist(), strict=True):
            bound = starts[second] - after
            if bound < starts[first]:  # noqa: PLR1730 - a call of min() takes longer than the rest of the loop
                starts[first] = bound
    return np.array(starts, dtype=start.dtype)


def least_slack(
    room: NDArray[Any], start: NDArray[Any], tail: IndexArray, head: IndexArray, span: NDArray[Any]
) -> NDArray[Any]:
    """Lower `room` to the least slack among the links that leave each activity; `room` is changed."""
    np.minimum.at(room, tail, start[head] - (start[tail] + span))
    return room


def _pieces(n_links: int) -> Iterator[slice]:
    for low in range(0, n_links, LINKS_AT_ONCE):
        yield slice(low, low + LINKS_AT_ONCE)
