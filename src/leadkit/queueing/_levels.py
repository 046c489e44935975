"""From arrays to the trace of one queue, or of levels each of which takes those whom the one before could not help."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from leadkit._fields import sealed
from leadkit.queueing._customers import Customers, Pool, amounts, arrivals, marks, patiences, pool, truths
from leadkit.queueing.traces import Engine, LevelTrace, QueueTrace
from leadkit.typing import BoolArray, FloatArray, IntArray

__all__ = ["Serve", "Served", "departures", "run_levels", "run_one"]

Served: TypeAlias = tuple[FloatArray, IntArray]
"""When service of each customer began, NaN where it never did, and by whom, -1 where nobody."""
Serve: TypeAlias = Callable[[Customers, Pool], Served]
"""What serves the customers of one level."""
COLUMNS = ("customer", "level", "arrival", "start", "wait", "departure", "server", "abandoned")


def departures(customers: Customers, start: FloatArray) -> tuple[FloatArray, FloatArray, BoolArray]:
    """Tell how long each waited, when each left and who gave up."""
    abandoned = np.isnan(start)
    wait = start - customers.arrival
    departure = start + customers.service
    if customers.patience is not None and abandoned.any():
        patience = customers.patience[abandoned]
        wait[abandoned] = patience
        departure[abandoned] = customers.arrival[abandoned] + patience
    return wait, departure, abandoned


def run_one(
    serve: Serve,
    engine: Engine,
    arrival: ArrayLike,
    service: ArrayLike,
    servers: int,
    *,
    patience: ArrayLike | None,
    kind: ArrayLike | None,
    eligible: ArrayLike | None,
    priority: ArrayLike | None = None,
) -> QueueTrace:
    """Check what is given, and serve the customers of a single level."""
    came = arrivals(arrival)
    shape = came.shape
    customers = Customers(
        arrival=came,
        service=amounts(service, "service", shape, arrival=came),
        patience=patiences(patience, shape),
        kind=marks(kind, "kind", len(came)),
        priority=marks(priority, "priority", len(came)),
    )
    own = pool(servers, customers.kind, eligible)
    own.refuse_endless(customers)
    start, server = serve(customers, own)
    wait, departure, abandoned = departures(customers, start)
    return QueueTrace(
        start=sealed(start),
        wait=sealed(wait),
        departure=sealed(departure),
        server=sealed(server),
        abandoned=sealed(abandoned),
        engine=engine,
    )


def run_levels(
    serve: Serve,
    engine: Engine,
    arrival: ArrayLike,
    service: ArrayLike,
    servers: Sequence[int],
    escalates: ArrayLike,
    *,
    patience: ArrayLike | None,
    kind: ArrayLike | None = None,
    priority: ArrayLike | None = None,
    eligible: Sequence[ArrayLike] | None = None,
) -> LevelTrace:
    """Check what is given, and serve the customers of each level after those of the one before."""
    came = arrivals(arrival)
    kinds = marks(kind, "kind", len(came))
    pools = _pools(servers, kinds, eligible)
    shape = (len(pools), len(came))
    given = Customers(
        arrival=came,
        service=amounts(service, "service", shape, arrival=came),
        patience=patiences(patience, shape),
        kind=kinds,
        priority=marks(priority, "priority", len(came)),
    )
    visits = _visits(serve, given, pools, truths(escalates, "escalates", shape))
    # column by column, so that the parts of one are gone before the next is made
    whole = {name: sealed(np.concatenate(visits.pop(name))) for name in COLUMNS}
    return LevelTrace(**whole, engine=engine)


def _visits(
    serve: Serve, given: Customers, pools: Sequence[Pool], escalates: BoolArray
) -> dict[str, list[NDArray[Any]]]:
    """List each column of the trace level by level; `service` and `patience` have one row a level."""
    visits: dict[str, list[NDArray[Any]]] = {name: [] for name in COLUMNS}
    who, came = np.arange(len(given), dtype=np.int64), given.arrival
    for level, own in enumerate(pools):
        customers = Customers(
            arrival=came,
            service=given.service[level, who],
            patience=None if given.patience is None else given.patience[level, who],
            kind=None if given.kind is None else given.kind[who],
            priority=None if given.priority is None else given.priority[who],
        )
        own.refuse_endless(customers)
        start, server = serve(customers, own)
        wait, departure, abandoned = departures(customers, start)
        rows = (who, np.full(len(who), level, dtype=np.int64), came, start, wait, departure, server, abandoned)
        for name, column in zip(COLUMNS, rows, strict=True):
            visits[name].append(column)
        onward = np.flatnonzero(escalates[level, who] & ~abandoned)
        # visits are in order of arrival at this level, so customers have to break the ties
        onward = onward[np.lexsort((who[onward], departure[onward]))]
        who, came = who[onward], departure[onward]
    return visits


def _pools(servers: Sequence[int], kind: IntArray | None, eligible: Sequence[ArrayLike] | None) -> list[Pool]:
    if not isinstance(servers, Sequence | np.ndarray) or isinstance(servers, str) or not len(servers):
        msg = f"servers: expected one number of servers a level, got {servers!r}"
        raise ValueError(msg)
    tables: Sequence[ArrayLike | None]
    if eligible is None:
        tables = [None] * len(servers)
    elif isinstance(eligible, Sequence | np.ndarray) and len(eligible) == len(servers):
        tables = eligible
    else:
        msg = f"eligible: expected one table for each of {len(servers)} levels, got {eligible!r}"
        raise ValueError(msg)
    places = zip(servers, tables, strict=True)
    return [pool(own, kind, table, where=f"[{level}]") for level, (own, table) in enumerate(places)]
