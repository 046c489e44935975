"""Error control over a family of tests."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from leadkit.typing import FloatArray

__all__ = ["benjamini_hochberg"]


def benjamini_hochberg(p_values: ArrayLike) -> FloatArray:
    """Adjust p-values: each becomes the least share of false findings at which each test would be one.

    Parameters
    ----------
    p_values : (n,) array_like
        Probabilities; NaN for what is not tested, which is no part of the family.

    Returns
    -------
    numpy.ndarray
        (n,) in the order given, never decreasing in p; NaN stays NaN.

    References
    ----------
    .. [1] Y. Benjamini, Y. Hochberg, "Controlling the false discovery rate: a practical and powerful approach to multiple
       testing", Journal of the Royal Statistical Society B 57, 1995.

    Examples
    --------
    >>> benjamini_hochberg([0.03, 0.01, float("nan"), 0.5])
    array([0.045, 0.03 ,   nan, 0.5  ])
    """
    p = np.array(p_values, dtype=np.float64)
    tested = np.flatnonzero(~np.isnan(p))
    order = tested[np.argsort(p[tested], kind="stable")]
    m = len(order)
    # the factor first: it is at least 1, so that rounding brings no value below its p
    steps = np.minimum(p[order] * (m / np.arange(1, m + 1)), 1.0)
    p[order] = np.minimum.accumulate(steps[::-1])[::-1]
    return p
