"""The engine under every questionnaire: instrument, responses, scores, feedback, and what may be shown of it."""

from leadkit.assessment.banding import BandedScores
from leadkit.assessment.classifying import Classification, classify
from leadkit.assessment.comparing import Change, compare
from leadkit.assessment.consistency import ReliabilityTable, reliability
from leadkit.assessment.disclosure import (
    Audit,
    DisclosedComment,
    DisclosedFeedback,
    DisclosureLog,
    DisclosurePolicy,
    PersonExport,
    audit,
    disclose,
    erase_comments,
    erase_person,
    export_person,
    pseudonymise,
)
from leadkit.assessment.fitting import ProfileFit, profile_fit
from leadkit.assessment.flags import FEEDBACK_FLAGS, SCORE_FLAGS, SHORTLIST_FLAGS
from leadkit.assessment.instrument import Composite, Dimension, Instrument, Item, ResponseScale, Status
from leadkit.assessment.multirater import Feedback, GapRule, RaterDigest, feedback
from leadkit.assessment.norming import NormedScores
from leadkit.assessment.precision import Precision, Reliability, precision, standard_errors
from leadkit.assessment.provenance import Provenance, provenance
from leadkit.assessment.ratings import ROLES, Comment, Ratings
from leadkit.assessment.responses import Responses, concat
from leadkit.assessment.scoring import Metric, Scores, score
from leadkit.assessment.shortlisting import Candidates, Criterion, Exclusion, Shortlist, shortlist
from leadkit.assessment.text import Text

__all__ = [
    "FEEDBACK_FLAGS",
    "ROLES",
    "SCORE_FLAGS",
    "SHORTLIST_FLAGS",
    "Audit",
    "BandedScores",
    "Candidates",
    "Change",
    "Classification",
    "Comment",
    "Composite",
    "Criterion",
    "Dimension",
    "DisclosedComment",
    "DisclosedFeedback",
    "DisclosureLog",
    "DisclosurePolicy",
    "Exclusion",
    "Feedback",
    "GapRule",
    "Instrument",
    "Item",
    "Metric",
    "NormedScores",
    "PersonExport",
    "Precision",
    "ProfileFit",
    "Provenance",
    "RaterDigest",
    "Ratings",
    "Reliability",
    "ReliabilityTable",
    "ResponseScale",
    "Responses",
    "Scores",
    "Shortlist",
    "Status",
    "Text",
    "audit",
    "classify",
    "compare",
    "concat",
    "disclose",
    "erase_comments",
    "erase_person",
    "export_person",
    "feedback",
    "precision",
    "profile_fit",
    "provenance",
    "pseudonymise",
    "reliability",
    "score",
    "shortlist",
    "standard_errors",
]
