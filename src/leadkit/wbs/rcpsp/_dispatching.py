"""Dispatch: time runs on, and whoever becomes free begins what is most urgent of all that is ready."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from heapq import heapify, heappop, heappush
from random import Random
from typing import Final, NamedTuple, TypeAlias

from leadkit.wbs.rcpsp._genetic import Pass
from leadkit.wbs.rcpsp._instance import Crew, Instance
from leadkit.wbs.rcpsp._profiles import team_of

__all__ = ["MUCH_WORK", "Dispatcher", "dispatches"]

LEAST_TAIL, MOST_TAIL = 20, 120
"""So many activities, the last to start, are taken back and dispatched again in another order."""
MUCH_WORK: Final = 2 * MOST_TAIL
"""Where there is no more to do than this, the other ways of the search are better: most is part of the end."""
TRIALS_A_TAIL: Final = 60
NO_KIND: Final = -1

Asked: TypeAlias = tuple[Crew | None, int]
"""What an activity asks for: people, and shared resources."""


def dispatches(instance: Instance) -> bool:
    """Tell whether a problem can be dispatched: work waits for people, and nothing may begin before what it waits for."""
    return any(instance.crews) and all(distance >= 0 for group in instance.links for _, distance in group)


class Front(NamedTuple):
    """A schedule up to an instant: what has begun stays, what has not is still to be done.

    Parameters
    ----------
    since : int
        The instant.
    made : Pass
        The schedule; what begins at `since` or later is not read.
    rest : list of int
        What has not begun, by start.
    waiting : list of int
        Of every activity how many of those it waits for have not begun.
    early : list of int
        The earliest start that those let it have that have begun.
    busy : list of (int, int)
        Finish and activity of everything that runs on, a heap.
    """

    since: int
    made: Pass
    rest: list[int]
    waiting: list[int]
    early: list[int]
    busy: list[tuple[int, int]]


class Dispatcher:
    """Makes schedules in which nobody is idle while something that they could do is ready.

    Where there is much more to choose from than there are people, such schedules leave time over at their end only.
    How much, is decided by who ends with what: the last activities are tried in other orders.

    Parameters
    ----------
    instance : Instance
        A problem that `dispatches`.
    urgency : sequence of int
        Of every activity: small is urgent.
    target : int
        A lower bound of the makespan.
    """

    def __init__(self, instance: Instance, urgency: Sequence[int], target: int) -> None:
        self.instance, self.urgency, self.target = instance, urgency, target
        self.after: list[list[tuple[int, int]]] = [[] for _ in urgency]
        for j, group in enumerate(instance.links):
            for i, distance in group:
                self.after[i].append((j, distance))
        places: dict[Asked, int] = {(None, 0): NO_KIND}
        self.kind = [
            places.setdefault(asked, len(places) - 1) for asked in zip(instance.crews, instance.demand, strict=True)
        ]
        self.asked = list(places)[1:]

    def passes(self, luck: Random) -> Iterator[Pass]:
        """Make one schedule after the other without end: by urgency alone, then with changes to the end of the best."""
        n = len(self.urgency)
        nothing = Pass(0, [0] * n, [0] * n, [()] * n)
        best = self.run(self.front(nothing, 0), sorted(range(n), key=self.urgency.__getitem__))
        yield best
        excess = self.excess(best, range(n))
        while True:
            size = min(n, int(LEAST_TAIL + (MOST_TAIL - LEAST_TAIL) * luck.random() ** 2))
            front = self.front(best, sorted(best.start)[n - size])
            rest = front.rest
            ends = [*rest, *(i for _, i in front.busy)]
            for _ in range(TRIALS_A_TAIL):
                order = rest.copy()
                for _ in range(1 + int(2 * luck.random())):
                    chosen = order.pop(int(len(rest) * luck.random()))
                    order.insert(int(len(rest) * luck.random()), chosen)
                made = self.run(front, order)
                yield made
                worth = self.excess(made, ends)
                if worth <= excess:
                    best, excess = made, worth
                    rest = sorted(order, key=made.start.__getitem__)

    def excess(self, made: Pass, activities: Sequence[int]) -> int:
        """Add up how far activities end after the lower bound: several that do are further from it than one."""
        target, finish = self.target, made.finish
        return sum(finish[i] - target for i in activities if finish[i] > target)

    def front(self, made: Pass, since: int) -> Front:
        """Take back everything that begins at an instant or later."""
        start, finish = made.start, made.finish
        rest = sorted((i for i, begin in enumerate(start) if begin >= since), key=start.__getitem__)
        waiting, early = [0] * len(start), self.instance.release.copy()
        for j in rest:
            for i, distance in self.instance.links[j]:
                if start[i] >= since:
                    waiting[j] += 1
                else:
                    early[j] = max(early[j], start[i] + distance)
        busy = [(end, i) for i, end in enumerate(finish) if start[i] < since < end]
        heapify(busy)
        return Front(since, made, rest, waiting, early, busy)

    def run(self, front: Front, order: Sequence[int]) -> Pass:
        """Go on from an instant, what stands first in the order first."""
        return _Dispatch(self, front, order).made()


class _Dispatch:
    """One run of the clock."""

    def __init__(self, dispatcher: Dispatcher, front: Front, order: Sequence[int]) -> None:
        instance = dispatcher.instance
        self.dispatcher, self.order = dispatcher, order
        self.since, self.duration, self.demand = front.since, instance.duration, instance.demand
        self.start, self.finish = front.made.start.copy(), front.made.finish.copy()
        self.people: list[tuple[int, ...]] = front.made.choice.copy()
        self.waiting, self.early, self.busy = front.waiting.copy(), front.early.copy(), front.busy.copy()
        self.makespan = max((self.finish[i] for i in range(len(self.start)) if self.start[i] < front.since), default=0)
        self.rank = {i: k for k, i in enumerate(order)}
        self.coming = [(self.early[i], i) for i in order if not self.waiting[i]]
        heapify(self.coming)
        # what is ready, kind by kind, as places in the order: where the first finds nobody, no other of its kind does
        self.ready: list[list[int]] = [[] for _ in dispatcher.asked]
        self.free = [True] * instance.n_people
        self.used, self.guard = instance.idle, instance.guard
        for _, i in self.busy:
            self.used += self.demand[i]
            for person in self.people[i]:
                self.free[person] = False

    def made(self) -> Pass:
        """Go from instant to instant at which something ends or may begin."""
        coming, busy, now = self.coming, self.busy, self.since
        kind, ready, rank = self.dispatcher.kind, self.ready, self.rank
        while coming or busy:
            now = max(now, min(coming[0][0] if coming else busy[0][0], busy[0][0] if busy else coming[0][0]))
            while busy and busy[0][0] <= now:
                i = heappop(busy)[1]
                self.used -= self.demand[i]
                for person in self.people[i]:
                    self.free[person] = True
            while coming and coming[0][0] <= now:
                early, i = heappop(coming)
                if kind[i] == NO_KIND:
                    self.begin(i, early)
                else:
                    heappush(ready[kind[i]], rank[i])
            self.hand_out(now)
        return Pass(self.makespan, self.start, self.finish, self.people)

    def hand_out(self, now: int) -> None:
        """Begin whatever can begin now, the first in the order first."""
        order, ready, busy, free = self.order, self.ready, self.busy, self.free
        heads = [(places[0], kind) for kind, places in enumerate(ready) if places]
        heapify(heads)
        while heads:
            kind = heappop(heads)[1]
            crew, demand = self.dispatcher.asked[kind]
            if self.used + demand & self.guard:
                continue
            team = self.team(crew) if crew else ()
            if team is None:
                continue
            i = order[heappop(ready[kind])]
            self.used += demand
            self.people[i] = team
            for person in team:
                free[person] = False
            self.begin(i, now)
            heappush(busy, (self.finish[i], i))
            if ready[kind]:
                heappush(heads, (ready[kind][0], kind))

    def team(self, crew: Crew) -> tuple[int, ...] | None:
        """Choose among those who are free the ones who are sought least."""
        free = self.free
        if crew.heads == 1:
            for person in crew.people:
                if free[person]:
                    return (person,)
            return None
        able = [person for person in crew.people if free[person]]
        team = team_of(able, crew.slots) if len(able) >= crew.heads else None
        return None if team is None else tuple(sorted(team))

    def begin(self, i: int, now: int) -> None:
        """Begin an activity, and see what waits for nothing more."""
        waiting, early = self.waiting, self.early
        self.start[i] = now
        self.finish[i] = end = now + self.duration[i]
        self.makespan = max(self.makespan, end)
        for j, distance in self.dispatcher.after[i]:
            waiting[j] -= 1
            earliest = now + distance
            if earliest > early[j]:  # noqa: PLR1730 - a call of max takes three times as long
                early[j] = earliest
            if not waiting[j]:
                heappush(self.coming, (early[j], j))
