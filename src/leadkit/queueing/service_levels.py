"""The share of people served in time, by each of the ways in which those who give up can be counted."""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from leadkit._fields import FrozenMapping
from leadkit.errors import did_you_mean
from leadkit.queueing._numbers import Number, amounts, broadcast, given_back, positive
from leadkit.queueing.erlang.abandonment import checked_rates, outcome_shares
from leadkit.queueing.erlang.blocking import delayed_share
from leadkit.queueing.erlang.measures import is_saturated, load_of
from leadkit.typing import FloatArray

__all__ = [
    "SERVICE_LEVEL_VARIANTS",
    "ServiceLevelVariant",
    "service_level",
    "service_level_counts",
]

ServiceLevelVariant: TypeAlias = Literal[
    "offered",
    "answered",
    "offered_good_abandons",
    "excluding_early_abandons",
    "offered_short_as_met",
    "excluding_short_abandons",
]
"""What is divided by what."""

SERVICE_LEVEL_VARIANTS: Final[FrozenMapping[str, str]] = FrozenMapping(
    {
        "offered": "answered in time, of all who arrived",
        "answered": "answered in time, of all who were answered",
        "offered_good_abandons": "answered or abandoned in time, of all who arrived",
        "excluding_early_abandons": "answered in time, of all but those who abandoned in time",
        "offered_short_as_met": "answered in time or abandoned within the short limit, of all who arrived",
        "excluding_short_abandons": "answered in time, of all but those who abandoned within the short limit",
    }
)
"""Every variant by name, and what it divides by what."""

NEED_EARLY = ("offered_good_abandons", "excluding_early_abandons")
COUNT_AS_MET = ("offered_good_abandons", "offered_short_as_met")
NEED_SHORT = ("offered_short_as_met", "excluding_short_abandons")


def service_level(
    servers: ArrayLike,
    arrival_rate: ArrayLike,
    service_rate: ArrayLike,
    threshold: ArrayLike,
    *,
    variant: ServiceLevelVariant,
    patience_rate: ArrayLike | None = None,
    short: ArrayLike | None = None,
) -> Number:
    """Share of people served within the threshold, in the steady state.

    Parameters
    ----------
    servers : array_like
        Number of servers, at least 0; whole where people give up.
    arrival_rate : array_like
        Arrivals a unit of time, at least 0.
    service_rate : array_like
        Services a unit of time that one server can do, above 0.
    threshold : array_like
        Wait that counts as in time [unit of time], at least 0.
    variant : str
        One of `SERVICE_LEVEL_VARIANTS`. Where nobody gives up they are all the same.
    patience_rate : array_like, optional
        Rate at which somebody waiting gives up, above 0; None where nobody does.
    short : array_like, optional
        Wait up to which giving up counts as short [unit of time], at least 0; needed by the variants that name it.

    Returns
    -------
    float or array
        Probability; 0 where the queue is saturated or there are no servers, NaN where nobody is counted below the line
        or an argument is NaN.

    Raises
    ------
    ValueError
        The variant is unknown or lacks `short`, or an argument is out of range, infinite or no number.

    References
    ----------
    .. [1] B. Cleveland, "Call Center Management on Fast Forward", 4th ed., ICMI 2019.
    .. [2] S. Zeltyn, A. Mandelbaum, "Call centers with impatient customers: many-server asymptotics of the M/M/n+G
       queue", Queueing Systems 51, 2005.

    Examples
    --------
    >>> round(service_level(14, 10 / 3, 1 / 3, 1 / 3, variant="offered"), 6)
    0.88835
    >>> round(service_level(12, 10 / 3, 1 / 3, 1 / 3, variant="answered", patience_rate=0.5), 6)
    0.879774
    """
    expect_variant(variant)
    within = amounts(threshold, "threshold")
    limit = _short_limit(variant, short)
    if patience_rate is None:
        c, lam, mu = broadcast(
            servers=amounts(servers, "servers"),
            arrival_rate=amounts(arrival_rate, "arrival_rate"),
            service_rate=positive(service_rate, "service_rate"),
        )
        # the share that waits is the same for every threshold
        waits = delayed_share(c, load_of(lam, mu))
        c, lam, mu, waits, time, _ = broadcast(
            servers=c, arrival_rate=lam, service_rate=mu, waits=waits, threshold=within, short=limit
        )
        return given_back(_without_abandonment(c, lam, mu, waits, time))
    rates = checked_rates(servers, arrival_rate, service_rate, patience_rate)
    c, lam, mu, theta, time, early = broadcast(**rates, threshold=within, short=limit)
    return given_back(_with_abandonment(variant, (c, lam, mu, theta), time, early))


def service_level_counts(
    *,
    answered: ArrayLike,
    abandoned: ArrayLike,
    answered_in_time: ArrayLike,
    abandoned_in_time: ArrayLike | None = None,
    abandoned_short: ArrayLike | None = None,
    variant: ServiceLevelVariant,
) -> Number:
    """Share of people served within the threshold, from what was counted.

    Parameters
    ----------
    answered, abandoned : array_like
        Number of people answered and number who gave up, at least 0.
    answered_in_time : array_like
        Those answered within the threshold.
    abandoned_in_time : array_like, optional
        Those who gave up within the threshold; needed by "offered_good_abandons" and "excluding_early_abandons".
    abandoned_short : array_like, optional
        Those who gave up within the short limit; needed by "offered_short_as_met" and "excluding_short_abandons".
    variant : str
        One of `SERVICE_LEVEL_VARIANTS`.

    Returns
    -------
    float or array
        Share in 0..1; NaN where nobody is counted below the line or a count is NaN.

    Raises
    ------
    ValueError
        The variant is unknown or lacks a count, a count is negative or no number, or a part exceeds its whole.

    References
    ----------
    .. [1] B. Cleveland, "Call Center Management on Fast Forward", 4th ed., ICMI 2019.

    Examples
    --------
    >>> counts = {"answered": 1000, "abandoned": 60, "answered_in_time": 860, "abandoned_in_time": 20}
    >>> service_level_counts(**counts, variant="answered")
    0.86
    >>> round(service_level_counts(**counts, variant="excluding_early_abandons"), 6)
    0.826923
    """
    expect_variant(variant)
    for name, value, variants in (
        ("abandoned_in_time", abandoned_in_time, NEED_EARLY),
        ("abandoned_short", abandoned_short, NEED_SHORT),
    ):
        if value is None and variant in variants:
            msg = f"variant {variant!r}: expected {name}, got none"
            raise ValueError(msg)
    nobody = np.zeros(())
    served, left, in_time, early, short = broadcast(
        answered=amounts(answered, "answered"),
        abandoned=amounts(abandoned, "abandoned"),
        answered_in_time=amounts(answered_in_time, "answered_in_time"),
        abandoned_in_time=nobody if abandoned_in_time is None else amounts(abandoned_in_time, "abandoned_in_time"),
        abandoned_short=nobody if abandoned_short is None else amounts(abandoned_short, "abandoned_short"),
    )
    _at_most(in_time, served, "answered_in_time", "answered")
    _at_most(early, left, "abandoned_in_time", "abandoned")
    _at_most(short, left, "abandoned_short", "abandoned")
    gone = short if variant in NEED_SHORT else early
    return given_back(_share(variant, in_time, served, served + left, gone, served + left - gone) + 0 * left)


def expect_variant(variant: object) -> None:
    """Refuse what is no variant, with the nearest one."""
    if not isinstance(variant, str) or variant not in SERVICE_LEVEL_VARIANTS:
        known = ", ".join(map(repr, SERVICE_LEVEL_VARIANTS))
        msg = f"variant: expected one of {known}, got {variant!r}{did_you_mean(variant, SERVICE_LEVEL_VARIANTS)}"
        raise ValueError(msg)


def _short_limit(variant: str, short: ArrayLike | None) -> FloatArray:
    if short is not None:
        limit = amounts(short, "short")
        # a variant that does not look at it has no use for its shape or its NaN either
        return limit if variant in NEED_SHORT else np.zeros(())
    if variant in NEED_SHORT:
        msg = f"variant {variant!r}: expected short, the wait up to which giving up counts as short, got none"
        raise ValueError(msg)
    return np.zeros(())


def _without_abandonment(
    c: FloatArray, lam: FloatArray, mu: FloatArray, waits: FloatArray, time: FloatArray
) -> FloatArray:
    with np.errstate(under="ignore", over="ignore", invalid="ignore"):
        in_time = 1 - waits * np.exp(-np.maximum(c * mu - lam, 0.0) * time)
    return np.where(is_saturated(c, lam, mu) & ~np.isnan(in_time), 0.0, in_time)


def _with_abandonment(
    variant: str, rates: tuple[FloatArray, FloatArray, FloatArray, FloatArray], time: FloatArray, early: FloatArray
) -> FloatArray:
    """Find what the variant counts, at the threshold or at the short limit, and divide it."""
    gone_by = early if variant in NEED_SHORT else time
    if variant == "answered":
        answered, ever = outcome_shares(*rates, time, wanted=("answered", "ever"))
        return _share(variant, answered, ever, 1.0, 0.0, 1.0)
    if variant in COUNT_AS_MET:
        (answered,) = outcome_shares(*rates, time, wanted=("answered",))
        (gone,) = outcome_shares(*rates, gone_by, wanted=("abandoned",))
        return _share(variant, answered, 1.0, 1.0, gone, 1.0)
    (answered,) = outcome_shares(*rates, time, wanted=("answered",))
    if variant == "offered":
        return _share(variant, answered, 1.0, 1.0, 0.0, 1.0)
    others = sum(outcome_shares(*rates, gone_by, wanted=("answered", "neither")), np.zeros(()))
    return _share(variant, answered, 1.0, 1.0, 0.0, others)


def _share(
    variant: str,
    in_time: FloatArray,
    answered: FloatArray | float,
    arrived: FloatArray | float,
    gone: FloatArray | float,
    others: FloatArray | float,
) -> FloatArray:
    """Divide what the variant counts above the line by what it counts below."""
    above = in_time + gone if variant in COUNT_AS_MET else in_time
    below: FloatArray | float = arrived
    if variant == "answered":
        below = answered
    elif variant.startswith("excluding"):
        below = others
    with np.errstate(divide="ignore", invalid="ignore", over="ignore", under="ignore"):
        return np.where(np.asarray(below) == 0, np.nan, np.clip(np.divide(above, below), 0.0, 1.0))


def _at_most(part: FloatArray, whole: FloatArray, part_name: str, whole_name: str) -> None:
    if np.any(part > whole):
        msg = f"{part_name}: expected at most as many as {whole_name}"
        raise ValueError(msg)
