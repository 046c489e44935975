"""Standards at critical points, agreements that make them reachable, and the risk that a promise is broken."""

from leadkit.escalation.standards.agreements import InternalAgreement, ServiceStandard
from leadkit.escalation.standards.checking import StandardRow, StandardsReport, check_standards
from leadkit.escalation.standards.measures import MEASURES, Measure
from leadkit.escalation.standards.path import PathCheck, PathStep, check_path
from leadkit.escalation.standards.risk import BreachRisk, BreachRiskRow, breach_risk

__all__ = [
    "MEASURES",
    "BreachRisk",
    "BreachRiskRow",
    "InternalAgreement",
    "Measure",
    "PathCheck",
    "PathStep",
    "ServiceStandard",
    "StandardRow",
    "StandardsReport",
    "breach_risk",
    "check_path",
    "check_standards",
]
