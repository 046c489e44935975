"""Whether a phase can be handed over, what is still missing, and the record of a hand-over that took place."""

from leadkit.wbs.handover.checking import Readiness, ReadinessItem, readiness
from leadkit.wbs.handover.record import HandoverRecord, complete_handover

__all__ = ["HandoverRecord", "Readiness", "ReadinessItem", "complete_handover", "readiness"]
