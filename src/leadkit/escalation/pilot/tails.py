"""How likely so few successes are in somebody like the team: exact sums of hypergeometric laws."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

import numpy as np

from leadkit.typing import FloatArray

__all__ = ["Draw", "binomial_tail", "clopper_pearson", "hypergeometric", "lower_tail"]

Draw: TypeAlias = tuple[int, int, int]
"""Cases drawn, cases of the stratum, successes of the stratum: n, N and K."""

NEGLIGIBLE = 1e-60


def hypergeometric(draw: Draw) -> tuple[int, FloatArray]:
    """Probabilities of the successes among `n` cases drawn from `N`, of which `K` succeeded.

    The ratios of neighbours are multiplied outwards from the most likely value and the whole is scaled to 1: no
    factorial, so nothing overflows and no digits are lost. Ends whose terms are below 1e-60 of the largest are left out.

    Returns
    -------
    int
        The least number of successes told of.
    numpy.ndarray
        (m,) probability of this number, and of each that follows.

    Examples
    --------
    >>> hypergeometric((2, 4, 2))
    (0, array([0.16666667, 0.66666667, 0.16666667]))
    """
    n, total, successes = draw
    low, high = max(0, n + successes - total), min(n, successes)
    if low == high:
        return low, np.ones(1)
    mode = min(max((n + 1) * (successes + 1) // (total + 2), low), high)
    up = np.arange(mode, high, dtype=np.float64)
    rising = (successes - up) * (n - up) / ((up + 1) * (total - successes - n + up + 1))
    down = np.arange(mode, low, -1, dtype=np.float64)
    falling = down * (total - successes - n + down) / ((successes - down + 1) * (n - down + 1))
    weights = np.concatenate([np.cumprod(falling)[::-1], [1.0], np.cumprod(rising)])
    return _trimmed(low, weights / weights.sum())


def lower_tail(observed: int, draws: Iterable[Draw]) -> float:
    """Probability of at most `observed` successes in all the draws together.

    Parameters
    ----------
    observed : int
        Successes in all strata together.
    draws : iterable of (n, N, K)
        One a stratum: cases of the person, cases and successes of all.

    Returns
    -------
    float
        P(X <= observed), X the sum of independent hypergeometric numbers; 1 without any draw. Right to some 1e-12 of its
        size, below 1e-50 only to its order.

    References
    ----------
    .. [1] N. Mantel, W. Haenszel, "Statistical aspects of the analysis of data from retrospective studies of disease",
       Journal of the National Cancer Institute 22, 1959: the strata; the law of their sum is convolved, not approximated.

    Examples
    --------
    >>> round(lower_tail(0, [(2, 4, 2), (1, 2, 1)]), 12)
    0.083333333333
    """
    start, law = 0, np.ones(1)
    # from the narrowest to the widest, so that the order of strata changes no digit
    for first, terms in sorted((hypergeometric(draw) for draw in sorted(draws)), key=lambda found: len(found[1])):
        start, law = _trimmed(start + first, np.convolve(law, terms))
    at_most = observed - start + 1
    if at_most >= len(law):
        return 1.0
    return min(1.0, float(law[: max(at_most, 0)].sum()))


def binomial_tail(observed: int, n: int, p: float) -> float:
    """Probability of at most `observed` successes in `n` cases that each succeed with probability `p`.

    Examples
    --------
    >>> round(binomial_tail(1, 3, 0.5), 12)
    0.5
    """
    from scipy.special import betainc

    return 1.0 if observed >= n else float(betainc(n - observed, observed + 1, 1 - p))


def clopper_pearson(successes: int, n: int) -> tuple[float, float]:
    """Give the ends of the 95 % interval of a rate that go with the exact binomial test.

    References
    ----------
    .. [1] C. J. Clopper, E. S. Pearson, "The use of confidence or fiducial limits illustrated in the case of the binomial",
       Biometrika 26, 1934.

    Examples
    --------
    >>> [round(end, 4) for end in clopper_pearson(8, 10)]
    [0.4439, 0.9748]
    """
    from scipy.special import betaincinv

    low = float(betaincinv(successes, n - successes + 1, 0.025)) if successes else 0.0
    high = float(betaincinv(successes + 1, n - successes, 0.975)) if successes < n else 1.0
    return low, high


def _trimmed(start: int, law: FloatArray) -> tuple[int, FloatArray]:
    kept = np.flatnonzero(law > law.max() * NEGLIGIBLE)
    return start + int(kept[0]), law[kept[0] : kept[-1] + 1]
