"""One row of scores as it is drawn: values, whiskers, what they are compared with, and every name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import numpy as np
from attrs import frozen

from leadkit.assessment import BandedScores, Metric, Scores
from leadkit.assessment.disclosure.expecting import expect
from leadkit.errors import UnknownIdError
from leadkit.plots.labels import PERCENT, scale_names, span_text, unit_text, value_text
from leadkit.typing import BoolArray, FloatArray

__all__ = [
    "NO_SCORE",
    "ProfileRow",
    "ScaleRow",
    "checked_bands",
    "column_means",
    "column_sds",
    "profile_row",
    "score_text",
]

NO_SCORE = "no score"


@frozen(kw_only=True, eq=False)
class ScaleRow:
    """The d scales that a picture of one person has.

    Parameters
    ----------
    title : str
        Whose it is.
    names : tuple of str
        What the scales are called.
    start, end : array, shape (d,)
        Lowest and highest possible score.
    unit : str
        What a score counts.
    """

    title: str
    names: tuple[str, ...]
    start: FloatArray
    end: FloatArray
    unit: str

    @property
    def shares_span(self) -> bool:
        """Whether all scales have the same ends."""
        return bool((self.start == self.start[0]).all() and (self.end == self.end[0]).all())

    def placed(self, values: FloatArray) -> FloatArray:
        """Place values on the axis: as they are where all scales share their ends, else as percent of each span."""
        return values if self.shares_span else 100 * (values - self.start) / (self.end - self.start)

    @property
    def ends(self) -> tuple[float, float]:
        """Ends of the axis."""
        return (float(self.start[0]), float(self.end[0])) if self.shares_span else (0.0, 100.0)

    @property
    def axis_label(self) -> str:
        """What the axis counts."""
        return self.unit if self.shares_span else f"percent of the way from lowest to highest ({self.unit})"


@frozen(kw_only=True, eq=False)
class ProfileRow(ScaleRow):
    """One person, or the mean of all, over d scales.

    Parameters
    ----------
    texts : tuple of str
        Written score of every scale; an empty text where there is no score.
    values, low, high : array, shape (d,)
        Scores and the ends of their whiskers; NaN where there is none.
    reference : array, shape (d,), or None
        What the scores are compared with.
    composite : array, shape (d,)
        Which scales are made of others.
    whisker_label, reference_label : str
        What whiskers and reference are.
    """

    texts: tuple[str, ...]
    values: FloatArray
    low: FloatArray
    high: FloatArray
    reference: FloatArray | None
    composite: BoolArray
    whisker_label: str
    reference_label: str


def profile_row(
    scores: Scores,
    respondent_id: str | None,
    *,
    bands: BandedScores | None,
    reference: Literal["mean"] | Mapping[str, float] | None,
) -> ProfileRow:
    """Gather what `leadkit.plots.profile` draws; that function says what the options mean."""
    hint = "give the scores first and these as bands=" if isinstance(scores, BandedScores) else ""
    expect(scores, Scores, "scores", hint=hint)
    means = column_means(scores.values)
    all_of_them = f"mean of {np.count_nonzero(~np.isnan(scores.values).all(axis=1))} respondents"
    if respondent_id is None:
        values, low, high, whisker_label = _mean_of_all(scores, bands)
        title = all_of_them.capitalize()
    else:
        values, low, high, whisker_label = _one_person(scores, respondent_id, bands)
        title = respondent_id
    start, end = scores.span
    names = scale_names(scores.instrument)
    ends = zip(values.tolist(), start.tolist(), end.tolist(), strict=True)
    return ProfileRow(
        title=title,
        names=tuple(names[name] for name in scores.scale_ids),
        texts=tuple(score_text(value, one, other, scores.metric) for value, one, other in ends),
        values=values,
        low=low,
        high=high,
        start=start,
        end=end,
        reference=means if reference == "mean" else _given_reference(scores, reference),
        composite=np.array([name not in scores.instrument.dimension_ids for name in scores.scale_ids]),
        whisker_label=whisker_label,
        reference_label=all_of_them if reference == "mean" else "reference",
        unit=unit_text(scores.metric, scores.instrument),
    )


def score_text(value: float, low: float, high: float, metric: Metric) -> str:
    r"""Write a score with the scale that it stands on; "" for NaN.

    Examples
    --------
    >>> score_text(3.8, 1.0, 5.0, "mean") == "3.80 of 1\N{EN DASH}5"
    True
    """
    text = value_text(value, metric)
    return text if metric == "pomp" or not text else f"{text} of {span_text(low, high, metric)}"


def column_means(values: FloatArray) -> FloatArray:
    """Average the known values of every column; NaN where there is none."""
    known = ~np.isnan(values)
    n = known.sum(axis=0)
    means = np.full(values.shape[1], np.nan)
    np.divide(np.where(known, values, 0.0).sum(axis=0), n, out=means, where=n > 0)
    return means


def column_sds(values: FloatArray) -> FloatArray:
    """Give the standard deviation, divisor n - 1, of the known values of every column; NaN below two."""
    known = ~np.isnan(values)
    n = known.sum(axis=0)
    squares = np.where(known, values - column_means(values), 0.0) ** 2
    sds = np.full(values.shape[1], np.nan)
    np.divide(squares.sum(axis=0), n - 1, out=sds, where=n > 1)
    np.sqrt(sds, out=sds)
    return sds


def checked_bands(bands: BandedScores, scores: Scores) -> BandedScores:
    """Refuse bands that are not about these scores."""
    if (bands.respondent_ids, bands.scale_ids) != (scores.respondent_ids, scores.scale_ids):
        msg = "bands: expected those of the same scores, got other respondents or scales"
        raise ValueError(msg)
    if not np.array_equal(bands.values, scores.values, equal_nan=True):
        msg = "bands: expected those of the same scores, got other values"
        raise ValueError(msg)
    return bands


def _one_person(
    scores: Scores, respondent_id: str, bands: BandedScores | None
) -> tuple[FloatArray, FloatArray, FloatArray, str]:
    if respondent_id not in scores.respondent_ids:
        raise UnknownIdError.of(respondent_id, scores.respondent_ids, kind="respondent")
    at = scores.respondent_ids.index(respondent_id)
    none = np.full(len(scores.scale_ids), np.nan)
    if bands is None:
        return scores.values[at], none, none, ""
    checked_bands(bands, scores)
    centre = "" if bands.kind == "observed" else " of the estimated true score"
    return scores.values[at], bands.low[at], bands.high[at], f"{100 * bands.level:g}{PERCENT} band{centre}"


def _mean_of_all(scores: Scores, bands: BandedScores | None) -> tuple[FloatArray, FloatArray, FloatArray, str]:
    if bands is not None:
        msg = "bands: a band is about one person; give respondent_id= too, or leave the bands out"
        raise ValueError(msg)
    means, sds = column_means(scores.values), column_sds(scores.values)
    return means, means - sds, means + sds, "one standard deviation between people"


def _given_reference(scores: Scores, reference: str | Mapping[str, float] | None) -> FloatArray | None:
    if reference is None:
        return None
    if isinstance(reference, str):
        msg = f"reference: expected 'mean' or a mapping of scale id to number, got {reference!r}"
        raise ValueError(msg)  # noqa: TRY004 - a text is allowed, this one is not known
    for name in reference:
        scores.position(name)
    return np.array([float(reference.get(name, np.nan)) for name in scores.scale_ids])
