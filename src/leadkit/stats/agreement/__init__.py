"""Agreement of raters: within groups, and beyond what chance would give."""

from __future__ import annotations

from leadkit.stats.agreement.groups import GroupAgreement, group_agreement
from leadkit.stats.agreement.krippendorff import KrippendorffAlpha, krippendorff_alpha
from leadkit.stats.agreement.null import AgreementNull, agreement_null, null_variance

__all__ = [
    "AgreementNull",
    "GroupAgreement",
    "KrippendorffAlpha",
    "agreement_null",
    "group_agreement",
    "krippendorff_alpha",
    "null_variance",
]
