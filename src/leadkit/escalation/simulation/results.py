"""What a simulation found, each number with its interval over the replications."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any, Literal, TypeAlias

import numpy as np
from attrs import field, frozen

from leadkit._checks import as_tuple
from leadkit._fields import FrozenMapping, frozen_mapping
from leadkit._results import Result, TableResult, plain
from leadkit.queueing.traces import Engine, LevelTrace
from leadkit.typing import FloatArray

__all__ = ["MEASURES", "Estimate", "LevelResult", "Measure", "SimulationResult", "estimate"]

LEVEL = 0.95


def _frozen(values: Mapping[str, Any]) -> FrozenMapping[str, Any]:
    return frozen_mapping(values)


Measure: TypeAlias = Literal[
    "arrivals",
    "mean_wait",
    "mean_wait_served",
    "p_wait",
    "p_abandon",
    "service_level",
    "occupancy",
    "wait_p50",
    "wait_p90",
    "escalated_share",
]
"""What is measured of each level."""
MEASURES: tuple[Measure, ...] = (
    "arrivals",
    "mean_wait",
    "mean_wait_served",
    "p_wait",
    "p_abandon",
    "service_level",
    "occupancy",
    "wait_p50",
    "wait_p90",
    "escalated_share",
)


@frozen(kw_only=True, eq=False)
class Estimate(Result):
    """A mean over replications.

    Parameters
    ----------
    value : float
        The mean; NaN where no replication could tell.
    low, high : float or None
        95 % interval by Student's t; None with fewer than two replications that could tell.
    n : int
        Number of replications that could tell.

    Examples
    --------
    >>> Estimate(value=2.5, low=2.0, high=3.0, n=10).to_dict()
    {'value': 2.5, 'low': 2.0, 'high': 3.0, 'n': 10}
    """

    value: float
    low: float | None
    high: float | None
    n: int


@frozen(kw_only=True, eq=False)
class LevelResult(Result):
    """What was measured on one level, of the customers who count after the warm-up.

    Parameters
    ----------
    id : str
        Id of the level.
    arrivals : Estimate
        How many came.
    mean_wait : Estimate
        Wait of all who came, [time]; those who gave up waited for their patience.
    mean_wait_served : Estimate
        Wait of those who were served, [time].
    p_wait : Estimate
        Share who were not served at once, in [0, 1].
    p_abandon : Estimate
        Share who gave up, in [0, 1].
    service_level : Estimate or None
        By the variant and threshold asked for, in [0, 1]; None where none was.
    occupancy : Estimate
        Share of the agents' time in service between the first and the last arrival that count, in [0, 1].
    wait_p50, wait_p90 : Estimate
        Median and 90 % quantile of the wait of all who came, [time].
    escalated_share : Estimate
        Share of all who came that went on to the next level, or out of the last one, in [0, 1].

    Examples
    --------
    >>> from leadkit.escalation import Exponential, LevelLoad, Scenario, simulate
    >>> desk = LevelLoad(id="L1", servers=2, service=Exponential(1.5))
    >>> level = simulate(Scenario(arrival=Exponential(1.0), levels=[desk]), customers=1000, rng=1).levels[0]
    >>> level.id, round(level.p_wait.value, 1), round(level.occupancy.value, 1)
    ('L1', 0.6, 0.8)
    """

    id: str
    arrivals: Estimate
    mean_wait: Estimate
    mean_wait_served: Estimate
    p_wait: Estimate
    p_abandon: Estimate
    service_level: Estimate | None
    occupancy: Estimate
    wait_p50: Estimate
    wait_p90: Estimate
    escalated_share: Estimate


@frozen(kw_only=True, eq=False)
class SimulationResult(TableResult):
    """What `simulate` finds; made by it.

    Parameters
    ----------
    engine : {"fcfs-recursion", "event-heap"}
        How queues were worked out.
    engine_reason : str
        What decided that.
    levels : tuple of LevelResult
        The levels in order.
    total_wait : Estimate
        Wait of a customer over all levels they came to, [time].
    replications : int
        How often the scenario was run.
    customers : int
        Arrivals at the first level in one replication.
    warmup : float
        Share of the customers, the earliest, who do not count.
    threshold, variant, short : float or str or None
        What the service level was asked for with; see `leadkit.queueing.service_level_counts`.
    unit : str
        One unit of time.
    seed_state : mapping
        From what the random numbers came: the generator's name, and entropy, spawn key and children of its seed before.
    records : tuple of LevelTrace
        Every visit, one trace a replication, the warm-up included; empty unless they were to be kept.
    flags : tuple of str
        "no_visits:<id>" and "saturated:<id>"; see `leadkit.escalation.ESCALATION_FLAGS`.

    Examples
    --------
    >>> from leadkit.escalation import Exponential, LevelLoad, Scenario, simulate
    >>> desk = LevelLoad(id="L1", servers=2, service=Exponential(1.5))
    >>> found = simulate(Scenario(arrival=Exponential(1.0), levels=[desk]), customers=1000, rng=1)
    >>> found.engine, round(found.total_wait.value, 1), found.total_wait.n
    ('fcfs-recursion', 1.8, 10)
    """

    engine: Engine
    engine_reason: str
    levels: tuple[LevelResult, ...] = field(converter=as_tuple)
    total_wait: Estimate
    replications: int
    customers: int
    warmup: float
    threshold: float | None = None
    variant: str | None = None
    short: float | None = None
    unit: str = "hour"
    seed_state: Mapping[str, Any] = field(converter=_frozen)
    records: tuple[LevelTrace, ...] = field(default=(), converter=as_tuple)
    flags: tuple[str, ...] = field(default=(), converter=as_tuple)

    def estimates(self) -> Iterator[tuple[str | None, str, Estimate]]:
        """Go through all numbers as (level, measure, estimate), at last the total wait, of no level."""
        for level in self.levels:
            for measure in MEASURES:
                found: Estimate | None = getattr(level, measure)
                if found is not None:
                    yield level.id, measure, found
        yield None, "total_wait", self.total_wait

    def to_records(self) -> list[dict[str, Any]]:
        """Give one dictionary a level and measure, at last the total wait with the level None.

        Returns
        -------
        list of dict
            With the keys level, measure, value, low, high and n; NaN becomes None.
        """
        return [
            {"level": level, "measure": measure, **{name: plain(value) for name, value in found.to_dict().items()}}
            for level, measure, found in self.estimates()
        ]


def estimate(values: FloatArray) -> Estimate:
    """Give mean and interval of one number a replication; NaN is left out."""
    known = values[np.isfinite(values)]
    n = len(known)
    if n == 0:
        return Estimate(value=math.nan, low=None, high=None, n=0)
    mean = float(known.mean())
    if n == 1:
        return Estimate(value=mean, low=None, high=None, n=1)
    from scipy.special import stdtrit

    reach = float(stdtrit(n - 1, (1 + LEVEL) / 2) * known.std(ddof=1) / math.sqrt(n))
    return Estimate(value=mean, low=mean - reach, high=mean + reach, n=n)
