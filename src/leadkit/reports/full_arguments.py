"""What the chapters of a full report are made of, and the check that nothing in it is unknown or missing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from inspect import Parameter, signature
from types import MappingProxyType
from typing import Any, Literal, Required, TypeAlias, TypedDict

from leadkit.assessment import BandedScores, DisclosedFeedback, ReliabilityTable, Responses, Scores
from leadkit.assessment.multirater.model import Feedback
from leadkit.errors import did_you_mean
from leadkit.escalation import MemberReport, Metric, PilotEvaluation, StandardsReport, Survival
from leadkit.escalation.matrix import Matrix
from leadkit.org import (
    Alignment,
    BusFactor,
    ChangeAgents,
    Diagnosis,
    DisclosedRollUp,
    InfluenceReport,
    LevelView,
    Obligations,
    Pyramid,
    Structure,
    SuccessionCover,
    Thread,
)
from leadkit.reports.escalation import escalation
from leadkit.reports.feedback import feedback
from leadkit.reports.plan import plan
from leadkit.reports.pyramid import pyramid
from leadkit.reports.teams import team
from leadkit.skills import DevelopmentAction, TrainingNeed, TrainingPlan
from leadkit.ved import MessageReading, VedScores, VedStyle
from leadkit.vitals import VitalsProfile
from leadkit.wbs import (
    Assignment,
    MetricResult,
    Plan,
    Readiness,
    ResourceRequest,
    RiskResult,
    Schedule,
    StaffingGap,
    Success,
    Tracking,
)

__all__ = [
    "ChapterName",
    "EscalationArguments",
    "FeedbackArguments",
    "PlanArguments",
    "PyramidArguments",
    "TeamArguments",
    "checked_arguments",
]

ChapterName: TypeAlias = Literal["team", "feedback", "pyramid", "plan", "escalation"]
"""A chapter of a full report, in their order: the report of the same name."""


class TeamArguments(TypedDict, total=False):
    """Arguments of `leadkit.reports.team` for the chapter on VITALS and V.E.D."""

    scores: Required[Scores]
    reliability: ReliabilityTable | Mapping[str, float] | None
    bands: BandedScores | None
    responses: Responses | None
    by: str | None
    vitals: Iterable[VitalsProfile]
    ved: VedScores | None
    style: VedStyle | None
    messages: MessageReading | None
    min_group: int
    individuals: bool
    title: str | None


class FeedbackArguments(TypedDict, total=False):
    """Arguments of `leadkit.reports.feedback` for the chapter on feedback."""

    disclosed: Required[DisclosedFeedback]
    title: str | None


class PyramidArguments(TypedDict, total=False):
    """Arguments of `leadkit.reports.pyramid` for the chapter on the organisation."""

    pyramid: Required[Pyramid]
    structure: Structure | None
    obligations: Obligations | None
    roll_up: DisclosedRollUp | None
    thread: Thread | None
    levels: LevelView | None
    alignment: Alignment | None
    diagnosis: Diagnosis | None
    agents: ChangeAgents | None
    influence: InfluenceReport | None
    succession: BusFactor | SuccessionCover | Sequence[BusFactor | SuccessionCover] | None
    same_answers: bool
    individuals: bool | None
    title: str | None


class PlanArguments(TypedDict, total=False):
    """Arguments of `leadkit.reports.plan` for the chapter on the project."""

    plan: Required[Plan]
    schedule: Schedule | None
    assignment: Assignment | None
    risk: RiskResult | None
    gap: StaffingGap | None
    request: ResourceRequest | None
    tracking: Tracking | None
    readiness: Iterable[Readiness]
    metrics: Iterable[MetricResult]
    success: Success | None
    seed: int | None
    title: str | None


class EscalationArguments(TypedDict, total=False):
    """Arguments of `leadkit.reports.escalation` for the chapter on the escalation matrix."""

    matrix: Required[Matrix]
    evaluation: PilotEvaluation | None
    needs: Iterable[TrainingNeed]
    training: TrainingPlan | None
    catalogue: Iterable[DevelopmentAction]
    metrics: Iterable[Metric]
    survival: Survival | Mapping[str, Survival] | None
    standards: StandardsReport | None
    member: MemberReport | None
    title: str | None


REPORTS: Mapping[ChapterName, Callable[..., str]] = MappingProxyType(
    {
        "team": team,
        "feedback": feedback,
        "pyramid": pyramid,
        "plan": plan,
        "escalation": escalation,
    }
)
"""The report that each chapter is, in the order of the chapters."""
OF_THE_WHOLE = ("notice", "picture", "progress")
"""What is said once for all chapters."""


def checked_arguments(given: Mapping[ChapterName, Mapping[str, Any] | None]) -> dict[ChapterName, dict[str, Any]]:
    """Give every chapter that there shall be all its arguments, with the defaults of the report of its name.

    Raises
    ------
    TypeError
        An argument is unknown or missing, or belongs to the whole; the message lists all that is wrong.
    ValueError
        There is no chapter.
    """
    wanted: dict[ChapterName, Any] = {name: one for name, one in given.items() if one is not None}
    faults = [fault for name, arguments in wanted.items() for fault in _faults(name, arguments)]
    if faults:
        raise TypeError(faults[0] if len(faults) == 1 else "\n  ".join([f"{len(faults)} faults", *faults]))
    if not wanted:
        msg = f"expected the arguments of at least one chapter, of {', '.join(REPORTS)}; got none"
        raise ValueError(msg)
    return {name: {**_defaults(name), **wanted[name]} for name in REPORTS if name in wanted}


def _faults(name: ChapterName, arguments: object) -> Iterator[str]:
    if not isinstance(arguments, Mapping):
        hint = (
            "; raw feedback is not for showing: call disclose(feedback, policy) first"
            if isinstance(arguments, Feedback)
            else ""
        )
        yield f"{name}: expected a mapping with the arguments of reports.{name}, got {type(arguments).__name__}{hint}"
        return
    parameters = _parameters(name)
    allowed = ", ".join(parameters)
    for key in arguments:
        if key in OF_THE_WHOLE:
            yield f"{name}: {key!r} is an argument of the whole report; give it beside the chapters"
        elif key not in parameters:
            yield f"{name}: unknown argument {key!r}{did_you_mean(key, parameters)}; allowed: {allowed}"
    for key, parameter in parameters.items():
        if parameter.default is Parameter.empty and key not in arguments:
            yield f"{name}: {key!r} is missing"


def _parameters(name: ChapterName) -> dict[str, Parameter]:
    found = signature(REPORTS[name]).parameters
    return {key: parameter for key, parameter in found.items() if key not in OF_THE_WHOLE}


def _defaults(name: ChapterName) -> dict[str, Any]:
    found = _parameters(name).items()
    return {key: parameter.default for key, parameter in found if parameter.default is not Parameter.empty}
