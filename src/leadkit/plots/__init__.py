"""Pictures of results: a result in, a matplotlib Axes out."""

from leadkit.plots.feedback import feedback
from leadkit.plots.influence import influence
from leadkit.plots.levels import levels
from leadkit.plots.network import NetworkDetail, network
from leadkit.plots.profile import ProfileKind, profile
from leadkit.plots.pyramid import pyramid
from leadkit.plots.thread import thread

__all__ = [
    "NetworkDetail",
    "ProfileKind",
    "feedback",
    "influence",
    "levels",
    "network",
    "profile",
    "pyramid",
    "thread",
]
