"""Instants that models and calls of escalation are given: kept in UTC, refused without a zone."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from leadkit._checks import instant_faults
from leadkit.errors import EscalationError, Fault
from leadkit.escalation._checking import raise_faults

__all__ = ["as_utc", "expect_instant", "required_instant_faults"]


def as_utc(value: Any) -> Any:
    """Tell an instant in UTC; what is none stays as it is, for the check to name."""
    if not isinstance(value, datetime) or value.tzinfo is UTC or value.utcoffset() is None:
        return value
    try:
        return value.astimezone(UTC)
    except OverflowError:
        return value


def required_instant_faults(value: object, where: str) -> list[Fault]:
    """Refuse what is not a datetime with a zone; None is none."""
    return [Fault(where, "expected a datetime, got None")] if value is None else instant_faults(value, where)


def expect_instant(value: Any, name: str = "now", error: type[EscalationError] = EscalationError) -> datetime:
    """Give the argument `name` in UTC, or refuse it.

    Examples
    --------
    >>> expect_instant(datetime(2026, 5, 4, 9))
    Traceback (most recent call last):
    ...
    leadkit.errors.EscalationError: now: expected a datetime with a time zone, got 2026-05-04T09:00:00 without one
    """
    raise_faults(required_instant_faults(value, name), "", error)
    instant: datetime = as_utc(value)
    return instant
