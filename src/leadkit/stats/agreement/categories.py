"""Ratings into places among the categories they may take."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from leadkit.stats._arrays import at, first_place, vector
from leadkit.typing import FloatArray, IntArray


def given_categories(categories: ArrayLike | None) -> FloatArray | None:
    """Return the categories in the order given, each once; None when they are to be taken from the data."""
    if categories is None:
        return None
    values = vector(categories, "categories")
    if values.size == 0 or np.isnan(values).any() or np.unique(values).size < values.size:
        msg = f"categories: expected at least one value, each once and none missing, got {values.tolist()}"
        raise ValueError(msg)
    return values


def check_categories(ratings: FloatArray, name: str, categories: FloatArray | None) -> None:
    """Refuse a known rating that is none of the categories, naming the first place."""
    if categories is None:
        return
    foreign = ~np.isnan(ratings) & ~np.isin(ratings, categories)
    if foreign.any():
        place = first_place(foreign)
        listed = ", ".join(f"{value:g}" for value in categories)
        msg = f"{name}{at(place)}: expected one of the categories {listed}, got {ratings[place]:g}"
        raise ValueError(msg)


def category_places(ratings: FloatArray, categories: FloatArray) -> IntArray:
    """Return the place of each rating among the categories, all of which are known."""
    order = np.argsort(categories)
    return order[np.searchsorted(categories[order], ratings)]
