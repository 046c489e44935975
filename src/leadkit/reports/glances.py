"""Small pictures for the first screen of a full report: at a glance what the chapters show with all their numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import ClassVar, TypeAlias

import numpy as np
from attrs import field, frozen

from leadkit.assessment import DisclosedFeedback
from leadkit.escalation.matrix import Matrix
from leadkit.plots.feedback_row import role_name
from leadkit.reports.blocks import Bands
from leadkit.reports.content import TeamPage
from leadkit.reports.escalation_wording import EscalationWords
from leadkit.reports.geometry import share
from leadkit.reports.plan_findings import PlanFindings
from leadkit.reports.plan_wording import PlanWords
from leadkit.reports.sections import SectionsPage

__all__ = [
    "Glance",
    "Span",
    "Spans",
    "feedback_glance",
    "matrix_glance",
    "plan_glance",
    "pyramid_glance",
    "team_glance",
]

MOST_LINES = 8
HIDDEN = "not shown"


def _spans(lines: Iterable[Span]) -> tuple[Span, ...]:
    return tuple(lines)


@frozen(kw_only=True)
class Span:
    """A bar from one place to another, in percent of the width, and a mark; the value stands beside it in words.

    Parameters
    ----------
    name, value : str
        What it is, and what it comes to.
    start, end : float or None
        Ends of the bar; None where nothing may be shown or there is nothing.
    mark : float or None
        Something to hold it against, such as a deadline.
    """

    name: str
    value: str
    start: float | None = 0.0
    end: float | None
    mark: float | None = None


@frozen(kw_only=True)
class Spans:
    """A few bars below each other, and how to read them."""

    kind: ClassVar[str] = "spans"
    lines: tuple[Span, ...] = field(converter=_spans)
    legend: str


Glance: TypeAlias = Spans | Bands
"""A small picture that says no more than its chapter."""


def team_glance(page: TeamPage) -> Spans | None:
    """Show the mean of every dimension that may be shown."""
    told = [line for line in page.lines if not line.composite]
    lines = [
        Span(name=line.name, value=line.mean or HIDDEN, end=None if line.strip is None else line.strip.mean)
        for line in told[:MOST_LINES]
    ]
    units = {line.unit for line in told} - {""}
    unit = f", {units.pop()}" if len(units) == 1 else ""
    return Spans(lines=lines, legend=f"Mean of everybody on each dimension{unit}.") if lines else None


def feedback_glance(disclosed: DisclosedFeedback) -> Spans | None:
    """Show how much of what each role said is published."""
    shown = ~np.isnan(disclosed.mean)
    if not shown.size:
        return None
    lines = []
    for at, role in enumerate(disclosed.roles[:MOST_LINES]):
        part = shown[:, at]
        value = f"{np.count_nonzero(part)} of {part.size}"
        lines.append(Span(name=role_name(role), value=value, end=share(float(part.mean()), 0, 1)))
    return Spans(lines=lines, legend="Means of each role that may be shown.")


def pyramid_glance(page: SectionsPage) -> Bands | None:
    """Show the pyramid itself."""
    blocks = (block for section in page.sections for block in section.blocks)
    return next((block for block in blocks if isinstance(block, Bands)), None)


def plan_glance(given: PlanFindings) -> Spans | None:
    """Show when each part at the top of the plan is worked on, and the deadline."""
    plan, dates = given.plan, _dates_of_parts(given)
    first, last = plan.start, max(given.finish, plan.deadline or given.finish)
    if not dates or last <= first:
        return None

    def place(moment: datetime) -> float | None:
        return share((moment - first).total_seconds(), 0, (last - first).total_seconds())

    deadline = None if plan.deadline is None else place(plan.deadline)
    words = PlanWords(plan=plan)
    lines = [
        Span(
            name=plan.wbs.node(own).name or own,
            value=words.day(finish),
            start=place(begin),
            end=place(finish),
            mark=deadline,
        )
        for own, (begin, finish) in list(dates.items())[:MOST_LINES]
    ]
    mark = "; diamond: the deadline" if deadline is not None else ""
    return Spans(lines=lines, legend=f"When each part of the plan is worked on, and its end{mark}.")


def matrix_glance(matrix: Matrix) -> Spans | None:
    """Show on how many levels each domain has whom it needs: cells of the matrix, and nobody's name."""
    words, levels = EscalationWords(matrix=matrix), len(matrix.level_ids)
    n_gaps = Counter(domain for domain, _ in {(gap.domain, gap.level) for gap in matrix.gaps()})
    lines = []
    for domain in matrix.domain_ids[:MOST_LINES]:
        covered = levels - n_gaps[domain]
        lines.append(Span(name=words.domain(domain), value=f"{covered} of {levels}", end=share(covered, 0, levels)))
    return Spans(lines=lines, legend="Levels of each domain without a gap.") if lines else None


def _dates_of_parts(given: PlanFindings) -> dict[str, tuple[datetime, datetime]]:
    """Give the first start and the last finish of the work in each part, by the dates of the page."""
    wbs = given.plan.wbs
    rows: dict[str, tuple[datetime, datetime]]
    if given.assignment is not None:
        rows = {row.id: (row.start, row.finish) for row in given.assignment.rows}
    else:
        rows = {row.id: (row.early_start, row.early_finish) for row in given.schedule.rows}
    found: dict[str, tuple[datetime, datetime]] = {}
    for package in wbs.packages:
        begin, finish = rows[package.id]
        part = wbs.path(package.id)[1].id
        earliest, latest = found.get(part, (begin, finish))
        found[part] = (min(earliest, begin), max(latest, finish))
    return found
