"""Whether somebody's part in a total is given away: not if others could have made it up in exchange."""

from __future__ import annotations

import numpy as np

from leadkit.typing import IntArray

__all__ = ["is_exchangeable"]

MOST_TRIED = 24


def is_exchangeable(value: int, same: IntArray, opposite: IntArray) -> bool:
    """Tell whether one person could change sides while both totals and the numbers of people on them stay.

    Parameters
    ----------
    value : int
        What the person adds to the total of their side, at least 0.
    same, opposite : (a,), (b,) int array
        What others add who are on the same side, and on the opposite one.

    Returns
    -------
    bool
        Whether so many of the opposite side add together as much as the person and all but one so many of the same
        side. Of more than 24 on a side only 24, spread over all sizes, are tried, so then False is not certain.

    Examples
    --------
    >>> is_exchangeable(4, np.array([9]), np.array([4, 1]))
    True
    >>> is_exchangeable(4, np.array([9]), np.array([6, 7]))
    True
    >>> is_exchangeable(4, np.array([9]), np.array([6, 8]))
    False
    """
    if (opposite == value).any():
        return True
    if value > opposite.sum():
        return False
    with_person = [sums << value for sums in _sums_by_number(same)]
    return any(one & other for one, other in zip(with_person, _sums_by_number(opposite)[1:], strict=False))


def _sums_by_number(values: IntArray) -> list[int]:
    """Give for 0, 1, 2, ... of the values all sums that so many of them have; bit s stands for the sum s."""
    sums = [1] + [0] * min(values.size, MOST_TRIED)
    for number, value in enumerate(_spread(values)):
        for taken in range(number, -1, -1):
            sums[taken + 1] |= sums[taken] << value
    return sums


def _spread(values: IntArray) -> list[int]:
    ordered = np.sort(values)
    if ordered.size > MOST_TRIED:
        ordered = ordered[np.linspace(0, ordered.size - 1, MOST_TRIED).astype(np.int64)]
    return [int(value) for value in ordered]
