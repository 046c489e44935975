"""PSPLIB: the single-mode problems (`.sm`) on which project scheduling has been measured since 1996."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from leadkit.interchange._benchmark import Line, Reading, missing_faults
from leadkit.interchange._text import TextSource, whole_text
from leadkit.wbs.rcpsp import Problem

__all__ = ["read_sm"]

SUBJECT = "PSPLIB file"
MAX_CHARS = 2**22
RENEWABLE = "- renewable"
OTHERS = ("- nonrenewable", "- doubly constrained")


class Job(NamedTuple):
    """What one row of a table says about a job: its line, and its numbers."""

    line: Line
    numbers: list[int]


def read_sm(source: TextSource, *, max_chars: int = MAX_CHARS) -> Problem:
    """Read a single-mode PSPLIB file.

    The super source and the super sink are kept, so activity k of the file is index k - 1; its id is "k".
    All links are FS; durations are whole time units. A release date of the project bounds every start.

    Parameters
    ----------
    source : str or text file
        The text, or a file that is open for reading text.
    max_chars : int
        Most characters.

    Returns
    -------
    leadkit.wbs.Problem
        With the renewable resources as `demand` and `capacity`.

    Raises
    ------
    FormatError
        The text is no such file, is cut off, contradicts itself, has several modes or resources that do not renew, or
        exceeds the limit; `faults` holds everything with its line.
    CycleError
        The jobs depend on each other in a circle.
    TypeError
        The source is something else.

    References
    ----------
    .. [1] R. Kolisch, A. Sprecher, "PSPLIB - a project scheduling problem library", European Journal of Operational
       Research 96, 1996, 205-216.

    Examples
    --------
    >>> text = '''jobs (incl. supersource/sink ): 3
    ... - renewable : 1 R
    ... PRECEDENCE RELATIONS:
    ... jobnr. #modes #successors successors
    ... 1 1 1 2
    ... 2 1 1 3
    ... 3 1 0
    ... ****
    ... REQUESTS/DURATIONS:
    ... jobnr. mode duration R 1
    ... ----
    ... 1 1 0 0
    ... 2 1 4 2
    ... 3 1 0 0
    ... ****
    ... RESOURCEAVAILABILITIES:
    ... R 1
    ... 2
    ... ****
    ... '''
    >>> problem = read_sm(text)
    >>> problem.duration, problem.demand[:, 0], problem.ids
    (array([0, 4, 0]), array([0, 2, 0]), ('1', '2', '3'))
    """
    reading = Reading(SUBJECT, whole_text(source, max_chars, what=f"a {SUBJECT}", hint="PSPLIB files are ASCII"))
    jobs = _count(reading, "jobs")
    resources = _count(reading, RENEWABLE)
    for name in OTHERS:
        if _count(reading, name, needed=False):
            reading.fault(_line(reading, name), f"only renewable resources can be read, not {name.removeprefix('- ')}")
    links = _successors(reading, jobs)
    requests = _requests(reading, jobs, resources)
    capacity = _capacity(reading, resources)
    release = _release(reading, jobs)
    reading.raise_faults()
    rows = [requests[k].numbers for k in sorted(requests)]
    ends = [(k - 1, other - 1) for k in sorted(links) for other in links[k].numbers]
    return Problem(
        [row[0] for row in rows],
        [i for i, _ in ends],
        [j for _, j in ends],
        demand=np.array([row[1:] for row in rows], dtype=np.int64).reshape(len(rows), len(capacity)),
        capacity=np.array(capacity, dtype=np.int64),
        release=np.full(len(rows), release, dtype=np.int64),
        ids=[str(k) for k in sorted(requests)],
    )


def _line(reading: Reading, name: str) -> Line | None:
    place = reading.find(lambda text: text.lower().startswith(name.lower()))
    return None if place is None else reading.lines[place]


def _count(reading: Reading, name: str, *, needed: bool = True) -> int | None:
    """Read the number in a line of the head, `name : number`."""
    line = _line(reading, name)
    if line is None:
        if needed:
            reading.fault(None, f"there is no line '{name} ...: number'")
        return None
    fields = line.text.partition(":")[2].split()
    return reading.whole(fields[0] if fields else "", line, name.removeprefix("- "))


def _table(reading: Reading, name: str, *, skips: str) -> list[Line]:
    """Give the rows below a title, up to a line of asterisks."""
    place = reading.find(lambda text: text.upper().startswith(name))
    if place is None:
        reading.fault(None, f"there is no section {name}")
        return []
    return list(reading.rows(place, ends="*", skips=skips))


def _jobs(reading: Reading, name: str, least: int) -> dict[int, Job]:
    """Read a table of whole numbers whose first column is the job, the second its modes or mode."""
    found: dict[int, Job] = {}
    for line in _table(reading, name, skips="jobnr"):
        if line.text.startswith("-"):
            continue
        numbers = reading.wholes(line.text.split(), line, name)
        if numbers is None:
            continue
        if len(numbers) < least:
            reading.fault(line, f"{name}: expected at least {least} numbers, got {len(numbers)}")
        elif numbers[0] in found:
            reading.fault(line, f"{name}: job {numbers[0]} is there more than once; only one mode a job can be read")
        elif numbers[0] == 0:
            reading.fault(line, f"{name}: jobs count from 1, got 0")
        elif numbers[1] != 1:
            reading.fault(line, f"{name}: job {numbers[0]}: expected one mode, got {numbers[1]}")
        else:
            found[numbers[0]] = Job(line, numbers[2:])
    return found


def _successors(reading: Reading, jobs: int | None) -> dict[int, Job]:
    """Read who comes after each job."""
    name = "PRECEDENCE RELATIONS"
    found = _jobs(reading, name, 3)
    missing_faults(reading, list(found), jobs, kind="job", where=name)
    links = {}
    for own, (line, (count, *others)) in found.items():
        if count != len(others):
            reading.fault(line, f"{name}: job {own}: expected {count} successors, got {len(others)}")
        for other in others:
            if other not in found:
                reading.fault(line, f"{name}: job {own}: unknown successor {other}")
            elif other == own:
                reading.fault(line, f"{name}: job {own} cannot follow itself")
        links[own] = Job(line, others)
    return links


def _requests(reading: Reading, jobs: int | None, resources: int | None) -> dict[int, Job]:
    """Read duration and demands of each job."""
    name = "REQUESTS/DURATIONS"
    found = _jobs(reading, name, 3)
    missing_faults(reading, list(found), jobs, kind="job", where=name)
    for own, (line, numbers) in found.items():
        if resources is not None and len(numbers) != resources + 1:
            reading.fault(line, f"{name}: job {own}: expected {resources} requests, got {len(numbers) - 1}")
    return found


def _capacity(reading: Reading, resources: int | None) -> list[int]:
    """Read how much there is of each resource."""
    name = "RESOURCEAVAILABILITIES"
    rows = _table(reading, name, skips="R")
    if resources != 0 and len(rows) != 1:
        reading.fault(rows[1] if rows else None, f"{name}: expected one row of numbers, got {len(rows)}")
    numbers = reading.wholes(rows[0].text.split(), rows[0], name) if rows else []
    if rows and numbers is not None and resources is not None and len(numbers) != resources:
        reading.fault(rows[0], f"{name}: expected {resources} numbers, got {len(numbers)}")
    return numbers or []


def _release(reading: Reading, jobs: int | None) -> int:
    """Read when the project may begin; 0 where the file does not say."""
    name = "PROJECT INFORMATION"
    if reading.find(lambda text: text.upper().startswith(name)) is None:
        return 0
    rows = _table(reading, name, skips="pronr")
    if len(rows) != 1:
        reading.fault(rows[1] if rows else None, f"{name}: expected one project, got {len(rows)}")
        return 0
    numbers = reading.wholes(rows[0].text.split(), rows[0], name)
    if numbers is None:
        return 0
    if len(numbers) < 3:
        reading.fault(rows[0], f"{name}: expected at least 3 numbers, got {len(numbers)}")
        return 0
    if jobs is not None and numbers[1] != jobs - 2:
        reading.fault(rows[0], f"{name}: expected {jobs - 2} jobs between source and sink, got {numbers[1]}")
    return numbers[2]
