"""Sequences of the values that a ticket's events have in order, with neighbours that repeat joined."""

from __future__ import annotations

from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from leadkit._fields import sealed
from leadkit._results import Value
from leadkit.escalation.event_log.columns import CodeArray, TextColumn
from leadkit.escalation.event_log.log import EventLog
from leadkit.typing import BoolArray, IntArray

__all__ = ["Runs", "distinct_per_ticket", "runs_of"]


@frozen(kw_only=True, eq=False)
class Runs(Value):
    """The run-length sequences of a column, ticket after ticket: one entry a run of equal values.

    Parameters
    ----------
    ticket : array of int, shape (n_runs,)
        Place of the ticket in `EventLog.tickets`.
    value : array of int, shape (n_runs,)
        The code, or the level.
    event : array of int, shape (n_runs,)
        Place of the run's first event in the log.
    """

    ticket: CodeArray
    value: CodeArray
    event: IntArray

    @property
    def follows(self) -> BoolArray:
        """Tell which runs follow another one of their ticket."""
        return self._same_ticket(1)

    @property
    def returns(self) -> BoolArray:
        """Tell which runs have the value of two places before: the ticket went to and fro."""
        back = self._same_ticket(2)
        back[2:] &= self.value[2:] == self.value[:-2]
        return back

    @property
    def rises(self) -> BoolArray:
        """Tell which runs follow one of a lesser value."""
        return self._compared(np.greater)

    @property
    def falls(self) -> BoolArray:
        """Tell which runs follow one of a greater value."""
        return self._compared(np.less)

    def _compared(self, compare: np.ufunc) -> BoolArray:
        told = self._same_ticket(1)
        told[1:] &= compare(self.value[1:], self.value[:-1])
        return told

    def _same_ticket(self, back: int) -> BoolArray:
        told = np.zeros(len(self.ticket), dtype=bool)
        told[back:] = self.ticket[back:] == self.ticket[: max(len(self.ticket) - back, 0)]
        return told


def runs_of(log: EventLog, column: TextColumn | CodeArray) -> Runs:
    """Join neighbours that repeat; events without the value are left out of the sequence.

    Parameters
    ----------
    log : EventLog
        The log.
    column : TextColumn or array of int, shape (n_events,)
        One of its columns, or its levels, where 0 is unknown.

    Returns
    -------
    Runs

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> at = [datetime(2024, 3, 4, hour, tzinfo=UTC) for hour in range(5)]
    >>> log = EventLog.from_columns(ticket=["t"] * 5, at=at, group=["a", "a", None, "b", "a"])
    >>> runs = runs_of(log, log.group)
    >>> runs.value.tolist(), runs.event.tolist(), runs.returns.tolist()
    ([0, 1, 0], [0, 3, 4], [False, False, True])
    """
    values, known = (column.codes, column.codes >= 0) if isinstance(column, TextColumn) else (column, column > 0)
    events = np.flatnonzero(known)
    ticket, value = log.ticket[events], values[events]
    begins = np.ones(len(events), dtype=bool)
    begins[1:] = (ticket[1:] != ticket[:-1]) | (value[1:] != value[:-1])
    return Runs(ticket=sealed(ticket[begins]), value=sealed(value[begins]), event=sealed(events[begins]))


def distinct_per_ticket(runs: Runs, n_tickets: int) -> IntArray:
    """Count the different values of each ticket, shape (n_tickets,)."""
    if not len(runs.ticket):
        return np.zeros(n_tickets, dtype=np.int64)
    width = int(runs.value.max()) + 1
    pairs = np.unique(runs.ticket.astype(np.int64) * width + runs.value)
    return np.bincount(pairs // width, minlength=n_tickets)


def count_per_ticket(runs: Runs, chosen: NDArray[Any], n_tickets: int) -> IntArray:
    """Count the chosen runs of each ticket, shape (n_tickets,)."""
    return np.bincount(runs.ticket[chosen], minlength=n_tickets)
