"""The reading of one person's self-assessment, letter by letter."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from attrs import field, frozen

from leadkit._fields import as_float, frozen_mapping
from leadkit._results import Result, html_table, plain
from leadkit.assessment import Instrument
from leadkit.assessment.precision import Reliability
from leadkit.assessment.provenance import Provenance, provenance
from leadkit.assessment.scoring import Scores
from leadkit.stats.norms import NormTable
from leadkit.vitals.assessment import VitalsAssessment, vitals_instrument
from leadkit.vitals.checks import frozen_numbers, tuple_of
from leadkit.vitals.evidence import LetterEvidence, frozen_evidence
from leadkit.vitals.flags import sorted_flags
from leadkit.vitals.letters import STRENGTH_THRESHOLD, WEEKEND, EvidenceRules, evidence_of
from leadkit.vitals.precision import letter_bands, letter_precision
from leadkit.vitals.questions import QuestionSet, reflective_questions
from leadkit.vitals.rated import facet_ids, facet_scores, letter_scores, responses_of

__all__ = ["LetterReading", "VitalsProfile", "profile"]

NO_EVIDENCE = LetterEvidence()


@frozen(kw_only=True, eq=False)
class LetterReading(Result):
    """What is known about one letter of VITALS.

    Parameters
    ----------
    dimension_id : str
        The letter.
    score : float
        Of its rated items, in percent of the maximum possible, 0..100; NaN when too few were answered.
    low, high : float
        Band around the score [POMP]; NaN without a reliability or a spread to go with it.
    facets : mapping of str to float
        Score of each facet of the rated items, 0..100 [POMP]; it describes and names no kind of person.
    evidence : mapping of str
        What else is known, by name, NaN or None where it cannot be computed; empty where nothing was given.
        `percentile` is there when norms are.

        values: `congruence`, `gaps`, `top`.
        interests: `elevation`, `differentiation`, `top`.
        around_the_clock: `unlogged_hours`, `hours`, `peak`, `concentration`, `alignment`, `purposeful_share`,
        `mid_sleep`, and the same for `weekday` and `weekend`.
        life_mission: `completeness`, `progress`, `expected_progress`, `unserved_values`.
        strengths: `evidenced`, `claimed_only`, and with others' scores `confirmed`, `claimed`, `hidden`.
    flags : tuple of str
        What is doubtful, words of `leadkit.vitals.FLAGS`.
    questions : tuple of str
        Questions to reflect on.
    """

    dimension_id: str
    score: float = field(converter=as_float)
    low: float = field(converter=as_float)
    high: float = field(converter=as_float)
    facets: Mapping[str, float] = field(converter=frozen_numbers)
    evidence: Mapping[str, Any] = field(converter=frozen_evidence)
    flags: tuple[str, ...] = field(default=(), converter=sorted_flags)
    questions: tuple[str, ...] = field(default=(), converter=tuple_of)


def _letters(letters: Mapping[str, LetterReading]) -> Mapping[str, LetterReading]:
    return frozen_mapping(letters)


@frozen(kw_only=True, eq=False)
class VitalsProfile(Result):
    """The reading of one self-assessment.

    Parameters
    ----------
    person_id : str
        Who.
    taken_on : date
        When.
    letters : mapping of str to LetterReading
        By dimension id, in the order of the instrument.
    interests : mapping of str to float, or None
        The rating of each area of interest, as it was given.
    flags : tuple of str
        All flags of all letters.
    provenance : Provenance
        Instrument, rules and version.
    """

    person_id: str
    taken_on: date
    letters: Mapping[str, LetterReading] = field(converter=_letters)
    interests: Mapping[str, float] | None = field(default=None, converter=frozen_numbers)
    flags: tuple[str, ...] = field(default=(), converter=sorted_flags)
    provenance: Provenance

    def to_records(self) -> list[dict[str, Any]]:
        """Give one dictionary a letter: `dimension_id`, `score`, `low`, `high`, `flags`; NaN becomes None."""
        return [
            {
                "dimension_id": name,
                "score": plain(letter.score),
                "low": plain(letter.low),
                "high": plain(letter.high),
                "flags": " ".join(letter.flags),
            }
            for name, letter in self.letters.items()
        ]

    def _repr_html_(self) -> str:
        rows = [list(record.values()) for record in self.to_records()]
        return html_table(
            f"VITALS of {self.person_id}, {self.taken_on}", ("letter", "score", "low", "high", "flags"), rows
        )


def profile(
    assessment: VitalsAssessment,
    *,
    reliability: Reliability | None = None,
    norms: Mapping[str, NormTable] | None = None,
    others: Mapping[str, float | None] | None = None,
    sd: Mapping[str, float] | None = None,
    level: float = 0.95,
    weekend: Collection[int] = WEEKEND,
    strength_threshold: float = STRENGTH_THRESHOLD,
    instrument: Instrument | None = None,
    questions: QuestionSet | None = None,
) -> VitalsProfile:
    """Read one self-assessment.

    Parameters
    ----------
    assessment : VitalsAssessment
        What the person said; every part is optional.
    reliability : ReliabilityTable or mapping of str to float, optional
        Reliability of the letters, for a band around each score. The spread that a band needs is that of `sd`, else
        that of the people behind the table, else that of the norm group; without any there is no band and the flag
        `single_person`.
    norms : mapping of str to NormTable, optional
        Norm table of a letter's scores in POMP; gives its `percentile`. None ships with leadkit.
    others : mapping of str to float, optional
        Strength id or name to the score that others gave it, 0..100 [POMP], from disclosed feedback; NaN or None = no
        score. Strengths that the person does not list may be in it.
    sd : mapping of str to float, optional
        Standard deviation of a letter's scores between people, at least 0 [POMP].
    level : float
        Two-sided level of the bands, inside (0, 1).
    weekend : collection of int
        Days of the weekend, Monday = 0; Saturday and Sunday by default.
    strength_threshold : float
        Score from which on a strength is claimed (its rating 1..5 in POMP) and seen (the others' score), 0..100.
    instrument : Instrument, optional
        What to score with, with the six letters as dimensions; `leadkit.frameworks.load("vitals")` by default.
    questions : QuestionSet, optional
        Questions to choose from; those of leadkit by default.

    Returns
    -------
    VitalsProfile
        A reading for each letter; there is no total.

    Raises
    ------
    ResponseError
        An answer is to no item of the instrument or outside its scale, or the others' scores are wrong; all faults.
    DefinitionError
        The instrument lacks one of the six letters.
    UnknownIdError
        A reliability, spread or norm table is given for a letter that is not there.
    ValueError
        An option is outside its range.

    Examples
    --------
    >>> from datetime import date
    >>> from leadkit.vitals import ValuesSort, VitalsAssessment
    >>> answers = {"val1": 4, "val2": 5, "val3": 4, "val4": 2, "val5": 3, "val6": 2}
    >>> values = ValuesSort.from_ranking(["honesty", "family", "growth"], {"honesty": 90, "family": 30, "growth": 60})
    >>> ann = VitalsAssessment(person_id="ann", taken_on=date(2026, 3, 2), answers=answers, values=values)
    >>> letter = profile(ann, reliability={"values": 0.8}, sd={"values": 15.0}).letters["values"]
    >>> round(letter.score, 1), round(letter.low, 1), round(letter.high, 1)
    (66.7, 53.5, 79.8)
    >>> round(letter.evidence["congruence"], 2), letter.evidence["gaps"]
    (0.33, {'family': 1.0, 'honesty': 0.0, 'growth': -1.0})
    >>> letter.questions[1]
    'You put these high and live them less than that: family. What would a week look like that gave them more room?'
    """
    rules = EvidenceRules(weekend=weekend, strength_threshold=strength_threshold)
    chosen = vitals_instrument(instrument)
    asked = reflective_questions() if questions is None else questions
    responses = responses_of([assessment], [assessment.person_id], chosen)
    scores = letter_scores(responses)
    precision = letter_precision(scores, reliability, sd=sd, norms=norms)
    low, high = letter_bands(scores.values, precision, level=level)
    facets = dict(zip(facet_ids(chosen), facet_scores(responses)[0].tolist(), strict=True))
    evidence = evidence_of(assessment, others, rules)
    letters = {}
    for j, name in enumerate(scores.scale_ids):
        found = evidence.get(name, NO_EVIDENCE)
        score = float(scores.values[0, j])
        letters[name] = LetterReading(
            dimension_id=name,
            score=score,
            low=low[0, j],
            high=high[0, j],
            facets={facet: value for (dimension, facet), value in facets.items() if dimension == name},
            evidence={**found.findings, **percentile_of(score, norms, name)},
            flags=[*found.flags, *precision.flags[j], *rated_flags(scores, 0, j), *norm_flags(norms, name)],
            questions=asked.asked(name, found.signals, language=chosen.language),
        )
    return VitalsProfile(
        person_id=assessment.person_id,
        taken_on=assessment.taken_on,
        letters=letters,
        interests=assessment.interests,
        flags=[flag for letter in letters.values() for flag in letter.flags],
        provenance=provenance(
            chosen,
            **used_rules(rules, norms, level=level),
            **precision.rules(),
            questions=f"{asked.title} {asked.version}",
        ),
    )


def percentile_of(score: float, norms: Mapping[str, NormTable] | None, name: str) -> dict[str, float]:
    """Give the mid percentile rank of a score, 0..100, where the letter has a norm table."""
    if norms is None or name not in norms:
        return {}
    return {"percentile": float(norms[name].percentile_rank(score))}


def norm_flags(norms: Mapping[str, NormTable] | None, name: str) -> list[str]:
    """Say when a norm sample is small."""
    flags = norms[name].flags if norms is not None and name in norms else ()
    return [flag for flag in flags if flag == "small_norm_sample"]


def rated_flags(scores: Scores, row: int, column: int) -> list[str]:
    """Give the flags of one score."""
    return [flag for flag, mask in scores.flags.items() if mask[row, column]]


def used_rules(rules: EvidenceRules, norms: Mapping[str, NormTable] | None, *, level: float) -> dict[str, Any]:
    """Note the options that shaped a result."""
    return {
        "metric": "pomp",
        "level": level,
        "weekend": tuple(rules.weekend),
        "strength_threshold": rules.strength_threshold,
        "norms": {name: f"{table.name} {table.version}".strip() for name, table in (norms or {}).items()},
        "norm_sizes": {name: table.n for name, table in (norms or {}).items()},
    }
