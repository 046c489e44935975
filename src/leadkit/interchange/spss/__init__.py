"""SPSS: answers and scores in its data files (`.sav`, `.zsav`), read and written by pyreadstat."""

from leadkit.interchange.spss.reading import read_responses
from leadkit.interchange.spss.writing import write_responses, write_scores

__all__ = ["read_responses", "write_responses", "write_scores"]
