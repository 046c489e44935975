"""A training plan: who does what in which order, what it brings, and what stays open."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Literal, TypeAlias

from attrs import field, frozen

from leadkit._fields import as_float, float_array
from leadkit._results import Result, TableResult, Value
from leadkit.errors import UnknownIdError
from leadkit.skills.actions import ActionKind
from leadkit.skills.needs import TrainingNeed
from leadkit.typing import FloatArray

__all__ = ["PlannedAction", "SkillLevels", "TrainingPlan", "UnmetNeed", "UnmetReason"]

UnmetReason: TypeAlias = Literal["no_action", "entry_level", "limits"]
"""Why a need stays open: nothing goes further, what does needs a level that cannot be reached, or a limit is in the way."""


@frozen(kw_only=True)
class PlannedAction:
    """One person takes part in one action.

    Parameters
    ----------
    person, action, kind, skill : str
        Who, the id of the action, how they learn, and the skill.
    hours : float
        Hours of this person [h].
    cost_per_person : float
        What it costs beside the fixed cost of the action.
    order : int
        Place among this person's actions for the skill, from 1.
    """

    person: str
    action: str
    kind: ActionKind
    skill: str
    hours: float
    cost_per_person: float
    order: int


@frozen(kw_only=True, eq=False)
class UnmetNeed(Value):
    """A need that the plan does not close.

    Parameters
    ----------
    need : TrainingNeed
        The need.
    level_reached : float
        The level that the plan comes to, counted from 0 where the person was not assessed.
    reason : {"no_action", "entry_level", "limits"}
        Nothing in the catalogue goes further; something would, but the level it requires cannot be reached; or the limits
        and seats leave no room.
    """

    need: TrainingNeed
    level_reached: float
    reason: UnmetReason


@frozen(kw_only=True, eq=False)
class SkillLevels(TableResult):
    """The levels of the pairs of person and skill that a plan is about.

    Parameters
    ----------
    person, skill : tuple of str
        The pairs, sorted.
    levels : float array
        Level of each pair; NaN where somebody is not assessed.
    """

    _columns: ClassVar[Mapping[str, str]] = {"person": "person", "skill": "skill", "levels": "level"}

    person: tuple[str, ...]
    skill: tuple[str, ...]
    levels: FloatArray = field(converter=float_array)

    def level(self, person: str, skill: str) -> float:
        """Give the level of a pair.

        Raises
        ------
        UnknownIdError
            The plan is not about this pair.
        """
        pairs = self.by_pair()
        if (person, skill) not in pairs:
            pair = f"{person}, {skill}"
            raise UnknownIdError.of(pair, map(", ".join, pairs), kind="person and skill")
        return pairs[person, skill]

    def by_pair(self) -> dict[tuple[str, str], float]:
        """Map each pair of person and skill to its level, as `SkillMatrix.with_levels` takes it."""
        return dict(zip(zip(self.person, self.skill, strict=True), self.levels.tolist(), strict=True))


@frozen(kw_only=True, eq=False)
class TrainingPlan(Result):
    """The best plan within the limits.

    Parameters
    ----------
    items : tuple of PlannedAction
        Who does what, sorted by person, skill, order and action.
    benefit : float
        Sum over needs of weight times the share of the way from the current level to the target.
    benefit_possible : float
        The benefit without limits and with seats for everybody.
    cost : float
        Cost of every item and, once for every action that anybody takes, its fixed cost.
    hours : float
        Hours of all persons [h].
    before, after : SkillLevels
        The levels that the needs are about, now and when the plan is done; NaN is not assessed.
    unmet : tuple of UnmetNeed
        The needs that are not fully closed, sorted by person and skill.
    status : {"optimal"}
        The plan is the best one; there is no other plan to get.
    method : {"milp"}
        How it was found.
    flags : tuple of str
        What is doubtful, words of `leadkit.skills.SKILL_FLAGS`.
    """

    items: tuple[PlannedAction, ...]
    benefit: float = field(converter=as_float)
    benefit_possible: float = field(converter=as_float)
    cost: float = field(converter=as_float)
    hours: float = field(converter=as_float)
    before: SkillLevels
    after: SkillLevels
    unmet: tuple[UnmetNeed, ...]
    status: Literal["optimal"] = "optimal"
    method: Literal["milp"] = "milp"
    flags: tuple[str, ...] = ()

    def to_records(self) -> list[dict[str, Any]]:
        """Give one dictionary an item: `person`, `action`, `kind`, `skill`, `hours`, `cost_per_person`, `order`."""
        return [
            {
                "person": item.person,
                "action": item.action,
                "kind": item.kind,
                "skill": item.skill,
                "hours": item.hours,
                "cost_per_person": item.cost_per_person,
                "order": item.order,
            }
            for item in self.items
        ]
