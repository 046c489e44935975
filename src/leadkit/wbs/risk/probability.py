"""A share of simulated runs, and how far the true probability may be from it."""

from __future__ import annotations

from attrs import frozen

from leadkit._fields import number_faults
from leadkit._results import Result
from leadkit.stats import wilson_interval

__all__ = ["Probability", "wilson"]


@frozen(kw_only=True, eq=False)
class Probability(Result):
    """A probability estimated from runs, with its confidence interval.

    Parameters
    ----------
    value : float
        Share of the runs, in [0, 1].
    low, high : float
        Ends of the Wilson interval, in [0, 1].
    level : float
        Confidence of the interval, in (0, 1).

    Examples
    --------
    >>> wilson(80, 100).value
    0.8
    """

    value: float
    low: float
    high: float
    level: float = 0.95


def wilson(hits: int, n: int, *, level: float = 0.95) -> Probability:
    """Give the share of hits and its score interval.

    Parameters
    ----------
    hits : int
        How many of the runs, 0..n.
    n : int
        Number of runs, at least 1.
    level : float, default 0.95
        Confidence of the interval, in (0, 1).

    Returns
    -------
    Probability

    Raises
    ------
    ValueError
        `level` is not in (0, 1).

    References
    ----------
    .. [1] E. B. Wilson, "Probable inference, the law of succession, and statistical inference", Journal of the
       American Statistical Association 22(158), 209-212, 1927.

    Examples
    --------
    >>> found = wilson(8, 10)
    >>> round(found.low, 4), round(found.high, 4)
    (0.4902, 0.9433)
    """
    if number_faults(level, "level") or not 0 < level < 1:
        msg = f"level: expected a number in (0, 1), got {level!r}"
        raise ValueError(msg)
    low, high = wilson_interval(hits, n, confidence=level)
    return Probability(value=hits / n, low=float(low), high=float(high), level=float(level))
