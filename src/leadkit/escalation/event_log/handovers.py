"""From which group to which tickets are handed over, and how often."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Literal, TypeAlias, get_args

import numpy as np
from attrs import field, frozen

from leadkit._checks import as_tuple, word_faults
from leadkit._fields import FrozenMapping, int_array
from leadkit._results import TableResult
from leadkit.errors import Fault, LogError
from leadkit.escalation._checking import expect_kind, raise_faults
from leadkit.escalation.event_log.columns import TextColumn
from leadkit.escalation.event_log.log import EventLog
from leadkit.escalation.event_log.sequences import runs_of
from leadkit.typing import IntArray

__all__ = ["HandoverTable", "HandoverUnit", "handovers"]

HandoverUnit: TypeAlias = Literal["group", "person", "level"]
"""Between what tickets are handed over."""


@frozen(kw_only=True, eq=False)
class HandoverTable(TableResult):
    """How often tickets went from one to another; a pair that never occurs has no row.

    Parameters
    ----------
    source, target : tuple of str
        Groups, people, or levels as text; sorted by source, then target.
    count : array of int, shape (n_pairs,)
        Steps in the run-length sequences of the tickets.
    of : {"group", "person", "level"}
        What the names are.
    flags : tuple of str
        `empty` where nothing was handed over.

    Examples
    --------
    >>> from leadkit import samples
    >>> table = handovers(samples.tickets(40), of="level")
    >>> list(zip(table.source, table.target, table.count.tolist(), strict=True))
    [('1', '2', 9), ('2', '3', 3)]
    """

    source: tuple[str, ...] = field(converter=as_tuple)
    target: tuple[str, ...] = field(converter=as_tuple)
    count: IntArray = field(converter=int_array)
    of: HandoverUnit = "group"
    flags: tuple[str, ...] = ()

    _columns: ClassVar[Mapping[str, str]] = FrozenMapping({name: name for name in ("source", "target", "count")})


def handovers(log: EventLog, *, of: HandoverUnit = "group") -> HandoverTable:
    """Count the steps from one group to another.

    Parameters
    ----------
    log : EventLog
        The log.
    of : {"group", "person", "level"}
        Between what tickets are handed over. Neighbouring events of one value are one stay; events without the value are
        left out.

    Returns
    -------
    HandoverTable

    Raises
    ------
    LogError
        The log has no such column, or `of` is another word.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> at = [datetime(2024, 3, 4, hour, tzinfo=UTC) for hour in range(4)]
    >>> log = EventLog.from_columns(ticket=["t"] * 4, at=at, group=["desk", "net", "desk", "net"])
    >>> handovers(log).to_records()
    [{'source': 'desk', 'target': 'net', 'count': 2}, {'source': 'net', 'target': 'desk', 'count': 1}]
    """
    expect_kind(log, EventLog, "log", LogError)
    raise_faults(word_faults(of, get_args(HandoverUnit), "of"), "handovers", LogError)
    column = getattr(log, of)
    if column is None:
        raise LogError.from_faults([Fault(of, "expected a log with this column, got one without")], subject="handovers")
    runs = runs_of(log, column)
    steps = np.flatnonzero(runs.follows)
    width = int(runs.value.max()) + 1 if len(steps) else 1
    pairs, count = np.unique(runs.value[steps - 1].astype(np.int64) * width + runs.value[steps], return_counts=True)
    sides = (pairs // width).tolist(), (pairs % width).tolist()
    names = column.values.__getitem__ if isinstance(column, TextColumn) else str
    source, target = (tuple(map(names, side)) for side in sides)
    return HandoverTable(source=source, target=target, count=count, of=of, flags=() if count.size else ("empty",))
