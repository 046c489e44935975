"""Time at which several calendars are open together, as sorted spans with the open time before each, grown on demand."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import Final, TypeAlias

from leadkit.calendars import WorkCalendar

__all__ = ["DAY", "FAR", "MINUTE", "Clock", "OpenTime", "instant", "moment"]

Spans: TypeAlias = list[tuple[int, int]]
"""Open time, half-open, in order and with time between [microseconds since 1970]."""

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND: Final = timedelta(microseconds=1)
MINUTE: Final = 60_000_000
DAY: Final = 1440 * MINUTE
FIRST: Final = (datetime.min.replace(tzinfo=UTC) - EPOCH) // MICROSECOND
LAST: Final = (datetime.max.replace(tzinfo=UTC) - EPOCH) // MICROSECOND
# after every instant there is; work that never ends ends here, and sums of a few do not matter to Python
FAR: Final = 2**60
FIRST_STRETCH: Final = 370 * DAY


def instant(moment: datetime) -> int:
    """Turn an aware datetime into microseconds since 1970."""
    return (moment - EPOCH) // MICROSECOND


def moment(instant: int) -> datetime:
    """Turn microseconds since 1970 into a datetime in UTC."""
    return EPOCH + timedelta(microseconds=instant)


def local(instant: int, zone: tzinfo) -> datetime:
    """Turn microseconds since 1970 into a datetime that reads like the clocks of a zone and holds its own offset.

    Python compares and subtracts datetimes of one zone by their wall clocks, which is wrong over a change of the clocks.
    """
    found = moment(instant).astimezone(zone)
    return found.replace(tzinfo=timezone(found.utcoffset() or timedelta(0)), fold=0)


class OpenTime:
    """Open time from an instant on.

    Parameters
    ----------
    read : callable
        Gives the spans within a stretch of time; called with stretches that follow each other.
    low : int
        Where the time begins [us].
    horizon : int
        How far from where it starts a search goes [us].
    last : int
        The end of time [us].
    """

    __slots__ = ("_before", "_closes", "_high", "_horizon", "_last", "_opens", "_read", "low")

    def __init__(self, read: Callable[[int, int], Spans], low: int, horizon: int, last: int = LAST) -> None:
        self._read, self.low, self._high = read, low, low
        self._horizon, self._last = horizon, last
        self._opens: list[int] = []
        self._closes: list[int] = []
        self._before: list[int] = [0]  # one more than there are spans

    def worked(self, t: int) -> int:
        """Measure the open time before an instant; none before the beginning."""
        if t > self._high:
            self._reach(t)
        place = bisect_right(self._opens, t) - 1
        if place < 0:
            return 0
        return min(self._before[place] + t - self._opens[place], self._before[place + 1])

    def begin(self, worked: int, since: int) -> int:
        """Find the open instant before which so much open time lies; FAR where a search from `since` finds none."""
        before = self._before
        while before[-1] <= worked:
            if not self._grow(since):
                return FAR
        place = bisect_right(before, max(worked, 0)) - 1
        return self._opens[place] + max(worked, 0) - before[place]

    def end(self, worked: int, since: int) -> int:
        """Find the first instant before which so much open time lies; FAR where a search from `since` finds none."""
        if worked <= 0:
            return self.low
        before = self._before
        while before[-1] < worked:
            if not self._grow(since):
                return FAR
        place = bisect_left(before, worked) - 1
        return self._opens[place] + worked - before[place]

    def opening(self, t: int) -> int:
        """Find the first open instant that is not before `t`; FAR where there is none."""
        if t > self._high:
            self._reach(t)
        while True:
            place = bisect_right(self._closes, t)
            if place < len(self._closes):
                return max(t, self._opens[place])
            if not self._grow(t):
                return FAR

    def is_open_before(self, t: int) -> bool:
        """Tell whether the time just before an instant is open."""
        return self.end(self.worked(t), t) == t and t > self.low

    def spans(self, low: int, high: int) -> Spans:
        """List the open time within a stretch."""
        if high > self._high:
            self._reach(high)
        first, last = bisect_right(self._closes, low), bisect_left(self._opens, high)
        return [
            (max(opens, low), min(closes, high))
            for opens, closes in zip(self._opens[first:last], self._closes[first:last], strict=True)
        ]

    def _grow(self, since: int) -> bool:
        """Lengthen what is known as far as a search from `since` may go; say whether there was anything to add."""
        farthest = min(since + self._horizon, self._last)
        if self._high >= farthest:
            return False
        self._add(min(self._high + max(FIRST_STRETCH, self._high - self.low), farthest))
        return True

    def _reach(self, t: int) -> None:
        self._add(min(max(t, self._high + max(FIRST_STRETCH, self._high - self.low)), self._last))

    def _add(self, high: int) -> None:
        for opens, closes in self._read(self._high, high):
            if self._closes and self._closes[-1] == opens:
                self._closes[-1] = closes
                self._before[-1] += closes - opens
            else:
                self._opens.append(opens)
                self._closes.append(closes)
                self._before.append(self._before[-1] + closes - opens)
        self._high = high


class Clock:
    """The open time of any set of calendars from an instant on, each set worked out once.

    A mirrored clock counts backwards from that instant: its instants are negative, and a span opens where it closes.
    """

    def __init__(self, low: int, *, is_mirrored: bool = False) -> None:
        self.low, self.is_mirrored = low, is_mirrored
        self._lines: dict[frozenset[int], OpenTime] = {}
        self._read: dict[tuple[int, int, int], Spans] = {}
        # calendars are numbered, for to compare or hash one is long; those seen are kept, so that identities stay theirs
        self._calendars: list[WorkCalendar] = []
        self._seen: dict[int, tuple[WorkCalendar, int]] = {}
        self._numbers: dict[WorkCalendar, int] = {}

    def shared(self, calendars: Iterable[WorkCalendar]) -> OpenTime:
        """Give the time at which all of the calendars are open."""
        seen = self._seen
        key = frozenset([(seen.get(id(own)) or self._met(own))[1] for own in calendars])
        if key not in self._lines:
            horizon = min(self._calendars[number].horizon_days for number in key) * DAY
            numbers = sorted(key)
            low, last = (-self.low, -FIRST) if self.is_mirrored else (self.low, LAST)
            self._lines[key] = OpenTime(lambda a, b: self._shared(numbers, a, b), low, horizon, last)
        return self._lines[key]

    def _met(self, calendar: WorkCalendar) -> tuple[WorkCalendar, int]:
        # what it is called does not change when it is open
        nameless = calendar.with_(name="") if calendar.name else calendar
        number = self._numbers.setdefault(nameless, len(self._calendars))
        if number == len(self._calendars):
            self._calendars.append(calendar)
        self._seen[id(calendar)] = found = (calendar, number)
        return found

    def _shared(self, numbers: Sequence[int], low: int, high: int) -> Spans:
        spans = self._spans(numbers[0], low, high)
        for number in numbers[1:]:
            spans = common(spans, self._spans(number, low, high))
        return spans

    def _spans(self, number: int, low: int, high: int) -> Spans:
        key = (number, low, high)
        if key not in self._read:
            first, last = (-high, -low) if self.is_mirrored else (low, high)
            hours = self._calendars[number]._hours  # noqa: SLF001 - arrays, rather than datetimes and back
            opens, closes = hours.spans(first, last)
            if self.is_mirrored:
                opens, closes = -closes[::-1], -opens[::-1]
            self._read[key] = list(zip(opens.tolist(), closes.tolist(), strict=True))
        return self._read[key]


def common(first: Spans, second: Spans) -> Spans:
    """Keep the time that lies in both of two lists of spans."""
    found: Spans = []
    i = j = 0
    while i < len(first) and j < len(second):
        low, high = max(first[i][0], second[j][0]), min(first[i][1], second[j][1])
        if low < high:
            found.append((low, high))
        if first[i][1] < second[j][1]:
            i += 1
        else:
            j += 1
    return found
