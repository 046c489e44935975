"""What service clocks and standards refuse beside what every model does."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from leadkit._checks import instant_faults
from leadkit.errors import EscalationError, Fault

__all__ = ["as_instant", "duration_faults", "refusal", "required_instant_faults"]

NOTHING = timedelta(0)


def as_instant(value: Any) -> Any:
    """Keep an aware datetime in UTC; what is none stays as it is, for the check to name."""
    if isinstance(value, datetime) and not instant_faults(value, ""):
        return value.astimezone(UTC)
    return value


def required_instant_faults(value: object, where: str) -> list[Fault]:
    """Refuse what is not a datetime with a zone."""
    return [Fault(where, "expected a datetime, got None")] if value is None else instant_faults(value, where)


def duration_faults(value: object, where: str) -> list[Fault]:
    """Refuse what is not a timedelta of at least 0."""
    if not isinstance(value, timedelta):
        return [Fault(where, f"expected a timedelta, got {value!r}")]
    return [] if value >= NOTHING else [Fault(where, f"expected at least 0, got {value}")]


def refusal(error: Exception, pauses: object = ()) -> EscalationError:
    """Tell what a calendar refused as an error of this family."""
    is_list = isinstance(pauses, Iterable) and not isinstance(pauses, str)
    fault = Fault("", str(error)) if is_list else Fault("pauses", f"expected pairs of instants, got {pauses!r}")
    return EscalationError.from_faults([fault])
