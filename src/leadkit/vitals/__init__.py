"""VITALS: how well a leader knows values, interests, temperament, day, life mission and strengths."""

from leadkit.vitals.assessment import VitalsAssessment
from leadkit.vitals.changes import VERDICTS, VitalsChange, compare
from leadkit.vitals.cohorts import VitalsCohort, cohort
from leadkit.vitals.day import DayLog, Entry
from leadkit.vitals.evidence import LETTERS, SIGNALS
from leadkit.vitals.flags import FLAGS
from leadkit.vitals.goals import Goal
from leadkit.vitals.interests import InterestFit, interest_fit
from leadkit.vitals.letters import MEASURES
from leadkit.vitals.profiles import LetterReading, VitalsProfile, profile
from leadkit.vitals.questions import QuestionSet, ReflectiveQuestion, reflective_questions
from leadkit.vitals.reading import read_vitals
from leadkit.vitals.strengths import Strength
from leadkit.vitals.trends import VitalsTrend, trend
from leadkit.vitals.values import ValuesSort

__all__ = [
    "FLAGS",
    "LETTERS",
    "MEASURES",
    "SIGNALS",
    "VERDICTS",
    "DayLog",
    "Entry",
    "Goal",
    "InterestFit",
    "LetterReading",
    "QuestionSet",
    "ReflectiveQuestion",
    "Strength",
    "ValuesSort",
    "VitalsAssessment",
    "VitalsChange",
    "VitalsCohort",
    "VitalsProfile",
    "VitalsTrend",
    "cohort",
    "compare",
    "interest_fit",
    "profile",
    "read_vitals",
    "reflective_questions",
    "trend",
]
