"""The bars of a Gantt chart, for every format that draws one: what is called how, from when to when, done by whom."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from attrs import frozen

from leadkit.errors import PlanError
from leadkit.wbs import Assignment, Plan, Schedule

__all__ = ["Bar", "bars_of", "plan_of"]


@frozen(kw_only=True)
class Bar:
    """One activity on a Gantt chart; instants in the zone of the plan's calendar."""

    id: str
    code: str
    name: str
    section: str
    start: datetime
    finish: datetime
    minutes: int
    is_critical: bool
    is_milestone: bool
    people: tuple[str, ...] = ()


def plan_of(result: Schedule | Assignment) -> Plan:
    """Give the plan that a result is about; anything else is a `PlanError`."""
    if not isinstance(result, Schedule | Assignment):
        msg = f"expected a Schedule or an Assignment, got {type(result).__name__}"
        raise PlanError(msg)
    return result.plan


def bars_of(result: Schedule | Assignment) -> Sequence[Bar]:
    """List the activities of a schedule or an assignment in the order of the plan.

    A section is the name of the group right below the root that holds the activity; "Milestones" for hand-overs and
    gates. An assignment knows no critical activities, since people and not links may bind it.
    """
    plan = plan_of(result)
    zone = plan.calendar.tz
    bars = []
    for row in result.rows:
        package = plan.package(row.id)
        is_schedule = isinstance(result, Schedule)
        start, finish = (row.early_start, row.early_finish) if is_schedule else (row.start, row.finish)  # type: ignore[union-attr]
        minutes = row.duration if is_schedule else row.minutes  # type: ignore[union-attr]
        bars.append(
            Bar(
                id=row.id,
                code=row.code,
                name=plan.name(row.id),
                section="Milestones" if package is None else _section(plan, row.id),
                start=start.astimezone(zone),
                finish=finish.astimezone(zone),
                minutes=minutes,
                is_critical=row.is_critical if is_schedule else False,  # type: ignore[union-attr]
                is_milestone=package is None or package.kind == "milestone",
                people=() if is_schedule else row.people,  # type: ignore[union-attr]
            )
        )
    return bars


def _section(plan: Plan, own: str) -> str:
    """Name the group right below the root that holds a package; the root where none does."""
    path = plan.wbs.path(own)
    group, *_ = path[1:-1] or path
    return group.name or group.id
