"""The lists that come with leadkit: development actions, values, areas of interest and endgames."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any, Literal, get_args

from attrs import field, frozen

from leadkit._fields import identifier_faults, number_faults, string_faults
from leadkit.assessment.items import raise_faults
from leadkit.errors import Fault
from leadkit.frameworks.catalogue import Catalogue, catalogue_of

__all__ = [
    "CostUnit",
    "DevelopmentEntry",
    "Direction",
    "EndgameEntry",
    "InterestArea",
    "ValueEntry",
    "development_actions",
    "endgames",
    "interest_areas",
    "values",
]

CostUnit = Literal["day_rates_per_person", "day_rates_per_group"]
"""What the cost of a development action counts: day rates of an ordinary employee, for each or for all."""

Direction = Literal["high", "low"]
"""Whether a metric is better high or low."""


def _names(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(names)


@frozen(kw_only=True)
class DevelopmentEntry:
    """One way in which a person or a group can develop.

    Parameters
    ----------
    id, name, description : str
        Identifier, what people call it, and how it is done.
    develops : tuple of str
        Ids of the dimensions, of whatever framework, that it helps with; at least one.
    hours : float
        Hours of one participant, at least 0 [h].
    cost : float
        Outlay beside these hours, at least 0, counted in `cost_unit`.
    cost_unit : {"day_rates_per_person", "day_rates_per_group"}
        Day rates of an ordinary employee, for each participant or for the whole group.
    """

    id: str
    name: str
    description: str
    develops: tuple[str, ...] = field(converter=_names)
    hours: float
    cost: float
    cost_unit: CostUnit

    def __attrs_post_init__(self) -> None:
        faults = entry_text_faults(self, "name", "description")
        if not self.develops:
            faults.append(Fault("develops", "expected the id of at least one dimension"))
        for i, dimension_id in enumerate(self.develops):
            faults += identifier_faults(dimension_id, f"develops[{i}]")
        faults += _amount_faults(self.hours, "hours") + _amount_faults(self.cost, "cost")
        faults += word_faults(self.cost_unit, "cost_unit", CostUnit)
        raise_faults(faults, f"development action {self.id!r}")


@frozen(kw_only=True)
class ValueEntry:
    """Something that can matter to a person, for a values sort: its id, its name and what it means."""

    id: str
    name: str
    description: str

    def __attrs_post_init__(self) -> None:
        raise_faults(entry_text_faults(self, "name", "description"), f"value {self.id!r}")


@frozen(kw_only=True)
class InterestArea:
    """Something that a person can be curious about: its id, its name and what belongs to it."""

    id: str
    name: str
    description: str

    def __attrs_post_init__(self) -> None:
        raise_faults(entry_text_faults(self, "name", "description"), f"interest area {self.id!r}")


@frozen(kw_only=True)
class EndgameEntry:
    """A goal that everybody in an organisation can say, and how to see that it is reached.

    Parameters
    ----------
    id, name, statement : str
        Identifier, what people call it, and the sentence that everybody can say.
    metric, unit : str
        What is counted, and in what.
    target : float
        Where to end.
    direction : {"high", "low"}
        Whether the metric is better high or low.
    """

    id: str
    name: str
    statement: str
    metric: str
    unit: str
    target: float
    direction: Direction

    def __attrs_post_init__(self) -> None:
        faults = entry_text_faults(self, "name", "statement", "metric", "unit")
        faults += number_faults(self.target, "target")
        faults += word_faults(self.direction, "direction", Direction)
        raise_faults(faults, f"endgame {self.id!r}")


def development_actions(path: str | Path | None = None) -> Catalogue[DevelopmentEntry]:
    """Load the ways in which people can develop, from coaching to a team outing.

    Parameters
    ----------
    path : str or Path, optional
        A list of one's own in the same form, with one's own hours and costs; the list of leadkit when None.

    Returns
    -------
    Catalogue of DevelopmentEntry
        What each develops, its hours and its cost.

    Raises
    ------
    DefinitionError
        The user's file is wrong; the message lists every fault with its path.

    Examples
    --------
    >>> [action.name for action in development_actions() if "vision" in action.develops]
    ['Vision workshop', 'Presentation practice']
    """
    return catalogue_of("development_actions", DevelopmentEntry, path)


def values(path: str | Path | None = None) -> Catalogue[ValueEntry]:
    """Load the values that a values sort can start from; `path` and errors as for `development_actions`.

    Examples
    --------
    >>> values().entry("courage").description
    'To do what one thinks right while afraid of it.'
    """
    return catalogue_of("values", ValueEntry, path)


def interest_areas(path: str | Path | None = None) -> Catalogue[InterestArea]:
    """Load the areas that a person can rate their interest in; `path` and errors as for `development_actions`.

    Examples
    --------
    >>> interest_areas().ids[:3]
    ('arts', 'crafts', 'cultures')
    """
    return catalogue_of("interest_areas", InterestArea, path)


def endgames(path: str | Path | None = None) -> Catalogue[EndgameEntry]:
    """Load goals that everybody in an organisation can say; `path` and errors as for `development_actions`.

    Examples
    --------
    >>> goal = endgames().entry("full_retention")
    >>> goal.statement, goal.target, goal.unit, goal.direction
    ('Every customer of a year ago is still our customer today.', 100.0, 'percent', 'high')
    """
    return catalogue_of("endgames", EndgameEntry, path)


def entry_text_faults(entry: Any, *names: str) -> list[Fault]:
    """List what is wrong with the id and the texts of an entry."""
    faults = identifier_faults(entry.id, "id")
    return faults + [fault for name in names for fault in string_faults(getattr(entry, name), name)]


def word_faults(value: object, where: str, literal: Any) -> list[Fault]:
    """Refuse a word that is none of those a `Literal` allows."""
    allowed = get_args(literal)
    if value in allowed:
        return []
    return [Fault(where, f"expected one of {', '.join(map(repr, allowed))}, got {value!r}")]


def _amount_faults(value: float, where: str) -> list[Fault]:
    faults = number_faults(value, where)
    return faults or ([Fault(where, f"expected a number of at least 0, got {value!r}")] if value < 0 else [])
