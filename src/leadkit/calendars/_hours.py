"""The open time of a calendar, worked out by year when it is asked for and kept within bounds."""

from __future__ import annotations

from typing import Final

import numpy as np

from leadkit.calendars._instants import DAY, FIRST, LAST, year_of
from leadkit.calendars._line import Line, Side
from leadkit.calendars._pattern import Pattern, Year
from leadkit.calendars._spans import Spans, clipped

MOST_BYTES_KEPT: Final = 800_000


class Hours:
    """The open time that follows from a pattern.

    One line of years is kept and grows as questions need it, as long as it stays small. A line never changes and is
    replaced as a whole, so threads may share it: at worst two of them work out the same year.
    """

    __slots__ = ("_kept", "pattern")

    def __init__(self, pattern: Pattern) -> None:
        self.pattern = pattern
        self._kept: Line | None = None

    @property
    def nbytes(self) -> int:
        """Bytes of all arrays that are held."""
        return self.pattern.nbytes + (self._kept.nbytes if self._kept is not None else 0)

    def covering(self, low: int, high: int) -> Line:
        """Give a line that holds the instants from `low` to `high`, both included."""
        kept = self._kept
        if kept is not None and kept.start <= low and high < kept.end:
            return kept
        first, last = year_of(low), year_of(high)
        if kept is not None:
            years = max(last, kept.last) - min(first, kept.first) + 1
            if kept.nbytes / (kept.last - kept.first + 1) * years <= MOST_BYTES_KEPT:
                return self._keep(self._grown(kept, first, last))
        return self._keep(self._built(first, last))

    def spans(self, low: int, high: int) -> Spans:
        """Give the open time within `[low, high)`."""
        return clipped(self.covering(low, high).spans, low, high)

    def reaching(self, low: int, high: int, *, least: int, most: int, horizon: int) -> Line:
        """Give a line that holds what lies `least` to `most` open time from instants between `low` and `high`.

        It ends early where that lies farther than `horizon` from them.
        """
        line = self.covering(low, high)
        earliest, latest = max(low - horizon, FIRST), min(high + horizon, LAST)
        while line.total - line.worked_until(high) <= most and (longer := self._towards(latest, line)):
            line = longer
        while least < 0 and line.worked_until(low) + least <= 0 and (longer := self._towards(earliest, line)):
            line = longer
        return line

    def instant_after(self, start: int, work: int, *, side: Side, horizon: int) -> int | None:
        """Find the instant `work` after `start`, or None where it is farther than `horizon`."""
        line = self.reaching(start, start, least=work, most=work, horizon=horizon)
        found = int(line.instant_at(line.worked_until(start) + work, side))
        return found if abs(found - start) <= horizon else None

    def next_edge(self, instant: int, *, opening: bool, horizon: int) -> int | None:
        """Find the first opening or closing after an instant, or None where it is farther than `horizon`."""
        line, latest = self.covering(instant, instant), min(instant + horizon, LAST)
        while (found := line.next_opening(instant) if opening else line.next_closing(instant)) is None:
            longer = self._towards(latest, line)
            if longer is None:
                return None
            line = longer
        return found if found <= latest else None

    def day_after(self, day: int, n: int, *, horizon: int) -> int | None:
        """Find the n-th working day after a day, before it for n < 0, or None where it is farther than `horizon` days."""
        line = self.covering(day * DAY, day * DAY)
        goal = min(day + horizon, LAST // DAY) if n > 0 else max(day - horizon, FIRST // DAY)
        while (found := line.working_day(day, n)) is None:
            longer = self._towards(goal * DAY, line)
            if longer is None:
                return None
            line = longer
        return found if abs(found - day) <= horizon else None

    def days_between(self, first: int, after: int) -> int:
        """Count the working days from a day until before a later one."""
        places = self.covering(first * DAY, after * DAY).days.searchsorted(np.array([first, after]))
        return int(places[1] - places[0])

    def _keep(self, line: Line) -> Line:
        if line.nbytes <= MOST_BYTES_KEPT:
            self._kept = line
        return line

    def _towards(self, goal: int, line: Line) -> Line | None:
        """Lengthen a line by half towards an instant; None where it is on the line."""
        year, step = year_of(goal), (line.last - line.first) // 2 + 1
        if line.first <= year <= line.last:
            return None
        first = line.first if year > line.last else max(line.first - step, year)
        last = line.last if year < line.first else min(line.last + step, year)
        return self._keep(self._grown(line, first, last))

    def _grown(self, line: Line, first: int, last: int) -> Line:
        """Add years before and after those of a line."""
        before = [self.pattern.year(year) for year in range(first, line.first)]
        after = [self.pattern.year(year) for year in range(line.last + 1, last + 1)]
        first, last = min(first, line.first), max(last, line.last)
        return Line.of(first, last, [*before, Year(line.spans, line.days), *after])

    def _built(self, first: int, last: int) -> Line:
        return Line.of(first, last, [self.pattern.year(year) for year in range(first, last + 1)])
