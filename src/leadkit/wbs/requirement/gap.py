"""Where the team is too small: what the plan asks for at its early dates beside what qualified people have time for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from attrs import frozen

from leadkit._results import MOST_ROWS_SHOWN, Result, html_table
from leadkit.wbs.dates import Schedule
from leadkit.wbs.dates import schedule as scheduled
from leadkit.wbs.plan import Plan
from leadkit.wbs.requirement._demand import Picture, Skills, in_plan_order, picture_of
from leadkit.wbs.requirement._periods import By, expect_by
from leadkit.wbs.structure import Need
from leadkit.wbs.tracking._worked import MINUTE

__all__ = ["ShortageRow", "Single", "StaffingGap", "gap_of", "said", "single_people", "staffing_gap"]


@frozen(kw_only=True)
class ShortageRow:
    """One need in one period.

    Parameters
    ----------
    from_date, to_date : datetime.date
        First and last date of the period.
    need : Need
        What is asked for; its heads are the most that one work package asks for.
    demand : int
        Working time that is asked for [person-minutes].
    capacity : int
        What qualified people can give to it, no time of anybody counted twice [person-minutes]; at most the demand.
    shortage : int
        What is left [person-minutes].
    """

    from_date: date
    to_date: date
    need: Need
    demand: int
    capacity: int
    shortage: int


class Single(NamedTuple):
    """Somebody without whom a need cannot be met: the need, the person, and the packages that have the need."""

    need: Need
    person: str
    packages: tuple[str, ...]


@frozen(kw_only=True, eq=False)
class StaffingGap(Result):
    """Where a team is too small for its plan at the early dates.

    Parameters
    ----------
    rows : tuple of ShortageRow
        Every need in every period in which it is asked for, by date, then by skills; also those without a shortage.
    unqualified : tuple of Need
        Needs with fewer qualified people than heads; the heads are the most that one work package asks for.
    single : tuple of (need, person, packages)
        The people without whom a need cannot be met, since exactly as many are qualified as there are heads; one entry
        each, by skills, then by person.
    by : {"day", "week", "month"}
        How long a period is.
    flags : tuple of str
        What is doubtful, words of `leadkit.wbs.WBS_FLAGS`.
    """

    rows: tuple[ShortageRow, ...]
    unqualified: tuple[Need, ...]
    single: tuple[Single, ...]
    by: By = "week"
    flags: tuple[str, ...] = ()

    def to_records(self) -> list[dict[str, Any]]:
        """Give one dictionary a row: `from_date`, `to_date`, `need` as text, `demand`, `capacity`, `shortage`."""
        return [
            {
                "from_date": row.from_date.isoformat(),
                "to_date": row.to_date.isoformat(),
                "need": said(row.need.skills, row.need.heads),
                "demand": row.demand,
                "capacity": row.capacity,
                "shortage": row.shortage,
            }
            for row in self.rows
        ]

    def _repr_html_(self) -> str:
        return records_table(
            "StaffingGap", ("from_date", "to_date", "need", "demand", "capacity", "shortage"), self.to_records()
        )


def staffing_gap(plan: Plan, *, schedule: Schedule | None = None, by: By = "week") -> StaffingGap:
    """Find the needs that the team has too little qualified time for, period by period.

    Demand is the working time of the packages at their early dates, times their heads. The people serve it as far as a
    maximum flow can: everybody with the open time of their calendar times their units, and for one head of a package at a
    time. What that leaves is the shortage. Where it could fall on one need or on another, the one that fewer people can
    do is served first, then the one whose skills come first.

    Parameters
    ----------
    plan : Plan
        The plan with its team.
    schedule : Schedule, optional
        The dates of this plan; None works them out at the means.
    by : {"day", "week", "month"}
        How long a period is, on the dates of the plan's calendar; a week begins on Monday.

    Returns
    -------
    StaffingGap
        The needs by period.

    Raises
    ------
    ValueError
        `by` is none of these, or the schedule is of another plan.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> from leadkit.skills import SkillMatrix
    >>> from leadkit.wbs import Estimate, Group, Person, Team, Wbs, WorkPackage
    >>> work = [
    ...     WorkPackage(id=own, estimate=Estimate.fixed(4), needs=[Need(skills={"sql": 3})]) for own in ("api", "report")
    ... ]
    >>> team = Team(people=[Person(id="ann")], skills=SkillMatrix(["ann"], ["sql"], [[4]]))
    >>> plan = Plan(wbs=Wbs(root=Group(id="site", children=work)), start=datetime(2026, 1, 5, 8, tzinfo=UTC), team=team)
    >>> gap = staffing_gap(plan)
    >>> [(row.from_date.isoformat(), row.demand, row.capacity, row.shortage) for row in gap.rows]
    [('2026-01-05', 3840, 2400, 1440)]
    >>> [(one.person, one.packages) for one in gap.single]
    [('ann', ('api', 'report'))]
    """
    expect_by(by)
    return gap_of(picture_of(plan, _dates(plan, schedule), by), by)


def _dates(plan: Plan, schedule: Schedule | None) -> Schedule:
    found = scheduled(plan) if schedule is None else schedule
    if not isinstance(found, Schedule):
        msg = f"schedule: expected a Schedule, got {schedule!r}"
        raise ValueError(msg)  # noqa: TRY004 - as for one of another plan
    dated = {row.id for row in found.rows}
    for own in plan.activities:
        if own not in dated:
            msg = f"schedule: has no dates for {own!r}, so it is of another plan"
            raise ValueError(msg)
    return found


def gap_of(picture: Picture, by: By) -> StaffingGap:
    """Read the answer off what is set beside each other."""
    most = {skills: max(packages.values()) for skills, packages in picture.heads.items()}
    rows = []
    for (place, skills), cell in sorted(picture.cells.items()):
        demand, shortage = round(cell.demand / MINUTE), round(cell.shortage / MINUTE)
        period = picture.periods[place]
        rows.append(
            ShortageRow(
                from_date=period.from_date,
                to_date=period.to_date,
                need=Need(skills=skills, heads=most[skills]),
                demand=demand,
                capacity=demand - shortage,
                shortage=shortage,
            )
        )
    unqualified = tuple(
        Need(skills=skills, heads=heads)
        for skills, heads in sorted(most.items())
        if len(picture.qualified(skills)) < heads
    )
    flags = (*(["unqualified"] if unqualified else []), *picture.schedule.flags)
    return StaffingGap(
        rows=tuple(rows),
        unqualified=unqualified,
        single=single_people(picture),
        by=by,
        flags=tuple(dict.fromkeys(flags)),
    )


def single_people(picture: Picture) -> tuple[Single, ...]:
    """List those who are all there is for the heads of a package."""
    found = []
    for skills, packages in sorted(picture.heads.items()):
        people = picture.qualified(skills)
        asking = [own for own, heads in packages.items() if heads == len(people)]
        if asking:
            need, of_plan = Need(skills=skills, heads=len(people)), in_plan_order(picture.plan, asking)
            found += [Single(need, person, of_plan) for person in people]
    return tuple(found)


def said(skills: Skills, heads: int = 1) -> str:
    """Write a need as a person would."""
    text = ", ".join(f"{skill} >= {level:g}" for skill, level in skills) or "anybody"
    return f"{text} x{heads}" if heads > 1 else text


def records_table(caption: str, columns: Sequence[str], records: Sequence[dict[str, Any]]) -> str:
    """Show the first records as an HTML table."""
    rows = [tuple(record.values()) for record in records[:MOST_ROWS_SHOWN]]
    rest = len(records) - len(rows)
    return html_table(caption, columns, rows) + (f"<p>... and {rest} more rows</p>" if rest else "")
