"""Durations as ISO 8601 text such as PT10M, exact to the microsecond."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Final

__all__ = ["duration_of", "duration_text"]

DURATION: Final = re.compile(
    r"P(?:(?P<weeks>[0-9]{1,9})W|(?:(?P<days>[0-9]{1,9})D)?"
    r"(?:T(?=[0-9])(?:(?P<hours>[0-9]{1,12})H)?(?:(?P<minutes>[0-9]{1,15})M)?"
    r"(?:(?P<seconds>[0-9]{1,18})(?:\.(?P<part>[0-9]{1,6}))?S)?)?)"
)
MINUTE: Final = timedelta(minutes=1)
MICROSECOND: Final = timedelta(microseconds=1)
MOST_SHOWN: Final = 60


def duration_of(text: object) -> timedelta:
    """Read a duration.

    Parameters
    ----------
    text : str
        ISO 8601 text of weeks, or of days, hours, minutes and seconds. A day is 24 hours and a week is 7 days, also of
        working time; years and months differ in length and are refused.

    Raises
    ------
    ValueError
        It is none; the message says what was expected.

    Examples
    --------
    >>> duration_of("PT10M"), duration_of("P1DT2H30M0.5S")
    (datetime.timedelta(seconds=600), datetime.timedelta(days=1, seconds=9000, microseconds=500000))
    >>> duration_of("10m")
    Traceback (most recent call last):
    ...
    ValueError: expected a duration in ISO 8601 like PT10M or PT1H30M, got '10m'
    """
    found = DURATION.fullmatch(text) if isinstance(text, str) else None
    if found is None or text == "P":
        shown = repr(text) if len(repr(text)) <= MOST_SHOWN else f"{repr(text)[:MOST_SHOWN]}..."
        msg = f"expected a duration in ISO 8601 like PT10M or PT1H30M, got {shown}"
        raise ValueError(msg)
    whole = {name: int(found[name] or 0) for name in ("weeks", "days", "hours", "minutes", "seconds")}
    try:
        return timedelta(**whole, microseconds=int((found["part"] or "").ljust(6, "0")))
    except OverflowError:
        msg = f"{text!r} is longer than the longest duration, {timedelta.max.days} days"
        raise ValueError(msg) from None


def duration_text(duration: timedelta) -> str:
    """Write a duration of at least 0 in hours, minutes and seconds, as `duration_of` reads it.

    Examples
    --------
    >>> duration_text(timedelta(minutes=10)), duration_text(timedelta(days=1, seconds=1.5)), duration_text(timedelta())
    ('PT10M', 'PT24H1.5S', 'PT0S')
    """
    minutes, rest = divmod(duration, MINUTE)
    hours, minutes = divmod(minutes, 60)
    seconds, part = divmod(rest // MICROSECOND, 1_000_000)
    told = f"{seconds}.{part:06d}".rstrip("0") if part else str(seconds)
    text = f"{hours}H" * bool(hours) + f"{minutes}M" * bool(minutes) + f"{told}S" * bool(rest)
    return f"PT{text or '0S'}"
