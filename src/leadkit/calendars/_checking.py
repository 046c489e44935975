"""What can be wrong with the fields of a calendar, and the order in which they are kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from leadkit._fields import repeated, whole_number_faults
from leadkit.calendars._instants import is_date, microseconds, moment, pair
from leadkit.calendars.windows import DayException, Window
from leadkit.errors import Fault, did_you_mean

KINDS = {"windows": (Window, "a Window"), "holidays": (date, "a date"), "exceptions": (DayException, "a DayException")}


def as_tuple(values: Any) -> Any:
    """Copy what can be iterated over; anything else is left for the checks to judge."""
    return tuple(values) if isinstance(values, Iterable) and not isinstance(values, str) else values


def closures_in_utc(values: Any) -> Any:
    """Bring pairs of instants to UTC; a part that is no instant is left for the checks to judge."""
    given = as_tuple(values)
    return tuple(map(_closure_in_utc, given)) if isinstance(given, tuple) else given


def zone_of(name: object) -> ZoneInfo | None:
    """Find a time zone by its name."""
    if not isinstance(name, str):
        return None
    try:
        return ZoneInfo(name)
    except (LookupError, OSError, ValueError):  # not there, a folder of zones, or no path that may be looked at
        return None


def calendar_faults(
    windows: object, zone: object, holidays: object, exceptions: object, closures: object
) -> Iterator[Fault]:
    """List what is wrong with the parts of a calendar that hold many things, and with its zone."""
    if zone_of(zone) is None:
        near = did_you_mean(zone, available_timezones()) if isinstance(zone, str) else ""
        yield Fault("zone", f"unknown time zone {zone!r}{near}")
    yield from _kind_faults("windows", windows)
    yield from _kind_faults("holidays", holidays)
    of_exceptions = list(_kind_faults("exceptions", exceptions))
    yield from of_exceptions
    if not of_exceptions and isinstance(exceptions, tuple):
        for day in repeated(change.day for change in dict.fromkeys(exceptions)):
            yield Fault("exceptions", f"{day.isoformat()} has several that differ")
    yield from _closure_faults(closures)


def setting_faults(name: object, horizon_days: Any) -> list[Fault]:
    """List what is wrong with the name and the horizon of a calendar."""
    faults = whole_number_faults(horizon_days, "horizon_days")
    if not faults and horizon_days < 1:
        faults.append(Fault("horizon_days", f"expected a number of days above 0, got {horizon_days}"))
    if not isinstance(name, str):
        faults.append(Fault("name", f"expected a text, got {name!r}"))
    return faults


def _kind_faults(field: str, values: object) -> Iterator[Fault]:
    kind, words = KINDS[field]
    if not isinstance(values, tuple):
        yield Fault(field, f"expected several, each {words}, got {values!r}")
        return
    for place, value in enumerate(values):
        if not (is_date(value) if kind is date else isinstance(value, kind)):
            yield Fault(f"{field}[{place}]", f"expected {words}, got {value!r}")


def _closure_faults(closures: object) -> Iterator[Fault]:
    if not isinstance(closures, tuple):
        yield Fault("closures", f"expected pairs (start, end), got {closures!r}")
        return
    for place, closure in enumerate(closures):
        try:
            start, end = pair(closure, f"closures[{place}]")
            length = microseconds(end, f"end of closures[{place}]") - microseconds(start, f"start of closures[{place}]")
        except (TypeError, ValueError) as error:
            yield Fault("", str(error))
        else:
            if length <= 0:
                yield Fault(f"closures[{place}]", f"the end {end} is not after the start {start}")


def _closure_in_utc(closure: Any) -> Any:
    try:
        start, end = pair(closure, "")
        return moment(microseconds(start, "")), moment(microseconds(end, ""))
    except (TypeError, ValueError):
        return closure
