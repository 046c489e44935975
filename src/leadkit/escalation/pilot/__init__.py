"""A pilot batch of real cases: who is weaker than expected, where, and what changed since the last one."""

from leadkit.escalation.pilot.cases import pilot_outcomes
from leadkit.escalation.pilot.change import ChangeRow, PilotChange, compare_pilots
from leadkit.escalation.pilot.evaluating import evaluate_pilot
from leadkit.escalation.pilot.evaluation import PilotEvaluation, PilotRow
from leadkit.escalation.pilot.measures import Measured
from leadkit.escalation.pilot.outcomes import PilotOutcomes
from leadkit.escalation.pilot.strata import PilotStratum
from leadkit.escalation.pilot.verdicts import Verdict

__all__ = [
    "ChangeRow",
    "Measured",
    "PilotChange",
    "PilotEvaluation",
    "PilotOutcomes",
    "PilotRow",
    "PilotStratum",
    "Verdict",
    "compare_pilots",
    "evaluate_pilot",
    "pilot_outcomes",
]
