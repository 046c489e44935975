"""Where a person stands between leading and managing, with the probability of each quadrant."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, TypeAlias, get_args

import numpy as np
from attrs import field, fields, frozen

from leadkit._fields import FrozenMapping, as_float, float_array, sealed
from leadkit._results import MOST_ROWS_SHOWN, Result, plain
from leadkit.assessment.provenance import Provenance, provenance
from leadkit.assessment.scoring import Metric, flag_masks, groups_of_rows
from leadkit.typing import BoolArray, FloatArray
from leadkit.ved.lowest import TIE
from leadkit.ved.measurement import StandardErrors, checked_errors, overridden
from leadkit.ved.rows import errors_of_scales, flags_of_rows, refuse_evaluations, short_table
from leadkit.ved.scores import COMPOSITES, VedScores

__all__ = ["QUADRANTS", "Quadrant", "VedStyle", "style"]

Quadrant: TypeAlias = Literal["leads_and_manages", "leads", "manages", "neither_yet"]
"""Whether leadership and management reach the cut: both, the one, the other, or neither so far."""

QUADRANTS: tuple[Quadrant, ...] = get_args(Quadrant)
"""The columns of `VedStyle.probability`."""

AXES = tuple(COMPOSITES)
NOTE = (
    "A quadrant is a reading of two scores, not a kind of person: read it with its probability, "
    "and read the two scores themselves where two quadrants are about as probable. "
    "The cut is a convention that you choose; nobody has validated it as a standard."
)


@frozen(kw_only=True, eq=False)
class VedStyle(Result):
    """The quadrant of every row on the plane of leadership and management, and how probable each quadrant is.

    Parameters
    ----------
    ids : tuple of str
        The rows.
    position : array, shape (n, 2)
        Leadership and management, in the metric of the scores.
    quadrant : tuple of str or None, n of them
        The quadrant of the observed scores; None where one of them is missing.
    probability : array, shape (n, 4)
        Probability that the true scores lie in each of `quadrants`, in [0, 1]; rows sum to 1. NaN where a score or a
        standard error is missing.
    quadrants : tuple of str
        The columns of `probability`: leads_and_manages, leads, manages, neither_yet.
    cut : float
        The lowest score that counts as leading, and as managing, in points of the metric.
    sem : mapping of str to float
        Standard errors of measurement that were used, for leadership and management; NaN where not known.
    metric : {"mean", "sum", "pomp"}
        That of the scores.
    note : str
        How to read it.
    flags : mapping of str to array, shape (n, 2)
        Which of the two scores is doubtful: `missing_part` (there is none), `no_sem`, `zero_sem`.
    provenance : Provenance
        Instrument, rules and version.
    groups : mapping of str to tuple
        Group variables of the scores, one value a row.
    """

    ids: tuple[str, ...]
    position: FloatArray = field(converter=float_array)
    quadrant: tuple[Quadrant | None, ...]
    probability: FloatArray = field(converter=float_array)
    quadrants: tuple[Quadrant, ...] = QUADRANTS
    cut: float = field(converter=as_float)
    sem: Mapping[str, float] = field(converter=errors_of_scales)
    metric: Metric
    note: str = NOTE
    flags: Mapping[str, BoolArray] = field(converter=flag_masks)
    provenance: Provenance
    groups: Mapping[str, tuple[Any, ...]] = field(factory=FrozenMapping, converter=groups_of_rows)

    def to_dict(self) -> dict[str, Any]:
        """Give every field as plain Python.

        Raises
        ------
        DisclosureError
            The rows are evaluations by single raters.
        """
        refuse_evaluations(self.provenance)
        return {part.name: plain(getattr(self, part.name)) for part in fields(VedStyle)}

    def to_records(self) -> list[dict[str, Any]]:
        """Give one dictionary a row: `id`, groups, both scores, `quadrant`, `p_<quadrant>` of each, flags.

        Raises
        ------
        DisclosureError
            The rows are evaluations by single raters.
        """
        refuse_evaluations(self.provenance)
        return self._records(len(self))

    def __len__(self) -> int:
        return len(self.ids)

    def _records(self, n: int) -> list[dict[str, Any]]:
        flags = flags_of_rows(self.flags, n)
        chances = [f"p_{name}" for name in self.quadrants]
        rows = zip(self.ids[:n], plain(self.position[:n]), self.quadrant[:n], plain(self.probability[:n]), strict=True)
        return [
            {
                "id": name,
                **{group: plain(labels[i]) for group, labels in self.groups.items()},
                **dict(zip(AXES, position, strict=True)),
                "quadrant": quadrant,
                **dict(zip(chances, chance, strict=True)),
                "flags": flags[i],
            }
            for i, (name, position, quadrant, chance) in enumerate(rows)
        ]

    def _repr_html_(self) -> str:
        if self.provenance.rules.get("rows") == "evaluations":
            return f"<p>{type(self).__name__} of {len(self)} evaluations, for analysis only</p>"
        records = self._records(min(len(self), MOST_ROWS_SHOWN))
        table = short_table(f"V.E.D. style, cut at {self.cut:g} ({self.metric})", records, len(self))
        return f"{table}<p>{self.note}</p>"


def style(scores: VedScores, *, cut: float = 60.0, sem: StandardErrors | None = None) -> VedStyle:
    """Place every row on the plane of leadership and management, and say how sure the place is.

    The true scores are normal about the observed ones with independent errors, so the probability of a quadrant is
    the product of two normal tails.

    Parameters
    ----------
    scores : VedScores
        The rows.
    cut : float
        The lowest score that counts as leading, and as managing, in points of the metric of the scores.
    sem : float or mapping of str to float, optional
        Standard errors of measurement, in points of the metric, in the place of those of the scores: a number is that
        of leadership and of management, a mapping goes by scale id; a composite that is not named follows from its
        parts when one of those is named.

    Returns
    -------
    VedStyle
        Quadrants with probabilities. A standard error of 0 gives the probabilities 1 and 0, a score at the cut
        counting as above it, with flag `zero_sem`; one that is not known gives NaN with flag `no_sem`; a missing
        score gives no quadrant and NaN with flag `missing_part`.

    Raises
    ------
    ValueError
        The cut does not lie inside the scales of the metric, or a standard error is negative or wider than its scale.
    UnknownIdError
        A standard error is given for a scale that is not there.

    References
    ----------
    .. [1] L. M. Rudner, "Computing the expected proportions of misclassified examinees", Practical Assessment,
       Research and Evaluation 7(14), 2001.

    Examples
    --------
    >>> from leadkit import frameworks
    >>> from leadkit.assessment import Responses
    >>> from leadkit.ved import score
    >>> ved = frameworks.load("ved")
    >>> usual = [[2 if item.reverse else 4 for item in ved.items], [4 if item.reverse else 3 for item in ved.items]]
    >>> reading = style(score(Responses(ved, usual, ["ann", "bo"])), sem=10.0)
    >>> reading.position.round(1).tolist(), reading.quadrant
    ([[75.0, 75.0], [45.0, 45.0]], ('leads_and_manages', 'neither_yet'))
    >>> reading.probability[0].round(3).tolist()
    [0.871, 0.062, 0.062, 0.004]
    """
    columns = [scores.position(name) for name in AXES]
    limit = _checked_cut(cut, scores.lowest[columns], scores.highest[columns], scores.metric)
    given = {} if sem is None else checked_errors(sem, scores.widths, scales=AXES)
    composites = [part for part in scores.instrument.composites if part.id in COMPOSITES]
    errors = overridden(scores.sem, given, composites)
    used = {name: errors.get(name, np.nan) for name in AXES}

    position = scores.values[:, columns]
    missing = np.isnan(position)
    error = np.array(list(used.values()))
    # A weighted mean of parts may miss the cut that it equals by the last bits.
    rounding = TIE * (scores.highest - scores.lowest)[columns] / 100
    reaches = position >= limit - rounding
    sure = error < rounding
    code = 2 * ~reaches[:, 0] + ~reaches[:, 1]
    names = np.array([*QUADRANTS, None], dtype=object)
    quadrant = names[np.where(missing.any(axis=1), len(QUADRANTS), code)]
    distance = np.where(reaches, np.inf, -np.inf)
    np.divide(position - limit, error, out=distance, where=~sure)
    return VedStyle(
        ids=scores.ids,
        position=sealed(position),
        quadrant=tuple(quadrant.tolist()),
        probability=sealed(_quadrant_probabilities(np.where(missing, np.nan, distance))),
        cut=limit,
        sem=used,
        metric=scores.metric,
        flags={
            "missing_part": missing,
            "no_sem": np.broadcast_to(np.isnan(error), missing.shape),
            "zero_sem": np.broadcast_to(sure, missing.shape),
        },
        provenance=provenance(scores.instrument, **scores.provenance.rules, cut=limit, style_sem=used),
        groups=scores.groups,
    )


def _checked_cut(cut: float, lowest: FloatArray, highest: FloatArray, metric: Metric) -> float:
    low, high = float(lowest.max()), float(highest.min())
    is_number = isinstance(cut, int | float | np.integer | np.floating) and not isinstance(cut, bool)
    if is_number and low <= cut <= high:
        return float(cut)
    msg = f"cut: expected a number in {low:g}..{high:g}, where scores in the metric {metric!r} lie, got {cut!r}"
    raise ValueError(msg)


def _quadrant_probabilities(distance: FloatArray) -> FloatArray:
    """Products (n, 4) of the tails beyond two distances from the cut, in standard errors, as in `QUADRANTS`."""
    from scipy.special import ndtr

    leads, manages = ndtr(distance).T
    does_not_lead, does_not_manage = ndtr(-distance).T
    quadrants = [leads * manages, leads * does_not_manage, does_not_lead * manages, does_not_lead * does_not_manage]
    return np.column_stack(quadrants)
