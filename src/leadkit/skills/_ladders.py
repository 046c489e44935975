"""How far actions lift a person: chains in which one action gives the level that the next one requires."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from operator import attrgetter

from leadkit.skills.actions import DevelopmentAction
from leadkit.skills.needs import TrainingNeed

__all__ = ["benefit_of", "helpful", "level_after", "undominated"]


def level_after(start: float, actions: Iterable[DevelopmentAction]) -> float:
    """Give the greatest level that actions for one skill lead to, in the order that helps most."""
    level = start
    for action in sorted(actions, key=attrgetter("requires")):
        if action.requires > level:
            break
        level = max(level, action.reaches)
    return level


def helpful(need: TrainingNeed, actions: Iterable[DevelopmentAction]) -> list[DevelopmentAction]:
    """Keep the actions for the skill of a need that lead above its level and whose entry level can be reached."""
    own = list(actions)
    highest = level_after(need.start, own)
    return [action for action in own if action.reaches > need.start and action.requires <= highest]


def benefit_of(need: TrainingNeed, level: float) -> float:
    """Give the benefit of coming to a level: the weight times the share of the way to the target."""
    return need.weight * (min(level, need.target) - need.start) / (need.target - need.start)


def undominated(need: TrainingNeed, actions: Sequence[DevelopmentAction]) -> list[DevelopmentAction]:
    """Leave out each action instead of which another one, open to everybody, is never worse.

    It begins no higher, leads as far, costs no more and takes no more hours. Where it is neither cheaper nor shorter it has
    to come first by id, because then ranks decide.
    """
    open_to_all = [action for action in actions if action.seats is None and action.cost_fixed == 0]

    def is_spared(action: DevelopmentAction) -> bool:
        begin, end = max(action.requires, need.start), min(action.reaches, need.target)
        return any(
            other.cost_per_person <= action.cost_per_person
            and other.hours <= action.hours
            and other.requires <= begin
            and other.reaches >= end
            and (other.cost_per_person, other.hours, other.id) < (action.cost_per_person, action.hours, action.id)
            for other in open_to_all
        )

    return [action for action in actions if not is_spared(action)]
