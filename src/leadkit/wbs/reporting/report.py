"""The report to management as plain data in sections; `leadkit.reports.management_report` makes text of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final

from attrs import field, frozen

from leadkit._checks import as_tuple
from leadkit._results import Result, plain
from leadkit.errors import UnknownIdError
from leadkit.wbs.flags import WBS_FLAGS
from leadkit.wbs.handover import Readiness
from leadkit.wbs.plan import Plan
from leadkit.wbs.reporting._records import Record, expect_own, frozen_records
from leadkit.wbs.reporting.metrics import MetricResult
from leadkit.wbs.requirement import ResourceRequest
from leadkit.wbs.risk import RiskResult
from leadkit.wbs.tracking import Tracking

__all__ = ["ManagementReport", "ReportSection", "management_report"]

MOST_RISKS: Final = 5
EVM_FIGURES: Final = (
    ("bac", "budget at completion"),
    ("pv", "planned value"),
    ("ev", "earned value"),
    ("ac", "actual cost"),
    ("sv", "schedule variance"),
    ("cv", "cost variance"),
    ("spi", "schedule performance index"),
    ("cpi", "cost performance index"),
    ("eac", "estimate at completion"),
    ("vac", "variance at completion"),
    ("tcpi_bac", "cost index needed to end on budget"),
)
INDICES: Final = frozenset({"spi", "cpi", "tcpi_bac"})


@frozen(kw_only=True)
class ReportSection:
    """One part of the report: a table.

    Parameters
    ----------
    id, title : str
        Which part it is, for machines and for people.
    records : tuple of mapping
        Its rows; all have the same keys.
    """

    id: str
    title: str
    records: tuple[Record, ...] = field(converter=frozen_records)


@frozen(kw_only=True, eq=False)
class ManagementReport(Result):
    """What management is told about a project.

    Parameters
    ----------
    title : str
        Name of the project.
    as_of : datetime.datetime
        The instant up to which it is true.
    currency : str
        What costs are in.
    sections : tuple of ReportSection
        "summary", "cost", "time", "late" and, where they were given, "accounts", "handovers", "missing", "metrics",
        "risk", "critical", "requests"; last "doubts". Parts without rows are left out, all but the first four.
    flags : tuple of str
        Everything that is doubtful in any part; see `WBS_FLAGS`.
    """

    title: str
    as_of: datetime
    currency: str
    sections: tuple[ReportSection, ...] = field(converter=as_tuple)
    flags: tuple[str, ...] = field(default=(), converter=as_tuple)

    def section(self, id: str) -> ReportSection:  # noqa: A002 - the field's name
        """Find a section by its id; `UnknownIdError` for one that the report does not have."""
        for section in self.sections:
            if section.id == id:
                return section
        raise UnknownIdError.of(id, [section.id for section in self.sections], kind="section")

    def to_records(self) -> list[dict[str, Any]]:
        """Give one dictionary a row of any section, with the id of its section."""
        return [{"section": section.id} | plain(record) for section in self.sections for record in section.records]


def management_report(
    plan: Plan,
    tracking: Tracking,
    *,
    readiness: Iterable[Readiness] = (),
    metrics: Iterable[MetricResult] = (),
    risk: RiskResult | None = None,
    request: ResourceRequest | None = None,
) -> ManagementReport:
    """Gather what management is told about a project.

    Parameters
    ----------
    plan : Plan
        The plan.
    tracking : Tracking
        How it stands, from `track`.
    readiness : iterable of Readiness
        Of its hand-overs and gates.
    metrics : iterable of MetricResult
        From `evaluate_metrics`.
    risk : RiskResult, optional
        From `simulate`.
    request : ResourceRequest, optional
        What is asked of HR, from `resource_request`.

    Returns
    -------
    ManagementReport
        Plain data in sections.

    Raises
    ------
    PlanError
        The tracking is of another plan.

    Examples
    --------
    >>> from leadkit import samples
    >>> from leadkit.wbs import schedule, track
    >>> plan = samples.plan()
    >>> report = management_report(plan, track(plan, schedule(plan), samples.status()))
    >>> [section.id for section in report.sections]
    ['summary', 'cost', 'time', 'late', 'accounts', 'doubts']
    """
    expect_own(plan, tracking)
    given, measured = tuple(readiness), tuple(metrics)
    flags = _flags(tracking, given, risk, request)
    late = [record for record in tracking.to_records() if record["state"] == "late"]
    parts: list[tuple[str, str, Sequence[Record]]] = [
        ("summary", "Where the project stands", _summary(plan, tracking)),
        ("cost", "Earned value", _cost(plan, tracking)),
        ("time", "Earned schedule", _time(tracking)),
        ("late", "Work that is late", late),
        ("accounts", "Control accounts", [record for record in tracking.by_account if record["account"] is not None]),
        ("handovers", "Hand-overs and gates", [_handover(found) for found in given]),
        (
            "missing",
            "What is still missing",
            [{"id": found.id, "what": what} for found in given for what in found.missing],
        ),
        ("metrics", "Metrics", [metric.to_dict() for metric in measured]),
        ("risk", "When it may end", [] if risk is None else _risk(plan, risk)),
        ("critical", "What decides the end", [] if risk is None else _critical(plan, risk)),
        ("requests", "What is asked of HR", [] if request is None else request.to_records()),
        (
            "doubts",
            "What is doubtful",
            [{"flag": flag, "meaning": WBS_FLAGS[flag.partition(":")[0]]} for flag in flags],
        ),
    ]
    always = {"summary", "cost", "time", "late"}
    return ManagementReport(
        title=plan.wbs.root.name or plan.wbs.root.id,
        as_of=tracking.as_of.astimezone(plan.calendar.tz),
        currency=plan.currency,
        sections=tuple(
            ReportSection(id=own, title=title, records=records)
            for own, title, records in parts
            if records or own in always
        ),
        flags=flags,
    )


def _summary(plan: Plan, tracking: Tracking) -> list[Record]:
    done = sum(row.state == "done" for row in tracking.rows)
    rows: list[tuple[str, Any, str]] = [
        ("start", plan.start, ""),
        ("expected finish", tracking.forecast_finish, ""),
        ("deadline", plan.deadline, ""),
        ("late by", tracking.forecast.late_by / plan.day_minutes if plan.deadline is not None else None, "days"),
        ("complete", tracking.evm.percent_complete, "%"),
        ("work packages done", done, f"of {len(tracking.rows)}"),
        ("next hand-over", tracking.next_handover, ""),
    ]
    return [{"what": what, "value": value, "unit": unit} for what, value, unit in rows]


def _cost(plan: Plan, tracking: Tracking) -> list[Record]:
    return [
        {"what": what, "value": getattr(tracking.evm, name), "unit": "" if name in INDICES else plan.currency}
        for name, what in EVM_FIGURES
    ]


def _time(tracking: Tracking) -> list[Record]:
    found, unit = tracking.earned_schedule, f"{tracking.period}s"
    rows = [
        ("earned schedule", found.es, unit),
        ("schedule variance", found.sv, unit),
        ("schedule performance index", found.spi, ""),
        ("planned duration", found.planned_duration, unit),
        ("expected duration", found.ieac, unit),
    ]
    return [{"what": what, "value": value, "unit": unit} for what, value, unit in rows]


def _handover(found: Readiness) -> Record:
    return {
        "id": found.id,
        "is_ready": found.is_ready,
        "due": found.due,
        "next_phase": found.next_phase,
        "next_team": found.next_team,
        "message": found.message,
    }


def _risk(plan: Plan, risk: RiskResult) -> list[Record]:
    rows: list[tuple[str, Any, str]] = [
        ("finish with 50 % certainty", risk.date(0.5), ""),
        ("finish with 80 % certainty", risk.date(0.8), ""),
    ]
    if plan.deadline is not None:
        chance = risk.probability(plan.deadline)
        rows += [
            ("probability to meet the deadline", chance.value, ""),
            ("lower limit of the probability", chance.low, ""),
            ("upper limit of the probability", chance.high, ""),
        ]
    return [{"what": what, "value": value, "unit": unit} for what, value, unit in rows]


def _critical(plan: Plan, risk: RiskResult) -> list[Record]:
    """List the activities that decide the finish most often, the most decisive first."""
    records = sorted(risk.to_records(), key=lambda record: (-record["criticality"], record["id"]))
    return [
        {
            "id": record["id"],
            "name": plan.name(record["id"]),
            "criticality": record["criticality"],
            "ssi": record["ssi"],
        }
        for record in records[:MOST_RISKS]
        if record["criticality"] > 0
    ]


def _flags(
    tracking: Tracking, readiness: tuple[Readiness, ...], risk: RiskResult | None, request: ResourceRequest | None
) -> tuple[str, ...]:
    holders: list[Any] = [tracking, tracking.evm, tracking.earned_schedule, tracking.forecast, *readiness]
    holders += [given for given in (risk, request) if given is not None]
    return tuple(dict.fromkeys(flag for holder in holders for flag in holder.flags))
