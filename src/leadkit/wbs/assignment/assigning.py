"""Giving work packages to people: the search for an assignment, and the models that come out of it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, NamedTuple

import numpy as np

from leadkit._fields import FrozenMapping, number_faults, whole_number_faults
from leadkit.errors import Fault, PlanError, UnknownIdError
from leadkit.typing import Progress, RNGLike
from leadkit.wbs._checking import expect_kind
from leadkit.wbs.assignment._binding import Binding
from leadkit.wbs.assignment._bounds import earliest_finish
from leadkit.wbs.assignment._expecting import expect_mapping, random_from
from leadkit.wbs.assignment._generating import Generator, Schedule
from leadkit.wbs.assignment._minutes import in_minutes, on_calendar
from leadkit.wbs.assignment._open import FAR, MINUTE, instant, local, moment
from leadkit.wbs.assignment._people import Case
from leadkit.wbs.assignment._searching import CalendarDecoder, preference, raised, settled
from leadkit.wbs.assignment._work import Work, infeasible, read_work
from leadkit.wbs.assignment.checking import check_assignment
from leadkit.wbs.assignment.rows import Assignment, AssignmentRow, ratio
from leadkit.wbs.plan import Plan
from leadkit.wbs.rcpsp import solve
from leadkit.wbs.rcpsp._genetic import evolve

__all__ = ["Found", "assembled", "assign", "checked"]


def assign(
    plan: Plan,
    *,
    schedules: int = 3000,
    rng: RNGLike = 0,
    priority: Mapping[str, float] = FrozenMapping(),
    fixed: Mapping[str, tuple[str, ...]] = FrozenMapping(),
    solver: bool = False,
    solver_seconds: float = 10.0,
    progress: Progress | None = None,
) -> Assignment:
    """Give every work package people who can do it and dates at which they are there, to finish early.

    Parameters
    ----------
    plan : Plan
        What there is to do, and the team.
    schedules : int
        How many schedules to make at most, at least 1; more with the same `rng` are never worse.
    rng : int, SeedSequence or Generator
        Where all chance comes from.
    priority : mapping of str to float
        Work packages to bring forward, the greatest number first, as long as the finish stays as it is. At least 0;
        each costs one or two schedules more.
    fixed : mapping of str to tuple of str
        People that a work package has been given. Fewer than its heads are joined by others.
    solver : bool
        Go on with OR-Tools CP-SAT (extra `[solver]`) from the schedule that was found. The flag `solver_not_used` says
        that the plan is too large for it: see the notes.
    solver_seconds : float
        How long the solver may take. The flag `time_limited` tells that it was stopped.
    progress : Progress, optional
        Told now and then how many of the schedules have been made.

    Returns
    -------
    Assignment
        Checked by `check_assignment`.

    Raises
    ------
    ImportError
        `solver=True` without OR-Tools.
    InfeasibleError
        Somewhere nobody is qualified, too few are, or those who are have no open time together; `reasons` holds all
        cases as (package, need, heads, qualified people, nearest), the last with a level of None where it is not assessed.
    UnknownIdError
        `priority` or `fixed` names something that is not there.
    PlanError
        A fixed person is not qualified, or a parameter is out of range or no such thing at all.
    RuntimeError
        The check found a rule broken: a mistake of ours.

    Notes
    -----
    Deadlines bound nothing: `deadline_missed:<id>` flags a package that finishes after its own, `late_by:<minutes>` a plan
    that does, in working minutes of its calendar.

    A package's minutes pass while its calendar and those of all its people are open; its people are booked from start
    to finish. A package without needs uses nobody. Where a link holds a finish back, what counts is the package's own
    calendar; people who are not there at that time finish in the first minute in which they are.

    A plan on one calendar, in which no lag counts every minute and who does a package does not change how long it takes,
    is solved in working minutes by `leadkit.wbs.solve`. Any other is searched on instants by the
    same genetic algorithm; the people of a package are then those with whom it ends first, of these the ones who are
    sought least elsewhere. The rest of the order of ties: smaller sum of starts, then people by id.

    The solver, too, is told the one in working minutes and the other on a grid of instants, on which all edges of calendars,
    durations and lags lie. On that, it is not used where open time is in more than 100,000 pieces, counted for all
    activities and links, the people of one package can be mixed in more than 500 ways, or a link holds back the finish of
    people with other hours than the package's while something else lies within a minute.

    References
    ----------
    .. [1] S. Hartmann, "A competitive genetic algorithm for resource-constrained project scheduling", Naval Research
       Logistics 45, 1998.
    .. [2] V. Valls, F. Ballestin, S. Quintanilla, "Justification and RCPSP: a technique that pays", European Journal of
       Operational Research 165, 2005.

    Examples
    --------
    >>> from datetime import UTC, datetime
    >>> from leadkit.skills import SkillMatrix
    >>> from leadkit.wbs import Estimate, Group, Link, Need, Person, Plan, Team, Wbs, WorkPackage
    >>> sql, python = Need(skills={"sql": 2}), Need(skills={"python": 1})
    >>> packages = [
    ...     WorkPackage(id="model", estimate=Estimate.fixed(2), needs=[sql]),
    ...     WorkPackage(id="load", estimate=Estimate.fixed(1), needs=[sql, python]),
    ...     WorkPackage(id="page", estimate=Estimate.fixed(1), needs=[python]),
    ... ]
    >>> matrix = SkillMatrix(["ann", "ben"], ["python", "sql"], [[1, 3], [2, 0]])
    >>> plan = Plan(
    ...     wbs=Wbs(root=Group(id="shop", children=packages)),
    ...     start=datetime(2026, 1, 5, 8, tzinfo=UTC),
    ...     links=Link.parse("model", "load"),
    ...     team=Team(people=[Person(id="ann"), Person(id="ben")], skills=matrix),
    ... )
    >>> found = assign(plan)
    >>> for row in found.rows:
    ...     print(row.id, row.people, f"{row.start:%d %H:%M} - {row.finish:%d %H:%M}", row.bound_by)
    model ('ann',) 05 08:00 - 06 17:00 ('start',)
    load ('ann', 'ben') 07 08:00 - 07 17:00 ('FS model', 'person ann')
    page ('ben',) 05 08:00 - 05 17:00 ('start',)
    >>> found.makespan, found.is_proven, found.calendar_load()[1]["share"]
    (1440, True, 0.6666666666666666)
    """
    expect_kind(plan, Plan)
    _check_numbers(schedules, solver_seconds)
    random = random_from(rng)
    wanted = _priority(plan, priority)
    work = read_work(plan, fixed)
    generator = Generator(work, work.clock)
    decoder = CalendarDecoder(generator)
    bound = earliest_finish(work, decoder.early_start, decoder.early_finish)
    found = _searched(work, decoder, bound, schedules, random, solver, solver_seconds, progress)
    _expect_dates(work, found.made)
    if wanted:
        place = {task.id: j for j, task in enumerate(work.tasks)}
        made, more = raised(decoder, found.made, {place[own]: value for own, value in wanted.items()})
        found = found._replace(made=made, schedules=found.schedules + more)
    return checked(plan, assembled(generator, found))


class Found(NamedTuple):
    """A schedule, and what is known of it."""

    made: Schedule
    bound: int
    method: str
    schedules: int
    flags: tuple[str, ...] = ()
    is_uniform: bool = False


def assembled(generator: Generator, found: Found) -> Assignment:
    """Build the result from a schedule."""
    work, plan = generator.work, generator.work.plan
    made, zone = found.made, plan.calendar.tz
    end = max(made.finish, default=work.start)
    makespan, lower_bound = (-(-generator.plan_line.worked(t) // MINUTE) for t in (end, min(found.bound, end)))
    binding = Binding(generator, made)
    place = {task.id: j for j, task in enumerate(work.tasks)}
    rows = [
        AssignmentRow(
            id=own,
            code=plan.code(own),
            people=[work.staff.ids[person] for person in made.people[j]],
            start=local(made.start[j], zone),
            finish=local(made.finish[j], zone),
            minutes=0 if work.tasks[j].is_point else generator.way(j, made.people[j]).work // MINUTE,
            bound_by=binding.words(j),
        )
        for own, j in ((own, place[own]) for own in plan.activities)
    ]
    load = _load(generator, made, end)
    return Assignment(
        rows=rows,
        finish=local(end, zone),
        makespan=makespan,
        lower_bound=lower_bound,
        gap=ratio(makespan, lower_bound),
        is_proven=end <= found.bound or (found.is_uniform and makespan == lower_bound),
        method=found.method,
        schedules=found.schedules,
        load=load,
        bottleneck=binding.bottleneck({record["person"]: record["share"] for record in load}),
        flags=(*plan.flags, *found.flags, *_missed(plan, rows, end)),
        plan=plan,
    )


def checked(plan: Plan, assignment: Assignment) -> Assignment:
    """Let nothing out that breaks a rule."""
    faults = check_assignment(plan, assignment)
    if faults:
        msg = f"the assignment breaks rules of the plan: {'; '.join(faults)}"
        raise RuntimeError(msg)
    return assignment


def _searched(
    work: Work,
    decoder: CalendarDecoder,
    bound: int,
    schedules: int,
    rng: np.random.Generator,
    solver: bool,  # noqa: FBT001 - handed on
    solver_seconds: float,
    progress: Progress | None,
) -> Found:
    """Search in working minutes where they say it all, else on instants."""
    generator = decoder.generator
    steps = in_minutes(work, generator)
    if steps is None:
        found = evolve(
            decoder,
            schedules=schedules,
            rng=rng,
            target=bound - work.start,
            prefer=preference,
            progress=progress,
        )
        made = Schedule(found.best.start, found.best.finish, found.best.choice)
        first = Found(made, bound, "ga", found.schedules)
        return _improved(generator, first, solver_seconds, progress) if solver else first
    solution = solve(
        steps.problem,
        schedules=schedules,
        rng=rng,
        solver=solver,
        solver_seconds=solver_seconds,
        progress=progress,
    )
    made = settled(generator, on_calendar(work, generator, steps, solution))
    least = generator.plan_line.end(solution.lower_bound * steps.minutes * MINUTE, generator.low)
    return Found(made, max(bound, least), solution.method, solution.schedules, solution.flags, is_uniform=True)


def _improved(generator: Generator, found: Found, seconds: float, progress: Progress | None) -> Found:
    """Let the solver go on, unless there are no dates to begin with or the plan is too large for it."""
    from leadkit.wbs.assignment._cpsat import improve

    _expect_dates(generator.work, found.made)
    answer = improve(generator, found.made, found.bound, seconds=seconds, progress=progress)
    if answer is None:
        return found._replace(flags=("solver_not_used",))
    flags = ("time_limited",) if answer.is_limited else ()
    return found._replace(made=answer.made, bound=answer.bound, method="cp_sat", flags=flags)


def _expect_dates(work: Work, made: Schedule) -> None:
    """Refuse a schedule in which some work finds no time before the calendars end."""
    cases = [
        Case((task.id, None, task.heads, (), None), f"work package {task.id!r} finds no common open time that is left")
        for task, finish in zip(work.tasks, made.finish, strict=True)
        if finish >= FAR
    ]
    if cases:
        raise infeasible(cases)


def _load(generator: Generator, made: Schedule, end: int) -> list[FrozenMapping[str, Any]]:
    """Count for each person the open and the assigned minutes."""
    work = generator.work
    assigned = [0] * len(work.staff.ids)
    for j, people in enumerate(made.people):
        for person in people:
            assigned[person] += generator.way(j, people).work
    records = []
    for person, own in enumerate(work.staff.ids):
        opened = work.clock.shared([work.staff.calendars[person]]).worked(end)
        share = assigned[person] / opened if opened else math.nan
        minutes = {"open": opened // MINUTE, "assigned": assigned[person] // MINUTE}
        records.append(FrozenMapping({"person": own, **minutes, "share": share}))
    return records


def _missed(plan: Plan, rows: list[AssignmentRow], end: int) -> list[str]:
    """Flag deadlines of packages and of the plan that are not kept."""
    due = {package.id: package.deadline for package in plan.wbs.packages if package.deadline is not None}
    flags = [f"deadline_missed:{row.id}" for row in rows if row.id in due and row.finish > due[row.id]]
    if plan.deadline is not None and instant(plan.deadline) < end:
        late = -(-plan.calendar.elapsed(plan.deadline, moment(end)) // timedelta(minutes=1))
        flags.append(f"late_by:{late}")
    return flags


def _check_numbers(schedules: object, solver_seconds: object) -> None:
    faults = whole_number_faults(schedules, "schedules")
    if not faults and schedules < 1:  # type: ignore[operator]
        faults.append(Fault("schedules", f"expected at least 1, got {schedules!r}"))
    faults += number_faults(solver_seconds, "solver_seconds", above=0)
    if faults:
        raise PlanError.from_faults(faults)


def _priority(plan: Plan, priority: Mapping[str, float]) -> dict[str, float]:
    """Check the priorities; all that is wrong in one error."""
    expect_mapping(priority, "priority", "numbers")
    known = {package.id for package in plan.wbs.packages}
    unknown = [
        Fault("priority", str(UnknownIdError.of(own, known, kind="work package")))
        for own in priority
        if own not in known
    ]
    if unknown:
        raise UnknownIdError.from_faults(unknown)
    faults = []
    for own in sorted(priority):
        of_value = number_faults(priority[own], f"priority[{own!r}]")
        if not of_value and priority[own] < 0:
            of_value = [Fault(f"priority[{own!r}]", f"expected at least 0, got {priority[own]!r}")]
        faults += of_value
    if faults:
        raise PlanError.from_faults(faults)
    return {own: float(value) for own, value in priority.items()}
