"""The rules of a calendar as arrays, and the open time and working days of one year that follow from them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
from attrs import frozen

from leadkit._fields import sealed
from leadkit.calendars._clocks import MARGIN, offsets
from leadkit.calendars._instants import DAY, EPOCH, EPOCH_DAY, MICROSECOND, MINUTE, year_start
from leadkit.calendars._spans import Spans, clipped, time_until, united, without
from leadkit.calendars.windows import DayException, Window
from leadkit.typing import IntArray

# 1970-01-01 was a Thursday
WEEKDAY_OF_EPOCH = 3


class Edges(NamedTuple):
    """The windows of some days in local time: for each the day it opens on, and its edges in microseconds."""

    days: IntArray
    opens: IntArray
    closes: IntArray


class Year(NamedTuple):
    """One year of UTC: spans of open time within it, and the dates in it on which a window opens."""

    open: Spans
    days: IntArray


@frozen
class Pattern:
    """What the week, the exceptions and the closures say, as arrays."""

    tz: ZoneInfo
    week: IntArray
    dated: IntArray
    special_days: IntArray
    holidays: frozenset[int]
    closures: Spans

    @classmethod
    def of(
        cls,
        tz: ZoneInfo,
        windows: Iterable[Window],
        holidays: Iterable[date],
        exceptions: Iterable[DayException],
        closures: Iterable[tuple[datetime, datetime]],
    ) -> Pattern:
        """Turn the checked fields of a calendar into arrays."""
        replaced = {change.day.toordinal() - EPOCH_DAY: change.spans for change in exceptions}
        free = frozenset(day.toordinal() - EPOCH_DAY for day in holidays) - replaced.keys()
        return cls(
            tz=tz,
            week=_table(3, ((window.weekday, window.opens, window.closes) for window in windows)),
            dated=_table(3, ((day, *span) for day, spans in replaced.items() for span in spans)),
            special_days=sealed(np.array(sorted(free | replaced.keys()), dtype=np.int64)),
            holidays=free,
            closures=united(*_table(2, (((at - EPOCH) // MICROSECOND for at in span) for span in closures)).T),
        )

    @property
    def nbytes(self) -> int:
        """Bytes of the arrays."""
        return sum(part.nbytes for part in (self.week, self.dated, self.special_days, *self.closures))

    def year(self, year: int) -> Year:
        """Work out the open time of one year of UTC, and the working days of that year."""
        first, after = year_start(year) // DAY, year_start(year + 1) // DAY
        edges = self._edges(first - MARGIN, after + MARGIN)
        clocks = offsets(self.tz, year)
        opens, closes = clocks.first_instant(edges.opens), clocks.last_instant(edges.closes)
        taken = time_until(self.closures, closes) - time_until(self.closures, opens)
        works = (closes - opens > np.maximum(taken, 0)) & (first <= edges.days) & (edges.days < after)
        opened = without(united(opens, closes), clipped(self.closures, (first - MARGIN) * DAY, (after + MARGIN) * DAY))
        return Year(clipped(opened, first * DAY, after * DAY), np.unique(edges.days[works]))

    def special_spans(self, low: int, high: int) -> Iterator[tuple[int, bool, Spans]]:
        """Give each holiday and each day with an exception near `[low, high)`: day, whether a holiday, its time."""
        near = slice(*self.special_days.searchsorted([low // DAY - 1, high // DAY + 2]))
        for day in self.special_days[near].tolist():
            year = date.fromordinal(day + EPOCH_DAY).year
            yield day, day in self.holidays, offsets(self.tz, year).spans_of_day(day)

    def _edges(self, first: int, after: int) -> Edges:
        days = np.arange(first, after, dtype=np.int64)
        plain = ~np.isin(days, self.special_days)
        on, which = np.nonzero(plain[:, None] & ((days + WEEKDAY_OF_EPOCH)[:, None] % 7 == self.week[:, 0]))
        dated = self.dated[(first <= self.dated[:, 0]) & (self.dated[:, 0] < after)]
        day = np.concatenate([days[on], dated[:, 0]])
        minutes = np.concatenate([self.week[which, 1:], dated[:, 1:]])
        edges = day[:, None] * DAY + minutes * MINUTE
        return Edges(day, edges[:, 0], edges[:, 1])


def _table(n_columns: int, rows: Iterable[Iterable[int]]) -> IntArray:
    return sealed(np.array([list(row) for row in rows], dtype=np.int64).reshape(-1, n_columns))
