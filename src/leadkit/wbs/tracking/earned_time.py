"""Earned schedule: by when the value that is earned should have been, and what that says about the end."""

from __future__ import annotations

from typing import Any, Generic, TypeVar, overload

import numpy as np
from attrs import frozen
from numpy.typing import ArrayLike

from leadkit._results import Result
from leadkit.typing import FloatArray
from leadkit.wbs.tracking._ratios import amounts, as_given, is_scalar, over, refuse

__all__ = ["EarnedSchedule", "earned_schedule"]

Amount = TypeVar("Amount", float, FloatArray)


@frozen(kw_only=True, eq=False)
class EarnedSchedule(Result, Generic[Amount]):
    """The figures of earned schedule, in periods; floats, or read-only arrays of one shape.

    Parameters
    ----------
    es : float or array
        Earned schedule: the time by which the value earned so far was planned to be earned [periods].
    sv : float or array
        Schedule variance in time, ES - AT [periods]; negative is late.
    spi : float or array
        Schedule performance index in time, ES / AT; NaN where no time has passed.
    ieac : float or array
        Independent estimate of the duration at completion, PD / SPI(t) [periods]; NaN where nothing is earned or no time
        has passed.
    planned_duration : int
        Planned duration PD [periods].
    flags : tuple of str
        What is doubtful, words of `leadkit.wbs.WBS_FLAGS` with the reason after a colon.
    """

    es: Amount
    sv: Amount
    spi: Amount
    ieac: Amount
    planned_duration: int
    flags: tuple[str, ...] = ()


@overload
def earned_schedule(pv: ArrayLike, ev: float, at: float) -> EarnedSchedule[float]: ...
@overload
def earned_schedule(pv: ArrayLike, ev: ArrayLike, at: ArrayLike) -> EarnedSchedule[Any]: ...
def earned_schedule(pv: ArrayLike, ev: ArrayLike, at: ArrayLike) -> EarnedSchedule[Any]:
    """Find the time by which the value earned so far was planned to be earned.

    Parameters
    ----------
    pv : array_like, shape (N,)
        Planned value in total at the end of period 1 to N [money]; it never falls. Before period 1 it is 0.
    ev : float or array_like
        Value earned so far [money], of at least 0; NaN is one that is not known.
    at : float or array_like
        Time that has passed [periods], of at least 0, of a shape that broadcasts with `ev`.

    Returns
    -------
    EarnedSchedule
        Floats where `ev` and `at` are numbers, else arrays of their common shape.

    Raises
    ------
    ValueError
        There is no period, the planned value falls or is not known, or an input is negative, infinite or no number.

    References
    ----------
    .. [1] W. Lipke, "Schedule is different", The Measurable News, summer 2003, 31-34.

    Examples
    --------
    >>> found = earned_schedule([10, 20, 30, 40, 50], 25, 3)
    >>> found.es, found.sv, round(found.spi, 4), found.ieac
    (2.5, -0.5, 0.8333, 6.0)
    """
    planned = _planned(pv)
    earned, passed = amounts(ev, "ev"), amounts(at, "at")
    try:
        earned, passed = np.broadcast_arrays(earned, passed)
    except ValueError as error:
        msg = f"shapes that do not broadcast: ev {earned.shape}, at {passed.shape}"
        raise ValueError(msg) from error
    n_periods = planned.size - 1
    es = _periods_earned(planned, earned)
    spi = over(es, passed)
    ieac = over(np.asarray(n_periods), spi)
    flags = [f"not_known:{name}" for name, values in {"ev": earned, "at": passed}.items() if np.isnan(values).any()]
    known = ~np.isnan(es) & ~np.isnan(passed)
    for name, values, why in (
        ("spi", np.isnan(spi), "no time has passed"),
        ("ieac", np.isnan(spi), "no time has passed"),
        ("ieac", np.isnan(ieac) & ~np.isnan(spi), "nothing earned"),
    ):
        if np.any(known & values):
            flags.append(f"{name}: {why}")
    figures = {"es": es, "sv": es - passed, "spi": spi, "ieac": ieac}
    scalar = is_scalar(ev, at)
    fields = {name: as_given(values, earned.shape, scalar=scalar) for name, values in figures.items()}
    return EarnedSchedule(**fields, planned_duration=n_periods, flags=tuple(flags))


def _planned(pv: ArrayLike) -> FloatArray:
    """Read the planned value and put the 0 of the start before it."""
    planned = amounts(pv, "pv")
    if planned.ndim != 1 or not planned.size:
        msg = f"pv: expected one number a period, at least one, got shape {planned.shape}"
        raise ValueError(msg)
    refuse(np.isnan(planned), planned, "pv: expected a planned value for every period")
    refuse(np.diff(planned, prepend=0.0) < 0, planned, "pv: must not fall")
    return np.append(0.0, planned)


def _periods_earned(planned: FloatArray, earned: FloatArray) -> FloatArray:
    """Count whole periods whose planned value is earned, and the share of the next one in a straight line."""
    last = planned.size - 1
    whole = np.minimum(planned.searchsorted(earned, "right") - 1, last)
    following = np.minimum(whole + 1, last)
    share = over(earned - planned[whole], planned[following] - planned[whole])
    es = np.where(whole == last, float(last), whole + share)
    return np.where(np.isnan(earned), np.nan, es)
