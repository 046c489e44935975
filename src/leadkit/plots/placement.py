"""An escalation matrix as a picture: domains by levels, who is placed in each cell, and the gaps."""

from __future__ import annotations

from collections.abc import Mapping
from textwrap import wrap
from typing import TYPE_CHECKING, Any

import numpy as np

from leadkit.errors import MatrixError
from leadkit.escalation.matrix import Matrix
from leadkit.plots.axes import ordinary_axes
from leadkit.plots.names import listed, one_line
from leadkit.plots.palette import DARK, GREY, INK, ORANGE
from leadkit.plots.tiers import counted

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["draw_placement"]

LONGEST_NAME = 28
LETTERS_IN_LINE = 26
MOST_LETTERS = 72
PALE = "#E4EEF7"
WIDE, HIGH = 0.94, 0.88
LINE = 0.17
GAPS: Mapping[str, tuple[str, dict[str, Any]]] = {
    "unreachable": ("nobody qualifies", {"marker": "X", "markerfacecolor": ORANGE}),
    "not_assessed": ("nobody as far as is assessed", {"marker": "s", "markerfacecolor": ORANGE}),
    "thin": ("too few", {"marker": "v", "markerfacecolor": ORANGE}),
    "single_point_of_failure": ("one person alone", {"marker": "o", "markerfacecolor": "white"}),
}


def draw_placement(matrix: Matrix, *, max_cells: int, ax: Axes | None) -> Axes:
    """Draw a box for each cell, with its people, how many there are of how many needed, and a mark on a gap."""
    n_rows, n_columns = len(matrix.domains), len(matrix.levels)
    if n_rows * n_columns > max_cells:
        msg = (
            f"{n_rows * n_columns} cells are to be drawn, the limit (max_cells) is {max_cells}: build a matrix of some "
            f"of the domains, or raise the limit"
        )
        raise MatrixError(msg)
    said = {
        (i, j): _people(matrix, domain.id, level.id)
        for i, domain in enumerate(matrix.domains)
        for j, level in enumerate(matrix.levels)
    }
    lines = [max(said[i, j].count("\n") + 1 for j in range(n_columns)) for i in range(n_rows)]
    tops = np.concatenate(([0.0], np.cumsum([0.42 + LINE * n for n in lines])))
    letters = max(len(one_line(domain.name or domain.id, LONGEST_NAME)) for domain in matrix.domains)
    size = {"width": float(np.clip(0.6 + 0.085 * letters + 2.3 * n_columns, 6, 24)), "height": 1.6 + float(tops[-1])}
    axes = ordinary_axes(ax, "matrix needs", **size)
    for (i, j), text in said.items():
        _draw_cell(axes, matrix, (i, j), text, (float(tops[i]), float(tops[i + 1])))
    _mark_gaps(axes, matrix, tops)
    _lay_out(axes, matrix, tops)
    return axes


def _people(matrix: Matrix, domain: str, level: str) -> str:
    """List the people of a cell over a few short lines; nobody is said in words."""
    names = listed(matrix.at(domain, level), MOST_LETTERS)
    return "\n".join(wrap(names, LETTERS_IN_LINE, break_long_words=True)) or "nobody"


def _draw_cell(axes: Axes, matrix: Matrix, at: tuple[int, int], text: str, ends: tuple[float, float]) -> None:
    i, j = at
    have, need = int(matrix.members[i, j].sum()), matrix.levels[j].min_people
    top, bottom = ends
    box: dict[str, Any] = {"facecolor": PALE if have else "white", "edgecolor": DARK if have else GREY}
    if not have:
        box["linestyle"] = "--"
    axes.barh((top + bottom) / 2, WIDE, left=j - WIDE / 2, height=bottom - top - 0.1, linewidth=1, **box)
    words: dict[str, Any] = {"va": "center", "ha": "left", "parse_math": False}
    style = "normal" if have else "italic"
    color = INK if have else GREY
    middle = (top + bottom) / 2 - 0.09
    axes.text(j - WIDE / 2 + 0.03, middle, text, color=color, style=style, size=9, **words)
    count = f"has {have or 'none'}, needs {need}"
    axes.text(j - WIDE / 2 + 0.03, bottom - 0.15, count, color=GREY, size=7.5, **words)


def _mark_gaps(axes: Axes, matrix: Matrix, tops: Any) -> None:
    gaps = [(*matrix.cell(gap.domain, gap.level), gap.kind) for gap in matrix.gaps()]
    for kind, (label, look) in GAPS.items():
        cells = [(i, j) for i, j, own in gaps if own == kind]
        if cells:
            marks: dict[str, Any] = {"linestyle": "none", "markersize": 9, "markeredgecolor": INK, "zorder": 3}
            axes.plot(
                [j + WIDE / 2 - 0.07 for _, j in cells],
                [float(tops[i + 1]) - 0.18 for i, _ in cells],
                label=label,
                **marks,
                **look,
            )


def _lay_out(axes: Axes, matrix: Matrix, tops: Any) -> None:
    n_rows, n_columns = len(matrix.domains), len(matrix.levels)
    for side in ("top", "right", "left", "bottom"):
        axes.spines[side].set_visible(False)
    middles = (tops[:-1] + tops[1:]) / 2
    names = [one_line(domain.name or domain.id, LONGEST_NAME) for domain in matrix.domains]
    axes.set_yticks(middles, names, parse_math=False, color=INK)
    heads = [one_line(f"{level.id}: {level.name}" if level.name else level.id, LONGEST_NAME) for level in matrix.levels]
    axes.set_xticks(range(n_columns), heads, parse_math=False, color=INK)
    axes.xaxis.tick_top()
    axes.tick_params(axis="both", length=0)
    axes.set_xlim(-0.5, n_columns - 0.5)
    axes.set_ylim(float(tops[-1]), 0)
    counts = (
        f"{counted(n_rows, 'domain')}, {counted(n_columns, 'level')}, {counted(len(matrix.people), 'person', 'people')}"
    )
    axes.set_title(f"Who solves what on which level: {counts}", loc="left", color=INK, pad=12)
    if axes.get_legend_handles_labels()[0]:
        axes.legend(loc="upper left", bbox_to_anchor=(0, 0), borderaxespad=0.6, frameon=False, fontsize=9, ncols=4)
