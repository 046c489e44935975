"""Reading an outline: one node a line, each level further in."""

from __future__ import annotations

from typing import Any

from attrs import frozen

from leadkit._checks import id_faults
from leadkit.errors import Fault, PlanError
from leadkit.wbs._checking import raise_faults
from leadkit.wbs.structure._codes import prefix_faults, written
from leadkit.wbs.structure.groups import Group, grown
from leadkit.wbs.structure.packages import WorkPackage

__all__ = ["MADE_ROOT", "read_outline"]

MADE_ROOT = "root"
SPACES_A_LEVEL = 2


@frozen
class Line:
    """A line of the outline that says something."""

    number: int
    level: int
    text: str


def read_outline(text: Any, prefix: str) -> Group:
    """Build the tree of an outline; a node without an id of its own has its code as id."""
    if not isinstance(text, str):
        msg = f"outline: expected a text, got {text!r}"
        raise PlanError(msg)
    raise_faults(prefix_faults(prefix), "outline")
    lines, faults = _lines(text)
    if not lines and not faults:
        faults = [Fault("", "there is no line with anything in it")]
    raise_faults(faults, "outline")
    tops = sum(line.level == 0 for line in lines)
    if tops > 1:
        lines = [Line(0, 0, f"{prefix or MADE_ROOT} |")] + [Line(x.number, x.level + 1, x.text) for x in lines]
    return _tree(lines, prefix)


def _lines(text: str) -> tuple[list[Line], list[Fault]]:
    lines: list[Line] = []
    faults: list[Fault] = []
    base = previous = 0
    for number, raw in enumerate(text.splitlines(), start=1):
        if not raw.strip():
            continue
        level, what = _level(raw)
        if not lines and not faults:
            base = previous = level
        if not what and level < base:
            what = "is further out than the first line"
        if not what and level > previous + 1:
            what = f"is {level - previous} levels further in than the line before; expected at most one"
        if what:
            faults.append(Fault(f"line {number}", what, row=number))
        else:
            lines.append(Line(number, level - base, raw.strip()))
        previous = level
    return lines, faults


def _level(raw: str) -> tuple[int, str]:
    """Count the levels that a line is indented by, and say what is wrong with them."""
    indent = raw[: len(raw) - len(raw.lstrip())]
    tabs, spaces = indent.count("\t"), indent.count(" ")
    if tabs + spaces != len(indent):
        return 0, "is indented by something else than spaces and tabs"
    level, rest = divmod(spaces, SPACES_A_LEVEL)
    if rest:
        return tabs + level, f"is indented by {spaces} spaces; a level is {SPACES_A_LEVEL} spaces or one tab"
    return tabs + level, ""


def _tree(lines: list[Line], prefix: str) -> Group:
    numbers: list[int] = []
    counts = [0] * len(lines)
    line_of_level: list[int] = []
    parts: list[tuple[Line, str, str]] = []
    faults = []
    for i, line in enumerate(lines):
        del line_of_level[line.level :], numbers[line.level :]
        if line.level:
            parent = line_of_level[-1]
            counts[parent] += 1
            numbers[line.level - 1 :] = [counts[parent]]
        line_of_level.append(i)
        own, bar, name = (part.strip() for part in line.text.partition("|"))
        if not bar:
            own, name = written(prefix, numbers) or MADE_ROOT, own
        faults += [Fault(f"line {line.number}", fault.what, row=line.number) for fault in id_faults(own, "id")]
        parts.append((line, own, name))
    raise_faults(faults, "outline")
    nodes = (
        (Group(id=own, name=name) if n_parts or not line.level else WorkPackage(id=own, name=name), n_parts)
        for (line, own, name), n_parts in zip(reversed(parts), reversed(counts), strict=True)
    )
    return grown(nodes)
