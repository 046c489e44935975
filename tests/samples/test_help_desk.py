"""The help desk of the samples: what it is meant to show, and that it is the same every time."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest

from leadkit import samples
from leadkit.escalation import PilotEvaluation, evaluate_pilot, metrics, pilot_outcomes
from leadkit.skills import plan_training

FIRST_LINE = ("amara", "boris", "chen", "dilnoza", "emeka")
WEAK = [("boris", "network"), ("emeka", "billing")]


@pytest.fixture(scope="module")
def evaluation() -> PilotEvaluation:
    return evaluate_pilot(pilot_outcomes(samples.tickets(), stratum="channel"))


def weak_cells(evaluation: PilotEvaluation) -> list[tuple[str | None, str | None]]:
    return [(row.person, row.domain) for row in evaluation.cells if row.verdict == "train"]


def test_the_pilot_finds_exactly_the_two_weak_cells(evaluation: PilotEvaluation) -> None:
    assert weak_cells(evaluation) == WEAK
    assert all(row.verdict == "fine" for row in evaluation.people)
    assert evaluation.flags == ()
    assert sum(row.n for row in evaluation.cells) == 600


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_other_seeds_tell_the_same_story_with_other_cases(seed: int) -> None:
    log = samples.tickets(rng=seed)
    assert log != samples.tickets()
    assert weak_cells(evaluate_pilot(pilot_outcomes(log, stratum="channel"))) == WEAK


def test_what_the_pilot_finds_becomes_a_plan(evaluation: PilotEvaluation) -> None:
    needs = evaluation.training_needs(samples.escalation_matrix(), target_level="L2")
    assert [(need.person, need.skill) for need in needs] == WEAK
    plan = plan_training(needs, samples.development_actions(), max_cost=10_000)
    assert {item.person for item in plan.items} == {"boris", "emeka"}


def test_the_same_seed_gives_the_same_cases() -> None:
    assert samples.tickets() == samples.tickets()
    assert samples.tickets(50, rng=7) == samples.tickets(50, rng=np.random.default_rng(7))
    assert samples.tickets(50, rng=7) == samples.tickets(50, rng=np.random.SeedSequence(7))
    assert samples.tickets(50, rng=7) != samples.tickets(50, rng=8)
    assert samples.desk_skills() == samples.desk_skills()
    assert samples.escalation_matrix() == samples.escalation_matrix()
    assert samples.development_actions() == samples.development_actions()


def test_a_generator_goes_on_and_the_global_one_is_left_alone() -> None:
    chance = np.random.default_rng(7)
    before = np.random.get_state()[1].tolist()  # type: ignore[index]  # noqa: NPY002
    assert samples.tickets(20, rng=chance) != samples.tickets(20, rng=chance)
    assert np.random.get_state()[1].tolist() == before  # type: ignore[index]  # noqa: NPY002


def test_every_first_line_agent_takes_as_many_cases_of_every_domain() -> None:
    log = samples.tickets()
    columns = log.to_columns()
    taken: dict[str, tuple[str, str]] = {}
    for ticket, person, level, domain in zip(
        columns["ticket"], columns["person"], columns["level"], columns["domain"], strict=True
    ):
        if person is not None and level == 1:
            taken.setdefault(ticket, (person, domain))
    domains = samples.escalation_matrix().domains
    assert Counter(taken.values()) == {(person, domain.id): 24 for person in FIRST_LINE for domain in domains}


def test_cases_come_in_open_hours_over_eight_weeks_and_nothing_comes_later() -> None:
    log = samples.tickets()
    came = [at.replace(tzinfo=UTC) for at in log.at[log.starts[:-1]].tolist()]
    assert all(at.weekday() < 5 and 6 <= at.hour < 16 for at in came)
    start = datetime(2026, 9, 7, 6, tzinfo=UTC)
    assert {(at - start).days // 7 for at in came} == set(range(8))
    assert log.at.max().item().replace(tzinfo=UTC) <= start + timedelta(weeks=8)


def test_cases_go_up_and_only_to_those_whom_the_matrix_names() -> None:
    columns = samples.tickets().to_columns()
    matrix = samples.escalation_matrix()
    above = {
        (person, domain, level)
        for person, domain, level in zip(columns["person"], columns["domain"], columns["level"].tolist(), strict=True)
        if level > 1
    }
    assert {level for _, _, level in above} == {2, 3}
    assert all(person in matrix.at(domain, f"L{level}") for person, domain, level in above)


def test_the_attributes_are_those_that_are_promised() -> None:
    log = samples.tickets()
    assert set(log.attribute("priority")) == {"1", "2", "3", "4"}
    assert set(log.attribute("channel")) == {"chat", "mail", "phone"}
    assert set(log.attribute("csat")) == {None, 1.0, 2.0, 3.0, 4.0, 5.0}
    found = {
        one.id: one for one in metrics(log, ("first_line_resolution", "reopened_share", "waiting_share", "csat_mean"))
    }
    assert 0.7 < found["first_line_resolution"].value < 0.85
    assert 0 < found["reopened_share"].value < 0.1
    assert 0 < found["waiting_share"].value < 0.4
    assert not any(one.flags for one in found.values())


@pytest.mark.parametrize("n", [1, 2, 26, np.int64(3)])
def test_any_number_of_cases(n: int) -> None:
    log = samples.tickets(n)
    assert log.tickets != ()
    assert sorted(log.tickets) == [f"T{i + 1:04d}" for i in range(n)]
    assert set(log.attribute("status")) == {"new"}


@pytest.mark.parametrize("n", [0, -1, True, 1.5, 2.0, "3", None, float("nan")])
def test_a_wrong_number_of_cases_is_refused(n: Any) -> None:
    with pytest.raises(ValueError, match="n: expected a whole number of at least 1, got"):
        samples.tickets(n)


def test_the_matrix_covers_every_domain_on_two_levels_and_shows_two_gaps() -> None:
    """Nobody is an expert in delivery or network."""
    matrix = samples.escalation_matrix()
    for domain in matrix.domains:
        assert len(matrix.at(domain.id, "L1")) >= 3
        assert matrix.at(domain.id, "L2")
    assert [domain.id for domain in matrix.domains if not matrix.at(domain.id, "L3")] == ["delivery", "network"]


def test_one_level_of_the_skills_is_not_assessed() -> None:
    skills = samples.desk_skills()
    assert (len(skills.people), len(skills.skills)) == (8, 5)
    assert np.argwhere(np.isnan(skills.levels)).tolist() == [
        [skills.people.index("hana"), skills.skills.index("delivery")]
    ]


def test_every_domain_has_a_course_a_certificate_and_a_coach_that_lead_on() -> None:
    actions = samples.development_actions()
    assert Counter((one.skill, one.kind) for one in actions) == {
        (skill, kind): 1 for skill in samples.desk_skills().skills for kind in ("training", "certification", "coaching")
    }
    reach = {one.id: one for one in actions}
    assert reach["network_certificate"].requires <= reach["network_course"].reaches
    assert len({one.id for one in actions}) == 15
