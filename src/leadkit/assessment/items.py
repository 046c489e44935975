"""The parts of a questionnaire: the scale of answers, items, dimensions and composites."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import TypeAlias

import numpy as np
from attrs import field, frozen

from leadkit._fields import frozen_mapping, identifier_faults, number_faults, string_faults, whole_number_faults
from leadkit.assessment.text import Text, frozen_text, frozen_texts, text_faults
from leadkit.errors import DefinitionError, Fault

__all__ = ["Composite", "Dimension", "Item", "ResponseScale"]

MinAnswered: TypeAlias = int | float


def _optional_text(text: Text | None) -> Text | None:
    return None if text is None else frozen_text(text)


def _item_tuple(items: Iterable[Item]) -> tuple[Item, ...]:
    return tuple(items)


def _weights(weights: Mapping[str, float]) -> Mapping[str, float]:
    return frozen_mapping(weights)


def _names(names: Mapping[str, str]) -> Mapping[str, str]:
    return frozen_mapping(names)


@frozen(kw_only=True)
class ResponseScale:
    """The answers a person may give: whole numbers from `low` to `high`.

    Parameters
    ----------
    low, high : int
        Lowest and highest code, low below high.
    labels : tuple of Text
        None, or one label for every code from `low` to `high`.

    Raises
    ------
    DefinitionError
        A code is not a whole number, low is not below high, or the labels do not fit; all faults at once.

    Examples
    --------
    >>> scale = ResponseScale(low=1, high=5)
    >>> scale.n_options, scale.midpoint, scale.reverse(2), scale.contains(9)
    (5, 3.0, 4, False)
    """

    low: int
    high: int
    labels: tuple[Text, ...] = field(default=(), converter=frozen_texts)

    def __attrs_post_init__(self) -> None:
        faults = whole_number_faults(self.low, "low") + whole_number_faults(self.high, "high")
        if not faults and self.low >= self.high:
            faults.append(Fault("", f"low must be below high, got {self.low}..{self.high}"))
        elif not faults and self.labels and len(self.labels) != self.n_options:
            what = f"expected {self.n_options} labels, one for each of {self.low}..{self.high}, got {len(self.labels)}"
            faults.append(Fault("labels", what))
        for i, label in enumerate(self.labels):
            faults += text_faults(label, f"labels[{i}]")
        raise_faults(faults, "")

    @property
    def n_options(self) -> int:
        """Number of codes."""
        return self.high - self.low + 1

    @property
    def midpoint(self) -> float:
        """The middle between the lowest and the highest code."""
        return (self.low + self.high) / 2

    def contains(self, answer: float) -> bool:
        """Tell whether `answer` lies within the scale; NaN does not."""
        return self.low <= answer <= self.high

    def reverse(self, answer: float) -> float:
        """Turn an answer round: low + high - answer."""
        return self.low + self.high - answer


@frozen(kw_only=True)
class Item:
    """One question.

    Parameters
    ----------
    id : str
        Identifier, unique in the instrument.
    text : Text
        What a person reads about themselves.
    reverse : bool
        Whether a high answer counts as low.
    weight : float
        Weight inside its dimension, above 0.
    observer_text : Text, optional
        The same item about somebody else.
    facet : str, optional
        A finer label inside the dimension.
    external_ids : mapping of str to str
        What other systems call the item, by system; a column of such a name is read as this item.
    """

    id: str
    text: Text = field(converter=frozen_text)
    reverse: bool = False
    weight: float = 1.0
    observer_text: Text | None = field(default=None, converter=_optional_text)
    facet: str | None = None
    external_ids: Mapping[str, str] = field(factory=dict, converter=_names)

    def __attrs_post_init__(self) -> None:
        faults = identifier_faults(self.id, "id") + text_faults(self.text, "text")
        if not isinstance(self.reverse, bool | np.bool_):
            faults.append(Fault("reverse", f"expected True or False, got {self.reverse!r}"))
        faults += number_faults(self.weight, "weight", above=0.0)
        if self.observer_text is not None:
            faults += text_faults(self.observer_text, "observer_text")
        if self.facet is not None:
            faults += identifier_faults(self.facet, "facet")
        for system, name in self.external_ids.items():
            faults += string_faults(name, f"external_ids[{system!r}]")
        raise_faults(faults, f"item {self.id!r}")


@frozen(kw_only=True)
class Dimension:
    """A group of items that are scored together.

    Parameters
    ----------
    id : str
        Identifier, unique among dimensions and composites.
    name : Text
        What people call it.
    items : tuple of Item
        At least one.
    description : Text
        What it is about.
    min_answered : float or int
        Least share of the items, in (0, 1], or least number of them (an int), that must be answered for a score.
    """

    id: str
    name: Text = field(converter=frozen_text)
    items: tuple[Item, ...] = field(converter=_item_tuple)
    description: Text = field(default="", converter=frozen_text)
    min_answered: MinAnswered = 0.5

    def __attrs_post_init__(self) -> None:
        faults = identifier_faults(self.id, "id") + text_faults(self.name, "name")
        faults += text_faults(self.description, "description", may_be_empty=True)
        if not self.items:
            faults.append(Fault("items", "a dimension needs at least one item"))
        else:
            faults += min_answered_faults(self.min_answered, len(self.items))
        raise_faults(faults, f"dimension {self.id!r}")

    @property
    def n_needed(self) -> int:
        """Number of answers that a score needs."""
        return n_needed(self.min_answered, len(self.items))


@frozen(kw_only=True)
class Composite:
    """A weighted mean of dimensions.

    Parameters
    ----------
    id : str
        Identifier, unique among dimensions and composites.
    name : Text
        What people call it.
    weights : mapping of str to float
        Weight of each dimension, above 0.
    """

    id: str
    name: Text = field(converter=frozen_text)
    weights: Mapping[str, float] = field(converter=_weights)

    def __attrs_post_init__(self) -> None:
        faults = identifier_faults(self.id, "id") + text_faults(self.name, "name")
        if not self.weights:
            faults.append(Fault("weights", "a composite needs at least one dimension"))
        for dimension, weight in self.weights.items():
            faults += number_faults(weight, f"weights[{dimension!r}]", above=0.0)
        raise_faults(faults, f"composite {self.id!r}")


def n_needed(min_answered: MinAnswered, n_items: int) -> int:
    """Count the answers that `min_answered` asks of `n_items` items.

    Examples
    --------
    >>> n_needed(0.7, 10), n_needed(0.5, 5), n_needed(2, 5)
    (7, 3, 2)
    """
    if isinstance(min_answered, int | np.integer):
        return int(min_answered)
    return max(1, math.ceil(min_answered * n_items - 1e-9))


def min_answered_faults(min_answered: object, n_items: int) -> list[Fault]:
    """List what is wrong with a rule for the least number of answers."""
    faults = number_faults(min_answered, "min_answered")
    if faults:
        return faults
    whole = isinstance(min_answered, int | np.integer)
    top = n_items if whole else 1
    if 0 < min_answered <= top:  # type: ignore[operator]
        return []
    what = f"a count in 1..{n_items}" if whole else "a share above 0 and at most 1"
    return [Fault("min_answered", f"expected {what}, got {min_answered!r}")]


def raise_faults(faults: list[Fault], subject: str) -> None:
    """Raise one `DefinitionError` with all `faults`, when there are any."""
    if faults:
        raise DefinitionError.from_faults(faults, subject=subject)
