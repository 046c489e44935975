"""Statistics about people: arrays in, frozen results out."""

from __future__ import annotations

from leadkit.stats._base import ConfidenceInterval
from leadkit.stats.flags import FLAGS

__all__ = ["FLAGS", "ConfidenceInterval"]
