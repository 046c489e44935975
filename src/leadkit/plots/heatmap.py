"""Everybody's scores at once: people by scale, each a number on a shade."""

from __future__ import annotations

from textwrap import fill
from typing import TYPE_CHECKING, Any

import numpy as np

from leadkit.assessment import Scores
from leadkit.assessment.disclosure.expecting import expect
from leadkit.plots.axes import expect_matplotlib, legend_below, ordinary_axes, quiet
from leadkit.plots.labels import EN_DASH, number, scale_names, unit_text
from leadkit.plots.limits import expect_at_most
from leadkit.plots.names import one_line
from leadkit.plots.palette import DARK, GREY, INK, PALE, ink_on
from leadkit.plots.rows import NO_SCORE
from leadkit.plots.tiers import counted
from leadkit.typing import FloatArray

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["heatmap"]

LONGEST_PERSON = 28
LONGEST_SCALE = 28
LETTERS_A_COLUMN = 9
LABEL_WIDTH = 60
WHOLE_FROM = 100


def heatmap(scores: Scores, *, max_rows: int = 60, ax: Axes | None = None) -> Axes:
    """Draw the scores of everybody, a person a row and a scale a column, the number on a shade.

    The shade goes from the lowest possible score, pale, to the highest, dark, of each scale; composites stand to the
    right of a line. What has no score is hatched with a dash in it and never pale. People are in the order of the
    scores; `scores[order]` draws them in another.

    Parameters
    ----------
    scores : Scores
        The people, n of them, on d scales. Everybody can be recognised: this is no picture of anonymous answers.
    max_rows : int
        The most people to draw, at least 1.
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
        The scores are something else; for raw feedback the message names `disclose`.
    ValueError
        There are more people than `max_rows`, or the axes are polar.

    References
    ----------
    .. [1] L. Wilkinson and M. Friendly, "The history of the cluster heat map", The American Statistician 63(2), 2009.

    Examples
    --------
    >>> from leadkit import samples
    >>> from leadkit.assessment import score
    >>> ax = heatmap(score(samples.answers("ved", n=3, rng=1, careless=0)))
    >>> ax.get_title(loc="left"), len(ax.get_yticks()), len(ax.get_xticks())
    ('Scores of 3 people', 3, 9)
    """
    expect_matplotlib("heatmap")
    expect(scores, Scores, "scores")
    n, d = scores.values.shape
    expect_at_most(n, max_rows, name="max_rows", what="people", instead="draw some of them (scores[:60])")
    axes = ordinary_axes(ax, "heatmap needs", width=float(np.clip(3.5 + 0.68 * d, 7.5, 24)), height=2.6 + 0.3 * n)
    quiet(axes, grid=None)
    if n:
        _draw_cells(axes, scores)
    n_dimensions = sum(name in scores.instrument.dimension_ids for name in scores.scale_ids)
    if 0 < n_dimensions < d:
        axes.axvline(n_dimensions - 0.5, color=INK, linewidth=2.0, zorder=3)
    _lay_out(axes, scores)
    return axes


def _draw_cells(axes: Axes, scores: Scores) -> None:
    """Shade what is known, hatch what is not, and write both."""
    from matplotlib.colors import LinearSegmentedColormap

    values = scores.values
    low, high = scores.span
    shares: FloatArray = (values - low) / (high - low)
    n, d = values.shape
    across, down = np.arange(d + 1) - 0.5, np.arange(n + 1) - 0.5
    shades = LinearSegmentedColormap.from_list("scores", [PALE, DARK])
    look: dict[str, Any] = {"cmap": shades, "vmin": 0, "vmax": 1}
    axes.pcolormesh(across, down, np.ma.masked_invalid(shares), linewidth=1.5, edgecolors="white", **look)
    rows, columns = np.nonzero(np.isnan(values))
    if rows.size:
        hatch: dict[str, Any] = {"facecolor": "white", "edgecolor": GREY, "hatch": "////", "linewidth": 0}
        axes.barh(rows, 0.94, left=columns - 0.47, height=0.94, label=NO_SCORE, **hatch)
    decimals = 0 if scores.metric == "pomp" or np.nanmax(np.abs(values), initial=0.0) >= WHOLE_FROM else 1
    box = {"boxstyle": "round,pad=0.3", "facecolor": "white", "edgecolor": "none"}
    words: dict[str, Any] = {"ha": "center", "va": "center", "size": 9, "parse_math": False}
    for (row, column), value in np.ndenumerate(values):
        if np.isnan(value):
            axes.text(column, row, EN_DASH, color=INK, bbox=box, **words)
        else:
            axes.text(column, row, number(value, decimals), color=ink_on(shades(shares[row, column])), **words)


def _lay_out(axes: Axes, scores: Scores) -> None:
    n, d = scores.values.shape
    known = scale_names(scores.instrument)
    names = [one_line(known[name], LONGEST_SCALE) for name in scores.scale_ids]
    people = [one_line(person, LONGEST_PERSON) for person in scores.respondent_ids]
    axes.set_yticks(range(n), people, parse_math=False, color=INK)
    is_slanted = max(map(len, names)) > LETTERS_A_COLUMN
    turned: dict[str, Any] = {"rotation": 45, "ha": "left", "rotation_mode": "anchor"} if is_slanted else {}
    axes.set_xticks(range(d), names, parse_math=False, color=INK, **turned)
    axes.xaxis.tick_top()
    axes.tick_params(axis="x", length=0)
    axes.set_xlim(-0.5, d - 0.5)
    axes.set_ylim(max(n, 1) - 0.5, -0.5)
    axes.set_xlabel(fill(_axis_label(scores), LABEL_WIDTH), color=GREY, parse_math=False)
    axes.set_title(f"Scores of {counted(n, 'person', 'people')}", loc="left", color=INK, pad=12)
    if not n:
        look: dict[str, Any] = {"ha": "center", "va": "center", "color": GREY, "style": "italic"}
        axes.text(0.5, 0.5, "nobody", transform=axes.transAxes, **look)
    if axes.get_legend_handles_labels()[0]:
        legend_below(axes, columns=1, tick_lines=axes.get_xlabel().count("\n"))


def _axis_label(scores: Scores) -> str:
    low, high = scores.span
    is_shared = bool((low == low[0]).all() and (high == high[0]).all())
    text = unit_text(scores.metric, scores.instrument)
    return text if is_shared else f"{text}; shades from the lowest to the highest of each scale"
