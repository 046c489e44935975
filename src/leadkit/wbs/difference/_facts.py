"""What can be compared of a plan and of what is worked out from it: one value for each part and field."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, TypeAlias

import attrs

from leadkit._results import plain
from leadkit.wbs.assignment import Assignment
from leadkit.wbs.dates import Schedule
from leadkit.wbs.plan import Plan
from leadkit.wbs.risk import RiskResult

__all__ = ["Facts", "facts_of_assignment", "facts_of_plan", "facts_of_risk", "facts_of_schedule"]

Facts: TypeAlias = dict[tuple[str, str], Any]
"""(id, field) to value; the id of the whole is empty."""

OF_PLAN: Final = ("start", "deadline", "calendar", "currency", "delay_cost", "day_minutes")
OF_PACKAGE: Final = ("name", "kind", "basis", "estimate", "calendar", "not_before", "deadline")
OF_ACTIVITY: Final = (
    "duration",
    "early_start",
    "early_finish",
    "late_start",
    "late_finish",
    "total_float",
    "free_float",
    "is_critical",
)
OF_ROW: Final = ("people", "start", "finish", "minutes")
OF_RISK: Final = ("mean", "sd", "p50", "p80")
SHARES: Final = ("criticality", "cruciality", "ssi")


def facts_of_plan(plan: Plan) -> Facts:
    """List what a plan says: of the whole, of every work package, link, person, hand-over, gate, metric and event."""
    facts: Facts = {("", name): getattr(plan, name) for name in OF_PLAN}
    incoming: dict[str, list[str]] = {}
    for link in plan.links:
        incoming.setdefault(link.successor, []).append(link.to_text(plan.day_minutes))
    for package in plan.wbs.packages:
        own = package.id
        facts |= {(own, name): getattr(package, name) for name in OF_PACKAGE}
        facts[own, "code"] = plan.wbs.code(own)
        facts[own, "duration"] = package.duration()
        facts[own, "needs"] = package.needs
        facts |= {(own, measure): value for measure, value in package.measures.items()}
    facts |= {(own, "predecessors"): ", ".join(sorted(texts)) for own, texts in incoming.items()}
    for kind, members in (
        ("person", plan.team.people),
        ("handover", plan.handovers),
        ("gate", plan.gates),
        ("metric", plan.metrics),
        ("event", plan.events),
    ):
        for member in members:
            facts |= _of_member(f"{kind}:{member.id}", member)
    facts |= {(f"calendar:{name}", "calendar"): calendar for name, calendar in plan.calendars.items()}
    if plan.team.skills is not None:
        for record in plan.team.skills.to_records():
            facts[f"person:{record['person']}", f"skill {record['skill']}"] = record["level"]
    return facts


def facts_of_schedule(result: Schedule) -> Facts:
    """List the dates and floats of every activity."""
    return {(row.id, name): getattr(row, name) for row in result.rows for name in OF_ACTIVITY}


def facts_of_assignment(result: Assignment) -> Facts:
    """List who does every activity, and when."""
    return {(row.id, name): getattr(row, name) for row in result.rows for name in OF_ROW}


def facts_of_risk(result: RiskResult) -> Facts:
    """List where the finish lies, and what every activity has to do with it."""
    facts: Facts = {("", name): getattr(result, name) for name in OF_RISK}
    for name in SHARES:
        facts |= {(own, name): value for own, value in zip(result.ids, getattr(result, name).tolist(), strict=True)}
    return facts


def _of_member(own: str, member: Any) -> Mapping[tuple[str, str], Any]:
    fields = [part.name for part in attrs.fields(type(member)) if part.name != "id"]
    values = ((name, getattr(member, name)) for name in fields)
    return {(own, name): plain(value) if attrs.has(type(value)) else value for name, value in values}
