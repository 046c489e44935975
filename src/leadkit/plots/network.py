"""Who serves whom: customers on top, everybody else in rows below, and a line for each duty."""

from __future__ import annotations

from textwrap import fill
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, get_args

import numpy as np

from leadkit._fields import whole_number_faults
from leadkit.errors import OrgError
from leadkit.org import Obligations, Pyramid
from leadkit.org.showing import expect_showable
from leadkit.plots.axes import expect_matplotlib, legend_below, ordinary_axes, quiet
from leadkit.plots.duties import Drawing, draw_posts, draw_tiers
from leadkit.plots.names import one_line
from leadkit.plots.palette import DARK, GREY, INK, LIGHT, ORANGE
from leadkit.plots.tiers import counted
from leadkit.typing import FloatArray, IntArray

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["NetworkDetail", "network"]

NetworkDetail: TypeAlias = Literal["post", "tier"]
"""What a point of the network is."""

LINES: dict[str, tuple[str, str, tuple[float, ...], float]] = {
    "external_service": ("service to the customers", DARK, (1, 1), 1.8),
    "support": ("support of those led", INK, (), 1.0),
    "internal_customer": ("service to the boss as internal customer", GREY, (5, 2), 1.0),
    "internal_service": ("service of support posts", DARK, (6, 1.5, 1, 1.5), 1.3),
}
POINTS: dict[str, dict[str, Any]] = {
    "post": {"marker": "o", "markerfacecolor": DARK, "markeredgecolor": INK},
    "support post": {"marker": "D", "markerfacecolor": LIGHT, "markeredgecolor": INK},
    "no duty": {"marker": "o", "markerfacecolor": "white", "markeredgecolor": GREY},
}
STEPS = np.linspace(0.0, 1.0, 13)
HALF_BAND = 0.16
WIDEST = 8.0
UPRIGHT = 18
MOST_NAMED = 30
LETTERS_PER_INCH = 15


def network(
    obligations: Obligations,
    *,
    pyramid: Pyramid | None = None,
    by: NetworkDetail = "post",
    max_posts: int = 150,
    ax: Axes | None = None,
) -> Axes:
    """Draw who serves whom: the customers on top, and lines from below to those who are served, in a style a kind.

    With `pyramid` posts stand in rows by tier, leaders of one tier below those they lead, support posts just below the
    tier they serve; without it in rows by the steps from the customers. Within a row they follow the reporting line.
    By tier, all duties of a kind between two tiers are one line, the wider the more there are, with their number.

    Parameters
    ----------
    obligations : Obligations
        As `leadkit.org.obligations` gives them.
    pyramid : Pyramid, optional
        The pyramid that they were found in; for tiers and people's names.
    by : {"post", "tier"}
        Whether every post is a point, or every tier, which needs `pyramid` and is for organisations of any size.
    max_posts : int
        Most posts to draw one by one, at least 1.
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
    OrgError
        There are more than `max_posts` posts to be drawn one by one, or the pyramid holds other people.
    TypeError
        `obligations` or `pyramid` is something else.
    ValueError
        `by` is unknown or lacks a pyramid, `max_posts` is no whole number of at least 1, or the axes are polar.

    References
    ----------
    .. [1] K. Sugiyama, S. Tagawa and M. Toda, "Methods for visual understanding of hierarchical system structures",
       IEEE Transactions on Systems, Man, and Cybernetics 11(2), 1981: rows, and places by the middle of neighbours.

    Examples
    --------
    >>> from leadkit import org, samples
    >>> pyramid = org.build_pyramid(samples.organisation(rng=1))
    >>> ax = network(org.obligations(pyramid), pyramid=pyramid, by="tier")
    >>> [line.get_label() for line in ax.collections][:2]
    ['service to the customers (83)', 'support of those led (103)']
    """
    expect_matplotlib("network")
    expect_showable(obligations, Obligations, "obligations")
    _check(obligations, pyramid, by, max_posts)
    if by == "tier" and pyramid is not None:
        drawing = draw_tiers(obligations, pyramid)
        axes = ordinary_axes(ax, "network needs", width=8.5, height=7.6)
        _draw_lines(axes, drawing, obligations, widest=WIDEST)
        _draw_boxes(axes, drawing)
    else:
        drawing = draw_posts(obligations, pyramid)
        lengths = np.bincount(drawing.y.astype(np.int64), minlength=2)
        width, height = float(np.clip(3 + 0.16 * lengths.max(), 8.5, 18)), 1.8 + 1.1 * lengths.size
        axes = ordinary_axes(ax, "network needs", width=width, height=height)
        _draw_lines(axes, drawing, obligations, widest=0.0)
        _draw_points(axes, drawing)
    _lay_out(axes, drawing, obligations)
    return axes


def _check(obligations: Obligations, pyramid: Pyramid | None, by: str, max_posts: int) -> None:
    if by not in get_args(NetworkDetail):
        msg = f"by: expected one of {', '.join(map(repr, get_args(NetworkDetail)))}, got {by!r}"
        raise ValueError(msg)
    if whole_number_faults(max_posts, "max_posts") or max_posts < 1:
        msg = f"max_posts: expected a whole number of at least 1, got {max_posts!r}"
        raise ValueError(msg)
    if pyramid is not None:
        expect_showable(pyramid, Pyramid, "pyramid")
        if pyramid.organisation.ids != obligations.ids:
            msg = "pyramid: the obligations are those of other people, or of the same people in another order"
            raise OrgError(msg)
    elif by == "tier":
        msg = "by: 'tier' needs the tiers: network(obligations, pyramid=..., by='tier')"
        raise ValueError(msg)
    n = len(obligations.ids)
    if by == "post" and n > max_posts:
        msg = (
            f"{n} posts are to be drawn, the limit (max_posts) is {max_posts}: draw by tier (pyramid=..., by='tier'), "
            f"the obligations of a part of the organisation, or raise the limit"
        )
        raise OrgError(msg)


def _draw_lines(axes: Axes, drawing: Drawing, obligations: Obligations, *, widest: float) -> None:
    """Draw one collection of curves a kind, and beneath them a broad one of what somebody else carries."""
    from matplotlib.collections import LineCollection

    curves = _curves(drawing)
    if drawing.is_carried.any():
        label = f"carried by somebody acting, or up the line ({int(drawing.is_carried.sum())})"
        carried = curves[drawing.is_carried]
        axes.add_collection(LineCollection(list(carried), colors=ORANGE, linewidths=4.0, label=label, zorder=1.4))
    for kind, (label, colour, dashes, width) in LINES.items():
        chosen = np.asarray(drawing.kind == kind, dtype=np.bool_)
        if not chosen.any():
            continue
        widths = width + widest * drawing.number[chosen] / drawing.number.max()
        # matplotlib stretches dashes with the width of a line
        styles = [(0, tuple(step * width / wide for step in dashes) or None) for wide in widths.tolist()]
        text = f"{label} ({obligations.counts[kind]:,})"
        look: dict[str, Any] = {"colors": colour, "linestyles": styles, "linewidths": widths, "zorder": 1.6}
        axes.add_collection(LineCollection(list(curves[chosen]), label=text, **look))
        if widest:
            _write_numbers(axes, curves[chosen], drawing.number[chosen].tolist())


def _curves(drawing: Drawing) -> FloatArray:
    """Turn every arc into 13 points of a curve, shape (a, 13, 2); to the customers straight up."""
    own = np.column_stack([drawing.x, drawing.y])
    start = own[drawing.provider]
    to_customers = drawing.recipient < 0
    end = own[np.where(to_customers, drawing.provider, drawing.recipient)]
    end[to_customers, 1] = HALF_BAND
    control = (start + end) / 2 + drawing.bend
    t = STEPS[None, :, None]
    curves: FloatArray = (1 - t) ** 2 * start[:, None] + 2 * t * (1 - t) * control[:, None] + t**2 * end[:, None]
    return curves


def _write_numbers(axes: Axes, curves: FloatArray, numbers: list[int]) -> None:
    """Write the number of duties in the middle of every line, with the direction in which it serves."""
    for curve, number in zip(curves, numbers, strict=True):
        x, y = curve[len(STEPS) // 2].tolist()
        sign = "\N{UPWARDS ARROW}" if curve[-1, 1] < curve[0, 1] else "\N{DOWNWARDS ARROW}"
        box: dict[str, Any] = {"boxstyle": "round,pad=0.2", "facecolor": "white", "edgecolor": "none", "alpha": 0.9}
        look: dict[str, Any] = {"ha": "center", "va": "center", "size": 9, "color": INK, "bbox": box, "zorder": 3}
        axes.text(x, y, f"{sign} {number:,}", parse_math=False, **look)


def _draw_boxes(axes: Axes, drawing: Drawing) -> None:
    for x, y, text, look in zip(drawing.x, drawing.y, drawing.names, drawing.looks, strict=True):
        empty = look == "no duty"
        box: dict[str, Any] = {"boxstyle": "round,pad=0.6", "facecolor": "white", "edgecolor": GREY if empty else INK}
        box["linestyle"] = "--" if empty else "-"
        colour = GREY if empty else INK
        axes.text(x, y, text, ha="center", va="center", color=colour, bbox=box, zorder=4, parse_math=False)


def _draw_points(axes: Axes, drawing: Drawing) -> None:
    looks = np.array(drawing.looks, dtype=object)
    size = 7.0 if len(drawing.names) <= MOST_NAMED else 5.5
    for look, marks in POINTS.items():
        chosen = looks == look
        if chosen.any():
            x, y = drawing.x[chosen], drawing.y[chosen]
            axes.plot(x, y, linestyle="none", markersize=size, label=look, zorder=3, **marks)
    for row in np.unique(drawing.y).tolist():
        _write_row(axes, drawing, np.flatnonzero(drawing.y == row))


def _write_row(axes: Axes, drawing: Drawing, members: IntArray) -> None:
    """Name the posts of a row below their points, upright or not at all where they stand too close."""
    if len(members) > MOST_NAMED:
        return
    across = float(np.ptp(drawing.x)) + 1.0
    gaps = np.diff(np.sort(drawing.x[members]))
    letters = LETTERS_PER_INCH * axes.get_window_extent().width / axes.figure.dpi
    room = letters * (float(gaps.min()) if gaps.size else across) / across
    texts = [drawing.names[post] for post in members]
    longest = max(len(word) for text in texts for word in text.split())
    is_upright = room < max(longest, 8) + 1
    box: dict[str, Any] = {"boxstyle": "round,pad=0.1", "facecolor": "white", "edgecolor": "none", "alpha": 0.75}
    look: dict[str, Any] = {"textcoords": "offset points", "ha": "center", "va": "top", "size": 8, "color": INK}
    for post, text in zip(members.tolist(), texts, strict=True):
        words = one_line(text, UPRIGHT) if is_upright else fill(text, max(int(room) - 1, longest))
        at = (float(drawing.x[post]), float(drawing.y[post]))
        turn = 90 if is_upright else 0
        axes.annotate(words, at, xytext=(0, -6), rotation=turn, bbox=box, zorder=2.5, parse_math=False, **look)


def _lay_out(axes: Axes, drawing: Drawing, obligations: Obligations) -> None:
    across = np.append(_curves(drawing)[:, :, 0].ravel(), drawing.x)
    left, right = (float(across.min()), float(across.max())) if across.size else (0.0, 0.0)
    room = max(0.6, 0.02 * (right - left))
    left, right = left - room, right + room
    band: dict[str, Any] = {"color": ORANGE, "edgecolor": INK, "linewidth": 0.8, "zorder": 2, "clip_on": False}
    axes.barh(0, right - left, left=left, height=2 * HALF_BAND, **band)
    axes.text((left + right) / 2, 0, "Customers", ha="center", va="center", color=INK, zorder=3, parse_math=False)
    axes.set_xlim(left, right)
    axes.set_ylim(max(drawing.y, default=1.0) + 0.7, -0.4)
    places = [place for place, _ in drawing.rows]
    axes.set_yticks(places, [name for _, name in drawing.rows], parse_math=False, color=INK)
    n_carried = int((obligations.via != "direct").sum())
    words = [counted(len(obligations.provider), "duty", "duties")]
    words += [f"{n_carried:,} carried by somebody acting, or up the line"] if n_carried else []
    n_lost = obligations.n_without_provider
    words += [f"{n_lost:,} more that nobody is there to carry"] if n_lost else []
    axes.set_xlabel("; ".join(words), color=GREY)
    axes.set_title("Who serves whom", loc="left", color=INK)
    quiet(axes, grid=None)
    if axes.get_legend_handles_labels()[0]:
        legend_below(axes, columns=2)
