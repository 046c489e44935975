"""What is worked out about a pilot for showing: the matrix, what was found, who needs what, and what they could do."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from itertools import compress
from typing import Any

from attrs import evolve, frozen

from leadkit._fields import FrozenMapping
from leadkit.errors import EscalationError
from leadkit.escalation import (
    EventLog,
    Matrix,
    MemberReport,
    Metric,
    PilotEvaluation,
    PilotOutcomes,
    PilotRow,
    ServiceStandard,
    StandardsReport,
    Survival,
    check_standards,
    evaluate_pilot,
    kaplan_meier,
    member_report,
    metrics,
    periods,
    pilot_outcomes,
)
from leadkit.escalation.event_log import ticket_table
from leadkit.skills import DevelopmentAction, TrainingNeed, TrainingPlan, plan_training

__all__ = ["Learning", "Piloted", "learning", "piloted"]

MICROSECOND = timedelta(microseconds=1)


@frozen(kw_only=True, eq=False)
class Learning:
    """Who has to learn what, by a pilot beside a matrix.

    Parameters
    ----------
    target_level : str
        Id of the level to come to.
    needs : tuple of TrainingNeed
        Those of the weak cells that the matrix knows.
    at_level : tuple of PilotRow
        Weak cells whose person holds the level on paper.
    unknown : tuple of PilotRow
        Weak cells whose person or domain is not in the matrix.
    plan : TrainingPlan, optional
        What they could do, where there is something on offer.
    """

    target_level: str
    needs: tuple[TrainingNeed, ...]
    at_level: tuple[PilotRow, ...]
    unknown: tuple[PilotRow, ...]
    plan: TrainingPlan | None = None


@frozen(kw_only=True, eq=False)
class Piloted:
    """A log of tickets with everything that was found about it.

    Parameters
    ----------
    log : EventLog
        Up to the instant at which it is looked at.
    metrics : tuple of Metric
        All of them, for the whole log.
    survival : Survival, optional
        Time to resolve, where there are statuses.
    domain : str
        The column of domains.
    evaluation : PilotEvaluation, optional
        None where the log holds no pilot.
    matrix : Matrix, optional
        Where there is a team.
    learning : Learning, optional
        Where there are both.
    catalogue : tuple of DevelopmentAction
        What is on offer.
    member : MemberReport, optional
        The report that was asked for.
    standards : StandardsReport, optional
        How promises are kept, where there are any.
    problem : EscalationError, optional
        Why the log holds no pilot.
    """

    log: EventLog
    metrics: tuple[Metric, ...]
    domain: str
    survival: Survival | None = None
    evaluation: PilotEvaluation | None = None
    matrix: Matrix | None = None
    learning: Learning | None = None
    catalogue: tuple[DevelopmentAction, ...] = ()
    member: MemberReport | None = None
    standards: StandardsReport | None = None
    problem: EscalationError | None = None

    @property
    def found(self) -> dict[str, Any]:
        """Give the results as `leadkit.reports.escalation` takes them; a metric that lacks a column stays away."""
        learnt = self.learning
        return {
            "matrix": self.matrix,
            "evaluation": self.evaluation,
            "needs": () if learnt is None else learnt.needs,
            "training": None if learnt is None else learnt.plan,
            "catalogue": self.catalogue,
            "metrics": [one for one in self.metrics if not any(flag.startswith("needs:") for flag in one.flags)],
            "survival": self.survival,
            "standards": self.standards,
            "member": self.member,
        }

    def fail(self) -> None:
        """Raise what stands in the way, if anything does."""
        if self.problem is not None:
            raise self.problem


def piloted(
    log: EventLog,
    *,
    domain: str = "domain",
    stratum: str | None = None,
    now: datetime | None = None,
    matrix: Matrix | None = None,
    target_level: str = "L2",
    actions: tuple[DevelopmentAction, ...] = (),
    limits: Mapping[str, Any] = FrozenMapping(),
    member: str | None = None,
    zone: str = "UTC",
    standards: tuple[ServiceStandard, ...] = (),
    options: Mapping[str, Any] = FrozenMapping(),
) -> Piloted:
    """Measure a log and evaluate the pilot in it; `options` are those of `evaluate_pilot`, `limits` of `plan_training`."""
    made = Piloted(
        log=log,
        metrics=metrics(log, now=now),
        domain=domain,
        survival=_survival(log, now),
        standards=_standards(log, standards, now),
        matrix=matrix,
        catalogue=actions,
    )
    try:
        outcomes = pilot_outcomes(log, domain=domain, stratum=stratum)
    except EscalationError as error:
        return evolve(made, problem=error)
    evaluation = evaluate_pilot(outcomes, **options)
    made = evolve(made, evaluation=evaluation)
    learnt = None if matrix is None else learning(evaluation, matrix, target_level, actions, limits)
    report = None if member is None else _member(made, member, outcomes, actions, zone)
    return evolve(made, learning=learnt, member=report)


def learning(
    evaluation: PilotEvaluation,
    matrix: Matrix,
    target_level: str,
    actions: tuple[DevelopmentAction, ...] = (),
    limits: Mapping[str, Any] = FrozenMapping(),
) -> Learning:
    """Turn weak cells into needs, as far as the matrix knows their people and domains, and plan what closes them."""
    people, domains = set(matrix.people), set(matrix.domain_ids)
    is_known = [row.person in people and row.domain in domains for row in evaluation.cells]
    known = evolve(evaluation, cells=compress(evaluation.cells, is_known))
    needs = known.training_needs(matrix, target_level=target_level)
    return Learning(
        target_level=target_level,
        needs=needs,
        at_level=known.already_at_level(matrix, target_level=target_level),
        unknown=tuple(
            row for row, own in zip(evaluation.cells, is_known, strict=True) if row.verdict == "train" and not own
        ),
        plan=plan_training(needs, actions, **limits) if actions else None,
    )


def _survival(log: EventLog, now: datetime | None) -> Survival | None:
    if not log.has("status"):
        return None
    table = ticket_table(log, now=now)
    return kaplan_meier(table.hours, table.is_resolved)


def _standards(log: EventLog, standards: tuple[ServiceStandard, ...], now: datetime | None) -> StandardsReport | None:
    """Judge the promises, as the log stood at its end where no other instant is given."""
    if not standards:
        return None
    end = log.at.max().item().replace(tzinfo=UTC)
    return check_standards(log, standards, now=end if now is None else now)


def _member(
    made: Piloted, member: str, outcomes: PilotOutcomes, actions: tuple[DevelopmentAction, ...], zone: str
) -> MemberReport:
    """Report how a member did, month by month of a zone's calendar."""
    first, last = (moment.item().replace(tzinfo=UTC) for moment in (made.log.at.min(), made.log.at.max()))
    months = periods(first, last + MICROSECOND, "month", zone)
    matrix = made.matrix
    # a domain that the matrix does not know is a skill of its own name
    is_known = matrix is not None and set(outcomes.domain) <= set(matrix.domain_ids)
    skills = matrix if is_known else None
    return member_report(
        made.log,
        member,
        periods=months,
        outcomes=outcomes,
        evaluation=made.evaluation,
        domain=made.domain,
        catalogue=actions,
        skills=skills,
    )
