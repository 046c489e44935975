"""The section on risk: how likely each finish is, and which work decides it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from leadkit.plots.labels import PERCENT
from leadkit.reports.blocks import BarLine, Bars, Block, Figures, Grid, Paragraph, Section, first_rows
from leadkit.reports.drawings import drawn
from leadkit.reports.figures import chance, decimal, percent
from leadkit.reports.geometry import Bar, share
from leadkit.reports.plan_findings import PlanFindings
from leadkit.reports.plan_wording import PlanWords
from leadkit.wbs import RiskResult

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["risk_section"]

SHARES = (0.05, 0.1, 0.25, 0.5, 0.75, 0.8, 0.9, 0.95)
MOST_DECIDING = 30
WITHOUT_PEOPLE = (
    "The runs know links and calendars, not people: work begins as soon as what comes before it allows. That somebody is "
    "busy elsewhere or away is not in them."
)
LATER = (
    "With the people there are, the work ends {days} later at the mean durations, so these dates are rather early and "
    "these probabilities rather high."
)
DECIDING = (
    "Criticality: in how many runs the work was critical. Cruciality: how closely its duration went along with the "
    "finish, 0 to 1. SSI: both how often it was critical and how much it varies, beside the finish."
)


def risk_section(given: PlanFindings, words: PlanWords, risk: RiskResult) -> Section:
    """Say how sure the finish is."""
    deadline = given.plan.deadline

    def draw() -> Axes:
        from leadkit.plots.risk import risk as draw_risk

        return draw_risk(risk, limit=deadline)

    told = _answer(given, words, risk)
    return Section(
        anchor="risk",
        title="How sure that is",
        short=told,
        blocks=[
            Paragraph(told, "answer"),
            Paragraph(" ".join([WITHOUT_PEOPLE, *_later(given, words)])),
            Figures(_figures(given, words, risk)),
            *drawn(
                given,
                draw,
                alt="The probability that all is done by each date, rising from 0 to 100 %. The table below holds it.",
                caption="How likely all is done by each date.",
            ),
            Grid(
                caption="Finish that is kept with a probability",
                header=("Probability", "Finish"),
                n_texts=2,
                rows=[(f"{100 * p:g}{PERCENT}", words.when(risk.date(p))) for p in SHARES],
            ),
            *_deciding(words, risk),
            *_events(given, words),
        ],
    )


def _answer(given: PlanFindings, words: PlanWords, risk: RiskResult) -> str:
    told = (
        f"By links and calendars alone, half of the {risk.n:,} simulated runs end by {words.day(risk.date(0.5))} and "
        f"four in five by {words.day(risk.date(0.8))}"
    )
    if given.plan.deadline is not None:
        kept = risk.probability(given.plan.deadline)
        told += f"; {chance(kept.value)} of them keep the deadline of {words.day(given.plan.deadline)}"
    return f"{told}."


def _later(given: PlanFindings, words: PlanWords) -> Iterator[str]:
    if given.assignment is not None:
        late = words.between(given.schedule.finish, given.assignment.finish)
        if late > 0:
            yield LATER.format(days=words.working_days(late))


def _figures(given: PlanFindings, words: PlanWords, risk: RiskResult) -> Iterator[tuple[str, str]]:
    yield "P50, which half of the runs keep", words.day(risk.date(0.5))
    yield "P80, which four in five keep", words.day(risk.date(0.8))
    if given.plan.deadline is not None:
        kept = risk.probability(given.plan.deadline)
        ends = f"{percent(kept.low)} to {percent(kept.high)}"
        yield f"probability of the deadline ({percent(kept.level)} interval: {ends})", chance(kept.value)


def _deciding(words: PlanWords, risk: RiskResult) -> Iterator[Block]:
    records = sorted(
        risk.to_records(), key=lambda record: (-record["criticality"], -(record["ssi"] or 0), record["id"])
    )
    lines = [
        BarLine(
            name=words.work(record["id"]),
            value=chance(record["criticality"]),
            details=[
                f"cruciality {decimal(record['cruciality']) or 'not known'}",
                f"SSI {decimal(record['ssi']) or 'not known'}",
            ],
            bar=Bar(value=share(record["criticality"], 0, 1), low=None, high=None, mark=None, composite=False),
        )
        for record in records
        if record["criticality"] > 0 and words.plan.package(record["id"]) is not None
    ]
    yield Bars(
        caption="What decides the finish",
        header=("Work", "Critical in", "Picture, 0 to 100 % of the runs"),
        lines=lines[:MOST_DECIDING],
        legend=DECIDING,
    )
    if len(lines) > MOST_DECIDING:
        yield Paragraph(f"… and {len(lines) - MOST_DECIDING:,} more.", "legend")


def _events(given: PlanFindings, words: PlanWords) -> Iterator[Block]:
    if not given.plan.events:
        return
    grid = Grid(
        caption="What may happen and cost time",
        header=("Event", "Work that it hits", "Probability", "Time on average"),
        n_texts=2,
        rows=[
            (own.id, words.listed(own.packages), percent(own.probability), words.days(own.impact.mean))
            for own in given.plan.events
        ],
    )
    yield from first_rows(grid, "events")
