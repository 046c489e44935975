"""Pauses: stretches of time that a count leaves out."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import numpy as np

from leadkit.calendars._hours import Hours
from leadkit.calendars._instants import FAR, LAST, pause_spans
from leadkit.calendars._line import Side
from leadkit.calendars._spans import Spans, clipped, united, without

NO_SPANS: Final[Spans] = (np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64))


def united_pauses(pauses: Iterable[object]) -> Spans:
    """Read the argument `pauses` and unite what overlaps or touches."""
    if type(pauses) is tuple and not pauses:
        return NO_SPANS
    spans = pause_spans(pauses)
    return united(*spans) if spans[0].size else spans


def counted(hours: Hours, low: int, high: int, pauses: Spans) -> int:
    """Measure the open time between two instants that no pause covers."""
    line = hours.covering(low, high)
    worked = line.worked_until_one(high) - line.worked_until_one(low)
    if not pauses[0].size:
        return worked
    starts, ends = clipped(pauses, low, high)
    return worked - int((line.worked_until(ends) - line.worked_until(starts)).sum())


def counted_spans(hours: Hours, low: int, high: int, pauses: Spans) -> Spans:
    """Give the open time within `[low, high)` that no pause covers."""
    return without(hours.spans(low, high), clipped(pauses, low, high))


def instant_after(hours: Hours, start: int, work: int, pauses: Spans, *, side: Side, horizon: int) -> int | None:
    """Find the instant before which `work` open and unpaused time lies after `start`; None beyond the horizon."""
    if work == 0 and side == "finish":
        return start
    position, left = start, work
    starts, ends = clipped(pauses, start, FAR) if pauses[0].size else pauses
    for pause, resume in zip(starts.tolist(), ends.tolist(), strict=True):
        if pause > min(start + horizon, LAST):
            break
        line = hours.covering(position, pause)
        before = int(line.worked_until(pause) - line.worked_until(position))
        if left < before or (left == before and side == "finish"):
            break
        position, left = resume, left - before
        if position > min(start + horizon, LAST):
            return None
    found = hours.instant_after(position, left, side=side, horizon=horizon)
    return found if found is not None and abs(found - start) <= horizon else None
