"""LimeSurvey: forms as its tab-separated survey structure, in and out, and answers from its CSV export."""

from leadkit.interchange.limesurvey.answers import read_responses
from leadkit.interchange.limesurvey.reading import read_instrument
from leadkit.interchange.limesurvey.writing import write_form

__all__ = ["read_instrument", "read_responses", "write_form"]
