"""Reports on a project plan: when it is done, who does what, how sure that is, what is missing and how it stands."""

from __future__ import annotations

from collections.abc import Iterable

from leadkit.reports.plan_content import plan_page
from leadkit.reports.plan_findings import PlanFindings
from leadkit.reports.sections import page_html, page_text
from leadkit.typing import Progress
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

__all__ = ["plan", "plan_markdown"]


def plan(
    plan: Plan,
    *,
    schedule: Schedule | None = None,
    assignment: Assignment | None = None,
    risk: RiskResult | None = None,
    gap: StaffingGap | None = None,
    request: ResourceRequest | None = None,
    tracking: Tracking | None = None,
    readiness: Iterable[Readiness] = (),
    metrics: Iterable[MetricResult] = (),
    success: Success | None = None,
    seed: int | None = None,
    title: str | None = None,
    notice: str = "",
    picture: bool = True,
    progress: Progress | None = None,
) -> str:
    """Write an HTML page about a plan: when it is done, who does what, how sure that is, and whom it lacks.

    The page is one file that needs no network, reads on a phone and prints. The checks of the structure and of the roles
    are always there; every other section is there when its result is given.

    Parameters
    ----------
    plan : Plan
        The plan.
    schedule : Schedule, optional
        Its dates by links and calendars alone, from `leadkit.wbs.schedule`; worked out at the means when None.
    assignment : Assignment, optional
        Who does what, from `assign`, `level` or `smooth`; its dates are then the dates of the page.
    risk : RiskResult, optional
        From `simulate`.
    gap : StaffingGap, optional
        Needs that are short, from `staffing_gap`.
    request : ResourceRequest, optional
        What is asked of HR, from `resource_request`.
    tracking : Tracking, optional
        How the project stands, from `track`.
    readiness : iterable of Readiness
        Of hand-overs and gates, from `readiness`.
    metrics : iterable of MetricResult
        What was measured, from `evaluate_metrics`.
    success : Success, optional
        Six answers, from `success`.
    seed : int, optional
        The seed that assignment and simulation were made with, for the notes at the end; results do not keep it.
    title : str, optional
        The heading; the name of the plan when None.
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
        A result is about another plan.

    Examples
    --------
    >>> from leadkit import samples, wbs
    >>> portal = samples.plan()
    >>> page = plan(portal, request=wbs.resource_request(portal, assignment=wbs.assign(portal, schedules=1)))
    >>> page.count("<h1>"), "2.3 Build the service" in page, "What is asked of HR" in page
    (1, True, True)
    """
    given = PlanFindings(
        plan=plan,
        schedule=schedule,  # type: ignore[arg-type]  # worked out where it is None
        assignment=assignment,
        risk=risk,
        gap=gap,
        request=request,
        tracking=tracking,
        success=success,
        readiness=readiness,
        metrics=metrics,
        seed=seed,
        picture=picture,
    )
    return page_html(plan_page(given, title=title, notice=notice, progress=progress))


def plan_markdown(
    plan: Plan,
    *,
    schedule: Schedule | None = None,
    assignment: Assignment | None = None,
    risk: RiskResult | None = None,
    gap: StaffingGap | None = None,
    request: ResourceRequest | None = None,
    tracking: Tracking | None = None,
    readiness: Iterable[Readiness] = (),
    metrics: Iterable[MetricResult] = (),
    success: Success | None = None,
    seed: int | None = None,
    title: str | None = None,
    notice: str = "",
) -> str:
    """Write the same about a plan as Markdown, for chat and e-mail; needs no other package.

    Parameters and errors are those of `plan`; there are no pictures.

    Returns
    -------
    str
        CommonMark with tables; every text of users is escaped.

    Examples
    --------
    >>> from leadkit import samples
    >>> plan_markdown(samples.plan()).splitlines()[0]
    '# Self-service portal'
    """
    given = PlanFindings(
        plan=plan,
        schedule=schedule,  # type: ignore[arg-type]  # worked out where it is None
        assignment=assignment,
        risk=risk,
        gap=gap,
        request=request,
        tracking=tracking,
        success=success,
        readiness=readiness,
        metrics=metrics,
        seed=seed,
        picture=False,
    )
    return page_text(plan_page(given, title=title, notice=notice, progress=None))
