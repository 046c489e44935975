"""Comma-separated text: answers and ratings in and out, scores and empty forms out."""

from leadkit.interchange.csv.forms import write_form, write_rating_form
from leadkit.interchange.csv.ratings import read_ratings, write_ratings
from leadkit.interchange.csv.responses import read_responses, write_responses
from leadkit.interchange.csv.scores import write_scores

__all__ = [
    "read_ratings",
    "read_responses",
    "write_form",
    "write_rating_form",
    "write_ratings",
    "write_responses",
    "write_scores",
]
