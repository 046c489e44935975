"""What would happen: scenarios of levels that customers climb, simulated and compared."""

from __future__ import annotations

from leadkit.escalation.simulation.comparing import Comparison, Difference, compare
from leadkit.escalation.simulation.distributions import (
    Distribution,
    Empirical,
    Exponential,
    Fixed,
    Gamma,
    Lognormal,
)
from leadkit.escalation.simulation.rates import RateProfile
from leadkit.escalation.simulation.results import Estimate, LevelResult, SimulationResult
from leadkit.escalation.simulation.scenario import LevelLoad, Scenario
from leadkit.escalation.simulation.simulating import simulate

__all__ = [
    "Comparison",
    "Difference",
    "Distribution",
    "Empirical",
    "Estimate",
    "Exponential",
    "Fixed",
    "Gamma",
    "LevelLoad",
    "LevelResult",
    "Lognormal",
    "RateProfile",
    "Scenario",
    "SimulationResult",
    "compare",
    "simulate",
]
