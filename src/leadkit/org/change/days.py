"""Days as whole numbers, counted from 1970-01-01: what is read as a day, and what is not."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leadkit.errors import OrgError
from leadkit.typing import BoolArray, IntArray

__all__ = ["ALWAYS", "NEVER", "day_number", "read_days", "written_day"]

ALWAYS = np.iinfo(np.int64).min
"""The open start: before every day."""
NEVER = np.iinfo(np.int64).max
"""The open end: after every day."""


def read_days(column: NDArray[Any], *, missing: int) -> tuple[IntArray, list[tuple[int, Any]]]:
    """Read a column of days; returns them beside (row, value) of what is no day, which becomes `missing`."""
    values = column if column.dtype.kind == "M" else column.astype(object)
    if values.dtype.kind != "M" and set(map(type, values.tolist())) <= {date, type(None)}:
        values = np.array(values.tolist(), dtype="datetime64[D]")
    if values.dtype.kind == "M":
        return _from_datetimes(values, missing)
    days = np.full(len(values), missing, dtype=np.int64)
    bad = []
    for row, value in enumerate(values.tolist()):
        if not _is_missing(value):
            day = _number(value)
            if day is None:
                bad.append((row, value))
            else:
                days[row] = day
    return days, bad


def day_number(value: object, name: str) -> int:
    """Read one day.

    Raises
    ------
    OrgError
        It is missing or no day.

    Examples
    --------
    >>> day_number(date(1970, 1, 3), "day")
    2
    """
    day = None if _is_missing(value) else _number(value)
    if day is None:
        msg = f"{name}: {not_a_day(value)}"
        raise OrgError(msg)
    return day


def not_a_day(value: object) -> str:
    """Say what a day is."""
    return f"expected a date (datetime.date or numpy.datetime64, without a time of day), got {value!r}"


def written_day(day: int) -> str:
    """Write a day as ISO text.

    Examples
    --------
    >>> written_day(19783)
    '2024-03-01'
    """
    return str(np.datetime64(day, "D"))


def _from_datetimes(values: NDArray[Any], missing: int) -> tuple[IntArray, list[tuple[int, Any]]]:
    whole = values.astype("datetime64[D]")
    unknown: BoolArray = np.isnat(values)
    days = np.where(unknown, missing, whole.astype(np.int64))
    bad = np.flatnonzero(~unknown & (whole != values)).tolist()
    days[bad] = missing
    return days, [(row, values[row]) for row in bad]


def _is_missing(value: object) -> bool:
    # NaN and every kind of NaT differ from themselves; a data frame's NA cannot say.
    return value is None or type(value).__name__ in {"NAType", "NaTType"} or bool(value != value)  # noqa: PLR0124


def _number(value: Any) -> int | None:
    if isinstance(value, np.datetime64):
        days, bad = _from_datetimes(np.array([value]), ALWAYS)
        return None if bad else int(days[0])
    if isinstance(value, datetime):
        if value.tzinfo is not None or value.time() != time():
            return None
        value = value.date()
    return int(np.datetime64(value, "D").astype(np.int64)) if isinstance(value, date) else None
