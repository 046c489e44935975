"""First come, first served, worked out customer by customer in order of arrival."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from heapq import heapreplace
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from leadkit.queueing._customers import Customers, Pool
from leadkit.queueing._levels import Served, run_levels, run_one
from leadkit.queueing.traces import LevelTrace, QueueTrace

__all__ = ["fcfs", "fcfs_levels"]

Kernel: TypeAlias = Callable[[list[float], list[float], list[float], list[int]], tuple[list[float], list[int]]]
"""Serve the next customers, given when they come, how long they take, until when they wait and their kinds."""
# customers at a time: Python's own numbers take four times the room of an array's
BLOCK = 8192


def fcfs(
    arrival: ArrayLike,
    service: ArrayLike,
    servers: int,
    *,
    patience: ArrayLike | None = None,
    kind: ArrayLike | None = None,
    eligible: ArrayLike | None = None,
) -> QueueTrace:
    """Serve customers in order of arrival, each by the server that is free first.

    The wait is known at arrival: each customer takes the one of the servers who may serve them that frees first, the
    lowest index among equals, and gives up if that is after their patience ends. At the very instant it ends they are
    still served. An event simulation gives the same when a server who becomes free takes the longest-waiting customer
    they may serve, servers who become free at one instant choose in order of index, and an arrival takes the server who
    has been free longest. With priorities it does not; use `event_heap`.

    Parameters
    ----------
    arrival : array_like, shape (n,)
        Instants of arrival, [time], non-decreasing and finite.
    service : array_like, shape (n,)
        Service times, [time], at least 0.
    servers : int
        Number of servers, at least 0.
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
        If arrivals decrease, a number is NaN or out of range, shapes differ, or a kind nobody serves has no end to its
        patience.

    References
    ----------
    .. [1] J. Kiefer and J. Wolfowitz, "On the theory of queues with many servers", Transactions of the American
       Mathematical Society 78, 1955.
    .. [2] D. V. Lindley, "The theory of queues with a single server", Proceedings of the Cambridge Philosophical
       Society 48, 1952.

    Examples
    --------
    >>> trace = fcfs([0.0, 1.0, 2.0], [4.0, 4.0, 4.0], 2, patience=[9.0, 9.0, 1.5])
    >>> trace.wait.tolist(), trace.abandoned.tolist()
    ([0.0, 0.0, 1.5], [False, False, True])
    """
    return run_one(_serve, "fcfs-recursion", arrival, service, servers, patience=patience, kind=kind, eligible=eligible)


def fcfs_levels(
    arrival: ArrayLike,
    service: ArrayLike,
    servers: Sequence[int],
    escalates: ArrayLike,
    *,
    patience: ArrayLike | None = None,
    kind: ArrayLike | None = None,
    eligible: Sequence[ArrayLike] | None = None,
) -> LevelTrace:
    """Serve customers by levels, first come, first served on each; who is not helped goes to the next level.

    Everything is given for each customer on each level, whether or not they get there, so two designs share their
    random numbers. Those who gave up go nowhere. Customers who leave a level at one instant come to the next in order
    of index.

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
    patience : array_like, shape (levels, n), optional
        How long each is ready to wait at the level, [time], at least 0 or inf.
    kind : array_like of int, shape (n,), optional
        Which row of the tables in `eligible` a customer belongs to, on every level.
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
    >>> trace = fcfs_levels([0.0, 1.0], [[2.0, 2.0], [9.0, 9.0]], [2, 1], [[True, True], [False, False]])
    >>> trace.wait.tolist()
    [0.0, 0.0, 0.0, 8.0]
    """
    return run_levels(
        _serve,
        "fcfs-recursion",
        arrival,
        service,
        servers,
        escalates,
        patience=patience,
        kind=kind,
        eligible=eligible,
    )


def _serve(customers: Customers, pool: Pool) -> Served:
    """Serve block by block; what the servers have taken on is kept between the blocks."""
    n = len(customers)
    start, server = np.empty(n), np.empty(n, dtype=np.int64)
    kernel = _kernel(customers, pool)
    kinds = pool.kinds(customers)
    for first in range(0, n, BLOCK):
        part = slice(first, first + BLOCK)
        start[part], server[part] = kernel(
            customers.arrival[part].tolist(),
            customers.service[part].tolist(),
            customers.deadlines(part),
            kinds[part].tolist(),
        )
    return start, server


def _kernel(customers: Customers, pool: Pool) -> Kernel:
    if not pool.is_alike:
        return _by_kind(pool)
    return _alone() if pool.servers == 1 and customers.patience is None else _alike(pool.servers)


def _alone() -> Kernel:
    """One server for everybody, and nobody gives up."""
    free = -math.inf

    def serve(
        arrivals: list[float], services: list[float], _deadlines: list[float], _kinds: list[int]
    ) -> tuple[list[float], list[int]]:
        nonlocal free
        end = free
        starts: list[float] = []
        begin = starts.append
        for came, work in zip(arrivals, services, strict=True):
            at = came if came > end else end  # noqa: FURB136 - calling max costs as much as all the rest
            begin(at)
            end = at + work
        free = end
        return starts, [0] * len(starts)

    return serve


def _alike(servers: int) -> Kernel:
    """Servers who serve everybody, in a heap by when they are free and index."""
    heap = [(-math.inf, server) for server in range(servers)]

    def serve(
        arrivals: list[float], services: list[float], deadlines: list[float], _kinds: list[int]
    ) -> tuple[list[float], list[int]]:
        starts: list[float] = []
        by: list[int] = []
        begin, name = starts.append, by.append
        free, server = heap[0]
        for came, work, deadline in zip(arrivals, services, deadlines, strict=True):
            at = came if came > free else free  # noqa: FURB136 - calling max costs as much as all the rest
            if at > deadline:
                begin(math.nan)
                name(-1)
                continue
            begin(at)
            name(server)
            heapreplace(heap, (at + work, server))
            free, server = heap[0]
        return starts, by

    return serve


def _by_kind(pool: Pool) -> Kernel:
    """Servers of whom each kind may take some."""
    free = [-math.inf] * pool.servers
    pickers = pool.pickers()

    def serve(
        arrivals: list[float], services: list[float], deadlines: list[float], kinds: list[int]
    ) -> tuple[list[float], list[int]]:
        starts: list[float] = []
        by: list[int] = []
        for came, work, deadline, kind in zip(arrivals, services, deadlines, kinds, strict=True):
            pick, members = pickers[kind]
            times = pick(free)
            first = min(times)
            at = came if came > first else first  # noqa: FURB136 - calling max costs as much as all the rest
            if at > deadline:
                starts.append(math.nan)
                by.append(-1)
                continue
            server = members[times.index(first)]
            starts.append(at)
            by.append(server)
            free[server] = at + work
        return starts, by

    return serve
