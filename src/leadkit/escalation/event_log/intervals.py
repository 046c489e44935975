"""95 % intervals of many shares and means at once."""

from __future__ import annotations

import numpy as np

from leadkit.stats import wilson_interval
from leadkit.typing import FloatArray, IntArray

__all__ = ["share_interval", "t_interval"]

LEVEL = 0.95


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
