from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import permutations
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from leadkit.calendars import WorkCalendar
from leadkit.errors import PlanError
from leadkit.skills import SkillMatrix
from leadkit.wbs.assignment import Assignment, assign, check_assignment
from leadkit.wbs.assignment.checking import _has_perfect_matching
from leadkit.wbs.estimates import Estimate
from leadkit.wbs.levelling import smooth
from leadkit.wbs.plan import Handover, Lag, Link, Person, Plan, Team
from leadkit.wbs.structure import Group, Need, Wbs, WorkPackage

OFFICE = "08:00-12:00, 13:00-17:00"
DAYS = WorkCalendar.weekly({"mon-fri": OFFICE}, zone="UTC")
START = datetime(2026, 1, 5, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)
SQL, PYTHON = Need(skills={"sql": 2}), Need(skills={"python": 1})


def package(own: str, hours: float, *needs: Need, **more: Any) -> WorkPackage:
    return WorkPackage(id=own, estimate=Estimate.fixed(hours, unit="h"), needs=needs, **more)


def make_plan() -> Plan:
    build = Group(
        id="build",
        children=[
            package("a", 8, SQL),
            package("b", 4, PYTHON, not_before=datetime(2026, 1, 6, 8, tzinfo=UTC)),
            package("c", 6, SQL, PYTHON),
            package("d", 5),
        ],
    )
    afterwards = Group(
        id="after", children=[package("e", 4, PYTHON, basis="effort"), WorkPackage(id="m", kind="milestone")]
    )
    links = [
        *Link.parse("a:FS+2h", "c"),
        *Link.parse("b:SS+3eh, a:FF+1h", "d"),
        Link(predecessor="d", successor="e", kind="SF", lag=Lag.hours(30)),
        Link(predecessor="b", successor="m", lag=Lag.hours(3, elapsed=True)),
    ]
    thursday = DAYS.with_(closures=[(datetime(2026, 1, 8, tzinfo=UTC), datetime(2026, 1, 8, 10, tzinfo=UTC))])
    people = [Person(id="ann"), Person(id="ben", calendar=thursday), Person(id="cem", units=0.5)]
    levels = [[2, 3], [1, 1], [1, float("nan")]]
    return Plan(
        wbs=Wbs(root=Group(id="root", children=[build, afterwards])),
        start=START,
        links=links,
        team=Team(people=people, skills=SkillMatrix(["ann", "ben", "cem"], ["python", "sql"], levels)),
        calendar=DAYS,
        handovers=[Handover(id="h", from_phase="build", to_phase=None)],
    )


PLAN = make_plan()
GOOD = assign(PLAN, schedules=200)


def with_row(own: str, **changes: Any) -> Assignment:
    rows = [evolve(row, **changes) if row.id == own else row for row in GOOD.rows]
    return evolve(GOOD, rows=rows)


def moved(own: str, by: timedelta) -> Assignment:
    row = next(row for row in GOOD.rows if row.id == own)
    return with_row(own, start=row.start + by, finish=row.finish + by)


def time_of(own: str) -> tuple[datetime, datetime]:
    return next((row.start, row.finish) for row in GOOD.rows if row.id == own)


def test_a_good_assignment_has_nothing_wrong() -> None:
    assert check_assignment(PLAN, GOOD) == ()


A, B, C, D, E = (time_of(own) for own in "abcde")
MUTATIONS: dict[str, tuple[Callable[[], Assignment], str]] = {
    "missing": (lambda: evolve(GOOD, rows=GOOD.rows[1:]), "'a' is there 0 times"),
    "twice": (lambda: evolve(GOOD, rows=(*GOOD.rows, GOOD.rows[0])), "'a' is there 2 times"),
    "unknown": (
        lambda: evolve(GOOD, rows=(*GOOD.rows, evolve(GOOD.rows[0], id="x"))),
        "'x' is no activity of the plan",
    ),
    "stranger": (lambda: with_row("a", people=["zoe"]), "'a' is done by 'zoe', who is not in the team"),
    "nobody": (lambda: with_row("a", people=[]), "'a' has 0 people and needs 1"),
    "somebody": (lambda: with_row("d", people=["ann"]), "'d' has 1 people and needs 0"),
    "a head too many": (lambda: with_row("c", people=["ann", "ben", "cem"]), "'c' has 3 people and needs 2"),
    "one twice": (lambda: with_row("c", people=["ann", "ann"]), "'c' has somebody in its team twice"),
    "unqualified": (lambda: with_row("a", people=["ben"]), "'a': ben do not have the skills that it needs"),
    "not assessed": (
        lambda: with_row("a", people=["cem"], minutes=960),
        "'a': cem do not have the skills that it needs",
    ),
    "nobody for one need": (lambda: with_row("c", people=["ben", "cem"]), "'c': ben, cem do not have the skills"),
    "before the plan": (
        lambda: moved("a", -24 * HOUR),
        "'a' starts at 2026-01-04T08:00:00+00:00, before the plan does",
    ),
    "not_before": (lambda: moved("b", -24 * HOUR), "'b' starts at 2026-01-05T08:00:00+00:00, before 2026-01-06T08:00"),
    "minutes": (lambda: with_row("a", minutes=479), "'a' has 479 minutes and takes 480"),
    "units": (lambda: with_row("b", people=["cem"]), "'b' has 240 minutes and takes 480"),
    "effort by units": (lambda: with_row("e", people=["cem"]), "'e' has 240 minutes and takes 480"),
    "too short": (lambda: with_row("d", finish=D[1] - HOUR), "'d' has 300 minutes and 240 of common open time"),
    "too long": (
        lambda: with_row("d", start=D[0] - timedelta(minutes=30)),
        "'d' has 300 minutes and 330 of common open",
    ),
    "starts closed": (
        lambda: with_row("a", start=A[0] - HOUR),
        "'a' starts at 2026-01-05T07:00:00+00:00, when it is not",
    ),
    "ends closed": (
        lambda: with_row("a", finish=A[1] + HOUR),
        "'a' finishes at 2026-01-05T18:00:00+00:00, when it is not",
    ),
    "backwards": (lambda: with_row("a", finish=A[0]), "'a' does not finish after it starts"),
    "milestone with time": (
        lambda: with_row("m", finish=time_of("m")[1] + HOUR),
        "'m' takes no time and does not finish",
    ),
    "FS": (lambda: moved("c", A[0] - C[0]), "link 'a' -> 'c' (FS): 'c' starts before"),
    "SS": (lambda: moved("d", -HOUR), "link 'b' -> 'd' (SS): 'd' starts before"),
    "FF": (lambda: with_row("d", start=A[0], finish=A[0] + 6 * HOUR), "link 'a' -> 'd' (FF): 'd' finishes before"),
    "SF": (lambda: moved("e", -24 * HOUR), "link 'd' -> 'e' (SF): 'e' finishes before"),
    "milestone early": (lambda: moved("m", -HOUR), "link 'b' -> 'm' (FS): 'm' starts before"),
    "milestone late": (lambda: moved("m", HOUR), "'m' is at"),
    "handover late": (lambda: moved("handover:h", HOUR), "'handover:h' is at"),
    "booked twice": (lambda: with_row("b", people=["ann"], start=C[0], finish=C[0] + 4 * HOUR), "'ann' is booked for"),
    "finish": (lambda: evolve(GOOD, finish=GOOD.finish + HOUR), "the finish is"),
    "makespan": (lambda: evolve(GOOD, makespan=GOOD.makespan + 1), "the makespan is"),
    "bound": (lambda: evolve(GOOD, lower_bound=GOOD.makespan + 1), "the lower bound"),
}


@pytest.mark.parametrize("kind", MUTATIONS)
def test_every_kind_of_violation_is_found(kind: str) -> None:
    make, message = MUTATIONS[kind]
    found = check_assignment(PLAN, make())
    assert any(line.startswith(message) for line in found), found


def test_a_person_who_is_away_is_not_at_work() -> None:
    row = next(row for row in GOOD.rows if row.id == "b")
    thursday = evolve(
        row, people=["ben"], start=datetime(2026, 1, 8, 8, tzinfo=UTC), finish=datetime(2026, 1, 8, 12, tzinfo=UTC)
    )
    found = check_assignment(PLAN, evolve(GOOD, rows=[thursday if own.id == "b" else own for own in GOOD.rows]))
    assert "'b' starts at 2026-01-08T08:00:00+00:00, when it is not at work" in found
    assert "'b' has 240 minutes and 120 of common open time" in found


def test_wall_clocks_do_not_count() -> None:
    zone = DAYS.with_(zone="Europe/Berlin").tz
    local = evolve(
        GOOD,
        rows=[evolve(row, start=row.start.astimezone(zone), finish=row.finish.astimezone(zone)) for row in GOOD.rows],
        finish=GOOD.finish.astimezone(zone),
    )
    assert check_assignment(PLAN, local) == ()


def test_a_lag_that_never_passes_is_found() -> None:
    ends = DAYS.with_(closures=[(datetime(2026, 1, 7, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC))])
    root = Group(id="root", children=[package("a", 8), WorkPackage(id="m", kind="milestone")])
    plan = Plan(wbs=Wbs(root=root), start=START, calendar=ends)
    good = assign(plan)
    linked = plan.with_(links=Link.parse("a:FS+20h", "m"))
    assert "link 'a' -> 'm' (FS): its lag never passes" in check_assignment(linked, good)
    before = plan.with_(links=Link.parse("a:FS-30000h", "m"))
    assert check_assignment(before, good) == ()


def test_a_generator_that_breaks_a_rule_is_a_mistake_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    from leadkit.wbs.assignment import assigning

    monkeypatch.setattr(assigning, "check_assignment", lambda *_: ("'a' is wrong",))
    with pytest.raises(RuntimeError, match="the assignment breaks rules of the plan: 'a' is wrong"):
        assign(PLAN, schedules=5)


def test_what_is_not_an_assignment_of_the_plan_is_not_smoothed() -> None:
    with pytest.raises(PlanError, match="the assignment is not one of this plan: 'a' has 0 people and needs 1"):
        smooth(PLAN, with_row("a", people=[]))


def ring(n: int, *, first_fits: bool = True) -> tuple[Plan, Assignment]:
    """Need n skills of n people; each has two, so that there are two ways to divide them and long paths to either."""
    names, skills = [f"p{k:02d}" for k in range(n)], [f"s{k:02d}" for k in range(n)]
    levels = [[1 if j in {k, (k + 1) % n} else 0 for j in range(n)] for k in range(n)]
    needs = [Need(skills={skill: 1}) for skill in skills]
    plan = Plan(
        wbs=Wbs(root=Group(id="root", children=[package("a", 8, *needs)])),
        start=START,
        calendar=DAYS,
        team=Team(people=[Person(id=own) for own in names], skills=SkillMatrix(names, skills, levels)),
    )
    good = assign(plan, schedules=5)
    if not first_fits:
        levels[0] = [0] * n
        plan = plan.with_(team=Team(people=plan.team.people, skills=SkillMatrix(names, skills, levels)))
    return plan, good


def test_sixty_people_are_divided_among_sixty_needs() -> None:
    plan, good = ring(60)
    assert check_assignment(plan, good) == ()
    assert check_assignment(plan, evolve(good, rows=[evolve(good.rows[0], people=good.rows[0].people[::-1])])) == ()
    (broken,) = check_assignment(*ring(60, first_fits=False))
    assert broken.startswith("'a': p00, p01")
    assert broken.endswith("do not have the skills that it needs")


@settings(max_examples=80)
@given(
    st.integers(1, 5).flatmap(
        lambda n: st.lists(st.lists(st.booleans(), min_size=n, max_size=n), min_size=n, max_size=n)
    )
)
def test_people_can_be_divided_when_some_order_of_them_fits(able: list[list[bool]]) -> None:
    n = len(able)
    fits = any(all(able[person][head] for head, person in enumerate(order)) for order in permutations(range(n)))
    assert _has_perfect_matching(able) == fits


@pytest.mark.parametrize("kind", ["FS", "SS", "FF", "SF"])
def test_a_lag_beyond_all_dates_binds_nothing_or_never_passes(kind: Any) -> None:
    root = Group(id="root", children=[package("a", 8), package("b", 4)])
    plan = Plan(wbs=Wbs(root=root), start=START, calendar=DAYS)
    back, forth = (
        plan.with_(
            links=[Link(predecessor="a", successor="b", kind=kind, lag=Lag.minutes(sign * 10**12, elapsed=True))]
        )
        for sign in (-1, 1)
    )
    good = assign(plan)
    assert check_assignment(back, good) == ()
    assert check_assignment(forth, good) == (f"link 'a' -> 'b' ({kind}): its lag never passes",)


def test_only_an_assignment_of_a_plan_is_checked() -> None:
    with pytest.raises(PlanError, match=r"^expected a Plan, got NoneType$"):
        check_assignment(None, None)  # type: ignore[arg-type]
    with pytest.raises(PlanError, match=r"^expected an Assignment, got NoneType$"):
        check_assignment(PLAN, None)  # type: ignore[arg-type]
