"""The plan of a project: parts, links between them, the team, and the points at which work passes on."""

from leadkit.wbs.plan.goals import Event, Metric
from leadkit.wbs.plan.links import Lag, Link, LinkKind
from leadkit.wbs.plan.milestones import Gate, Handover
from leadkit.wbs.plan.network import Network
from leadkit.wbs.plan.people import Person, Team
from leadkit.wbs.plan.plan import Plan
from leadkit.wbs.structure import Document

__all__ = [
    "Document",
    "Event",
    "Gate",
    "Handover",
    "Lag",
    "Link",
    "LinkKind",
    "Metric",
    "Network",
    "Person",
    "Plan",
    "Team",
]
