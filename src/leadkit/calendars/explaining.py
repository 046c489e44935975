"""Why time counts or does not: a stretch of time cut into rows, each with its kind and its reason."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final, Literal, TypeAlias, get_args

import numpy as np
from attrs import frozen

from leadkit.calendars._hours import Hours
from leadkit.calendars._instants import FAR, MICROSECOND, date_of, moment
from leadkit.calendars._spans import Spans, covers, pieces
from leadkit.typing import IntArray

__all__ = ["Counted", "CountedKind"]

CountedKind: TypeAlias = Literal["open", "closed", "holiday", "exception", "closure", "pause"]
"""Why a row of `explain` counts ("open"), or why it does not."""

KINDS: Final[tuple[CountedKind, ...]] = get_args(CountedKind)
OPEN, CLOSED, HOLIDAY, EXCEPTION, CLOSURE, PAUSE = range(len(KINDS))


@frozen
class Counted:
    """One row of `WorkCalendar.explain`: a stretch of time that counts, or does not for one reason.

    Parameters
    ----------
    start, end : datetime.datetime
        The stretch, half-open, in UTC.
    kind : {"open", "closed", "holiday", "exception", "closure", "pause"}
        Why it counts or does not.
    counted : datetime.timedelta
        The time that counts: all of an open row, none of any other.
    total : datetime.timedelta
        What has counted up to the end of this row.
    reason : str
        "open", "outside hours", the date of the holiday or exception, or the start and end of the closure or pause as
        ISO text with a slash between; a pause that still lasts ends in "..".
    """

    start: datetime
    end: datetime
    kind: CountedKind
    counted: timedelta
    total: timedelta
    reason: str


def explained(hours: Hours, low: int, high: int, pauses: Spans) -> tuple[Counted, ...]:
    """Cut `[low, high)` into rows; `pauses` are united."""
    closures = hours.pattern.closures
    dated = list(hours.pattern.special_spans(low, high))
    opened = hours.spans(low, high)
    starts, _ = pieces(low, high, opened, closures, pauses, *(spans for _, _, spans in dated))
    kinds, which = np.full(starts.size, CLOSED), np.zeros(starts.size, dtype=np.int64)
    for day, is_holiday, spans in dated:
        _mark(kinds, which, covers(spans, starts), HOLIDAY if is_holiday else EXCEPTION, day)
    _mark(kinds, which, covers(opened, starts), OPEN, 0)
    for spans, kind in ((closures, CLOSURE), (pauses, PAUSE)):
        inside = covers(spans, starts)
        _mark(kinds, which, inside, kind, spans[0].searchsorted(starts[inside], "right") - 1)
    begins = np.flatnonzero(np.append(True, (np.diff(kinds) != 0) | (np.diff(which) != 0))[: starts.size])
    edges = np.append(starts[begins], high)
    lengths = np.where(kinds[begins] == OPEN, np.diff(edges), 0)
    rows = zip(
        kinds[begins].tolist(), which[begins].tolist(), lengths.tolist(), np.cumsum(lengths).tolist(), strict=True
    )
    return tuple(
        Counted(
            start=moment(edges[place]),
            end=moment(edges[place + 1]),
            kind=KINDS[kind],
            counted=counted * MICROSECOND,
            total=total * MICROSECOND,
            reason=_reason(kind, index, closures, pauses),
        )
        for place, (kind, index, counted, total) in enumerate(rows)
    )


def _mark(kinds: IntArray, which: IntArray, inside: np.ndarray, kind: int, index: int | IntArray) -> None:
    kinds[inside], which[inside] = kind, index


def _reason(kind: int, index: int, closures: Spans, pauses: Spans) -> str:
    if kind in {OPEN, CLOSED}:
        return "open" if kind == OPEN else "outside hours"
    if kind in {HOLIDAY, EXCEPTION}:
        return date_of(index).isoformat()
    starts, ends = closures if kind == CLOSURE else pauses
    end = ".." if ends[index] == FAR else moment(ends[index]).isoformat()
    return f"{moment(starts[index]).isoformat()}/{end}"
