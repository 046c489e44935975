"""The demonstration: a folder of synthetic inputs, the whole way over them, and the report."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from attrs import evolve

from leadkit import frameworks as catalogue
from leadkit import samples, ved, vitals
from leadkit._convert import structure, unstructure
from leadkit.assessment import Responses, reliability
from leadkit.assessment import score as score_responses
from leadkit.cli.files import UsageError, read_text, write_whole
from leadkit.cli.progress import progress_bar
from leadkit.errors import FormatError
from leadkit.interchange import csv

NOTICE = (
    "Synthetic data: made by a seeded generator to show what leadkit does. The people, their answers and their "
    "messages do not exist."
)
N_PEOPLE = 24
N_VITALS = 6


def demo(given: argparse.Namespace) -> None:
    """Write sample inputs, read them back, score them, and leave a report."""
    folder: Path = given.folder
    _make_folder(folder, force=given.force)
    inputs = _inputs(folder, given.seed)
    write_whole(inputs, force=given.force)
    print(f"Made up a service team (seed {given.seed}) in {folder}/: {', '.join(path.name for path in inputs)}")

    responses = csv.read_responses(read_text(folder / "answers.csv"), catalogue.load("ved"), groups=["team"])
    table = reliability(responses)
    scores = ved.score(responses, reliability=table)
    style = ved.style(scores)
    print(f"Read and scored {len(responses)} leaders of {len(set(responses.groups['team']))} teams on V.E.D.:")
    lowest, highest = float(table.alpha.min()), float(table.alpha.max())
    print(f"  reliability: alpha {lowest:.2f} to {highest:.2f} over {len(table.dimension_ids)} dimensions")

    reading = ved.read_messages(_codings(folder), n_resamples=2000, rng=given.seed)
    low, high = reading.alpha_interval.low, reading.alpha_interval.high
    print(
        f"Read {len(reading.message_ids)} coded messages: the coders agree with alpha {reading.alpha:.2f} ({low:.2f} to {high:.2f})"
    )

    profiles = [vitals.profile(assessment) for assessment in _assessments(folder)]
    print(f"Read {len(profiles)} VITALS self-assessments with days, goals, values and strengths")

    percent = score_responses(responses, metric="pomp")
    write_whole(
        {
            folder / "scores.csv": csv.write_scores(percent),
            folder / "report.html": _report(percent, responses, table, scores, style, reading, profiles),
        },
        force=given.force,
    )
    print(f"Wrote {folder / 'scores.csv'}")
    print(f"Wrote {folder / 'report.html'}: open it in a browser")


def _make_folder(folder: Path, *, force: bool) -> None:
    if folder.exists() and not folder.is_dir():
        msg = f"{folder} is a file; expected a folder"
        raise UsageError(msg)
    if folder.is_dir() and any(folder.iterdir()) and not force:
        msg = f"{folder} holds something already; name another folder, or use --force to write into it"
        raise UsageError(msg)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        msg = f"{folder} cannot be made: {error.strerror or error}"
        raise UsageError(msg) from None


def _inputs(folder: Path, seed: int) -> dict[Path, str]:
    answers = samples.answers("ved", n=N_PEOPLE, rng=seed)
    assessments = [
        evolve(assessment, person_id=name)
        for assessment, name in zip(
            samples.vitals_assessments(N_VITALS, rng=seed), answers.respondent_ids, strict=False
        )
    ]
    codings = samples.messages(rng=seed)
    return {
        folder / "answers.csv": csv.write_responses(answers),
        folder / "vitals.json": _json([unstructure(assessment) for assessment in assessments]),
        folder / "messages.json": _json([unstructure(coding) for coding in codings]),
        folder / "form.csv": csv.write_form(answers.instrument, rows=N_PEOPLE, groups=["team"]),
    }


def _json(value: Any) -> str:
    return json.dumps(value, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def _codings(folder: Path) -> list[ved.MessageCoding]:
    data = json.loads(read_text(folder / "messages.json"))
    return [structure(coding, ved.MessageCoding, error=FormatError, subject="messages.json") for coding in data]


def _assessments(folder: Path) -> list[vitals.VitalsAssessment]:
    return [vitals.read_vitals(record) for record in json.loads(read_text(folder / "vitals.json"))]


def _report(
    percent: Any, responses: Responses, table: Any, scores: Any, style: Any, reading: Any, profiles: Any
) -> str:
    from leadkit import reports

    return reports.team(
        percent,
        reliability=table,
        responses=responses,
        by="team",
        vitals=profiles,
        ved=scores,
        style=style,
        messages=reading,
        title="A service team and its leaders",
        notice=NOTICE,
        progress=progress_bar("writing pages"),
    )
