"""The strategies that leadkit offers for testing code built on it."""

from __future__ import annotations

import json as library
import re
from typing import Any

import attrs
import jsonschema  # type: ignore[import-untyped]
import pytest
from hypothesis import given, settings

from leadkit import assessment, calendars, errors, escalation, org, skills, testing, ved, vitals, wbs
from leadkit._convert import structure, unstructure
from leadkit._results import Result
from leadkit.interchange import json

MODELS = {
    testing.response_scale: assessment.ResponseScale,
    testing.item: assessment.Item,
    testing.dimension: assessment.Dimension,
    testing.composite: assessment.Composite,
    testing.instrument: assessment.Instrument,
    testing.responses: assessment.Responses,
    testing.ratings: assessment.Ratings,
    testing.comment: assessment.Comment,
    testing.scores: assessment.Scores,
    testing.gap_rule: assessment.GapRule,
    testing.feedback: assessment.Feedback,
    testing.disclosure_policy: assessment.DisclosurePolicy,
    testing.disclosed_feedback: assessment.DisclosedFeedback,
    testing.criterion: assessment.Criterion,
    testing.candidates: assessment.Candidates,
    testing.entry: vitals.Entry,
    testing.day_log: vitals.DayLog,
    testing.goal: vitals.Goal,
    testing.strength: vitals.Strength,
    testing.values_sort: vitals.ValuesSort,
    testing.vitals_assessment: vitals.VitalsAssessment,
    testing.person: org.Person,
    testing.organisation: org.Organisation,
    testing.pyramid: org.Pyramid,
    testing.nominations: org.Nominations,
    testing.disclosed_roll_up: org.DisclosedRollUp,
    testing.endgame_goal: org.EndgameGoal,
    testing.endgame: org.Endgame,
    testing.vision: org.Vision,
    testing.window: calendars.Window,
    testing.day_exception: calendars.DayException,
    testing.interval: calendars.Interval,
    testing.work_calendar: calendars.WorkCalendar,
    testing.skill: skills.Skill,
    testing.skill_requirement: skills.SkillRequirement,
    testing.skill_matrix: skills.SkillMatrix,
    testing.development_action: skills.DevelopmentAction,
    testing.training_need: skills.TrainingNeed,
    testing.control_account: wbs.ControlAccount,
    testing.dictionary: wbs.Dictionary,
    testing.document: wbs.Document,
    testing.estimate: wbs.Estimate,
    testing.event: wbs.Event,
    testing.gate: wbs.Gate,
    testing.group: wbs.Group,
    testing.handover: wbs.Handover,
    testing.lag: wbs.Lag,
    testing.link: wbs.Link,
    testing.metric: wbs.Metric,
    testing.need: wbs.Need,
    testing.plan: wbs.Plan,
    testing.problem: wbs.Problem,
    testing.progress: wbs.Progress,
    testing.raci: wbs.Raci,
    testing.status: wbs.Status,
    testing.team: wbs.Team,
    testing.wbs: wbs.Wbs,
    testing.work_package: wbs.WorkPackage,
    testing.agent_state: escalation.AgentState,
    testing.complaint: escalation.Complaint,
    testing.contact: escalation.Contact,
    testing.domain: escalation.Domain,
    testing.event_log: escalation.EventLog,
    testing.level_load: escalation.LevelLoad,
    testing.level_rule: escalation.LevelRule,
    testing.log_profile: escalation.LogProfile,
    testing.matrix: escalation.Matrix,
    testing.period: escalation.Period,
    testing.pilot_outcomes: escalation.PilotOutcomes,
    testing.policy: escalation.Policy,
    testing.policy_event: escalation.PolicyEvent,
    testing.rate_profile: escalation.RateProfile,
    testing.relaxation: escalation.Relaxation,
    testing.routing_rules: escalation.RoutingRules,
    testing.scenario: escalation.Scenario,
    testing.sla_clock: escalation.SlaClock,
    testing.status_change: escalation.StatusChange,
    testing.step: escalation.Step,
    testing.team_state: escalation.TeamState,
    testing.ticket: escalation.Ticket,
    testing.ticket_history: escalation.TicketHistory,
    testing.message_coding: ved.MessageCoding,
    testing.vision_statement: ved.VisionStatement,
    testing.ved_scores: ved.VedScores,
}
# raters beside their answers, and a part of a structure
NEVER_WRITTEN = {assessment.Feedback, wbs.Group}
# what they are written as is for other programs: it does not hold all that they were made of
NOT_READ = {
    assessment.DisclosedFeedback,  # without the instrument
    assessment.Scores,  # without the instrument
    escalation.LevelLoad,  # with distributions of any class
    escalation.Scenario,  # with distributions of any class
    org.Organisation,  # without the index of its tree
    org.Pyramid,  # without the organisation
    ved.VedScores,  # without the instrument
}
# what strategies draw that are not named after a model
OTHERS = {"calendars", "identifier", "instants", "skill_matrices", "text", "training_cases"}
OTHERS |= {
    "complaints",
    "desk_log",
    "event_logs",
    "matrices",
    "policies",
    "routing_cases",
    "scenarios",
    "some_periods",
    "team_states",
    "tickets",
}
OTHERS |= {"plan_person", "plans", "problems", "wbs_trees"}


def test_every_strategy_is_in_the_list_above() -> None:
    assert {strategy.__name__ for strategy in MODELS} | OTHERS == set(testing.__all__)


@pytest.mark.parametrize(("strategy", "model"), MODELS.items(), ids=lambda part: part.__name__)
def test_a_strategy_needs_no_argument_is_named_after_its_model_and_draws_it(strategy: Any, model: Any) -> None:
    assert strategy.__name__ == re.sub(r"(?<!^)(?=[A-Z])", "_", model.__name__).lower()
    assert attrs.has(model)

    @given(strategy())
    @settings(max_examples=2)
    def check(drawn: Any) -> None:
        assert isinstance(drawn, model)

    check()


@pytest.mark.parametrize(
    ("strategy", "model"),
    [pair for pair in MODELS.items() if pair[1] not in NEVER_WRITTEN],
    ids=lambda part: part.__name__,
)
def test_what_is_drawn_is_written_as_its_schema_says_and_comes_back(strategy: Any, model: Any) -> None:
    schema = jsonschema.Draft202012Validator(json.json_schema(model))

    @given(strategy())
    @settings(max_examples=10)
    def check(drawn: Any) -> None:
        text = json.dumps(drawn)
        schema.validate(library.loads(text))
        if model is org.DisclosedRollUp and not drawn.ids:
            return  # an array without rows does not say how wide it was
        if model not in NOT_READ:
            assert json.loads(text, model) == drawn
        if model not in NOT_READ and not issubclass(model, Result):
            assert structure(unstructure(drawn), model, error=errors.FormatError) == drawn

    check()


@pytest.mark.parametrize("model", sorted(NOT_READ, key=str), ids=lambda part: part.__name__)
def test_what_does_not_come_back_is_refused_and_not_made_up(model: Any) -> None:
    strategy: Any = next(strategy for strategy, drawn in MODELS.items() if drawn is model)

    @given(strategy())
    @settings(max_examples=2)
    def check(drawn: Any) -> None:
        with pytest.raises((TypeError, errors.FormatError), match=r"is not read back|is missing"):
            json.loads(json.dumps(drawn), model)

    check()


@given(testing.identifier(), testing.text())
def test_identifiers_and_texts_are_what_models_take(name: str, words: Any) -> None:
    assert assessment.Item(id=name, text=words).id == name
