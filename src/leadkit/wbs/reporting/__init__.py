"""What management and the customer are told: metrics, the management report, and whether the project is a success."""

from leadkit.wbs.reporting.metrics import MetricResult, evaluate_metrics
from leadkit.wbs.reporting.report import ManagementReport, ReportSection, management_report
from leadkit.wbs.reporting.success import Success, success

__all__ = [
    "ManagementReport",
    "MetricResult",
    "ReportSection",
    "Success",
    "evaluate_metrics",
    "management_report",
    "success",
]
