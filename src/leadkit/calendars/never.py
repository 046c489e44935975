"""The answer of a calendar that has no answer: an instant later than every other."""

from __future__ import annotations

from datetime import date
from enum import Enum

__all__ = ["NEVER", "Never"]


class Never(Enum):
    """The type of `NEVER`, its only value: later than every date and datetime, false, and null in plain data.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> due = datetime(2026, 3, 2, tzinfo=UTC)
    >>> min(NEVER, due) == due, due < NEVER, bool(NEVER)
    (True, True, False)
    >>> NEVER
    NEVER
    """

    NEVER = None
    """There is no such instant."""

    def __bool__(self) -> bool:
        return False

    def __repr__(self) -> str:
        return self.name

    __str__ = __repr__

    def __lt__(self, other: object) -> bool:
        return False if _is_comparable(other) else NotImplemented

    def __le__(self, other: object) -> bool:
        return other is self if _is_comparable(other) else NotImplemented

    def __gt__(self, other: object) -> bool:
        return other is not self if _is_comparable(other) else NotImplemented

    def __ge__(self, other: object) -> bool:
        return True if _is_comparable(other) else NotImplemented


NEVER = Never.NEVER
"""No such instant: the calendar opens no more, or not within its horizon."""


def _is_comparable(other: object) -> bool:
    return isinstance(other, date | Never)
