"""From the rows of a table to a plan: what its parts refuse together is told by the lines of the file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any, Final

from attrs import evolve

from leadkit.errors import CycleError, Fault, PlanError
from leadkit.interchange.csv._columns import Columns, in_reading_order
from leadkit.interchange.csv._plan_columns import COLUMN_OF_FIELD
from leadkit.interchange.csv._plan_rows import PlanRows
from leadkit.wbs import Group, Plan, Wbs
from leadkit.wbs.structure.groups import grown

__all__ = ["SUBJECT", "plan_of"]

SUBJECT: Final = "plan"
RECORD: Final = re.compile(r"rows\[([0-9]{1,9})\]")
RECORD_FIELD: Final = re.compile(r"rows\[([0-9]{1,9})\](?:\.([a-z_]+))?.*", re.DOTALL)


def plan_of(rows: PlanRows, cells: Columns, **fields: Any) -> Plan:
    """Build the plan of the rows; `fields` are those of `Plan` that come from elsewhere.

    Raises
    ------
    PlanError
        The rows contradict each other; `faults` holds all of it, with lines of the file.
    CycleError
        Groups are parts of each other, or the links go round in a circle.
    """
    lines = {str(rows.records[k]["id"]): cells.lines[i] for k, i in enumerate(rows.rows) if i is not None}
    facts = rows.facts
    start = facts.start
    if facts.zone is not None and isinstance(start, datetime) and start.utcoffset() is not None:
        with suppress(OverflowError):
            start = start.astimezone(facts.zone)
    try:
        wbs = Wbs.from_records(rows.records)
        return Plan(
            wbs=Wbs(root=_unpinned(wbs), prefix=wbs.prefix, raci=rows.raci),
            start=start,  # type: ignore[arg-type]
            links=rows.links,
            deadline=facts.deadline,
            currency=facts.currency,
            delay_cost=facts.delay_cost,
            day_minutes=facts.day_minutes,
            **fields,
        )
    except CycleError as error:
        raise _located_cycle(error, lines) from None
    except PlanError as error:
        row_of = {_link_text(*ends): row for ends, row in rows.row_of_link.items()}
        faults = [_located(fault, rows, cells, row_of) for fault in error.faults]
        raise PlanError.from_faults(in_reading_order(faults), subject=SUBJECT) from None


def _unpinned(wbs: Wbs) -> Group:
    """Take the codes away that a place has anyway, so that they follow when a part is put in before it."""
    if all(node.code is None for node in wbs.nodes):
        return wbs.root
    codes = [wbs.code(node.id) for node in wbs.nodes]
    above = wbs.parents.tolist()
    last = [0] * len(codes)
    counts = [0] * len(codes)
    nodes = list(wbs.nodes)
    for i in range(1, len(codes)):
        parent = above[i]
        counts[parent] += 1
        following = f"{codes[parent]}{'.' if codes[parent] else ''}{last[parent] + 1}"
        last[parent] = int(codes[i].rpartition(".")[2])
        if nodes[i].code is not None and codes[i] == following:
            nodes[i] = evolve(nodes[i], code=None)
    return grown(zip(reversed(nodes), reversed(counts), strict=True))


def _located(fault: Fault, rows: PlanRows, cells: Columns, row_of: Mapping[str, int]) -> Fault:
    """Tell a fault of a record or of a link by its line; any other stays as it is."""
    what = RECORD.sub(lambda found: _row_text(int(found[1]), rows, cells), fault.what)
    if fault.where in row_of:
        return cells.located(row_of[fault.where], "predecessors", f"{fault.where}: {what}")
    found = RECORD_FIELD.fullmatch(fault.where)
    i = rows.rows[int(found[1])] if found else None
    if found is None or i is None:
        return evolve(fault, what=what)
    return cells.located(i, COLUMN_OF_FIELD.get(found[2], found[2]), what)


def _link_text(predecessor: str, successor: str) -> str:
    """Write what the plan calls a link."""
    return f"link {predecessor!r} -> {successor!r}"


def _row_text(k: int, rows: PlanRows, cells: Columns) -> str:
    i = rows.rows[k] if k < len(rows.rows) else None
    return f"rows[{k}]" if i is None else f"row {cells.lines[i]}"


def _located_cycle(error: CycleError, lines: Mapping[str, int]) -> CycleError:
    """Tell a loop with the lines of the file on which its parts stand."""
    cycle = [str(own) for own in error.cycle]
    shown = " -> ".join(f"{own} (row {lines[own]})" if own in lines else own for own in cycle)
    told = CycleError(str(error).removesuffix(" -> ".join(cycle)) + shown, cycle=error.cycle)
    told.faults = (Fault("", str(told), row=lines.get(cycle[0])),)
    return told
