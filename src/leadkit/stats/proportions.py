"""How far a share may be from the probability behind it."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from leadkit._fields import number_faults, sealed
from leadkit.stats._arrays import floats
from leadkit.typing import FloatArray

__all__ = ["wilson_interval"]


def wilson_interval(successes: ArrayLike, n: ArrayLike, *, confidence: float = 0.95) -> tuple[FloatArray, FloatArray]:
    """Give Wilson's score interval of shares.

    It keeps near its confidence with few trials and near 0 and 1, where the usual normal interval does not.

    Parameters
    ----------
    successes : array_like of any shape
        How many of the trials, 0..n; sums of weights need not be whole. NaN is unknown.
    n : array_like of a shape that broadcasts with it
        Number of trials, at least 0. NaN is unknown.
    confidence : float
        Confidence of the interval, in (0, 1).

    Returns
    -------
    low, high : array of float
        Ends of the interval in [0, 1], of the shape of both; NaN where n is 0 or something is unknown.

    Raises
    ------
    ValueError
        `confidence` is not in (0, 1), a number of successes is below 0 or above n, or the shapes do not fit.

    References
    ----------
    .. [1] E. B. Wilson, "Probable inference, the law of succession, and statistical inference", Journal of the
       American Statistical Association 22(158), 209-212, 1927.

    Examples
    --------
    >>> low, high = wilson_interval([8, 0, 0], [10, 1, 0])
    >>> low.round(4).tolist(), high.round(4).tolist()
    ([0.4902, 0.0, nan], [0.9433, 0.7935, nan])
    """
    from scipy.special import ndtri

    if number_faults(confidence, "confidence") or not 0 < confidence < 1:
        msg = f"confidence: expected a number inside (0, 1), got {confidence!r}"
        raise ValueError(msg)
    hits, trials = np.broadcast_arrays(floats(successes, "successes"), floats(n, "n"))
    if (trials < 0).any():
        msg = "n: expected numbers of at least 0"
        raise ValueError(msg)
    if ((hits < 0) | (hits > trials)).any():
        msg = "successes: expected numbers of at least 0 and at most n"
        raise ValueError(msg)
    z2 = float(ndtri(0.5 + confidence / 2)) ** 2
    trials = np.where(trials > 0, trials, np.nan)
    failures = trials - hits
    spread = np.sqrt(z2 * (4 * hits * failures / trials + z2))
    low = (2 * hits + z2 - spread) / (2 * (trials + z2))
    high = (2 * hits + z2 + spread) / (2 * (trials + z2))
    # at the ends the bound is the share itself, which rounding would miss
    return (
        sealed(np.asarray(np.where(hits == 0, 0.0 * trials, low))),
        sealed(np.asarray(np.where(failures == 0, 1.0 + 0.0 * trials, high))),
    )
