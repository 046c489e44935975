"""The help desk of the demonstration: its files, what its pilot found, and its chapter."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from leadkit import samples
from leadkit.cli.files import read_text
from leadkit.cli.pilot_reading import ActionCatalogue
from leadkit.cli.piloting import Piloted, piloted
from leadkit.escalation import build_matrix
from leadkit.interchange import csv, json
from leadkit.interchange.event_csv import read_event_csv, write_event_csv
from leadkit.wbs import Person, Team

__all__ = ["desk_chapter", "desk_files", "desk_from", "desk_lines"]

TARGETS = {"network": 0.8}
SCALE = (0, 5)


def desk_files(folder: Path, *, seed: int) -> dict[Path, str]:
    """Write the sample: what happened to the tickets, what the people can do, and what is on offer to learn."""
    skills = samples.desk_skills()
    team = Team(people=[Person(id=own) for own in skills.people], skills=skills)
    catalogue = ActionCatalogue(actions=samples.development_actions())
    return {
        folder / "tickets.csv": write_event_csv(samples.tickets(rng=seed)),
        folder / "desk.csv": csv.write_team(team),
        folder / "actions.json": json.dumps(catalogue, indent=1) + "\n",
    }


def desk_from(folder: Path) -> Piloted:
    """Read the files back, and evaluate the pilot beside the matrix."""
    team = csv.read_team(read_text(folder / "desk.csv"), scale=SCALE)
    plain = samples.escalation_matrix()
    rules: dict[str, Any] = {"levels": plain.levels, "domains": plain.domains, "owners": plain.owners}
    return piloted(
        read_event_csv(folder / "tickets.csv"),
        stratum="channel",
        matrix=None if team.skills is None else build_matrix(team.skills, **rules),
        actions=json.loads(read_text(folder / "actions.json"), ActionCatalogue).actions,
        options={"targets": TARGETS},
    )


def desk_lines(made: Piloted) -> Iterator[str]:
    """Say in two lines what came out."""
    found, learnt, matrix = made.evaluation, made.learning, made.matrix
    if found is None or learnt is None or matrix is None:
        return
    gaps = f"the escalation matrix has {len(matrix.gaps())} gaps"
    yield f"Read {len(made.log.tickets)} tickets of a help desk of {len(matrix.people)} people: {gaps}"
    weak = [f"{row.person} in {row.domain}" for row in found.cells if row.verdict == "train"]
    plan = "" if learnt.plan is None else f"; {learnt.plan.hours:.0f} hours leave {len(learnt.plan.unmet)} needs open"
    yield f"  pilot: to train {', '.join(weak) or 'nobody'}{plan}"


def desk_chapter(made: Piloted) -> dict[str, Any]:
    """Give what the report takes."""
    return {"title": "A help desk", **made.found}
