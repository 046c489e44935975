"""The clock as a circle of 24 hours: spans that may cross midnight, their overlap, and the mean of hours."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import time

HOURS_A_DAY = 24.0
MICROSECONDS_AN_HOUR = 3_600_000_000
MICROSECONDS_A_DAY = 24 * MICROSECONDS_AN_HOUR


def microsecond_of_day(moment: time) -> int:
    """Count the microseconds since midnight."""
    seconds = (moment.hour * 60 + moment.minute) * 60 + moment.second
    return seconds * 1_000_000 + moment.microsecond


def span_length(start: time, end: time) -> int:
    """Count the microseconds from `start` to the next `end`; a whole day when they are equal."""
    return (microsecond_of_day(end) - microsecond_of_day(start)) % MICROSECONDS_A_DAY or MICROSECONDS_A_DAY


def spans_overlap(start: int, length: int, other_start: int, other_length: int) -> bool:
    """Tell whether two half-open spans on the circle share any time."""
    return (other_start - start) % MICROSECONDS_A_DAY < length or (
        start - other_start
    ) % MICROSECONDS_A_DAY < other_length


def shared_hours(start: float, hours: float, window_start: float, window_hours: float) -> float:
    """Measure how much of a span lies in a window of the circle.

    Parameters
    ----------
    start, window_start : float
        Hours of the day, start in [0, 24), window_start in [-24, 24) [h].
    hours, window_hours : float
        Lengths, above 0 and at most 24 [h].

    Returns
    -------
    float
        Shared time, from 0 to the shorter length [h].

    Examples
    --------
    >>> shared_hours(22.0, 4.0, -3.0, 6.0)
    4.0
    """
    # A window a day earlier or later is the same window; a span ends before hour 48.
    return math.fsum(
        max(0.0, min(start + hours, window_start + turn + window_hours) - max(start, window_start + turn))
        for turn in (-24.0, 0.0, 24.0, 48.0)
    )


def circular_mean(hours: Sequence[float], weights: Sequence[float]) -> tuple[float, float]:
    """Average hours of the day as directions.

    Parameters
    ----------
    hours : sequence of float
        Hours of the day [h].
    weights : sequence of float
        As many, at least 0.

    Returns
    -------
    mean : float
        Direction of the weighted mean, in [0, 24) [h]; meaningless where `concentration` is near 0, NaN without weight.
    concentration : float
        Length of the mean vector, in [0, 1]: 1 when all hours agree, 0 when they cancel; NaN without weight.

    References
    ----------
    .. [1] N. I. Fisher, "Statistical Analysis of Circular Data", Cambridge University Press, 1993.

    Examples
    --------
    >>> mean, concentration = circular_mean([23.0, 1.0], [1.0, 1.0])
    >>> round(mean, 6) % 24, round(concentration, 3)
    (0.0, 0.966)
    """
    total = math.fsum(weights)
    if not total > 0:
        return math.nan, math.nan
    angles = [2 * math.pi * hour / HOURS_A_DAY for hour in hours]
    east = math.fsum(w * math.cos(angle) for w, angle in zip(weights, angles, strict=True)) / total
    north = math.fsum(w * math.sin(angle) for w, angle in zip(weights, angles, strict=True)) / total
    mean = math.atan2(north, east) * HOURS_A_DAY / (2 * math.pi) % HOURS_A_DAY
    # A tiny negative angle modulo 24 rounds to 24 itself.
    return (0.0 if mean == HOURS_A_DAY else mean), min(1.0, math.hypot(east, north))


def hour_difference(before: float, after: float) -> float:
    """Turn from one hour of the day to another the shorter way, in [-12, 12) [h].

    Examples
    --------
    >>> hour_difference(23.0, 1.0), hour_difference(9.0, 8.0)
    (2.0, -1.0)
    """
    return (after - before + 12.0) % HOURS_A_DAY - 12.0
