"""A made-up help desk: eight people, five domains, what they can do, the cases of two months and ways to learn."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, Final

import numpy as np
from attrs import frozen

from leadkit.escalation import Domain, EventLog, LevelRule, Matrix, build_matrix
from leadkit.skills import DevelopmentAction, SkillMatrix
from leadkit.typing import RNGLike

__all__ = ["desk_skills", "development_actions", "escalation_matrix", "tickets"]

START: Final = datetime(2026, 9, 7, 6, tzinfo=UTC)
WEEKS: Final = 8
DOMAINS: Final = ("accounts", "billing", "delivery", "devices", "network")
SKILLS: Final = {
    "amara": (2, 2, 2, 2, 2),
    "boris": (2, 2, 2, 2, 2),
    "chen": (2, 3, 2, 2, 2),
    "dilnoza": (2, 2, 3, 2, 2),
    "emeka": (2, 2, 2, 2, 2),
    "fatima": (3, 4, 3, 1, 3),
    "goran": (3, 2, 2, 4, 3),
    "hana": (4, 3, None, 3, 3),
}
FIRST_LINE: Final = ("amara", "boris", "chen", "dilnoza", "emeka")
SOLVED: Final = dict(zip(DOMAINS, (0.90, 0.82, 0.84, 0.80, 0.80), strict=True))
"""How often the first line solves a case of a domain by itself."""
WEAK: Final = {("boris", "network"): 0.30, ("emeka", "billing"): 0.30}
"""The two places where it is otherwise."""
EASIER: Final = {"chat": 0.0, "mail": -0.05, "phone": 0.05}
HOURS: Final = {1: 3.0, 2: 16.0, 3: 40.0}
"""Median hours that a level takes."""


def desk_skills() -> SkillMatrix:
    """Make up what the eight people of a help desk can do, from 0 to 5.

    Returns
    -------
    SkillMatrix
        The same every time; one level is not assessed.

    Examples
    --------
    >>> from leadkit import samples
    >>> samples.desk_skills().level("hana", "accounts")
    4.0
    """
    rows = [
        {"person": person, "skill": skill, "level": level}
        for person, levels in SKILLS.items()
        for skill, level in zip(DOMAINS, levels, strict=True)
    ]
    return SkillMatrix.from_records(rows, scale=(0, 5))


def escalation_matrix() -> Matrix:
    """Build the escalation matrix of the help desk: three levels, five domains, whom to ask for authority.

    Returns
    -------
    Matrix
        The same every time.

    Examples
    --------
    >>> from leadkit import samples
    >>> samples.escalation_matrix().at("billing", "L2")
    ('chen', 'hana')
    """
    levels = [
        LevelRule(id="L1", rank=1, threshold=2, min_people=3, name="First line"),
        LevelRule(id="L2", rank=2, threshold=3, name="Specialists"),
        LevelRule(id="L3", rank=3, threshold=4, name="Experts"),
    ]
    domains = [Domain(id=name, skills={name: 0.0}, name=name.capitalize()) for name in DOMAINS]
    chain = ("head_of_desk", "head_of_service")
    owners: dict[str, tuple[str, ...]] = dict.fromkeys(DOMAINS, chain)
    return build_matrix(desk_skills(), levels, domains=domains, owners=owners)


def development_actions() -> tuple[DevelopmentAction, ...]:
    """Make up what the help desk offers to whoever wants to learn: for every domain a course, a certificate, a coach.

    Returns
    -------
    tuple of DevelopmentAction
        The same every time.

    Examples
    --------
    >>> from leadkit import samples
    >>> [action.id for action in samples.development_actions() if action.skill == "billing"]
    ['billing_certificate', 'billing_coach', 'billing_course']
    """
    made = []
    for skill in DOMAINS:
        name = skill.capitalize()
        made += [
            DevelopmentAction(
                id=f"{skill}_certificate",
                name=f"{name}: certificate",
                kind="certification",
                skill=skill,
                requires=3,
                reaches=4,
                hours=24,
                cost_per_person=900,
            ),
            DevelopmentAction(
                id=f"{skill}_coach",
                name=f"{name}: a specialist beside you",
                kind="coaching",
                skill=skill,
                requires=1,
                reaches=3,
                hours=12,
                cost_per_person=480,
                seats=2,
            ),
            DevelopmentAction(
                id=f"{skill}_course",
                name=f"{name}: course",
                kind="training",
                skill=skill,
                reaches=3,
                hours=16,
                cost_per_person=350,
                cost_fixed=600,
            ),
        ]
    return tuple(made)


def tickets(n: int = 600, *, rng: RNGLike = 2026) -> EventLog:
    """Make up the cases of a help desk over eight weeks, event by event.

    Every first-line agent takes cases of every domain in turn. What the first line cannot solve goes up. In two places
    somebody solves far less than the others do, which is what a pilot is there to find.

    Parameters
    ----------
    n : int
        How many cases, at least 1.
    rng : int, SeedSequence or Generator
        Where chance comes from.

    Returns
    -------
    EventLog
        With the attributes domain, channel, priority ("1" is the most urgent) and csat (1 to 5; NaN where nobody said).
        The log ends after eight weeks, whatever comes later.

    Raises
    ------
    ValueError
        `n` is no whole number of at least 1.

    Examples
    --------
    >>> from leadkit import samples
    >>> log = samples.tickets()
    >>> len(log.tickets), sorted(log.attributes)
    (600, ['channel', 'csat', 'domain', 'priority'])
    """
    if isinstance(n, bool) or not isinstance(n, int | np.integer) or n < 1:
        msg = f"n: expected a whole number of at least 1, got {n!r}"
        raise ValueError(msg)
    chance = np.random.default_rng(rng)
    above = {level: [escalation_matrix().at(name, f"L{level}") for name in DOMAINS] for level in (2, 3)}
    until = START + timedelta(weeks=WEEKS)
    rows = [row for i in range(n) for row in _case(i, n, chance, above) if row["at"] <= until]
    return EventLog.from_records(rows)


@frozen
class _Course:
    """How a case runs, with the events so far."""

    ticket: str
    facts: dict[str, Any]
    rows: list[dict[str, Any]]

    def add(self, at: datetime, status: str, level: int, group: str, person: str | None, contact: str | None) -> None:
        row = {"ticket": self.ticket, "at": at, "status": status, "level": level, "group": group}
        self.rows.append(row | {"person": person, "contact": contact} | self.facts)


def _case(i: int, n: int, chance: np.random.Generator, above: dict[int, list[tuple[str, ...]]]) -> list[dict[str, Any]]:
    """Let case `i` of `n` come in and run its course."""
    place = i % len(DOMAINS)
    domain, person = DOMAINS[place], FIRST_LINE[i // len(DOMAINS) % len(FIRST_LINE)]
    channel = str(chance.choice(list(EASIER)))
    solved = WEAK.get((person, domain), SOLVED[domain]) + EASIER[channel]
    came = _open_minute(5 * WEEKS * (i + chance.random()) / n)
    level = 1 if chance.random() < solved else 2
    if level == 2 and above[3][place] and chance.random() < 0.25:
        level = 3
    facts: dict[str, Any] = {
        "domain": domain,
        "channel": channel,
        "priority": str(chance.choice((1, 2, 3, 4), p=(0.05, 0.2, 0.5, 0.25))),
    }
    rating = int(np.clip(round(4.4 - 0.7 * (level - 1) + chance.normal(0, 0.8)), 1, 5))
    facts["csat"] = float(rating) if chance.random() < 0.6 else None
    course = _Course(f"T{i + 1:04d}", facts, [])
    course.add(came, "new", 1, "desk", None, "in")
    at = came + timedelta(minutes=1 + int(chance.exponential(8)))
    course.add(at, "assigned", 1, "desk", person, None)
    at += timedelta(minutes=1 + int(chance.exponential(20)))
    course.add(at, "in_progress", 1, "desk", person, "out")
    if chance.random() < 0.2:
        course.add(at + timedelta(minutes=5), "waiting", 1, "desk", person, None)
        at += timedelta(minutes=60 + int(chance.exponential(300)))
        course.add(at, "in_progress", 1, "desk", person, "in")
    for upper in range(2, level + 1):
        at += _hours(chance, HOURS[1])
        person = str(chance.choice(above[upper][place]))
        course.add(at, "assigned", upper, f"{domain}_{upper}", person, None)
        at += timedelta(minutes=5 + int(chance.exponential(90)))
        course.add(at, "in_progress", upper, f"{domain}_{upper}", person, "out")
    group = "desk" if level == 1 else f"{domain}_{level}"
    at += _hours(chance, HOURS[level])
    course.add(at, "resolved", level, group, person, "out")
    if chance.random() < 0.05:
        at += _hours(chance, 20)
        course.add(at, "reopened", level, group, person, "in")
        at += _hours(chance, HOURS[level])
        course.add(at, "resolved", level, group, person, "out")
    course.add(at + timedelta(days=2), "closed", level, group, person, None)
    return course.rows


def _open_minute(day: float) -> datetime:
    """Give the minute of a working day, counted from 0 with its fraction, within its ten open hours."""
    weeks, weekday = divmod(int(day), 5)
    return START + timedelta(weeks=weeks, days=weekday, minutes=int(600 * (day % 1)))


def _hours(chance: np.random.Generator, median: float) -> timedelta:
    """Draw how long something takes, in whole minutes."""
    return timedelta(minutes=1 + int(60 * median * chance.lognormal(0, 0.8)))
