"""What a doubtful queueing result is flagged with, and what each word means."""

from __future__ import annotations

from leadkit._fields import FrozenMapping

__all__ = ["QUEUEING_FLAGS"]

QUEUEING_FLAGS: FrozenMapping[str, str] = FrozenMapping(
    {
        "no_arrivals": "nobody arrives from outside, so a mean over those who do is NaN",
        "no_threshold": "no threshold and variant were given, so the service level is NaN",
        "saturated": "as much work arrives as the servers can do, or more, and nobody gives up, so the queue grows for ever",
    }
)
