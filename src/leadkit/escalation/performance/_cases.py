"""Which cases belong to whom in a period, and the metrics of a choice of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from attrs import frozen

from leadkit.escalation.event_log.as_of import as_of, instant64
from leadkit.escalation.event_log.calculation import metrics
from leadkit.escalation.event_log.columns import CodeArray
from leadkit.escalation.event_log.intervals import share_interval
from leadkit.escalation.event_log.log import EventLog
from leadkit.escalation.event_log.metric import Metric
from leadkit.escalation.event_log.sequences import runs_of
from leadkit.escalation.event_log.ticket_table import TicketTable, ticket_table
from leadkit.escalation.performance.spans import Period
from leadkit.typing import BoolArray, IntArray

__all__ = ["OF_RESOLVED", "TIME", "PeriodCases", "cases_in", "raised_metric", "value_of"]

TIME: Final = "time_to_resolve_median"
OF_RESOLVED: Final = ("csat_mean", "first_line_resolution", "reopened_share")
ONE_MICROSECOND: Final = np.timedelta64(1, "us")


@frozen(kw_only=True, eq=False)
class PeriodCases:
    """The cases as they stood at the end of a period; people are codes into `people`, -1 is nobody known.

    Parameters
    ----------
    log : EventLog
        The events before the end of the period.
    table : TicketTable
        Its tickets as seen at that end.
    period : Period
        The period.
    people : tuple of str
        The words of the column of people.
    resolver, holder : array of int, shape (n_tickets,)
        Who resolved the ticket first, and who had its last event with a person.
    is_resolved, is_open : array of bool, shape (n_tickets,)
        Whether it was first resolved inside the period, and whether it was not resolved by its end and is still open.
    has_event, has_risen : array of bool, shape (n_tickets,)
        Whether it has an event inside the period, and whether one of them raised its level.
    touched : array of int, shape (n_pairs, 2)
        Tickets and people of the events inside the period, each pair once.
    raised : array of int, shape (n_pairs, 2)
        Tickets that rose inside the period, and who had them before, each pair once.
    """

    log: EventLog
    table: TicketTable
    period: Period
    people: tuple[str, ...]
    resolver: CodeArray
    holder: CodeArray
    is_resolved: BoolArray
    is_open: BoolArray
    has_event: BoolArray
    has_risen: BoolArray
    touched: IntArray
    raised: IntArray

    @property
    def has_case(self) -> BoolArray:
        """Tell which tickets count for the time to resolve."""
        return self.is_resolved | self.is_open

    def measured(self, names: Sequence[str], tickets: BoolArray, *, by: Sequence[str] = ()) -> tuple[Metric, ...]:
        """Work out metrics of a choice of tickets as they stood at the end of the period."""
        chosen = self.log.where(tickets[self.log.ticket])
        return metrics(chosen, names, now=instant64(self.period.end), by=by)


def cases_in(log: EventLog, period: Period) -> PeriodCases:
    """See which cases belong to a period, and to whom in it."""
    seen = as_of(log, instant64(period.end) - ONE_MICROSECOND)
    table = ticket_table(seen, now=instant64(period.end))
    person = np.full(seen.events, -1, dtype=np.int32) if seen.person is None else seen.person.codes
    so_far = _known_so_far(seen, person)
    resolver = np.full(len(seen.tickets), -1, dtype=np.int32)
    resolver[table.is_resolved] = person[table.resolving_event[table.is_resolved]]
    inside = seen.at >= instant64(period.start)
    ticket = seen.ticket
    level = np.zeros(seen.events, dtype=np.int32) if seen.level is None else seen.level
    runs = runs_of(seen, level)
    rises = runs.event[runs.rises]
    rises = rises[inside[rises]]
    return PeriodCases(
        log=seen,
        table=table,
        period=period,
        people=() if seen.person is None else seen.person.values,
        resolver=resolver,
        holder=so_far[seen.starts[1:] - 1],
        is_resolved=table.is_resolved & (table.resolved_at >= instant64(period.start)),
        is_open=~table.is_resolved & table.is_open,
        has_event=_among(ticket[inside], len(seen.tickets)),
        has_risen=_among(ticket[rises], len(seen.tickets)),
        touched=_pairs(ticket[inside], person[inside]),
        # an event that rises is never the first of its ticket
        raised=_pairs(ticket[rises], so_far[rises - 1]),
    )


def raised_metric(n_raised: int, n: int) -> Metric:
    """Tell how many of `n` calls went up a level."""
    return Metric(
        id="escalations_raised",
        value=n_raised / n if n else np.nan,
        unit="share",
        numerator=n_raised,
        denominator=n,
        interval=share_interval(n_raised, n),
        definition="tickets that rose a level inside the period; of tickets with an event inside it",
        flags=() if n else ("empty",),
    )


def value_of(metric: Metric) -> tuple[float, int]:
    """Give the value of a metric and of how many cases it tells."""
    counted = metric.denominator if metric.denominator is not None else metric.numerator
    return metric.value, int(counted or 0)


def _known_so_far(log: EventLog, person: CodeArray) -> CodeArray:
    """Give the last person known of each event's ticket up to it; -1 where there is none."""
    places = np.where(person >= 0, np.arange(log.events), -1)
    last = np.maximum.accumulate(places) if log.events else places
    begins = log.starts[log.ticket]
    return np.where(last >= begins, person[np.maximum(last, 0)], -1).astype(np.int32)


def _among(ticket: CodeArray, n: int) -> BoolArray:
    """Tell which of `n` tickets are there."""
    told = np.zeros(n, dtype=bool)
    told[ticket] = True
    return told


def _pairs(ticket: CodeArray, person: CodeArray) -> IntArray:
    """Give each pair of a ticket and a known person once."""
    known = person >= 0
    pairs = np.column_stack([ticket[known], person[known]]).astype(np.int64)
    return np.unique(pairs, axis=0)
