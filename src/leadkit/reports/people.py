"""One person's scores as a report shows them: number, scale, band, answers, reasons."""

from __future__ import annotations

import math

from attrs import frozen

from leadkit.errors import UnknownIdError
from leadkit.reports.geometry import Bar, bar
from leadkit.reports.pictures import Picture, profile_picture
from leadkit.reports.sheet import Sheet
from leadkit.reports.wording import NO_SCORE, flag_sentences

__all__ = ["Person", "ScaleLine", "person"]


@frozen(kw_only=True)
class ScaleLine:
    """One person on one scale, in words.

    Parameters
    ----------
    name, description : str
        The scale.
    composite : bool
        Whether it is made of others.
    score, unit : str
        The number and the scale that it stands on; an empty score where there is none.
    band, compared : str
        Ends of the band, and the mean of all; empty where there is none.
    n_answered, answered : int, str
        How much was answered.
    reasons : tuple of str
        What is doubtful about the score, a sentence each.
    bar : Bar
        The picture.
    alt : str
        What the picture shows.
    """

    name: str
    description: str
    composite: bool
    score: str
    unit: str
    band: str
    compared: str
    n_answered: int
    answered: str
    reasons: tuple[str, ...]
    bar: Bar
    alt: str


@frozen(kw_only=True)
class Person:
    """One person: who, in which groups, how much was answered, a line a scale, and perhaps a picture."""

    id: str
    groups: tuple[tuple[str, str], ...]
    answered: str
    lines: tuple[ScaleLine, ...]
    picture: Picture | None

    @property
    def is_silent(self) -> bool:
        """Whether nothing was answered."""
        return not any(line.n_answered for line in self.lines)

    @property
    def has_composites(self) -> bool:
        """Whether any scale is made of others."""
        return any(line.composite for line in self.lines)

    @property
    def has_bands(self) -> bool:
        """Whether any score has a band."""
        return any(line.band for line in self.lines)

    @property
    def has_comparison(self) -> bool:
        """Whether any score is compared with the mean of all."""
        return any(line.compared for line in self.lines)


def person(sheet: Sheet, respondent_id: str, *, picture: bool) -> Person:
    """Gather what a report shows of one person.

    Raises
    ------
    UnknownIdError
        There is no such respondent.
    """
    scores = sheet.scores
    if respondent_id not in scores.respondent_ids:
        raise UnknownIdError.of(respondent_id, scores.respondent_ids, kind="respondent")
    row = scores.respondent_ids.index(respondent_id)
    means = sheet.mean_of_others(row)
    n = int(scores.n_answered[row, : len(scores.instrument.dimensions)].sum())
    return Person(
        id=respondent_id,
        groups=tuple((name, str(labels[row])) for name, labels in scores.groups.items() if labels[row] is not None),
        answered=f"{n} of {scores.instrument.n_items} questions answered",
        lines=tuple(_line(sheet, row, at, float(means[at])) for at in range(len(scores.scale_ids))),
        picture=profile_picture(sheet, respondent_id, means) if picture and n else None,
    )


def _line(sheet: Sheet, row: int, at: int, mean: float) -> ScaleLine:
    value = float(sheet.scores.values[row, at])
    ends = (math.nan, math.nan)
    if sheet.bands is not None:
        ends = (float(sheet.bands.low[row, at]), float(sheet.bands.high[row, at]))
    band, compared = sheet.between(*ends), sheet.value(mean)
    said = [sheet.full(value, at) or NO_SCORE]
    said += [f"band {band}"] if band else []
    said += [f"mean of all {compared}"] if compared else []
    n, total = int(sheet.scores.n_answered[row, at]), sheet.parts[at]
    composite = sheet.is_composite(at)
    return ScaleLine(
        name=sheet.names[at],
        description=sheet.descriptions[at],
        composite=composite,
        score=sheet.value(value),
        unit=sheet.unit(at),
        band=band,
        compared=compared,
        n_answered=n,
        answered=f"{n} of {total} {'dimensions have a score' if composite else 'questions answered'}",
        reasons=flag_sentences(flag for flag, mask in sheet.scores.flags.items() if mask[row, at]),
        bar=bar(value, ends, mean, sheet.spans[at], composite=composite),
        alt=f"{sheet.names[at]}: {', '.join(said)}",
    )
