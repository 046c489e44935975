"""Rows of reports that cannot be changed, and the check that a report is about one plan."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

from leadkit._fields import frozen_mapping
from leadkit.errors import PlanError
from leadkit.wbs.plan import Plan
from leadkit.wbs.tracking import Tracking

__all__ = ["Record", "expect_own", "frozen_records"]

Record: TypeAlias = Mapping[str, Any]


def frozen_records(records: Iterable[Record]) -> tuple[Record, ...]:
    """Copy records into ones that cannot be changed."""
    return tuple(frozen_mapping(record) for record in records)


def expect_own(plan: Plan, tracking: Tracking) -> None:
    """Refuse a tracking that is of another plan, or none."""
    if not isinstance(plan, Plan) or not isinstance(tracking, Tracking):
        msg = f"expected a Plan and a Tracking, got {type(plan).__name__} and {type(tracking).__name__}"
        raise PlanError(msg)
    if [row.id for row in tracking.rows] != [package.id for package in plan.wbs.packages]:
        msg = "tracking: its work packages are not those of the plan"
        raise PlanError(msg)
