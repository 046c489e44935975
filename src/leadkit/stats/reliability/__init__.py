"""Reliability of a sum of items, and what each item adds to it."""

from __future__ import annotations

from leadkit.stats.reliability.alpha import CronbachAlpha, cronbach_alpha
from leadkit.stats.reliability.guttman import GuttmanLambdas, guttman_lambdas
from leadkit.stats.reliability.halves import SplitHalf, spearman_brown, split_half
from leadkit.stats.reliability.items import ItemAnalysis, item_analysis

__all__ = [
    "CronbachAlpha",
    "GuttmanLambdas",
    "ItemAnalysis",
    "SplitHalf",
    "cronbach_alpha",
    "guttman_lambdas",
    "item_analysis",
    "spearman_brown",
    "split_half",
]
