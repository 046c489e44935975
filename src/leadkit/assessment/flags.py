"""The vocabulary of flags on scores: what may be doubtful about one, a sentence each."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

SCORE_FLAGS: Mapping[str, str] = MappingProxyType(
    {
        "missing_part": "A composite has no score, because one of its dimensions has none.",
        "no_answers": "The respondent answered nothing at all.",
        "partial_composite": "A composite was formed without a dimension that has no score; the weights were rescaled.",
        "reliability_out_of_range": "A reliability is not above 0 and at most 1, so there is no band.",
        "single_person": "There is one score only, so there is no spread and no band.",
        "too_few_answers": "Fewer items were answered than the dimension needs for a score.",
        "weighted_items": "Items have different weights; alpha and omega are those of the weighted items.",
    }
)
"""Flag to sentence, beside those of `leadkit.stats.FLAGS`."""
