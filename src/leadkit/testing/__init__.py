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
from leadkit.testing.calendars import calendars, day_exception, instants, interval, window, work_calendar
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
from leadkit.testing.skills import (
    development_action,
    skill,
    skill_matrices,
    skill_matrix,
    skill_requirement,
    training_cases,
    training_need,
)
from leadkit.testing.ved import message_coding, ved_scores, vision_statement
from leadkit.testing.vitals import day_log, entry, goal, strength, values_sort, vitals_assessment

__all__ = [
    "calendars",
    "candidates",
    "comment",
    "composite",
    "criterion",
    "day_exception",
    "day_log",
    "development_action",
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
    "instants",
    "instrument",
    "interval",
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
    "skill",
    "skill_matrices",
    "skill_matrix",
    "skill_requirement",
    "strength",
    "text",
    "training_cases",
    "training_need",
    "values_sort",
    "ved_scores",
    "vision",
    "vision_statement",
    "vitals_assessment",
    "window",
    "work_calendar",
]
