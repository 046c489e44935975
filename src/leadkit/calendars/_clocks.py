"""When local clocks show what: the offsets of a zone around one year, and local times turned into instants."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np
from attrs import frozen

from leadkit._fields import sealed
from leadkit.calendars._instants import DAY, EPOCH, EPOCH_DAY, FAR, FIRST, LAST, MICROSECOND
from leadkit.calendars._spans import Spans, united
from leadkit.typing import IntArray

SECOND: Final = 1_000_000
# a window reaches into the day after; a clock may be a day from UTC, and a change may skip a day
MARGIN: Final = 5
# datetime cannot say what a clock shows in the first and last day of its years
EARLIEST: Final = FIRST + DAY
LATEST: Final = LAST + 1 - DAY
YEARS_KEPT: Final = 256


@frozen
class Offsets:
    """What a zone adds to UTC: from `starts[i]` until `ends[i]` it is `shifts[i]`, all in microseconds."""

    starts: IntArray
    ends: IntArray
    shifts: IntArray

    def first_instant(self, local: IntArray) -> IntArray:
        """Turn local times into their first instants; where a time is skipped, the first one after the gap."""
        first: IntArray = self._instants(local, FAR).min(axis=1)
        return first

    def last_instant(self, local: IntArray) -> IntArray:
        """Turn local times into their last instants; where a time is skipped, the first one after the gap."""
        last: IntArray = self._instants(local, -FAR).max(axis=1)
        return last

    def spans_of_day(self, day: int) -> Spans:
        """Give the time in which local clocks show the date `day`; none where the date is skipped."""
        starts = np.maximum(self.starts, day * DAY - self.shifts)
        ends = np.minimum(self.ends, (day + 1) * DAY - self.shifts)
        return united(starts, ends)

    def _instants(self, local: IntArray, nothing: int) -> IntArray:
        """Give the instants at which each local time is shown, a column for each offset; `nothing` where it is not."""
        times = local[:, None]
        instants = times - self.shifts
        shown = (instants >= self.starts) & (instants < self.ends)
        # a time that is never shown lies in the gap before the first stretch that begins later than it
        after = np.argmax(self.starts + self.shifts > times, axis=1)
        skipped = np.flatnonzero(~np.any(shown, axis=1))
        found: IntArray = np.where(shown, instants, nothing)
        found[skipped] = self.starts[after[skipped], None]
        return found


@lru_cache(maxsize=YEARS_KEPT)
def offsets(tz: ZoneInfo, year: int) -> Offsets:
    """Collect the offsets of a zone in one year and some days around it."""
    first = date(year, 1, 1).toordinal() - EPOCH_DAY - MARGIN
    days = range(first, first + 366 + 2 * MARGIN)
    instants = [min(max(day * DAY, EARLIEST), LATEST) for day in days]
    shifts = [_shift(tz, instant) for instant in instants]
    starts, found = [-FAR], [shifts[0]]
    for place in range(1, len(days)):
        low, high = instants[place - 1], instants[place]
        while found[-1] != shifts[place]:
            low = _next_change(tz, low, high, found[-1])
            starts.append(low)
            found.append(_shift(tz, low))
    begins = np.array(starts, dtype=np.int64)
    return Offsets(sealed(begins), sealed(np.append(begins[1:], FAR)), sealed(np.array(found, dtype=np.int64)))


def _shift(tz: ZoneInfo, instant: int) -> int:
    local = (EPOCH + timedelta(microseconds=instant)).astimezone(tz)
    return (local.utcoffset() or timedelta()) // MICROSECOND


def _next_change(tz: ZoneInfo, low: int, high: int, shift: int) -> int:
    """Halve the way from `low`, where the offset is `shift`, to `high`, where it is another; changes fall on seconds."""
    while high - low > SECOND:
        middle = low + (high - low) // (2 * SECOND) * SECOND
        low, high = (middle, high) if _shift(tz, middle) == shift else (low, middle)
    return high
