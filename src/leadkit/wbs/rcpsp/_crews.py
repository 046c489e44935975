"""People who can do the same things, as one resource: from people to classes of them and back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from attrs import frozen

from leadkit.wbs.rcpsp.feasibility import divided
from leadkit.wbs.rcpsp.problem import Problem

__all__ = ["Classes", "Skills", "classes_of", "named"]

Skills: TypeAlias = tuple[tuple[str, float], ...]
"""What a need asks for, without the number of heads."""


@frozen(eq=False)
class Classes:
    """Classes of people who are qualified for the same needs.

    Parameters
    ----------
    problem : Problem
        Whose people they are.
    members : tuple of tuple of int
        The people of each class.
    able : mapping
        For the skills of each need the classes that are qualified.
    """

    problem: Problem
    members: tuple[tuple[int, ...], ...]
    able: Mapping[Skills, tuple[int, ...]]

    def counts(self, people: Sequence[Sequence[int]]) -> dict[tuple[int, int, int], int]:
        """Tell how many of which class (third) work on which need (second) of which activity (first)."""
        home = {person: c for c, members in enumerate(self.members) for person in members}
        found: dict[tuple[int, int, int], int] = {}
        for i, team in enumerate(people):
            needs = self.problem.needs[i]
            able = (
                [frozenset(person for person in team if home[person] in self.able[need.skills]) for need in needs]
                if team
                else []
            )
            places = divided(able, [need.heads for need in needs]) if team else {}
            for person, k in places.items() if isinstance(places, dict) else ():
                key = (i, k, home[person])
                found[key] = found.get(key, 0) + 1
        return found


def classes_of(problem: Problem) -> Classes:
    """Put people together who are qualified for the same of the needs that occur."""
    works = problem.duration.tolist()
    wanted = {need.skills: need for needs, length in zip(problem.needs, works, strict=True) if length for need in needs}
    masks = {skills: problem.qualified(need).tolist() for skills, need in wanted.items()}
    places: dict[tuple[bool, ...], int] = {}
    members: list[list[int]] = []
    for person in range(len(problem.person_ids)):
        can = tuple(mask[person] for mask in masks.values())
        place = places.setdefault(can, len(members))
        if place == len(members):
            members.append([])
        members[place].append(person)
    able = {skills: tuple(c for c, own in enumerate(members) if mask[own[0]]) for skills, mask in masks.items()}
    return Classes(problem, tuple(map(tuple, members)), able)


def named(
    problem: Problem, classes: Classes, start: Sequence[int], taken: Mapping[tuple[int, int], int]
) -> list[tuple[int, ...]]:
    """Hand activities out to single people, in the order of starts: the class never has fewer free than are taken.

    Parameters
    ----------
    problem : Problem
        What is scheduled.
    classes : Classes
        Its classes of people.
    start : sequence of int, length n
        Start of each activity.
    taken : mapping
        How many people of which class (second) work on which activity (first).

    Returns
    -------
    list of tuple of int
        The people of each activity, sorted.
    """
    free_at = [0] * len(problem.person_ids)
    people: list[list[int]] = [[] for _ in start]
    for i, c in sorted(taken, key=lambda key: (start[key[0]], key)):
        able = [person for person in classes.members[c] if free_at[person] <= start[i]]
        for person in able[: taken[i, c]]:
            free_at[person] = start[i] + int(problem.duration[i])
            people[i].append(person)
    return [tuple(sorted(team)) for team in people]
