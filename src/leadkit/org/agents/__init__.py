"""Middle managers as the key change agents: how many are engaged, and which front-line lines they cover."""

from leadkit.org.agents.measuring import ChangeAgents, measure_change_agents

__all__ = ["ChangeAgents", "measure_change_agents"]
