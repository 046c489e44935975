"""Skill matrices: what they refuse, who is qualified, and that the order of rows never matters."""

from __future__ import annotations

import math
import pickle
import subprocess
import sys
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadkit.errors import SkillError, UnknownIdError
from leadkit.skills import SKILL_FLAGS, Skill, SkillMatrix, SkillRequirement
from leadkit.testing import skill_matrices, skill_matrix

NAN = math.nan
LEVELS = st.sampled_from((0.0, 1.0, 2.5, 3.0, 5.0))


@pytest.fixture
def team() -> SkillMatrix:
    return SkillMatrix(["cy", "ann", "bo"], ["login", "billing"], [[2, NAN], [1, 3], [0, 1]])


def requirements_for(matrix: SkillMatrix) -> list[SkillRequirement]:
    return [SkillRequirement(own, level, n) for own in matrix.skills for level in (0, 1, 3) for n in (1, 2)]


def shuffled(matrix: SkillMatrix, seed: int) -> SkillMatrix:
    rng = np.random.default_rng(seed)
    return matrix.select(rng.permutation(matrix.people).tolist(), rng.permutation(matrix.skills).tolist())


def test_a_level_is_found_by_person_and_skill(team: SkillMatrix) -> None:
    assert team.level("ann", "billing") == 3
    assert math.isnan(team.level("cy", "billing"))


def test_unknown_ids_are_named_with_the_nearest(team: SkillMatrix) -> None:
    with pytest.raises(UnknownIdError, match=r"unknown person 'anne' \(did you mean 'ann'\?\); known: ann, bo, cy"):
        team.level("anne", "billing")
    with pytest.raises(UnknownIdError, match=r"unknown skill 'biling' \(did you mean 'billing'\?\)"):
        team.level("ann", "biling")
    for ask in (team.coverage, team.gaps, team.single_points_of_failure):
        with pytest.raises(UnknownIdError, match="unknown skill 'sql'; known: billing, login"):
            ask([SkillRequirement("login", 1), SkillRequirement("sql", 1)])
    with pytest.raises(UnknownIdError, match="unknown skill 'sql'"):
        team.qualified({"sql": 1})
    with pytest.raises(UnknownIdError, match="unknown person 'di'"):
        team.with_levels({("di", "login"): 1})


def test_nobody_is_qualified_who_is_not_assessed_and_level_zero_is_a_level(team: SkillMatrix) -> None:
    assert team.qualified({"billing": 0}) == ("ann", "bo")
    assert team.qualified({"login": 0}) == ("ann", "bo", "cy")
    assert team.qualified({"login": 1, "billing": 1}) == ("ann",)
    assert team.qualified({}) == ("ann", "bo", "cy")
    assert team.qualified_mask({"login": 1}).tolist() == [True, True, False]
    assert not team.qualified_mask({}).flags.writeable


def test_a_threshold_that_is_no_level_is_refused(team: SkillMatrix) -> None:
    with pytest.raises(SkillError) as caught:
        team.qualified({"login": "2", "billing": -1})  # type: ignore[dict-item]
    assert [str(fault) for fault in caught.value.faults] == [
        "skill 'login': expected a number, got '2'",
        "skill 'billing': expected a number of at least 0, got -1",
    ]


def test_levels_are_a_read_only_copy() -> None:
    given_levels = np.array([[1.0, 2.0]])
    matrix = SkillMatrix(["ann"], ["a", "b"], given_levels)
    given_levels[0, 0] = 9
    assert matrix.level("ann", "a") == 1
    assert not matrix.levels.flags.writeable
    assert matrix.levels.dtype == np.float64


@pytest.mark.parametrize(
    "levels",
    [[[1, None]], np.array([[1, np.nan]]), np.ma.array([[1.0, 7.0]], mask=[[False, True]]), [[np.int64(1), NAN]]],
)
def test_levels_come_as_lists_arrays_and_masked_arrays(levels: Any) -> None:
    assert SkillMatrix(["ann"], ["a", "b"], levels) == SkillMatrix(["ann"], ["a", "b"], [[1, NAN]])


def test_all_faults_of_a_matrix_are_reported_together() -> None:
    with pytest.raises(SkillError) as caught:
        SkillMatrix(["ann", "bo", "ann"], ["a"], [[-1], [math.inf], [9]], (Skill("b"),), scale=(0, 5))
    assert [str(fault) for fault in caught.value.faults] == [
        "person 'ann': is there more than once",
        "skill 'a': is not in the catalogue",
        "skill 'b': is in the catalogue and not in the table",
        "person 'ann', skill 'a': expected a finite level of at least 0, got -1",
        "person 'bo', skill 'a': expected a finite level of at least 0, got inf",
        "person 'ann', skill 'a': 9 is outside 0..5",
    ]


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"people": "ann"}, "people: expected ids, got 'ann'"),
        ({"skills": 3}, "skills: expected ids, got 3"),
        ({"people": ["ann", ""]}, r"people\[1\]: expected a text that is not empty, got ''"),
        ({"people": [1, 2]}, r"people\[0\]: expected a text that is not empty, got 1"),
        ({"levels": [["3"], [True]]}, "person 'ann', skill 'a': expected a number, got '3'"),
        ({"levels": [[10**400], [1]]}, "person 'ann', skill 'a': expected a finite level of at least 0, got inf"),
        ({"levels": [[-(10**400)], [1]]}, "got -inf"),
        ({"levels": [[1, 2], [1, 2]]}, r"levels: expected shape \(2, 1\), .* got \(2, 2\)"),
        ({"levels": [[1], [1, 2]]}, r"levels: expected shape \(2, 1\), .* got \(2,\)"),
        ({"levels": "abc"}, r"levels: expected shape \(2, 1\), .* got \(\)"),
        ({"levels": [np.zeros((1, 2)), np.zeros((1, 3))]}, r"levels: expected shape \(2, 1\)"),
        ({"levels": [[None], ["x"]]}, "person 'bo', skill 'a': expected a number, got 'x'"),
        ({"catalogue": [Skill("a"), Skill("a")]}, "catalogue: skill 'a' is there more than once"),
        ({"catalogue": ["a"]}, r"catalogue\[0\]: expected a Skill, got 'a'"),
        ({"catalogue": "a"}, "catalogue: expected a list of skills, got 'a'"),
        ({"scale": 5}, r"scale: expected \(low, high\), got 5"),
        ({"scale": (0, 1, 2)}, r"scale: expected \(low, high\), got \(0.0, 1.0, 2.0\)"),
        ({"scale": (3, 3)}, r"scale: expected low below high, got 3\.\.3"),
        ({"scale": (-1, "5")}, "scale, high end: expected a number, got '5'"),
    ],
)
def test_what_a_matrix_refuses(fields: dict[str, Any], message: str) -> None:
    good: dict[str, Any] = {"people": ["ann", "bo"], "skills": ["a"], "levels": [[1], [2]]}
    with pytest.raises(SkillError, match=message):
        SkillMatrix(**(good | fields))


def test_a_matrix_may_be_empty_on_either_side() -> None:
    nobody = SkillMatrix([], ["a", "b"], [])
    assert nobody.levels.shape == (0, 2)
    assert nobody.qualified({"a": 1}) == ()
    assert SkillMatrix(["ann"], [], [[]]).qualified({}) == ("ann",)
    assert SkillMatrix([], [], []) == SkillMatrix.from_records([])
    (gap,) = nobody.gaps([SkillRequirement("a", 1)])
    assert (gap.kind, gap.nearest, gap.holders) == ("uncovered", (), ())


@given(skill_matrix(), st.integers(0, 99))
def test_a_shuffled_matrix_is_equal_and_answers_the_same(matrix: SkillMatrix, seed: int) -> None:
    other = shuffled(matrix, seed)
    asked = requirements_for(matrix)
    assert other == matrix
    assert other.gaps(asked[::-1]) == matrix.gaps(asked)
    assert other.single_points_of_failure(asked[::-1]) == matrix.single_points_of_failure(asked)
    assert other.coverage(asked) == matrix.coverage(asked)
    assert all(other.qualified({own: 1}) == matrix.qualified({own: 1}) for own in matrix.skills)


@given(skill_matrices(), st.randoms(use_true_random=False))
def test_records_and_columns_in_any_order_give_the_matrix_back(matrix: SkillMatrix, random: Any) -> None:
    rows = matrix.to_records()
    random.shuffle(rows)
    again = SkillMatrix.from_records(rows, scale=matrix.scale)
    columns = ([row[name] for row in rows] for name in ("person", "skill", "level"))
    assert again == matrix
    assert again.people == tuple(sorted(matrix.people))
    assert SkillMatrix.from_columns(*columns, scale=matrix.scale) == matrix


def test_matrices_differ_in_any_part(team: SkillMatrix) -> None:
    assert team != team.with_levels({("cy", "billing"): 0})
    assert team != team.select(people=["ann", "bo"])
    assert team != SkillMatrix(team.people, team.skills, team.levels, scale=(0, 5))
    named = SkillMatrix(team.people, team.skills, team.levels, [Skill("login"), Skill("billing", "Bills")])
    assert team != named
    assert named == shuffled(named, 1)
    assert team != "a matrix"
    assert pickle.loads(pickle.dumps(named)) == named  # noqa: S301 - written a moment ago


def test_records_may_have_other_keys_and_names(team: SkillMatrix) -> None:
    rows = [{"who": "ann", "what": "login", "grade": 2, "note": "x"}]
    assert SkillMatrix.from_records(rows, person="who", skill="what", level="grade").level("ann", "login") == 2


@pytest.mark.parametrize("unknown", [None, "", NAN, np.float64("nan")])
def test_not_assessed_keeps_person_and_skill_and_gives_way_to_a_level(unknown: Any) -> None:
    matrix = SkillMatrix.from_columns(["ann", "bo", "bo"], ["a", "b", "b"], [unknown, unknown, 2])
    assert matrix == SkillMatrix(["ann", "bo"], ["a", "b"], [[NAN, NAN], [NAN, 2]])


def test_a_catalogue_fixes_the_skills_and_their_order() -> None:
    entries = [Skill("sql", domain="data"), Skill("billing")]
    matrix = SkillMatrix.from_columns(["ann"], ["billing"], [1], catalogue=entries)
    assert matrix.skills == ("sql", "billing")
    assert matrix.select(skills=["billing"]).catalogue == (Skill("billing"),)


def test_all_faults_of_rows_are_reported_together() -> None:
    rows: list[Any] = [
        {"person": "ann", "skill": "billing", "level": "3"},
        {"person": "ann", "skil": "billing", "level": 3},
        "ann",
        {"person": "", "skill": "biling", "level": 1},
        {"person": "bo", "skill": "biling", "level": -1},
        {"person": "bo", "skill": "login", "level": 2},
        {"person": "bo", "skill": "login", "level": 2.0},
        {"person": "bo", "skill": "login", "level": 3},
        {"person": "ann", "skill": "login", "level": 9},
        {"person": "ann", "skill": "login", "level": 1},
    ]
    with pytest.raises(SkillError) as caught:
        SkillMatrix.from_records(rows, catalogue=[Skill("billing"), Skill("login")], scale=(0, 3))
    assert [str(fault) for fault in caught.value.faults] == [
        "row 2: has no 'skill' (did you mean 'skil'?)",
        "row 3: expected a table of names and values, got 'ann'",
        "row 1, person 'ann', skill 'billing': expected a number, got '3'",
        "row 4, person: expected a text that is not empty, got ''",
        "row 5, skill: 'biling' is not in the catalogue (did you mean 'billing'?)",
        "row 5, person 'bo', skill 'biling': expected a number of at least 0, got -1",
        "person 'ann', skill 'login': has two levels: 9 in row 9, 1 in row 10",
        "person 'bo', skill 'login': has two levels: 2 in row 6, 3 in row 8",
    ]
    with pytest.raises(SkillError, match=r"person 'ann', skill 'a': 9 is outside 0\.\.3"):
        SkillMatrix.from_columns(["ann"], ["a"], [9], scale=(0, 3))
    with pytest.raises(SkillError, match="columns: expected equal lengths, got person 1, skill 2, level 1"):
        SkillMatrix.from_columns(["ann"], ["a", "b"], [1])
    with pytest.raises(SkillError, match=r"2 faults\n.*catalogue: expected a list of skills.*\n.*scale"):
        SkillMatrix.from_records([], catalogue="sql", scale=(5, 1))  # type: ignore[arg-type]


def test_selecting_keeps_the_order_asked_for(team: SkillMatrix) -> None:
    part = team.select(["bo", "cy"], ["billing"])
    assert (part.people, part.skills) == (("bo", "cy"), ("billing",))
    assert part.level("bo", "billing") == 1
    assert team.select() == team
    with pytest.raises(SkillError, match="person 'bo': is there more than once"):
        team.select(["bo", "bo"])
    with pytest.raises(SkillError, match="skills: expected ids, got the text 'login'"):
        team.select(skills="login")
    with pytest.raises(UnknownIdError, match="unknown person 'di'"):
        team.select(["di"])


def test_updates_change_a_copy(team: SkillMatrix) -> None:
    later = team.with_levels({("cy", "billing"): 4, ("ann", "login"): None, ("bo", "login"): np.float64(2)})
    assert later.level("cy", "billing") == 4
    assert later.level("bo", "login") == 2
    assert math.isnan(later.level("ann", "login"))
    assert team.level("ann", "login") == 1
    with pytest.raises(SkillError) as caught:
        team.with_levels({("ann", "login"): "4", ("bo", "login"): True})  # type: ignore[dict-item]
    assert [fault.where for fault in caught.value.faults] == [
        "person 'ann', skill 'login'",
        "person 'bo', skill 'login'",
    ]
    with pytest.raises(SkillError, match=r"7 is outside 0\.\.5"):
        SkillMatrix(["ann"], ["a"], [[1]], scale=(0, 5)).with_levels({("ann", "a"): 7})


def test_a_matrix_shows_its_size(team: SkillMatrix) -> None:
    assert repr(team) == "SkillMatrix(3 people x 2 skills, 1 level not assessed)"
    assert team._repr_html_() == f"<p>{team!r}</p>"


@given(skill_matrix(), st.data())
def test_a_higher_level_disqualifies_nobody_and_opens_no_gap_but_a_sole_holder(matrix: SkillMatrix, data: Any) -> None:
    assessed = np.argwhere(~np.isnan(matrix.levels)).tolist()
    if not assessed:
        return
    i, j = data.draw(st.sampled_from(assessed))
    person, own = matrix.people[i], matrix.skills[j]
    higher = matrix.with_levels({(person, own): 5.0})
    asked = requirements_for(matrix)
    for part in asked:
        assert set(matrix.qualified({part.skill: part.level})) <= set(higher.qualified({part.skill: part.level}))
    had = {(gap.skill, gap.level, gap.need) for gap in matrix.gaps(asked)}
    new = [gap for gap in higher.gaps(asked) if (gap.skill, gap.level, gap.need) not in had]
    assert {gap.kind for gap in new} <= {"single_point_of_failure"}


@given(skill_matrix(), LEVELS, LEVELS)
def test_a_lower_threshold_disqualifies_nobody(matrix: SkillMatrix, one: float, other: float) -> None:
    for own in matrix.skills:
        assert set(matrix.qualified({own: max(one, other)})) <= set(matrix.qualified({own: min(one, other)}))


def test_only_planning_loads_scipy() -> None:
    code = "import sys, leadkit.skills; print({'scipy', 'cattrs', 'narwhals'} & set(sys.modules))"
    told = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout
    assert told.strip() == "set()"


def test_flags_are_sentences() -> None:
    assert all(sentence.endswith(".") for sentence in SKILL_FLAGS.values())
    assert list(SKILL_FLAGS) == sorted(SKILL_FLAGS)
