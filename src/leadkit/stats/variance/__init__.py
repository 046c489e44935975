"""Where variance comes from: groups, targets, raters and items."""

from __future__ import annotations

from leadkit.stats.variance.decision import DStudy, d_study
from leadkit.stats.variance.forms import ICC, icc
from leadkit.stats.variance.generalizability import GStudy, generalizability
from leadkit.stats.variance.groups import GroupICC, group_icc
from leadkit.stats.variance.severity import RaterSeverity, rater_severity
from leadkit.stats.variance.shrunken import ShrunkenMeans, shrunken_means

__all__ = [
    "ICC",
    "DStudy",
    "GStudy",
    "GroupICC",
    "RaterSeverity",
    "ShrunkenMeans",
    "d_study",
    "generalizability",
    "group_icc",
    "icc",
    "rater_severity",
    "shrunken_means",
]
