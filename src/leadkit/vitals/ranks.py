"""Ranks and rank correlation of a few values, ties included."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np


def falling_ranks(points: Sequence[float]) -> list[float]:
    """Rank points, 1 for the highest; equal points share the mean of their ranks.

    Examples
    --------
    >>> falling_ranks([10.0, 30.0, 10.0])
    [2.5, 1.0, 2.5]
    """
    values = np.asarray(points, dtype=np.float64)
    higher = (values[None, :] > values[:, None]).sum(axis=1)
    equal = (values[None, :] == values[:, None]).sum(axis=1)
    ranks: list[float] = (higher + (equal + 1) / 2).tolist()
    return ranks


def kendall_tau_b(first: Sequence[float], second: Sequence[float]) -> float:
    """Kendall's rank correlation, corrected for ties.

    Parameters
    ----------
    first, second : sequence of n float
        Two orders of the same n things, none of them NaN.

    Returns
    -------
    float
        (concordant - discordant pairs)/sqrt(pairs untied in `first` x pairs untied in `second`), in [-1, 1]; NaN when
        one of the two has no untied pair.

    References
    ----------
    .. [1] M. G. Kendall, "The treatment of ties in ranking problems", Biometrika 33, 1945.

    Examples
    --------
    >>> kendall_tau_b([3.0, 2.0, 1.0], [30.0, 10.0, 20.0])
    0.3333333333333333
    """
    x, y = np.asarray(first, dtype=np.float64), np.asarray(second, dtype=np.float64)
    # Comparing instead of subtracting keeps two huge points of opposite sign from overflowing.
    upward = (x[:, None] > x[None, :]).astype(np.int64) - (x[:, None] < x[None, :])
    onward = (y[:, None] > y[None, :]).astype(np.int64) - (y[:, None] < y[None, :])
    untied = int((upward != 0).sum()) * int((onward != 0).sum())
    return int((upward * onward).sum()) / math.sqrt(untied) if untied else math.nan


def highest(points: Mapping[str, float], count: int) -> tuple[str, ...]:
    """Name the `count` things with most points, and those tied with the last of them, by points and then by name.

    Examples
    --------
    >>> highest({"a": 1.0, "b": 3.0, "c": 2.0, "d": 2.0}, 2)
    ('b', 'c', 'd')
    """
    order = sorted(points, key=lambda name: (-points[name], name))
    return tuple(name for name in order if points[name] >= points[order[min(count, len(order)) - 1]])
