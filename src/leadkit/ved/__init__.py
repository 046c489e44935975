"""V.E.D.: vision, engagement and delivery beside management, the style between them, and messages."""

from leadkit.ved.flags import VED_FLAGS
from leadkit.ved.levels import Reach, ScopeTable, VisionScope, vision_scopes
from leadkit.ved.measurement import StandardErrors
from leadkit.ved.messages import MessageCoding, MessageReading
from leadkit.ved.quadrants import QUADRANTS, Quadrant, VedStyle, style
from leadkit.ved.reading import read_messages
from leadkit.ved.scope import ScopeCheck, ScopeFinding, VisionStatement, scope_check
from leadkit.ved.scores import LEADERSHIP, MANAGEMENT, SCALE_IDS, VedScores
from leadkit.ved.scoring import score

__all__ = [
    "LEADERSHIP",
    "MANAGEMENT",
    "QUADRANTS",
    "SCALE_IDS",
    "VED_FLAGS",
    "MessageCoding",
    "MessageReading",
    "Quadrant",
    "Reach",
    "ScopeCheck",
    "ScopeFinding",
    "ScopeTable",
    "StandardErrors",
    "VedScores",
    "VedStyle",
    "VisionScope",
    "VisionStatement",
    "read_messages",
    "scope_check",
    "score",
    "style",
    "vision_scopes",
]
