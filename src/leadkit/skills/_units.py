"""Numbers in units that a solver can tell apart: whole ones where there is a common unit, moderate ones elsewhere."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import NamedTuple

import numpy as np

from leadkit.typing import FloatArray

__all__ = ["TOLERANCE", "Scaled", "allowance", "in_units"]

TOLERANCE = 1e-9
"""Values that differ by no more, relative or absolute, count as equal."""
LARGEST_DENOMINATOR = 10**6
LARGEST_SUM = 10**9
SCALED_SUM = 2.0**14
ROUNDING = 1e-12


class Scaled(NamedTuple):
    """Values in a unit.

    Parameters
    ----------
    values : float array
        The values divided by the unit.
    unit : float
        The unit.
    are_whole : bool
        Whether the values are whole numbers.
    """

    values: FloatArray
    unit: float
    are_whole: bool

    def bound(self, value: float) -> float:
        """Give what sums of these values may come to, in the unit, where their bound is `value`."""
        most = (value + allowance(value)) / self.unit
        return math.floor(most) if self.are_whole else most


def allowance(value: float) -> float:
    """Give by how much a sum may pass `value` and still count as equal."""
    return TOLERANCE * max(1.0, abs(value))


def in_units(values: FloatArray) -> Scaled:
    """Divide values by their greatest common unit, or by a power of two where they have none.

    A solver takes whatever is within its tolerances for equal. With whole numbers the smallest difference is 1, far
    above any tolerance.

    Parameters
    ----------
    values : (n,) array
        Finite numbers of at least 0.
    """
    distinct = np.unique(values[values > 0]).tolist()
    if not distinct:
        return Scaled(values, 1.0, are_whole=True)
    total = math.fsum(values.tolist())
    unit = _common_unit(distinct)
    if unit is not None and total / float(unit) <= LARGEST_SUM:
        return Scaled(np.rint(values / float(unit)), float(unit), are_whole=True)
    power = 2.0 ** math.frexp(total / SCALED_SUM)[1]
    return Scaled(values / power, power, are_whole=False)


def _common_unit(values: list[float]) -> Fraction | None:
    """Find the greatest number of which all values are multiples, up to rounding; None when its denominator is large."""
    parts = [Fraction(value).limit_denominator(LARGEST_DENOMINATOR) for value in values]
    if any(abs(float(part) - value) > ROUNDING * value for part, value in zip(parts, values, strict=True)):
        return None
    whole = math.lcm(*(part.denominator for part in parts))
    return Fraction(math.gcd(*(part.numerator * (whole // part.denominator) for part in parts)), whole)
