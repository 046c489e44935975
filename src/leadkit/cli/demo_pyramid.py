"""The organisation of the demonstration: its files, and what runs through its lines."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from attrs import frozen

from leadkit import org, samples
from leadkit.cli.files import read_text
from leadkit.cli.findings import of_lines, of_nominations, of_scores
from leadkit.cli.pyramid_summary import diagnosis_line
from leadkit.interchange import csv

__all__ = ["Organised", "people_files", "people_from"]

N_TEAMS, TEAM_SIZE = 18, 6
THRESHOLD, TARGET = 3.2, 3.5
MIN_N = 5


@frozen(kw_only=True)
class Organised:
    """The pyramid, and what may be shown of what was measured on it."""

    pyramid: org.Pyramid
    found: dict[str, Any]

    @property
    def lines(self) -> Iterator[str]:
        """What came out, in two lines."""
        organisation = self.pyramid.organisation
        size = f"{organisation.n} posts in {organisation.tree.n_layers} layers"
        yield f"Turned {size} upside down: customers on top"
        yield f"  {diagnosis_line(self.found['diagnosis'])}"

    @property
    def chapter(self) -> dict[str, Any]:
        """What the report takes."""
        return {"pyramid": self.pyramid, "title": "A service organisation, customers on top", **self.found}


def people_files(folder: Path, *, seed: int) -> dict[Path, str]:
    """Write the sample: people, how engaged they are, and whom they ask."""
    firm = samples.organisation(n_teams=N_TEAMS, team_size=TEAM_SIZE, rng=seed)
    pulse = samples.pulse(firm, rng=seed)
    engagement = csv.PersonScores(
        person_ids=pulse.person_ids, names=("wave", "engagement"), values=np.column_stack([pulse.waves, pulse.values])
    )
    return {
        folder / "people.csv": csv.write_people(firm),
        folder / "engagement.csv": csv.write_person_scores(engagement),
        folder / "advice.csv": csv.write_nominations(*samples.advice(firm, rng=seed)),
    }


def people_from(folder: Path) -> Organised:
    """Read the files back, and measure what may be shown."""
    built = org.build_pyramid(csv.read_people(read_text(folder / "people.csv")))
    scores = csv.read_person_scores(read_text(folder / "engagement.csv"), columns="engagement")
    asks, asked = csv.read_nominations(read_text(folder / "advice.csv"))
    found = {
        **of_lines(built),
        **of_scores(built, scores, min_n=MIN_N, threshold=THRESHOLD, target=TARGET),
        **of_nominations(built, asks, asked, min_n=MIN_N),
    }
    return Organised(pyramid=built, found=found)
