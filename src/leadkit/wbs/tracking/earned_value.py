"""Earned value: what was planned, what is done and what it has cost, and what that says about the end."""

from __future__ import annotations

from typing import Any, Generic, Literal, TypeAlias, TypeVar, get_args, overload

import numpy as np
from attrs import frozen
from numpy.typing import ArrayLike

from leadkit._results import Result
from leadkit.typing import FloatArray
from leadkit.wbs.tracking._ratios import amounts, as_given, finite, is_scalar, over, refuse

__all__ = ["Evm", "EvmMethod", "evm"]

Amount = TypeVar("Amount", float, FloatArray)

EvmMethod: TypeAlias = Literal["cpi", "remaining", "cpi_spi", "bottom_up"]
"""How the estimate at completion sees the rest of the work: at the cost so far, as budgeted, at cost and pace so far, or anew."""


@frozen(kw_only=True, eq=False)
class Evm(Result, Generic[Amount]):
    """The figures of earned value analysis; floats, or read-only arrays of one shape.

    Every figure is NaN where what it needs is not known or has a denominator of 0; `flags` say which.

    Parameters
    ----------
    bac : float or array
        Budget at completion, BAC [money].
    pv, ev, ac : float or array
        Planned value, earned value and actual cost so far [money].
    sv, cv : float or array
        Schedule variance EV - PV and cost variance EV - AC [money]; negative is late or dear.
    spi, cpi : float or array
        Schedule performance index EV / PV and cost performance index EV / AC; below 1 is late or dear.
    percent_complete : float or array
        100 EV / BAC [%], 0..100.
    eac_cpi, eac_remaining, eac_cpi_spi, eac_bottom_up : float or array
        Estimates at completion [money]: BAC / CPI; AC + BAC - EV; AC + (BAC - EV) / (CPI SPI); AC + a new estimate of
        what is left, NaN where none was given.
    eac : float or array
        The one of these that was asked for [money].
    etc : float or array
        Estimate to complete, EAC - AC [money].
    vac : float or array
        Variance at completion, BAC - EAC [money].
    tcpi_bac, tcpi_eac : float or array
        Cost index that the rest of the work needs to end on budget, (BAC - EV) / (BAC - AC), negative where the budget is
        overspent, and to end on the estimate, (BAC - EV) / (EAC - AC).
    method : {"cpi", "remaining", "cpi_spi", "bottom_up"}
        Which estimate at completion `eac` is.
    flags : tuple of str
        What is doubtful, words of `leadkit.wbs.WBS_FLAGS` with the reason after a colon, such as
        "tcpi_bac: budget spent".
    """

    bac: Amount
    pv: Amount
    ev: Amount
    ac: Amount
    sv: Amount
    cv: Amount
    spi: Amount
    cpi: Amount
    percent_complete: Amount
    eac_cpi: Amount
    eac_remaining: Amount
    eac_cpi_spi: Amount
    eac_bottom_up: Amount
    eac: Amount
    etc: Amount
    vac: Amount
    tcpi_bac: Amount
    tcpi_eac: Amount
    method: EvmMethod = "cpi"
    flags: tuple[str, ...] = ()


@overload
def evm(
    bac: float,
    pv: float,
    ev: float,
    ac: float,
    *,
    bottom_up_etc: float | None = None,
    method: EvmMethod = "cpi",
) -> Evm[float]: ...
@overload
def evm(
    bac: ArrayLike,
    pv: ArrayLike,
    ev: ArrayLike,
    ac: ArrayLike,
    *,
    bottom_up_etc: ArrayLike | None = None,
    method: EvmMethod = "cpi",
) -> Evm[Any]: ...
def evm(
    bac: ArrayLike,
    pv: ArrayLike,
    ev: ArrayLike,
    ac: ArrayLike,
    *,
    bottom_up_etc: ArrayLike | None = None,
    method: EvmMethod = "cpi",
) -> Evm[Any]:
    """Work out the figures of earned value analysis.

    Parameters
    ----------
    bac, pv, ev, ac : float or array_like
        Budget at completion, planned value, earned value and actual cost so far [money], of shapes that broadcast. None
        is negative and EV is at most BAC; NaN is one that is not known.
    bottom_up_etc : float or array_like, optional
        A new estimate of what the rest of the work costs [money], not negative.
    method : {"cpi", "remaining", "cpi_spi", "bottom_up"}
        Which estimate at completion `eac`, `etc`, `vac` and `tcpi_eac` are about.

    Returns
    -------
    Evm
        Floats where all inputs are numbers, else arrays of the common shape.

    Raises
    ------
    ValueError
        An input is negative, infinite or no number, EV is above BAC, the method is unknown or is "bottom_up" without
        `bottom_up_etc`.

    References
    ----------
    .. [1] Project Management Institute, The Standard for Earned Value Management, 2019.

    Examples
    --------
    >>> project = evm(100_000, 55_000, 50_000, 45_000)
    >>> project.sv, project.cv, round(project.spi, 4), round(project.cpi, 4)
    (-5000.0, 5000.0, 0.9091, 1.1111)
    >>> round(project.eac), round(project.vac)
    (90000, 10000)
    >>> evm(10, 5, 5, 10).flags
    ('tcpi_bac: budget spent',)
    """
    if method not in get_args(EvmMethod):
        msg = f"method: expected one of {', '.join(map(repr, get_args(EvmMethod)))}, got {method!r}"
        raise ValueError(msg)
    if method == "bottom_up" and bottom_up_etc is None:
        msg = "method: 'bottom_up' needs bottom_up_etc, an estimate of what the rest costs"
        raise ValueError(msg)
    given = {"bac": bac, "pv": pv, "ev": ev, "ac": ac}
    if bottom_up_etc is not None:
        given["bottom_up_etc"] = bottom_up_etc
    named = _broadcast({name: amounts(values, name) for name, values in given.items()})
    refuse(named["ev"] > named["bac"], named["ev"], "ev: expected at most bac")
    with np.errstate(over="ignore"):
        figures, flags = _figures(named, method)
    scalar, shape = is_scalar(*given.values()), named["bac"].shape
    fields = {name: as_given(finite(values), shape, scalar=scalar) for name, values in figures.items()}
    return Evm(**fields, method=method, flags=flags)


def _broadcast(named: dict[str, FloatArray]) -> dict[str, FloatArray]:
    try:
        arrays = np.broadcast_arrays(*named.values())
    except ValueError as error:
        shapes = ", ".join(f"{name} {values.shape}" for name, values in named.items())
        msg = f"shapes that do not broadcast: {shapes}"
        raise ValueError(msg) from error
    return dict(zip(named, arrays, strict=True))


def _figures(named: dict[str, FloatArray], method: EvmMethod) -> tuple[dict[str, FloatArray], tuple[str, ...]]:
    """Work out every field; an estimate at completion is the cost so far and what its view makes of the rest."""
    flags = [f"not_known:{name}" for name, values in named.items() if np.isnan(values).any()]
    known = ~np.isnan(sum(named[name] for name in ("bac", "pv", "ev", "ac")))

    def ratio(name: str, top: FloatArray, bottom: FloatArray, why: str) -> FloatArray:
        quotient = over(top, bottom)
        if np.any(known & np.isnan(quotient)):
            flags.append(f"{name}: {why}")
        return quotient

    bac, pv, ev, ac = (named[name] for name in ("bac", "pv", "ev", "ac"))
    rest = bac - ev
    spi = ratio("spi", ev, pv, "nothing planned")
    cpi = ratio("cpi", ev, ac, "no actual cost")
    percent = ratio("percent_complete", 100 * ev, bac, "no budget")
    to_go = {
        "cpi": ratio("eac_cpi", rest, cpi, "no cost index"),
        "remaining": rest,
        "cpi_spi": ratio("eac_cpi_spi", over(rest, cpi), spi, "no cost and schedule index"),
        "bottom_up": named.get("bottom_up_etc", np.full_like(bac, np.nan)),
    }
    etc = to_go[method]
    why = "nothing left to spend" if np.any(etc == 0) else "no estimate at completion"
    figures = {
        **{name: named[name] for name in ("bac", "pv", "ev", "ac")},
        "sv": ev - pv,
        "cv": ev - ac,
        "spi": spi,
        "cpi": cpi,
        "percent_complete": percent,
        **{f"eac_{view}": ac + left for view, left in to_go.items()},
        "eac": ac + etc,
        "etc": etc,
        "vac": bac - (ac + etc),
        "tcpi_bac": ratio("tcpi_bac", rest, bac - ac, "budget spent"),
        "tcpi_eac": ratio("tcpi_eac", rest, etc, why),
    }
    return figures, tuple(flags)
