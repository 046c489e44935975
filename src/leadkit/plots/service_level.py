"""The service level that each number of servers gives, and the least number that keeps a promise."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from leadkit.plots.axes import expect_matplotlib, legend_below, ordinary_axes, quiet
from leadkit.plots.labels import PERCENT, number
from leadkit.plots.palette import DARK, GREY, INK, ORANGE
from leadkit.queueing import SERVICE_LEVEL_VARIANTS, required_servers
from leadkit.queueing import service_level as level_of
from leadkit.queueing.service_levels import ServiceLevelVariant

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["service_level"]

LOWEST, HIGHEST = 0.05, 0.995
MOST_DOTS = 60
NEAR = 14


def service_level(
    arrival_rate: float,
    service_rate: float,
    threshold: float,
    *,
    target: float,
    variant: ServiceLevelVariant,
    patience_rate: float | None = None,
    short: float | None = None,
    unit: str = "",
    ax: Axes | None = None,
) -> Axes:
    r"""Draw the service level against the number of servers, with a target and the least number that reaches it.

    The numbers reach from where hardly anybody is served in time to where nearly everybody is. Where nobody gives up,
    too few servers to carry the work are hatched: there the queue grows for ever and the level is 0.

    Parameters
    ----------
    arrival_rate : float
        Arrivals a unit of time, at least 0.
    service_rate : float
        Services a unit of time that one server can do, above 0.
    threshold : float
        Wait that counts as in time [unit of time], at least 0.
    target : float
        Least share served in time, at least 0 and below 1.
    variant : str
        One of `leadkit.queueing.SERVICE_LEVEL_VARIANTS`.
    patience_rate : float, optional
        Rate at which somebody waiting gives up, above 0; None where nobody does.
    short : float, optional
        Wait up to which giving up counts as short [unit of time], for the variants that name it.
    unit : str
        What the unit of time is called, in the words of the picture.
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
    ValueError
        A number is out of range or none, the variant is unknown or lacks what it needs, or the axes are polar.

    References
    ----------
    .. [1] N. Gans, G. Koole, A. Mandelbaum, "Telephone call centers: tutorial, review, and research prospects",
       Manufacturing and Service Operations Management 5, 2003.

    Examples
    --------
    >>> ax = service_level(10 / 3, 1 / 3, 1 / 3, target=0.8, variant="offered", unit="minutes")
    >>> [text.get_text().replace("\N{NO-BREAK SPACE}", " ") for text in ax.texts]
    ['14 servers: 88.8 %', 'target 80 %']
    """
    expect_matplotlib("service_level")
    promise: dict[str, Any] = {"threshold": threshold, "variant": variant, "short": short}

    def least(level: float) -> int:
        found = required_servers(
            arrival_rate, service_rate, patience_rate=patience_rate, service_level=level, **promise
        )
        return int(found.servers)

    needed = least(target)
    first = max(1, min(least(LOWEST), needed) - 1)
    last = max(least(max(target, HIGHEST)), needed + 1)
    servers = np.arange(first, last + 1)
    reached = level_of(servers, arrival_rate, service_rate, patience_rate=patience_rate, **promise)
    levels = 100 * np.asarray(reached, dtype=np.float64)
    axes = ordinary_axes(ax, "service_level needs", width=8.5, height=4.6)
    marker = "o" if len(servers) <= MOST_DOTS else ""
    axes.plot(servers, levels, color=DARK, marker=marker, markersize=5, linewidth=1.6, label="service level")
    axes.axhline(100 * target, color=INK, linewidth=1.4, linestyle="--", zorder=1.9)
    at = float(levels[needed - first])
    _mark(axes, needed, at, 100 * target)
    _write(axes, f"target {100 * target:g}{PERCENT}", (first, 100 * target), (0, 5), ha="left")
    carried = arrival_rate / service_rate
    if patience_rate is None and carried >= first:
        look: dict[str, Any] = {"facecolor": "none", "edgecolor": GREY, "hatch": "///", "linewidth": 0, "alpha": 0.5}
        axes.axvspan(first - 0.5, carried, label="too few to carry the work", zorder=1.2, **look)
    _lay_out(axes, (first, last), f"{SERVICE_LEVEL_VARIANTS[variant]} (within {threshold:.3g} {unit}".rstrip() + ")")
    return axes


def _mark(axes: Axes, needed: int, level: float, target: float) -> None:
    look: dict[str, Any] = {"linestyle": "none", "markersize": 10, "markeredgecolor": INK, "zorder": 3}
    axes.plot([needed], [level], marker="D", markerfacecolor=ORANGE, label="the least that reaches the target", **look)
    text = f"{needed:,} {'server' if needed == 1 else 'servers'}: {number(level, 1)}{PERCENT}"
    # below the target where the mark is near to it, so that the line does not run through the words
    at, below = (target, -14) if level - target < NEAR else (level, -26)
    _write(axes, text, (needed, at), (12, below), ha="left")


def _write(axes: Axes, text: str, at: tuple[float, float], offset: tuple[float, float], *, ha: str) -> None:
    box = {"boxstyle": "round,pad=0.15", "facecolor": "white", "edgecolor": "none", "alpha": 0.85}
    look: dict[str, Any] = {"textcoords": "offset points", "ha": ha, "color": INK, "bbox": box, "zorder": 4}
    axes.annotate(text, at, xytext=offset, parse_math=False, **look)


def _lay_out(axes: Axes, ends: tuple[int, int], told: str) -> None:
    from matplotlib.ticker import MaxNLocator

    first, last = ends
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.set_xlim(first - 0.5, last + 0.5)
    axes.set_ylim(0, 104)
    quiet(axes, grid="both")
    axes.tick_params(axis="y", colors=GREY)
    axes.set_xlabel("servers", color=GREY)
    axes.set_ylabel(f"in time [{PERCENT.strip()}]", color=GREY)
    axes.set_title(f"{told[:1].upper()}{told[1:]}", loc="left", color=INK, parse_math=False)
    legend_below(axes, columns=3)
