"""Recovery of service: complaints, what became of them, and the playbook for those who answer them."""

from leadkit.escalation.recovery.complaint import Complaint, ComplaintSource
from leadkit.escalation.recovery.indicators import recovery_indicators
from leadkit.escalation.recovery.playbook import AuthorityLimit, RecoveryPlaybook, RecoveryStep, StepId

__all__ = [
    "AuthorityLimit",
    "Complaint",
    "ComplaintSource",
    "RecoveryPlaybook",
    "RecoveryStep",
    "StepId",
    "recovery_indicators",
]
