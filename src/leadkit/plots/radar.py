"""A profile as a closed line around a circle."""

from __future__ import annotations

from textwrap import fill
from typing import TYPE_CHECKING, Any

import numpy as np
from attrs import evolve

from leadkit.plots.names import LONGEST_TITLE, one_line
from leadkit.plots.palette import DARK, GREY, INK, RULE, VERMILION
from leadkit.plots.rows import NO_SCORE, ProfileRow
from leadkit.typing import FloatArray

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.projections.polar import PolarAxes

NAME_WIDTH = 16
LONGEST_NAME = 3 * NAME_WIDTH - 6
LINE = 10.8
FEWEST = 3


def draw_radar(row: ProfileRow, ax: Axes | None) -> Axes:
    """Draw the dimensions clockwise from the top, from the lowest possible score in the middle outwards."""
    from matplotlib.projections.polar import PolarAxes

    row = _dimensions_of(row)
    if len(row.names) < FEWEST:
        msg = f"kind 'radar' needs at least {FEWEST} dimensions, got {len(row.names)}; use kind='bar'"
        raise ValueError(msg)
    axes = _new_axes() if ax is None else ax
    if not isinstance(axes, PolarAxes):
        msg = "ax: a radar needs polar axes, as of figure.add_subplot(projection='polar')"
        raise ValueError(msg)  # noqa: TRY004 - the axes have the right type and the wrong projection
    angles = np.linspace(0, 2 * np.pi, len(row.names), endpoint=False)
    _draw_line(axes, angles, row.placed(row.values), label="scores", color=DARK, marker="o", linewidth=2)
    if not np.isnan(row.values).any():
        axes.fill(angles, row.placed(row.values), color=DARK, alpha=0.12)
    if row.reference is not None:
        reference = row.placed(row.reference)
        _draw_line(axes, angles, reference, label=row.reference_label, color=VERMILION, linestyle="--", zorder=1.9)
    _draw_whiskers(axes, row, angles)
    _write_names(axes, row, angles)
    _quiet(axes, row, float(angles[1]))
    above = LINE * _written(row.names[0]).count("\n")
    axes.set_title(one_line(row.title, LONGEST_TITLE), parse_math=False, loc="left", color=INK, pad=42 + above)
    return axes


def _dimensions_of(row: ProfileRow) -> ProfileRow:
    kept = np.flatnonzero(~row.composite)
    return evolve(
        row,
        names=tuple(row.names[i] for i in kept),
        texts=tuple(row.texts[i] for i in kept),
        **{name: getattr(row, name)[kept] for name in ("values", "low", "high", "start", "end", "composite")},
        reference=None if row.reference is None else row.reference[kept],
    )


def _new_axes() -> Axes:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(6.2, 6.2), layout="constrained")
    axes: Axes = figure.add_subplot(projection="polar")
    return axes


def _draw_line(axes: PolarAxes, angles: FloatArray, values: FloatArray, **look: Any) -> None:
    axes.plot(np.append(angles, angles[0]), np.append(values, values[0]), **look)


def _draw_whiskers(axes: PolarAxes, row: ProfileRow, angles: FloatArray) -> None:
    ends = zip(angles, row.placed(row.low), row.placed(row.high), strict=True)
    spans = [(angle, *np.clip([low, high], *row.ends)) for angle, low, high in ends if not np.isnan(low + high)]
    for i, (angle, low, high) in enumerate(spans):
        label = row.whisker_label if i == 0 else None
        axes.plot([angle, angle], [low, high], color=INK, linewidth=1.4, solid_capstyle="butt", label=label)


def _write_names(axes: PolarAxes, row: ProfileRow, angles: FloatArray) -> None:
    """Write names and scores outside the circle, each aligned away from it."""
    low, high = row.ends
    axes.set_theta_zero_location("N")
    axes.set_theta_direction(-1)
    axes.set_ylim(low, high)
    axes.set_xticks(angles, [])
    for angle, name, text in zip(angles, row.names, row.texts, strict=True):
        right, up = np.sin(angle), np.cos(angle)
        axes.text(
            angle,
            low + 1.07 * (high - low),
            f"{_written(name)}\n{text or NO_SCORE}",
            ha="center" if abs(right) < 0.2 else "left" if right > 0 else "right",
            va="center" if abs(up) < 0.5 else "bottom" if up > 0 else "top",
            color=INK,
            fontsize=9,
            parse_math=False,
        )


def _written(name: str) -> str:
    return fill(one_line(name, LONGEST_NAME), NAME_WIDTH)


def _quiet(axes: PolarAxes, row: ProfileRow, first_angle: float) -> None:
    low, high = row.ends
    axes.set_yticks(np.linspace(low, high, 5))
    axes.tick_params(axis="y", labelsize="x-small", colors=GREY)
    axes.set_rlabel_position(float(np.degrees(first_angle) / 2))
    axes.grid(visible=True, color=RULE, linewidth=0.8)
    axes.spines["polar"].set_color(RULE)
    handles, labels = axes.get_legend_handles_labels()
    # Offsets in font sizes keep the legend below the names at every size of the figure.
    lines = max(_written(name).count("\n") for name in row.names)
    below: dict[str, Any] = {"loc": "upper center", "bbox_to_anchor": (0.5, 0), "borderaxespad": 4.6 + 1.2 * lines}
    legend = axes.legend(handles, labels, title=row.axis_label, frameon=False, fontsize=9, **below)
    legend.get_title().set(color=GREY, fontsize=9, parse_math=False)
