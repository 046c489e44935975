"""Pictures of a plan as blocks of a page; none where matplotlib is not installed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from leadkit.reports.blocks import Block, Paragraph
from leadkit.reports.drawings import drawn
from leadkit.reports.plan_findings import PlanFindings
from leadkit.wbs import Assignment, Plan, Schedule, Tracking

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["gantt_blocks"]

MOST_BARS = 60
TOO_LONG = "The chart is left out: the plan has too many parts for one picture."
FOLDED = "Parts below level {depth} are drawn within their group."


def gantt_blocks(
    given: PlanFindings,
    result: Schedule | Assignment | Tracking,
    *,
    alt: str,
    caption: str,
    baseline: Schedule | Assignment | None = None,
) -> tuple[Block, ...]:
    """Draw a Gantt chart as deep as a picture can hold; say so where it holds less than the plan, or nothing."""
    depth = _depth(given.plan)
    if depth == 0 and given.picture:
        return (Paragraph(TOO_LONG, "legend"),)

    def draw() -> Axes:
        from leadkit.plots.gantt import gantt

        return gantt(result, baseline=baseline, depth=depth, max_rows=MOST_BARS)

    found = drawn(given, draw, alt=alt, caption=caption)
    return (*found, Paragraph(FOLDED.format(depth=depth), "legend")) if found and depth is not None else found


def _depth(plan: Plan) -> int | None:
    """Find how many levels a chart can show: None for all, 0 for not even one."""
    levels = [plan.wbs.level(node.id) for node in plan.wbs.nodes if plan.wbs.parent(node.id) is not None]
    milestones = len(plan.activities) - len(plan.wbs.packages)
    room = MOST_BARS - (milestones + 1 if milestones else 0)
    if len(levels) <= room:
        return None
    return max((depth for depth in set(levels) if sum(level <= depth for level in levels) <= room), default=0)
