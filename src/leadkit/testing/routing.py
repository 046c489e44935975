"""Strategies for the models of `leadkit.escalation.routing`."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TypeAlias

from hypothesis import strategies as st

from leadkit.escalation.matrix import Domain, LevelRule, Matrix, build_matrix
from leadkit.escalation.routing import AgentState, Relaxation, RoutingRules, TeamState
from leadkit.escalation.tickets import Ticket
from leadkit.skills import SkillMatrix

__all__ = [
    "RoutingCase",
    "agent_state",
    "relaxation",
    "routing_cases",
    "routing_rules",
    "team_state",
    "team_states",
]

RoutingCase: TypeAlias = tuple[tuple[Ticket, ...], Matrix, TeamState, datetime, RoutingRules]
"""Tickets, and what `route` and `assign_batch` take beside them."""

NOW = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)
PEOPLE = ("ann", "bo", "cy", "dee", "eve", "007")
SKILLS = ("billing", "login", "SQL 2")
LEVELS = st.sampled_from((0.0, 0.5, 1.0, 1.0, 2.0, 2.5, 3.0, None))
MINUTES = st.sampled_from((-30, -7, -3, 0, 3, 20)).map(lambda minutes: timedelta(minutes=minutes))
INSTANTS = MINUTES.map(lambda shift: NOW + shift)
AFTER = st.sampled_from((0, 5, 10, 40)).map(lambda minutes: timedelta(minutes=minutes))
NEEDS = st.dictionaries(st.sampled_from(SKILLS), st.sampled_from((0.5, 1.0, 2.0, 3.0)), max_size=2)


def agent_state(person: str | None = None) -> st.SearchStrategy[AgentState]:
    """Draw how it stands with somebody, or with a given person: mostly there, with up to three places."""
    return st.builds(
        AgentState,
        id=st.sampled_from(PEOPLE) if person is None else st.just(person),
        on_shift=st.sampled_from((True, True, True, False)),
        active=st.integers(0, 2),
        capacity=st.sampled_from((0, 1, 2, 2, 3, 3, 3)),
        idle_since=st.none() | INSTANTS,
        absent_until=st.none() | st.none() | INSTANTS,
    )


@st.composite
def team_state(draw: st.DrawFn) -> TeamState:
    """Draw a team of up to six people in any order."""
    people = draw(st.lists(st.sampled_from(PEOPLE), unique=True))
    return TeamState(agents=[draw(agent_state(person)) for person in people])


team_states = team_state


def relaxation() -> st.SearchStrategy[Relaxation]:
    """Draw a relaxation of one of the skills that tickets may require."""
    to = st.none() | st.sampled_from((0.0, 0.5, 1.0))
    return st.builds(Relaxation, after=AFTER, skill=st.sampled_from(SKILLS), to=to)


def routing_rules() -> st.SearchStrategy[RoutingRules]:
    """Draw rules of either mode."""
    return st.builds(
        RoutingRules,
        relax=st.lists(relaxation(), max_size=3, unique_by=lambda part: (part.after, part.skill)),
        mode=st.sampled_from(("transfer", "transfer", "consult")),
        max_level=st.none() | st.integers(1, 4),
        fairness=st.none() | AFTER,
    )


@st.composite
def routing_cases(draw: st.DrawFn, most_tickets: int = 4) -> RoutingCase:
    """Draw tickets of a matrix with up to three levels, a team of some of its people and of strangers, and rules."""
    people = draw(st.lists(st.sampled_from(PEOPLE), min_size=1, unique=True))
    table = [[draw(LEVELS) for _ in SKILLS] for _ in people]
    ranks = range(1, draw(st.integers(1, 3)) + 1)
    matrix = build_matrix(
        SkillMatrix(people, SKILLS, table),
        [LevelRule(id=f"L{rank}", rank=rank, threshold=rank) for rank in ranks],
        domains=[
            Domain(id="invoices", skills={"billing": 0}),
            Domain(id="access", skills={"login": 0, "SQL 2": -1}),
        ],
        placement=draw(st.sampled_from(("highest", "all"))),
        owners=draw(st.sampled_from(({}, {"invoices": ("eve", "bo")}))),
    )
    tickets = tuple(_ticket(draw, f"t{i}", len(ranks)) for i in range(draw(st.integers(1, most_tickets))))
    return tickets, matrix, draw(team_state()), NOW, draw(routing_rules())


def _ticket(draw: st.DrawFn, own: str, highest: int) -> Ticket:
    return Ticket(
        id=own,
        domain=draw(st.sampled_from(("invoices", "access"))),
        created_at=draw(INSTANTS),
        priority=draw(st.integers(1, 3)),
        level=draw(st.integers(1, highest)),
        owner=draw(st.sampled_from((None, "eve"))),
        assignee=draw(st.sampled_from((None, "ann", "bo"))),
        due_at=draw(st.none() | INSTANTS),
        requires=draw(st.just({}) | NEEDS),
        preferred=draw(st.lists(st.sampled_from(SKILLS), unique=True, max_size=2)),
    )
