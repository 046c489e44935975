"""Reading nodes from flat rows in any order: which row hangs below which, in what order, and what tree that makes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from leadkit.errors import CycleError, Fault
from leadkit.wbs._checking import raise_faults, unknown_node
from leadkit.wbs.structure._codes import written
from leadkit.wbs.structure._reading import MADE_ROOT
from leadkit.wbs.structure._row_fields import Row, node_of, rows_of
from leadkit.wbs.structure.groups import Group, grown

__all__ = ["read_rows"]

SUBJECT = "work breakdown structure"
UNKNOWN = -2


def read_rows(rows: Iterable[Mapping[str, Any]], *, name: str = "rows", prefix: str = "") -> tuple[Group, str]:
    """Build the tree of the rows and find its prefix; `name` is what faults call the rows."""
    faults: list[Fault] = []
    read = rows_of(rows, name, faults)
    given = [row for row in read if row is not None]
    if not read and not faults:
        faults.append(Fault(name, "there is no row"))
    if len(given) < max(1, len(read)):
        raise_faults(faults, SUBJECT)
    prefix = _common_prefix(given, prefix, faults)
    given = _with_root(given, prefix)
    above = _above(given, faults)
    below: dict[int, list[int]] = {}
    for i, parent in enumerate(above):
        below.setdefault(parent, []).append(i)
    nodes: list[Any] = [node_of(row, has_parts=i in below or i == 0, faults=faults) for i, row in enumerate(given)]
    raise_faults(faults, SUBJECT)
    if UNKNOWN in below:
        lost = given[min(below[UNKNOWN], key=lambda i: given[i].id)]
        raise unknown_node(str(lost.parent), (row.id for row in given), f"parent of {lost.id!r}")
    order = _in_order(given, below)
    if len(order) < len(given):
        raise _loop(given, above, set(range(len(given))) - set(order))
    return grown((nodes[i], len(below.get(i, ()))) for i in reversed(order)), prefix


def _common_prefix(rows: list[Row], prefix: str, faults: list[Fault]) -> str:
    """Find the one prefix that codes have, where they have any."""
    found = sorted({prefix, *(row.prefix or "" for row in rows)} - {""})
    if len(found) > 1:
        faults.append(Fault("", f"codes have {len(found)} prefixes: {', '.join(map(repr, found))}"))
    return found[0] if found else ""


def _with_root(rows: list[Row], prefix: str) -> list[Row]:
    """Put the root first, made where no row or more than one could be it."""
    tops = [i for i, row in enumerate(rows) if row.parent is None and not row.numbers]
    if len(tops) == 1 and rows[tops[0]].may_be_group:
        return [rows[tops[0]], *rows[: tops[0]], *rows[tops[0] + 1 :]]
    made = Row("", prefix or MADE_ROOT, parent=None, position=None, code=None, kind=None, fields={})
    return [made, *rows]


def _above(rows: list[Row], faults: list[Fault]) -> list[int]:
    """Find the row above each: by the id of its parent, else by its code, else the root, which is row 0."""
    by_id: dict[str, int] = {}
    by_code: dict[tuple[int, ...], list[int]] = {}
    for i, row in enumerate(rows):
        by_id.setdefault(row.id, i)
        if row.numbers:
            by_code.setdefault(row.numbers, []).append(i)
    above = [-1]
    for row in rows[1:]:
        if row.code is not None and not row.numbers:
            faults.append(Fault(f"{row.where}.code", f"{row.code!r} has no number, and this row is not the root"))
        if row.parent is not None:
            above.append(by_id.get(row.parent, UNKNOWN))
        elif len(row.numbers) < 2:
            above.append(0)
        else:
            found = by_code.get(row.numbers[:-1], [])
            if len(found) != 1:
                code = written("", row.numbers[:-1])
                places = " and ".join(rows[i].where for i in found) or "no row"
                faults.append(
                    Fault(f"{row.where}.code", f"belongs below {code!r}, which {places} {'have' if found else 'has'}")
                )
            above.append(found[0] if found else 0)
    return above


def _in_order(rows: list[Row], below: Mapping[int, list[int]]) -> list[int]:
    """List the rows that hang on the root in outline order."""
    order: list[int] = []
    waiting = [0]
    while waiting:
        i = waiting.pop()
        order.append(i)
        waiting.extend(reversed(_ranked(rows, below.get(i, []))))
    return order


def _ranked(rows: list[Row], siblings: list[int]) -> list[int]:
    """Order siblings by position where all have one, else by the last number of their code, then by row."""
    if all(rows[i].position is not None for i in siblings):
        return sorted(siblings, key=lambda i: rows[i].position)
    number, rank = 0, {}
    for i in siblings:
        number = rows[i].numbers[-1] if rows[i].numbers else number + 1
        rank[i] = number
    return sorted(siblings, key=rank.__getitem__)


def _loop(rows: list[Row], above: list[int], lost: set[int]) -> CycleError:
    """Name the loop that rows outside of the tree hang on, from its smallest id."""
    i = min(lost, key=lambda place: rows[place].id)
    seen: dict[int, int] = {}
    while i not in seen:
        seen[i] = len(seen)
        i = above[i]
    loop = [rows[place].id for place, step in seen.items() if step >= seen[i]]
    first = loop.index(min(loop))
    cycle = (*loop[first:], *loop[:first], loop[first])
    shown = " -> ".join(cycle)
    return CycleError(f"{SUBJECT}: rows are parts of each other: {shown}", cycle=cycle)
