"""Everything that a report on a plan says, gathered once for HTML and Markdown."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from leadkit._version import __version__
from leadkit.plots.labels import PERCENT, number
from leadkit.plots.tiers import counted
from leadkit.reports.blocks import Section
from leadkit.reports.figures import decimal
from leadkit.reports.notes import Notes
from leadkit.reports.plan_dates import finish_section, work_section
from leadkit.reports.plan_findings import PlanFindings
from leadkit.reports.plan_people import load_section, missing_section, skills_section
from leadkit.reports.plan_progress import metrics_section, progress_section
from leadkit.reports.plan_risk import risk_section
from leadkit.reports.plan_structure import handovers_section, structure_section
from leadkit.reports.plan_wording import PlanWords, doubts_grid
from leadkit.reports.sections import SectionsPage, gathered
from leadkit.typing import Progress
from leadkit.wbs import Assignment, Plan, RiskResult

__all__ = ["ABOUT_EARNED_VALUE", "LAST", "plan_page"]

READING = (
    "The dates follow from work, estimates, links, calendars and people as the plan has them. They are no promise.",
    "The plan describes work. It does not say how well anybody works.",
    "A person decides what follows from it, best in a talk with those concerned.",
)
LAST = "The page describes work and dates, not people. A person decides."
METHODS = {"ga": "a genetic algorithm", "cp_sat": "OR-Tools CP-SAT after a genetic algorithm", "smooth": "smoothing"}
ABOUT_DATES = (
    "Dates by links and calendars alone are those of the critical path method: the earliest that all links allow, and the "
    "latest that keep the finish and the deadlines (J. E. Kelley and M. R. Walker, 1959). Durations are taken at {point}."
)
ABOUT_PERT = (
    "The mean of a three-point estimate a, m, b is (a + 4 m + b) / 6; simulated durations have the beta distribution with "
    "that mean (D. G. Malcolm and others, 1959)."
)
ABOUT_ASSIGNMENT = (
    "Work is given to people who hold all skills of a need at its levels, one piece of work at a time each, in the hours "
    "of their calendars, by {method} over {schedules} schedules (S. Hartmann, 1998; V. Valls and others, 2005). Every "
    "schedule is checked by separate code."
)
ABOUT_RISK = (
    "Risk is simulated: all durations are drawn anew in each of {n} runs, and what may happen happens with its "
    "probability; intervals of probabilities are Wilson's (1927). Cruciality and the schedule sensitivity index "
    "(criticality x sd of the duration / sd of the finish) are after M. Vanhoucke, 2009."
)
ABOUT_REQUEST = (
    "The request compares, period by period, the working time that packages ask for at their early dates with what "
    "qualified people have open, by a maximum flow that counts nobody's time twice."
)
ABOUT_EARNED_VALUE = (
    "Earned value: SV = EV - PV, CV = EV - AC, SPI = EV / PV, CPI = EV / AC, VAC = BAC - EAC, TCPI = (BAC - EV) / "
    "(BAC - AC) (PMI, The Standard for Earned Value Management, 2019). Earned schedule ES is the time at which the plan "
    "had earned what is earned today (W. Lipke, 2003)."
)
ESTIMATES = {
    "cpi": "EAC = BAC / CPI",
    "remaining": "EAC = AC + BAC - EV",
    "cpi_spi": "EAC = AC + (BAC - EV) / (CPI x SPI)",
    "bottom_up": "EAC = AC + a new estimate of the rest",
}


def plan_page(given: PlanFindings, *, title: str | None, notice: str, progress: Progress | None) -> SectionsPage:
    """Gather what a report on a plan says; `leadkit.reports.plan` says what the options mean."""
    plan, words = given.plan, PlanWords(plan=given.plan)
    sizes = [words.packages()]
    sizes += [counted(len(plan.team.people), "person", "people")] if plan.team.people else []
    return SectionsPage(
        title=plan.wbs.root.name or plan.wbs.root.id if title is None else title,
        kind="Plan",
        lead=f"{', '.join(sizes)}, from {words.day(plan.start)} on. Times are those of {words.zone}.",
        notice=notice,
        reading=READING,
        sections=gathered(list(_steps(given, words)), picture=given.picture, progress=progress),
        notes=Notes(methods=tuple(_methods(given)), provenance=tuple(_origin(given, words))),
        last=LAST,
    )


def _steps(given: PlanFindings, words: PlanWords) -> Iterator[Callable[[], Section]]:
    """List the sections that there are, each to be made when its turn comes."""
    yield partial(finish_section, given, words)
    if given.tracking is not None:
        yield partial(progress_section, given, words, given.tracking)
    yield partial(work_section, given, words)
    if given.assignment is not None:
        yield partial(load_section, given, words, given.assignment)
    if given.risk is not None:
        yield partial(risk_section, given, words, given.risk)
    if given.request is not None or given.gap is not None:
        yield partial(missing_section, given, words)
    if given.plan.team.skills is not None:
        yield partial(skills_section, given, words, given.plan.team.skills)
    yield partial(structure_section, given, words)
    if given.plan.handovers or given.plan.gates:
        yield partial(handovers_section, given, words)
    if given.metrics or given.success is not None:
        yield partial(metrics_section, given, words)
    if given.flags:
        yield partial(_doubts_section, given)


def _doubts_section(given: PlanFindings) -> Section:
    grid = doubts_grid(given.flags, given.plan)
    n = len(grid.rows)
    return Section(
        anchor="doubts",
        title="What is doubtful",
        short=f"{counted(n, 'thing is', 'things are')} doubtful; the section on doubts says what {'it means' if n == 1 else 'they mean'}.",
        blocks=[grid],
    )


def _methods(given: PlanFindings) -> Iterator[str]:
    point = given.schedule.point
    said = {"mean": "the mean of each estimate", "mode": "the most likely value of each estimate"}
    yield ABOUT_DATES.format(point=said.get(str(point), f"quantile {point} of each estimate"))
    kinds = {package.estimate.kind for package in given.plan.wbs.packages if package.estimate is not None}
    if "pert" in kinds:
        yield ABOUT_PERT
    if given.assignment is not None:
        method = METHODS.get(given.assignment.method, given.assignment.method)
        yield ABOUT_ASSIGNMENT.format(method=method, schedules=f"{given.assignment.schedules:,}")
        yield _proof(given.assignment)
    if given.risk is not None:
        yield ABOUT_RISK.format(n=f"{given.risk.n:,}")
    if given.request is not None or given.gap is not None:
        yield ABOUT_REQUEST
    if given.tracking is not None:
        yield f"{ABOUT_EARNED_VALUE} {ESTIMATES[given.tracking.evm.method]}."


def _proof(found: Assignment) -> str:
    if found.is_proven:
        return "It is proven that no schedule of this team ends earlier."
    most = f", at most {_gap_text(found)} longer than the best there can be" if decimal(found.gap) else ""
    return f"That no schedule ends earlier is not proven: this one is above the lower bound{most}."


def _gap_text(found: Assignment) -> str:
    return f"{number(100 * found.gap, 1)}{PERCENT}" if decimal(found.gap) else "not known"


def _origin(given: PlanFindings, words: PlanWords) -> Iterator[tuple[str, str]]:
    yield "Plan (SHA-256 of all its fields)", _digest(given.plan)
    yield "Time zone and day", f"{words.zone}; a day is {given.plan.day_minutes / 60:g} hours of work"
    if given.assignment is not None:
        yield from _assignment_facts(given.assignment, words)
    if given.risk is not None:
        yield from _risk_facts(given.risk, words)
    if given.tracking is not None:
        yield "Value is earned by the rule", given.tracking.rule
    if given.seed is not None:
        yield "Seed of all chance", str(given.seed)
    yield "Made with", f"leadkit {__version__}"


def _assignment_facts(found: Assignment, words: PlanWords) -> Iterator[tuple[str, str]]:
    yield "Method and number of schedules", f"{found.method}, {found.schedules:,}"
    yield "Length and lower bound", f"{words.days(found.makespan)} and {words.days(found.lower_bound)}"
    yield "Gap to the bound", _gap_text(found)
    yield "Proven to be the shortest", "yes" if found.is_proven else "no"


def _risk_facts(risk: RiskResult, words: PlanWords) -> Iterator[tuple[str, str]]:
    yield "Simulated runs", f"{risk.n:,}"
    yield "Correlation between durations", f"{risk.correlation:g}"
    spread = "not known" if math.isnan(risk.sd) else words.days(risk.sd)
    yield "Mean and standard deviation of the length", f"{words.days(risk.mean)} and {spread}"
    if risk.n > 1:
        errors = [f"P{100 * p:.0f} {words.days(risk.quantile_standard_error(p))}" for p in (0.5, 0.8)]
        yield "Standard errors that come from the number of runs", ", ".join(errors)


def _digest(plan: Plan) -> str:
    """Hash a plan whatever the order in which its links, its people and their roles are listed."""
    data: dict[str, Any] = plan.to_dict()
    data["links"] = sorted(data["links"], key=_canonical)
    data["wbs"]["raci"] = sorted(data["wbs"]["raci"], key=_canonical)
    team = data["team"]
    team["people"] = sorted(team["people"], key=_canonical)
    if plan.team.skills is not None:
        team["skills"] = sorted(plan.team.skills.to_records(), key=_canonical)
    return hashlib.sha256(_canonical(data).encode()).hexdigest()


def _canonical(value: Any) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
