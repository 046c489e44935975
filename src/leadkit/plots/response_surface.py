"""How an outcome depends on own and others' scores together: the fitted surface seen from above."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from leadkit._fields import number_faults
from leadkit.assessment.disclosure.expecting import expect
from leadkit.plots.axes import expect_matplotlib, legend_below, ordinary_axes
from leadkit.plots.labels import PERCENT, number
from leadkit.plots.palette import DARK, GREY, INK, ORANGE, PALE
from leadkit.stats import ResponseSurface
from leadkit.typing import FloatArray

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["response_surface"]

POINTS = 81
MOST_LEVELS = 9
MOST_DECIMALS = 4
WRITTEN_WITHIN = 0.9
FLAT = 1e-9
MEANINGS = {
    "a1": "slope of agreement",
    "a2": "curvature of agreement",
    "a3": "slope of disagreement",
    "a4": "curvature of disagreement",
    "a5": "ridge off the line of agreement",
}


def response_surface(
    result: ResponseSurface, *, reach: float = 2.0, people: ArrayLike | None = None, ax: Axes | None = None
) -> Axes:
    """Draw the outcome over own scores (across) and others' scores (up) as contours, darker where it is higher.

    Lines are those of agreement, where self equals others, and of disagreement across it; a diamond is the point where
    the surface is level, when it lies in the picture. To the right stand the surface parameters with their intervals.
    Where nobody is, the surface is a guess: give `people` to see it.

    Parameters
    ----------
    result : ResponseSurface
        What `leadkit.stats.response_surface` gives.
    reach : float
        How far to draw to each side of the centre [points of the scores], above 0: half the width of the scale.
    people : (n, 2) array_like, optional
        Own and others' scores of the people, drawn as dots; NaN is left out, what lies outside the picture counted.
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
        `result` is something else.
    ValueError
        `reach` is no finite number above 0, `people` is no table of real numbers with two columns, or the axes are
        polar.

    References
    ----------
    .. [1] L. R. Shanock, B. E. Baran, W. A. Gentry, S. C. Pattison and E. D. Heggestad, "Polynomial regression with
       response surface analysis", Journal of Business and Psychology 25, 2010.

    Examples
    --------
    >>> from leadkit import stats
    >>> own, others = [1, 2, 3, 4, 5, 1, 5, 3], [2, 1, 3, 5, 4, 5, 1, 4]
    >>> ax = response_surface(stats.response_surface([3, 3, 5, 4, 4, 1, 2, 5], own, others, centre=3))
    >>> [float(end) for end in ax.get_xlim()], ax.get_xlabel()
    ([1.0, 5.0], 'own score')
    """
    expect_matplotlib("response_surface")
    expect(result, ResponseSurface, "result")
    faults = number_faults(reach, "reach", above=0.0)
    if faults:
        msg = str(faults[0])
        raise ValueError(msg)
    dots = _dots(people)
    axes = ordinary_axes(ax, "response_surface needs", width=9, height=6.4)
    if np.isnan(result.coefficients).any():
        reason = ", ".join(flag.replace("_", " ") for flag in result.flags)
        look: dict[str, Any] = {"ha": "center", "va": "center", "color": GREY, "style": "italic"}
        axes.text(0.5, 0.5, f"no surface: {reason}", transform=axes.transAxes, **look)
    else:
        _draw_surface(axes, result, reach)
        _draw_lines(axes, result, reach)
        _write_parameters(axes, result)
    outside = _draw_people(axes, dots, result, reach)
    _lay_out(axes, result, reach, outside)
    return axes


def _dots(people: ArrayLike | None) -> FloatArray:
    """Return the people as (n, 2) floats without gaps."""
    if people is None:
        return np.empty((0, 2))
    wrong = "people: expected real numbers in two columns, own and others' scores"
    try:
        dots = np.asarray(people)
    except ValueError as error:
        msg = f"{wrong}, got rows of different length"
        raise ValueError(msg) from error
    if dots.dtype.kind not in "iuf" or dots.shape[1:] != (2,):
        msg = f"{wrong}, got {dots.dtype} of shape {dots.shape}"
        raise ValueError(msg)
    known: FloatArray = dots.astype(np.float64)
    return known[~np.isnan(known).any(axis=1)]


def _draw_surface(axes: Axes, result: ResponseSurface, reach: float) -> None:
    from matplotlib.colors import LinearSegmentedColormap
    from matplotlib.ticker import MaxNLocator

    across, up = (np.linspace(centre - reach, centre + reach, POINTS) for centre in result.centre)
    heights = result.value(across, up[:, np.newaxis])
    low, high = float(heights.min()), float(heights.max())
    shades = LinearSegmentedColormap.from_list("outcome", [PALE, DARK])
    if high - low <= FLAT * max(1.0, abs(high)):
        axes.set_facecolor(PALE)
        words: dict[str, Any] = {"ha": "center", "va": "top", "color": INK, "size": 9}
        axes.text(0.5, 0.97, f"the same everywhere: {number(low)}", transform=axes.transAxes, **words)
        return
    levels = np.asarray(MaxNLocator(MOST_LEVELS).tick_values(low, high))
    axes.contourf(across, up, heights, levels=levels, cmap=shades, alpha=0.85)
    lines = axes.contour(across, up, heights, levels=levels, colors=INK, linewidths=0.8, linestyles="solid")
    decimals = next((k for k in range(MOST_DECIMALS) if np.allclose(levels, levels.round(k), atol=FLAT)), MOST_DECIMALS)
    for text in axes.clabel(lines, fmt=lambda level: number(level, decimals), fontsize=8, inline=False):
        off_centre = np.abs(np.array(text.get_position()) - result.centre).max()
        if off_centre > WRITTEN_WITHIN * reach:
            text.remove()
        else:
            text.set(
                color=INK, bbox={"boxstyle": "round,pad=0.1", "facecolor": "white", "edgecolor": "none", "alpha": 0.8}
            )


def _draw_lines(axes: Axes, result: ResponseSurface, reach: float) -> None:
    own, others = result.centre
    across = np.array([own - reach, own + reach])
    equal = "self equals others" if own == others else "self and others as far from their centres"
    # White under the ink keeps a line visible where the surface is dark.
    for ends, dashes, label in (
        (across - own + others, "-", f"agreement: {equal}"),
        (others + own - across, "--", "disagreement"),
    ):
        axes.plot(across, ends, color="white", linewidth=4.2, alpha=0.8, label="_under", zorder=3)
        axes.plot(across, ends, color=INK, linewidth=1.8, linestyle=dashes, label=label, zorder=3.1)
    point = result.stationary_point
    if (np.abs(point) <= reach).all():
        look: dict[str, Any] = {"linestyle": "none", "markerfacecolor": ORANGE, "markeredgecolor": INK, "zorder": 5}
        x, y = point[0] + own, point[1] + others
        axes.plot([x], [y], "D", markersize=9, label="where it is level", **look)


def _write_parameters(axes: Axes, result: ResponseSurface) -> None:
    """Write the five parameters with their intervals beyond the right end."""
    rows = zip(
        result.parameters,
        result.surface.tolist(),
        result.surface_low.tolist(),
        result.surface_high.tolist(),
        strict=True,
    )
    lines = []
    for name, value, low, high in rows:
        interval = "" if np.isnan(low) else f"\n({number(low)} to {number(high)})"
        lines.append(f"{name} {number(value)}, {MEANINGS[name]}{interval}")
    lines.append(f"{100 * result.level:g}{PERCENT} intervals, {result.n:,} people")
    look: dict[str, Any] = {"va": "top", "size": 8.5, "linespacing": 1.35, "color": INK, "parse_math": False}
    axes.text(1.03, 1.0, "\n\n".join(lines), transform=axes.transAxes, **look)


def _draw_people(axes: Axes, dots: FloatArray, result: ResponseSurface, reach: float) -> int:
    """Draw the people inside the picture; return how many are outside."""
    inside = (np.abs(dots - result.centre) <= reach).all(axis=1)
    if inside.any():
        look: dict[str, Any] = {"linestyle": "none", "markerfacecolor": "white", "markeredgecolor": INK, "zorder": 4}
        axes.plot(*dots[inside].T, "o", markersize=4, label="people", **look)
    return int(np.count_nonzero(~inside))


def _lay_out(axes: Axes, result: ResponseSurface, reach: float, outside: int) -> None:
    own, others = result.centre
    axes.set_xlim(own - reach, own + reach)
    axes.set_ylim(others - reach, others + reach)
    axes.set_aspect("equal")
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    axes.tick_params(colors=GREY)
    axes.set_xlabel("own score" + (f"; {outside} people lie outside" if outside else ""), color=GREY)
    axes.set_ylabel("others' score", color=GREY)
    axes.set_title("Outcome expected from self and others", loc="left", color=INK)
    if axes.get_legend_handles_labels()[0]:
        legend_below(axes, columns=2)
