"""Agreement of raters: within groups, and beyond what chance would give."""

from __future__ import annotations

from leadkit.stats.agreement.cohen import CohenKappa, cohen_kappa
from leadkit.stats.agreement.fleiss import FleissKappa, fleiss_kappa
from leadkit.stats.agreement.groups import GroupAgreement, group_agreement
from leadkit.stats.agreement.krippendorff import KrippendorffAlpha, krippendorff_alpha
from leadkit.stats.agreement.null import AgreementNull, agreement_null, null_variance

__all__ = [
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
]
