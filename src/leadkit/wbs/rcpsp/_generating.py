"""Serial schedule generation: an order of activities becomes a schedule, forwards or, in the mirror, backwards."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from leadkit.wbs.rcpsp._genetic import Pass, arranged, reversed_links
from leadkit.wbs.rcpsp._instance import Distances, Instance
from leadkit.wbs.rcpsp._profiles import Profile, Roster

__all__ = ["Generator"]


class Generator:
    """The decoder of problems whose durations do not depend on who works.

    Each activity of a list starts as early as its links, its release, the shared resources and the people that those
    before it in the list have left allow. Links of all kinds are least distances between starts, so that a pass in the
    order of the network keeps them all, lags of both signs included.

    Parameters
    ----------
    instance : Instance
        The problem.
    """

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        self.predecessors = tuple(tuple(i for i, _ in group) for group in instance.links)
        length = instance.duration
        self.is_chronological = all(distance >= length[i] for group in instance.links for i, distance in group)
        self.urgency = _late_starts(instance)
        self._at_once = [0] * len(length)

    def forward(self, order: Sequence[int]) -> Pass:
        """Start everything as early as it can; `Pass.choice` holds the people of every activity."""
        return self._made(order, self.instance.links, self.instance.release)

    def backward(self, order: Sequence[int]) -> Pass:
        """Do so from the end; releases wait for the forward pass that follows."""
        return self._made(order, self.instance.mirror, self._at_once)

    def _made(self, order: Sequence[int], links: Distances, release: Sequence[int]) -> Pass:
        instance = self.instance
        people = None
        if any(instance.crews):
            start, people = with_people(instance, order, links, release)
        else:
            start = with_resources(instance, order, links, release)
        finish = [begin + length for begin, length in zip(start, instance.duration, strict=True)]
        return Pass(max(finish, default=0), start, finish, people)


def with_resources(instance: Instance, order: Sequence[int], links: Distances, release: Sequence[int]) -> list[int]:
    """Place activities that need shared resources and nobody; one loop, since most of the time of a search is spent here.

    Parameters
    ----------
    instance : Instance
        Durations, demands and capacities.
    order : sequence of int
        Which activity is placed when.
    links : Distances
        What comes before, in the direction of this pass.
    release : sequence of int
        The earliest starts.

    Returns
    -------
    list of int
        Start of each activity.
    """
    guard = instance.guard
    durations, demands = instance.duration, instance.demand
    # what is taken from times[k] to times[k + 1]; the last instant is never reached
    times, used = [0, instance.far], [instance.idle, 0]
    start = [0] * len(durations)
    for i in order:
        at = release[i]
        for j, distance in links[i]:
            earliest = start[j] + distance
            if earliest > at:  # noqa: PLR1730 - a call of max takes three times as long
                at = earliest
        demand = demands[i]
        if demand:
            end = at + durations[i]
            first = k = bisect_right(times, at) - 1
            while True:
                if used[k] + demand & guard:
                    k += 1
                    while used[k] + demand & guard:
                        k += 1
                    first = k
                    at = times[k]
                    end = at + durations[i]
                k += 1
                if times[k] >= end:
                    break
            if times[k] > end:
                times.insert(k, end)
                used.insert(k, used[k - 1])
            if times[first] < at:
                first += 1
                k += 1
                times.insert(first, at)
                used.insert(first, used[first - 1])
            while first < k:
                used[first] += demand
                first += 1
        start[i] = at
    return start


def with_people(
    instance: Instance, order: Sequence[int], links: Distances, release: Sequence[int]
) -> tuple[list[int], list[tuple[int, ...]]]:
    """Place activities that need people, and perhaps shared resources too.

    Returns
    -------
    start : list of int
        Start of each activity.
    people : list of tuple of int
        The people of each activity, sorted.
    """
    durations, demands, crews = instance.duration, instance.demand, instance.crews
    profile, roster = Profile(instance), Roster(instance)
    start = [0] * len(durations)
    people: list[tuple[int, ...]] = [()] * len(durations)
    for i in order:
        at = release[i]
        for j, distance in links[i]:
            earliest = start[j] + distance
            if earliest > at:  # noqa: PLR1730 - a call of max takes three times as long
                at = earliest
        length, demand, crew = durations[i], demands[i], crews[i]
        if crew and demand:
            while True:
                both = profile.earliest(at, length, demand)
                at = roster.earliest(both, length, crew)
                if at == both:
                    break
        elif crew:
            at = roster.earliest(at, length, crew)
        elif demand:
            at = profile.earliest(at, length, demand)
        if demand:
            profile.take(at, length, demand)
        if crew:
            people[i] = roster.take(at, length)
        start[i] = at
    return start, people


def _late_starts(instance: Instance) -> list[int]:
    """Find the late start of every activity where nothing is scarce, up to a constant."""
    before = [[j for j, _ in group] for group in instance.mirror]
    tail = [0] * len(before)
    for i in arranged(range(len(before)), before, reversed_links(before)):
        tail[i] = max(0, *(tail[j] + distance for j, distance in instance.mirror[i]), 0)
    return [-(rest + length) for rest, length in zip(tail, instance.duration, strict=True)]
