"""How far a weight may move before somebody else is among the top k, in closed form."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from leadkit.assessment.shortlisting.ranking import TIE
from leadkit.typing import FloatArray

__all__ = ["weight_slack"]

CELLS_PER_BLOCK = 2**20


def weight_slack(normalised: FloatArray, value: FloatArray, *, k: int, weights: Sequence[float]) -> FloatArray:
    """Give the ends between which a weight leaves the set of the top k as it is, the other weights fixed.

    Let one candidate of the top k be ahead of one outside by g >= 0 in weighted mean and by b on one criterion, and W
    be the sum of weights. When the weight of that criterion becomes w instead of v, W g becomes W g + (w - v) b, which
    reaches 0 at w = v - W g/b. The ends are the nearest of these crossings over all such pairs.

    Parameters
    ----------
    normalised : array, shape (n, c)
        Criteria on 0..1, best candidate first.
    value : array, shape (n,)
        Weighted means.
    weights : sequence of float
        The c weights.

    Returns
    -------
    array, shape (c, 2)
        Lowest and highest weight; 0 and inf where no weight changes the set.
    """
    down, up = (np.full(len(weights), math.inf) for _ in range(2))
    n_out = len(value) - k
    rows = max(1, CELLS_PER_BLOCK // max(1, n_out))
    for start in range(0, k if n_out > 0 else 0, rows):
        inside = slice(start, min(start + rows, k))
        ahead = value[inside, None] - value[None, k:]
        ahead[ahead <= TIE] = 0.0
        for j in range(len(weights)):
            better = normalised[inside, j, None] - normalised[None, k:, j]
            for nearest, sign in ((down, 1), (up, -1)):
                closing = sign * better > TIE
                nearest[j] = min(nearest[j], (ahead[closing] / np.abs(better[closing])).min(initial=math.inf))
    total = math.fsum(weights)
    ends = [
        (max(0.0, weight - total * lower), weight + total * upper)
        for weight, lower, upper in zip(map(float, weights), down.tolist(), up.tolist(), strict=True)
    ]
    return np.array(ends).reshape(-1, 2)
