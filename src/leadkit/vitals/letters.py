"""The evidence of all six letters of one person, and its numbers side by side."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Mapping
from types import MappingProxyType
from typing import Any

from attrs import field, frozen

from leadkit.vitals.assessment import VitalsAssessment
from leadkit.vitals.evidence import LetterEvidence
from leadkit.vitals.goals import goals_evidence
from leadkit.vitals.interests import interests_evidence
from leadkit.vitals.rhythm import rhythm_evidence
from leadkit.vitals.strengths import strengths_evidence
from leadkit.vitals.values import values_evidence

__all__ = ["MEASURES", "ON_THE_CLOCK"]

SATURDAY, SUNDAY = 5, 6
WEEKEND = (SATURDAY, SUNDAY)
STRENGTH_THRESHOLD = 60.0


def _days(days: Iterable[int]) -> tuple[int, ...]:
    return tuple(sorted(set(days)))


@frozen(kw_only=True)
class EvidenceRules:
    """Choices that the evidence depends on.

    Parameters
    ----------
    weekend : collection of int
        Days of the weekend, Monday = 0.
    strength_threshold : float
        Score from which on a strength is claimed by the person, and seen by others, 0..100 [POMP].
    """

    weekend: Collection[int] = field(default=WEEKEND, converter=_days)
    strength_threshold: float = STRENGTH_THRESHOLD

    def __attrs_post_init__(self) -> None:
        if not set(self.weekend) <= set(range(7)):
            msg = f"weekend: expected days in 0..6, Monday = 0, got {list(self.weekend)}"
            raise ValueError(msg)
        if not 0 <= self.strength_threshold <= 100:
            msg = f"strength_threshold: expected a score in 0..100, got {self.strength_threshold!r}"
            raise ValueError(msg)


def evidence_of(assessment: VitalsAssessment, others: Any, rules: EvidenceRules) -> Mapping[str, LetterEvidence]:
    """Read the evidence of every letter."""
    values = None if assessment.values is None else tuple(assessment.values.importance)
    return {
        "values": values_evidence(assessment.values),
        "interests": interests_evidence(assessment.interests),
        "temperament": LetterEvidence(),
        "around_the_clock": rhythm_evidence(assessment.day_logs, assessment.stated, rules.weekend),
        "life_mission": goals_evidence(assessment.goals, assessment.taken_on, values),
        "strengths": strengths_evidence(assessment.strengths, others, rules.strength_threshold),
    }


def _number(value: Any) -> float:
    return float(value)


def _mean(values: Mapping[str, float]) -> float:
    known = [value for value in values.values() if not math.isnan(value)]
    return math.fsum(known) / len(known) if known else math.nan


def _count(names: Collection[str] | None) -> float:
    return math.nan if names is None else float(len(names))


_SOURCES: Mapping[str, tuple[str, str, Callable[[Any], float]]] = MappingProxyType(
    {
        "congruence": ("values", "congruence", _number),
        "elevation": ("interests", "elevation", _number),
        "differentiation": ("interests", "differentiation", _number),
        "unlogged_hours": ("around_the_clock", "unlogged_hours", _number),
        "peak": ("around_the_clock", "peak", _number),
        "concentration": ("around_the_clock", "concentration", _number),
        "alignment": ("around_the_clock", "alignment", _number),
        "purposeful_share": ("around_the_clock", "purposeful_share", _number),
        "mid_sleep": ("around_the_clock", "mid_sleep", _number),
        "mean_completeness": ("life_mission", "completeness", _mean),
        "mean_progress": ("life_mission", "progress", _mean),
        "mean_expected_progress": ("life_mission", "expected_progress", _mean),
        "n_unserved_values": ("life_mission", "unserved_values", _count),
        "n_evidenced": ("strengths", "evidenced", _count),
        "n_claimed_only": ("strengths", "claimed_only", _count),
        "n_confirmed": ("strengths", "confirmed", _count),
        "n_claimed": ("strengths", "claimed", _count),
        "n_hidden": ("strengths", "hidden", _count),
    }
)

MEASURES: Mapping[str, str] = MappingProxyType({name: letter for name, (letter, _, _) in _SOURCES.items()})
"""The numbers in the evidence of one person, and the letter that each belongs to; means are over the goals."""

ON_THE_CLOCK = ("peak", "mid_sleep")
"""Measures that are hours of the day, so that 23 and 1 lie two hours apart."""


def measures_of(evidence: Mapping[str, LetterEvidence]) -> dict[str, float]:
    """Give the numbers of one person's evidence by name; NaN where there is none."""
    return {
        name: read(evidence[letter].findings[key]) if key in evidence[letter].findings else math.nan
        for name, (letter, key, read) in _SOURCES.items()
    }
