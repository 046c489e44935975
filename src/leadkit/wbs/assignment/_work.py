"""A plan as the generators of schedules read it: activities with the crews that can do them, links, people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from attrs import evolve, frozen

from leadkit.calendars import WorkCalendar
from leadkit.errors import Fault, InfeasibleError, PlanError, UnknownIdError
from leadkit.wbs.assignment._expecting import expect_mapping
from leadkit.wbs.assignment._open import DAY, FAR, MINUTE, Clock, instant
from leadkit.wbs.assignment._people import Case, Slots, Staff, chosen
from leadkit.wbs.plan import Plan
from leadkit.wbs.structure import WorkPackage

Fixed = Mapping[str, tuple[str, ...]]


class Crew(NamedTuple):
    """Some people who can do an activity together, and how long they take [min]."""

    members: tuple[int, ...]
    minutes: int


class Tie(NamedTuple):
    """A link: activities, index into `LINK_KINDS`, lag [us], and whether every minute of it counts."""

    predecessor: int
    successor: int
    kind: int
    lag: int
    elapsed: bool


@frozen(kw_only=True, eq=False)
class Task:
    """One activity.

    Parameters
    ----------
    id : str
        Of the package, hand-over or gate.
    package : WorkPackage or None
        None for hand-overs and gates.
    calendar : WorkCalendar
        On which it is done.
    not_before : int or None
        Bound on its start [us].
    is_point : bool
        Whether it takes no time.
    minutes : int
        Its working time before anybody is given to it [min].
    slots : sequence
        Who can do each need; empty where nobody is needed.
    given : tuple of int
        People it has been given.
    crews : tuple of Crew or None
        Everybody who can do it; one crew without members where nobody is needed, none for a point in time, None where
        there are too many to list.
    pools : tuple of frozenset of WorkCalendar
        Where crews are not listed, the largest sets of calendars that are open at one time with people enough.
    """

    id: str
    package: WorkPackage | None
    calendar: WorkCalendar
    not_before: int | None
    is_point: bool
    minutes: int
    slots: Slots = ()
    given: tuple[int, ...] = ()
    crews: tuple[Crew, ...] | None = ()
    pools: tuple[frozenset[WorkCalendar], ...] = ()

    @property
    def heads(self) -> int:
        """How many people it takes."""
        return sum(heads for _, heads in self.slots)


@frozen(kw_only=True, eq=False)
class Work:
    """A plan with its activities in the order of their ids."""

    plan: Plan
    staff: Staff
    start: int
    tasks: tuple[Task, ...]
    ties: tuple[Tie, ...]
    clock: Clock

    @property
    def n(self) -> int:
        """Number of activities."""
        return len(self.tasks)

    def calendars(self, task: int, members: Sequence[int]) -> list[WorkCalendar]:
        """List the calendars that have to be open for some people to do an activity."""
        return [self.tasks[task].calendar, *(self.staff.calendars[person] for person in members)]


def read_work(plan: Plan, fixed: Fixed) -> Work:
    """Read a plan; work that nobody can do is an `InfeasibleError` with all cases at once."""
    staff = Staff(plan)
    given = _given(plan, staff, fixed)
    start = instant(plan.start)
    clock = Clock(start)
    network = plan.network()
    minutes = dict(zip(network.ids, network.duration.tolist(), strict=True))
    ids = sorted(network.ids)
    place = {own: i for i, own in enumerate(ids)}
    cases: list[Case] = []
    tasks = []
    for own in ids:
        task = _task(plan, staff, own, minutes[own], given.get(own, ()))
        found = list(_shortages(task, staff, clock))
        if task.slots and task.package is not None and not found:
            package, task = task.package, _possible(task, staff, clock)
            if not (task.crews or task.pools):
                found = [_apart(task, package, staff, clock)]
        cases += found
        tasks.append(task)
    if cases:
        raise infeasible(cases)
    columns = (network.predecessor, network.successor, network.kind, network.lag, network.elapsed)
    ties = sorted(
        Tie(place[network.ids[i]], place[network.ids[j]], kind, lag * MINUTE, elapsed)
        for i, j, kind, lag, elapsed in zip(*(column.tolist() for column in columns), strict=True)
    )
    return Work(plan=plan, staff=staff, start=start, tasks=tuple(tasks), ties=tuple(ties), clock=clock)


def infeasible(cases: Sequence[Case]) -> InfeasibleError:
    """Build the error that lists everything that stands in the way."""
    error = InfeasibleError.from_faults(Fault("", case.message) for case in cases)
    error.reasons = tuple(case.reason for case in cases)
    return error


def _task(plan: Plan, staff: Staff, own: str, minutes: int, given: tuple[int, ...]) -> Task:
    package = plan.package(own)
    task = Task(
        id=own,
        package=package,
        calendar=plan.calendar_of(own),
        not_before=None if package is None or package.not_before is None else instant(package.not_before),
        is_point=minutes == 0,
        minutes=minutes,
    )
    if package is None or minutes == 0:
        return task
    if not package.needs:
        return evolve(task, crews=(Crew((), minutes),))
    slots = staff.slots(package)
    listed = staff.crews(slots, given)
    crews = None if listed is None else tuple(Crew(crew, staff.minutes(package, crew)) for crew in listed)
    return evolve(task, slots=slots, given=given, crews=crews)


def _shortages(task: Task, staff: Staff, clock: Clock) -> Iterator[Case]:
    """Find what keeps an activity from ever being done, whoever is there when."""
    if task.package is None or task.is_point:
        return
    if task.slots:
        yield from staff.shortages(task.package)
    elif clock.shared([task.calendar]).opening(clock.low) == FAR:
        yield Case((task.id, None, 0, (), None), f"work package {task.id!r} has a calendar that is never open")


def _possible(task: Task, staff: Staff, clock: Clock) -> Task:
    """Keep the crews that have time enough together; where crews are not listed, find out who is there at one time."""
    since = max(clock.low, task.not_before or clock.low)
    if task.crews is None:
        return evolve(task, pools=tuple(_pools(task, staff, clock, since)))
    crews = []
    for crew in task.crews:
        line = clock.shared([task.calendar, *(staff.calendars[person] for person in crew.members)])
        if line.end(line.worked(since) + crew.minutes * MINUTE, since) < FAR:
            crews.append(crew)
    return evolve(task, crews=tuple(crews))


def _apart(task: Task, package: WorkPackage, staff: Staff, clock: Clock) -> Case:
    """Tell that those who can do an activity are never there together, or not for long enough."""
    people = sorted(frozenset().union(*(able for able, _ in task.slots)))
    idle = [staff.ids[p] for p in people if clock.shared([staff.calendars[p]]).opening(clock.low) == FAR]
    told = f", {', '.join(idle)} without any working time" if idle else ""
    return staff.case(package, package.needs, f"has {{n}} with no common open time{told}")


def _pools(task: Task, staff: Staff, clock: Clock, since: int) -> list[frozenset[WorkCalendar]]:
    """Find the largest sets of calendars that are open at one time with people enough for an activity."""
    people = sorted(frozenset().union(*(able for able, _ in task.slots)))
    calendars = list({staff.calendars[person]: None for person in people})
    for days in (3 * 366, max(calendar.horizon_days for calendar in (task.calendar, *calendars))):
        edges: dict[int, list[tuple[int, int]]] = {}
        for k, calendar in enumerate(calendars):
            for opens, closes in clock.shared([task.calendar, calendar]).spans(since, since + days * DAY):
                edges.setdefault(opens, []).append((k, 1))
                edges.setdefault(closes, []).append((k, -1))
        seen: dict[frozenset[int], None] = {}
        now: set[int] = set()
        for edge in sorted(edges):
            now = now - {k for k, step in edges[edge] if step < 0} | {k for k, step in edges[edge] if step > 0}
            seen.setdefault(frozenset(now))
        largest = [one for one in seen if not any(one < other for other in seen)]
        sets = [frozenset(calendars[k] for k in one) for one in largest]
        found = [own for own in sets if team_of([p for p in people if staff.calendars[p] in own], task) is not None]
        if found:
            return found
    return []


def team_of(people: Sequence[int], task: Task) -> list[int] | None:
    """Choose a team with everybody the activity has been given, the others in the order of preference."""
    if not set(task.given) <= set(people):
        return None
    return chosen([*task.given, *(person for person in people if person not in task.given)], task.slots)


def _given(plan: Plan, staff: Staff, fixed: Fixed) -> dict[str, tuple[int, ...]]:
    """Check the people that packages have been given; all that is wrong in one error."""
    expect_mapping(fixed, "fixed", "lists of people")
    packages = {package.id: package for package in plan.wbs.packages}
    place = {own: person for person, own in enumerate(staff.ids)}
    faults: list[Fault] = []
    unknown: list[Fault] = []
    found: dict[str, tuple[int, ...]] = {}
    for own in sorted(fixed, key=str):
        where = f"fixed[{own!r}]"
        if own not in packages:
            unknown.append(Fault(where, str(UnknownIdError.of(own, packages, kind="work package"))))
            continue
        named: object = fixed[own]
        names = None if isinstance(named, str) or not isinstance(named, Iterable) else tuple(named)
        if names is None or not all(isinstance(name, str) for name in names):
            faults.append(Fault(where, f"expected a list of people, got {named!r}"))
            continue
        strange = [name for name in names if name not in place]
        unknown += [Fault(where, str(UnknownIdError.of(name, place, kind="person"))) for name in strange]
        if not strange:
            people = tuple(sorted(place[name] for name in names))
            faults += _misfits(packages[own], staff, people, where)
            found[own] = people
    if unknown:
        raise UnknownIdError.from_faults([*unknown, *faults])
    if faults:
        raise PlanError.from_faults(faults)
    return found


def _misfits(package: WorkPackage, staff: Staff, people: tuple[int, ...], where: str) -> Iterator[Fault]:
    """List what is wrong with the people given to a package."""
    slots = staff.slots(package)
    heads = sum(need.heads for need in package.needs)
    if len(set(people)) < len(people):
        yield Fault(where, "somebody is there twice")
    elif len(people) > heads:
        yield Fault(where, f"{len(people)} people for a work package that needs {heads}")
    else:
        unfit = [person for person in people if not any(person in able for able, _ in slots)]
        for person in unfit:
            lacks = staff.lacking(person, package.needs)
            yield Fault(
                where, f"person {staff.ids[person]!r} is not qualified for work package {package.id!r}: has {lacks}"
            )
        if not unfit and len(_most(people, slots)) < len(people):
            names = ", ".join(repr(staff.ids[person]) for person in people)
            yield Fault(where, f"{names} cannot be divided among the needs of work package {package.id!r}")


def _most(people: Sequence[int], slots: Slots) -> list[int]:
    """Choose as many of some people as slots have room for together."""
    filler = range(-1, -1 - sum(heads for _, heads in slots), -1)
    open_slots = tuple((able | frozenset(filler), heads) for able, heads in slots)
    team = chosen([*people, *filler], open_slots) or []
    return [person for person in team if person >= 0]
