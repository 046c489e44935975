"""The load of a team: how many hours of work each period holds, beside the hours that people have."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, get_args

import numpy as np
from attrs import frozen

from leadkit.org.showing import expect_showable
from leadkit.plots.axes import expect_matplotlib, legend_below, ordinary_axes, quiet
from leadkit.plots.dates import dated_labels
from leadkit.plots.labels import number
from leadkit.plots.names import listed, one_line
from leadkit.plots.palette import DARK, GREY, INK, ORANGE, STACK_LOOKS
from leadkit.typing import FloatArray
from leadkit.wbs import Assignment, Need, StaffingGap

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["LoadPeriod", "load"]

LoadPeriod: TypeAlias = Literal["day", "week", "month"]
"""What hours are counted by; a week begins on Monday."""

TOO_MUCH: dict[str, Any] = {"facecolor": ORANGE, "hatch": "xxx"}
EDGE: dict[str, Any] = {"edgecolor": INK, "linewidth": 0.8}
WIDTH = 0.72
MINUTES_AN_HOUR = 60
LONGEST_NAME = 24
MOST_LABELS = 16
MOST_NAMED = 3


def load(
    result: Assignment | StaffingGap,
    *,
    by: LoadPeriod | None = None,
    person: str | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw the hours of work in each period as bars, and the hours that people have as a line above.

    Of an assignment a bar is stacked by person, those with most work below and, of more than eight, the rest together;
    the line is the open working time between the start and the finish. Time that somebody is given beyond what they
    have is hatched crosswise on top. Of a staffing gap a bar is the demand: what qualified people have time for, and
    hatched on top what they have not; the needs that lack most are named above.

    Parameters
    ----------
    result : Assignment or StaffingGap
        What `leadkit.wbs.assign`, `level`, `smooth` or `staffing_gap` gives.
    by : {"day", "week", "month"}, optional
        The periods: weeks when None; those of a staffing gap are fixed.
    person : str, optional
        Id of the one person whose load is drawn; only of an assignment.
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
        There is no such person.
    ValueError
        `by` is unknown or not that of the staffing gap, a person is given with a staffing gap, or the axes are polar.

    References
    ----------
    .. [1] Project Management Institute, A Guide to the Project Management Body of Knowledge, 7th edition, 2021: resource
       histograms.

    Examples
    --------
    >>> from leadkit import samples, wbs
    >>> ax = load(wbs.assign(samples.plan(), schedules=50), person="elif")
    >>> ax.get_title(loc="left")
    'Load of Elif by week'
    """
    expect_matplotlib("load")
    expect_showable(result, (Assignment, StaffingGap), "result")
    if by is not None and by not in get_args(LoadPeriod):
        msg = f"by: expected one of {', '.join(map(repr, get_args(LoadPeriod)))}, got {by!r}"
        raise ValueError(msg)
    picture = _of_gap(result, by, person) if isinstance(result, StaffingGap) else _of_people(result, by, person)
    n = len(picture.periods)
    axes = ordinary_axes(ax, "load needs", width=float(np.clip(3.5 + 0.45 * n, 8, 16)), height=4.8)
    places, below = np.arange(n), np.zeros(n)
    for layer in picture.layers:
        axes.bar(places, layer.hours, WIDTH, bottom=below, label=layer.label, **EDGE, **layer.look)
        below = below + layer.hours
    if picture.open is not None and n:
        axes.step(
            np.arange(n + 1) - 0.5,
            np.append(picture.open, picture.open[-1]),
            where="post",
            color=INK,
            linewidth=1.8,
            label="open working time",
        )
    _mark(axes, picture, below)
    _lay_out(axes, picture, below)
    return axes


@frozen(kw_only=True, eq=False)
class Layer:
    """One part of every bar, in hours."""

    label: str
    hours: FloatArray
    look: Mapping[str, Any]


@frozen(kw_only=True, eq=False)
class Picture:
    """What is drawn: layers from below, the open hours, what is too much of the bars, and the words."""

    by: LoadPeriod
    periods: Sequence[date]
    layers: Sequence[Layer]
    open: FloatArray | None
    excess: FloatArray
    title: str
    note: str
    empty: str


def _of_people(assignment: Assignment, by: LoadPeriod | None, person: str | None) -> Picture:
    own = by or "week"
    names = {one.id: one.name or one.id for one in assignment.plan.team.people}
    if person is not None:
        names = {person: assignment.plan.person(person).name or person}
    records = [record for record in assignment.calendar_load(own) if record["person"] in names]
    periods = sorted({record["from_date"] for record in records})
    place, column = {day: k for k, day in enumerate(periods)}, {one: k for k, one in enumerate(names)}
    opened, given = (np.zeros((len(periods), len(names))) for _ in range(2))
    for record in records:
        at = place[record["from_date"]], column[record["person"]]
        opened[at], given[at] = record["open"] / MINUTES_AN_HOUR, record["assigned"] / MINUTES_AN_HOUR
    within = np.minimum(given, opened)
    excess = (given - within).sum(axis=1)
    over = [name for name, more in zip(names.values(), np.any(given > opened, axis=0), strict=True) if more]
    layers = _layers(within, list(names.values()))
    if excess.any():
        layers.append(Layer(label="beyond what they have", hours=excess, look=TOO_MUCH))
    whose = "the team" if person is None else one_line(names[person], LONGEST_NAME)
    return Picture(
        by=own,
        periods=[date.fromisoformat(day) for day in periods],
        layers=layers,
        open=opened.sum(axis=1),
        excess=excess,
        title=f"Load of {whose} by {own}",
        note=f"over-full: {listed(over, 80)}" if over else "",
        empty="no work" if names else "nobody",
    )


def _layers(hours: FloatArray, names: Sequence[str]) -> list[Layer]:
    """Stack people by falling hours; of more than there are looks, the rest become one layer."""
    totals = hours.sum(axis=0).round(6)
    order: list[int] = [k for k in np.argsort(-totals, kind="stable").tolist() if totals[k] > 0]
    shown = order if len(order) <= len(STACK_LOOKS) else order[: len(STACK_LOOKS) - 1]
    layers: list[tuple[str, FloatArray]] = [(one_line(names[k], LONGEST_NAME), hours[:, k]) for k in shown]
    if len(shown) < len(order):
        rest = order[len(shown) :]
        layers.append((f"{len(rest)} others", hours[:, rest].sum(axis=1)))
    return [
        Layer(label=label, hours=own, look={"facecolor": colour, "hatch": hatch})
        for (label, own), (colour, hatch) in zip(layers, STACK_LOOKS, strict=False)
    ]


def _of_gap(gap: StaffingGap, by: LoadPeriod | None, person: str | None) -> Picture:
    if person is not None:
        msg = "person: a staffing gap is about needs, not about one person: leave it out"
        raise ValueError(msg)
    if by not in (None, gap.by):
        msg = f"by: the staffing gap counts by {gap.by}, got {by!r}: ask for staffing_gap(..., by={by!r})"
        raise ValueError(msg)
    periods = sorted({row.from_date for row in gap.rows})
    place = {day: k for k, day in enumerate(periods)}
    capacity, shortage = np.zeros(len(periods)), np.zeros(len(periods))
    lacking: dict[Need, float] = {}
    for row in gap.rows:
        capacity[place[row.from_date]] += row.capacity / MINUTES_AN_HOUR
        shortage[place[row.from_date]] += row.shortage / MINUTES_AN_HOUR
        if row.shortage:
            lacking[row.need] = lacking.get(row.need, 0.0) + row.shortage / MINUTES_AN_HOUR
    layers = [Layer(label="qualified people have time", hours=capacity, look={"facecolor": DARK})]
    if lacking:
        layers.append(Layer(label="short", hours=shortage, look=TOO_MUCH))
    worst = sorted(lacking, key=lambda need: (-lacking[need], need.skills))
    said = [f"{_said(need)} ({number(lacking[need], 0)} h)" for need in worst[:MOST_NAMED]]
    if len(worst) > MOST_NAMED:
        said.append(f"{len(worst) - MOST_NAMED} more")
    return Picture(
        by=gap.by,
        periods=periods,
        layers=layers,
        open=None,
        excess=shortage,
        title=f"What the plan asks for and the team has time for, by {gap.by}",
        note=f"short of {'; '.join(said)}" if said else "",
        empty="no needs",
    )


def _said(need: Need) -> str:
    text = ", ".join(f"{skill} from {level:g}" for skill, level in need.skills) or "anybody"
    return one_line(text, LONGEST_NAME)


def _mark(axes: Axes, picture: Picture, tops: FloatArray) -> None:
    """Write above a bar how many hours of it are too much."""
    look: dict[str, Any] = {"textcoords": "offset points", "ha": "center", "size": 8, "color": INK, "zorder": 4}
    if len(picture.periods) > MOST_LABELS:
        return
    box = {"boxstyle": "round,pad=0.1", "facecolor": "white", "edgecolor": "none", "alpha": 0.85}
    for place, (top, excess) in enumerate(zip(tops.tolist(), picture.excess.tolist(), strict=True)):
        if excess > 0:
            text = f"{number(excess, 0 if excess >= 10 else 1)} h"
            axes.annotate(text, (place, top), xytext=(0, 4), bbox=box, parse_math=False, **look)


def _lay_out(axes: Axes, picture: Picture, tops: FloatArray) -> None:
    step = -(-len(picture.periods) // MOST_LABELS) or 1
    shown = range(0, len(picture.periods), step)
    labels = dated_labels([picture.periods[k] for k in shown], by_month=picture.by == "month")
    axes.set_xticks(list(shown), labels, parse_math=False)
    axes.set_xlim(-0.6, max(len(picture.periods), 1) - 0.4)
    highest = tops if picture.open is None else np.maximum(tops, picture.open)
    axes.set_ylim(0, 1.08 * float(highest.max(initial=0.0)) or 1.0)
    axes.set_xlabel({"day": "day", "week": "week from", "month": "month"}[picture.by], color=GREY)
    axes.set_ylabel("hours", color=GREY)
    if picture.note:
        axes.text(0, 1.01, picture.note, transform=axes.transAxes, va="bottom", color=INK, size=9, parse_math=False)
    pad = 22 if picture.note else 8
    axes.set_title(picture.title, loc="left", color=INK, pad=pad, parse_math=False)
    quiet(axes, grid="y")
    axes.tick_params(axis="y", colors=GREY)
    if not picture.periods:
        look: dict[str, Any] = {"ha": "center", "va": "center", "color": GREY, "style": "italic"}
        axes.text(0.5, 0.5, picture.empty, transform=axes.transAxes, parse_math=False, **look)
    else:
        legend_below(axes, columns=3, tick_lines=2)
