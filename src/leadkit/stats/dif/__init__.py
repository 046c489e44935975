"""Items that work differently for two groups of equal standing: differential item functioning (DIF)."""

from __future__ import annotations

from leadkit.stats.dif.logistic import LogisticDIF, logistic_dif
from leadkit.stats.dif.mantel import MantelDIF, mantel_dif
from leadkit.stats.dif.mantel_haenszel import MantelHaenszelDIF, mantel_haenszel_dif

__all__ = ["LogisticDIF", "MantelDIF", "MantelHaenszelDIF", "logistic_dif", "mantel_dif", "mantel_haenszel_dif"]
