"""The demonstration: a folder of synthetic inputs, the whole way over them, and one report."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, cast

from leadkit.cli.demo_feedback import Rated, rating_files, rating_from, sample_ratings
from leadkit.cli.demo_pilot import desk_chapter, desk_files, desk_from, desk_lines
from leadkit.cli.demo_plan import project_chapter, project_files, project_from, project_lines
from leadkit.cli.demo_pyramid import Organised, people_files, people_from
from leadkit.cli.demo_team import Answered, team_files, team_from
from leadkit.cli.files import UsageError, write_whole
from leadkit.cli.piloting import Piloted
from leadkit.cli.planning import Planned
from leadkit.cli.progress import showing
from leadkit.interchange import csv

if TYPE_CHECKING:
    from leadkit import reports

__all__ = ["demo"]

TITLE = "Leadership and service, on one page"
NOTICE = (
    "Synthetic data: made by a seeded generator to show what leadkit does. The people, their answers, their messages "
    "and their cases do not exist."
)


def demo(given: argparse.Namespace) -> None:
    """Write sample inputs, read them back, work on them in all five domains, and leave one report."""
    folder: Path = given.folder
    _make_folder(folder, force=given.force)
    inputs = _inputs(folder, given.seed)
    write_whole(inputs, force=given.force)
    print(f"Made up a service team (seed {given.seed}) in {folder}/: {', '.join(path.name for path in inputs)}")

    team = team_from(folder, seed=given.seed)
    _say(team.lines)
    rated = rating_from(folder)
    _say(rated.lines)
    organised = people_from(folder)
    _say(organised.lines)
    project = project_from(folder, seed=given.seed)
    _say(project_lines(project))
    desk = desk_from(folder)
    _say(desk_lines(desk))

    outputs = {
        folder / "scores.csv": csv.write_scores(team.scores),
        folder / "feedback.csv": csv.write_feedback(rated.disclosed),
        folder / "report.html": _report(team, rated, organised, project, desk),
    }
    write_whole(outputs, force=given.force)
    print(f"Wrote {folder / 'scores.csv'} and {folder / 'feedback.csv'}")
    print(f"Wrote {folder / 'report.html'}: all of it in one report; open it in a browser")


def _say(lines: Iterable[str]) -> None:
    for line in lines:
        print(line, flush=True)


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
    ratings = sample_ratings(seed=seed)
    return {
        **team_files(folder, ratings, seed=seed),
        **rating_files(folder, ratings),
        **people_files(folder, seed=seed),
        **project_files(folder),
        **desk_files(folder, seed=seed),
    }


def _report(team: Answered, rated: Rated, organised: Organised, project: Planned, desk: Piloted) -> str:
    from leadkit import reports

    with showing("writing chapters") as progress:
        return reports.full(
            team=cast("reports.TeamArguments", team.chapter),
            feedback={"disclosed": rated.disclosed, "title": "Six leaders, each seen by many"},
            pyramid=cast("reports.PyramidArguments", organised.chapter),
            plan=cast("reports.PlanArguments", project_chapter(project)),
            escalation=cast("reports.EscalationArguments", desk_chapter(desk)),
            title=TITLE,
            notice=NOTICE,
            progress=progress,
        )
