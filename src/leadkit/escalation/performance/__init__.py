"""How a member and a team do from period to period, and where a member can grow."""

from __future__ import annotations

from leadkit.escalation.performance.growth import GrowthArea
from leadkit.escalation.performance.members import MemberReport, MemberRow, member_report
from leadkit.escalation.performance.spans import Period, periods
from leadkit.escalation.performance.teams import PeriodStandards, TeamReport, TeamRow, team_report

__all__ = [
    "GrowthArea",
    "MemberReport",
    "MemberRow",
    "Period",
    "PeriodStandards",
    "TeamReport",
    "TeamRow",
    "member_report",
    "periods",
    "team_report",
]
