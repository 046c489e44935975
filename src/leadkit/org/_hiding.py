"""Parts of one whole beside it: which may be shown, and whether a result has been through that already."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

from leadkit.errors import DisclosureError
from leadkit.org.showing import checked_minimum
from leadkit.typing import BoolArray

__all__ = ["checked_again", "shown_if", "shown_parts"]


def shown_parts(counts: ArrayLike, min_n: int) -> BoolArray:
    """Tell which parts of a whole may be shown, where a part may be known to be empty.

    `leadkit.org.showing.shown_groups` with several ways to count people at once: a part is hidden when one of its
    counts lies between 0 and `min_n`. What is hidden is the whole less what is shown, so all of that together has to
    pass the same test; otherwise the next smallest part is hidden too. An empty part is shown only beside parts that
    are all shown, since it would tell why another is not.

    Parameters
    ----------
    counts : (g, c) array_like of int
        People found in each part, counted in c ways; 0 may be shown.
    min_n : int
        Least number of people a shown number may rest on, at least 3.

    Returns
    -------
    (g,) bool array
        Whether the part may be shown.

    Examples
    --------
    >>> shown_parts([[0], [6], [20]], 5).tolist()
    [True, True, True]
    >>> shown_parts([[0], [3], [6], [20]], 5).tolist()
    [False, False, False, True]
    """
    minimum = checked_minimum(min_n)
    found = np.asarray(counts, dtype=np.int64)
    shown: BoolArray = ((found == 0) | (found >= minimum)).all(axis=1)
    while shown.any() and not shown.all():
        together = found[~shown].sum(axis=0)
        short = (together > 0) & (together < minimum)
        if not short.any():
            break
        size = found[:, int(np.argmax(short))]
        helping = np.flatnonzero(shown & (size > 0))
        if helping.size == 0:
            shown[:] = False
        else:
            shown[helping[np.argmin(size[helping])]] = False
    if not shown.all():
        shown &= found.any(axis=1)
    return shown


def checked_again(min_n: int, before: int | None) -> int:
    """Return the minimum of a result that may have been disclosed `before`, then with no smaller one.

    Raises
    ------
    DisclosureError
        `min_n` is no whole number of at least 3, or above the one with which the result was disclosed.

    Examples
    --------
    >>> checked_again(5, None)
    5
    """
    minimum = checked_minimum(min_n)
    if before is not None and minimum > before:
        msg = f"min_n: this is disclosed with {before} already; for {minimum} start from what was measured"
        raise DisclosureError(msg)
    return minimum


def shown_if(value: float, shown: object) -> float:
    """Return the number, or NaN where it is not to be shown."""
    return value if shown else math.nan
