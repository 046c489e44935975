"""Pictures of results: a result in, a matplotlib Axes out."""

from leadkit.plots.caterpillar import caterpillar
from leadkit.plots.earned_value import earned_value
from leadkit.plots.feedback import feedback
from leadkit.plots.gantt import gantt
from leadkit.plots.gap import gap
from leadkit.plots.heatmap import heatmap
from leadkit.plots.influence import influence
from leadkit.plots.levels import levels
from leadkit.plots.likert import likert
from leadkit.plots.load import LoadPeriod, load
from leadkit.plots.matrix import matrix
from leadkit.plots.network import NetworkDetail, network
from leadkit.plots.profile import ProfileKind, profile
from leadkit.plots.pyramid import pyramid
from leadkit.plots.reliability import reliability
from leadkit.plots.response_surface import response_surface
from leadkit.plots.risk import RiskKind, risk
from leadkit.plots.service_level import service_level
from leadkit.plots.survival import survival
from leadkit.plots.thread import thread

__all__ = [
    "LoadPeriod",
    "NetworkDetail",
    "ProfileKind",
    "RiskKind",
    "caterpillar",
    "earned_value",
    "feedback",
    "gantt",
    "gap",
    "heatmap",
    "influence",
    "levels",
    "likert",
    "load",
    "matrix",
    "network",
    "profile",
    "pyramid",
    "reliability",
    "response_surface",
    "risk",
    "service_level",
    "survival",
    "thread",
]
