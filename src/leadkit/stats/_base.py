"""What every statistic's result shares: an interval, flags, comparison by value."""

from __future__ import annotations

import math

from attrs import field, frozen

from leadkit._fields import as_float
from leadkit._results import Result, TableResult

__all__ = ["ConfidenceInterval", "Result", "TableResult", "interval_or_nan"]


@frozen(eq=False)
class ConfidenceInterval(Result):
    """Two ends and the two-sided level between them.

    Parameters
    ----------
    low, high : float
        The ends; NaN where the interval is undefined.
    level : float
        Two-sided confidence level, inside (0, 1).

    Examples
    --------
    >>> ConfidenceInterval(0.6, 0.8, 0.95)
    ConfidenceInterval(low=0.6, high=0.8, level=0.95)
    """

    low: float = field(converter=as_float)
    high: float = field(converter=as_float)
    level: float = field(converter=as_float)


def interval_or_nan(low: float, high: float, level: float) -> ConfidenceInterval:
    """Build an interval; both ends are NaN when one is not finite."""
    if not (math.isfinite(low) and math.isfinite(high)):
        low = high = math.nan
    return ConfidenceInterval(low, high, level)
