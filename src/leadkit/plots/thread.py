"""The golden thread: how many threads hold, and at which tier the others break first."""

from __future__ import annotations

import math
from textwrap import fill
from typing import TYPE_CHECKING, Any

from attrs import frozen

from leadkit.org import Thread, Tier
from leadkit.org.showing import expect_showable
from leadkit.plots.axes import expect_matplotlib, legend_below, ordinary_axes, quiet
from leadkit.plots.feedback_row import NOT_SHOWN
from leadkit.plots.labels import PERCENT, number
from leadkit.plots.palette import DARK, GREY, INK, ORANGE
from leadkit.plots.tiers import UNITS, counted, tier_name

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["thread"]

STATUSES = ("unbroken", "broken", "unknown")
LOOKS: dict[str, dict[str, Any]] = {
    "unbroken": {"color": DARK},
    "broken": {"color": ORANGE},
    "unknown": {"facecolor": "white", "hatch": "..."},
    NOT_SHOWN: {"facecolor": "white", "hatch": "///"},
}
TOGETHER = "Not shown, together"
ROUNDING = 1e-9
BESIDE = 20


def thread(thread: Thread, *, ax: Axes | None = None) -> Axes:
    """Draw the shares of unbroken, broken and unknown threads, and below them where threads break first.

    The first bar is all threads. The bars below take the part of the broken ones apart, tier by tier from the customers
    down, each from where the last one ended. What is hidden is named so, and hatched as far as all hidden parts go
    together, so that every sum is true.

    Parameters
    ----------
    thread : Thread
        What may be shown: `leadkit.org.trace_thread(...).disclosed()`.
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
        `thread` is something else, or has not been through `disclosed`.
    ValueError
        The axes are polar.

    References
    ----------
    .. [1] W. S. Cleveland and R. McGill, "Graphical perception: theory, experimentation, and application to the
       development of graphical methods", Journal of the American Statistical Association 79, 1984.

    Examples
    --------
    >>> from leadkit import org, samples
    >>> people = samples.organisation(rng=1)
    >>> engagement = samples.pulse(people, rng=1).by_person()
    >>> ax = thread(org.trace_thread(org.build_pyramid(people), engagement, threshold=3.2).disclosed())
    >>> ax.texts[0].get_text().replace("\N{NO-BREAK SPACE}", " ").splitlines()
    ['71 % unbroken', '29 % broken', '0 % unknown']
    """
    expect_matplotlib("thread")
    expect_showable(thread, Thread, "thread")
    rows = _rows(thread)
    axes = ordinary_axes(ax, "thread needs", width=8.5, height=2.2 + 0.5 * len(rows))
    known: set[str] = set()
    for place, row in enumerate(rows):
        for part in row.parts:
            label = None if part.kind in known else part.kind
            known.add(part.kind)
            look: dict[str, Any] = {"edgecolor": INK, "linewidth": 0.8, "clip_on": False, "label": label}
            look |= LOOKS[part.kind]
            axes.barh(place, part.share * 100, left=part.start * 100, height=0.62, **look)
        words: dict[str, Any] = {"transform": axes.get_yaxis_transform(), "va": "center", "parse_math": False}
        faint: dict[str, Any] = {"color": GREY, "style": "italic"} if row.is_hidden else {"color": INK}
        axes.text(1.02, place, row.text, **words, **faint)
    _lay_out(axes, thread, rows)
    return axes


@frozen(kw_only=True)
class Part:
    """A stretch of a bar: shares of all threads, from 0 to 1."""

    kind: str
    start: float
    share: float


@frozen(kw_only=True)
class Row:
    """One bar with its name and what is written beside it."""

    name: str
    text: str
    parts: tuple[Part, ...] = ()
    is_hidden: bool = False


def _rows(thread: Thread) -> list[Row]:
    """Arrange all threads, then the tiers at which they break first."""
    if {"no_threads", "no_weight"} & set(thread.flags):
        text = "no threads" if "no_threads" in thread.flags else "threads\nwithout weight"
        return [Row(name="All threads", text=text, is_hidden=True)]
    whole = _whole(thread)
    start = next((part.start for part in whole.parts if part.kind == "broken"), 0.0)
    return [whole, *_breaks(thread, start)]


def _whole(thread: Thread) -> Row:
    shares = {status: getattr(thread, f"{status}_share") for status in STATUSES}
    hidden = [status for status in STATUSES if math.isnan(shares[status])]
    parts, end = [], 0.0
    for status in STATUSES:
        if shares[status] > 0:
            parts.append(Part(kind=status, start=end, share=shares[status]))
            end += shares[status]
    words = [f"{_percent(shares[status])} {status}" for status in STATUSES if status not in hidden]
    if hidden:
        parts.append(Part(kind=NOT_SHOWN, start=end, share=1 - end))
        words.append(fill(f"{NOT_SHOWN}: {', '.join(hidden)}", BESIDE))
    return Row(name="All threads", text="\n".join(words), parts=tuple(parts), is_hidden=len(hidden) == len(STATUSES))


def _breaks(thread: Thread, start: float) -> list[Row]:
    rows, end, is_any_hidden = [], start, False
    for tier, share in thread.first_break.items():
        is_hidden = math.isnan(share)
        if tier in (Tier.CUSTOMER, Tier.SUPPORT) and share == 0:
            continue
        is_any_hidden |= is_hidden
        parts = (Part(kind="broken", start=end, share=share),) if share > 0 else ()
        end += share if share > 0 else 0.0
        text = NOT_SHOWN if is_hidden else _percent(share)
        rows.append(Row(name=_tier_text(thread, tier), text=text, parts=parts, is_hidden=is_hidden))
    if is_any_hidden and not math.isnan(thread.broken_share):
        rest = max(start + thread.broken_share - end, 0.0)
        parts = (Part(kind=NOT_SHOWN, start=end, share=rest),) if rest > ROUNDING else ()
        rows.append(Row(name=TOGETHER, text=_percent(rest), parts=parts, is_hidden=True))
    return rows


def _percent(share: float) -> str:
    return number(100 * share, 0) + PERCENT


def _tier_text(thread: Thread, tier: Tier) -> str:
    asked = thread.threshold.get(tier)
    return tier_name(tier) if asked is None else f"{tier_name(tier)},\nasked: {asked:g}"


def _lay_out(axes: Axes, thread: Thread, rows: list[Row]) -> None:
    axes.set_xlim(0, 100)
    axes.set_ylim(len(rows) - 0.4, -0.5)
    axes.set_yticks(range(len(rows)), [row.name for row in rows], parse_math=False, color=INK)
    threads = counted(thread.n_threads, "thread")
    label = f"percent of {threads}, by {UNITS[thread.weights][1]} of the front line"
    if any(row.is_hidden for row in rows) and rows[0].parts:
        label += f"; {NOT_SHOWN}: could tell about fewer than {thread.min_n} people"
    axes.set_xlabel(label, color=GREY)
    axes.set_title("The golden thread, and where it breaks first", loc="left", color=INK)
    quiet(axes)
    if rows[0].parts:
        axes.axhline(0.5, color=GREY, linewidth=0.8)
        legend_below(axes, columns=4)
