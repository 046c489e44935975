"""A plan on a grid of time: the unit that everything falls on, and what starts and lags lead to, piece by piece."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from leadkit.wbs.assignment._generating import Generator, Into, Way
from leadkit.wbs.assignment._open import FAR, MINUTE, OpenTime
from leadkit.wbs.assignment._people import Slots

__all__ = ["Choice", "Grid", "Mix", "Piece", "choice_of", "grid_of"]

MOST_MIXES: Final = 500
"""An activity whose people can be mixed in more ways is not told to a solver."""


class Piece(NamedTuple):
    """Points of time from `low` to `high`, both inside, each of which leads to `slope` times itself and `shift` [units]."""

    low: int
    high: int
    slope: int
    shift: int


class Mix(NamedTuple):
    """So many people of each class, and the way in which any of them do an activity."""

    counts: tuple[int, ...]
    way: Way


class Choice(NamedTuple):
    """Who can do an activity: by need; divided into classes of the same hours and units; the mixes of these."""

    slots: Slots
    classes: tuple[tuple[int, ...], ...]
    mixes: tuple[Mix, ...]


def choice_of(generator: Generator, j: int) -> Choice | None:
    """List the mixes of people that can do an activity that takes time; None where there are too many."""
    work, task = generator.work, generator.work.tasks[j]
    given = frozenset(task.given)
    slots = tuple((able & given if len(given) == task.heads else able, heads) for able, heads in task.slots)
    alike: dict[tuple[OpenTime, float], list[int]] = {}
    for person in sorted(frozenset().union(*(able for able, _ in slots))):
        alike.setdefault((generator.people[person], work.staff.people[person].units), []).append(person)
    classes = tuple(map(tuple, alike.values()))
    if task.crews is None:
        vectors = _vectors([len(members) for members in classes], task.heads)
    else:
        crews = [set(crew.members) for crew in task.crews]
        vectors = sorted({tuple(len(crew.intersection(members)) for members in classes) for crew in crews})
    if vectors is None:
        return None
    mixes = []
    for counts in vectors:
        crew = [person for members, many in zip(classes, counts, strict=True) for person in members[:many]]
        mixes.append(Mix(counts, generator.way(j, tuple(sorted(crew)))))
    return Choice(slots, classes, tuple(mixes))


def _vectors(sizes: Sequence[int], heads: int) -> list[tuple[int, ...]] | None:
    """List in how many ways so many heads can come from classes of such sizes; None where there are too many."""
    found: list[tuple[int, ...]] = [()]
    for size in sizes:
        found = [(*own, more) for own in found for more in range(min(size, heads - sum(own)) + 1)]
        if len(found) > MOST_MIXES:
            return None
    return [own for own in found if sum(own) == heads]


class Grid:
    """Points of time from the start of a plan to an end.

    Parameters
    ----------
    generator : Generator
        Knows links and calendars.
    unit : int
        From one point to the next [us].
    end : int
        The last point that counts [us].
    """

    def __init__(self, generator: Generator, unit: int, end: int) -> None:
        self.generator, self.unit, self.low = generator, unit, generator.low
        self.end = self.point(end)
        self._starts: dict[tuple[OpenTime, int], tuple[Piece, ...]] = {}
        self._lags: dict[tuple[Into, OpenTime | None], tuple[Piece, ...]] = {}

    def point(self, t: int) -> int:
        """Give the first point that is not before an instant."""
        return -(-(t - self.low) // self.unit)

    def instant(self, point: int) -> int:
        """Give the instant of a point [us]."""
        return self.low + point * self.unit

    def starts(self, way: Way) -> tuple[Piece, ...]:
        """Tell when work can start, and when it then finishes: never after the end of the grid."""
        key = (way.line, way.work)
        if key not in self._starts:
            self._starts[key] = tuple(self._starting(way))
        return self._starts[key]

    def _starting(self, way: Way) -> Iterator[Piece]:
        line, end = way.line, self.instant(self.end)
        spans = line.spans(self.low, end)
        cuts = {t for span in spans for t in span}
        for _, closes in spans:
            worked = line.worked(closes) - way.work
            if worked >= 0:
                # whoever starts later than this finishes in the next span
                cuts.add(line.begin(worked, self.low) + self.unit)
        ordered = sorted(map(self.point, cuts))
        for opens, closes in spans:
            low, high = self.point(opens), self.point(closes)
            inner = ordered[bisect_left(ordered, low) : bisect_right(ordered, high)]
            for first, behind in pairwise(inner):
                finish = self.point(self.generator.finish_of(way, self.instant(first)))
                last = min(behind - 1, self.end - (finish - first))
                if first <= last:
                    yield Piece(first, last, 1, finish - first)

    def lag(self, into: Into, j: int) -> tuple[Piece, ...]:
        """Tell which bound an end of an activity puts on an end of activity `j`: no bound lies after the end of the grid."""
        is_moved = into.to_finish and not self.generator.work.tasks[j].is_point
        key = (into._replace(other=0, from_start=False), self.generator.own[j] if is_moved else None)
        if key not in self._lags:
            lines = [self.generator.own[j]] if is_moved else []
            lines += [self.generator.plan_line] if into.lag and not into.elapsed else []
            self._lags[key] = tuple(self._lagging(key[0], j, lines, is_moved=is_moved))
        return self._lags[key]

    def _lagging(self, into: Into, j: int, lines: Iterable[OpenTime], *, is_moved: bool) -> Iterator[Piece]:
        def due(point: int) -> int:
            t = self.instant(point)
            return self.generator.lagged(into, [t], [t])

        def bound(point: int) -> int:
            t = due(point)
            return self.point(self.generator.target(j, t) if is_moved else t)

        points = range(bisect_left(range(self.end + 1), FAR, key=due))
        cuts = {0, len(points)}
        for line in lines:
            cuts |= set(self._bends(line, points, due))
        ordered = sorted(cuts)
        for first, behind in pairwise(ordered):
            value = bound(first)
            slope = int(behind - first > 1 and bound(first + 1) > value)
            if value <= self.end:
                last = min(behind - 1, first + self.end - value) if slope else behind - 1
                yield Piece(first, last, slope, value - slope * first)

    def _bends(self, line: OpenTime, points: range, due: Callable[[int], int]) -> Iterator[int]:
        """List the points at which a lag meets an edge of a line or leads to one, and those right behind."""
        inside = max(self.instant(points[-1]), due(points[-1]))
        for edge in {self.low, *(t for span in line.spans(self.low, inside) for t in span)}:
            here = self.point(edge)
            found = (here, here + 1, bisect_left(points, edge, key=due), bisect_right(points, edge, key=due))
            yield from (point for point in found if point <= len(points))


def grid_of(generator: Generator, choices: Sequence[Choice | None], end: int) -> Grid | None:
    """Find the coarsest grid on which every schedule lies that cannot be pulled earlier; None where minutes are too coarse.

    Parameters
    ----------
    generator : Generator
        Knows links and calendars.
    choices : sequence of Choice or None
        Who can do each activity; None for points in time.
    end : int
        Where the grid ends [us].
    """
    ways = [[mix.way for mix in choice.mixes] if choice is not None else [] for choice in choices]
    lines = {way.line for own in ways for way in own}
    is_late = False
    for j, into in ((j, into) for j, own in enumerate(generator.into) for into in own):
        if into.lag and not into.elapsed:
            lines.add(generator.plan_line)
        if into.to_finish and ways[j]:
            lines.add(generator.own[j])
            # people who are not there when it may end work a minute of their next span
            is_late |= any(way.line is not generator.own[j] for way in ways[j])
    edges = [t - generator.low for line in lines for span in line.spans(generator.low, end) for t in span]
    lags = [into.lag for own in generator.into for into in own]
    releases = [t - generator.low for t in generator.release]
    lengths = [way.work for own in ways for way in own]
    unit = math.gcd(*edges, *lags, *releases, *lengths, *([MINUTE] if is_late else [])) or MINUTE
    return None if is_late and unit < MINUTE else Grid(generator, unit, end)
