"""Where variance comes from: groups, targets, raters and items."""

from __future__ import annotations

from leadkit.stats.variance.forms import ICC, icc
from leadkit.stats.variance.groups import GroupICC, group_icc
from leadkit.stats.variance.shrunken import ShrunkenMeans, shrunken_means

__all__ = ["ICC", "GroupICC", "ShrunkenMeans", "group_icc", "icc", "shrunken_means"]
