"""Self-assessments of many people side by side, as arrays."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
from attrs import field, frozen

from leadkit._fields import float_array, frozen_mapping, repeated, sealed
from leadkit._results import MOST_ROWS_SHOWN, Result, html_table, plain
from leadkit.assessment import Instrument
from leadkit.assessment.precision import Reliability
from leadkit.assessment.provenance import Provenance, provenance
from leadkit.assessment.scoring import Scores, flag_masks
from leadkit.errors import Fault, ResponseError, UnknownIdError
from leadkit.stats.norms import NormTable
from leadkit.typing import BoolArray, FloatArray
from leadkit.vitals.assessment import VitalsAssessment, vitals_instrument
from leadkit.vitals.checks import tuple_of
from leadkit.vitals.evidence import LetterEvidence
from leadkit.vitals.letters import MEASURES, STRENGTH_THRESHOLD, WEEKEND, EvidenceRules, evidence_of, measures_of
from leadkit.vitals.precision import LetterPrecision, letter_bands, letter_precision
from leadkit.vitals.profiles import norm_flags, percentile_of, used_rules
from leadkit.vitals.rated import facet_ids, facet_scores, letter_scores, responses_of

__all__ = ["VitalsCohort", "cohort"]


def _measures(measures: Mapping[str, Sequence[float]]) -> Mapping[str, FloatArray]:
    return frozen_mapping({name: float_array(column) for name, column in measures.items()})


@frozen(kw_only=True, eq=False)
class VitalsCohort(Result):
    """The self-assessments of n people, a row each.

    Parameters
    ----------
    person_ids : tuple of str
        The people.
    taken_on : tuple of date
        When each was assessed.
    scores : Scores
        Scores of the d letters [POMP], for everything that takes scores.
    low, high : array, shape (n, d)
        Bands around the scores [POMP]; NaN without a reliability.
    percentile : array, shape (n, d)
        Mid percentile ranks in the norm groups, 0..100; NaN without norms.
    facet_ids : tuple of str
        The f facets, as `dimension.facet`.
    facets : array, shape (n, f)
        Scores of the facets [POMP].
    measures : mapping of str to array, shape (n,)
        The numbers in the evidence, by the names of `leadkit.vitals.MEASURES`; NaN where there is none.
    flags : mapping of str to array, shape (n, d)
        Which letters are doubtful, by flag; flags that occur nowhere are left out.
    provenance : Provenance
        Instrument, rules and version.
    """

    person_ids: tuple[str, ...] = field(converter=tuple_of)
    taken_on: tuple[date, ...] = field(converter=tuple_of)
    scores: Scores
    low: FloatArray = field(converter=float_array)
    high: FloatArray = field(converter=float_array)
    percentile: FloatArray = field(converter=float_array)
    facet_ids: tuple[str, ...] = field(converter=tuple_of)
    facets: FloatArray = field(converter=float_array)
    measures: Mapping[str, FloatArray] = field(converter=_measures)
    flags: Mapping[str, BoolArray] = field(converter=flag_masks)
    provenance: Provenance

    @property
    def dimension_ids(self) -> tuple[str, ...]:
        """Ids of the d letters."""
        return self.scores.scale_ids

    def __len__(self) -> int:
        return len(self.person_ids)

    def column(self, name: str) -> FloatArray:
        """Give a letter's scores, a facet or a measure by name, shape (n,).

        Raises
        ------
        UnknownIdError
            There is none of that name.
        """
        if name in self.dimension_ids:
            return self.scores.column(name)
        if name in self.facet_ids:
            return sealed(self.facets[:, self.facet_ids.index(name)])
        if name in self.measures:
            return self.measures[name]
        raise UnknownIdError.of(name, [*self.dimension_ids, *self.facet_ids, *self.measures], kind="column")

    def to_records(self) -> list[dict[str, Any]]:
        """Give one dictionary a person: scores, facets, measures, and flags as `letter:flag`; NaN becomes None."""
        columns = (*self.dimension_ids, *self.facet_ids, *self.measures)
        values = {name: plain(self.column(name)) for name in columns}
        return [
            {
                "person_id": person,
                "taken_on": day.isoformat(),
                **{name: values[name][i] for name in columns},
                "flags": " ".join(self.flags_of(i)),
            }
            for i, (person, day) in enumerate(zip(self.person_ids, self.taken_on, strict=True))
        ]

    def flags_of(self, row: int) -> tuple[str, ...]:
        """Give the flags of one person as `letter:flag`, letter by letter."""
        return tuple(
            f"{name}:{flag}"
            for j, name in enumerate(self.dimension_ids)
            for flag in self.flags
            if self.flags[flag][row, j]
        )

    def _repr_html_(self) -> str:
        rows = [
            (person, day, *row)
            for person, day, row in zip(
                self.person_ids[:MOST_ROWS_SHOWN], self.taken_on, self.scores.values, strict=False
            )
        ]
        table = html_table(f"VITALS of {len(self)} people", ("person", "taken on", *self.dimension_ids), rows)
        rest = len(self) - len(rows)
        return table + (f"<p>... and {rest} more rows</p>" if rest else "")


def cohort(
    assessments: Iterable[VitalsAssessment],
    *,
    reliability: Reliability | None = None,
    norms: Mapping[str, NormTable] | None = None,
    others: Mapping[str, Mapping[str, float | None]] | None = None,
    sd: Mapping[str, float] | None = None,
    level: float = 0.95,
    weekend: Collection[int] = WEEKEND,
    strength_threshold: float = STRENGTH_THRESHOLD,
    instrument: Instrument | None = None,
) -> VitalsCohort:
    """Read the self-assessments of many people.

    Parameters
    ----------
    assessments : iterable of VitalsAssessment
        One of each person; `trend` takes several of one person.
    reliability : ReliabilityTable or mapping of str to float, optional
        Reliability of the letters, for bands; the spread is the n - 1 standard deviation of these people unless `sd`
        is given.
    others : mapping of str to mapping, optional
        Person id to what `profile` takes as `others`.
    norms, sd, level, weekend, strength_threshold, instrument
        As for `profile`.

    Returns
    -------
    VitalsCohort
        A row a person, in the order given, with the numbers that `profile` gives.

    Raises
    ------
    ResponseError
        There are no assessments, somebody is there twice, or an answer is wrong; every fault of every person.
    UnknownIdError
        `others` names a person who is not there; or as for `profile`.
    DefinitionError, ValueError
        As for `profile`.

    Examples
    --------
    >>> from datetime import date
    >>> from leadkit.vitals import VitalsAssessment
    >>> people = [
    ...     VitalsAssessment(person_id=name, taken_on=date(2026, 3, 2), answers={"val1": a, "val2": a, "val3": a})
    ...     for name, a in (("ann", 5), ("bo", 3))
    ... ]
    >>> cohort(people).column("values").tolist()
    [100.0, 50.0]
    """
    rows = list(assessments)
    rules = EvidenceRules(weekend=weekend, strength_threshold=strength_threshold)
    chosen = vitals_instrument(instrument)
    names = [assessment.person_id for assessment in rows]
    faults = [
        Fault(f"person {name!r}", "is there more than once; trend() takes several of one") for name in repeated(names)
    ]
    if faults or not rows:
        raise ResponseError.from_faults(faults or [Fault("", "expected at least one assessment")], subject="cohort")
    for name in others or {}:
        if name not in names:
            raise UnknownIdError.of(name, names, kind="person")
    seen = [None if others is None else others.get(name) for name in names]
    return rows_of(
        rows, names, seen, chosen, rules, reliability=reliability, norms=norms, sd=sd, level=level, one_person=False
    )


def rows_of(
    rows: Sequence[VitalsAssessment],
    row_ids: Sequence[str],
    others: Sequence[Any],
    instrument: Instrument,
    rules: EvidenceRules,
    *,
    reliability: Reliability | None,
    norms: Mapping[str, NormTable] | None,
    sd: Mapping[str, float] | None,
    level: float,
    one_person: bool,
) -> VitalsCohort:
    """Read assessments row by row; `row_ids` tell them apart, `one_person` that their spread is none between people."""
    responses = responses_of(rows, row_ids, instrument)
    scores = letter_scores(responses)
    precision = letter_precision(scores, reliability, sd=sd, norms=norms, one_person=one_person)
    low, high = letter_bands(scores.values, precision, level=level)
    evidence = [evidence_of(row, seen, rules) for row, seen in zip(rows, others, strict=True)]
    numbers = [measures_of(part) for part in evidence]
    percentile = [
        [
            percentile_of(value, norms, name).get("percentile", np.nan)
            for name, value in zip(scores.scale_ids, row, strict=True)
        ]
        for row in scores.values.tolist()
    ]
    return VitalsCohort(
        person_ids=[row.person_id for row in rows],
        taken_on=[row.taken_on for row in rows],
        scores=scores,
        low=low,
        high=high,
        percentile=np.array(percentile),
        facet_ids=[f"{dimension}.{facet}" for dimension, facet in facet_ids(instrument)],
        facets=facet_scores(responses),
        measures={name: [row[name] for row in numbers] for name in MEASURES},
        flags=_flag_masks(scores, evidence, precision, norms),
        provenance=provenance(instrument, **used_rules(rules, norms, level=level), **precision.rules()),
    )


def _flag_masks(
    scores: Scores,
    evidence: Sequence[Mapping[str, LetterEvidence]],
    precision: LetterPrecision,
    norms: Mapping[str, NormTable] | None,
) -> dict[str, BoolArray]:
    masks: dict[str, BoolArray] = {flag: mask.copy() for flag, mask in scores.flags.items()}
    for j, name in enumerate(scores.scale_ids):
        for flag in [*precision.flags[j], *norm_flags(norms, name)]:
            masks.setdefault(flag, np.zeros(scores.values.shape, dtype=np.bool_))[:, j] = True
        for i, row in enumerate(evidence):
            for flag in row[name].flags if name in row else ():
                masks.setdefault(flag, np.zeros(scores.values.shape, dtype=np.bool_))[i, j] = True
    return {flag: masks[flag] for flag in sorted(masks) if masks[flag].any()}
