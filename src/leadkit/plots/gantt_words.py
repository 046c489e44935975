"""What each kind of result says about an activity on a Gantt chart: its dates, its float, its people or its progress."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import TypeAlias

from attrs import frozen

from leadkit._fields import FrozenMapping
from leadkit.plots.labels import PERCENT, number
from leadkit.plots.names import listed
from leadkit.wbs import Assignment, Plan, Schedule, Tracking

__all__ = ["GanttResult", "Source", "Span", "days_text", "plan_of", "source_of", "spans_of"]

GanttResult: TypeAlias = Schedule | Assignment | Tracking
"""What a Gantt chart can be drawn of."""
Span: TypeAlias = tuple[datetime, datetime]
"""A start and a finish."""

LETTERS = 40


@frozen(kw_only=True)
class Source:
    """A result, read once for all rows.

    Parameters
    ----------
    plan : Plan
        What the result is about.
    spans : mapping of str to (datetime, datetime)
        Every activity: early dates, those of the assignment, or the forecast.
    text : callable
        What stands beside the bar of some activities together.
    says_groups : bool
        Whether groups have such words too while what is below them is drawn.
    critical : set of str
        The activities without float.
    slack_ends : mapping of str to datetime
        The late finish of those with float.
    done : mapping of str to float
        The share that is done.
    """

    plan: Plan
    spans: Mapping[str, Span]
    text: Callable[[Sequence[str]], str]
    says_groups: bool = False
    critical: frozenset[str] = frozenset()
    slack_ends: Mapping[str, datetime] = FrozenMapping()
    done: Mapping[str, float] = FrozenMapping()


def plan_of(result: GanttResult) -> Plan:
    """Find the plan that a result is about."""
    return result.forecast.plan if isinstance(result, Tracking) else result.plan


def spans_of(result: GanttResult) -> dict[str, Span]:
    """Give the start and finish of every activity: early dates, those of the assignment, or the forecast."""
    if isinstance(result, Assignment):
        return {row.id: (row.start, row.finish) for row in result.rows}
    rows = result.forecast.rows if isinstance(result, Tracking) else result.rows
    return {row.id: (row.early_start, row.early_finish) for row in rows}


def days_text(minutes: float, day_minutes: int) -> str:
    """Write a length of working time in days of the plan, in minutes where it is below a tenth of one.

    Examples
    --------
    >>> days_text(720, 480), days_text(960, 480), days_text(20, 480)
    ('1.5 d', '2 d', '20 min')
    """
    if minutes < day_minutes / 10:
        return f"{number(minutes, 0)} min"
    return f"{number(minutes / day_minutes, 1).removesuffix('.0')} d"


def source_of(result: GanttResult) -> Source:
    """Read a result."""
    if isinstance(result, Assignment):
        return _of_assignment(result)
    if isinstance(result, Tracking):
        return _of_tracking(result)
    return _of_schedule(result)


def _of_schedule(result: Schedule) -> Source:
    floats = {row.id: row.total_float for row in result.rows}
    day = result.plan.day_minutes

    def text(ids: Sequence[str]) -> str:
        least = min((floats[own] for own in ids), default=None)
        if least is None:
            return ""
        if least < 0:
            return f"critical, {days_text(-least, day)} too late"
        return f"float {days_text(least, day)}" if least else "critical"

    return Source(
        plan=result.plan,
        spans=spans_of(result),
        text=text,
        critical=frozenset(result.critical),
        slack_ends={row.id: row.late_finish for row in result.rows if row.total_float > 0},
    )


def _of_assignment(result: Assignment) -> Source:
    names = {person.id: person.name or person.id for person in result.plan.team.people}
    people = {row.id: row.people for row in result.rows}

    def text(ids: Sequence[str]) -> str:
        own = dict.fromkeys(person for name in ids for person in people[name])
        return listed([names[person] for person in own], LETTERS)

    return Source(plan=result.plan, spans=spans_of(result), text=text)


def _of_tracking(result: Tracking) -> Source:
    rows = {row.id: row for row in result.rows}
    day = plan_of(result).day_minutes

    def text(ids: Sequence[str]) -> str:
        own = [rows[name] for name in ids if name in rows]
        budget = math.fsum(row.budget for row in own)
        percent = 100 * math.fsum(row.ev for row in own) / budget if budget else math.nan
        slip = 0
        if len(own) == len(ids) == 1:
            percent, slip = own[0].percent, own[0].slip
        words = [] if math.isnan(percent) else [f"{number(percent, 0)}{PERCENT}"]
        words += [f"{days_text(abs(slip), day)} {'late' if slip > 0 else 'early'}"] if slip else []
        return ", ".join(words)

    return Source(
        plan=plan_of(result),
        spans=spans_of(result),
        text=text,
        says_groups=True,
        critical=frozenset(result.forecast.critical),
        slack_ends={row.id: row.late_finish for row in result.forecast.rows if row.total_float > 0},
        done={row.id: row.percent / 100 for row in result.rows},
    )
