"""What the parser makes of the elements of an event log: columns of codes, and no tree."""

from __future__ import annotations

import math
from array import array
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any, Final

from leadkit.errors import Fault, FormatError
from leadkit.escalation.event_log.reading import in_zone
from leadkit.interchange._xml import SafeParser
from leadkit.interchange.xes._keys import ACTIVITY, NAME, TIME

__all__ = ["CodedColumn", "LogParser"]

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND: Final = timedelta(microseconds=1)
SIMPLE: Final = frozenset({"string", "date", "int", "float", "boolean", "id"})
LARGEST: Final = 1e300
NESTED: Final = frozenset({"list", "container"})


class CodedColumn:
    """A column that grows: for each row the place of its value among the different ones, -1 where it has none."""

    __slots__ = ("_places", "codes")

    def __init__(self) -> None:
        self.codes = array("i")
        self._places: dict[Any, int] = {}

    @property
    def values(self) -> list[Any]:
        """The different values, texts or numbers, in order of first occurrence."""
        return list(self._places)

    def put(self, row: int, value: Any) -> None:
        """Set the value of a row after the last."""
        codes, places = self.codes, self._places
        if len(codes) != row:
            self.fill(row)
        place = places.get(value)
        if place is None:
            place = places[value] = len(places)
        codes.append(place)

    def fill(self, n: int) -> None:
        """Make the column `n` rows long."""
        lacking = n - len(self.codes)
        if lacking > 0:
            self.codes.extend([-1] * lacking)


class LogParser(SafeParser):
    """Gathers the columns of an XES log while its elements go by.

    Parameters
    ----------
    zone : tzinfo, optional
        The zone of instants without an offset.
    max_depth : int
        How many elements may lie in each other.
    encoding : str, optional
        The encoding whatever the file says; by default what it says.
    """

    def __init__(self, zone: tzinfo | None, max_depth: int, encoding: str | None) -> None:
        super().__init__("an XES log", FormatError, start=self._start, end=self._end, encoding=encoding)
        self.faults: list[Fault] = []
        self.tickets: dict[str, int] = {}
        self.counts = array("q")
        self.at = array("q")
        self.of_events: dict[str, CodedColumn] = {}
        self.of_traces: dict[str, CodedColumn] = {}
        # whether the names of events are more than their statuses once again
        self.has_own_activity = True
        self._zone = zone
        self._max_depth = max_depth
        self._depth = 0
        self._defaults: dict[str, dict[str, Any]] = {"trace": {}, "event": {}}
        self._scope = ""
        # the attributes of the trace and of the event that are open
        self._trace: dict[str, Any] | None = None
        self._event: dict[str, Any] | None = None
        self._line = 0

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        """Take an element outside of events."""
        self._depth = depth = self._depth + 1
        tag = name.rpartition(":")[2]
        if depth > self._max_depth:
            self._refuse_depth()
        elif depth == 1 and tag != "log":
            self.refuse(f"expected <log>, got <{tag}>")
        elif depth == 2:
            self._start_part(tag, attributes)
        elif depth == 3 and self._trace is not None and tag == "event":
            self._event = {}
            self.parser.StartElementHandler = self._start_in_event
        elif depth == 3 and self._trace is not None:
            self._attribute(name, attributes, self._trace)
        elif depth == 3 and self._scope in self._defaults:
            self._attribute(name, attributes, self._defaults[self._scope])

    def _start_part(self, tag: str, attributes: dict[str, str]) -> None:
        """Take an element right below the log."""
        if tag == "trace":
            self._trace, self._line = {}, self.parser.CurrentLineNumber
            self.counts.append(0)
        elif tag == "global":
            self._scope = attributes.get("scope", "event")
        elif tag == "event":
            self._fault("the event is in no trace, so it belongs to no ticket")
        elif attributes.get("key") == ACTIVITY and attributes.get("value") == "status":
            self.has_own_activity = False

    def _start_in_event(self, name: str, attributes: dict[str, str]) -> None:
        """Take an element inside an event; nearly all are texts, so they are not asked about one by one."""
        self._depth = depth = self._depth + 1
        if depth > self._max_depth:
            self._refuse_depth()
        elif depth == 4:
            event: Any = self._event
            if name == "string" and (value := attributes.get("value")) and (key := attributes.get("key")):
                event[key] = value
            else:
                self._attribute(name, attributes, event)

    def _end(self, _name: str) -> None:
        depth, self._depth = self._depth, self._depth - 1
        if depth == 3 and self._event is not None:
            self._end_event(self._event)
            self._event = None
            self.parser.StartElementHandler = self._start
        elif depth == 2 and self._trace is not None:
            self._end_trace(self._trace)
            self._trace = None
        elif depth == 2:
            self._scope = ""

    def _attribute(self, name: str, attributes: dict[str, str], owner: dict[str, Any]) -> None:
        """Keep an attribute of a simple type; a list has its values nested, which are skipped."""
        tag = name.rpartition(":")[2]
        if tag not in SIMPLE:
            if tag not in NESTED:
                self._fault(f"expected an attribute of the types {', '.join(sorted(SIMPLE))}, got <{tag}>")
            return
        key, value = attributes.get("key"), attributes.get("value")
        if not key or value is None:
            self._fault(f"expected a key and a value in <{tag}>, got {attributes}")
        elif tag in ("string", "id", "boolean"):
            if value:
                owner[key] = value
        elif tag == "date":
            owner[key] = self._instant(value) if key == TIME else value
        else:
            number = self._number(key, value, int if tag == "int" else float)
            if number == number:  # noqa: PLR0124 - NaN is no number at all
                owner[key] = number

    def _end_event(self, event: dict[str, Any]) -> None:
        row = len(self.at)
        at = event.pop(TIME, None)
        if at is None:
            self._fault(f"expected a <date> {TIME} in the event")
        self.at.append(at if isinstance(at, int) else 0)
        for key, default in self._defaults["event"].items():
            if key not in event and key != TIME:
                event[key] = default
        columns = self.of_events
        for key, value in event.items():
            try:
                columns[key].put(row, value)
            except KeyError:
                columns[key] = column = CodedColumn()
                column.put(row, value)
        self.counts[-1] += 1

    def _end_trace(self, trace: dict[str, Any]) -> None:
        row = len(self.counts) - 1
        own = trace.pop(NAME, None)
        if not isinstance(own, str):
            self._fault(f"expected a <string> {NAME} in the trace, the id of the ticket", self._line)
            own = f"\0{row}"
        if own in self.tickets:
            self._fault(f"a trace {own!r} was there before", self._line)
        self.tickets[own] = row
        for key, default in self._defaults["trace"].items():
            if key not in trace and key != NAME:
                trace[key] = default
        for key, value in trace.items():
            self.of_traces.setdefault(key, CodedColumn()).put(row, value)

    def _instant(self, text: str) -> int | None:
        """Give microseconds since 1970 in UTC."""
        try:
            at = datetime.fromisoformat(text)
        except ValueError:
            self._fault(f"expected an instant such as 2026-10-30T17:00:00.000+01:00, got {text!r}")
            return 0
        if at.tzinfo is None:
            if self._zone is None:
                self._fault(f"no time zone is known for {text}: give a profile with a zone")
                return 0
            try:
                at = in_zone(at, self._zone)
            except ValueError as error:
                self._fault(str(error))
                return 0
        return (at - EPOCH) // MICROSECOND

    def _number(self, key: str, text: str, kind: type[int | float]) -> float:
        try:
            number = kind(text)
        except ValueError:
            number = math.inf
        if abs(number) > LARGEST:
            self._fault(f"expected a finite number for {key!r}, got {text!r:.80}")
            return math.nan
        return number

    def _fault(self, what: str, line: int | None = None) -> None:
        row = self.parser.CurrentLineNumber if line is None else line
        self.faults.append(Fault(f"line {row}", what, row=row))

    def _refuse_depth(self) -> None:
        self.refuse(f"elements lie more than {self._max_depth} deep in each other, the limit (max_depth)")
