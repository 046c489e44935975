"""Earned value over time: what was planned, what is earned, what it has cost, and how far behind or ahead that is."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from leadkit.org.showing import expect_showable
from leadkit.plots.axes import expect_matplotlib, legend_below, ordinary_axes, quiet
from leadkit.plots.dates import dated_labels, instant_text
from leadkit.plots.labels import number
from leadkit.plots.palette import DARK, GREY, INK, VERMILION
from leadkit.plots.spacing import spread
from leadkit.wbs import Tracking

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["earned_value"]

MOST_TICKS = 12
DASHES = (0, (7, 1))
WHOLE_FROM = 100.0
LABEL_GAP = 0.05
LOW = 0.06
LEAST_SHIFT = 0.005


def earned_value(tracking: Tracking, *, history: Iterable[Tracking] = (), ax: Axes | None = None) -> Axes:
    """Draw planned value to the end, earned value and actual cost up to the day of the report.

    Time is counted in the periods of the tracking from the start of the baseline. Between what is known the lines are
    straight; earlier trackings give earned value and actual cost more points to go through. The arrow is the schedule
    variance in time: from when the value that is earned should have been (earned schedule) to now. Budget and estimate
    at completion are levels.

    Parameters
    ----------
    tracking : Tracking
        What `leadkit.wbs.track` gives.
    history : iterable of Tracking
        Earlier ones against the same baseline, in any order.
    ax : Axes, optional
        Where to draw. A new Figure, known to no global state, when None: `ax.figure` is it.

    Returns
    -------
    Axes
        The one given, or that of a new figure.

    Raises
    ------
    ImportError
        matplotlib is not installed.
    TypeError
        `tracking` or a part of the history is something else.
    ValueError
        A part of the history is later or against another baseline, or the axes are polar.

    References
    ----------
    .. [1] Project Management Institute, The Standard for Earned Value Management, 2019.
    .. [2] W. Lipke, "Schedule is different", The Measurable News, summer 2003, 31-34.

    Examples
    --------
    >>> from leadkit import samples, wbs
    >>> plan = samples.plan()
    >>> ax = earned_value(wbs.track(plan, wbs.schedule(plan), samples.status()))
    >>> [line.get_label().split(":")[0] for line in ax.get_lines()][:3]
    ['planned value PV', 'earned value EV', 'actual cost AC']
    """
    expect_matplotlib("earned_value")
    expect_showable(tracking, Tracking, "tracking")
    points = [*_checked(history, tracking), tracking]
    axes = ordinary_axes(ax, "earned_value needs", width=9, height=5.4)
    if tracking.evm.bac > 0:
        _draw_curves(axes, points)
        _draw_levels(axes, tracking)
        _draw_shift(axes, tracking)
    _lay_out(axes, tracking)
    return axes


def _checked(history: Iterable[Tracking], tracking: Tracking) -> list[Tracking]:
    """Refuse what is not about the same baseline, and put the rest in order."""
    parts = list(history)
    for place, part in enumerate(parts):
        expect_showable(part, Tracking, f"history[{place}]")
        if part.curve != tracking.curve:
            msg = f"history[{place}]: is measured against another baseline, or by other periods"
            raise ValueError(msg)
        if part.as_of > tracking.as_of:
            msg = f"history[{place}]: is of {part.as_of.isoformat()}, later than the tracking itself"
            raise ValueError(msg)
    return sorted(parts, key=_now)


def _now(tracking: Tracking) -> float:
    """Give the periods that have passed."""
    return tracking.earned_schedule.es - tracking.earned_schedule.sv


def _draw_curves(axes: Axes, points: Sequence[Tracking]) -> None:
    now = points[-1].evm
    planned = [(float(period), point.pv) for period, point in enumerate(points[-1].curve)]
    at = _now(points[-1])
    if 0 < at < planned[-1][0]:
        planned = sorted([*planned, (at, now.pv)])
    elif at > planned[-1][0]:
        planned.append((at, now.pv))
    earned = [(0.0, 0.0), *((_now(point), point.evm.ev) for point in points)]
    cost = [(0.0, 0.0), *((_now(point), point.evm.ac) for point in points if not math.isnan(point.evm.ac))]
    cost_text = "not known" if math.isnan(now.ac) else _amount(now.ac)
    kinds: tuple[tuple[list[tuple[float, float]], str, Any, str, str], ...] = (
        (planned, GREY, "--", "", f"planned value PV: {_amount(now.pv)}"),
        (earned, DARK, "-", "o", f"earned value EV: {_amount(now.ev)}"),
        (cost, VERMILION, DASHES, "s", f"actual cost AC: {cost_text}"),
    )
    for line, colour, style, marker, label in kinds:
        look: dict[str, Any] = {
            "linewidth": 2.2,
            "marker": marker,
            "markeredgecolor": INK,
            "markersize": 7,
            "zorder": 3,
        }
        x, y = [place for place, _ in line], [value for _, value in line]
        axes.plot(x, y, color=colour, linestyle=style, label=label, markevery=slice(1, None), **look)
    axes.plot(at, now.pv, "D", markerfacecolor="white", markeredgecolor=INK, markersize=6.5, zorder=3.1)
    is_done = all(row.state == "done" for row in points[-1].rows)
    axes.axvline(at, color=INK, linewidth=1.2, zorder=1.8, label="all is done" if is_done else "day of the report")


def _draw_levels(axes: Axes, tracking: Tracking) -> None:
    """Draw budget and estimate at completion with their words at the right end, apart from each other."""
    levels = [
        (value, name, style)
        for value, name, style in ((tracking.evm.bac, "BAC", "-."), (tracking.evm.eac, "EAC", ":"))
        if not math.isnan(value)
    ]
    levels.sort()
    for value, _, style in levels:
        axes.axhline(value, color=INK, linewidth=1.2, linestyle=style, zorder=1.7)
    heights = spread([value for value, _, _ in levels], LABEL_GAP * _top(tracking)).tolist()
    for (value, name, _), height in zip(levels, heights, strict=True):
        look: dict[str, Any] = {"transform": axes.get_yaxis_transform(), "va": "center", "color": INK}
        axes.text(1.01, height, f"{name} {_amount(value)}", parse_math=False, **look)


def _draw_shift(axes: Axes, tracking: Tracking) -> None:
    """Draw the schedule variance in time as an arrow at the height of what is earned."""
    found, ev = tracking.earned_schedule, tracking.evm.ev
    if abs(found.sv) < LEAST_SHIFT:
        return
    arrow = {"arrowstyle": "<->", "color": INK, "linewidth": 1.2, "shrinkA": 0, "shrinkB": 0}
    at = _now(tracking)
    axes.annotate("", (found.es, ev), xytext=(at, ev), arrowprops=arrow, zorder=2.6)
    size = abs(found.sv)
    unit = tracking.period if f"{size:.1f}" == "1.0" else f"{tracking.period}s"
    words = f"{number(size, 1)} {unit} {'late' if found.sv < 0 else 'early'}"
    is_low = ev < LOW * _top(tracking)
    look: dict[str, Any] = {"textcoords": "offset points", "va": "bottom" if is_low else "center", "color": INK}
    box = {"boxstyle": "round,pad=0.15", "facecolor": "white", "edgecolor": "none", "alpha": 0.85}
    place = (max(found.es, at), ev)
    axes.annotate(words, place, xytext=(9, 9 if is_low else -3), size=9, bbox=box, parse_math=False, zorder=4, **look)


def _top(tracking: Tracking) -> float:
    """Give the upper end of the values."""
    values = [tracking.evm.bac, tracking.evm.eac, tracking.evm.ac]
    return 1.08 * max(value for value in values if not math.isnan(value)) or 1.0


def _lay_out(axes: Axes, tracking: Tracking) -> None:
    zone, end = tracking.forecast.plan.calendar.tz, len(tracking.curve) - 1
    last = max(end, math.ceil(_now(tracking)))
    step = -(-last // MOST_TICKS) or 1
    shown = range(0, end + 1, step)
    days = [tracking.curve[period].at.astimezone(zone).date() for period in shown]
    axes.set_xticks(list(shown), dated_labels(days), parse_math=False)
    axes.set_xlim(0, 1.02 * max(last, 1))
    axes.set_ylim(0, _top(tracking))
    axes.set_xlabel(f"ends of {tracking.period}s from the start of the baseline", color=GREY)
    axes.set_ylabel(_unit(tracking), color=GREY, parse_math=False)
    axes.yaxis.set_major_formatter("{x:,.10g}")
    indices = {"SPI": tracking.evm.spi, "CPI": tracking.evm.cpi, "SPI(t)": tracking.earned_schedule.spi}
    said = [f"{name} {number(value)}" for name, value in indices.items() if not math.isnan(value)]
    note = ", ".join([f"as of {instant_text(tracking.as_of, zone)}", *said])
    axes.text(0, 1.01, note, transform=axes.transAxes, va="bottom", color=GREY, size=9, parse_math=False)
    axes.set_title("Earned value", loc="left", color=INK, pad=22)
    quiet(axes, grid="both")
    axes.tick_params(axis="y", colors=GREY)
    if tracking.evm.bac > 0:
        legend_below(axes, columns=3, tick_lines=2)
    else:
        look: dict[str, Any] = {"ha": "center", "va": "center", "color": GREY, "style": "italic"}
        axes.text(0.5, 0.5, "no budget", transform=axes.transAxes, **look)


def _unit(tracking: Tracking) -> str:
    money = tracking.forecast.plan.currency or "money"
    if "mixed_budgets" in tracking.flags:
        return f"{money} and planned minutes, added up"
    return "planned minutes" if "cost_from_time" in tracking.flags else money


def _amount(value: float) -> str:
    if value >= WHOLE_FROM:
        return f"{value:,.0f}"
    return number(value, 1).removesuffix(".0")
