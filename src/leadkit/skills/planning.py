"""The training plan that closes most of the needs for the least money and time."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from leadkit._fields import repeated, whole_number_faults
from leadkit.errors import Fault
from leadkit.skills._amounts import amount_faults, raise_faults
from leadkit.skills._ladders import benefit_of, level_after
from leadkit.skills._program import Limits, program_of
from leadkit.skills._stages import best_pairs
from leadkit.skills.actions import DevelopmentAction
from leadkit.skills.needs import TrainingNeed
from leadkit.skills.plan import PlannedAction, SkillLevels, TrainingPlan, UnmetNeed, UnmetReason

__all__ = ["plan_training"]


def plan_training(
    needs: Sequence[TrainingNeed],
    catalogue: Sequence[DevelopmentAction],
    *,
    max_cost: float | None = None,
    max_hours: float | None = None,
    max_hours_per_person: float | None = None,
    max_actions_per_person: int | None = None,
) -> TrainingPlan:
    """Choose who takes part in what.

    Parameters
    ----------
    needs : sequence of TrainingNeed
        At most one for each person and skill, in any order.
    catalogue : sequence of DevelopmentAction
        What can be done; different ids, in any order.
    max_cost : float, optional
        Most that the plan may cost; no limit when None, and 0 is a limit, here and below.
    max_hours : float, optional
        Most hours of all persons together [h].
    max_hours_per_person : float, optional
        Most hours of one person [h].
    max_actions_per_person : int, optional
        Most actions of one person.

    Returns
    -------
    TrainingPlan
        The plan, what it brings, and which needs it leaves open for which reason.

    Raises
    ------
    SkillError
        Two needs for one person and skill, two actions with one id, a negative limit; `faults` holds all of it.
    SolverError
        The solver does not report an optimum. There is never a part of a plan.

    Notes
    -----
    An action lifts a person to the level it reaches if the level before is at least what it requires, so one action may
    open the way to the next.
    Among all plans within the limits it is one of greatest benefit; of these one of least cost, then of fewest hours,
    then of fewest items, then of the least sum of ranks, where the pairs of person and action are ranked by their ids.
    Values within 1e-9 of each other, relative or absolute, count as equal, in these comparisons and against limits.

    The model is an integer program with one binary variable for each pair of person and action that can help, and one
    for each action that has a fixed cost; chains are paths in a small network for each need. `scipy.optimize.milp`
    solves it five times, once for each of these aims. 200 needs and 60 actions take a few seconds on one core.

    Examples
    --------
    >>> course = DevelopmentAction(id="course", name="Course", kind="training", skill="billing", reaches=3, cost_per_person=900)
    >>> coach = DevelopmentAction(id="coach", name="Ann's coaching", kind="coaching", skill="billing", requires=1, reaches=3, hours=12, seats=1)
    >>> needs = [TrainingNeed("bo", "billing", 1, 3), TrainingNeed("cy", "billing", 1, 3)]
    >>> plan = plan_training(needs, [course, coach], max_cost=500)
    >>> [(item.person, item.action) for item in plan.items], plan.benefit, plan.cost, plan.hours
    ([('bo', 'coach')], 1.0, 0.0, 12.0)
    >>> [(open.need.person, open.reason) for open in plan.unmet]
    [('cy', 'limits')]
    """
    needs, catalogue = _listed(needs), _listed(catalogue)
    faults = _need_faults(needs) + _action_faults(catalogue)
    amounts = {"max_cost": max_cost, "max_hours": max_hours, "max_hours_per_person": max_hours_per_person}
    for name, amount in amounts.items():
        faults += [] if amount is None else amount_faults(amount, name)
    faults += _count_faults(max_actions_per_person, "max_actions_per_person")
    raise_faults(faults, "training plan")
    needs = sorted(needs, key=lambda need: (need.person, need.skill))
    catalogue = sorted(catalogue, key=lambda action: action.id)
    limits = Limits(
        cost=_most(max_cost),
        hours=_most(max_hours),
        hours_per_person=_most(max_hours_per_person),
        actions_per_person=_most(max_actions_per_person),
    )
    chosen = best_pairs(program_of(needs, catalogue, limits))
    taken: dict[tuple[str, str], list[DevelopmentAction]] = {}
    for pair in chosen:
        taken.setdefault((pair.need.person, pair.need.skill), []).append(pair.action)
    return _plan_of(needs, catalogue, taken)


def _plan_of(
    needs: Sequence[TrainingNeed],
    catalogue: Sequence[DevelopmentAction],
    taken: Mapping[tuple[str, str], list[DevelopmentAction]],
) -> TrainingPlan:
    """Recompute everything from the chosen actions."""
    by_skill: dict[str, list[DevelopmentAction]] = {}
    for action in catalogue:
        by_skill.setdefault(action.skill, []).append(action)
    reached = [level_after(need.start, taken.get((need.person, need.skill), ())) for need in needs]
    possible = [level_after(need.start, by_skill.get(need.skill, ())) for need in needs]
    items = [item for need in needs for item in _items(need, taken.get((need.person, need.skill), ()))]
    fixed = {action.id: action.cost_fixed for actions in taken.values() for action in actions}
    people, skills = tuple(need.person for need in needs), tuple(need.skill for need in needs)
    after = [
        level if (need.person, need.skill) in taken else need.current
        for need, level in zip(needs, reached, strict=True)
    ]
    assumed = [f"assumed_level_zero:{need.person}:{need.skill}" for need in needs if math.isnan(need.current)]
    return TrainingPlan(
        items=tuple(items),
        benefit=math.fsum(map(benefit_of, needs, reached)),
        benefit_possible=math.fsum(map(benefit_of, needs, possible)),
        cost=math.fsum([*(item.cost_per_person for item in items), *fixed.values()]),
        hours=math.fsum(item.hours for item in items),
        before=SkillLevels(person=people, skill=skills, levels=[need.current for need in needs]),
        after=SkillLevels(person=people, skill=skills, levels=after),
        unmet=tuple(
            UnmetNeed(need=need, level_reached=level, reason=_reason(need, level, highest, by_skill))
            for need, level, highest in zip(needs, reached, possible, strict=True)
            if level < need.target
        ),
        flags=tuple(assumed) if needs else ("no_needs",),
    )


def _items(need: TrainingNeed, actions: Sequence[DevelopmentAction]) -> list[PlannedAction]:
    """Put the actions of a chain into the order in which they have to be taken."""
    chain = sorted(actions, key=lambda action: (action.reaches, action.id))
    return [
        PlannedAction(
            person=need.person,
            action=action.id,
            kind=action.kind,
            skill=need.skill,
            hours=action.hours,
            cost_per_person=action.cost_per_person,
            order=order,
        )
        for order, action in enumerate(chain, start=1)
    ]


def _reason(
    need: TrainingNeed, level: float, highest: float, by_skill: Mapping[str, Sequence[DevelopmentAction]]
) -> UnmetReason:
    """Say why a need stays open at a level, where its actions alone lead to the `highest`."""
    if level < min(highest, need.target):
        return "limits"
    leads_on = any(action.reaches > highest for action in by_skill.get(need.skill, ()))
    return "entry_level" if leads_on else "no_action"


def _listed(values: Any) -> Any:
    return [values] if isinstance(values, TrainingNeed | DevelopmentAction) else list(values)


def _need_faults(needs: Sequence[Any]) -> list[Fault]:
    faults = [
        Fault(f"needs[{i}]", f"expected a TrainingNeed, got {need!r}")
        for i, need in enumerate(needs)
        if not isinstance(need, TrainingNeed)
    ]
    pairs = [(need.person, need.skill) for need in needs if isinstance(need, TrainingNeed)]
    return faults + [
        Fault(f"person {person!r}, skill {skill!r}", "has more than one need") for person, skill in repeated(pairs)
    ]


def _action_faults(catalogue: Sequence[Any]) -> list[Fault]:
    faults = [
        Fault(f"catalogue[{i}]", f"expected a DevelopmentAction, got {action!r}")
        for i, action in enumerate(catalogue)
        if not isinstance(action, DevelopmentAction)
    ]
    ids = [action.id for action in catalogue if isinstance(action, DevelopmentAction)]
    return faults + [Fault(f"action {own!r}", "is in the catalogue more than once") for own in repeated(ids)]


def _count_faults(value: Any, where: str) -> list[Fault]:
    if value is None:
        return []
    faults = whole_number_faults(value, where)
    return faults or ([Fault(where, f"expected a whole number of at least 0, got {value!r}")] if value < 0 else [])


def _most(limit: float | None) -> float:
    return math.inf if limit is None else float(limit)
