"""The inverted pyramid: customers on top, the people who carry them below; every module loads on first use."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from leadkit.org.agents import ChangeAgents, measure_change_agents
    from leadkit.org.alignment import Alignment, Endgame, EndgameGoal, EndgameStatus, measure_alignment, track_endgame
    from leadkit.org.change import History, OrgDiff, diff, fill, insert, move, remove, vacate
    from leadkit.org.diagnosis import Diagnosis, NestedComponents, diagnose, nested_components
    from leadkit.org.flags import ORG_FLAGS
    from leadkit.org.influence import InfluenceReport, Nominations, measure_influence
    from leadkit.org.organisation import Organisation
    from leadkit.org.people import Person, Status, Tier, Violation
    from leadkit.org.pyramid import Obligations, Pyramid, SupportChain, build_pyramid, obligations, support_chain
    from leadkit.org.rollup import (
        CellAudit,
        DisclosedRollUp,
        Release,
        ReleaseAudit,
        WaveComparison,
        audit_cells,
        audit_release,
        choose_release,
        compare_waves,
        roll_up,
    )
    from leadkit.org.structure import SPAN_BANDS, Structure, measure_structure
    from leadkit.org.succession import (
        BusFactor,
        RemovalImpact,
        SuccessionCover,
        bus_factor,
        removal_impact,
        succession_cover,
    )
    from leadkit.org.thread import LevelView, Thread, Vision, VisionCheck, check_visions, trace_thread, view_levels

__all__ = [
    "ORG_FLAGS",
    "SPAN_BANDS",
    "Alignment",
    "BusFactor",
    "CellAudit",
    "ChangeAgents",
    "Diagnosis",
    "DisclosedRollUp",
    "Endgame",
    "EndgameGoal",
    "EndgameStatus",
    "History",
    "InfluenceReport",
    "LevelView",
    "NestedComponents",
    "Nominations",
    "Obligations",
    "OrgDiff",
    "Organisation",
    "Person",
    "Pyramid",
    "Release",
    "ReleaseAudit",
    "RemovalImpact",
    "Status",
    "Structure",
    "SuccessionCover",
    "SupportChain",
    "Thread",
    "Tier",
    "Violation",
    "Vision",
    "VisionCheck",
    "WaveComparison",
    "audit_cells",
    "audit_release",
    "build_pyramid",
    "bus_factor",
    "check_visions",
    "choose_release",
    "compare_waves",
    "diagnose",
    "diff",
    "fill",
    "insert",
    "measure_alignment",
    "measure_change_agents",
    "measure_influence",
    "measure_structure",
    "move",
    "nested_components",
    "obligations",
    "removal_impact",
    "remove",
    "roll_up",
    "succession_cover",
    "support_chain",
    "trace_thread",
    "track_endgame",
    "vacate",
    "view_levels",
]

MODULES = {
    "agents": ("ChangeAgents", "measure_change_agents"),
    "alignment": ("Alignment", "Endgame", "EndgameGoal", "EndgameStatus", "measure_alignment", "track_endgame"),
    "change": ("History", "OrgDiff", "diff", "fill", "insert", "move", "remove", "vacate"),
    "diagnosis": ("Diagnosis", "NestedComponents", "diagnose", "nested_components"),
    "flags": ("ORG_FLAGS",),
    "influence": ("InfluenceReport", "Nominations", "measure_influence"),
    "organisation": ("Organisation",),
    "people": ("Person", "Status", "Tier", "Violation"),
    "pyramid": ("Obligations", "Pyramid", "SupportChain", "build_pyramid", "obligations", "support_chain"),
    "rollup": (
        "CellAudit",
        "DisclosedRollUp",
        "Release",
        "ReleaseAudit",
        "WaveComparison",
        "audit_cells",
        "audit_release",
        "choose_release",
        "compare_waves",
        "roll_up",
    ),
    "structure": ("SPAN_BANDS", "Structure", "measure_structure"),
    "succession": ("BusFactor", "RemovalImpact", "SuccessionCover", "bus_factor", "removal_impact", "succession_cover"),
    "thread": ("LevelView", "Thread", "Vision", "VisionCheck", "check_visions", "trace_thread", "view_levels"),
}
HOMES = {name: module for module, names in MODULES.items() for name in names}


def __getattr__(name: str) -> Any:
    """Load the module of a public name on first use (PEP 562)."""
    if name in HOMES:
        return getattr(import_module(f"leadkit.org.{HOMES[name]}"), name)
    msg = f"module 'leadkit.org' has no attribute {name!r}"
    raise AttributeError(msg)


def __dir__() -> list[str]:
    return sorted(__all__)
