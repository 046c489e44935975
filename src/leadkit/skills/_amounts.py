"""Numbers that a model is given: made floats where they are numbers, refused beside all other faults where not."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from leadkit._fields import number_faults, string_faults
from leadkit.errors import Fault, LeadkitError, SkillError

__all__ = ["amount_faults", "as_level", "as_number", "name_faults", "raise_faults"]


def as_number(value: Any) -> Any:
    """Make a float of a real number; what is none stays as it is, for the check to name."""
    if not isinstance(value, int | float | np.integer | np.floating) or isinstance(value, bool):
        return value
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf


def as_level(value: Any) -> Any:
    """Make a float of a level; None is not assessed."""
    return math.nan if value is None else as_number(value)


def amount_faults(value: object, where: str) -> list[Fault]:
    """Refuse what is not a finite number of at least 0."""
    faults = number_faults(value, where)
    if not faults and value < 0:  # type: ignore[operator]
        return [Fault(where, f"expected a number of at least 0, got {value!r}")]
    return faults


def name_faults(owner: Any, *names: str) -> list[Fault]:
    """Refuse fields that are no texts with something in them."""
    return [fault for name in names for fault in string_faults(getattr(owner, name), name)]


def raise_faults(faults: list[Fault], subject: str, error: type[LeadkitError] = SkillError) -> None:
    """Raise one error for all faults, if there are any."""
    if faults:
        raise error.from_faults(faults, subject=subject)
