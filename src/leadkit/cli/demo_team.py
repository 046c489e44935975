"""The service team of the demonstration: its files, and what its answers, days and messages say."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from attrs import evolve, frozen

from leadkit import frameworks as catalogue
from leadkit import samples, ved, vitals
from leadkit._convert import structure, unstructure
from leadkit.assessment import Ratings, ReliabilityTable, Responses, Scores, reliability, score
from leadkit.cli.files import read_text
from leadkit.errors import FormatError
from leadkit.interchange import csv

__all__ = ["Answered", "team_files", "team_from"]

N_PEOPLE = 24
N_VITALS = 6
N_RESAMPLES = 2000


@frozen(kw_only=True)
class Answered:
    """What the team answered and what came out."""

    responses: Responses
    scores: Scores
    table: ReliabilityTable
    leadership: ved.VedScores
    messages: ved.MessageReading
    profiles: tuple[vitals.VitalsProfile, ...]

    @property
    def lines(self) -> Iterator[str]:
        """What came out, in a few lines."""
        n_teams = len(set(self.responses.groups["team"]))
        yield f"Read and scored {len(self.responses)} leaders of {n_teams} teams on V.E.D.:"
        lowest, highest = float(self.table.alpha.min()), float(self.table.alpha.max())
        yield f"  reliability: alpha {lowest:.2f} to {highest:.2f} over {len(self.table.dimension_ids)} dimensions"
        reading = self.messages
        low, high = reading.alpha_interval.low, reading.alpha_interval.high
        agreed = f"the coders agree with alpha {reading.alpha:.2f} ({low:.2f} to {high:.2f})"
        yield f"Read {len(reading.message_ids)} coded messages: {agreed}"
        yield f"Read {len(self.profiles)} VITALS self-assessments with days, goals, values and strengths"

    @property
    def chapter(self) -> dict[str, Any]:
        """What the report takes."""
        return {
            "scores": self.scores,
            "reliability": self.table,
            "responses": self.responses,
            "by": "team",
            "vitals": self.profiles,
            "ved": self.leadership,
            "style": ved.style(self.leadership),
            "messages": self.messages,
            "title": "A service team and its leaders",
        }


def team_files(folder: Path, ratings: Ratings, *, seed: int) -> dict[Path, str]:
    """Write the sample: answers, self-assessments, coded messages, and an empty form.

    Who is rated by others as well answers here what they say of themselves there.
    """
    answers = _with_selves(samples.answers("ved", n=N_PEOPLE, rng=seed), ratings)
    selves = zip(samples.vitals_assessments(N_VITALS, rng=seed), answers.respondent_ids, strict=False)
    assessments = [evolve(assessment, person_id=name) for assessment, name in selves]
    return {
        folder / "answers.csv": csv.write_responses(answers),
        folder / "vitals.json": _json([unstructure(assessment) for assessment in assessments]),
        folder / "messages.json": _json([unstructure(coding) for coding in samples.messages(rng=seed)]),
        folder / "form.csv": csv.write_form(answers.instrument, rows=N_PEOPLE, groups=["team"]),
    }


def team_from(folder: Path, *, seed: int) -> Answered:
    """Read the files back and score them."""
    responses = csv.read_responses(read_text(folder / "answers.csv"), catalogue.load("ved"), groups=["team"])
    table = reliability(responses)
    records = json.loads(read_text(folder / "vitals.json"))
    return Answered(
        responses=responses,
        scores=score(responses, metric="pomp"),
        table=table,
        leadership=ved.score(responses, reliability=table),
        messages=ved.read_messages(_codings(folder), n_resamples=N_RESAMPLES, rng=seed),
        profiles=tuple(vitals.profile(vitals.read_vitals(record)) for record in records),
    )


def _with_selves(answers: Responses, ratings: Ratings) -> Responses:
    """Take the answers of those who rate themselves from their ratings."""
    own = {
        ratee: row
        for row, (ratee, role) in enumerate(zip(ratings.ratee_ids, ratings.roles, strict=True))
        if role == "self"
    }
    values = np.array(answers.values)
    for row, name in enumerate(answers.respondent_ids):
        if name in own:
            values[row] = ratings.responses.values[own[name]]
    return Responses(answers.instrument, values, answers.respondent_ids, answers.groups)


def _codings(folder: Path) -> list[ved.MessageCoding]:
    data = json.loads(read_text(folder / "messages.json"))
    return [structure(coding, ved.MessageCoding, error=FormatError, subject="messages.json") for coding in data]


def _json(value: Any) -> str:
    return json.dumps(value, indent=1, ensure_ascii=False, allow_nan=False) + "\n"
