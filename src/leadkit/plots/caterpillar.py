"""Means of groups drawn towards the mean of all by their unreliability, with their intervals, in order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from leadkit.assessment.disclosure.expecting import expect
from leadkit.org.showing import checked_minimum, shown_groups
from leadkit.plots.axes import expect_matplotlib, legend_below, ordinary_axes, quiet
from leadkit.plots.feedback_row import NOT_SHOWN
from leadkit.plots.labels import PERCENT, number
from leadkit.plots.limits import expect_at_most
from leadkit.plots.names import one_line
from leadkit.plots.palette import DARK, GREY, INK
from leadkit.stats import ShrunkenMeans
from leadkit.typing import BoolArray, IntArray

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["caterpillar"]

LONGEST_NAME = 36
UNKNOWN = "cannot be told"
NO_VALUES = "no values"


def caterpillar(result: ShrunkenMeans, *, min_n: int | None = None, max_rows: int = 60, ax: Axes | None = None) -> Axes:
    """Draw the shrunken mean of each group with its interval, the highest on top, beside the mean of all.

    A ring is the group's own mean: the line of dots is drawn in from it, the more so the fewer values the group has.
    Intervals that overlap do not order their groups. With `min_n` a group on fewer values is named as not shown, and
    another one beside it where the total would give it away.

    Parameters
    ----------
    result : ShrunkenMeans
        What `leadkit.stats.shrunken_means` gives.
    min_n : int, optional
        Least values that a shown mean rests on, at least 3; all are shown when None. Give it when a value is a person.
    max_rows : int
        The most groups to draw, at least 1.
    ax : Axes, optional
        Where to draw. A new Figure, known to no global state, when None: `ax.figure` is it.

    Returns
    -------
    Axes
        The one given, or that of a new figure.

    Raises
    ------
    DisclosureError
        `min_n` is no whole number of at least 3.
    ImportError
        matplotlib is not installed.
    TypeError
        `result` is something else.
    ValueError
        There are more groups than `max_rows`, or the axes are polar.

    References
    ----------
    .. [1] H. Goldstein and D. J. Spiegelhalter, "League tables and their limitations", Journal of the Royal Statistical
       Society A 159, 1996.

    Examples
    --------
    >>> from leadkit.stats import shrunken_means
    >>> ax = caterpillar(shrunken_means([4, 5, 5, 2, 3, 1, 4], ["a", "a", "a", "b", "b", "b", "c"]))
    >>> [label.get_text() for label in ax.get_yticklabels()], ax.texts[0].get_text()
    (['a', 'c', 'b'], '4.54 (3 values)')
    """
    expect_matplotlib("caterpillar")
    expect(result, ShrunkenMeans, "result")
    if min_n is not None:
        checked_minimum(min_n)
    expect_at_most(
        len(result.groups), max_rows, name="max_rows", what="groups", instead="give shrunken_means fewer groups"
    )
    hidden = np.zeros(result.n.size, dtype=bool) if min_n is None else (result.n > 0) & ~shown_groups(result.n, min_n)
    order = _order(result, hidden)
    axes = ordinary_axes(ax, "caterpillar needs", width=8.0, height=2.0 + 0.34 * max(order.size, 2))
    quiet(axes)
    _draw(axes, result, order, hidden)
    _write_beside(axes, result, order, hidden)
    _lay_out(axes, result, order, f"; {NOT_SHOWN}: could tell about fewer than {min_n} values" if hidden.any() else "")
    return axes


def _order(result: ShrunkenMeans, hidden: BoolArray) -> IntArray:
    """Place the highest on top, and below all, as they come, groups whose place in the order would tell something."""
    means = np.where(hidden | (result.n == 0), np.nan, result.shrunken_mean)
    return np.argsort(-means, kind="stable")


def _draw(axes: Axes, result: ShrunkenMeans, order: IntArray, hidden: BoolArray) -> None:
    places = np.arange(order.size)
    drawn = (~hidden & (result.n > 0) & ~np.isnan(result.shrunken_mean))[order]
    raw_drawn = (~hidden & ~np.isnan(result.raw_mean))[order]
    raw, means, low, high = (
        values[order] for values in (result.raw_mean, result.shrunken_mean, result.low, result.high)
    )
    if not np.isnan(result.grand_mean):
        label = f"mean of all, {number(result.grand_mean)}"
        axes.axvline(result.grand_mean, color=GREY, linewidth=1.4, linestyle="--", label=label, zorder=1)
    if raw_drawn.any():
        ring: dict[str, Any] = {"linestyle": "none", "markerfacecolor": "white", "markeredgecolor": GREY}
        axes.plot(raw[raw_drawn], places[raw_drawn], "o", markersize=6, label="own mean of the group", zorder=2, **ring)
    if drawn.any():
        whole = f"{100 * result.level:g}{PERCENT} interval"
        axes.hlines(places[drawn], low[drawn], high[drawn], color=INK, linewidth=1.6, label=whole, zorder=3)
        dot: dict[str, Any] = {"linestyle": "none", "markerfacecolor": DARK, "markeredgecolor": INK, "zorder": 4}
        axes.plot(means[drawn], places[drawn], "o", markersize=8, label="shrunken mean", **dot)


def _write_beside(axes: Axes, result: ShrunkenMeans, order: IntArray, hidden: BoolArray) -> None:
    look: dict[str, Any] = {"transform": axes.get_yaxis_transform(), "va": "center", "size": 9, "parse_math": False}
    for place, at in enumerate(order.tolist()):
        n, mean = int(result.n[at]), float(result.shrunken_mean[at])
        if hidden[at] or n == 0 or np.isnan(mean):
            words = NOT_SHOWN if hidden[at] else UNKNOWN if n else NO_VALUES
            axes.text(1.02, place, words, color=GREY, style="italic", **look)
        else:
            axes.text(1.02, place, f"{number(mean)} ({n:,} value{'s' * (n != 1)})", color=INK, **look)


def _lay_out(axes: Axes, result: ShrunkenMeans, order: IntArray, note: str) -> None:
    names = [one_line(str(result.groups[at]), LONGEST_NAME) for at in order.tolist()]
    axes.set_yticks(range(order.size), names, parse_math=False, color=INK)
    axes.set_ylim(max(order.size, 1) - 0.5, -0.5)
    axes.set_xlabel(f"mean, in the unit of the values{note}", color=GREY)
    axes.set_title("Means of groups, shrunken", loc="left", color=INK)
    if axes.get_legend_handles_labels()[0]:
        legend_below(axes, columns=2)
        return
    axes.set_xticks([])
    if not order.size:
        look: dict[str, Any] = {"ha": "center", "va": "center", "color": GREY, "style": "italic"}
        axes.text(0.5, 0.5, "no groups", transform=axes.transAxes, **look)
