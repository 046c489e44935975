"""How long it takes until things are resolved: Kaplan-Meier curves of one group or of several."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import cycle
from typing import TYPE_CHECKING, Any

import numpy as np

from leadkit.errors import EscalationError
from leadkit.escalation.survival import Survival, survival_quantile
from leadkit.org.showing import expect_showable
from leadkit.plots.axes import expect_matplotlib, legend_below, ordinary_axes, quiet
from leadkit.plots.labels import PERCENT, number
from leadkit.plots.names import one_line
from leadkit.plots.palette import GREY, INK, LIGHT, LINE_LOOKS
from leadkit.typing import FloatArray, IntArray

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["survival"]

SHARES = ((0.5, "half", "o"), (0.9, f"90{PERCENT}", "D"))
CENSORED = "not resolved when last seen"
LONGEST_NAME = 32
FEW = 10
ROOM = 1.03


def survival(
    curves: Survival | Mapping[str, Survival],
    *,
    unit: str = "hours",
    log: bool = False,
    ax: Axes | None = None,
) -> Axes:
    r"""Draw the share that is not resolved yet over time, as steps that fall from 100 percent.

    A curve ends at its last event. Marks on two dotted lines tell when half and when 90 percent were resolved; the
    legend writes both times. An upright stroke stands in the middle of a step during which something was last seen
    unresolved, or at the end of the curve: a curve holds how many those are, not when. One curve alone has its
    pointwise 95 percent interval shaded.

    Parameters
    ----------
    curves : Survival or mapping of str to Survival
        What `leadkit.escalation.kaplan_meier` gives: one curve, or up to eight by the name of their group.
    unit : str
        Unit of the times.
    log : bool
        Whether the axis of time is logarithmic; what took no time lies at its left end.
    ax : Axes, optional
        Where to draw. A new Figure, known to no global state, when None: `ax.figure` is it.

    Returns
    -------
    Axes
        The one given, or that of a new figure.

    Raises
    ------
    EscalationError
        There are more than eight curves: lines would no longer be told apart.
    ImportError
        matplotlib is not installed.
    TypeError
        A curve is something else, or a name is no text.
    ValueError
        The axes are polar.

    References
    ----------
    .. [1] E. L. Kaplan and P. Meier, "Nonparametric estimation from incomplete observations", Journal of the American
       Statistical Association 53, 1958.

    Examples
    --------
    >>> from leadkit.escalation import kaplan_meier
    >>> ax = survival({"chat": kaplan_meier([1, 2, 4, 8], [1, 1, 1, 0]), "mail": kaplan_meier([3, 5], [1, 1])})
    >>> for line in ax.get_legend().get_texts()[:2]:
    ...     print(line.get_text().replace("\N{NO-BREAK SPACE}", " "))
    chat: half by 2.0 hours, 90 % not reached; 4 in all
    mail: half by 3.0 hours, 90 % by 5.0 hours; 2 in all
    """
    expect_matplotlib("survival")
    named = _named(curves)
    lines = 3 + len(named)
    axes = ordinary_axes(ax, "survival needs", width=8.5, height=4.4 + 0.2 * lines)
    positive = [own.time[own.time > 0] for own in named.values()]
    shortest = min((float(times[0]) for times in positive if times.size), default=1.0)
    start = shortest / 2 if log else 0.0
    end = max((float(own.time[-1]) for own in named.values() if own.time.size), default=0.0) or 2 * shortest
    for (name, curve), (colour, dashes) in zip(named.items(), cycle(LINE_LOOKS), strict=False):
        look: dict[str, Any] = {"color": colour, "linestyle": dashes, "linewidth": 2}
        _draw(axes, curve, name, unit, (start, end), look)
    if len(named) == 1:
        _shade(axes, next(iter(named.values())), start)
    _mark_censored(axes, list(named.values()), start, log=log)
    _mark_quantiles(axes, list(named.values()), start)
    _lay_out(axes, unit, (start, end), is_empty=not any(own.time.size for own in named.values()), log=log)
    return axes


def _named(curves: Survival | Mapping[str, Survival]) -> dict[str, Survival]:
    """Give the curves by name; one alone has none."""
    if not isinstance(curves, Mapping):
        expect_showable(curves, Survival, "curves")
        return {"": curves}
    for name, curve in curves.items():
        expect_showable(name, str, "curves: name of a curve")
        expect_showable(curve, Survival, f"curves[{name!r}]")
    if len(curves) > len(LINE_LOOKS):
        msg = f"curves: {len(curves)} are to be drawn, at most {len(LINE_LOOKS)} can be told apart: draw some of the groups"
        raise EscalationError(msg)
    return dict(curves)


def _label(name: str, curve: Survival, unit: str) -> str:
    """Say when half and 90 percent were resolved, and of how many."""
    told = []
    for share, words, _ in SHARES:
        at = survival_quantile(curve, share)
        told.append(f"{words} not reached" if np.isnan(at) else f"{words} by {_time(at)} {unit}")
    text = f"{', '.join(told)}; {curve.n:,} in all" if curve.n else "nothing"
    return f"{one_line(name, LONGEST_NAME)}: {text}" if name else text


def _time(at: float) -> str:
    return f"{at:,.0f}" if at >= FEW else number(at, 1) if at >= 1 or at == 0 else f"{at:.2g}"


def _draw(
    axes: Axes, curve: Survival, name: str, unit: str, ends: tuple[float, float], look: Mapping[str, Any]
) -> None:
    """Draw the steps; of a curve without events nothing but its line at 100 percent."""
    start, end = ends
    times = np.maximum(curve.time, start) if curve.time.size else np.array([end] if curve.n else [])
    shares = curve.survival if curve.time.size else np.ones(times.size)
    axes.plot(
        [start, *times],
        [100.0, *(100 * shares)],
        drawstyle="steps-post",
        label=one_line(_label(name, curve, unit), 200),
        **look,
    )


def _shade(axes: Axes, curve: Survival, start: float) -> None:
    n_known = int((~np.isnan(curve.low)).sum())
    if n_known:
        # the interval of the last step that has one reaches to where the curve falls to 0
        rows = np.minimum(np.arange(curve.time.size), n_known - 1)
        times = np.maximum(curve.time, start)
        look: dict[str, Any] = {"color": LIGHT, "alpha": 0.3, "linewidth": 0, "zorder": 1.5}
        axes.fill_between(
            times,
            100 * curve.low[rows],
            100 * curve.high[rows],
            step="post",
            label=f"95{PERCENT} interval",
            **look,
        )


def _censored(curve: Survival) -> IntArray:
    """Count who was last seen unresolved before the first event, in each step, and after the last event."""
    before = np.concatenate(([curve.n], curve.at_risk - curve.events))
    left: IntArray = before - np.append(curve.at_risk, 0)
    return left


def _mark_censored(axes: Axes, curves: Sequence[Survival], start: float, *, log: bool) -> None:
    places, heights = [], []
    for curve in curves:
        if curve.time.size:
            found = np.flatnonzero(_censored(curve))
            places += _middles(np.maximum(curve.time, start), start, log=log)[found].tolist()
            heights += (100 * np.concatenate(([1.0], curve.survival)))[found].tolist()
    if places:
        look: dict[str, Any] = {"linestyle": "none", "marker": "|", "markersize": 8, "color": INK, "zorder": 3}
        axes.plot(places, heights, label=CENSORED, **look)


def _middles(times: FloatArray, start: float, *, log: bool) -> FloatArray:
    """Give the middle of each step as it is drawn, and the end of the last."""
    edges = np.concatenate(([start], times))
    middles = np.sqrt(edges[:-1] * edges[1:]) if log else (edges[:-1] + edges[1:]) / 2
    return np.append(middles, edges[-1])


def _mark_quantiles(axes: Axes, curves: Sequence[Survival], start: float) -> None:
    for share, words, marker in SHARES:
        height = 100 * (1 - share)
        axes.axhline(height, color=GREY, linewidth=1, linestyle=":", zorder=1.8)
        places = list(_reached(curves, share, start))
        if places:
            look: dict[str, Any] = {"linestyle": "none", "markersize": 7, "markeredgecolor": INK, "zorder": 4}
            label = f"{words} resolved"
            axes.plot(places, [height] * len(places), marker=marker, markerfacecolor="white", label=label, **look)


def _reached(curves: Sequence[Survival], share: float, start: float) -> Iterator[float]:
    for curve in curves:
        at = survival_quantile(curve, share)
        if not np.isnan(at):
            yield max(at, start)


def _lay_out(axes: Axes, unit: str, ends: tuple[float, float], *, is_empty: bool, log: bool) -> None:
    start, end = ends
    if log:
        from matplotlib.ticker import LogFormatter

        axes.set_xscale("log")
        axes.xaxis.set_major_formatter(lambda value, _: f"{value:g}")
        axes.xaxis.set_minor_formatter(LogFormatter())
        axes.tick_params(axis="x", which="minor", colors=GREY)
    axes.set_xlim(start, end * ROOM)
    axes.set_ylim(0, 102)
    quiet(axes, grid="both")
    axes.tick_params(axis="y", colors=GREY)
    scale = ", logarithmic" if log else ""
    axes.set_xlabel(f"time since it came in [{unit}{scale}]", color=GREY, parse_math=False)
    axes.set_ylabel(f"not resolved yet [{PERCENT.strip()}]", color=GREY)
    axes.set_title("How long until it is resolved", loc="left", color=INK)
    if is_empty:
        words: dict[str, Any] = {"ha": "center", "va": "center", "color": GREY, "style": "italic"}
        axes.text(0.5, 0.3, "nothing was resolved", transform=axes.transAxes, **words)
    if axes.get_legend_handles_labels()[0]:
        legend_below(axes, columns=1)
        for text in axes.get_legend().get_texts():  # type: ignore[union-attr]
            text.set_parse_math(False)
