"""The flags of coverage and training plans: short words that a result carries, and what each says."""

from __future__ import annotations

from collections.abc import Mapping

from leadkit._fields import FrozenMapping

__all__ = ["SKILL_FLAGS"]

SKILL_FLAGS: Mapping[str, str] = FrozenMapping(
    {
        "assumed_level_zero": "A person was not assessed in a skill and counts from level 0; person and skill follow the word after colons.",
        "no_needs": "There is no need, so there is nothing to plan.",
        "no_requirements": "There is no requirement, so no share of them is met.",
    }
)
"""Flag to sentence."""
