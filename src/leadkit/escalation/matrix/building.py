"""Building the escalation matrix from what people can do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from leadkit._fields import FrozenMapping
from leadkit.errors import MatrixError
from leadkit.escalation._checking import expect_kind
from leadkit.escalation.matrix.grid import Matrix, Placement
from leadkit.escalation.matrix.rules import Domain, LevelRule
from leadkit.skills import SkillMatrix

__all__ = ["build_matrix"]

NO_OWNERS: Mapping[str, Sequence[str]] = FrozenMapping()


def build_matrix(
    skills: SkillMatrix,
    levels: Iterable[LevelRule],
    *,
    domains: Iterable[Domain] | None = None,
    placement: Placement = "highest",
    owners: Mapping[str, Sequence[str]] = NO_OWNERS,
) -> Matrix:
    """Place people in the levels of each domain by what they can do.

    Somebody qualifies for a level of a domain who holds, of every skill of the domain, at least the level's threshold
    plus the domain's offset. What is not assessed meets nothing.

    Parameters
    ----------
    skills : SkillMatrix
        What people can do.
    levels : iterable of LevelRule
        The levels, with ranks from 1 without gaps; the threshold of a skill must not fall from a level to the next.
    domains : iterable of Domain, optional
        The domains; without them each skill is a domain of its own.
    placement : {"highest", "all"}
        Whether people are placed in the highest level of a domain that they qualify for, or in every one.
    owners : mapping of str to sequence of str
        Domain to the chain of people who are told or asked for authority, the first of them first. It has nothing to do
        with what they know.

    Returns
    -------
    Matrix
        The same whatever the order of people, skills, levels and domains.

    Raises
    ------
    MatrixError
        Anything is wrong; `faults` holds all of it.

    Examples
    --------
    >>> team = SkillMatrix(["ann", "bo"], ["billing", "login"], [[3, 1], [1, 0]])
    >>> levels = [LevelRule(id="L1", rank=1, threshold=1), LevelRule(id="L2", rank=2, threshold=3)]
    >>> matrix = build_matrix(team, levels)
    >>> matrix.at("billing", "L1"), matrix.at("billing", "L2"), matrix.level_of("bo", "login")
    (('bo',), ('ann',), None)
    >>> build_matrix(team, [LevelRule(id="L1", rank=1, threshold=2), LevelRule(id="L2", rank=2, threshold=1)])
    Traceback (most recent call last):
    ...
    leadkit.errors.MatrixError: matrix: 2 faults
      levels 'L1' and 'L2', skill 'billing': the threshold falls from 2 to 1
      levels 'L1' and 'L2', skill 'login': the threshold falls from 2 to 1
    """
    expect_kind(skills, SkillMatrix, "skills", MatrixError)
    if domains is None:
        names = {entry.id: entry.name for entry in skills.catalogue}
        domains = [Domain(id=skill, skills={skill: 0.0}, name=names.get(skill, "")) for skill in skills.skills]
    return Matrix(skills=skills, levels=levels, domains=domains, owners=owners, placement=placement)
