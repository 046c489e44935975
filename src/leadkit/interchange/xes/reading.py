"""Reading XES: one pass over the file, and no tree of it in memory."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import numpy as np
from attrs import evolve
from numpy.typing import NDArray

from leadkit._fields import whole_number_faults
from leadkit.errors import Fault, FormatError, LogError
from leadkit.escalation._checking import raise_faults
from leadkit.escalation.event_log.coded import CodedValues, read_coded
from leadkit.escalation.event_log.log import COLUMNS, EventLog
from leadkit.escalation.profiles import LogProfile, profile_of
from leadkit.interchange._sources import AnySource, opened
from leadkit.interchange._xml import MAX_DEPTH
from leadkit.interchange.xes._keys import NAME, names_of
from leadkit.interchange.xes._parsing import CodedColumn, LogParser
from leadkit.interchange.xes._source import pieces

__all__ = ["MAX_BYTES", "read_xes"]

MAX_BYTES = 2**31
SUBJECT = "an XES log"
HINT = "open the file for reading bytes"


def read_xes(
    source: AnySource,
    *,
    profile: LogProfile | str | None = None,
    max_bytes: int = MAX_BYTES,
    max_depth: int = MAX_DEPTH,
) -> EventLog:
    """Read an event log in XES.

    The name of a trace is the ticket. Of its events `time:timestamp` is the instant, `org:group` the group, `org:resource`
    the person, `concept:name` the attribute `activity`, `lifecycle:transition` the attribute `lifecycle`; `leadkit:status`,
    `leadkit:level` and `leadkit:contact`, which `write_xes` writes, are columns again. All else becomes an attribute of its
    own name: texts, truth values ("true", "false"), dates and ids as texts, whole and other numbers as numbers. Attributes
    of a trace are those of all its events, called `case:<name>` where events have one of that name. Values declared as
    global stand in where an attribute is missing, but for instants and the names of traces. Lists and attributes in
    attributes are skipped. A document type declaration is refused, so no entity is ever expanded or fetched.

    Parameters
    ----------
    source : path, str, bytes or file
        A path; the text itself, which begins with "<"; its bytes; or an open file. Bytes may be packed by gzip.
    profile : LogProfile or str, optional
        What the columns above mean, by the names given there, or the name of one of `PROFILES`; such as
        `status=("activity", "lifecycle")` with its statuses, and a `zone` for instants without an offset, where a time
        that its clocks skip or show twice is refused. By default a log has a status only where `leadkit:status` or
        `status` is there.
    max_bytes : int
        Most bytes, unpacked.
    max_depth : int
        How many elements may lie in each other.

    Returns
    -------
    EventLog

    Raises
    ------
    FormatError
        This is no XES, with lines; or a limit is exceeded.
    LogError
        Another argument is wrong.
    UnknownIdError
        There is no profile of that name.
    TypeError
        `source` is something else.

    References
    ----------
    .. [1] IEEE 1849-2023, "Standard for eXtensible Event Stream (XES) for Achieving Interoperability in Event Logs and
       Event Streams".

    Examples
    --------
    >>> text = '''<log><trace><string key="concept:name" value="t1"/><event>
    ...   <string key="concept:name" value="Accepted"/><string key="org:resource" value="ann"/>
    ...   <date key="time:timestamp" value="2010-03-31T16:59:42+02:00"/></event></trace></log>'''
    >>> log = read_xes(text)
    >>> log.attribute("activity").tolist(), log.to_columns()["person"].tolist()
    (['Accepted'], ['ann'])
    >>> states = LogProfile(columns={"ticket": "ticket", "at": "at", "status": "activity"}, statuses={"*": "in_progress"})
    >>> read_xes(text, profile=states).to_columns()["status"].tolist()
    ['in_progress']
    """
    known = profile_of("generic" if profile is None else profile)
    faults = []
    for name, value in (("max_bytes", max_bytes), ("max_depth", max_depth)):
        wrong = whole_number_faults(value, name)
        faults += wrong or ([] if value >= 1 else [Fault(name, f"expected at least 1, got {value}")])
    for name in ("ticket", "at"):
        if known.columns[name] != (name,):
            faults.append(Fault("profile", f"expected {name!r} as the header of {name}, got {known.columns[name]}"))
    raise_faults(faults, "", LogError)
    zone = None if known.zone is None else ZoneInfo(known.zone)
    with opened(source, is_text=_is_xml, what=SUBJECT, hint=HINT) as file:
        # a text has an encoding no longer, whatever its head says
        parser = LogParser(zone, max_depth, "utf-8" if isinstance(file.read(0), str) else None)
        for piece in pieces(file, max_bytes):
            parser.feed(piece, is_last=False)
        parser.feed(b"", is_last=True)
    if parser.faults:
        raise FormatError.from_faults(parser.faults, subject=SUBJECT)
    return _log(parser, known)


def _is_xml(text: str) -> bool:
    return "<" in text or not text


def _log(parser: LogParser, profile: LogProfile) -> EventLog:
    counts = np.frombuffer(parser.counts, dtype=np.int64)
    trace = np.repeat(np.arange(len(counts), dtype=np.int32), counts)
    at = np.frombuffer(parser.at, dtype=np.int64).view("datetime64[us]")
    if not parser.has_own_activity:
        parser.of_events.pop(NAME, None)
    names, case_names = names_of(parser.of_events, parser.of_traces)
    columns = {names[key]: _coded(column, len(at)) for key, column in parser.of_events.items()}
    for key, column in parser.of_traces.items():
        of_trace = _coded(column, len(counts))
        columns[case_names[key]] = CodedValues(codes=of_trace.codes[trace], values=of_trace.values)
    return read_coded(
        tuple(parser.tickets), trace, at, columns, _with_standard_columns(profile), subject=SUBJECT, error=FormatError
    )


def _with_standard_columns(profile: LogProfile) -> LogProfile:
    """Take the columns that XES has of itself where the profile says nothing of them."""
    used = {header for headers in profile.columns.values() for header in headers}
    own = {name: (name,) for name in COLUMNS if name not in used}
    return evolve(profile, columns={**own, **profile.columns})


def _coded(column: CodedColumn, n: int) -> CodedValues:
    column.fill(n)
    codes: NDArray[np.int32] = np.frombuffer(column.codes, dtype=np.int32)
    values = column.values
    if any(isinstance(value, str) for value in values):
        values = [value if isinstance(value, str) else str(value) for value in values]
    return CodedValues(codes=codes, values=values)
