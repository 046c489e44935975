"""Self against others: by how much one person rates themselves higher or lower on every dimension."""

from __future__ import annotations

from textwrap import fill
from typing import TYPE_CHECKING, Any

import numpy as np

from leadkit.assessment import DisclosedFeedback
from leadkit.assessment.multirater.gaps import thresholds
from leadkit.plots.axes import expect_matplotlib, legend_below, ordinary_axes, quiet
from leadkit.plots.feedback_row import NOT_SHOWN, FeedbackRow, feedback_row
from leadkit.plots.labels import MINUS
from leadkit.plots.names import LONGEST_TITLE, one_line
from leadkit.plots.palette import DARK, GREY, INK, ORANGE, RULE
from leadkit.typing import BoolArray, FloatArray

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["gap"]

NAME_WIDTH = 24
BESIDE_WIDTH = 34
HEIGHT = 0.56
LEAST_REACH = 0.25


def gap(disclosed: DisclosedFeedback, ratee_id: str, *, ax: Axes | None = None) -> Axes:
    """Draw by how much one person sees themselves higher or lower than others do, a bar a dimension.

    To the right of 0 the self-rating is higher, to the left, hatched, that of the others. Inside the grey stripe a gap
    does not count by the rule of the feedback; a rule of standard errors has no stripe. Beside a bar stand the gap, what
    it is called, and the roles that are not shown. Where there is no gap to show the row is hatched and says so.

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

    See Also
    --------
    leadkit.plots.feedback : The two ratings themselves, with those of the roles.

    References
    ----------
    .. [1] L. E. Atwater and F. J. Yammarino, "Does self-other agreement on leadership perceptions moderate the validity
       of leadership and performance predictions?", Personnel Psychology 45, 1992.

    Examples
    --------
    >>> from leadkit import assessment, samples
    >>> raw = assessment.feedback(samples.ratings("ved", n_leaders=2, rng=1))
    >>> shown = assessment.disclose(raw, assessment.DisclosurePolicy())
    >>> ax = gap(shown, shown.ratee_ids[0])
    >>> ax.get_xlabel()
    'self less others, scale points; in the grey stripe it does not count'
    """
    expect_matplotlib("gap")
    row = feedback_row(disclosed, ratee_id)
    one = disclosed.for_ratee(ratee_id)
    axes = ordinary_axes(ax, "gap needs", width=9.0, height=2.1 + 0.52 * len(row.names))
    gaps, limits = _placed(row, one.gap[0]), _placed(row, _limits(one))
    reach = _reach(row, gaps, limits)
    quiet(axes)
    _draw_stripe(axes, limits)
    _draw_bars(axes, gaps, reach)
    _write_beside(axes, row, gaps, one.gap_category[0].tolist())
    _lay_out(axes, row, one, reach, has_stripe=bool(~np.isnan(limits).all()))
    return axes


def _limits(one: DisclosedFeedback) -> FloatArray:
    """Give the gap above which the rule counts, by dimension; NaN where it rests on a spread."""
    if one.gap_rule.kind == "standard_error":
        return np.full(len(one.dimension_ids), np.nan)
    limits: FloatArray = np.broadcast_to(
        thresholds(one.gap_rule, one.instrument, one.metric), (1, len(one.dimension_ids))
    )[0]
    return limits


def _placed(row: FeedbackRow, differences: FloatArray) -> FloatArray:
    """Place differences: as they are where all dimensions share their ends, else as percent of each span."""
    return differences if row.shares_span else 100 * differences / (row.end - row.start)


def _reach(row: FeedbackRow, gaps: FloatArray, limits: FloatArray) -> float:
    """Give how far the axis goes to either side: past every bar and the stripe, and a good part of the span."""
    low, high = row.ends
    known = np.concatenate([np.abs(gaps), limits])
    return 1.08 * max(float(np.nanmax(known, initial=0.0)), LEAST_REACH * (high - low))


def _draw_stripe(axes: Axes, limits: FloatArray) -> None:
    places = np.flatnonzero(~np.isnan(limits))
    if places.size:
        width = 2 * limits[places]
        look: dict[str, Any] = {"facecolor": RULE, "alpha": 0.55, "linewidth": 0, "zorder": 0.5}
        axes.barh(places, width, 1.0, left=-limits[places], label="does not count", **look)


def _draw_bars(axes: Axes, gaps: FloatArray, reach: float) -> None:
    sides: tuple[tuple[BoolArray, str, dict[str, Any]], ...] = (
        (gaps >= 0, "self is higher", {"facecolor": DARK}),
        (gaps < 0, "others are higher", {"facecolor": ORANGE, "hatch": "///"}),
    )
    for chosen, label, look in sides:
        places = np.flatnonzero(chosen)
        if places.size:
            edge: dict[str, Any] = {"edgecolor": INK, "linewidth": 0.8, "zorder": 3}
            axes.barh(places, gaps[places], HEIGHT, label=label, **edge, **look)
    hidden = np.flatnonzero(np.isnan(gaps))
    if hidden.size:
        hatch: dict[str, Any] = {"facecolor": "white", "edgecolor": GREY, "hatch": "////", "linewidth": 0, "zorder": 2}
        axes.barh(hidden, 2 * reach, HEIGHT, left=-reach, label=NOT_SHOWN, **hatch)
        box = {"boxstyle": "round,pad=0.25", "facecolor": "white", "edgecolor": "none"}
        for place in hidden.tolist():
            axes.text(0, place, NOT_SHOWN, ha="center", va="center", color=GREY, style="italic", bbox=box, zorder=4)
    axes.axvline(0, color=INK, linewidth=1.0, zorder=2.5)


def _write_beside(axes: Axes, row: FeedbackRow, gaps: FloatArray, categories: list[str]) -> None:
    """Write the gap, its name and the roles that are not shown beyond the right end of the axis."""
    look: dict[str, Any] = {"transform": axes.get_yaxis_transform(), "parse_math": False}
    for place, (text, hidden, category) in enumerate(zip(row.texts, row.hidden, categories, strict=True)):
        if not np.isnan(gaps[place]):
            called = "" if category == "undecided" else f", {category.replace('_', ' ')}"
            said = text.removeprefix("gap ") + called
            axes.text(1.02, place, fill(said, BESIDE_WIDTH), va="bottom" if hidden else "center", color=INK, **look)
        if hidden:
            above = not np.isnan(gaps[place])
            words = fill(hidden, BESIDE_WIDTH)
            axes.text(1.02, place, words, va="top" if above else "center", color=GREY, style="italic", size=8, **look)


def _lay_out(axes: Axes, row: FeedbackRow, one: DisclosedFeedback, reach: float, *, has_stripe: bool) -> None:
    places = np.arange(len(row.names))
    axes.set_xlim(-reach, reach)
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:+g}".replace("-", MINUS) if value else "0")
    axes.set_ylim(len(places) - 0.5, -0.5)
    axes.set_yticks(places, [fill(name, NAME_WIDTH) for name in row.names], parse_math=False, color=INK)
    unit = {"mean": "scale points", "sum": "points of the sum", "pomp": "percentage points"}[one.metric]
    if not row.shares_span:
        unit = "percent of the width of each scale"
    stripe = "; in the grey stripe it does not count" if has_stripe else ""
    axes.set_xlabel(f"self less others, {unit}{stripe}", color=GREY)
    axes.set_title(
        f"{one_line(row.title, LONGEST_TITLE)}: self against others", parse_math=False, loc="left", color=INK
    )
    legend_below(axes, columns=4)
