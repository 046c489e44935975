"""Bands of scores with the probability that a person's true score lies in each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from attrs import field, frozen

from leadkit._fields import float_array, frozen_mapping, int_array, sealed
from leadkit._results import MOST_ROWS_SHOWN, Result, html_table, plain
from leadkit.assessment.provenance import Provenance
from leadkit.assessment.scoring import Scores
from leadkit.errors import UnknownIdError
from leadkit.stats.change import classify_scores
from leadkit.typing import FloatArray, IntArray

__all__ = ["Classification", "classify"]

NOTE = "A band is a probability, not a label; a person decides."


def _cuts(cuts: Mapping[str, Sequence[float]]) -> Mapping[str, tuple[float, ...]]:
    return frozen_mapping({name: tuple(map(float, values)) for name, values in cuts.items()})


def _errors(errors: Mapping[str, float]) -> Mapping[str, float]:
    return frozen_mapping(errors)


@frozen(kw_only=True, eq=False)
class Classification(Result):
    """The band of every score and how sure it is.

    Parameters
    ----------
    respondent_ids, scale_ids : tuple of str
        Rows, and the scales that have cuts.
    values : array, shape (n, d)
        The scores.
    band : int array, shape (n, d)
        0 for the lowest band; -1 where there is no score.
    probability : array, shape (n, d, b)
        Probability that the true score lies in each band, given the standard error.
    misclassification : array, shape (n, d)
        1 - probability of the band that the score fell in.
    labels : tuple of str
        Names of the b bands, lowest first.
    cuts : mapping of str to tuple of float
        The cuts of each scale; a cut is the lowest score of the upper band.
    standard_errors : mapping of str to float
        The standard error that was used for each scale.
    note : str
        How to read it.
    provenance : Provenance
        That of the scores.
    """

    respondent_ids: tuple[str, ...]
    scale_ids: tuple[str, ...]
    values: FloatArray = field(converter=float_array)
    band: IntArray = field(converter=int_array)
    probability: FloatArray = field(converter=float_array)
    misclassification: FloatArray = field(converter=float_array)
    labels: tuple[str, ...]
    cuts: Mapping[str, tuple[float, ...]] = field(converter=_cuts)
    standard_errors: Mapping[str, float] = field(converter=_errors)
    note: str = NOTE
    provenance: Provenance

    def to_records(self) -> list[dict[str, Any]]:
        """Give one dictionary a respondent and scale: score, band, and the probability of each band."""
        records = []
        for i, name in enumerate(self.respondent_ids):
            for j, scale in enumerate(self.scale_ids):
                at = int(self.band[i, j])
                chances = zip(self.labels, plain(self.probability[i, j]), strict=True)
                records.append(
                    {
                        "respondent_id": name,
                        "scale_id": scale,
                        "score": plain(self.values[i, j]),
                        "band": None if at < 0 else self.labels[at],
                        **{f"probability_{label}": chance for label, chance in chances},
                    }
                )
        return records

    def _repr_html_(self) -> str:
        records = self.to_records()
        header = ("respondent", "scale", "score", "band", *self.labels)
        return html_table(self.note, header, [list(record.values()) for record in records[:MOST_ROWS_SHOWN]])


def classify(
    scores: Scores,
    cuts: Sequence[float] | Mapping[str, Sequence[float]],
    *,
    sem: float | Mapping[str, float],
    labels: Sequence[str] | None = None,
) -> Classification:
    """Put every score into a band and say how probable each band is.

    Parameters
    ----------
    scores : Scores
        The people.
    cuts : sequence of float, or mapping of str to sequence of float
        Strictly rising cuts for all scales, or for each scale that is to be classified, equally many.
    sem : float or mapping of str to float
        Standard error of measurement, for all scales or for each, in the metric of the scores
        (`leadkit.assessment.standard_errors` works it out).
    labels : sequence of str, optional
        Names of the bands, lowest first; `band0`, `band1`, ... by default.

    Raises
    ------
    ValueError
        The cuts do not rise, differ in number, or the labels do not fit.
    UnknownIdError
        A scale is not there, or has no standard error.

    Examples
    --------
    >>> from leadkit import samples
    >>> from leadkit.assessment import score
    >>> scores = score(samples.answers("ved", rng=1), metric="pomp")
    >>> bands = classify(scores, {"vision": [40, 70]}, sem=8.0, labels=["grow", "steady", "strong"])
    >>> bands.probability.shape
    (24, 1, 3)
    """
    by_scale = dict(cuts) if isinstance(cuts, Mapping) else dict.fromkeys(scores.scale_ids, cuts)
    if not by_scale or len({len(values) for values in by_scale.values()}) != 1:
        msg = f"cuts: expected equally many for each scale, got { ({name: len(v) for name, v in by_scale.items()}) }"
        raise ValueError(msg)
    errors = {}
    for name in by_scale:
        scores.position(name)
        if isinstance(sem, Mapping) and name not in sem:
            raise UnknownIdError.of(name, sem, kind="scale in sem")
        errors[name] = float(sem[name]) if isinstance(sem, Mapping) else float(sem)
    parts = [
        classify_scores(scores.column(name), by_scale[name], labels=labels, standard_error=errors[name])
        for name in by_scale
    ]
    return Classification(
        respondent_ids=scores.respondent_ids,
        scale_ids=tuple(by_scale),
        values=sealed(np.column_stack([scores.column(name) for name in by_scale])),
        band=sealed(np.column_stack([part.band for part in parts])),
        probability=sealed(np.stack([part.probability for part in parts], axis=1)),
        misclassification=sealed(np.column_stack([part.misclassification for part in parts])),
        labels=parts[0].labels,
        cuts=by_scale,
        standard_errors=errors,
        provenance=scores.provenance,
    )
