"""What is left over time while a schedule is generated: of shared resources, and of people."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from leadkit.wbs.rcpsp._instance import Crew, Instance, Slot

__all__ = ["Profile", "Roster", "team_of"]


class Profile:
    """What of the shared resources is taken from instant to instant.

    Parameters
    ----------
    instance : Instance
        Whose resources they are.
    """

    def __init__(self, instance: Instance) -> None:
        self._guard = instance.guard
        # what is taken from times[k] to times[k + 1]; the last instant is never reached
        self._times, self._used = [0, instance.far], [instance.idle, 0]

    def earliest(self, at: int, length: int, demand: int) -> int:
        """Find the first instant from `at` on from which `demand` can be taken for so long."""
        times, used, guard = self._times, self._used, self._guard
        k = bisect_right(times, at) - 1
        while True:
            if used[k] + demand & guard:
                k += 1
                at = times[k]
            else:
                k += 1
                if times[k] >= at + length:
                    return at

    def take(self, at: int, length: int, demand: int) -> None:
        """Take `demand` from `at` on for so long."""
        used = self._used
        for k in range(self._edge(at), self._edge(at + length)):
            used[k] += demand

    def _edge(self, at: int) -> int:
        """Find the place of an instant, where a step may now begin."""
        k = bisect_left(self._times, at)
        if self._times[k] != at:
            self._times.insert(k, at)
            self._used.insert(k, self._used[k - 1])
        return k


class Roster:
    """When each person is free.

    Parameters
    ----------
    instance : Instance
        Whose people they are.
    """

    def __init__(self, instance: Instance) -> None:
        people = range(instance.n_people)
        # person by person, the gaps between work: where they open and where they close
        self._opens = [[0] for _ in people]
        self._closes = [[instance.far] for _ in people]
        self._least = instance.least_work
        self._alone = [(person,) for person in people]
        self._chosen: list[tuple[int, int]] = []

    def earliest(self, at: int, length: int, crew: Crew) -> int:
        """Find the first instant from `at` on from which enough people are free for so long, and choose them.

        Those are chosen who would wait least for the work, and among equals those whom least other work asks for.
        """
        if crew.heads > 1:
            return self._together(at, length, crew)
        opens, closes = self._opens, self._closes
        best, least_idle = closes[crew.people[0]][-1] + 1, 0
        chosen = (0, 0)
        for person in crew.people:
            own_closes = closes[person]
            k = bisect_left(own_closes, at + length)
            opened = opens[person][k]
            if opened > at:
                while opened + length > own_closes[k]:
                    k += 1
                    opened = opens[person][k]
                if opened > best:
                    continue
                begin, idle = opened, 0
            else:
                begin, idle = at, at - opened
            if begin < best or idle < least_idle:
                best, least_idle, chosen = begin, idle, (person, k)
        self._chosen = [chosen]
        return best

    def _together(self, at: int, length: int, crew: Crew) -> int:
        """Go from one instant at which somebody becomes free to the next, until a team is complete."""
        opens, closes = self._opens, self._closes
        while True:
            later = closes[crew.people[0]][-1]
            free: list[tuple[int, int, int]] = []
            for person in crew.people:
                own_opens, own_closes = opens[person], closes[person]
                k = bisect_left(own_closes, at + length)
                while max(own_opens[k], at) + length > own_closes[k]:
                    k += 1
                if own_opens[k] > at:
                    later = min(later, own_opens[k])
                else:
                    free.append((at - own_opens[k], person, k))
            if len(free) >= crew.heads:
                free.sort(key=_idle)
                team = team_of([person for _, person, _ in free], crew.slots)
                if team is not None:
                    self._chosen = [(person, k) for _, person, k in free if person in team]
                    return at
            at = later

    def take(self, at: int, length: int) -> tuple[int, ...]:
        """Give the work to those who were chosen last; tell who they are, sorted."""
        end, least = at + length, self._least
        for person, k in self._chosen:
            opens, closes = self._opens[person], self._closes[person]
            opened = opens[k]
            # a gap too short for any work is forgotten
            if at - opened >= least:
                opens.insert(k, opened)
                closes.insert(k, at)
                k += 1  # noqa: PLW2901 - the place has moved
            if closes[k] - end >= least:
                opens[k] = end
            else:
                del opens[k], closes[k]
        if len(self._chosen) == 1:
            return self._alone[self._chosen[0][0]]
        return tuple(sorted(person for person, _ in self._chosen))


def team_of(people: Sequence[int], slots: Sequence[Slot]) -> list[int] | None:
    """Choose people for slots, the first ones first.

    Parameters
    ----------
    people : sequence of int
        In order of preference. Whoever can be part of a full team together with those chosen before is chosen.
    slots : sequence of Slot
        Who can take each slot, and how many it takes.

    Returns
    -------
    list of int or None
        The people; None where they do not fill the slots.

    Examples
    --------
    >>> team_of([4, 7, 9], [(frozenset({4, 9}), 1), (frozenset({4}), 1)])
    [9, 4]
    """
    if len(slots) == 1:
        return list(people[: slots[0][1]])
    taken: list[list[int]] = [[] for _ in slots]
    missing = sum(heads for _, heads in slots)
    for person in people:
        if missing and _enters(person, slots, taken):
            missing -= 1
    return None if missing else [person for group in taken for person in group]


def _enters(newcomer: int, slots: Sequence[Slot], taken: list[list[int]]) -> bool:
    """Find room for a person, who may push others on from slot to slot (an augmenting path)."""
    pushed: dict[int, tuple[int, int]] = {}  # slot -> who would enter it, and from which slot
    queue = [(newcomer, -1)]
    while queue:
        reached = []
        for person, home in queue:
            for slot, (able, heads) in enumerate(slots):
                if person not in able or slot in pushed:
                    continue
                pushed[slot] = (person, home)
                if len(taken[slot]) < heads:
                    _push(slot, pushed, taken)
                    return True
                reached += [(other, slot) for other in taken[slot]]
        queue = reached
    return False


def _push(slot: int, pushed: dict[int, tuple[int, int]], taken: list[list[int]]) -> None:
    """Let everybody on the path to a slot move one further."""
    while slot != -1:
        person, home = pushed[slot]
        taken[slot].append(person)
        if home != -1:
            taken[home].remove(person)
        slot = home


def _idle(row: tuple[int, int, int]) -> int:
    return row[0]
