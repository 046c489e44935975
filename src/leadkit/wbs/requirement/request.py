"""The documented requirement for HR: whom the plan lacks, from when until when, why, and what it costs to do without."""

from __future__ import annotations

from typing import Any

from attrs import frozen

from leadkit._results import Result, plain
from leadkit.errors import InfeasibleError
from leadkit.wbs.assignment import Assignment, assign
from leadkit.wbs.dates import Schedule, schedule
from leadkit.wbs.plan import Plan
from leadkit.wbs.requirement._demand import picture_of
from leadkit.wbs.requirement._lines import RequestLine, lines_of
from leadkit.wbs.requirement._periods import By, expect_by
from leadkit.wbs.requirement.gap import gap_of, records_table, said
from leadkit.wbs.tracking._worked import whole_minutes

__all__ = ["ResourceRequest", "resource_request"]

COLUMNS = ("skills", "heads", "hours", "from_date", "to_date", "packages", "reason", "best", "best_level")
LATE = "deadline_missed:"


@frozen(kw_only=True, eq=False)
class ResourceRequest(Result):
    """Whom a plan lacks.

    Parameters
    ----------
    lines : tuple of RequestLine
        What to ask for, by first day, then by skills.
    delay : int, optional
        How much later the team ends than one of unlimited size [min of the plan's calendar]; None where the team cannot
        do the plan at all.
    cost_of_delay : float, optional
        What that costs, at the plan's cost of a working day of delay; None where one of the two is not known.
    flags : tuple of str
        What is doubtful, words of `leadkit.wbs.WBS_FLAGS`.
    """

    lines: tuple[RequestLine, ...]
    delay: int | None
    cost_of_delay: float | None
    flags: tuple[str, ...] = ()

    def to_records(self) -> list[dict[str, Any]]:
        """Give one dictionary a line: its fields, with `skills` and `packages` as text, `best` and `best_level`."""
        return [
            {
                "skills": said(line.skills),
                "heads": line.heads,
                "hours": line.hours,
                "from_date": line.from_date.isoformat(),
                "to_date": line.to_date.isoformat(),
                "packages": " ".join(line.packages),
                "reason": line.reason,
                "best": line.best[0] if line.best else None,
                "best_level": plain(line.best[1]) if line.best else None,
            }
            for line in self.lines
        ]

    def _repr_html_(self) -> str:
        return records_table("ResourceRequest", COLUMNS, self.to_records())


def resource_request(plan: Plan, *, assignment: Assignment | None = None, by: By = "week") -> ResourceRequest:
    """Write down whom the plan lacks.

    A need that is short in adjoining periods, with no working time of the plan between them, is one line. Where too few
    people have the skills, `heads` are those missing in the package that misses most, also because another need of that
    package takes them; where they lack the time, as many as the worst period asks for. A plan that the team can do in
    time, without delay or else by its deadline, asks for nobody: only those on whom everything depends are named.

    Parameters
    ----------
    plan : Plan
        The plan with its team.
    assignment : Assignment, optional
        Who does what in this plan; None lets `assign` find out, with its usual number of schedules.
    by : {"day", "week", "month"}
        The periods in which demand and capacity are compared, as in `staffing_gap`.

    Returns
    -------
    ResourceRequest
        What to ask for, and what it costs to do without.

    Raises
    ------
    ValueError
        `by` is none of these, or the assignment is of another plan.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> from leadkit.skills import SkillMatrix
    >>> from leadkit.wbs import Estimate, Group, Need, Person, Team, Wbs, WorkPackage
    >>> work = [
    ...     WorkPackage(id=own, estimate=Estimate.fixed(4), needs=[Need(skills={"sql": 3})]) for own in ("api", "report")
    ... ]
    >>> team = Team(people=[Person(id="ann")], skills=SkillMatrix(["ann"], ["sql"], [[4]]))
    >>> plan = Plan(
    ...     wbs=Wbs(root=Group(id="site", children=work)),
    ...     start=datetime(2026, 1, 5, 8, tzinfo=UTC),
    ...     team=team,
    ...     delay_cost=500.0,
    ... )
    >>> request = resource_request(plan)
    >>> [(line.reason, line.heads, line.hours) for line in request.lines]
    [('overload', 1, 24.0), ('one_person_only', 0, 0.0)]
    >>> request.delay, request.cost_of_delay
    (1920, 2000.0)
    """
    expect_by(by)
    unlimited = schedule(plan)
    picture = picture_of(plan, unlimited, by)
    found = _assigned(plan) if assignment is None else _expect_of_plan(plan, assignment)
    delay, flags, in_time = None, ["infeasible"], False
    if found is not None:
        delay = whole_minutes(plan.calendar.elapsed(unlimited.finish, found.finish))
        flags, in_time = list(found.flags), _is_in_time(plan, unlimited, found, delay)
    cost = None if delay is None or plan.delay_cost is None else delay / plan.day_minutes * plan.delay_cost
    return ResourceRequest(
        lines=lines_of(picture, with_overload=not in_time),
        delay=delay,
        cost_of_delay=cost,
        flags=tuple(dict.fromkeys((*flags, *gap_of(picture, by).flags))),
    )


def _assigned(plan: Plan) -> Assignment | None:
    try:
        return assign(plan)
    except InfeasibleError:
        return None


def _expect_of_plan(plan: Plan, assignment: Assignment) -> Assignment:
    if not isinstance(assignment, Assignment):
        msg = f"assignment: expected an Assignment, got {assignment!r}"
        raise ValueError(msg)  # noqa: TRY004 - as for one of another plan
    assigned = {row.id for row in assignment.rows}
    for package in plan.wbs.packages:
        if package.id not in assigned:
            msg = f"assignment: has nobody and no dates for {package.id!r}, so it is of another plan"
            raise ValueError(msg)
    return assignment


def _is_in_time(plan: Plan, unlimited: Schedule, assignment: Assignment, delay: int) -> bool:
    """Tell whether the team ends without delay, or by the deadline, and misses no deadline of a package for want of people."""
    if any(flag.startswith(LATE) and flag not in unlimited.flags for flag in assignment.flags):
        return False
    return delay <= 0 or (plan.deadline is not None and assignment.finish <= plan.deadline)
