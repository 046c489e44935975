"""The project plan: what there is to do, who does what by when, how sure that is and how it is going."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from leadkit.errors import CycleError

if TYPE_CHECKING:
    from leadkit.wbs.assignment import Assignment, AssignmentRow, assign, check_assignment
    from leadkit.wbs.dates import Activity, Schedule, schedule
    from leadkit.wbs.difference import Change, Difference, compare
    from leadkit.wbs.estimates import Estimate
    from leadkit.wbs.flags import WBS_FLAGS
    from leadkit.wbs.handover import HandoverRecord, Readiness, ReadinessItem, complete_handover, readiness
    from leadkit.wbs.levelling import level, smooth
    from leadkit.wbs.network import LINK_KINDS, CriticalPath, cpm
    from leadkit.wbs.pert import PertResult, pert_path
    from leadkit.wbs.plan import Event, Gate, Handover, Lag, Link, Metric, Network, Person, Plan, Team
    from leadkit.wbs.rcpsp import Problem, Solution, lower_bound, solve, violations
    from leadkit.wbs.reporting import (
        ManagementReport,
        MetricResult,
        ReportSection,
        Success,
        evaluate_metrics,
        management_report,
        success,
    )
    from leadkit.wbs.requirement import (
        RequestLine,
        ResourceRequest,
        ShortageRow,
        Single,
        StaffingGap,
        resource_request,
        staffing_gap,
    )
    from leadkit.wbs.risk import Probability, RiskResult, simulate, simulate_network
    from leadkit.wbs.structure import (
        ControlAccount,
        Dictionary,
        Document,
        Finding,
        Group,
        Need,
        Raci,
        RaciCheck,
        Wbs,
        WbsCheck,
        WorkPackage,
        check_raci,
        check_wbs,
    )
    from leadkit.wbs.tracking import (
        EarnedSchedule,
        Evm,
        PlannedValue,
        Progress,
        ProgressRow,
        Status,
        Tracking,
        earned_schedule,
        evm,
        track,
    )

__all__ = [
    "LINK_KINDS",
    "WBS_FLAGS",
    "Activity",
    "Assignment",
    "AssignmentRow",
    "Change",
    "ControlAccount",
    "CriticalPath",
    "CycleError",
    "Dictionary",
    "Difference",
    "Document",
    "EarnedSchedule",
    "Estimate",
    "Event",
    "Evm",
    "Finding",
    "Gate",
    "Group",
    "Handover",
    "HandoverRecord",
    "Lag",
    "Link",
    "ManagementReport",
    "Metric",
    "MetricResult",
    "Need",
    "Network",
    "Person",
    "PertResult",
    "Plan",
    "PlannedValue",
    "Probability",
    "Problem",
    "Progress",
    "ProgressRow",
    "Raci",
    "RaciCheck",
    "Readiness",
    "ReadinessItem",
    "ReportSection",
    "RequestLine",
    "ResourceRequest",
    "RiskResult",
    "Schedule",
    "ShortageRow",
    "Single",
    "Solution",
    "StaffingGap",
    "Status",
    "Success",
    "Team",
    "Tracking",
    "Wbs",
    "WbsCheck",
    "WorkPackage",
    "assign",
    "check_assignment",
    "check_raci",
    "check_wbs",
    "compare",
    "complete_handover",
    "cpm",
    "earned_schedule",
    "evaluate_metrics",
    "evm",
    "level",
    "lower_bound",
    "management_report",
    "pert_path",
    "readiness",
    "resource_request",
    "schedule",
    "simulate",
    "simulate_network",
    "smooth",
    "solve",
    "staffing_gap",
    "success",
    "track",
    "violations",
]

MODULES = {
    "assignment": ("Assignment", "AssignmentRow", "assign", "check_assignment"),
    "dates": ("Activity", "Schedule", "schedule"),
    "difference": ("Change", "Difference", "compare"),
    "estimates": ("Estimate",),
    "flags": ("WBS_FLAGS",),
    "handover": ("HandoverRecord", "Readiness", "ReadinessItem", "complete_handover", "readiness"),
    "levelling": ("level", "smooth"),
    "network": ("LINK_KINDS", "CriticalPath", "cpm"),
    "pert": ("PertResult", "pert_path"),
    "plan": ("Event", "Gate", "Handover", "Lag", "Link", "Metric", "Network", "Person", "Plan", "Team"),
    "rcpsp": ("Problem", "Solution", "lower_bound", "solve", "violations"),
    "reporting": (
        "ManagementReport",
        "MetricResult",
        "ReportSection",
        "Success",
        "evaluate_metrics",
        "management_report",
        "success",
    ),
    "requirement": (
        "RequestLine",
        "ResourceRequest",
        "ShortageRow",
        "Single",
        "StaffingGap",
        "resource_request",
        "staffing_gap",
    ),
    "risk": ("Probability", "RiskResult", "simulate", "simulate_network"),
    "structure": (
        "ControlAccount",
        "Dictionary",
        "Document",
        "Finding",
        "Group",
        "Need",
        "Raci",
        "RaciCheck",
        "Wbs",
        "WbsCheck",
        "WorkPackage",
        "check_raci",
        "check_wbs",
    ),
    "tracking": (
        "EarnedSchedule",
        "Evm",
        "PlannedValue",
        "Progress",
        "ProgressRow",
        "Status",
        "Tracking",
        "earned_schedule",
        "evm",
        "track",
    ),
}
HOMES = {name: module for module, names in MODULES.items() for name in names}


def __getattr__(name: str) -> Any:
    """Load the module of a public name on first use (PEP 562)."""
    if name in HOMES:
        return getattr(import_module(f"leadkit.wbs.{HOMES[name]}"), name)
    msg = f"module 'leadkit.wbs' has no attribute {name!r}"
    raise AttributeError(msg)


def __dir__() -> list[str]:
    return sorted(__all__)
