"""The vocabulary of flags on scores, feedback and shortlists: what may be doubtful about one, a sentence each."""

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

FEEDBACK_FLAGS: Mapping[str, str] = MappingProxyType(
    {
        "no_others": "Nobody in a role that counts gave a score, so there is no mean of others and no gap.",
        "no_self": "The ratee gave no score of their own, so there is no gap.",
        "no_standard_error": "No role that counts has two raters, so the mean of others has no standard error.",
        "spread_not_shown": "The rule for gaps rests on a spread that is not shown, so some gaps are undecided.",
        "spread_shown": "The spread of anonymous raters is shown, which may tell what one of them answered.",
        "too_few_answers": "A rater answered fewer items than the dimension needs for a score.",
    }
)
"""Flag to sentence, beside those of `leadkit.stats.FLAGS`."""

SHORTLIST_FLAGS: Mapping[str, str] = MappingProxyType(
    {
        "all_excluded": "Every candidate lacks a value or falls below a floor.",
        "constant_criterion": "All kept candidates have the same value on a criterion, so it does not tell them apart.",
        "fewer_than_k": "Fewer candidates are kept than there are places.",
        "no_candidates": "There are no candidates.",
        "overlapping_leaders": "The first candidate is above the second in fewer than 80 % of the draws.",
        "tied_at_cut": "The last place was given by the order of the ids, because two candidates have equal values.",
        "unknown_error": "A standard error is not known, so there are no probabilities.",
    }
)
"""Flag to sentence, beside those of `leadkit.stats.FLAGS`."""
