"""The time that a Gantt chart shows: its ends, the days on which nobody works, and the moments that matter."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from attrs import frozen

from leadkit.plots.dates import day_number
from leadkit.plots.gantt_rows import GanttRow, in_utc
from leadkit.plots.gantt_words import GanttResult, Span, plan_of
from leadkit.plots.palette import INK
from leadkit.wbs import Plan, Tracking

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["Window", "draw_closed_days", "draw_moments", "window_of"]

SHADE = "#EDF0F3"
MOST_SHADED_DAYS = 150
LEAST_HOURS = 4
HOW_FAR_DEADLINES = 0.5
WHOLE_DAYS = timedelta(days=3)
ONE_DAY = timedelta(days=1)


@frozen
class Window:
    """The time that is drawn, and the deadline of the plan where it lies within."""

    low: datetime
    high: datetime
    deadline: datetime | None


def window_of(rows: Sequence[GanttRow], result: GanttResult) -> Window:
    """Find the first and last instant to draw, at least some hours apart; deadlines count that are not far away."""
    plan = plan_of(result)
    spans: list[Span] = [span for row in rows for span in (row.span, row.baseline) if span is not None]
    ends = [in_utc(moment) for span in spans for moment in span] or [in_utc(plan.start)]
    ends += [in_utc(row.slack_end) for row in rows if row.slack_end is not None]
    ends += [in_utc(result.as_of)] if isinstance(result, Tracking) else []
    low, high = min(ends), max(ends)
    room = (high - low) * HOW_FAR_DEADLINES
    due = [in_utc(row.deadline) for row in rows if row.deadline is not None]
    due += [] if plan.deadline is None else [in_utc(plan.deadline)]
    near = [moment for moment in due if low - room <= moment <= high + room]
    low, high = min([low, *near]), max([high, *near])
    short = timedelta(hours=LEAST_HOURS) - (high - low)
    if short > timedelta(0):
        low, high = low - short / 2, high + short / 2
    if high - low > WHOLE_DAYS:
        first = low.astimezone(plan.calendar.tz)
        low = first.replace(hour=0, minute=0, second=0, microsecond=0, fold=0).astimezone(UTC)
    has_deadline = plan.deadline is not None and in_utc(plan.deadline) in near
    return Window(low, high, plan.deadline if has_deadline else None)


def draw_closed_days(axes: Axes, plan: Plan, window: Window) -> None:
    """Shade the dates on which the plan's calendar never opens."""
    zone = plan.calendar.tz
    first, last = window.low.astimezone(zone).date(), window.high.astimezone(zone).date()
    if (last - first).days > MOST_SHADED_DAYS:
        return
    spans = []
    for k in range((last - first).days + 1):
        day = first + k * ONE_DAY
        start, end = (datetime(d.year, d.month, d.day, tzinfo=zone).astimezone(UTC) for d in (day, day + ONE_DAY))
        if not plan.calendar.elapsed(start, end):
            spans.append((day_number(start), (end - start) / ONE_DAY))
    if spans:
        look: dict[str, Any] = {"transform": axes.get_xaxis_transform(), "facecolor": SHADE, "zorder": 0.4}
        axes.broken_barh(spans, (0, 1), label="closed all day", **look)


def draw_moments(axes: Axes, result: GanttResult, window: Window) -> None:
    """Draw upright lines at the deadline of the plan and at the day of the report."""
    if window.deadline is not None:
        axes.axvline(
            day_number(window.deadline), color=INK, linewidth=1.4, linestyle="--", label="deadline of the plan"
        )
    if isinstance(result, Tracking):
        axes.axvline(day_number(result.as_of), color=INK, linewidth=1.4, label="day of the report")
