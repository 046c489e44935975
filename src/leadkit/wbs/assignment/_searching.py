"""The search on calendars: what the genetic algorithm is told of a plan, and how its best schedule is settled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from heapq import heapify, heappop, heappush
from typing import Any

from leadkit.wbs.assignment._generating import Generator, Schedule
from leadkit.wbs.assignment._open import DAY, FAR, MINUTE, Clock
from leadkit.wbs.rcpsp._genetic import Pass

# a mirror begins some way after the finish that it was made for, so that later finishes need no new one
ROOM_BEHIND = 400 * DAY


class CalendarDecoder:
    """A plan as `evolve` sees it: orders of activities become schedules in microseconds.

    Parameters
    ----------
    generator : Generator
        Makes schedules forwards.
    """

    def __init__(self, generator: Generator) -> None:
        self.generator, self.work = generator, generator.work
        ties = self.work.ties
        before: list[set[int]] = [set() for _ in range(self.work.n)]
        for tie in ties:
            before[tie.successor].add(tie.predecessor)
        self.predecessors: list[list[int]] = [sorted(own) for own in before]
        self.is_chronological = all(tie.kind == 0 and tie.lag >= 0 for tie in ties)
        self.order = ordered(self.predecessors, range(self.work.n))
        self.early_start, self.early_finish = generator.unlimited(self.order)
        self._finish = max((t for t in self.early_finish if t < FAR), default=self.work.start)
        self._mirror: Generator | None = None
        self._urgency: list[int] = []

    @property
    def urgency(self) -> list[int]:
        """Late starts without resources [min]."""
        if not self._urgency:
            late, _ = self._behind().unlimited(self.order[::-1])[::-1]
            self._urgency = [-t // MINUTE for t in late]
        return self._urgency

    def forward(self, order: Sequence[int]) -> Pass:
        """Start every activity of `order` as early as it can after those placed."""
        made = self.generator.run(order)
        self._finish = max((t for t in made.finish if t < FAR), default=self.work.start)
        return Pass(self.makespan(made.finish), made.start, made.finish, made.people)

    def backward(self, order: Sequence[int]) -> Pass:
        """Do the same in the mirror, from the finish of the last forward pass back."""
        made = self._behind().run(order, -self._finish)
        return Pass(0, made.start, made.finish)

    def makespan(self, finish: Sequence[int]) -> int:
        """Measure all time from the start of the plan to the last finish [us]."""
        return max(finish, default=self.work.start) - self.work.start

    def _behind(self) -> Generator:
        """Give the mirror, which has to begin no earlier than the last finish."""
        if self._mirror is None or self._finish > -self._mirror.low:
            self._mirror = Generator(self.work, Clock(self._finish + ROOM_BEHIND, is_mirrored=True))
        return self._mirror


def preference(found: Pass) -> Any:
    """Order schedules that finish at the same time: the smaller sum of starts, then people by id."""
    return sum(found.start), tuple(found.choice)


def ordered(predecessors: Sequence[Sequence[int]], key: Sequence[Any]) -> list[int]:
    """List activities behind their predecessors, by key where those leave a choice."""
    n = len(predecessors)
    after: list[list[int]] = [[] for _ in range(n)]
    waiting = [len(own) for own in predecessors]
    for j, own in enumerate(predecessors):
        for i in own:
            after[i].append(j)
    ready = [(key[j], j) for j in range(n) if not waiting[j]]
    heapify(ready)
    found = []
    while ready:
        _, i = heappop(ready)
        found.append(i)
        for j in after[i]:
            waiting[j] -= 1
            if not waiting[j]:
                heappush(ready, (key[j], j))
    return found


def settled(generator: Generator, rough: Schedule) -> Schedule:
    """Pull everything as early as links and the order of work of each person allow; nobody changes.

    Parameters
    ----------
    generator : Generator
        Knows links and calendars.
    rough : Schedule
        One that keeps all of them, perhaps with time to spare.

    Returns
    -------
    Schedule
        In which nothing is later than in `rough`.
    """
    n = generator.work.n
    before: list[list[int]] = [[] for _ in range(n)]
    last: dict[int, int] = {}
    by_start = sorted(range(n), key=lambda j: (rough.start[j], rough.finish[j], j))
    for j in by_start:
        for person in rough.people[j]:
            if person in last:
                before[j].append(last[person])
            last[person] = j
    start, finish = [generator.low] * n, [generator.low] * n
    made = Schedule(start, finish, rough.people)
    for _ in range(n + 1):
        if not _pull(generator, made, by_start, before):
            break
    return made


def _pull(generator: Generator, made: Schedule, order: Sequence[int], before: Sequence[Sequence[int]]) -> bool:
    """Put every activity where those it waits for are now let it be; say whether any moved."""
    start, finish, people = made
    has_moved = False
    for j in order:
        begin, end = generator.bounds(j, start, finish)
        begin = max([begin, *(finish[i] for i in before[j])])
        found = _placed(generator, j, people[j], begin, end)
        has_moved |= found != (start[j], finish[j])
        start[j], finish[j] = found
    return has_moved


def _placed(generator: Generator, j: int, members: tuple[int, ...], begin: int, end: int) -> tuple[int, int]:
    if generator.work.tasks[j].is_point:
        return max(begin, end), max(begin, end)
    way = generator.way(j, members)
    start = generator.first(way, begin, generator.target(j, end))
    return start, generator.finish_of(way, start)


def raised(decoder: CalendarDecoder, best: Schedule, priority: Mapping[int, float]) -> tuple[Schedule, int]:
    """Bring activities with a priority forward, the highest first, where the finish stays as it is.

    Parameters
    ----------
    decoder : CalendarDecoder
        Makes schedules.
    best : Schedule
        The one to improve.
    priority : mapping of int to float
        Of activities; those of 0 stay where they are.

    Returns
    -------
    Schedule, int
        One that finishes no later, in which no activity starts later than another of lower priority made it, and how
        many schedules were made.
    """
    wanted = sorted((j for j in priority if priority[j] > 0), key=lambda j: (-priority[j], j))
    rank = [0] * decoder.work.n
    done: list[int] = []
    made = 0
    for step, j in enumerate(wanted):
        trial = list(rank)
        for i in _with_ancestors(decoder.predecessors, j):
            trial[i] = min(trial[i], step - len(wanted))
        order = ordered(decoder.predecessors, list(zip(trial, best.start, best.finish, strict=True)))
        for people in (best.people, None):
            found = decoder.generator.run(order, people=people)
            made += 1
            keeps = max(found.finish, default=0) <= max(best.finish, default=0)
            if keeps and found.start[j] < best.start[j] and all(found.start[i] <= best.start[i] for i in done):
                best, rank = found, trial
                break
        done.append(j)
    return best, made


def _with_ancestors(predecessors: Sequence[Sequence[int]], j: int) -> list[int]:
    found = {j: None}
    queue = [j]
    for own in queue:
        for i in predecessors[own]:
            if i not in found:
                found[i] = None
                queue.append(i)
    return list(found)
