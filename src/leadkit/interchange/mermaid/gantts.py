"""Gantt charts as Mermaid text: absolute dates, so that the chart shows what was worked out and nothing else."""

from __future__ import annotations

from leadkit.errors import PlanError
from leadkit.interchange._gantt import Bar, bars_of, plan_of
from leadkit.interchange.mermaid._escaping import MOST_CHARACTERS, escaped_task
from leadkit.wbs import Assignment, Schedule

__all__ = ["gantt"]

INSTANT = "%Y-%m-%dT%H:%M:%S"


def gantt(result: Schedule | Assignment) -> str:
    """Write a schedule or an assignment as a Mermaid Gantt chart.

    Parameters
    ----------
    result : leadkit.wbs.Schedule or leadkit.wbs.Assignment
        What to draw: early dates of a schedule, the dates and people of an assignment.

    Returns
    -------
    str
        A chart with one section a phase (the groups right below the root), dates of the plan's calendar and absolute,
        "crit" on critical activities, "milestone" on milestones. Texts of users are written as entity codes where needed.

    Raises
    ------
    PlanError
        `result` is something else, or the text is longer than what draws Mermaid takes.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> from leadkit.wbs import Estimate, Group, Link, Plan, Wbs, WorkPackage, schedule
    >>> packages = [WorkPackage(id=own, estimate=Estimate.fixed(1)) for own in ("design", "build: api")]
    >>> plan = Plan(
    ...     wbs=Wbs(root=Group(id="site", children=packages)),
    ...     start=datetime(2026, 1, 5, 8, tzinfo=UTC),
    ...     links=Link.parse("design", successor="build: api"),
    ... )
    >>> print(gantt(schedule(plan)))
    gantt
        title site
        dateFormat YYYY-MM-DDTHH:mm:ss
        axisFormat %d %b
        section site
        design :crit, t0, 2026-01-05T08:00:00, 2026-01-05T17:00:00
        build#58; api :crit, t1, 2026-01-06T08:00:00, 2026-01-06T17:00:00
    """
    root = plan_of(result).wbs.root
    lines = [
        "gantt",
        f"    title {escaped_task(root.name or root.id)}",
        "    dateFormat YYYY-MM-DDTHH:mm:ss",
        "    axisFormat %d %b",
    ]
    section = None
    for place, bar in enumerate(bars_of(result)):
        if bar.section != section:
            section = bar.section
            lines.append(f"    section {escaped_task(section)}")
        lines.append(f"    {_task(place, bar)}")
    text = "\n".join(lines)
    if len(text) > MOST_CHARACTERS:
        msg = f"the chart has {len(text)} characters, what draws Mermaid takes at most {MOST_CHARACTERS}"
        raise PlanError(msg)
    return text


def _task(place: int, bar: Bar) -> str:
    name = escaped_task(f"{bar.name} ({', '.join(bar.people)})" if bar.people else bar.name)
    words = [word for word, is_so in (("crit", bar.is_critical), ("milestone", bar.is_milestone)) if is_so]
    start = bar.start.strftime(INSTANT)
    end = "0d" if bar.is_milestone else bar.finish.strftime(INSTANT)
    return f"{name} :{', '.join([*words, f't{place}', start, end])}"
