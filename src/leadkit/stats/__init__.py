"""Statistics about people: arrays in, frozen results out; every module loads on first use."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from leadkit.stats._base import ConfidenceInterval
    from leadkit.stats.agreement import (
        AgreementNull,
        CohenKappa,
        FleissKappa,
        GroupAgreement,
        KrippendorffAlpha,
        agreement_null,
        cohen_kappa,
        fleiss_kappa,
        group_agreement,
        krippendorff_alpha,
        null_variance,
    )
    from leadkit.stats.careless import CarelessIndices, CarelessScreen, careless_indices, careless_screen
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
    from leadkit.stats.dif import (
        LogisticDIF,
        MantelDIF,
        MantelHaenszelDIF,
        logistic_dif,
        mantel_dif,
        mantel_haenszel_dif,
    )
    from leadkit.stats.factors import HierarchicalOmega, Omega, hierarchical_omega, omega
    from leadkit.stats.fairness import ImpactRatio, impact_ratio
    from leadkit.stats.flags import FLAGS
    from leadkit.stats.irt import (
        Calibration,
        ItemParameters,
        ThetaScores,
        calibrate,
        category_probabilities,
        estimate_theta,
        expected_score,
        item_information,
        marginal_reliability,
    )
    from leadkit.stats.moments import GroupMoments, ItemMoments
    from leadkit.stats.norms import ContinuousNorms, NormScores, NormTable, continuous_norms, norm_table
    from leadkit.stats.proportions import wilson_interval
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
    from leadkit.stats.self_other import (
        ProfileSimilarity,
        ResponseSurface,
        SelfOtherGap,
        profile_similarity,
        response_surface,
        self_other_gap,
    )
    from leadkit.stats.variance import (
        ICC,
        DStudy,
        GroupICC,
        GStudy,
        RaterSeverity,
        ShrunkenMeans,
        d_study,
        generalizability,
        group_icc,
        icc,
        rater_severity,
        shrunken_means,
    )

__all__ = [
    "FLAGS",
    "ICC",
    "AgreementNull",
    "Bootstrap",
    "Calibration",
    "CarelessIndices",
    "CarelessScreen",
    "CohenKappa",
    "ConfidenceInterval",
    "ContinuousNorms",
    "CronbachAlpha",
    "DStudy",
    "FleissKappa",
    "GStudy",
    "GroupAgreement",
    "GroupICC",
    "GroupMoments",
    "GuttmanLambdas",
    "HierarchicalOmega",
    "ImpactRatio",
    "ItemAnalysis",
    "ItemMoments",
    "ItemParameters",
    "KrippendorffAlpha",
    "LogisticDIF",
    "MantelDIF",
    "MantelHaenszelDIF",
    "NormScores",
    "NormTable",
    "Omega",
    "ProfileSimilarity",
    "RaterSeverity",
    "ReliableChange",
    "ResponseSurface",
    "ScoreBand",
    "ScoreClassification",
    "SelfOtherGap",
    "ShrunkenMeans",
    "SplitHalf",
    "ThetaScores",
    "agreement_null",
    "bootstrap",
    "calibrate",
    "careless_indices",
    "careless_screen",
    "category_probabilities",
    "classify_scores",
    "cohen_kappa",
    "continuous_norms",
    "cronbach_alpha",
    "d_study",
    "difference_reliability",
    "estimate_theta",
    "expected_score",
    "fleiss_kappa",
    "generalizability",
    "group_agreement",
    "group_icc",
    "guttman_lambdas",
    "hierarchical_omega",
    "icc",
    "impact_ratio",
    "item_analysis",
    "item_information",
    "krippendorff_alpha",
    "logistic_dif",
    "mantel_dif",
    "mantel_haenszel_dif",
    "marginal_reliability",
    "norm_table",
    "null_variance",
    "omega",
    "profile_similarity",
    "rater_severity",
    "reliable_change",
    "response_surface",
    "score_band",
    "self_other_gap",
    "shrunken_means",
    "spearman_brown",
    "split_half",
    "standard_error_of_measurement",
    "wilson_interval",
]

MODULES = {
    "_base": ("ConfidenceInterval",),
    "agreement": (
        "AgreementNull",
        "CohenKappa",
        "FleissKappa",
        "GroupAgreement",
        "KrippendorffAlpha",
        "agreement_null",
        "cohen_kappa",
        "fleiss_kappa",
        "group_agreement",
        "krippendorff_alpha",
        "null_variance",
    ),
    "careless": ("CarelessIndices", "CarelessScreen", "careless_indices", "careless_screen"),
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
    "dif": ("LogisticDIF", "MantelDIF", "MantelHaenszelDIF", "logistic_dif", "mantel_dif", "mantel_haenszel_dif"),
    "factors": ("HierarchicalOmega", "Omega", "hierarchical_omega", "omega"),
    "fairness": ("ImpactRatio", "impact_ratio"),
    "flags": ("FLAGS",),
    "irt": (
        "Calibration",
        "ItemParameters",
        "ThetaScores",
        "calibrate",
        "category_probabilities",
        "estimate_theta",
        "expected_score",
        "item_information",
        "marginal_reliability",
    ),
    "moments": ("GroupMoments", "ItemMoments"),
    "norms": ("ContinuousNorms", "NormScores", "NormTable", "continuous_norms", "norm_table"),
    "proportions": ("wilson_interval",),
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
    "self_other": (
        "ProfileSimilarity",
        "ResponseSurface",
        "SelfOtherGap",
        "profile_similarity",
        "response_surface",
        "self_other_gap",
    ),
    "variance": (
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
    ),
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
