"""Sentences of a report on feedback: what is not shown, what the policy is, and how a gap reads."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np

from leadkit.assessment import DisclosedFeedback, GapRule
from leadkit.assessment.disclosure.agreeing import LEAST_RATEES
from leadkit.assessment.disclosure.policy import POOL, DisclosurePolicy
from leadkit.assessment.multirater.gaps import thresholds
from leadkit.plots.feedback_row import role_name
from leadkit.plots.labels import value_text
from leadkit.reports.figures import percent

__all__ = [
    "AGREEMENT",
    "CATEGORIES",
    "NO_AGREEMENT",
    "PICTURE",
    "WHY_NOT_SHOWN",
    "end_text",
    "gap_facts",
    "gap_limit",
    "policy_facts",
]

WHY_NOT_SHOWN = (
    "A number that is “not shown” rests on too few people or on nobody, or would let somebody work out what one of "
    "them answered; which of these it is, is not told."
)
ENDS = (
    "Where everybody answered at or near an end, an anonymous role is given one answer's step inside, as “at least” or "
    "“at most” so much. Whatever is worked out from it uses that value."
)
PICTURE = "Dot: self. Diamond: the mean of others. Line between them: the gap. Upright stroke: the target."
AGREEMENT = (
    "How far the raters of a role agree about the same person, over the people who were rated. r*wg(j) compares the "
    "spread of their answers with random ones: 1 is full agreement, 0 no more than chance. ICC(1) is the share of a "
    "single rater's score that tells those rated apart, ICC(2) that of the mean of a role. It rests on "
    "what is shown, and is left out where it would tell what people answered."
)
NO_AGREEMENT = (
    f"Nothing can be told here: an anonymous role must have rated at least {LEAST_RATEES} people whose results are shown "
    "and not all alike, and a role needs two raters of the same person."
)

CATEGORIES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "blind_spot": ("blind spot", "rates oneself higher than others do, by more than the rule"),
        "hidden_strength": ("hidden strength", "rates oneself lower than others do, by more than the rule"),
        "agreed_strength": ("agreed strength", "no gap beyond the rule, and the mean of others reaches the target"),
        "agreed_need": ("agreed need", "no gap beyond the rule, and the mean of others is below the target"),
        "undecided": ("undecided", "self, others or the limit of the rule is missing or not shown"),
    }
)
"""What a gap is called, and what that says."""


def end_text(value: str, mean: float, low: float, high: float) -> str:
    """Say on which side of the published value a mean at an end of the scale lies.

    Two raters and two possible answers leave no side: their published value is the middle.

    Examples
    --------
    >>> end_text("4.67", 4.67, 1.0, 5.0), end_text("1.33", 1.33, 1.0, 5.0), end_text("0.50", 0.5, 0.0, 1.0)
    ('at least 4.67', 'at most 1.33', 'about 0.50')
    """
    beyond = mean - (low + high) / 2
    if np.isclose(beyond, 0.0, atol=1e-9 * (high - low)):
        return f"about {value}"
    return f"{'at least' if beyond > 0 else 'at most'} {value}"


def policy_facts(policy: DisclosurePolicy, roles: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Say what may be shown, in plain words, a name and a text a rule; `roles` are those that are published."""
    named = [role_name(role) for role in roles if not policy.is_anonymous(role)]
    anonymous = [role_name(role) for role in roles if policy.is_anonymous(role)]
    least = "; ".join(f"{role_name(role)} {policy.minimum(role)}" for role in roles)
    comments = (
        f"Those of an anonymous role are shown where it wrote at least {policy.comment_min_n} about a person, and as "
        "many different people wrote as the role needs raters."
    )
    spread = "Not shown." if policy.spread == "never" else "Shown, as the host of this feedback decided."
    return (
        ("Fewest raters for a mean to be shown", least),
        ("Named raters, who know that their answers are shown as theirs", ", ".join(named) or "nobody"),
        ("Anonymous", ", ".join(anonymous) or "nobody"),
        ("An anonymous role with fewer raters", _below(policy)),
        ("Ends of the scale", ENDS),
        ("Numbers of raters", "Where any mean of a role is not shown, only its fewest number of raters is told."),
        ("Comments", comments),
        ("Spread of an anonymous role", spread),
    )


def _below(policy: DisclosurePolicy) -> str:
    if policy.below == "omit":
        return "It is left out."
    return (
        f"It is counted under {role_name(POOL)} with the others like it, where they are enough together for the largest "
        "of their numbers above; else it is left out."
    )


def gap_facts(disclosed: DisclosedFeedback) -> tuple[tuple[str, str], ...]:
    """Say how the others' mean is formed, when a gap counts and what it is then called."""
    return (
        ("Mean of others", _weighting(disclosed)),
        ("Gap", "Self minus the mean of others."),
        ("Rule for a gap", _rule(disclosed)),
        *((name[:1].upper() + name[1:], f"{text[:1].upper()}{text[1:]}.") for name, text in CATEGORIES.values()),
    )


def _weighting(disclosed: DisclosedFeedback) -> str:
    weighting = disclosed.weighting
    if isinstance(weighting, str):
        how = "every role counts the same" if weighting == "equal_roles" else "every rater counts the same"
    else:
        how = "roles count by weight: " + ", ".join(f"{role_name(role)} {w:g}" for role, w in weighting.items())
    return f"Of the roles other than self that are shown; {how}."


def gap_limit(rule: GapRule) -> str:
    """Say above what a gap counts, in a few words."""
    if rule.kind == "points":
        return f"{rule.value:.4g} {'point' if rule.value == 1 else 'points'} of the answers"
    if rule.kind == "standard_error":
        return f"{rule.value:.4g} standard errors of the mean of others"
    return f"{percent(rule.value)} of the scale"


def _rule(disclosed: DisclosedFeedback) -> str:
    rule = disclosed.gap_rule
    if rule.kind == "standard_error":
        return f"{rule.name}: a gap counts above {rule.value:.4g} standard errors of the mean of others."
    limits = sorted(set(thresholds(rule, disclosed.instrument, disclosed.metric).round(9).tolist()))
    here = f", here {value_text(limits[0], disclosed.metric)}" if len(limits) == 1 else ""
    if rule.kind == "points":
        unit = "point" if rule.value == 1 else "points"
        return f"{rule.name}: a gap counts above {rule.value:.4g} {unit} of the answers{here}."
    here = "" if disclosed.metric == "pomp" else here
    span = "the way from the lowest to the highest possible score"
    return f"{rule.name}: a gap counts above {percent(rule.value)} of {span}{here}."
