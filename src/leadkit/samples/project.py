"""A made-up project of a service desk: a portal on which customers help themselves, with its team and its progress."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from leadkit.calendars import WorkCalendar
from leadkit.skills import SkillMatrix
from leadkit.wbs import (
    ControlAccount,
    Document,
    Estimate,
    Event,
    Gate,
    Group,
    Handover,
    Link,
    Metric,
    Need,
    Person,
    Plan,
    Progress,
    Raci,
    Status,
    Team,
    Wbs,
    WorkPackage,
)

__all__ = ["plan", "status"]

ZONE = ZoneInfo("Europe/Berlin")
START = datetime(2026, 9, 7, 8, tzinfo=ZONE)
DEADLINE = datetime(2026, 10, 30, 17, tzinfo=ZONE)
AS_OF = datetime(2026, 10, 2, 17, tzinfo=ZONE)
SKILLS = ("design", "python", "sql", "support", "web", "writing")
LEVELS = {
    "adaeze": (4, 1, 1, 2, 2, 3),
    "bjorn": (None, 4, 3, 1, 2, 1),
    "chidi": (2, 3, 2, 1, 4, 2),
    "dalia": (3, 1, 1, 3, 3, 2),
    "elif": (1, 0, 1, 4, 1, 4),
    "farid": (1, 2, 4, 3, 1, 2),
}

# what a row says, in order: id and name, then the phase, three points in days, the skills, what it waits for, its cost
WORK = (
    ("interviews", "Talk to customers", "analyse", (2, 3, 6), {"support": 3}, "", 1400),
    ("journeys", "Draw the journeys", "analyse", (2, 3, 5), {"design": 3}, "interviews", 1600),
    ("answers", "Collect the answers", "analyse", (4, 6, 10), {"writing": 3, "support": 2}, "interviews:SS+1d", 2400),
    ("layout", "Lay out the pages", "build", (3, 4, 6), {"design": 3}, "journeys", 2100),
    ("data", "Open the ticket data", "build", (3, 5, 9), {"sql": 3}, "", 2500),
    ("service", "Build the service", "build", (6, 8, 14), {"python": 3, "sql": 2}, "data", 4200),
    ("pages", "Build the pages", "build", (5, 7, 11), {"web": 3}, "layout", 3600),
    ("search", "Build the search", "build", (3, 4, 8), {"python": 3}, "service:SS+3d, answers", 2200),
    ("cases", "Write the test cases", "test", (2, 3, 4), {"support": 2}, "journeys", 1200),
    ("trial", "Try it with one team", "test", (4, 5, 8), {"support": 3}, "cases", 2300),
    ("load", "Test it under load", "test", (1, 2, 4), {"python": 2}, "", 900),
    ("repairs", "Repair what was found", "test", (2, 4, 9), {"web": 3}, "trial, load:FF+1d", 2000),
    ("training", "Train the desk", "launch", (2, 3, 4), {"support": 4}, "trial", 1500),
    ("manual", "Write the manual", "launch", (2, 3, 5), {"writing": 3}, "answers", 1300),
    ("switch", "Switch over", "launch", (0.5, 1, 2), {"python": 3}, "training:FF, manual", 800),
)
HEADS = {"pages": 2, "trial": 2}
PHASES = {"analyse": "Understand", "build": "Build", "test": "Test", "launch": "Launch"}


def plan() -> Plan:
    """Make up the plan of a project: four phases, fifteen work packages, six people.

    Returns
    -------
    Plan
        The same every time; about nobody.

    Examples
    --------
    >>> from leadkit import samples
    >>> samples.plan()
    Plan('portal', 15 work packages, 15 links, 6 people, from 2026-09-07T08:00:00+02:00)
    """
    return Plan(
        wbs=_structure(),
        start=START,
        links=[link for own, *_, before, _ in WORK for link in Link.parse(before, successor=own)],
        team=_team(),
        calendar=WorkCalendar.weekly({"mon-fri": "08:00-12:00, 13:00-17:00"}, zone=ZONE.key),
        handovers=_handovers(),
        gates=[Gate(id="scope", after="analyse", before="build", documents=[Document(id="brief")], approver="Head")],
        metrics=[
            Metric(id="solved", name="Solved without a ticket", target=30, unit="%"),
            Metric(id="defects", name="Defects in the first week", target=5, direction="at_most"),
            Metric(id="cases", name="Test cases written", target=40, person="elif"),
        ],
        events=[
            Event(id="access", probability=0.3, impact=Estimate.pert(2, 4, 8), packages=["data"]),
            Event(id="flu", probability=0.15, impact=Estimate.triangular(1, 3, 5), packages=["trial", "training"]),
        ],
        deadline=DEADLINE,
        currency="EUR",
        delay_cost=650.0,
    )


def status() -> Status:
    """Make up how the project of `plan` stands after four weeks.

    Returns
    -------
    Status
        The same every time.

    Examples
    --------
    >>> from leadkit import samples
    >>> samples.status().of("service").percent
    55.0
    """

    def at(day: int, hour: int, month: int = 9) -> datetime:
        return datetime(2026, month, day, hour, tzinfo=ZONE)

    done = (
        ("interviews", at(7, 8), at(10, 12), 1500),
        ("journeys", at(10, 13), at(16, 12), 1750),
        ("answers", at(9, 8), at(18, 17), 2350),
        ("layout", at(21, 8), at(25, 12), 2300),
        ("data", at(21, 8), at(29, 17), 2900),
    )
    reports = [
        Progress(package=own, percent=100, actual_start=start, actual_finish=finish, actual_cost=cost)
        for own, start, finish, cost in done
    ]
    reports += [
        Progress(package="service", percent=55, actual_start=at(30, 8), remaining=2400, actual_cost=2100),
        Progress(package="pages", percent=40, actual_start=at(28, 8), actual_cost=1700, note="two pages were added"),
        Progress(package="cases", percent=100, actual_start=at(24, 8), actual_finish=at(28, 17), actual_cost=1100),
    ]
    return Status(as_of=AS_OF, progress=reports)


def _structure() -> Wbs:
    groups = []
    for phase, name in PHASES.items():
        children = [
            WorkPackage(
                id=own,
                name=title,
                estimate=Estimate.pert(*days),
                needs=[Need(skills=skills, heads=HEADS.get(own, 1))],
                measures={"cost": cost},
            )
            for own, title, home, days, skills, _, cost in WORK
            if home == phase
        ]
        groups.append(Group(id=phase, name=name, children=children))
    accounts = [ControlAccount(id=f"account {phase}", node=phase, owner="adaeze") for phase in PHASES]
    raci = [Raci(node="portal", person="adaeze", role="A")]
    raci += [
        Raci(node=phase, person=who, role="R")
        for phase, who in zip(PHASES, ("elif", "bjorn", "dalia", "elif"), strict=True)
    ]
    raci += [Raci(node="test", person="chidi", role="C"), Raci(node="launch", person="farid", role="I")]
    root = Group(id="portal", name="Self-service portal", children=groups)
    return Wbs(root=root, control_accounts=accounts, raci=raci)


def _team() -> Team:
    leave = (datetime(2026, 9, 28, tzinfo=ZONE), datetime(2026, 10, 3, tzinfo=ZONE))
    office = WorkCalendar.weekly({"mon-fri": "08:00-12:00, 13:00-17:00"}, zone=ZONE.key)
    calendars = {
        "dalia": WorkCalendar.weekly({"mon-thu": "08:00-12:00, 13:00-17:00"}, zone=ZONE.key, name="four days"),
        "farid": office.with_(closures=[leave], name="on leave"),
    }
    rates = {"adaeze": 62.0, "bjorn": 68.0, "chidi": 66.0, "dalia": 58.0, "elif": 55.0, "farid": 64.0}
    people = [
        Person(id=own, name=own.capitalize(), team="Portal", calendar=calendars.get(own), rate=rates[own])
        for own in LEVELS
    ]
    levels = [[float("nan") if level is None else float(level) for level in row] for row in LEVELS.values()]
    return Team(people=people, skills=SkillMatrix(tuple(LEVELS), SKILLS, levels, scale=(0, 5)))


def _handovers() -> list[Handover]:
    return [
        Handover(
            id="to-test",
            from_phase="build",
            to_phase="test",
            from_team="Portal",
            to_team="Testers",
            deliverables=["portal in the test system"],
            documents=[Document(id="notes", name="Release notes")],
        ),
        Handover(
            id="to-desk",
            from_phase="launch",
            from_team="Portal",
            to_team="Service desk",
            deliverables=["portal in daily use"],
            documents=[
                Document(id="handbook", name="Manual"),
                Document(id="report", name="Report to management", kind="management_report"),
            ],
            acceptance=["the desk has run it for a day"],
            customer=True,
        ),
    ]
