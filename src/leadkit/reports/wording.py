"""Sentences that every report says: how to read it, what a band is, what a flag means."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from leadkit.assessment import SCORE_FLAGS, BandedScores, Instrument, Metric
from leadkit.plots.labels import PERCENT, number, unit_text
from leadkit.stats import FLAGS as STATISTIC_FLAGS
from leadkit.ved import VED_FLAGS

__all__ = [
    "NO_SCORE",
    "WITHHELD",
    "band_sentence",
    "fewer_than",
    "flag_sentences",
    "how_to_read",
    "metric_sentence",
    "people",
]

NO_SCORE = "no score"
WITHHELD = "not shown"

STATUS_SENTENCES: Mapping[str, str] = MappingProxyType(
    {
        "unvalidated": "The wording is unvalidated: nobody has shown yet that these questions measure what their "
        "names say.",
        "pilot": "The wording is being tried out and is not validated yet.",
        "validated": "The source of the questionnaire states that it has been validated; see the notes at the end.",
    }
)

SENTENCES: Mapping[str, str] = MappingProxyType({**STATISTIC_FLAGS, **VED_FLAGS, **SCORE_FLAGS})
"""Where two vocabularies share a flag, the sentence about scores is the one a reader needs."""


def how_to_read(instrument: Instrument) -> tuple[str, ...]:
    """Say what numbers are and are not, before any of them is shown."""
    return (
        "These numbers describe answers to a questionnaire, not people.",
        "A person decides what follows from them, best in a talk with those concerned.",
        "No decision should rest on these numbers alone.",
        STATUS_SENTENCES[instrument.status],
    )


def metric_sentence(metric: Metric, instrument: Instrument) -> str:
    """Say what a score counts."""
    turned = " Reversed questions are turned round first." if any(item.reverse for item in instrument.items) else ""
    if metric == "pomp":
        return (
            f"A score is given in percent of the maximum possible: 0{PERCENT} is the lowest answer throughout, "
            f"100{PERCENT} the highest.{turned}"
        )
    if metric == "sum":
        return f"A score is the sum of the answers to a dimension; single gaps are filled with its mean.{turned}"
    return f"A score is the {unit_text(metric, instrument)}.{turned}"


def band_sentence(bands: BandedScores | None) -> str:
    """Explain a band in plain words, or say why there is none."""
    if bands is None:
        return "No bands are drawn, because no reliability was given; a score may move by chance all the same."
    level = number(100 * bands.level, 0)
    centre = (
        ""
        if bands.kind == "observed"
        else " It is centred on the estimated true score, which lies nearer to the mean than the score itself."
    )
    return (
        f"Chance plays a part in every score. About {level} of 100 such {level}{PERCENT} bands hold the score that "
        f"would remain if chance were averaged out; scores whose bands overlap widely need not differ. "
        f"A band may reach past the end of a scale, a score cannot.{centre}"
    )


def fewer_than(minimum: int) -> str:
    """Stand in for a number about so few people that it is not shown."""
    return f"fewer than {minimum}"


def flag_sentences(flags: Iterable[str], vocabulary: Mapping[str, str] = SENTENCES) -> tuple[str, ...]:
    """Give the sentence of every flag once, in alphabetical order of the flags; one that is not known as it is."""
    return tuple(dict.fromkeys(vocabulary.get(flag, flag) for flag in sorted(set(flags))))


def people(count: int, *, one: str = "person", many: str = "people") -> str:
    """Count people.

    Examples
    --------
    >>> people(1), people(3), people(1, one="reader", many="readers")
    ('1 person', '3 people', '1 reader')
    """
    return f"{count} {one if count == 1 else many}"
