"""Comma-separated text: people, answers, ratings, comments, plans and teams in and out; scores, disclosed feedback, pilots, needs and forms out."""

from leadkit.interchange.csv.comments import read_comments, write_comments
from leadkit.interchange.csv.feedback import write_feedback
from leadkit.interchange.csv.forms import write_form, write_rating_form
from leadkit.interchange.csv.nominations import read_nominations, write_nominations
from leadkit.interchange.csv.people import read_people, write_people
from leadkit.interchange.csv.person_scores import PersonScores, read_person_scores, write_person_scores
from leadkit.interchange.csv.pilot import write_needs, write_pilot
from leadkit.interchange.csv.plan import plan_losses, read_plan, write_plan
from leadkit.interchange.csv.pyramid import write_pyramid
from leadkit.interchange.csv.ratings import read_ratings, write_ratings
from leadkit.interchange.csv.responses import read_responses, write_responses
from leadkit.interchange.csv.scores import write_scores
from leadkit.interchange.csv.team import read_team, write_team

__all__ = [
    "PersonScores",
    "plan_losses",
    "read_comments",
    "read_nominations",
    "read_people",
    "read_person_scores",
    "read_plan",
    "read_ratings",
    "read_responses",
    "read_team",
    "write_comments",
    "write_feedback",
    "write_form",
    "write_needs",
    "write_nominations",
    "write_people",
    "write_person_scores",
    "write_pilot",
    "write_plan",
    "write_pyramid",
    "write_rating_form",
    "write_ratings",
    "write_responses",
    "write_scores",
    "write_team",
]
