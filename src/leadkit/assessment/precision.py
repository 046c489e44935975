"""How far a score may be from the true one: standard errors from reliabilities, composites from their parts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, TypeAlias

import numpy as np
from attrs import field, frozen

from leadkit._fields import float_array
from leadkit._results import TableResult
from leadkit.assessment.consistency import ReliabilityTable
from leadkit.assessment.scoring import Scores, position_of
from leadkit.typing import FloatArray

__all__ = ["Precision", "Reliability", "precision", "standard_errors"]

Reliability: TypeAlias = ReliabilityTable | Mapping[str, float]
"""Reliability of each scale: a table of `leadkit.assessment.reliability`, or a mapping scale id to coefficient."""


def _ids(ids: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(ids)


def _row_flags(flags: tuple[tuple[str, ...], ...]) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(sorted(row)) for row in flags)


@frozen(kw_only=True, eq=False)
class Precision(TableResult):
    """Spread, reliability and standard error of measurement of every scale.

    Parameters
    ----------
    scale_ids : tuple of str
        The d scales.
    mean, sd : array, shape (d,)
        Of the scores; sd with divisor n - 1, NaN for one person.
    reliability : array, shape (d,)
        In (0, 1]; NaN where none was given or it is out of range.
    standard_error : array, shape (d,)
        Standard error of measurement, in the metric of the scores.
    scale_flags : tuple of tuple of str
        `single_person`, `reliability_out_of_range`, a tuple for each scale.
    """

    _columns: ClassVar[Mapping[str, str]] = {
        "scale_ids": "scale_id",
        "mean": "mean",
        "sd": "sd",
        "reliability": "reliability",
        "standard_error": "standard_error",
        "scale_flags": "flags",
    }

    scale_ids: tuple[str, ...] = field(converter=_ids)
    mean: FloatArray = field(converter=float_array)
    sd: FloatArray = field(converter=float_array)
    reliability: FloatArray = field(converter=float_array)
    standard_error: FloatArray = field(converter=float_array)
    scale_flags: tuple[tuple[str, ...], ...] = field(converter=_row_flags)

    @property
    def flags(self) -> tuple[str, ...]:
        """All flags of all scales."""
        return tuple(sorted({flag for row in self.scale_flags for flag in row}))


def precision(scores: Scores, reliability: Reliability) -> Precision:
    """Work out the standard error of measurement of every scale.

    A scale with a coefficient has SEM = sd sqrt(1 - r).
    A composite without one follows from its dimensions, whose errors are taken as independent:
    SEM = sqrt(sum of (w SEM)^2)/sum of w, and r = 1 - SEM^2/sd^2.

    Parameters
    ----------
    scores : Scores
        The people whose spread is used; n - 1 is the divisor.
    reliability : ReliabilityTable or mapping of str to float
        Coefficients by scale id; a scale that is not named has NaN.

    Raises
    ------
    UnknownIdError
        A coefficient is given for a scale that is not there.

    References
    ----------
    .. [1] C. I. Mosier, "On the reliability of a weighted composite", Psychometrika 8, 1943.

    Examples
    --------
    >>> from leadkit import samples
    >>> from leadkit.assessment import score
    >>> scores = score(samples.answers("ved", rng=1))
    >>> spread = precision(scores, {"vision": 0.84})
    >>> bool(abs(spread.standard_error[0] - 0.4 * spread.sd[0]) < 1e-12)
    True
    """
    coefficients = coefficients_of(reliability)
    for name in coefficients:
        position_of(name, scores.instrument.scale_ids)
    mean, sd = _mean_and_sd(scores.values)
    r = np.array([coefficients.get(name, np.nan) for name in scores.scale_ids], dtype=np.float64)
    wrong = ~np.isnan(r) & ~((r > 0) & (r <= 1))
    r[wrong] = np.nan
    error = sd * np.sqrt(1 - r)
    for part in scores.instrument.composites:
        if part.id in scores.scale_ids and part.id not in coefficients:
            at = scores.scale_ids.index(part.id)
            places = [scores.scale_ids.index(name) for name in part.weights]
            weights = np.array(list(part.weights.values()))
            error[at] = np.sqrt(np.sum((weights * error[places]) ** 2)) / weights.sum()
            if sd[at] > 0:
                r[at] = 1 - (error[at] / sd[at]) ** 2
    single = np.count_nonzero(~np.isnan(scores.values), axis=0) < 2
    flags = tuple(
        ("single_person",) * bool(one) + ("reliability_out_of_range",) * bool(out)
        for one, out in zip(single, wrong, strict=True)
    )
    return Precision(
        scale_ids=scores.scale_ids, mean=mean, sd=sd, reliability=r, standard_error=error, scale_flags=flags
    )


def standard_errors(scores: Scores, reliability: Reliability) -> FloatArray:
    """Give the standard error of measurement of every scale of `scores`, shape (d,); NaN where it is not known."""
    return precision(scores, reliability).standard_error


def coefficients_of(reliability: Reliability) -> Mapping[str, float]:
    """Turn either form of reliabilities into a mapping of scale id to coefficient."""
    return reliability.coefficients() if isinstance(reliability, ReliabilityTable) else reliability


def _mean_and_sd(values: FloatArray) -> tuple[FloatArray, FloatArray]:
    known = ~np.isnan(values)
    n = known.sum(axis=0)
    mean = np.full(values.shape[1], np.nan)
    np.divide(np.where(known, values, 0.0).sum(axis=0), n, out=mean, where=n > 0)
    deviations = np.where(known, values - mean, 0.0)
    variance = np.full(values.shape[1], np.nan)
    np.divide((deviations**2).sum(axis=0), n - 1, out=variance, where=n > 1)
    return mean, np.sqrt(variance)
