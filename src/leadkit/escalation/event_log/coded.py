"""A log from columns that are coded already, read in the words of a profile value by value and not row by row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from leadkit._checks import id_faults
from leadkit._fields import sealed
from leadkit.errors import Fault, LeadkitError, LogError
from leadkit.escalation.event_log.columns import InstantArray, TextColumn, instants
from leadkit.escalation.event_log.log import EventLog, sorted_log
from leadkit.escalation.event_log.reading import ColumnReader
from leadkit.escalation.profiles import LogProfile
from leadkit.typing import FloatArray

__all__ = ["CodedValues", "read_coded"]


@frozen(kw_only=True, eq=False)
class CodedValues:
    """A column: for each event the place of its value in `values`, -1 where it has none."""

    codes: NDArray[np.int32]
    values: Sequence[str | int | float]


def read_coded(
    tickets: Sequence[str],
    ticket: NDArray[np.int32],
    at: InstantArray,
    columns: Mapping[str, CodedValues],
    profile: LogProfile,
    *,
    subject: str = "event log",
    error: type[LeadkitError] = LogError,
) -> EventLog:
    """Read coded columns as a profile says, which has the headers `ticket` and `at` for the first two.

    Parameters
    ----------
    tickets : sequence of str
        Ticket ids, all different.
    ticket : array of int, shape (n_events,)
        Place of each event's ticket.
    at : array of datetime64[us], shape (n_events,)
        Instants in UTC.
    columns : mapping of str to CodedValues
        The other columns by header.
    profile : LogProfile
        What they mean.
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
        `error`: a value cannot be read; `faults` holds each such value once.
    """
    given: dict[str, Any] = {"ticket": tickets, "at": at} | {name: column.values for name, column in columns.items()}
    reader = ColumnReader(given, profile, None, _of_value)
    kept: dict[str, TextColumn | NDArray[Any]] = {}
    for name, headers in reader.given():
        if name not in {"ticket", "at"}:
            column = columns[headers[0]] if len(headers) == 1 else _joined([columns[header] for header in headers])
            kept[name] = _kept(column, reader.meanings(name, headers[0], column.values), name)
    for name in reader.rest():
        kept[name] = _kept(columns[name], reader.meanings(name, name, columns[name].values), name)
    times, time_faults = instants(at, "at")
    faults = [*reader.faults, *time_faults]
    faults += [fault for own in tickets for fault in id_faults(own, f"ticket {own!r}")]
    faults += [
        Fault(f"attribute {name!r}", "expected finite numbers, got an infinite one")
        for name, column in kept.items()
        if not isinstance(column, TextColumn) and np.isinf(column).any()
    ]
    if faults:
        raise error.from_faults(faults, subject=subject)
    return sorted_log(tuple(tickets), ticket, times, kept)


def _joined(columns: Sequence[CodedValues]) -> CodedValues:
    """Join the texts of several columns with a slash; an event that has none of them has nothing."""
    pairs, codes = np.unique(np.column_stack([column.codes for column in columns]), axis=0, return_inverse=True)
    texts = [
        "/".join("" if code < 0 else str(column.values[code]) for column, code in zip(columns, row, strict=True))
        if any(code >= 0 for code in row)
        else ""
        for row in pairs.tolist()
    ]
    return CodedValues(codes=codes.reshape(-1).astype(np.int32), values=texts)


def _kept(column: CodedValues, meanings: Sequence[Any], name: str) -> TextColumn | NDArray[Any]:
    """Give the column of what the values mean: texts, levels or numbers."""
    if name == "level":
        levels = np.array([*(0 if one is None else one for one in meanings), 0], dtype=np.int32)
        return sealed(levels[column.codes])
    known = [one for one in meanings if one is not None]
    if known and not any(isinstance(one, str) for one in known):
        numbers: FloatArray = np.array([*(np.nan if one is None else float(one) for one in meanings), np.nan])
        return sealed(numbers[column.codes])
    texts = sorted({str(one) for one in known})
    place = {text: i for i, text in enumerate(texts)}
    places = np.array([*(-1 if one is None else place[str(one)] for one in meanings), -1], dtype=np.int32)
    return TextColumn(places[column.codes], tuple(texts))


def _of_value(_place: int, header: str, what: str) -> Fault:
    return Fault(f"attribute {header!r}", what, column=header)
