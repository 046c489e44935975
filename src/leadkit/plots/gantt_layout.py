"""The words of a Gantt chart: names at the left, what is said of each row beside it, and what is said of the whole."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from leadkit.plots.axes import legend_below, quiet
from leadkit.plots.dates import date_text, day_number, draw_dates, instant_text
from leadkit.plots.gantt_rows import GanttRow, in_utc
from leadkit.plots.gantt_time import Window
from leadkit.plots.gantt_words import GanttResult, days_text, plan_of
from leadkit.plots.names import listed, one_line
from leadkit.plots.palette import GREY, INK
from leadkit.wbs import Assignment, Plan, Tracking

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["lay_out"]

LONGEST_NAME = 42
LONGEST_TITLE = 70
INDENT = "   "
DEEPEST_INDENT = 6
NAME_SIZE = 9
NEAR = 0.2


def lay_out(axes: Axes, rows: Sequence[GanttRow], window: Window, result: GanttResult, group: str | None) -> None:
    """Set the axes and write everything but the bars."""
    plan = plan_of(result)
    low, high = day_number(window.low), day_number(window.high)
    axes.set_xlim(low - 0.01 * (high - low), high + 0.01 * (high - low))
    axes.set_ylim(max(len(rows), 1) - 0.4, -0.6)
    draw_dates(axes, window.low, window.high, plan.calendar.tz)
    _write_names(axes, rows)
    _write_texts(axes, rows, near=NEAR * (high - low))
    notes = _notes(result, plan)
    axes.text(0, 1.0, "\n".join(notes), transform=axes.transAxes, va="bottom", color=GREY, size=9, parse_math=False)
    top = plan.wbs.root if group is None else plan.wbs.node(group)
    axes.set_title(
        one_line(top.name or top.id, LONGEST_TITLE), loc="left", color=INK, pad=10 + 13 * len(notes), parse_math=False
    )
    quiet(axes)
    if not rows:
        axes.text(0.5, 0.5, "no work", transform=axes.transAxes, ha="center", va="center", color=GREY, style="italic")
    if axes.get_legend_handles_labels()[0]:
        legend_below(axes, columns=5, tick_lines=2)


def _write_names(axes: Axes, rows: Sequence[GanttRow]) -> None:
    """Write names from the left, deeper ones further in, groups in bold."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import text_to_path

    least = min((row.level for row in rows), default=0)
    texts = [INDENT * min(row.level - least, DEEPEST_INDENT) + one_line(row.name, LONGEST_NAME) for row in rows]
    weights = ["bold" if row.kind == "group" else "normal" for row in rows]
    widths = [
        text_to_path.get_text_width_height_descent(text, FontProperties(size=NAME_SIZE, weight=weight), ismath=False)[0]
        for text, weight in zip(texts, weights, strict=True)
    ]
    look: dict[str, Any] = {"parse_math": False, "color": INK, "ha": "left", "size": NAME_SIZE}
    axes.set_yticks(range(len(rows)), texts, **look)
    for label, weight in zip(axes.get_yticklabels(), weights, strict=True):
        label.set_fontweight(weight)
    axes.tick_params(axis="y", pad=8 + 1.02 * max(widths, default=0))


def _write_texts(axes: Axes, rows: Sequence[GanttRow], *, near: float) -> None:
    """Write what is said of a row to the right of all that is drawn in it; of deadlines if they are so near [day]."""
    box = {"boxstyle": "round,pad=0.1", "facecolor": "white", "edgecolor": "none", "alpha": 0.85}
    look: dict[str, Any] = {"textcoords": "offset points", "va": "center", "size": 8, "color": INK, "bbox": box}
    for place, row in enumerate(rows):
        if row.span is not None and row.text:
            ends = [day_number(end) for end in (row.span[1], row.slack_end) if end is not None]
            ends += [day_number(row.baseline[1])] if row.baseline is not None else []
            due = -math.inf if row.deadline is None else day_number(row.deadline)
            right = max(ends) if due > max(ends) + near else max(due, *ends)
            axes.annotate(row.text, (right, place), xytext=(7, 0), parse_math=False, zorder=3.4, **look)


def _notes(result: GanttResult, plan: Plan) -> list[str]:
    """Say when it ends, whether that is in time, and what else matters."""
    zone = plan.calendar.tz
    finish = result.forecast_finish if isinstance(result, Tracking) else result.finish
    ends = f"ends {instant_text(finish, zone)}"
    if isinstance(result, Tracking):
        ends = f"as of {instant_text(result.as_of, zone)}; expected to be done {instant_text(finish, zone)}"
    notes = [ends]
    if plan.deadline is not None:
        late = plan.calendar.elapsed(plan.deadline, finish) / timedelta(minutes=1)
        is_late = in_utc(finish) > in_utc(plan.deadline)
        kept = f"missed by {days_text(late, plan.day_minutes)}" if is_late else "kept"
        notes[0] += f"; deadline {date_text(plan.deadline.astimezone(zone))}: {kept}"
    if isinstance(result, Assignment) and result.bottleneck:
        names = [plan.person(own).name or own for own in result.bottleneck]
        notes.append(f"the finish waits for {listed(names, 80)}")
    return notes
