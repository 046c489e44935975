"""Answers given without care: what each person's pattern of answers says, and screening by rules of one's own."""

from __future__ import annotations

from leadkit.stats.careless.indices import CarelessIndices, careless_indices
from leadkit.stats.careless.screen import CarelessScreen, careless_screen

__all__ = [
    "CarelessIndices",
    "CarelessScreen",
    "careless_indices",
    "careless_screen",
]
