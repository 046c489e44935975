"""Sections on how the project stands: progress, earned value, and what its success is measured by."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from leadkit.plots.labels import PERCENT
from leadkit.plots.tiers import counted
from leadkit.reports.blocks import Block, Facts, Figures, Grid, Paragraph, Section, first_rows
from leadkit.reports.drawings import drawn
from leadkit.reports.figures import decimal
from leadkit.reports.plan_findings import PlanFindings
from leadkit.reports.plan_pictures import gantt_blocks
from leadkit.reports.plan_wording import PlanWords, money_text
from leadkit.wbs import EarnedSchedule, Evm, MetricResult, Tracking

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["EVM_NAMES", "STATES", "SUCCESS_NAMES", "metrics_section", "progress_section", "yes_or_no"]

MOST_WORK = 500
STATES = {"not_started": "not started", "running": "running", "done": "done", "late": "late"}
EVM_NAMES = {
    "bac": "Budget at completion (BAC)",
    "pv": "Planned value (PV)",
    "ev": "Earned value (EV)",
    "ac": "Actual cost (AC)",
    "sv": "Schedule variance (SV = EV - PV)",
    "cv": "Cost variance (CV = EV - AC)",
    "spi": "Schedule performance index (SPI = EV / PV)",
    "cpi": "Cost performance index (CPI = EV / AC)",
    "eac": "Estimate at completion (EAC)",
    "etc": "Estimate to complete (ETC)",
    "vac": "Variance at completion (VAC = BAC - EAC)",
    "tcpi_bac": "Cost index needed to end on budget (TCPI)",
    "tcpi_eac": "Cost index needed to end on the estimate (TCPI)",
}
INDICES = frozenset({"spi", "cpi", "tcpi_bac", "tcpi_eac"})
SUCCESS_NAMES = {
    "on_time": "Done on time",
    "on_budget": "Done within the budget",
    "scope_done": "All work done",
    "documented": "Documented",
    "metrics_met": "Metrics met",
    "handed_over": "Handed over to the customer",
}
NO_TOTAL = "Six answers, each with what it rests on. There is no total."
BELOW_ONE = "An index below 1 is late (SPI) or dear (CPI)."


def progress_section(given: PlanFindings, words: PlanWords, tracking: Tracking) -> Section:
    """Say how the project stands beside its baseline."""
    done = sum(row.state == "done" for row in tracking.rows)
    told = _answer(words, tracking)

    def draw() -> Axes:
        from leadkit.plots.earned_value import earned_value

        return earned_value(tracking)

    return Section(
        anchor="progress",
        title="How it stands",
        short=told,
        blocks=[
            Paragraph(told, "answer"),
            Figures(
                [
                    ("of the budget is earned", _percent(tracking.evm.percent_complete) or "not known"),
                    (f"of {words.packages()} done", f"{done:,}"),
                    ("schedule performance index", decimal(tracking.evm.spi) or "not known"),
                    ("cost performance index", decimal(tracking.evm.cpi) or "not known"),
                ]
            ),
            Paragraph(BELOW_ONE, "legend"),
            *gantt_blocks(
                given,
                tracking,
                alt=f"Gantt chart as of {words.day(tracking.as_of)}: how far each work package has come, and when it is "
                "expected to be done. The table below holds the same dates.",
                caption="Bars: when work was or is expected to be done; thin dark bars within: how much of it is done; "
                "thin bars below: when it was planned; the line: the day of the report.",
                baseline=given.schedule if given.assignment is None else given.assignment,
            ),
            *drawn(
                given,
                draw,
                alt="Planned value, earned value and actual cost over time. The list below holds their values today.",
                caption="Planned value, earned value and actual cost over time.",
            ),
            Facts([*_evm_facts(tracking.evm, words), *_time_facts(tracking.earned_schedule, tracking, words)]),
            *first_rows(_rows_grid(tracking, words), "work packages", most=MOST_WORK),
            *_accounts(tracking, words),
        ],
    )


def _answer(words: PlanWords, tracking: Tracking) -> str:
    percent = _percent(tracking.evm.percent_complete)
    told = f"On {words.day(tracking.as_of)}, {percent} of the budget is earned; " if percent else ""
    told += f"all is expected to be done on {words.when(tracking.forecast_finish)}"
    late = tracking.forecast.late_by
    if words.plan.deadline is not None:
        told += f", {words.working_days(late)} after the deadline" if late else ", within the deadline"
    return f"{told[:1].upper()}{told[1:]}."


def _percent(value: float) -> str:
    text = decimal(value, 0)
    return f"{text}{PERCENT}" if text else ""


def _evm_facts(evm: Evm[float], words: PlanWords) -> Iterator[tuple[str, str]]:
    for name, label in EVM_NAMES.items():
        value = getattr(evm, name)
        yield label, (decimal(value) if name in INDICES else words.money(value)) or "not known"


def _time_facts(found: EarnedSchedule[float], tracking: Tracking, words: PlanWords) -> Iterator[tuple[str, str]]:
    unit = f"{tracking.period}s"
    for label, value in (
        ("Earned schedule (ES)", found.es),
        ("Schedule variance in time (SV(t) = ES - AT)", found.sv),
        ("Planned duration (PD)", found.planned_duration),
        ("Expected duration (PD / SPI(t))", found.ieac),
    ):
        yield label, f"{decimal(value, 1)} {unit}" if decimal(value, 1) else "not known"
    yield "Schedule performance index in time (SPI(t) = ES / AT)", decimal(found.spi) or "not known"
    if tracking.next_handover is not None:
        yield "Next hand-over", f"Hand-over {tracking.next_handover}"
    yield "Day of the report", words.when(tracking.as_of)


def _rows_grid(tracking: Tracking, words: PlanWords) -> Grid:
    return Grid(
        caption="Progress of the work",
        header=("Work", "State", "Start", "Finish", "Done", "Planned by now", "Slip", "Earned", "Cost"),
        n_texts=4,
        rows=[
            (
                words.work(row.id),
                STATES[row.state],
                words.when(row.start),
                words.when(row.finish),
                _percent(row.percent),
                _percent(row.planned_percent),
                words.days(row.slip),
                money_text(row.ev, ""),
                money_text(row.ac, ""),
            )
            for row in tracking.rows
        ],
        empty="not known",
    )


def _accounts(tracking: Tracking, words: PlanWords) -> Iterator[Block]:
    rows = []
    for record in tracking.by_account:
        if record["account"] is None:
            continue
        owner = "" if record["owner"] is None else words.person(record["owner"])
        sums = [money_text(_number(record[name]), "") for name in ("bac", "pv", "ev", "ac", "eac")]
        rows.append((record["account"], words.node(record["node"]), owner, *sums, decimal(_number(record["cpi"]))))
    unit = f" in {words.plan.currency}" if words.plan.currency else ""
    grid = Grid(
        caption=f"Control accounts{unit}",
        header=("Account", "Covers", "Owner", "BAC", "PV", "EV", "AC", "EAC", "CPI"),
        n_texts=3,
        rows=rows,
        empty="not known",
    )
    if rows:
        yield from first_rows(grid, "accounts", most=MOST_WORK)


def _number(value: float | None) -> float:
    return float("nan") if value is None else float(value)


def metrics_section(given: PlanFindings, words: PlanWords) -> Section:
    """Set what was measured beside its targets, and answer whether the project is a success."""
    met = sum(one.met is True for one in given.metrics)
    blocks: list[Block] = [_metrics_grid(given.metrics, words)] if given.metrics else []
    if given.success is not None:
        blocks += [
            Paragraph(NO_TOTAL),
            Grid(
                caption="Whether the project is a success",
                header=("Question", "Answer", "Because"),
                n_texts=3,
                rows=[
                    (SUCCESS_NAMES[record["answer"]], yes_or_no(record["value"]), record["because"])
                    for record in given.success.to_records()
                ],
            ),
        ]
    verb = "is" if met == 1 else "are"
    return Section(
        anchor="metrics",
        title="What it is measured by",
        short=f"{met} of {counted(len(given.metrics), 'metric')} {verb} met." if given.metrics else "",
        blocks=blocks,
    )


def _metrics_grid(metrics: tuple[MetricResult, ...], words: PlanWords) -> Grid:
    known = {metric.id: metric for metric in words.plan.metrics}
    rows = []
    for one in metrics:
        metric = known[one.id]
        side = "at least" if metric.direction == "at_least" else "at most"
        rows.append(
            (
                metric.name or metric.id,
                "the team" if metric.person is None else words.person(metric.person),
                f"{side} {one.target:g} {metric.unit}".strip(),
                yes_or_no(one.met),
                f"{one.value:g} {metric.unit}".strip() if decimal(one.value) else "",
            )
        )
    return Grid(
        caption="Metrics beside their targets",
        header=("Metric", "Whose", "Target", "Met", "Value"),
        n_texts=4,
        rows=rows,
        empty="not measured",
    )


def yes_or_no(value: bool | None) -> str:  # noqa: FBT001 - the answer itself
    """Write an answer that may not be known yet."""
    return "not known yet" if value is None else "yes" if value else "no"
