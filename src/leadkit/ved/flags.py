"""The vocabulary of flags on V.E.D. results: what may be doubtful, a sentence each."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

VED_FLAGS: Mapping[str, str] = MappingProxyType(
    {
        "no_codes": "Nobody saw a code in the message, so it leans to no side.",
        "no_horizon": "The statement does not say how far ahead it looks.",
        "no_interval": "No resamples were asked for, so agreement has no interval.",
        "no_reach": "The statement does not say whom it is about.",
        "no_sem": "The standard error of measurement is not known, so there is no probability.",
        "one_coder": "Only one person read the message, so it says nothing about agreement.",
        "tied_lowest": "The score is the lowest of vision, engagement and delivery, and not the only one.",
        "zero_sem": "The standard error of measurement is 0, so the probability is that of a score without error.",
    }
)
"""Flag to sentence, beside those of `leadkit.assessment.flags.SCORE_FLAGS` and `leadkit.stats.FLAGS`."""
