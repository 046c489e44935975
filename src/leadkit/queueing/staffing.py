"""The least number of servers that keeps every promise."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from attrs import field, frozen

from leadkit._results import Result
from leadkit.queueing._numbers import amounts, as_flags, single
from leadkit.queueing.erlang.abandonment import erlang_a
from leadkit.queueing.erlang.measures import QueueMeasures, mmc
from leadkit.queueing.service_levels import ServiceLevelVariant, expect_variant
from leadkit.queueing.service_levels import service_level as level_of

__all__ = ["Staffing", "least_servers", "required_servers", "scheduled_people"]

GUARD = 1e-9
FRACTION = 1e-9
MOST_SERVERS = 2**53


@frozen(kw_only=True, eq=False)
class Staffing(Result):
    """How many servers keep the promises, and what they reach.

    Parameters
    ----------
    servers : int or float
        The least number that meets every target; a float where fractions were asked for.
    scheduled : int
        People to put on the rota so that so many are there.
    service_level : float
        Reached by these servers; NaN where no threshold was given.
    asa : float
        Mean wait of those answered [unit of time].
    occupancy : float
        Share of their time that the servers work.
    p_abandon : float
        Share of arrivals that give up.
    binding : str, optional
        The first target, in the order of the arguments of `required_servers`, that one server less (or a little less
        than these, where fractions were asked for) would miss; None where none would.
    variant : str, optional
        What the service level divides by what; see `SERVICE_LEVEL_VARIANTS`.
    threshold : float
        Wait that counts as in time [unit of time]; NaN where none was given.
    flags : tuple of str
        What is doubtful; see `QUEUEING_FLAGS`.

    Examples
    --------
    >>> found = required_servers(10.0, 6.0, max_occupancy=0.6, max_asa=0.1, shrinkage=0.2)
    >>> found.servers, found.scheduled, round(found.occupancy, 3), found.binding
    (3, 4, 0.556, 'max_asa')
    """

    servers: int | float
    scheduled: int
    service_level: float
    asa: float
    occupancy: float
    p_abandon: float
    binding: str | None
    variant: str | None
    threshold: float
    flags: tuple[str, ...] = field(default=(), converter=as_flags)


@frozen(kw_only=True)
class _Question:
    """The rates and the targets of one queue, all checked."""

    arrival_rate: float
    service_rate: float
    patience_rate: float | None
    service_level: float | None
    threshold: float | None
    variant: ServiceLevelVariant | None
    short: float | None
    max_asa: float | None
    max_occupancy: float | None
    max_abandonment: float | None

    def state(self, servers: float) -> QueueMeasures:
        if self.patience_rate is None:
            return mmc(servers, self.arrival_rate, self.service_rate)
        return erlang_a(servers, self.arrival_rate, self.service_rate, self.patience_rate)

    def level(self, servers: float) -> float:
        if self.variant is None or self.threshold is None:
            return math.nan
        rates = (servers, self.arrival_rate, self.service_rate, self.threshold)
        return float(level_of(*rates, variant=self.variant, patience_rate=self.patience_rate, short=self.short))

    def missed(self, servers: float) -> str | None:
        """Name the first target that so many servers miss."""
        if self.service_level is not None and not self.level(servers) >= self.service_level:
            return "service_level"
        if self.max_asa is None and self.max_occupancy is None and self.max_abandonment is None:
            return None
        state = self.state(servers)
        if self.max_asa is not None and not state.mean_wait_served <= self.max_asa:
            return "max_asa"
        if self.max_occupancy is not None and not state.occupancy <= self.max_occupancy:
            return "max_occupancy"
        if self.max_abandonment is not None and not state.p_abandon <= self.max_abandonment:
            return "max_abandonment"
        return None


def required_servers(
    arrival_rate: float,
    service_rate: float,
    *,
    patience_rate: float | None = None,
    service_level: float | None = None,
    threshold: float | None = None,
    variant: ServiceLevelVariant | None = None,
    short: float | None = None,
    max_asa: float | None = None,
    max_occupancy: float | None = None,
    max_abandonment: float | None = None,
    shrinkage: float = 0.0,
    fractional: bool = False,
) -> Staffing:
    """Find the least number of servers that meets every target given.

    Each target, once met, is met by every greater number: an added server makes the wait offered to an arrival smaller
    in the likelihood ratio order, and every measure asked for falls with that wait.

    Parameters
    ----------
    arrival_rate : float
        Arrivals a unit of time, at least 0.
    service_rate : float
        Services a unit of time that one server can do, above 0.
    patience_rate : float, optional
        Rate at which somebody waiting gives up, above 0; None where nobody does.
    service_level : float, optional
        Least share served in time, at least 0 and below 1; needs `threshold` and `variant`.
    threshold : float, optional
        Wait that counts as in time [unit of time], at least 0.
    variant : str, optional
        One of `SERVICE_LEVEL_VARIANTS`.
    short : float, optional
        Wait up to which giving up counts as short [unit of time], at least 0; with "offered_short_as_met" at most the
        threshold, for beyond it a longer wait could raise the level.
    max_asa : float, optional
        Greatest mean wait of those answered [unit of time], above 0.
    max_occupancy : float, optional
        Greatest share of their time that the servers work, above 0 and at most 1.
    max_abandonment : float, optional
        Greatest share of arrivals that give up, above 0 and at most 1; needs `patience_rate`.
    shrinkage : float, optional
        Share of the people on the rota who are not there, at least 0 and below 1.
    fractional : bool, optional
        Whether to find the least real number, to within 1e-9; only where nobody gives up.

    Returns
    -------
    Staffing
        At least one server, or a fraction above 0.

    Raises
    ------
    ValueError
        No target is given, one can be met by no number of servers, one lacks what it needs, or an argument is out of
        range or no single number.

    References
    ----------
    .. [1] N. Gans, G. Koole, A. Mandelbaum, "Telephone call centers: tutorial, review, and research prospects",
       Manufacturing and Service Operations Management 5, 2003.

    Examples
    --------
    >>> found = required_servers(10 / 3, 1 / 3, service_level=0.8, threshold=1 / 3, variant="offered", shrinkage=0.3)
    >>> found.servers, found.scheduled, found.binding
    (14, 20, 'service_level')
    """
    if not isinstance(fractional, bool):
        msg = f"fractional: expected True or False, got {fractional!r}"
        raise ValueError(msg)  # noqa: TRY004 - a floor raises plain ValueError
    question = _Question(
        arrival_rate=_at_least_zero(arrival_rate, "arrival_rate"),
        service_rate=single(service_rate, "service_rate"),
        patience_rate=None if patience_rate is None else single(patience_rate, "patience_rate"),
        service_level=_level_target(service_level),
        threshold=None if threshold is None else _at_least_zero(threshold, "threshold"),
        variant=variant,
        short=None if short is None else _at_least_zero(short, "short"),
        max_asa=None if max_asa is None else single(max_asa, "max_asa"),
        max_occupancy=_share_target(max_occupancy, "max_occupancy"),
        max_abandonment=_share_target(max_abandonment, "max_abandonment"),
    )
    _expect_sense(question, fractional=fractional)
    lost = _shrinkage(shrinkage)
    servers, less = _least_fraction(question.missed) if fractional else _least_whole(question.missed)
    state = question.state(servers)
    flags = state.flags if question.variant else (*state.flags, "no_threshold")
    return Staffing(
        servers=servers,
        scheduled=scheduled_people(servers, lost),
        service_level=question.level(servers),
        asa=float(state.mean_wait_served),
        occupancy=float(state.occupancy),
        p_abandon=float(state.p_abandon),
        binding=question.missed(less),
        variant=question.variant,
        threshold=math.nan if question.threshold is None else question.threshold,
        flags=sorted(flags),
    )


def scheduled_people(servers: float, shrinkage: float) -> int:
    """Round servers over the share that is there up, but not for the last bit of a division."""
    # of thousands of millions the guard alone would be whole people
    return max(math.ceil(servers), math.ceil(servers / (1 - shrinkage) * (1 - GUARD)))


def least_servers(is_met: Callable[[int], bool]) -> int:
    """Find the least whole number from 1 of a condition that, once met, stays so; by doubling, then by halves.

    Raises
    ------
    ValueError
        No number up to 2^53, beyond which floats skip some, meets it.
    """
    high = 1
    while not is_met(high):
        high *= 2
        if high > MOST_SERVERS:
            msg = "arrival_rate, service_rate: no number of servers up to 2^53 meets the targets"
            raise ValueError(msg)
    low = high // 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if is_met(middle) else (middle, high)
    return high


def _least_whole(missed: Callable[[float], str | None]) -> tuple[int, int]:
    servers = least_servers(lambda number: missed(number) is None)
    return servers, servers - 1


def _least_fraction(missed: Callable[[float], str | None]) -> tuple[float, float]:
    high = float(least_servers(lambda number: missed(number) is None))
    low = high - 1 if high > 1 else 0.0
    while high - low > FRACTION / 2:
        middle = (low + high) / 2
        if middle in {low, high}:
            break
        low, high = (low, middle) if missed(middle) is None else (middle, high)
    return high, low


def _at_least_zero(value: float, name: str) -> float:
    array = amounts(value, name)
    if array.ndim or np.isnan(array):
        msg = f"{name}: expected a single number of at least 0, got {value!r}"
        raise ValueError(msg)
    return float(array)


def _level_target(value: float | None) -> float | None:
    if value is None:
        return None
    level = _at_least_zero(value, "service_level")
    if level >= 1:
        msg = f"service_level: expected a share below 1, which no number of servers reaches, got {value!r}"
        raise ValueError(msg)
    return level


def _share_target(value: float | None, name: str) -> float | None:
    if value is None:
        return None
    array = amounts(value, name)
    if array.ndim or not 0 < array <= 1:
        why = ", for no number of servers gets there" if not array.ndim and array == 0 else ""
        msg = f"{name}: expected a share above 0 and at most 1{why}, got {value!r}"
        raise ValueError(msg)
    return float(array)


def _shrinkage(value: float) -> float:
    share = _at_least_zero(value, "shrinkage")
    if share >= 1:
        msg = f"shrinkage: expected a share below 1, got {value!r}"
        raise ValueError(msg)
    return share


def _expect_sense(question: _Question, *, fractional: bool) -> None:
    """Refuse targets that are missing, or miss something."""
    given = (question.service_level, question.max_asa, question.max_occupancy, question.max_abandonment)
    msg = ""
    if all(target is None for target in given):
        msg = "expected at least one of service_level, max_asa, max_occupancy, max_abandonment"
    elif question.service_level is not None and question.threshold is None:
        msg = "service_level: expected a threshold beside it"
    elif (question.variant is None) != (question.threshold is None):
        msg = "threshold, variant: expected both or none"
    elif question.max_abandonment is not None and question.patience_rate is None:
        msg = "max_abandonment: expected a patience_rate beside it, for without one nobody gives up"
    elif fractional and question.patience_rate is not None:
        msg = "fractional: expected no patience_rate beside it"
    if msg:
        raise ValueError(msg)
    if question.variant is None or question.threshold is None:
        return
    expect_variant(question.variant)
    if (
        question.variant == "offered_short_as_met"
        and question.short is not None
        and question.short > question.threshold
    ):
        msg = f"short: expected at most the threshold, {question.threshold:g}, with variant 'offered_short_as_met'"
        raise ValueError(msg)
