"""How far a team meets its requirements, one by one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from attrs import field, frozen

from leadkit._fields import as_float, bool_array, int_array
from leadkit._results import TableResult
from leadkit.errors import Fault, UnknownIdError
from leadkit.skills._amounts import raise_faults
from leadkit.skills.requirements import SkillRequirement
from leadkit.typing import BoolArray, FloatArray, IntArray

__all__ = ["SkillCoverage", "checked_requirements", "cover"]


@frozen(kw_only=True, eq=False)
class SkillCoverage(TableResult):
    """How many people meet each of q requirements.

    Parameters
    ----------
    requirement : tuple of SkillRequirement
        The requirements, in the order given.
    have : (q,) int array
        People who are assessed at the level or above.
    not_assessed : (q,) int array
        People of whom it is not known.
    met : (q,) bool array
        Whether enough people have the level.
    share_met : float
        Share of requirements that are met; NaN when there are none.
    flags : tuple of str
        What is doubtful, words of `leadkit.skills.SKILL_FLAGS`.
    """

    requirement: tuple[SkillRequirement, ...]
    have: IntArray = field(converter=int_array)
    not_assessed: IntArray = field(converter=int_array)
    met: BoolArray = field(converter=bool_array)
    share_met: float = field(converter=as_float)
    flags: tuple[str, ...] = ()

    def to_records(self) -> list[dict[str, Any]]:
        """Give one dictionary a requirement: `skill`, `level`, `people`, `have`, `not_assessed`, `met`."""
        rows = zip(self.requirement, self.have.tolist(), self.not_assessed.tolist(), self.met.tolist(), strict=True)
        return [
            {
                "skill": part.skill,
                "level": part.level,
                "people": part.people,
                "have": have,
                "not_assessed": unknown,
                "met": met,
            }
            for part, have, unknown, met in rows
        ]


def cover(requirements: Sequence[SkillRequirement], columns: Sequence[FloatArray]) -> SkillCoverage:
    """Count for every requirement who meets it; `columns` holds the (n,) levels of its skill."""
    have = np.array(
        [np.count_nonzero(levels >= part.level) for part, levels in zip(requirements, columns, strict=True)], int
    )
    people = np.array([part.people for part in requirements], int)
    met = have >= people
    return SkillCoverage(
        requirement=tuple(requirements),
        have=have,
        not_assessed=np.array([np.count_nonzero(np.isnan(levels)) for levels in columns], int),
        met=met,
        share_met=float(met.mean()) if met.size else np.nan,
        flags=() if met.size else ("no_requirements",),
    )


def checked_requirements(requirements: Any, skills: Sequence[str]) -> tuple[SkillRequirement, ...]:
    """Keep requirements as a tuple, or refuse what is none or asks for an unknown skill."""
    if isinstance(requirements, SkillRequirement):
        requirements = (requirements,)
    kept = tuple(requirements)
    faults = [
        Fault(f"requirements[{i}]", f"expected a SkillRequirement, got {part!r}")
        for i, part in enumerate(kept)
        if not isinstance(part, SkillRequirement)
    ]
    raise_faults(faults, "")
    unknown = next((part.skill for part in kept if part.skill not in skills), None)
    if unknown is not None:
        raise UnknownIdError.of(unknown, skills, kind="skill")
    return kept
