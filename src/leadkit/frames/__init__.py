"""Data frames of any library, in memory or far away: answers in, scores and tables out."""

from leadkit.frames.instruments import to_instrument
from leadkit.frames.moments import item_moments
from leadkit.frames.ratings import to_ratings
from leadkit.frames.responses import to_responses
from leadkit.frames.results import Backend, to_frame
from leadkit.frames.scoring import score

__all__ = ["Backend", "item_moments", "score", "to_frame", "to_instrument", "to_ratings", "to_responses"]
