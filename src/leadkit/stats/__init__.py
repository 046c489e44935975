"""Statistics about people: arrays in, frozen results out; every module loads on first use."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from leadkit.stats._base import ConfidenceInterval
    from leadkit.stats.agreement import KrippendorffAlpha, krippendorff_alpha
    from leadkit.stats.change import (
        ReliableChange,
        ScoreBand,
        ScoreClassification,
        classify_scores,
        difference_reliability,
        reliable_change,
        score_band,
        standard_error_of_measurement,
    )
    from leadkit.stats.factors import HierarchicalOmega, Omega, hierarchical_omega, omega
    from leadkit.stats.flags import FLAGS
    from leadkit.stats.moments import GroupMoments, ItemMoments
    from leadkit.stats.norms import ContinuousNorms, NormScores, NormTable, continuous_norms, norm_table
    from leadkit.stats.reliability import (
        CronbachAlpha,
        GuttmanLambdas,
        ItemAnalysis,
        SplitHalf,
        cronbach_alpha,
        guttman_lambdas,
        item_analysis,
        spearman_brown,
        split_half,
    )
    from leadkit.stats.resampling import Bootstrap, bootstrap
    from leadkit.stats.self_other import ProfileSimilarity, profile_similarity

__all__ = [
    "FLAGS",
    "Bootstrap",
    "ConfidenceInterval",
    "ContinuousNorms",
    "CronbachAlpha",
    "GroupMoments",
    "GuttmanLambdas",
    "HierarchicalOmega",
    "ItemAnalysis",
    "ItemMoments",
    "KrippendorffAlpha",
    "NormScores",
    "NormTable",
    "Omega",
    "ProfileSimilarity",
    "ReliableChange",
    "ScoreBand",
    "ScoreClassification",
    "SplitHalf",
    "bootstrap",
    "classify_scores",
    "continuous_norms",
    "cronbach_alpha",
    "difference_reliability",
    "guttman_lambdas",
    "hierarchical_omega",
    "item_analysis",
    "krippendorff_alpha",
    "norm_table",
    "omega",
    "profile_similarity",
    "reliable_change",
    "score_band",
    "spearman_brown",
    "split_half",
    "standard_error_of_measurement",
]

MODULES = {
    "_base": ("ConfidenceInterval",),
    "agreement": ("KrippendorffAlpha", "krippendorff_alpha"),
    "change": (
        "ReliableChange",
        "ScoreBand",
        "ScoreClassification",
        "classify_scores",
        "difference_reliability",
        "reliable_change",
        "score_band",
        "standard_error_of_measurement",
    ),
    "factors": ("HierarchicalOmega", "Omega", "hierarchical_omega", "omega"),
    "flags": ("FLAGS",),
    "moments": ("GroupMoments", "ItemMoments"),
    "norms": ("ContinuousNorms", "NormScores", "NormTable", "continuous_norms", "norm_table"),
    "reliability": (
        "CronbachAlpha",
        "GuttmanLambdas",
        "ItemAnalysis",
        "SplitHalf",
        "cronbach_alpha",
        "guttman_lambdas",
        "item_analysis",
        "spearman_brown",
        "split_half",
    ),
    "resampling": ("Bootstrap", "bootstrap"),
    "self_other": ("ProfileSimilarity", "profile_similarity"),
}
HOMES = {name: module for module, names in MODULES.items() for name in names}


def __getattr__(name: str) -> Any:
    """Load the module of a public name on first use (PEP 562)."""
    if name in HOMES:
        return getattr(import_module(f"leadkit.stats.{HOMES[name]}"), name)
    msg = f"module 'leadkit.stats' has no attribute {name!r}"
    raise AttributeError(msg)


def __dir__() -> list[str]:
    return sorted(__all__)
