"""Who can do what a work package needs: qualified people, teams of them, and why there may be none."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations
from typing import Final, NamedTuple, TypeAlias

from leadkit.wbs.plan import Person, Plan
from leadkit.wbs.rcpsp.feasibility import divided
from leadkit.wbs.structure import Need, WorkPackage

Slots: TypeAlias = tuple[tuple[frozenset[int], int], ...]
"""For each need of a package the people who can do it, and how many it takes."""
Nearest: TypeAlias = tuple[str, float | None] | None
"""Who comes closest to a need without meeting it, and the level that lacks most; None is not assessed."""
Reason: TypeAlias = tuple[str, Need | None, int, tuple[str, ...], Nearest]
"""Package, need (None where nobody is needed), heads, people who are qualified, nearest."""

# more teams than this are not listed but put together as people become free
MOST_CREWS: Final = 40
# among more needs than this, those that together have too few people are not the fewest
MOST_RIVALS: Final = 12
# a millionth of a minute is an error of rounding: a third of an hour's work at units of 1/3 takes an hour
SLACK: Final = 1e-6


class Case(NamedTuple):
    """One need that cannot be met."""

    reason: Reason
    message: str


class Staff:
    """The people of a plan in the order of their ids, and their levels.

    Parameters
    ----------
    plan : Plan
        Whose team it is.
    """

    def __init__(self, plan: Plan) -> None:
        self.people: tuple[Person, ...] = tuple(sorted(plan.team.people, key=lambda person: person.id))
        self.ids = tuple(person.id for person in self.people)
        self.calendars = tuple(person.calendar or plan.calendar for person in self.people)
        matrix = plan.team.skills
        self.skills = () if matrix is None else tuple(sorted(matrix.skills))
        self._levels: dict[tuple[str, str], float] = {}
        if matrix is not None:
            for person, row in zip(matrix.people, matrix.levels.tolist(), strict=True):
                self._levels.update(((person, skill), level) for skill, level in zip(matrix.skills, row, strict=True))
        self._qualified: dict[Need, frozenset[int]] = {}

    def level(self, person: int, skill: str) -> float:
        """Give a level; NaN where it is not known, or nobody has been asked for the skill."""
        return self._levels.get((self.ids[person], skill), math.nan)

    def qualified(self, need: Need) -> frozenset[int]:
        """Find those who hold every skill of a need; NaN holds nothing."""
        if need not in self._qualified:
            self._qualified[need] = frozenset(
                person
                for person in range(len(self.ids))
                if all(self.level(person, skill) >= level for skill, level in need.skills)
            )
        return self._qualified[need]

    def slots(self, package: WorkPackage) -> Slots:
        """List who can do each of the needs of a package."""
        return tuple((self.qualified(need), need.heads) for need in package.needs)

    def minutes(self, package: WorkPackage, crew: Sequence[int]) -> int:
        """Give the working time of a package in the hands of a crew, whose units stretch it [min]."""
        minutes = package.estimate.minutes() if package.estimate is not None else 0
        units = [self.people[person].units for person in crew]
        return math.ceil(minutes / (math.fsum(units) if package.basis == "effort" else min(units)) - SLACK)

    def crews(self, slots: Slots, given: Iterable[int]) -> list[tuple[int, ...]] | None:
        """List the sets of people that can do a package with the people given to it; None where there are too many."""
        wanted = frozenset(given)
        if len(wanted) == sum(heads for _, heads in slots):
            return [tuple(sorted(wanted))]
        if math.prod(math.comb(len(people), heads) for people, heads in slots) > MOST_CREWS:
            return None
        found: set[frozenset[int]] = {frozenset()}
        for people, heads in slots:
            found = {crew | set(more) for crew in found for more in combinations(sorted(people - crew), heads)}
        return sorted(tuple(sorted(crew)) for crew in found if crew >= wanted)

    def shortages(self, package: WorkPackage) -> Iterator[Case]:
        """Find the needs of a package for which there are too few people, or too few beside its other needs."""
        is_short = False
        for need in package.needs:
            if len(self.qualified(need)) < need.heads:
                is_short = True
                yield self.case(package, (need,), "has {n}")
        slots = self.slots(package)
        if not is_short and chosen(range(len(self.ids)), slots) is None:
            yield self.case(package, self._rivals(package.needs), "has {n}")

    def _rivals(self, needs: tuple[Need, ...]) -> tuple[Need, ...]:
        """Find needs that together have too few people: the fewest, unless there are too many needs to try."""
        if len(needs) > MOST_RIVALS:
            places = divided([self.qualified(need) for need in needs], [need.heads for need in needs])
            return tuple(needs[place] for place in places)
        return next(
            some
            for size in range(2, len(needs) + 1)
            for some in combinations(needs, size)
            if len(frozenset().union(*map(self.qualified, some))) < sum(need.heads for need in some)
        )

    def case(self, package: WorkPackage, needs: tuple[Need, ...], ending: str) -> Case:
        """Tell what a package needs, who could do it, and who comes nearest."""
        heads = sum(need.heads for need in needs)
        people = sorted(frozenset().union(*(self.qualified(need) for need in needs)))
        nearest = self._nearest(needs[0]) if len(people) < heads else None
        inside = "; ".join(
            part
            for part in (
                ", ".join(self._told(person, needs) for person in people),
                f"nearest: {nearest[0]} {_level(nearest[1])}" if nearest else "",
            )
            if part
        )
        wanted = ", ".join(_asked(need) for need in needs)
        message = f"work package {package.id!r} needs {wanted} and {ending.format(n=len(people))}"
        reason = (package.id, needs[0], heads, tuple(self.ids[person] for person in people), nearest)
        return Case(reason, f"{message} ({inside})" if inside else message)

    def lacking(self, person: int, needs: Sequence[Need]) -> str:
        """Tell which levels a person lacks for each of some needs."""
        return " or ".join(
            ", ".join(
                f"{skill} {_level(self.level(person, skill))} of {_level(level)}"
                for skill, level in need.skills
                if not self.level(person, skill) >= level
            )
            for need in needs
        )

    def _told(self, person: int, needs: Sequence[Need]) -> str:
        skills = sorted({skill for need in needs for skill, _ in need.skills})
        return f"{self.ids[person]} {'/'.join(_level(self.level(person, skill)) for skill in skills)}".strip()

    def _nearest(self, need: Need) -> Nearest:
        """Find the person whose levels lack least in sum."""
        rest = sorted(set(range(len(self.ids))) - self.qualified(need))
        if not rest:
            return None

        def lack(person: int, skill: str, level: float) -> float:
            own = self.level(person, skill)
            return level + 1 if math.isnan(own) else max(0.0, level - own)

        best = min(rest, key=lambda person: sum(lack(person, skill, level) for skill, level in need.skills))
        worst = max(need.skills, key=lambda pair: lack(best, *pair))[0]
        level = self.level(best, worst)
        return self.ids[best], None if math.isnan(level) else level


def chosen(people: Iterable[int], slots: Slots) -> list[int] | None:
    """Choose people for slots, the first ones first, as few as it takes.

    Parameters
    ----------
    people : iterable of int
        In order of preference. Whoever can be part of a full team together with those chosen before is chosen.
    slots : sequence of (frozenset of int, int)
        Who can take each slot, and how many it takes.

    Returns
    -------
    list of int or None
        The people; None where they do not fill the slots.
    """
    if len(slots) == 1:
        able, heads = slots[0]
        found = [person for person in people if person in able]
        return found[:heads] if len(found) >= heads else None
    taken: list[list[int]] = [[] for _ in slots]
    missing = sum(heads for _, heads in slots)
    for person in people:
        if not missing:
            break
        missing -= _placed(person, slots, taken)
    return None if missing else [person for group in taken for person in group]


def _placed(newcomer: int, slots: Slots, taken: list[list[int]]) -> bool:
    """Find room for a person, moving others from slot to slot along a shortest path (Kuhn)."""
    came: dict[int, tuple[int, int]] = {}  # slot -> who would enter it, and from which slot
    queue = [(newcomer, -1)]
    for person, home in queue:
        for slot, (able, heads) in enumerate(slots):
            if person not in able or slot in came:
                continue
            came[slot] = (person, home)
            if len(taken[slot]) < heads:
                _move_along(slot, came, taken)
                return True
            queue += [(other, slot) for other in taken[slot]]
    return False


def _move_along(slot: int, came: dict[int, tuple[int, int]], taken: list[list[int]]) -> None:
    """Let everybody on the path to a slot with room enter the next one."""
    while slot != -1:
        person, home = came[slot]
        taken[slot].append(person)
        if home != -1:
            taken[home].remove(person)
        slot = home


def _asked(need: Need) -> str:
    skills = " and ".join(f"{skill} >= {_level(level)}" for skill, level in need.skills)
    return f"{need.heads} with {skills}" if skills else f"{need.heads}"


def _level(level: float | None) -> str:
    return "not assessed" if level is None or math.isnan(level) else f"{level:g}"
