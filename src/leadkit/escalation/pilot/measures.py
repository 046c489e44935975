"""Working times and ratings of a group of cases: medians and means with their intervals."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from attrs import frozen
from numpy.typing import ArrayLike

from leadkit._results import Result
from leadkit.typing import FloatArray

if TYPE_CHECKING:
    from leadkit.escalation.pilot.outcomes import PilotOutcomes

__all__ = ["Measured", "Measurements", "measured", "measurements_of"]

Measurements: TypeAlias = "dict[tuple[str | None, str | None], dict[str, Measured | None]]"
"""Working times and ratings by person and domain, None for all of them."""


@frozen(kw_only=True, eq=False)
class Measured(Result):
    """The middle of some numbers, told in two ways.

    Parameters
    ----------
    n : int
        How many there are.
    median, mean : float
        The middle; NaN where there are none.
    median_low, median_high : float
        Ends of the 95 % interval of the median by order statistics, whatever the law; NaN below 6 numbers.
    mean_low, mean_high : float
        Ends of the 95 % t interval of the mean; NaN below 2 numbers.

    Examples
    --------
    >>> found = measured([3, 1, 4, 1, 5, 9, 2, 6])
    >>> found.median, (found.median_low, found.median_high)
    (3.5, (1.0, 9.0))
    >>> found.mean, (round(found.mean_low, 2), round(found.mean_high, 2))
    (3.875, (1.58, 6.17))
    """

    n: int
    median: float
    median_low: float
    median_high: float
    mean: float
    mean_low: float
    mean_high: float


def measured(values: ArrayLike) -> Measured:
    """Tell the median and the mean of some numbers, NaN left out.

    References
    ----------
    .. [1] H. A. David, H. N. Nagaraja, "Order statistics", 3rd edition, Wiley, 2003, section 7.1.

    Examples
    --------
    >>> found = measured([3, 1, 4, 1, 5, 9, float("nan"), 2, 6])
    >>> found.n, found.median, found.median_low, found.median_high, found.mean, round(found.mean_low, 3)
    (8, 3.5, 1.0, 9.0, 3.875, 1.577)
    """
    numbers = np.asarray(values, dtype=np.float64)
    known = np.sort(numbers[~np.isnan(numbers)])
    n = len(known)
    if n == 0:
        return Measured(n=0, **dict.fromkeys(("median", "mean"), math.nan), **_no_ends())
    mean = float(known.mean())
    middle = {"median": float(np.median(known)), "mean": mean}
    return Measured(n=n, **middle, **_no_ends() | _median_ends(known) | _mean_ends(known, mean))


def measurements_of(outcomes: PilotOutcomes) -> Measurements:
    """Measure the cases of every cell, person and domain; nothing where the outcomes have no times and no ratings."""
    columns = {"seconds": outcomes.seconds, "csat": outcomes.csat}
    if all(values is None for values in columns.values()):
        return {}
    rows: dict[tuple[str | None, str | None], list[int]] = {}
    for row, (person, domain) in enumerate(zip(outcomes.person, outcomes.domain, strict=True)):
        for key in ((person, domain), (person, None), (None, domain)):
            rows.setdefault(key, []).append(row)
    return {
        key: {name: None if values is None else measured(values[own]) for name, values in columns.items()}
        for key, own in rows.items()
    }


def _no_ends() -> dict[str, float]:
    return dict.fromkeys(("median_low", "median_high", "mean_low", "mean_high"), math.nan)


def _median_ends(known: FloatArray) -> dict[str, float]:
    from scipy.special import bdtr

    n = len(known)
    # as many values at either end as are further out than the median with a probability of at most 2.5 %
    outside = int(np.searchsorted(bdtr(np.arange(n // 2, dtype=np.float64), n, 0.5), 0.025, side="right"))
    if outside == 0:
        return {}
    return {"median_low": float(known[outside - 1]), "median_high": float(known[n - outside])}


def _mean_ends(known: FloatArray, mean: float) -> dict[str, float]:
    from scipy.special import stdtrit

    n = len(known)
    if n < 2:
        return {}
    half = float(stdtrit(n - 1, 0.975)) * float(known.std(ddof=1)) / math.sqrt(n)
    return {"mean_low": mean - half, "mean_high": mean + half}
