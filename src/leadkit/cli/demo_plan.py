"""The project of the demonstration: its files, what is worked out from them, and its chapter."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from attrs import evolve

from leadkit import samples, wbs
from leadkit.cli.files import read_text
from leadkit.cli.planning import Planned, planned
from leadkit.interchange import csv, json
from leadkit.wbs.handover.checking import DocumentState

__all__ = ["project_chapter", "project_files", "project_from", "project_lines"]

N_SCHEDULES, N_RUNS = 1000, 5000
SCALE = (0, 5)
DOCUMENTS: dict[str, DocumentState] = {"brief": "approved", "notes": "draft"}
MEASURED = {"cases": 42.0}


def project_files(folder: Path) -> dict[Path, str]:
    """Write the sample: its work and its team as tables, all of it as JSON, and its progress."""
    project = samples.plan()
    return {
        folder / "plan.csv": csv.write_plan(project),
        folder / "team.csv": csv.write_team(project.team),
        folder / "plan.json": json.dumps(project, indent=1) + "\n",
        folder / "status.json": json.dumps(samples.status(), indent=1) + "\n",
    }


def project_from(folder: Path, *, seed: int) -> Planned:
    """Read the files back, with what a table cannot say from the JSON, and work out everything there is."""
    whole = json.loads(read_text(folder / "plan.json"), wbs.Plan)
    status = json.loads(read_text(folder / "status.json"), wbs.Status)
    table = csv.read_plan(read_text(folder / "plan.csv"))
    plan = table.with_(
        wbs=evolve(table.wbs, control_accounts=whole.wbs.control_accounts),
        team=csv.read_team(read_text(folder / "team.csv"), calendar=table.calendar, scale=SCALE),
        handovers=whole.handovers,
        gates=whole.gates,
        metrics=whole.metrics,
        events=whole.events,
    )
    made = planned(plan, schedules=N_SCHEDULES, seed=seed, runs=N_RUNS).tracked(status)
    milestones = [*(gate.id for gate in plan.gates), *(handover.id for handover in plan.handovers)]
    readiness = [wbs.readiness(plan, own, status, documents=DOCUMENTS) for own in milestones]
    metrics = wbs.evaluate_metrics(plan, MEASURED)
    answers = wbs.success(plan, made.found["tracking"], metrics=metrics, readiness=readiness)
    more = {"readiness": readiness, "metrics": metrics, "success": answers}
    return evolve(made, found={**made.found, **more})


def project_lines(made: Planned) -> Iterator[str]:
    """Say in two lines what came out."""
    from leadkit.reports.plan_wording import PlanWords

    words, plan = PlanWords(plan=made.plan), made.plan
    people = f"{len(plan.team.people)} people"
    yield f"Planned {words.packages()} for {people}: done by {words.when(made.result.finish)}"
    risk, tracking = made.found["risk"], made.found["tracking"]
    chance = "" if plan.deadline is None else f"{risk.probability(plan.deadline).value:.0%} of the runs in time, "
    yield (
        f"  risk by links alone: P50 {words.day(risk.date(0.5))}, P80 {words.day(risk.date(0.8))}, {chance}"
        f"expected now: {words.day(tracking.forecast_finish)}"
    )


def project_chapter(made: Planned) -> dict[str, Any]:
    """Give what the report takes."""
    return {"plan": made.plan, **made.found}
