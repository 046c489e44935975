"""A profile as horizontal bars."""

from __future__ import annotations

from textwrap import fill
from typing import TYPE_CHECKING, Any

import numpy as np

from leadkit.plots.palette import DARK, GREY, INK, LIGHT, ORANGE, RULE
from leadkit.plots.rows import NO_SCORE, ProfileRow
from leadkit.typing import IntArray

if TYPE_CHECKING:
    from matplotlib.axes import Axes

NAME_WIDTH = 24
MOST_WHOLE_TICKS = 10


def draw_bars(row: ProfileRow, ax: Axes | None) -> Axes:
    """Draw a bar a scale from the lowest possible score to the value, top to bottom."""
    axes = _new_axes(len(row.names)) if ax is None else ax
    if axes.name == "polar":
        msg = "ax: bars need ordinary axes, got polar ones"
        raise ValueError(msg)
    places = np.arange(len(row.names))
    low, high = row.ends
    known = ~np.isnan(row.values)
    values = row.placed(row.values)
    for composite, colour, label in ((False, DARK, "dimension"), (True, LIGHT, "composite: mean of dimensions")):
        chosen = known & (row.composite == composite)
        if chosen.any():
            axes.barh(places[chosen], values[chosen] - low, left=low, height=0.56, color=colour, label=label)
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
    axes.set_title(row.title, parse_math=False, loc="left", color=INK)
    _quiet(axes)
    return axes


def _new_axes(n_scales: int) -> Axes:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7.5, 1.7 + 0.46 * n_scales), layout="constrained")
    return figure.add_subplot()


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


def _quiet(axes: Axes) -> None:
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(GREY)
    axes.tick_params(axis="y", length=0)
    axes.tick_params(axis="x", colors=GREY)
    axes.xaxis.grid(visible=True, color=RULE, linewidth=0.8)
    axes.set_axisbelow(True)
    handles, labels = axes.get_legend_handles_labels()
    if len(handles) > 1:
        # Offsets in font sizes keep the legend below the axis label at every height of the figure.
        below: dict[str, Any] = {"loc": "upper left", "bbox_to_anchor": (0, 0), "borderaxespad": 4.6}
        axes.legend(handles, labels, frameon=False, fontsize=9, ncols=2, **below)
