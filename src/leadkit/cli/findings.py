"""What is measured about an organisation for showing: arguments of `reports.pyramid`, disclosed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from leadkit import org
from leadkit.cli.progress import showing
from leadkit.interchange.csv import PersonScores

__all__ = ["of_lines", "of_nominations", "of_scores"]


def of_lines(built: org.Pyramid) -> dict[str, Any]:
    """Measure what the reporting lines alone tell."""
    return {"structure": org.measure_structure(built.organisation), "obligations": org.obligations(built)}


def of_scores(
    built: org.Pyramid,
    scores: PersonScores,
    *,
    min_n: int,
    threshold: float | None = None,
    target: float | None = None,
    better: Any = "high",
) -> dict[str, Any]:
    """Roll scores up; where there is one score alone, find the level to begin with and trace the thread as well.

    Somebody who was measured several times counts with the mean by line and on the thread; the diagnosis takes all
    measurements. Without a threshold there is no thread.
    """
    means = scores.by_person()
    results: dict[str, Any] = {
        "roll_up": org.roll_up(
            built.organisation,
            dict(zip(means.person_ids, means.values, strict=True)),
            min_n=min_n,
            weights="fte" if built.weights == "fte" else "heads",
            column_names=means.names,
        )
    }
    if len(scores.names) > 1:
        return results
    if threshold is not None:
        known = dict(zip(means.person_ids, means.values[:, 0].tolist(), strict=True))
        for name, measure in (("thread", org.trace_thread), ("agents", org.measure_change_agents)):
            found = measure(built, known, threshold=threshold, weights=built.weights)
            results[name] = found.disclosed(min_n=min_n)
    values = scores.values[:, 0]
    with showing("drawing samples") as progress:
        diagnosis = org.diagnose(
            built, scores.person_ids, values, target=target, better=better, min_n=min_n, progress=progress
        )
    return results | {"diagnosis": diagnosis.disclosed(min_n=min_n)}


def of_nominations(built: org.Pyramid, asks: Sequence[str], asked: Sequence[str], *, min_n: int) -> dict[str, Any]:
    """Measure leadership without a position from who turns to whom."""
    nominations = org.Nominations.from_columns(built.organisation, asks, asked)
    return {"influence": org.measure_influence(built.organisation, nominations, pyramid=built, min_n=min_n)}
