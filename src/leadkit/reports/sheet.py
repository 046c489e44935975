"""The scales of some scores with everything that a report says about them, worked out once."""

from __future__ import annotations

import math
from functools import cached_property

import numpy as np
from attrs import frozen

from leadkit.assessment import BandedScores, Scores
from leadkit.plots.labels import scale_descriptions, scale_names, span_text, value_text
from leadkit.plots.rows import checked_bands, column_means, column_sds, score_text
from leadkit.reports.wording import NO_SCORE, WITHHELD, fewer_than
from leadkit.typing import FloatArray, IntArray

__all__ = ["Sheet", "sheet"]


@frozen(kw_only=True, slots=False, eq=False)
class Sheet:
    """Scores, their bands, and the names and ends of their scales.

    Parameters
    ----------
    scores : Scores
        The people.
    bands : BandedScores or None
        Bands of the same scores.
    min_group : int
        Least number of people behind a number about a group.
    """

    scores: Scores
    bands: BandedScores | None
    min_group: int

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Names of the scales."""
        names = scale_names(self.scores.instrument)
        return tuple(names[scale_id] for scale_id in self.scores.scale_ids)

    @cached_property
    def descriptions(self) -> tuple[str, ...]:
        """What the scales are about."""
        descriptions = scale_descriptions(self.scores.instrument)
        return tuple(descriptions[scale_id] for scale_id in self.scores.scale_ids)

    @cached_property
    def spans(self) -> tuple[tuple[float, float], ...]:
        """Lowest and highest possible score of every scale."""
        start, end = self.scores.span
        return tuple(zip(start.tolist(), end.tolist(), strict=True))

    @cached_property
    def parts(self) -> tuple[int, ...]:
        """Questions of every dimension, dimensions of every composite."""
        instrument = self.scores.instrument
        sizes = {part.id: len(part.items) for part in instrument.dimensions}
        sizes |= {part.id: len(part.weights) for part in instrument.composites}
        return tuple(sizes[scale_id] for scale_id in self.scores.scale_ids)

    @cached_property
    def n_scored(self) -> IntArray:
        """People with a score, a number a scale."""
        n_scored: IntArray = np.count_nonzero(~np.isnan(self.scores.values), axis=0)
        return n_scored

    @cached_property
    def means(self) -> FloatArray:
        """Mean of everybody with a score, a number a scale."""
        return column_means(self.scores.values)

    @cached_property
    def sds(self) -> FloatArray:
        """Standard deviation between people, divisor n - 1, a number a scale."""
        return column_sds(self.scores.values)

    def is_composite(self, at: int) -> bool:
        """Tell whether a scale is made of others."""
        return at >= len(self.scores.instrument.dimensions)

    def value(self, value: float) -> str:
        """Write a score; empty for NaN."""
        return value_text(value, self.scores.metric)

    def full(self, value: float, at: int) -> str:
        """Write a score with the scale that it stands on; empty for NaN."""
        return score_text(value, *self.spans[at], self.scores.metric)

    def unit(self, at: int) -> str:
        """Write the scale that a score stands on; empty where the percent sign says it."""
        return "" if self.scores.metric == "pomp" else f"of {span_text(*self.spans[at], self.scores.metric)}"

    def between(self, low: float, high: float) -> str:
        """Write two ends; empty where one is NaN."""
        return "" if math.isnan(low + high) else f"{self.value(low)} to {self.value(high)}"

    def mean_or_words(self, at: int, *, shown: bool) -> str:
        """Write the mean of all on a scale, or why it is not shown."""
        if shown:
            return self.value(float(self.means[at])) or NO_SCORE
        return WITHHELD if self.n_scored[at] >= self.min_group else fewer_than(self.min_group)

    def mean_of_others(self, row: int) -> FloatArray:
        """Give the mean of all on every scale; NaN where fewer than `min_group` others have a score.

        With fewer, a person who knows their own score could work out what few others have.
        """
        n_others = self.n_scored - ~np.isnan(self.scores.values[row])
        return np.where(n_others >= self.min_group, self.means, np.nan)


def sheet(scores: Scores, *, bands: BandedScores | None, min_group: int) -> Sheet:
    """Check what a report is made of.

    Raises
    ------
    ValueError
        The bands are those of other scores, or `min_group` is no whole number above 0.
    """
    if isinstance(min_group, bool) or not isinstance(min_group, int | np.integer) or min_group < 1:
        msg = f"min_group: expected a whole number above 0, got {min_group!r}"
        raise ValueError(msg)
    if bands is not None:
        checked_bands(bands, scores)
    return Sheet(scores=scores, bands=bands, min_group=int(min_group))
