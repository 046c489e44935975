"""Rows of an integer program, as the solver takes them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from leadkit.typing import FloatArray

__all__ = ["Row", "nonzero"]


class Row(NamedTuple):
    """A constraint: the sum of coefficients times columns is at most `most`."""

    coefficients: Mapping[int, float]
    most: float


def nonzero(values: FloatArray) -> dict[int, float]:
    """Map the places of the numbers that are not 0 to these numbers."""
    return {int(i): float(values[i]) for i in np.flatnonzero(values)}
