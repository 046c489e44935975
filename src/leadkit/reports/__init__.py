"""Reports on results as text: one self-contained HTML page, or Markdown for chat and e-mail."""

from leadkit.reports.escalation import escalation, escalation_markdown
from leadkit.reports.feedback import feedback, feedback_markdown
from leadkit.reports.full import full, full_markdown
from leadkit.reports.full_arguments import (
    EscalationArguments,
    FeedbackArguments,
    PlanArguments,
    PyramidArguments,
    TeamArguments,
)
from leadkit.reports.individuals import individual, individual_markdown
from leadkit.reports.management import management_report, management_report_markdown
from leadkit.reports.plan import plan, plan_markdown
from leadkit.reports.pyramid import pyramid, pyramid_markdown
from leadkit.reports.teams import team, team_markdown

__all__ = [
    "EscalationArguments",
    "FeedbackArguments",
    "PlanArguments",
    "PyramidArguments",
    "TeamArguments",
    "escalation",
    "escalation_markdown",
    "feedback",
    "feedback_markdown",
    "full",
    "full_markdown",
    "individual",
    "individual_markdown",
    "management_report",
    "management_report_markdown",
    "plan",
    "plan_markdown",
    "pyramid",
    "pyramid_markdown",
    "team",
    "team_markdown",
]
