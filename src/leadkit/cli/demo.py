"""The demonstration: a folder of synthetic inputs, the whole way over them, and the report."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import numpy as np
from attrs import evolve

from leadkit import frameworks as catalogue
from leadkit import org, samples, ved, vitals
from leadkit._convert import structure, unstructure
from leadkit.assessment import Responses, reliability
from leadkit.assessment import score as score_responses
from leadkit.cli.demo_pilot import desk_files, desk_from, desk_lines, desk_page
from leadkit.cli.demo_plan import project_files, project_from, project_lines, project_page
from leadkit.cli.files import UsageError, read_text, write_whole
from leadkit.cli.findings import of_lines, of_nominations, of_scores
from leadkit.cli.progress import progress_bar
from leadkit.cli.pyramid_summary import diagnosis_line
from leadkit.errors import FormatError
from leadkit.interchange import csv

NOTICE = (
    "Synthetic data: made by a seeded generator to show what leadkit does. The people, their answers and their "
    "messages do not exist."
)
N_PEOPLE = 24
N_VITALS = 6
N_TEAMS, TEAM_SIZE = 18, 6
THRESHOLD, TARGET = 3.2, 3.5
MIN_N = 5


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

    built, found = _organisation(folder)
    size = f"{built.organisation.n} posts in {built.organisation.tree.n_layers} layers"
    print(f"Turned {size} upside down: customers on top")
    print(f"  {diagnosis_line(found['diagnosis'])}")

    project = project_from(folder, seed=given.seed)
    desk = desk_from(folder)
    for line in (*project_lines(project), *desk_lines(desk)):
        print(line)

    percent = score_responses(responses, metric="pomp")
    write_whole(
        {
            folder / "scores.csv": csv.write_scores(percent),
            folder / "report.html": _report(percent, responses, table, scores, style, reading, profiles),
            folder / "pyramid.html": _pyramid(built, found),
            folder / "plan.html": project_page(project, notice=NOTICE),
            folder / "escalation.html": desk_page(desk, notice=NOTICE),
        },
        force=given.force,
    )
    print(f"Wrote {folder / 'scores.csv'}")
    print(f"Wrote {folder / 'report.html'}: open it in a browser")
    print(f"Wrote {folder / 'pyramid.html'}: the inverted pyramid, and where to begin")
    print(f"Wrote {folder / 'plan.html'}: the plan of a project, how sure its dates are, and what it lacks")
    print(f"Wrote {folder / 'escalation.html'}: who solves what, who is to learn what, and how cases run")


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
    firm = samples.organisation(n_teams=N_TEAMS, team_size=TEAM_SIZE, rng=seed)
    pulse = samples.pulse(firm, rng=seed)
    engagement = csv.PersonScores(
        person_ids=pulse.person_ids, names=("wave", "engagement"), values=np.column_stack([pulse.waves, pulse.values])
    )
    return {
        folder / "answers.csv": csv.write_responses(answers),
        folder / "vitals.json": _json([unstructure(assessment) for assessment in assessments]),
        folder / "messages.json": _json([unstructure(coding) for coding in codings]),
        folder / "form.csv": csv.write_form(answers.instrument, rows=N_PEOPLE, groups=["team"]),
        folder / "people.csv": csv.write_people(firm),
        folder / "engagement.csv": csv.write_person_scores(engagement),
        folder / "advice.csv": csv.write_nominations(*samples.advice(firm, rng=seed)),
        **project_files(folder),
        **desk_files(folder, seed=seed),
    }


def _json(value: Any) -> str:
    return json.dumps(value, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def _codings(folder: Path) -> list[ved.MessageCoding]:
    data = json.loads(read_text(folder / "messages.json"))
    return [structure(coding, ved.MessageCoding, error=FormatError, subject="messages.json") for coding in data]


def _assessments(folder: Path) -> list[vitals.VitalsAssessment]:
    return [vitals.read_vitals(record) for record in json.loads(read_text(folder / "vitals.json"))]


def _organisation(folder: Path) -> tuple[org.Pyramid, dict[str, Any]]:
    """Read people, engagement and advice back, and measure what may be shown."""
    built = org.build_pyramid(csv.read_people(read_text(folder / "people.csv")))
    scores = csv.read_person_scores(read_text(folder / "engagement.csv"), columns="engagement")
    asks, asked = csv.read_nominations(read_text(folder / "advice.csv"))
    return built, {
        **of_lines(built),
        **of_scores(built, scores, min_n=MIN_N, threshold=THRESHOLD, target=TARGET),
        **of_nominations(built, asks, asked, min_n=MIN_N),
    }


def _pyramid(built: org.Pyramid, found: dict[str, Any]) -> str:
    from leadkit import reports

    return reports.pyramid(
        built,
        **found,
        title="A service organisation, customers on top",
        notice=NOTICE,
        progress=progress_bar("writing sections"),
    )


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
