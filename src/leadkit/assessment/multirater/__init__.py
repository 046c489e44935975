"""Many raters about one person: role means, gaps between self and others, agreement."""

from leadkit.assessment.multirater.composing import feedback
from leadkit.assessment.multirater.digest import RaterDigest
from leadkit.assessment.multirater.gaps import GapRule
from leadkit.assessment.multirater.model import Feedback

__all__ = ["Feedback", "GapRule", "RaterDigest", "feedback"]
