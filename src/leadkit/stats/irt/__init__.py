"""Item response theory: item parameters, their curves, a person's place on the trait, and calibration."""

from __future__ import annotations

from leadkit.stats.irt.calibration import Calibration, calibrate
from leadkit.stats.irt.curves import category_probabilities, expected_score, item_information, marginal_reliability
from leadkit.stats.irt.parameters import ItemParameters
from leadkit.stats.irt.scoring import ThetaScores, estimate_theta

__all__ = [
    "Calibration",
    "ItemParameters",
    "ThetaScores",
    "calibrate",
    "category_probabilities",
    "estimate_theta",
    "expected_score",
    "item_information",
    "marginal_reliability",
]
