"""What people answered: the shares of the answers to each item, stacked to both sides of the middle of the scale."""

from __future__ import annotations

from textwrap import fill
from typing import TYPE_CHECKING, Any

import numpy as np
from attrs import frozen

from leadkit.assessment import Item, Responses
from leadkit.assessment.disclosure.expecting import expect
from leadkit.plots.axes import expect_matplotlib, legend_below, ordinary_axes, quiet
from leadkit.plots.labels import MINUS, PERCENT, number, words
from leadkit.plots.limits import expect_at_most
from leadkit.plots.names import one_line
from leadkit.plots.palette import DARK, GREY, INK, RULE, VERMILION, ink_on
from leadkit.typing import FloatArray, IntArray

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["likert"]

LINE_WIDTH = 46
LONGEST_TEXT = 3 * LINE_WIDTH - 8
MOST_OPTIONS = 11
LETTERS_IN_LINE = 92
HANDLE = 9
PALEST = 0.4
LEAST_WRITTEN = 0.06
TICK_STEP = 25


def likert(responses: Responses, *, dimension: str | None = None, max_rows: int = 60, ax: Axes | None = None) -> Axes:
    r"""Draw the shares of the answers to each item as stacked bars, the middle of the scale in the middle.

    Answers below the middle stand to the left and are hatched, those above it to the right; a middle answer lies half on
    either side. Shares are those of the people who answered the item; to the right stand how many did, and how many did
    not. Answers are drawn as they were given: a reversed item is marked and not turned round.

    Parameters
    ----------
    responses : Responses
        The answers, whole codes on a scale of at most 11.
    dimension : str, optional
        Id of the one dimension whose items are drawn; all when None.
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
        `responses` is something else.
    UnknownIdError
        There is no such dimension.
    ValueError
        There are more items than `max_rows` or more codes than 11, an answer lies between two codes, or the axes are
        polar.

    References
    ----------
    .. [1] R. M. Heiberger and N. B. Robbins, "Design of diverging stacked bar charts for Likert scales and other
       applications", Journal of Statistical Software 57(5), 2014.

    Examples
    --------
    >>> from leadkit import samples
    >>> ax = likert(samples.answers("ved", rng=1), dimension="vision")
    >>> len(ax.get_yticks()), len(ax.containers), ax.texts[-1].get_text()
    (5, 5, '24 answers')
    """
    expect_matplotlib("likert")
    expect(responses, Responses, "responses")
    counts = _counts(responses, dimension, max_rows)
    names = [_name(item, responses.instrument.language) for item in counts.items]
    lines = sum(max(name.count("\n"), 1) for name in names)
    axes = ordinary_axes(ax, "likert needs", width=10.0, height=1.9 + 0.3 * lines + 0.12 * len(names))
    _draw_bars(axes, counts, responses)
    _write_counts(axes, counts)
    _lay_out(axes, counts, names, responses)
    return axes


@frozen(kw_only=True, eq=False)
class Counts:
    """Answers to r items by code, (r, m), and people without one, (r,)."""

    items: tuple[Item, ...]
    n: IntArray
    missing: IntArray

    @property
    def shares(self) -> FloatArray:
        """Shares among those who answered, (r, m); 0 where nobody did."""
        shares: FloatArray = self.n / np.maximum(self.n.sum(axis=1, keepdims=True), 1)
        return shares

    @property
    def starts(self) -> FloatArray:
        """Where each bar begins, (r, m), so that the middle of the scale is at 0."""
        shares, m = self.shares, self.n.shape[1]
        ends = np.cumsum(shares, axis=1)
        below = shares[:, : m // 2].sum(axis=1) + (shares[:, m // 2] / 2 if m % 2 else 0.0)
        starts: FloatArray = ends - shares - below[:, np.newaxis]
        return starts


def _counts(responses: Responses, dimension: str | None, max_rows: int) -> Counts:
    instrument = responses.instrument
    scale = instrument.scale
    items = instrument.items if dimension is None else instrument.dimension(dimension).items
    expect_at_most(len(items), max_rows, name="max_rows", what="items", instead="draw one dimension (dimension=...)")
    if scale.n_options > MOST_OPTIONS:
        msg = f"responses: at most {MOST_OPTIONS} answers to choose from can be drawn, the scale has {scale.n_options}"
        raise ValueError(msg)
    values = responses.values[:, [instrument.item_ids.index(item.id) for item in items]]
    between = ~np.isnan(values) & (values != np.round(values))
    if between.any():
        row, column = np.argwhere(between)[0]
        where = f"respondent {responses.respondent_ids[row]!r}, item {items[column].id!r}"
        msg = f"responses: expected whole codes, got {values[row, column]:g} ({where}): it belongs to no answer"
        raise ValueError(msg)
    codes = np.arange(scale.low, scale.high + 1)
    return Counts(
        items=items,
        n=np.stack([np.count_nonzero(values == code, axis=0) for code in codes], axis=1),
        missing=np.count_nonzero(np.isnan(values), axis=0),
    )


def _name(item: Item, language: str) -> str:
    text = words(item.text, language) + (" (reversed)" if item.reverse else "")
    if len(text) > LONGEST_TEXT and item.reverse:
        return fill(one_line(words(item.text, language), LONGEST_TEXT - 11) + " (reversed)", LINE_WIDTH)
    return fill(one_line(text, LONGEST_TEXT), LINE_WIDTH)


def _draw_bars(axes: Axes, counts: Counts, responses: Responses) -> None:
    scale = responses.instrument.scale
    shares, starts, places = counts.shares, counts.starts, np.arange(len(counts.items))
    for k, look in enumerate(_looks(scale.n_options)):
        code = f"{scale.low + k}".replace("-", MINUS)
        label = f"{code} {words(scale.labels[k], responses.instrument.language)}" if scale.labels else code
        bars = axes.barh(places, 100 * shares[:, k], 0.74, left=100 * starts[:, k], label=label, linewidth=0.8, **look)
        for bar in bars:
            bar.set_hatch_linewidth(1.6)
        for place in places[shares[:, k] >= LEAST_WRITTEN].tolist():
            _write_share(axes, shares[place, k], starts[place, k], place, look)


def _write_share(axes: Axes, share: float, start: float, place: int, look: dict[str, Any]) -> None:
    box = {"boxstyle": "round,pad=0.15", "facecolor": look["facecolor"], "edgecolor": "none"}
    words_in: dict[str, Any] = {"ha": "center", "va": "center", "size": 8, "bbox": box, "zorder": 3}
    colour = ink_on(look["facecolor"])
    axes.text(100 * (start + share / 2), place, number(100 * share, 0), color=colour, parse_math=False, **words_in)


def _looks(m: int) -> list[dict[str, Any]]:
    """Give the fill of every answer: vermilion and hatched below the middle, grey in it, blue above, stronger outwards."""
    strengths = np.linspace(1.0, PALEST, m // 2) if m > 3 else np.ones(m // 2)
    below = [{"facecolor": _tint(VERMILION, s), "hatch": "//", "edgecolor": "white"} for s in strengths.tolist()]
    above = [{"facecolor": _tint(DARK, s), "hatch": "", "edgecolor": "white"} for s in strengths.tolist()[::-1]]
    return [*below, *([{"facecolor": RULE, "hatch": "", "edgecolor": "white"}] if m % 2 else []), *above]


def _tint(colour: str, strength: float) -> tuple[float, ...]:
    from matplotlib.colors import to_rgb

    return tuple(1 - strength * (1 - part) for part in to_rgb(colour))


def _write_counts(axes: Axes, counts: Counts) -> None:
    """Write beyond the right end of the axis how many answered, and how many did not."""
    beside: dict[str, Any] = {"transform": axes.get_yaxis_transform(), "va": "center", "size": 9, "parse_math": False}
    for place, (n, missing) in enumerate(zip(counts.n.sum(axis=1).tolist(), counts.missing.tolist(), strict=True)):
        rest = f", {missing:,} missing" if missing else ""
        if n:
            axes.text(1.02, place, f"{n:,} answer{'s' * (n != 1)}{rest}", color=INK, **beside)
        else:
            axes.text(1.02, place, "no answers", color=GREY, style="italic", **beside)


def _lay_out(axes: Axes, counts: Counts, names: list[str], responses: Responses) -> None:
    starts, shares = counts.starts, counts.shares
    reach = max(-100 * float(starts.min(initial=0.0)), 100 * float((starts + shares).max(initial=0.0)), TICK_STEP)
    steps = int(np.ceil(reach / TICK_STEP - 1e-9))
    ticks = [TICK_STEP * k for k in range(-steps, steps + 1)]
    axes.axvline(0, color=INK, linewidth=1.0, zorder=2.5)
    axes.set_xlim(1.02 * ticks[0], 1.02 * ticks[-1])
    axes.set_xticks(ticks, [f"{abs(tick)}" for tick in ticks])
    axes.set_yticks(range(len(names)), names, parse_math=False, color=INK)
    axes.set_ylim(len(names) - 0.5, -0.5)
    axes.set_xlabel(f"share of those who answered [{PERCENT.strip()}], from the middle of the scale", color=GREY)
    people = len(responses)
    title = f"What {people:,} {'person' if people == 1 else 'people'} answered"
    axes.set_title(title, loc="left", color=INK)
    quiet(axes)
    wide = [len(label) + HANDLE for label in axes.get_legend_handles_labels()[1]]
    legend_below(axes, columns=len(wide) if sum(wide) <= LETTERS_IN_LINE else max(LETTERS_IN_LINE // max(wide), 1))
