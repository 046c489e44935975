"""Staffing by the square root of the load, and how many wait then."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from leadkit.queueing._numbers import Number, amounts, broadcast, given_back, real_numbers
from leadkit.typing import FloatArray, IntArray

__all__ = ["beta_for_delay", "halfin_whitt", "square_root_servers"]

GUARD = 1e-9
MOST_BETA = 40.0
LEAST_BETA = 1e-17
HALVINGS = 64


def square_root_servers(load: ArrayLike, beta: ArrayLike) -> int | IntArray:
    """Servers by the square root rule: the load and beta times its root, rounded up.

    Parameters
    ----------
    load : array_like
        Arrival rate over service rate [erlang], at least 0.
    beta : array_like
        Quality of service; below 0 the load exceeds the servers.

    Returns
    -------
    int or array
        At least 0.

    Raises
    ------
    ValueError
        An argument is NaN, infinite or no number, the load is negative, or the servers exceed what an integer holds.

    References
    ----------
    .. [1] S. Halfin, W. Whitt, "Heavy-traffic limits for queues with many exponential servers", Operations Research 29,
       1981.

    Examples
    --------
    >>> square_root_servers(100.0, 1.0)
    110
    >>> square_root_servers([4.0, 100.0], 0.5)
    array([ 5, 105])
    """
    a, b = broadcast(load=amounts(load, "load"), beta=real_numbers(beta, "beta"))
    servers = np.maximum(np.ceil(a + b * np.sqrt(a) - GUARD), 0.0)
    if not np.all(servers < 2.0**63):
        msg = "load, beta: expected numbers whose servers an integer holds, and no NaN"
        raise ValueError(msg)
    whole = servers.astype(np.int64)
    if whole.ndim == 0:
        return int(whole)
    whole.flags.writeable = False
    return whole


def halfin_whitt(beta: ArrayLike) -> Number:
    """Share of arrivals that wait in a large queue staffed by the square root rule.

    Parameters
    ----------
    beta : array_like
        Quality of service.

    Returns
    -------
    float or array
        1 / (1 + beta Phi(beta) / phi(beta)); 1 for beta of 0 or less, NaN where `beta` is NaN.

    Raises
    ------
    ValueError
        `beta` is infinite or no number.

    References
    ----------
    .. [1] S. Halfin, W. Whitt, "Heavy-traffic limits for queues with many exponential servers", Operations Research 29,
       1981.

    Examples
    --------
    >>> round(halfin_whitt(1.0), 6)
    0.223361
    """
    return given_back(_waiting(real_numbers(beta, "beta")))


def beta_for_delay(p_wait: ArrayLike) -> Number:
    """Quality of service at which a share `p_wait` waits in a large queue; the inverse of `halfin_whitt`.

    Parameters
    ----------
    p_wait : array_like
        Share of arrivals that wait, inside (0, 1).

    Returns
    -------
    float or array
        Above 0; NaN where `p_wait` is NaN.

    Raises
    ------
    ValueError
        `p_wait` is not inside (0, 1) or no number.

    References
    ----------
    .. [1] S. Halfin, W. Whitt, "Heavy-traffic limits for queues with many exponential servers", Operations Research 29,
       1981.

    Examples
    --------
    >>> round(beta_for_delay(0.2), 6)
    1.061516
    """
    p = real_numbers(p_wait, "p_wait")
    if np.any((p <= 0) | (p >= 1)):
        msg = f"p_wait: expected shares above 0 and below 1, got {p_wait!r}"
        raise ValueError(msg)
    low, high = np.full(p.shape, np.log(LEAST_BETA)), np.full(p.shape, np.log(MOST_BETA))
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        waits_more = _waiting(np.exp(middle)) > p
        low, high = np.where(waits_more, middle, low), np.where(waits_more, high, middle)
    return given_back(np.where(np.isnan(p), np.nan, np.exp((low + high) / 2)))


def _waiting(beta: FloatArray) -> FloatArray:
    from scipy import special

    above = np.maximum(beta, 0.0)
    # Phi/phi, by the scaled complement of the error function
    with np.errstate(over="ignore"):
        ratio = np.sqrt(np.pi / 2) * special.erfcx(-above / np.sqrt(2))
        return np.asarray(1 / (1 + np.where(above > 0, above * ratio, 0.0)) + 0 * beta)
