"""The calendar that a plan has when none is named: office hours in the zone of its start."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from leadkit.calendars import WorkCalendar

__all__ = ["office_hours", "zone_name"]

OFFICE_HOURS: Final = "08:00-12:00, 13:00-17:00"
HOUR: Final = timedelta(hours=1)


def zone_name(instant: datetime) -> str | None:
    """Name the time zone of an aware instant; None where it has no name, as with an offset of half an hour."""
    key = getattr(instant.tzinfo, "key", None)
    if isinstance(key, str):
        return key
    offset = instant.utcoffset() or timedelta()
    if offset == timedelta():
        return "UTC"
    hours, rest = divmod(offset, HOUR)
    return None if rest else f"Etc/GMT{-hours:+d}"


def office_hours(zone: str) -> WorkCalendar:
    """Build the calendar of 8 to 12 and 13 to 17 o'clock, Monday to Friday."""
    return WorkCalendar.weekly({"mon-fri": OFFICE_HOURS}, zone=zone)
