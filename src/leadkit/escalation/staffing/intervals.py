"""How many people each interval of a day needs where the arrival rate itself is uncertain."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

import numpy as np
from attrs import field, frozen
from numpy.typing import ArrayLike

from leadkit._checks import as_tuple
from leadkit._fields import FrozenMapping, float_array, int_array, whole_number_faults
from leadkit._results import TableResult
from leadkit.errors import Fault, ScenarioError
from leadkit.escalation._checking import raise_faults
from leadkit.escalation.staffing._targets import rate_faults
from leadkit.queueing.service_levels import ServiceLevelVariant
from leadkit.queueing.service_levels import service_level as level_of
from leadkit.queueing.staffing import required_servers, scheduled_people
from leadkit.typing import BoolArray, FloatArray, IntArray

__all__ = ["IntervalStaffing", "rate_variance", "staff_intervals"]

MOST_NODES = 512


@frozen(kw_only=True, eq=False)
class IntervalStaffing(TableResult):
    """What each interval needs.

    Parameters
    ----------
    rates, variance : (n_intervals,) array
        Mean and variance of the arrival rate.
    servers : (n_intervals,) array of int
        The least people who keep the promise.
    scheduled : (n_intervals,) array of int
        People to put on the rota so that so many are there.
    expected_service_level : (n_intervals,) array
        Level that somebody who arrives can expect.
    variant : str
        What the service level divides by what; see `SERVICE_LEVEL_VARIANTS`.
    threshold : float
        Wait that counts as in time [unit of time].
    flags : tuple of str
        What is doubtful; see `ESCALATION_FLAGS`.

    Examples
    --------
    >>> found = staff_intervals([4.0, 9.0], 3.0, service_level=0.8, threshold=0.1, variant="offered", shrinkage=0.25)
    >>> found.servers.tolist(), found.scheduled.tolist(), found.expected_service_level.round(3).tolist()
    ([3, 5], [4, 7], [0.89, 0.87])
    """

    _columns: ClassVar = FrozenMapping(
        {name: name for name in ("rates", "variance", "servers", "scheduled", "expected_service_level")}
    )

    rates: FloatArray = field(converter=float_array)
    variance: FloatArray = field(converter=float_array)
    servers: IntArray = field(converter=int_array)
    scheduled: IntArray = field(converter=int_array)
    expected_service_level: FloatArray = field(converter=float_array)
    variant: str
    threshold: float
    flags: tuple[str, ...] = field(default=(), converter=as_tuple)


def staff_intervals(
    rates: ArrayLike,
    service_rate: float,
    *,
    variance: ArrayLike | None = None,
    patience_rate: float | None = None,
    service_level: float,
    threshold: float,
    variant: ServiceLevelVariant,
    short: float | None = None,
    shrinkage: float = 0.0,
    nodes: int = 32,
) -> IntervalStaffing:
    """Find the least people for each interval, each in a steady state of its own.

    With a variance the arrival rate has a gamma law, and the level promised is that of a customer and not of a day:
    E[rate SL(rate)] / E[rate], for a day with many customers disappoints many.

    Parameters
    ----------
    rates : (n_intervals,) array_like
        Mean arrivals a unit of time, at least 0.
    service_rate : float
        Services a unit of time that one person can do, above 0.
    variance : array_like, optional
        Variance of the arrival rate, at least 0: one number, or one an interval. Without it the rates are certain.
    patience_rate : float, optional
        Rate at which somebody waiting gives up, above 0; None where nobody does.
    service_level : float
        Least share served in time, at least 0 and below 1.
    threshold : float
        Wait that counts as in time [unit of time], at least 0.
    variant : str
        One of `leadkit.queueing.SERVICE_LEVEL_VARIANTS`.
    short : float, optional
        Wait up to which giving up counts as short, for the variants that name it.
    shrinkage : float, optional
        Share of the people on the rota who are not there, at least 0 and below 1.
    nodes : int, optional
        Rates at which the gamma law is evaluated, 1..512.

    Returns
    -------
    IntervalStaffing
        With one row an interval, in the order given.

    Raises
    ------
    ScenarioError
        A number is out of range, missing or none, or a length does not fit; `faults` holds all of it.

    References
    ----------
    .. [1] G. Jongbloed, G. Koole, "Managing uncertainty in call centres using Poisson mixtures", Applied Stochastic
       Models in Business and Industry 17, 2001.
    .. [2] G. H. Golub, J. H. Welsch, "Calculation of Gauss quadrature rules", Mathematics of Computation 23, 1969.

    Examples
    --------
    >>> promise = {"service_level": 0.8, "threshold": 1 / 3, "variant": "offered"}
    >>> staff_intervals([10 / 3, 5.0], 1 / 3, **promise).servers
    array([14, 19])
    >>> staff_intervals([10 / 3, 5.0], 1 / 3, variance=1.0, **promise).servers
    array([16, 21])
    """
    faults = rate_faults(service_rate, "service_rate", above_zero=True) + whole_number_faults(nodes, "nodes")
    if not faults and not 1 <= nodes <= MOST_NODES:
        faults.append(Fault("nodes", f"expected a number in 1..{MOST_NODES}, got {nodes}"))
    promise = {"threshold": threshold, "variant": variant, "short": short, "patience_rate": patience_rate}
    try:
        required_servers(0.0, 1.0, service_level=service_level, shrinkage=shrinkage, **promise)  # type: ignore[arg-type]
    except ValueError as error:
        faults.append(Fault("", str(error)))
    mean = _rates(rates, "rates", faults)
    spread = np.zeros(len(mean)) if variance is None else _rates(variance, "variance", faults, length=len(mean))
    if len(spread) == len(mean) and np.any((mean == 0) & (spread > 0)):
        place = int(np.argmax((mean == 0) & (spread > 0)))
        faults.append(Fault(f"variance[{place}]", f"expected 0 beside a rate of 0, got {spread[place]:g}"))
    raise_faults(faults, "intervals", ScenarioError)
    arrivals, weights = _gamma_rule(mean, spread, nodes)

    def expected(servers: IntArray, place: BoolArray) -> FloatArray:
        levels = level_of(
            servers[place][:, None],
            arrivals[place],
            service_rate,
            threshold,
            variant=variant,
            patience_rate=patience_rate,
            short=short,
        )
        return np.asarray((weights[place] * levels).sum(axis=1))

    servers = _least(lambda number, place: expected(number, place) >= service_level, len(mean))
    return IntervalStaffing(
        rates=mean,
        variance=spread,
        servers=servers,
        scheduled=[scheduled_people(int(number), shrinkage) for number in servers],
        expected_service_level=expected(servers, np.ones(len(mean), dtype=np.bool_)),
        variant=variant,
        threshold=float(threshold),
    )


def rate_variance(counts: ArrayLike) -> float:
    """Estimate the variance of an arrival rate from the arrivals in alike intervals.

    A count varies by chance as much as its mean; what it varies beyond that is the rate's.

    Parameters
    ----------
    counts : (n,) array_like
        Arrivals in the same interval of n alike days, at least 0; NaN is left out.

    Returns
    -------
    float
        Sample variance less mean, or 0 where that is below 0 [1 / interval^2]; NaN below two counts.

    Raises
    ------
    ScenarioError
        The counts are no vector, negative, infinite or no numbers.

    References
    ----------
    .. [1] G. Jongbloed, G. Koole, "Managing uncertainty in call centres using Poisson mixtures", Applied Stochastic
       Models in Business and Industry 17, 2001.

    Examples
    --------
    >>> rate_variance([10, 20, 30])
    80.0
    >>> rate_variance([10, 11, 12])
    0.0
    """
    faults: list[Fault] = []
    numbers = _rates(counts, "counts", faults, least=0, missing=True)
    raise_faults(faults, "", ScenarioError)
    known = numbers[~np.isnan(numbers)]
    if len(known) < 2:
        return float("nan")
    return max(float(known.var(ddof=1) - known.mean()), 0.0)


def _gamma_rule(mean: FloatArray, variance: FloatArray, nodes: int) -> tuple[FloatArray, FloatArray]:
    """Give rates of a gamma law and the share of customers who meet each, by the method of Golub and Welsch.

    The three-term recurrence is that of the law of rate/mean - 1, whose terms vanish with the variance.
    """
    arrivals, weights = np.empty((len(mean), nodes)), np.empty((len(mean), nodes))
    order = np.arange(nodes)
    with np.errstate(over="ignore"):
        relative = np.where(mean > 0, variance / np.where(mean > 0, mean, 1.0) / np.where(mean > 0, mean, 1.0), 0.0)
    for place, share in enumerate(relative):
        beside = np.sqrt(order[1:] * share * (1 + order[:-1] * share))
        offsets, vectors = np.linalg.eigh(np.diag(2 * order * share) + np.diag(beside, -1))
        rate = np.maximum(1 + offsets, 0.0)
        weight = vectors[0] ** 2 * rate
        arrivals[place] = mean[place] * rate
        weights[place] = weight / weight.sum()
    return arrivals, weights


def _least(is_met: Callable[[IntArray, BoolArray], BoolArray], n: int) -> IntArray:
    """Find for each of n the least whole number from 1 of a condition that, once met, stays so."""
    high = np.ones(n, dtype=np.int64)
    is_open = np.ones(n, dtype=np.bool_)
    while is_open.any():
        is_open[is_open] = ~is_met(high, is_open)
        high[is_open] *= 2
    low = high // 2
    while np.any(is_open := high - low > 1):
        middle = (low + high) // 2
        met = np.zeros(n, dtype=np.bool_)
        met[is_open] = is_met(middle, is_open)
        high = np.where(is_open & met, middle, high)
        low = np.where(is_open & ~met, middle, low)
    return high


def _rates(
    values: ArrayLike,
    where: str,
    faults: list[Fault],
    *,
    length: int | None = None,
    least: int = 1,
    missing: bool = False,
) -> FloatArray:
    """Read a vector of numbers of at least 0; a single one stands for `length`. Add to `faults` what is wrong."""
    try:
        array = np.asarray(values)
    except ValueError:
        array = np.empty(0, dtype=object)
    if array.dtype.kind not in "iuf" and array.size:
        faults.append(Fault(where, f"expected numbers, got {values!r}"))
        return np.zeros(length or 0)
    if length is not None and array.ndim == 0:
        array = np.full(length, array)
    if array.ndim != 1 or len(array) < least or (length is not None and len(array) != length):
        expected = "a vector of numbers" if length is None else f"a number or {length} of them"
        faults.append(Fault(where, f"expected {expected}, got shape {array.shape}"))
        return np.zeros(length or 0)
    numbers = array.astype(np.float64)
    is_wrong = ~((numbers >= 0) & np.isfinite(numbers))
    if missing:
        is_wrong &= ~np.isnan(numbers)
    faults += [
        Fault(f"{where}[{place}]", f"expected a finite number of at least 0, got {numbers[place]:g}")
        for place in np.flatnonzero(is_wrong)
    ]
    return numbers
