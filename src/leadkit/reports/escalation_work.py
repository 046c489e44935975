"""Sections on how the work runs: metrics of the log with their definitions, time to resolve, and standards."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from datetime import UTC
from typing import TYPE_CHECKING

from leadkit.escalation import Metric, StandardsReport, survival_quantile
from leadkit.escalation.standards import StandardRow
from leadkit.plots.dates import instant_text, zone_text
from leadkit.plots.labels import PERCENT
from leadkit.plots.names import listed
from leadkit.plots.tiers import counted
from leadkit.reports.blocks import Block, Facts, Grid, Paragraph, Section, first_rows
from leadkit.reports.drawings import drawn
from leadkit.reports.escalation_findings import EscalationFindings
from leadkit.reports.escalation_wording import ends_text, hours_text, metric_name, share_text, value_text

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["metrics_section", "standards_section", "stood_at", "time_section"]

MOST_ROWS = 200
MOST_CURVES = 8
SPREAD = 10
MOST_LETTERS = 80
KEPT = {True: "yes", False: "no", None: "not known"}
STILL_OPEN = (
    "Tickets that are still open count up to the day of the log and no further, so that slow ones are not left out."
)
NOT_JUDGED = (
    "Not judged are cases that are open and still in time, and those that were cancelled or lack what is measured."
)
TOO_MANY = "The picture is left out: so many curves could not be told apart."


def metrics_section(given: EscalationFindings) -> Section:
    """List metrics with their intervals, and define each."""
    is_grouped = any(metric.group for metric in given.metrics)
    n = len({metric.id for metric in given.metrics})
    unknown = sum(math.isnan(metric.value) for metric in given.metrics)
    told = f"{counted(n, 'metric')} of the log, each with its definition"
    told += f"; {counted(unknown, 'value is', 'values are')} not known." if unknown else "."
    grid = Grid(
        caption="Metrics of the log",
        header=(
            "Metric",
            *(("Group",) if is_grouped else ()),
            *("Value", f"95{PERCENT} interval", "Counted", "Not ended", "Left out"),
        ),
        n_texts=2 if is_grouped else 1,
        empty="not known",
        rows=[_metric_row(metric, is_grouped=is_grouped) for metric in given.metrics],
    )
    definitions = {metric.id: metric.definition for metric in given.metrics}
    return Section(
        anchor="metrics",
        title="What the log says",
        short=told,
        blocks=[
            *first_rows(grid, "metrics", most=MOST_ROWS),
            Paragraph("What each counts:"),
            Facts((metric_name(own), f"{text[:1].upper()}{text[1:]}.") for own, text in definitions.items()),
        ],
    )


def _metric_row(metric: Metric, *, is_grouped: bool) -> tuple[str, ...]:
    group = ", ".join("not known" if value is None else value for value in metric.group) or "all"
    return (
        metric_name(metric.id),
        *((group,) if is_grouped else ()),
        value_text(metric.value, metric.unit),
        _interval(metric),
        _counted(metric),
        f"{metric.censored:,}",
        f"{metric.excluded:,}",
    )


def _interval(metric: Metric) -> str:
    if metric.interval is None:
        return "none"
    if metric.unit == "share":
        return ends_text(*metric.interval)
    unit = "points" if metric.unit == "count per ticket" else metric.unit
    return " to ".join(value_text(end, unit) for end in metric.interval)


def _counted(metric: Metric) -> str:
    if metric.denominator is None:
        return "" if math.isnan(metric.value) else "all"
    if metric.unit == "share" and metric.numerator is not None:
        return f"{metric.numerator:,.0f} of {metric.denominator:,}"
    return f"{metric.denominator:,}"


def time_section(given: EscalationFindings) -> Section:
    """Show how long tickets take, group by group."""
    quantiles = {
        name: tuple(survival_quantile(curve, share) for share in (0.5, 0.9)) for name, curve in given.survival.items()
    }
    n, n_open = (sum(getattr(curve, part) for curve in given.survival.values()) for part in ("n", "censored"))
    told = f"{counted(n, 'ticket')}, {f'{n_open:,} of them not resolved yet' if n_open else 'all of them resolved'}"
    if n:
        told += f": half {_span(half for half, _ in quantiles.values())}"
        told += f" and 90{PERCENT} {_span(most for _, most in quantiles.values())}"
        told += ", group by group" if len(quantiles) > 1 else ""
    return Section(
        anchor="time",
        title="How long it takes",
        short=f"{told}.",
        blocks=[
            Paragraph(f"{told}.", "answer"),
            *_curves_picture(given),
            Grid(
                caption="Time until resolved",
                header=("Group", "Tickets", "Not resolved", "Half within", f"90{PERCENT} within"),
                empty="not reached",
                rows=[
                    (name, f"{curve.n:,}", f"{curve.censored:,}", *map(hours_text, quantiles[name]))
                    for name, curve in given.survival.items()
                ],
            ),
            Paragraph(STILL_OPEN, "legend"),
        ],
    )


def _span(times: Iterable[float]) -> str:
    """Write within what time, or between the shortest and the longest of several groups."""
    known = sorted(times)
    if any(map(math.isnan, known)):
        return "not reached yet in every group" if len(known) > 1 else "not reached yet"
    first, last = hours_text(known[0]), hours_text(known[-1])
    return f"within {first}" if first == last else f"within {first} to {last}"


def _curves_picture(given: EscalationFindings) -> Iterator[Block]:
    curves = given.survival
    if len(curves) > MOST_CURVES:
        if given.picture:
            yield Paragraph(TOO_MANY, "legend")
        return

    def draw() -> Axes:
        from leadkit.plots.survival import survival

        only = next(iter(curves.values())) if len(curves) == 1 else curves
        return survival(only, log=_is_spread(given))

    yield from drawn(
        given,
        draw,
        alt="The share of tickets not resolved yet over time, falling from 100 %. The table below holds when half and when "
        "90 % were resolved.",
        caption="The share not resolved yet. The lower a curve, the sooner tickets were resolved.",
    )


def _is_spread(given: EscalationFindings) -> bool:
    """Tell whether the longest times would squeeze the usual ones together."""
    halves = [survival_quantile(curve, 0.5) for curve in given.survival.values()]
    last = max((float(curve.time[-1]) for curve in given.survival.values() if curve.time.size), default=0.0)
    return any(0 < half * SPREAD < last for half in halves)


def standards_section(found: StandardsReport) -> Section:
    """Show which standards are kept."""
    missed = [row.standard for row in found.rows if row.kept is False]
    unknown = [row.standard for row in found.rows if row.kept is None]
    n = counted(len(found.rows), "standard")
    told = f"None of {n} is missed"
    if missed:
        told = f"{len(missed)} of {n} {'is' if len(missed) == 1 else 'are'} missed: {listed(missed, MOST_LETTERS)}"
    told += f"; not known yet: {listed(unknown, MOST_LETTERS)}." if unknown else "."
    grid = Grid(
        caption="Standards",
        header=(
            *("Standard", "What is measured", "Kept", "Reached", "Asked for", "Cases that kept it"),
            *(f"95{PERCENT} interval", "Not judged"),
        ),
        n_texts=3,
        empty="not known",
        rows=[_standard_row(row) for row in found.rows],
    )
    return Section(
        anchor="standards",
        title="Whether promises are kept",
        short=told,
        blocks=[
            Paragraph(told, "answer"),
            Paragraph(f"As it stood on {stood_at(found)}."),
            *first_rows(grid, "standards", most=MOST_ROWS),
            Paragraph(NOT_JUDGED, "legend"),
        ],
    )


def stood_at(found: StandardsReport) -> str:
    """Write when the standards were looked at, with the zone."""
    zone = found.now.tzinfo or UTC
    return f"{instant_text(found.now, zone)} {zone_text(zone)}"


def _standard_row(row: StandardRow) -> tuple[str, ...]:
    is_single = row.n is None
    return (
        row.standard,
        metric_name(row.measure),
        KEPT[row.kept],
        f"{row.value:,.2f}" if is_single and not math.isnan(row.value) else share_text(row.share),
        "its threshold" if is_single else share_text(row.target),
        "a single number" if is_single else f"{row.met:,} of {row.n:,}",
        "none" if row.interval is None else ends_text(*row.interval),
        f"{row.undecided + row.excluded:,}",
    )
