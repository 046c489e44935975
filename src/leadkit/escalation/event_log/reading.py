"""Columns of somebody else's texts read as a log, in the words of a profile."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from leadkit._checks import id_faults, instant_faults
from leadkit.errors import Fault, LeadkitError, LogError, did_you_mean
from leadkit.escalation._checking import raise_faults
from leadkit.escalation.event_log.log import EventLog
from leadkit.escalation.event_log.making import COLUMNS, CONTACTS
from leadkit.escalation.profiles import LogProfile, profile_of, zone_faults

__all__ = ["ColumnReader", "in_zone", "read_columns", "used_headers"]

Locate = Callable[[int, str, str], Fault]
"""Makes a fault of the place of a row, a header, and what is wrong."""
LONGEST_SHOWN = 40


def read_columns(
    columns: Mapping[str, Sequence[Any]],
    profile: LogProfile | str,
    *,
    zone: str | None = None,
    locate: Locate | None = None,
    subject: str = "event log",
    error: type[LeadkitError] = LogError,
) -> EventLog:
    """Read columns of texts as a profile says.

    Parameters
    ----------
    columns : mapping of str to sequence
        Header to texts, all of one length; instants may be datetimes already, levels numbers, and None is missing.
    profile : LogProfile or str
        What they mean, or the name of one of `PROFILES`.
    zone : str, optional
        The time zone of instants without an offset; by default that of the profile.
    locate : callable, optional
        Makes a fault of the place of a row, a header, and what is wrong; by default it names both.
    subject : str
        What the error is about.
    error : type of LeadkitError
        What is raised.

    Returns
    -------
    EventLog

    Raises
    ------
    LeadkitError
        `error`: a header is missing, or a text cannot be read; `faults` holds all of them.
    UnknownIdError
        There is no profile of that name.

    Examples
    --------
    >>> table = {"number": ["INC1"], "sys_updated_at": ["29/2/2016 01:16"], "incident_state": ["Awaiting Vendor"]}
    >>> read_columns(table, "servicenow", zone="UTC").to_columns()["status"].tolist()
    ['waiting']
    """
    known = profile_of(profile)
    raise_faults(zone_faults(zone), "", LogError)
    reader = ColumnReader(columns, known, zone if zone is not None else known.zone, locate or _placed)
    kept = reader.read()
    if reader.faults:
        raise error.from_faults(reader.faults, subject=subject)
    return EventLog.from_columns(**kept)


def used_headers(profile: LogProfile) -> tuple[str, ...]:
    """List the headers that a profile reads, each once."""
    return tuple(dict.fromkeys(header for headers in profile.columns.values() for header in headers))


class ColumnReader:
    """Reads the columns of one table, each different text once, and notes what is wrong."""

    def __init__(
        self, columns: Mapping[str, Sequence[Any]], profile: LogProfile, zone: str | None, locate: Locate
    ) -> None:
        self.faults: list[Fault] = []
        self._columns = columns
        self._profile = profile
        self._zone = None if zone is None else ZoneInfo(zone)
        self._locate = locate
        self._nothing = frozenset({None, "", *profile.missing})

    def read(self) -> dict[str, list[Any]]:
        """Give the arguments of `EventLog.from_columns`."""
        kept = {name: self._column(name, headers) for name, headers in self.given()}
        for header in self.rest():
            kept[header] = self._texts(header, _plain, self._columns[header])
        return kept

    def given(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Give the profile's columns that the table has; note those it must have."""
        for name, headers in self._profile.columns.items():
            lacking = [header for header in headers if header not in self._columns]
            if not lacking:
                yield name, headers
            elif name in {"ticket", "at"} or len(lacking) < len(headers):
                self.faults += [
                    Fault("", f"the column {header!r} is missing{did_you_mean(header, self._columns)}")
                    for header in lacking
                ]

    def rest(self) -> list[str]:
        """List the headers that become attributes; note those with the name of one of a log's columns."""
        rest = [header for header in self._columns if header not in used_headers(self._profile)]
        for header in rest:
            if header in COLUMNS or header in self._profile.columns:
                what = "has the name of a column of a log that the profile reads from elsewhere: rename it"
                self.faults.append(Fault(f"column {header!r}", what, column=header))
        return rest

    def meanings(self, name: str, header: str, values: Sequence[Any]) -> list[Any]:
        """Read the values of one column, such as the different ones of a column of codes; what cannot be read is None."""
        read: dict[str, Callable[[Any], Any]] = {
            "ticket": _id,
            "at": self._instant,
            "status": self._status,
            "level": self._level,
            "group": _id,
            "person": _id,
            "contact": _contact,
        }
        return self._texts(header, read.get(name, _plain), values, needed=name in {"ticket", "at"})

    def _column(self, name: str, headers: tuple[str, ...]) -> list[Any]:
        if len(headers) == 1:
            return self.meanings(name, headers[0], self._columns[headers[0]])
        parts = [["" if one in self._nothing else str(one) for one in self._columns[header]] for header in headers]
        joined = ["/".join(row) if any(row) else "" for row in zip(*parts, strict=True)]
        return self.meanings(name, headers[0], joined)

    def _texts(
        self, header: str, read: Callable[[Any], Any], cells: Sequence[Any], *, needed: bool = False
    ) -> list[Any]:
        """Read a column through a table of the texts that occur."""
        meanings: dict[Any, Any] = {}
        complaints: dict[Any, str] = {}
        unfit = [place for place, cell in enumerate(cells) if not isinstance(cell, Hashable)]
        if unfit:
            self.faults += [self._locate(place, header, f"expected a text, got {cells[place]!r}") for place in unfit]
            return []
        for cell in set(cells):
            if cell in self._nothing or cell != cell:  # noqa: PLR0124 - NaN
                meanings[cell] = None
                if needed:
                    complaints[cell] = "expected a value, got nothing"
                continue
            try:
                meanings[cell] = read(cell)
            except ValueError as error:
                meanings[cell] = None
                complaints[cell] = str(error)
        if complaints:
            self.faults += [
                self._locate(place, header, complaints[cell]) for place, cell in enumerate(cells) if cell in complaints
            ]
        return [meanings[cell] for cell in cells]

    def _instant(self, value: Any) -> datetime:
        local = value if isinstance(value, datetime) else _parsed(str(value), self._profile.time_format)
        if local.utcoffset() is None:
            if self._zone is None:
                msg = f"no time zone is known for {local.isoformat(' ')}: give zone=, or write an offset after the time"
                raise ValueError(msg)
            local = in_zone(local, self._zone)
        for fault in instant_faults(local, ""):
            raise ValueError(fault.what)
        return local

    def _status(self, value: Any) -> str:
        text = str(value)
        status = self._profile.status_of(text)
        if status is None:
            msg = f"{_shown(text)} is none of the profile's statuses: {', '.join(self._profile.statuses)}"
            raise ValueError(msg)
        return _id(status)

    def _level(self, value: Any) -> int:
        if self._profile.level is not None:
            if str(value) not in self._profile.level:
                msg = f"{_shown(str(value))} is none of the profile's levels: {', '.join(self._profile.level)}"
                raise ValueError(msg)
            return self._profile.level[str(value)]
        text = str(int(value) if isinstance(value, float) and value.is_integer() else value)
        if not (text.isascii() and text.isdigit() and len(text) < 10):
            msg = f"expected a level, a whole number from 1, got {_shown(text)}"
            raise ValueError(msg)
        return int(text)


def in_zone(local: datetime, zone: tzinfo) -> datetime:
    """Put a time of day into its zone.

    Raises
    ------
    ValueError
        The clocks of the zone skip it, or show it twice.
    """
    instant = local.replace(tzinfo=zone)
    if instant.utcoffset() == instant.replace(fold=1).utcoffset():
        return instant
    skipped = instant.astimezone(UTC).astimezone(zone).replace(fold=0) != instant
    how = "is skipped by" if skipped else "comes twice on"
    msg = f"{local.isoformat(' ')} {how} the clocks of {zone}"
    raise ValueError(msg)


def _parsed(text: str, time_format: str | None) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        if time_format is not None:
            try:
                return datetime.strptime(text, time_format)  # noqa: DTZ007 - the zone is looked at afterwards
            except (ValueError, re.error):  # the latter where the format has one field twice
                pass
    form = "" if time_format is None else f" or {time_format}"
    msg = f"expected an instant such as 2026-10-30T17:00:00+01:00{form}, got {_shown(text)}"
    raise ValueError(msg)


def _plain(value: Any) -> Any:
    if isinstance(value, str | int | float) and not isinstance(value, bool):
        return value
    msg = f"expected a text or a number, got {value!r}"
    raise ValueError(msg)


def _id(value: Any) -> str:
    for fault in id_faults(value, ""):
        raise ValueError(fault.what)
    return str(value)


def _contact(value: Any) -> str:
    if value not in CONTACTS:
        msg = f"expected one of 'in', 'out' or nothing, got {_shown(str(value))}"
        raise ValueError(msg)
    return str(value)


def _shown(text: str) -> str:
    return repr(text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}...")


def _placed(place: int, header: str, what: str) -> Fault:
    return Fault(f"rows[{place}], {header!r}", what, column=header)
