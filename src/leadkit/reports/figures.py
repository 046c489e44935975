"""How numbers other than scores are written."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from leadkit.plots.labels import PERCENT, number

__all__ = ["chance", "clock", "decimal", "interval", "listed", "percent", "readable"]


def decimal(value: float, decimals: int = 2) -> str:
    """Write a number; empty for NaN and None.

    Examples
    --------
    >>> decimal(0.8149), decimal(float("nan"))
    ('0.81', '')
    """
    return "" if value is None or not math.isfinite(value) else number(value, decimals)


def interval(low: float, high: float) -> str:
    """Write two ends; empty where one is not known."""
    return f"{decimal(low)} to {decimal(high)}" if decimal(low) and decimal(high) else ""


def percent(share: float) -> str:
    """Write a share of 1 as whole percent; empty for NaN."""
    return "" if not decimal(share) else number(100 * share, 0) + PERCENT


def chance(probability: float) -> str:
    r"""Write a probability as whole percent, one that is nearly 0 or 1 as such; empty for NaN.

    Examples
    --------
    >>> [chance(p).replace("\N{NO-BREAK SPACE}", " ") for p in (0.001, 0.5, 0.999, 1.0)]
    ['under 1 %', '50 %', 'over 99 %', '100 %']
    """
    if 0 < probability < 0.005:
        return f"under 1{PERCENT}"
    if 0.995 <= probability < 1:
        return f"over 99{PERCENT}"
    return percent(probability)


def clock(hour: float) -> str:
    """Write an hour of the day; empty for NaN.

    Examples
    --------
    >>> clock(9.5), clock(23.999)
    ('09:30', '00:00')
    """
    if not decimal(hour):
        return ""
    minutes = round(60 * hour) % (24 * 60)
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def listed(names: Any) -> str:
    """Join names; the word "none" where there are none, empty where it is not known."""
    return "" if names is None else ", ".join(map(str, names)) or "none"


def readable(value: Any) -> str:
    """Write any plain value; empty where it is not known."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, Mapping):
        return "; ".join(f"{name}: {readable(part) or 'not known'}" for name, part in value.items()) or "none"
    if isinstance(value, tuple | list | set | frozenset):
        return ", ".join(readable(part) or "not known" for part in value) or "none"
    if isinstance(value, float):
        return decimal(value)
    return str(value)
