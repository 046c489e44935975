"""Working time of many rows at once, each less its pauses, which come as flat columns."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from leadkit.calendars import WorkCalendar
from leadkit.calendars._arrays import Instants, instant_array
from leadkit.errors import EscalationError, Fault
from leadkit.escalation._checking import raise_faults
from leadkit.escalation.clocks._arguments import refusal
from leadkit.typing import BoolArray, IntArray

__all__ = ["elapsed_of_rows"]

PAUSE_COLUMNS: Final = ("pause_of", "pause_starts", "pause_ends")


def elapsed_of_rows(
    calendar: WorkCalendar,
    starts: Instants,
    ends: Instants,
    pause_of: ArrayLike | None,
    pause_starts: Instants | None,
    pause_ends: Instants | None,
) -> NDArray[np.timedelta64]:
    """Measure the open time from each start to its end, less what lies in the pauses of its row."""
    given = (pause_of, pause_starts, pause_ends)
    if missing := [name for name, column in zip(PAUSE_COLUMNS, given, strict=True) if column is None]:
        if len(missing) < len(given):
            raise_faults(
                [Fault(name, "expected beside the other columns of pauses") for name in missing], "", EscalationError
            )
        return calendar.elapsed_array(_instants(starts, "starts"), _instants(ends, "ends"))
    rows = _row_numbers(pause_of)
    columns = [_instants(starts, "starts"), _instants(ends, "ends")]
    columns += [_instants(pause_starts, "pause_starts"), _instants(pause_ends, "pause_ends")]
    first, last = _broadcast(columns[0], columns[1])
    _check(rows, columns[2], columns[3], first.size)
    worked = calendar.elapsed_array(first, last)
    low, high = np.minimum(first, last)[rows], np.maximum(first, last)[rows]
    begin = np.maximum(columns[2], low)
    end = np.fmin(columns[3], high)
    begin, end, of = _united(begin, end, rows, ~np.isnat(high))
    paused = np.zeros(first.size, dtype="m8[us]")
    np.add.at(paused, of, calendar.elapsed_array(begin, end))
    return np.where(first <= last, worked - paused, worked + paused)


def _united(
    begin: NDArray[np.datetime64], end: NDArray[np.datetime64], rows: IntArray, is_known: BoolArray
) -> tuple[NDArray[np.datetime64], NDArray[np.datetime64], IntArray]:
    """Cut from each pause what an earlier one of its row covers already, and leave out those without time."""
    kept = is_known & (end > begin)
    begin, end, rows = begin[kept], end[kept], rows[kept]
    order = np.lexsort((begin, rows))
    begin, end, rows = begin[order], end[order], rows[order]
    # ranked by row and end, the running maximum of the ranks never reaches back into the row before
    by_end = np.lexsort((end, rows))
    rank = np.empty_like(by_end)
    rank[by_end] = np.arange(by_end.size)
    latest = end[by_end][np.maximum.accumulate(rank)]
    follows = rows[1:] == rows[:-1]
    begin[1:] = np.where(follows, np.maximum(begin[1:], latest[:-1]), begin[1:])
    fresh = end > begin
    return begin[fresh], end[fresh], rows[fresh]


def _instants(values: Any, name: str) -> NDArray[np.datetime64]:
    try:
        return instant_array(values, name)
    except (TypeError, ValueError) as error:
        raise refusal(error) from None


def _row_numbers(values: Any) -> IntArray:
    try:
        given = np.asarray(values)
    except ValueError:
        given = np.empty(0, dtype=object)
    if given.size == 0 and given.ndim == 1 and given.dtype != object:
        return np.empty(0, dtype=np.int64)
    if given.ndim != 1 or given.dtype.kind not in "iu":
        raise EscalationError.from_faults(
            [Fault("pause_of", "expected a column of whole numbers, the rows of the pauses")]
        )
    return given.astype(np.int64)


def _broadcast(
    starts: NDArray[np.datetime64], ends: NDArray[np.datetime64]
) -> tuple[NDArray[np.datetime64], NDArray[np.datetime64]]:
    try:
        first, last = np.broadcast_arrays(starts, ends)
    except ValueError:
        first = last = np.empty((0, 0), dtype="M8[us]")
    if first.ndim != 1:
        what = f"expected columns of one length beside pauses, got shapes {starts.shape} and {ends.shape}"
        raise EscalationError.from_faults([Fault("starts, ends", what)])
    return first, last


def _check(rows: IntArray, begin: NDArray[np.datetime64], end: NDArray[np.datetime64], n: int) -> None:
    if not rows.shape == begin.shape == end.shape:
        what = f"expected columns of one length, got shapes {rows.shape}, {begin.shape} and {end.shape}"
        raise EscalationError.from_faults([Fault(", ".join(PAUSE_COLUMNS), what)])
    faults = [
        Fault(f"pause_of[{place}]", f"expected a row from 0 to {n - 1}, got {rows[place]}")
        for place in np.flatnonzero((rows < 0) | (rows >= n)).tolist()
    ]
    faults += [
        Fault(f"pause_starts[{place}]", "expected an instant, got NaT")
        for place in np.flatnonzero(np.isnat(begin)).tolist()
    ]
    faults += [
        Fault(f"pause_ends[{place}]", f"expected an end from {begin[place]} on, got {end[place]}")
        for place in np.flatnonzero(end < begin).tolist()
    ]
    raise_faults(faults, "", EscalationError)
