"""The matrix: who is placed where, by the numbered rules, and what it refuses."""

from __future__ import annotations

import copy
import json
import pickle
import re
from collections.abc import Mapping
from fractions import Fraction
from itertools import permutations
from random import Random
from typing import Any

import attrs
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadkit.errors import EscalationError, MatrixError, UnknownIdError
from leadkit.escalation.flags import ESCALATION_FLAGS
from leadkit.escalation.matrix import Domain, LevelRule, Matrix, build_matrix
from leadkit.skills import Skill, SkillMatrix
from leadkit.testing.escalation_matrix import domain, level_rule, matrix

NAN = float("nan")
TEAM = SkillMatrix(
    ["dee", "ann", "cy", "bo"],
    ["login", "billing"],
    [[NAN, 0], [1, 4], [3, NAN], [2, 2]],
)
L1 = LevelRule(id="L1", rank=1, threshold=1)
L2 = LevelRule(id="L2", rank=2, threshold=2, by_skill={"login": 3})
L3 = LevelRule(id="L3", rank=3, threshold=4)
LEVELS = [L1, L2, L3]
BOTH = Domain(id="both", skills={"login": 0, "billing": 0})


def test_the_threshold_of_a_level_is_that_of_the_skill_or_its_own() -> None:
    assert (L2.threshold_of("login"), L2.threshold_of("billing")) == (3.0, 2.0)


def test_without_domains_each_skill_is_one() -> None:
    own = build_matrix(TEAM, LEVELS)
    assert own.domain_ids == ("billing", "login")
    assert own.domains == (Domain(id="billing", skills={"billing": 0}), Domain(id="login", skills={"login": 0}))


def test_domains_of_skills_bear_the_names_of_the_catalogue() -> None:
    team = SkillMatrix(["ann"], ["billing"], [[1]], catalogue=[Skill("billing", "Invoices")])
    assert build_matrix(team, [L1]).domains[0].name == "Invoices"


def test_people_are_placed_in_the_highest_level_they_qualify_for() -> None:
    own = build_matrix(TEAM, LEVELS)
    assert [own.at("billing", level) for level in own.level_ids] == [(), ("bo",), ("ann",)]
    assert [own.at("login", level) for level in own.level_ids] == [("ann", "bo"), ("cy",), ()]


def test_or_in_every_level_they_qualify_for() -> None:
    own = build_matrix(TEAM, LEVELS, placement="all")
    assert [own.at("billing", level) for level in own.level_ids] == [("ann", "bo"), ("ann", "bo"), ("ann",)]
    assert [own.level_of(person, "billing") for person in own.people] == ["L3", "L2", None, None]


def test_every_skill_of_a_domain_is_needed() -> None:
    own = build_matrix(TEAM, LEVELS, domains=[BOTH])
    assert [own.at("both", level) for level in own.level_ids] == [("ann", "bo"), (), ()]


def test_an_offset_is_added_to_the_threshold() -> None:
    harder = Domain(id="harder", skills={"billing": 1})
    easier = Domain(id="easier", skills={"billing": -2, "login": -1})
    own = build_matrix(TEAM, LEVELS, domains=[harder, easier])
    assert own.at("harder", "L1") == ("bo",)
    assert own.at("harder", "L2") == ("ann",)
    assert dict(own.requirements("easier", "L3")) == {"billing": 2.0, "login": 3.0}
    assert dict(own.requirements("harder", 2)) == {"billing": 3.0}


def test_a_level_below_zero_is_met_by_all_who_are_assessed() -> None:
    own = build_matrix(TEAM, [L1], domains=[Domain(id="any", skills={"login": -3})])
    assert own.at("any", 1) == ("ann", "bo", "cy")


def test_levels_are_named_by_id_or_rank() -> None:
    own = build_matrix(TEAM, LEVELS)
    assert own.at("billing", "L2") == own.at("billing", 2) == ("bo",)
    assert own.cell("login", "L3") == own.cell("login", 3) == (1, 2)
    assert own.rank_of("ann", "billing") == 3
    assert own.rank_of("dee", "billing") == 0
    assert own.level_of("dee", "billing") is None


def test_axes_are_sorted_and_members_cannot_be_changed() -> None:
    own = build_matrix(TEAM, LEVELS[::-1])
    assert own.people == ("ann", "bo", "cy", "dee")
    assert own.level_ids == ("L1", "L2", "L3")
    assert own.members.shape == (2, 3, 4)
    assert [own.position(person) for person in own.people] == [0, 1, 2, 3]
    with pytest.raises(ValueError, match="read-only"):
        own.members[0, 0, 0] = True


def test_a_domain_without_anybody_is_flagged() -> None:
    own = build_matrix(TEAM, [attrs.evolve(L3, rank=1)], domains=[BOTH, Domain(id="billing", skills={"billing": 0})])
    assert own.flags == ("domain_uncovered:both",)
    assert {flag.partition(":")[0] for flag in own.flags} <= set(ESCALATION_FLAGS)


def test_nobody_at_all_is_a_matrix_too() -> None:
    own = build_matrix(SkillMatrix([], ["billing"], []), [L1])
    assert own.at("billing", 1) == ()
    assert own.flags == ("domain_uncovered:billing",)
    assert own.explain("billing", 1) == ()
    assert own.to_records() == []


def test_owners_are_kept_in_their_order_beside_the_matrix() -> None:
    own = build_matrix(TEAM, LEVELS, owners={"login": ["zoe", "ann"], "billing": ("boss",)})
    assert own.owners == {"billing": ("boss",), "login": ("zoe", "ann")}
    assert np.array_equal(own.members, build_matrix(TEAM, LEVELS).members)


def test_order_of_people_skills_levels_and_domains_does_not_matter() -> None:
    domains = [BOTH, Domain(id="a", skills={"billing": 0, "login": -1})]
    first = build_matrix(TEAM, LEVELS, domains=domains, owners={"a": ("x",), "both": ("y",)})
    for levels in permutations(LEVELS):
        team = TEAM.select(TEAM.people[::-1], TEAM.skills[::-1])
        turned = [Domain(id="a", skills={"login": -1, "billing": 0}), BOTH]
        again = build_matrix(team, levels, domains=turned, owners={"both": ("y",), "a": ("x",)})
        assert again == first
        assert json.dumps(again.to_dict()) == json.dumps(first.to_dict())


# explain


def test_explain_names_one_reason_a_person() -> None:
    own = build_matrix(TEAM, LEVELS, domains=[BOTH])
    rows = own.explain("both", "L1")
    assert [(row.person, row.included, row.code) for row in rows] == [
        ("ann", True, "QUALIFIED"),
        ("bo", True, "QUALIFIED"),
        ("cy", False, "NOT_ASSESSED"),
        ("dee", False, "BELOW_THRESHOLD"),
    ]
    assert [(row.skill, row.threshold) for row in rows] == [
        ("login", 1),
        ("billing", 1),
        ("billing", 1),
        ("billing", 1),
    ]
    assert [row.level_held for row in rows[:2]] == [1.0, 2.0]
    assert np.isnan(rows[2].level_held)


def test_explain_says_who_is_placed_higher() -> None:
    own = build_matrix(TEAM, LEVELS)
    assert [row.code for row in own.explain("billing", 2)] == [
        "PLACED_HIGHER",
        "QUALIFIED",
        "NOT_ASSESSED",
        "BELOW_THRESHOLD",
    ]


def test_the_skill_with_the_greatest_shortfall_is_named_and_ties_go_by_id() -> None:
    team = SkillMatrix(["ann", "bo", "cy"], ["a", "b", "c"], [[2, 0, 1], [1, 1, 3], [NAN, NAN, 3]])
    own = build_matrix(
        team, [LevelRule(id="L1", rank=1, threshold=3)], domains=[Domain(id="d", skills=dict.fromkeys("cba", 0))]
    )
    assert [(row.skill, row.level_held) for row in own.explain("d", 1)[:2]] == [("b", 0.0), ("a", 1.0)]
    assert own.explain("d", 1)[2].skill == "a"
    higher = build_matrix(team, own.levels, domains=[Domain(id="d", skills={"a": 0, "b": 1, "c": 0})])
    assert [row.skill for row in higher.explain("d", 1)] == ["b", "b", "b"]


def test_a_reason_gives_plain_data() -> None:
    row = build_matrix(TEAM, LEVELS).explain("billing", 1)[2]
    assert row.to_dict() == {
        "person": "cy",
        "included": False,
        "code": "NOT_ASSESSED",
        "skill": "billing",
        "level_held": None,
        "threshold": 1.0,
    }
    assert row == build_matrix(TEAM, LEVELS).explain("billing", "L1")[2]


# bad input


@pytest.mark.parametrize(
    ("fields", "what"),
    [
        ({"id": ""}, "id: expected a text that is not empty"),
        ({"rank": 0}, "rank: expected a whole number of at least 1, got 0"),
        ({"rank": True}, "rank: expected a whole number, got True"),
        ({"rank": "1"}, "rank: expected a whole number, got '1'"),
        ({"threshold": None}, "threshold: expected a number, got None"),
        ({"threshold": NAN}, "threshold: expected a finite number, got nan"),
        ({"threshold": 10**400}, "threshold: expected a finite number, got inf"),
        ({"threshold": -1}, "threshold: expected at least 0, got -1.0"),
        ({"by_skill": {"a": -1}}, "by_skill, skill 'a': expected at least 0"),
        ({"by_skill": [1]}, "by_skill: expected a mapping of skills to levels, got [1]"),
        ({"min_people": -1}, "min_people: expected a whole number of at least 0, got -1"),
        ({"min_people": 1.0}, "min_people: expected a whole number, got 1.0"),
        ({"name": None}, "name: expected a text, got None"),
    ],
)
def test_a_wrong_field_of_a_level_is_named(fields: dict[str, Any], what: str) -> None:
    every: dict[str, Any] = {"id": "L1", "rank": 1, "threshold": 1} | fields
    with pytest.raises(MatrixError, match=re.escape(what)):
        LevelRule(**every)


@pytest.mark.parametrize(
    ("fields", "what"),
    [
        ({"id": None}, "id: expected a text that is not empty, got None"),
        ({"skills": {}}, "skills: expected at least one skill, got none"),
        ({"skills": ["a"]}, "skills: expected a mapping of skills to offsets, got ['a']"),
        ({"skills": {"a": None}}, "skills, skill 'a': expected a number, got None"),
        ({"skills": {"a": float("inf")}}, "skills, skill 'a': expected a finite number, got inf"),
        ({"skills": {1: 0}}, "skills, skill 1: expected a text that is not empty, got 1"),
        ({"name": 1}, "name: expected a text, got 1"),
    ],
)
def test_a_wrong_field_of_a_domain_is_named(fields: dict[str, Any], what: str) -> None:
    with pytest.raises(MatrixError, match=re.escape(what)):
        Domain(**({"id": "d", "skills": {"a": 0}} | fields))


def test_ranks_run_from_one_without_gaps() -> None:
    for ranks in ((1, 3), (2,), (1, 1)):
        levels = [LevelRule(id=f"L{i}", rank=rank, threshold=1) for i, rank in enumerate(ranks)]
        told = ", ".join(map(str, ranks))
        with pytest.raises(MatrixError, match=f"levels: expected the ranks 1 to {len(ranks)}, each once, got {told}"):
            build_matrix(TEAM, levels)


def test_a_threshold_that_falls_names_the_levels_and_the_skill() -> None:
    lower = LevelRule(id="L1", rank=1, threshold=1, by_skill={"login": 5})
    with pytest.raises(MatrixError) as caught:
        build_matrix(TEAM, [LevelRule(id="L2", rank=2, threshold=2), lower])
    assert str(caught.value) == "matrix: levels 'L1' and 'L2', skill 'login': the threshold falls from 5 to 2"


def test_a_default_that_no_skill_uses_may_fall() -> None:
    levels = [
        LevelRule(id="L1", rank=1, threshold=5, by_skill={"login": 1, "billing": 1}),
        LevelRule(id="L2", rank=2, threshold=2),
    ]
    assert build_matrix(TEAM, levels).at("login", "L2") == ("bo", "cy")


@pytest.mark.parametrize(
    ("arguments", "what"),
    [
        ({"levels": []}, "levels: expected at least one LevelRule, got none"),
        ({"levels": None}, "levels: expected a list of LevelRule, got None"),
        ({"levels": L1}, "levels: expected a list of LevelRule"),
        ({"levels": [L1, "L2"]}, "levels[1]: expected a LevelRule, got 'L2'"),
        ({"levels": [L1, attrs.evolve(L1, rank=2)]}, "levels: id 'L1' is there more than once"),
        (
            {"levels": [attrs.evolve(L1, by_skill={"biling": 2})]},
            "level 'L1', by_skill: unknown skill 'biling' (did you mean 'billing'?)",
        ),
        ({"domains": []}, "domains: expected at least one Domain, got none"),
        ({"domains": "both"}, "domains: expected a list of Domain, got 'both'"),
        ({"domains": [BOTH, BOTH]}, "domains: id 'both' is there more than once"),
        (
            {"domains": [Domain(id="d", skills={"logon": 0})]},
            "domain 'd': unknown skill 'logon' (did you mean 'login'?)",
        ),
        (
            {
                "domains": [Domain(id="d", skills={"login": 1.7e308})],
                "levels": [LevelRule(id="L1", rank=1, threshold=1e308)],
            },
            "domain 'd', skill 'login': offset 1.7e+308 is too large for level 'L1'",
        ),
        ({"placement": "lowest"}, "placement: expected one of 'highest', 'all', got 'lowest'"),
        ({"placement": None}, "placement: expected one of 'highest', 'all', got None"),
        ({"owners": None}, "owners: expected a mapping of domains to lists of ids, got None"),
        (
            {"owners": {"biling": ("ann",)}},
            "owners of 'biling': unknown domain 'biling' (did you mean 'billing'?)",
        ),
        ({"owners": {3: ("ann",)}}, "owners of 3: unknown domain 3"),
        ({"owners": {"login": "ann"}}, "owners of 'login': expected a list of ids, the first to be asked in front"),
        ({"owners": {"login": {"ann"}}}, "owners of 'login': expected a list of ids"),
        ({"owners": {"login": ()}}, "owners of 'login': expected a list of ids"),
        ({"owners": {"login": ("ann", "ann")}}, "owners of 'login': 'ann' is there more than once"),
        ({"owners": {"login": ("ann", "")}}, "owners of 'login'[1]: expected a text that is not empty"),
    ],
)
def test_a_wrong_part_of_a_matrix_is_named(arguments: dict[str, Any], what: str) -> None:
    every: dict[str, Any] = {"levels": LEVELS} | arguments
    with pytest.raises(MatrixError, match=re.escape(what)):
        build_matrix(TEAM, **every)


@pytest.mark.parametrize("bad", [None, "team", [[1, 2]], TEAM.levels])
def test_skills_are_a_skill_matrix(bad: Any) -> None:
    with pytest.raises(MatrixError, match="skills: expected a SkillMatrix"):
        build_matrix(bad, LEVELS)
    with pytest.raises(MatrixError, match="skills: expected a SkillMatrix"):
        Matrix(skills=bad, levels=tuple(LEVELS), domains=(BOTH,))


def test_skills_without_a_column_have_no_domains() -> None:
    with pytest.raises(MatrixError, match="domains: expected at least one Domain"):
        build_matrix(SkillMatrix(["ann"], [], np.empty((1, 0))), LEVELS)


def test_all_faults_of_a_matrix_come_at_once() -> None:
    with pytest.raises(MatrixError, match="matrix: 4 faults") as caught:
        build_matrix(
            TEAM,
            [L1, LevelRule(id="L2", rank=2, threshold=0, by_skill={"login": 1, "logon": 1})],
            domains=[Domain(id="d", skills={"bill": 0})],
            owners={"e": ("ann",)},
        )
    assert [fault.where for fault in caught.value.faults] == [
        "level 'L2', by_skill",
        "levels 'L1' and 'L2', skill 'billing'",
        "domain 'd'",
        "owners of 'e'",
    ]


@pytest.mark.parametrize("bad", ["biling", None, 3, ["billing"]])
def test_an_unknown_domain_is_named_with_the_nearest(bad: Any) -> None:
    own = build_matrix(TEAM, LEVELS)
    calls = (
        own.held,
        lambda name: own.at(name, 1),
        lambda name: own.explain(name, 1),
        lambda name: own.level_of("ann", name),
    )
    for call in calls:
        with pytest.raises(UnknownIdError, match="unknown domain"):
            call(bad)
    with pytest.raises(UnknownIdError, match=re.escape("(did you mean 'billing'?)")):
        own.at("biling", 1)


@pytest.mark.parametrize("bad", ["L4", 4, 0, -1, True, None, 1.0, ["L1"]])
def test_an_unknown_level_is_named(bad: Any) -> None:
    own = build_matrix(TEAM, LEVELS)
    for call in (own.at, own.explain, own.cell, own.requirements, own.needed, own.shortfalls):
        with pytest.raises(UnknownIdError, match=r"unknown level .*; known: L1, L2, L3"):
            call("billing", bad)


@pytest.mark.parametrize("bad", ["anne", None, 3, ["ann"]])
def test_an_unknown_person_is_named(bad: Any) -> None:
    own = build_matrix(TEAM, LEVELS)
    for call in (own.position, lambda name: own.level_of(name, "billing"), lambda name: own.rank_of(name, "billing")):
        with pytest.raises(UnknownIdError, match="unknown person"):
            call(bad)


# what a matrix gives away


def test_records_are_one_a_person_in_a_cell() -> None:
    assert build_matrix(TEAM, LEVELS).to_records() == [
        {"domain": "billing", "level": "L2", "rank": 2, "person": "bo"},
        {"domain": "billing", "level": "L3", "rank": 3, "person": "ann"},
        {"domain": "login", "level": "L1", "rank": 1, "person": "ann"},
        {"domain": "login", "level": "L1", "rank": 1, "person": "bo"},
        {"domain": "login", "level": "L2", "rank": 2, "person": "cy"},
    ]


def test_a_matrix_shows_itself_as_a_table_with_every_text_escaped() -> None:
    team = SkillMatrix([f"<p{i:02}>" for i in range(22)], ["a"], np.full((22, 1), 3.0))
    levels = [LevelRule(id="L1", rank=1, threshold=1), LevelRule(id="L2", rank=2, threshold=2, name="R&D")]
    shown = build_matrix(
        team, levels, domains=[Domain(id=f"d{i:02}", skills={"a": 0}) for i in range(22)]
    )._repr_html_()
    assert "&lt;p00&gt;, &lt;p01&gt;" in shown
    assert "&lt;p19&gt; and 2 more" in shown
    assert '<th scope="col">L1</th><th scope="col">R&amp;D</th>' in shown
    assert "<p>... and 2 more domains</p>" in shown
    assert "<td>\N{EN DASH}</td>" in shown


def test_a_matrix_says_how_large_it_is() -> None:
    assert repr(build_matrix(TEAM, LEVELS)) == "Matrix(2 domains x 3 levels, 4 people, placement='highest')"


def test_plain_data_that_is_wrong_is_located() -> None:
    data = build_matrix(TEAM, LEVELS).to_dict()
    data["levels"][1]["rank"] = "two"
    data["colour"] = "red"
    with pytest.raises(MatrixError, match="matrix: 2 faults") as caught:
        Matrix.from_dict(data)
    assert {fault.where for fault in caught.value.faults} == {"levels[1].rank", ""}
    with pytest.raises(MatrixError, match="expected a table"):
        Matrix.from_dict([])  # type: ignore[arg-type]


@given(matrix())
def test_every_matrix_survives_plain_data_pickle_and_copy(own: Matrix) -> None:
    again = Matrix.from_dict(json.loads(json.dumps(own.to_dict(), allow_nan=False)))
    for other in (again, pickle.loads(pickle.dumps(own)), copy.deepcopy(own), attrs.evolve(own)):  # noqa: S301
        assert other == own
        assert other.at(own.domain_ids[0], 1) == own.at(own.domain_ids[0], 1)
        assert not other.members.flags.writeable


@given(level_rule(), domain())
def test_levels_and_domains_survive_pickle(level: LevelRule, own: Domain) -> None:
    assert pickle.loads(pickle.dumps((level, own))) == (level, own)  # noqa: S301


# laws


def held_exactly(own: Matrix, person: str) -> Mapping[str, Fraction | None]:
    levels = {skill: own.skills.level(person, skill) for skill in own.skills.skills}
    return {skill: None if np.isnan(level) else Fraction(level) for skill, level in levels.items()}


def qualifies(own: Matrix, person: str, part: Domain, level: LevelRule) -> bool:
    held = held_exactly(own, person)
    needs = {
        skill: Fraction(level.by_skill.get(skill, level.threshold)) + Fraction(more)
        for skill, more in part.skills.items()
    }
    return all((have := held[skill]) is not None and have >= need for skill, need in needs.items())


@given(matrix())
def test_members_are_those_of_the_rules_read_one_by_one(own: Matrix) -> None:
    for part in own.domains:
        for person in own.people:
            ranks = [level.rank for level in own.levels if qualifies(own, person, part, level)]
            wanted = ranks[-1:] if own.placement == "highest" else ranks
            assert [level.rank for level in own.levels if person in own.at(part.id, level.id)] == wanted
            assert own.rank_of(person, part.id) == max(ranks, default=0)


@given(matrix(), st.randoms(use_true_random=False))
def test_shuffling_gives_an_equal_matrix(own: Matrix, random: Random) -> None:
    def mixed(values: Any) -> list[Any]:
        return random.sample(list(values), len(values))

    skills = own.skills.select(mixed(own.people), mixed(own.skills.skills))
    domains = [
        attrs.evolve(part, skills={key: part.skills[key] for key in mixed(part.skills)}) for part in mixed(own.domains)
    ]
    owners = {key: own.owners[key] for key in mixed(own.owners)}
    again = build_matrix(skills, mixed(own.levels), domains=domains, placement=own.placement, owners=owners)
    assert again == own
    assert repr(again.gaps()) == repr(own.gaps())
    assert again.to_records() == own.to_records()


@given(matrix(), st.sampled_from((0.5, 1.0, 5.0)))
def test_raising_the_highest_threshold_adds_nobody(own: Matrix, more: float) -> None:
    top = own.levels[-1]
    raised = attrs.evolve(top, threshold=top.threshold + more, by_skill={s: v + more for s, v in top.by_skill.items()})
    fields = {"domains": own.domains, "placement": "all"}
    before = build_matrix(own.skills, own.levels, **fields)  # type: ignore[arg-type]
    after = build_matrix(own.skills, [*own.levels[:-1], raised], **fields)  # type: ignore[arg-type]
    assert not (after.members & ~before.members).any()


@given(matrix())
def test_each_person_has_at_most_one_place_in_a_domain_under_highest(own: Matrix) -> None:
    highest = build_matrix(own.skills, own.levels, domains=own.domains)
    everywhere = build_matrix(own.skills, own.levels, domains=own.domains, placement="all")
    assert (highest.members.sum(axis=1) <= 1).all()
    assert not (highest.members & ~everywhere.members).any()
    assert np.array_equal(highest.members.any(axis=1), everywhere.members.any(axis=1))
    assert highest.flags == everywhere.flags


@given(matrix())
def test_explain_agrees_with_members_and_levels(own: Matrix) -> None:
    for part in own.domains:
        for level in own.levels:
            rows = own.explain(part.id, level.id)
            assert tuple(row.person for row in rows) == own.people
            assert tuple(row.person for row in rows if row.included) == own.at(part.id, level.id)
            for row in rows:
                assert row.included == (row.code == "QUALIFIED")
                assert row.threshold == own.requirements(part.id, level.id)[row.skill]
                assert np.isnan(row.level_held) == (row.code == "NOT_ASSESSED")
                assert (row.level_held < row.threshold) == (row.code == "BELOW_THRESHOLD")


@given(matrix(), st.sampled_from((None, "x", 1, True, NAN, [], {}, b"")))
def test_whatever_is_built_from_is_taken_or_refused(own: Matrix, bad: Any) -> None:
    for name in ("levels", "domains", "owners", "placement"):
        arguments: dict[str, Any] = {"levels": own.levels, "domains": own.domains, name: bad}
        try:
            build_matrix(own.skills, **arguments)
        except EscalationError as error:
            assert error.faults


def test_a_rank_may_be_a_number_of_an_array() -> None:
    matrix = build_matrix(SkillMatrix(["ann"], ["billing"], [[1]]), [LevelRule(id="L1", rank=1, threshold=1)])
    assert matrix.at("billing", np.int64(1)) == matrix.at("billing", "L1") == ("ann",)  # type: ignore[arg-type]
    with pytest.raises(UnknownIdError, match="unknown level '2'"):
        matrix.at("billing", np.int64(2))  # type: ignore[arg-type]
