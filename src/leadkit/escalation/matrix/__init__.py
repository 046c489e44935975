"""The escalation matrix: who can solve what on which level, where people are missing, and why."""

from leadkit.escalation.matrix.building import build_matrix
from leadkit.escalation.matrix.difference import MatrixDiff, diff
from leadkit.escalation.matrix.explaining import CellCode, CellReason
from leadkit.escalation.matrix.gaps import MatrixGap, MatrixGapKind
from leadkit.escalation.matrix.grid import Matrix, Placement
from leadkit.escalation.matrix.rules import Domain, LevelRule

__all__ = [
    "CellCode",
    "CellReason",
    "Domain",
    "LevelRule",
    "Matrix",
    "MatrixDiff",
    "MatrixGap",
    "MatrixGapKind",
    "Placement",
    "build_matrix",
    "diff",
]
