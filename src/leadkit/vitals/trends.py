"""A series of self-assessments of one person: the yearly self-check."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any

import numpy as np
from attrs import field, frozen

from leadkit._fields import float_array, frozen_mapping, repeated, sealed
from leadkit._results import MOST_ROWS_SHOWN, Result, html_table, plain
from leadkit.assessment import Instrument
from leadkit.assessment.precision import Reliability
from leadkit.assessment.provenance import Provenance
from leadkit.errors import Fault, ResponseError
from leadkit.typing import FloatArray
from leadkit.vitals.assessment import VitalsAssessment, vitals_instrument
from leadkit.vitals.changes import Verdict, reliable_changes
from leadkit.vitals.checks import raise_faults, tuple_of
from leadkit.vitals.cohorts import rows_of
from leadkit.vitals.flags import sorted_flags
from leadkit.vitals.letters import STRENGTH_THRESHOLD, WEEKEND, EvidenceRules
from leadkit.vitals.precision import letter_precision

__all__ = ["VitalsTrend", "trend"]

DAYS_A_YEAR = 365.25


def _arrays(measures: Mapping[str, Any]) -> Mapping[str, FloatArray]:
    return frozen_mapping({name: float_array(column) for name, column in measures.items()})


@frozen(kw_only=True, eq=False)
class VitalsTrend(Result):
    """One person's scores over time, m occasions of d letters.

    Parameters
    ----------
    person_id : str
        Who.
    taken_on : tuple of date
        The occasions, in order of time.
    dimension_ids : tuple of str
        The letters.
    values, low, high : array, shape (m, d)
        Scores and the bands around them [POMP]; NaN where unknown.
    slope : array, shape (d,)
        Least-squares line through the scores of a letter [POMP a year]; NaN with fewer than two scores.
    change : array, shape (d,)
        Last known score minus first known score [POMP].
    rci : array, shape (d,)
        Reliable change index of that change; NaN without a reliability or a spread to go with it.
    verdict : tuple
        One of `leadkit.vitals.VERDICTS` a letter; None where the index is unknown.
    measures : mapping of str to array, shape (m,)
        The numbers in the evidence, by the names of `leadkit.vitals.MEASURES`.
    level : float
        Two-sided level of the bands and verdicts.
    flags : tuple of str
        Words of `leadkit.vitals.FLAGS`: `too_few_occasions`, `too_few_answers`, `single_person`,
        `reliability_out_of_range`.
    provenance : Provenance
        Instrument, rules and version.
    """

    person_id: str
    taken_on: tuple[date, ...] = field(converter=tuple_of)
    dimension_ids: tuple[str, ...] = field(converter=tuple_of)
    values: FloatArray = field(converter=float_array)
    low: FloatArray = field(converter=float_array)
    high: FloatArray = field(converter=float_array)
    slope: FloatArray = field(converter=float_array)
    change: FloatArray = field(converter=float_array)
    rci: FloatArray = field(converter=float_array)
    verdict: tuple[Verdict | None, ...] = field(converter=tuple_of)
    measures: Mapping[str, FloatArray] = field(converter=_arrays)
    level: float
    flags: tuple[str, ...] = field(default=(), converter=sorted_flags)
    provenance: Provenance

    def to_records(self) -> list[dict[str, Any]]:
        """Give one dictionary an occasion and letter; NaN becomes None."""
        return [
            {
                "taken_on": day.isoformat(),
                "dimension_id": name,
                "score": plain(self.values[i, j]),
                "low": plain(self.low[i, j]),
                "high": plain(self.high[i, j]),
            }
            for i, day in enumerate(self.taken_on)
            for j, name in enumerate(self.dimension_ids)
        ]

    def _repr_html_(self) -> str:
        rows: list[tuple[Any, ...]] = [
            (day, *row)
            for day, row in zip(self.taken_on[-MOST_ROWS_SHOWN:], self.values[-MOST_ROWS_SHOWN:], strict=True)
        ]
        rows += [("a year", *self.slope), ("change", *self.change), ("verdict", *self.verdict)]
        return html_table(f"VITALS of {self.person_id}", ("taken on", *self.dimension_ids), rows)


def trend(
    assessments: Iterable[VitalsAssessment],
    *,
    reliability: Reliability | None = None,
    sd: Mapping[str, float] | None = None,
    level: float = 0.95,
    weekend: Collection[int] = WEEKEND,
    strength_threshold: float = STRENGTH_THRESHOLD,
    instrument: Instrument | None = None,
) -> VitalsTrend:
    """Follow one person over a series of self-assessments.

    Parameters
    ----------
    assessments : iterable of VitalsAssessment
        At least one, all of one person, each of another day, in any order.
    reliability : ReliabilityTable or mapping of str to float, optional
        Reliability of the letters, for bands and verdicts. The spread between people that they need is that of `sd`,
        else that of the people behind the table; the spread over the occasions is none between people.
    sd, level, weekend, strength_threshold, instrument
        As for `profile`.

    Returns
    -------
    VitalsTrend
        In order of time.

    Raises
    ------
    ResponseError
        There are no assessments, or they are of several people, or two are of one day; or as for `profile`.
    UnknownIdError, DefinitionError, ValueError
        As for `profile`.

    Examples
    --------
    >>> from datetime import date
    >>> from leadkit.vitals import VitalsAssessment
    >>> series = [
    ...     VitalsAssessment(person_id="ann", taken_on=date(year, 3, 2), answers={"val1": a, "val2": a, "val3": a})
    ...     for year, a in ((2024, 2), (2026, 5), (2025, 3))
    ... ]
    >>> result = trend(series, reliability={"values": 0.8}, sd={"values": 20.0})
    >>> result.values[:, 0].tolist(), result.slope[:1].round(1).tolist(), result.change[:1].tolist(), result.verdict[0]
    ([25.0, 50.0, 100.0], [37.5], [75.0], 'rose')
    """
    rows = sorted(assessments, key=lambda assessment: assessment.taken_on)
    _check(rows)
    rules = EvidenceRules(weekend=weekend, strength_threshold=strength_threshold)
    days = [row.taken_on.isoformat() for row in rows]
    series = rows_of(
        rows,
        days,
        [None] * len(rows),
        vitals_instrument(instrument),
        rules,
        reliability=reliability,
        norms=None,
        sd=sd,
        level=level,
        one_person=True,
    )
    values = series.scores.values
    precision = letter_precision(series.scores, reliability, sd=sd, one_person=True)
    first, last = _ends(values)
    rci, _, verdict = reliable_changes(first[None, :], last[None, :], precision.sd, precision.reliability, level=level)
    slope = _slopes(np.array([row.taken_on.toordinal() for row in rows]) / DAYS_A_YEAR, values)
    flags = {flag for row in precision.flags for flag in row}
    flags |= {"too_few_occasions"} if np.isnan(slope).any() else set()
    flags |= {"too_few_answers"} if np.isnan(values).any() else set()
    return VitalsTrend(
        person_id=rows[0].person_id,
        taken_on=series.taken_on,
        dimension_ids=series.dimension_ids,
        values=values,
        low=series.low,
        high=series.high,
        slope=slope,
        change=sealed(last - first),
        rci=rci[0],
        verdict=verdict[0],
        measures=series.measures,
        level=level,
        flags=flags,
        provenance=series.provenance,
    )


def _check(rows: list[VitalsAssessment]) -> None:
    if not rows:
        msg = "trend: expected at least one assessment, got none"
        raise ResponseError(msg)
    people = list(dict.fromkeys(row.person_id for row in rows))
    faults = [Fault("", f"expected one person, got {', '.join(map(repr, people))}")] if len(people) > 1 else []
    faults += [Fault(f"{day}", "has more than one assessment") for day in repeated(row.taken_on for row in rows)]
    raise_faults(faults, "trend")


def _ends(values: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Give the first and the last known score of every letter, (d,) each; NaN where fewer than two are known."""
    known = ~np.isnan(values)
    columns = np.arange(values.shape[1])
    first = values[known.argmax(axis=0), columns]
    last = values[len(values) - 1 - known[::-1].argmax(axis=0), columns]
    enough = known.sum(axis=0) > 1
    return np.where(enough, first, np.nan), np.where(enough, last, np.nan)


def _slopes(years: FloatArray, values: FloatArray) -> FloatArray:
    slopes = np.full(values.shape[1], np.nan)
    for j, column in enumerate(values.T):
        known = ~np.isnan(column)
        if np.count_nonzero(known) > 1:
            x, y = years[known] - years[known].mean(), column[known] - column[known].mean()
            slopes[j] = (x @ y) / (x @ x)
    return sealed(slopes)
