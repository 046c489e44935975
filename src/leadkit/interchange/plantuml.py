"""Gantt charts as PlantUML text: durations in working days, and the links of the plan."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from leadkit.interchange._chart import one_line
from leadkit.interchange._gantt import Bar, bars_of, plan_of
from leadkit.wbs import LINK_KINDS, Assignment, Plan, Schedule

__all__ = ["gantt"]

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
ENDS = {"F": "end", "S": "start"}
STARTS_OR_ENDS = {"F": "ends", "S": "starts"}
# what means something in PlantUML or in its markup; it draws the code as the mark
MARKS = frozenset("[]:;#<>{}|~`'/!@%$&*^=+_-" + '"' + chr(92))


def gantt(result: Schedule | Assignment) -> str:
    """Write a schedule or an assignment as a PlantUML Gantt chart.

    PlantUML counts in days, so durations are rounded up to whole ones of the plan, and lags to the nearest. Activities
    that nothing holds back, and all of an assignment, begin at their date; others follow their links.

    Parameters
    ----------
    result : leadkit.wbs.Schedule or leadkit.wbs.Assignment
        What to draw.

    Returns
    -------
    str
        A chart with separators for phases, closed weekdays and holidays of the plan's calendar, critical activities in
        another colour, and links with their lags. Texts of users cannot break out of their labels.

    Raises
    ------
    PlanError
        `result` is something else.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> from leadkit.wbs import Estimate, Group, Link, Plan, Wbs, WorkPackage, schedule
    >>> packages = [WorkPackage(id=own, estimate=Estimate.fixed(2)) for own in ("design", "build")]
    >>> plan = Plan(
    ...     wbs=Wbs(root=Group(id="site", children=packages)),
    ...     start=datetime(2026, 1, 5, 8, tzinfo=UTC),
    ...     links=Link.parse("design:FS+1d", successor="build"),
    ... )
    >>> print(gantt(schedule(plan)))
    @startgantt
    title site
    Project starts 2026-01-05
    saturday are closed
    sunday are closed
    -- site --
    [design] as [t0] lasts 2 days
    [t0] is colored in Salmon
    [t0] starts 2026-01-05
    [build] as [t1] lasts 2 days
    [t1] is colored in Salmon
    [t1] starts 1 days after [t0]'s end
    @endgantt
    """
    plan, bars = plan_of(result), bars_of(result)
    names = {bar.id: f"t{place}" for place, bar in enumerate(bars)}
    first = min((bar.start.date() for bar in bars), default=plan.start.astimezone(plan.calendar.tz).date())
    lines = [
        "@startgantt",
        f"title {_escaped(plan.wbs.root.name or plan.wbs.root.id)}",
        f"Project starts {first.isoformat()}",
        *_closed(plan, first, max((bar.finish.date() for bar in bars), default=first)),
    ]
    links = _links(plan, names, frozenset(bar.id for bar in bars if bar.is_milestone))
    section = None
    for bar in bars:
        if bar.section != section:
            section = bar.section
            lines.append(f"-- {_escaped(section)} --")
        lines += _activity(plan, bar, names[bar.id], links.get(bar.id, []), dated=isinstance(result, Assignment))
    return "\n".join([*lines, "@endgantt"])


def _activity(plan: Plan, bar: Bar, name: str, links: list[str], *, dated: bool) -> Iterator[str]:
    """Write an activity: how long, in which colour, done by whom, and where it begins."""
    label = _escaped(f"{bar.name} ({', '.join(bar.people)})" if bar.people else bar.name)
    if bar.is_milestone:
        yield f"[{label}] as [{name}] happens {bar.start.date().isoformat()}"
        if not dated:
            yield from links
        return
    yield f"[{label}] as [{name}] lasts {max(1, math.ceil(bar.minutes / plan.day_minutes))} days"
    if bar.is_critical:
        yield f"[{name}] is colored in Salmon"
    if dated or not links:
        yield f"[{name}] starts {bar.start.date().isoformat()}"
    else:
        yield from links


def _links(plan: Plan, names: Mapping[str, str], milestones: frozenset[str]) -> dict[str, list[str]]:
    """Write the links into each activity; a milestone happens where others start or end."""
    network = plan.network()
    found: dict[str, list[str]] = {}
    ends = (network.predecessor.tolist(), network.successor.tolist(), network.kind.tolist(), network.lag.tolist())
    for i, j, kind, lag in zip(*ends, strict=True):
        first, second = LINK_KINDS[kind]
        days = round(lag / plan.day_minutes)
        space = f"{abs(days)} days {'after' if days > 0 else 'before'} " if days else "at "
        whole = f"[{names[network.ids[i]]}]'s {ENDS[first]}"
        verb = "happens" if network.ids[j] in milestones else STARTS_OR_ENDS[second]
        line = f"[{names[network.ids[j]]}] {verb} {space}{whole}"
        found.setdefault(network.ids[j], []).append(line)
    return found


def _closed(plan: Plan, first: date, last: date) -> Iterator[str]:
    """Write the weekdays and the days on which nothing is done."""
    windows = {window.weekday for window in plan.calendar.windows}
    if windows:
        yield from (f"{name} are closed" for day, name in enumerate(WEEKDAYS) if day not in windows)
    for place in range((last - first).days + 1):
        day = first + timedelta(days=place)
        if day.weekday() in windows and plan.calendar.working_days(day, day + timedelta(days=1)) == 0:
            yield f"{day.isoformat()} is closed"


def _escaped(text: str) -> str:
    """Write a text so that it cannot end its label or begin anything else."""
    return "".join(f"<U+{ord(sign):04X}>" if sign in MARKS else sign for sign in one_line(text)) or "<U+2013>"
