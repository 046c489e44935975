"""The inverted pyramid: customers on top, and every tier as a band as wide as the people in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from attrs import frozen

from leadkit.org import Pyramid, Tier
from leadkit.org.showing import expect_showable
from leadkit.plots.axes import expect_matplotlib, legend_below, ordinary_axes, quiet
from leadkit.plots.palette import DARK, GREY, INK, LIGHT, ORANGE
from leadkit.plots.tiers import amount_text, counted, tier_name

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["pyramid"]

TIERS = (Tier.FRONT_LINE, Tier.FRONT_LINE_LEADER, Tier.MIDDLE_MANAGER, Tier.SENIOR_LEADER)
SUPPORT_PLACE = 2.5
HEIGHT = 0.72
AIR = 0.06
EMPTY = 0.16


def pyramid(pyramid: Pyramid, *, ax: Axes | None = None) -> Axes:
    """Draw the inverted pyramid: customers on top, below them each tier as a centred band as wide as its weight.

    Nothing is forced into the shape of a pyramid: where a lower tier holds more people, its band is wider. The dark
    part of a band faces customers. Support, which stands outside the tiers, lies beside them at the same scale. A tier
    in which nobody is counted is a dashed outline, as wide as is convenient.

    Parameters
    ----------
    pyramid : Pyramid
        As `leadkit.org.build_pyramid` gives it; its `weights` say what is counted.
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
        `pyramid` is something else.
    ValueError
        The axes are polar.

    References
    ----------
    .. [1] K. Albrecht and R. Zemke, "Service America! Doing Business in the New Economy", Dow Jones-Irwin, 1985.

    Examples
    --------
    >>> from leadkit import org, samples
    >>> ax = pyramid(org.build_pyramid(samples.organisation(rng=1)))
    >>> [label.get_text().splitlines()[0] for label in ax.get_yticklabels()][:3]
    ['Customers', 'Front-line employees', 'Front-line leaders']
    >>> ax.get_yticklabels()[2].get_text().splitlines()[1]
    '12 people'
    """
    expect_matplotlib("pyramid")
    expect_showable(pyramid, Pyramid, "pyramid")
    axes = ordinary_axes(ax, "pyramid needs", width=8.5, height=4.8)
    bands = _bands(pyramid)
    widest = max(bands[tier].weight for tier in TIERS) or 1.0
    right = _draw_tiers(axes, bands, widest)
    _draw_customers(axes, bands.get(Tier.CUSTOMER), widest * (1 + AIR))
    tiers = [bands[tier] for tier in TIERS]
    axes.set_yticks(
        range(len(tiers) + 1), [tier_name(Tier.CUSTOMER), *(band.text for band in tiers)], parse_math=False, color=INK
    )
    axes.set_ylim(len(tiers) + 0.5, -0.5)
    axes.set_xlim(-widest * (0.5 + AIR), right + widest * AIR / 2)
    axes.set_xlabel(
        f"width of a band: {amount_text(2, pyramid.weights)[2:]}; the customers are not counted", color=GREY
    )
    total = amount_text(sum(band.weight for band in bands.values()), pyramid.weights)
    axes.set_title(f"The inverted pyramid: {total}", loc="left", color=INK)
    quiet(axes, grid=None)
    if axes.get_legend_handles_labels()[0]:
        legend_below(axes, columns=2)
    return axes


@frozen(kw_only=True)
class Band:
    """One tier as it is drawn: its posts, their weight, that of those who face customers, and all that in words."""

    n_posts: int
    weight: float
    facing: float
    text: str
    empty_text: str


def _bands(pyramid: Pyramid) -> dict[Tier, Band]:
    """Sum up every tier of the line, and those outside it that hold a post."""
    weight = pyramid.organisation.weights(pyramid.weights)
    facing = np.where(pyramid.faces_customers, weight, 0.0)
    posts, weights, faces = (
        np.bincount(pyramid.tier, weights=values, minlength=Tier.SUPPORT + 1).tolist()
        for values in (None, weight, facing)
    )
    listed = [tier for tier in Tier if tier in TIERS or posts[tier]]
    return {tier: _band(tier, posts[tier], weights[tier], faces[tier], pyramid.weights) for tier in listed}


def _band(tier: Tier, n_posts: int, weight: float, facing: float, unit: str) -> Band:
    text = f"{tier_name(tier)}\n{amount_text(weight, unit)}"
    if facing:
        text += ",\nall facing customers" if facing == weight else f",\n{amount_text(facing, unit)} facing customers"
    empty_text = f"nobody: {counted(n_posts, 'post')} without anybody" if n_posts else "nobody: no such post"
    return Band(n_posts=n_posts, weight=weight, facing=facing, text=text, empty_text=empty_text)


def _draw_tiers(axes: Axes, bands: dict[Tier, Band], widest: float) -> float:
    """Draw the tiers below the customers and support beside them; return the right end of it all."""
    for place, tier in enumerate(TIERS, start=1):
        _draw_band(axes, bands[tier], centre=0.0, place=place, empty=EMPTY * widest)
    if Tier.SUPPORT not in bands:
        return widest * (0.5 + AIR / 2)
    support = bands[Tier.SUPPORT]
    width = support.weight or EMPTY * widest
    left = widest * (0.5 + 2 * AIR)
    _draw_band(axes, support, centre=left + width / 2, place=SUPPORT_PLACE, empty=width)
    below: dict[str, Any] = {"va": "top", "color": INK, "parse_math": False}
    axes.text(left, SUPPORT_PLACE + HEIGHT / 2 + 0.06, support.text.replace("\n", ", beside\n", 1), **below)
    return left + width


def _draw_band(axes: Axes, band: Band, *, centre: float, place: float, empty: float) -> None:
    if not band.weight:
        look: dict[str, Any] = {"fill": False, "edgecolor": GREY, "linestyle": "--"}
        axes.barh(place, empty, left=centre - empty / 2, height=HEIGHT, **look)
        words: dict[str, Any] = {"va": "center", "color": GREY, "style": "italic", "size": 9, "parse_math": False}
        axes.text(centre + 0.6 * empty, place, band.empty_text, **words)
        return
    known = set(axes.get_legend_handles_labels()[1])
    for width, colour, label in (
        (band.weight, LIGHT, "not facing customers"),
        (band.facing, DARK, "facing customers"),
    ):
        if width and not (colour == LIGHT and band.facing == band.weight):
            shown = None if label in known else label
            axes.barh(
                place,
                width,
                left=centre - width / 2,
                height=HEIGHT,
                color=colour,
                edgecolor=INK,
                linewidth=0.8,
                label=shown,
            )


def _draw_customers(axes: Axes, named: Band | None, width: float) -> None:
    """Draw the customers a little wider than everybody, since nobody counts them here."""
    axes.barh(0, width, left=-width / 2, height=HEIGHT, color=ORANGE, edgecolor=INK, linewidth=0.8)
    if named is not None:
        words = f"{counted(named.n_posts, 'post')} named as customers: look at the table"
        axes.text(0, 0, words, ha="center", va="center", color=INK, size=9, parse_math=False)
