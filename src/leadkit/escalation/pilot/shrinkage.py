"""How far a cell of few cases is drawn towards what is expected of it."""

from __future__ import annotations

import math
from collections.abc import Sequence

from attrs import frozen

__all__ = ["CellCount", "Shrunken", "concentration", "shrink"]

LEAST, MOST = 1.0, 50.0


@frozen
class CellCount:
    """Cases, successes and the share expected in one cell of a domain."""

    domain: str
    n: int
    successes: int
    expected: float


@frozen
class Shrunken:
    """A rate drawn towards the expected one, with its central 95 % interval."""

    value: float
    low: float
    high: float


def concentration(cells: Sequence[CellCount]) -> float:
    """How many cases the expected rate weighs, by the method of moments.

    With X = sum (s - n e)^2 / (n e (1 - e)) over the cells with 0 < e < 1 and df those cells less their domains,
    rho = (X / df - 1) / (mean n - 1) is the share of the variance that lies between people, and kappa = 1 / rho - 1.

    Returns
    -------
    float
        Kappa in [1, 50]; 50 where people differ no more than chance does, or nothing can be said: the prior never weighs
        more than fifty cases, so one weak cell in an even team is not smoothed away.

    References
    ----------
    .. [1] J. C. Kleinman, "Proportions with extraneous variance: single and independent samples", Journal of the American
       Statistical Association 68, 1973.

    Examples
    --------
    >>> even = [CellCount("billing", 40, s, 0.75) for s in (30, 29, 31)]
    >>> uneven = [CellCount("billing", 40, s, 0.75) for s in (38, 20, 32)]
    >>> concentration(even), round(concentration(uneven), 3)
    (50.0, 2.824)
    """
    used = [cell for cell in cells if 0 < cell.expected < 1]
    df = len(used) - len({cell.domain for cell in used})
    if df <= 0:
        return MOST
    mean_n = sum(cell.n for cell in used) / len(used)
    # fsum, so that the order of people and domains changes no digit
    spread = math.fsum(
        (cell.successes - cell.n * cell.expected) ** 2 / (cell.n * cell.expected * (1 - cell.expected)) for cell in used
    )
    if mean_n <= 1 or spread <= df:
        return MOST
    rho = (spread / df - 1) / (mean_n - 1)
    return min(max(1 / rho - 1, LEAST), MOST)


def shrink(n: int, successes: int, expected: float, kappa: float) -> Shrunken:
    """Draw an observed rate towards the expected one, which weighs `kappa` cases.

    Examples
    --------
    >>> found = shrink(10, 4, 0.8, 50.0)
    >>> round(found.value, 4), round(found.low, 4), round(found.high, 4)
    (0.7333, 0.6156, 0.8364)
    """
    from scipy.special import betaincinv

    value = (successes + kappa * expected) / (n + kappa)
    hits, misses = successes + kappa * expected, n - successes + kappa * (1 - expected)
    if hits <= 0 or misses <= 0:
        return Shrunken(value, value, value)
    return Shrunken(value, float(betaincinv(hits, misses, 0.025)), float(betaincinv(hits, misses, 0.975)))
