"""What a report on an escalation matrix is made of: results of the right class, all about people whom it knows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from attrs import field, frozen

from leadkit.escalation import MemberReport, Metric, PilotEvaluation, StandardsReport, Survival
from leadkit.escalation.matrix import Matrix
from leadkit.org.showing import expect_showable
from leadkit.skills import DevelopmentAction, TrainingNeed, TrainingPlan

__all__ = ["ALL_TICKETS", "EscalationFindings"]

ALL_TICKETS = "all tickets"
"""What one curve that has no name is called."""


def _tuple(given: Any) -> tuple[Any, ...]:
    if given is None:
        return ()
    return tuple(given) if isinstance(given, Iterable) else (given,)


def _curves(given: Any) -> Any:
    if given is None:
        return {}
    return dict(given) if isinstance(given, Mapping) else {ALL_TICKETS: given}


@frozen(kw_only=True, eq=False)
class EscalationFindings:
    """An escalation matrix and what was found about it, checked.

    Parameters
    ----------
    matrix : Matrix
        The matrix.
    evaluation, training, standards, member : optional
        Results as `leadkit.reports.escalation` takes them.
    needs, catalogue, metrics : tuple
        Training needs, what can be done about them, and metrics.
    survival : dict of str to Survival
        Curves by name.
    picture : bool
        Whether to draw.

    Raises
    ------
    TypeError
        Something is of another class.
    ValueError
        A result is about nobody whom the matrix knows.
    """

    matrix: Matrix
    evaluation: PilotEvaluation | None = None
    needs: tuple[TrainingNeed, ...] = field(default=(), converter=_tuple)
    training: TrainingPlan | None = None
    catalogue: tuple[DevelopmentAction, ...] = field(default=(), converter=_tuple)
    metrics: tuple[Metric, ...] = field(default=(), converter=_tuple)
    survival: dict[str, Survival] = field(default=None, converter=_curves)
    standards: StandardsReport | None = None
    member: MemberReport | None = None
    picture: bool = True

    def __attrs_post_init__(self) -> None:
        expect_showable(self.matrix, Matrix, "matrix")
        for name, expected in CLASSES.items():
            value = getattr(self, name)
            if value is not None:
                expect_showable(value, expected, name)
        for name, expected in MEMBERS.items():
            for value in getattr(self, name):
                expect_showable(value, expected, name)
        for name, curve in self.survival.items():
            expect_showable(name, str, "survival: name of a curve")
            expect_showable(curve, Survival, "survival")
        self._expect_same_team()

    @property
    def doubts(self) -> tuple[tuple[str, str], ...]:
        """Everything that is doubtful in any part: the flag, and which part it is about, empty for the flag's own."""
        return tuple(sorted(set(self._flags())))

    def _flags(self) -> Iterator[tuple[str, str]]:
        for holder in (self.matrix, self.evaluation, self.training):
            if holder is not None:
                yield from ((flag, "") for flag in holder.flags)
        for metric in self.metrics:
            yield from ((flag, metric.id) for flag in metric.flags)
        for name, curve in self.survival.items():
            yield from ((flag, name) for flag in curve.flags)
        if self.standards is not None:
            yield from ((flag, row.standard) for row in self.standards.rows for flag in row.flags)
        if self.member is not None:
            yield from ((flag, "") for flag in self.member.flags)
            yield from ((flag, row.metric) for row in self.member.rows for flag in row.flags)

    def _expect_same_team(self) -> None:
        about: dict[str, set[str]] = {"needs": {need.person for need in self.needs}}
        if self.evaluation is not None:
            about["evaluation"] = {row.person for row in self.evaluation.people if row.person}
        if self.training is not None:
            about["training"] = {*self.training.before.person, *(item.person for item in self.training.items)}
        if self.member is not None:
            about["member"] = {self.member.person}
        known = set(self.matrix.people)
        for name, people in about.items():
            if people and not people & known:
                msg = f"{name}: is about nobody whom the matrix knows"
                raise ValueError(msg)


CLASSES: dict[str, type] = {
    "evaluation": PilotEvaluation,
    "training": TrainingPlan,
    "standards": StandardsReport,
    "member": MemberReport,
}
MEMBERS: dict[str, type] = {"needs": TrainingNeed, "catalogue": DevelopmentAction, "metrics": Metric}
