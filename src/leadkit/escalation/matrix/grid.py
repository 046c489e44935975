"""The escalation matrix: domains by levels, and the people in each cell."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, Self, TypeAlias

import attrs
import numpy as np
from attrs import field, frozen

from leadkit._checks import as_tuple
from leadkit._fields import FrozenMapping, frozen_mapping
from leadkit._results import Value, plain
from leadkit.errors import MatrixError, UnknownIdError
from leadkit.escalation._checking import raise_faults
from leadkit.escalation._mappings import as_sorted, as_whole
from leadkit.escalation.matrix._parts import part_faults
from leadkit.escalation.matrix._placing import columns_of, needed_levels, placed, who_qualifies
from leadkit.escalation.matrix._showing import matrix_html
from leadkit.escalation.matrix.explaining import CellReason, reasons_of
from leadkit.escalation.matrix.gaps import MatrixGap, gaps_of
from leadkit.escalation.matrix.needs import needs_of
from leadkit.escalation.matrix.rules import Domain, LevelRule
from leadkit.skills import SkillMatrix, TrainingNeed
from leadkit.typing import BoolArray, FloatArray, IntArray

__all__ = ["Matrix", "Placement"]

Placement: TypeAlias = Literal["highest", "all"]
"""Whether people are placed in the highest level of a domain that they qualify for, or in every one."""


def _as_owners(owners: Any) -> Any:
    owners = as_sorted(owners)
    if not isinstance(owners, FrozenMapping):
        return owners
    return FrozenMapping({domain: tuple(own) if isinstance(own, list) else own for domain, own in owners.items()})


@frozen(kw_only=True, eq=False, repr=False)
class Matrix(Value):
    """Who can solve what on which level; best made by `build_matrix`.

    From its parts follow `members`, who is placed where as truth values of shape (n_domains, n_levels, n_people), and
    `flags`, what is doubtful in words of `leadkit.escalation.ESCALATION_FLAGS`.

    Parameters
    ----------
    skills : SkillMatrix
        What people can do; kept with people and skills sorted by id.
    levels : iterable of LevelRule
        The levels, with ranks from 1 without gaps; kept by rank.
    domains : iterable of Domain
        The domains; kept sorted by id.
    owners : mapping of str to sequence of str
        Domain to the chain of people who are told or asked for authority, the first of them first.
    placement : {"highest", "all"}
        Whether people are placed in the highest level of a domain that they qualify for, or in every one.

    Raises
    ------
    MatrixError
        Anything is wrong; `faults` holds all of it.

    Examples
    --------
    >>> from leadkit import samples
    >>> samples.escalation_matrix().level_of("fatima", "billing")
    'L3'
    """

    skills: SkillMatrix
    levels: tuple[LevelRule, ...] = field(converter=as_tuple)
    domains: tuple[Domain, ...] = field(converter=as_tuple)
    owners: Mapping[str, tuple[str, ...]] = field(factory=dict, converter=_as_owners)
    placement: Placement = "highest"
    members: BoolArray = field(init=False)
    flags: tuple[str, ...] = field(init=False)
    _columns: tuple[IntArray, ...] = field(init=False, eq=False)
    _needed: tuple[FloatArray, ...] = field(init=False, eq=False)
    _requirements: tuple[tuple[FrozenMapping[str, float], ...], ...] = field(init=False, eq=False)
    _domain_at: Mapping[str, int] = field(init=False, eq=False)
    _level_at: Mapping[str | int, int] = field(init=False, eq=False)
    _person_at: Mapping[str, int] = field(init=False, eq=False)

    def __attrs_post_init__(self) -> None:
        faults = part_faults(self.skills, self.levels, self.domains, self.owners, self.placement)
        raise_faults(faults, "matrix", MatrixError)
        skills = _in_order(self.skills)
        levels = tuple(sorted(self.levels, key=lambda level: level.rank))
        domains = tuple(sorted(self.domains, key=lambda domain: domain.id))
        columns, needed = columns_of(domains, skills.skills), needed_levels(levels, domains)
        members = placed(who_qualifies(skills.levels, columns, needed), self.placement)
        is_empty = ~members.any(axis=(1, 2))
        derived = {
            "skills": skills,
            "levels": levels,
            "domains": domains,
            "members": members,
            "flags": tuple(f"domain_uncovered:{domains[i].id}" for i in np.flatnonzero(is_empty).tolist()),
            "_columns": columns,
            "_needed": needed,
            "_requirements": _requirements(domains, needed),
            "_domain_at": frozen_mapping({domain.id: i for i, domain in enumerate(domains)}),
            "_level_at": frozen_mapping({key: j for j, own in enumerate(levels) for key in (own.id, own.rank)}),
            "_person_at": frozen_mapping({person: i for i, person in enumerate(skills.people)}),
        }
        for name, value in derived.items():
            object.__setattr__(self, name, value)

    @property
    def people(self) -> tuple[str, ...]:
        """Ids of all people, sorted: the last axis of `members`."""
        return self.skills.people

    @property
    def domain_ids(self) -> tuple[str, ...]:
        """Ids of the domains, sorted: the first axis of `members`."""
        return tuple(self._domain_at)

    @property
    def level_ids(self) -> tuple[str, ...]:
        """Ids of the levels by rank: the second axis of `members`."""
        return tuple(level.id for level in self.levels)

    def cell(self, domain: str, level: str | int) -> tuple[int, int]:
        """Give the place of a cell on the first two axes of `members`.

        Parameters
        ----------
        domain : str
            Id.
        level : str or int
            Id or rank.

        Raises
        ------
        UnknownIdError
            There is no such domain or level; the message gives the nearest ids.
        """
        if not isinstance(domain, str) or domain not in self._domain_at:
            raise UnknownIdError.of(str(domain), self._domain_at, kind="domain")
        own = as_whole(level)
        if not isinstance(own, str | int) or isinstance(own, bool) or own not in self._level_at:
            raise UnknownIdError.of(str(level), self.level_ids, kind="level")
        return self._domain_at[domain], self._level_at[own]

    def position(self, person: str) -> int:
        """Give the place of a person on the last axis of `members`.

        Raises
        ------
        UnknownIdError
            There is no such person; the message gives the nearest ids.
        """
        if not isinstance(person, str) or person not in self._person_at:
            raise UnknownIdError.of(str(person), self._person_at, kind="person")
        return self._person_at[person]

    def at(self, domain: str, level: str | int) -> tuple[str, ...]:
        """Name the people of a cell, sorted by id.

        Parameters
        ----------
        domain : str
            Id.
        level : str or int
            Id or rank.

        Raises
        ------
        UnknownIdError
            There is no such domain or level.
        """
        return tuple(self.people[own] for own in np.flatnonzero(self.members[self.cell(domain, level)]).tolist())

    def level_of(self, person: str, domain: str) -> str | None:
        """Name the highest level of a domain that a person is placed in; None where there is none.

        Raises
        ------
        UnknownIdError
            There is no such person or domain.
        """
        rank = self.rank_of(person, domain)
        return self.levels[rank - 1].id if rank else None

    def rank_of(self, person: str, domain: str) -> int:
        """Give the rank of the highest level of a domain that a person is placed in; 0 where there is none.

        Raises
        ------
        UnknownIdError
            There is no such person or domain.
        """
        i, _ = self.cell(domain, 1)
        (at,) = np.nonzero(self.members[i, :, self.position(person)])
        return int(at[-1]) + 1 if at.size else 0

    def requirements(self, domain: str, level: str | int) -> Mapping[str, float]:
        """Give the level of each skill that a cell needs: the threshold of the level plus the offset of the domain.

        Parameters
        ----------
        domain : str
            Id.
        level : str or int
            Id or rank.

        Raises
        ------
        UnknownIdError
            There is no such domain or level.
        """
        i, j = self.cell(domain, level)
        return self._requirements[i][j]

    def needed(self, domain: str, level: str | int) -> FloatArray:
        """Give `requirements` as a (k,) array in the order of the k skills of the domain; errors are the same."""
        i, j = self.cell(domain, level)
        levels: FloatArray = self._needed[i][j]
        return levels

    def held(self, domain: str) -> FloatArray:
        """Give the (n_people, k) levels that people have of the k skills of a domain; NaN is not assessed."""
        i, _ = self.cell(domain, 1)
        levels: FloatArray = self.skills.levels[:, self._columns[i]]
        return levels

    def shortfalls(self, domain: str, level: str | int) -> FloatArray:
        """Give the (n_people, k) levels that people lack for a cell: 0 where they lack nothing, NaN where not assessed."""
        missing: FloatArray = np.maximum(self.needed(domain, level) - self.held(domain), 0.0)
        return missing

    def gaps(self) -> tuple[MatrixGap, ...]:
        """Find the cells with too few people, or with one alone.

        Returns
        -------
        tuple of MatrixGap
            At most one a cell, by domain and rank. A level that needs nobody has no gaps.

        Examples
        --------
        >>> from leadkit.escalation import LevelRule, build_matrix
        >>> team = SkillMatrix(["ann", "bo"], ["billing"], [[3], [1]])
        >>> levels = [LevelRule(id="L1", rank=1, threshold=1), LevelRule(id="L2", rank=2, threshold=2, min_people=2)]
        >>> for gap in build_matrix(team, levels).gaps():
        ...     print(gap.level, gap.kind, gap.have, [near.person for near in gap.nearest])
        L1 single_point_of_failure 1 []
        L2 thin 1 ['bo']
        """
        return tuple(gaps_of(self))

    def training_needs(self, *, per_gap: int | None = None) -> tuple[TrainingNeed, ...]:
        """Turn the gaps into needs of the people nearest to them.

        Parameters
        ----------
        per_gap : int, optional
            How many people to take for each gap, at least 1; by default as many as are missing, where somebody alone
            counts as one missing.

        Returns
        -------
        tuple of TrainingNeed
            Sorted by person and skill, one for each skill below what a cell needs; the reason names the cell and the
            kind of gap. Where two cells want the same person and skill, there is one need: for the higher level, with
            both reasons.

        Raises
        ------
        MatrixError
            `per_gap` is no whole number of at least 1.

        Examples
        --------
        >>> from leadkit.escalation import LevelRule, build_matrix
        >>> team = SkillMatrix(["ann", "bo", "cy"], ["billing"], [[3], [3], [1]])
        >>> level = LevelRule(id="L2", rank=1, threshold=2, min_people=3)
        >>> build_matrix(team, [level]).training_needs()[0].reason
        'billing L2: thin'
        """
        return needs_of(self, per_gap)

    def explain(self, domain: str, level: str | int) -> tuple[CellReason, ...]:
        """Say of every person why they are in a cell or not.

        Parameters
        ----------
        domain : str
            Id.
        level : str or int
            Id or rank.

        Returns
        -------
        tuple of CellReason
            One row a person, sorted by id.

        Raises
        ------
        UnknownIdError
            There is no such domain or level.

        Examples
        --------
        >>> from leadkit.escalation import LevelRule, build_matrix
        >>> team = SkillMatrix(["ann", "bo"], ["billing"], [[3], [1]])
        >>> matrix = build_matrix(team, [LevelRule(id="L1", rank=1, threshold=2)])
        >>> for row in matrix.explain("billing", "L1"):
        ...     print(row.person, row.code, row.level_held, row.threshold)
        ann QUALIFIED 3.0 2.0
        bo BELOW_THRESHOLD 1.0 2.0
        """
        return tuple(reasons_of(self, domain, level))

    def to_records(self) -> list[dict[str, Any]]:
        """Give one dictionary a person in a cell: `domain`, `level`, `rank`, `person`.

        Returns
        -------
        list of dict
            By domain, rank and person.
        """
        return [
            {
                "domain": self.domains[i].id,
                "level": self.levels[j].id,
                "rank": self.levels[j].rank,
                "person": self.people[own],
            }
            for i, j, own in np.argwhere(self.members).tolist()
        ]

    def to_dict(self) -> dict[str, Any]:
        """Give the parts as plain data for `from_dict` and for JSON; `members` and `flags` follow from them.

        Returns
        -------
        dict
            `skills`, `levels`, `domains`, `owners`, `placement`.
        """
        return {part.name: plain(getattr(self, part.name)) for part in attrs.fields(type(self)) if part.init}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Build a matrix from plain data.

        Parameters
        ----------
        data : mapping
            What `to_dict` gives; what has a default may be left out.

        Returns
        -------
        Matrix
            The matrix.

        Raises
        ------
        MatrixError
            A key is unknown or a part is wrong; `faults` holds everything that is, each with its path.
        """
        from leadkit._convert import structure_fields

        return structure_fields(data, cls, error=MatrixError, subject="matrix")

    def __repr__(self) -> str:
        counts = f"{len(self.domains)} domains x {len(self.levels)} levels, {len(self.people)} people"
        return f"Matrix({counts}, placement={self.placement!r})"

    def _repr_html_(self) -> str:
        return matrix_html(self)


def _in_order(skills: SkillMatrix) -> SkillMatrix:
    """Sort people and skills by id."""
    people, columns = tuple(sorted(skills.people)), tuple(sorted(skills.skills))
    return skills if (people, columns) == (skills.people, skills.skills) else skills.select(people, columns)


def _requirements(
    domains: tuple[Domain, ...], needed: tuple[FloatArray, ...]
) -> tuple[tuple[FrozenMapping[str, float], ...], ...]:
    return tuple(
        tuple(FrozenMapping(zip(domain.skills, row, strict=True)) for row in least.tolist())
        for domain, least in zip(domains, needed, strict=True)
    )
