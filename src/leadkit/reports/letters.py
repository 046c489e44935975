"""VITALS in a report: six letters with their score, facets, evidence and questions."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from attrs import frozen

from leadkit.frameworks import load
from leadkit.plots.labels import EN_DASH, number, scale_names, value_text
from leadkit.reports.figures import clock, decimal, listed, percent, readable
from leadkit.reports.geometry import Bar, bar
from leadkit.reports.wording import NO_SCORE, flag_sentences
from leadkit.vitals import FLAGS, LetterReading, VitalsProfile

__all__ = ["DayTable", "Finding", "Letter", "VitalsPage", "vitals_page"]

SPAN = (0.0, 100.0)


@frozen(kw_only=True)
class Finding:
    """One piece of evidence: what it is called and what was found; an empty text where it is not known."""

    name: str
    text: str


@frozen(kw_only=True)
class DayTable:
    """How days were spent, all of them and the parts of the week: measures and hours, a name and a text a column."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]
    hours: tuple[tuple[str, tuple[str, ...]], ...]


@frozen(kw_only=True)
class Letter:
    """One letter of VITALS."""

    name: str
    score: str
    band: str
    bar: Bar
    alt: str
    facets: tuple[Finding, ...]
    findings: tuple[Finding, ...]
    days: DayTable | None
    reasons: tuple[str, ...]
    questions: tuple[str, ...]


@frozen(kw_only=True)
class VitalsPage:
    """The reading of one self-assessment."""

    person_id: str
    taken_on: str
    letters: tuple[Letter, ...]
    made_with: str


def vitals_page(profile: VitalsProfile) -> VitalsPage:
    """Describe a VITALS profile."""
    names = scale_names(load("vitals"))
    made = profile.provenance
    return VitalsPage(
        person_id=profile.person_id,
        taken_on=profile.taken_on.isoformat(),
        letters=tuple(_letter(letter, names) for letter in profile.letters.values()),
        made_with=f"{made.instrument_id} {made.instrument_version}, key {made.instrument_hash}",
    )


def _letter(letter: LetterReading, names: Mapping[str, str]) -> Letter:
    name = names.get(letter.dimension_id, _spaced(letter.dimension_id))
    score = value_text(letter.score, "pomp")
    ends = [value_text(end, "pomp") for end in (letter.low, letter.high)]
    band = f"{ends[0]} to {ends[1]}" if all(ends) else ""
    facets = [Finding(name=_spaced(part), text=value_text(value, "pomp")) for part, value in letter.facets.items()]
    return Letter(
        name=name,
        score=score,
        band=band,
        bar=bar(letter.score, (letter.low, letter.high), math.nan, SPAN, composite=False),
        alt=f"{name}: {score or NO_SCORE}" + (f", band {band}" if band else ""),
        facets=tuple(facets),
        findings=tuple(_findings(letter.evidence)),
        days=_days(letter.evidence),
        reasons=flag_sentences(letter.flags, FLAGS),
        questions=letter.questions,
    )


def _findings(evidence: Mapping[str, Any]) -> list[Finding]:
    """Write every piece of evidence that is not in the table of days."""
    found = []
    for key, value in evidence.items():
        if key == "gaps":
            found += _gaps(value)
        elif not (_has_days(evidence) and key in (*OF_A_DAY, "hours", *PARTS_OF_THE_WEEK)):
            name, write = EVIDENCE.get(key, (_spaced(key), readable))
            found.append(Finding(name=name, text=write(value)))
    return found


def _has_days(evidence: Mapping[str, Any]) -> bool:
    return all(name in evidence for name in (*OF_A_DAY, "hours", *PARTS_OF_THE_WEEK))


def _days(evidence: Mapping[str, Any]) -> DayTable | None:
    """Put all days, the working week and the weekend side by side; None where no days were logged."""
    if not _has_days(evidence):
        return None
    parts = {name: evidence[key] for key, name in PARTS_OF_THE_WEEK.items() if evidence[key] is not None}
    heads = [f"{name} ({part['n_days']})" for name, part in parts.items()]
    columns = [evidence, *parts.values()]
    rows = [(EVIDENCE[key][0], tuple(EVIDENCE[key][1](column[key]) for column in columns)) for key in OF_A_DAY]
    hours = [
        (activity, tuple(_hours(column["hours"].get(activity, 0.0)) for column in columns))
        for activity in evidence["hours"]
    ]
    return DayTable(columns=("All days", *heads), rows=tuple(rows), hours=tuple(hours))


def _gaps(gaps: Mapping[str, float]) -> list[Finding]:
    """Name the values whose rank by living lies below that by importance, and those where it lies above."""
    ends: dict[str, list[str]] = {"less": [], "more": []}
    for name, gap in gaps.items():
        if gap:
            ends["less" if gap > 0 else "more"].append(f"{name} {abs(gap):g}")
    return [Finding(name=f"Lived {end} than they matter, by places", text=listed(names)) for end, names in ends.items()]


def _hours(hours: float) -> str:
    return f"{decimal(hours, 1)}\N{NO-BREAK SPACE}h" if decimal(hours) else ""


def _each(write: Callable[[Any], str]) -> Callable[[Mapping[str, Any]], str]:
    return lambda parts: "; ".join(f"{name}: {write(part) or 'not known'}" for name, part in parts.items()) or "none"


def _spaced(name: str) -> str:
    words = name.replace("_", " ")
    return words[:1].upper() + words[1:]


PARTS_OF_THE_WEEK: Mapping[str, str] = MappingProxyType({"weekday": "Working week", "weekend": "Weekend"})

OF_A_DAY = ("peak", "concentration", "alignment", "purposeful_share", "mid_sleep", "unlogged_hours")
"""What is told of all days and of a part of the week, before the hours of each activity."""

EVIDENCE: Mapping[str, tuple[str, Callable[[Any], str]]] = MappingProxyType(
    {
        "congruence": (f"Agreement of importance and living ({number(-1, 0)} to 1)", decimal),
        "top": ("At the top", listed),
        "elevation": ("Mean rating of the areas", decimal),
        "differentiation": ("Highest rating less the lowest", decimal),
        "unlogged_hours": ("Time not logged", _hours),
        "hours": ("Hours", _each(_hours)),
        "peak": ("Peak of energy", clock),
        "concentration": (f"Clearness of the peak (0{EN_DASH}1)", decimal),
        "alignment": ("Demanding hours within three hours of the peak", percent),
        "purposeful_share": ("Waking hours that serve a value or a goal", percent),
        "mid_sleep": ("Middle of sleep", clock),
        "completeness": ("Goals: settled so far, of statement, measure, date and commitment", _each(percent)),
        "progress": ("Goals: progress", _each(percent)),
        "expected_progress": ("Goals: share of the time that has passed", _each(percent)),
        "unserved_values": ("Values that no goal serves", listed),
        "evidenced": ("Strengths with an example", listed),
        "claimed_only": ("Strengths without an example", listed),
        "confirmed": ("Claimed, and seen by others", listed),
        "claimed": ("Claimed, not seen by others", listed),
        "hidden": ("Seen by others, not claimed", listed),
        "percentile": ("Percentile in the norm group", lambda rank: decimal(rank, 0)),
    }
)
"""Evidence by key: what people call it, and how it is written."""
