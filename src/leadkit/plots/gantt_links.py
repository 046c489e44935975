"""The links of a plan as arrows between the rows of a Gantt chart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

from attrs import frozen

from leadkit.plots.dates import day_number
from leadkit.plots.gantt_rows import GanttRow
from leadkit.plots.gantt_words import Span
from leadkit.plots.palette import GREY
from leadkit.wbs import LINK_KINDS, Plan

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["draw_links"]

Place: TypeAlias = tuple[int, Span]

HALF = 0.32
NEAR = 0.012


@frozen
class Arrow:
    """A line of three points or two, and how its head points."""

    x: tuple[float, ...]
    y: tuple[float, ...]
    head: str


def draw_links(axes: Axes, plan: Plan, rows: Sequence[GanttRow], *, width: float) -> None:
    """Draw an arrow for each link between rows that are there, on axes `width` days wide."""
    from matplotlib.collections import LineCollection

    drawn = {row.id: (place, row.span) for place, row in enumerate(rows) if row.span is not None}
    arrows = _arrows(plan, drawn, NEAR * width)
    if not arrows:
        return
    lines = [list(zip(arrow.x, arrow.y, strict=True)) for arrow in arrows]
    axes.add_collection(LineCollection(lines, colors=GREY, linewidths=0.8, label="link", zorder=1.6))
    for head in sorted({arrow.head for arrow in arrows}):
        ends = [(arrow.x[-1], arrow.y[-1]) for arrow in arrows if arrow.head == head]
        look: dict[str, Any] = {"linestyle": "none", "marker": head, "markersize": 4, "color": GREY, "zorder": 3.5}
        axes.plot([x for x, _ in ends], [y for _, y in ends], **look)


def _arrows(plan: Plan, drawn: Mapping[str, Place], near: float) -> list[Arrow]:
    network = plan.network()
    columns = (network.predecessor.tolist(), network.successor.tolist(), network.kind.tolist())
    found = []
    for first, second, kind in zip(*columns, strict=True):
        before, after = drawn.get(network.ids[first]), drawn.get(network.ids[second])
        if before is not None and after is not None:
            found.append(_arrow(before, after, LINK_KINDS[kind], near))
    return found


def _arrow(before: Place, after: Place, kind: str, near: float) -> Arrow:
    """Go down and then right into a start, right and then down into a finish, straight where both are close."""
    (y1, x1), (y2, x2) = _end(before, kind[0]), _end(after, kind[1])
    sign = 1 if y2 > y1 else -1
    if kind[1] == "S" and abs(x2 - x1) > near:
        return Arrow((x1, x1, x2), (y1, y2, y2), ">" if x2 > x1 else "<")
    edge = y2 - sign * HALF
    head = "v" if sign > 0 else "^"
    if kind[1] == "S":
        return Arrow((x2, x2), (y1, edge), head)
    return Arrow((x1, x2, x2), (y1, y1, edge), head)


def _end(place: Place, letter: str) -> tuple[float, float]:
    y, (start, finish) = place
    return y, day_number(start if letter == "S" else finish)
