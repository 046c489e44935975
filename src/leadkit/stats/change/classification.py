"""The band of a scale a score falls into, and how likely the true score lies in another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np
from attrs import field, frozen
from numpy.typing import ArrayLike

from leadkit._fields import as_float, float_array, int_array
from leadkit._results import plain
from leadkit.stats._arrays import first_place, floats, vector
from leadkit.stats._base import TableResult
from leadkit.stats.change.error import ScoreKind, check_kind, error_flags, score_error, score_estimate
from leadkit.stats.flags import sorted_flags
from leadkit.typing import FloatArray, IntArray


@frozen(kw_only=True, eq=False)
class ScoreClassification(TableResult):
    """Bands of scores and the chance that measurement error put a score into the wrong one, one row a score.

    Parameters
    ----------
    score : (n,) array
        Observed scores; NaN where missing.
    band : (n,) array of int
        Band of the observed score, 0 (lowest) to b - 1; -1 where the score is missing.
    misclassification : (n,) array
        Probability that the true score lies in another band, in [0, 1]; NaN where undefined.
    probability : (n, b) array
        Probability that the true score lies in each band; rows sum to 1 or are NaN.
    labels : tuple of str
        Names of the bands, lowest first.
    cuts : (b - 1,) array
        Lowest score of every band but the lowest.
    expected_accuracy : float
        Mean of 1 - misclassification over the rows where it is known.
    kind : {"observed", "kelley"}
        Whether the true score was centred on the score or on Kelley's estimate.
    flags : tuple of str
        `rows_dropped` when a score or its standard error is missing, `reliability_out_of_range`, `too_few_rows` when
        no row is left or `sd` or a needed `mean` is NaN.
    """

    _columns: ClassVar[Mapping[str, str]] = {name: name for name in ("score", "band", "misclassification")}

    score: FloatArray = field(converter=float_array)
    band: IntArray = field(converter=int_array)
    misclassification: FloatArray = field(converter=float_array)
    probability: FloatArray = field(converter=float_array)
    labels: tuple[str, ...]
    cuts: FloatArray = field(converter=float_array)
    expected_accuracy: float = field(converter=as_float)
    kind: ScoreKind
    flags: tuple[str, ...] = field(default=(), converter=sorted_flags)

    def to_records(self) -> list[dict[str, Any]]:
        """Give one dictionary a score, with one `probability_<label>` a band; NaN becomes None.

        Returns
        -------
        list of dict
            The rows in the order of the result.
        """
        keys = [f"probability_{label}" for label in self.labels]
        rows = zip(super().to_records(), plain(self.probability), strict=True)
        return [record | dict(zip(keys, row, strict=True)) for record, row in rows]


def classify_scores(
    scores: ArrayLike,
    cuts: ArrayLike,
    *,
    labels: Sequence[str] | None = None,
    standard_error: ArrayLike | None = None,
    sd: float | None = None,
    reliability: float | None = None,
    mean: float | None = None,
    kind: ScoreKind = "observed",
) -> ScoreClassification:
    """Sort scores into bands and say how often measurement error puts them into the wrong one.

    The true score is taken as normal around the score, or around Kelley's estimate of it.

    Parameters
    ----------
    scores : (n,) array-like
        Observed scores; NaN is missing.
    cuts : (b - 1,) array-like
        Strictly increasing; a cut is the lowest score of the band above it.
    labels : sequence of b str, optional
        Names of the bands, lowest first, all different; by default `band0`, `band1`, ...
    standard_error : float or (n,) array-like, optional
        Standard error of the (estimated) true score, at least 0, one for all or one a score; NaN is unknown.
    sd, reliability : float, optional
        Instead of `standard_error`: standard deviation (at least 0) and reliability (above 0 and at most 1, any other
        number makes the probabilities NaN) of the observed scores.
    mean : float, optional
        Mean of the observed scores; needed and used by `kind="kelley"` only, and `reliability` with it.
    kind : {"observed", "kelley"}
        "observed": N(score, sd^2 (1 - reliability)). "kelley": N(mean + reliability (score - mean),
        sd^2 reliability (1 - reliability)).

    Returns
    -------
    ScoreClassification
        One row a score, in the order given. A standard error of 0 gives probabilities 1 and 0.

    Raises
    ------
    ValueError
        The cuts do not increase, labels are repeated or of another number, a standard error or standard deviation is
        negative, or the standard error is given twice or not at all.

    References
    ----------
    .. [1] L. M. Rudner, "Computing the expected proportions of misclassified examinees", Practical Assessment,
       Research and Evaluation 7(14), 2001.

    Examples
    --------
    >>> result = classify_scores([4.0, 11.0], [5.0, 10.0], labels=["low", "middle", "high"], standard_error=1.0)
    >>> result.band.tolist()
    [0, 2]
    >>> result.misclassification.round(3).tolist()
    [0.159, 0.159]
    """
    score = vector(scores, "scores")
    limits = _checked_cuts(cuts)
    names = _band_names(labels, limits.size + 1)
    check_kind(kind, mean)
    error = _standard_errors(score.size, standard_error, sd=sd, reliability=reliability, kind=kind)
    estimate = score_estimate(score, reliability=reliability, mean=mean, kind=kind)
    probability = _band_probabilities(estimate, error, limits)

    missing = np.isnan(score)
    band = np.where(missing, -1, np.searchsorted(limits, score, side="right"))
    # A missing score would pick the last column, where its probability is NaN anyway.
    misclassification = np.clip(1 - probability[np.arange(score.size), band], 0, 1)
    known = ~np.isnan(misclassification)
    flags = error_flags(sd=sd, reliability=reliability, mean=mean, kind=kind)
    if not known.any() and not flags:
        flags.add("too_few_rows")
    if missing.any() or (known.any() and not known.all()):
        flags.add("rows_dropped")
    return ScoreClassification(
        score=score,
        band=band,
        misclassification=misclassification,
        probability=probability,
        labels=names,
        cuts=limits,
        expected_accuracy=1 - misclassification[known].mean() if known.any() else np.nan,
        kind=kind,
        flags=flags,
    )


def _checked_cuts(cuts: ArrayLike) -> FloatArray:
    limits = vector(cuts, "cuts")
    if limits.size == 0:
        msg = "cuts: expected at least one cut, got none"
        raise ValueError(msg)
    wrong = ~(np.diff(limits, prepend=-np.inf) > 0)
    if wrong.any():
        (place,) = first_place(wrong)
        msg = f"cuts[{place}]: expected cuts that strictly increase, got {limits.tolist()}"
        raise ValueError(msg)
    return limits


def _band_names(labels: Sequence[str] | None, n_bands: int) -> tuple[str, ...]:
    if labels is None:
        return tuple(f"band{i}" for i in range(n_bands))
    names = tuple(str(label) for label in labels)
    if len(names) != n_bands or len(set(names)) != n_bands:
        msg = f"labels: expected {n_bands} different names, one more than there are cuts, got {list(names)}"
        raise ValueError(msg)
    return names


def _standard_errors(
    n: int, standard_error: ArrayLike | None, *, sd: float | None, reliability: float | None, kind: ScoreKind
) -> FloatArray:
    """Return one standard error a score, from whichever way it was given."""
    if kind == "kelley" and reliability is None:
        msg = "reliability: kind='kelley' needs the reliability of the scores"
        raise ValueError(msg)
    if standard_error is None:
        if sd is None or reliability is None:
            msg = "standard_error: expected it, or sd and reliability, got neither"
            raise ValueError(msg)
        return np.full(n, score_error(sd, reliability, kind))
    if sd is not None or (kind == "observed" and reliability is not None):
        msg = "standard_error: expected it, or sd and reliability, got both"
        raise ValueError(msg)
    error = floats(standard_error, "standard_error")
    error = np.full(n, error) if error.ndim == 0 else vector(error, "standard_error", length=n)
    if (error < 0).any():
        (place,) = first_place(error < 0)
        msg = f"standard_error[{place}]: expected at least 0, got {error[place]:g}"
        raise ValueError(msg)
    return error


def _band_probabilities(estimate: FloatArray, error: FloatArray, cuts: FloatArray) -> FloatArray:
    """Give the probability of N(estimate, error^2) between the cuts, shape (n, b)."""
    from scipy.special import ndtr

    distance = cuts - estimate[:, None]
    sure = np.where(distance > 0, np.inf, -np.inf)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        steps = np.where(error[:, None] == 0, sure, distance / error[:, None])
    below = np.where(np.isnan(distance), np.nan, ndtr(steps))
    n = estimate.size
    return np.diff(below, axis=1, prepend=np.zeros((n, 1)), append=np.ones((n, 1)))
