"""The work breakdown structure out of tasks in outline order: ids, groups, codes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Final

from leadkit.interchange.mspdi._reading import Part
from leadkit.interchange.mspdi._task_reading import Task
from leadkit.wbs import Estimate, Group, Wbs, WorkPackage
from leadkit.wbs.structure._codes import ROOT, CodeTree, prefix_faults, split_code, written
from leadkit.wbs.structure.groups import Node, grown

__all__ = ["ids_of", "structure_of"]

ROOT_ID: Final = "0"


def ids_of(given: Iterable[tuple[int, str | None]]) -> dict[int, str]:
    """Give every UID an id: ours where it came along and is not taken, else the UID as text."""
    found: dict[int, str] = {}
    taken: set[str] = set()
    rest = []
    for uid, own in given:
        if own is not None and own not in taken:
            found[uid] = own
            taken.add(own)
        else:
            rest.append(uid)
    for uid in rest:
        found[uid] = free_id(str(uid), taken)
        taken.add(found[uid])
    return found


def free_id(own: str, taken: Collection[str]) -> str:
    """Give an id that is not taken: this one, or with a number behind it."""
    found, n = own, 1
    while found in taken:
        n += 1
        found = f"{own}-{n}"
    return found


def structure_of(project: Part, tasks: Sequence[Task], ids: Mapping[int, str], calendars: Mapping[int, str]) -> Wbs:
    """Build the tree; the task at outline level 0 is its root, and where there is none, one is made."""
    _check_levels(tasks)
    prefix, codes = _codes(project, tasks)
    n_parts = _numbers_of_parts(tasks)
    nodes: list[tuple[Node, int]] = []
    for place, task in enumerate(tasks):
        own = ids[task.uid]
        name_of = "" if task.own == own == task.name else task.name
        if task.level == 0 or task.is_summary or n_parts[place]:
            _ignore_of_group(task)
            nodes.append((Group(id=own, name=name_of, code=codes[place]), n_parts[place]))
        else:
            nodes.append((_package(task, own, name_of, codes[place], calendars), 0))
    if not tasks or tasks[0].level:
        name = project.text("Title") or project.text("Name") or ""
        n_top = sum(task.level == 1 for task in tasks)
        nodes.insert(0, (Group(id=free_id(ROOT_ID, set(ids.values())), name=name), n_top))
    return Wbs(root=grown(reversed(nodes)), prefix=prefix)


def _check_levels(tasks: Sequence[Task]) -> None:
    before = 0
    for place, task in enumerate(tasks):
        if task.level == 0 and place:
            task.part.fault("OutlineLevel: level 0 is that of the project, the first task alone", "OutlineLevel")
        elif task.level > before + 1:
            task.part.fault(f"OutlineLevel: level {task.level} follows level {before}", "OutlineLevel")
        before = task.level
    if tasks:
        tasks[0].part.reading.raise_faults()


def _numbers_of_parts(tasks: Sequence[Task]) -> list[int]:
    """Count the tasks one level below each; level 0 stays empty where the file has none."""
    counts = [0] * len(tasks)
    latest: list[int | None] = [None] if tasks and tasks[0].level else []
    for place, task in enumerate(tasks):
        del latest[task.level :]
        above = latest[-1] if latest else None
        if above is not None:
            counts[above] += 1
        latest.append(place)
    return counts


def _ignore_of_group(task: Task) -> None:
    ignore = task.part.reading.ignore
    if task.not_before is not None:
        ignore("constraints of summary tasks")
    if task.deadline is not None and task.level:
        ignore("deadlines of summary tasks")
    if task.calendar is not None:
        ignore("calendars of summary tasks")
    if task.cost:
        ignore("fixed costs of summary tasks")


def _package(task: Task, own: str, name: str, code: str | None, calendars: Mapping[int, str]) -> WorkPackage:
    is_milestone = task.is_milestone and not task.minutes
    if task.is_milestone and not is_milestone:
        task.part.reading.ignore("that tasks with a duration are milestones")
    has_estimate = task.minutes is not None and not is_milestone
    return WorkPackage(
        id=own,
        name=name,
        estimate=Estimate.fixed(task.minutes or 0, "m") if has_estimate else None,
        # programs write a cost of 0 for every task
        measures={"cost": task.cost} if task.cost else {},
        code=code,
        kind="milestone" if is_milestone else "work",
        calendar=None if task.calendar is None else calendars.get(task.calendar),
        not_before=task.not_before,
        deadline=task.deadline,
    )


def _codes(project: Part, tasks: Sequence[Task]) -> tuple[str, list[str | None]]:
    """Find the prefix, and the codes that differ from what their place gives."""
    split = [split_code(task.wbs) if task.level else ("", ()) for task in tasks]
    prefix = _prefix(project, {own for own, numbers in split if numbers})
    tree = CodeTree()
    places: list[int] = [ROOT]
    last: list[int] = [0]
    codes: list[str | None] = []
    for task, (own, numbers) in zip(tasks, split, strict=True):
        codes.append(None)
        if not task.level:
            continue
        del places[task.level :], last[task.level :]
        place = tree.step(places[-1], last[-1] + 1)
        if task.wbs and (not numbers or own != prefix):
            task.part.reading.ignore("WBS codes that are not whole numbers with dots between")
        elif numbers and tree.walk(numbers) != place:
            place = tree.walk(numbers)
            codes[-1] = written(prefix, numbers)
        last[-1] = tree.number[place]
        places.append(place)
        last.append(0)
    return prefix, codes


def _prefix(project: Part, seen: set[str]) -> str:
    """Take the prefix that the project states, else the one that all codes have."""
    masks = project.child("WBSMasks")
    stated = "" if masks is None else masks.text("Prefix") or ""
    found = stated[:-1] if stated.endswith(".") else next(iter(seen), "") if len(seen) == 1 else ""
    return "" if prefix_faults(found) else found
