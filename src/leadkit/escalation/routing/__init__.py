"""Routing: where a ticket goes, to whom and why, one at a time or many at once."""

from leadkit.escalation.routing.batch import BatchDecision, BatchMethod, assign_batch
from leadkit.escalation.routing.decision import (
    CANDIDATE_CODES,
    REASONS,
    Action,
    Axis,
    Candidate,
    CandidateCode,
    Decision,
    LevelReason,
    Reason,
)
from leadkit.escalation.routing.routing import route
from leadkit.escalation.routing.rules import Mode, Relaxation, RoutingRules, next_check
from leadkit.escalation.routing.state import AgentState, TeamState

__all__ = [
    "CANDIDATE_CODES",
    "REASONS",
    "Action",
    "AgentState",
    "Axis",
    "BatchDecision",
    "BatchMethod",
    "Candidate",
    "CandidateCode",
    "Decision",
    "LevelReason",
    "Mode",
    "Reason",
    "Relaxation",
    "RoutingRules",
    "TeamState",
    "assign_batch",
    "next_check",
    "route",
]
