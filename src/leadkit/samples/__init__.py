"""Small synthetic data about a service team, for the README, the docs and the demo; about nobody."""

from leadkit.samples.answers import answers
from leadkit.samples.days import day_logs
from leadkit.samples.help_desk import desk_skills, development_actions, escalation_matrix, tickets
from leadkit.samples.messages import messages
from leadkit.samples.organisation import Pulse, advice, organisation, pulse
from leadkit.samples.people import Person, people
from leadkit.samples.project import plan, status
from leadkit.samples.ratings import ratings
from leadkit.samples.selves import vitals_assessments

SYNTHETIC = "Synthetic data from a seeded generator: names, answers and days are made up and are about nobody."
"""The note that belongs beside whatever shows a sample."""

__all__ = [
    "SYNTHETIC",
    "Person",
    "Pulse",
    "advice",
    "answers",
    "day_logs",
    "desk_skills",
    "development_actions",
    "escalation_matrix",
    "messages",
    "organisation",
    "people",
    "plan",
    "pulse",
    "ratings",
    "status",
    "tickets",
    "vitals_assessments",
]
