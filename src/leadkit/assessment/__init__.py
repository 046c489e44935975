"""The engine under every questionnaire: instrument, responses, scores."""

from leadkit.assessment.instrument import Composite, Dimension, Instrument, Item, ResponseScale, Status
from leadkit.assessment.ratings import ROLES, Comment, Ratings
from leadkit.assessment.responses import Responses, concat
from leadkit.assessment.text import Text

__all__ = [
    "ROLES",
    "Comment",
    "Composite",
    "Dimension",
    "Instrument",
    "Item",
    "Ratings",
    "ResponseScale",
    "Responses",
    "Status",
    "Text",
    "concat",
]
