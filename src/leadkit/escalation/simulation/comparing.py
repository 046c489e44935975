"""Two scenarios under the same arrivals, service times, patience and luck."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from attrs import field, frozen

from leadkit._checks import as_tuple
from leadkit._results import Result, TableResult
from leadkit.errors import Fault, ScenarioError
from leadkit.escalation._checking import expect_kind, raise_faults
from leadkit.escalation.simulation._settings import EngineChoice, Settings
from leadkit.escalation.simulation.results import MEASURES, SimulationResult, estimate
from leadkit.escalation.simulation.scenario import Scenario
from leadkit.escalation.simulation.simulating import Totals, run_all, summed_up
from leadkit.queueing.service_levels import ServiceLevelVariant
from leadkit.typing import Executor, FloatArray, Progress, RNGLike

__all__ = ["Comparison", "Difference", "compare"]


@frozen(kw_only=True, eq=False)
class Difference(Result):
    """How much more the second scenario has of a measure: the mean over replications of second minus first.

    Parameters
    ----------
    level : str or None
        Id of the level; None for the total wait.
    measure : str
        What is measured.
    mean : float
        NaN where no replication could tell.
    low, high : float or None
        95 % interval by Student's t over the pairs; None with fewer than two.
    n : int
        Number of replications in which both could tell.

    Examples
    --------
    >>> from leadkit.escalation import Exponential, LevelLoad
    >>> levels = [LevelLoad(id="L1", servers=servers, service=Exponential(1.5)) for servers in (2, 3)]
    >>> today, tomorrow = (Scenario(arrival=Exponential(1.0), levels=[one]) for one in levels)
    >>> found = compare(today, tomorrow, customers=1000, rng=1).differences[-1]
    >>> found.measure, round(found.mean, 1), round(found.low, 1), round(found.high, 1)
    ('total_wait', -1.6, -2.0, -1.3)
    """

    level: str | None
    measure: str
    mean: float
    low: float | None
    high: float | None
    n: int


@frozen(kw_only=True, eq=False)
class Comparison(TableResult):
    """What `compare` finds; made by it.

    Parameters
    ----------
    differences : tuple of Difference
        Second minus first, for each level that both have, in the order of the first, and each measure; the total wait
        at the end.
    a, b : SimulationResult
        What was found for either.

    Examples
    --------
    >>> from leadkit.escalation import Exponential, LevelLoad
    >>> levels = [LevelLoad(id="L1", servers=servers, service=Exponential(1.5)) for servers in (2, 3)]
    >>> today, tomorrow = (Scenario(arrival=Exponential(1.0), levels=[one]) for one in levels)
    >>> found = compare(today, tomorrow, customers=1000, rng=1)
    >>> [(one.measure, round(one.mean, 1)) for one in found.differences if one.measure in {"p_wait", "total_wait"}]
    [('p_wait', -0.4), ('total_wait', -1.6)]
    >>> round(found.a.total_wait.value, 1), round(found.b.total_wait.value, 1)
    (1.8, 0.2)
    """

    differences: tuple[Difference, ...] = field(converter=as_tuple)
    a: SimulationResult
    b: SimulationResult

    _columns: ClassVar[Mapping[str, str]] = {}

    def to_records(self) -> list[dict[str, object]]:
        """Give one dictionary a difference; NaN becomes None.

        Returns
        -------
        list of dict
            With the keys level, measure, mean, low, high and n.
        """
        return [one.to_dict() for one in self.differences]


def compare(
    a: Scenario,
    b: Scenario,
    *,
    customers: int,
    rng: RNGLike,
    replications: int = 10,
    warmup: float = 0.1,
    engine: EngineChoice = "auto",
    threshold: float | None = None,
    variant: ServiceLevelVariant | None = None,
    short: float | None = None,
    keep_records: bool = False,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> Comparison:
    """Simulate two scenarios with common random numbers and tell what differs.

    Replication by replication both have the same streams, level by level in order, so that luck cancels out: equal
    scenarios differ by exactly 0.

    Parameters
    ----------
    a, b : Scenario
        What to compare, in the same unit; they need at least one level in common to differ by more than the total wait.
    customers, rng, replications, warmup, engine, threshold, variant, short, keep_records, executor, progress
        As in `simulate`.

    Returns
    -------
    Comparison
        What `b` has more than `a`.

    Raises
    ------
    ScenarioError
        As in `simulate`, and if the units differ.

    References
    ----------
    .. [1] P. Glasserman and D. D. Yao, "Some guidelines and guarantees for common random numbers", Management Science
       38, 1992.

    Examples
    --------
    >>> from leadkit.escalation import Exponential, LevelLoad
    >>> desk = LevelLoad(id="L1", servers=2, service=Exponential(1.5))
    >>> more = LevelLoad(id="L1", servers=3, service=Exponential(1.5))
    >>> today, tomorrow = (Scenario(arrival=Exponential(1.0), levels=[one]) for one in (desk, more))
    >>> compare(today, tomorrow, customers=1000, rng=1).differences[-1].mean < 0
    True
    """
    settings = Settings(
        customers=customers,
        replications=replications,
        warmup=warmup,
        engine=engine,
        threshold=threshold,
        variant=variant,
        short=short,
        keep_records=keep_records,
        rng=rng,
        executor=executor,
        progress=progress,
    )
    expect_kind(a, Scenario, "a", ScenarioError)
    expect_kind(b, Scenario, "b", ScenarioError)
    if a.unit != b.unit:
        raise_faults([Fault("unit", f"a counts in {a.unit!r}, b in {b.unit!r}")], "compare", ScenarioError)
    (first, second), seed_state = run_all([a, b], settings)
    return Comparison(
        differences=_differences(first, second, with_service_level=threshold is not None),
        a=summed_up(first, settings, seed_state),
        b=summed_up(second, settings, seed_state),
    )


def _differences(first: Totals, second: Totals, *, with_service_level: bool) -> list[Difference]:
    places = {one.id: place for place, one in enumerate(second.scenario.levels)}
    differences = []
    for place, load in enumerate(first.scenario.levels):
        if load.id not in places:
            continue
        change = second.measures[:, places[load.id]] - first.measures[:, place]
        differences += [
            _difference(load.id, measure, change[:, column])
            for column, measure in enumerate(MEASURES)
            if measure != "service_level" or with_service_level
        ]
    return [*differences, _difference(None, "total_wait", second.total_wait - first.total_wait)]


def _difference(level: str | None, measure: str, change: FloatArray) -> Difference:
    found = estimate(change)
    return Difference(level=level, measure=measure, mean=found.value, low=found.low, high=found.high, n=found.n)
