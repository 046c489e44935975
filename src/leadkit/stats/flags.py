"""The vocabulary of flags: what may be doubtful about a statistic, a sentence each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

FLAGS: Mapping[str, str] = MappingProxyType(
    {
        "all_missing": "A person answered nothing.",
        "approximate_interval": "The interval rests on approximate degrees of freedom.",
        "categories_from_data": "The categories were taken from the data, so an unused one is not counted in the weights.",
        "chance_agreement_one": "Agreement by chance alone would be perfect, so a chance-corrected index is undefined.",
        "coarse_grid": "The points lie further apart than the standard error, so estimate and error are imprecise: use more.",
        "constant_item": "An item has the same answer from everybody.",
        "disconnected_design": "Raters and targets fall into parts that no rating connects.",
        "few_strata": "Few score levels hold people of both groups.",
        "heywood": "A uniqueness lies at its lower bound.",
        "mean_out_of_range": "A mean is so near an end of the scale that the index is undefined.",
        "negative_component": "A variance component is estimated below 0.",
        "negative_estimate": "The estimate is below 0.",
        "no_curvature": "The surface has no curvature, so it has no stationary point or axes.",
        "no_maximum": "The likelihood has no maximum, because every answer lies at the same end.",
        "no_pairs": "No pair of items meets the condition.",
        "no_replication": "Every group has one row only, so there is no variance within groups.",
        "no_variance": "There is no variance to explain.",
        "no_variation": "Only one value was ever used, so agreement cannot be told from constancy.",
        "none_selected": "A group has nobody selected.",
        "not_converged": "The iterations stopped before they met their tolerance.",
        "not_monotone": "The fitted norms fall somewhere where they should rise.",
        "perfect_consistency": "Raters differ by constants only, or answers within a group not at all, so the error variance is 0.",
        "prior_only": "The estimate is the prior's, because there are no answers.",
        "reliability_out_of_range": "A reliability is not above 0 and at most 1.",
        "rows_dropped": "Rows were left out, for missing values or a missing group.",
        "sampled_splits": "Split halves were sampled, so the maximum over all splits may be higher.",
        "separated": "The groups or answers separate perfectly, so that an odds ratio or a regression has no finite estimate.",
        "single_group": "There is one group only.",
        "single_item": "There is one item only.",
        "singular_covariance": "The covariance matrix has no inverse.",
        "small_group": "A group has fewer than 100 rows.",
        "small_norm_sample": "The norm sample has fewer than 100 people.",
        "too_few_dimensions": "Too few dimensions are known on both sides.",
        "too_few_pairs": "A pair of items was answered together by fewer than two people.",
        "too_few_raters": "There are fewer than two raters.",
        "too_few_rows": "There are too few rows.",
        "undefined_resamples": "Some resamples gave no value and were left out.",
        "underidentified": "The model has more parameters than the data can fix.",
        "unequal_halves": "The halves differ in their number of items.",
        "variance_above_null": "Answers vary more than random answers would.",
        "zero_between_variance": "The variance between groups is estimated as 0.",
        "zero_variance_person": "A person's values have no spread or are too few, so a correlation is undefined.",
    }
)
"""Every flag that a statistic may carry, and what it says."""


def sorted_flags(flags: Iterable[str]) -> tuple[str, ...]:
    """Sort flags and drop repeats.

    Raises
    ------
    ValueError
        A flag is not in `FLAGS`.
    """
    unique = tuple(sorted(set(flags)))
    unknown = [flag for flag in unique if flag not in FLAGS]
    if unknown:
        msg = f"flags {unknown} are not in FLAGS"
        raise ValueError(msg)
    return unique


def sorted_row_flags(rows: Iterable[Iterable[str]]) -> tuple[tuple[str, ...], ...]:
    """Sort the flags of every row and drop repeats, each combination once: there are few, and many rows."""
    combinations = list(map(tuple, rows))
    known = {row: sorted_flags(row) for row in set(combinations)}
    return tuple(map(known.__getitem__, combinations))
