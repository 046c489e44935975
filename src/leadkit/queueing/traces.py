"""What became of each customer of a queue: when they were served and by whom, or that they gave up."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Literal, TypeAlias

import attrs

from leadkit._fields import bool_array, float_array, int_array
from leadkit._results import TableResult
from leadkit.typing import BoolArray, FloatArray, IntArray

__all__ = ["Engine", "LevelTrace", "QueueTrace"]

Engine: TypeAlias = Literal["fcfs-recursion", "event-heap"]
"""How the queue was worked out: customer by customer in order of arrival, or event by event."""


@attrs.frozen(kw_only=True, eq=False)
class QueueTrace(TableResult):
    """What became of each of n customers, in order of arrival.

    Parameters
    ----------
    start : ndarray of float64, shape (n,)
        When service began; NaN for those who gave up.
    wait : ndarray of float64, shape (n,)
        Time from arrival to service; the patience of those who gave up.
    departure : ndarray of float64, shape (n,)
        When service was over, or the customer gave up.
    server : ndarray of int64, shape (n,)
        Which server did it, counted from 0; -1 for those who gave up.
    abandoned : ndarray of bool, shape (n,)
        Whether the customer gave up.
    engine : {"fcfs-recursion", "event-heap"}
        How it was worked out.

    Examples
    --------
    >>> from leadkit.queueing import fcfs
    >>> fcfs([0.0, 1.0], [3.0, 1.0], 1).to_records()[1]
    {'start': 3.0, 'wait': 2.0, 'departure': 4.0, 'server': 0, 'abandoned': False}
    """

    start: FloatArray = attrs.field(converter=float_array)
    wait: FloatArray = attrs.field(converter=float_array)
    departure: FloatArray = attrs.field(converter=float_array)
    server: IntArray = attrs.field(converter=int_array)
    abandoned: BoolArray = attrs.field(converter=bool_array)
    engine: Engine

    _columns: ClassVar[Mapping[str, str]] = {
        name: name for name in ("start", "wait", "departure", "server", "abandoned")
    }


@attrs.frozen(kw_only=True, eq=False)
class LevelTrace(TableResult):
    """What became of each visit of a customer to a level, sorted by level, arrival there and customer.

    Parameters
    ----------
    customer : ndarray of int64, shape (visits,)
        Who it was, counted from 0 in order of arrival at the first level.
    level : ndarray of int64, shape (visits,)
        Which level, counted from 0.
    arrival : ndarray of float64, shape (visits,)
        When the customer came to the level.
    start, wait, departure, server, abandoned, engine
        As in `QueueTrace`, one entry a visit; servers are counted from 0 in each level.

    Examples
    --------
    >>> from leadkit.queueing import fcfs_levels
    >>> trace = fcfs_levels([0.0, 1.0], [[3.0, 1.0], [5.0, 5.0]], [1, 1], [[True, False], [False, False]])
    >>> trace.customer.tolist(), trace.level.tolist(), trace.departure.tolist()
    ([0, 1, 0], [0, 0, 1], [3.0, 4.0, 8.0])
    """

    customer: IntArray = attrs.field(converter=int_array)
    level: IntArray = attrs.field(converter=int_array)
    arrival: FloatArray = attrs.field(converter=float_array)
    start: FloatArray = attrs.field(converter=float_array)
    wait: FloatArray = attrs.field(converter=float_array)
    departure: FloatArray = attrs.field(converter=float_array)
    server: IntArray = attrs.field(converter=int_array)
    abandoned: BoolArray = attrs.field(converter=bool_array)
    engine: Engine

    _columns: ClassVar[Mapping[str, str]] = {
        name: name for name in ("customer", "level", "arrival", "start", "wait", "departure", "server", "abandoned")
    }
