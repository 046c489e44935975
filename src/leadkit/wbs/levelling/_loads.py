"""How uneven a load is: by its squares day by day, or by its peak."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta, tzinfo
from typing import Any, NamedTuple, Protocol, TypeAlias

from leadkit.wbs.assignment._open import DAY, instant, local


class Stretch(NamedTuple):
    """Some people at work [us]."""

    opens: int
    closes: int
    heads: int


Work: TypeAlias = Mapping[int, Sequence[Stretch]]
"""Work of one activity by day."""


class Unevenness(Protocol):
    """What is made small, kept up while activities move. Less is better."""

    def trial(self, j: int, before: Work, after: Work) -> Any:
        """Give what the starts of one activity are compared by, if it were done at another time."""

    def move(self, j: int, before: Work, after: Work) -> None:
        """Do the activity at another time."""


class Squares:
    """The sum over days of the square of the time worked, all people together.

    Parameters
    ----------
    work : sequence of mapping
        For each activity its work by day.
    """

    def __init__(self, work: Iterable[Work]) -> None:
        self._times: dict[int, int] = {}
        for own in work:
            self._add(own, 1)

    def trial(self, j: int, before: Work, after: Work) -> int:  # noqa: ARG002 - all activities count alike
        """Add up what changes; what does not is the same for all trials of one activity."""
        changes: dict[int, int] = {}
        for work, sign in ((before, -1), (after, 1)):
            for day, stretches in work.items():
                changes[day] = changes.get(day, 0) + sign * _time(stretches)
        return sum(change * (change + 2 * self._times.get(day, 0)) for day, change in changes.items())

    def move(self, j: int, before: Work, after: Work) -> None:  # noqa: ARG002 - all activities count alike
        """Take it from some days and add it to others."""
        self._add(before, -1)
        self._add(after, 1)

    def _add(self, work: Work, sign: int) -> None:
        for day, stretches in work.items():
            self._times[day] = self._times.get(day, 0) + sign * _time(stretches)


class Peak:
    """For how long how many people are at work at the same time: the greatest number counts first, then its time.

    Parameters
    ----------
    work : sequence of mapping
        For each activity its work by day.
    """

    def __init__(self, work: Iterable[Work]) -> None:
        self._by_day: dict[int, dict[int, Sequence[Stretch]]] = {}
        for j, own in enumerate(work):
            for day, stretches in own.items():
                self._by_day.setdefault(day, {})[j] = stretches
        self._of_day = {day: _heads(_all(own)) for day, own in self._by_day.items()}
        self._total: Counter[int] = Counter()
        for times in self._of_day.values():
            self._total.update(times)

    def trial(self, j: int, before: Work, after: Work) -> tuple[tuple[int, int], ...]:
        """Work out the days that change."""
        total = self._total.copy()
        for day, times in self._changed(j, before, after).items():
            total.subtract(self._of_day.get(day, {}))
            total.update(times)
        return _falling(total)

    def move(self, j: int, before: Work, after: Work) -> None:
        """Take it from some days and add it to others."""
        for day, times in self._changed(j, before, after).items():
            self._total.subtract(self._of_day.get(day, {}))
            self._total.update(times)
            self._of_day[day] = times
        for day in before:
            del self._by_day[day][j]
        for day, stretches in after.items():
            self._by_day.setdefault(day, {})[j] = stretches

    def _changed(self, j: int, before: Work, after: Work) -> dict[int, Counter[int]]:
        changes = {}
        for day in before.keys() | after.keys():
            others = [s for i, own in self._by_day.get(day, {}).items() if i != j for s in own]
            changes[day] = _heads([*others, *after.get(day, ())])
        return changes


class Days:
    """The days from one instant to another, in a time zone."""

    def __init__(self, start: int, finish: int, zone: tzinfo) -> None:
        day = local(start, zone).date()
        self.edges: list[int] = []
        while not self.edges or self.edges[-1] < finish:
            self.edges.append(instant(datetime(day.year, day.month, day.day, tzinfo=zone)))
            day += timedelta(days=1)

    def cut(self, spans: Iterable[tuple[int, int]], heads: int) -> dict[int, list[Stretch]]:
        """Cut spans of work at midnight."""
        found: dict[int, list[Stretch]] = {}
        for opens, closes in spans:
            since = opens
            while since < closes:
                day = bisect_right(self.edges, since) - 1
                until = min(closes, self.edges[day + 1] if day + 1 < len(self.edges) else since + 2 * DAY)
                found.setdefault(day, []).append(Stretch(since, until, heads))
                since = until
        return found


def _time(stretches: Iterable[Stretch]) -> int:
    return sum((own.closes - own.opens) * own.heads for own in stretches)


def _heads(stretches: Iterable[Stretch]) -> Counter[int]:
    """Measure for how long there are how many at work."""
    steps: Counter[int] = Counter()
    for own in stretches:
        steps[own.opens] += own.heads
        steps[own.closes] -= own.heads
    times: Counter[int] = Counter()
    heads, since = 0, 0
    for t in sorted(steps):
        if heads:
            times[heads] += t - since
        heads, since = heads + steps[t], t
    return times


def _falling(times: Mapping[int, int]) -> tuple[tuple[int, int], ...]:
    return tuple(sorted(((heads, time) for heads, time in times.items() if time), reverse=True))


def _all(work: Mapping[int, Sequence[Stretch]]) -> list[Stretch]:
    return [own for stretches in work.values() for own in stretches]
