"""Instants as whole microseconds since 1970-01-01 UTC, and the way there and back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Final, TypeGuard

import numpy as np

from leadkit.calendars.never import NEVER, Never
from leadkit.typing import IntArray

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
EPOCH_DAY: Final = date(1970, 1, 1).toordinal()
MICROSECOND: Final = timedelta(microseconds=1)
MINUTE: Final = 60_000_000
MINUTES_A_DAY: Final = 1440
DAY: Final = MINUTES_A_DAY * MINUTE
FIRST: Final = (datetime.min.replace(tzinfo=UTC) - EPOCH) // MICROSECOND
LAST: Final = (datetime.max.replace(tzinfo=UTC) - EPOCH) // MICROSECOND
# more than there is between the years 1 and 9999: an answer so far away is none, and int64 holds sums of it
MOST_WORK: Final = 2 * (LAST - FIRST)
# far outside the years 1 to 9999, and far enough inside int64 that sums of a few do not overflow
FAR: Final = 2**60


def microseconds(value: object, name: str) -> int:
    """Turn the aware datetime that an argument called `name` holds into an instant."""
    if not isinstance(value, datetime):
        msg = f"{name}: expected an aware datetime, got {value!r}"
        raise TypeError(msg)
    if value.utcoffset() is None:
        msg = f"{name}: {value.isoformat()} has no time zone; an instant is an aware datetime"
        raise ValueError(msg)
    instant = (value - EPOCH) // MICROSECOND
    if not FIRST <= instant <= LAST:
        msg = f"{name}: {value.isoformat()} lies outside the years 1 to 9999 of UTC"
        raise ValueError(msg)
    return instant


def moment(instant: int) -> datetime:
    """Turn an instant into a datetime in UTC."""
    return EPOCH + timedelta(microseconds=int(instant))


def moment_or_never(instant: int | None) -> datetime | Never:
    """Turn an instant into a datetime in UTC; None, and what datetime cannot hold, into NEVER."""
    return NEVER if instant is None or not FIRST <= instant <= LAST else moment(instant)


def length(value: object, name: str) -> int:
    """Turn the timedelta that an argument called `name` holds into microseconds, at most `MOST_WORK` either way."""
    if not isinstance(value, timedelta):
        msg = f"{name}: expected a timedelta, got {value!r}"
        raise TypeError(msg)
    return min(max(value // MICROSECOND, -MOST_WORK), MOST_WORK)


def stretch(start: object, end: object) -> tuple[int, int]:
    """Read the arguments `start` and `end` of a question about a stretch of time."""
    low, high = microseconds(start, "start"), microseconds(end, "end")
    if high < low:
        msg = f"end: {moment(high).isoformat()} lies before the start, {moment(low).isoformat()}"
        raise ValueError(msg)
    return low, high


def pair(value: object, name: str) -> tuple[object, object]:
    """Take a pair apart."""
    if isinstance(value, tuple | list) and len(value) == 2:
        return value[0], value[1]
    msg = f"{name}: expected a pair (start, end), got {value!r}"
    raise TypeError(msg)


def pause_spans(pauses: Iterable[object]) -> tuple[IntArray, IntArray]:
    """Read the argument `pauses`: pairs of instants, where an end of None is one that is not known yet."""
    starts, ends = [], []
    for place, pause in enumerate(pauses):
        start, end = pair(pause, f"pauses[{place}]")
        starts.append(microseconds(start, f"start of pauses[{place}]"))
        ends.append(FAR if end is None else microseconds(end, f"end of pauses[{place}]"))
        if ends[-1] < starts[-1]:
            msg = f"pauses[{place}]: ends before it starts, {moment(starts[-1]).isoformat()}"
            raise ValueError(msg)
    return np.array(starts, dtype=np.int64), np.array(ends, dtype=np.int64)


def is_date(value: object) -> TypeGuard[date]:
    """Tell whether a value is a date; a datetime is one to Python, and none here."""
    return isinstance(value, date) and not isinstance(value, datetime)


def day_number(value: object, name: str) -> int:
    """Turn the date that an argument called `name` holds into days since 1970-01-01."""
    if not is_date(value):
        msg = f"{name}: expected a date, got {value!r}"
        raise TypeError(msg)
    return value.toordinal() - EPOCH_DAY


def date_of(day: int) -> date:
    """Turn days since 1970-01-01 into a date."""
    return date.fromordinal(int(day) + EPOCH_DAY)


def year_of(instant: int) -> int:
    """Tell in which year of UTC an instant lies; before and after the years that datetime knows, the nearest."""
    return moment(min(max(instant, FIRST), LAST)).year


def year_start(year: int) -> int:
    """Give the instant at which a year of UTC begins; the one after 9999 included."""
    return LAST + 1 if year > date.max.year else (date(year, 1, 1).toordinal() - EPOCH_DAY) * DAY
