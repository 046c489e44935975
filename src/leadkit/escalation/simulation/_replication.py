"""One run of a scenario: draw everything, work out the queues, measure the levels."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, TypeAlias

import numpy as np
from attrs import field, frozen

from leadkit.errors import Fault, ScenarioError
from leadkit.escalation.simulation.distributions import Distribution
from leadkit.escalation.simulation.rates import RateProfile
from leadkit.escalation.simulation.results import MEASURES, Measure
from leadkit.escalation.simulation.scenario import LevelLoad, Scenario
from leadkit.queueing.events import event_heap_levels
from leadkit.queueing.first_come import fcfs_levels
from leadkit.queueing.service_levels import service_level_counts
from leadkit.queueing.traces import Engine, LevelTrace
from leadkit.typing import BoolArray, FloatArray, IntArray

__all__ = ["Job", "Run", "run"]

# arrivals, kinds and priorities; then service, patience and escalation of every level
BEFORE_LEVELS, PER_LEVEL = 3, 3
Seed: TypeAlias = np.random.SeedSequence


@frozen(kw_only=True, eq=False)
class Job:
    """What one replication needs to know; picklable when the laws of the scenario are."""

    scenario: Scenario
    customers: int
    first: int
    engine: Engine
    generator: type[Any]
    threshold: float | None
    variant: Any
    short: float | None
    keep_records: bool


@frozen(kw_only=True, eq=False)
class Run:
    """What one replication gave: one row a level, one column a measure."""

    measures: FloatArray
    total_wait: float
    trace: LevelTrace | None = field(default=None)


def run(job: Job, seed: Seed) -> Run:
    """Run a scenario once; the same seed gives the same numbers."""
    streams = _Streams(job, seed)
    scenario, n = job.scenario, job.customers
    levels = scenario.levels
    arrival = streams.arrivals()
    service = np.array([_times(streams.of(at, 0), one.service, n, one, "service") for at, one in enumerate(levels)])
    escalates = np.array([streams.of(at, 2).random(n) < one.escalate for at, one in enumerate(levels)])
    given: dict[str, Any] = {}
    if any(one.patience is not None for one in levels):
        patience = [
            np.full(n, math.inf)
            if one.patience is None
            else _times(streams.of(at, 1), one.patience, n, one, "patience")
            for at, one in enumerate(levels)
        ]
        given["patience"] = np.array(patience)
    if scenario.eligible is not None:
        given["kind"] = _marks(streams.of_all(1), scenario.kinds, n)
        given["eligible"] = scenario.eligible
    if job.engine == "event-heap" and scenario.priorities:
        numbers = np.array(list(scenario.priorities))
        given["priority"] = numbers[_marks(streams.of_all(2), scenario.priorities, n)]
    serve: Any = event_heap_levels if job.engine == "event-heap" else fcfs_levels
    try:
        trace: LevelTrace = serve(arrival, service, [one.servers for one in levels], escalates, **given)
    except ValueError as error:
        raise ScenarioError.from_faults([Fault("", str(error))], subject="scenario") from None
    return _measured(job, trace, escalates)


class _Streams:
    """A stream of random numbers for each thing that is drawn, so that none of them moves another."""

    def __init__(self, job: Job, seed: Seed) -> None:
        # made anew, because spawning counts: a seed that was used before would give other children
        fresh = np.random.SeedSequence(seed.entropy, spawn_key=seed.spawn_key, pool_size=seed.pool_size)
        self._seeds = fresh.spawn(BEFORE_LEVELS + PER_LEVEL * len(job.scenario.levels))
        self._job = job

    def of_all(self, place: int) -> np.random.Generator:
        return np.random.Generator(self._job.generator(self._seeds[place]))

    def of(self, level: int, place: int) -> np.random.Generator:
        return self.of_all(BEFORE_LEVELS + PER_LEVEL * level + place)

    def arrivals(self) -> FloatArray:
        law, n = self._job.scenario.arrival, self._job.customers
        if isinstance(law, RateProfile):
            return law.arrivals(self.of_all(0), n)
        with np.errstate(over="ignore"):  # what is infinite is refused with its place
            arrivals: FloatArray = np.cumsum(_times(self.of_all(0), law, n, None, "arrival"))
        return arrivals


def _times(rng: np.random.Generator, law: Distribution, n: int, level: LevelLoad | None, what: str) -> FloatArray:
    """Draw times and look at them, because a law may be the caller's own."""
    drawn = np.asarray(law.sample(rng, n))
    is_fine = drawn.dtype.kind in "fiu" and drawn.shape == (n,) and bool(np.all(np.isfinite(drawn) & (drawn >= 0)))
    if not is_fine:
        where = what if level is None else f"level {level.id!r}, {what}"
        what_came = f"{drawn.dtype} of shape {drawn.shape}" if drawn.shape != (n,) else "something else"
        fault = Fault(where, f"expected {law!r} to draw {n} finite numbers of at least 0, got {what_came}")
        raise ScenarioError.from_faults([fault], subject="scenario")
    return drawn.astype(np.float64, copy=False)


def _marks(rng: np.random.Generator, shares: Mapping[Any, float], n: int) -> IntArray:
    """Draw for each customer which of the shares they belong to."""
    bounds = np.cumsum(list(shares.values()))[:-1]
    return np.searchsorted(bounds, rng.random(n), side="right")


def _measured(job: Job, trace: LevelTrace, escalates: BoolArray) -> Run:
    counted = trace.customer >= job.first
    at_first = trace.arrival[(trace.level == 0) & counted]
    window = (float(at_first[0]), float(at_first[-1]))
    rows = []
    for level, load in enumerate(job.scenario.levels):
        here = trace.level == level
        found = _of_visits(job, trace, here & counted, escalates[level])
        found["occupancy"] = _occupancy(trace, here, load.servers, window)
        rows.append([found.get(name, math.nan) for name in MEASURES])
    total = float(trace.wait[counted].sum()) / (job.customers - job.first)
    return Run(measures=np.array(rows), total_wait=total, trace=trace if job.keep_records else None)


def _of_visits(job: Job, trace: LevelTrace, here: BoolArray, escalates: BoolArray) -> dict[Measure, float]:
    """Measure the visits to one level that count."""
    wait, abandoned = trace.wait[here], trace.abandoned[here]
    served = ~abandoned
    found: dict[Measure, float] = {"arrivals": float(len(wait))}
    if not len(wait):
        return found
    if served.any():
        found["mean_wait_served"] = float(wait[served].mean())
    if job.threshold is not None:
        found["service_level"] = _service_level(job, wait, abandoned, job.threshold)
    median, ninth = np.quantile(wait, (0.5, 0.9))
    rest: dict[Measure, float] = {
        "mean_wait": float(wait.mean()),
        # who gives up at once was not served at once either
        "p_wait": float(np.mean(abandoned | (wait > 0))),
        "p_abandon": float(abandoned.mean()),
        "wait_p50": float(median),
        "wait_p90": float(ninth),
        "escalated_share": float(np.mean(served & escalates[trace.customer[here]])),
    }
    return found | rest


def _service_level(job: Job, wait: FloatArray, abandoned: BoolArray, threshold: float) -> float:
    in_time = wait <= threshold
    short = None if job.short is None else int(np.sum(abandoned & (wait <= job.short)))
    return float(
        service_level_counts(
            answered=int(np.sum(~abandoned)),
            abandoned=int(np.sum(abandoned)),
            answered_in_time=int(np.sum(~abandoned & in_time)),
            abandoned_in_time=int(np.sum(abandoned & in_time)),
            abandoned_short=short,
            variant=job.variant,
        )
    )


def _occupancy(trace: LevelTrace, here: BoolArray, servers: int, window: tuple[float, float]) -> float:
    """Share of the servers' time in a window that was spent on customers, whether they count or not."""
    begin, end = window
    if not end > begin:
        return math.nan
    served = here & ~trace.abandoned
    spent = np.minimum(trace.departure[served], end) - np.maximum(trace.start[served], begin)
    return float(np.maximum(spent, 0.0).sum()) / (servers * (end - begin))
