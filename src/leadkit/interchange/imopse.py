"""iMOPSE: problems in which each task takes one person with one skill at a level (`.def`)."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from leadkit._fields import FrozenMapping
from leadkit.interchange._benchmark import Line, Reading, missing_faults
from leadkit.interchange._text import TextSource, whole_text
from leadkit.wbs.rcpsp import Problem
from leadkit.wbs.structure import Need

__all__ = ["read_def", "salaries"]

SUBJECT = "iMOPSE file"
MAX_CHARS = 2**22
MAX_CELLS = 10**7
"""Most people times skills, whose levels become one table."""
SKILL = re.compile(r"[Qq]([0-9]{1,9})\s*:\s*([0-9]{1,9})(?![0-9])")
SALARY = re.compile(r"[0-9]{1,12}(?:\.[0-9]{0,12})?")


class Task(NamedTuple):
    """A row of the table of tasks."""

    line: Line
    duration: int
    skill: tuple[int, int]
    predecessors: list[int]


class Worker(NamedTuple):
    """A row of the table of resources."""

    salary: float
    levels: dict[int, int]


def read_def(source: TextSource, *, max_chars: int = MAX_CHARS) -> Problem:
    """Read a multi-skill iMOPSE file.

    Task k of the file is index k - 1; ids of tasks and people are the numbers of the file. Every task needs one person
    with one skill at the level or above; all links are FS; durations are whole hours. `salaries` reads what people earn.

    Parameters
    ----------
    source : str or text file
        The text, or a file that is open for reading text.
    max_chars : int
        Most characters.

    Returns
    -------
    leadkit.wbs.Problem
        Skills are "Q0", "Q1", ..., those that the file names; NaN is a skill that a person is not listed with.

    Raises
    ------
    FormatError
        The text is no such file, is cut off, contradicts itself or exceeds the limit; `faults` holds everything with
        its line.
    CycleError
        The tasks depend on each other in a circle.
    TypeError
        The source is something else.

    References
    ----------
    .. [1] P. B. Myszkowski, M. E. Skowronski, K. Sikora, "A new benchmark dataset for multi-skill resource-constrained
       project scheduling problem", Federated Conference on Computer Science and Information Systems, 2015.
    .. [2] P. B. Myszkowski, M. E. Skowronski, L. P. Olech, K. Oslizlo, "Hybrid ant colony optimization in solving
       multi-skill resource-constrained project scheduling problem", Soft Computing 19, 2015.

    Examples
    --------
    >>> text = '''Tasks: 2
    ... Resources: 1
    ... Precedence relations: 1
    ... Number of skill types: 1
    ... ====
    ... ResourceID Salary Skills
    ... 1 56.0 Q1: 2
    ... ====
    ... TaskID Duration Skill Predecessor IDs
    ... 1 37 Q1: 1
    ... 2 4 Q1:2 1
    ... ====
    ... '''
    >>> problem = read_def(text)
    >>> problem.duration, problem.needs[1], problem.levels
    (array([37,  4]), (Need(skills=(('Q1', 2.0),), heads=1),), array([[2.]]))
    >>> salaries(text)
    {'1': 56.0}
    """
    reading = _reading(source, max_chars)
    workers = _workers(reading)
    tasks = _tasks(reading)
    used = {task.skill[0] for task in tasks.values()}.union(*(worker.levels for worker in workers.values()))
    _check_counts(reading, tasks, used)
    if len(workers) * len(used) > MAX_CELLS:
        reading.fault(None, f"there are more than {MAX_CELLS} pairs of a person and a skill")
    reading.raise_faults()
    column = {skill: k for k, skill in enumerate(sorted(used))}
    levels = np.full((len(workers), len(used)), np.nan)
    for row, own in enumerate(sorted(workers)):
        for skill, level in workers[own].levels.items():
            levels[row, column[skill]] = level
    order = sorted(tasks)
    links = [(before - 1, own - 1) for own in order for before in tasks[own].predecessors]
    return Problem(
        [tasks[own].duration for own in order],
        [i for i, _ in links],
        [j for _, j in links],
        needs=[(Need(skills={f"Q{tasks[own].skill[0]}": tasks[own].skill[1]}),) for own in order],
        levels=levels,
        skill_ids=[f"Q{skill}" for skill in column],
        person_ids=[str(own) for own in sorted(workers)],
        ids=[str(own) for own in order],
    )


def salaries(source: TextSource, *, max_chars: int = MAX_CHARS) -> Mapping[str, float]:
    """Read what the people of an iMOPSE file earn an hour.

    Parameters and errors are those of `read_def`; only the table of resources is read.

    Returns
    -------
    mapping of str to float
        Person id to salary, by number.
    """
    reading = _reading(source, max_chars)
    workers = _workers(reading)
    reading.raise_faults()
    return FrozenMapping({str(own): workers[own].salary for own in sorted(workers)})


def _reading(source: TextSource, max_chars: int) -> Reading:
    return Reading(SUBJECT, whole_text(source, max_chars, what=f"an {SUBJECT}", hint="iMOPSE files are ASCII"))


def _count(reading: Reading, name: str) -> int | None:
    place = reading.find(lambda text: text.lower().startswith(f"{name.lower()}:"))
    if place is None:
        reading.fault(None, f"there is no line '{name}: number'")
        return None
    line = reading.lines[place]
    return reading.whole(line.text.partition(":")[2].strip(), line, name)


def _table(reading: Reading, name: str) -> list[Line]:
    place = reading.find(lambda text: text.startswith(name))
    if place is None:
        reading.fault(None, f"there is no table {name}")
        return []
    return list(reading.rows(place, ends="="))


def _own_number(reading: Reading, line: Line, found: Mapping[int, object], kind: str) -> int | None:
    """Read the number that a row begins with; None, and a fault, when it is there already."""
    own = reading.whole(line.text.split()[0], line, kind)
    if own is not None and own in found:
        reading.fault(line, f"{kind} {own} is there more than once")
        return None
    return own


def _workers(reading: Reading) -> dict[int, Worker]:
    found: dict[int, Worker] = {}
    for line in _table(reading, "ResourceID"):
        own = _own_number(reading, line, found, "resource")
        if own is None:
            continue
        fields = line.text.split(None, 2)
        salary = fields[1] if len(fields) > 1 else ""
        skills = fields[2] if len(fields) > 2 else ""
        earns = float(salary) if SALARY.fullmatch(salary) else math.nan
        if math.isnan(earns):
            reading.fault(line, f"resource {own}: expected a salary, got {salary[:40]!r}")
        found[own] = Worker(earns, _levels(reading, line, own, skills))
    count = _count(reading, "Resources")
    missing_faults(reading, list(found), count, kind="resource", where="ResourceID")
    return found


def _levels(reading: Reading, line: Line, own: int, text: str) -> dict[int, int]:
    """Read `Qk: level` again and again."""
    levels: dict[int, int] = {}
    for skill, level in SKILL.findall(text):
        if levels.setdefault(int(skill), int(level)) != int(level):
            reading.fault(line, f"resource {own}: skill Q{int(skill)} has two levels")
    rest = SKILL.sub(" ", text).strip()
    if rest:
        reading.fault(line, f"resource {own}: expected skills such as 'Q3: 1', got {rest[:40]!r}")
    return levels


def _tasks(reading: Reading) -> dict[int, Task]:
    found: dict[int, Task] = {}
    for line in _table(reading, "TaskID"):
        own = _own_number(reading, line, found, "task")
        fields = line.text.split(None, 2)
        skill = SKILL.match(fields[2]) if len(fields) > 2 else None
        if own is None:
            continue
        if skill is None:
            reading.fault(line, f"task {own}: expected a number, a duration and a skill such as 'Q3: 1'")
            found[own] = Task(line, 0, (0, 0), [])
            continue
        duration = reading.whole(fields[1], line, f"task {own}: duration")
        earlier = reading.wholes(fields[2][skill.end() :].split(), line, f"task {own}: predecessor")
        found[own] = Task(line, duration or 0, (int(skill[1]), int(skill[2])), earlier or [])
    for own, task in found.items():
        for before in task.predecessors:
            if before == own:
                reading.fault(task.line, f"task {own} cannot follow itself")
            elif before not in found:
                reading.fault(task.line, f"task {own}: unknown predecessor {before}")
    return found


def _check_counts(reading: Reading, tasks: Mapping[int, Task], used: set[int]) -> None:
    """Compare what the tables hold with what the head says."""
    missing_faults(reading, list(tasks), _count(reading, "Tasks"), kind="task", where="TaskID")
    links = sum(len(task.predecessors) for task in tasks.values())
    said = _count(reading, "Precedence relations")
    if said is not None and said != links:
        reading.fault(None, f"expected {said} precedence relations, as the head says, got {links}")
    skills = _count(reading, "Number of skill types")
    if skills is not None and len(used) > skills:
        reading.fault(None, f"expected at most {skills} skill types, as the head says, got {len(used)}")
