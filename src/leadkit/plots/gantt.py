"""The Gantt chart: what is done when, what may wait, who does it, and how far it has come."""

from __future__ import annotations

from typing import TYPE_CHECKING

from leadkit._fields import whole_number_faults
from leadkit.errors import PlanError
from leadkit.org.showing import expect_showable
from leadkit.plots.axes import expect_matplotlib, ordinary_axes
from leadkit.plots.dates import day_number
from leadkit.plots.gantt_bars import draw_bars
from leadkit.plots.gantt_layout import lay_out
from leadkit.plots.gantt_links import draw_links
from leadkit.plots.gantt_rows import gantt_rows
from leadkit.plots.gantt_time import draw_closed_days, draw_moments, window_of
from leadkit.plots.gantt_words import GanttResult, source_of, spans_of
from leadkit.wbs import Assignment, Schedule, Tracking

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["gantt"]

WIDTH = 11.0
ROW = 0.27


def gantt(
    result: GanttResult,
    *,
    baseline: Schedule | Assignment | None = None,
    links: bool = False,
    group: str | None = None,
    depth: int | None = None,
    max_rows: int = 60,
    ax: Axes | None = None,
) -> Axes:
    """Draw a plan as bars in time, in outline order, hand-overs and gates below.

    A schedule shows the early dates, the total float as a thin bar behind them, and the critical activities hatched; an
    assignment who does what, hatched what ends after its deadline; a tracking the dates that happened or are expected
    now, how far each package has come as a thin dark bar within, and a line at the day of the report. Groups are
    brackets from their first start to their last finish; what takes no time is a diamond. Closed days are shaded where
    the chart is at most 150 days long. Deadlines far outside the chart are left to the note above it.

    Parameters
    ----------
    result : Schedule, Assignment or Tracking
        What `leadkit.wbs.schedule`, `assign` or `track` gives.
    baseline : Schedule or Assignment, optional
        Dates to compare with, as thin bars below.
    links : bool
        Whether links between the rows are drawn as arrows.
    group : str, optional
        Id of a group: only what lies below it is drawn.
    depth : int, optional
        How many levels to draw, at least 1; what lies deeper is folded into its group.
    max_rows : int
        Most rows to draw, at least 1.
    ax : Axes, optional
        Where to draw. A new Figure, known to no global state, when None: `ax.figure` is it.

    Returns
    -------
    Axes
        The one given, or that of a new figure; its horizontal axis holds dates in the zone of the plan's calendar.

    Raises
    ------
    ImportError
        matplotlib is not installed.
    PlanError
        There are more rows than `max_rows`, the baseline is of another plan, or `group` is a work package.
    TypeError
        `result` or `baseline` is something else.
    UnknownIdError
        There is no such group.
    ValueError
        `depth` or `max_rows` is no whole number of at least 1, or the axes are polar.

    References
    ----------
    .. [1] W. Clark, "The Gantt Chart: A Working Tool of Management", Ronald Press, 1922.

    Examples
    --------
    >>> from leadkit import samples, wbs
    >>> ax = gantt(wbs.schedule(samples.plan()), group="build")
    >>> for label, text in zip(ax.get_yticklabels(), ax.texts):
    ...     print(label.get_text(), "|", text.get_text())
    2.1 Lay out the pages | float 2.5 d
    2.2 Open the ticket data | critical
    2.3 Build the service | critical
    2.4 Build the pages | float 2.5 d
    2.5 Build the search | float 1.2 d
    """
    expect_matplotlib("gantt")
    expect_showable(result, (Schedule, Assignment, Tracking), "result")
    if baseline is not None:
        expect_showable(baseline, (Schedule, Assignment), "baseline")
    _check_counts(depth, max_rows)
    source = source_of(result)
    rows = gantt_rows(source, planned=None if baseline is None else spans_of(baseline), group=group, depth=depth)
    if len(rows) > max_rows:
        msg = (
            f"{len(rows)} rows are to be drawn, the limit (max_rows) is {max_rows}: draw a part (group=...), fold what "
            f"lies deep (depth=1), or raise the limit"
        )
        raise PlanError(msg)
    axes = ordinary_axes(ax, "gantt needs", width=WIDTH, height=2.2 + ROW * len(rows))
    window = window_of(rows, result)
    draw_closed_days(axes, source.plan, window)
    draw_bars(axes, rows, result)
    if links:
        draw_links(axes, source.plan, rows, width=day_number(window.high) - day_number(window.low))
    draw_moments(axes, result, window)
    lay_out(axes, rows, window, result, group)
    return axes


def _check_counts(depth: int | None, max_rows: int) -> None:
    for name, value in {"depth": depth, "max_rows": max_rows}.items():
        if value is not None and (whole_number_faults(value, name) or value < 1):
            msg = f"{name}: expected a whole number of at least 1, got {value!r}"
            raise ValueError(msg)
