"""A day as it was spent: entries on the clock, what they asked and gave, and what they served."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, time
from typing import Any

from attrs import asdict, field, frozen

from leadkit._fields import string_faults, whole_number_faults
from leadkit.errors import Fault
from leadkit.vitals.checks import (
    blank_rule,
    blanks_rule,
    date_faults,
    part_faults,
    python_number,
    raise_faults,
    range_rule,
    texts_faults,
    time_faults,
    tuple_of,
)
from leadkit.vitals.clock import HOURS_A_DAY, MICROSECONDS_AN_HOUR, microsecond_of_day, span_length, spans_overlap

__all__ = ["DayLog", "Entry"]

SLEEP = "sleep"


@frozen(kw_only=True)
class Entry:
    """A stretch of the day and what filled it.

    Parameters
    ----------
    start, end : time
        Half-open: [start, end). An end before the start lies after midnight; an end equal to the start is 24 hours later.
    activity : str
        What was done; `sleep`, in any case, is sleep.
    demand, energy : int, optional
        What it asked and how much energy there was for it, each 1..5. Leave out the energy of sleep: any energy that
        is given counts towards the peak.
    serves : tuple of str
        Values (by name) and goals (by id) that it serves.

    Raises
    ------
    ResponseError
        Anything is wrong; `faults` holds all of it.

    Examples
    --------
    >>> from datetime import time
    >>> night = Entry(start=time(23), end=time(6, 30), activity="sleep")
    >>> night.hours, night.midpoint, night.is_sleep
    (7.5, 2.75, True)
    """

    start: time
    end: time
    activity: str
    demand: int | None = field(default=None, converter=python_number)
    energy: int | None = field(default=None, converter=python_number)
    serves: tuple[str, ...] = field(default=(), converter=tuple_of)

    def __attrs_post_init__(self) -> None:
        faults = time_faults(self.start, "start") + time_faults(self.end, "end")
        if not isinstance(self.activity, str):
            faults += string_faults(self.activity, "activity")
        for name in ("demand", "energy"):
            if getattr(self, name) is not None:
                faults += whole_number_faults(getattr(self, name), name)
        faults += texts_faults(self.serves, "serves")
        told = {fault.where for fault in faults}
        faults += [fault for fault in entry_rules(asdict(self, recurse=False)) if fault.where not in told]
        raise_faults(faults, "entry")

    @property
    def microseconds(self) -> int:
        """Length [us]."""
        return span_length(self.start, self.end)

    @property
    def hours(self) -> float:
        """Length, above 0 and at most 24 [h]."""
        return self.microseconds / MICROSECONDS_AN_HOUR

    @property
    def start_hour(self) -> float:
        """Hour of the day at which it starts, in [0, 24) [h]."""
        return microsecond_of_day(self.start) / MICROSECONDS_AN_HOUR

    @property
    def midpoint(self) -> float:
        """Hour of the day in its middle, in [0, 24) [h]."""
        return (self.start_hour + self.hours / 2) % HOURS_A_DAY

    @property
    def is_sleep(self) -> bool:
        """Whether it is sleep."""
        return self.activity.strip().casefold() == SLEEP


@frozen(kw_only=True)
class DayLog:
    """One turn of the clock: the entries of a day.

    A log is a circle of 24 hours. An entry that crosses midnight fills the small hours of the same log, so log the
    night once, under the day on which it begins or ends, and no hour twice.

    Parameters
    ----------
    day : date
        The day that the log is about; it tells weekdays from weekends.
    entries : tuple of Entry
        In any order; no two share any time. What they leave open is not logged.

    Raises
    ------
    ResponseError
        Entries overlap; `faults` names every pair.

    Examples
    --------
    >>> from datetime import date, time
    >>> desk = Entry(start=time(9), end=time(12), activity="desk work")
    >>> call = Entry(start=time(11, 30), end=time(12), activity="call")
    >>> DayLog(day=date(2026, 3, 2), entries=(desk, call))
    Traceback (most recent call last):
    ...
    leadkit.errors.ResponseError: day log of 2026-03-02: entries[1]: 'call' 11:30-12:00 overlaps entries[0],
    'desk work' 09:00-12:00
    """

    day: date
    entries: tuple[Entry, ...] = field(default=(), converter=tuple_of)

    def __attrs_post_init__(self) -> None:
        faults = date_faults(self.day, "day") + part_faults(self.entries, Entry, "entries")
        if isinstance(self.entries, tuple):
            faults += overlap_rule(
                [
                    (entry.activity, entry.start, entry.end) if isinstance(entry, Entry) else None
                    for entry in self.entries
                ]
            )
        raise_faults(faults, f"day log of {self.day}")


def entry_rules(part: Mapping[str, Any]) -> list[Fault]:
    """List the broken rules of an entry, as a model or as plain data."""
    faults = blank_rule(part.get("activity"), "activity")
    faults += range_rule(part.get("demand"), "demand", 1, 5) + range_rule(part.get("energy"), "energy", 1, 5)
    return faults + blanks_rule(part.get("serves"), "serves")


def overlap_rule(spans: Sequence[tuple[Any, time, time] | None]) -> list[Fault]:
    """List every pair of entries that share time, from activity, start and end; None stands for unreadable times."""
    faults = []
    known = [(i, span, microsecond_of_day(span[1]), span_length(*span[1:])) for i, span in enumerate(spans) if span]
    for k, (i, span, start, length) in enumerate(known):
        for j, other, other_start, other_length in known[:k]:
            if spans_overlap(start, length, other_start, other_length):
                faults.append(Fault(f"entries[{i}]", f"{_shown(*span)} overlaps entries[{j}], {_shown(*other)}"))
    return faults


def _shown(activity: object, start: time, end: time) -> str:
    return f"{activity!r} {_clock(start)}-{_clock(end)}"


def _clock(moment: time) -> str:
    return moment.isoformat("minutes" if moment.second == moment.microsecond == 0 else "auto")
