"""Escalation policies: who is told after how long, kept as a state that a service can store between two calls."""

from leadkit.escalation.policy.events import EventKind, PolicyEvent
from leadkit.escalation.policy.records import PolicyRecord, RecordKind
from leadkit.escalation.policy.state import Outcome, PolicyState, PolicyStatus
from leadkit.escalation.policy.stepping import OnDuty, apply, begin, next_wakeup, wake
from leadkit.escalation.policy.steps import MOST_REPEATS, Axis, OnAckTimeout, OnEmpty, Policy, Step, When
from leadkit.escalation.policy.timeline import PolicyTimeline, run_policy

__all__ = [
    "MOST_REPEATS",
    "Axis",
    "EventKind",
    "OnAckTimeout",
    "OnDuty",
    "OnEmpty",
    "Outcome",
    "Policy",
    "PolicyEvent",
    "PolicyRecord",
    "PolicyState",
    "PolicyStatus",
    "PolicyTimeline",
    "RecordKind",
    "Step",
    "When",
    "apply",
    "begin",
    "next_wakeup",
    "run_policy",
    "wake",
]
