"""Coverage, gaps and the needs that follow from them."""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadkit.errors import SkillError
from leadkit.skills import (
    Nearest,
    Skill,
    SkillMatrix,
    SkillRequirement,
    TrainingNeed,
    training_needs,
)
from leadkit.testing import skill_matrix, skill_requirement

NAN = math.nan


@pytest.fixture
def team() -> SkillMatrix:
    people = ["ann", "bo", "cy", "dee", "eli"]
    return SkillMatrix(people, ["billing", "login"], [[3, 2], [1, 2], [2, NAN], [2, 4], [NAN, 0]])


def test_coverage_answers_in_the_order_asked(team: SkillMatrix) -> None:
    asked = [SkillRequirement("login", 2, 3), SkillRequirement("billing", 2, 4), SkillRequirement("login", 5)]
    found = team.coverage(asked)
    assert found.requirement == tuple(asked)
    assert found.have.tolist() == [3, 3, 0]
    assert found.not_assessed.tolist() == [1, 1, 1]
    assert found.met.tolist() == [True, False, False]
    assert found.share_met == pytest.approx(1 / 3)
    assert found.flags == ()
    assert not found.have.flags.writeable
    assert found.to_records()[1] == {
        "skill": "billing",
        "level": 2.0,
        "people": 4,
        "have": 3,
        "not_assessed": 1,
        "met": False,
    }
    json.dumps(found.to_dict(), allow_nan=False)


def test_no_requirements_have_no_share(team: SkillMatrix) -> None:
    found = team.coverage([])
    assert math.isnan(found.share_met)
    assert found.flags == ("no_requirements",)
    assert found.to_records() == []
    assert team.gaps([]) == team.single_points_of_failure([]) == ()


def test_the_three_kinds_of_gap(team: SkillMatrix) -> None:
    asked = [
        SkillRequirement("login", 5, 2),
        SkillRequirement("login", 2, 5),
        SkillRequirement("billing", 3),
        SkillRequirement("billing", 2, 3),
        SkillRequirement("login", 1, 1),
    ]
    gaps = team.gaps(asked)
    told = [(gap.skill, gap.level, gap.kind, gap.need, gap.have, gap.missing) for gap in gaps]
    assert told == [
        ("billing", 3, "single_point_of_failure", 1, 1, 0),
        ("login", 2, "thin", 5, 3, 2),
        ("login", 5, "uncovered", 2, 0, 2),
    ]
    assert gaps[0].holders == ("ann",)
    assert gaps[0].nearest == (Nearest("cy", 2, 1), Nearest("dee", 2, 1), Nearest("bo", 1, 2))
    assert gaps[0].not_assessed == ("eli",)
    assert gaps[1].nearest == (Nearest("eli", 0, 2),)
    assert gaps[0].to_dict()["nearest"][0] == {"person": "cy", "level": 2.0, "shortfall": 1.0}


def test_a_sole_holder_is_told_however_many_are_needed(team: SkillMatrix) -> None:
    asked = [SkillRequirement("billing", 3, 4), SkillRequirement("login", 3), SkillRequirement("login", 2)]
    first, second = team.single_points_of_failure(asked)
    assert (first.skill, first.holders, first.missing, first.kind) == (
        "billing",
        ("ann",),
        3,
        "single_point_of_failure",
    )
    assert (second.skill, second.holders, second.missing) == ("login", ("dee",), 0)
    assert team.gaps(asked)[0].kind == "thin"


@given(skill_matrix(), st.lists(skill_requirement(), max_size=4))
def test_gaps_and_coverage_tell_the_same(matrix: SkillMatrix, asked: list[SkillRequirement]) -> None:
    known = [part for part in asked if part.skill in matrix.skills]
    found = matrix.coverage(known)
    gaps = matrix.gaps(known)
    alone = (found.have == 1) & np.array([part.people == 1 for part in known], bool)
    assert len(gaps) == np.count_nonzero(~found.met | alone)
    for gap in gaps:
        assert gap.have == len(gap.holders)
        assert gap.missing == max(0, gap.need - gap.have)
        everybody = {*gap.holders, *gap.not_assessed, *(near.person for near in gap.nearest)}
        assert everybody == set(matrix.people)
        assert len(gap.holders) + len(gap.not_assessed) + len(gap.nearest) == len(matrix.people)


@pytest.mark.parametrize("asked", [["login"], [SkillRequirement("login", 1), 3]])
def test_what_is_no_requirement_is_refused(team: SkillMatrix, asked: Any) -> None:
    with pytest.raises(SkillError, match=r"requirements\[\d\]: expected a SkillRequirement, got"):
        team.gaps(asked)


def test_one_requirement_may_stand_alone(team: SkillMatrix) -> None:
    one = SkillRequirement("billing", 3)
    assert team.gaps(one) == team.gaps([one])  # type: ignore[arg-type]


def test_needs_are_those_of_the_nearest(team: SkillMatrix) -> None:
    asked = [SkillRequirement("billing", 3), SkillRequirement("login", 3, 3)]
    needs = training_needs(team, asked)
    assert needs == (
        TrainingNeed("ann", "login", 2, 3, reason="thin"),
        TrainingNeed("bo", "login", 2, 3, reason="thin"),
        TrainingNeed("cy", "billing", 2, 3, reason="single_point_of_failure"),
    )


def test_needs_of_as_many_as_asked_for_or_of_all(team: SkillMatrix) -> None:
    asked = [SkillRequirement("billing", 3)]
    assert [need.person for need in training_needs(team, asked, per_gap=2)] == ["cy", "dee"]
    assert [need.person for need in training_needs(team, asked, candidates="all")] == ["bo", "cy", "dee"]
    assert [need.person for need in training_needs(team, asked, per_gap=9)] == ["bo", "cy", "dee"]
    assert training_needs(team, []) == ()


def test_two_levels_of_one_skill_give_one_need_for_the_higher(team: SkillMatrix) -> None:
    asked = [SkillRequirement("billing", 4), SkillRequirement("billing", 3, 2)]
    needs = training_needs(team, asked, candidates="all")
    assert [(need.person, need.target, need.reason) for need in needs] == [
        ("ann", 4, "uncovered"),
        ("bo", 4, "thin, uncovered"),
        ("cy", 4, "thin, uncovered"),
        ("dee", 4, "thin, uncovered"),
    ]


def test_options_of_needs_are_checked_together(team: SkillMatrix) -> None:
    with pytest.raises(SkillError) as caught:
        training_needs(team, [], candidates="best", per_gap=0)  # type: ignore[arg-type]
    assert [fault.where for fault in caught.value.faults] == ["candidates", "per_gap"]
    with pytest.raises(SkillError, match="per_gap: counts the nearest people"):
        training_needs(team, [], candidates="all", per_gap=1)
    with pytest.raises(SkillError, match=r"per_gap: expected a whole number, got 1\.5"):
        training_needs(team, [], per_gap=1.5)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda: Skill(""), "id: expected a text that is not empty"),
        (lambda: Skill("a", None, 3, None), "3 faults"),  # type: ignore[arg-type]
        (lambda: SkillRequirement("a", "3"), "level: expected a number, got '3'"),
        (lambda: SkillRequirement("a", NAN), "level: expected a finite number, got nan"),
        (lambda: SkillRequirement("a", 1, True), "people: expected a whole number, got True"),
        (lambda: SkillRequirement(3, -1, 0), "3 faults"),  # type: ignore[arg-type]
        (lambda: TrainingNeed("", "", "1", None, 0, 3), "6 faults"),  # type: ignore[arg-type]
        (lambda: TrainingNeed("a", "b", 2, 1), "target: expected a level above the current one, 2, got 1"),
        (lambda: TrainingNeed("a", "b", NAN, 0), "target: expected a level above 0, from which somebody not assessed"),
        (lambda: TrainingNeed("a", "b", -1, 1), "current: expected a number of at least 0"),
        (lambda: TrainingNeed("a", "b", math.inf, 1), "current: expected a finite number"),
        (lambda: TrainingNeed("a", "b", 0, 1, weight=-1), "weight: expected a finite number above 0"),
    ],
)
def test_what_models_refuse(build: Any, message: str) -> None:
    with pytest.raises(SkillError, match=message):
        build()


def test_needs_compare_by_value_where_nobody_was_assessed() -> None:
    assert TrainingNeed("a", "b", NAN, 1) == TrainingNeed("a", "b", None, 1)
    assert TrainingNeed("a", "b", NAN, 1).start == 0
