"""Places on a line that keep a distance from each other and stay as near as they can to where they want to be."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from leadkit.typing import FloatArray

__all__ = ["spread"]


def spread(wanted: ArrayLike, gap: float, *, within: tuple[float, float] | None = None) -> FloatArray:
    """Move places apart, with the least sum of squared moves, and keep their order.

    Parameters
    ----------
    wanted : (n,) array_like
        Where each would be, in the order they are to keep.
    gap : float
        Least distance between neighbours, at least 0.
    within : (float, float), optional
        Ends that no place may lie beyond, far enough apart for all.

    Returns
    -------
    (n,) array
        Ascending, neighbours at least `gap` apart.

    References
    ----------
    .. [1] R. E. Barlow et al., "Statistical Inference under Order Restrictions", Wiley, 1972: isotonic regression by
       pooling adjacent violators.

    Examples
    --------
    >>> spread([0.0, 0.0, 5.0], 1.0).tolist()
    [-0.5, 0.5, 5.0]
    >>> spread([0.0, 0.0, 5.0], 1.0, within=(0.0, 4.0)).tolist()
    [0.0, 1.0, 4.0]
    """
    from scipy.optimize import isotonic_regression

    places = np.asarray(wanted, dtype=np.float64)
    if places.size == 0:
        return places
    steps = gap * np.arange(places.size)
    fitted = isotonic_regression(places - steps).x
    if within is not None:
        fitted = np.clip(fitted, within[0], within[1] - steps[-1])
    spaced: FloatArray = fitted + steps
    return spaced
