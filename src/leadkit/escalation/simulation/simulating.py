"""Run a scenario several times and sum up what happened."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
from attrs import frozen

from leadkit.errors import Fault, ScenarioError
from leadkit.escalation._checking import expect_kind, raise_faults
from leadkit.escalation.simulation._load import saturated
from leadkit.escalation.simulation._replication import Job, Run, run
from leadkit.escalation.simulation._settings import EngineChoice, Settings
from leadkit.escalation.simulation.results import MEASURES, LevelResult, SimulationResult, estimate
from leadkit.escalation.simulation.scenario import Scenario
from leadkit.queueing.service_levels import ServiceLevelVariant
from leadkit.queueing.traces import Engine
from leadkit.typing import Executor, FloatArray, Progress, RNGLike

__all__ = ["Totals", "run_all", "simulate", "summed_up"]


@frozen(kw_only=True, eq=False)
class Totals:
    """All replications of one scenario: measures of shape (replications, levels, measures)."""

    scenario: Scenario
    engine: Engine
    reason: str
    measures: FloatArray
    total_wait: FloatArray
    runs: tuple[Run, ...]


def simulate(
    scenario: Scenario,
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
) -> SimulationResult:
    """Simulate a scenario and estimate waits, shares and occupancies with their intervals.

    Every replication has a seed of its own, and within it arrivals, kinds, priorities and the service, patience and
    escalation of each level have streams of their own. So the number of workers changes no digit, the first
    replications of a longer run are those of a shorter one, and two scenarios differ by what differs between them.

    Parameters
    ----------
    scenario : Scenario
        What to simulate.
    customers : int
        Arrivals at the first level in one replication, at least 1; all of them are served or give up.
    rng : numpy.random.Generator, SeedSequence or int
        Source of randomness; a generator spawns one child a replication and draws nothing itself.
    replications : int
        How often to run it, at least 1; with 1 there are no intervals.
    warmup : float
        Share of the customers, the earliest, who do not count, in [0, 1).
    engine : {"auto", "fcfs-recursion", "event-heap"}
        "auto" takes the recursion unless there are two priorities or more.
    threshold : float, optional
        For the service level: the wait that is short enough, [time], at least 0.
    variant : str, optional
        Which service level, needed with `threshold`; one of `leadkit.queueing.SERVICE_LEVEL_VARIANTS`.
    short : float, optional
        For the variants that need it: within which time giving up does not count, [time].
    keep_records : bool
        Whether to keep every visit of every replication.
    executor : Executor, optional
        Where to run replications; in this process without one.
    progress : callable, optional
        Told after each replication how many of how many are done.

    Returns
    -------
    SimulationResult
        An estimate for each level and measure.

    Raises
    ------
    ScenarioError
        If an argument is out of range, or the recursion is asked for and customers have priorities.

    References
    ----------
    .. [1] A. M. Law, "Simulation Modeling and Analysis", 5th ed., McGraw-Hill, 2015, chapters 9 and 11: replications
       with a warm-up, and common random numbers.

    Examples
    --------
    >>> from leadkit.escalation import Fixed, LevelLoad
    >>> desk = LevelLoad(id="L1", servers=1, service=Fixed(4.0))
    >>> result = simulate(Scenario(arrival=Fixed(5.0), levels=[desk]), customers=100, rng=0)
    >>> result.levels[0].mean_wait.value, round(result.levels[0].occupancy.value, 2), result.engine
    (0.0, 0.8, 'fcfs-recursion')
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
    expect_kind(scenario, Scenario, "scenario", ScenarioError)
    (totals,), seed_state = run_all([scenario], settings)
    return summed_up(totals, settings, seed_state)


def run_all(scenarios: list[Scenario], settings: Settings) -> tuple[list[Totals], dict[str, Any]]:
    """Run each scenario with the same seeds; also tell where these came from."""
    engines = [_engine(scenario, settings.engine) for scenario in scenarios]
    source = np.random.default_rng(settings.rng).bit_generator
    seed = source.seed_seq
    if not isinstance(seed, np.random.SeedSequence):
        fault = Fault("rng", f"expected a generator that can spawn others, got one seeded by {seed!r}")
        raise ScenarioError.from_faults([fault], subject="simulate")
    seed_state = _state(type(source).__name__, seed)
    seeds = seed.spawn(settings.replications)
    totals = []
    for place, (scenario, (engine, reason)) in enumerate(zip(scenarios, engines, strict=True)):
        job = Job(
            scenario=scenario,
            customers=settings.customers,
            first=settings.first,
            engine=engine,
            generator=type(source),
            threshold=settings.threshold,
            variant=settings.variant,
            short=settings.short,
            keep_records=settings.keep_records,
        )
        runs = _runs(job, seeds, settings, before=place * len(seeds), total=len(scenarios) * len(seeds))
        totals.append(
            Totals(
                scenario=scenario,
                engine=engine,
                reason=reason,
                measures=np.array([one.measures for one in runs]),
                total_wait=np.array([one.total_wait for one in runs]),
                runs=tuple(runs),
            )
        )
    return totals, seed_state


def summed_up(totals: Totals, settings: Settings, seed_state: dict[str, Any]) -> SimulationResult:
    """Make the result of one scenario's replications."""
    levels = []
    for place, load in enumerate(totals.scenario.levels):
        found: dict[str, Any] = {
            name: estimate(totals.measures[:, place, column]) for column, name in enumerate(MEASURES)
        }
        if settings.threshold is None:
            found["service_level"] = None
        levels.append(LevelResult(id=load.id, **found))
    flags = [f"saturated:{own}" for own in saturated(totals.scenario, levels)]
    flags += [f"no_visits:{own.id}" for own in levels if own.mean_wait.n < settings.replications]
    return SimulationResult(
        engine=totals.engine,
        engine_reason=totals.reason,
        levels=levels,
        total_wait=estimate(totals.total_wait),
        replications=settings.replications,
        customers=settings.customers,
        warmup=settings.warmup,
        threshold=settings.threshold,
        variant=settings.variant,
        short=settings.short,
        unit=totals.scenario.unit,
        seed_state=seed_state,
        records=[one.trace for one in totals.runs if one.trace is not None],
        flags=sorted(flags),
    )


def _runs(job: Job, seeds: list[Any], settings: Settings, *, before: int, total: int) -> list[Run]:
    """Run in order of the seeds, and tell how far that is."""
    work = partial(run, job)
    runs: list[Run] = []
    for one in map(work, seeds) if settings.executor is None else settings.executor.map(work, seeds):
        runs.append(one)
        if settings.progress is not None:
            settings.progress(before + len(runs), total)
    return runs


def _engine(scenario: Scenario, asked: EngineChoice) -> tuple[Engine, str]:
    """Choose how to work out the queues, and tell which condition decided."""
    n = len(scenario.priorities)
    if n > 1:
        reason = f"{n} priorities: service is not first come, first served"
        if asked == "fcfs-recursion":
            raise_faults([Fault("engine", f"the recursion does not hold with {reason}")], "simulate", ScenarioError)
        return "event-heap", reason
    if asked == "event-heap":
        return "event-heap", "asked for"
    alike = "are interchangeable" if scenario.eligible is None else "differ only by whom they may serve"
    return (
        "fcfs-recursion",
        f"levels feed forward, service is first come, first served, and agents of a level {alike}",
    )


def _state(generator: str, seed: np.random.SeedSequence) -> dict[str, Any]:
    # an integer of 128 bits, or several numbers that were given as a seed
    entropy = tuple(int(one) for one in np.atleast_1d(np.array(seed.entropy, dtype=object)))
    return {
        "bit_generator": generator,
        "entropy": entropy[0] if np.ndim(seed.entropy) == 0 else entropy,  # type: ignore[arg-type]
        "spawn_key": tuple(int(one) for one in seed.spawn_key),
        "children_before": seed.n_children_spawned,
    }
