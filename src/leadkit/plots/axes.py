"""What all pictures share: matplotlib on demand, axes that no global state knows, and quiet lines around what is drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from leadkit.plots.palette import GREY, RULE

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["expect_matplotlib", "legend_below", "ordinary_axes", "quiet"]


def expect_matplotlib(where: str) -> None:
    """Refuse to go on without matplotlib.

    Raises
    ------
    ImportError
        It is not installed; the message names `where` and says how to install it.
    """
    try:
        import matplotlib as mpl
    except ImportError as error:
        msg = f"{where} needs matplotlib: pip install 'leadkit[plots]'"
        raise ImportError(msg) from error
    del mpl


def ordinary_axes(ax: Axes | None, who_needs: str, *, width: float, height: float) -> Axes:
    """Return the axes given, or those of a new Figure [inches] that pyplot does not know.

    Raises
    ------
    ValueError
        The axes are polar; the message says `who_needs` others.
    """
    if ax is None:
        from matplotlib.figure import Figure

        return Figure(figsize=(width, height), layout="constrained").add_subplot()
    if ax.name == "polar":
        msg = f"ax: {who_needs} ordinary axes, got polar ones"
        raise ValueError(msg)
    return ax


def quiet(axes: Axes, *, grid: Literal["x", "y", "both"] | None = "x") -> None:
    """Take away the frame but its lower side, and put faint grid lines under everything."""
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(GREY)
    axes.tick_params(axis="y", length=0)
    axes.tick_params(axis="x", colors=GREY)
    if grid is None:
        axes.spines["bottom"].set_visible(False)
        axes.set_xticks([])
    else:
        axes.grid(visible=True, axis=grid, color=RULE, linewidth=0.8)
    axes.set_axisbelow(True)


def legend_below(axes: Axes, *, columns: int, tick_lines: int = 1) -> None:
    """Explain marks and colours below the label of the horizontal axis, whose ticks have so many lines of words."""
    # Offsets in font sizes keep the legend below the axis label at every height of the figure.
    pad = 3.2 + 1.4 * tick_lines if len(axes.get_xticks()) else 3.0
    below: dict[str, Any] = {"loc": "upper left", "bbox_to_anchor": (0, 0), "borderaxespad": pad}
    axes.legend(frameon=False, fontsize=9, ncols=columns, **below)
