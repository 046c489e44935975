"""How sure a plan is: Monte Carlo runs of its durations, and what they say of finish and activities."""

from leadkit.wbs.risk.probability import Probability
from leadkit.wbs.risk.result import RiskResult
from leadkit.wbs.risk.simulating import simulate, simulate_network

__all__ = ["Probability", "RiskResult", "simulate", "simulate_network"]
