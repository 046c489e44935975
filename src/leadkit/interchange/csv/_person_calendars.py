"""The working time of a person in the cells of a table: hours of the week, holidays, days that differ, absences."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from functools import partial
from typing import Final
from zoneinfo import ZoneInfo

from leadkit.calendars import WorkCalendar
from leadkit.errors import PlanError
from leadkit.interchange.csv._columns import Columns
from leadkit.interchange.csv._times import zone_of
from leadkit.interchange.csv._week import (
    away_of,
    away_text,
    days_of,
    days_text,
    hours_of,
    hours_text,
    special_days_of,
    special_days_text,
    unsayable,
)
from leadkit.wbs import Person

__all__ = ["CALENDAR_COLUMNS", "CalendarCells", "calendar_texts"]

CALENDAR_COLUMNS: Final = ("calendar", "zone", "hours", "holidays", "special_days", "away")
NO_ZONE: Final = "no time zone is known: give zone=, or a column 'zone' such as Europe/Berlin"
NO_HOURS: Final = "has no hours to differ from: write them into the column 'hours', or give calendar="


class CalendarCells:
    """Reads the calendars of people; those who are there at the same times share one.

    Parameters
    ----------
    cells : Columns
        The table; what is wrong is noted there.
    zone : ZoneInfo, optional
        Whose clocks are meant where a person has none.
    usual : WorkCalendar, optional
        The calendar that people without hours of their own differ from.
    """

    def __init__(self, cells: Columns, *, zone: ZoneInfo | None, usual: WorkCalendar | None) -> None:
        self._cells = cells
        self._zone = zone
        self._usual = usual
        self._made: dict[tuple[str, ...], WorkCalendar | None] = {}

    def of(self, i: int) -> WorkCalendar | None:
        """Read the calendar of row i; None where it says nothing."""
        texts = tuple(self._cells.text(i, name) for name in CALENDAR_COLUMNS)
        if not any(texts):
            return None
        if texts in self._made:
            return self._made[texts]
        n_faults = len(self._cells.faults)
        calendar = self._read(i)
        if len(self._cells.faults) == n_faults:
            self._made[texts] = calendar
        return calendar

    def _read(self, i: int) -> WorkCalendar | None:
        cells = self._cells
        own_zone = cells.value(i, "zone", zone_of)
        zone = own_zone or self._zone
        week = cells.value(i, "hours", hours_of)
        holidays: list[date] = cells.value(i, "holidays", days_of) or []
        special: Mapping[date, str] = cells.value(i, "special_days", special_days_of) or {}
        away: list[tuple[datetime, datetime]] = []
        if zone is not None:
            away = cells.value(i, "away", partial(away_of, zone=zone)) or []
        elif not cells.text(i, "zone"):
            cells.fault(i, "hours" if cells.text(i, "hours") else "away", NO_ZONE)
        if zone is None:
            return None
        if week is not None:
            return WorkCalendar.weekly(
                week,
                zone=zone.key,
                holidays=holidays,
                exceptions=special,
                closures=away,
                name=cells.text(i, "calendar"),
            )
        if not cells.text(i, "hours"):
            return self._differing(i, own_zone, holidays, special, away)
        return None

    def _differing(
        self,
        i: int,
        own_zone: ZoneInfo | None,
        holidays: list[date],
        special: Mapping[date, str],
        away: list[tuple[datetime, datetime]],
    ) -> WorkCalendar | None:
        """Build the usual calendar with what a person without hours says."""
        usual = self._usual
        if usual is None:
            said = next(
                name for name in ("away", "holidays", "special_days", "zone", "calendar") if self._says(i, name)
            )
            self._cells.fault(i, said, NO_HOURS)
            return None
        changed = WorkCalendar.weekly({}, zone="UTC", exceptions=special).exceptions
        kept = [change for change in usual.exceptions if change.day not in special]
        return usual.with_(
            zone=usual.zone if own_zone is None else own_zone.key,
            holidays=[*usual.holidays, *holidays],
            exceptions=[*kept, *changed],
            closures=[*usual.closures, *away],
            name=self._cells.text(i, "calendar") or usual.name,
        )

    def _says(self, i: int, name: str) -> bool:
        return bool(self._cells.text(i, name))


def calendar_texts(person: Person) -> dict[str, str]:
    """Write the calendar of a person, all of it empty where there is none.

    Raises
    ------
    PlanError
        The texts cannot say all of it.
    """
    calendar = person.calendar
    if calendar is None:
        return dict.fromkeys(CALENDAR_COLUMNS, "")
    what = unsayable(calendar)
    if what:
        msg = f"person {person.id!r}: the calendar has {what}, which a table of people cannot say"
        raise PlanError(msg)
    return {
        "calendar": calendar.name,
        "zone": calendar.zone,
        "hours": hours_text(calendar.windows),
        "holidays": days_text(calendar.holidays),
        "special_days": special_days_text(calendar.exceptions),
        "away": away_text(calendar.closures, calendar.tz),
    }
