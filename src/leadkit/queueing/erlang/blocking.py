"""The two formulas everything rests on: the share lost without a queue and the share that waits in one."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from leadkit.queueing._numbers import Number, amounts, broadcast, given_back
from leadkit.queueing.erlang._poisson import poisson
from leadkit.typing import FloatArray

__all__ = ["delayed_share", "erlang_b", "erlang_c", "lost_share"]

LEAST_TAIL = 1e-3
TINY = 1e-300
PRECISION = 2.0**-53


def erlang_b(servers: ArrayLike, load: ArrayLike) -> Number:
    """Share of arrivals lost where nobody waits (Erlang's first formula).

    Parameters
    ----------
    servers : array_like
        Number of servers, at least 0; need not be whole.
    load : array_like
        Arrival rate over service rate [erlang], at least 0.

    Returns
    -------
    float or array
        Probability; 1 without servers, else 0 without load. NaN where an argument is NaN.

    Raises
    ------
    ValueError
        An argument is negative, infinite or no number.

    References
    ----------
    .. [1] A. K. Erlang, "Solution of some problems in the theory of probabilities of significance in automatic
       telephone exchanges", 1917.
    .. [2] D. L. Jagerman, "Some properties of the Erlang loss function", Bell System Technical Journal 53, 1974.

    Examples
    --------
    >>> round(erlang_b(2, 1.0), 12)
    0.2
    >>> round(erlang_b(2.5, 1.5), 12)
    0.209057547144
    """
    c, a = broadcast(servers=amounts(servers, "servers"), load=amounts(load, "load"))
    return given_back(lost_share(c, a))


def erlang_c(servers: ArrayLike, load: ArrayLike) -> Number:
    """Share of arrivals that wait where everybody stays (Erlang's second formula).

    Parameters
    ----------
    servers : array_like
        Number of servers, at least 0; need not be whole.
    load : array_like
        Arrival rate over service rate [erlang], at least 0.

    Returns
    -------
    float or array
        Probability; 1 where the load is not below the number of servers. NaN where an argument is NaN.

    Raises
    ------
    ValueError
        An argument is negative, infinite or no number.

    References
    ----------
    .. [1] A. K. Erlang, "Solution of some problems in the theory of probabilities of significance in automatic
       telephone exchanges", 1917.

    Examples
    --------
    >>> round(erlang_c(14, 10.0), 12)
    0.174131933595
    >>> erlang_c([1, 2, 3], 2.0).round(6)
    array([1.      , 1.      , 0.444444])
    """
    c, a = broadcast(servers=amounts(servers, "servers"), load=amounts(load, "load"))
    return given_back(delayed_share(c, a))


def delayed_share(c: FloatArray, a: FloatArray) -> FloatArray:
    """Compute C from B for checked arrays of one shape."""
    lost = lost_share(c, a)
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        # equal to B / (1 - (a/c)(1 - B)), where c - a is exact when the two are near
        waits = lost / ((c - a) / c + a / c * lost)
    waits = np.where(a < c, np.minimum(waits, 1.0), 1.0)
    return np.where(np.isnan(lost), np.nan, waits)


def lost_share(c: FloatArray, a: FloatArray) -> FloatArray:
    """Compute B for checked arrays of one shape."""
    from scipy import special

    is_plain = (c > 0) & (a > 0)
    servers, load = np.where(is_plain, c, 1.0), np.where(is_plain, a, 1.0)
    # P(count = c) / P(count <= c) of a Poisson law carried to real c; far below the load the tail is a fraction instead
    tail = special.gammaincc(servers + 1, load)
    is_tail = (tail < LEAST_TAIL) & (load > servers + 1)
    lost = poisson(servers, load) / np.where(is_tail, 1.0, tail)
    if is_tail.any():
        lost = np.array(lost)
        lost[is_tail] = _far_below(servers[is_tail], load[is_tail])
    lost = np.where(is_plain, np.clip(lost, 0.0, 1.0), np.where(c == 0, 1.0, 0.0))
    return np.where(np.isnan(c) | np.isnan(a), np.nan, lost)


def _far_below(c: FloatArray, a: FloatArray) -> FloatArray:
    """Compute B for loads well above the servers from Legendre's continued fraction of the incomplete gamma function."""
    # 1/B = a / (a - c - 1*(0 - c)/(a - c + 2 - 2*(1 - c)/(a - c + 4 - ...))), by the method of Lentz
    bottom = a - c
    upper = 1 / bottom
    lower = np.full_like(a, 1 / TINY)
    value = upper
    step = 0
    change = np.full_like(a, 2.0)
    while np.any(np.abs(change - 1) > 2 * PRECISION):
        step += 1
        top = step * (c + 1 - step)
        bottom = bottom + 2
        upper = 1 / (bottom + top * upper)
        lower = bottom + top / lower
        change = upper * lower
        value = value * change
    return 1 / (a * value)
