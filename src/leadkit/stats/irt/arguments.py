"""Arguments of item response functions into numbers and category codes, with located messages."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

from leadkit.stats._arrays import first_place, floats, matrix
from leadkit.stats.change.error import number
from leadkit.stats.irt.parameters import ItemParameters
from leadkit.typing import IntArray


def finite_number(value: float, name: str, *, above: float = -math.inf) -> float:
    """Return one finite number above `above`."""
    result = number(value, name)
    if not result > above:
        bound = "" if above == -math.inf else f" above {above:g}"
        msg = f"{name}: expected a finite number{bound}, got {value!r}"
        raise ValueError(msg)
    return result


def checked_range(theta_range: tuple[float, float]) -> tuple[float, float]:
    """Return the ends of a range of the trait, low below high."""
    ends = floats(np.asarray(theta_range), "theta_range")
    if ends.shape != (2,) or not ends[0] < ends[1]:
        msg = f"theta_range: expected (low, high) with low < high, got {theta_range!r}"
        raise ValueError(msg)
    return float(ends[0]), float(ends[1])


def category_codes(responses: ArrayLike, parameters: ItemParameters) -> IntArray:
    """Return which category each answer is, (n, k), counted from 1; 0 for a missing answer or an unknown item."""
    x = matrix(responses, "responses")
    if x.shape[1] != parameters.n_items:
        msg = f"responses: expected {parameters.n_items} columns, one an item, got {x.shape[1]}"
        raise ValueError(msg)
    counts = parameters.n_categories
    answered = ~np.isnan(x) & parameters.is_known
    place = np.where(answered, x - parameters.lowest, 0.0)
    wrong = answered & ((place < 0) | (place >= counts) | (place != np.floor(place)))
    if wrong.any():
        row, column = first_place(wrong)
        highest = parameters.lowest + int(counts[column]) - 1
        msg = (
            f"responses[{row}, {column}]: {x[row, column]:g} is no category of item {parameters.items[column]!r}, "
            f"expected one of {parameters.lowest}..{highest}"
        )
        raise ValueError(msg)
    return np.where(answered, place + 1, 0).astype(np.int64)
