"""A plan in which everything happens on one calendar, as a problem in working minutes."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from leadkit.calendars import WorkCalendar
from leadkit.wbs.assignment._generating import Generator, Schedule
from leadkit.wbs.assignment._open import MINUTE
from leadkit.wbs.assignment._work import Task, Work
from leadkit.wbs.rcpsp import Problem, Solution
from leadkit.wbs.structure import Need

GIVEN = "given to "


class Steps(NamedTuple):
    """A problem, and how many minutes one step of its time is."""

    problem: Problem
    minutes: int


def in_minutes(work: Work, generator: Generator) -> Steps | None:
    """Build the problem that says the same as a plan; None where only calendars can say it.

    Everything and everybody has to be on the plan's calendar, no lag may count every minute, who does a package must not
    change how long it takes, and a bound on a start has to lie at a whole minute of work.
    """
    tasks = work.tasks
    if any(work.clock.shared([calendar]) is not generator.plan_line for task in tasks for calendar in _of(task, work)):
        return None
    if any(tie.elapsed for tie in work.ties):
        return None
    durations, release = [], []
    for task in tasks:
        able = sorted(frozenset().union(*(own for own, _ in task.slots)))
        units = {work.staff.people[person].units for person in able}
        early = generator.plan_line.worked(task.not_before) if task.not_before is not None else 0
        is_partly_given = 0 < len(task.given) < task.heads and len(task.slots) > 1
        if len(units) > 1 or is_partly_given or early % MINUTE or (early and task.is_point):
            return None
        durations.append(
            work.staff.minutes(task.package, able[:1] * task.heads) if able and task.package else task.minutes
        )
        release.append(early // MINUTE)
    lags = [tie.lag // MINUTE for tie in work.ties]
    step = math.gcd(*durations, *release, *lags) or 1
    return Steps(_problem(work, durations, release, lags, step), step)


def _of(task: Task, work: Work) -> Iterator[WorkCalendar]:
    """Give the calendars of an activity and of all who might do it."""
    yield task.calendar
    for able, _ in task.slots:
        for person in able:
            yield work.staff.calendars[person]


def _problem(work: Work, durations: Sequence[int], release: Sequence[int], lags: Sequence[int], step: int) -> Problem:
    staff = work.staff
    given = sorted({person for task in work.tasks for person in task.given})
    columns = [*staff.skills, *(GIVEN + staff.ids[person] for person in given)]
    levels = np.full((len(staff.ids), len(columns)), np.nan)
    for person in range(len(staff.ids)):
        levels[person, : len(staff.skills)] = [staff.level(person, skill) for skill in staff.skills]
        if person in given:
            levels[person, len(staff.skills) + given.index(person)] = 1
    needs = []
    for task in work.tasks:
        own = list(task.package.needs) if task.slots and task.package is not None else []
        if task.given:
            rest = task.heads - len(task.given)
            own = [Need(skills=own[0].skills, heads=rest)] if rest else []
            own += [Need(skills={GIVEN + staff.ids[person]: 1}) for person in task.given]
        needs.append(tuple(own))
    return Problem(
        [minutes // step for minutes in durations],
        [tie.predecessor for tie in work.ties],
        [tie.successor for tie in work.ties],
        kind=[tie.kind for tie in work.ties],
        lag=[lag // step for lag in lags],
        needs=needs,
        levels=levels,
        skill_ids=columns,
        person_ids=staff.ids,
        release=np.array(release, dtype=np.int64) // step,
        ids=[task.id for task in work.tasks],
    )


def on_calendar(work: Work, generator: Generator, steps: Steps, solution: Solution) -> Schedule:
    """Put the working minutes of a solution back on the calendar."""
    line, since = generator.plan_line, generator.low
    starts = [step * steps.minutes * MINUTE for step in solution.start.tolist()]
    lengths = [step * steps.minutes * MINUTE for step in steps.problem.duration.tolist()]
    start, finish = [since] * work.n, [since] * work.n
    for j in sorted(range(work.n), key=starts.__getitem__):
        # no search is longer than the calendar's horizon, however long the plan is
        since = start[j] = line.begin(starts[j], since)
        finish[j] = line.end(starts[j] + lengths[j], since) if lengths[j] else since
    return Schedule(start, finish, [tuple(sorted(team)) for team in solution.people])
