"""The Kaplan-Meier curve: how long things last when some have not ended yet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np
from attrs import field, frozen
from numpy.typing import ArrayLike

from leadkit._fields import FrozenMapping, float_array, int_array, number_faults
from leadkit._results import TableResult
from leadkit.errors import EscalationError, Fault
from leadkit.escalation._checking import expect_kind, raise_faults
from leadkit.typing import BoolArray, FloatArray, IntArray

__all__ = ["Survival", "kaplan_meier", "survival_quantile"]

LEVEL = 0.95
GUARD = 1e-12


@frozen(kw_only=True, eq=False)
class Survival(TableResult):
    """A Kaplan-Meier curve: one row an event time.

    Parameters
    ----------
    time : array of float, shape (n_times,)
        Times at which something ended, rising.
    survival : array of float, shape (n_times,)
        Estimated share that lasts longer than `time`.
    at_risk : array of int, shape (n_times,)
        How many had neither ended nor been censored just before `time`; one censored at `time` counts.
    events : array of int, shape (n_times,)
        How many ended at `time`.
    low, high : array of float, shape (n_times,)
        Pointwise 95 % interval of `survival`: Greenwood's variance on the log-log scale; NaN where survival is 0.
    n : int
        How many times were given.
    censored : int
        How many of them did not end.

    Examples
    --------
    >>> kaplan_meier([1, 2, 3], [True, False, True]).survival.round(4).tolist()
    [0.6667, 0.0]
    """

    time: FloatArray = field(converter=float_array)
    survival: FloatArray = field(converter=float_array)
    at_risk: IntArray = field(converter=int_array)
    events: IntArray = field(converter=int_array)
    low: FloatArray = field(converter=float_array)
    high: FloatArray = field(converter=float_array)
    n: int = 0
    censored: int = 0
    flags: tuple[str, ...] = ()

    _columns: ClassVar[Mapping[str, str]] = FrozenMapping(
        {name: name for name in ("time", "survival", "at_risk", "events", "low", "high")}
    )

    def at(self, time: ArrayLike) -> FloatArray:
        """Give the survival at times of any shape: the share that lasts longer; NaN at NaN.

        Parameters
        ----------
        time : float or array of float
            In the unit of the curve.

        Returns
        -------
        array of float
            Of the shape of `time`; 1 before the first event. Beyond the last event the curve stays where it is.

        Raises
        ------
        EscalationError
            `time` holds something else than numbers.

        Examples
        --------
        >>> kaplan_meier([1, 2, 3], [True, False, True]).at([0.5, 1, 4]).round(4).tolist()
        [1.0, 0.6667, 0.0]
        """
        asked = _as_floats(time, "iuf")
        if asked is None:
            raise EscalationError.from_faults([Fault("time", f"expected numbers, got {time!r:.80}")])
        steps = np.concatenate(([1.0], self.survival))
        found = steps[np.searchsorted(self.time, asked, side="right")]
        return np.where(np.isnan(asked), np.nan, found)


def kaplan_meier(time: ArrayLike, event: ArrayLike) -> Survival:
    """Estimate how long things last when some have not ended yet.

    Parameters
    ----------
    time : array of float, shape (n,)
        How long each lasted or has lasted so far, finite and at least 0.
    event : array of bool, shape (n,)
        True where it ended, False where it is censored: had not ended by then.

    Returns
    -------
    Survival
        One row a time at which something ended; those censored at that very time are still at risk. The interval is
        Greenwood's on the log-log scale.

    Raises
    ------
    EscalationError
        The arrays differ in length, or hold something else.

    References
    ----------
    .. [1] E. L. Kaplan and P. Meier, "Nonparametric estimation from incomplete observations", Journal of the American
       Statistical Association 53, 1958.
    .. [2] M. Greenwood, "The natural duration of cancer", Reports on Public Health and Medical Subjects 33, 1926.
    .. [3] J. D. Kalbfleisch and R. L. Prentice, "The Statistical Analysis of Failure Time Data", 1980.

    Examples
    --------
    >>> curve = kaplan_meier([6, 6, 6, 6, 7, 9, 10, 10], [1, 1, 1, 0, 1, 0, 1, 0])
    >>> curve.survival.round(4).tolist()
    [0.625, 0.4688, 0.2344]
    """
    times, ended = _checked(time, event)
    values, place = np.unique(times, return_inverse=True)
    n_ended = np.bincount(place, weights=ended, minlength=len(values)).astype(np.int64)
    left = np.bincount(place, minlength=len(values))
    at_risk = len(times) - (np.cumsum(left) - left)
    steps = n_ended > 0
    d, n = n_ended[steps], at_risk[steps]
    survival = _product(n - d, n)
    low, high = _greenwood(survival, d, n)
    return Survival(
        time=values[steps],
        survival=survival,
        at_risk=n,
        events=d,
        low=low,
        high=high,
        n=len(times),
        censored=len(times) - int(ended.sum()),
        flags=() if len(times) else ("empty",),
    )


def survival_quantile(curve: Survival, p: float) -> float:
    """Give the least event time by which at least the share `p` has ended.

    Parameters
    ----------
    curve : Survival
        From `kaplan_meier`.
    p : float
        Share, inside (0, 1).

    Returns
    -------
    float
        The least event time t with S(t) <= 1 - p; NaN where the curve never falls so low.

    Raises
    ------
    EscalationError
        `p` is no share.

    Examples
    --------
    >>> curve = kaplan_meier([1, 2, 3, 4], [True, True, True, False])
    >>> survival_quantile(curve, 0.5), survival_quantile(curve, 0.9)
    (2.0, nan)
    """
    expect_kind(curve, Survival, "curve")
    faults = number_faults(p, "p")
    if not faults and not 0 < p < 1:
        faults = [Fault("p", f"expected a share above 0 and below 1, got {p!r}")]
    raise_faults(faults, "", EscalationError)
    # a product of fractions that should be 1 - p may end a few units in the last place above it
    reached = np.flatnonzero(curve.survival <= 1 - p + GUARD)
    return float(curve.time[reached[0]]) if len(reached) else float("nan")


def _product(left: IntArray, at_risk: IntArray) -> FloatArray:
    """Multiply left / at_risk up to each row, in an order in which a row without censoring after it rounds nothing."""
    kept = np.ones(len(left))
    kept[1:] = np.cumprod(left[:-1] / at_risk[1:])
    survival: FloatArray = left / at_risk[:1] * kept
    return survival


def _greenwood(survival: FloatArray, d: IntArray, n: IntArray) -> tuple[FloatArray, FloatArray]:
    """Interval of each point: S to the power exp(-+z se), se that of log(-log S)."""
    from scipy.special import ndtri

    z = float(ndtri(0.5 + LEVEL / 2))
    with np.errstate(divide="ignore", invalid="ignore"):
        variance = np.cumsum(d / (n * (n - d)))
        spread = z * np.sqrt(variance) / np.abs(np.log(survival))
        low, high = survival ** np.exp(spread), survival ** np.exp(-spread)
    unknown = survival <= 0
    low[unknown] = high[unknown] = np.nan
    return low, high


def _checked(time: ArrayLike, event: ArrayLike) -> tuple[FloatArray, BoolArray]:
    faults: list[Fault] = []
    times, ended = _numbers(time, "time", faults, "iuf"), _numbers(event, "event", faults, "biuf")
    if not faults:
        if times.shape != ended.shape:
            faults.append(Fault("event", f"expected {len(times)} values, one a time, got {len(ended)}"))
        wrong = np.flatnonzero(~(np.isfinite(times) & (times >= 0))).tolist()
        faults += [
            Fault(f"time[{place}]", f"expected a finite number of at least 0, got {times[place]:g}") for place in wrong
        ]
        wrong = np.flatnonzero((ended != 0) & (ended != 1)).tolist()
        faults += [Fault(f"event[{place}]", f"expected True or False, got {ended[place]:g}") for place in wrong]
    raise_faults(faults, "Kaplan-Meier", EscalationError)
    return times, ended.astype(bool)


def _numbers(values: Any, name: str, faults: list[Fault], kinds: str) -> FloatArray:
    numbers = _as_floats(values, kinds)
    if numbers is None:
        faults.append(Fault(name, f"expected a column of numbers, got {values!r:.80}"))
    elif numbers.ndim != 1:
        faults.append(Fault(name, f"expected a column of numbers, got {numbers.ndim} dimensions"))
    return np.zeros(0) if numbers is None else numbers


def _as_floats(values: Any, kinds: str) -> FloatArray | None:
    """Give numbers of some kinds as floats; None where they are none, for texts would be turned into numbers."""
    try:
        given = np.asarray(values)
    except (TypeError, ValueError):
        return None
    return given.astype(float) if given.dtype.kind in kinds or not given.size else None
