"""Who could be lost, and who would follow: single points of failure, the mark one leaver leaves, cover of posts."""

from __future__ import annotations

from leadkit.org.succession.measuring import bus_factor, removal_impact, succession_cover
from leadkit.org.succession.results import BusFactor, RemovalImpact, SuccessionCover

__all__ = ["BusFactor", "RemovalImpact", "SuccessionCover", "bus_factor", "removal_impact", "succession_cover"]
