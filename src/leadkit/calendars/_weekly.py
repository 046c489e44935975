"""Weeks and days as people write them: "mon-fri" and "09:00-12:30, 13:30-17:00"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from leadkit.calendars._instants import MINUTES_A_DAY, is_date
from leadkit.calendars.windows import DayException, Span, Window
from leadkit.errors import Fault, did_you_mean

WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
SPAN: Final = re.compile(r"(\d{1,2}):([0-5]\d)\s*-\s*(\d{1,2}):([0-5]\d)", re.ASCII)


def week_windows(week: object, faults: list[Fault]) -> list[Window]:
    """Read a mapping of weekdays to spans; what cannot be read goes to `faults`."""
    if not isinstance(week, Mapping):
        faults.append(Fault("windows", f"expected a table of weekdays and spans, got {week!r}"))
        return []
    windows = []
    for key, text in week.items():
        where = f"windows[{key!r}]"
        weekdays = list(_weekdays(key, where, faults))
        spans = day_spans(text, where, faults)
        windows += [Window(weekday, *span) for weekday in weekdays for span in spans]
    return windows


def day_exceptions(days: object, faults: list[Fault]) -> list[DayException]:
    """Read a mapping of dates to spans; what cannot be read goes to `faults`."""
    if not isinstance(days, Mapping):
        faults.append(Fault("exceptions", f"expected a table of dates and spans, got {days!r}"))
        return []
    changes = []
    for day, text in days.items():
        where = f"exceptions[{str(day)!r}]"
        spans = day_spans(text, where, faults)
        if is_date(day):
            changes.append(DayException(day, tuple(spans)))
        else:
            faults.append(Fault(where, f"expected a date, got {day!r}"))
    return changes


def day_spans(text: object, where: str, faults: list[Fault]) -> list[Span]:
    """Read the spans of one day, "" for none; what cannot be read goes to `faults`."""
    if not isinstance(text, str):
        faults.append(Fault(where, f"expected a text like '09:00-17:00', got {text!r}"))
        return []
    parts = [part.strip() for part in text.split(",")] if text.strip() else []
    spans = []
    for part in parts:
        try:
            spans.append(_span(part))
        except ValueError as error:
            faults.append(Fault(where, str(error)))
    return spans


def _weekdays(key: object, where: str, faults: list[Fault]) -> Iterator[int]:
    if not isinstance(key, str):
        faults.append(Fault(where, f"expected weekdays like 'mon-fri', got {key!r}"))
        return
    for part in key.split(","):
        ends = [name.strip() for name in part.split("-", maxsplit=1)]
        unknown = [name for name in ends if name not in WEEKDAYS]
        faults += [Fault(where, f"unknown weekday {name!r}{did_you_mean(name, WEEKDAYS)}") for name in unknown]
        if not unknown:
            first, last = WEEKDAYS.index(ends[0]), WEEKDAYS.index(ends[-1])
            yield from ((first + step) % 7 for step in range((last - first) % 7 + 1))


def _span(text: str) -> Span:
    found = SPAN.fullmatch(text)
    if found is None:
        msg = f"{text!r} is no span of a day like '09:00-17:00'"
        raise ValueError(msg)
    hour, minute, last_hour, last_minute = map(int, found.groups())
    opens, closes = 60 * hour + minute, 60 * last_hour + last_minute
    if opens >= MINUTES_A_DAY or closes > MINUTES_A_DAY:
        msg = f"{text!r}: expected hours from 00:00 to 23:59, 24:00 for the end of the day"
        raise ValueError(msg)
    if opens == closes:
        msg = f"{text!r} could be no time or a whole day; write 00:00-24:00 for a day"
        raise ValueError(msg)
    return opens, closes if closes > opens else closes + MINUTES_A_DAY
