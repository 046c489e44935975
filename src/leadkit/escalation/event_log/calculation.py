"""The metrics of a log: which there are, and all of them worked out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from leadkit._fields import repeated
from leadkit.errors import Fault, LogError, UnknownIdError
from leadkit.escalation._checking import expect_kind, raise_faults
from leadkit.escalation.event_log.grouping import ticket_groups
from leadkit.escalation.event_log.log import EventLog
from leadkit.escalation.event_log.measuring import Amounts, Cases, Measure, missing
from leadkit.escalation.event_log.metric import Metric
from leadkit.escalation.event_log.movement import MOVEMENT
from leadkit.escalation.event_log.resolution import RESOLUTION
from leadkit.escalation.event_log.satisfaction import SATISFACTION
from leadkit.escalation.event_log.ticket_table import ticket_table
from leadkit.escalation.event_log.workload import WORKLOAD

__all__ = ["ALL", "metrics"]

MEASURES: dict[str, Measure] = RESOLUTION | MOVEMENT | WORKLOAD | SATISFACTION
ALL: tuple[str, ...] = (*(name for name in MEASURES if name != "backlog"), "backlog")
"""The ids of all metrics."""


def metrics(
    log: EventLog,
    ids: Iterable[str] = ALL,
    *,
    now: datetime | np.datetime64 | None = None,
    reopen_window: timedelta | None = None,
    by: Sequence[str] = (),
) -> tuple[Metric, ...]:
    """Work out metrics of a log, each with its definition.

    Parameters
    ----------
    log : EventLog
        The log.
    ids : iterable of str
        Which metrics.
    now : datetime, optional
        The instant at which the log is looked at: later events count as not happened. By default the log's last instant.
    reopen_window : timedelta, optional
        How soon an event must follow a resolved or closed one to be a reopening, at least 0; by default any time later.
        `first_contact_resolution` needs it.
    by : sequence of str
        Columns or attributes by whose values the tickets are grouped: the value of a ticket's first event, whatever comes
        later. Only `calls_addressed` counts events, by their own status, level, group, person and contact; by person it
        counts the distinct tickets with an event of the person. Where the value is missing the group is None.

    Returns
    -------
    tuple of Metric
        For each id in the order asked its groups in sorted order, None last. One that needs a column that the log does
        not have is NaN with the flag `needs:<column>`.

    Raises
    ------
    UnknownIdError
        A metric or a column is unknown; the nearest known are named.
    LogError
        An argument is of another kind or named twice, or a rating is no number from 1 to 5.

    Examples
    --------
    >>> from datetime import UTC
    >>> log = EventLog.from_columns(
    ...     ticket=["a", "a", "b", "b"],
    ...     at=[datetime(2024, 3, 4, hour, tzinfo=UTC) for hour in (8, 9, 10, 13)],
    ...     status=["new", "resolved", "new", "resolved"],
    ...     level=[1, 1, 1, 2],
    ... )
    >>> for metric in metrics(log, ("first_line_resolution", "time_to_resolve_mean_resolved")):
    ...     print(metric.id, metric.value, metric.unit, metric.numerator, metric.denominator)
    first_line_resolution 0.5 share 1 2
    time_to_resolve_mean_resolved 2.0 hours 4.0 2
    """
    expect_kind(log, EventLog, "log", LogError)
    wanted, columns = _names(ids, "ids"), _names(by, "by")
    for name in wanted:
        if name not in MEASURES:
            raise UnknownIdError.of(name, MEASURES, kind="metric")
    for name in columns:
        log.column_of(name)
    table = ticket_table(log, now=now, reopen_window=reopen_window)
    seen = log if table.now is None else log.where(log.at <= table.now)
    cases = Cases(log=seen, table=table, tickets=ticket_groups(seen, columns), by=columns)
    return tuple(metric for name in wanted for metric in _measured(name, MEASURES[name], cases))


def _measured(name: str, measure: Measure, cases: Cases) -> Iterable[Metric]:
    lacking = tuple(column for column in measure.needs if not _has(cases, column))
    measured = missing(cases, lacking) if lacking else measure.work_out(cases)
    groups, amounts = measured if isinstance(measured, tuple) else (cases.tickets, measured)
    for place, label in enumerate(groups.labels):
        yield Metric(
            id=name,
            group=label,
            value=float(amounts.value[place]),
            unit=measure.unit,
            numerator=_at(amounts.numerator, place),
            denominator=_at(amounts.denominator, place),
            excluded=_at(amounts.excluded, place) or 0,
            censored=_at(amounts.censored, place) or 0,
            interval=_interval(amounts, place),
            definition=measure.definition,
            flags=amounts.flags[place] if amounts.flags else (),
        )


def _has(cases: Cases, need: str) -> bool:
    if need == "reopen_window":
        return cases.reopen_window is not None
    return cases.log.has(need)


def _at(values: Any, place: int) -> Any:
    return None if values is None else values[place].item()


def _interval(amounts: Amounts, place: int) -> tuple[float, float] | None:
    if amounts.low is None or amounts.high is None or np.isnan(amounts.low[place]):
        return None
    return float(amounts.low[place]), float(amounts.high[place])


def _names(given: object, where: str) -> tuple[str, ...]:
    """Give names asked for; one text is a single name."""
    names = (given,) if isinstance(given, str) else tuple(given) if isinstance(given, Iterable) else None
    if names is None:
        raise LogError.from_faults([Fault(where, f"expected a list of names, got {given!r}")])
    faults = [
        Fault(f"{where}[{place}]", f"expected a name, got {name!r}")
        for place, name in enumerate(names)
        if not isinstance(name, str)
    ]
    if not faults:
        faults = [Fault(where, f"{name!r} is there more than once") for name in repeated(names)]
    raise_faults(faults, "metrics", LogError)
    return names
