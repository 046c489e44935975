"""A plan of a thousand packages and ten people: our search beside TaskJuggler on the same plan, finish beside finish."""

from __future__ import annotations

import csv
import random
import resource
import shutil
import subprocess
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from leadkit.calendars import WorkCalendar
from leadkit.skills import SkillMatrix
from leadkit.wbs import Estimate, Group, Link, Need, Person, Plan, Team, Wbs, WorkPackage, assign, smooth

N_PACKAGES, N_PEOPLE = 1_000, 10
SKILLS = ("analysis", "code", "design", "support", "test")
OFFICE = "08:00-12:00, 13:00-17:00"
TIMES_FASTER = 5.0
START = datetime(2026, 1, 5, 8, tzinfo=UTC)
HEAD = """project plan "Plan" 2026-01-05 +260w {
  timezone "Europe/London"
  timingresolution 60min
}
"""
HOURS = """  workinghours mon - fri 8:00 - 12:00, 13:00 - 17:00
  workinghours sat, sun off
"""
TAIL = """taskreport "dates" {
  formats csv
  columns id, start, end
  timeformat "%Y-%m-%dT%H:%M"
}
"""
Rows = list[tuple[int, str, int, list[int]]]


def rows(seed: int = 0) -> tuple[dict[str, list[str]], Rows]:
    """Draw who has which two or three skills, and for each package its skill, hours and predecessors."""
    luck = random.Random(seed)  # noqa: S311 - a plan, no secret
    people = [f"p{k}" for k in range(N_PEOPLE)]
    skills = {own: sorted({SKILLS[k % len(SKILLS)], *luck.sample(SKILLS, 2)}) for k, own in enumerate(people)}
    packages = []
    for j in range(N_PACKAGES):
        before = sorted({luck.randrange(max(0, j - 40), j) for _ in range(luck.randint(0, 3))}) if j else []
        packages.append((j, luck.choice(SKILLS), luck.randint(4, 20), before))
    return skills, packages


def plan_of(skills: dict[str, list[str]], packages: Rows, *, holidays: bool = False) -> Plan:
    calendar = WorkCalendar.weekly({"mon-fri": OFFICE}, zone="Europe/London")
    away = [[date(2026, 1 + k % 6, 5 + day) for day in range(5)] for k in range(N_PEOPLE)]
    people = [
        Person(id=own, calendar=calendar.with_(holidays=away[k]) if holidays else None) for k, own in enumerate(skills)
    ]
    levels = [[float(skill in held) for skill in SKILLS] for held in skills.values()]
    children = [
        WorkPackage(id=f"t{j:04d}", estimate=Estimate.fixed(hours, unit="h"), needs=[Need(skills={skill: 1})])
        for j, skill, hours, _ in packages
    ]
    links = [Link(predecessor=f"t{i:04d}", successor=f"t{j:04d}") for j, _, _, before in packages for i in before]
    return Plan(
        wbs=Wbs(root=Group(id="plan", children=children)),
        start=START,
        links=links,
        calendar=calendar,
        team=Team(people=people, skills=SkillMatrix(list(skills), SKILLS, levels)),
    )


def taskjuggler(skills: dict[str, list[str]], packages: Rows) -> str:
    """Write the same plan: one of those with the skill does a package from beginning to end, in office hours."""
    lines = [HEAD]
    lines += [f'resource {own} "{own}" {{\n{HOURS}}}' for own in skills]
    for j, skill, hours, before in packages:
        first, *others = [own for own, held in skills.items() if skill in held]
        more = f" {{ alternative {', '.join(others)} select minloaded persistent }}" if others else ""
        depends = f"depends {', '.join(f'!t{i:04d}' for i in before)}" if before else ""
        lines.append(f'task t{j:04d} "t{j:04d}" {{\n  effort {hours}h\n  allocate {first}{more}\n  {depends}\n}}')
    return "\n".join([*lines, TAIL])


def test_default_search_on_a_thousand_packages_against_taskjuggler(
    benchmark: BenchmarkFixture, tell: Callable[[str], None], tmp_path: Path
) -> None:
    program = shutil.which("tj3")
    if program is None:
        pytest.skip("TaskJuggler is not installed")
    skills, packages = rows()
    plan = plan_of(skills, packages)
    (tmp_path / "plan.tjp").write_text(taskjuggler(skills, packages), encoding="utf-8")
    begun = time.perf_counter()
    subprocess.run([program, "--silent", "plan.tjp"], cwd=tmp_path, check=True)
    peer = time.perf_counter() - begun
    with (tmp_path / "dates.csv").open(encoding="utf-8") as file:
        theirs = max(row["End"] for row in csv.DictReader(file, delimiter=";"))
    benchmark.pedantic(lambda: assign(plan, schedules=1), rounds=1)  # type: ignore[no-untyped-call]
    faster = {}
    for schedules in (1, 100, 3000):
        begun = time.perf_counter()
        found = assign(plan, schedules=schedules)
        seconds = time.perf_counter() - begun
        faster[schedules] = peer / seconds
        tell(
            f"{schedules} schedules: {seconds:.3g} s against {peer:.3g} s, {peer / seconds:.3g} times as fast; "
            f"finish {found.finish:%Y-%m-%dT%H:%M} against {theirs}, {found.gap:.3%} above the bound;"
        )
        assert f"{found.finish:%Y-%m-%dT%H:%M}" <= theirs
    # TaskJuggler makes one schedule; the default of 3,000 stops as soon as its bound is met
    assert faster[100] >= TIMES_FASTER
    assert faster[3000] >= TIMES_FASTER


def test_people_with_calendars_of_their_own(benchmark: BenchmarkFixture, tell: Callable[[str], None]) -> None:
    skills, packages = rows()
    plan = plan_of(skills, packages, holidays=True)
    begun = time.process_time()
    found: Any = benchmark.pedantic(lambda: assign(plan, schedules=50), rounds=1)  # type: ignore[no-untyped-call]
    seconds = time.process_time() - begun
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    tell(f"50 schedules on instants in {seconds:.3g} s, gap {found.gap:.3%}, {peak:.4g} MiB in all")
    begun = time.process_time()
    smooth(plan, found)
    tell(f"smoothed in {time.process_time() - begun:.3g} s")
    assert found.gap < 0.05
