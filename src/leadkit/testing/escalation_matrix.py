"""Strategies for the matrix and the tickets of `leadkit.escalation`."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final, get_args

import numpy as np
from hypothesis import strategies as st

from leadkit.escalation.matrix import Domain, LevelRule, Matrix, Placement, build_matrix
from leadkit.escalation.tickets import Ticket, TicketStatus
from leadkit.skills import Skill, SkillMatrix
from leadkit.testing.assessment import WORDS

__all__ = ["domain", "level_rule", "matrices", "matrix", "ticket", "tickets"]

START: Final = datetime(2026, 3, 23, 8, tzinfo=UTC)
PEOPLE: Final = ("ann", "bo", "cy", "dee", "eve", "007")
SKILLS: Final = ("billing", "login", "network", "SQL 2")
DOMAINS: Final = ("invoices", "outages", "access")
MOST_LEVELS: Final = 3
LEVELS: Final = st.sampled_from((0.0, 0.5, 1.0, 2.0, 2.5, 3.0, 4.0, 5.0))
OFFSETS: Final = st.sampled_from((0.0, 0.0, 0.0, 0.5, -1.0, 1.0))
OFFSETS_BY_SKILL: Final = st.dictionaries(st.sampled_from(SKILLS), OFFSETS, min_size=1)
PLACEMENTS: Final[st.SearchStrategy[Placement]] = st.sampled_from(("highest", "all"))
STATUSES: Final[st.SearchStrategy[TicketStatus]] = st.sampled_from(get_args(TicketStatus))
MINUTES: Final = st.integers(0, 60 * 24 * 14).map(lambda minutes: timedelta(minutes=minutes))


def level_rule() -> st.SearchStrategy[LevelRule]:
    """Draw one level of support, "L1" to "L3"."""
    return st.integers(1, MOST_LEVELS).flatmap(
        lambda rank: st.builds(
            LevelRule,
            id=st.just(f"L{rank}"),
            rank=st.just(rank),
            threshold=LEVELS,
            by_skill=st.dictionaries(st.sampled_from(SKILLS), LEVELS, max_size=2),
            min_people=st.integers(0, 3),
            name=st.just("") | WORDS,
        )
    )


def domain() -> st.SearchStrategy[Domain]:
    """Draw a domain of one to four skills, now and then with an offset."""
    return st.builds(Domain, id=st.sampled_from(DOMAINS), skills=OFFSETS_BY_SKILL, name=st.just("") | WORDS)


@st.composite
def matrix(draw: st.DrawFn) -> Matrix:
    """Draw a matrix of up to six people, three levels and four domains, where anything may be not assessed."""
    people = draw(st.lists(st.sampled_from(PEOPLE), unique=True))
    size = len(people) * len(SKILLS)
    cells = draw(st.lists(st.none() | LEVELS | LEVELS, min_size=size, max_size=size))
    entries = tuple(Skill(own, draw(st.just("") | WORDS)) for own in SKILLS) if draw(st.booleans()) else ()
    skills = SkillMatrix(people, SKILLS, np.array(cells, dtype=float).reshape(len(people), len(SKILLS)), entries)
    own_domains = draw(st.none() | st.lists(domain(), min_size=1, unique_by=lambda part: part.id))
    known = SKILLS if own_domains is None else tuple(part.id for part in own_domains)
    chains = st.lists(st.sampled_from(("head", "director", "ann")), min_size=1, unique=True).map(tuple)
    return build_matrix(
        skills,
        draw(_ladders()),
        domains=own_domains,
        placement=draw(PLACEMENTS),
        owners=draw(st.dictionaries(st.sampled_from(known), chains, max_size=2)),
    )


matrices = matrix


@st.composite
def ticket(draw: st.DrawFn, *, own: str | None = None) -> Ticket:
    """Draw a ticket in any status."""
    created_at = START + draw(MINUTES)
    return Ticket(
        id=draw(st.sampled_from(("t1", "t2", "INC 3"))) if own is None else own,
        domain=draw(st.sampled_from(DOMAINS + SKILLS)),
        created_at=created_at,
        priority=draw(st.integers(1, 4)),
        severity=draw(st.none() | st.sampled_from(("minor", "major"))),
        status=draw(STATUSES),
        level=draw(st.integers(1, MOST_LEVELS)),
        owner=draw(st.none() | st.sampled_from(PEOPLE)),
        assignee=draw(st.none() | st.sampled_from(PEOPLE)),
        due_at=draw(st.none() | MINUTES.map(lambda left: created_at + left)),
        requires=draw(st.dictionaries(st.sampled_from(SKILLS), LEVELS, max_size=2)),
        preferred=draw(st.lists(st.sampled_from(SKILLS), max_size=2, unique=True)),
        reopened=draw(st.integers(0, 2)),
        attributes=draw(st.dictionaries(st.sampled_from(("channel", "group")), WORDS)),
    )


@st.composite
def tickets(draw: st.DrawFn) -> tuple[Ticket, ...]:
    """Draw up to six tickets with ids of their own."""
    ids = draw(st.lists(st.integers(1, 9), max_size=6, unique=True))
    return tuple(draw(ticket(own=f"t{number}")) for number in ids)


@st.composite
def _ladders(draw: st.DrawFn) -> list[LevelRule]:
    """Draw one to three levels in any order, whose thresholds do not fall with the rank."""
    n_levels = draw(st.integers(1, MOST_LEVELS))
    thresholds = sorted(draw(st.lists(LEVELS, min_size=n_levels, max_size=n_levels)))
    raised = {own: draw(st.sampled_from((0.5, 1.0))) for own in SKILLS if draw(st.integers(0, 3)) == 0}
    rules = [
        LevelRule(
            id=f"L{rank}",
            rank=rank,
            threshold=threshold,
            by_skill={own: threshold + more for own, more in raised.items()},
            min_people=draw(st.integers(0, 3)),
        )
        for rank, threshold in enumerate(thresholds, start=1)
    ]
    return draw(st.permutations(rules))
