"""Which items belong together: the correlation of each item with the rest, and alpha with and without it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from attrs import frozen

from leadkit.assessment import ReliabilityTable
from leadkit.assessment.disclosure.expecting import expect
from leadkit.errors import UnknownIdError
from leadkit.plots.axes import expect_matplotlib, legend_below, ordinary_axes, quiet
from leadkit.plots.labels import EN_DASH, PERCENT, number
from leadkit.plots.limits import expect_at_most
from leadkit.plots.names import one_line
from leadkit.plots.palette import DARK, GREY, INK, LIGHT, ORANGE, RULE
from leadkit.stats import CronbachAlpha, ItemAnalysis
from leadkit.typing import FloatArray

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["reliability"]

LONGEST_NAME = 32
HEIGHT = 0.6
LOWEST = -1.0
UNDEFINED = "not defined"


def reliability(
    result: ReliabilityTable | ItemAnalysis,
    *,
    dimension: str | None = None,
    group: Any = None,
    max_rows: int = 80,
    ax: Axes | None = None,
) -> Axes:
    """Draw the correlation of each item with the sum of the others as a bar, and what alpha is without the item.

    A line is Cronbach's alpha of all items of a dimension, the stripe around it its interval. A diamond is alpha without
    the item: right of the line the other items do better alone. What cannot be computed is not drawn, and its reason
    stands in its place.

    Parameters
    ----------
    result : ReliabilityTable or ItemAnalysis
        What `leadkit.assessment.reliability` or `leadkit.stats.item_analysis` gives.
    dimension : str, optional
        Id of the one dimension of a table that is drawn; all when None.
    group : object, optional
        Which group of a table with groups; needed there.
    max_rows : int
        The most items to draw, at least 1.
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
    UnknownIdError
        The table has no such dimension or group.
    ValueError
        A dimension or a group is given where there is none, a group is not given where there are some, there are more
        items than `max_rows`, or the axes are polar.

    References
    ----------
    .. [1] J. C. Nunnally and I. H. Bernstein, Psychometric Theory, 3rd edition, McGraw-Hill, 1994.

    Examples
    --------
    >>> from leadkit import assessment, samples
    >>> table = assessment.reliability(samples.answers("ved", n=200, rng=1))
    >>> ax = reliability(table, dimension="vision")
    >>> [label.get_text() for label in ax.get_yticklabels()]
    ['vision', 'vis1', 'vis2', 'vis3', 'vis4', 'vis5']
    """
    expect_matplotlib("reliability")
    if not isinstance(result, ItemAnalysis):
        expect(result, ReliabilityTable, "result", hint="or an ItemAnalysis")
    sections = _sections(result, dimension, group)
    n_items = sum(len(section.analysis.items) for section in sections)
    expect_at_most(n_items, max_rows, name="max_rows", what="items", instead="draw one dimension (dimension=...)")
    n_rows = n_items + len(sections)
    axes = ordinary_axes(ax, "reliability needs", width=8.5, height=2.0 + 0.3 * n_rows)
    quiet(axes)
    _draw(axes, sections)
    _lay_out(axes, sections, n_rows, "" if group is None else f", {one_line(str(group), LONGEST_NAME)}")
    return axes


@frozen(kw_only=True, eq=False)
class Section:
    """The items of one dimension, from the row below its name on."""

    name: str
    start: int
    analysis: ItemAnalysis


def _sections(result: ReliabilityTable | ItemAnalysis, dimension: str | None, group: Any) -> list[Section]:
    if isinstance(result, ItemAnalysis):
        for name, given in (("dimension", dimension), ("group", group)):
            if given is not None:
                msg = f"{name}: an ItemAnalysis is about one set of items: leave it out"
                raise ValueError(msg)
        return [Section(name="all items", start=0, analysis=result)]
    ids = _expected_rows(result, dimension, group)
    sections: list[Section] = []
    start = 0
    for name in ids:
        analysis = result.analysis(name, group)
        sections.append(Section(name=name, start=start, analysis=analysis))
        start += len(analysis.items) + 1
    return sections


def _expected_rows(table: ReliabilityTable, dimension: str | None, group: Any) -> Sequence[str]:
    """Give the ids of the dimensions to draw, after refusing a group or a dimension that is not there."""
    groups = list(dict.fromkeys(table.groups))
    if table.by is None and group is not None:
        msg = f"group: this table has no groups, got {group!r}: leave it out, or call reliability(responses, by=...)"
        raise ValueError(msg)
    if table.by is not None and group is None:
        msg = f"group: this table has an alpha for each {table.by!r}: expected one of {', '.join(map(repr, groups))}"
        raise ValueError(msg)
    if group is not None and group not in groups:
        raise UnknownIdError.of(group, map(str, groups), kind=f"group of {table.by!r}")
    ids = tuple(dict.fromkeys(table.dimension_ids))
    if dimension is not None and dimension not in ids:
        raise UnknownIdError.of(dimension, ids, kind="dimension")
    return ids if dimension is None else (dimension,)


def _draw(axes: Axes, sections: Sequence[Section]) -> None:
    """Draw everything of all sections at once, so that the legend has each mark once."""
    places = np.concatenate([s.start + 1.0 + np.arange(len(s.analysis.items)) for s in sections])
    rest, dropped = _column(sections, "item_rest_r"), _column(sections, "alpha_if_dropped")
    known = ~np.isnan(rest)
    edge: dict[str, Any] = {"edgecolor": INK, "linewidth": 0.8, "zorder": 2}
    if known.any():
        axes.barh(places[known], rest[known], HEIGHT, facecolor=LIGHT, label="correlation with the rest", **edge)
    _draw_alphas(axes, sections)
    if not np.isnan(dropped).all():
        points: dict[str, Any] = {"linestyle": "none", "markeredgecolor": INK, "zorder": 4}
        label = "alpha without the item"
        axes.plot(dropped, places, marker="D", markersize=6.5, markerfacecolor=ORANGE, label=label, **points)
    axes.axvline(0, color=INK, linewidth=1.0, zorder=2.5)
    flags = [words for section in sections for words in section.analysis.item_flags]
    for at in np.flatnonzero(~known).tolist():
        _note(axes, float(places[at]), _reason(flags[at]))


def _draw_alphas(axes: Axes, sections: Sequence[Section]) -> None:
    beside: dict[str, Any] = {"transform": axes.get_yaxis_transform(), "va": "center", "size": 9, "parse_math": False}
    lines: list[tuple[float, float, float]] = []
    for section in sections:
        alpha = section.analysis.alpha
        low, high = section.start + 0.5, section.start + 0.5 + len(section.analysis.items)
        if np.isnan(alpha.alpha):
            text = f"alpha {UNDEFINED}: {_reason(alpha.flags)}" if alpha.flags else f"alpha {UNDEFINED}"
            axes.text(1.02, section.start, text, color=GREY, style="italic", **beside)
            continue
        lines.append((alpha.alpha, low, high))
        axes.text(1.02, section.start, _alpha_text(alpha), color=INK, **beside)
        if not np.isnan(alpha.interval.low):
            width = alpha.interval.high - alpha.interval.low
            label = f"its {100 * alpha.interval.level:g}{PERCENT} interval" if len(lines) == 1 else "_"
            stripe: dict[str, Any] = {"facecolor": RULE, "alpha": 0.7, "linewidth": 0, "zorder": 1}
            axes.barh((low + high) / 2, width, high - low, left=alpha.interval.low, label=label, **stripe)
    if lines:
        at, below, above = zip(*lines, strict=True)
        axes.vlines(at, below, above, color=DARK, linewidth=2.2, label="alpha of all items", zorder=3)


def _alpha_text(alpha: CronbachAlpha) -> str:
    if np.isnan(alpha.interval.low):
        return f"alpha {number(alpha.alpha)}"
    ends = f"{number(alpha.interval.low)} to {number(alpha.interval.high)}"
    return f"alpha {number(alpha.alpha)} ({ends})"


def _column(sections: Sequence[Section], name: str) -> FloatArray:
    return np.concatenate([getattr(section.analysis, name) for section in sections])


def _reason(flags: Sequence[str]) -> str:
    return ", ".join(flag.replace("_", " ") for flag in flags) or UNDEFINED


def _note(axes: Axes, place: float, words: str) -> None:
    look: dict[str, Any] = {"va": "center", "size": 9, "style": "italic", "color": GREY, "zorder": 5}
    axes.annotate(words, (0, place), xytext=(6, 0), textcoords="offset points", parse_math=False, **look)


def _lay_out(axes: Axes, sections: Sequence[Section], n_rows: int, of_group: str) -> None:
    names: list[str] = []
    for section in sections:
        names += [one_line(name, LONGEST_NAME) for name in (section.name, *section.analysis.items)]
    axes.set_yticks(range(n_rows), names, parse_math=False, color=INK)
    labels = axes.get_yticklabels()
    for section in sections:
        labels[section.start].set_fontweight("bold")
    axes.set_ylim(n_rows - 0.5, -0.5)
    ends = [_column(sections, name) for name in ("item_rest_r", "alpha_if_dropped")]
    ends += [np.array([s.analysis.alpha.alpha for s in sections])]
    ends += [np.array([s.analysis.alpha.interval.low for s in sections])]
    low = max(float(np.nanmin(np.concatenate(ends), initial=0.0)), LOWEST)
    axes.set_xlim(1.08 * low - (0.02 if low == 0 else 0.0), 1.02)
    axes.set_xlabel(f"correlation, and alpha; 1 is the most{_beyond(ends)}", color=GREY)
    n_people = max(section.analysis.n_rows for section in sections)
    people = f"{n_people:,} {'person' if n_people == 1 else 'people'}"
    title = f"Which items belong together{of_group} {EN_DASH} {people}"
    axes.set_title(title, loc="left", color=INK, parse_math=False)
    if axes.get_legend_handles_labels()[0]:
        legend_below(axes, columns=2)


def _beyond(values: Sequence[FloatArray]) -> str:
    n = int(np.count_nonzero(np.concatenate(values[:3]) < LOWEST))
    return f"; {n} below {number(LOWEST, 0)} not drawn" if n else ""
