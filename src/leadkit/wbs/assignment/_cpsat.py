"""OR-Tools CP-SAT on a plan with calendars, from a schedule that is there already; it may improve or prove, never worsen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from leadkit.errors import SolverError
from leadkit.typing import Progress
from leadkit.wbs.assignment._generating import Generator, Schedule
from leadkit.wbs.assignment._grid import Choice, Grid, Piece, choice_of, grid_of
from leadkit.wbs.assignment._searching import settled
from leadkit.wbs.rcpsp._cpsat import SEED, listener, ortools, whole_bound

__all__ = ["Answer", "improve"]

MOST_PIECES: Final = 100_000
"""A plan whose calendars cut it into more pieces is not told to the solver."""


class Answer(NamedTuple):
    """A schedule, an instant before which none finishes [us], and whether the clock stopped the search."""

    made: Schedule
    bound: int
    is_limited: bool


class Model(NamedTuple):
    """The model of a plan, and the variables that are read back."""

    model: Any
    start: list[Any]
    finish: list[Any]
    end: Any
    people: list[dict[int, Any]]


def improve(
    generator: Generator, made: Schedule, bound: int, *, seconds: float, progress: Progress | None = None
) -> Answer | None:
    """Let CP-SAT look for an earlier finish and for a proof that there is none.

    Parameters
    ----------
    generator : Generator
        Knows links and calendars.
    made : Schedule
        Where the solver begins, and what it must beat.
    bound : int
        An instant before which no schedule finishes [us].
    seconds : float
        How long it may take [s], above 0.
    progress : Progress, optional
        Told at each improvement how many of the seconds have passed.

    Returns
    -------
    Answer or None
        None where the plan is too large to be told: too many pieces of open time, or too many mixes of people.

    Raises
    ------
    ImportError
        OR-Tools is not installed.
    SolverError
        The solver refuses the model or contradicts the schedule.

    Notes
    -----
    Time is counted on the coarsest grid on which all edges of calendars, durations, lags and bounds lie. Any schedule can
    be pulled earlier until it lies there, so nothing is lost. What a start leads to is told by pieces: the starts from
    which the work lasts equally long, nights and weekends between counted.
    """
    cp_model = ortools()
    last = max(made.finish, default=generator.low)
    if last <= bound:
        return Answer(made, bound, is_limited=False)
    choices = _choices(generator)
    grid = None if choices is None else grid_of(generator, choices, last)
    if choices is None or grid is None or _size(grid, choices) > MOST_PIECES:
        return None
    built = _model(cp_model, grid, choices, max(grid.point(bound), 0))
    _hint(built, grid, made)
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = seconds
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = SEED
    status = solver.solve(built.model, listener(cp_model, seconds, progress))
    if status not in {cp_model.OPTIMAL, cp_model.FEASIBLE, cp_model.UNKNOWN}:
        msg = f"CP-SAT answers {solver.status_name(status)} to a plan that has a schedule"
        raise SolverError(msg)
    if status != cp_model.UNKNOWN and grid.instant(solver.value(built.end)) < last:
        made = settled(generator, _read(solver, built, grid))
    least = grid.instant(whole_bound(solver.best_objective_bound))
    return Answer(made, max(bound, least), is_limited=status != cp_model.OPTIMAL)


def _choices(generator: Generator) -> list[Choice | None] | None:
    """Find out who can do each activity; None for points in time, and instead of all where one has too many mixes."""
    found: list[Choice | None] = []
    for j, task in enumerate(generator.work.tasks):
        choice = None if task.is_point else choice_of(generator, j)
        if choice is None and not task.is_point:
            return None
        found.append(choice)
    return found


def _size(grid: Grid, choices: Sequence[Choice | None]) -> int:
    """Count the pieces of open time and of lags; stops counting where there are too many."""
    total = 0
    for j, choice in enumerate(choices):
        tables = {grid.starts(mix.way) for mix in choice.mixes} if choice is not None else set()
        total += sum(map(len, tables))
        total += sum(len(grid.lag(into, j)) for into in grid.generator.into[j])
        if total > MOST_PIECES:
            break
    return total


def _model(cp_model: Any, grid: Grid, choices: Sequence[Choice | None], bound: int) -> Model:
    """State the plan with the end of the grid as the latest finish."""
    model = cp_model.CpModel()
    end = model.new_int_var(min(bound, grid.end), grid.end, "")
    start: list[Any] = []
    finish: list[Any] = []
    people: list[dict[int, Any]] = []
    # from the finish of the whole to the end of the grid everybody is taken
    after = model.new_interval_var(end, grid.end + 1 - end, grid.end + 1, "")
    taken: dict[int, list[Any]] = {}
    for choice, release in zip(choices, map(grid.point, grid.generator.release), strict=True):
        begin = model.new_int_var(release, grid.end, "")
        done: Any = begin
        own: dict[int, Any] = {}
        if choice is not None:
            done, length = (model.new_int_var(0, grid.end, "") for _ in range(2))
            model.add(begin + length == done)
            own = _add_people(model, choice, grid.generator.work.tasks[len(start)].given)
            _add_times(model, cp_model, grid, choice, own, begin, length)
            for person, is_in in own.items():
                interval = model.new_optional_interval_var(begin, length, done, is_in, "")
                taken.setdefault(person, [after]).append(interval)
        model.add(done <= end)
        start.append(begin)
        finish.append(done)
        people.append(own)
    for intervals in taken.values():
        model.add_no_overlap(intervals)
    _add_links(model, cp_model, grid, start, finish)
    model.minimize(end)
    return Model(model, start, finish, end, people)


def _add_people(model: Any, choice: Choice, given: Sequence[int]) -> dict[int, Any]:
    """Let every need take its heads from those who can do it, nobody twice."""
    is_in = {person: model.new_bool_var("") for members in choice.classes for person in members}
    parts: dict[int, list[Any]] = {person: [] for person in is_in}
    for able, heads in choice.slots:
        own = {person: model.new_bool_var("") for person in sorted(able)}
        model.add(sum(own.values()) == heads)
        for person, part in own.items():
            parts[person].append(part)
    for person, own_parts in parts.items():
        model.add(sum(own_parts) == is_in[person])
    for person in given:
        model.add(is_in[person] == 1)
    return is_in


def _add_times(
    model: Any, cp_model: Any, grid: Grid, choice: Choice, people: dict[int, Any], begin: Any, length: Any
) -> None:
    """Let who does an activity say when it can start, and its start how long it lasts."""
    by_table: dict[tuple[Piece, ...], list[Any]] = {}
    for mix in choice.mixes:
        is_mix = model.new_bool_var("")
        by_table.setdefault(grid.starts(mix.way), []).append(is_mix)
        for members, many in zip(choice.classes, mix.counts, strict=True):
            model.add(sum(people[person] for person in members) == many).only_enforce_if(is_mix)
    model.add_exactly_one(is_mix for group in by_table.values() for is_mix in group)
    for table, group in by_table.items():
        lasting = []
        for (_, shift), stretches in _grouped(table).items():
            is_so = model.new_bool_var("")
            _keep_within(model, cp_model, begin, stretches, is_so)
            model.add(length == shift).only_enforce_if(is_so)
            lasting.append(is_so)
        model.add(sum(lasting) == sum(group))


def _add_links(model: Any, cp_model: Any, grid: Grid, start: Sequence[Any], finish: Sequence[Any]) -> None:
    tasks = grid.generator.work.tasks
    for j, own in enumerate(grid.generator.into):
        for into in own:
            since = (start if into.from_start else finish)[into.other]
            until = (finish if into.to_finish else start)[j]
            if (into.elapsed or not into.lag) and (tasks[j].is_point or not into.to_finish):
                model.add(until >= since + into.lag // grid.unit)
                continue
            literals = []
            for (slope, shift), stretches in _grouped(grid.lag(into, j)).items():
                is_so = model.new_bool_var("")
                _keep_within(model, cp_model, since, stretches, is_so)
                model.add(until >= slope * since + shift).only_enforce_if(is_so)
                literals.append(is_so)
            model.add_exactly_one(literals)


def _grouped(table: Sequence[Piece]) -> dict[tuple[int, int], list[list[int]]]:
    """Put the pieces that lead to the same together."""
    found: dict[tuple[int, int], list[list[int]]] = {}
    for piece in table:
        found.setdefault((piece.slope, piece.shift), []).append([piece.low, piece.high])
    return found


def _keep_within(model: Any, cp_model: Any, variable: Any, stretches: list[list[int]], literal: Any) -> None:
    domain = cp_model.Domain.from_intervals(stretches)
    model.add_linear_expression_in_domain(variable, domain).only_enforce_if(literal)


def _hint(built: Model, grid: Grid, made: Schedule) -> None:
    """Tell the solver the schedule that is there."""
    model = built.model
    model.add_hint(built.end, grid.end)
    for j, (begin, done) in enumerate(zip(built.start, built.finish, strict=True)):
        model.add_hint(begin, grid.point(made.start[j]))
        if built.people[j] or done is not begin:
            model.add_hint(done, grid.point(made.finish[j]))
        for person, is_in in built.people[j].items():
            model.add_hint(is_in, int(person in made.people[j]))


def _read(solver: Any, built: Model, grid: Grid) -> Schedule:
    """Make a schedule of the solver's values."""
    start = [grid.instant(solver.value(begin)) for begin in built.start]
    finish = [grid.instant(solver.value(done)) for done in built.finish]
    people = [tuple(sorted(p for p, is_in in own.items() if solver.value(is_in))) for own in built.people]
    return Schedule(start, finish, people)
