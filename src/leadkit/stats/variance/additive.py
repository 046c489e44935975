"""Two-way scores as the sum of a fixed effect of each side, and the connected parts of the design."""

from __future__ import annotations

import numpy as np
from attrs import frozen

from leadkit.stats.variance.crossed_design import CrossedDesign
from leadkit.typing import FloatArray, IntArray


@frozen(kw_only=True, eq=False)
class AdditiveFit:
    """Scores as a long plus a short effect, both fixed.

    Parameters
    ----------
    long, short : (p,), (q,) array
        Effects; in every part a number may move from the one side to the other.
    long_parts, short_parts : (p,), (q,) array of int
        The connected part of each level.
    n_parts : int
        Connected parts.
    residual_sum_squares : float
        Sum of squared errors.
    df : int
        Scores beyond what the effects fit anyway.
    """

    long: FloatArray
    short: FloatArray
    long_parts: IntArray
    short_parts: IntArray
    n_parts: int
    residual_sum_squares: float
    df: int


def additive_fit(design: CrossedDesign) -> AdditiveFit:
    """Fit fixed effects by least squares."""
    from scipy.linalg import cho_factor, cho_solve
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    p, q = design.long_counts.size, design.short_counts.size
    edges = coo_array((np.ones(design.long.size), (design.long, design.short + p)), shape=(p + q, p + q))
    n_parts, labels = connected_components(edges, directed=False)
    parts = labels.astype(np.int64)
    # one short effect a part is 0, for the others the equations have one solution
    free = np.ones(q, dtype=np.bool_)
    free[np.unique(parts[p:], return_index=True)[1]] = False
    long_means = design.long_sums(design.values) / design.long_counts
    short = np.zeros(q)
    if free.any():
        left = np.diag(design.short_counts) - design.crossproduct(1 / design.long_counts)
        right = design.short_sums(design.values - long_means[design.long])
        short[free] = cho_solve(cho_factor(left[np.ix_(free, free)], lower=True), right[free])
    long = design.long_sums(design.values - short[design.short]) / design.long_counts
    residual = design.values - long[design.long] - short[design.short]
    return AdditiveFit(
        long=long,
        short=short,
        long_parts=parts[:p],
        short_parts=parts[p:],
        n_parts=int(n_parts),
        residual_sum_squares=design.within + float(design.counts @ residual**2),
        df=design.n - p - q + int(n_parts),
    )
