"""OR-Tools CP-SAT on a scheduling problem, from a schedule that is there already; it may improve or prove, never worsen."""

from __future__ import annotations

import math
from collections.abc import Sequence
from importlib import import_module
from typing import Any, NamedTuple

import numpy as np
from attrs import evolve

from leadkit.errors import SolverError
from leadkit.typing import Progress
from leadkit.wbs.rcpsp._crews import Classes, classes_of, named
from leadkit.wbs.rcpsp._limits import limits_of
from leadkit.wbs.rcpsp._shifting import shifted
from leadkit.wbs.rcpsp._windows import Windows, windows_of
from leadkit.wbs.rcpsp.problem import Problem
from leadkit.wbs.rcpsp.solution import Solution

__all__ = ["SEED", "improve", "listener", "ortools", "whole_bound"]

SEED = 0
MOST_SCARCE = 32
"""So many sets of people are told to the solver as resources of their own."""


class Model(NamedTuple):
    """The model of a problem, and the variables that are read back."""

    model: Any
    start: list[Any]
    makespan: Any
    heads: dict[tuple[int, int, int], Any]


def improve(
    problem: Problem, solution: Solution, *, seconds: float, workers: int = 1, progress: Progress | None = None
) -> Solution:
    """Let CP-SAT look for a shorter schedule and for a proof that there is none.

    Parameters
    ----------
    problem : Problem
        What is to be scheduled.
    solution : Solution
        A schedule of it: where the solver begins, and what it must beat.
    seconds : float
        How long it may take [s], above 0.
    workers : int
        Threads, at least 1.
    progress : Progress, optional
        Told at each improvement how many of the seconds have passed.

    Returns
    -------
    Solution
        With method `"cp_sat"`. The starts and people stay as they were unless a shorter schedule was found; the bound is
        the solver's where it is better. The flag `time_limited` tells that the clock stopped the search.

    Raises
    ------
    ImportError
        OR-Tools is not installed.
    SolverError
        The solver refuses the model or contradicts the schedule.

    Notes
    -----
    People with the same qualifications are one resource with as many units: a schedule that never uses more than there
    are can be handed out to single people one activity after the other. Sets of people that only some needs can be met
    from are resources as well; that is redundant and lets the solver see bottlenecks.

    References
    ----------
    .. [1] L. Perron, F. Didier, S. Gay, "The CP-SAT-LP solver", Principles and Practice of Constraint Programming, 2023.
    """
    cp_model = ortools()
    if solution.is_proven:
        return evolve(solution, method="cp_sat")
    unit = problem.unit
    small, first = _in_units(problem, solution, unit)
    classes = classes_of(small)
    made = _model(cp_model, small, classes, first)
    _hint(made, classes, first)
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = seconds
    solver.parameters.num_workers = workers
    solver.parameters.random_seed = SEED
    status = solver.solve(made.model, listener(cp_model, seconds, progress))
    if status not in {cp_model.OPTIMAL, cp_model.FEASIBLE, cp_model.UNKNOWN}:
        msg = f"CP-SAT answers {solver.status_name(status)} to a problem that has a schedule of {solution.makespan}"
        raise SolverError(msg)
    result = solution
    if status != cp_model.UNKNOWN and solver.value(made.makespan) * unit < solution.makespan:
        result = _read(solver, made, problem, classes, solution)
    is_optimal = status == cp_model.OPTIMAL
    bound = result.makespan if is_optimal else whole_bound(solver.best_objective_bound) * unit
    flags = {*solution.flags} if is_optimal else {*solution.flags, "time_limited"}
    return evolve(
        result,
        lower_bound=min(max(bound, solution.lower_bound), result.makespan),
        method="cp_sat",
        flags=tuple(sorted(flags)),
    )


def _in_units(problem: Problem, solution: Solution, unit: int) -> tuple[Problem, Solution]:
    """Count time in larger units; starts that are rounded down still keep every rule."""
    if unit == 1:
        return problem, solution
    small = evolve(problem, duration=problem.duration // unit, lag=problem.lag // unit, release=problem.release // unit)
    start = solution.start // unit
    end = int((start + small.duration).max())
    return small, evolve(solution, start=start, makespan=end, lower_bound=min(-(-solution.lower_bound // unit), end))


def ortools() -> Any:
    try:
        cp_model: Any = import_module("ortools.sat.python.cp_model")
    except ImportError:
        msg = "solver=True needs ortools: pip install 'leadkit[solver]'"
        raise ImportError(msg) from None
    return cp_model


def listener(cp_model: Any, seconds: float, progress: Progress | None) -> Any:
    """Make what is told of every improvement."""
    if progress is None:
        return None
    tell, total = progress, max(1, math.ceil(seconds))

    class Listener(cp_model.CpSolverSolutionCallback):  # type: ignore[misc]
        def on_solution_callback(self) -> None:
            tell(min(int(self.wall_time), total), total)

    return Listener()


def whole_bound(bound: float) -> int:
    """Round the solver's bound up, minding that it is a float; without one there is nothing to round."""
    return math.ceil(bound - 1e-6) if math.isfinite(bound) else 0


def _model(cp_model: Any, problem: Problem, classes: Classes, solution: Solution) -> Model:
    """State the problem with the schedule's makespan as the latest end."""
    model = cp_model.CpModel()
    end = solution.makespan
    windows = windows_of(problem)
    makespan = model.new_int_var(solution.lower_bound, end, "")
    start, intervals = _intervals(model, windows, end)
    for begin, length, tail in zip(start, windows.duration.tolist(), windows.tail.tolist(), strict=True):
        model.add(begin + length + tail <= makespan)
    _add_links(model, problem, start)
    # from the makespan to the end everything is taken: so the capacities bear on the makespan itself
    after = model.new_interval_var(makespan, end + 1 - makespan, end + 1, "")
    for r, capacity in enumerate(problem.capacity.tolist()):
        _add_cumulative(model, intervals, problem.demand[:, r].tolist(), after, capacity)
    heads = _add_people(model, cp_model, problem, classes, start, intervals, after)
    if heads:
        limits = limits_of(problem)
        first = int(problem.demand[problem.duration > 0].any(axis=0).sum())
        for k in range(first, min(len(limits.capacity), first + MOST_SCARCE)):
            _add_cumulative(model, intervals, limits.demand[:, k].tolist(), after, int(limits.capacity[k]))
    model.minimize(makespan)
    return Model(model, start, makespan, heads)


def _intervals(model: Any, windows: Windows, end: int) -> tuple[list[Any], list[Any]]:
    """Make a start and an interval for each activity; those without a duration have no interval."""
    start, intervals = [], []
    for head, tail, length in zip(*(values.tolist() for values in windows), strict=True):
        begin = model.new_int_var(head, end - tail - length, "")
        start.append(begin)
        intervals.append(model.new_fixed_size_interval_var(begin, length, "") if length else None)
    return start, intervals


def _add_links(model: Any, problem: Problem, start: Sequence[Any]) -> None:
    duration = problem.duration
    # an end of a link that is a finish lies a duration after the start
    shift = problem.lag + np.where(np.isin(problem.kind, (0, 2)), duration[problem.predecessor], 0)
    shift -= np.where(np.isin(problem.kind, (2, 3)), duration[problem.successor], 0)
    for i, j, least in zip(problem.predecessor.tolist(), problem.successor.tolist(), shift.tolist(), strict=True):
        model.add(start[j] >= start[i] + least)


def _add_cumulative(model: Any, intervals: Sequence[Any], demand: Sequence[int], after: Any, capacity: int) -> None:
    pairs = [(interval, amount) for interval, amount in zip(intervals, demand, strict=True) if interval and amount]
    if pairs:
        model.add_cumulative(
            [*(interval for interval, _ in pairs), after], [*(amount for _, amount in pairs), capacity], capacity
        )


def _add_people(
    model: Any,
    cp_model: Any,
    problem: Problem,
    classes: Classes,
    start: Sequence[Any],
    intervals: Sequence[Any],
    after: Any,
) -> dict[tuple[int, int, int], Any]:
    """Let every need take its heads from classes of people, no class more at a time than it has members."""
    heads: dict[tuple[int, int, int], Any] = {}
    sizes = [len(members) for members in classes.members]
    taken: list[list[tuple[Any, Any]]] = [[] for _ in sizes]
    for i, needs in enumerate(problem.needs):
        if not intervals[i]:
            continue
        by_class: dict[int, list[Any]] = {}
        for k, need in enumerate(needs):
            able = classes.able[need.skills]
            own = {c: model.new_int_var(0, min(need.heads, sizes[c]), "") for c in able}
            model.add(cp_model.LinearExpr.sum(list(own.values())) == need.heads)
            heads.update(((i, k, c), count) for c, count in own.items())
            for c, count in own.items():
                by_class.setdefault(c, []).append(count)
        length = int(problem.duration[i])
        for c, counts in by_class.items():
            if sizes[c] == 1:
                is_in = counts[0] if len(counts) == 1 else model.new_bool_var("")
                if len(counts) > 1:
                    model.add(cp_model.LinearExpr.sum(counts) == is_in)
                taken[c].append((model.new_optional_fixed_size_interval_var(start[i], length, is_in, ""), 1))
            else:
                total = counts[0]
                if len(counts) > 1:
                    total = model.new_int_var(0, sizes[c], "")
                    model.add(cp_model.LinearExpr.sum(counts) == total)
                taken[c].append((intervals[i], total))
    for size, pairs in zip(sizes, taken, strict=True):
        if pairs and size == 1:
            model.add_no_overlap([*(interval for interval, _ in pairs), after])
        elif pairs:
            model.add_cumulative([*(i for i, _ in pairs), after], [*(count for _, count in pairs), size], size)
    return heads


def _hint(made: Model, classes: Classes, solution: Solution) -> None:
    """Tell the solver the schedule that is there."""
    for begin, value in zip(made.start, solution.start.tolist(), strict=True):
        made.model.add_hint(begin, value)
    made.model.add_hint(made.makespan, solution.makespan)
    given = classes.counts(solution.people)
    for key, count in made.heads.items():
        made.model.add_hint(count, given.get(key, 0))


def _read(solver: Any, made: Model, problem: Problem, classes: Classes, solution: Solution) -> Solution:
    """Make a solution of the solver's values."""
    start = [solver.value(begin) * problem.unit for begin in made.start]
    taken: dict[tuple[int, int], int] = {}
    for (i, _, c), count in made.heads.items():
        taken[i, c] = taken.get((i, c), 0) + solver.value(count)
    people = named(problem, classes, start, taken)
    # the solver cares for the end alone and leaves gaps anywhere before it
    start = shifted(problem, start, people)
    makespan = max(begin + length for begin, length in zip(start, problem.duration.tolist(), strict=True))
    return Solution(
        start=start,
        people=people,
        makespan=makespan,
        lower_bound=solution.lower_bound,
        schedules=solution.schedules,
        history=(*solution.history, (solution.schedules, makespan)),
        flags=solution.flags,
    )
