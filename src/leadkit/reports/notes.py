"""The end of every report: how the numbers were made, and with what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from attrs import frozen

from leadkit.assessment import Instrument, Scores
from leadkit.assessment.provenance import Provenance
from leadkit.plots.labels import words
from leadkit.reports.figures import readable
from leadkit.reports.sheet import Sheet
from leadkit.reports.wording import band_sentence

__all__ = ["Notes", "notes"]


@frozen(kw_only=True)
class Notes:
    """Method sentences, and names and values of the provenance."""

    methods: tuple[str, ...]
    provenance: tuple[tuple[str, str], ...]


def notes(sheet: Sheet, *methods: str, made_with: Iterable[tuple[str, str]] = ()) -> Notes:
    """Say how the numbers were made; `methods` and `made_with` come after what holds for every report."""
    scores = sheet.scores
    always = (
        "A scale with too few answers has no score. A missing score is never counted as 0.",
        band_sentence(sheet.bands),
    )
    return Notes(methods=(*always, *methods), provenance=(*_instrument(scores.instrument), *_made(scores), *made_with))


def rules_text(rules: Mapping[str, Any]) -> str:
    """Write the options that were used."""
    return "; ".join(f"{name.replace('_', ' ')}: {readable(value) or 'not given'}" for name, value in rules.items())


def provenance_text(provenance: Provenance) -> str:
    """Write where a number comes from, in one line."""
    made = provenance
    return f"{made.instrument_id} {made.instrument_version}; {rules_text(made.rules)}; leadkit {made.leadkit_version}"


def _instrument(instrument: Instrument) -> tuple[tuple[str, str], ...]:
    note = words(instrument.note, instrument.language)
    return (
        ("Questionnaire", f"{words(instrument.title, instrument.language)} ({instrument.id} {instrument.version})"),
        ("Where the idea comes from", instrument.source),
        ("Licence of the wording", instrument.licence),
        ("Status", instrument.status),
        *((("Note", note),) if note else ()),
    )


def _made(scores: Scores) -> tuple[tuple[str, str], ...]:
    made = scores.provenance
    return (
        ("Key (SHA-256 of all that affects scoring)", made.instrument_hash),
        ("Rules of scoring", rules_text(made.rules)),
        ("Made with", f"leadkit {made.leadkit_version}"),
    )
