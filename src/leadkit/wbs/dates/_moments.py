"""Instants as datetimes that read like the clocks of a zone."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone, tzinfo

import numpy as np

from leadkit.typing import IntArray
from leadkit.wbs.dates._ruler import DAY, FIRST, LAST, moment

__all__ = ["moments"]


def moments(instants: IntArray, tz: tzinfo) -> list[datetime]:
    """Turn microseconds since 1970-01-01 UTC into datetimes with the offset that a zone has at each.

    Each holds its own offset: Python compares and subtracts datetimes of one zone by their wall clocks, which is wrong
    over a change of the clocks.
    """
    offsets = _offsets(instants, tz)
    origins = {
        offset: datetime(1970, 1, 1, tzinfo=timezone(timedelta(microseconds=offset)))
        for offset in set(offsets.tolist())
    }
    lengths: list[timedelta] = (instants + offsets).view("m8[us]").tolist()
    if len(origins) == 1:
        (origin,) = origins.values()
        return [origin + length for length in lengths]
    return [origins[offset] + length for offset, length in zip(offsets.tolist(), lengths, strict=True)]


def _offsets(instants: IntArray, tz: tzinfo) -> IntArray:
    """Find the offset of a zone at instants [us]: by day, and one by one on the days on which it changes."""
    days, places = np.unique(instants // DAY, return_inverse=True)
    at_midnight = {day: _offset(day * DAY, tz) for day in {*days.tolist(), *(days + 1).tolist()}}
    offsets = np.array([at_midnight[day] for day in days.tolist()], dtype=np.int64)[places]
    changing = np.array([at_midnight[day] != at_midnight[day + 1] for day in days.tolist()], dtype=np.bool_)[places]
    for place in np.flatnonzero(changing).tolist():
        offsets[place] = _offset(int(instants[place]), tz)
    return offsets


def _offset(instant: int, tz: tzinfo) -> int:
    offset = moment(min(max(instant, FIRST + DAY), LAST - DAY)).astimezone(tz).utcoffset()
    return 0 if offset is None else offset // timedelta(microseconds=1)
