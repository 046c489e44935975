"""Leadership with a position and without: influence against authority of the people who may be shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from leadkit.org import InfluenceReport
from leadkit.org.showing import expect_showable
from leadkit.plots.axes import expect_matplotlib, legend_below, ordinary_axes, quiet
from leadkit.plots.feedback_row import NOT_SHOWN
from leadkit.plots.labels import number
from leadkit.plots.palette import DARK, GREY, INK, LIGHT, ORANGE
from leadkit.plots.spacing import spread
from leadkit.plots.tiers import counted
from leadkit.typing import BoolArray

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["influence"]

MOST_NAMED = 12
NAME_GAP = 0.045
ROOM = 0.03
ROLES: dict[str, tuple[str, dict[str, Any]]] = {
    "colleague": ("colleague", {"marker": "o", "markersize": 6, "markerfacecolor": LIGHT}),
    "positional": (
        "positional: formal, less influential",
        {"marker": "s", "markersize": 8, "markerfacecolor": "white"},
    ),
    "leader": ("leader: formal and influential", {"marker": "s", "markersize": 8, "markerfacecolor": DARK}),
    "informal_leader": ("informal leader", {"marker": "*", "markersize": 15, "markerfacecolor": ORANGE}),
}


def influence(report: InfluenceReport, *, ax: Axes | None = None) -> Axes:
    """Draw the influence of the visible people against their authority, one mark for each of the four roles.

    Above the diagonal colleagues turn to somebody more than the position explains; above the dashed line somebody
    counts as influential. Informal leaders are named, the most influential twelve of them. How many people are hidden
    is said above the picture; where too few answered, so is that.

    Parameters
    ----------
    report : InfluenceReport
        As `leadkit.org.measure_influence` gives it; it holds the numbers of visible people only.
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
        `report` is something else.
    ValueError
        The axes are polar.

    References
    ----------
    .. [1] D. Krackhardt and J. R. Hanson, "Informal networks: the company behind the chart", Harvard Business Review
       71(4), 1993.

    Examples
    --------
    >>> from leadkit import org, samples
    >>> people = samples.organisation(rng=1)
    >>> ties = org.Nominations.from_columns(people, *samples.advice(people, rng=1))
    >>> ax = influence(org.measure_influence(people, ties))
    >>> ax.texts[0].get_text()
    '39 of 104 people shown, the others hidden, 1 informal leader among them'
    """
    expect_matplotlib("influence")
    expect_showable(report, InfluenceReport, "report")
    axes = ordinary_axes(ax, "influence needs", width=7.5, height=6.8)
    visible = ~np.isnan(report.influence)
    notes = _notes(report, visible)
    axes.text(0, 1.015, "\n".join(notes), transform=axes.transAxes, va="bottom", color=GREY, size=9, parse_math=False)
    if visible.any():
        _draw_lines(axes, report)
        _draw_people(axes, report, visible)
        _write_names(axes, report, visible)
    else:
        look: dict[str, Any] = {"ha": "center", "va": "center", "color": GREY, "style": "italic"}
        axes.text(0.5, 0.5, NOT_SHOWN, transform=axes.transAxes, parse_math=False, **look)
    axes.set_xlim(-ROOM, 1 + ROOM)
    axes.set_ylim(-ROOM, 1 + ROOM)
    axes.set_xlabel("authority: percentile of tier and size of the own line", color=GREY)
    axes.set_ylabel(f"influence: mean percentile of {_listed(report)}", color=GREY, parse_math=False)
    axes.set_title("Who leads, with a position and without", loc="left", color=INK, pad=12 + 13 * len(notes))
    quiet(axes, grid="both")
    axes.tick_params(axis="y", colors=GREY)
    if visible.any():
        legend_below(axes, columns=2)
    return axes


def _listed(report: InfluenceReport) -> str:
    return ", ".join(measure.replace("_", "-") for measure in report.measures)


def _notes(report: InfluenceReport, visible: BoolArray) -> list[str]:
    """Say how many are shown and hidden, and how many answered where these are few."""
    n_shown = int(visible.sum())
    people = counted(report.n, "person", "people")
    if report.is_identified and n_shown == report.n:
        notes = [f"all {people} shown, by the caller's decision"]
    else:
        notes = [f"{n_shown or 'none'} of {people} shown" + (", the others hidden" if n_shown else "")]
    if report.n_withheld:
        notes[0] += f", {counted(report.n_withheld, 'informal leader')} among them"
    if "low_response" in report.flags:
        notes.append(f"low response: {report.n_respondents} of {people} answered")
    return notes


def _draw_lines(axes: Axes, report: InfluenceReport) -> None:
    axes.plot([0, 1], [0, 1], color=GREY, linewidth=1, zorder=1.5, label="influence = authority")
    level = f"influential from {number(report.informal_at)}"
    axes.plot([0, 1], [report.informal_at] * 2, color=GREY, linewidth=1.2, linestyle="--", zorder=1.5, label=level)
    words: dict[str, Any] = {"transform": axes.transAxes, "color": GREY, "size": 9, "style": "italic"}
    axes.text(0.01, 0.94, "more influence than position", va="top", parse_math=False, **words)
    axes.text(0.99, 0.06, "more position than influence", ha="right", parse_math=False, **words)


def _draw_people(axes: Axes, report: InfluenceReport, visible: BoolArray) -> None:
    role = np.array(report.role, dtype=object)
    for name, (label, look) in ROLES.items():
        chosen = visible & (role == name)
        if chosen.any():
            label_n = f"{label} ({int(chosen.sum())})"
            points: dict[str, Any] = {"linestyle": "none", "markeredgecolor": INK, "label": label_n, "zorder": 3}
            axes.plot(report.authority[chosen], report.influence[chosen], **points, **look)


def _write_names(axes: Axes, report: InfluenceReport, visible: BoolArray) -> None:
    """Name informal leaders to the right of their marks, moved up or down where names would meet."""
    named = [row for row in np.flatnonzero(visible).tolist() if report.role[row] == "informal_leader"]
    named.sort(key=lambda row: (-report.influence[row], report.ids[row]))
    rows = named[:MOST_NAMED][::-1]
    heights = spread(report.influence[rows], NAME_GAP, within=(0.0, 1.0))
    for row, height in zip(rows, heights.tolist(), strict=True):
        at = (float(report.authority[row]), float(report.influence[row]))
        arrow = {"arrowstyle": "-", "color": GREY, "linewidth": 0.6, "relpos": (0.0, 0.5), "shrinkB": 0}
        axes.annotate(
            report.ids[row],
            at,
            xytext=(at[0] + 0.04, height),
            arrowprops=arrow,
            va="center",
            color=INK,
            size=9,
            parse_math=False,
            zorder=4,
        )
