"""The report on a team: its numbers from period to period, by domain, and how standards are kept."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

import numpy as np
from attrs import evolve, field, frozen

from leadkit._checks import as_tuple, id_faults, member_faults
from leadkit._fields import FrozenMapping, repeated
from leadkit._results import Result, TableResult
from leadkit.errors import EscalationError, Fault
from leadkit.escalation._checking import raise_faults
from leadkit.escalation.event_log.grouping import ticket_groups
from leadkit.escalation.event_log.log import EventLog
from leadkit.escalation.event_log.metric import Metric
from leadkit.escalation.performance._cases import OF_RESOLVED, TIME, PeriodCases, cases_in, raised_metric, value_of
from leadkit.escalation.performance.members import flat
from leadkit.escalation.performance.spans import Period, kind_faults, period_faults
from leadkit.escalation.standards.agreements import ServiceStandard
from leadkit.escalation.standards.checking import StandardsReport, check_standards
from leadkit.typing import BoolArray

__all__ = ["PeriodStandards", "TeamReport", "TeamRow", "team_report"]

ORDER = (TIME, "csat_mean", "calls_addressed", "first_line_resolution", "reopened_share", "escalations_raised")


@frozen(kw_only=True, eq=False)
class TeamRow(Result):
    """One number about a team, or its part in a domain, in one period.

    Parameters
    ----------
    group : str or None
        Value of the attribute that parts the cases; None for all cases.
    metric : str
        `time_to_resolve_median` [h], `csat_mean` [points], `calls_addressed` [count], `first_line_resolution`,
        `reopened_share` or `escalations_raised` (shares).
    period : str
        Id of the period.
    n : int
        How many cases it tells of.
    value : float
        NaN where it cannot be told.
    interval : tuple of float or None
        95 % interval.
    previous, change : float
        The value of the period before, and the value less that; NaN where there is none.
    flags : tuple of str
        What is doubtful; see `ESCALATION_FLAGS`.

    Examples
    --------
    >>> from datetime import date
    >>> from leadkit import samples
    >>> from leadkit.escalation import periods
    >>> months = periods(date(2026, 9, 1), date(2026, 11, 1))
    >>> row = team_report(samples.tickets(100), periods=months, by=None).rows[3]
    >>> row.metric, row.period, row.n, round(row.value, 3)
    ('first_line_resolution', '2026-09', 44, 0.773)
    """

    group: str | None
    metric: str
    period: str
    n: int
    value: float
    interval: tuple[float, float] | None
    previous: float
    change: float
    flags: tuple[str, ...] = field(default=(), converter=as_tuple)


@frozen(kw_only=True, eq=False)
class PeriodStandards(Result):
    """How standards were kept in a period.

    Parameters
    ----------
    period : str
        Its id.
    report : StandardsReport
        Of the cases first resolved in the period, and those open at its end.

    Examples
    --------
    >>> from datetime import date, timedelta
    >>> from leadkit import samples
    >>> from leadkit.escalation import periods
    >>> facts = {"critical_point": "solution", "measure": "resolution", "unit": "hours", "owner": "amara"}
    >>> promise = ServiceStandard(id="day", threshold=timedelta(hours=24), target_share=0.8, **facts)
    >>> months = periods(date(2026, 9, 1), date(2026, 11, 1))
    >>> report = team_report(samples.tickets(100), periods=months, standards=[promise])
    >>> [(month.period, round(month.report.rows[0].share, 3)) for month in report.standards]
    [('2026-09', 0.818), ('2026-10', 0.821)]
    """

    period: str
    report: StandardsReport


@frozen(kw_only=True, eq=False)
class TeamReport(TableResult):
    """What a team did, period by period.

    Parameters
    ----------
    periods : tuple of Period
        In order of time.
    by : str or None
        The attribute that parts the cases.
    rows : tuple of TeamRow
        For each period all cases, then each group in order, one a metric.
    standards : tuple of PeriodStandards
        One a period; empty without standards.
    flags : tuple of str
        All flags of the rows.

    Examples
    --------
    >>> from datetime import date
    >>> from leadkit import samples
    >>> from leadkit.escalation import periods
    >>> months = periods(date(2026, 9, 1), date(2026, 11, 1))
    >>> report = team_report(samples.tickets(100), periods=months)
    >>> [(row.group, row.value) for row in report.rows if (row.metric, row.period) == ("calls_addressed", "2026-10")]
    [(None, 61.0), ('accounts', 12.0), ('billing', 12.0), ('delivery', 12.0), ('devices', 13.0), ('network', 12.0)]
    """

    periods: tuple[Period, ...] = field(converter=as_tuple)
    by: str | None
    rows: tuple[TeamRow, ...] = field(converter=as_tuple)
    standards: tuple[PeriodStandards, ...] = field(default=(), converter=as_tuple)
    flags: tuple[str, ...] = field(default=(), converter=as_tuple)

    _columns: ClassVar[Mapping[str, str]] = FrozenMapping(
        {
            name: name
            for name in ("group", "metric", "period", "n", "value", "low", "high", "previous", "change", "flags")
        }
    )

    def to_records(self) -> list[dict[str, Any]]:
        """Give one flat dictionary a row, the interval as `low` and `high`, the flags joined by a space."""
        return [flat(row) for row in self.rows]


def team_report(
    log: EventLog,
    *,
    periods: Sequence[Period],
    standards: Iterable[ServiceStandard] = (),
    by: str | None = "domain",
) -> TeamReport:
    """Report how a team does from period to period.

    What belongs to a period is told in `member_report`, here of everybody together: a resolved ticket belongs to the period
    of its first resolving event, and every period is told as it stood at its end.

    Parameters
    ----------
    log : EventLog
        What needs a column that it does not have is NaN with the flag `needs:<column>`.
    periods : sequence of Period
        In order of time, apart from each other; see `periods`.
    standards : iterable of ServiceStandard
        Standards to hold each period against, in plain hours; see `check_standards`.
    by : str or None
        The column or attribute whose value at the first event parts the tickets; those without one are in no group. None
        for all tickets together only.

    Returns
    -------
    TeamReport

    Raises
    ------
    UnknownIdError
        The log has no such column.
    EscalationError
        An argument is of another kind, or periods overlap, are out of order or share a name; `faults` holds all of it.
    LogError
        A rating that counts is no number from 1 to 5.

    Examples
    --------
    >>> from datetime import date
    >>> from leadkit import samples
    >>> from leadkit.escalation import periods
    >>> report = team_report(samples.tickets(), periods=periods(date(2026, 9, 1), date(2026, 11, 1)))
    >>> [(row.group, round(row.value, 3)) for row in report.rows if row.metric == "first_line_resolution"][:3]
    [(None, 0.805), ('accounts', 0.926), ('billing', 0.769)]
    """
    given, asked = as_tuple(periods), as_tuple(standards)
    faults = [*kind_faults(log, EventLog, "log"), *period_faults(given)]
    of_standards = member_faults(asked, ServiceStandard, "standards", "ServiceStandard")
    if not of_standards:
        names = repeated(standard.id for standard in asked)
        of_standards = [Fault("standards", f"{name!r} is there more than once") for name in names]
    faults += of_standards
    faults += [] if by is None else id_faults(by, "by")
    raise_faults(faults, "team report", EscalationError)
    if by is not None:
        log.column_of(by)
    rows: list[TeamRow] = []
    kept: list[PeriodStandards] = []
    before: dict[tuple[str | None, str], float] = {}
    for period in given:
        cases = cases_in(log, period)
        own = [_row(metric, period.id, before) for metric in _metrics(cases, by)]
        before = {(row.group, row.metric): row.value for row in own}
        rows += own
        if asked:
            chosen = cases.log.where(cases.has_case[cases.log.ticket])
            kept.append(PeriodStandards(period=period.id, report=check_standards(chosen, asked, now=period.end)))
    flags = tuple(dict.fromkeys(flag for row in rows for flag in row.flags))
    return TeamReport(periods=given, by=by, rows=tuple(rows), standards=tuple(kept), flags=flags)


def _metrics(cases: PeriodCases, by: str | None) -> list[tuple[str | None, Metric]]:
    """Work out the metrics of all cases, then of each group, in the order of the report."""
    everywhere = np.ones(len(cases.log.tickets), dtype=bool)
    found = _told(cases, everywhere)
    if by is None:
        return [(None, metric) for metric in found]
    told: list[tuple[str | None, Metric]] = [(None, metric) for metric in found]
    groups = ticket_groups(cases.log, (by,))
    for place, (group,) in enumerate(groups.labels):
        if group is not None:
            told += [(group, metric) for metric in _told(cases, groups.place == place)]
    return told


def _told(cases: PeriodCases, tickets: BoolArray) -> list[Metric]:
    """Work out the metrics of a choice of tickets."""
    found = {metric.id: metric for metric in cases.measured((TIME,), cases.has_case & tickets)}
    found |= {metric.id: metric for metric in cases.measured(OF_RESOLVED, cases.is_resolved & tickets)}
    n = int((cases.has_event & tickets).sum())
    found["calls_addressed"] = Metric(
        id="calls_addressed",
        value=float(n),
        unit="count",
        numerator=n,
        definition="tickets with an event inside the period",
    )
    if cases.log.level is None:
        found["escalations_raised"] = evolve(raised_metric(0, 0), flags=("needs:level",))
    else:
        found["escalations_raised"] = raised_metric(int((cases.has_risen & tickets).sum()), n)
    return [found[name] for name in ORDER]


def _row(told: tuple[str | None, Metric], period: str, before: dict[tuple[str | None, str], float]) -> TeamRow:
    group, metric = told
    value, n = value_of(metric)
    previous = before.get((group, metric.id), math.nan)
    return TeamRow(
        group=group,
        metric=metric.id,
        period=period,
        n=n,
        value=value,
        interval=metric.interval,
        previous=previous,
        change=value - previous,
        flags=metric.flags,
    )
