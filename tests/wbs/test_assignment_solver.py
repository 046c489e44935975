from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import combinations
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from leadkit import samples
from leadkit.calendars import Never, WorkCalendar
from leadkit.errors import InfeasibleError, SolverError
from leadkit.skills import SkillMatrix
from leadkit.testing.wbs import plans
from leadkit.wbs.assignment import _cpsat, _grid, assign, check_assignment
from leadkit.wbs.assignment._generating import Generator, Into
from leadkit.wbs.assignment._open import FAR, instant
from leadkit.wbs.assignment._work import read_work
from leadkit.wbs.estimates import Estimate
from leadkit.wbs.plan import Gate, Lag, Link, Person, Plan, Team
from leadkit.wbs.structure import Group, Need, Wbs, WorkPackage

needs_ortools = pytest.mark.skipif(importlib.util.find_spec("ortools") is None, reason="OR-Tools is not installed")

DAYS = WorkCalendar.weekly({"mon-fri": "08:00-12:00, 13:00-17:00"}, zone="UTC")
MORNINGS = WorkCalendar.weekly({"mon-fri": "08:00-12:00"}, zone="UTC")
NIGHTS = WorkCalendar.weekly({"mon-fri": "20:00-02:00"}, zone="UTC")
MONDAY = datetime(2026, 1, 5, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)
ANYBODY = (Need(skills={}),)
BOTH = (Need(skills={}, heads=2),)
SQL = (Need(skills={"sql": 1}),)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 1, day, hour, minute, tzinfo=UTC)


def package(own: str, hours: float, needs: tuple[Need, ...] = ANYBODY, **more: Any) -> WorkPackage:
    return WorkPackage(id=own, estimate=Estimate.fixed(hours, unit="h"), needs=needs, **more)


def plan_of(*packages: WorkPackage, people: tuple[Person, ...], links: tuple[Link, ...] = (), **more: Any) -> Plan:
    levels = [[float(k == 0)] for k in range(len(people))]
    made = {"start": MONDAY, "calendar": DAYS, **more}
    return Plan(
        wbs=Wbs(root=Group(id="root", children=packages)),
        links=links,
        team=Team(people=people, skills=SkillMatrix([person.id for person in people], ["sql"], levels)),
        **made,
    )


def knapsack(**more: Any) -> Plan:
    """Give a plan that one schedule of the search does not solve: the work fits two people only if it is divided well."""
    people = (Person(id="ann"), Person(id="ben", calendar=DAYS.with_(closures=[(at(5, 9), at(5, 10))])))
    return plan_of(*(package(f"w{k}", hours) for k, hours in enumerate((5, 5, 4, 4, 3, 3, 3))), people=people, **more)


# every start and everybody


class Hours:
    """A plan by the hour, tried out without any of the code that is tested."""

    def __init__(self, plan: Plan, end: datetime) -> None:
        self.plan, self.n = plan, (end - MONDAY) // HOUR
        self.packages = plan.wbs.packages
        people = {person.id: person.calendar or plan.calendar for person in plan.team.people}
        self.opened = {own: self._open(calendar) for own, calendar in people.items()}
        self.own = {package.id: self._open(plan.calendar_of(package.id)) for package in self.packages}

    def _open(self, calendar: WorkCalendar) -> list[bool]:
        return [calendar.is_open(MONDAY + k * HOUR) for k in range(self.n)]

    def crews(self, package: WorkPackage) -> Iterator[tuple[str, ...]]:
        heads = sum(need.heads for need in package.needs)
        for crew in combinations(self.opened, heads):
            if all(not need.skills or "p0" in crew for need in package.needs):
                yield crew

    def ways(self, package: WorkPackage) -> Iterator[tuple[int, int, tuple[str, ...]]]:
        """List every start, finish and crew."""
        for crew in self.crews(package):
            units = [self.plan.person(own).units for own in crew] or [1.0]
            hours = package.estimate.minutes() / 60 if package.estimate else 0.0
            length = hours / (sum(units) if package.basis == "effort" else min(units))
            columns = [self.own[package.id], *(self.opened[own] for own in crew)]
            for start in range(self.n):
                if not all(column[start] for column in columns):
                    continue
                worked = 0
                for k in range(start, self.n):
                    worked += all(column[k] for column in columns)
                    if worked == length:
                        yield start, k + 1, crew
                        break

    def keeps(self, link: Link, first: tuple[int, int], second: tuple[int, int]) -> bool:
        since = MONDAY + first[link.kind[0] == "F"] * HOUR
        lag = timedelta(minutes=int(link.lag.amount))
        due: datetime | Never = since + lag
        if lag and not link.lag.elapsed:
            due = self.plan.calendar.add(since, lag, side="start" if link.kind[1] == "S" else "finish")
        if isinstance(due, Never):
            return lag < timedelta(0)
        if link.kind[1] == "S":
            return MONDAY + second[0] * HOUR >= due
        finish = MONDAY + second[1] * HOUR
        return not self.plan.calendar_of(link.successor).elapsed(finish, max(due, finish))

    def can_finish(self) -> bool:
        """Tell whether everything fits before the end."""
        into: dict[str, list[Link]] = {package.id: [] for package in self.packages}
        for link in self.plan.links:
            into[link.successor].append(link)
        stack: list[list[tuple[int, int, tuple[str, ...]]]] = [[]]
        lists = [list(self.ways(package)) for package in self.packages]
        place = {package.id: j for j, package in enumerate(self.packages)}
        while stack:
            made = stack.pop()
            if len(made) == len(lists):
                return True
            own = self.packages[len(made)].id
            for way in lists[len(made)]:
                is_free = all(not set(way[2]) & set(b[2]) or way[1] <= b[0] or b[1] <= way[0] for b in made)
                if is_free and all(self.keeps(link, made[place[link.predecessor]][:2], way[:2]) for link in into[own]):
                    stack.append([*made, way])
        return False


@st.composite
def hourly(draw: st.DrawFn) -> Plan:
    """Draw three packages on hours of part-time, night and office calendars."""
    needs = [draw(st.sampled_from(((), ANYBODY, ANYBODY, SQL, BOTH))) for _ in range(3)]
    packages = [
        package(
            f"w{k}",
            6 if needs[k] is BOTH else draw(st.sampled_from((2, 4, 6))),
            needs[k],
            basis=draw(st.sampled_from(("duration", "effort"))),
            calendar=draw(st.sampled_from((None, "always", "always", "mornings"))),
        )
        for k in range(3)
    ]
    links = []
    for i, j in combinations(range(3), 2):
        if draw(st.booleans()):
            kinds = ("FS", "SS") if packages[j].needs else ("FF", "SF")
            hours, elapsed = draw(st.sampled_from(((0, False), (2, False), (-3, False), (3, True), (14, True))))
            links.append(
                Link(
                    predecessor=f"w{i}",
                    successor=f"w{j}",
                    kind=draw(st.sampled_from(kinds)),
                    lag=Lag.minutes(hours * 60, elapsed=elapsed),
                )
            )
    calendars = (None, MORNINGS, NIGHTS, WorkCalendar.always())
    people = tuple(
        Person(id=f"p{k}", calendar=draw(st.sampled_from(calendars)), units=draw(st.sampled_from((1.0, 0.5))))
        for k in range(2)
    )
    return plan_of(
        *packages, people=people, links=tuple(links), calendars={"always": WorkCalendar.always(), "mornings": MORNINGS}
    )


@needs_ortools
@settings(max_examples=25, deadline=None)
@given(hourly())
def test_nothing_finishes_before_what_the_solver_proves(plan: Plan) -> None:
    try:
        found = assign(plan, schedules=1, solver=True, solver_seconds=60)
    except InfeasibleError:
        assume(False)
    assert (found.method, found.flags) == ("cp_sat", ())
    assert found.is_proven
    if found.finish < at(10, 8):
        assert Hours(plan, found.finish).can_finish()
        assert not Hours(plan, found.finish - HOUR).can_finish()


@needs_ortools
@settings(max_examples=10, deadline=None)
@given(plans(most=4))
def test_the_solver_is_never_worse_than_the_search(plan: Plan) -> None:
    try:
        first = assign(plan, schedules=5)
    except InfeasibleError:
        assume(False)
    found = assign(plan, schedules=5, solver=True, solver_seconds=60)
    assert found.finish <= first.finish
    assert found.lower_bound >= first.lower_bound
    assert check_assignment(plan, found) == ()


# pieces


@settings(max_examples=25, deadline=None)
@given(hourly(), st.sampled_from((0, 120, -180, 480)), st.booleans(), st.booleans())
def test_pieces_say_what_the_calendars_say(plan: Plan, lag: int, elapsed: bool, to_finish: bool) -> None:
    try:
        work = read_work(plan, {})
    except InfeasibleError:
        assume(False)
    generator = Generator(work, work.clock)
    unit, end = 60 * 60_000_000, instant(at(8, 17))
    grid = _grid.Grid(generator, unit, end)
    points = range(grid.end + 1)
    for j in range(work.n):
        choice = _grid.choice_of(generator, j)
        assert choice is not None
        for mix in choice.mixes:
            told = dict(said(grid.starts(mix.way)))
            for point in points:
                t = grid.instant(point)
                finish = generator.finish_of(mix.way, t) if mix.way.line.opening(t) == t else FAR
                assert told.get(point) == (grid.point(finish) if finish <= end else None)
        into = Into(0, from_start=False, to_finish=to_finish, lag=lag * 60_000_000, elapsed=elapsed)
        told = dict(said(grid.lag(into, j)))
        for point in points:
            due = generator.lagged(into, [grid.instant(point)], [grid.instant(point)])
            bound = generator.target(j, due) if to_finish else due
            assert told.get(point) == (grid.point(bound) if bound <= end else None)


def said(table: tuple[_grid.Piece, ...]) -> Iterator[tuple[int, int]]:
    for piece in table:
        for point in range(piece.low, piece.high + 1):
            yield point, piece.slope * point + piece.shift


# worked by hand


@needs_ortools
def test_the_solver_divides_work_well_and_proves_it() -> None:
    first = assign(knapsack(), schedules=1)
    found = assign(knapsack(), schedules=1, solver=True, solver_seconds=60)
    # 27 hours of work for two of whom one is away for an hour: 14 each, the hour away among them
    assert found.finish == at(6, 15)
    assert found.makespan == 14 * 60
    assert (found.is_proven, found.method, found.flags) == (True, "cp_sat", ())
    assert first.finish > found.finish
    assert found == assign(knapsack(), schedules=1, solver=True, solver_seconds=60)


@needs_ortools
def test_people_who_are_not_there_when_it_may_end_finish_a_minute_into_their_next_hours() -> None:
    # `b` may not end before 15:00 on Monday; ben goes at 12:00, so what is left of it is done on Tuesday at 08:00
    people = (Person(id="ann"), Person(id="ben", calendar=MORNINGS))
    links = (Link(predecessor="a", successor="b", kind="FF"),)
    plan = plan_of(package("a", 6), package("b", 2), people=people, links=links)
    work = read_work(plan, {"a": ("ann",), "b": ("ben",)})
    generator = Generator(work, work.clock)
    late = generator.run([0, 1], since=instant(at(6, 9)))
    answer = _cpsat.improve(generator, late, generator.low, seconds=60)
    assert answer is not None
    assert answer.made.finish == [instant(at(5, 15)), instant(at(6, 8, 1))]
    assert answer.bound == instant(at(6, 8, 1))
    assert not answer.is_limited


@needs_ortools
def test_many_people_of_few_calendars_are_mixed_by_class() -> None:
    calendars = (None, MORNINGS, NIGHTS)
    people = tuple(Person(id=f"p{k:02}", calendar=calendars[k % 3], units=1.0 - k % 2 / 2) for k in range(12))
    needs = (Need(skills={}, heads=3),)
    packages = [package(f"w{k}", hours, needs, basis="effort") for k, hours in enumerate((9, 6, 6))]
    plan = plan_of(*packages, people=people)
    found = assign(plan, schedules=1, fixed={"w0": ("p03",)}, solver=True, solver_seconds=60)
    assert found.is_proven
    assert "p03" in found.people("w0")
    assert assign(plan, schedules=1, fixed={"w0": ("p03",)}).finish >= found.finish


@needs_ortools
def test_milestones_stand_on_their_bounds_after_the_solver() -> None:
    plan = knapsack(gates=(Gate(id="g", after="w6"),))
    found = assign(plan, schedules=1, solver=True, solver_seconds=60)
    rows = {row.id: row for row in found.rows}
    assert rows["gate:g"].start == rows["gate:g"].finish == rows["w6"].finish


@needs_ortools
def test_the_sample_of_a_project_is_solved_and_proven() -> None:
    plan = samples.plan()
    first = assign(plan, schedules=300)
    found = assign(plan, schedules=300, solver=True, solver_seconds=120)
    assert found.finish <= first.finish
    assert found.is_proven
    assert not found.flags


# the edges


@needs_ortools
def test_a_plan_in_too_many_pieces_is_left_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_cpsat, "MOST_PIECES", 10)
    found = assign(knapsack(), schedules=1, solver=True)
    assert (found.method, found.flags) == ("ga", ("solver_not_used",))
    assert found.rows == assign(knapsack(), schedules=1).rows


@needs_ortools
def test_people_who_can_be_mixed_in_too_many_ways_are_not_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_grid, "MOST_MIXES", 3)
    people = tuple(Person(id=f"p{k:02}", units=1 - k / 100) for k in range(12))
    plan = plan_of(*(package(f"w{k}", k + 2, (Need(skills={}, heads=3),)) for k in range(9)), people=people)
    assert assign(plan, schedules=1, solver=True).flags == ("solver_not_used",)


@needs_ortools
def test_edges_within_a_minute_and_last_minutes_do_not_go_together() -> None:
    late = MORNINGS.with_(closures=[(at(5, 9), at(5, 9) + timedelta(seconds=30))])
    links = (Link(predecessor="w6", successor="w0", kind="FF"),)
    plan = knapsack(links=links)
    plan = plan.with_(team=Team(people=[plan.team.people[0], Person(id="ben", calendar=late)]))
    assert assign(plan, schedules=1, solver=True).flags == ("solver_not_used",)


@needs_ortools
def test_what_is_proven_already_needs_no_solver() -> None:
    plan = plan_of(package("a", 8), people=(Person(id="ann", calendar=NIGHTS),), calendar=WorkCalendar.always())
    found = assign(plan, solver=True)
    assert (found.method, found.is_proven, found.flags) == ("cp_sat", True, ())
    assert found.rows == assign(plan).rows


@needs_ortools
def test_a_solver_without_time_leaves_the_schedule_and_says_so() -> None:
    found = assign(knapsack(), schedules=1, solver=True, solver_seconds=1e-9)
    first = assign(knapsack(), schedules=1)
    assert found.flags == ("time_limited",)
    assert (found.rows, found.lower_bound) == (first.rows, first.lower_bound)


@needs_ortools
def test_progress_of_the_solver_is_told() -> None:
    told: list[tuple[int, int]] = []
    tell = lambda done, total: told.append((done, total))  # noqa: E731
    assign(knapsack(), schedules=1, solver=True, solver_seconds=59.5, progress=tell)
    assert told[-1][1] == 60


@needs_ortools
def test_a_schedule_that_cannot_be_is_refused_by_the_solver() -> None:
    work = read_work(knapsack(), {})
    generator = Generator(work, work.clock)
    made = generator.run(range(work.n))
    wrong = made._replace(finish=[instant(at(5, 16))] * work.n)
    with pytest.raises(SolverError, match="CP-SAT answers INFEASIBLE to a plan that has a schedule"):
        _cpsat.improve(generator, wrong, generator.low, seconds=5)


def test_calendars_without_or_tools_name_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.partition(".")[0] == "ortools"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "ortools", None)
    with pytest.raises(ImportError, match=r"needs ortools: pip install 'leadkit\[solver\]'"):
        assign(knapsack(), schedules=1, solver=True)
