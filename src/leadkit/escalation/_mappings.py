"""Mappings that models of escalation are given: frozen, in order of their keys, and checked entry by entry."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from leadkit._checks import amount_faults, as_amount, id_faults
from leadkit._fields import FrozenMapping, number_faults
from leadkit.errors import Fault

__all__ = ["as_numbers", "as_sorted", "as_whole", "level_faults", "mapping_faults", "offset_faults"]


def as_sorted(values: Any) -> Any:
    """Freeze a mapping in order of its keys; what is none stays as it is, for the check to name."""
    if not isinstance(values, Mapping):
        return values
    if all(isinstance(key, str) for key in values):
        return FrozenMapping({key: values[key] for key in sorted(values)})
    return FrozenMapping(values)


def as_numbers(values: Any) -> Any:
    """Freeze a mapping to numbers in order of its keys, the numbers as floats."""
    values = as_sorted(values)
    if not isinstance(values, FrozenMapping):
        return values
    return FrozenMapping({key: as_amount(value) for key, value in values.items()})


def as_whole(value: Any) -> Any:
    """Make an int of a numpy integer; what is no whole number stays as it is, for the check to name."""
    return int(value) if isinstance(value, np.integer) else value


def mapping_faults(
    values: object, where: str, word: str, of_value: Callable[[Any, str], list[Fault]], *, what: str
) -> list[Fault]:
    """Refuse what is no mapping of ids to what `of_value` takes; `word` is what a key is called."""
    if not isinstance(values, Mapping):
        return [Fault(where, f"expected a mapping of {what}, got {values!r}")]
    faults = []
    for key, value in values.items():
        faults += id_faults(key, f"{where}, {word} {key!r}")
        faults += of_value(value, f"{where}, {word} {key!r}")
    return faults


def level_faults(values: object, where: str) -> list[Fault]:
    """Refuse what is no mapping of skills to levels of at least 0."""
    return mapping_faults(values, where, "skill", amount_faults, what="skills to levels")


def offset_faults(values: object, where: str) -> list[Fault]:
    """Refuse what is no mapping of skills to finite numbers, which may be below 0."""
    return mapping_faults(values, where, "skill", _finite_faults, what="skills to offsets")


def _finite_faults(value: object, where: str) -> list[Fault]:
    if type(value) is float and math.isfinite(value):
        return []
    return number_faults(value, where)
