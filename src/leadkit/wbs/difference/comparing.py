"""What changes between two plans, schedules, assignments or simulations."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, ClassVar, Final, TypeAlias, TypeGuard

import attrs
from attrs import field, frozen

from leadkit._checks import as_tuple
from leadkit._fields import as_float
from leadkit._results import TableResult, plain, same
from leadkit.calendars import WorkCalendar
from leadkit.errors import PlanError
from leadkit.wbs.assignment import Assignment
from leadkit.wbs.dates import Schedule, schedule
from leadkit.wbs.difference._facts import (
    Facts,
    facts_of_assignment,
    facts_of_plan,
    facts_of_risk,
    facts_of_schedule,
)
from leadkit.wbs.plan import Plan
from leadkit.wbs.risk import RiskResult

__all__ = ["Change", "Difference", "compare"]

Compared: TypeAlias = Plan | Schedule | Assignment | RiskResult

MINUTE: Final = timedelta(minutes=1)
OFTEN: Final = 0.5


@frozen(kw_only=True)
class Change:
    """One value that differs.

    Parameters
    ----------
    id : str
        Whose it is: an activity, "person:<id>", "metric:<id>", "event:<id>" or "calendar:<name>"; "" of the whole.
    field : str
        Which value.
    before, after : object
        What it was and is; None where there is none.
    delta : float
        After less before: of numbers in their unit, of instants in working minutes; NaN of anything else.
    """

    id: str
    field: str
    before: Any
    after: Any
    delta: float = attrs.field(converter=as_float)


@frozen(kw_only=True, eq=False)
class Difference(TableResult):
    """What changes from one plan or result to another of the same kind.

    Parameters
    ----------
    rows : tuple of Change
        Every value that differs, in the order of `before`, then what only `after` has.
    finish_delta : int
        How much later it ends, in working minutes of the calendar of `after` [min]; negative is earlier. Plans are
        compared at the early finish of their schedules, simulations at the mean finish, in minutes since their start.
    entered_critical, left_critical : tuple of str
        Ids of the activities that became critical and that are it no more, sorted. In a simulation an activity counts
        as critical when it is so in more than half of the runs; an assignment knows no critical activities.
    """

    rows: tuple[Change, ...] = field(converter=as_tuple)
    finish_delta: int
    entered_critical: tuple[str, ...] = field(converter=as_tuple)
    left_critical: tuple[str, ...] = field(converter=as_tuple)

    _columns: ClassVar[Mapping[str, str]] = {}

    def to_records(self) -> list[dict[str, Any]]:
        """Give one dictionary a change, with the fields of `Change`."""
        return [
            {
                "id": row.id,
                "field": row.field,
                "before": plain(row.before),
                "after": plain(row.after),
                "delta": plain(row.delta),
            }
            for row in self.rows
        ]


def compare(before: Compared, after: Compared) -> Difference:
    """Tell what changes from one plan, schedule, assignment or simulation to another.

    Parameters
    ----------
    before, after : Plan, Schedule, Assignment or RiskResult
        Two of the same kind.

    Returns
    -------
    Difference
        The values that differ, how much later it ends, and what became critical.

    Raises
    ------
    PlanError
        The two are not of one of these kinds, or not of the same.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> from leadkit.wbs import Estimate, Group, Link, Plan, Wbs, WorkPackage
    >>> packages = [WorkPackage(id=own, estimate=Estimate.fixed(2)) for own in ("design", "build")]
    >>> plan = Plan(
    ...     wbs=Wbs(root=Group(id="site", children=packages)),
    ...     start=datetime(2026, 1, 5, 8, tzinfo=UTC),
    ...     links=Link.parse("design", successor="build"),
    ... )
    >>> found = compare(plan, plan.replace("design", estimate=Estimate.fixed(3)))
    >>> found.finish_delta
    480
    >>> [(row.id, row.field, row.delta) for row in found.rows]
    [('design', 'estimate', nan), ('design', 'duration', 480.0)]
    """
    for kind, differ in DIFFERENCES:
        if isinstance(before, kind) and isinstance(after, kind):
            return differ(before, after)
    msg = (
        "compare: expected two plans, two schedules, two assignments or two simulations, got "
        f"{type(before).__name__} and {type(after).__name__}"
    )
    raise PlanError(msg)


def _of_plans(before: Plan, after: Plan) -> Difference:
    first, second = schedule(before), schedule(after)
    facts = facts_of_plan(before), facts_of_plan(after)
    return _made(facts, after.calendar, (first.finish, second.finish), (set(first.critical), set(second.critical)))


def _of_schedules(before: Schedule, after: Schedule) -> Difference:
    facts = facts_of_schedule(before), facts_of_schedule(after)
    return _made(facts, after.plan.calendar, (before.finish, after.finish), (set(before.critical), set(after.critical)))


def _of_assignments(before: Assignment, after: Assignment) -> Difference:
    facts = facts_of_assignment(before), facts_of_assignment(after)
    return _made(facts, after.plan.calendar, (before.finish, after.finish), (set(), set()))


def _of_simulations(before: RiskResult, after: RiskResult) -> Difference:
    critical = [
        {own for own, share in zip(result.ids, result.criticality.tolist(), strict=True) if share > OFTEN}
        for result in (before, after)
    ]
    changes = _changes(facts_of_risk(before), facts_of_risk(after), None)
    return _difference(changes, round(after.mean - before.mean), critical[0], critical[1])


DIFFERENCES: Final[tuple[tuple[type, Callable[[Any, Any], Difference]], ...]] = (
    (Plan, _of_plans),
    (Schedule, _of_schedules),
    (Assignment, _of_assignments),
    (RiskResult, _of_simulations),
)


def _made(
    facts: tuple[Facts, Facts],
    calendar: WorkCalendar,
    finishes: tuple[datetime, datetime],
    critical: tuple[set[str], set[str]],
) -> Difference:
    later = calendar.elapsed(*finishes) // MINUTE
    return _difference(_changes(*facts, calendar), later, *critical)


def _difference(changes: list[Change], later: int, before: set[str], after: set[str]) -> Difference:
    return Difference(
        rows=tuple(changes),
        finish_delta=later,
        entered_critical=tuple(sorted(after - before)),
        left_critical=tuple(sorted(before - after)),
    )


def _changes(before: Facts, after: Facts, calendar: WorkCalendar | None) -> list[Change]:
    changes = []
    for place in dict.fromkeys((*before, *after)):
        old, new = before.get(place), after.get(place)
        if not same(old, new):
            own, name = place
            changes.append(Change(id=own, field=name, before=old, after=new, delta=_delta(old, new, calendar)))
    return changes


def _delta(old: Any, new: Any, calendar: WorkCalendar | None) -> float:
    if isinstance(old, datetime) and isinstance(new, datetime) and calendar is not None:
        return calendar.elapsed(old, new) / MINUTE
    if _is_number(old) and _is_number(new):
        return float(new - old)
    return math.nan


def _is_number(value: object) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool)
