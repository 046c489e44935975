"""Where too few people have a level: nobody, not enough, or one alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, TypeAlias

import numpy as np
from attrs import frozen

from leadkit._results import Result
from leadkit.skills.requirements import SkillRequirement
from leadkit.typing import FloatArray

__all__ = ["GapKind", "Nearest", "SkillGap", "gap_of", "in_gap_order", "sole_holder_of"]

GapKind: TypeAlias = Literal["uncovered", "thin", "single_point_of_failure"]
"""Nobody has the level, fewer than needed have it, or exactly one person does."""


@frozen
class Nearest:
    """Somebody below a level: who, at which level, and how much is missing to the one required."""

    person: str
    level: float
    shortfall: float


@frozen(kw_only=True, eq=False)
class SkillGap(Result):
    """A requirement that too few people meet, or one person alone.

    Parameters
    ----------
    skill, level : str, float
        What is required.
    need, have, missing : int
        People who are needed, who have the level, and who are missing; missing is 0 where one is needed and there.
    holders : tuple of str
        Who has the level, sorted by id.
    nearest : tuple of Nearest
        Who is assessed below it: smallest shortfall first, then by id.
    not_assessed : tuple of str
        Of whom it is not known, sorted by id.
    kind : {"uncovered", "thin", "single_point_of_failure"}
        Nobody has the level, fewer than needed have it, or one person alone does.
    """

    skill: str
    level: float
    need: int
    have: int
    missing: int
    holders: tuple[str, ...]
    nearest: tuple[Nearest, ...]
    not_assessed: tuple[str, ...]
    kind: GapKind


def gap_of(requirement: SkillRequirement, people: Sequence[str], levels: FloatArray) -> SkillGap | None:
    """Give the gap that a requirement leaves; None where enough people meet it and not one alone.

    Parameters
    ----------
    requirement : SkillRequirement
        What is required.
    people : sequence of str
        Ids of the n people.
    levels : (n,) array
        Their levels of the skill; NaN is not assessed.
    """
    have = int(np.count_nonzero(levels >= requirement.level))
    if have < requirement.people:
        return _gap(requirement, people, levels, "uncovered" if have == 0 else "thin")
    if have == 1:
        return _gap(requirement, people, levels, "single_point_of_failure")
    return None


def sole_holder_of(requirement: SkillRequirement, people: Sequence[str], levels: FloatArray) -> SkillGap | None:
    """Give the gap of a requirement that one person alone meets, however many are needed; None for another."""
    if np.count_nonzero(levels >= requirement.level) != 1:
        return None
    return _gap(requirement, people, levels, "single_point_of_failure")


def in_gap_order(gaps: Sequence[SkillGap]) -> tuple[SkillGap, ...]:
    """Sort gaps by skill, level and need."""
    return tuple(sorted(gaps, key=lambda gap: (gap.skill, gap.level, gap.need)))


def _gap(requirement: SkillRequirement, people: Sequence[str], levels: FloatArray, kind: GapKind) -> SkillGap:
    pairs = list(zip(people, levels.tolist(), strict=True))
    holders = sorted(person for person, level in pairs if level >= requirement.level)
    below = [Nearest(person, level, requirement.level - level) for person, level in pairs if level < requirement.level]
    return SkillGap(
        skill=requirement.skill,
        level=requirement.level,
        need=requirement.people,
        have=len(holders),
        missing=max(0, requirement.people - len(holders)),
        holders=tuple(holders),
        nearest=tuple(sorted(below, key=lambda near: (-near.level, near.person))),
        not_assessed=tuple(sorted(person for person, level in pairs if np.isnan(level))),
        kind=kind,
    )
