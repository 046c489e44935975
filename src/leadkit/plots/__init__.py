"""Pictures of results: a result in, a matplotlib Axes out."""

from leadkit.plots.feedback import feedback
from leadkit.plots.profile import ProfileKind, profile

__all__ = ["ProfileKind", "feedback", "profile"]
