"""Hypothesis strategies for the public models, for testing code that is built on leadkit.

Every strategy is named after its model and needs no argument; it draws small, valid models.
"""

try:
    import hypothesis as _hypothesis  # noqa: F401 - whether it is there
except ImportError as error:
    msg = "leadkit.testing needs hypothesis: pip install hypothesis"
    raise ImportError(msg) from error

from leadkit.testing.assessment import (
    candidates,
    comment,
    composite,
    criterion,
    dimension,
    identifier,
    instrument,
    item,
    ratings,
    response_scale,
    responses,
    scores,
    text,
)
from leadkit.testing.multirater import disclosed_feedback, disclosure_policy, feedback, gap_rule
from leadkit.testing.org import (
    disclosed_roll_up,
    endgame,
    endgame_goal,
    nominations,
    organisation,
    person,
    pyramid,
    vision,
)
from leadkit.testing.ved import message_coding, ved_scores, vision_statement
from leadkit.testing.vitals import day_log, entry, goal, strength, values_sort, vitals_assessment

__all__ = [
    "candidates",
    "comment",
    "composite",
    "criterion",
    "day_log",
    "dimension",
    "disclosed_feedback",
    "disclosed_roll_up",
    "disclosure_policy",
    "endgame",
    "endgame_goal",
    "entry",
    "feedback",
    "gap_rule",
    "goal",
    "identifier",
    "instrument",
    "item",
    "message_coding",
    "nominations",
    "organisation",
    "person",
    "pyramid",
    "ratings",
    "response_scale",
    "responses",
    "scores",
    "strength",
    "text",
    "values_sort",
    "ved_scores",
    "vision",
    "vision_statement",
    "vitals_assessment",
]
