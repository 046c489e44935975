"""Queues with priorities, worked out event by event."""

from __future__ import annotations

import math
from collections.abc import Sequence
from heapq import heappop, heappush, heapreplace

import numpy as np
from numpy.typing import ArrayLike

from leadkit.queueing._customers import Customers, Pool
from leadkit.queueing._levels import Served, run_levels, run_one
from leadkit.queueing.traces import LevelTrace, QueueTrace

__all__ = ["event_heap", "event_heap_levels"]


def event_heap(
    arrival: ArrayLike,
    service: ArrayLike,
    servers: int,
    *,
    priority: ArrayLike | None = None,
    patience: ArrayLike | None = None,
    kind: ArrayLike | None = None,
    eligible: ArrayLike | None = None,
) -> QueueTrace:
    """Serve customers by priority, then arrival, then index, without interrupting anybody.

    A server who becomes free takes the first in line whom they may serve; an arrival takes the server who has been
    free longest, the lowest index among equals. At one instant departures come first, in order of the server's index,
    then those who give up, then arrivals: a service may start at the very instant the patience ends. Without
    priorities this gives the same as `fcfs`.

    Parameters
    ----------
    arrival : array_like, shape (n,)
        Instants of arrival, [time], non-decreasing and finite.
    service : array_like, shape (n,)
        Service times, [time], at least 0.
    servers : int
        Number of servers, at least 0.
    priority : array_like of int, shape (n,), optional
        At least 0; the lowest goes first.
    patience : array_like, shape (n,), optional
        How long each is ready to wait, [time], at least 0 or inf; left out, nobody gives up.
    kind : array_like of int, shape (n,), optional
        Which row of `eligible` a customer belongs to.
    eligible : array_like of bool, shape (kinds, servers), optional
        Which server may serve which kind. A kind nobody serves gives up at its patience.

    Returns
    -------
    QueueTrace
        What became of each customer.

    Raises
    ------
    ValueError
        As in `fcfs`.

    References
    ----------
    .. [1] A. Cobham, "Priority assignment in waiting line problems", Journal of the Operations Research Society of
       America 2, 1954.

    Examples
    --------
    >>> trace = event_heap([0.0, 1.0, 2.0], [5.0, 1.0, 1.0], 1, priority=[1, 1, 0])
    >>> trace.start.tolist()
    [0.0, 6.0, 5.0]
    """
    return run_one(
        _serve,
        "event-heap",
        arrival,
        service,
        servers,
        priority=priority,
        patience=patience,
        kind=kind,
        eligible=eligible,
    )


def event_heap_levels(
    arrival: ArrayLike,
    service: ArrayLike,
    servers: Sequence[int],
    escalates: ArrayLike,
    *,
    priority: ArrayLike | None = None,
    patience: ArrayLike | None = None,
    kind: ArrayLike | None = None,
    eligible: Sequence[ArrayLike] | None = None,
) -> LevelTrace:
    """Serve customers by levels as `event_heap` does on each; who is not helped goes to the next level.

    Levels only feed forward, so each is worked out after the one before; customers keep their kind and priority.

    Parameters
    ----------
    arrival : array_like, shape (n,)
        Instants of arrival at the first level, [time], non-decreasing and finite.
    service : array_like, shape (levels, n)
        Service times, [time], at least 0.
    servers : sequence of int
        Number of servers of each level.
    escalates : array_like of bool, shape (levels, n)
        Whether the customer goes on to the next level after service; the last row leads nowhere.
    priority : array_like of int, shape (n,), optional
        At least 0; the lowest goes first.
    patience : array_like, shape (levels, n), optional
        How long each is ready to wait at the level, [time], at least 0 or inf.
    kind : array_like of int, shape (n,), optional
        Which row of the tables in `eligible` a customer belongs to.
    eligible : sequence of array_like of bool, shape (kinds, servers of the level), optional
        Which server may serve which kind, one table a level.

    Returns
    -------
    LevelTrace
        One row a visit.

    Raises
    ------
    ValueError
        As in `fcfs`.

    Examples
    --------
    >>> trace = event_heap_levels([0.0, 1.0], [[2.0, 2.0], [9.0, 9.0]], [2, 1], [[True, True], [False, False]])
    >>> trace.wait.tolist()
    [0.0, 0.0, 0.0, 8.0]
    """
    return run_levels(
        _serve,
        "event-heap",
        arrival,
        service,
        servers,
        escalates,
        priority=priority,
        patience=patience,
        kind=kind,
        eligible=eligible,
    )


def _serve(customers: Customers, pool: Pool) -> Served:
    """Run through the arrivals, before each through the departures up to it.

    `lines` has a heap of places for each kind; `places` orders customers by priority and arrival. `since` tells when a
    server became free, inf for those at work; `busy` is the heap of departures. Giving up is no event of its own:
    whoever is past their deadline is passed over when they come to the head of the line.
    """
    n = len(customers)
    # stable: among equals the order of arrival stays
    order = range(n) if customers.priority is None else np.argsort(customers.priority, kind="stable").tolist()
    places = range(n) if customers.priority is None else np.argsort(order).tolist()
    services, deadlines = customers.service.tolist(), customers.deadlines()
    # with servers who are all alike there is one line for every kind
    kinds = [0] * n if pool.is_alike else pool.kinds(customers).tolist()
    pickers = pool.pickers()
    lines: list[list[int]] = [[] for _ in pickers]
    served = [[lines[0]]] * pool.servers if pool.is_alike else _lines_of(pool, lines)
    since = [-math.inf] * pool.servers
    n_free = pool.servers
    busy: list[tuple[float, int]] = []
    start, by = [math.nan] * n, [-1] * n

    def clear(until: float) -> None:
        """Let everybody leave who is done by then, and their servers take the next."""
        nonlocal n_free
        while busy and busy[0][0] <= until:
            now, server = busy[0]
            line = _first(served[server], order, deadlines, now)
            if line is None:
                heappop(busy)
                since[server] = now
                n_free += 1
            else:
                who = order[heappop(line)]
                start[who], by[who] = now, server
                heapreplace(busy, (now + services[who], server))

    for who, came in enumerate(customers.arrival.tolist()):
        clear(came)
        kind = kinds[who]
        if n_free:
            pick, members = pickers[kind]
            times = pick(since)
            longest = min(times)
            if longest < math.inf:
                server = members[times.index(longest)]
                start[who], by[who] = came, server
                since[server] = math.inf
                n_free -= 1
                heappush(busy, (came + services[who], server))
                continue
        heappush(lines[kind], places[who])
    clear(math.inf)
    return np.array(start), np.array(by, dtype=np.int64)


def _lines_of(pool: Pool, lines: list[list[int]]) -> list[list[list[int]]]:
    """List for each server the lines they may take from."""
    return [
        [line for line, members in zip(lines, pool.by_kind, strict=True) if server in members]
        for server in range(pool.servers)
    ]


def _first(lines: list[list[int]], order: Sequence[int], deadlines: list[float], now: float) -> list[int] | None:
    """Find the line with the first customer who is still waiting; those who gave up before are dropped."""
    best: list[int] | None = None
    for line in lines:
        while line and deadlines[order[line[0]]] < now:
            heappop(line)
        if line and (best is None or line[0] < best[0]):
            best = line
    return best
