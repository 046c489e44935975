"""Queues that pass people on to each other: an open Jackson network."""

from __future__ import annotations

import numpy as np
from attrs import field, frozen
from numpy.typing import ArrayLike

from leadkit._fields import float_array, sealed
from leadkit._results import Result
from leadkit.queueing._numbers import amounts, as_flags, positive
from leadkit.queueing.erlang.measures import QueueMeasures, mmc
from leadkit.typing import FloatArray

__all__ = ["NetworkMeasures", "jackson"]

# what the row of a table may be off 1 for having been divided and added
ROUNDING = 1e-9


@frozen(kw_only=True, eq=False)
class NetworkMeasures(Result):
    """The steady state of queues that pass people on.

    Parameters
    ----------
    arrival_rates : (n_stations,) array
        Arrivals a unit of time at each station, from outside and from other stations.
    measures : tuple of QueueMeasures
        Each station as a queue of its own.
    total_wait : float
        Mean wait of somebody over all their visits [unit of time]; infinite where they come to a saturated station, NaN
        where nobody arrives.
    flags : tuple of str
        What is doubtful; see `QUEUEING_FLAGS`. Of a station, its index follows the colon.

    Examples
    --------
    >>> desk = jackson([10.0, 0.0], [6.0, 2.0], [2, 2], [[0.0, 0.3], [0.0, 0.0]])
    >>> [(round(queue.occupancy, 3), round(queue.mean_wait, 3)) for queue in desk.measures]
    [(0.833, 0.379), (0.75, 0.643)]
    """

    arrival_rates: FloatArray = field(converter=float_array)
    measures: tuple[QueueMeasures, ...]
    total_wait: float
    flags: tuple[str, ...] = field(default=(), converter=as_flags)


def jackson(
    external_rates: ArrayLike, service_rates: ArrayLike, servers: ArrayLike, routing: ArrayLike
) -> NetworkMeasures:
    """Steady state of an open network in which everybody stays until served.

    Parameters
    ----------
    external_rates : (n_stations,) array_like
        Arrivals a unit of time from outside, at least 0.
    service_rates : (n_stations,) array_like
        Services a unit of time that one server of the station can do, above 0.
    servers : (n_stations,) array_like
        Number of servers, at least 0; need not be whole.
    routing : (n_stations, n_stations) array_like
        Share of those served at the station of the row who go on to that of the column; what a row lacks of 1 leaves.

    Returns
    -------
    NetworkMeasures
        Each station is as if it were alone with its arrival rate (M/M/c).

    Raises
    ------
    ValueError
        The shapes do not fit, a number is out of range, NaN or infinite, a row of `routing` sums to more than 1, or
        somebody could go round for ever.

    References
    ----------
    .. [1] J. R. Jackson, "Networks of waiting lines", Operations Research 5, 1957.

    Examples
    --------
    Three in ten of those the first level serves go on to the second.

    >>> desk = jackson([10.0, 0.0], [6.0, 2.0], [2, 2], [[0.0, 0.3], [0.0, 0.0]])
    >>> desk.arrival_rates
    array([10.,  3.])
    >>> round(desk.total_wait, 6)
    0.571645
    """
    external = _vector(amounts(external_rates, "external_rates"), "external_rates")
    n = len(external)
    rates = _vector(positive(service_rates, "service_rates"), "service_rates", n)
    people = _vector(amounts(servers, "servers"), "servers", n)
    shares = _routing(amounts(routing, "routing"), n)
    arrivals = np.maximum(np.linalg.solve(np.eye(n) - shares.T, external), 0.0)
    measures = tuple(mmc(c, lam, mu) for c, lam, mu in zip(people, arrivals, rates, strict=True))
    visited = [(lam, queue) for lam, queue in zip(arrivals, measures, strict=True) if lam > 0]
    total = external.sum()
    wait = sum(float(lam * queue.mean_wait) for lam, queue in visited)
    flags = [f"saturated:{place}" for place, queue in enumerate(measures) if queue.saturated]
    return NetworkMeasures(
        arrival_rates=sealed(arrivals),
        measures=measures,
        total_wait=wait / float(total) if total > 0 else float("nan"),
        flags=flags if total > 0 else ["no_arrivals", *flags],
    )


def _vector(array: FloatArray, name: str, length: int | None = None) -> FloatArray:
    if array.ndim != 1 or array.size == 0 or (length is not None and array.size != length):
        expected = "a vector of at least one number" if length is None else f"a vector of {length}"
        msg = f"{name}: expected {expected}, got shape {array.shape}"
        raise ValueError(msg)
    if np.isnan(array).any():
        msg = f"{name}[{int(np.argmax(np.isnan(array)))}]: expected a number, got nan"
        raise ValueError(msg)
    return array


def _routing(shares: FloatArray, n: int) -> FloatArray:
    """Check that rows sum to at most 1 and that from every station people leave in the end."""
    if shares.shape != (n, n):
        msg = f"routing: expected shape ({n}, {n}), got {shares.shape}"
        raise ValueError(msg)
    if np.isnan(shares).any():
        msg = "routing: expected numbers, got nan"
        raise ValueError(msg)
    sums = shares.sum(axis=1)
    if np.any(sums > 1 + ROUNDING):
        row = int(np.argmax(sums > 1 + ROUNDING))
        msg = f"routing[{row}]: expected shares that sum to at most 1, got {sums[row]:g}"
        raise ValueError(msg)
    # open exactly when every station reaches one that people leave, which is a spectral radius below 1
    leaves = sums < 1 - ROUNDING
    for _ in range(n):
        leaves = leaves | ((shares > 0) & leaves).any(axis=1)
    if not leaves.all():
        closed = ", ".join(str(place) for place in np.flatnonzero(~leaves))
        msg = f"routing: expected a way out of the network from every station, got none from {closed}"
        raise ValueError(msg)
    return shares
