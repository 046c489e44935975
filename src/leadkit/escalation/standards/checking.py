"""Whether a log keeps the standards that were set."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, ClassVar

from attrs import evolve, field, frozen

from leadkit._checks import as_tuple, member_faults
from leadkit._fields import FrozenMapping, repeated
from leadkit._results import Result, TableResult
from leadkit.calendars import WorkCalendar
from leadkit.errors import EscalationError, Fault
from leadkit.escalation._checking import expect_kind, raise_faults
from leadkit.escalation._instants import as_utc, required_instant_faults
from leadkit.escalation.clocks import OnReopen, SlaClock
from leadkit.escalation.clocks._arguments import NOTHING
from leadkit.escalation.event_log.calculation import metrics
from leadkit.escalation.event_log.intervals import share_interval
from leadkit.escalation.event_log.log import EventLog
from leadkit.escalation.event_log.metric import Metric
from leadkit.escalation.standards.agreements import ServiceStandard
from leadkit.escalation.standards.cases import HOUR, cases_of
from leadkit.escalation.standards.measures import MEASURES, Measure

__all__ = ["StandardRow", "StandardsReport", "check_standards"]


@frozen(kw_only=True, eq=False)
class StandardRow(Result):
    """How one standard is kept.

    Parameters
    ----------
    standard : str
        Its id.
    measure : str
        What is measured.
    n : int or None
        Cases that are judged; None where a single number is.
    met : int or None
        How many of them keep the standard.
    share : float
        `met` of `n`; NaN without cases, and where a single number is judged.
    interval : tuple of float, optional
        Wilson's 95 % interval of `share`.
    target : float
        The share that is asked for: `target_share` for clocks, and for metrics that are shares what the threshold makes of it.
    kept : bool, optional
        Whether the target is reached; None where nothing can be told.
    value : float
        What is held against the threshold: `share` for clocks, else the metric, hours for times.
    undecided : int
        Cases that are still open and in time, which are not judged.
    excluded : int
        Cases left out: tickets cancelled in time for clocks, else what the metric leaves out.
    flags : tuple of str
        What is doubtful; see `ESCALATION_FLAGS`.

    Examples
    --------
    >>> from datetime import UTC
    >>> from leadkit import samples
    >>> facts = {"critical_point": "solution", "measure": "resolution", "unit": "hours", "owner": "amara"}
    >>> promise = ServiceStandard(id="day", threshold=timedelta(hours=24), target_share=0.9, **facts)
    >>> row = check_standards(samples.tickets(20), [promise], now=datetime(2026, 11, 2, tzinfo=UTC)).rows[0]
    >>> row.met, row.n, row.share, row.target, row.kept
    (17, 20, 0.85, 0.9, False)
    """

    standard: str
    measure: str
    n: int | None
    met: int | None
    share: float
    interval: tuple[float, float] | None
    target: float
    kept: bool | None
    value: float
    undecided: int = 0
    excluded: int = 0
    flags: tuple[str, ...] = field(default=(), converter=as_tuple)

    def to_record(self) -> dict[str, Any]:
        """Give the fields as scalars: the interval as `low` and `high`, the flags joined by a space."""
        found = self.to_dict()
        low, high = found.pop("interval") or (None, None)
        return found | {"low": low, "high": high, "flags": " ".join(self.flags)}


@frozen(kw_only=True, eq=False)
class StandardsReport(TableResult):
    """How standards are kept.

    Parameters
    ----------
    rows : tuple of StandardRow
        One a standard, sorted by id.
    now : datetime.datetime
        When it was looked at.
    flags : tuple of str
        All flags of the rows.

    Examples
    --------
    >>> from datetime import UTC
    >>> from leadkit import samples
    >>> facts = {"critical_point": "solution", "measure": "resolution", "unit": "hours", "owner": "amara"}
    >>> promises = [
    ...     ServiceStandard(id=f"{most} h", threshold=timedelta(hours=most), target_share=0.8, **facts) for most in (8, 24)
    ... ]
    >>> report = check_standards(samples.tickets(20), promises, now=datetime(2026, 11, 2, tzinfo=UTC))
    >>> [(row.standard, row.share, row.kept) for row in report.rows]
    [('24 h', 0.85, True), ('8 h', 0.7, False)]
    """

    rows: tuple[StandardRow, ...] = field(converter=as_tuple)
    now: datetime
    flags: tuple[str, ...] = field(default=(), converter=as_tuple)

    _columns: ClassVar[Mapping[str, str]] = FrozenMapping(
        {name: name for name in ("standard", "measure", "n", "met", "share", "low", "high", "target", "kept", "flags")}
    )

    def to_records(self) -> list[dict[str, Any]]:
        """Give one dictionary a standard, with the fields of `StandardRow` and the interval as `low` and `high`."""
        return [row.to_record() for row in self.rows]


def check_standards(
    log: EventLog,
    standards: Iterable[ServiceStandard],
    *,
    now: datetime,
    calendar: WorkCalendar | None = None,
    pause_statuses: Iterable[str] = frozenset({"waiting"}),
    on_reopen: OnReopen = "keep",
    reopen_window: timedelta | None = None,
) -> StandardsReport:
    """Judge how a log keeps standards, as it stood at `now`.

    A clock is judged case by case, as `SlaClock.read` does: a case is met when what is measured happened at the due instant or
    before, and not met once that instant has passed. One that is open and not yet due is undecided, and one cancelled in
    time is left out; neither counts in `n`. The standard is kept when the share met is at least `target_share`. A ticket is
    one case, or for "next_response" every exchange.

    A metric is judged by its value against the threshold, which it has to reach where more is better and must not exceed where
    less is; see `MEASURES`. For a share, `n`, `met` and `share` count the cases that are as they should be. Any other metric is
    a single number (flag `judged_by_value`).

    Parameters
    ----------
    log : EventLog
        The log.
    standards : iterable of ServiceStandard
        In any order, of different ids.
    now : datetime.datetime
        Aware instant; what comes after it is not looked at.
    calendar : WorkCalendar, optional
        In which the clocks count; by default all time counts.
    pause_statuses : iterable of str
        Statuses in which the clocks stand still.
    on_reopen : {"keep", "restart"}
        What a reopening does to the clock "resolution".
    reopen_window : timedelta, optional
        Passed on to the metrics.

    Returns
    -------
    StandardsReport
        One row a standard.

    Raises
    ------
    EscalationError
        An argument is wrong.

    Examples
    --------
    >>> from datetime import UTC
    >>> nine = datetime(2026, 3, 2, 9, tzinfo=UTC)
    >>> log = EventLog.from_columns(
    ...     ticket=["a", "b", "c", "a", "b"],
    ...     at=[nine + timedelta(hours=hour) for hour in (0, 0, 5, 1, 6)],
    ...     status=["new", "new", "new", "resolved", "resolved"],
    ... )
    >>> promise = ServiceStandard(
    ...     id="solve",
    ...     critical_point="solution",
    ...     measure="resolution",
    ...     threshold=timedelta(hours=4),
    ...     target_share=0.9,
    ...     unit="hours",
    ...     owner="ann",
    ... )
    >>> row = check_standards(log, [promise], now=nine + timedelta(hours=6)).rows[0]
    >>> row.n, row.met, row.share, row.kept, row.undecided
    (2, 1, 0.5, False, 1)
    """
    expect_kind(log, EventLog, "log")
    members = as_tuple(standards)
    faults = member_faults(members, ServiceStandard, "standards", "ServiceStandard") + required_instant_faults(
        now, "now"
    )
    if not faults:
        faults += [Fault("standards", f"{own!r} is there more than once") for own in repeated(s.id for s in members)]
    raise_faults(faults, "standards", EscalationError)
    clock = SlaClock(
        kind="resolution",
        budget=NOTHING,
        calendar=WorkCalendar.always() if calendar is None else calendar,
        pause_statuses=pause_statuses,
        on_reopen=on_reopen,
    )
    rows = []
    for own in sorted(members, key=lambda standard: standard.id):
        if MEASURES[own.measure].judged == "case":
            rows.append(_of_clock(log, own, evolve(clock, kind=own.measure, budget=own.threshold), now))
        else:
            (metric,) = metrics(log, [own.measure], now=now, reopen_window=reopen_window)
            rows.append(_of_metric(own, MEASURES[own.measure], metric))
    return StandardsReport(rows=rows, now=as_utc(now), flags=sorted({flag for row in rows for flag in row.flags}))


def _of_clock(log: EventLog, standard: ServiceStandard, clock: SlaClock, now: datetime) -> StandardRow:
    """Count the cases that kept the time, and those that did not."""
    lacking = _lacking(log, clock)
    cases = cases_of(log, clock, now)
    is_judged = (cases.is_ended | cases.is_late) & (lacking is None)
    n, met = int(is_judged.sum()), int((is_judged & ~cases.is_late).sum())
    left_out = int((cases.is_cancelled & ~cases.is_late).sum())
    share = met / n if n else math.nan
    return StandardRow(
        standard=standard.id,
        measure=standard.measure,
        n=n,
        met=met,
        share=share,
        interval=share_interval(met, n),
        target=standard.target_share,
        kept=share >= standard.target_share if n else None,
        value=share,
        undecided=cases.ticket.size - n - left_out if lacking is None else 0,
        excluded=left_out,
        flags=() if n else (f"needs:{lacking}" if lacking else "empty",),
    )


def _lacking(log: EventLog, clock: SlaClock) -> str | None:
    """Name the column without which a clock says nothing of a log."""
    if clock.kind == "next_response" or (clock.kind == "first_response" and log.status is None):
        return "contact" if log.contact is None else None
    return "status" if clock.kind == "resolution" and log.status is None else None


def _of_metric(standard: ServiceStandard, measure: Measure, metric: Metric) -> StandardRow:
    """Hold a metric against the threshold."""
    threshold = standard.threshold / HOUR if isinstance(standard.threshold, timedelta) else standard.threshold
    kept = metric.value >= threshold if measure.more_is_better else metric.value <= threshold
    row = StandardRow(
        standard=standard.id,
        measure=standard.measure,
        n=None,
        met=None,
        share=math.nan,
        interval=None,
        target=math.nan,
        kept=None if math.isnan(metric.value) else kept,
        value=metric.value,
        excluded=metric.excluded,
        flags=metric.flags,
    )
    if measure.judged == "value":
        return evolve(row, flags=(*metric.flags, "judged_by_value"))
    n = metric.denominator or 0
    found = int(metric.numerator or 0)
    met = found if measure.more_is_better else n - found
    return evolve(
        row,
        n=n,
        met=met,
        share=met / n if n else math.nan,
        interval=share_interval(met, n),
        target=threshold if measure.more_is_better else 1 - threshold,
    )
