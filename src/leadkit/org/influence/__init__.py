"""Leadership without a position: who goes to whom, and how that differs from the reporting lines."""

from __future__ import annotations

from leadkit.org.influence.measuring import measure_influence
from leadkit.org.influence.nominations import Nominations
from leadkit.org.influence.report import InfluenceReport, TierInfluence

__all__ = ["InfluenceReport", "Nominations", "TierInfluence", "measure_influence"]
