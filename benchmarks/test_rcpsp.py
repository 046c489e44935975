"""The default method of scheduling: gaps to the best known makespans at a number of schedules, its time and its memory."""

from __future__ import annotations

import csv
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from leadkit.interchange.imopse import read_def
from leadkit.interchange.psplib import read_sm
from leadkit.wbs import Need, Problem, Solution, solve
from leadkit.wbs.rcpsp._generating import Generator
from leadkit.wbs.rcpsp._genetic import POPULATION, evolve
from leadkit.wbs.rcpsp._instance import instance_of

DATA = Path(__file__).parents[2] / "shared" / "data" / "wbs"
FEWER, SCHEDULES = 1000, 3000
MOST_SECONDS = 1.0
BYTES_A_TASK = 200
MOST_MICROSECONDS_A_TASK = 20.0

needs_data = pytest.mark.skipif(not DATA.exists(), reason="the shared data set wbs is not beside this checkout")


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


def reached(solution: Solution, schedules: int) -> int:
    """Tell how short the schedule was that so many had led to: fewer schedules are the beginning of more."""
    return min(makespan for made, makespan in solution.history if made <= schedules)


def crowd(n: int, people: int) -> Problem:
    """Make a plan of many tasks with one need each, hours in minutes."""
    rng = np.random.default_rng(0)
    links = sorted({(int(rng.integers(max(0, j - 60), j)), j) for j in range(1, n) for _ in range(2)})
    skills = ["a", "b", "c", "d"]
    levels = rng.choice([np.nan, 1.0, 2.0, 3.0, 4.0], (people, len(skills)))
    levels[0] = 4.0
    needs = [[Need(skills={skills[int(rng.integers(4))]: int(rng.integers(1, 3))})] for _ in range(n)]
    return Problem(
        60 * rng.integers(1, 17, n),
        [i for i, _ in links],
        [j for _, j in links],
        needs=needs,
        levels=levels,
        skill_ids=skills,
    )


@needs_data
@pytest.mark.parametrize(
    ("folder", "goal", "early_goal"),
    [
        ("psplib/j30", 0.0030, None),
        ("psplib/j60", 0.0070, None),
        ("psplib/j120", 0.030, 0.037),
        ("imopse/d36", 0.0130, None),
        ("imopse/small", 0.0, None),
    ],
)
def test_gap_of_the_default_method(
    tell: Callable[[str], None], folder: str, goal: float, early_goal: float | None
) -> None:
    best = references()
    begin = time.process_time()
    found = {name: solve(problem, schedules=SCHEDULES) for name, problem in problems(folder).items()}
    seconds = time.process_time() - begin
    gaps = {
        schedules: float(np.mean([reached(solution, schedules) / best[name] - 1 for name, solution in found.items()]))
        for schedules in (FEWER, SCHEDULES)
    }
    proven = sum(solution.is_proven for solution in found.values())
    generated = sum(solution.schedules for solution in found.values())
    tell(
        f"{folder}: gap {gaps[FEWER]:.3%} at {FEWER:,}, {gaps[SCHEDULES]:.3%} at {SCHEDULES:,}, at most {goal:.2%}; "
        f"{proven} of {len(found)} proven, {seconds / generated * 1e6:.0f} us a schedule"
    )
    assert gaps[SCHEDULES] <= goal
    assert early_goal is None or gaps[FEWER] <= early_goal


@needs_data
def test_seconds_of_three_thousand_schedules_of_a_hundred_and_twenty(tell: Callable[[str], None]) -> None:
    seconds = []
    for problem in problems("psplib/j120").values():
        begin = time.process_time()
        solution = solve(problem, schedules=SCHEDULES)
        if solution.schedules == SCHEDULES:
            seconds.append(time.process_time() - begin)
    mean, most = float(np.mean(seconds)), max(seconds)
    tell(
        f"{SCHEDULES:,} schedules in {mean:.2f} s on average, {most:.2f} s at most; below {MOST_SECONDS:g} s on average"
    )
    assert mean < MOST_SECONDS


def test_microseconds_a_task_with_people(tell: Callable[[str], None]) -> None:
    problem = crowd(1000, 10)
    begin = time.process_time()
    solution = solve(problem, schedules=200)
    each = (time.process_time() - begin) / solution.schedules / problem.n * 1e6
    tell(f"{each:.1f} us a task and schedule, at most {MOST_MICROSECONDS_A_TASK:g}")
    assert each <= MOST_MICROSECONDS_A_TASK


def test_memory_of_a_search(peak_memory: Callable[..., float]) -> None:
    problem = crowd(200, 10)
    generator = Generator(instance_of(problem))
    goal = BYTES_A_TASK * problem.n * POPULATION / 2**20
    # no schedule takes no time: the search goes on until its population is full and changing
    peak_memory(lambda: evolve(generator, schedules=400, rng=np.random.default_rng(0), target=0), at_most=goal)
