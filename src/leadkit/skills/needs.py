"""From gaps in a team to what single people have to learn."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Literal, TypeAlias, get_args

from attrs import field, frozen

from leadkit._fields import number_faults, whole_number_faults
from leadkit._results import Value
from leadkit.errors import Fault
from leadkit.skills._amounts import amount_faults, as_level, as_number, name_faults, raise_faults
from leadkit.skills.gaps import Nearest, SkillGap
from leadkit.skills.matrix import SkillMatrix
from leadkit.skills.requirements import SkillRequirement

__all__ = ["Candidates", "TrainingNeed", "training_needs"]

Candidates: TypeAlias = Literal["nearest", "all"]
"""Who should learn: those nearest to the level, or everybody below it."""


@frozen(eq=False)
class TrainingNeed(Value):
    """A person, a skill, and the level that they should come to.

    Parameters
    ----------
    person, skill : str
        Ids.
    current : float
        The level now, at least 0; NaN when not assessed, which counts from 0.
    target : float
        The level to come to, above the current one.
    weight : float
        How much it matters beside other needs, above 0.
    reason : str
        Why, in a word or two.

    Raises
    ------
    SkillError
        A part is wrong, or the need is already met; `faults` holds all of it.

    Examples
    --------
    >>> TrainingNeed("bo", "billing", 1, 3)
    TrainingNeed(person='bo', skill='billing', current=1.0, target=3.0, weight=1.0, reason='')
    >>> TrainingNeed("bo", "billing", 3, 3)
    Traceback (most recent call last):
    ...
    leadkit.errors.SkillError: need of person 'bo', skill 'billing': target: expected a level above the current one, 3, got 3
    """

    person: str
    skill: str
    current: float = field(converter=as_level)
    target: float = field(converter=as_number)
    weight: float = field(default=1.0, converter=as_number)
    reason: str = ""

    def __attrs_post_init__(self) -> None:
        faults = name_faults(self, "person", "skill")
        is_assessed = not (isinstance(self.current, float) and math.isnan(self.current))
        levels = amount_faults(self.current, "current") if is_assessed else []
        levels += amount_faults(self.target, "target")
        if not levels and self.target <= self.start:
            told = "the current one" if is_assessed else "0, from which somebody not assessed counts"
            levels = [
                Fault(
                    "target", f"expected a level above {told}{f', {self.start:g}' * is_assessed}, got {self.target:g}"
                )
            ]
        faults += levels + number_faults(self.weight, "weight", above=0)
        if not isinstance(self.reason, str):
            faults.append(Fault("reason", f"expected a text, got {self.reason!r}"))
        raise_faults(faults, f"need of person {self.person!r}, skill {self.skill!r}")

    @property
    def start(self) -> float:
        """The level that counts as the one now: 0 where somebody is not assessed."""
        return 0.0 if math.isnan(self.current) else self.current


def training_needs(
    matrix: SkillMatrix,
    requirements: Sequence[SkillRequirement],
    *,
    candidates: Candidates = "nearest",
    per_gap: int | None = None,
) -> tuple[TrainingNeed, ...]:
    """Turn the gaps of a team into needs of people.

    Parameters
    ----------
    matrix : SkillMatrix
        Who can do what.
    requirements : sequence of SkillRequirement
        What is required.
    candidates : {"nearest", "all"}
        For each gap those nearest to the level, or everybody assessed below it.
    per_gap : int, optional
        How many of the nearest, at least 1; by default as many as are missing, where a person who holds a level alone counts as one missing.

    Returns
    -------
    tuple of TrainingNeed
        Sorted by person and skill, with the kind of the gap as the reason. Where one person is wanted for two levels of a
        skill, there is one need: for the higher level, with both reasons.

    Raises
    ------
    UnknownIdError
        A requirement is about an unknown skill.
    SkillError
        An option is wrong, or `per_gap` is given beside `candidates="all"`.

    Examples
    --------
    >>> team = SkillMatrix(["ann", "bo", "cy"], ["billing"], [[3], [2], [1]])
    >>> training_needs(team, [SkillRequirement("billing", 3)])
    (TrainingNeed(person='bo', skill='billing', current=2.0, target=3.0, weight=1.0, reason='single_point_of_failure'),)
    """
    _check_options(candidates, per_gap)
    wanted: dict[tuple[str, str], list[tuple[SkillGap, Nearest]]] = {}
    for gap in matrix.gaps(requirements):
        n_people = max(1, gap.missing) if per_gap is None else per_gap
        for near in gap.nearest if candidates == "all" else gap.nearest[:n_people]:
            wanted.setdefault((near.person, gap.skill), []).append((gap, near))
    return tuple(
        TrainingNeed(
            person,
            skill,
            found[-1][1].level,
            max(gap.level for gap, _ in found),
            reason=", ".join(dict.fromkeys(gap.kind for gap, _ in found)),
        )
        for (person, skill), found in sorted(wanted.items())
    )


def _check_options(candidates: object, per_gap: object) -> None:
    faults = []
    if candidates not in get_args(Candidates):
        faults.append(Fault("candidates", f"expected one of 'nearest', 'all', got {candidates!r}"))
    if per_gap is not None:
        of_number = whole_number_faults(per_gap, "per_gap")
        if not of_number and per_gap < 1:  # type: ignore[operator]
            of_number = [Fault("per_gap", f"expected a whole number of at least 1 or None, got {per_gap!r}")]
        faults += of_number
        if candidates == "all":
            faults.append(Fault("per_gap", "counts the nearest people, so it does not go with candidates='all'"))
    raise_faults(faults, "")
