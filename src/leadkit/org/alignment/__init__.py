"""Is everyone pulling in the same direction: the endgame and how far it is, and how alike priorities are."""

from __future__ import annotations

from leadkit.org.alignment.endgame import Endgame, EndgameGoal, EndgameStatus, track_endgame
from leadkit.org.alignment.measuring import Alignment, measure_alignment

__all__ = ["Alignment", "Endgame", "EndgameGoal", "EndgameStatus", "measure_alignment", "track_endgame"]
