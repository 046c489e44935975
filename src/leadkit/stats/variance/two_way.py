"""Mean squares of targets by raters with gaps, from components of variance by restricted maximum likelihood."""

from __future__ import annotations

import numpy as np

from leadkit.stats.variance.crossed import crossed_components
from leadkit.stats.variance.mean_squares import MeanSquares
from leadkit.stats.variance.rounding import excess
from leadkit.typing import FloatArray

TOLD = frozenset({"disconnected_design", "not_converged", "underidentified"})


def mean_squares_with_gaps(table: FloatArray) -> tuple[MeanSquares, set[str]]:
    """Return the mean squares full rows would have, and flags; targets and raters without a rating are left out."""
    known = ~np.isnan(table)
    rated, rating = known.any(axis=1), known.any(axis=0)
    part, cells = table[rated][:, rating], known[rated][:, rating]
    flags = {"approximate_interval"} if rating.all() else {"all_missing", "approximate_interval"}
    n, k = part.shape
    if n < 2 or k < 2:
        return MeanSquares.of(part), flags
    targets, raters = np.nonzero(cells)
    found = crossed_components(part[cells], targets, raters, n_targets=n, n_raters=k)
    squares = MeanSquares.from_components(
        target=found.target_variance,
        rater=found.rater_variance,
        residual=found.residual_variance,
        n=n,
        k=k,
        n_cells=targets.size,
    )
    if squares.error > 0 and excess(squares.targets, squares.error) == 0:
        flags.add("zero_between_variance")
    if squares.df_error == 0:
        # no rating is left to tell error by, so the components rest on the model alone
        flags.add("underidentified")
    return squares, flags | (TOLD & set(found.flags))
