"""Where a member can grow: verdicts of the pilot, and the offers of a catalogue in order."""

from __future__ import annotations

import copy
import json
import pickle
import random
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadkit import samples
from leadkit.errors import EscalationError, UnknownIdError
from leadkit.escalation import (
    Domain,
    EventLog,
    GrowthArea,
    LevelRule,
    Matrix,
    MemberReport,
    Period,
    PilotOutcomes,
    build_matrix,
    evaluate_pilot,
    member_report,
)
from leadkit.skills import DevelopmentAction, SkillMatrix
from leadkit.testing.pilot import pilot_outcomes
from leadkit.testing.skills import development_action

START = datetime(2026, 9, 7, tzinfo=UTC)
SPAN = (Period(id="p", start=START, end=START + timedelta(days=1)),)
LOG = EventLog.from_columns(ticket=["t", "u", "v"], at=[START] * 3, person=["ann", "bo", "cy"])
DOMAINS = ("a", "b", "c", "d", "e", "f")
KINDS = ("training", "certification", "management_development", "research_assignment", "coaching")


def outcomes(weak: Mapping[str, int]) -> PilotOutcomes:
    """Give everybody 20 cases of every domain and 18 successes, but ann those of `weak`."""
    rows = [(person, domain) for domain in DOMAINS for person in ("ann", "bo", "cy")]
    success = [weak.get(domain, 18) if person == "ann" else 18 for person, domain in rows]
    return PilotOutcomes(
        person=[one for one, _ in rows], domain=[one for _, one in rows], success=success, count=[20] * len(rows)
    )


TWO_CELLS = outcomes({"b": 3, "d": 4})
A_LITTLE_EVERYWHERE = outcomes(dict.fromkeys(DOMAINS, 14))


def action(
    own: str, skill: str = "b", kind: str = "training", hours: float = 8, reaches: float = 3
) -> DevelopmentAction:
    return DevelopmentAction(id=own, name=own, kind=kind, skill=skill, reaches=reaches, hours=hours)  # type: ignore[arg-type]


def report(pilot: PilotOutcomes, person: str = "ann", **options: Any) -> MemberReport:
    return member_report(LOG, person, periods=SPAN, outcomes=pilot, **options)


def ids(area: GrowthArea) -> list[str]:
    return [one.id for one in area.actions]


def test_each_cell_that_needs_training_is_an_area_by_domain() -> None:
    growth = report(TWO_CELLS).growth
    assert [(area.domain, area.evidence.domain, area.evidence.verdict) for area in growth] == [
        ("b", "b", "train"),
        ("d", "d", "train"),
    ]
    assert {area.evidence.person for area in growth} == {"ann"}
    assert report(TWO_CELLS, "bo").growth == ()


def test_without_outcomes_there_is_no_growth_and_no_row_of_the_pilot() -> None:
    found = member_report(LOG, "ann", periods=SPAN, catalogue=[action("x")])
    assert found.growth == ()
    assert found.flags == ()
    assert all(row.metric != "pilot_success" for row in found.rows)


def test_somebody_who_was_not_in_the_pilot_has_no_area() -> None:
    log = EventLog.from_columns(ticket=["t"], at=[START], person=["dee"])
    found = member_report(log, "dee", periods=SPAN, outcomes=TWO_CELLS)
    assert found.growth == ()
    assert (found.rows[-1].n, found.rows[-1].flags) == (0, ("case_mix_adjusted", "few_cases"))


@given(pilot_outcomes())
def test_the_areas_are_the_verdicts_of_the_pilot(pilot: PilotOutcomes) -> None:
    evaluation = evaluate_pilot(pilot)
    for person in ("ann", "bo"):
        found = report(pilot, person)
        wanted = [row for row in evaluation.cells if row.person == person and row.verdict == "train"]
        wanted += [row for row in evaluation.people if row.person == person and row.verdict == "coach"]
        assert [area.evidence for area in found.growth] == wanted
        assert [area.domain for area in found.growth] == [row.domain for row in wanted]
        assert found.flags == evaluation.flags


def test_offers_are_in_order_of_kind_then_hours_then_id() -> None:
    offers = [
        action(f"{kind}_{hours}_{i}", kind=kind, hours=hours) for kind in KINDS for hours in (8, 16) for i in "ab"
    ]
    wanted = [one.id for one in offers]
    offers = [offers[place] for place in np.random.default_rng(4).permutation(len(offers))]
    assert ids(report(TWO_CELLS, catalogue=offers).growth[0]) == wanted


@given(st.lists(development_action(), unique_by=lambda one: one.id), st.randoms(use_true_random=False))
def test_the_order_of_the_catalogue_changes_nothing(offers: list[DevelopmentAction], chance: random.Random) -> None:
    skills = {domain: ["billing", "login"] for domain in DOMAINS}
    one = report(TWO_CELLS, catalogue=offers, skills=skills)
    wanted = [offer for offer in offers if offer.skill in ("billing", "login")]
    key = lambda offer: (KINDS.index(offer.kind), offer.hours, offer.id)  # noqa: E731
    assert list(one.growth[0].actions) == sorted(wanted, key=key)
    chance.shuffle(offers)
    assert report(TWO_CELLS, catalogue=iter(offers), skills=skills) == one


def test_without_skills_a_domain_is_a_skill_of_its_own_id() -> None:
    found = report(TWO_CELLS, catalogue=[action("x"), action("y", "d"), action("z", "a"), action("w", "other")])
    assert [ids(area) for area in found.growth] == [["x"], ["y"]]


def test_a_mapping_tells_the_skills_of_each_domain() -> None:
    skills: dict[str, Any] = {"b": ["sql", "forms"], "d": iter(("sql",))}
    found = report(TWO_CELLS, catalogue=[action("x", "sql"), action("y", "forms"), action("z", "b")], skills=skills)
    assert [ids(area) for area in found.growth] == [["x", "y"], ["x"]]


def test_a_skill_matrix_leaves_out_what_brings_nobody_further() -> None:
    """Ann holds 2.5 of b, and nothing is known of d."""
    held = SkillMatrix.from_records(
        [{"person": "ann", "skill": "b", "level": 2.5}, {"person": "bo", "skill": "b", "level": 5}]
    )
    offers = [
        action("low", reaches=2),
        action("same", reaches=2.5),
        action("more", reaches=3),
        action("d", "d", reaches=1),
    ]
    found = report(TWO_CELLS, catalogue=offers, skills=held)
    assert [ids(area) for area in found.growth] == [["more"], ["d"]]


def matrix(domains: tuple[str, ...] = DOMAINS) -> Matrix:
    rows = [
        {"person": person, "skill": skill, "level": 2} for person in ("ann", "bo", "cy") for skill in ("sql", "forms")
    ]
    made = [Domain(id=own, skills={"sql": 0.0, "forms": -1.0} if own == "b" else {"forms": 0.0}) for own in domains]
    return build_matrix(SkillMatrix.from_records(rows), [LevelRule(id="L1", rank=1, threshold=1)], domains=made)


def test_a_matrix_tells_both_the_skills_of_a_domain_and_what_the_member_holds() -> None:
    offers = [
        action("sql2", "sql", reaches=2),
        action("sql3", "sql"),
        action("forms4", "forms", reaches=4),
        action("b3", "b"),
    ]
    found = report(TWO_CELLS, catalogue=offers, skills=matrix())
    assert [ids(area) for area in found.growth] == [["forms4", "sql3"], ["forms4"]]


def test_what_is_not_assessed_or_not_in_the_matrix_leaves_every_offer() -> None:
    held = SkillMatrix.from_records([{"person": "bo", "skill": "b", "level": 5}])
    assert ids(report(TWO_CELLS, catalogue=[action("x", reaches=1)], skills=held).growth[0]) == ["x"]


def test_whoever_is_a_little_weak_everywhere_is_to_be_coached() -> None:
    offers = [
        action("course"),
        action("long", kind="coaching", hours=20),
        action("short", "d", kind="coaching", hours=4),
        action("other", "x", kind="coaching"),
    ]
    (area,) = report(A_LITTLE_EVERYWHERE, catalogue=offers).growth
    assert (area.domain, area.evidence.domain, area.evidence.verdict) == (None, None, "coach")
    assert ids(area) == ["short", "long"]


def test_coaching_that_brings_nobody_further_is_left_out() -> None:
    held = SkillMatrix.from_records([{"person": "ann", "skill": skill, "level": 3} for skill in DOMAINS])
    offers = [action("same", kind="coaching", reaches=3), action("more", kind="coaching", reaches=4)]
    assert ids(report(A_LITTLE_EVERYWHERE, catalogue=offers, skills=held).growth[0]) == ["more"]


@pytest.mark.parametrize("skills", [{"b": ["sql"], "data": ["sql"]}, matrix(("b", "data"))])
def test_a_domain_that_skills_does_not_know_is_named(skills: Any) -> None:
    with pytest.raises(UnknownIdError, match="unknown domain 'd'; known: b, data"):
        report(TWO_CELLS, catalogue=[action("x")], skills=skills)
    assert report(TWO_CELLS, "bo", catalogue=[action("x")], skills=skills).growth == ()


def test_an_area_without_offers_is_told_all_the_same() -> None:
    assert [ids(area) for area in report(TWO_CELLS).growth] == [[], []]
    assert [ids(area) for area in report(TWO_CELLS, catalogue=[action("x")], skills={"b": [], "d": ()}).growth] == [
        [],
        [],
    ]


# wrong arguments


@pytest.mark.parametrize("wrong", [3, "skills", ["b"], True, object()])
def test_skills_are_one_of_three(wrong: Any) -> None:
    with pytest.raises(
        EscalationError, match="skills: expected a Matrix, a SkillMatrix or a mapping of domains to skills"
    ):
        report(TWO_CELLS, skills=wrong)


def test_a_mapping_of_skills_holds_lists_of_ids() -> None:
    wrong: Any = {"b": "sql", "c": None, "d": [3, "", ["sql"]], 7: [], " e": ["ok"], "f": {"sql": 0}}
    with pytest.raises(EscalationError) as raised:
        report(TWO_CELLS, skills=wrong)
    wheres = [fault.where for fault in raised.value.faults]
    assert wheres == [
        "skills['b']",
        "skills['c']",
        "skills['d'][0]",
        "skills['d'][1]",
        "skills['d'][2]",
        "skills",
        "skills",
        "skills['f']",
    ]


@pytest.mark.parametrize("wrong", [None, 3, "course", action("x"), {"x": action("x")}, [None], ["x"]])
def test_a_catalogue_holds_actions(wrong: Any) -> None:
    with pytest.raises(EscalationError, match=r"catalogue.*: expected a"):
        report(TWO_CELLS, catalogue=wrong)


@pytest.mark.parametrize("wrong", ["pilot", 3, [], evaluate_pilot(TWO_CELLS)])
def test_outcomes_are_outcomes(wrong: Any) -> None:
    with pytest.raises(EscalationError, match="outcomes: expected PilotOutcomes, got"):
        report(wrong)


# what an area is


def test_an_area_is_plain_data_and_survives_pickle() -> None:
    area = report(TWO_CELLS, catalogue=[action("x")], skills=samples.desk_skills()).growth[0]
    told = area.to_dict()
    assert json.loads(json.dumps(told, allow_nan=False)) == told
    assert (told["domain"], told["evidence"]["n"], told["actions"][0]["kind"]) == ("b", 20, "training")
    assert pickle.loads(pickle.dumps(area)) == area  # noqa: S301 - our own bytes
    assert copy.copy(area) == area
    assert "GrowthArea" in area._repr_html_()
