"""The work as the team is given it: code, name, who, how long, and between which dates."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from leadkit._fields import number_faults
from leadkit._results import plain
from leadkit.wbs.structure._codes import written
from leadkit.wbs.structure._inheriting import roles_in
from leadkit.wbs.structure._outline import Outline
from leadkit.wbs.structure.accounts import Raci
from leadkit.wbs.structure.groups import Node
from leadkit.wbs.structure.packages import WorkPackage

__all__ = ["breakdown"]


def breakdown(outline: Outline, prefix: str, raci: Iterable[Raci], day_minutes: float) -> list[dict[str, Any]]:
    """Give one record a node in outline order."""
    faults = number_faults(day_minutes, "day_minutes", above=0)
    if faults:
        raise ValueError(str(faults[0]))
    records = []
    for i, (node, roles) in enumerate(zip(outline.nodes, roles_in(outline, raci), strict=True)):
        numbers = outline.numbers(i)
        records.append(
            {
                "code": written(prefix, numbers),
                "name": node.name,
                "level": len(numbers),
                "responsible": ", ".join(roles.get("R", ())) or _written_responsible(node),
                "days": _days(node, day_minutes),
                "start_limit": plain(getattr(node, "not_before", None)),
                "finish_limit": plain(getattr(node, "deadline", None)),
            }
        )
    return records


def _written_responsible(node: Node) -> str | None:
    return node.dictionary.responsible or None if node.dictionary is not None else None


def _days(node: Node, day_minutes: float) -> float | None:
    if not isinstance(node, WorkPackage):
        return None
    if node.kind == "milestone":
        return 0.0
    return None if node.estimate is None else node.duration() / day_minutes
