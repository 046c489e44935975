"""The section on one member: their own work from period to period, and where they can grow."""

from __future__ import annotations

from collections.abc import Iterator

from leadkit.escalation import GrowthArea, MemberReport
from leadkit.escalation.performance import MemberRow
from leadkit.plots.labels import MINUS, PERCENT
from leadkit.plots.tiers import counted
from leadkit.reports.blocks import Block, Grid, Heading, Paragraph, Section, first_rows
from leadkit.reports.escalation_wording import (
    EscalationWords,
    ends_text,
    metric_name,
    points_text,
    share_text,
    value_text,
)
from leadkit.reports.figures import decimal

__all__ = ["member_section"]

MOST_ROWS = 200
UNITS = {"time_to_resolve_median": "hours", "csat_mean": "points", "calls_addressed": "count"}
OWN = (
    "This part belongs to {person}. It holds their own work beside that of all others together, never beside one colleague. "
    "Change is since the period before. Where there are fewer than ten cases, nothing is compared."
)
GROWTH = "Where the pilot sees room to grow, and what is on offer for it. What to take up is for {person} to say."


def member_section(words: EscalationWords, found: MemberReport) -> Section:
    """Show what one member did and where they can grow."""
    areas = len(found.growth)
    told = f"The report of {found.person} covers {counted(len(found.periods), 'period')}"
    told += f" and names {counted(areas, 'area')} to grow in." if areas else "."
    return Section(
        anchor="member",
        title=f"The report of {found.person}",
        short=told,
        blocks=[
            Paragraph(OWN.format(person=found.person)),
            *first_rows(_numbers(found), "rows", most=MOST_ROWS),
            *_growth(words, found),
        ],
    )


def _numbers(found: MemberReport) -> Grid:
    return Grid(
        caption="Own work by period",
        header=(
            *("Period", "What", "Value", f"95{PERCENT} interval", "Others together", "Change"),
            "Cases",
        ),
        n_texts=2,
        empty="not compared",
        rows=[
            (
                row.period or "the pilot",
                metric_name(row.metric),
                _value(row, row.value) or "not known",
                _interval(row),
                _value(row, row.team_value),
                _change(row),
                f"{row.n:,}",
            )
            for row in found.rows
        ],
    )


def _value(row: MemberRow, value: float) -> str:
    return value_text(value, UNITS.get(row.metric, "share"))


def _interval(row: MemberRow) -> str:
    if row.interval is None:
        return "none"
    if row.metric not in UNITS:
        return ends_text(*row.interval)
    return " to ".join(_value(row, end) for end in row.interval)


def _change(row: MemberRow) -> str:
    if not decimal(row.change):
        return ""
    if row.metric not in UNITS:
        return f"{points_text(row.change)} points"
    sign = MINUS if row.change < 0 else "+" if row.change else ""
    return f"{sign}{_value(row, abs(row.change))}"


def _growth(words: EscalationWords, found: MemberReport) -> Iterator[Block]:
    if not found.growth:
        return
    yield Heading("Where to grow")
    yield Paragraph(GROWTH.format(person=found.person))
    grid = Grid(
        caption="Areas and offers",
        header=("Domain", "What the pilot saw", "On offer"),
        n_texts=3,
        rows=[_area(words, area) for area in found.growth],
    )
    yield from first_rows(grid, "areas", most=MOST_ROWS)


def _area(words: EscalationWords, area: GrowthArea) -> tuple[str, str, str]:
    seen = area.evidence
    told = f"{seen.successes} of {seen.n} cases succeeded, {share_text(seen.expected)} of the same cases were expected"
    offers = ", ".join(f"{action.name} ({action.hours:g} hours)" for action in area.actions)
    return (words.domain(area.domain) if area.domain else "all domains"), told, offers
