"""Instants of policies: kept in UTC, refused without a zone, and told apart from none and never in plain data."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from leadkit._checks import instant_faults
from leadkit.calendars import NEVER, Never
from leadkit.errors import Fault, PolicyError

__all__ = ["as_utc", "expect_instant", "instant_of", "instant_text", "moment_faults"]

NEVER_TEXT: Final = "never"


def as_utc(value: Any) -> Any:
    """Tell an instant in UTC; what is none stays as it is, for the check to name."""
    if not isinstance(value, datetime) or value.tzinfo is UTC or value.utcoffset() is None:
        return value
    try:
        return value.astimezone(UTC)
    except OverflowError:
        return value


def moment_faults(value: object, where: str) -> list[Fault]:
    """Refuse what is not a datetime with a zone; None is none."""
    return [Fault(where, "expected a datetime, got None")] if value is None else instant_faults(value, where)


def expect_instant(value: Any, name: str) -> datetime:
    """Give the argument `name` in UTC, or refuse it."""
    if faults := moment_faults(value, name):
        raise PolicyError.from_faults(faults)
    instant: datetime = as_utc(value)
    return instant


def instant_text(value: datetime | Never | None) -> str | None:
    """Write an instant as ISO text; `NEVER` is "never"."""
    if value is NEVER:
        return NEVER_TEXT
    return value.isoformat() if isinstance(value, datetime) else None


def instant_of(value: object) -> datetime | Never:
    """Read an instant that `instant_text` wrote, None excepted; raise ValueError where it is none."""
    if value == NEVER_TEXT:
        return NEVER
    if isinstance(value, datetime):
        return value
    try:
        return datetime.fromisoformat(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        msg = f"expected an instant with its offset like 2026-05-31T09:00:00+00:00, got {value!r}"
        raise ValueError(msg) from None
