"""The columns of a plan as texts."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from typing import Final

from leadkit.interchange.csv._durations import estimate_text
from leadkit.interchange.csv._needs import needs_text
from leadkit.interchange.csv._numbers import number_text
from leadkit.interchange.csv._people_cells import joined
from leadkit.interchange.csv._plan_columns import GROUP, MEASURES, ROLE_COLUMNS, ROW_COLUMNS, measure_column
from leadkit.interchange.csv._times import instant_text
from leadkit.wbs import Group, Plan, WorkPackage

__all__ = ["ALWAYS", "plan_columns"]

ALWAYS: Final = (
    "id",
    "parent",
    "code",
    "name",
    "kind",
    "duration",
    "predecessors",
    "needs",
    "cost",
    "deadline",
    "calendar",
    "start",
    "zone",
)
"""Columns that are written also when they say nothing."""
USUAL_DAY: Final = 480


def plan_columns(plan: Plan) -> dict[str, list[str]]:
    """Give every column that says something, and those of `ALWAYS`, with a text for each node in outline order."""
    zone = plan.calendar.tz
    nodes = plan.wbs.nodes
    predecessors: dict[str, list[str]] = {node.id: [] for node in nodes}
    for link in plan.links:
        if link.predecessor in predecessors and link.successor in predecessors:
            predecessors[link.successor].append(link.to_text(plan.day_minutes))
    codes = [plan.wbs.code(node.id) for node in nodes]
    columns: dict[str, list[str]] = {
        "id": [node.id for node in nodes],
        "parent": [""] + [nodes[above].id for above in plan.wbs.parents.tolist()[1:]],
        "position": _positions(plan, codes),
        "code": codes,
        "name": [node.name for node in nodes],
        "kind": [node.kind if isinstance(node, WorkPackage) else GROUP for node in nodes],
        "predecessors": [", ".join(predecessors[node.id]) for node in nodes],
    }
    columns |= _work_columns(plan)
    columns |= _role_columns(plan)
    facts = {
        "start": instant_text(plan.start, zone),
        "zone": plan.calendar.zone,
        "day_minutes": "" if plan.day_minutes == USUAL_DAY else str(plan.day_minutes),
        "currency": plan.currency,
        "delay_cost": "" if plan.delay_cost is None else number_text(plan.delay_cost),
    }
    columns |= {name: [text] + [""] * (len(nodes) - 1) for name, text in facts.items()}
    if plan.deadline is not None:
        columns["deadline"][0] = instant_text(plan.deadline, zone)
    measures = _measure_columns(nodes)
    order = (*ROW_COLUMNS, *sorted(measures.keys() - set(MEASURES)))
    every = columns | measures
    return {name: every[name] for name in order if name in every and (name in ALWAYS or any(every[name]))}


def _positions(plan: Plan, codes: Sequence[str]) -> list[str]:
    """Give the places of siblings whose codes are not in order; elsewhere the order of codes says it."""
    siblings: dict[int, list[int]] = {}
    for i, above in enumerate(plan.wbs.parents.tolist()):
        siblings.setdefault(above, []).append(i)
    del siblings[-1]
    texts = [""] * len(codes)
    for places in siblings.values():
        numbers = [int(codes[i].rpartition(".")[2]) for i in places]
        if numbers != sorted(numbers):
            for position, i in enumerate(places, start=1):
                texts[i] = str(position)
    return texts


def _work_columns(plan: Plan) -> dict[str, list[str]]:
    """Give what only work packages have."""

    def column(write: Callable[[WorkPackage], str | None]) -> list[str]:
        return [write(node) or "" if isinstance(node, WorkPackage) else "" for node in plan.wbs.nodes]

    def told(instant: datetime | None) -> str:
        return "" if instant is None else instant_text(instant, plan.calendar.tz)

    return {
        "duration": column(lambda own: None if own.estimate is None else estimate_text(own.estimate, plan.day_minutes)),
        "basis": column(lambda own: None if own.basis == "duration" else own.basis),
        "needs": column(lambda own: needs_text(own.needs)),
        "not_before": column(lambda own: told(own.not_before)),
        "deadline": column(lambda own: told(own.deadline)),
        "calendar": column(lambda own: own.calendar),
    }


def _role_columns(plan: Plan) -> dict[str, list[str]]:
    people: dict[tuple[str, str], list[str]] = {}
    for entry in plan.wbs.raci:
        people.setdefault((entry.node, entry.role), []).append(entry.person)
    return {
        name: [joined(people.get((node.id, role), ())) for node in plan.wbs.nodes]
        for name, role in ROLE_COLUMNS.items()
    }


def _measure_columns(nodes: Collection[Group | WorkPackage]) -> dict[str, list[str]]:
    names = {*MEASURES, *(name for node in nodes for name in node.measures)}
    return {
        measure_column(name): [number_text(node.measures[name]) if name in node.measures else "" for node in nodes]
        for name in names
    }
