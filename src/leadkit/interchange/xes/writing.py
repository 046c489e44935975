"""Writing XES: a trace a ticket, an event an event."""

from __future__ import annotations

import math
import os
from collections.abc import Iterator
from typing import IO, Any, Final
from xml.sax.saxutils import quoteattr  # writes alone, parses nothing

import numpy as np

from leadkit.errors import Fault, LogError
from leadkit.escalation._checking import expect_kind
from leadkit.escalation.event_log.columns import TextColumn
from leadkit.escalation.event_log.log import EventLog
from leadkit.interchange._event_writing import write_text
from leadkit.interchange.xes._keys import ACTIVITY, KEY_OF, NAME, TIME

__all__ = ["write_xes"]

HEAD: Final = """<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1849.2023" xmlns="http://www.xes-standard.org/">
  <extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>
  <extension name="Time" prefix="time" uri="http://www.xes-standard.org/time.xesext"/>
  <extension name="Lifecycle" prefix="lifecycle" uri="http://www.xes-standard.org/lifecycle.xesext"/>
  <extension name="Organizational" prefix="org" uri="http://www.xes-standard.org/org.xesext"/>
"""


def write_xes(log: EventLog, target: str | os.PathLike[str] | IO[Any] | None = None) -> str:
    """Write a log as XES; `read_xes` gives the same again.

    A log without the attribute `activity` gets its statuses as names of events too, which other tools expect. Numbers are
    written as floating-point ones, with as many digits as they need.

    Parameters
    ----------
    log : EventLog
        The log.
    target : path or file, optional
        Where to write it, whole or not at all: a path, packed by gzip where it ends in `.gz`, or a file that is open for
        writing text or bytes.

    Returns
    -------
    str
        The text.

    Raises
    ------
    LogError
        `log` is none, or a text has a character that XML cannot hold.
    OSError
        The file cannot be written; what was there before stays.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> log = EventLog.from_columns(ticket=["t1"], at=[datetime(2024, 3, 4, 9, tzinfo=UTC)], status=["new"])
    >>> print(write_xes(log).partition("<trace>")[2].partition("</trace>")[0])
    <BLANKLINE>
        <string key="concept:name" value="t1"/>
        <event>
          <date key="time:timestamp" value="2024-03-04T09:00:00+00:00"/>
          <string key="concept:name" value="new"/>
          <string key="leadkit:status" value="new"/>
        </event>
    <BLANKLINE>
    """
    expect_kind(log, EventLog, "log", LogError)
    text = "".join(_lines(log))
    write_text(text, target)
    return text


def _lines(log: EventLog) -> Iterator[str]:
    yield HEAD
    parts = [_column(log, name) for name in log.to_columns() if name not in ("ticket", "at")]
    if log.status is not None and "activity" not in log.attributes:
        parts.insert(0, _texts(NAME, log.status, "status"))
        yield f'  <string key="{ACTIVITY}" value="status"/>\n'
    times = [f'<date key="{TIME}" value="{instant.isoformat()}+00:00"/>' for instant in log.at.tolist()]
    for own, start, end in zip(log.tickets, log.starts[:-1].tolist(), log.starts[1:].tolist(), strict=True):
        yield f'  <trace>\n    <string key="{NAME}" value={_quoted(own, "ticket")}/>\n'
        for event in range(start, end):
            cells = [times[event], *(part[event] for part in parts if part[event])]
            yield "    <event>\n" + "".join(f"      {cell}\n" for cell in cells) + "    </event>\n"
        yield "  </trace>\n"
    yield "</log>\n"


def _column(log: EventLog, name: str) -> list[str]:
    """Give the attribute of each event; an empty text where it has none."""
    column = log.column_of(name)
    key = KEY_OF.get(name, name)
    if isinstance(column, TextColumn):
        return _texts(key, column, name)
    if name == "level":
        return [f'<int key="{key}" value="{level}"/>' if level else "" for level in column.tolist()]
    shown = _quoted(key, f"attribute {name!r}")
    return ["" if math.isnan(value) else f'<float key={shown} value="{value!r}"/>' for value in column.tolist()]


def _texts(key: str, column: TextColumn, name: str) -> list[str]:
    where = f"column {name!r}"
    words = [f"<string key={_quoted(key, where)} value={_quoted(value, where)}/>" for value in column.values]
    table = np.array([*words, ""], dtype=object)
    told: list[str] = table[column.codes].tolist()
    return told


def _quoted(text: str, where: str) -> str:
    """Quote a text for an attribute; line breaks and tabs as references, for they would become spaces."""
    wrong = [char for char in text if not _is_allowed(char)]
    if wrong:
        what = f"expected no character that XML cannot hold, got {wrong[0]!r} in {text!r}"
        raise LogError.from_faults([Fault(where, what)])
    return quoteattr(text, {"\n": "&#10;", "\r": "&#13;", "\t": "&#9;"})


def _is_allowed(char: str) -> bool:
    return (char >= " " and not ("\ud800" <= char <= "\udfff" or char in "\ufffe\uffff")) or char in "\t\n\r"
