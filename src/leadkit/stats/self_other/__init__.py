"""How somebody sees themselves beside how others see them."""

from __future__ import annotations

from leadkit.stats.self_other.gaps import SelfOtherGap, self_other_gap
from leadkit.stats.self_other.profiles import ProfileSimilarity, profile_similarity
from leadkit.stats.self_other.surface import ResponseSurface, response_surface

__all__ = [
    "ProfileSimilarity",
    "ResponseSurface",
    "SelfOtherGap",
    "profile_similarity",
    "response_surface",
    "self_other_gap",
]
