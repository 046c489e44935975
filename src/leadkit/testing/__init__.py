"""Hypothesis strategies for the public models, for testing code that is built on leadkit.

Every strategy is named after its model and needs no argument; it draws small, valid models.
"""

try:
    import hypothesis as _hypothesis  # noqa: F401 - whether it is there
except ImportError as error:
    msg = "leadkit.testing needs hypothesis: pip install hypothesis"
    raise ImportError(msg) from error

from leadkit.testing.assessment import (
    comment,
    composite,
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
from leadkit.testing.ved import message_coding, ved_scores, vision_statement
from leadkit.testing.vitals import day_log, entry, goal, strength, values_sort, vitals_assessment

__all__ = [
    "comment",
    "composite",
    "day_log",
    "dimension",
    "entry",
    "goal",
    "identifier",
    "instrument",
    "item",
    "message_coding",
    "ratings",
    "response_scale",
    "responses",
    "scores",
    "strength",
    "text",
    "values_sort",
    "ved_scores",
    "vision_statement",
    "vitals_assessment",
]
