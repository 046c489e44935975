"""What a package has earned by each rule, and what it has cost."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

from attrs import frozen

from leadkit.wbs.plan import Plan
from leadkit.wbs.structure import WorkPackage
from leadkit.wbs.tracking._baseline import Baseline, Planned
from leadkit.wbs.tracking._forecast import Facts
from leadkit.wbs.tracking._reports import Rule, number_of_steps
from leadkit.wbs.tracking._worked import MINUTE, instant
from leadkit.wbs.tracking.status import Progress

__all__ = ["Earned", "earned_by_package", "flags_of_budgets"]


@frozen(kw_only=True)
class Earned:
    """One package: what was planned to be earned, what is, what it has cost, and what is doubtful about that."""

    planned: Planned
    planned_percent: float
    percent: float
    cost: float
    flags: tuple[str, ...]

    @property
    def pv(self) -> float:
        """Planned value."""
        return share_of(self.planned.budget, self.planned_percent)

    @property
    def ev(self) -> float:
        """Earned value."""
        return share_of(self.planned.budget, self.percent)


def share_of(budget: float, percent: float) -> float:
    """Give so many per cent of a budget, never more than all of it."""
    return budget * (percent / 100)


def earned_by_package(
    plan: Plan, baseline: Baseline, reports: Mapping[str, Progress], facts: Facts, rule: Rule
) -> list[Earned]:
    """Work out every package in outline order."""
    now, found = instant(facts.as_of), []
    for package in plan.wbs.packages:
        planned, part = baseline.packages[package.id], reports.get(package.id)
        cost, flags = _cost(planned, part, facts)
        if rule == "steps" and part is not None and part.is_started and not part.is_done and part.steps_done is None:
            flags = (*flags, f"no_steps_reported:{package.id}")
        found.append(
            Earned(
                planned=planned,
                planned_percent=100 * planned.share_due([now])[0],
                percent=0.0 if part is None else _percent(package, planned, part, rule),
                cost=cost,
                flags=flags,
            )
        )
    return found


def flags_of_budgets(baseline: Baseline) -> Iterator[str]:
    """Tell where budgets come from that nobody stated, and whether minutes and money are added up."""
    kinds = {planned.kind for planned in baseline.packages.values() if planned.budget}
    if "effort" in kinds:
        yield "cost_from_effort"
    if "time" in kinds:
        yield "cost_from_time"
        if len(kinds) > 1:
            yield "mixed_budgets"


def _percent(package: WorkPackage, planned: Planned, part: Progress, rule: Rule) -> float:
    """Give the percentage that the rule credits; what is done is earned by every rule."""
    if part.is_done:
        return 100.0
    if rule == "0/100":
        return 0.0
    if rule == "50/50":
        return 50.0 if part.is_started else 0.0
    if rule == "steps":
        return 100 * part.steps_done / number_of_steps(package) if part.steps_done else 0.0
    if part.percent is not None:
        return part.percent
    if part.remaining is not None and planned.minutes:
        return 100 * (1 - min(part.remaining / planned.minutes, 1.0))
    return 0.0


def _cost(planned: Planned, part: Progress | None, facts: Facts) -> tuple[float, tuple[str, ...]]:
    """Give what a package has cost so far: as reported, else as long as its own time is its budget, its time since."""
    if part is not None and part.actual_cost is not None:
        return part.actual_cost, ()
    if part is None or not part.is_started or not (planned.budget or planned.kind == "cost"):
        return 0.0, ()
    if planned.kind != "cost" and part.actual_start is not None:
        finish = facts.dates[planned.id][1] or facts.as_of
        minutes = planned.worked.between(part.actual_start, finish) / MINUTE
        return minutes * planned.rate, ("actual_cost_from_time",)
    return math.nan, (f"no_actual_cost:{planned.id}",)
