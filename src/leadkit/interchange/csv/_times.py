"""Instants as the text of a cell: a date, or a date and a time, as the clocks of a zone show it or with an offset."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo, available_timezones

from leadkit.errors import did_you_mean
from leadkit.interchange.csv._table import shortened

__all__ = ["day_of", "day_start", "deadline_of", "instant_of", "instant_text", "zone_of"]

OFFSET: Final = r"Z|[+-][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?"
INSTANT: Final = re.compile(
    r"(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})"
    rf"(?:[T ]\s*(?P<time>[0-9]{{1,2}}:[0-9]{{2}}(?::[0-9]{{2}}(?:\.[0-9]{{1,6}})?)?)\s*(?P<offset>{OFFSET})?)?",
    re.IGNORECASE,
)
ONE_DAY: Final = timedelta(days=1)
SECOND: Final = timedelta(seconds=1)
MINUTE: Final = timedelta(minutes=1)
EXAMPLES: Final = "2026-10-30, 2026-10-30 17:00 or 2026-10-30T17:00:00+01:00"


def zone_of(name: str) -> ZoneInfo:
    """Find a time zone by its name; an unknown one raises ValueError."""
    try:
        return ZoneInfo(name)
    except (LookupError, OSError, ValueError):  # not there, a folder of zones, or no path that may be looked at
        msg = f"unknown time zone {shortened(name)}{did_you_mean(name, available_timezones())}"
        raise ValueError(msg) from None


def instant_of(text: str, zone: ZoneInfo | None, *, ends: bool = False) -> datetime:
    """Read an instant.

    Parameters
    ----------
    text : str
        A date, a date and a time of day, or these with an offset.
    zone : ZoneInfo, optional
        Whose clocks are meant without an offset, and in which the instant is given.
    ends : bool
        Whether a date stands for its end and not for its start.

    Raises
    ------
    ValueError
        It is no instant, or not just one; the message says what is wrong.

    Examples
    --------
    >>> berlin = ZoneInfo("Europe/Berlin")
    >>> print(instant_of("2026-10-30", berlin), instant_of("2026-10-30", berlin, ends=True))
    2026-10-30 00:00:00+01:00 2026-10-31 00:00:00+01:00
    >>> instant_of("2026-03-29 02:30", berlin)
    Traceback (most recent call last):
    ...
    ValueError: 2026-03-29 02:30 is skipped by the clocks of Europe/Berlin
    """
    found = INSTANT.fullmatch(text)
    if found is None:
        msg = f"expected an instant such as {EXAMPLES}, got {shortened(text)}"
        raise ValueError(msg)
    try:
        if found["offset"] is not None:
            return _expressible(datetime.fromisoformat(_iso(found)), zone)
        if zone is None:
            msg = f"no time zone is known for {text}: give zone=, or write an offset such as +01:00 after the time"
            raise ValueError(msg)
        if found["time"] is not None:
            return _expressible(_only_instant(datetime.fromisoformat(_iso(found)), zone), zone)
        day = date.fromisoformat(found["day"])
        return _expressible(day_start(day + ONE_DAY if ends else day, zone), zone)
    except OverflowError:
        msg = f"{text} lies outside the years 1 to 9999"
        raise ValueError(msg) from None


def deadline_of(text: str, zone: ZoneInfo | None) -> datetime:
    """Read an instant; a date alone is its last minute, as the midnight behind it would read as the next day.

    Examples
    --------
    >>> print(deadline_of("2026-10-30", ZoneInfo("Europe/Berlin")))
    2026-10-30 23:59:00+01:00
    """
    found = instant_of(text, zone, ends=True)
    return found if ":" in text else (found.astimezone(UTC) - MINUTE).astimezone(found.tzinfo)


def instant_text(instant: datetime, zone: ZoneInfo) -> str:
    """Write an instant as the clocks of a zone show it, with an offset where they show it twice.

    Examples
    --------
    >>> berlin = ZoneInfo("Europe/Berlin")
    >>> instant_text(datetime(2026, 10, 30, 16, tzinfo=UTC), berlin)
    '2026-10-30 17:00'
    >>> instant_text(datetime(2026, 10, 25, 1, tzinfo=UTC), berlin)
    '2026-10-25T02:00:00+01:00'
    """
    try:
        # by way of UTC: a time that the clocks skip is kept as it is by its own zone
        local = instant.astimezone(UTC).astimezone(zone)
    except OverflowError:
        return instant.isoformat()
    if local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset():
        return local.isoformat()
    naive = local.replace(tzinfo=None)
    return naive.isoformat(" ", "auto" if naive.second or naive.microsecond else "minutes")


def day_of(text: str) -> date:
    """Read a date such as 2026-10-30; anything else raises ValueError."""
    found = INSTANT.fullmatch(text)
    if found is None or found["time"] is not None:
        msg = f"expected a date such as 2026-10-30, got {shortened(text)}"
        raise ValueError(msg)
    return date.fromisoformat(text)


def day_start(day: date, zone: ZoneInfo) -> datetime:
    """Give the first instant of a date, which is the first one after the gap where the clocks skip midnight."""
    midnight = datetime(day.year, day.month, day.day, tzinfo=zone)
    if not _is_skipped(midnight):
        return midnight
    before = midnight.utcoffset()
    low, high = midnight.replace(fold=1).astimezone(UTC), midnight.astimezone(UTC)
    while high - low > SECOND:
        middle = low + (high - low) // (2 * SECOND) * SECOND
        low, high = (middle, high) if middle.astimezone(zone).utcoffset() == before else (low, middle)
    return high.astimezone(zone)


def _iso(found: re.Match[str]) -> str:
    hour = "0" if found["time"].index(":") == 1 else ""
    return f"{found['day']}T{hour}{found['time']}{(found['offset'] or '').upper()}"


def _only_instant(local: datetime, zone: ZoneInfo) -> datetime:
    """Find the one instant at which the clocks of a zone show a time."""
    instant = local.replace(tzinfo=zone)
    if instant.utcoffset() == instant.replace(fold=1).utcoffset():
        return instant
    shown = local.isoformat(" ", "auto" if local.second or local.microsecond else "minutes")
    if _is_skipped(instant):
        msg = f"{shown} is skipped by the clocks of {zone}"
    else:
        msg = f"{shown} comes twice on the clocks of {zone}: write an offset such as +01:00 after the time"
    raise ValueError(msg)


def _is_skipped(instant: datetime) -> bool:
    """Tell whether the clocks never show a time; a comparison in one zone is one of what the clocks show."""
    if instant.utcoffset() == instant.replace(fold=1).utcoffset():
        return False
    return instant.astimezone(UTC).astimezone(instant.tzinfo).replace(fold=0) != instant


def _expressible(instant: datetime, zone: ZoneInfo | None) -> datetime:
    """Give an instant in a zone, or in UTC where the zone is past the last year; OverflowError where UTC is too."""
    in_utc = instant.astimezone(UTC)
    if zone is None:
        return instant
    try:
        return in_utc.astimezone(zone)
    except OverflowError:
        return in_utc
