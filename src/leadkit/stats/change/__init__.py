"""Measurement error of one person's score: bands around it, change in it, the band of a scale it falls into."""

from __future__ import annotations

from leadkit.stats.change.bands import ScoreBand, score_band
from leadkit.stats.change.classification import ScoreClassification, classify_scores
from leadkit.stats.change.error import standard_error_of_measurement
from leadkit.stats.change.reliable import ReliableChange, difference_reliability, reliable_change

__all__ = [
    "ReliableChange",
    "ScoreBand",
    "ScoreClassification",
    "classify_scores",
    "difference_reliability",
    "reliable_change",
    "score_band",
    "standard_error_of_measurement",
]
