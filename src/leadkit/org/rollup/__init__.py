"""Scores over the tree that cannot be unpicked: what to publish, the proof that it is safe, waves side by side."""

from leadkit.org.rollup.audit import ReleaseAudit, audit_release
from leadkit.org.rollup.cells import CellAudit, audit_cells
from leadkit.org.rollup.release import Release, choose_release
from leadkit.org.rollup.rolling import DisclosedRollUp, roll_up
from leadkit.org.rollup.waves import WaveComparison, compare_waves

__all__ = [
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
]
