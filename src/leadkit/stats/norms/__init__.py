"""Where a score stands among the scores of others: norm tables, and norms that change with a covariate."""

from __future__ import annotations

from leadkit.stats.norms.continuous import ContinuousNorms, continuous_norms
from leadkit.stats.norms.scores import NormScores
from leadkit.stats.norms.table import NormTable, norm_table

__all__ = ["ContinuousNorms", "NormScores", "NormTable", "continuous_norms", "norm_table"]
