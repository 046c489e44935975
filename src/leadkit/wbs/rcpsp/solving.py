"""The way from a problem to a solution: the search, the solver where it is asked for, and always the check."""

from __future__ import annotations

import numpy as np

from leadkit._fields import number_faults, whole_number_faults
from leadkit.errors import Fault
from leadkit.typing import IntArray, Progress, RNGLike
from leadkit.wbs._checking import expect_kind
from leadkit.wbs.rcpsp._dispatching import MUCH_WORK, Dispatcher, dispatches
from leadkit.wbs.rcpsp._generating import Generator
from leadkit.wbs.rcpsp._genetic import Pass, evolve
from leadkit.wbs.rcpsp._instance import Instance, instance_of
from leadkit.wbs.rcpsp.bounds import lower_bound
from leadkit.wbs.rcpsp.checking import violations
from leadkit.wbs.rcpsp.problem import Problem
from leadkit.wbs.rcpsp.solution import Solution

__all__ = ["solve"]


def solve(
    problem: Problem,
    *,
    schedules: int = 3000,
    rng: RNGLike = 0,
    solver: bool = False,
    solver_seconds: float = 10.0,
    workers: int = 1,
    progress: Progress | None = None,
) -> Solution:
    """Find a short schedule of a problem.

    Parameters
    ----------
    problem : Problem
        What is to be scheduled.
    schedules : int
        How many schedules the search may generate, at least 1; each pass of the generator, forward or backward, is one.
    rng : int, numpy.random.SeedSequence or numpy.random.Generator
        Where all chance comes from: the same seed gives the same solution on every machine.
    solver : bool
        Whether OR-Tools CP-SAT (extra `solver`) goes on from the schedule that the search found.
    solver_seconds : float
        How long the solver may take [s], above 0.
    workers : int
        Threads of the solver, at least 1.
    progress : Progress, optional
        Told now and then how many of the schedules have been generated, then how many of the solver's seconds are gone.

    Returns
    -------
    Solution
        The shortest schedule found. Among equally short ones that with the smaller sum of starts, then that whose people
        come first by id. The method is `"ga"`, or `"cp_sat"` when the solver had a say.

    Raises
    ------
    InfeasibleError
        There is no schedule: nobody is qualified for some work, it asks for more people than are, or for more of a
        resource than there is; `reasons` holds every case.
    ValueError
        An option is out of range.
    ImportError
        `solver=True` without OR-Tools.
    RuntimeError
        A schedule breaks a rule of the problem: a fault of leadkit, never of the caller.

    Notes
    -----
    The default method is a genetic algorithm on lists of activities. Each list becomes a schedule by serial generation,
    and is then justified to the right and to the left [1]_. It stops early when the makespan meets the lower bound. None
    of its parameters depends on `schedules`, so with one seed more of them never give a worse schedule.
    Where there is much more work than the end of the project can hold, the search also makes schedules in which nobody
    who could do something that is ready is idle, and tries the last activities of the best of them in other orders. Each
    of these schedules counts.

    A need is met by those who would wait least for the work, among equals by those whom least other work asks for.

    All times are divided by their greatest common divisor first, and some shortest schedule starts everything at a multiple
    of it; so the lower bound is rounded up to one.

    A list never puts a successor before its predecessor. Where a link lets the successor start first (a negative lag, or
    start to finish), the schedules are right, but some that give scarce resources to the successor first are not tried;
    `solver=True` looks at them too.

    References
    ----------
    .. [1] V. Valls, F. Ballestin, S. Quintanilla, "A hybrid genetic algorithm for the resource-constrained project
       scheduling problem", European Journal of Operational Research 185, 2008, 495-508.

    Examples
    --------
    >>> from leadkit.wbs import Need
    >>> sql = Need(skills={"sql": 3})
    >>> problem = Problem([3, 2, 4], [0], [1], needs=[[sql], [sql], []], levels=[[3], [1]],
    ...                   skill_ids=["sql"], person_ids=["ann", "ben"], ids=["model", "load", "review"])
    >>> solution = solve(problem)
    >>> solution.start.tolist(), solution.people, solution.makespan, solution.is_proven
    ([0, 3, 0], ((0,), (0,), ()), 5, True)
    """
    expect_kind(problem, Problem)
    _check_options(schedules, solver_seconds, workers)
    luck = np.random.default_rng(rng)
    bound = lower_bound(problem)
    instance = instance_of(problem)
    unit = instance.unit
    target = -(-bound // unit)
    decoder = Generator(instance)
    is_long = problem.n > MUCH_WORK and dispatches(instance)
    offers = Dispatcher(instance, decoder.urgency, target).passes if is_long else None
    found = evolve(decoder, schedules=schedules, rng=luck, target=target, offers=offers, progress=progress)
    start, people = _in_place(instance, found.best)
    solution = Solution(
        start=start,
        people=people,
        makespan=found.best.makespan * unit,
        lower_bound=target * unit,
        schedules=found.schedules,
        history=[(made, makespan * unit) for made, makespan in found.history],
    )
    _refuse_wrong(problem, solution)
    if solver:
        from leadkit.wbs.rcpsp._cpsat import improve

        solution = improve(problem, solution, seconds=solver_seconds, workers=workers, progress=progress)
        _refuse_wrong(problem, solution)
    return solution


def _check_options(schedules: int, solver_seconds: float, workers: int) -> None:
    """Refuse options out of range, all at once."""
    faults = []
    for name, value in (("schedules", schedules), ("workers", workers)):
        of_value = whole_number_faults(value, name)
        if not of_value and value < 1:
            of_value = [Fault(name, f"expected at least 1, got {value}")]
        faults += of_value
    faults += number_faults(solver_seconds, "solver_seconds", above=0.0)
    if faults:
        msg = "; ".join(map(str, faults))
        raise ValueError(msg)


def _in_place(instance: Instance, best: Pass) -> tuple[IntArray, list[tuple[int, ...]]]:
    """Put starts and people where the problem has its activities and people."""
    start = np.empty(len(best.start), dtype=np.int64)
    start[instance.order] = np.array(best.start, dtype=np.int64) * instance.unit
    people: list[tuple[int, ...]] = [()] * len(best.start)
    places = instance.person_order.tolist()
    for i, team in zip(instance.order.tolist(), best.choice or people, strict=True):
        people[i] = tuple(sorted(places[person] for person in team))
    return start, people


def _refuse_wrong(problem: Problem, solution: Solution) -> None:
    """Let no schedule out that breaks a rule."""
    faults = violations(problem, solution)
    if faults:
        msg = "the schedule found breaks rules of the problem, please report this: " + "; ".join(faults)
        raise RuntimeError(msg)
