"""How many cases a pilot needs, and which change a number of cases can show."""

from __future__ import annotations

import math

__all__ = ["cases_needed", "detectable_change"]


def cases_needed(expected: float, min_gap: float, power: float) -> int | None:
    """Cases at which a rate `min_gap` below the expected one is found with `power` by a one-sided 5 % test.

    With p the expected rate and r = p - min_gap, n = ((z_0.95 sqrt(p (1 - p)) + z_power sqrt(r (1 - r))) / min_gap)^2,
    rounded up.

    Returns
    -------
    int or None
        At least 1; None where the expected rate is not known or lies less than `min_gap` above 0, so that no such gap can be.

    References
    ----------
    .. [1] J. L. Fleiss, B. Levin, M. C. Paik, "Statistical methods for rates and proportions", 3rd edition, Wiley, 2003,
       chapter 2 (one sample, normal approximation).

    Examples
    --------
    >>> cases_needed(0.8, 0.1, 0.8), cases_needed(0.8, 0.05, 0.8), cases_needed(0.04, 0.05, 0.8)
    (109, 419, None)
    """
    from scipy.special import ndtri

    lower = expected - min_gap
    if math.isnan(expected) or lower < 0:
        return None
    spread = float(ndtri(0.95)) * math.sqrt(expected * (1 - expected))
    spread += float(ndtri(power)) * math.sqrt(lower * (1 - lower))
    return max(1, math.ceil((spread / min_gap) ** 2))


def detectable_change(rate: float, n_before: int, n_after: int) -> float:
    """Least change of a rate that two pilots find with a power of 80 % at two-sided 5 %.

    It is (z_0.975 + z_0.8) sqrt(p (1 - p) (1 / n_before + 1 / n_after)), p the mean rate of both.

    Returns
    -------
    float
        Above 1 where the pilots could not have found any change; NaN where the rate is 0 or 1, as the approximation says
        nothing there.

    References
    ----------
    .. [1] J. L. Fleiss, B. Levin, M. C. Paik, "Statistical methods for rates and proportions", 3rd edition, Wiley, 2003,
       chapter 4.

    Examples
    --------
    >>> round(detectable_change(0.7, 100, 100), 4)
    0.1816
    """
    from scipy.special import ndtri

    if not 0 < rate < 1:
        return math.nan
    both = float(ndtri(0.975)) + float(ndtri(0.8))
    return both * math.sqrt(rate * (1 - rate) * (1 / n_before + 1 / n_after))
