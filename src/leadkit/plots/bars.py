"""A profile as horizontal bars."""

from __future__ import annotations

from textwrap import fill
from typing import TYPE_CHECKING, Any

import numpy as np

from leadkit.plots.axes import legend_below, ordinary_axes, quiet
from leadkit.plots.names import LONGEST_TITLE, one_line
from leadkit.plots.palette import DARK, GREY, INK, LIGHT, ORANGE
from leadkit.plots.rows import NO_SCORE, ProfileRow
from leadkit.typing import IntArray

if TYPE_CHECKING:
    from matplotlib.axes import Axes

NAME_WIDTH = 24
MOST_WHOLE_TICKS = 10
EDGE: dict[str, Any] = {"edgecolor": INK, "linewidth": 0.8}


def draw_bars(row: ProfileRow, ax: Axes | None) -> Axes:
    """Draw a bar a scale from the lowest possible score to the value, top to bottom."""
    axes = ordinary_axes(ax, "bars need", width=7.5, height=1.7 + 0.46 * len(row.names))
    places = np.arange(len(row.names))
    low, high = row.ends
    known = ~np.isnan(row.values)
    values = row.placed(row.values)
    for composite, colour, label in ((False, DARK, "dimension"), (True, LIGHT, "composite: mean of dimensions")):
        chosen = known & (row.composite == composite)
        if chosen.any():
            axes.barh(places[chosen], values[chosen] - low, left=low, height=0.56, color=colour, label=label, **EDGE)
    _draw_whiskers(axes, row, places)
    if row.reference is not None:
        axes.plot(
            row.placed(row.reference),
            places,
            linestyle="none",
            marker="D",
            markersize=6,
            markerfacecolor=ORANGE,
            markeredgecolor=INK,
            label=row.reference_label,
            zorder=4,
        )
    _write_values(axes, row, places)
    axes.set_xlim(low, high)
    if (high - low) <= MOST_WHOLE_TICKS:
        axes.set_xticks(np.arange(np.ceil(low), high + 0.5))
    axes.set_ylim(len(places) - 0.5, -0.5)
    axes.set_yticks(places, [fill(name, NAME_WIDTH) for name in row.names], parse_math=False)
    axes.set_xlabel(row.axis_label, parse_math=False, color=GREY)
    axes.set_title(one_line(row.title, LONGEST_TITLE), parse_math=False, loc="left", color=INK)
    quiet(axes)
    if len(axes.get_legend_handles_labels()[0]) > 1:
        legend_below(axes, columns=2)
    return axes


def _draw_whiskers(axes: Axes, row: ProfileRow, places: IntArray) -> None:
    low, high = row.placed(row.low), row.placed(row.high)
    banded = ~np.isnan(low) & ~np.isnan(high) & ~np.isnan(row.values)
    if banded.any():
        middle, half = (low + high)[banded] / 2, (high - low)[banded] / 2
        look: dict[str, Any] = {"fmt": "none", "zorder": 3}
        # A white line under the black one keeps the whisker visible on a dark bar.
        axes.errorbar(middle, places[banded], xerr=half, ecolor="white", elinewidth=4, **look)
        axes.errorbar(
            middle, places[banded], xerr=half, ecolor=INK, elinewidth=1.4, capsize=4, label=row.whisker_label, **look
        )


def _write_values(axes: Axes, row: ProfileRow, places: IntArray) -> None:
    """Write every score beyond the right end of the axis, where no bar or whisker reaches."""
    at_right = axes.get_yaxis_transform()
    for place, text in zip(places.tolist(), row.texts, strict=True):
        if text:
            axes.text(1.02, place, text, transform=at_right, va="center", color=INK, parse_math=False)
        else:
            axes.text(
                0.01, place, NO_SCORE, transform=at_right, va="center", color=GREY, style="italic", parse_math=False
            )
