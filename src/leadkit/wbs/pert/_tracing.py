"""The one critical path that is reported where several are as long."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TypeAlias

from leadkit.typing import FloatArray
from leadkit.wbs.pert._driving import Drive, Driving

__all__ = ["trace"]

# sums of the same variances in another order are equal but for this
ROUNDING = 1e-12
NO_PATH = -math.inf
Step: TypeAlias = Drive | None
"""The link by which a path goes on; None at the end."""


def trace(driving: Driving, ids: Sequence[str], variance: FloatArray) -> tuple[list[int], list[int]]:
    """Walk the path with the largest variance from a start to the end; of several the one with the smallest ids.

    Gives the activities on it, and those of them whose durations make it longer or shorter: a path that comes to a
    start and leaves by a start passes an activity by, however long that takes.
    """
    value: list[list[float]] = [[NO_PATH, NO_PATH] for _ in ids]
    step: list[list[Step]] = [[None, None] for _ in ids]
    entered: set[int] = set()
    for own in reversed(driving.order):
        for by_finish in (False, True):
            value[own][by_finish], step[own][by_finish] = _best(driving, ids, variance, value, (own, by_finish))
        entered.update(drive.successor for drive in driving.out_of[own])
    starts = [own for own in driving.order if driving.is_start[own] and value[own][False] > NO_PATH]
    if not starts:
        return [], []
    most = max(value[own][False] for own in starts)
    tied = [own for own in starts if value[own][False] >= most * (1 - ROUNDING)]
    return _walk(min(tied, key=lambda own: (own in entered, ids[own])), step)


def _best(
    driving: Driving,
    ids: Sequence[str],
    variance: FloatArray,
    value: list[list[float]],
    place: tuple[int, bool],
) -> tuple[float, Step]:
    """Choose how a path that came to the start, or the finish, of an activity goes on."""
    own, by_finish = place
    best: float = NO_PATH
    chosen: Step = None
    for drive in sorted(driving.out_of[own], key=lambda drive: (ids[drive.successor], *drive[1:])):
        rest = value[drive.successor][drive.to_finish]
        found = rest + (float(variance[own]) if by_finish != drive.from_finish else 0.0)
        if _is_more(found, best):
            best, chosen = found, drive
    if driving.is_end[own]:
        found = 0.0 if by_finish else float(variance[own])
        if _is_more(found, best):
            best, chosen = found, None
    return best, chosen


def _walk(start: int, step: list[list[Step]]) -> tuple[list[int], list[int]]:
    path, counted = [start], []
    own, by_finish = start, False
    while (following := step[own][by_finish]) is not None:
        if by_finish != following.from_finish:
            counted.append(own)
        own, by_finish = following.successor, following.to_finish
        path.append(own)
    if not by_finish:
        counted.append(own)
    return path, counted


def _is_more(found: float, best: float) -> bool:
    """Compare two sums of variances, either of which may be no path at all."""
    return found > (best if best == NO_PATH else best * (1 + ROUNDING))
