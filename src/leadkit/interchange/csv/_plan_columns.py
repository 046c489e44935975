"""The columns of a plan: what each is called, and which say something of the whole plan or of a result."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from leadkit._checks import id_faults
from leadkit.interchange.csv._columns import column_key

__all__ = [
    "COLUMN_OF_FIELD",
    "GROUP",
    "KINDS",
    "KNOWN",
    "MEASURE",
    "MEASURES",
    "PLACES",
    "PLAN_FACTS",
    "RESULT_COLUMNS",
    "ROLE_COLUMNS",
    "ROW_COLUMNS",
    "WORK_COLUMNS",
    "measure_column",
    "plan_key",
]

GROUP: Final = "group"
KINDS: Final[Mapping[str, str]] = {kind: kind for kind in (GROUP, "work", "planning", "milestone")}
PLACES: Final = ("id", "parent", "position", "code", "kind")
WORK_COLUMNS: Final = ("duration", "basis", "needs", "not_before", "calendar")
"""What only a work package has; a deadline in the row of the whole plan is that of the plan."""
ROLE_COLUMNS: Final[Mapping[str, str]] = {"responsible": "R", "accountable": "A", "consulted": "C", "informed": "I"}
PLAN_FACTS: Final = ("start", "zone", "day_minutes", "currency", "delay_cost")
"""What is said of the whole plan, in the row of its root."""
MEASURES: Final = ("cost", "weight")
MEASURE: Final = "measure:"
ROW_COLUMNS: Final = (
    "id",
    "parent",
    "position",
    "code",
    "name",
    "kind",
    "duration",
    "basis",
    "predecessors",
    "needs",
    *MEASURES,
    "not_before",
    "deadline",
    "calendar",
    *ROLE_COLUMNS,
    *PLAN_FACTS,
)
RESULT_COLUMNS: Final = (
    "early_start",
    "early_finish",
    "late_start",
    "late_finish",
    "total_float",
    "free_float",
    "critical",
    "people",
    "assigned_start",
    "assigned_finish",
    "percent",
    "slip",
    "state",
    "forecast_start",
    "forecast_finish",
)
"""What `write_plan` adds of a result; a reader leaves it alone."""
KNOWN: Final = (*ROW_COLUMNS, *RESULT_COLUMNS)
COLUMN_OF_FIELD: Final[Mapping[str, str]] = {"estimate": "duration"}
"""Fields of a row that have a column of another name."""


def plan_key(name: str) -> str | None:
    """Give what a name in the header stands for; None where it is no column of a plan.

    Examples
    --------
    >>> plan_key("Not before"), plan_key("Measure: pages"), plan_key("measure:cost"), plan_key("colour")
    ('not_before', 'measure:pages', 'cost', None)
    """
    key = column_key(name)
    if key.startswith(MEASURE):
        measure = name.strip()[len(MEASURE) :].strip()
        return None if id_faults(measure, "measure") else measure_column(measure)
    return key if key in KNOWN else None


def measure_column(measure: str) -> str:
    """Give the column of a measure."""
    return measure if measure in MEASURES else MEASURE + measure
