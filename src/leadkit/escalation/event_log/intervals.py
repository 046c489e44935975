"""95 % intervals of many shares and means at once."""

from __future__ import annotations

import numpy as np

from leadkit.typing import FloatArray, IntArray

__all__ = ["share_interval", "t_interval", "wilson_interval"]

LEVEL = 0.95


def wilson_interval(numerator: FloatArray | IntArray, denominator: IntArray) -> tuple[FloatArray, FloatArray]:
    """Give Wilson's score interval of shares, of the shape of the arguments; NaN of nothing.

    References
    ----------
    .. [1] E. B. Wilson, "Probable inference, the law of succession, and statistical inference", Journal of the American
       Statistical Association 22, 1927.

    Examples
    --------
    >>> low, high = wilson_interval(np.array([8]), np.array([10]))
    >>> low.round(4).tolist(), high.round(4).tolist()
    ([0.4902], [0.9433])
    """
    from scipy.special import ndtri

    z2 = float(ndtri(0.5 + LEVEL / 2)) ** 2
    n = np.where(np.asarray(denominator) > 0, denominator, np.nan)
    failures = n - numerator
    spread = np.sqrt(z2 * (4 * numerator * failures / n + z2))
    low = (2 * numerator + z2 - spread) / (2 * (n + z2))
    high = (2 * numerator + z2 + spread) / (2 * (n + z2))
    # at the ends the bound is the share itself, which rounding would miss
    return np.where(numerator == 0, 0.0 * n, low), np.where(failures == 0, 1.0 + 0.0 * n, high)


def share_interval(hits: float, n: int) -> tuple[float, float] | None:
    """Give Wilson's interval of a single share; None of nothing.

    Examples
    --------
    >>> share_interval(0, 1), share_interval(0, 0)
    ((0.0, 0.7934506856227626), None)
    """
    if n == 0:
        return None
    low, high = wilson_interval(np.array([hits]), np.array([n]))
    return float(low[0]), float(high[0])


def t_interval(mean: FloatArray, squares: FloatArray, n: IntArray) -> tuple[FloatArray, FloatArray]:
    """Give Student's t interval of means; NaN of fewer than two values.

    Parameters
    ----------
    mean : array of float
        Means.
    squares : array of float
        Sums of squared distances from the mean.
    n : array of int
        Numbers of values.

    Returns
    -------
    low, high : array of float

    References
    ----------
    .. [1] Student, "The probable error of a mean", Biometrika 6, 1908.
    """
    from scipy.special import stdtrit

    df = np.where(np.asarray(n) >= 2, np.asarray(n) - 1.0, np.nan)
    spread = stdtrit(df, 0.5 + LEVEL / 2) * np.sqrt(squares / df / (df + 1))
    return mean - spread, mean + spread
