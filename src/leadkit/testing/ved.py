"""Strategies for the models of `leadkit.ved`."""

from __future__ import annotations

from hypothesis import strategies as st

from leadkit import frameworks
from leadkit.testing.assessment import WORDS, responses
from leadkit.ved import MessageCoding, VedScores, VisionStatement, score, vision_scopes

__all__ = ["message_coding", "ved_scores", "vision_statement"]


def message_coding() -> st.SearchStrategy[MessageCoding]:
    """Draw what one coder saw in one message, with codes of the rubric that ships."""
    codes = st.frozensets(st.sampled_from(frameworks.message_rubric().code_ids))
    ids = st.sampled_from(("m1", "m2", "m3"))
    return st.builds(MessageCoding, message_id=ids, coder_id=st.sampled_from(("ann", "bo", "cy")), codes=codes)


def vision_statement() -> st.SearchStrategy[VisionStatement]:
    """Draw a vision with or without a stated horizon and reach."""
    reaches = st.sampled_from([reach.id for reach in vision_scopes().reaches])
    return st.builds(
        VisionStatement, text=WORDS, horizon_months=st.none() | st.integers(1, 240), reach=st.none() | reaches
    )


def ved_scores() -> st.SearchStrategy[VedScores]:
    """Draw V.E.D. scores of one to six respondents, with or without standard errors."""
    answers = responses(of=st.just(frameworks.load("ved")), max_size=6)
    errors = st.none() | st.sampled_from((0.0, 4.0, 12.5))
    return st.builds(lambda given, sem: score(given, sem=sem), answers, errors)
