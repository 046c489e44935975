"""Schedules from orders of activities: each starts as early as its links, its calendars and its people allow."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from leadkit.wbs.assignment._open import FAR, LAST, MINUTE, Clock, OpenTime
from leadkit.wbs.assignment._work import Task, Work, team_of


class Way(NamedTuple):
    """One way to do an activity: the common open time of those who do it, what they need of it [us], how sought they are."""

    line: OpenTime
    work: int
    members: tuple[int, ...]
    weight: int


class Into(NamedTuple):
    """A link as its later end sees it."""

    other: int
    from_start: bool
    to_finish: bool
    lag: int
    elapsed: bool


class Bookings:
    """When each person is taken, in order; what touches, or has only closed time between, is one.

    Parameters
    ----------
    lines : sequence of OpenTime
        The open time of each person.
    """

    __slots__ = ("_closed", "_lines", "_opened", "begins", "ends")

    def __init__(self, lines: Sequence[OpenTime]) -> None:
        self._lines = lines
        self.begins: list[list[int]] = [[] for _ in lines]
        self.ends: list[list[int]] = [[] for _ in lines]
        # the open time of the person before each begin and each end
        self._opened: list[list[int]] = [[] for _ in lines]
        self._closed: list[list[int]] = [[] for _ in lines]

    def gap(self, members: Sequence[int], since: int, work: int) -> int:
        """Give an instant not before `since` up to which nobody can begin: they are taken, or have too little time left."""
        for person in members:
            ends, begins = self.ends[person], self.begins[person]
            place = bisect_right(ends, since)
            n = len(ends)
            if place < n:
                opened, closed = self._opened[person], self._closed[person]
                if begins[place] <= since:
                    place += 1
                while place < n and opened[place] - (closed[place - 1] if place else 0) < work:
                    place += 1
                if place and ends[place - 1] > since:
                    since = ends[place - 1]
        return since

    def free_after(self, members: Sequence[int], start: int, finish: int) -> int | None:
        """Give the end of what stands in the way of people who should work from `start` to `finish`; None if nothing."""
        until = None
        for person in members:
            ends = self.ends[person]
            place = bisect_right(ends, start)
            if place < len(ends) and self.begins[person][place] < finish and (until is None or ends[place] > until):
                until = ends[place]
        return until

    def take(self, members: Sequence[int], start: int, finish: int) -> None:
        """Book people who are free."""
        for person in members:
            begins, ends, line = self.begins[person], self.ends[person], self._lines[person]
            opened, closed = self._opened[person], self._closed[person]
            first, last = line.worked(start), line.worked(finish)
            place = bisect_left(begins, start)
            joins_next = place < len(begins) and opened[place] == last
            joins_last = place > 0 and closed[place - 1] == first
            if joins_last and joins_next:
                ends[place - 1], closed[place - 1] = ends[place], closed[place]
                del begins[place], ends[place], opened[place], closed[place]
            elif joins_last:
                ends[place - 1], closed[place - 1] = finish, last
            elif joins_next:
                begins[place], opened[place] = start, first
            else:
                begins.insert(place, start)
                ends.insert(place, finish)
                opened.insert(place, first)
                closed.insert(place, last)


class Schedule(NamedTuple):
    """Instants at which activities start and finish [us], and who does them."""

    start: list[int]
    finish: list[int]
    people: list[tuple[int, ...]]


class Generator:
    """Serial schedule generation on calendars, forwards or in the mirror.

    In the mirror time runs backwards from the low end of the clock and every link is turned round. Its schedules are
    right up to the edges of spans, which is all that the search reads off them: an order.

    Parameters
    ----------
    work : Work
        What there is to do.
    clock : Clock
        Gives open time; says whether this is the mirror.
    """

    def __init__(self, work: Work, clock: Clock) -> None:
        self.work, self.clock = work, clock
        self.low = -clock.low if clock.is_mirrored else clock.low
        self.into: list[list[Into]] = [[] for _ in range(work.n)]
        for i, j, kind, lag, elapsed in work.ties:
            from_start, to_finish = kind in {1, 3}, kind in {2, 3}
            if clock.is_mirrored:
                self.into[i].append(
                    Into(j, to_finish, from_start, lag, elapsed)
                    if kind in {1, 2}
                    else Into(j, from_start, to_finish, lag, elapsed)
                )
            else:
                self.into[j].append(Into(i, from_start, to_finish, lag, elapsed))
        self.release = [
            self.low if clock.is_mirrored else max(self.low, task.not_before or self.low) for task in work.tasks
        ]
        self.plan_line = clock.shared([work.plan.calendar])
        self.own = [clock.shared([task.calendar]) for task in work.tasks]
        self.people = [clock.shared([calendar]) for calendar in work.staff.calendars]
        self.weight = _weights(work)
        self._ways: dict[tuple[int, tuple[int, ...]], Way] = {}
        self.ways = [
            [self.way(j, crew.members, crew.minutes) for crew in task.crews or ()] for j, task in enumerate(work.tasks)
        ]

    def way(self, j: int, members: tuple[int, ...], minutes: int | None = None) -> Way:
        """Give the way in which some people do an activity."""
        key = (j, members)
        if key not in self._ways:
            task = self.work.tasks[j]
            if minutes is None:
                minutes = self.work.staff.minutes(task.package, members) if members and task.package else task.minutes
            line = self.clock.shared(self.work.calendars(j, members))
            self._ways[key] = Way(line, minutes * MINUTE, members, sum(self.weight[person] for person in members))
        return self._ways[key]

    def run(
        self, order: Sequence[int], since: int | None = None, people: Sequence[tuple[int, ...]] | None = None
    ) -> Schedule:
        """Place every activity of `order` as early as those placed let it, in gaps too.

        Parameters
        ----------
        order : sequence of int
            All activities, those that others wait for first.
        since : int, optional
            Instant before which nothing begins [us].
        people : sequence of tuple of int, optional
            Who does each activity; whoever ends first with it when not given.
        """
        n = self.work.n
        made = Schedule([0] * n, [0] * n, [()] * n)
        start, finish, crews = made
        bookings = Bookings(self.people)
        for j in order:
            begin, end = self.bounds(j, start, finish)
            if since is not None and since > begin:
                begin = since
            task = self.work.tasks[j]
            if task.is_point:
                start[j] = finish[j] = max(begin, end)
                continue
            if people is not None:
                ways = [self.way(j, people[j])]
                start[j], finish[j], crews[j] = self._earliest(ways, begin, self.target(j, end), bookings)
            elif task.crews is None:
                start[j], finish[j], crews[j] = self._gathered(j, task, begin, end, bookings)
            else:
                start[j], finish[j], crews[j] = self._earliest(self.ways[j], begin, self.target(j, end), bookings)
            if finish[j] < FAR:
                bookings.take(crews[j], start[j], finish[j])
        return made

    def bounds(self, j: int, start: Sequence[int], finish: Sequence[int]) -> tuple[int, int]:
        """Give the bounds that release and links put on the start of an activity and on its finish."""
        begin, end = self.release[j], self.low
        for into in self.into[j]:
            bound = self.lagged(into, start, finish)
            if into.to_finish:
                end = max(end, bound)
            else:
                begin = max(begin, bound)
        return begin, end

    def lagged(self, into: Into, start: Sequence[int], finish: Sequence[int]) -> int:
        """Give the instant from which on a link lets its later end be."""
        t = start[into.other] if into.from_start else finish[into.other]
        if not into.lag or t >= FAR:
            return t
        if into.elapsed:
            return t + into.lag if t + into.lag <= LAST else FAR
        worked = self.plan_line.worked(t) + into.lag
        if worked < 0:
            return self.low
        return self.plan_line.end(worked, t) if into.to_finish else self.plan_line.begin(worked, t)

    def target(self, j: int, end: int) -> int:
        """Move a bound on the finish back to the last instant at which the activity's own calendar was open."""
        if end <= self.low or end >= FAR:
            return end
        own = self.own[j]
        return own.end(own.worked(end), end)

    def first(self, way: Way, begin: int, target: int) -> int:
        """Give the first start not before `begin` from which the work ends at `target` or later."""
        if begin >= FAR or target >= FAR:
            return FAR
        line = way.line
        start = line.opening(begin)
        if target > self.low and start < FAR and line.end(line.worked(start) + way.work, start) < target:
            worked = line.worked(target)
            if not line.is_open_before(target):
                worked += MINUTE  # they are not there when it may end: their last minute is the next they are
            start = max(start, line.begin(worked - way.work, target))
        return start

    def finish_of(self, way: Way, start: int) -> int:
        """Give the finish of work that starts at an open instant."""
        return FAR if start >= FAR else way.line.end(way.line.worked(start) + way.work, start)

    def _earliest(
        self, ways: Sequence[Way], begin: int, target: int, bookings: Bookings
    ) -> tuple[int, int, tuple[int, ...]]:
        """Choose the way that ends first; of several the people who are sought least, then the smallest ids."""
        best: tuple[int, int, tuple[int, ...]] = (FAR, FAR, ())
        best_weight = 0
        for way in ways:
            line, work, members, weight = way
            since = bookings.gap(members, begin, work)
            if since >= best[1]:
                continue
            start = self.first(way, since, target)
            while start < FAR:
                finish = line.end(line.worked(start) + work, start)
                if finish > best[1] or (finish == best[1] and best[2] and weight >= best_weight):
                    break
                until = bookings.free_after(members, start, finish)
                if until is None:
                    if finish < FAR:
                        best, best_weight = (start, finish, members), weight
                    break
                start = self.first(way, bookings.gap(members, until, work), target)
        return best if best[1] < FAR else (FAR, FAR, ways[0].members if ways else ())

    def _gathered(
        self, j: int, task: Task, begin: int, end: int, bookings: Bookings
    ) -> tuple[int, int, tuple[int, ...]]:
        """Put a crew together from those who are free, at the first instant at which there are enough."""
        best: tuple[int, int, tuple[int, ...]] = (FAR, FAR, ())
        target = self.target(j, end)
        for pool in task.pools:
            people = self._pool(task, pool)
            marks = {begin, *(t for person in people for t in bookings.ends[person] if t > begin)}
            for since in sorted(marks):
                found = self._gathered_at(j, task, people, since, target, bookings)
                if found is not None:
                    best = min(best, found)
                    break
        return best

    def _gathered_at(
        self, j: int, task: Task, people: Sequence[int], since: int, target: int, bookings: Bookings
    ) -> tuple[int, int, tuple[int, ...]] | None:
        """Try one instant: whoever turns out to be booked before the end is left out, and the rest tried again."""
        free = [person for person in people if bookings.free_after((person,), since, since + 1) is None]
        while (team := team_of(free, task)) is not None:
            way = self.way(j, tuple(sorted(team)))
            start = self.first(way, since, target)
            finish = self.finish_of(way, start)
            if finish >= FAR:
                return None
            taken = [person for person in team if bookings.free_after((person,), start, finish) is not None]
            if not taken:
                return start, finish, way.members
            free = [person for person in free if person not in taken]
        return None

    def _pool(self, task: Task, pool: frozenset[object]) -> list[int]:
        calendars = self.work.staff.calendars
        able = frozenset().union(*(own for own, _ in task.slots))
        return sorted((p for p in able if calendars[p] in pool), key=lambda p: (self.weight[p], p))

    def unlimited(self, order: Sequence[int]) -> tuple[list[int], list[int]]:
        """Give instants before which no activity can start, and finish, whoever does it and whatever else they do."""
        n = self.work.n
        start, finish = [0] * n, [0] * n
        for j in order:
            begin, end = self.bounds(j, start, finish)
            task = self.work.tasks[j]
            if task.is_point:
                start[j] = finish[j] = max(begin, end)
                continue
            target = self.target(j, end)
            if task.crews is None:
                pairs = [(way.line.opening(begin) if begin < FAR else FAR, way) for way in self._alone(j, task)]
                start[j] = min(first for first, _ in pairs)
                finish[j] = max(target, min(self.finish_of(way, first) for first, way in pairs))
            else:
                firsts = [self.first(way, begin, target) for way in self.ways[j]]
                start[j] = min(firsts)
                finish[j] = min(self.finish_of(way, first) for way, first in zip(self.ways[j], firsts, strict=True))
        return start, finish

    def _alone(self, j: int, task: Task) -> Iterator[Way]:
        """Give for each who may be in a crew what it takes at least; one of the rarest need is in every crew."""
        able, _ = min(task.slots, key=lambda slot: len(slot[0]))
        for line in {self.clock.shared(self.work.calendars(j, (person,))): None for person in sorted(able)}:
            yield Way(line, least_minutes(self.work, j) * MINUTE, (), 0)


def least_minutes(work: Work, j: int) -> int:
    """Give the working time of an activity that no crew can go below [min]."""
    task = work.tasks[j]
    if task.crews is not None or task.package is None:
        return min((crew.minutes for crew in task.crews or ()), default=0)
    best = [max(able, key=lambda person: work.staff.people[person].units) for able, _ in task.slots]
    heads = [heads for _, heads in task.slots]
    return work.staff.minutes(task.package, [p for p, many in zip(best, heads, strict=True) for _ in range(many)])


def _weights(work: Work) -> list[int]:
    """Measure how sought each person is: the work that could be theirs, shared among those who could do it [us]."""
    weight = [0] * len(work.staff.ids)
    for task in work.tasks:
        for person in task.given:
            weight[person] += task.minutes * MINUTE
        if len(task.given) < task.heads:
            for able, heads in task.slots:
                for person in able:
                    weight[person] += task.minutes * MINUTE * heads // len(able)
    return weight
