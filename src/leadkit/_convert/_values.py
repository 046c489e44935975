"""Single values: taken as they are, and refused where they are of another type."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, get_args

from leadkit._durations import duration_of, duration_text
from leadkit.errors import did_you_mean

__all__ = [
    "day",
    "duration",
    "duration_or_seconds",
    "instant",
    "number",
    "number_or_unknown",
    "signed_duration_text",
    "string",
    "text",
    "time_of_day",
    "truth",
    "whole",
    "whole_or_number",
    "word",
]


def whole(value: Any, _: Any) -> int:
    """Take a whole number."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    msg = f"expected a whole number, got {value!r}"
    raise TypeError(msg)


def number(value: Any, _: Any) -> float:
    """Take a number as a float."""
    return float(whole_or_number(value, None))


def number_or_unknown(value: Any, _: Any) -> float:
    """Take a number as a float; null, which is written for NaN, is NaN again."""
    return math.nan if value is None else number(value, None)


def whole_or_number(value: Any, _: Any) -> int | float:
    """Take a number as it is."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    msg = f"expected a number, got {value!r}"
    raise TypeError(msg)


def string(value: Any, _: Any) -> str:
    """Take a text."""
    if isinstance(value, str):
        return value
    msg = f"expected a text, got {value!r}"
    raise TypeError(msg)


def truth(value: Any, _: Any) -> bool:
    """Take true or false."""
    if isinstance(value, bool):
        return value
    msg = f"expected true or false, got {value!r}"
    raise TypeError(msg)


def text(value: Any, _: Any) -> str | dict[str, str]:
    """Take a text, or one text per language."""
    if isinstance(value, str):
        return value
    if isinstance(value, Mapping) and all(isinstance(part, str) for pair in value.items() for part in pair):
        return dict(value)
    msg = f"expected a text, or one text per language, got {value!r}"
    raise TypeError(msg)


def word(value: Any, literal: Any) -> Any:
    """Take one of the words of a `Literal`."""
    allowed = get_args(literal)
    if isinstance(value, str) and value in allowed:
        return value
    msg = f"expected one of {', '.join(map(repr, allowed))}, got {value!r}{did_you_mean(str(value), allowed)}"
    raise ValueError(msg)


def day(value: Any, _: Any) -> date:
    """Take a date, or its ISO text."""
    if type(value) is date:
        return value
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        msg = f"expected a date like 2026-05-31, got {value!r}"
        raise ValueError(msg) from None


def instant(value: Any, _: Any) -> datetime:
    """Take an instant, or its ISO text."""
    parsed = value if isinstance(value, datetime) else None
    if isinstance(value, str):
        with contextlib.suppress(ValueError):
            parsed = datetime.fromisoformat(value)
    if parsed is None or parsed.tzinfo is None:
        msg = f"expected an instant with its offset like 2026-05-31T09:00:00+02:00, got {value!r}"
        raise ValueError(msg)
    return parsed


def time_of_day(value: Any, _: Any) -> time:
    """Take a time of day, or its ISO text."""
    parsed = value if isinstance(value, time) else None
    if isinstance(value, str):
        with contextlib.suppress(ValueError):
            parsed = time.fromisoformat(value)
    if parsed is None or parsed.tzinfo is not None:
        msg = f"expected a time of day like 09:30, got {value!r}"
        raise ValueError(msg)
    return parsed


def duration(value: Any, _: Any) -> timedelta:
    """Take a duration, or its ISO text."""
    if isinstance(value, timedelta):
        return value
    is_negative = isinstance(value, str) and value.startswith("-")
    return -duration_of(value[1:]) if is_negative else duration_of(value)


def duration_or_seconds(value: Any, _: Any) -> timedelta:
    """Take a duration, its ISO text, or its seconds, as results write it."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        return duration(value, None)
    try:
        return timedelta(seconds=value)
    except (OverflowError, ValueError):
        msg = f"{value!r} seconds are longer than the longest duration, {timedelta.max.days} days"
        raise ValueError(msg) from None


def signed_duration_text(value: timedelta) -> str:
    """Write a duration, which may be negative."""
    return f"-{duration_text(-value)}" if value < timedelta() else duration_text(value)
