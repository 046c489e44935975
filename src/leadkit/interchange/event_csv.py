"""Event logs as comma-separated text: one row an event, in the columns and words of a profile."""

from __future__ import annotations

import os
from typing import IO, Any, TypeAlias

import numpy as np
from attrs import evolve

from leadkit._fields import whole_number_faults
from leadkit.errors import Fault, FormatError, LogError
from leadkit.escalation._checking import expect_kind, raise_faults
from leadkit.escalation.event_log.columns import TextColumn
from leadkit.escalation.event_log.log import EventLog
from leadkit.escalation.event_log.reading import read_columns, used_headers
from leadkit.escalation.profiles import LogProfile, profile_of, zone_faults
from leadkit.interchange._event_rows import EventRows, read_rows
from leadkit.interchange._event_writing import write_text
from leadkit.interchange._sources import AnySource
from leadkit.interchange.csv._cells import exported, score_texts, text_table
from leadkit.interchange.csv._table import cell_fault

__all__ = ["EventSource", "read_event_csv", "write_event_csv"]

EventSource: TypeAlias = AnySource
"""A path, the text itself (which has more than one line), its bytes, or an open file; bytes may be packed by gzip."""

SUBJECT = "event table"
MAX_ROWS = 20_000_000


def read_event_csv(
    source: EventSource, *, profile: LogProfile | str = "generic", zone: str | None = None, max_rows: int = MAX_ROWS
) -> EventLog:
    """Read a log from comma-, semicolon- or tab-separated text in UTF-8, row by row.

    Parameters
    ----------
    source : path, str, bytes or file
        A path; the text itself, which has more than one line; its bytes; or an open file. Bytes packed by gzip are
        unpacked.
    profile : LogProfile or str
        What the columns and words mean, or the name of one of `PROFILES`. In the generic one they are called `ticket`,
        `at`, `status`, `level`, `group`, `person` and `contact`. Other columns become attributes of texts.
    zone : str, optional
        The time zone of instants without an offset; by default that of the profile. A time that its clocks skip or show
        twice is refused.
    max_rows : int
        Most rows, at least 1; rows of empty cells are left out.

    Returns
    -------
    EventLog

    Raises
    ------
    FormatError
        It is no such table, or a cell cannot be read; `faults` holds all of it, each with `row` and `column`.
    UnknownIdError
        There is no profile of that name.
    LogError
        Another argument is wrong.
    TypeError
        `source` is something else.

    Examples
    --------
    >>> text = '''ticket,at,status,level,priority
    ... t1,2024-03-04T09:00:00Z,new,1,high
    ... t1,2024-03-04T10:30:00+01:00,resolved,1,high
    ... '''
    >>> log = read_event_csv(text)
    >>> log
    EventLog(tickets=1, events=2, columns=('status', 'level', 'priority'), from 2024-03-04T09:00:00 to 2024-03-04T09:30:00)
    >>> read_event_csv(text.replace("Z", "").replace("1,high", "one,high", 1))
    Traceback (most recent call last):
    ...
    leadkit.errors.FormatError: event table: 2 faults
      row 2, column 'at': no time zone is known for 2024-03-04 09:00:00: give zone=, or write an offset after the time
      row 2, column 'level': expected a level, a whole number from 1, got 'one'
    """
    known = profile_of(profile)
    faults = zone_faults(zone) + whole_number_faults(max_rows, "max_rows")
    if not faults and max_rows < 1:
        faults = [Fault("max_rows", f"expected at least 1, got {max_rows}")]
    raise_faults(faults, "", LogError)
    rows = read_rows(source, used_headers(known), max_rows=max_rows)

    def locate(place: int, header: str, what: str) -> Fault:
        return cell_fault(rows.lines[place], header, what)

    columns = {name: column for name, column in zip(rows.names, rows.columns, strict=True) if name}
    try:
        log = read_columns(columns, known, zone=zone, locate=locate)
    except LogError as error:
        raise FormatError.from_faults(_in_reading_order(rows, error.faults), subject=SUBJECT) from None
    if rows.faults:
        raise FormatError.from_faults(_in_reading_order(rows, ()), subject=SUBJECT)
    return log


def write_event_csv(log: EventLog, target: str | os.PathLike[str] | IO[Any] | None = None) -> str:
    """Write a log as comma-separated text in UTF-8; `read_event_csv` gives the same again.

    The columns are those that the log has, under the names of the generic profile, then the attributes. Instants are in
    UTC. A text that a spreadsheet would run as a formula gets a leading apostrophe, which `read_event_csv` takes off.
    Attributes of numbers are read back as texts: the table does not say which was which.

    Parameters
    ----------
    log : EventLog
        The log.
    target : path or file, optional
        Where to write it, whole or not at all: a path, packed by gzip where it ends in `.gz`, or a file that is open for
        writing.

    Returns
    -------
    str
        The text.

    Raises
    ------
    LogError
        `log` is none.
    OSError
        The file cannot be written; what was there before stays.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> log = EventLog.from_columns(ticket=["t1"], at=[datetime(2024, 3, 4, 9, tzinfo=UTC)], group=["=desk"])
    >>> print(write_event_csv(log), end="")
    ticket,at,group
    t1,2024-03-04T09:00:00Z,'=desk
    >>> read_event_csv(write_event_csv(log)) == log
    True
    """
    expect_kind(log, EventLog, "log", LogError)
    columns = {name: _cells(log, name) for name in log.to_columns()}
    text = text_table([exported(name) for name in columns], columns.values())
    write_text(text, target)
    return text


def _cells(log: EventLog, name: str) -> list[str]:
    if name == "at":
        is_whole = not (log.at.view(np.int64) % 1_000_000).any()
        return [f"{text}Z" for text in np.datetime_as_string(log.at, unit="s" if is_whole else "us").tolist()]
    if name == "ticket":
        ids = list(map(exported, log.tickets))
        return [ids[place] for place in log.ticket.tolist()]
    column = log.column_of(name)
    if isinstance(column, TextColumn):
        texts = [*map(exported, column.values), ""]
        return [texts[code] for code in column.codes.tolist()]
    if name == "level":
        return [str(level) if level else "" for level in column.tolist()]
    return score_texts(column)


def _in_reading_order(rows: EventRows, faults: tuple[Fault, ...]) -> list[Fault]:
    """Give all faults by row and column; of a cell the first says enough."""
    place = {name: i for i, name in enumerate(rows.names, start=1)}
    first = {one.where: one for one in (*faults, *rows.faults) if one.column is not None}
    found = [one for one in (*rows.faults, *faults) if one.column is None]
    found += [one if one.row or not one.column else evolve(one, row=1) for one in first.values()]
    return sorted(found, key=lambda one: (one.row or 0, place.get(one.column or "", 0)))
