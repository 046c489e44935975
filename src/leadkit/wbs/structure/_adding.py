"""Adding a measure up from the leaves to the root."""

from __future__ import annotations

import math
from typing import Any

from leadkit.errors import did_you_mean
from leadkit.wbs.structure._outline import Outline
from leadkit.wbs.structure.groups import Group

__all__ = ["added_up"]

MISSING = ("nan", "skip")


def added_up(outline: Outline, measure: str, missing: Any) -> list[float]:
    """Give every node's own value, else the sum of its parts, in outline order."""
    if missing not in MISSING:
        known = ", ".join(map(repr, MISSING))
        msg = f"missing: expected one of {known}, got {missing!r}{did_you_mean(str(missing), MISSING)}"
        raise ValueError(msg)
    values = [node.measures.get(measure, math.nan) for node in outline.nodes]
    for i in range(len(values) - 1, -1, -1):
        if math.isnan(values[i]) and isinstance(outline.nodes[i], Group):
            parts = [values[child] for child in outline.children(i)]
            if missing == "skip":
                parts = [part for part in parts if not math.isnan(part)]
            values[i] = math.fsum(parts) if parts else math.nan
    return values
