"""What a calendar says: its fields, checked and in one order, and the ways to give them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, Self, TypeAlias, TypeVar
from zoneinfo import ZoneInfo

import attrs
from attrs import field, frozen

from leadkit._results import plain
from leadkit.calendars._checking import as_tuple, calendar_faults, closures_in_utc, setting_faults
from leadkit.calendars._hours import Hours
from leadkit.calendars._instants import MINUTES_A_DAY
from leadkit.calendars._pattern import Pattern
from leadkit.calendars._reading import calendar_fields
from leadkit.calendars._weekly import day_exceptions, week_windows
from leadkit.calendars.windows import DayException, Window, raise_faults
from leadkit.errors import CalendarError, Fault

__all__ = ["Closure", "Definition"]

D = TypeVar("D", bound="Definition")

Closure: TypeAlias = tuple[datetime, datetime]
"""A stretch of time, half-open, in which a calendar is never open: a leave, an outage."""
DAYS_A_WEEK = 7


@frozen
class Definition:
    """The fields of a calendar, and the open time that follows from them; `WorkCalendar` says what they mean."""

    windows: tuple[Window, ...] = field(converter=as_tuple)
    zone: str = field(default="UTC", kw_only=True)
    holidays: tuple[date, ...] = field(default=(), converter=as_tuple, kw_only=True)
    exceptions: tuple[DayException, ...] = field(default=(), converter=as_tuple, kw_only=True)
    closures: tuple[Closure, ...] = field(default=(), converter=closures_in_utc, kw_only=True)
    name: str = field(default="", kw_only=True)
    horizon_days: int = field(default=3660, kw_only=True)
    _hours: Hours = field(init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        faults = list(calendar_faults(self.windows, self.zone, self.holidays, self.exceptions, self.closures))
        raise_faults(faults + setting_faults(self.name, self.horizon_days), "calendar")
        for part in ("windows", "holidays", "exceptions", "closures"):
            object.__setattr__(self, part, tuple(sorted(set(getattr(self, part)))))
        pattern = Pattern.of(ZoneInfo(self.zone), self.windows, self.holidays, self.exceptions, self.closures)
        object.__setattr__(self, "_hours", Hours(pattern))

    def __reduce__(self) -> tuple[Any, ...]:
        return _restored, (type(self), _fields(self))

    @classmethod
    def weekly(
        cls,
        week: Mapping[str, str],
        *,
        zone: str,
        holidays: Iterable[date] = (),
        exceptions: Mapping[date, str] | None = None,
        closures: Iterable[Closure] = (),
        name: str = "",
        horizon_days: int = 3660,
    ) -> Self:
        """Build a calendar from text.

        Parameters
        ----------
        week : mapping of str to str
            Weekdays to spans. Weekdays are "mon" to "sun", ranges such as "mon-fri" or "fri-mon", and lists of these
            with commas; spans are such as "09:00-12:30, 13:30-17:00", "22:00-06:00" past midnight, "00:00-24:00" for a
            whole day and "" for none. A weekday that several keys name has the spans of all.
        zone : str
            Name of the time zone.
        exceptions : mapping of datetime.date to str, optional
            Dates to the spans that they have instead; "" closes the day.
        holidays, closures, name, horizon_days
            As for the calendar itself.

        Returns
        -------
        WorkCalendar
            The calendar.

        Raises
        ------
        CalendarError
            A weekday, a span or another part is wrong; `faults` holds everything that is.

        Examples
        --------
        >>> from leadkit.calendars import WorkCalendar
        >>> WorkCalendar.weekly({"sat": "22:00-06:00"}, zone="UTC").windows
        (Window(weekday=5, opens=1320, closes=1800),)
        >>> WorkCalendar.weekly({"mon": "9-17"}, zone="UTC")
        Traceback (most recent call last):
        ...
        leadkit.errors.CalendarError: calendar: windows['mon']: '9-17' is no span of a day like '09:00-17:00'
        """
        faults: list[Fault] = []
        fields = {
            "windows": week_windows(week, faults),
            "zone": zone,
            "holidays": holidays,
            "exceptions": day_exceptions({} if exceptions is None else exceptions, faults),
            "closures": closures,
            "name": name,
            "horizon_days": horizon_days,
        }
        return _built(cls, fields, faults)

    @classmethod
    def always(cls, zone: str = "UTC") -> Self:
        """Build the calendar that never closes."""
        return cls([Window(weekday, 0, MINUTES_A_DAY) for weekday in range(DAYS_A_WEEK)], zone=zone)

    @property
    def tz(self) -> ZoneInfo:
        """The time zone, to show answers in: `answer.astimezone(calendar.tz)`."""
        return self._hours.pattern.tz

    def with_(self, **changes: Any) -> Self:
        """Build a calendar that differs in the fields that are named, such as `holidays=`."""
        return attrs.evolve(self, **changes)

    def to_dict(self) -> dict[str, Any]:
        """Give every field as plain data for `from_dict` and for JSON: dates and instants as ISO text, in UTC."""
        return {name: plain(value) for name, value in _fields(self).items()}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Build a calendar from plain data.

        Parameters
        ----------
        data : mapping
            What `to_dict` gives; what has a default may be left out. Windows and exceptions may be tables of texts as
            in `weekly`, with dates as ISO text.

        Returns
        -------
        WorkCalendar
            The calendar.

        Raises
        ------
        CalendarError
            A key is unknown or a part is wrong; `faults` holds everything that is.

        Examples
        --------
        >>> from leadkit.calendars import WorkCalendar
        >>> desk = WorkCalendar.from_dict({"windows": {"mon-fri": "09:00-17:00"}, "zone": "Europe/Berlin"})
        >>> WorkCalendar.from_dict(desk.to_dict()) == desk
        True
        """
        faults: list[Fault] = []
        return _built(cls, calendar_fields(data, faults), faults)


def _fields(calendar: Definition) -> dict[str, Any]:
    return {part.name: getattr(calendar, part.name) for part in attrs.fields(type(calendar)) if part.init}


def _restored(cls: type[Definition], fields: dict[str, Any]) -> Definition:
    return cls(**fields)


def _built(cls: type[D], fields: Mapping[str, Any], faults: list[Fault]) -> D:
    """Build a calendar from fields in which `faults` were found; the error holds these and its own."""
    if not faults:
        return cls(**fields)
    try:
        cls(**fields)
    except CalendarError as error:
        faults += error.faults
    raise CalendarError.from_faults(faults, subject="calendar")
