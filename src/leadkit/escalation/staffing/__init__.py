"""How many people of which skills the levels and the intervals of a desk need."""

from leadkit.escalation.staffing.intervals import IntervalStaffing, rate_variance, staff_intervals
from leadkit.escalation.staffing.levels import LevelStaffing, staff_levels
from leadkit.escalation.staffing.mix import Profile, SkillMix, skill_mix

__all__ = [
    "IntervalStaffing",
    "LevelStaffing",
    "Profile",
    "SkillMix",
    "rate_variance",
    "skill_mix",
    "staff_intervals",
    "staff_levels",
]
