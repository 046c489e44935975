"""The rows of a Gantt chart: groups, work packages, hand-overs and gates in outline order."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Literal

from attrs import frozen

from leadkit.errors import Fault, PlanError
from leadkit.plots.gantt_words import Source, Span
from leadkit.wbs import Group, Plan

__all__ = ["GanttRow", "gantt_rows", "in_utc"]

MILESTONES = "Hand-overs and gates"


@frozen(kw_only=True)
class GanttRow:
    """One line of the chart; its instants are aware.

    Parameters
    ----------
    id, name : str
        Which it is, and what it is called; a heading over hand-overs and gates has no id.
    kind : {"group", "work", "point"}
        What is drawn: a bracket, a bar, or a diamond for what takes no time.
    level : int
        How deep it lies below the top of the chart, at least 1.
    span : (datetime, datetime), optional
        Start and finish; None where no work lies below a group.
    text : str
        What stands beside it.
    is_critical : bool
        Whether it, or something that is folded into it, is critical.
    slack_end : datetime, optional
        Late finish of what has float.
    deadline : datetime, optional
        When it is due.
    done : float
        Share of it that is done; NaN where that is not told.
    baseline : (datetime, datetime), optional
        When it was planned.
    """

    id: str
    name: str
    kind: Literal["group", "work", "point"]
    level: int
    span: Span | None
    text: str = ""
    is_critical: bool = False
    slack_end: datetime | None = None
    deadline: datetime | None = None
    done: float = math.nan
    baseline: Span | None = None

    @property
    def is_late(self) -> bool:
        """Whether it ends after its deadline."""
        return self.deadline is not None and self.span is not None and in_utc(self.span[1]) > in_utc(self.deadline)


def in_utc(moment: datetime) -> datetime:
    """Put an instant where comparing is exact: within one zone Python compares what clocks show."""
    return moment.astimezone(UTC)


def gantt_rows(
    source: Source, *, planned: Mapping[str, Span] | None, group: str | None, depth: int | None
) -> list[GanttRow]:
    """List the rows of a plan, or of what lies below one of its groups, down to a depth.

    Raises
    ------
    PlanError
        The baseline has no dates for an activity, or `group` is a work package.
    UnknownIdError
        There is no such group.
    """
    missing = [] if planned is None else [own for own in source.spans if own not in planned]
    if missing:
        faults = [Fault(f"activity {own!r}", "has no dates, so the baseline is of another plan") for own in missing]
        raise PlanError.from_faults(faults, subject="baseline")
    plan = source.plan
    rows = _outline(source, planned or {}, 0 if group is None else _place_of(plan, group), depth)
    points = [own for own in plan.activities if plan.package(own) is None] if group is None else []
    if points:
        rows.append(GanttRow(id="", name=MILESTONES, kind="group", level=1, span=None))
    return rows + [_activity(source, planned or {}, own, 2) for own in points]


def _place_of(plan: Plan, group: str) -> int:
    if not isinstance(plan.wbs.node(group), Group):
        msg = f"group: {group!r} is a work package, which has nothing below it"
        raise PlanError(msg)
    return next(place for place, node in enumerate(plan.wbs.nodes) if node.id == group)


def _outline(source: Source, planned: Mapping[str, Span], top: int, depth: int | None) -> list[GanttRow]:
    """List what lies below a node and not too deep; in an outline it all comes right after the node."""
    nodes, parents = source.plan.wbs.nodes, source.plan.wbs.parents.tolist()
    level = {top: 0}
    for place in range(top + 1, len(nodes)):
        if parents[place] not in level:
            break
        level[place] = level[parents[place]] + 1
    below: dict[int, list[str]] = {place: [] for place in level}
    for place in level:
        above = place
        while above != top and not isinstance(nodes[place], Group):
            above = parents[above]
            below[above].append(nodes[place].id)
    rows = []
    for place, deep in level.items():
        own = nodes[place]
        if place == top or (depth is not None and deep > depth):
            continue
        if isinstance(own, Group):
            rows.append(_group(source, planned, own, deep, below[place], is_open=deep != depth))
        else:
            rows.append(_activity(source, planned, own.id, deep))
    return rows


def _group(
    source: Source, planned: Mapping[str, Span], own: Group, level: int, below: list[str], *, is_open: bool
) -> GanttRow:
    return GanttRow(
        id=own.id,
        name=f"{source.plan.wbs.code(own.id)} {own.name or own.id}",
        kind="group",
        level=level,
        span=_around(source.spans[name] for name in below),
        text="" if is_open and not source.says_groups else source.text(below),
        is_critical=not is_open and not source.critical.isdisjoint(below),
        baseline=_around(planned[name] for name in below if name in planned),
    )


def _activity(source: Source, planned: Mapping[str, Span], own: str, level: int) -> GanttRow:
    plan, span = source.plan, source.spans[own]
    package = plan.package(own)
    if package is None:
        kind, _, name = own.partition(":")
        name = f"{'Hand-over' if kind == 'handover' else 'Gate'} {name}"
    else:
        name = f"{plan.code(own)} {plan.name(own)}"
    is_point = package is None or package.kind == "milestone" or span[0] == span[1]
    return GanttRow(
        id=own,
        name=name,
        kind="point" if is_point else "work",
        level=level,
        span=span,
        text=source.text([own]),
        is_critical=own in source.critical,
        slack_end=source.slack_ends.get(own),
        deadline=None if package is None else package.deadline,
        done=source.done.get(own, math.nan),
        baseline=planned.get(own),
    )


def _around(spans: Iterable[Span]) -> Span | None:
    """Give the first start and the last finish; None of nothing."""
    found = list(spans)
    if not found:
        return None
    return min((start for start, _ in found), key=in_utc), max((finish for _, finish in found), key=in_utc)
