"""What was planned: the dates, the people, the budget and the planned value of every work package."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import chain
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

import numpy as np
from attrs import frozen

from leadkit.errors import Fault, PlanError
from leadkit.wbs.dates import Schedule
from leadkit.wbs.plan import Person, Plan
from leadkit.wbs.structure import WorkPackage
from leadkit.wbs.tracking._worked import Hours, Worked, instant

if TYPE_CHECKING:
    from leadkit.wbs.assignment import Assignment

__all__ = ["Baseline", "BudgetKind", "Planned", "baseline_of"]

BudgetKind: TypeAlias = Literal["cost", "effort", "time"]
"""Where a budget comes from: a stated cost, the people's hours at their rates, or the planned time itself."""

MINUTES_AN_HOUR = 60


class Dated(NamedTuple):
    """When something was planned, how long it works, and who does it."""

    start: datetime
    finish: datetime
    minutes: int
    people: tuple[str, ...]


@frozen(kw_only=True)
class Planned:
    """One work package as it was planned.

    `worked` is the time at which its calendar and those of its people are open; `rate` what a minute of it costs in the
    unit of the budget, NaN where the budget is a stated cost.
    """

    id: str
    start: datetime
    finish: datetime
    minutes: int
    people: tuple[str, ...]
    worked: Worked
    budget: float
    rate: float
    kind: BudgetKind

    def share_due(self, instants: Sequence[int]) -> list[float]:
        """Give the share of its working time that was planned to have passed at instants [us]; 0..1."""
        start, finish = instant(self.start), instant(self.finish)
        first, last = self.worked.until([start, finish]).tolist()
        if last <= first:
            return [float(t >= finish) for t in instants]
        passed = self.worked.until(np.clip(np.asarray(instants, dtype=np.float64), start, finish))
        return [(time - first) / (last - first) for time in passed.tolist()]


@frozen(kw_only=True)
class Baseline:
    """The plan as it was fixed: its packages in outline order, the first start and the last finish."""

    packages: Mapping[str, Planned]
    start: datetime
    finish: datetime
    point: str | float

    def planned_value(self, instants: Sequence[int]) -> list[float]:
        """Give the planned value of everything at ascending instants [us]."""
        by_finish = sorted(self.packages.values(), key=lambda planned: instant(planned.finish))
        finishes, budgets = [instant(planned.finish) for planned in by_finish], [own.budget for own in by_finish]
        partly: list[list[float]] = [[] for _ in instants]
        for planned, finish in zip(by_finish, finishes, strict=True):
            first, last = bisect_right(instants, instant(planned.start)), bisect_left(instants, finish)
            if first < last:
                shares = planned.share_due(instants[first:last])
                for k, share in enumerate(shares, first):
                    partly[k].append(planned.budget * share)
        return [
            math.fsum(chain(budgets[: bisect_right(finishes, t)], parts))
            for t, parts in zip(instants, partly, strict=True)
        ]


def baseline_of(plan: Plan, baseline: Schedule | Assignment, instants: Iterable[datetime]) -> Baseline:
    """Read the early dates of a schedule, or the dates and people of an assignment.

    Working time is known from the first to the last of the planned dates and of the `instants`.
    """
    dated = dict(_dated(baseline))
    people = {person.id: person for person in plan.team.people}
    faults = [
        Fault(f"activity {own!r}", "has no dates, so the baseline is of another plan")
        for own in plan.activities
        if own not in dated
    ]
    faults += [
        Fault(f"activity {own!r}", f"is given to {person!r}, who is not in the team")
        for own, part in dated.items()
        for person in part.people
        if person not in people
    ]
    if faults:
        raise PlanError.from_faults(faults, subject="baseline")
    ends = [t for part in dated.values() for t in (part.start, part.finish)]
    known = [t.astimezone(UTC) for t in (*ends, *instants, plan.start)]
    hours = Hours(min(known), max(known))
    packages = {
        own.id: _planned(plan, own, dated[own.id], [people[name] for name in dated[own.id].people], hours)
        for own in plan.wbs.packages
    }
    return Baseline(
        packages=packages,
        start=min((planned.start for planned in packages.values()), default=plan.start),
        finish=max((planned.finish for planned in packages.values()), default=plan.start),
        point=baseline.point if isinstance(baseline, Schedule) else "mean",
    )


def _dated(baseline: Schedule | Assignment) -> Iterator[tuple[str, Dated]]:
    if isinstance(baseline, Schedule):
        for row in baseline.rows:
            yield row.id, Dated(row.early_start, row.early_finish, row.duration, ())
        return
    from leadkit.wbs.assignment import Assignment

    if isinstance(baseline, Assignment):
        for given in baseline.rows:
            yield given.id, Dated(given.start, given.finish, given.minutes, given.people)
    else:
        raise PlanError.from_faults([Fault("baseline", f"expected a Schedule or an Assignment, got {baseline!r}")])


def _planned(plan: Plan, package: WorkPackage, dated: Dated, people: list[Person], hours: Hours) -> Planned:
    rates = [person.rate for person in people if person.rate is not None]
    minutes, cost = dated.minutes, package.measures.get("cost")
    kind: BudgetKind
    if cost is not None:
        kind, rate, budget = "cost", math.nan, float(cost)
    elif people and len(rates) == len(people):
        units = [person.units for person in people]
        rate = math.fsum(r * u for r, u in zip(rates, units, strict=True)) / MINUTES_AN_HOUR
        kind, budget = "effort", minutes * rate
    else:
        kind, rate, budget = "time", 1.0, float(minutes)
    calendars = [plan.calendar_of(package.id), *(person.calendar or plan.calendar for person in people)]
    return Planned(
        id=package.id,
        start=dated.start,
        finish=dated.finish,
        minutes=minutes,
        people=dated.people,
        worked=hours.of(calendars),
        budget=budget,
        rate=rate,
        kind=kind,
    )
