"""Feedback about everybody: how much is shown, by which policy, how gaps read, and how far raters agree."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from attrs import frozen

from leadkit.assessment import FEEDBACK_FLAGS, DisclosedFeedback
from leadkit.plots.feedback_row import role_name
from leadkit.plots.labels import scale_names
from leadkit.reports.feedback_wording import (
    AGREEMENT,
    NO_AGREEMENT,
    WHY_NOT_SHOWN,
    gap_facts,
    policy_facts,
)
from leadkit.reports.figures import decimal
from leadkit.reports.wording import flag_sentences

__all__ = ["AgreementLine", "FeedbackOverview", "RoleLine", "feedback_overview"]


@frozen(kw_only=True)
class RoleLine:
    """One role: for how many people anything of it is shown, and how many of its means are not."""

    name: str
    n_ratees: str
    n_hidden: str


@frozen(kw_only=True)
class AgreementLine:
    """How far the raters of a role agree on a dimension; empty where it is not known."""

    role: str
    name: str
    rwg: str
    icc1: str
    icc2: str


@frozen(kw_only=True)
class FeedbackOverview:
    """What is told of everybody.

    Parameters
    ----------
    figures : tuple of (str, str)
        What is counted, and the count.
    why_hidden : str
        What "not shown" means.
    lines : tuple of RoleLine
        Role by role.
    policy, gaps : tuple of (str, str)
        What may be shown, and how a gap reads: names and texts.
    reasons : tuple of str
        What is doubtful.
    about_agreement : str
        How to read the agreement, or why there is none.
    agreement : tuple of AgreementLine
        Agreement of the roles.
    agreement_reasons : tuple of str
        What is doubtful about it, or why a role is not there.
    """

    figures: tuple[tuple[str, str], ...]
    why_hidden: str
    lines: tuple[RoleLine, ...]
    policy: tuple[tuple[str, str], ...]
    gaps: tuple[tuple[str, str], ...]
    reasons: tuple[str, ...]
    about_agreement: str
    agreement: tuple[AgreementLine, ...]
    agreement_reasons: tuple[str, ...]


def feedback_overview(disclosed: DisclosedFeedback) -> FeedbackOverview:
    """Describe the feedback about everybody, from nothing but what is published."""
    hidden = np.isnan(disclosed.mean)
    n_roles_shown = int(np.count_nonzero(~hidden.all(axis=(0, 2)))) if hidden.size else 0
    agreement = _agreement(disclosed)
    return FeedbackOverview(
        figures=(
            ("people rated", str(len(disclosed.ratee_ids))),
            ("roles with something shown", f"{n_roles_shown} of {len(disclosed.roles)}"),
            ("means of a role on a dimension that are not shown", f"{hidden.sum()} of {hidden.size}"),
        ),
        why_hidden=WHY_NOT_SHOWN,
        lines=tuple(
            RoleLine(
                name=role_name(role),
                n_ratees=f"{np.count_nonzero(~hidden[:, r].all(axis=1))} of {len(disclosed.ratee_ids)}",
                n_hidden=f"{hidden[:, r].sum()} of {hidden[:, r].size}",
            )
            for r, role in enumerate(disclosed.roles)
        ),
        policy=policy_facts(disclosed.policy, disclosed.roles),
        gaps=gap_facts(disclosed),
        reasons=flag_sentences(disclosed.flags, FEEDBACK_FLAGS),
        about_agreement=AGREEMENT if agreement else NO_AGREEMENT,
        agreement=agreement,
        agreement_reasons=_agreement_reasons(disclosed),
    )


def _agreement(disclosed: DisclosedFeedback) -> tuple[AgreementLine, ...]:
    """Give the rows with a number."""
    table, names = disclosed.agreement, scale_names(disclosed.instrument)
    rows = zip(table.role, table.dimension_id, table.rwg_star_j, table.icc1, table.icc2, strict=True)
    return tuple(
        AgreementLine(
            role=role_name(role), name=names[dimension], rwg=decimal(rwg), icc1=decimal(icc1), icc2=decimal(icc2)
        )
        for role, dimension, rwg, icc1, icc2 in rows
        if not np.isnan([rwg, icc1, icc2]).all()
    )


def _agreement_reasons(disclosed: DisclosedFeedback) -> tuple[str, ...]:
    """Say once for every named role what is doubtful, with the dimensions where it is not all of them.

    Of an anonymous role it stays out: that its raters agree perfectly, or are one a person, tells on all of them.
    """
    table, names = disclosed.agreement, scale_names(disclosed.instrument)
    found: dict[tuple[str, str], list[str]] = {}
    for role, dimension, flags in zip(table.role, table.dimension_id, table.row_flags, strict=True):
        for sentence in () if disclosed.policy.is_anonymous(role) else flag_sentences(flags):
            found.setdefault((role, sentence), []).append(dimension)
    return tuple(
        f"{role_name(role)}{_where(dimensions, disclosed, names)}: {sentence}"
        for (role, sentence), dimensions in found.items()
    )


def _where(dimensions: list[str], disclosed: DisclosedFeedback, names: Mapping[str, str]) -> str:
    everywhere = len(dimensions) == len(disclosed.dimension_ids)
    return "" if everywhere else f" ({', '.join(names[dimension] for dimension in dimensions)})"
