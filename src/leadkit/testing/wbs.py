"""Strategies for the models of `leadkit.wbs`."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import numpy as np
from hypothesis import strategies as st

from leadkit.calendars import WorkCalendar
from leadkit.skills import SkillMatrix
from leadkit.testing.assessment import WORDS
from leadkit.wbs import (
    ControlAccount,
    Dictionary,
    Document,
    Estimate,
    Event,
    Gate,
    Group,
    Handover,
    Lag,
    Link,
    Metric,
    Need,
    Person,
    Plan,
    Problem,
    Progress,
    Raci,
    Status,
    Team,
    Wbs,
    WorkPackage,
)
from leadkit.wbs.plan import LinkKind
from leadkit.wbs.structure.accounts import ROLES

__all__ = [
    "control_account",
    "dictionary",
    "document",
    "estimate",
    "event",
    "gate",
    "group",
    "handover",
    "lag",
    "link",
    "metric",
    "need",
    "plan",
    "plan_person",
    "plans",
    "problem",
    "problems",
    "progress",
    "raci",
    "status",
    "team",
    "wbs",
    "wbs_trees",
    "work_package",
]

START: Final = datetime(2026, 3, 23, 8, tzinfo=ZoneInfo("Europe/Berlin"))  # the clocks change on the Sunday after
PEOPLE: Final = ("ann", "ben", "cy", "=dee")
SKILLS: Final = ("python", "sql")
PACKAGES: Final = tuple(f"p{n}" for n in range(9))
GROUPS: Final = tuple(f"g{n}" for n in range(4))
DAYS: Final = st.sampled_from((0.0, 0.25, 1.0, 1.5, 2.0, 3.0, 5.0))
COSTS: Final = st.sampled_from((0.0, 0.1, 100.0, 250.5, 1e6))
LEVELS: Final = st.sampled_from((0.0, 1.0, 2.0, 3.0))
KINDS: Final[st.SearchStrategy[LinkKind]] = st.sampled_from(("FS", "FS", "SS", "FF", "SF"))
CALENDARS: Final = (
    WorkCalendar.weekly({"mon-fri": "22:00-06:00"}, zone="Europe/Berlin", name="night"),
    WorkCalendar.weekly({"mon-thu": "09:00-12:00"}, zone="Europe/Berlin", name="mornings"),
    WorkCalendar.weekly({"mon-sun": "00:00-24:00"}, zone="UTC"),
)
NAMED: Final = {own.name: own for own in CALENDARS if own.name}


@st.composite
def estimate(draw: st.DrawFn) -> Estimate:
    """Draw an estimate of any kind, of some days."""
    low, mode, high = sorted(draw(st.lists(DAYS, min_size=3, max_size=3)))
    spread = high + 0.5
    made = (
        Estimate.fixed(mode),
        Estimate.fixed(round(mode * 480), unit="m"),
        Estimate.uniform(low, high),
        Estimate.triangular(low, mode, high),
        Estimate.pert(low, mode, high),
        Estimate.pert(low, mode, high, shape=2.0),
        Estimate.lognormal(spread, 0.5),
        Estimate.lognormal_quantiles(spread, 2 * spread),
    )
    return draw(st.sampled_from(made))


def need() -> st.SearchStrategy[Need]:
    """Draw one or two heads with levels of up to two skills."""
    return st.builds(Need, skills=st.dictionaries(st.sampled_from(SKILLS), LEVELS), heads=st.integers(1, 2))


def dictionary() -> st.SearchStrategy[Dictionary]:
    """Draw an entry of the dictionary with some of its fields."""
    texts = st.lists(WORDS, max_size=2)
    return st.builds(Dictionary, description=st.just("") | WORDS, activities=texts, acceptance=texts, responsible=WORDS)


def document() -> st.SearchStrategy[Document]:
    """Draw a document, perhaps the report to management."""
    kinds = st.sampled_from(("document", "management_report"))
    return st.builds(Document, id=st.sampled_from(("spec", "manual", "report")), name=WORDS, owner=WORDS, kind=kinds)


def documents() -> st.SearchStrategy[list[Document]]:
    """Draw up to two documents with ids of their own."""
    return st.lists(document(), max_size=2, unique_by=lambda own: own.id)


def measures() -> st.SearchStrategy[dict[str, float]]:
    """Draw some quantities that add up."""
    return st.dictionaries(st.sampled_from(("cost", "effort", "pages")), COSTS, max_size=2)


@st.composite
def work_package(draw: st.DrawFn, *, own: str | None = None) -> WorkPackage:
    """Draw a work package: with or without an estimate, a milestone now and then."""
    is_milestone = draw(st.integers(0, 9)) == 0
    start = START + timedelta(hours=draw(st.integers(0, 400)))
    return WorkPackage(
        id=draw(st.sampled_from(PACKAGES)) if own is None else own,
        name=draw(st.just("") | WORDS),
        estimate=None if is_milestone else draw(estimate() | estimate() | st.none()),
        basis=draw(st.sampled_from(("duration", "effort"))),
        needs=draw(st.lists(need(), max_size=2)),
        measures=draw(measures()),
        kind="milestone" if is_milestone else draw(st.sampled_from(("work", "work", "planning"))),
        not_before=draw(st.none() | st.none() | st.just(start)),
        deadline=draw(st.none() | st.none() | st.just(start + timedelta(days=10))),
        dictionary=draw(st.none() | dictionary()),
        documents=draw(documents()),
    )


@st.composite
def group(draw: st.DrawFn) -> Group:
    """Draw a group with up to three packages."""
    owns = draw(st.lists(st.sampled_from(PACKAGES), unique=True, max_size=3))
    children = [draw(work_package(own=own)) for own in owns]
    return Group(id=draw(st.sampled_from(GROUPS)), name=draw(WORDS), children=children, measures=draw(measures()))


@st.composite
def wbs_trees(draw: st.DrawFn, *, most: int = 6) -> Wbs:
    """Draw a structure of up to `most` packages below up to four groups; groups may be empty."""
    ids = draw(st.permutations(PACKAGES))[: draw(st.integers(0, most))]
    homes = [draw(st.integers(0, len(GROUPS) - 1)) for _ in ids]
    parents = [draw(st.integers(0, place - 1)) for place in range(1, len(GROUPS))]
    children: list[list[Any]] = [[] for _ in GROUPS]
    for own, home in zip(ids, homes, strict=True):
        children[home].append(draw(work_package(own=own)))
    for place in range(len(GROUPS) - 1, 0, -1):
        made = Group(id=GROUPS[place], name=draw(st.just("") | WORDS), children=children[place])
        may_be_empty = draw(st.booleans())
        if made.children or may_be_empty:
            children[parents[place - 1]].insert(0, made)
    root = Group(id=GROUPS[0], children=children[0], measures=draw(measures()))
    return Wbs(root=root, prefix=draw(st.sampled_from(("", "CRM"))))


@st.composite
def wbs(draw: st.DrawFn) -> Wbs:
    """Draw a structure with control accounts and RACI entries."""
    tree = draw(wbs_trees())
    ids = st.sampled_from([node.id for node in tree.nodes])
    nodes = draw(st.lists(ids, max_size=2, unique=True))
    accounts = [draw(control_account(node=node, own=f"account {node}")) for node in nodes]
    entries = draw(st.lists(st.tuples(ids, st.sampled_from(PEOPLE)), max_size=3, unique=True))
    roles = [Raci(node=node, person=who, role=draw(st.sampled_from(ROLES))) for node, who in entries]
    return Wbs(root=tree.root, prefix=tree.prefix, control_accounts=accounts, raci=roles)


@st.composite
def control_account(draw: st.DrawFn, *, node: str = "g0", own: str = "account") -> ControlAccount:
    """Draw a control account with or without an owner and a budget."""
    owner = draw(st.none() | st.sampled_from(PEOPLE))
    return ControlAccount(id=own, node=node, owner=owner, budget=draw(st.none() | COSTS))


def raci() -> st.SearchStrategy[Raci]:
    """Draw somebody's role in a part of the work."""
    return st.builds(Raci, node=st.sampled_from(GROUPS), person=st.sampled_from(PEOPLE), role=st.sampled_from("RACI"))


@st.composite
def lag(draw: st.DrawFn) -> Lag:
    """Draw a lag of some days or of a share, of either sign."""
    elapsed = draw(st.booleans())
    if draw(st.integers(0, 3)) == 0:
        return Lag.percent(draw(st.sampled_from((-50.0, 12.5, 50.0, 100.0))), elapsed=elapsed)
    return Lag.minutes(draw(st.sampled_from((-960, -480, -60, 0, 0, 30, 480, 960, 1440))), elapsed=elapsed)


@st.composite
def link(draw: st.DrawFn) -> Link:
    """Draw a link between two packages."""
    first, second = draw(st.lists(st.sampled_from(PACKAGES), min_size=2, max_size=2, unique=True))
    return Link(predecessor=first, successor=second, kind=draw(KINDS), lag=draw(lag()))


@st.composite
def plan_person(draw: st.DrawFn, *, own: str | None = None) -> Person:
    """Draw a person of a team: half a day or all of it, nights or the plan's hours."""
    return Person(
        id=draw(st.sampled_from(PEOPLE)) if own is None else own,
        name=draw(st.just("") | WORDS),
        team=draw(st.sampled_from(("", "blue"))),
        calendar=draw(st.none() | st.none() | st.sampled_from(CALENDARS[1:])),
        units=draw(st.sampled_from((1.0, 1.0, 0.5))),
        rate=draw(st.none() | st.sampled_from((0.0, 55.5))),
    )


@st.composite
def team(draw: st.DrawFn, *, most: int = 3) -> Team:
    """Draw a team with levels in two skills, some not assessed."""
    ids = draw(st.permutations(PEOPLE))[: draw(st.integers(0, most))]
    people = [draw(plan_person(own=own)) for own in ids]
    cells = [[draw(LEVELS | st.none()) for _ in SKILLS] for _ in ids]
    levels = np.array(cells, dtype=float).reshape(len(ids), len(SKILLS))
    is_assessed = draw(st.integers(0, 4)) > 0
    skills = SkillMatrix(ids, SKILLS, levels) if ids and is_assessed else None
    return Team(people=people, skills=skills)


@st.composite
def handover(draw: st.DrawFn, *, phases: tuple[str, str | None] = ("g1", "g2")) -> Handover:
    """Draw a hand-over from one phase to the next."""
    return Handover(
        id=draw(st.sampled_from(("beta", "go-live"))),
        from_phase=phases[0],
        to_phase=phases[1],
        from_team=draw(st.sampled_from(("", "blue"))),
        deliverables=draw(st.lists(WORDS, max_size=2, unique=True)),
        documents=draw(documents()),
        acceptance=draw(st.lists(WORDS, max_size=1)),
        lag=draw(st.sampled_from((Lag(), Lag.hours(4), Lag.days(1, elapsed=True)))),
    )


@st.composite
def gate(draw: st.DrawFn, *, after: str = "g1", before: str | None = None) -> Gate:
    """Draw a documentation gate."""
    own = draw(st.sampled_from(("review", "freeze")))
    return Gate(id=own, after=after, before=before, documents=draw(documents()), approver=draw(st.just("") | WORDS))


def metric() -> st.SearchStrategy[Metric]:
    """Draw a target of the team."""
    sides = st.sampled_from(("at_least", "at_most"))
    return st.builds(Metric, id=st.sampled_from(("defects", "nps")), target=COSTS, direction=sides, unit=WORDS)


@st.composite
def event(draw: st.DrawFn, *, packages: tuple[str, ...] = PACKAGES) -> Event:
    """Draw a discrete risk of some of the packages."""
    hit = draw(st.lists(st.sampled_from(packages), min_size=1, max_size=2, unique=True))
    chance = draw(st.sampled_from((0.0, 0.1, 0.5, 1.0)))
    return Event(id=draw(st.sampled_from(("strike", "flu"))), probability=chance, impact=draw(estimate()), packages=hit)


@st.composite
def plans(draw: st.DrawFn, *, most: int = 6, calendars: bool = True, dates: bool = True) -> Plan:
    """Draw a plan of up to `most` packages with links of all kinds and a small team, perhaps none that can do it.

    With `calendars=False` everything stands on the plan's calendar and no lag is elapsed; with `dates=False` no package
    has a date of its own.
    """
    tree = draw(wbs_trees(most=most))
    for package in tree.packages:
        changes: dict[str, Any] = {} if dates else {"not_before": None, "deadline": None}
        if calendars and package.kind != "milestone":
            changes["calendar"] = draw(st.none() | st.none() | st.sampled_from(sorted(NAMED)))
        tree = _changed(tree, package.id, changes)
    ids = [package.id for package in tree.packages]
    links = []
    for place, second in enumerate(ids):
        for first in draw(st.lists(st.sampled_from(ids[:place] or [""]), max_size=2, unique=True)):
            own = draw(lag())
            if first and (calendars or not own.elapsed):
                links.append(Link(predecessor=first, successor=second, kind=draw(KINDS), lag=own))
    people: Team = draw(team())
    if not calendars:
        office = [Person(id=own.id, name=own.name, units=own.units, rate=own.rate) for own in people.people]
        people = Team(people=office, skills=people.skills)
    milestones: dict[str, Any] = {}
    has_milestones = draw(st.booleans())
    if ids and has_milestones:
        milestones["gates"] = (draw(gate(after=ids[-1])),)
        milestones["handovers"] = (draw(handover(phases=(tree.root.id, None))),)
        milestones["events"] = (draw(event(packages=tuple(ids))),)
    return Plan(
        wbs=tree,
        start=START,
        links=links,
        team=people,
        calendars=NAMED if calendars else {},
        metrics=draw(st.lists(metric(), max_size=1)),
        deadline=draw(st.none() | st.just(START + timedelta(days=20))),
        currency=draw(st.sampled_from(("", "EUR"))),
        delay_cost=draw(st.none() | COSTS),
        **milestones,
    )


def plan() -> st.SearchStrategy[Plan]:
    """Draw a plan with calendars, dates, a team and milestones."""
    return plans()


@st.composite
def problems(draw: st.DrawFn, *, most: int = 6) -> Problem:
    """Draw a scheduling problem of up to `most` activities that has a solution: pooled resources, people, or both."""
    n = draw(st.integers(0, most))
    links = [(i, j) for j in range(n) for i in range(j) if draw(st.integers(0, 2)) == 0]
    counted, people = draw(st.integers(0, 2)), draw(st.integers(0, 3))
    capacity = [draw(st.integers(1, 4)) for _ in range(counted)]
    demand = [[draw(st.integers(0, most_of)) for most_of in capacity] for _ in range(n)]
    levels = np.array([[draw(LEVELS) for _ in SKILLS] for _ in range(people)], dtype=float)
    needs = []
    for _ in range(n):
        who = draw(st.integers(0, people - 1)) if people else 0
        asked = {own: levels[who, k] for k, own in enumerate(SKILLS) if draw(st.booleans())} if people else {}
        needs.append((Need(skills=asked),) if people and draw(st.booleans()) else ())
    return Problem(
        [draw(st.integers(0, 6)) for _ in range(n)],
        [i for i, _ in links],
        [j for _, j in links],
        kind=[draw(st.sampled_from((0, 0, 0, 1, 2, 3))) for _ in links],
        lag=[draw(st.integers(-2, 3)) for _ in links],
        demand=np.array(demand, dtype=np.int64).reshape(n, counted),
        capacity=np.array(capacity, dtype=np.int64),
        needs=needs,
        levels=levels.reshape(people, len(SKILLS)),
        skill_ids=SKILLS,
        person_ids=PEOPLE[:people],
        release=np.array([draw(st.integers(0, 3)) for _ in range(n)], dtype=np.int64),
    )


def problem() -> st.SearchStrategy[Problem]:
    """Draw a scheduling problem that has a solution."""
    return problems()


@st.composite
def progress(draw: st.DrawFn, *, package: str = "p0", as_of: datetime = START + timedelta(days=7)) -> Progress:
    """Draw a report on a package: not begun, running or done, at the latest `as_of`."""
    begun = as_of - timedelta(hours=draw(st.integers(1, 200)))
    share = draw(st.sampled_from((0.0, 12.5, 50.0, 100.0)))
    return Progress(
        package=package,
        percent=share,
        actual_start=begun if share else None,
        actual_finish=as_of - timedelta(hours=draw(st.integers(0, 1))) if share == 100.0 else None,
        remaining=draw(st.none() | st.integers(0, 1000)) if share < 100.0 else None,
        actual_cost=draw(st.none() | COSTS),
        note=draw(st.just("") | WORDS),
    )


@st.composite
def status(draw: st.DrawFn) -> Status:
    """Draw reports on up to three packages."""
    as_of = START + timedelta(days=draw(st.integers(1, 20)))
    owns = draw(st.lists(st.sampled_from(PACKAGES), max_size=3, unique=True))
    return Status(as_of=as_of, progress=[draw(progress(package=own, as_of=as_of)) for own in owns])


def _changed(tree: Wbs, own: str, changes: dict[str, Any]) -> Wbs:
    """Build the structure in which one package differs."""
    return Plan(wbs=tree, start=START, calendars=NAMED).replace(own, **changes).wbs
