"""The rated items of many people: scores of the letters and of the facets inside them, in percent of the maximum."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from attrs import evolve

from leadkit._fields import sealed
from leadkit.assessment import Dimension, Instrument, Responses, score
from leadkit.assessment.scoring import Scores
from leadkit.errors import ResponseError
from leadkit.typing import FloatArray
from leadkit.vitals.assessment import VitalsAssessment, answer_rules

HALF = 0.5


def responses_of(assessments: Sequence[VitalsAssessment], row_ids: Sequence[str], instrument: Instrument) -> Responses:
    """Put the answers of assessments into one matrix, a row each.

    Raises
    ------
    ResponseError
        An item is unknown or an answer outside the scale; every fault of every person.
    """
    faults = [
        evolve(fault, where=f"person {assessment.person_id!r}, {fault.where}")
        for assessment in assessments
        for fault in answer_rules(assessment.answers, instrument)
    ]
    if faults:
        raise ResponseError.from_faults(faults)
    nothing = float("nan")
    items = instrument.item_ids
    rows = [[assessment.answers.get(item) for item in items] for assessment in assessments]
    values = [[nothing if answer is None else answer for answer in row] for row in rows]
    return Responses(instrument, np.array(values, dtype=np.float64).reshape(len(rows), -1), row_ids)


def letter_scores(responses: Responses) -> Scores:
    """Score every letter, in percent of the maximum possible."""
    return score(responses, metric="pomp", composites="none")


def facet_ids(instrument: Instrument) -> tuple[tuple[str, str], ...]:
    """List the facets as (dimension, facet), in the order of the items."""
    pairs = [
        (dimension.id, item.facet) for dimension in instrument.dimensions for item in dimension.items if item.facet
    ]
    return tuple(dict.fromkeys(pairs))


def facet_scores(responses: Responses) -> FloatArray:
    """Score every facet, in percent of the maximum possible, shape (n, facets).

    A facet needs the same share of its items answered as its dimension does; half of them where the dimension asks
    for a number of items.
    """
    instrument = responses.instrument
    pairs = facet_ids(instrument)
    if not pairs:
        return sealed(np.empty((len(responses), 0)))
    parts = [_facet(instrument.dimension(name), facet, f"facet{i}") for i, (name, facet) in enumerate(pairs)]
    finer = evolve(instrument, dimensions=parts, composites=())
    place = {item: i for i, item in enumerate(instrument.item_ids)}
    columns = [place[item] for item in finer.item_ids]
    return letter_scores(Responses(finer, responses.values[:, columns], responses.respondent_ids)).values


def _facet(dimension: Dimension, facet: str, facet_id: str) -> Dimension:
    share = dimension.min_answered if isinstance(dimension.min_answered, float) else HALF
    items = tuple(item for item in dimension.items if item.facet == facet)
    return Dimension(id=facet_id, name=facet, items=items, min_answered=share)
