"""When the tasks of a plan begin and end, as a result says."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from leadkit.errors import PlanError
from leadkit.wbs import Assignment, Plan, Schedule, WorkPackage

__all__ = ["Dates", "dates_of"]

MINUTE: Final = timedelta(minutes=1)


class Dates(NamedTuple):
    """When a part of the plan begins and ends, and how long it works in between, where a result says so."""

    start: datetime
    finish: datetime
    minutes: int | None = None


def dates_of(plan: Plan, result: Any) -> dict[str, Dates]:
    """Read the dates of tasks out of a schedule or an assignment, by id; those of groups are those of their parts."""
    return _with_groups(plan, _dates(plan, result))


def _dates(plan: Plan, result: Any) -> dict[str, Dates]:
    """Read the dates of activities out of a result."""
    if result is None:
        return {}
    if not isinstance(result, Schedule | Assignment):
        msg = f"result: expected a Schedule or an Assignment, got {type(result).__name__}"
        raise TypeError(msg)
    if tuple(row.id for row in result.rows) != plan.activities:
        msg = "result: its activities are those of another plan"
        raise PlanError(msg)
    if isinstance(result, Schedule):
        return {row.id: Dates(row.early_start, row.early_finish, row.duration) for row in result.rows}
    return {row.id: Dates(row.start, row.finish) for row in result.rows}


def _with_groups(plan: Plan, dates: dict[str, Dates]) -> dict[str, Dates]:
    """Add the dates of groups: from the first start of their parts to the last finish, on the plan's calendar."""
    nodes, parents = plan.wbs.nodes, plan.wbs.parents.tolist()
    found: list[Dates | None] = [dates.get(node.id) for node in nodes]
    for place in range(len(nodes) - 1, 0, -1):
        own, above = found[place], found[parents[place]]
        if own is not None:
            start = own.start if above is None else min(above.start, own.start)
            finish = own.finish if above is None else max(above.finish, own.finish)
            found[parents[place]] = Dates(start, finish)
    return {
        node.id: own if isinstance(node, WorkPackage) else _worked(plan, own)
        for node, own in zip(nodes, found, strict=True)
        if own is not None
    }


def _worked(plan: Plan, dates: Dates) -> Dates:
    return dates._replace(minutes=plan.calendar.elapsed(dates.start, dates.finish) // MINUTE)
