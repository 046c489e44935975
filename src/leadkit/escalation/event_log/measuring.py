"""How a metric is worked out for all groups of tickets at once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TypeAlias

import numpy as np
from attrs import field, frozen
from numpy.typing import NDArray

from leadkit.escalation.event_log.intervals import t_interval
from leadkit.escalation.event_log.log import EventLog
from leadkit.escalation.event_log.ticket_table import TicketTable
from leadkit.stats import wilson_interval
from leadkit.typing import BoolArray, FloatArray, IntArray

__all__ = ["Amounts", "Cases", "Grouping", "Measure", "Measured", "count", "mean", "missing", "share"]


@frozen(kw_only=True)
class Grouping:
    """Which group each of some things belongs to.

    Parameters
    ----------
    labels : tuple of tuple of str or None
        The values of the `by` columns of each group, in order.
    place : array of int
        Place of the group of each thing.
    """

    labels: tuple[tuple[str | None, ...], ...]
    place: IntArray

    @property
    def n(self) -> int:
        """The number of groups."""
        return len(self.labels)

    def total(self, values: NDArray[np.generic]) -> FloatArray:
        """Add up the values of each group."""
        # of no things at all, the sums would be whole numbers
        return np.bincount(self.place, weights=values, minlength=self.n).astype(np.float64)

    def tally(self, chosen: BoolArray | None = None) -> IntArray:
        """Count the chosen things of each group."""
        return np.bincount(self.place if chosen is None else self.place[chosen], minlength=self.n)


@frozen(kw_only=True)
class Cases:
    """The tickets that are measured.

    Parameters
    ----------
    log : EventLog
        Their events up to `now`.
    table : TicketTable
        Their rows.
    tickets : Grouping
        The group of each ticket.
    by : tuple of str
        The columns that make the groups.
    """

    log: EventLog
    table: TicketTable
    tickets: Grouping
    by: tuple[str, ...] = ()

    @property
    def reopen_window(self) -> timedelta | None:
        """The window of reopenings."""
        return self.table.reopen_window


@frozen(kw_only=True)
class Amounts:
    """The numbers of one metric for every group; arrays of one length."""

    value: FloatArray
    numerator: FloatArray | IntArray | None = None
    denominator: IntArray | None = None
    excluded: IntArray | None = None
    censored: IntArray | None = None
    low: FloatArray | None = None
    high: FloatArray | None = None
    flags: tuple[tuple[str, ...], ...] = ()


Measured: TypeAlias = Amounts | tuple[Grouping, Amounts]
"""What a metric gives: its amounts by the groups of tickets, or by groups of its own."""


@frozen(kw_only=True)
class Measure:
    """A metric: what it is, what it needs, and how it is worked out.

    Parameters
    ----------
    unit : str
        Unit of the value.
    definition : str
        What is counted, and of what.
    needs : tuple of str
        Columns without which it cannot be told, `reopen_window` among them.
    work_out : callable
        Gives the amounts.
    """

    unit: str
    definition: str
    needs: tuple[str, ...] = field(default=())
    work_out: Callable[[Cases], Measured]


def share(cases: Cases, hits: BoolArray, of: BoolArray | None = None) -> Amounts:
    """Give the share of tickets that are hit among those counted, with Wilson's interval."""
    groups = cases.tickets
    counted = groups.tally(of)
    found = groups.tally(hits if of is None else hits & of)
    low, high = wilson_interval(found, counted)
    return Amounts(
        value=_divided(found, counted),
        numerator=found,
        denominator=counted,
        excluded=groups.tally() - counted,
        low=low,
        high=high,
        flags=_empty(counted),
    )


def count(cases: Cases, values: IntArray | BoolArray) -> Amounts:
    """Add up the numbers of the tickets."""
    found = cases.tickets.total(values).round().astype(np.int64)
    return Amounts(value=found.astype(float), numerator=found)


def mean(cases: Cases, values: FloatArray | IntArray, of: BoolArray | None = None) -> Amounts:
    """Average the values of the tickets counted, with Student's t interval where there are two or more."""
    groups = cases.tickets
    chosen = np.ones(len(values), dtype=bool) if of is None else of
    counted = groups.tally(chosen)
    numbers = np.where(chosen, values, 0.0)
    total = groups.total(numbers)
    average = _divided(total, counted)
    squares = groups.total(np.where(chosen, (numbers - average[groups.place]) ** 2, 0.0))
    low, high = t_interval(average, squares, counted)
    return Amounts(
        value=average,
        numerator=total,
        denominator=counted,
        excluded=groups.tally() - counted,
        low=low,
        high=high,
        flags=_empty(counted),
    )


def missing(cases: Cases, needs: tuple[str, ...]) -> Amounts:
    """Give NaN for every group, and say what it would need."""
    flags = tuple(f"needs:{name}" for name in needs)
    return Amounts(value=np.full(cases.tickets.n, np.nan), flags=(flags,) * cases.tickets.n)


def _divided(numerator: NDArray[np.generic], denominator: IntArray) -> FloatArray:
    with np.errstate(invalid="ignore"):
        return np.asarray(numerator, dtype=float) / np.where(denominator > 0, denominator, np.nan)


def _empty(counted: IntArray) -> tuple[tuple[str, ...], ...]:
    return tuple(() if n else ("empty",) for n in counted.tolist())
