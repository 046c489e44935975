"""What a queue in its steady state is like: the waits, who gives up, how busy the servers are."""

from __future__ import annotations

import numpy as np
from attrs import field, frozen
from numpy.typing import ArrayLike

from leadkit._results import Result
from leadkit.queueing._numbers import Number, amounts, as_flags, broadcast, given_back, positive, probabilities
from leadkit.queueing.erlang.blocking import delayed_share
from leadkit.typing import BoolArray, FloatArray

__all__ = ["QueueMeasures", "flags_of", "is_saturated", "load_of", "mmc", "wait_quantile"]


@frozen(kw_only=True, eq=False)
class QueueMeasures(Result):
    """The steady state of one queue, or of as many as the arguments broadcast to.

    Every number is a float, or an array where an argument was one.

    Parameters
    ----------
    model : str
        "M/M/c" where everybody stays, "M/M/c+M" where people give up.
    servers, arrival_rate, service_rate : float or array
        As given.
    patience_rate : float, array or None
        Rate at which somebody waiting gives up; None where nobody does.
    load : float or array
        Arrival rate over service rate [erlang].
    p_wait : float or array
        Share of arrivals that find no server free.
    p_abandon : float or array
        Share of arrivals that give up.
    mean_wait : float or array
        Mean wait of all who arrive [unit of time].
    mean_wait_served, mean_wait_abandoned : float or array
        The same of those served and of those who give up; NaN where there are none of them.
    mean_wait_delayed : float or array
        The same of all who find no server free, served or not.
    queue_length : float or array
        Mean number of people waiting.
    occupancy : float or array
        Share of their time that the servers work; 1 where there are none.
    saturated : bool or array
        Whether the queue grows for ever.
    flags : tuple of str
        What is doubtful; see `QUEUEING_FLAGS`.

    Examples
    --------
    >>> desk = mmc([2, 3], 1.5, 1.0)
    >>> desk.p_wait.round(3).tolist(), desk.occupancy.tolist(), desk.flags
    ([0.643, 0.237], [0.75, 0.5], ())
    """

    model: str
    servers: Number
    arrival_rate: Number
    service_rate: Number
    patience_rate: Number | None
    load: Number
    p_wait: Number
    p_abandon: Number
    mean_wait: Number
    mean_wait_served: Number
    mean_wait_abandoned: Number
    mean_wait_delayed: Number
    queue_length: Number
    occupancy: Number
    saturated: bool | BoolArray
    flags: tuple[str, ...] = field(default=(), converter=as_flags)


def mmc(servers: ArrayLike, arrival_rate: ArrayLike, service_rate: ArrayLike) -> QueueMeasures:
    """Steady state where everybody stays until served (M/M/c).

    Parameters
    ----------
    servers : array_like
        Number of servers, at least 0; need not be whole.
    arrival_rate : array_like
        Arrivals a unit of time, at least 0.
    service_rate : array_like
        Services a unit of time that one server can do, above 0.

    Returns
    -------
    QueueMeasures
        Where at least as much work arrives as the servers can do, the queue is `saturated`: everybody waits, for ever.
        NaN where an argument is NaN.

    Raises
    ------
    ValueError
        An argument is out of range, infinite or no number, or the shapes do not fit.

    References
    ----------
    .. [1] D. Gross, C. M. Harris, "Fundamentals of Queueing Theory", 3rd ed., Wiley 1998, section 2.3.

    Examples
    --------
    >>> desk = mmc(2, 1.0, 1.0)
    >>> round(desk.p_wait, 6), round(desk.mean_wait, 6), desk.occupancy
    (0.333333, 0.333333, 0.5)
    >>> mmc(1, 3.0, 1.0).saturated
    True
    """
    c, lam, mu = broadcast(
        servers=amounts(servers, "servers"),
        arrival_rate=amounts(arrival_rate, "arrival_rate"),
        service_rate=positive(service_rate, "service_rate"),
    )
    a = load_of(lam, mu)
    known = ~(np.isnan(c) | np.isnan(a))
    saturated = is_saturated(c, lam, mu) & known
    p_wait = np.where(saturated, 1.0, delayed_share(c, a))
    with np.errstate(divide="ignore", invalid="ignore", over="ignore", under="ignore"):
        delayed = np.where(saturated, np.inf, 1 / (c * mu - lam))
        busy = np.where(saturated, 1.0, np.minimum(a / c, 1.0))
    wait = np.where(saturated, np.inf, p_wait * np.where(saturated, 0.0, delayed))
    length = np.where(saturated, np.inf, lam * np.where(saturated, 0.0, wait))
    nobody = np.full(c.shape, np.nan)
    return QueueMeasures(
        model="M/M/c",
        servers=given_back(c),
        arrival_rate=given_back(lam),
        service_rate=given_back(mu),
        patience_rate=None,
        load=given_back(np.where(known, a, np.nan)),
        p_wait=given_back(p_wait),
        p_abandon=given_back(np.where(known, 0.0, np.nan)),
        mean_wait=given_back(wait),
        mean_wait_served=given_back(wait),
        mean_wait_abandoned=given_back(nobody),
        mean_wait_delayed=given_back(np.where(known, delayed, np.nan)),
        queue_length=given_back(length),
        occupancy=given_back(np.where(known, busy, np.nan)),
        saturated=flags_of(saturated),
        flags=("saturated",) if saturated.any() else (),
    )


def wait_quantile(p: ArrayLike, servers: ArrayLike, arrival_rate: ArrayLike, service_rate: ArrayLike) -> Number:
    """Wait that a share `p` of arrivals does not exceed, where everybody stays.

    Parameters
    ----------
    p : array_like
        Share of arrivals in 0..1; at 1 the wait is infinite.
    servers : array_like
        Number of servers, at least 0; need not be whole.
    arrival_rate : array_like
        Arrivals a unit of time, at least 0.
    service_rate : array_like
        Services a unit of time that one server can do, above 0.

    Returns
    -------
    float or array
        [unit of time]; infinite where the queue is saturated, NaN where an argument is NaN.

    Raises
    ------
    ValueError
        An argument is out of range, infinite or no number, or the shapes do not fit.

    References
    ----------
    .. [1] D. Gross, C. M. Harris, "Fundamentals of Queueing Theory", 3rd ed., Wiley 1998, section 2.3.

    Examples
    --------
    >>> round(wait_quantile(0.9, 1, 0.5, 1.0), 6)
    3.218876
    """
    share, c, lam, mu = broadcast(
        p=probabilities(p, "p"),
        servers=amounts(servers, "servers"),
        arrival_rate=amounts(arrival_rate, "arrival_rate"),
        service_rate=positive(service_rate, "service_rate"),
    )
    waits = delayed_share(c, load_of(lam, mu))
    saturated = is_saturated(c, lam, mu)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore", under="ignore"):
        longer = np.log(waits) - np.log1p(-share)
        result = np.where(waits == 0, 0.0, np.maximum(longer / (c * mu - lam), 0.0))
    result = np.where(saturated, np.inf, result)
    return given_back(np.where(np.isnan(share) | np.isnan(waits), np.nan, result))


def load_of(lam: FloatArray, mu: FloatArray) -> FloatArray:
    """Divide the arrival rate by the service rate; refuse what no float holds."""
    with np.errstate(over="ignore", under="ignore"):
        a = lam / mu
    if np.isinf(a).any():
        msg = "arrival_rate / service_rate: expected a load that a float holds"
        raise ValueError(msg)
    return a


def is_saturated(c: FloatArray, lam: FloatArray, mu: FloatArray) -> BoolArray:
    """Tell where at least as much work arrives as the servers can do, in rates or in erlangs."""
    with np.errstate(over="ignore", under="ignore"):
        return np.asarray((lam >= c * mu) | (lam / mu >= c))


def flags_of(truth: BoolArray) -> bool | BoolArray:
    """Give a bool for a single truth value, else the array read-only."""
    if np.ndim(truth) == 0:
        return bool(truth)
    kept = np.array(truth)
    kept.flags.writeable = False
    return kept
