"""Gaps of a matrix, who is nearest to them, and the training they ask for."""

from __future__ import annotations

import json
import pickle
from fractions import Fraction
from typing import Any

import attrs
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadkit.errors import MatrixError
from leadkit.escalation.matrix import Domain, LevelRule, Matrix, MatrixGap, build_matrix
from leadkit.skills import DevelopmentAction, Nearest, SkillMatrix, SkillRequirement, plan_training
from leadkit.testing.escalation_matrix import matrix

NAN = float("nan")


def rule(rank: int, threshold: float, least: int = 1) -> LevelRule:
    return LevelRule(id=f"L{rank}", rank=rank, threshold=threshold, min_people=least)


def one_skill(levels: list[float], *rules: LevelRule, **options: Any) -> Matrix:
    people = ["ann", "bo", "cy", "dee"][: len(levels)]
    return build_matrix(SkillMatrix(people, ["a"], [[level] for level in levels]), rules, **options)


def kinds(own: Matrix) -> list[tuple[str, str]]:
    return [(gap.level, gap.kind) for gap in own.gaps()]


def test_not_assessed_where_somebody_could_qualify_if_it_were_known() -> None:
    (gap,) = one_skill([1, NAN], rule(1, 2)).gaps()
    assert (gap.kind, gap.need, gap.have, gap.missing) == ("not_assessed", 1, 0, 1)
    assert (gap.nearest, gap.not_assessed) == ((Nearest("ann", 1.0, 1.0),), ("bo",))


def test_unreachable_where_nobody_qualifies_whatever_is_not_known() -> None:
    both = Domain(id="both", skills={"a": 0, "b": 0})
    team = SkillMatrix(["ann", "bo"], ["a", "b"], [[1, NAN], [1, 1]])
    (gap,) = build_matrix(team, [rule(1, 2)], domains=[both]).gaps()
    assert gap.kind == "unreachable"
    # ann is short in one skill, and how short altogether is not known
    assert (gap.nearest, gap.not_assessed) == ((Nearest("bo", 1.0, 2.0),), ("ann",))


def test_an_assessed_skill_that_is_met_leaves_the_rest_open() -> None:
    both = Domain(id="both", skills={"a": 0, "b": 0})
    (gap,) = build_matrix(SkillMatrix(["ann"], ["a", "b"], [[2, NAN]]), [rule(1, 2)], domains=[both]).gaps()
    assert gap.kind == "not_assessed"


def test_thin_where_fewer_are_there_than_needed() -> None:
    (gap,) = one_skill([3, 3, 1, 2], rule(1, 3, 3)).gaps()
    assert (gap.kind, gap.need, gap.have, gap.missing) == ("thin", 3, 2, 1)
    assert gap.nearest == (Nearest("dee", 2.0, 1.0), Nearest("cy", 1.0, 2.0))


def test_a_single_point_of_failure_where_one_is_needed_and_one_is_there() -> None:
    (gap,) = one_skill([3, 1], rule(1, 2)).gaps()
    assert (gap.kind, gap.have, gap.missing) == ("single_point_of_failure", 1, 0)
    assert [near.person for near in gap.nearest] == ["bo"]
    assert kinds(one_skill([3, 1], rule(1, 2, 2))) == [("L1", "thin")]
    assert kinds(one_skill([3, 3], rule(1, 2))) == []


def test_somebody_unknown_makes_no_cell_not_assessed_that_has_people() -> None:
    (gap,) = one_skill([3, NAN], rule(1, 2, 2)).gaps()
    assert (gap.kind, gap.not_assessed) == ("thin", ("bo",))


@pytest.mark.parametrize("levels", [[], [1], [NAN], [3], [3, 3]])
def test_a_level_that_needs_nobody_has_no_gap(levels: list[float]) -> None:
    if levels:
        assert kinds(one_skill(levels, rule(1, 2, 0))) == []
    else:
        assert build_matrix(SkillMatrix([], ["a"], []), [rule(1, 2, 0)]).gaps() == ()


def test_who_is_placed_higher_is_missing_below() -> None:
    ladder = (rule(1, 1, 2), rule(2, 3, 2))
    own = one_skill([3, 3, 1], *ladder)
    (gap,) = own.gaps()
    assert (gap.level, gap.kind, gap.have, gap.nearest) == ("L1", "thin", 1, ())
    assert kinds(one_skill([3, 3], *ladder)) == [("L1", "thin")]
    assert kinds(one_skill([3, 3], *ladder, placement="all")) == []


def test_nearest_ranks_by_the_sum_over_all_skills_and_then_by_id() -> None:
    team = SkillMatrix(["dee", "cy", "bo", "ann"], ["a", "b"], [[2, 2], [1, 3], [0, 3], [3, 0]])
    (gap,) = build_matrix(team, [rule(1, 3)], domains=[Domain(id="d", skills={"a": 0, "b": 0})]).gaps()
    assert gap.kind == "unreachable"
    assert gap.nearest == (
        Nearest("cy", 1.0, 2.0),
        Nearest("dee", 2.0, 2.0),
        Nearest("ann", 0.0, 3.0),
        Nearest("bo", 0.0, 3.0),
    )


def test_more_than_enough_of_one_skill_makes_up_for_nothing() -> None:
    team = SkillMatrix(["ann", "bo"], ["a", "b"], [[9, 1], [2, 2]])
    (gap,) = build_matrix(team, [rule(1, 3)], domains=[Domain(id="d", skills={"a": 0, "b": 0})]).gaps()
    assert gap.nearest == (Nearest("ann", 1.0, 2.0), Nearest("bo", 2.0, 2.0))


def test_gaps_come_by_domain_and_rank() -> None:
    team = SkillMatrix(["ann"], ["b", "a"], [[1, 1]])
    own = build_matrix(team, [rule(2, 2), rule(1, 1)])
    assert [(gap.domain, gap.level) for gap in own.gaps()] == [("a", "L1"), ("a", "L2"), ("b", "L1"), ("b", "L2")]


def test_a_gap_becomes_plain_data_and_survives_pickle() -> None:
    (gap,) = one_skill([3, NAN, 1], rule(1, 2)).gaps()
    assert json.loads(json.dumps(gap.to_dict(), allow_nan=False)) == {
        "domain": "a",
        "level": "L1",
        "need": 1,
        "have": 1,
        "kind": "single_point_of_failure",
        "nearest": [{"person": "cy", "level": 1.0, "shortfall": 1.0}],
        "not_assessed": ["bo"],
    }
    assert pickle.loads(pickle.dumps(gap)) == gap  # noqa: S301
    assert "single_point_of_failure" in gap._repr_html_()


def test_one_skill_and_one_level_give_the_gaps_of_the_skill_matrix() -> None:
    tables: list[list[float]] = [[3, 1, NAN, 2], [3, 3, 1, 1], [1, 0, 0.5, 2], [3, 3, 3, 3]]
    for levels in tables:
        for least in (1, 2, 3):
            own = one_skill(levels, rule(1, 2.5, least))
            there = own.skills.gaps([SkillRequirement("a", 2.5, least)])
            assert len(own.gaps()) == len(there)
            for gap, other in zip(own.gaps(), there, strict=True):
                assert (gap.nearest, gap.not_assessed) == (other.nearest, other.not_assessed)
                assert (gap.need, gap.have, gap.missing) == (other.need, other.have, other.missing)


# training


def test_the_nearest_people_are_trained_in_every_skill_they_lack() -> None:
    team = SkillMatrix(["ann", "bo", "cy"], ["a", "b"], [[3, 3], [2, 1], [0, 0]])
    own = build_matrix(
        team, [rule(1, 3, 2)], domains=[Domain(id="d", skills={"a": 0, "b": 1}), Domain(id="e", skills={"a": 0})]
    )
    needs = own.training_needs()
    assert [(need.person, need.skill, need.current, need.target, need.weight, need.reason) for need in needs] == [
        ("ann", "b", 3.0, 4.0, 1.0, "d L1: unreachable"),
        ("bo", "a", 2.0, 3.0, 1.0, "d L1: unreachable, e L1: thin"),
        ("bo", "b", 1.0, 4.0, 1.0, "d L1: unreachable"),
    ]


def test_one_person_in_two_cells_has_the_higher_need_and_both_reasons() -> None:
    own = one_skill([1, 3], rule(1, 2, 2), rule(2, 3))
    (need,) = own.training_needs()
    assert (need.person, need.target) == ("ann", 3.0)
    assert need.reason == "a L1: thin, a L2: single_point_of_failure"


def test_a_single_point_of_failure_counts_as_one_missing() -> None:
    assert [need.person for need in one_skill([3, 1, 2], rule(1, 3)).training_needs()] == ["cy"]
    assert [need.person for need in one_skill([3, 1, 2, 0], rule(1, 3, 3)).training_needs()] == ["bo", "cy"]


def test_per_gap_takes_that_many() -> None:
    own = one_skill([3, 1, 2, 0], rule(1, 3, 3))
    assert [need.person for need in own.training_needs(per_gap=1)] == ["cy"]
    assert [need.person for need in own.training_needs(per_gap=9)] == ["bo", "cy", "dee"]


@pytest.mark.parametrize("bad", [0, -1, True, 1.0, "1", NAN, []])
def test_per_gap_is_a_whole_number(bad: Any) -> None:
    with pytest.raises(MatrixError, match="per_gap: expected a whole number"):
        one_skill([3, 1], rule(1, 3)).training_needs(per_gap=bad)


def test_training_that_is_needed_closes_the_gap() -> None:
    own = one_skill([3, 1, 0], rule(1, 3, 2))
    course = DevelopmentAction(id="course", name="Course", kind="training", skill="a", reaches=3.0, hours=8)
    plan = plan_training(own.training_needs(), [course])
    assert plan.unmet == ()
    trained = {(item.person, item.skill): 3.0 for item in plan.items}
    assert build_matrix(own.skills.with_levels(trained), own.levels).gaps() == ()


# laws


def by_hand(own: Matrix, part: Domain, level: LevelRule) -> tuple[Any, ...] | None:
    """Find the gap of a cell by the words of the rules, with exact numbers."""
    needed = {
        skill: Fraction(level.by_skill.get(skill, level.threshold)) + Fraction(more)
        for skill, more in part.skills.items()
    }
    lacks: dict[str, dict[str, Fraction | None]] = {}
    for person in own.people:
        held = {skill: own.skills.level(person, skill) for skill in needed}
        lacks[person] = {
            skill: None if np.isnan(held[skill]) else max(Fraction(0), least - Fraction(held[skill]))
            for skill, least in needed.items()
        }
    qualify = [person for person, parts in lacks.items() if all(part == 0 for part in parts.values())]
    could = [person for person, parts in lacks.items() if not any(parts.values()) and person not in qualify]
    unknown = [person for person, parts in lacks.items() if None in parts.values()]
    have = len(own.at(part.id, level.id))
    if level.min_people == 0 or (have >= level.min_people and have != 1):
        return None
    kind = "single_point_of_failure"
    if not qualify:
        kind = "not_assessed" if could else "unreachable"
    elif have < level.min_people:
        kind = "thin"
    totals = {
        person: sum(filter(None, parts.values()), Fraction(0))
        for person, parts in lacks.items()
        if person not in qualify and person not in unknown
    }
    nearest = sorted(totals, key=lambda person: (totals[person], person))
    return kind, have, [(person, totals[person]) for person in nearest], tuple(unknown)


@given(matrix())
def test_gaps_are_those_of_the_rules_read_one_by_one(own: Matrix) -> None:
    found: dict[tuple[str, str], MatrixGap] = {(gap.domain, gap.level): gap for gap in own.gaps()}
    for part in own.domains:
        for level in own.levels:
            gap = found.get((part.id, level.id))
            told = None
            if gap is not None:
                nearest = [(near.person, Fraction(near.shortfall)) for near in gap.nearest]
                told = (gap.kind, gap.have, nearest, gap.not_assessed)
            assert told == by_hand(own, part, level)


@given(matrix())
def test_everybody_is_there_or_near_or_not_assessed(own: Matrix) -> None:
    for gap in own.gaps():
        rank = own.cell(gap.domain, gap.level)[1] + 1
        there = [person for person in own.people if own.rank_of(person, gap.domain) >= rank]
        near = [part.person for part in gap.nearest]
        assert sorted([*there, *near, *gap.not_assessed]) == list(own.people)


@given(matrix())
def test_gaps_vanish_when_enough_people_are_added(own: Matrix) -> None:
    gaps = own.gaps()
    fresh = {}
    for gap in gaps:
        for number in range(max(2, gap.need)):
            fresh[f"new {gap.domain} {gap.level} {number}"] = dict(own.requirements(gap.domain, gap.level))
    table = [[max(0.0, held.get(skill, 0.0)) for skill in own.skills.skills] for held in fresh.values()]
    levels = np.vstack([own.skills.levels, np.reshape(table, (len(fresh), len(own.skills.skills)))])
    team = SkillMatrix([*own.people, *fresh], own.skills.skills, levels)
    after = build_matrix(team, own.levels, domains=own.domains, placement="all")
    left = {(gap.domain, gap.level) for gap in after.gaps()}
    assert not left & {(gap.domain, gap.level) for gap in gaps}


@given(matrix())
def test_needs_are_one_a_person_and_skill_and_go_to_the_planner(own: Matrix) -> None:
    needs = own.training_needs(per_gap=9)
    assert len({(need.person, need.skill) for need in needs}) == len(needs)
    assert list(needs) == sorted(needs, key=lambda need: (need.person, need.skill))
    near = {part.person for gap in own.gaps() for part in gap.nearest}
    assert {need.person for need in needs} == near


@given(matrix(), st.data())
def test_training_the_nearest_of_one_gap_brings_them_into_the_cell(own: Matrix, data: st.DataObject) -> None:
    gaps = [gap for gap in own.gaps() if gap.nearest]
    if not gaps:
        return
    gap = data.draw(st.sampled_from(gaps))
    needed = own.requirements(gap.domain, gap.level)
    person = gap.nearest[0].person
    better = {(person, skill): max(level, own.skills.level(person, skill)) for skill, level in needed.items()}
    after = build_matrix(own.skills.with_levels(better), own.levels, domains=own.domains, placement="all")
    assert person in after.at(gap.domain, gap.level)


@given(matrix())
def test_needing_fewer_people_opens_no_gap_but_a_single_point_of_failure(own: Matrix) -> None:
    fewer = [attrs.evolve(level, min_people=max(0, level.min_people - 1)) for level in own.levels]
    after = build_matrix(own.skills, fewer, domains=own.domains, placement=own.placement)
    before = {(gap.domain, gap.level) for gap in own.gaps()}
    assert {(gap.domain, gap.level) for gap in after.gaps()} <= before
