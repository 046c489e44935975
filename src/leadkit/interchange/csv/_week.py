"""Working hours and absences as the text of cells: "mon-thu 08:00-12:00 13:00-17:00; fri 08:00-12:00"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Final
from zoneinfo import ZoneInfo

import attrs

from leadkit.calendars import DayException, Window, WorkCalendar
from leadkit.errors import CalendarError
from leadkit.interchange.csv._table import shortened
from leadkit.interchange.csv._times import day_of, day_start, instant_of, instant_text

__all__ = [
    "away_of",
    "away_text",
    "days_of",
    "days_text",
    "hours_of",
    "hours_text",
    "special_days_of",
    "special_days_text",
    "unsayable",
]

WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
NEVER: Final = "never"
CLOSED: Final = "closed"
MINUTES_A_DAY: Final = 1440
MINUTES_AN_HOUR: Final = 60
MOST_DAYS: Final = 3660
ONE_DAY: Final = timedelta(days=1)
DAYS_AND_SPANS: Final = re.compile(r"(?P<days>[^0-9]*)(?P<spans>[0-9].*)", re.DOTALL)
DAY_AND_SPANS: Final = re.compile(rf"(?P<day>\S+)\s+(?P<spans>{CLOSED}|[0-9].*)", re.DOTALL | re.IGNORECASE)
HORIZON_DAYS: Final = attrs.fields(WorkCalendar).horizon_days.default
HOURS_FORM: Final = "hours such as mon-thu 08:00-12:00 13:00-17:00; fri 08:00-12:00"
SPECIAL_FORM: Final = "a date and its hours such as 2026-12-24 09:00-12:00, or 2026-12-24 closed"


def hours_of(text: str) -> dict[str, str]:
    """Read the hours of a week as `WorkCalendar.weekly` takes them; "never" is no hours at all.

    Raises
    ------
    ValueError
        They are none; the message says what is wrong.

    Examples
    --------
    >>> hours_of("Mon-Thu 08:00-12:00 13:00-17:00; fri 08:00-12:00")
    {'mon-thu': '08:00-12:00, 13:00-17:00', 'fri': '08:00-12:00'}
    """
    if text.strip().lower() == NEVER:
        return {}
    week: dict[str, str] = {}
    for part in _parts(text):
        found = DAYS_AND_SPANS.fullmatch(part)
        if found is None:
            msg = f"expected {HOURS_FORM}, got {shortened(part)}"
            raise ValueError(msg)
        days = re.sub(r"\s", "", found["days"]).lower()
        spans = _spans(found["spans"])
        week[days] = f"{week[days]}, {spans}" if days in week else spans
    try:
        WorkCalendar.weekly(week, zone="UTC")
    except CalendarError as error:
        raise ValueError("; ".join(fault.what for fault in error.faults)) from None
    return week


def hours_text(windows: Iterable[Window]) -> str:
    """Write the windows of a week; days with the same hours that follow each other are put together.

    Examples
    --------
    >>> week = {"mon-thu": "08:00-12:00, 13:00-17:00", "fri": "22:00-06:00"}
    >>> hours_text(WorkCalendar.weekly(week, zone="UTC").windows)
    'mon-thu 08:00-12:00 13:00-17:00; fri 22:00-06:00'
    """
    days: list[tuple[int, ...]] = [()] * len(WEEKDAYS)
    for window in sorted(windows):
        days[window.weekday] += (window.opens, window.closes)
    parts = []
    for spans, numbers in groupby(range(len(WEEKDAYS)), key=days.__getitem__):
        run = list(numbers)
        if spans:
            names = WEEKDAYS[run[0]] + (f"-{WEEKDAYS[run[-1]]}" if len(run) > 1 else "")
            parts.append(f"{names} {_spans_text(zip(spans[::2], spans[1::2], strict=True))}")
    return "; ".join(parts) or NEVER


def days_of(text: str) -> list[date]:
    """Read dates and ranges of dates, which hold both ends.

    Raises
    ------
    ValueError
        They are none, or a range is longer than ten years.

    Examples
    --------
    >>> [str(day) for day in days_of("2026-12-24..2026-12-25; 2027-01-01")]
    ['2026-12-24', '2026-12-25', '2027-01-01']
    """
    days = []
    for part in _parts(text):
        first, last = (day_of(side) for side in _sides(part))
        if not 0 <= (last - first).days < MOST_DAYS:
            msg = f"{part} is no range of 1 to {MOST_DAYS} days"
            raise ValueError(msg)
        days += [first + step * ONE_DAY for step in range((last - first).days + 1)]
    return days


def days_text(days: Iterable[date]) -> str:
    """Write dates, those that follow each other as ranges."""
    runs = groupby(enumerate(sorted(days)), key=lambda pair: pair[1].toordinal() - pair[0])
    stretches = [[day for _, day in run] for _, run in runs]
    chunks = [stretch[i : i + MOST_DAYS] for stretch in stretches for i in range(0, len(stretch), MOST_DAYS)]
    return "; ".join(_range_text(chunk[0].isoformat(), chunk[-1].isoformat()) for chunk in chunks)


def special_days_of(text: str) -> dict[date, str]:
    """Read dates with hours of their own, as `WorkCalendar.weekly` takes exceptions.

    Raises
    ------
    ValueError
        They are none, or a date is there twice.

    Examples
    --------
    >>> special_days_of("2026-12-24 09:00-12:00; 2026-12-31 closed")
    {datetime.date(2026, 12, 24): '09:00-12:00', datetime.date(2026, 12, 31): ''}
    """
    days: dict[date, str] = {}
    for part in _parts(text):
        found = DAY_AND_SPANS.fullmatch(part)
        if found is None:
            msg = f"expected {SPECIAL_FORM}, got {shortened(part)}"
            raise ValueError(msg)
        day = day_of(found["day"])
        if day in days:
            msg = f"{day} is there more than once"
            raise ValueError(msg)
        days[day] = "" if found["spans"].lower() == CLOSED else _spans(found["spans"])
    try:
        WorkCalendar.weekly({}, zone="UTC", exceptions=days)
    except CalendarError as error:
        raise ValueError("; ".join(fault.what for fault in error.faults)) from None
    return days


def special_days_text(exceptions: Iterable[DayException]) -> str:
    """Write dates with hours of their own."""
    return "; ".join(f"{change.day.isoformat()} {_spans_text(change.spans) or CLOSED}" for change in sorted(exceptions))


def away_of(text: str, zone: ZoneInfo) -> list[tuple[datetime, datetime]]:
    """Read stretches of absence: dates, or ranges of dates or of instants, as the clocks of a zone show them.

    Raises
    ------
    ValueError
        They are none, or one ends before it starts.

    Examples
    --------
    >>> (away,) = away_of("2026-09-28..2026-10-02", ZoneInfo("Europe/Berlin"))
    >>> print(*away, sep=" to ")
    2026-09-28 00:00:00+02:00 to 2026-10-03 00:00:00+02:00
    """
    stretches = []
    for part in _parts(text):
        first, last = _sides(part)
        start, end = instant_of(first, zone), instant_of(last, zone, ends=True)
        if end <= start:
            msg = f"{part} ends before it starts; a range of instants is such as 2026-10-01 12:00..2026-10-01 17:00"
            raise ValueError(msg)
        stretches.append((start, end))
    return stretches


def away_text(closures: Iterable[tuple[datetime, datetime]], zone: ZoneInfo) -> str:
    """Write stretches of absence, in dates where they are whole days on the clocks of a zone.

    Examples
    --------
    >>> berlin = ZoneInfo("Europe/Berlin")
    >>> away_text(away_of("2026-09-28; 2026-10-01 12:00..2026-10-01 17:00", berlin), berlin)
    '2026-09-28; 2026-10-01 12:00..2026-10-01 17:00'
    """
    return "; ".join(_away_text(start, end, zone) for start, end in closures)


def unsayable(calendar: WorkCalendar) -> str:
    """Name what of a calendar these texts cannot say; empty where they say all of it."""
    spans = [(window.opens, window.closes) for window in calendar.windows]
    spans += [span for change in calendar.exceptions for span in change.spans]
    if any(closes - opens == MINUTES_A_DAY and opens for opens, closes in spans):
        return "a window of 24 hours that does not begin at midnight"
    if calendar.horizon_days != HORIZON_DAYS:
        return f"horizon_days {calendar.horizon_days}"
    return ""


def _parts(text: str) -> Iterator[str]:
    return (part.strip() for part in text.split(";") if part.strip())


def _sides(part: str) -> tuple[str, str]:
    """Take a range apart; one side alone is both."""
    first, dots, last = (side.strip() for side in part.partition(".."))
    return first, last if dots else first


def _spans(text: str) -> str:
    """Put commas between the spans of a day."""
    joined = "-".join(side.strip() for side in text.split("-"))
    return ", ".join(joined.replace(",", " ").split())


def _spans_text(spans: Iterable[tuple[int, int]]) -> str:
    return " ".join(f"{_clock(opens)}-{_clock(closes)}" for opens, closes in spans)


def _clock(minute: int) -> str:
    """Write a minute of the day; one past midnight is that of the next day."""
    hour, rest = divmod(minute if minute <= MINUTES_A_DAY else minute - MINUTES_A_DAY, MINUTES_AN_HOUR)
    return f"{hour:02}:{rest:02}"


def _range_text(first: str, last: str) -> str:
    return first if first == last else f"{first}..{last}"


def _away_text(start: datetime, end: datetime, zone: ZoneInfo) -> str:
    first, last = _day_begun(start, zone), _day_begun(end, zone)
    if first is not None and last is not None:
        return _range_text(first.isoformat(), (last - ONE_DAY).isoformat())
    return f"{instant_text(start, zone)}..{instant_text(end, zone)}"


def _day_begun(instant: datetime, zone: ZoneInfo) -> date | None:
    """Give the date that begins at an instant; None where none does."""
    try:
        day = instant.astimezone(zone).date()
        return day if day_start(day, zone).astimezone(instant.tzinfo) == instant else None
    except OverflowError:
        return None
