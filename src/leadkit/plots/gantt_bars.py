"""The bars, brackets and marks of a Gantt chart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from leadkit.plots.dates import day_number
from leadkit.plots.gantt_rows import GanttRow, in_utc
from leadkit.plots.gantt_words import GanttResult, Span
from leadkit.plots.palette import DARK, GREY, INK, LIGHT, ORANGE
from leadkit.wbs import Assignment, Tracking

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["draw_bars"]

BAR = 0.56
SLACK = 0.16
DONE = 0.2


def draw_bars(axes: Axes, rows: Sequence[GanttRow], result: GanttResult) -> None:
    """Draw every kind of bar, those behind first."""
    is_tracking = isinstance(result, Tracking)
    hot = "ends after its deadline" if isinstance(result, Assignment) else "critical"
    plain = "still to do" if is_tracking else "work" if isinstance(result, Assignment) else "not critical"
    bars: dict[str, list[tuple[int, Span]]] = {name: [] for name in _looks(hot, plain)}
    for place, row in enumerate(rows):
        if row.span is None:
            continue
        start, finish = row.span
        if row.slack_end is not None and in_utc(row.slack_end) > in_utc(finish):
            bars["total float"].append((place, (finish, row.slack_end)))
        if row.baseline is not None:
            bars["baseline"].append((place, row.baseline))
        is_hot = row.is_late if isinstance(result, Assignment) else row.is_critical
        if row.kind == "group":
            bars["group"].append((place, row.span))
        elif row.kind == "work":
            is_done = row.done == 1
            bars["done" if is_done else hot if is_hot else plain].append((place, row.span))
            if row.done > 0 and not is_done:
                bars["part that is done"].append((place, (start, start + row.done * (finish - start))))
    for name, look in _looks(hot, plain).items():
        _draw_kind(axes, name, look, bars[name])
    _draw_points(axes, rows)


def _looks(hot: str, plain: str) -> Mapping[str, dict[str, Any]]:
    """Give the look of every kind of bar in the order of the legend; `lift` moves it below the middle of its row."""
    edge = {"edgecolor": INK, "linewidth": 0.8}
    return {
        "total float": {"height": SLACK, "facecolor": "white", "edgecolor": GREY, "linewidth": 0.8, "zorder": 1.8},
        hot: {"height": BAR, "facecolor": ORANGE, "hatch": "////", "zorder": 2, **edge},
        plain: {"height": BAR, "facecolor": LIGHT if plain == "still to do" else DARK, "zorder": 2, **edge},
        "done": {"height": BAR, "facecolor": DARK, "zorder": 2, **edge},
        "part that is done": {"height": DONE, "facecolor": INK, "edgecolor": "white", "linewidth": 0.8, "zorder": 2.5},
        "baseline": {"height": 0.14, "lift": 0.4, "facecolor": GREY, "edgecolor": "none", "zorder": 1.9},
        "group": {"height": 0.16, "facecolor": INK, "edgecolor": "none", "zorder": 2},
    }


def _draw_kind(axes: Axes, name: str, look: dict[str, Any], bars: Sequence[tuple[int, Span]]) -> None:
    if not bars:
        return
    lift = look.pop("lift", 0.0)
    places = [place + lift for place, _ in bars]
    starts = [day_number(start) for _, (start, _) in bars]
    widths = [day_number(finish) - day_number(start) for _, (start, finish) in bars]
    axes.barh(places, widths, left=starts, label=None if name == "group" else name, **look)
    if name == "group":
        tips: dict[str, Any] = {"linestyle": "none", "marker": "v", "markersize": 5, "color": INK, "zorder": 2.1}
        ends = [day_number(moment) for _, span in bars for moment in span]
        axes.plot(ends, [place + 0.1 for place in places for _ in range(2)], **tips)


def _draw_points(axes: Axes, rows: Sequence[GanttRow]) -> None:
    """Draw a diamond for what takes no time, and a mark for every deadline."""
    look: dict[str, Any] = {"linestyle": "none", "marker": "D", "markersize": 6.5, "zorder": 3, "markeredgecolor": INK}
    points = [(place, row) for place, row in enumerate(rows) if row.kind == "point"]
    for is_critical, colour, label in ((True, ORANGE, "critical milestone"), (False, DARK, "milestone")):
        own = [(place, row.span[1]) for place, row in points if row.span and row.is_critical is is_critical]
        if own:
            at, places = [day_number(moment) for _, moment in own], [place for place, _ in own]
            axes.plot(at, places, markerfacecolor=colour, label=label, **look)
    look |= {"marker": "v", "markersize": 7.5, "zorder": 3.2}
    for is_late, colour, label in ((False, "white", "deadline"), (True, INK, "deadline missed")):
        due = [(k, row.deadline) for k, row in enumerate(rows) if row.deadline is not None and row.is_late is is_late]
        if due:
            at, lifted = [day_number(moment) for _, moment in due], [place - 0.36 for place, _ in due]
            axes.plot(at, lifted, markerfacecolor=colour, label=label, **look)
