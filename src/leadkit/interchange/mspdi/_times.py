"""Instants as local times without a zone, and back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo

__all__ = ["comes_back", "instant_of", "local_text"]

SECOND = timedelta(seconds=1)


def instant_of(local: datetime, zone: tzinfo, *, last: bool = False) -> datetime:
    """Find the instant in UTC at which the clocks of a zone show a time.

    Parameters
    ----------
    local : datetime.datetime
        Without a zone.
    zone : datetime.tzinfo
        Whose clocks.
    last : bool
        Of a time that comes twice, whether the second is meant: starts take the first, deadlines the last.

    Returns
    -------
    datetime.datetime
        For a time that is skipped, the first instant after the gap.

    Raises
    ------
    OverflowError
        It lies outside the years 1 to 9999 of UTC.

    Examples
    --------
    >>> from zoneinfo import ZoneInfo
    >>> for text in ("2026-03-29T02:30", "2026-10-25T02:30"):
    ...     print(instant_of(datetime.fromisoformat(text), ZoneInfo("Europe/Berlin")))
    2026-03-29 01:00:00+00:00
    2026-10-25 00:30:00+00:00
    """
    early, late = (local.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    if early > late:  # skipped: both ends of the gap misread it
        return _change_between(late, early, zone)
    return late if last else early


def local_text(instant: datetime, zone: tzinfo) -> str:
    """Write what the clocks of a zone show; fractions of a second are kept where there are any."""
    return _local(instant, zone).isoformat()


def comes_back(instant: datetime, zone: tzinfo, *, last: bool = False) -> bool:
    """Tell whether an instant is found again from what the clocks of a zone show."""
    # in UTC, for across zones an hour that comes twice is never equal to itself
    return instant_of(_local(instant, zone), zone, last=last) == instant.astimezone(UTC)


def _local(instant: datetime, zone: tzinfo) -> datetime:
    """Give what the clocks of a zone show; by way of UTC, which tells a time that is skipped as one that is shown."""
    return instant.astimezone(UTC).astimezone(zone).replace(tzinfo=None, fold=0)


def _change_between(low: datetime, high: datetime, zone: tzinfo) -> datetime:
    """Find the change of the clocks between two instants; changes fall on seconds."""
    low = low.replace(microsecond=0)
    before = low.astimezone(zone).utcoffset()
    while high - low > SECOND:
        middle = low + (high - low) // (2 * SECOND) * SECOND
        low, high = (middle, high) if middle.astimezone(zone).utcoffset() == before else (low, middle)
    return high
