"""The engine under every questionnaire: instrument, responses, scores."""

from leadkit.assessment.banding import BandedScores
from leadkit.assessment.classifying import Classification, classify
from leadkit.assessment.comparing import Change, compare
from leadkit.assessment.consistency import ReliabilityTable, reliability
from leadkit.assessment.fitting import ProfileFit, profile_fit
from leadkit.assessment.flags import SCORE_FLAGS
from leadkit.assessment.instrument import Composite, Dimension, Instrument, Item, ResponseScale, Status
from leadkit.assessment.norming import NormedScores
from leadkit.assessment.precision import Precision, Reliability, precision, standard_errors
from leadkit.assessment.provenance import Provenance, provenance
from leadkit.assessment.ratings import ROLES, Comment, Ratings
from leadkit.assessment.responses import Responses, concat
from leadkit.assessment.scoring import Metric, Scores, score
from leadkit.assessment.text import Text

__all__ = [
    "ROLES",
    "SCORE_FLAGS",
    "BandedScores",
    "Change",
    "Classification",
    "Comment",
    "Composite",
    "Dimension",
    "Instrument",
    "Item",
    "Metric",
    "NormedScores",
    "Precision",
    "ProfileFit",
    "Provenance",
    "Ratings",
    "Reliability",
    "ReliabilityTable",
    "ResponseScale",
    "Responses",
    "Scores",
    "Status",
    "Text",
    "classify",
    "compare",
    "concat",
    "precision",
    "profile_fit",
    "provenance",
    "reliability",
    "score",
    "standard_errors",
]
