"""Scheduling with CP-SAT from the default method's schedule: gaps to the best known makespans, and the cost of a bound."""

from __future__ import annotations

import csv
import math
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from leadkit.interchange.imopse import read_def
from leadkit.interchange.psplib import read_sm
from leadkit.wbs import Problem, Solution, lower_bound, solve, violations

DATA = Path(__file__).parents[2] / "shared" / "data" / "wbs"
SECONDS, WORKERS = 10.0, 2
MOST_BOUND_SECONDS = 0.05

pytestmark = pytest.mark.skipif(not DATA.exists(), reason="the shared data set wbs is not beside this checkout")


def problems(folder: str) -> dict[str, Problem]:
    files = sorted((DATA / folder).iterdir())
    return {
        file.stem: (read_sm if file.suffix == ".sm" else read_def)(file.read_text(encoding="ascii")) for file in files
    }


def references() -> dict[str, int]:
    """Read the best known makespans of PSPLIB and the lower bounds of iMOPSE."""
    with (DATA / "psplib/best_known.csv").open(encoding="utf-8") as table:
        best = {row["file"].removesuffix(".sm"): int(row["best_known"]) for row in csv.DictReader(table)}
    with (DATA / "imopse/reference_makespan.csv").open(encoding="utf-8") as table:
        return best | {row["instance"]: int(row["lower_bound"]) for row in csv.DictReader(table)}


def solved(folder: str) -> dict[str, Solution]:
    found = {}
    for name, problem in problems(folder).items():
        found[name] = solve(problem, solver=True, solver_seconds=SECONDS, workers=WORKERS)
        assert violations(problem, found[name]) == ()
    return found


@pytest.mark.parametrize(
    ("folder", "goal"),
    [("psplib/j30", 0.0), ("psplib/j60", 0.0020), ("psplib/j120", 0.022), ("imopse/d36", 0.0085)],
)
def test_gap_with_the_solver(tell: Callable[[str], None], folder: str, goal: float) -> None:
    best = references()
    found = solved(folder)
    gap = float(np.mean([solution.makespan / best[name] - 1 for name, solution in found.items()]))
    proven = sum(solution.is_proven for solution in found.values())
    tell(f"{folder}: gap {gap:.2%}, at most {goal:.2%}; {proven} of {len(found)} proven")
    assert gap <= goal
    assert proven == len(found) or folder != "psplib/j30"


@pytest.mark.parametrize("folder", ["psplib/j30", "psplib/j60", "psplib/j120", "imopse/d36"])
def test_seconds_of_a_lower_bound(tell: Callable[[str], None], folder: str) -> None:
    best = references()
    seconds, gaps = [], []
    for name, problem in problems(folder).items():
        fastest = math.inf
        for _ in range(3):
            start = time.process_time()
            bound = lower_bound(problem)
            fastest = min(fastest, time.process_time() - start)
        seconds.append(fastest)
        gaps.append(best[name] / bound - 1)
    tell(f"{folder}: {np.mean(seconds):.4f} s on average, {max(seconds):.4f} s at most; {np.mean(gaps):.2%} below")
    assert max(seconds) <= MOST_BOUND_SECONDS
