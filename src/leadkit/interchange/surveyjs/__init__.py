"""SurveyJS: forms as JSON with matrix questions, in and out, and the results that people send."""

from leadkit.interchange.surveyjs.answers import read_responses
from leadkit.interchange.surveyjs.reading import read_instrument
from leadkit.interchange.surveyjs.writing import write_form

__all__ = ["read_instrument", "read_responses", "write_form"]
