"""Scores by level: the mean of each layer or tier, the front line on top."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from leadkit.org import LevelView
from leadkit.org.showing import expect_showable
from leadkit.plots.axes import expect_matplotlib, legend_below, ordinary_axes, quiet
from leadkit.plots.feedback_row import NOT_SHOWN
from leadkit.plots.labels import number
from leadkit.plots.palette import DARK, GREY, INK
from leadkit.plots.tiers import counted, tier_name

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["levels"]


def levels(level_view: LevelView, *, ax: Axes | None = None) -> Axes:
    """Draw the mean score of each level, those nearest to the customers on top.

    Whiskers are one standard deviation (divisor n - 1). A level that rests on too few people is named as not shown.

    Parameters
    ----------
    level_view : LevelView
        What may be shown: `leadkit.org.view_levels(...).disclosed()`.
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
        `level_view` is something else, or has not been through `disclosed`.
    ValueError
        The axes are polar.

    References
    ----------
    .. [1] W. S. Cleveland, "The Elements of Graphing Data", Hobart Press, revised edition, 1994: dot plots.

    Examples
    --------
    >>> from leadkit import org, samples
    >>> people = samples.organisation(rng=1)
    >>> engagement = samples.pulse(people, rng=2).by_person()
    >>> ax = levels(org.view_levels(org.build_pyramid(people), engagement, by="tier").disclosed())
    >>> [text.get_text() for text in ax.texts]
    ['3.60 (83 people)', '3.52 (12 people)', 'not shown', 'not shown']
    """
    expect_matplotlib("levels")
    expect_showable(level_view, LevelView, "level_view")
    names, order = _names_from_the_customers_down(level_view)
    axes = ordinary_axes(ax, "levels needs", width=7.5, height=1.8 + 0.5 * len(names))
    means, sds, n = (values[order] for values in (level_view.means, level_view.sds, level_view.n))
    places = np.arange(len(names))
    spread = ~np.isnan(means + sds)
    if spread.any():
        look: dict[str, Any] = {"fmt": "none", "ecolor": GREY, "elinewidth": 1.4, "capsize": 4}
        axes.errorbar(means[spread], places[spread], xerr=sds[spread], label="one standard deviation", **look)
    axes.plot(means, places, "o", markersize=9, markerfacecolor=DARK, markeredgecolor=INK, label="mean", zorder=3)
    beside: dict[str, Any] = {"transform": axes.get_yaxis_transform(), "va": "center", "parse_math": False}
    for place, (mean, people) in enumerate(zip(means.tolist(), n.tolist(), strict=True)):
        if np.isnan(mean):
            axes.text(1.02, place, NOT_SHOWN, color=GREY, style="italic", **beside)
        else:
            axes.text(1.02, place, f"{number(mean)} ({counted(int(people), 'person', 'people')})", color=INK, **beside)
    axes.set_yticks(places, names, parse_math=False, color=INK)
    axes.set_ylim(max(len(names), 1) - 0.5, -0.5)
    label = "mean score"
    if np.isnan(means).any():
        label += f"; {NOT_SHOWN}: could tell about fewer than {level_view.min_n} people"
    axes.set_xlabel(label, color=GREY)
    axes.set_title(f"Scores by {level_view.by}", loc="left", color=INK)
    quiet(axes)
    if np.isnan(means).all():
        axes.set_xticks([])
        words = "" if names else "no scores"
        axes.text(0.5, 0.5, words, transform=axes.transAxes, ha="center", va="center", color=GREY, style="italic")
    else:
        legend_below(axes, columns=2)
    return axes


def _names_from_the_customers_down(level_view: LevelView) -> tuple[list[str], list[int]]:
    order = list(range(len(level_view.levels)))
    if level_view.by == "tier":
        return [tier_name(level) for level in level_view.levels.tolist()], order
    order.reverse()
    names = [
        f"Layer {level}" + (" (top of the line)" if level == 1 else "") for level in level_view.levels[order].tolist()
    ]
    return names, order
