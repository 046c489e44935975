"""The vocabulary of flags on VITALS readings: what may be doubtful about one, a sentence each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

__all__ = ["FLAGS"]

FLAGS: Mapping[str, str] = MappingProxyType(
    {
        "no_answers": "No rated item was answered.",
        "no_clear_mid_sleep": "The nights logged lie so far apart on the clock, or fill it, that they have no middle.",
        "no_clear_peak": "Energy is spread so evenly round the clock (concentration below 0.2) that it has no peak.",
        "no_demanding_hours": "No entry of the day logs has a demand of 4 or 5, so there is no alignment.",
        "no_energy": "No entry of the day logs has an energy, so there is no peak.",
        "no_evidence": "Nothing but rated items was given for this letter.",
        "no_goal_dates": "A goal lacks its start or its due date, so its expected progress is unknown.",
        "no_progress": "A goal has no progress.",
        "no_sleep_logged": "No sleep is logged, so there is no middle of it.",
        "no_values_stated": "No values were stated, so it is unknown which of them no goal serves.",
        "no_variation": "Everything has the same points or rating, so a correlation is undefined.",
        "no_waking_hours": "No waking hours are logged, so no share of them can be given.",
        "not_rated_by_others": "The others did not rate one of the strengths.",
        "nothing_stated": "Neither values nor goals were stated, so no hour can be seen to serve one.",
        "reliability_out_of_range": "A reliability is not above 0 and at most 1, so there is no band.",
        "serves_unstated": "An entry or a goal serves something that is neither a stated value nor a goal.",
        "single_area": "Only one area of interest was rated, so interests cannot differ.",
        "single_person": "There is no spread of scores to go with the reliability, so there is no band or index.",
        "small_norm_sample": "The norm sample has fewer than 100 people.",
        "tied_top": "A tie for the last place makes the list of the top ones longer than usual.",
        "too_few_answers": "Fewer items were answered than the letter needs for a score.",
        "too_few_areas": "Fewer than three areas of interest are known on both sides.",
        "too_few_occasions": "There are fewer than two scores, so there is no change over time.",
        "too_few_values": "Fewer than two values have both an importance and a rating of how far they are lived.",
        "unmatched": "Somebody was assessed on one of the two occasions only.",
        "values_not_rated": "A value has an importance but no rating of how far it is lived, and was left out.",
    }
)
"""Flag to sentence."""


def sorted_flags(flags: Iterable[str]) -> tuple[str, ...]:
    """Sort flags, drop repeats and refuse one that `FLAGS` does not explain."""
    unique = tuple(sorted(set(flags)))
    unknown = [flag for flag in unique if flag not in FLAGS]
    if unknown:
        msg = f"flags {unknown} are not in FLAGS"
        raise ValueError(msg)
    return unique
