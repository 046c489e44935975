"""Targets of staffing by name, and what they must not be."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from leadkit._fields import number_faults
from leadkit.errors import Fault, did_you_mean
from leadkit.queueing.staffing import required_servers

__all__ = ["LEVEL_TARGETS", "MIX_TARGETS", "rate_faults", "rates_faults", "share_faults", "target_faults"]

PROMISES: Final = ("service_level", "threshold", "variant", "short", "max_asa", "max_occupancy", "max_abandonment")
LEVEL_TARGETS: Final = (*PROMISES, "shrinkage", "fractional")
"""What `staff_levels` takes as targets of a level."""
MIX_TARGETS: Final = (*PROMISES, "patience_rate")
"""What `skill_mix` takes as targets."""


def target_faults(targets: object, where: str, known: tuple[str, ...], **rates: Any) -> list[Fault]:
    """Refuse what is no mapping of keywords of `required_servers`, or what these make no sense with."""
    if not isinstance(targets, Mapping):
        return [Fault(where, f"expected a mapping of targets to numbers, got {type(targets).__name__}")]
    faults = [
        Fault(where, f"unknown target {key!r}{did_you_mean(key, known)}; known: {', '.join(known)}")
        for key in targets
        if key not in known
    ]
    if faults:
        return faults
    try:
        # without arrivals the search ends at once, so this only looks at the targets
        required_servers(0.0, 1.0, **rates, **targets)
    except ValueError as error:
        return [Fault(where, str(error))]
    return []


def rate_faults(value: object, where: str, *, above_zero: bool = False) -> list[Fault]:
    """Refuse what is no finite rate of at least 0, or above 0."""
    faults = number_faults(value, where)
    if not faults and not (value > 0 if above_zero else value >= 0):  # type: ignore[operator]
        expected = "a number above 0" if above_zero else "at least 0"
        faults.append(Fault(where, f"expected {expected}, got {value!r}"))
    return faults


def share_faults(value: object, where: str) -> list[Fault]:
    """Refuse what is no share in 0..1."""
    faults = number_faults(value, where)
    if not faults and not 0 <= value <= 1:  # type: ignore[operator]
        faults.append(Fault(where, f"expected a share in 0..1, got {value!r}"))
    return faults


def rates_faults(values: object, where: str, *, above_zero: bool = False, length: int | None = None) -> list[Fault]:
    """Refuse what is no list of so many rates."""
    if not isinstance(values, tuple):
        return [Fault(where, f"expected a list of numbers, got {values!r}")]
    if not values or (length is not None and len(values) != length):
        expected = "at least one number" if length is None else f"{length} numbers"
        return [Fault(where, f"expected {expected}, got {len(values)}")]
    return [
        fault
        for place, value in enumerate(values)
        for fault in rate_faults(value, f"{where}[{place}]", above_zero=above_zero)
    ]
