"""Groups of tickets or events by the values of columns."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from leadkit.escalation.event_log.columns import TextColumn
from leadkit.escalation.event_log.log import COLUMNS, EventLog
from leadkit.escalation.event_log.measuring import Grouping
from leadkit.typing import IntArray

__all__ = ["event_groups", "ticket_groups"]


def ticket_groups(log: EventLog, by: tuple[str, ...]) -> Grouping:
    """Group the tickets by the values of their first events."""
    firsts = log.starts[:-1]
    return _grouped(log, by, dict.fromkeys(by, firsts), len(log.tickets))


def event_groups(log: EventLog, by: tuple[str, ...]) -> Grouping:
    """Group the events by their own status, level, group, person and contact, and the attributes of their tickets."""
    own = np.arange(log.events)
    firsts = log.starts[:-1][log.ticket]
    return _grouped(log, by, {name: own if name in COLUMNS else firsts for name in by}, log.events)


def _grouped(log: EventLog, by: tuple[str, ...], events: dict[str, NDArray[np.integer]], n: int) -> Grouping:
    place = np.zeros(n, dtype=np.int64)
    labels: list[tuple[str | None, ...]] = [()]
    for name in by:
        own, values = _ranked(log, name, events[name])
        used, place = np.unique(place * len(values) + own, return_inverse=True)
        labels = [(*labels[one // len(values)], values[one % len(values)]) for one in used.tolist()]
    return Grouping(labels=tuple(labels), place=place)


def _ranked(log: EventLog, name: str, events: NDArray[np.integer]) -> tuple[IntArray, list[str | None]]:
    """Give the rank of each value and what it is called; what is missing comes last."""
    column = log.column_of(name)
    if isinstance(column, TextColumn):
        codes = column.codes[events].astype(np.int64)
        return np.where(codes < 0, len(column.values), codes), [*column.values, None]
    numbers = column[events].astype(float)
    known = ~np.isnan(numbers) & ((numbers > 0) | (name != "level"))
    different, codes = np.unique(numbers[known], return_inverse=True)
    ranks = np.full(len(events), len(different), dtype=np.int64)
    ranks[known] = codes
    return ranks, [*map(_number_text, different.tolist()), None]


def _number_text(number: float) -> str:
    return str(int(number)) if number.is_integer() else repr(number)
