"""Training plans against full enumeration, the reference cases, and what a plan must keep."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import chain, combinations
from types import SimpleNamespace
from typing import Any

import attrs
import numpy as np
import pytest
import scipy.optimize
from hypothesis import given, settings
from hypothesis import strategies as st

from leadkit.errors import SkillError, SolverError, UnknownIdError
from leadkit.skills import DevelopmentAction, SkillMatrix, TrainingNeed, TrainingPlan, plan_training
from leadkit.testing import training_cases
from leadkit.testing.skills import TrainingCase

NAN = math.nan
Chosen = Sequence[tuple[TrainingNeed, DevelopmentAction]]


def action(name: str, requires: float, reaches: float, skill: str = "a", **more: Any) -> DevelopmentAction:
    return DevelopmentAction(
        id=name, name=name, kind="training", skill=skill, requires=requires, reaches=reaches, **more
    )


def near(value: float) -> float:
    return 1e-9 * max(1.0, abs(value))


def level_of(need: TrainingNeed, actions: Sequence[DevelopmentAction]) -> float:
    level = 0.0 if math.isnan(need.current) else need.current
    while any(part.requires <= level < part.reaches for part in actions):
        level = max(part.reaches for part in actions if part.requires <= level)
    return level


def benefit_of(needs: Sequence[TrainingNeed], chosen: Chosen) -> float:
    total = []
    for need in needs:
        start = 0.0 if math.isnan(need.current) else need.current
        level = level_of(need, [part for other, part in chosen if other is need])
        total.append(need.weight * (min(level, need.target) - start) / (need.target - start))
    return math.fsum(total)


def totals_of(needs: Sequence[TrainingNeed], chosen: Chosen) -> tuple[float, float, float, int]:
    fixed = {part.id: part.cost_fixed for _, part in chosen}
    cost = math.fsum([*(part.cost_per_person for _, part in chosen), *fixed.values()])
    return benefit_of(needs, chosen), cost, math.fsum(part.hours for _, part in chosen), len(chosen)


def keeps(chosen: Chosen, limits: dict[str, Any]) -> bool:
    hours = Counter[str]()
    for need, part in chosen:
        hours[need.person] += part.hours  # type: ignore[assignment]
    _, cost, all_hours, _ = totals_of((), chosen)
    most = {name: limits.get(name, math.inf) for name in ("max_cost", "max_hours", "max_hours_per_person")}
    takers = Counter(part.id for _, part in chosen)
    return (
        cost <= most["max_cost"] + near(most["max_cost"])
        and all_hours <= most["max_hours"] + near(most["max_hours"])
        and all(own <= most["max_hours_per_person"] + near(most["max_hours_per_person"]) for own in hours.values())
        and max(Counter(need.person for need, _ in chosen).values(), default=0)
        <= limits.get("max_actions_per_person", math.inf)
        and all(part.seats is None or takers[part.id] <= part.seats for _, part in chosen)
    )


def pairs_of(needs: Sequence[TrainingNeed], catalogue: Sequence[DevelopmentAction]) -> Chosen:
    return [(need, part) for need in needs for part in catalogue if part.skill == need.skill]


def best_by_enumeration(case: TrainingCase) -> tuple[float, float, float, int, list[Chosen]]:
    """Try every set of pairs; give the best totals and the sets that have them."""
    needs, catalogue, limits = case
    pairs = pairs_of(needs, catalogue)
    sets = chain.from_iterable(combinations(pairs, size) for size in range(len(pairs) + 1))
    left: list[tuple[tuple[float, ...], Chosen]] = [
        (totals_of(needs, chosen), chosen) for chosen in sets if keeps(chosen, limits)
    ]
    for place, sign in ((0, -1), (1, 1), (2, 1), (3, 1)):
        best = min(sign * totals[place] for totals, _ in left)
        left = [(totals, chosen) for totals, chosen in left if sign * totals[place] <= best + near(best)]
    benefit, cost, hours, number = left[0][0]
    return benefit, cost, hours, int(number), [chosen for _, chosen in left]


def chosen_of(case: TrainingCase, plan: TrainingPlan) -> Chosen:
    needs = {(need.person, need.skill): need for need in case[0]}
    actions = {part.id: part for part in case[1]}
    return [(needs[item.person, item.skill], actions[item.action]) for item in plan.items]


def planned(case: TrainingCase) -> TrainingPlan:
    needs, catalogue, limits = case
    return plan_training(needs, catalogue, **limits)


def by_rank_sum(case: TrainingCase, sets: Sequence[Chosen]) -> set[frozenset[tuple[str, str]]]:
    """Keep the sets of least sum of ranks, as ids."""
    needs, catalogue, _ = case
    helpful = [
        (need.person, part.id)
        for need, part in pairs_of(needs, catalogue)
        if part.reaches > need.start
        and part.requires <= level_of(need, [other for other in catalogue if other.skill == need.skill])
    ]
    rank = {pair: i for i, pair in enumerate(sorted(helpful), start=1)}
    named = [frozenset((need.person, part.id) for need, part in chosen) for chosen in sets]
    sums = {one: sum(rank[pair] for pair in one) for one in named}
    return {one for one, total in sums.items() if total == min(sums.values())}


def test_the_reference_cases_are_met(golden: Callable[[str], Any]) -> None:
    cases = golden("skills/training.json")["cases"]
    assert len(cases) == 6
    for case in cases:
        needs = [TrainingNeed(**need) for need in case["needs"]]
        catalogue = [DevelopmentAction(**part) for part in case["catalogue"]]
        plan = plan_training(needs, catalogue, **case["limits"])
        assert plan.benefit == pytest.approx(case["benefit"], abs=1e-9)
        assert (plan.cost, plan.hours, len(plan.items)) == (case["cost"], case["hours"], case["n_items"])


@given(training_cases())
@settings(max_examples=80)
def test_a_plan_is_what_full_enumeration_finds(case: TrainingCase) -> None:
    plan = planned(case)
    benefit, cost, hours, number, sets = best_by_enumeration(case)
    assert plan.benefit == pytest.approx(benefit, rel=1e-9, abs=1e-9)
    assert plan.cost == pytest.approx(cost, rel=1e-9, abs=1e-9)
    assert plan.hours == pytest.approx(hours, rel=1e-9, abs=1e-9)
    assert len(plan.items) == number
    assert frozenset((item.person, item.action) for item in plan.items) in by_rank_sum(case, sets)


def positive(most: float) -> st.SearchStrategy[float]:
    return st.floats(0.01, most, allow_nan=False)


@given(training_cases(), st.data())
@settings(max_examples=40)
def test_numbers_without_a_common_unit_are_planned_as_well(case: TrainingCase, data: Any) -> None:
    needs = tuple(attrs.evolve(need, weight=data.draw(positive(5))) for need in case[0])
    catalogue = tuple(
        attrs.evolve(part, hours=data.draw(positive(30)), cost_per_person=data.draw(positive(900))) for part in case[1]
    )
    odd = (needs, catalogue, case[2])
    plan = planned(odd)
    benefit, cost, hours, number, _ = best_by_enumeration(odd)
    assert plan.benefit == pytest.approx(benefit, rel=1e-9, abs=1e-9)
    assert plan.cost == pytest.approx(cost, rel=1e-8, abs=1e-8)
    assert plan.hours == pytest.approx(hours, rel=1e-8, abs=1e-8)
    assert len(plan.items) == number


@given(training_cases(), st.randoms(use_true_random=False))
@settings(max_examples=30)
def test_neither_needs_nor_catalogue_have_an_order(case: TrainingCase, random: Any) -> None:
    needs, catalogue = list(case[0]), list(case[1])
    random.shuffle(needs)
    random.shuffle(catalogue)
    assert plan_training(needs, catalogue, **case[2]) == planned(case)


@given(training_cases())
@settings(max_examples=30)
def test_names_that_keep_their_order_change_only_the_names(case: TrainingCase) -> None:
    needs = [attrs.evolve(need, person=f"p {need.person}", skill=f"s {need.skill}") for need in case[0]]
    catalogue = [attrs.evolve(part, id=f"a {part.id}", skill=f"s {part.skill}") for part in case[1]]
    renamed = plan_training(needs, catalogue, **case[2])
    plain = planned(case)
    assert [(item.person, item.action, item.order) for item in renamed.items] == [
        (f"p {item.person}", f"a {item.action}", item.order) for item in plain.items
    ]
    assert (renamed.benefit, renamed.cost, renamed.hours) == (plain.benefit, plain.cost, plain.hours)


@given(training_cases(), st.sampled_from(("max_cost", "max_hours", "max_hours_per_person")))
@settings(max_examples=30)
def test_more_budget_never_lowers_the_benefit(case: TrainingCase, name: str) -> None:
    needs, catalogue, limits = case
    less = plan_training(needs, catalogue, **limits | {name: 20})
    more = plan_training(needs, catalogue, **limits | {name: 120})
    free = plan_training(needs, catalogue)
    assert less.benefit <= more.benefit + near(more.benefit)
    assert more.benefit <= free.benefit_possible + near(free.benefit_possible)
    assert less.benefit_possible == more.benefit_possible == free.benefit_possible


@given(training_cases())
@settings(max_examples=60)
def test_a_plan_adds_up_and_can_be_carried_out(case: TrainingCase) -> None:
    needs, _, limits = case
    plan = planned(case)
    chosen = chosen_of(case, plan)
    benefit, cost, hours, _ = totals_of(needs, chosen)
    assert keeps(chosen, limits)
    assert plan.benefit == pytest.approx(benefit, rel=1e-12)
    assert (plan.cost, plan.hours) == (cost, hours)
    levels = {(need.person, need.skill): need.start for need in needs}
    for item, (need, part) in zip(plan.items, chosen, strict=True):
        assert part.requires <= levels[item.person, item.skill] < min(part.reaches, need.target)
        levels[item.person, item.skill] = part.reaches
    counted = {pair: 0.0 if math.isnan(level) else level for pair, level in plan.after.by_pair().items()}
    assert counted == levels
    for one, level in plan.before.by_pair().items():
        assert (
            level == counted[one] or any((item.person, item.skill) == one for item in plan.items) or math.isnan(level)
        )
    open_pairs = {(left.need.person, left.need.skill): left.level_reached for left in plan.unmet}
    assert open_pairs == {
        (need.person, need.skill): levels[need.person, need.skill]
        for need in needs
        if levels[need.person, need.skill] < need.target
    }
    numbered = [(item.person, item.skill, item.order, item.action) for item in plan.items]
    assert numbered == sorted(numbered)
    json.dumps(plan.to_dict(), allow_nan=False)


def test_chains_are_taken_in_their_order() -> None:
    catalogue = [action("z", 0, 1), action("m", 1, 3), action("a", 3, 4), action("far", 6, 9)]
    plan = plan_training([TrainingNeed("ann", "a", 0, 4)], catalogue)
    assert [(item.order, item.action) for item in plan.items] == [(1, "z"), (2, "m"), (3, "a")]
    assert plan.after.level("ann", "a") == 4
    assert plan.unmet == ()


def test_two_actions_cannot_open_the_way_to_each_other() -> None:
    catalogue = [action("b", 1, 3), action("c", 2, 4)]
    plan = plan_training([TrainingNeed("ann", "a", 0, 4)], catalogue)
    assert plan.items == ()
    assert [left.reason for left in plan.unmet] == ["entry_level"]


def test_why_needs_stay_open() -> None:
    needs = [
        TrainingNeed("ann", "a", 0, 2),
        TrainingNeed("bo", "a", 3, 5),
        TrainingNeed("cy", "b", 0, 5),
        TrainingNeed("dee", "c", 1, 2),
        TrainingNeed("eli", "b", 0, 5, weight=0.5),
    ]
    catalogue = [action("a1", 0, 3), action("a2", 4, 5), action("b1", 0, 2, "b", seats=1), action("b2", 3, 5, "b")]
    plan = plan_training(needs, catalogue)
    assert [(left.need.person, left.level_reached, left.reason) for left in plan.unmet] == [
        ("bo", 3, "entry_level"),
        ("cy", 2, "entry_level"),
        ("dee", 1, "no_action"),
        ("eli", 0, "limits"),
    ]
    assert plan.benefit == pytest.approx(1.4)
    assert plan.benefit_possible == pytest.approx(1.6)


def test_a_need_that_comes_part_of_the_way_says_that_nothing_goes_further() -> None:
    plan = plan_training([TrainingNeed("ann", "a", 1, 4)], [action("a1", 0, 3)])
    assert [(left.level_reached, left.reason) for left in plan.unmet] == [(3, "no_action")]
    assert plan.benefit == pytest.approx(2 / 3)


def test_somebody_not_assessed_counts_from_zero_and_is_flagged() -> None:
    needs = [TrainingNeed("bo", "a", NAN, 2), TrainingNeed("ann", "b", NAN, 2)]
    plan = plan_training(needs, [action("a1", 0, 1)])
    assert plan.flags == ("assumed_level_zero:ann:b", "assumed_level_zero:bo:a")
    assert plan.benefit == 0.5
    assert math.isnan(plan.before.level("bo", "a"))
    assert plan.after.level("bo", "a") == 1
    assert math.isnan(plan.after.level("ann", "b"))
    assert [(left.need.person, left.level_reached) for left in plan.unmet] == [("ann", 0), ("bo", 1)]


def test_no_needs_give_an_empty_plan() -> None:
    plan = plan_training([], [action("a1", 0, 1)], max_cost=0)
    assert (plan.items, plan.benefit, plan.benefit_possible, plan.cost, plan.hours) == ((), 0, 0, 0, 0)
    assert plan.flags == ("no_needs",)
    assert plan.unmet == ()
    assert plan.to_records() == plan.before.to_records() == []
    assert (plan.status, plan.method) == ("optimal", "milp")


def test_zero_is_a_limit() -> None:
    needs = [TrainingNeed("ann", "a", 0, 2)]
    catalogue = [action("a1", 0, 2, cost_per_person=1, hours=1), action("a2", 0, 1)]
    for limits in ({"max_cost": 0}, {"max_hours": 0}, {"max_hours_per_person": 0}):
        assert [item.action for item in plan_training(needs, catalogue, **limits).items] == ["a2"]
    assert plan_training(needs, catalogue, max_actions_per_person=0).items == ()


def test_a_fixed_cost_is_paid_once() -> None:
    needs = [TrainingNeed(name, "a", 0, 1) for name in ("ann", "bo", "cy")]
    catalogue = [action("group", 0, 1, cost_fixed=500), action("single", 0, 1, cost_per_person=200)]
    plan = plan_training(needs, catalogue)
    assert plan.cost == 500
    assert {item.action for item in plan.items} == {"group"}
    assert plan_training(needs[:2], catalogue).cost == 400
    assert plan_training(needs, catalogue, max_cost=499).benefit == 2


def test_seats_of_an_action_with_a_fixed_cost_are_kept() -> None:
    needs = [TrainingNeed(name, "a", 0, 1) for name in ("ann", "bo", "cy")]
    plan = plan_training(needs, [action("group", 0, 1, cost_fixed=500, seats=2)])
    assert [item.person for item in plan.items] == ["ann", "bo"]
    assert plan.cost == 500


def test_less_money_comes_before_less_time_and_fewer_items() -> None:
    need = [TrainingNeed("ann", "a", 0, 2)]
    dear, slow = action("dear", 0, 2, cost_per_person=100), action("slow", 0, 2, hours=50)
    one, two = action("one", 0, 1, hours=20), action("two", 1, 2, hours=20)
    assert [item.action for item in plan_training(need, [dear, slow]).items] == ["slow"]
    assert [item.action for item in plan_training(need, [dear, slow, one, two]).items] == ["one", "two"]
    quick = attrs.evolve(slow, hours=40)
    assert [item.action for item in plan_training(need, [quick, one, two]).items] == ["slow"]
    assert [item.action for item in plan_training(need, [quick, attrs.evolve(quick, id="same")]).items] == ["same"]


def test_amounts_that_add_up_to_a_limit_keep_it() -> None:
    needs = [TrainingNeed(name, "a", 0, 1) for name in ("ann", "bo", "cy")]
    catalogue = [action("a1", 0, 1, cost_per_person=0.1, hours=0.1)]
    assert plan_training(needs, catalogue, max_cost=0.3).benefit == 3
    assert plan_training(needs, catalogue, max_hours=0.3).benefit == 3
    assert plan_training(needs, catalogue, max_cost=0.3 - 1e-8).benefit == 2


def test_a_limit_is_not_passed_by_less_than_the_solver_sees() -> None:
    needs = [TrainingNeed("ann", "a", 0, 1), TrainingNeed("bo", "b", 0, 1), TrainingNeed("cy", "c", 0, 1)]
    catalogue = [
        action("a", 0, 1, cost_per_person=0.5 + 1.23456789e-8),
        action("b", 0, 1, "b", cost_per_person=0.5),
        action("c", 0, 1, "c", cost_per_person=math.pi / 1e3),
    ]
    plan = plan_training(needs, catalogue, max_cost=1.0)
    assert [item.person for item in plan.items] == ["bo", "cy"]
    exact = plan_training(needs[:2], catalogue, max_cost=1.0 + 1.23456789e-8)
    assert exact.benefit == 2


def test_a_benefit_is_not_given_up_by_less_than_the_solver_sees() -> None:
    needs = [
        TrainingNeed("ann", "a", 1, 4, weight=2.00000004),
        TrainingNeed("ann", "b", 2, 5, weight=2),
        TrainingNeed("bo", "b", 2, 5, weight=2.0000002),
    ]
    catalogue = [
        action("a1", 0, 2, cost_per_person=50),
        action("a2", 2, 4, cost_per_person=50, cost_fixed=50),
        action("b1", 1, 3, "b", cost_per_person=50.00001),
    ]
    plan = plan_training(needs, catalogue, max_cost=171.4319)
    assert [(item.person, item.action) for item in plan.items] == [("ann", "a1"), ("ann", "b1"), ("bo", "b1")]
    assert plan.benefit == pytest.approx(2.00000008, rel=1e-12)
    assert plan.cost == pytest.approx(150.00002, rel=1e-12)


def test_nearly_equal_hours_do_not_make_the_solver_give_up() -> None:
    needs = [TrainingNeed("bo", "a", 0, 3, 2), TrainingNeed("ann", "b", 1, 4, 2), TrainingNeed("cy", "a", 0, 1, 2)]
    catalogue = [
        action("a0", 0, 1, hours=10.000002, cost_per_person=50),
        action("a1", 2, 4, hours=10.00002, cost_per_person=50, cost_fixed=50, seats=1),
        action("a2", 1, 2, "b", hours=10.000001, cost_per_person=50),
        action("a3", 1, 3, hours=10, cost_per_person=50, cost_fixed=50.001, seats=1),
    ]
    limits: dict[str, Any] = {"max_cost": 100, "max_hours": 20.000001, "max_hours_per_person": 20.00002}
    assert plan_training(needs, catalogue, **limits).items[0].person == "cy"


def test_a_small_weight_counts_beside_a_large_one() -> None:
    needs = [TrainingNeed("ann", "a", 0, 1, weight=1e6), TrainingNeed("bo", "a", 0, 1, weight=1e-2)]
    plan = plan_training(needs, [action("a1", 0, 1, cost_per_person=1e6, hours=1e5)])
    assert [item.person for item in plan.items] == ["ann", "bo"]


def test_all_faults_of_a_call_are_reported_together() -> None:
    twice: Any = [TrainingNeed("ann", "a", 0, 1), TrainingNeed("ann", "a", 0, 2), "ann"]
    catalogue: Any = [action("a1", 0, 1), action("a1", 1, 2), None]
    wrong: dict[str, Any] = {
        "max_cost": -1,
        "max_hours": math.inf,
        "max_hours_per_person": "8",
        "max_actions_per_person": -1,
    }
    with pytest.raises(SkillError) as caught:
        plan_training(twice, catalogue, **wrong)
    assert [str(fault) for fault in caught.value.faults] == [
        "needs[2]: expected a TrainingNeed, got 'ann'",
        "person 'ann', skill 'a': has more than one need",
        "catalogue[2]: expected a DevelopmentAction, got None",
        "action 'a1': is in the catalogue more than once",
        "max_cost: expected a number of at least 0, got -1",
        "max_hours: expected a finite number, got inf",
        "max_hours_per_person: expected a number, got '8'",
        "max_actions_per_person: expected a whole number of at least 0, got -1",
    ]
    with pytest.raises(SkillError, match=r"max_actions_per_person: expected a whole number, got 1\.5"):
        plan_training([], [], max_actions_per_person=1.5)  # type: ignore[arg-type]


def test_all_faults_of_an_action_are_reported_together() -> None:
    with pytest.raises(SkillError) as caught:
        DevelopmentAction(
            id="",
            name="",
            kind="reading",  # type: ignore[arg-type]
            skill="",
            reaches=-1,
            hours=-1,
            cost_per_person="1",
            cost_fixed=NAN,
            seats=0,
        )
    where = [fault.where for fault in caught.value.faults]
    assert where == ["id", "name", "skill", "kind", "reaches", "hours", "cost_per_person", "cost_fixed", "seats"]
    with pytest.raises(SkillError, match="seats: expected a whole number, got True"):
        action("a", 0, 1, seats=True)
    with pytest.raises(SkillError, match="reaches: expected a level above requires, 2, got 2"):
        action("a", 2, 2)


def test_no_part_of_a_plan_when_the_solver_gives_up(monkeypatch: pytest.MonkeyPatch) -> None:
    def gives_up(*_: Any, **__: Any) -> Any:
        return SimpleNamespace(status=1, x=[1.0], message="Time limit reached.")

    monkeypatch.setattr(scipy.optimize, "milp", gives_up)
    with pytest.raises(SolverError, match="no optimal plan: Time limit reached"):
        plan_training([TrainingNeed("ann", "a", 0, 1)], [action("a1", 0, 1)])


def test_no_plan_when_the_solver_keeps_breaking_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(objective: Any, **_: Any) -> Any:
        return SimpleNamespace(status=0, x=np.ones(len(objective)), message="")

    monkeypatch.setattr(scipy.optimize, "milp", breaks)
    needs = [TrainingNeed(name, "a", 0, 1) for name in ("ann", "bo", "cy")]
    with pytest.raises(SolverError, match="100 plans that break a limit by rounding"):
        plan_training(needs, [action("a1", 0, 1, hours=1)], max_hours=1)


def test_an_answer_that_gives_up_what_was_reached_is_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    solve, n_calls = scipy.optimize.milp, Counter[str]()

    def forgets(objective: Any, **model: Any) -> Any:
        n_calls["all"] += 1
        found = solve(objective, **model)
        if n_calls["all"] == 2:
            found.x = np.zeros(len(objective))
        return found

    monkeypatch.setattr(scipy.optimize, "milp", forgets)
    needs = [TrainingNeed(name, "a", 0, 1) for name in ("ann", "bo")]
    assert len(plan_training(needs, [action("a1", 0, 1, cost_per_person=5)]).items) == 2
    assert n_calls["all"] == 6


def test_a_presolve_that_finds_a_contradiction_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    solve: Any = scipy.optimize.milp

    def contradicts(objective: Any, *, options: dict[str, Any], **model: Any) -> Any:
        if options.get("presolve", True):
            return SimpleNamespace(status=2, x=None, message="The problem is infeasible.")
        return solve(objective, options=options, **model)

    monkeypatch.setattr(scipy.optimize, "milp", contradicts)
    assert plan_training([TrainingNeed("ann", "a", 0, 1)], [action("a1", 0, 1)]).benefit == 1


def test_each_aim_is_one_call_of_the_solver(monkeypatch: pytest.MonkeyPatch) -> None:
    solve, calls = scipy.optimize.milp, []

    def counted(objective: Any, **model: Any) -> Any:
        calls.append(len(objective))
        return solve(objective, **model)

    monkeypatch.setattr(scipy.optimize, "milp", counted)
    plan_training([TrainingNeed("ann", "a", 0, 1)], [action("a1", 0, 1, hours=2)])
    assert len(calls) == 5
    plan_training([TrainingNeed("ann", "a", 0, 1)], [action("b1", 0, 1, "b")])
    assert len(calls) == 5


def test_levels_after_a_plan_go_back_into_the_matrix() -> None:
    team = SkillMatrix(["ann", "bo"], ["a"], [[3], [1]])
    plan = plan_training([TrainingNeed("bo", "a", 1, 3)], [action("a1", 1, 3)])
    assert team.with_levels(plan.after.by_pair()).qualified({"a": 3}) == ("ann", "bo")
    assert plan.after.to_records() == [{"person": "bo", "skill": "a", "level": 3.0}]
    assert not plan.after.levels.flags.writeable
    assert plan.to_records()[0]["action"] == "a1"
    with pytest.raises(UnknownIdError, match="unknown person and skill 'ann, a'"):
        plan.after.level("ann", "a")


def large_case() -> Iterator[Any]:
    yield [TrainingNeed(f"p{i:03}", f"s{i % 10}", i % 3, 3 + i % 3, weight=1 + i % 2) for i in range(200)]
    yield [
        action(
            f"a{j:02}",
            j % 4,
            min(j % 4 + 1 + j % 2, 5),
            f"s{j % 10}",
            hours=4.0 * (1 + j % 5),
            cost_per_person=50.0 * (j % 7),
            cost_fixed=200.0 * (j % 3),
            seats=None if j % 4 else 8,
        )
        for j in range(60)
    ]


def test_two_hundred_needs_and_sixty_actions_are_planned() -> None:
    needs, catalogue = large_case()
    plan = plan_training(needs, catalogue, max_cost=8000, max_hours=600)
    chosen = chosen_of((needs, catalogue, {}), plan)
    assert keeps(chosen, {"max_cost": 8000, "max_hours": 600})
    assert plan.benefit == pytest.approx(benefit_of(needs, chosen))
    assert 0 < plan.benefit < plan.benefit_possible
