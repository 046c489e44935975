"""The risk of a plan: how likely each finish is, and which activities decide it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, get_args

import numpy as np

from leadkit._fields import whole_number_faults
from leadkit.org.showing import expect_showable
from leadkit.plots.axes import expect_matplotlib, legend_below, ordinary_axes, quiet
from leadkit.plots.dates import date_text, day_number, draw_dates
from leadkit.plots.labels import EN_DASH, PERCENT, number
from leadkit.plots.names import one_line
from leadkit.plots.palette import DARK, GREY, INK, LIGHT, ORANGE
from leadkit.wbs import RiskResult

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["RiskKind", "risk"]

RiskKind: TypeAlias = Literal["finish", "activities"]
"""What is drawn: how likely each finish is, or what the activities have to do with it."""

POINTS = 201
MARKED = ((0.5, "P50", "o"), (0.8, "P80", "D"))
LONGEST_NAME = 40
LIMIT_HEIGHT = 8.0
FEW_HOURS = 10
LEAST_HOURS = 4
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def risk(
    result: RiskResult,
    *,
    kind: RiskKind = "finish",
    limit: float | datetime | None = None,
    most: int = 20,
    ax: Axes | None = None,
) -> Axes:
    r"""Draw how likely the work is done by each date, or which activities decide that.

    The curve of the finish rises from the earliest simulated one to the latest, on dates where a plan was simulated and
    on working hours where a bare network was. P50 and P80 are marked: the finishes that half of the runs and four in
    five keep. With a limit, a line stands there with the probability to keep it and its 95 % interval.

    Of the activities, bars are the criticality, and marks the cruciality and the schedule sensitivity index, all as
    shares; what has no value is not drawn.

    Parameters
    ----------
    result : RiskResult
        What `leadkit.wbs.simulate` or `simulate_network` gives.
    kind : {"finish", "activities"}
        Which of the two.
    limit : float or datetime.datetime, optional
        A deadline: working minutes from the start, or an aware instant. Only with "finish".
    most : int
        The most activities to draw, at least 1: those that are critical most often, then by id.
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
        `result` is something else.
    ValueError
        `kind` is unknown, a limit is given for "activities", is naive, or is a date where there is no calendar or the other way round, `most` is
        no whole number of at least 1, or the axes are polar.

    References
    ----------
    .. [1] D. T. Hulett, "Practical Schedule Risk Analysis", Gower, 2009: S-curves, P50 and P80.

    Examples
    --------
    >>> from leadkit.wbs import Estimate, simulate_network
    >>> days = [Estimate.pert(2, 3, 6), Estimate.pert(1, 4, 5)]
    >>> ax = risk(simulate_network(days, [0], [1], n=2000), limit=8 * 480)
    >>> [text.get_text().split(" (")[0].replace("\N{NO-BREAK SPACE}", " ") for text in ax.texts]
    ['P50: 56 h', 'P80: 63 h', 'limit 64 h: 84 %']
    """
    expect_matplotlib("risk")
    expect_showable(result, RiskResult, "result")
    if kind not in get_args(RiskKind):
        msg = f"kind: expected one of {', '.join(map(repr, get_args(RiskKind)))}, got {kind!r}"
        raise ValueError(msg)
    if whole_number_faults(most, "most") or most < 1:
        msg = f"most: expected a whole number of at least 1, got {most!r}"
        raise ValueError(msg)
    if kind == "finish":
        return _draw_finish(result, limit, ax)
    if limit is not None:
        msg = "limit: is about the finish, not about activities: leave it out, or kind='finish'"
        raise ValueError(msg)
    return _draw_activities(result, most, ax)


def _draw_finish(result: RiskResult, limit: float | datetime | None, ax: Axes | None) -> Axes:
    curve = result.s_curve(POINTS)
    zone = result.date(0.5).tzinfo if "date" in curve[0] else None
    if zone is not None and limit is not None and not isinstance(limit, datetime):
        msg = f"limit: the finish is drawn on dates, so this has to be an aware instant, got {limit!r}"
        raise ValueError(msg)
    chance = None if limit is None else result.probability(limit)
    axes = ordinary_axes(ax, "risk needs", width=8.5, height=5)
    places = [row["finish"] / 60 if zone is None else day_number(datetime.fromisoformat(row["date"])) for row in curve]
    shares = [100 * row["probability"] for row in curve]
    axes.plot(places, shares, color=DARK, linewidth=2.2, label=f"{result.n:,} simulated runs")
    for share, name, marker in MARKED:
        moment = result.quantile(share) / 60 if zone is None else result.date(share)
        at, text = _placed(moment)
        lines: dict[str, Any] = {"color": GREY, "linewidth": 1, "linestyle": ":", "zorder": 1.8}
        axes.plot([min(places), at, at], [100 * share, 100 * share, 0], **lines)
        look: dict[str, Any] = {"linestyle": "none", "markersize": 8, "markerfacecolor": ORANGE, "zorder": 3}
        axes.plot(at, 100 * share, marker=marker, markeredgecolor=INK, label=name, **look)
        _write(axes, f"{name}: {text}", at, 100 * share)
    ends = [min(places), max(places)]
    if limit is not None and chance is not None:
        at, text = _placed(limit.astimezone(zone) if isinstance(limit, datetime) else limit / 60)
        axes.axvline(at, color=INK, linewidth=1.4, linestyle="--", zorder=2)
        span = EN_DASH.join(number(100 * end, 0) for end in (chance.low, chance.high))
        _write(
            axes,
            f"limit {text}: {number(100 * chance.value, 0)}{PERCENT} (95{PERCENT} interval {span})",
            at,
            LIMIT_HEIGHT,
        )
        ends = [min(at, *ends), max(at, *ends)]
    _lay_out_finish(axes, ends, zone)
    return axes


def _placed(moment: float | datetime) -> tuple[float, str]:
    """Give the place of hours or of a date on the axis, and its words."""
    if isinstance(moment, datetime):
        return day_number(moment), date_text(moment)
    return moment, f"{number(moment, 0 if abs(moment) >= FEW_HOURS else 1)} h"


def _write(axes: Axes, text: str, x: float, y: float) -> None:
    """Write to the right of a point, where the curve is above."""
    box = {"boxstyle": "round,pad=0.15", "facecolor": "white", "edgecolor": "none", "alpha": 0.85}
    look: dict[str, Any] = {"textcoords": "offset points", "va": "center", "color": INK, "bbox": box, "zorder": 4}
    axes.annotate(text, (x, y), xytext=(10, -4), parse_math=False, **look)


def _lay_out_finish(axes: Axes, ends: list[float], zone: tzinfo | None) -> None:
    low, high = ends
    least = LEAST_HOURS if zone is None else LEAST_HOURS / 24
    room = max(0.02 * (high - low), (least - (high - low)) / 2)
    axes.set_xlim(low - room, high + room)
    axes.set_ylim(0, 101)
    quiet(axes, grid="both")
    axes.tick_params(axis="y", colors=GREY)
    if zone is None:
        axes.set_xlabel("finish, working hours from the start", color=GREY)
    else:
        first, last = (EPOCH + timedelta(days=end) for end in axes.get_xlim())
        draw_dates(axes, first, last, zone)
    axes.set_ylabel(f"probability to be done by then [{PERCENT.strip()}]", color=GREY)
    axes.set_title("When it may be done", loc="left", color=INK)
    legend_below(axes, columns=3, tick_lines=1 if zone is None else 2)


def _draw_activities(result: RiskResult, most: int, ax: Axes | None) -> Axes:
    order = sorted(range(len(result.ids)), key=lambda k: (-float(result.criticality[k]), result.ids[k]))
    shown = order[:most]
    axes = ordinary_axes(ax, "risk needs", width=8.5, height=2.2 + 0.32 * len(shown))
    places = np.arange(len(shown))
    axes.barh(
        places, result.criticality[shown], height=0.6, color=LIGHT, edgecolor=INK, linewidth=0.8, label="criticality"
    )
    for values, marker, colour, label in (
        (result.cruciality, "o", DARK, "cruciality"),
        (result.ssi, "D", ORANGE, "schedule sensitivity index"),
    ):
        look: dict[str, Any] = {"linestyle": "none", "markersize": 6.5, "markeredgecolor": INK, "zorder": 3}
        axes.plot(values[shown], places, marker=marker, markerfacecolor=colour, label=label, **look)
    names = [one_line(result.ids[k], LONGEST_NAME) for k in shown]
    axes.set_yticks(places, names, parse_math=False, color=INK)
    axes.set_ylim(max(len(shown), 1) - 0.5, -0.5)
    axes.set_xlim(-0.02, 1.02)
    rest = len(order) - len(shown)
    axes.set_xlabel("from 0 to 1" + (f"; {rest} more are critical no more often" if rest else ""), color=GREY)
    axes.set_title("What decides when it is done", loc="left", color=INK)
    quiet(axes)
    if not shown:
        axes.text(0.5, 0.5, "no work", transform=axes.transAxes, ha="center", va="center", color=GREY, style="italic")
    legend_below(axes, columns=3)
    return axes
