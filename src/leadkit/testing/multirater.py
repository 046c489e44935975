"""Strategies for feedback and what may be shown of it."""

from __future__ import annotations

from hypothesis import strategies as st

from leadkit.assessment import (
    ROLES,
    DisclosedFeedback,
    DisclosurePolicy,
    Feedback,
    GapRule,
    disclose,
)
from leadkit.assessment import feedback as sum_up
from leadkit.testing.assessment import ratings

__all__ = ["disclosed_feedback", "disclosure_policy", "feedback", "gap_rule"]


def gap_rule() -> st.SearchStrategy[GapRule]:
    """Draw a rule of any kind."""
    shares = st.floats(0.05, 1.0).map(GapRule.share_of_scale)
    return shares | st.floats(0.25, 3.0).map(GapRule.points) | st.floats(0.5, 3.0).map(GapRule.standard_error)


@st.composite
def disclosure_policy(draw: st.DrawFn) -> DisclosurePolicy:
    """Draw a policy that shows no spread."""
    minimum = draw(st.dictionaries(st.sampled_from(ROLES), st.integers(1, 5), max_size=4))
    return DisclosurePolicy(
        min_n={str(role): least for role, least in minimum.items()},
        attributed=draw(st.sampled_from((frozenset({"self", "manager"}), frozenset({"self"})))),
        below=draw(st.sampled_from(("omit", "merge"))),
        comment_min_n=draw(st.integers(1, 5)),
    )


@st.composite
def feedback(draw: st.DrawFn) -> Feedback:
    """Draw the feedback of up to three ratees by up to four raters."""
    return sum_up(
        draw(ratings()),
        metric=draw(st.sampled_from(("mean", "sum", "pomp"))),
        weighting=draw(st.sampled_from(("equal_roles", "equal_raters"))),
        gap_rule=draw(gap_rule()),
    )


@st.composite
def disclosed_feedback(draw: st.DrawFn) -> DisclosedFeedback:
    """Draw feedback that may be shown."""
    return disclose(draw(feedback()), draw(disclosure_policy()))
