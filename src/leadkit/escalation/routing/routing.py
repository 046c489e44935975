"""Where one ticket goes: level by level, from its own upward."""

from __future__ import annotations

from datetime import datetime

from leadkit.escalation._checking import expect_kind
from leadkit.escalation.matrix import Matrix
from leadkit.escalation.routing.asking import Case
from leadkit.escalation.routing.deciding import Desk, decision_of, search
from leadkit.escalation.routing.decision import Decision
from leadkit.escalation.routing.rules import DEFAULT_RULES, RoutingRules
from leadkit.escalation.routing.state import TeamState
from leadkit.escalation.tickets import Ticket

__all__ = ["route"]


def route(
    ticket: Ticket, matrix: Matrix, state: TeamState, now: datetime, *, rules: RoutingRules = DEFAULT_RULES
) -> Decision:
    """Tell where a ticket goes.

    The search begins at the ticket's level. Where somebody of the team can solve it, the ticket stays: it goes to the
    best of those who are there and have a place free, or into the queue where there is none. Only where nobody can
    solve it does it go up a level, never down, and never because people are busy. Where nobody at any level can solve
    it, it is held, and the first of the domain's owners is asked.

    Parameters
    ----------
    ticket : Ticket
        The ticket.
    matrix : Matrix
        Who can solve what on which level.
    state : TeamState
        Who is there and how much each has to do. Somebody whom the matrix or the state does not know takes no part.
    now : datetime.datetime
        Aware instant.
    rules : RoutingRules
        What is relaxed, how far up, and whether the ticket changes hands. To consult somebody takes an assignee, who
        keeps the ticket and is not looked at; a ticket without one changes hands (flag `no_assignee`).

    Returns
    -------
    Decision
        With what was found at each level, and a row for everybody. The best is who has the least of: active tickets over
        capacity, as exact fractions; preferred skills missing; level beyond what is needed; idle time missing to the
        longest (None last); id.

    Raises
    ------
    UnknownIdError
        The matrix does not know the domain or a skill of the ticket, or a skill that is relaxed.
    EscalationError
        The ticket is above the highest level, an argument is of another kind, or `now` has no time zone.
    IllegalTransition
        The ticket is resolved, closed or cancelled, so nobody can be given it before it is reopened.

    Examples
    --------
    >>> from datetime import UTC
    >>> from leadkit.escalation import AgentState, LevelRule, build_matrix
    >>> from leadkit.skills import SkillMatrix
    >>> team = SkillMatrix(["ann", "bo", "cy"], ["billing"], [[3], [1], [1]])
    >>> levels = [LevelRule(id="L1", rank=1, threshold=1), LevelRule(id="L2", rank=2, threshold=2)]
    >>> matrix = build_matrix(team, levels, owners={"billing": ["dee"]})
    >>> state = TeamState(agents=[AgentState(id="ann"), AgentState(id="bo", active=1, capacity=2), AgentState(id="cy")])
    >>> nine = datetime(2026, 5, 4, 9, tzinfo=UTC)
    >>> decision = route(Ticket(id="t1", domain="billing", created_at=nine), matrix, state, nine)
    >>> decision.action, decision.person, decision.level
    ('assign', 'cy', 1)
    >>> for row in decision.candidates:
    ...     print(row.person, row.code)
    ann OTHER_LEVEL
    bo BUSIER
    cy CHOSEN
    >>> decision = route(Ticket(id="t2", domain="billing", created_at=nine, requires={"billing": 3}), matrix, state, nine)
    >>> decision.action, decision.person, [(row.level, row.reason) for row in decision.path]
    ('escalate', 'ann', [(1, 'NO_CAPABILITY'), (2, 'ASSIGNED')])
    """
    desk = Desk.of(matrix, state, now, rules)
    expect_kind(ticket, Ticket, "ticket")
    case = Case.of(ticket, matrix, rules, desk.now)
    return decision_of(case, desk, search(case, desk), dict)
