"""The words of service clocks, and which statuses begin, end and answer."""

from __future__ import annotations

from typing import Final, Literal, TypeAlias, get_args

__all__ = ["CANCELLED", "CLOCK_KINDS", "ENDED", "ON_REOPEN", "UNANSWERED", "ClockKind", "OnReopen"]

ClockKind: TypeAlias = Literal["first_response", "next_response", "resolution"]
"""What a clock measures."""
OnReopen: TypeAlias = Literal["keep", "restart"]
"""What a reopening does to the resolution clock: it keeps its start, or starts again."""

CLOCK_KINDS: Final[tuple[ClockKind, ...]] = get_args(ClockKind)
ON_REOPEN: Final[tuple[OnReopen, ...]] = get_args(OnReopen)
ENDED: Final = frozenset({"resolved", "closed"})
"""Statuses that resolve a ticket."""
CANCELLED: Final = "cancelled"
"""The status with which a ticket ends without being resolved."""
UNANSWERED: Final = frozenset({"new", "assigned"})
"""Statuses in which nobody has begun to work, so that none of them is a first response."""
