"""Queues whose people give up: Erlang A, and the measures that ask whether they do."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
from numpy.typing import ArrayLike

from leadkit.queueing._numbers import Number, amounts, broadcast, given_back, positive, whole
from leadkit.queueing.erlang._offered import OfferedWait
from leadkit.queueing.erlang.measures import QueueMeasures, flags_of, load_of, mmc
from leadkit.typing import FloatArray

__all__ = ["asa", "erlang_a", "occupancy", "outcome_shares"]

OUTCOMES = ("answered", "abandoned", "neither", "ever", "never")
MOST_AT_ONCE = 512
LEAST_RATIO, MOST_RATIO = 1e-140, 1e140


def erlang_a(
    servers: ArrayLike, arrival_rate: ArrayLike, service_rate: ArrayLike, patience_rate: ArrayLike
) -> QueueMeasures:
    """Steady state where people who wait give up after an exponential time (M/M/c+M, Erlang A).

    The number in the system is a birth-death chain with death rate min(n, c) mu + max(n - c, 0) theta. Its sums are
    computed as integrals over the wait offered to an arrival, to which they are equal term by term: of positive
    parts only, at a cost that grows neither with the load nor with the patience.

    Parameters
    ----------
    servers : array_like
        Number of servers, whole and at least 0.
    arrival_rate : array_like
        Arrivals a unit of time, at least 0.
    service_rate : array_like
        Services a unit of time that one server can do, above 0.
    patience_rate : array_like
        One over the mean time after which somebody waiting gives up, above 0.

    Returns
    -------
    QueueMeasures
        Never saturated. Without arrivals the waits are those of a single person who comes. Without servers everybody
        gives up, and `occupancy` is 1. NaN where an argument is NaN.

    Raises
    ------
    ValueError
        An argument is out of range, infinite or no number, the shapes do not fit, or two rates are more than 140
        orders of magnitude apart.

    References
    ----------
    .. [1] C. Palm, "Research on telephone traffic carried by full availability groups", Tele 1957.
    .. [2] F. Baccelli, G. Hebuterne, "On queues with impatient customers", Performance 1981.
    .. [3] S. Zeltyn, A. Mandelbaum, "Call centers with impatient customers: many-server asymptotics of the M/M/n+G
       queue", Queueing Systems 51, 2005.

    Examples
    --------
    Where people give up at the rate of service, the number in the system has a Poisson law.

    >>> desk = erlang_a(2, 1.0, 1.0, 1.0)
    >>> round(desk.p_wait, 12), round(1 - 2 / np.e, 12)
    (0.264241117657, 0.264241117657)
    >>> round(desk.p_abandon, 6), round(desk.occupancy, 6)
    (0.103638, 0.448181)
    """
    c, lam, mu, theta = _checked(servers, arrival_rate, service_rate, patience_rate)
    a = load_of(lam, mu)
    p_wait, served, left, served_wait, left_wait, offered, abandoned = _in_parts(_measures, c, lam, mu, theta)
    nobody = c == 0
    with np.errstate(divide="ignore", invalid="ignore", under="ignore", over="ignore"):
        wait = np.where(nobody, 1.0, left) / theta
        busy = np.where(nobody, 1.0, np.minimum(a / np.where(nobody, 1.0, c) * served, 1.0))
        wait_served = np.where(nobody, np.nan, served_wait / served / theta)
        wait_left = np.where(nobody, 1.0, left_wait / abandoned) / theta
        delayed = np.where(nobody, 1.0, abandoned / offered) / theta
    known = ~np.isnan(c + a + theta)

    def kept(values: FloatArray) -> Number:
        return given_back(np.where(known, values, np.nan))

    return QueueMeasures(
        model="M/M/c+M",
        servers=given_back(c),
        arrival_rate=given_back(lam),
        service_rate=given_back(mu),
        patience_rate=given_back(theta),
        load=kept(a),
        p_wait=kept(np.where(nobody, 1.0, p_wait)),
        p_abandon=kept(np.where(nobody, 1.0, left)),
        mean_wait=kept(wait),
        mean_wait_served=kept(wait_served),
        mean_wait_abandoned=kept(wait_left),
        mean_wait_delayed=kept(delayed),
        queue_length=kept(lam * wait),
        occupancy=kept(busy),
        saturated=flags_of(np.zeros(c.shape, dtype=np.bool_)),
    )


def asa(
    servers: ArrayLike,
    arrival_rate: ArrayLike,
    service_rate: ArrayLike,
    *,
    patience_rate: ArrayLike | None = None,
) -> Number:
    """Average speed of answer: the mean wait of those who are answered.

    Parameters
    ----------
    servers : array_like
        Number of servers, at least 0; whole where people give up.
    arrival_rate : array_like
        Arrivals a unit of time, at least 0.
    service_rate : array_like
        Services a unit of time that one server can do, above 0.
    patience_rate : array_like, optional
        Rate at which somebody waiting gives up, above 0; None where nobody does.

    Returns
    -------
    float or array
        [unit of time]; infinite where the queue is saturated, NaN where nobody is answered or an argument is NaN.

    Raises
    ------
    ValueError
        An argument is out of range, infinite or no number, or the shapes do not fit.

    References
    ----------
    .. [1] S. Zeltyn, A. Mandelbaum, "Call centers with impatient customers: many-server asymptotics of the M/M/n+G
       queue", Queueing Systems 51, 2005.

    Examples
    --------
    >>> round(asa(2, 1.0, 1.0), 6), round(asa(2, 1.0, 1.0, patience_rate=1.0), 6)
    (0.333333, 0.0722)
    """
    return _steady_state(servers, arrival_rate, service_rate, patience_rate).mean_wait_served


def occupancy(
    servers: ArrayLike,
    arrival_rate: ArrayLike,
    service_rate: ArrayLike,
    *,
    patience_rate: ArrayLike | None = None,
) -> Number:
    """Share of their time that the servers work.

    Parameters
    ----------
    servers : array_like
        Number of servers, at least 0; whole where people give up.
    arrival_rate : array_like
        Arrivals a unit of time, at least 0.
    service_rate : array_like
        Services a unit of time that one server can do, above 0.
    patience_rate : array_like, optional
        Rate at which somebody waiting gives up, above 0; None where nobody does.

    Returns
    -------
    float or array
        In 0..1; 1 where the queue is saturated or there are no servers, NaN where an argument is NaN.

    Raises
    ------
    ValueError
        An argument is out of range, infinite or no number, or the shapes do not fit.

    References
    ----------
    .. [1] D. Gross, C. M. Harris, "Fundamentals of Queueing Theory", 3rd ed., Wiley 1998, section 2.3.

    Examples
    --------
    >>> occupancy(4, 3.0, 1.0)
    0.75
    >>> occupancy(2, 3.0, 1.0)
    1.0
    """
    return _steady_state(servers, arrival_rate, service_rate, patience_rate).occupancy


def outcome_shares(
    c: FloatArray,
    lam: FloatArray,
    mu: FloatArray,
    theta: FloatArray,
    threshold: FloatArray,
    *,
    wanted: tuple[str, ...] = OUTCOMES,
) -> tuple[FloatArray, ...]:
    """Give the shares of arrivals in each of the `wanted` outcomes, for checked arrays of one shape.

    "answered", "abandoned" and "neither" are as of the threshold; "ever" and "never" are answered in the end or not.
    """
    found = _in_parts(partial(_by_time, wanted=wanted), c, lam, mu, theta, threshold)
    with np.errstate(under="ignore"):
        still = np.exp(-theta * threshold)
    without: dict[str, FloatArray | float] = {
        "answered": 0.0,
        "abandoned": 1 - still,
        "neither": still,
        "ever": 0.0,
        "never": 1.0,
    }
    return tuple(np.where(c == 0, without[name], share) for name, share in zip(wanted, found, strict=True))


def checked_rates(
    servers: ArrayLike, arrival_rate: ArrayLike, service_rate: ArrayLike, patience_rate: ArrayLike
) -> dict[str, FloatArray]:
    """Check the four arguments of Erlang A, each in its own shape."""
    return {
        "servers": whole(servers, "servers"),
        "arrival_rate": amounts(arrival_rate, "arrival_rate"),
        "service_rate": positive(service_rate, "service_rate"),
        "patience_rate": positive(patience_rate, "patience_rate"),
    }


def _checked(*arguments: ArrayLike) -> tuple[FloatArray, ...]:
    return broadcast(**checked_rates(*arguments))


def _steady_state(
    servers: ArrayLike, arrival_rate: ArrayLike, service_rate: ArrayLike, patience_rate: ArrayLike | None
) -> QueueMeasures:
    if patience_rate is None:
        return mmc(servers, arrival_rate, service_rate)
    return erlang_a(servers, arrival_rate, service_rate, patience_rate)


def _measures(queue: OfferedWait) -> tuple[FloatArray, ...]:
    offered, abandoned = queue.integral("offered"), queue.integral("abandoned")
    none, factor = queue.weights(offered)
    served = none + factor * queue.integral("served")
    return (
        factor * offered,
        served,
        factor * abandoned,
        factor * queue.integral("served_wait"),
        queue.integral("abandoned_wait"),
        offered,
        abandoned,
    )


def _by_time(queue: OfferedWait, until: FloatArray, *, wanted: tuple[str, ...]) -> tuple[FloatArray, ...]:
    none, factor = queue.weights(queue.integral("offered"))
    late = factor * queue.integral("offered", until) if {"abandoned", "neither"} & set(wanted) else none
    shares = {
        "answered": lambda: none + factor * queue.integral("served", 0.0, until),
        "abandoned": lambda: factor * queue.integral("abandoned", 0.0, until) - np.expm1(-until) * late,
        "neither": lambda: np.exp(-until) * late,
        "ever": lambda: none + factor * queue.integral("served"),
        "never": lambda: factor * queue.integral("abandoned"),
    }
    with np.errstate(under="ignore"):
        return tuple(shares[name]() for name in wanted)


def _in_parts(
    compute: Callable[..., tuple[FloatArray, ...]],
    c: FloatArray,
    lam: FloatArray,
    mu: FloatArray,
    theta: FloatArray,
    threshold: FloatArray | None = None,
) -> list[FloatArray]:
    """Compute for a limited number of queues at a time; NaN and queues without servers are left out."""
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        g, y = c * mu / theta, lam / theta
        apart = (g > MOST_RATIO) | (y > MOST_RATIO) | ((g < LEAST_RATIO) & (c > 0))
        values = [c, load_of(lam, mu), y, g, (c * mu - lam) / theta]
    if apart.any():
        msg = "patience_rate: expected a rate within 140 orders of magnitude of the other rates"
        raise ValueError(msg)
    if threshold is not None:
        values.append(theta * threshold)
    flat = [np.ravel(part) for part in np.broadcast_arrays(*values)]
    there = np.flatnonzero((flat[0] > 0) & ~np.isnan(np.sum(flat, axis=0)))
    results: list[FloatArray] = []
    for first in range(0, max(len(there), 1), MOST_AT_ONCE):
        place = there[first : first + MOST_AT_ONCE]
        servers, load, rate, capacity, spare, *time = (part[place] for part in flat)
        parts = compute(OfferedWait(c=servers, a=load, y=rate, g=capacity, spare=spare), *time)
        if not results:
            results = [np.full(len(flat[0]), np.nan) for _ in parts]
        for result, part in zip(results, parts, strict=True):
            result[place] = part
    return [result.reshape(c.shape) for result in results]
