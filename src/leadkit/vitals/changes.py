"""Two self-assessments of the same people: which letters moved by more than error, and how the evidence moved."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Literal, TypeAlias

import numpy as np
from attrs import field, frozen

from leadkit._fields import float_array, frozen_mapping, sealed
from leadkit._results import MOST_ROWS_SHOWN, Result, html_table, plain
from leadkit.assessment import Instrument
from leadkit.assessment.precision import Reliability
from leadkit.assessment.provenance import Provenance, provenance
from leadkit.errors import Fault, ResponseError
from leadkit.stats.change import reliable_change
from leadkit.typing import FloatArray
from leadkit.vitals.assessment import VitalsAssessment
from leadkit.vitals.checks import raise_faults, tuple_of
from leadkit.vitals.clock import hour_difference
from leadkit.vitals.cohorts import VitalsCohort, cohort
from leadkit.vitals.flags import sorted_flags
from leadkit.vitals.letters import ON_THE_CLOCK, STRENGTH_THRESHOLD, WEEKEND
from leadkit.vitals.precision import letter_precision

__all__ = ["VERDICTS", "Occasion", "VitalsChange", "compare"]

Verdict: TypeAlias = Literal["rose", "no reliable change", "fell"]

VERDICTS: tuple[Verdict, ...] = ("rose", "no reliable change", "fell")
"""What the change of a letter may be called, beside None where it is unknown; not every letter is better high."""

Occasion: TypeAlias = VitalsAssessment | VitalsCohort | Iterable[VitalsAssessment]
"""One self-assessment, or those of many people."""


def _arrays(measures: Mapping[str, Any]) -> Mapping[str, FloatArray]:
    return frozen_mapping({name: float_array(column) for name, column in measures.items()})


def _words(rows: Iterable[Iterable[Verdict | None]]) -> tuple[tuple[Verdict | None, ...], ...]:
    return tuple(tuple(row) for row in rows)


@frozen(kw_only=True, eq=False)
class VitalsChange(Result):
    """What changed from one self-assessment to the next, for n people on d letters.

    Parameters
    ----------
    person_ids : tuple of str
        People who are in both.
    taken_before, taken_after : tuple of date
        When each was assessed.
    dimension_ids : tuple of str
        The letters.
    before, after, change : array, shape (n, d)
        Scores and after - before [POMP]; NaN where a score is missing.
    rci : array, shape (n, d)
        Reliable change index; NaN without a reliability or a spread to go with it.
    verdict : tuple of tuple
        One of `VERDICTS` a person and letter; None where the index is unknown.
    threshold : array, shape (d,)
        Smallest change that counts as reliable [POMP].
    measures : mapping of str to array, shape (n,)
        Change of each number in the evidence, by the names of `leadkit.vitals.MEASURES`; hours of the day turn the
        shorter way, in [-12, 12). Hours not logged are left out: they depend on how many days were logged.
    only_before, only_after : tuple of str
        People who are in one only.
    level : float
        Two-sided level of the verdicts.
    flags : tuple of str
        Words of `leadkit.vitals.FLAGS`.
    provenance : Provenance
        Instrument, rules and version.
    """

    person_ids: tuple[str, ...] = field(converter=tuple_of)
    taken_before: tuple[date, ...] = field(converter=tuple_of)
    taken_after: tuple[date, ...] = field(converter=tuple_of)
    dimension_ids: tuple[str, ...] = field(converter=tuple_of)
    before: FloatArray = field(converter=float_array)
    after: FloatArray = field(converter=float_array)
    change: FloatArray = field(converter=float_array)
    rci: FloatArray = field(converter=float_array)
    verdict: tuple[tuple[Verdict | None, ...], ...] = field(converter=_words)
    threshold: FloatArray = field(converter=float_array)
    measures: Mapping[str, FloatArray] = field(converter=_arrays)
    only_before: tuple[str, ...] = field(converter=tuple_of)
    only_after: tuple[str, ...] = field(converter=tuple_of)
    level: float
    flags: tuple[str, ...] = field(default=(), converter=sorted_flags)
    provenance: Provenance

    def to_records(self) -> list[dict[str, Any]]:
        """Give one dictionary a person and letter; NaN becomes None."""
        return [
            {
                "person_id": person,
                "dimension_id": name,
                "before": plain(self.before[i, j]),
                "after": plain(self.after[i, j]),
                "change": plain(self.change[i, j]),
                "rci": plain(self.rci[i, j]),
                "verdict": self.verdict[i][j],
            }
            for i, person in enumerate(self.person_ids)
            for j, name in enumerate(self.dimension_ids)
        ]

    def _repr_html_(self) -> str:
        records = self.to_records()
        rows = [list(record.values()) for record in records[:MOST_ROWS_SHOWN]]
        header = ("person", "letter", "before", "after", "change", "RCI", "verdict")
        table = html_table(f"VITALS, change of {len(self.person_ids)} people", header, rows)
        rest = len(records) - len(rows)
        return table + (f"<p>... and {rest} more rows</p>" if rest else "")


def compare(
    before: Occasion,
    after: Occasion,
    *,
    reliability: Reliability,
    sd: Mapping[str, float] | None = None,
    level: float = 0.95,
    weekend: Collection[int] = WEEKEND,
    strength_threshold: float = STRENGTH_THRESHOLD,
    instrument: Instrument | None = None,
) -> VitalsChange:
    """Compare two self-assessments of one person, or of many matched by person id.

    Parameters
    ----------
    before, after : VitalsAssessment, VitalsCohort or iterable of VitalsAssessment
        The two occasions.
    reliability : ReliabilityTable or mapping of str to float
        Reliability of the letters; a letter without one has no index. The standard error needs a spread between people:
        `sd`, else the n - 1 standard deviation of `before`, else, for one person, that behind the table.
    sd : mapping of str to float, optional
        Standard deviation of a letter's scores between people, at least 0 [POMP].
    level : float
        Two-sided level of the verdicts, inside (0, 1).
    weekend, strength_threshold, instrument
        As for `profile`; of no effect on a cohort, which has been read already.

    Returns
    -------
    VitalsChange
        A row a person who is in both; people in one only are listed.

    Raises
    ------
    ResponseError
        Two single assessments are of different people, an assessment lies before the earlier one, or two cohorts were
        scored with different instruments.
    UnknownIdError, DefinitionError, ValueError
        As for `profile`.

    References
    ----------
    .. [1] N. S. Jacobson and P. Truax, "Clinical significance: a statistical approach to defining meaningful change in
       psychotherapy research", Journal of Consulting and Clinical Psychology 59, 1991.

    Examples
    --------
    >>> from datetime import date
    >>> from leadkit.vitals import VitalsAssessment
    >>> first, second = (
    ...     VitalsAssessment(person_id="ann", taken_on=date(year, 3, 2), answers={"val1": a, "val2": a, "val3": a})
    ...     for year, a in ((2025, 2), (2026, 4))
    ... )
    >>> change = compare(first, second, reliability={"values": 0.8}, sd={"values": 20.0})
    >>> change.change[0, :1].tolist(), change.rci[0, :1].round(2).tolist(), change.verdict[0][0]
    ([50.0], [3.95], 'rose')
    """
    options: dict[str, Any] = {
        "weekend": weekend,
        "strength_threshold": strength_threshold,
        "instrument": instrument,
    }
    earlier, later = _rows(before, options), _rows(after, options)
    _check(earlier, later, single=isinstance(before, VitalsAssessment) and isinstance(after, VitalsAssessment))
    place = {name: i for i, name in enumerate(later.person_ids)}
    first = [i for i, name in enumerate(earlier.person_ids) if name in place]
    second = [place[earlier.person_ids[i]] for i in first]
    precision = letter_precision(earlier.scores, reliability, sd=sd)
    pre, post = earlier.scores.values[first], later.scores.values[second]
    rci, threshold, verdict = reliable_changes(pre, post, precision.sd, precision.reliability, level=level)
    only_before = [name for name in earlier.person_ids if name not in place]
    only_after = [name for name in later.person_ids if name not in earlier.person_ids]
    flags = {flag for row in precision.flags for flag in row}
    flags |= {"unmatched"} if only_before or only_after else set()
    flags |= {"too_few_answers"} if np.isnan(post - pre).any() else set()
    return VitalsChange(
        person_ids=[earlier.person_ids[i] for i in first],
        taken_before=[earlier.taken_on[i] for i in first],
        taken_after=[later.taken_on[i] for i in second],
        dimension_ids=earlier.dimension_ids,
        before=pre,
        after=post,
        change=sealed(post - pre),
        rci=rci,
        verdict=verdict,
        threshold=threshold,
        measures=measure_changes(earlier.measures, later.measures, first, second),
        only_before=only_before,
        only_after=only_after,
        level=level,
        flags=flags,
        provenance=provenance(later.scores.instrument, metric="pomp", level=level, **precision.rules()),
    )


def reliable_changes(
    pre: FloatArray, post: FloatArray, sd: FloatArray, reliability: FloatArray, *, level: float
) -> tuple[FloatArray, FloatArray, list[list[Verdict | None]]]:
    """Give the reliable change index (n, d), the smallest reliable change (d,) and a word a person and letter."""
    rci, threshold = np.full(pre.shape, np.nan), np.full(pre.shape[1], np.nan)
    words: list[list[Verdict | None]] = [[None] * pre.shape[1] for _ in pre]
    for j in range(pre.shape[1]):
        result = reliable_change(pre[:, j], post[:, j], reliability=float(reliability[j]), sd=float(sd[j]), level=level)
        rci[:, j], threshold[j] = result.rci, result.threshold
        for i in np.flatnonzero(~np.isnan(result.rci)):
            words[i][j] = VERDICTS[1 - int(result.verdict[i])]
    return sealed(rci), sealed(threshold), words


def measure_changes(
    before: Mapping[str, FloatArray], after: Mapping[str, FloatArray], first: Sequence[int], second: Sequence[int]
) -> dict[str, FloatArray]:
    """Subtract the numbers in the evidence, rows `first` from rows `second`."""
    changes = {}
    for name in before:
        if name == "unlogged_hours":
            continue
        old, new = before[name][list(first)], after[name][list(second)]
        if name in ON_THE_CLOCK:
            changes[name] = np.array([hour_difference(one, other) for one, other in zip(old, new, strict=True)])
        else:
            changes[name] = new - old
    return changes


def _rows(occasion: Occasion, options: Mapping[str, Any]) -> VitalsCohort:
    if isinstance(occasion, VitalsCohort):
        return occasion
    return cohort([occasion] if isinstance(occasion, VitalsAssessment) else occasion, **options)


def _check(earlier: VitalsCohort, later: VitalsCohort, *, single: bool) -> None:
    if single and earlier.person_ids != later.person_ids:
        msg = f"before is of {earlier.person_ids[0]!r}, after of {later.person_ids[0]!r}; compare one person with themselves"
        raise ResponseError(msg)
    old, new = earlier.scores.instrument, later.scores.instrument
    if old.hash != new.hash or old.major_version != new.major_version:
        msg = (
            f"before was scored by {old.id!r} {old.version} ({old.hash[:12]}), "
            f"after by {new.id!r} {new.version} ({new.hash[:12]})"
        )
        raise ResponseError(msg)
    day = dict(zip(earlier.person_ids, earlier.taken_on, strict=True))
    faults = [
        Fault(f"person {name!r}", f"after was taken on {taken_on}, before on {day[name]}")
        for name, taken_on in zip(later.person_ids, later.taken_on, strict=True)
        if name in day and taken_on < day[name]
    ]
    raise_faults(faults, "compare")
