"""The event log: who did what to which ticket and when, as sorted columns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from attrs import field, frozen
from numpy.typing import ArrayLike, NDArray

from leadkit._checks import as_tuple
from leadkit._fields import FrozenMapping, frozen_mapping, sealed
from leadkit._results import Value
from leadkit.errors import Fault, LogError, UnknownIdError
from leadkit.escalation._checking import expect_kind, raise_faults
from leadkit.escalation.event_log.columns import CodeArray, InstantArray, TextColumn
from leadkit.escalation.event_log.making import COLUMNS, columns_of_records, fields_of, sorted_fields, taken
from leadkit.typing import FloatArray

if TYPE_CHECKING:
    from leadkit.escalation.profiles import LogProfile

__all__ = ["COLUMNS", "EventLog", "sorted_log"]


def _instants(values: Any) -> InstantArray:
    return sealed(np.array(values, dtype="datetime64[us]"))


def _whole(values: Any) -> CodeArray:
    return sealed(np.array(values, dtype=np.int32))


def _optional_whole(values: Any) -> CodeArray | None:
    return None if values is None else _whole(values)


def _attributes(values: Mapping[str, TextColumn | FloatArray]) -> FrozenMapping[str, TextColumn | FloatArray]:
    return frozen_mapping(values)


@frozen(kw_only=True, eq=False, repr=False)
class EventLog(Value):
    """The events of tickets, sorted by the ticket's first event, ticket id, instant and given order.

    Made by `from_columns` or `from_records`; a missing text is the code -1, an unknown level 0.

    Parameters
    ----------
    tickets : tuple of str
        Ids in order of first event, then id.
    starts : array of int, shape (n_tickets + 1,)
        Where the events of each ticket begin; the last is the number of events.
    at : array of datetime64[us], shape (n_events,)
        Instants in UTC.
    status, group, person, contact : TextColumn or None
        None where the log has no such column.
    level : array of int, shape (n_events,), or None
        Levels from 1; 0 is unknown.
    attributes : mapping of str to TextColumn or array of float, shape (n_events,)
        Further columns of texts or numbers by name.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> log = EventLog.from_columns(
    ...     ticket=["t1", "t1"],
    ...     at=[datetime(2024, 3, 4, 10, tzinfo=UTC), datetime(2024, 3, 4, 9, tzinfo=UTC)],
    ...     status=["resolved", "new"],
    ... )
    >>> log
    EventLog(tickets=1, events=2, columns=('status',), from 2024-03-04T09:00:00 to 2024-03-04T10:00:00)
    >>> log.to_columns()["status"].tolist()
    ['new', 'resolved']
    """

    tickets: tuple[str, ...] = field(converter=as_tuple)
    starts: CodeArray = field(converter=_whole)
    at: InstantArray = field(converter=_instants)
    status: TextColumn | None = None
    level: CodeArray | None = field(default=None, converter=_optional_whole)
    group: TextColumn | None = None
    person: TextColumn | None = None
    contact: TextColumn | None = None
    attributes: FrozenMapping[str, TextColumn | FloatArray] = field(default=FrozenMapping(), converter=_attributes)

    def __attrs_post_init__(self) -> None:
        n, sizes = len(self.at), np.diff(self.starts)
        faults = [
            Fault(name, f"expected {n} values, one an event, got {len(values)}")
            for name, column in self._columns().items()
            for values in [column.codes if isinstance(column, TextColumn) else column]
            if len(values) != n
        ]
        ends = (int(self.starts[0]), int(self.starts[-1])) if len(self.starts) else ()
        if len(sizes) != len(self.tickets) or ends != (0, n) or (sizes <= 0).any():
            what = f"expected the places from 0 to {n} at which {len(self.tickets)} tickets begin and the last ends"
            faults.append(Fault("starts", what))
        raise_faults(faults, "event log", LogError)

    @classmethod
    def from_columns(
        cls,
        /,
        *,
        ticket: Sequence[Any] | NDArray[Any],
        at: Sequence[Any] | NDArray[Any],
        status: Sequence[Any] | NDArray[Any] | None = None,
        level: Sequence[Any] | NDArray[Any] | None = None,
        group: Sequence[Any] | NDArray[Any] | None = None,
        person: Sequence[Any] | NDArray[Any] | None = None,
        contact: Sequence[Any] | NDArray[Any] | None = None,
        **attributes: Sequence[Any] | NDArray[Any],
    ) -> EventLog:
        """Make a log of columns of one length, in any order of rows.

        Parameters
        ----------
        ticket : sequence of str, shape (n_events,)
            Ticket ids.
        at : sequence of datetime or array of datetime64, shape (n_events,)
            Aware datetimes, or datetime64 in UTC.
        status, group, person : sequence of str, shape (n_events,), optional
            Texts; None, NaN and the empty text are missing.
        level : sequence of int, shape (n_events,), optional
            Levels from 1; None, NaN and 0 are unknown.
        contact : sequence of {"in", "out"}, shape (n_events,), optional
            Which events are contacts with the customer, and from whom.
        **attributes : sequence of str or of float, shape (n_events,)
            Further columns, each of texts or of numbers; None and NaN are missing.

        Returns
        -------
        EventLog

        Raises
        ------
        LogError
            Columns of different lengths, a missing ticket id or instant, a naive datetime, or a value of another kind;
            `faults` holds all of them with their places.
        """
        given = {"status": status, "level": level, "group": group, "person": person, "contact": contact}
        columns = (
            {"ticket": ticket, "at": at} | {name: one for name, one in given.items() if one is not None} | attributes
        )
        return cls(**fields_of(columns))

    @classmethod
    def from_records(cls, rows: Iterable[Mapping[str, Any]], profile: LogProfile | str | None = None) -> EventLog:
        """Make a log of one mapping an event.

        Parameters
        ----------
        rows : iterable of mapping
            Keys are the names of columns; what a row does not have is missing there.
        profile : LogProfile or str, optional
            How the keys and values are to be read, or the name of one of `PROFILES`; by default the keys are the
            arguments of `from_columns` and the values as there.

        Returns
        -------
        EventLog

        Raises
        ------
        LogError
            A row is no mapping, or as in `from_columns`.
        """
        columns = columns_of_records(rows)
        if profile is None:
            for name in ("ticket", "at"):
                columns.setdefault(name, [])
            return cls.from_columns(**columns)
        from leadkit.escalation.event_log.reading import read_columns

        return read_columns(columns, profile)

    def __repr__(self) -> str:
        names = tuple(name for name in COLUMNS[2:] if getattr(self, name) is not None) + tuple(self.attributes)
        between = (
            f", from {self.at.min().item().isoformat()} to {self.at.max().item().isoformat()}" if len(self.at) else ""
        )
        return f"EventLog(tickets={len(self.tickets)}, events={self.events}, columns={names}{between})"

    def __len__(self) -> int:
        return len(self.at)

    @property
    def events(self) -> int:
        """The number of events."""
        return len(self.at)

    @property
    def ticket(self) -> CodeArray:
        """The place of each event's ticket in `tickets`, shape (n_events,)."""
        return np.repeat(np.arange(len(self.tickets), dtype=np.int32), np.diff(self.starts))

    def places(self, ids: Iterable[str]) -> NDArray[np.int64]:
        """Give the places of ticket ids in `tickets`.

        Raises
        ------
        LogError
            `ids` is no list.
        UnknownIdError
            A ticket is not in the log; the nearest known are named.
        """
        place_of = {own: place for place, own in enumerate(self.tickets)}
        if isinstance(ids, str) or not isinstance(ids, Iterable):
            raise LogError.from_faults([Fault("ids", f"expected a list of ticket ids, got {ids!r}")])
        asked = list(ids)
        for own in asked:
            if not isinstance(own, str) or own not in place_of:
                raise UnknownIdError.of(own, self.tickets, kind="ticket")
        return np.array([place_of[own] for own in asked], dtype=np.int64)

    def attribute(self, name: str) -> NDArray[np.object_]:
        """Give an attribute of the tickets: the value of the first event of each.

        Parameters
        ----------
        name : str
            An attribute, or one of the columns `status`, `level`, `group`, `person`, `contact`.

        Returns
        -------
        array of object, shape (n_tickets,)
            In the order of `tickets`; missing is None.

        Raises
        ------
        UnknownIdError
            The log has no such column.
        """
        return self.column(name)[self.starts[:-1]]

    def column(self, name: str) -> NDArray[np.object_]:
        """Give the values of a column as Python objects, shape (n_events,); missing is None.

        Raises
        ------
        UnknownIdError
            The log has no such column.
        """
        column = self.column_of(name)
        if isinstance(column, TextColumn):
            return column.texts()
        values = column.astype(object)
        values[np.isnan(column) if column.dtype.kind == "f" else column == 0] = None
        return values

    def where(self, mask: ArrayLike) -> EventLog:
        """Keep the events of `mask`; a ticket of which none is left leaves the log.

        Parameters
        ----------
        mask : array of bool, shape (n_events,)
            True for the events to keep, in the order of the log.

        Returns
        -------
        EventLog

        Raises
        ------
        LogError
            The mask has another shape or is not of truth values.
        """
        chosen = np.asarray(mask)
        if chosen.shape != (self.events,) or (chosen.dtype != np.bool_ and chosen.size):
            what = f"expected {self.events} truth values, got {chosen.dtype} of shape {chosen.shape}"
            raise LogError.from_faults([Fault("mask", what)])
        places = np.flatnonzero(chosen)
        return sorted_log(
            self.tickets,
            self.ticket[places],
            self.at[places],
            {name: taken(column, places) for name, column in self._columns().items()},
        )

    def concat(self, other: EventLog) -> EventLog:
        """Join the events of two logs; a ticket in both has the events of both.

        Parameters
        ----------
        other : EventLog
            Its events come after those of this log where a ticket has events of one instant in both.

        Returns
        -------
        EventLog
            With the columns of either; what a log does not have is missing there.

        Raises
        ------
        LogError
            An attribute holds texts in one log and numbers in the other.
        """
        expect_kind(other, EventLog, "other", LogError)
        mine, theirs = self.to_columns(), other.to_columns()
        names = list(dict.fromkeys([*mine, *theirs]))
        columns: dict[str, Any] = {}
        for name in names:
            parts = [_values_or_missing(log, log_columns, name) for log, log_columns in ((self, mine), (other, theirs))]
            columns[name] = np.concatenate(parts)
        faults = _mixed_faults(self, other)
        raise_faults(faults, "event log", LogError)
        return EventLog.from_columns(**columns)

    def to_columns(self) -> dict[str, NDArray[Any]]:
        """Give the columns that the log has, in its order of events.

        Returns
        -------
        dict of array
            `ticket` and the texts as arrays of object with None for missing, `at` as datetime64[us], `level` as int with
            0 for unknown, numeric attributes as float with NaN.
        """
        tickets = np.empty(len(self.tickets), dtype=object)
        tickets[:] = self.tickets
        columns: dict[str, NDArray[Any]] = {"ticket": tickets[self.ticket], "at": self.at.copy()}
        for name, column in self._columns().items():
            columns[name] = column.texts() if isinstance(column, TextColumn) else column.copy()
        return columns

    def _columns(self) -> dict[str, TextColumn | NDArray[Any]]:
        given: dict[str, TextColumn | NDArray[Any] | None] = {name: getattr(self, name) for name in COLUMNS[2:]}
        return {name: one for name, one in (*given.items(), *self.attributes.items()) if one is not None}

    def has(self, name: str) -> bool:
        """Tell whether the log has a column or an attribute of this name."""
        return name in self.attributes or (name in COLUMNS and getattr(self, name) is not None)

    def column_of(self, name: str) -> TextColumn | NDArray[Any]:
        """Give a column as it is kept: texts as codes, levels as int32, numbers as float64.

        Raises
        ------
        UnknownIdError
            The log has no such column.
        """
        columns = self._columns()
        if name not in columns:
            raise UnknownIdError.of(name, columns, kind="column")
        return columns[name]


def sorted_log(tickets: tuple[str, ...], codes: NDArray[Any], at: InstantArray, columns: Mapping[str, Any]) -> EventLog:
    """Make a log of events in any order; `tickets` may hold ids without events and in any order."""
    return EventLog(**sorted_fields(tickets, codes, at, columns))


def _values_or_missing(log: EventLog, columns: Mapping[str, NDArray[Any]], name: str) -> NDArray[Any]:
    if name in columns:
        return columns[name]
    return np.zeros(log.events, dtype=np.int32) if name == "level" else np.full(log.events, None, dtype=object)


def _mixed_faults(mine: EventLog, theirs: EventLog) -> list[Fault]:
    both = [name for name in mine.attributes if name in theirs.attributes]
    pairs = [(name, mine.attributes[name], theirs.attributes[name]) for name in both]
    return [
        Fault(name, "expected texts in both logs or numbers in both")
        for name, one, other in pairs
        if isinstance(one, TextColumn) != isinstance(other, TextColumn)
        and all(not isinstance(part, TextColumn) or part.values for part in (one, other))
    ]
