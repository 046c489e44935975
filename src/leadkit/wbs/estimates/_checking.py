"""What an estimate refuses: values that are no times, points out of order, units there are not."""

from __future__ import annotations

import math
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import numpy as np

from leadkit._fields import number_faults
from leadkit.errors import Fault, did_you_mean
from leadkit.wbs.estimates._laws import law_of

__all__ = ["PARAMETERS", "is_number", "minutes_of_unit", "parameter_faults", "unit_faults"]

PARAMETERS: Mapping[str, tuple[str, ...]] = {
    "fixed": ("value",),
    "uniform": ("low", "high"),
    "triangular": ("low", "mode", "high"),
    "pert": ("low", "mode", "high", "shape"),
    "lognormal": ("mean", "sd"),
    "lognormal_quantiles": ("p10", "p90"),
}
UNITS = ("m", "h", "d", "w")
WEEK_DAYS = 5
# above this a float no longer counts single minutes
MOST_MINUTES = 2.0**53


def is_number(value: object) -> bool:
    """Tell whether a value is a number; a bool is none."""
    return isinstance(value, int | float | np.integer | np.floating) and not isinstance(value, bool)


def unit_faults(unit: object, day_minutes: object) -> list[Fault]:
    """Refuse an unknown unit and a day without minutes."""
    faults = number_faults(day_minutes, "day_minutes", above=0)
    if unit not in UNITS:
        known = ", ".join(map(repr, UNITS))
        faults.append(Fault("unit", f"expected one of {known}, got {unit!r}{did_you_mean(str(unit), UNITS)}"))
    return faults


def minutes_of_unit(unit: str, day_minutes: float) -> float:
    """Give the working minutes in one minute, hour, day or week."""
    return {"m": 1.0, "h": 60.0, "d": float(day_minutes), "w": float(WEEK_DAYS * day_minutes)}[unit]


def parameter_faults(kind: object, parameters: object) -> list[Fault]:
    """List everything that is wrong with the minutes of an estimate of this kind."""
    if not isinstance(kind, str) or kind not in PARAMETERS:
        known = ", ".join(map(repr, PARAMETERS))
        return [Fault("kind", f"expected one of {known}, got {kind!r}{did_you_mean(str(kind), PARAMETERS)}")]
    names = PARAMETERS[kind]
    if not isinstance(parameters, tuple) or len(parameters) != len(names):
        return [Fault("parameters", f"expected {', '.join(names)}, got {parameters!r}")]
    faults = [fault for name, value in zip(names, parameters, strict=True) for fault in _time_faults(value, name)]
    if not faults:
        faults = _order_faults(names, parameters) if kind != "lognormal" else _positive_mean_faults(*parameters)
    if not faults and kind == "lognormal_quantiles" and parameters[0] == 0 < parameters[1]:
        faults = [Fault("p10", "a lognormal time is above 0, so 10 % of it cannot end at 0")]
    return faults or _moment_faults(kind, parameters)


def _time_faults(value: Any, name: str) -> list[Fault]:
    faults = number_faults(value, name)
    if not faults and value < 0:
        faults = [Fault(name, f"expected at least 0, got {value:g}")]
    elif not faults and value > MOST_MINUTES:
        faults = [Fault(name, f"expected at most {MOST_MINUTES:g}, got {value:g}")]
    return faults


def _order_faults(names: tuple[str, ...], parameters: tuple[float, ...]) -> list[Fault]:
    points = [pair for pair in zip(names, parameters, strict=True) if pair[0] != "shape"]
    return [
        Fault(low, f"{low_value:g} minutes are more than {high} ({high_value:g})")
        for (low, low_value), (high, high_value) in pairwise(points)
        if low_value > high_value
    ]


def _positive_mean_faults(mean: float, sd: float) -> list[Fault]:
    if mean == 0 < sd:
        return [Fault("mean", "a lognormal time that varies has a mean above 0")]
    return []


def _moment_faults(kind: str, parameters: tuple[float, ...]) -> list[Fault]:
    try:
        law = law_of(kind, parameters)
        is_usable = law.mean <= MOST_MINUTES and math.isfinite(law.variance)
    except OverflowError:
        is_usable = False
    return [] if is_usable else [Fault("parameters", f"the mean or the variance of {kind} {parameters} is too large")]
