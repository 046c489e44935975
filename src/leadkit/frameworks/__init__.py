"""The frameworks as data: questionnaires, lists and a rubric, each one TOML file."""

from leadkit.frameworks.catalogue import Catalogue
from leadkit.frameworks.entries import (
    CostUnit,
    DevelopmentEntry,
    Direction,
    EndgameEntry,
    InterestArea,
    ValueEntry,
    development_actions,
    endgames,
    interest_areas,
    values,
)
from leadkit.frameworks.library import load, names
from leadkit.frameworks.messages import (
    MessageCode,
    MessageRubric,
    PracticeMessage,
    Side,
    message_codes,
    message_rubric,
)
from leadkit.frameworks.overview import About, CompositeOverview, DimensionOverview, about

__all__ = [
    "About",
    "Catalogue",
    "CompositeOverview",
    "CostUnit",
    "DevelopmentEntry",
    "DimensionOverview",
    "Direction",
    "EndgameEntry",
    "InterestArea",
    "MessageCode",
    "MessageRubric",
    "PracticeMessage",
    "Side",
    "ValueEntry",
    "about",
    "development_actions",
    "endgames",
    "interest_areas",
    "load",
    "message_codes",
    "message_rubric",
    "names",
    "values",
]
