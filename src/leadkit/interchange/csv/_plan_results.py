"""The columns that a result adds to those of its plan."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from leadkit.errors import PlanError
from leadkit.interchange.csv._cells import exported
from leadkit.interchange.csv._numbers import number_text
from leadkit.interchange.csv._people_cells import joined
from leadkit.interchange.csv._times import instant_text
from leadkit.wbs import Assignment, Plan, Schedule, Tracking

__all__ = ["result_columns"]

TRUTHS: Final = {True: "true", False: "false"}


def result_columns(plan: Plan, result: object) -> dict[str, list[str]]:
    """Give the columns of a result, with a cell for each node in outline order; those of groups are empty.

    Raises
    ------
    PlanError
        The result is of another plan: a work package has no row in it.
    TypeError
        It is no such result.
    """
    if not isinstance(result, Schedule | Assignment | Tracking):
        msg = f"result: expected a Schedule, an Assignment or a Tracking, got {type(result).__name__}"
        raise TypeError(msg)
    zone = plan.calendar.tz
    write = _dates if isinstance(result, Schedule) else _people if isinstance(result, Assignment) else _standing
    of_row = {row.id: write(row, lambda instant: instant_text(instant, zone)) for row in result.rows}
    missing = [package.id for package in plan.wbs.packages if package.id not in of_row]
    if missing:
        msg = f"the result is of another plan: it has no work package {missing[0]!r}"
        raise PlanError(msg)
    names = dict.fromkeys(name for texts in of_row.values() for name in texts)
    return {name: [of_row.get(node.id, {}).get(name, "") for node in plan.wbs.nodes] for name in names}


def _dates(row: Any, told: Callable[[datetime], str]) -> dict[str, str]:
    return {
        "early_start": told(row.early_start),
        "early_finish": told(row.early_finish),
        "late_start": told(row.late_start),
        "late_finish": told(row.late_finish),
        "total_float": str(row.total_float),
        "free_float": str(row.free_float),
        "critical": TRUTHS[bool(row.is_critical)],
    }


def _people(row: Any, told: Callable[[datetime], str]) -> dict[str, str]:
    return {
        "people": exported(joined(row.people)),
        "assigned_start": told(row.start),
        "assigned_finish": told(row.finish),
    }


def _standing(row: Any, told: Callable[[datetime], str]) -> dict[str, str]:
    return {
        "percent": number_text(row.percent),
        "slip": str(row.slip),
        "state": row.state,
        "forecast_start": told(row.start),
        "forecast_finish": told(row.finish),
    }
