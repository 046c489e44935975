"""Instants of policies in plain data, where an instant, none and never are told apart."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from leadkit.calendars import NEVER, Never

__all__ = ["instant_of", "instant_text"]

NEVER_TEXT: Final = "never"


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
