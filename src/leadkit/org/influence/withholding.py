"""Whose numbers may be seen, and which numbers about many would give away those of a few."""

from __future__ import annotations

from leadkit.org.showing import shown_groups
from leadkit.typing import BoolArray, IntArray

__all__ = ["hides_enough", "shown_people", "shown_tiers"]


def hides_enough(n_hidden: int, min_n: int) -> bool:
    """Tell whether a number over some people, less what is shown of them, leaves nobody or a crowd.

    Examples
    --------
    >>> [hides_enough(n, 5) for n in (0, 1, 4, 5)]
    [True, False, False, True]
    """
    return n_hidden == 0 or n_hidden >= min_n


def shown_people(counted: BoolArray, shareable: BoolArray, by_id: IntArray, min_n: int) -> BoolArray:
    """Choose the people whose own numbers are shown.

    Percentiles have a mean of one half, whatever people answered. So where all but a few are shown, those few follow
    by subtraction, and some who agreed to be shown are hidden with them: the first by id, which has nothing to do with
    their numbers.

    Parameters
    ----------
    counted : (n,) bool array
        Who has a percentile.
    shareable : (n,) bool array
        Who agreed to be shown.
    by_id : (n,) int array
        Everybody's place in the order of their ids.
    min_n : int
        The hidden are nobody or at least so many, or everybody where there are fewer.

    Returns
    -------
    (n,) bool array
        Shareable people only.

    Examples
    --------
    >>> import numpy as np
    >>> agreed = np.array([True, True, False, True])
    >>> shown_people(np.ones(4, dtype=bool), agreed, np.arange(4), 3).tolist()
    [False, False, False, True]
    """
    shown: BoolArray = shareable.copy()
    n_hidden = int((counted & ~shown).sum())
    if not hides_enough(n_hidden, min_n):
        candidates = by_id[(counted & shown)[by_id]]
        shown[candidates[: min_n - n_hidden]] = False
    return shown


def shown_tiers(n: IntArray, n_hidden: IntArray, min_n: int) -> BoolArray:
    """Tell which tiers may have a mean.

    A tier needs at least `min_n` people, of whom nobody or at least `min_n` are hidden; and the hidden people of the
    tiers without a mean are nobody or at least `min_n` as well, because the mean over everybody is known.

    Parameters
    ----------
    n, n_hidden : (g,) int array
        People in each tier, and those of them whose own numbers are not shown.
    min_n : int
        Least number of people a shown number may rest on.

    Returns
    -------
    (g,) bool array
        Whether the tier's means may be shown.

    Examples
    --------
    >>> import numpy as np
    >>> shown_tiers(np.array([9, 7, 2]), np.array([8, 0, 2]), 5).tolist()
    [False, True, False]
    """
    shown: BoolArray = n >= min_n
    some = n_hidden > 0
    shown[some] &= shown_groups(n_hidden[some], min_n)
    return shown
