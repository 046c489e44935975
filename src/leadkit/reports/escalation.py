"""Reports on an escalation matrix: who solves what, what the pilot found, what to learn, and whether promises are kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from leadkit.escalation import MemberReport, Metric, PilotEvaluation, StandardsReport, Survival
from leadkit.escalation.matrix import Matrix
from leadkit.reports.escalation_content import escalation_page
from leadkit.reports.escalation_findings import EscalationFindings
from leadkit.reports.sections import page_html, page_text
from leadkit.skills import DevelopmentAction, TrainingNeed, TrainingPlan
from leadkit.typing import Progress

__all__ = ["escalation", "escalation_markdown"]


def escalation(
    matrix: Matrix,
    *,
    evaluation: PilotEvaluation | None = None,
    needs: Iterable[TrainingNeed] = (),
    training: TrainingPlan | None = None,
    catalogue: Iterable[DevelopmentAction] = (),
    metrics: Iterable[Metric] = (),
    survival: Survival | Mapping[str, Survival] | None = None,
    standards: StandardsReport | None = None,
    member: MemberReport | None = None,
    title: str | None = None,
    notice: str = "",
    picture: bool = True,
    progress: Progress | None = None,
) -> str:
    """Write an HTML page about an escalation matrix: what was found first, then each result with its numbers.

    The page is one file that needs no network, reads on a phone and prints. The matrix with its gaps is always there;
    every other section is there when its result is given. People and domains stand in the order of their ids: nothing
    on the page is a rank.

    Parameters
    ----------
    matrix : Matrix
        The escalation matrix.
    evaluation : PilotEvaluation, optional
        What the pilot found, from `evaluate_pilot`.
    needs : iterable of TrainingNeed
        What people have to learn, from `evaluation.training_needs` or `matrix.training_needs`.
    training : TrainingPlan, optional
        How the needs are closed, from `leadkit.skills.plan_training`.
    catalogue : iterable of DevelopmentAction
        What the training plan chose from; it gives actions their names.
    metrics : iterable of Metric
        What a log says, from `metrics` or `recovery_indicators`.
    survival : Survival or mapping of str to Survival, optional
        Hours until tickets are resolved: one curve, or one a group by its name; from `kaplan_meier`.
    standards : StandardsReport, optional
        How standards are kept, from `check_standards`.
    member : MemberReport, optional
        The report of one member, from `member_report`: for a page that only the member and those whom they choose read.
    title : str, optional
        The heading; "Escalation matrix" when None.
    notice : str
        Something to say first, above everything, like "Synthetic data".
    picture : bool
        Whether to draw; without pictures their tables stay.
    progress : Progress, optional
        Told after every section how many of how many are done.

    Returns
    -------
    str
        HTML5; every text of users is escaped.

    Raises
    ------
    ImportError
        jinja2 is not installed.
    TypeError
        A result is of another class.
    ValueError
        A result is about nobody whom the matrix knows.

    Examples
    --------
    >>> from leadkit import escalation as desk, samples
    >>> matrix, log = samples.escalation_matrix(), samples.tickets()
    >>> pilot = desk.evaluate_pilot(desk.pilot_outcomes(log, stratum="channel"))
    >>> page = escalation(matrix, evaluation=pilot, metrics=desk.metrics(log), picture=False)
    >>> page.count("<h1>"), "Where to observe more" in page
    (1, True)
    """
    given = EscalationFindings(
        matrix=matrix,
        evaluation=evaluation,
        needs=needs,
        training=training,
        catalogue=catalogue,
        metrics=metrics,
        survival=survival,
        standards=standards,
        member=member,
        picture=picture,
    )
    return page_html(escalation_page(given, title=title, notice=notice, progress=progress))


def escalation_markdown(
    matrix: Matrix,
    *,
    evaluation: PilotEvaluation | None = None,
    needs: Iterable[TrainingNeed] = (),
    training: TrainingPlan | None = None,
    catalogue: Iterable[DevelopmentAction] = (),
    metrics: Iterable[Metric] = (),
    survival: Survival | Mapping[str, Survival] | None = None,
    standards: StandardsReport | None = None,
    member: MemberReport | None = None,
    title: str | None = None,
    notice: str = "",
) -> str:
    """Write the same about an escalation matrix as Markdown, for chat and e-mail; needs no other package.

    Parameters and errors are those of `escalation`; there are no pictures.

    Returns
    -------
    str
        CommonMark with tables; every text of users is escaped.

    Examples
    --------
    >>> from leadkit import samples
    >>> escalation_markdown(samples.escalation_matrix()).splitlines()[0]
    '# Escalation matrix'
    """
    given = EscalationFindings(
        matrix=matrix,
        evaluation=evaluation,
        needs=needs,
        training=training,
        catalogue=catalogue,
        metrics=metrics,
        survival=survival,
        standards=standards,
        member=member,
        picture=False,
    )
    return page_text(escalation_page(given, title=title, notice=notice, progress=None))
