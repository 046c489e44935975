"""Who can do what, where a team has gaps, and how to close them."""

from leadkit.skills.actions import ActionKind, DevelopmentAction
from leadkit.skills.coverage import SkillCoverage
from leadkit.skills.flags import SKILL_FLAGS
from leadkit.skills.gaps import GapKind, Nearest, SkillGap
from leadkit.skills.matrix import SkillMatrix
from leadkit.skills.needs import TrainingNeed, training_needs
from leadkit.skills.plan import PlannedAction, SkillLevels, TrainingPlan, UnmetNeed, UnmetReason
from leadkit.skills.planning import plan_training
from leadkit.skills.requirements import Skill, SkillRequirement

__all__ = [
    "SKILL_FLAGS",
    "ActionKind",
    "DevelopmentAction",
    "GapKind",
    "Nearest",
    "PlannedAction",
    "Skill",
    "SkillCoverage",
    "SkillGap",
    "SkillLevels",
    "SkillMatrix",
    "SkillRequirement",
    "TrainingNeed",
    "TrainingPlan",
    "UnmetNeed",
    "UnmetReason",
    "plan_training",
    "training_needs",
]
