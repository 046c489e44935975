"""Levelling: work is delayed until nobody is booked twice, and moved inside its float until the load is even."""

from leadkit.wbs.levelling.delaying import level
from leadkit.wbs.levelling.smoothing import Measure, smooth

__all__ = ["Measure", "level", "smooth"]
