"""V.E.D. scoring: from answers to scores, their balance, and how likely each of the three is the weakest."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from leadkit._fields import sealed
from leadkit.assessment import Instrument, Ratings, Responses
from leadkit.assessment.precision import Reliability, coefficients_of, precision
from leadkit.assessment.provenance import provenance
from leadkit.assessment.scoring import Metric, Scores
from leadkit.assessment.scoring import score as score_scales
from leadkit.errors import DefinitionError, Fault, did_you_mean
from leadkit.typing import BoolArray, FloatArray
from leadkit.ved.lowest import TIE, probability_of_lowest
from leadkit.ved.measurement import StandardErrors, checked_errors, overridden
from leadkit.ved.scores import COMPOSITES, LEADERSHIP, MANAGEMENT, MEASURED, SCALE_IDS, VedScores

__all__ = ["score"]

SCALE_FLAGS = ("no_sem", "reliability_out_of_range", "single_person", "zero_sem")


def score(
    responses: Responses | Ratings,
    *,
    metric: Metric = "pomp",
    reliability: Reliability | None = None,
    sem: StandardErrors | None = None,
) -> VedScores:
    """Score V.E.D.: seven dimensions, leadership and management, balance, and the weakest of the three.

    The balance of vision, engagement and delivery is 1 - (highest - lowest)/100 of their POMP scores.
    The weakest of the three comes with the probability that each is the lowest true score, where the errors are
    normal and independent.

    Parameters
    ----------
    responses : Responses or Ratings
        Answers to the framework `ved`, or to an instrument of one's own with its seven dimensions and two composites;
        what else that instrument holds is left out. Each evaluation of `Ratings` is a row of its own, for analysis
        only: what raters say about a person together, and what of it may be shown, is the subject of
        `leadkit.assessment.feedback` and `disclose`.
    metric : {"mean", "sum", "pomp"}
        Scale points, prorated sum, or percent of the maximum possible.
    reliability : ReliabilityTable or mapping of str to float, optional
        Reliability of the scales. The standard error of measurement is sd sqrt(1 - r), sd over the rows; that of a
        composite without a coefficient follows from its parts, which err independently.
    sem : float or mapping of str to float, optional
        Standard errors of measurement, in points of the metric, in the place of those by `reliability`: a number is
        that of each dimension, a mapping goes by scale id. A composite that is not named follows from its parts.
        It makes a single self-check readable, which has no spread of its own.

    Returns
    -------
    VedScores
        Values (n, 10); NaN with a flag where there is no score. Without `reliability` and `sem` the probabilities are
        NaN with flag `no_sem`; a standard error of 0 gives 1, 0, or even shares for ties, with flag `zero_sem`.

    Raises
    ------
    DefinitionError
        The instrument lacks one of the nine scales, or a composite has other parts.
    UnknownIdError
        A reliability or standard error is given for a scale that is not there.
    ValueError
        The metric is not one of those above, or a standard error is negative or wider than the scale.

    References
    ----------
    .. [1] P. Cohen, J. Cohen, L. S. Aiken and S. G. West, "The problem of units and the circumstance for POMP",
       Multivariate Behavioral Research 34, 1999.

    Examples
    --------
    >>> from leadkit import frameworks
    >>> answers = {"vis1": 5, "vis2": 4, "vis3": 4, "eng1": 4, "eng2": 3, "eng3": 4, "del1": 3, "del2": 2, "del3": 3}
    >>> ann = Responses.from_records(
    ...     [{"respondent_id": "ann", **answers}], frameworks.load("ved"), allow_missing_items=True
    ... )
    >>> scores = score(ann, sem=8.0)
    >>> scores.values[0, :3].round(1).tolist(), scores.column("balance").round(3).tolist()
    ([83.3, 66.7, 41.7], [0.583])
    >>> scores.weakest, scores.p_weakest.round(3).tolist()
    (('delivery',), [[0.0, 0.014, 0.986]])
    """
    answers = responses.responses if isinstance(responses, Ratings) else responses
    _check_instrument(answers.instrument)
    scales = score_scales(answers, metric=metric)
    columns = [scales.position(name) for name in MEASURED]
    lowest, highest = (np.append(end[columns], unit) for end, unit in zip(scales.span, (0.0, 1.0), strict=True))
    widths = dict(zip(MEASURED, (highest - lowest).tolist(), strict=False))
    errors, doubts = _standard_errors(scales, widths, reliability, sem)

    measured = scales.values[:, columns]
    to_pomp = 100 / (highest - lowest)[:3]
    three = (measured[:, :3] - lowest[:3]) * to_pomp
    sem_of_three = np.array([errors.get(name, np.nan) for name in LEADERSHIP]) * to_pomp
    weakest, tied = _weakest(three)
    balance = np.clip(1 - np.ptp(three, axis=1) / 100, 0.0, 1.0)
    return VedScores(
        instrument=answers.instrument,
        ids=answers.respondent_ids,
        values=sealed(np.column_stack([measured, balance])),
        lowest=sealed(lowest),
        highest=sealed(highest),
        metric=metric,
        sem=errors,
        weakest=weakest,
        p_weakest=sealed(probability_of_lowest(three, sem_of_three)),
        flags=_flags(scales, columns, tied, doubts),
        provenance=provenance(
            answers.instrument,
            metric=metric,
            reliability=None if reliability is None else dict(coefficients_of(reliability)),
            sem=dict(sem) if isinstance(sem, Mapping) else sem,
            rows="evaluations" if isinstance(responses, Ratings) else "respondents",
        ),
        groups=answers.groups,
    )


def _check_instrument(instrument: Instrument) -> None:
    dimensions = instrument.dimension_ids
    faults = [
        Fault("dimensions", f"{name!r} is missing{did_you_mean(name, dimensions)}")
        for name in (*LEADERSHIP, *MANAGEMENT)
        if name not in dimensions
    ]
    weights = {part.id: part.weights for part in instrument.composites}
    for name, parts in COMPOSITES.items():
        if name not in weights:
            faults.append(Fault("composites", f"{name!r} is missing{did_you_mean(name, weights)}"))
        elif set(weights[name]) != set(parts):
            what = f"expected the parts {', '.join(parts)}, got {', '.join(weights[name])}"
            faults.append(Fault(f"composite {name!r}", what))
    if faults:
        raise DefinitionError.from_faults(faults, subject=f"instrument {instrument.id!r} does not measure V.E.D.")


def _standard_errors(
    scales: Scores, widths: Mapping[str, float], reliability: Reliability | None, sem: StandardErrors | None
) -> tuple[dict[str, float], dict[str, set[str]]]:
    """Give the standard error of every measured scale, empty when nothing is given, and the flags of each scale."""
    known: dict[str, float] = {}
    reasons: dict[str, tuple[str, ...]] = {}
    if reliability is not None:
        table = precision(scales, reliability)
        known = dict(zip(table.scale_ids, table.standard_error.tolist(), strict=True))
        reasons = dict(zip(table.scale_ids, table.scale_flags, strict=True))
    given = {} if sem is None else checked_errors(sem, widths, scales=(*LEADERSHIP, *MANAGEMENT))
    composites = [part for part in scales.instrument.composites if part.id in COMPOSITES]
    merged = overridden(known, given, composites)
    errors = {name: merged.get(name, np.nan) for name in MEASURED}
    flags: dict[str, set[str]] = {}
    for name, error in errors.items():
        flags[name] = {"zero_sem"} if 100 * error / widths[name] < TIE else set()
        if np.isnan(error):
            flags[name] = {"no_sem", *reasons.get(name, ())}
    return errors if known or given else {}, flags


def _weakest(three: FloatArray) -> tuple[tuple[str | None, ...], BoolArray]:
    """Name the lowest of three scores in every row, None without one, and tell which are tied for it, shape (n, 3)."""
    lowest = three <= three.min(axis=1, keepdims=True) + TIE
    several = lowest.sum(axis=1) > 1
    place = np.where(lowest.any(axis=1) & ~several, lowest.argmax(axis=1), len(LEADERSHIP))
    names = np.array([*LEADERSHIP, None], dtype=object)
    return tuple(names[place].tolist()), lowest & several[:, None]


def _flags(
    scales: Scores, columns: list[int], tied: BoolArray, flags_of_scales: Mapping[str, set[str]]
) -> dict[str, BoolArray]:
    """Masks (n, 10): those of the scores, with the balance as a composite of three, and those of whole scales."""
    n = len(scales)
    masks = {
        name: np.column_stack([mask[:, columns], np.zeros(n, dtype=np.bool_)]) for name, mask in scales.flags.items()
    }
    masks["no_answers"][:, -1] = masks["no_answers"][:, 0]
    masks["missing_part"][:, -1] = np.isnan(scales.values[:, columns[:3]]).any(axis=1)
    masks["tied_lowest"] = np.column_stack([tied, np.zeros((n, len(SCALE_IDS) - 3), dtype=np.bool_)])
    for flag in SCALE_FLAGS:
        has = [flag in flags_of_scales.get(name, ()) for name in SCALE_IDS]
        masks[flag] = np.broadcast_to(has, (n, len(SCALE_IDS)))
    return masks
