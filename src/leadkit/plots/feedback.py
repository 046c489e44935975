"""Feedback about one person: how they see themselves beside how others see them."""

from __future__ import annotations

from textwrap import fill
from typing import TYPE_CHECKING, Any

import numpy as np

from leadkit.assessment import DisclosedFeedback
from leadkit.plots.axes import expect_matplotlib, legend_below, ordinary_axes, quiet
from leadkit.plots.feedback_row import NOT_SHOWN, FeedbackRow, feedback_row
from leadkit.plots.names import LONGEST_TITLE, one_line
from leadkit.plots.palette import DARK, GREY, INK, ORANGE
from leadkit.typing import IntArray

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["feedback"]

NAME_WIDTH = 24
HIDDEN_WIDTH = 30
MOST_WHOLE_TICKS = 10
BELOW = 0.24
MARKERS = "^svPXpd<>h*8"


def feedback(disclosed: DisclosedFeedback, ratee_id: str, *, ax: Axes | None = None) -> Axes:
    """Draw what one person and others say on every dimension: two marks, and the gap as the line between.

    Below the line stand the means of the roles, small. A thin stroke is the target of the others' mean.
    What is hidden is written as "not shown" with the names of the roles; a mean at an end of the scale is drawn where
    it is published. Dimensions with different ends (sums of dimensions of different length) share an axis in percent
    of each span.

    Parameters
    ----------
    disclosed : DisclosedFeedback
        What may be shown; raw feedback is refused.
    ratee_id : str
        Whose feedback.
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
        The feedback is something else; for raw feedback the message names `disclose`.
    UnknownIdError
        Nobody rated that person.
    ValueError
        The axes are polar.

    References
    ----------
    .. [1] W. S. Cleveland and R. McGill, "Graphical perception: theory, experimentation, and application to the
       development of graphical methods", Journal of the American Statistical Association 79, 1984.

    Examples
    --------
    >>> from leadkit import assessment, samples
    >>> raw = assessment.feedback(samples.ratings("ved", n_leaders=2, rng=1))
    >>> shown = assessment.disclose(raw, assessment.DisclosurePolicy())
    >>> ax = feedback(shown, shown.ratee_ids[0])
    >>> ax.get_xlabel()
    'mean answer, 1 (Never) to 5 (Always)'
    """
    expect_matplotlib("feedback")
    row = feedback_row(disclosed, ratee_id)
    axes = ordinary_axes(ax, "feedback needs", width=8.5, height=2.1 + 0.62 * len(row.names))
    places = np.arange(len(row.names))
    _draw_marks(axes, row, places)
    _write_beside(axes, row, places)
    _lay_out(axes, row, places)
    return axes


def _draw_marks(axes: Axes, row: FeedbackRow, places: IntArray) -> None:
    """Draw so that each mark stays visible where it meets another: stroke, line, diamond, dot on top."""
    own, others, target = (row.placed(values) for values in (row.own, row.others, row.target))
    points: dict[str, Any] = {"linestyle": "none", "markeredgecolor": INK}
    axes.plot(target, places, **points, marker="|", markersize=20, markeredgewidth=1.4, label="target", zorder=2)
    both = ~np.isnan(own + others)
    if both.any():
        axes.hlines(places[both], own[both], others[both], color=INK, linewidth=2, label="gap", zorder=3)
    axes.plot(others, places, **points, marker="D", markersize=9, markerfacecolor=ORANGE, label="others", zorder=4)
    axes.plot(own, places, **points, marker="o", markersize=7, markerfacecolor=DARK, label="self", zorder=5)
    small: dict[str, Any] = {"linestyle": "none", "markerfacecolor": "white", "markeredgecolor": GREY}
    for i, (role, means) in enumerate(zip(row.roles, row.role_means, strict=True)):
        if not np.isnan(means).all():
            marker = MARKERS[i % len(MARKERS)]
            axes.plot(row.placed(means), places + BELOW, **small, marker=marker, markersize=5, label=role, zorder=4)


def _write_beside(axes: Axes, row: FeedbackRow, places: IntArray) -> None:
    """Write gaps, and what is not shown, beyond the right end of the axis."""
    at_right = axes.get_yaxis_transform()
    look: dict[str, Any] = {"transform": at_right, "parse_math": False}
    for place, text, hidden in zip(places.tolist(), row.texts, row.hidden, strict=True):
        if text:
            axes.text(1.02, place, text, va="bottom" if hidden else "center", color=INK, **look)
        if hidden:
            words = fill(hidden, HIDDEN_WIDTH)
            axes.text(1.02, place, words, va="top" if text else "center", color=GREY, style="italic", size=8, **look)
    nothing = np.isnan(row.own) & np.isnan(row.role_means).all(axis=0)
    for place in places[nothing].tolist():
        axes.text(0.01, place, NOT_SHOWN, va="center", color=GREY, style="italic", **look)


def _lay_out(axes: Axes, row: FeedbackRow, places: IntArray) -> None:
    low, high = row.ends
    room = 0.02 * (high - low)
    axes.set_xlim(low - room, high + room)
    if (high - low) <= MOST_WHOLE_TICKS:
        axes.set_xticks(np.arange(np.ceil(low), high + 0.5))
    axes.set_ylim(len(places) - 0.5, -0.5)
    axes.set_yticks(places, [fill(name, NAME_WIDTH) for name in row.names], parse_math=False)
    axes.set_xlabel(row.axis_label, parse_math=False, color=GREY)
    axes.set_title(one_line(row.title, LONGEST_TITLE), parse_math=False, loc="left", color=INK)
    quiet(axes, grid="both")
    legend_below(axes, columns=4)
