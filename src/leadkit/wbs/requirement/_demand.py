"""Who is asked for when: the needs of the packages at their early dates, period by period, beside what the team has."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Mapping
from datetime import datetime
from fractions import Fraction
from typing import TypeAlias

import numpy as np
from attrs import frozen

from leadkit.calendars import Interval
from leadkit.wbs.assignment._people import Staff
from leadkit.wbs.dates import Activity, Schedule
from leadkit.wbs.plan import Plan
from leadkit.wbs.requirement._flow import greatest_flow
from leadkit.wbs.requirement._periods import By, Period, periods
from leadkit.wbs.structure import Need
from leadkit.wbs.tracking._worked import Hours, instant

__all__ = ["Cell", "Picture", "Skills", "picture_of"]

Skills: TypeAlias = tuple[tuple[str, float], ...]
"""What a need asks for, as sorted pairs; needs of several packages that ask for the same are one."""


@frozen(eq=False)
class Cell:
    """One need in one period, in microseconds of working time.

    `work` maps each package that asks to the time it runs.
    """

    demand: int
    shortage: int
    work: Mapping[str, int]


@frozen(eq=False)
class Picture:
    """All needs of a plan at its early dates.

    `heads` maps each need to the packages that have it and how many people each of them asks for, `missing` to those
    that there cannot be whenever it is done, for too few people have the skills. Needs come in the order in which they
    are served: the one that the fewest people can do first, then by skills.
    """

    plan: Plan
    schedule: Schedule
    rows: Mapping[str, Activity]
    staff: Staff
    periods: list[Period]
    heads: Mapping[Skills, Mapping[str, int]]
    missing: Mapping[Skills, Mapping[str, int]]
    cells: Mapping[tuple[int, Skills], Cell]

    def qualified(self, skills: Skills) -> tuple[str, ...]:
        """Name the people who can do a need, by id."""
        return tuple(self.staff.ids[person] for person in sorted(self.staff.qualified(Need(skills=skills))))


def picture_of(plan: Plan, schedule: Schedule, by: By) -> Picture:
    """Set what the packages ask for beside what the people have time for."""
    staff = Staff(plan)
    rows = {row.id: row for row in schedule.rows}
    heads = _heads(plan, staff, rows)
    missing = _missing(heads, staff)
    asking = [rows[own] for own in dict.fromkeys(own for packages in heads.values() for own in packages)]
    if not asking:
        return Picture(plan, schedule, rows, staff, [], heads, missing, {})
    start, finish = min(row.early_start for row in asking), max(row.early_finish for row in asking)
    stretch = periods(start, finish, by, plan.calendar.tz)
    hours = Hours(stretch[0].start, stretch[-1].end)
    edges = [instant(stretch[0].start), *(instant(period.end) for period in stretch)]
    work = {row.id: _work_by_period(plan, row, hours, edges) for row in asking}
    asked = _asked(heads, work, len(stretch))
    time = _time_by_period(staff, hours, edges)
    cells: dict[tuple[int, Skills], Cell] = {}
    for place in range(len(stretch)):
        for skills, cell in _cells(asked[place], heads, missing, staff, [own[place] for own in time]).items():
            cells[place, skills] = cell
    return Picture(plan, schedule, rows, staff, stretch, heads, missing, cells)


def _heads(plan: Plan, staff: Staff, rows: Mapping[str, Activity]) -> dict[Skills, dict[str, int]]:
    found: dict[Skills, dict[str, int]] = {}
    for package in plan.wbs.packages:
        if rows[package.id].duration:
            for need in package.needs:
                of_need = found.setdefault(need.skills, {})
                of_need[package.id] = of_need.get(package.id, 0) + need.heads
    return dict(sorted(found.items(), key=lambda pair: (len(staff.qualified(Need(skills=pair[0]))), pair[0])))


def _missing(heads: Mapping[Skills, Mapping[str, int]], staff: Staff) -> dict[Skills, dict[str, int]]:
    """Count for each package the heads that nobody is left for, since one person is one head of it."""
    missing: dict[Skills, dict[str, int]] = {skills: {} for skills in heads}
    for own in dict.fromkeys(own for packages in heads.values() for own in packages):
        needs = [skills for skills, packages in heads.items() if own in packages]
        most = [dict.fromkeys(sorted(staff.qualified(Need(skills=skills))), 1) for skills in needs]
        flow = greatest_flow([heads[skills][own] for skills in needs], [1] * len(staff.ids), most)
        for skills, taken in zip(needs, flow, strict=True):
            missing[skills][own] = heads[skills][own] - len(taken)
    return missing


def _work_by_period(plan: Plan, row: Activity, hours: Hours, edges: list[int]) -> dict[int, int]:
    """Give the time that a package runs in each period in which it does."""
    start, finish = instant(row.early_start), instant(row.early_finish)
    first, last = bisect_right(edges, start), bisect_left(edges, finish)
    worked = hours.of([plan.calendar_of(row.id)]).until([start, *edges[first:last], finish])
    times = [round(time) for time in np.diff(worked).tolist()]
    return {place: time for place, time in enumerate(times, first - 1) if time}


def _time_by_period(staff: Staff, hours: Hours, edges: list[int]) -> list[list[int]]:
    """Give for each person the time in each period that the plan has of it."""
    found = []
    for person, calendar in zip(staff.people, staff.calendars, strict=True):
        # the decimal fraction that was written, so that a tenth of ten hours is an hour
        units = Fraction(repr(float(person.units)))
        found.append([int(round(time) * units) for time in np.diff(hours.of([calendar]).until(edges)).tolist()])
    return found


def _asked(
    heads: Mapping[Skills, Mapping[str, int]], work: Mapping[str, Mapping[int, int]], n_periods: int
) -> list[dict[Skills, dict[str, int]]]:
    """Give the needs of each period with the packages that have them then, and the time that each of these runs."""
    asked: list[dict[Skills, dict[str, int]]] = [{} for _ in range(n_periods)]
    for skills, packages in heads.items():
        for own in packages:
            for place, time in work[own].items():
                asked[place].setdefault(skills, {})[own] = time
    return asked


def _cells(
    asked: Mapping[Skills, Mapping[str, int]],
    heads: Mapping[Skills, Mapping[str, int]],
    missing: Mapping[Skills, Mapping[str, int]],
    staff: Staff,
    time: list[int],
) -> dict[Skills, Cell]:
    """Work out the needs of one period: the heads that there cannot be, and what the flow leaves of the others.

    From one person a need takes at most the time that its packages run, for one person is one head of each.
    """
    demand = {s: sum(heads[s][own] * length for own, length in work.items()) for s, work in asked.items()}
    lost = {s: sum(missing[s][own] * length for own, length in work.items()) for s, work in asked.items()}
    most = [dict.fromkeys(sorted(staff.qualified(Need(skills=s))), sum(work.values())) for s, work in asked.items()]
    flow = greatest_flow([demand[s] - lost[s] for s in asked], time, most)
    return {s: Cell(demand[s], demand[s] - sum(taken.values()), asked[s]) for s, taken in zip(asked, flow, strict=True)}


def in_plan_order(plan: Plan, packages: Collection[str]) -> tuple[str, ...]:
    """Sort ids of packages as the outline has them."""
    wanted = frozenset(packages)
    return tuple(package.id for package in plan.wbs.packages if package.id in wanted)


def work_dates(
    picture: Picture, packages: Mapping[str, object], start: datetime, end: datetime
) -> tuple[datetime, datetime]:
    """Find the first and the last instant of work on packages at their early dates within a stretch of time."""
    spans: list[Interval] = []
    for own in packages:
        row = picture.rows[own]
        low, high = max(row.early_start, start), min(row.early_finish, end)
        spans += picture.plan.calendar_of(own).intervals(low, high)
    return min(span.start for span in spans), max(span.end for span in spans)
