"""Everything that a report on an escalation matrix says, gathered once for HTML and Markdown."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from functools import partial

from leadkit._version import __version__
from leadkit.escalation import PilotEvaluation
from leadkit.plots.labels import number
from leadkit.plots.tiers import counted
from leadkit.reports.blocks import Section
from leadkit.reports.escalation_findings import EscalationFindings
from leadkit.reports.escalation_found import found_section
from leadkit.reports.escalation_matrix import matrix_section
from leadkit.reports.escalation_member import member_section
from leadkit.reports.escalation_pilot import pilot_section
from leadkit.reports.escalation_training import training_section
from leadkit.reports.escalation_wording import EscalationWords, doubts_grid
from leadkit.reports.escalation_work import metrics_section, standards_section, stood_at, time_section
from leadkit.reports.notes import Notes
from leadkit.reports.sections import SectionsPage, gathered
from leadkit.typing import Progress

__all__ = ["escalation_page"]

READING = (
    "The numbers describe how work runs: cases, levels, times. They do not measure what a person is worth.",
    "People and domains stand in the order of their names. Nothing here is a rank.",
    "A person decides what follows from it, best in a talk with those concerned.",
)
LAST = "The page describes how work runs, not people. A person decides."
ABOUT_MATRIX = (
    "The matrix places people by their assessed levels in the skills of a domain against the thresholds of its levels. Who is "
    "not assessed in a skill is not placed, and never counted as 0."
)
ABOUT_PILOT = (
    "What is expected of a person follows from the success of all in the very same kinds of cases. Whether somebody is "
    "weaker than that is tested exactly, by the convolution of hypergeometric laws; the share of false findings among all is "
    "held at {q} (Y. Benjamini and Y. Hochberg, 1995). Adjusted rates are those of a beta-binomial model in which what is "
    "expected weighs as much as {weight} cases."
)
ABOUT_LIMITS = (
    "A pilot sees whether cases succeed, not why. A weak cell may come from a tool, a product or a shift as well as from what "
    "somebody knows; ask before anything is booked."
)
ABOUT_TRAINING = (
    "The training plan is the best within its limits, found by an integer program over levels, hours and costs."
)
ABOUT_METRICS = "Intervals of shares are Wilson's (1927), those of means Student's t, both at 95 %."
ABOUT_TIME = (
    "Time to resolve is estimated so that tickets still open count as long as they have lasted (E. L. Kaplan and P. Meier, "
    "1958)."
)
ABOUT_STANDARDS = (
    "A standard on a clock is judged case by case, in the working time it is given; cases that are open and in time are not "
    "judged yet."
)
ABOUT_USE = (
    "All of it is about work processes and what the team as a whole can cover. It ranks nobody, is no ground for pay or "
    "dismissal, and decides nothing by itself: a person does, who knows more than is written here."
)


def escalation_page(
    given: EscalationFindings, *, title: str | None, notice: str, progress: Progress | None
) -> SectionsPage:
    """Gather what a report on an escalation matrix says; `leadkit.reports.escalation` says what the options mean."""
    matrix, words = given.matrix, EscalationWords(matrix=given.matrix)
    sizes = (
        counted(len(matrix.people), "person", "people"),
        counted(len(matrix.domains), "domain"),
        counted(len(matrix.levels), "level"),
    )
    return SectionsPage(
        title="Escalation matrix" if title is None else title,
        kind="Escalation",
        lead=f"{', '.join(sizes)}.",
        notice=notice,
        reading=READING,
        sections=gathered(list(_steps(given, words)), picture=given.picture, progress=progress),
        notes=Notes(methods=tuple(_methods(given)), provenance=tuple(_origin(given))),
        last=LAST,
    )


def _steps(given: EscalationFindings, words: EscalationWords) -> Iterator[Callable[[], Section]]:
    """List the sections that there are, each to be made when its turn comes."""
    yield partial(found_section, given, words)
    yield partial(matrix_section, given, words)
    if given.evaluation is not None:
        yield partial(pilot_section, words, given.evaluation)
    if given.needs or given.training is not None:
        yield partial(training_section, given, words)
    if given.metrics:
        yield partial(metrics_section, given)
    if given.survival:
        yield partial(time_section, given)
    if given.standards is not None:
        yield partial(standards_section, given.standards)
    if given.member is not None:
        yield partial(member_section, words, given.member)
    if given.doubts:
        yield partial(_doubts_section, given)


def _doubts_section(given: EscalationFindings) -> Section:
    grid = doubts_grid(given.doubts)
    n = len(grid.rows)
    return Section(
        anchor="doubts",
        title="What to bear in mind",
        short=f"{counted(n, 'thing')} to bear in mind, told near the end.",
        blocks=[grid],
    )


def _methods(given: EscalationFindings) -> Iterator[str]:
    yield ABOUT_MATRIX
    if given.evaluation is not None:
        weight = number(given.evaluation.concentration, 1)
        yield ABOUT_PILOT.format(q=f"{given.evaluation.q:g}", weight=weight)
        yield ABOUT_LIMITS
    if given.training is not None:
        yield ABOUT_TRAINING
    if given.metrics:
        yield ABOUT_METRICS
    if given.survival:
        yield ABOUT_TIME
    if given.standards is not None:
        yield ABOUT_STANDARDS
    yield ABOUT_USE


def _origin(given: EscalationFindings) -> Iterator[tuple[str, str]]:
    yield "Matrix (SHA-256 of all its fields)", _digest(given)
    yield "Placement", given.matrix.placement
    if given.evaluation is not None:
        yield from _pilot_facts(given.evaluation)
    if given.standards is not None:
        yield "Standards looked at", stood_at(given.standards)
    yield "Made with", f"leadkit {__version__}"


def _pilot_facts(found: PilotEvaluation) -> Iterator[tuple[str, str]]:
    yield "Cases and kinds of cases of the pilot", f"{sum(row.n for row in found.people):,} and {len(found.strata):,}"
    yield "Method of the pilot", found.method
    yield "Share of false findings accepted", f"{found.q:g}"
    yield "Least gap that matters", f"{found.min_gap:g}"
    yield "Least cases of a test", str(found.min_n)
    yield "Probability to find such a gap", f"{found.power:g}"


def _digest(given: EscalationFindings) -> str:
    data = json.dumps(
        given.matrix.to_dict(), sort_keys=True, ensure_ascii=False, allow_nan=False, separators=(",", ":")
    )
    return hashlib.sha256(data.encode()).hexdigest()
