"""Early and late starts of many sets of durations at a time: link by link, each step over all runs of two activities."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from leadkit.graphs._indices import IndexArray

__all__ = ["Steps", "latest_block", "least_slack_block", "soonest_block", "steps_of"]

Steps: TypeAlias = list[tuple[int, list[int], list[tuple[int, int, Any]]]]
"""For each activity with links out of it, in order: its successors by FS without lag, and the others with kind and lag."""
FS = 0


def steps_of(order: IndexArray, tail: IndexArray, head: IndexArray, kind: NDArray[np.int8], lag: NDArray[Any]) -> Steps:
    """List the links by predecessor."""
    steps: Steps = []
    last = -1
    ends = order[tail].tolist(), order[head].tolist()
    for first, second, code, after in zip(*ends, kind.tolist(), lag.tolist(), strict=True):
        if first != last:
            steps.append((first, [], []))
            last = first
        if code == FS and not after:
            steps[-1][1].append(second)
        else:
            steps[-1][2].append((second, code, after))
    return steps


def soonest_block(steps: Steps, duration: NDArray[Any], start: NDArray[Any]) -> None:
    """Push `start` (n, runs) forward along the links, in place."""
    starts, durations = list(start), list(duration)
    bound = np.empty(start.shape[1], dtype=start.dtype)
    for first, followers, others in steps:
        if followers:
            np.add(starts[first], durations[first], out=bound)
            for second in followers:
                np.maximum(starts[second], bound, out=starts[second])
        for second, code, lag in others:
            _span(durations, first, second, code, lag, bound)
            np.add(starts[first], bound, out=bound)
            np.maximum(starts[second], bound, out=starts[second])


def latest_block(steps: Steps, duration: NDArray[Any], limit: NDArray[Any]) -> None:
    """Turn `limit` (n, runs), the latest finishes asked for, into the latest starts, in place."""
    limit -= duration
    starts, durations = list(limit), list(duration)
    bound = np.empty(limit.shape[1], dtype=limit.dtype)
    for first, followers, others in reversed(steps):
        if followers:
            np.subtract(_least(starts, followers, bound), durations[first], out=bound)
            np.minimum(starts[first], bound, out=starts[first])
        for second, code, lag in others:
            _span(durations, first, second, code, lag, bound)
            np.subtract(starts[second], bound, out=bound)
            np.minimum(starts[first], bound, out=starts[first])


def least_slack_block(steps: Steps, duration: NDArray[Any], start: NDArray[Any], room: NDArray[Any]) -> None:
    """Lower `room` (n, runs) to the least slack among the links that leave each activity, in place."""
    starts, durations, rooms = list(start), list(duration), list(room)
    bound, least = np.empty((2, start.shape[1]), dtype=start.dtype)
    for first, followers, others in steps:
        if followers:
            np.add(starts[first], durations[first], out=bound)
            np.subtract(_least(starts, followers, least), bound, out=bound)
            np.minimum(rooms[first], bound, out=rooms[first])
        for second, code, lag in others:
            _span(durations, first, second, code, lag, bound)
            np.add(starts[first], bound, out=bound)
            np.subtract(starts[second], bound, out=bound)
            np.minimum(rooms[first], bound, out=rooms[first])


def _least(rows: list[NDArray[Any]], places: list[int], out: NDArray[Any]) -> NDArray[Any]:
    """Give the elementwise least of some rows, in `out` where there are several."""
    if len(places) == 1:
        return rows[places[0]]
    np.minimum(rows[places[0]], rows[places[1]], out=out)
    for place in places[2:]:
        np.minimum(out, rows[place], out=out)
    return out


def _span(durations: list[NDArray[Any]], first: int, second: int, code: int, lag: Any, out: NDArray[Any]) -> None:
    """Tell how long after the start of `first` the link lets `second` start, added in the order of `spans`."""
    if code % 2 == 0:
        np.add(lag, durations[first], out=out)
    else:
        out[:] = lag
    if code >= 2:
        np.subtract(out, durations[second], out=out)
