"""Replay: what a policy would have done on the tickets of a log, as far as their real histories tell."""

from leadkit.escalation.replaying.histories import Acknowledgement
from leadkit.escalation.replaying.replay import replay
from leadkit.escalation.replaying.result import ReplayResult, ReplayRow

__all__ = ["Acknowledgement", "ReplayResult", "ReplayRow", "replay"]
