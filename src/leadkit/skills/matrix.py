"""Who can do what: people and skills as one table of levels, where a gap in what is known stays a gap."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape
from typing import Any, Self

import numpy as np
from attrs import evolve, field, frozen

from leadkit._fields import bool_array, sealed
from leadkit._results import Value, same
from leadkit.errors import Fault, UnknownIdError
from leadkit.skills._amounts import amount_faults, as_level, raise_faults
from leadkit.skills._checking import (
    as_scale,
    as_table,
    as_tuple,
    catalogue_faults,
    id_faults,
    level_faults,
    scale_faults,
)
from leadkit.skills._reading import Statement, statements_of_columns, statements_of_records, tabulated
from leadkit.skills.coverage import SkillCoverage, checked_requirements, cover
from leadkit.skills.gaps import SkillGap, gap_of, in_gap_order, sole_holder_of
from leadkit.skills.requirements import Skill, SkillRequirement
from leadkit.typing import BoolArray, FloatArray

__all__ = ["SkillMatrix"]


@frozen(eq=False, repr=False)
class SkillMatrix(Value):
    """The levels of n people in k skills.

    Parameters
    ----------
    people : sequence of str
        n different ids.
    skills : sequence of str
        k different ids.
    levels : array_like, shape (n, k)
        A row for each person: levels of at least 0, NaN where somebody is not assessed. Kept as a read-only copy.
    catalogue : sequence of Skill
        What is known about the skills, one entry for each; empty when nothing is.
    scale : (float, float), optional
        Lowest and highest level there is.

    Raises
    ------
    SkillError
        Anything is wrong; `faults` holds all of it.

    Notes
    -----
    Somebody who is not assessed is neither qualified nor below a level.
    Two matrices are equal when they say the same after sorting people and skills by id.

    Examples
    --------
    >>> team = SkillMatrix(["ann", "bo"], ["billing", "login"], [[3, 1], [float("nan"), 2]])
    >>> team
    SkillMatrix(2 people x 2 skills, 1 level not assessed)
    >>> team.qualified({"login": 2})
    ('bo',)
    >>> SkillMatrix(["ann", "ann"], ["billing"], [[3], [9]], scale=(0, 5))
    Traceback (most recent call last):
    ...
    leadkit.errors.SkillError: skill matrix: 2 faults
      person 'ann': is there more than once
      person 'ann', skill 'billing': 9 is outside 0..5
    """

    people: tuple[str, ...] = field(converter=as_tuple)
    skills: tuple[str, ...] = field(converter=as_tuple)
    levels: FloatArray = field(converter=as_table)
    catalogue: tuple[Skill, ...] = field(default=(), converter=as_tuple)
    scale: tuple[float, float] | None = field(default=None, converter=as_scale)

    def __attrs_post_init__(self) -> None:
        of_ids = id_faults(self.people, "people", "person") + id_faults(self.skills, "skills", "skill")
        of_scale = scale_faults(self.scale)
        faults = of_ids + of_scale
        has_lists = isinstance(self.people, tuple) and isinstance(self.skills, tuple)
        faults += catalogue_faults(self.catalogue, self.skills if has_lists else None)
        if has_lists:
            if not self.people and np.shape(self.levels) == (0,):
                object.__setattr__(self, "levels", sealed(np.empty((0, len(self.skills)))))
            faults += level_faults(self.levels, self.people, self.skills, None if of_scale else self.scale)
        raise_faults(faults, "skill matrix")

    @classmethod
    def from_records(
        cls,
        rows: Iterable[Mapping[str, Any]],
        *,
        person: str = "person",
        skill: str = "skill",
        level: str = "level",
        catalogue: Sequence[Skill] = (),
        scale: tuple[float, float] | None = None,
    ) -> Self:
        """Read one statement a row: who, which skill, which level.

        Parameters
        ----------
        rows : iterable of mapping
            In any order. None, an empty text and NaN as level mean not assessed; other keys are left alone.
        person, skill, level : str
            The keys.
        catalogue : sequence of Skill
            Fixes the skills and their order; without it the rows say which skills there are, sorted by id.
        scale : (float, float), optional
            Lowest and highest level there is.

        Returns
        -------
        SkillMatrix
            With the people sorted by id, so that the order of the rows does not matter.

        Raises
        ------
        SkillError
            A row lacks a key, names a skill outside the catalogue or has no number for a level, or rows contradict each
            other; `faults` holds all of it. A pair that is stated twice with one level is kept once.

        Examples
        --------
        >>> SkillMatrix.from_records([{"person": "bo", "skill": "login", "level": 2}]).level("bo", "login")
        2.0
        >>> twice = [{"person": "bo", "skill": "login", "level": level} for level in (2, 3)]
        >>> SkillMatrix.from_records(twice)
        Traceback (most recent call last):
        ...
        leadkit.errors.SkillError: skill matrix: person 'bo', skill 'login': has two levels: 2 in row 1, 3 in row 2
        """
        faults: list[Fault] = []
        return cls._from_statements(
            statements_of_records(rows, (person, skill, level), faults), faults, catalogue, scale
        )

    @classmethod
    def from_columns(
        cls,
        person: Iterable[str],
        skill: Iterable[str],
        level: Iterable[float | None],
        *,
        catalogue: Sequence[Skill] = (),
        scale: tuple[float, float] | None = None,
    ) -> Self:
        """Read three equally long columns, one row a statement; all else as `from_records`.

        Examples
        --------
        >>> team = SkillMatrix.from_columns(["bo", "ann"], ["login", "billing"], [2, 3])
        >>> team.people, team.skills
        (('ann', 'bo'), ('billing', 'login'))
        """
        faults: list[Fault] = []
        columns = {"person": person, "skill": skill, "level": level}
        return cls._from_statements(statements_of_columns(columns, faults), faults, catalogue, scale)

    @classmethod
    def _from_statements(cls, statements: list[Statement], faults: list[Fault], catalogue: Any, scale: Any) -> Self:
        entries = as_tuple(catalogue)
        of_catalogue = catalogue_faults(entries)
        ends = as_scale(scale)
        of_scale = scale_faults(ends)
        faults += of_catalogue + of_scale
        people, skills, levels = tabulated(statements, () if of_catalogue else entries, faults)
        faults += level_faults(levels, people, skills, None if of_scale else ends)
        raise_faults(faults, "skill matrix")
        return cls(people, skills, levels, catalogue=entries, scale=scale)

    def level(self, person: str, skill: str) -> float:
        """Give the level of a person in a skill; NaN when not assessed.

        Raises
        ------
        UnknownIdError
            There is no such person or skill; the message gives the nearest ids.
        """
        (row,) = _positions([person], self.people, "person")
        (column,) = self._columns_of([skill])
        return float(self.levels[row, column])

    def qualified(self, requirements: Mapping[str, float]) -> tuple[str, ...]:
        """Name the people who have every required level, sorted by id.

        Parameters
        ----------
        requirements : mapping of str to float
            Skill to the least level; everybody meets none at all.

        Raises
        ------
        UnknownIdError
            There is no such skill.
        SkillError
            A level is no finite number of at least 0.

        Examples
        --------
        >>> team = SkillMatrix(["bo", "ann"], ["billing", "login"], [[3, 2], [4, 2]])
        >>> team.qualified({"billing": 3, "login": 2})
        ('ann', 'bo')
        """
        mask = self.qualified_mask(requirements)
        return tuple(sorted(person for person, is_in in zip(self.people, mask.tolist(), strict=True) if is_in))

    def qualified_mask(self, requirements: Mapping[str, float]) -> BoolArray:
        """Tell of each of the n people, in the order of `people`, whether they have every required level.

        Parameters and errors are those of `qualified`.
        """
        columns = self._columns_of(requirements)
        faults = [fault for skill, level in requirements.items() for fault in amount_faults(level, f"skill {skill!r}")]
        raise_faults(faults, "requirements")
        least = np.array([float(level) for level in requirements.values()])
        return bool_array(np.all(self.levels[:, columns] >= least, axis=1))

    def coverage(self, requirements: Sequence[SkillRequirement]) -> SkillCoverage:
        """Count for each requirement, in the order given, how many people meet it.

        Raises
        ------
        UnknownIdError
            A requirement is about an unknown skill.

        Examples
        --------
        >>> team = SkillMatrix(["ann", "bo"], ["billing", "login"], [[3, 1], [float("nan"), 2]])
        >>> found = team.coverage([SkillRequirement("login", 1, people=2), SkillRequirement("billing", 3, people=2)])
        >>> found.have.tolist(), found.not_assessed.tolist(), found.met.tolist(), found.share_met
        ([2, 1], [0, 1], [True, False], 0.5)
        """
        wanted = list(self._of_requirements(requirements))
        return cover([part for part, _ in wanted], [levels for _, levels in wanted])

    def gaps(self, requirements: Sequence[SkillRequirement]) -> tuple[SkillGap, ...]:
        """Give the requirements that too few people meet, or that need one person and have one, by skill and level.

        Examples
        --------
        >>> team = SkillMatrix(["ann", "bo"], ["billing", "login"], [[3, 1], [1, 2]])
        >>> for gap in team.gaps([SkillRequirement("login", 2, people=2), SkillRequirement("billing", 3)]):
        ...     print(gap.skill, gap.kind, gap.missing, gap.holders, [near.person for near in gap.nearest])
        billing single_point_of_failure 0 ('ann',) ['bo']
        login thin 1 ('bo',) ['ann']
        """
        found = (gap_of(part, self.people, levels) for part, levels in self._of_requirements(requirements))
        return in_gap_order([gap for gap in found if gap is not None])

    def single_points_of_failure(self, requirements: Sequence[SkillRequirement]) -> tuple[SkillGap, ...]:
        """Give the requirements that exactly one person meets, however many are needed, by skill and level.

        Each is of the kind "single_point_of_failure", also where `missing` is above 0.
        """
        found = (sole_holder_of(part, self.people, levels) for part, levels in self._of_requirements(requirements))
        return in_gap_order([gap for gap in found if gap is not None])

    def select(self, people: Iterable[str] | None = None, skills: Iterable[str] | None = None) -> Self:
        """Keep some people and some skills, in the order given; all of them when None.

        Raises
        ------
        UnknownIdError
            There is no such person or skill.
        SkillError
            An id is given twice.
        """
        rows = _positions(self.people if people is None else _ids(people, "people"), self.people, "person")
        columns = self._columns_of(self.skills if skills is None else _ids(skills, "skills"))
        entries = {part.id: part for part in self.catalogue}
        kept = tuple(self.skills[j] for j in columns)
        return evolve(
            self,
            people=tuple(self.people[i] for i in rows),
            skills=kept,
            levels=self.levels[np.ix_(rows, columns)],
            catalogue=tuple(entries[skill] for skill in kept) if entries else (),
        )

    def with_levels(self, updates: Mapping[tuple[str, str], float | None]) -> Self:
        """Set the levels of some pairs of person and skill; NaN and None mean not assessed.

        Raises
        ------
        UnknownIdError
            There is no such person or skill.
        SkillError
            A level is no number, below 0 or outside the scale.

        Examples
        --------
        >>> team = SkillMatrix(["ann", "bo"], ["billing", "login"], [[3, 1], [1, 2]])
        >>> team.with_levels({("bo", "billing"): 3}).qualified({"billing": 3})
        ('ann', 'bo')
        """
        rows = _positions((person for person, _ in updates), self.people, "person")
        columns = self._columns_of(skill for _, skill in updates)
        table = self.levels.astype(object)
        for row, column, level in zip(rows, columns, updates.values(), strict=True):
            table[row, column] = as_level(level)
        return evolve(self, levels=table)

    def to_records(self) -> list[dict[str, Any]]:
        """Give one dictionary a level: `person`, `skill`, `level`; what is not assessed is left out."""
        return [
            {"person": self.people[i], "skill": self.skills[j], "level": float(self.levels[i, j])}
            for i, j in np.argwhere(~np.isnan(self.levels)).tolist()
        ]

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, SkillMatrix):
            return NotImplemented
        return same(self._in_order(), other._in_order())

    __hash__ = None

    def __repr__(self) -> str:
        unknown = int(np.isnan(self.levels).sum())
        told = f"{unknown} level{'s' * (unknown != 1)} not assessed"
        return f"SkillMatrix({len(self.people)} people x {len(self.skills)} skills, {told})"

    def _repr_html_(self) -> str:
        return f"<p>{escape(repr(self))}</p>"

    def _in_order(self) -> tuple[Any, ...]:
        """Give everything, with people and skills sorted by id."""
        rows = sorted(range(len(self.people)), key=self.people.__getitem__)
        columns = sorted(range(len(self.skills)), key=self.skills.__getitem__)
        entries = tuple(sorted(self.catalogue, key=lambda part: part.id))
        levels = self.levels[np.ix_(rows, columns)]
        return tuple(sorted(self.people)), tuple(sorted(self.skills)), levels, entries, self.scale

    def _columns_of(self, skills: Iterable[str]) -> list[int]:
        return _positions(skills, self.skills, "skill")

    def _of_requirements(
        self, requirements: Sequence[SkillRequirement]
    ) -> Iterator[tuple[SkillRequirement, FloatArray]]:
        """Give each requirement with the levels of its skill."""
        wanted = checked_requirements(requirements, self.skills)
        for part, column in zip(wanted, self._columns_of(part.skill for part in wanted), strict=True):
            yield part, self.levels[:, column]


def _ids(ids: Iterable[str], name: str) -> tuple[str, ...]:
    raise_faults([Fault(name, f"expected ids, got the text {ids!r}")] if isinstance(ids, str) else [], "")
    return tuple(ids)


def _positions(ids: Iterable[str], known: Sequence[str], kind: str) -> list[int]:
    position = {own: i for i, own in enumerate(known)}
    wanted = list(ids)
    for own in wanted:
        if own not in position:
            raise UnknownIdError.of(str(own), known, kind=kind)
    return [position[own] for own in wanted]
