"""Many tickets at once: one after the other, or all of them together."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, Literal, TypeAlias, get_args

from attrs import field, frozen

from leadkit._checks import as_tuple, member_faults, word_faults
from leadkit._fields import frozen_mapping, repeated
from leadkit._results import TableResult, plain
from leadkit.errors import EscalationError, Fault, UnknownIdError
from leadkit.escalation._checking import raise_faults
from leadkit.escalation.matrix import Matrix
from leadkit.escalation.routing.asking import Case, beyond_of
from leadkit.escalation.routing.deciding import Desk, Outcome, Taken, decision_of, search
from leadkit.escalation.routing.decision import Decision
from leadkit.escalation.routing.matching import matched
from leadkit.escalation.routing.rules import DEFAULT_RULES, RoutingRules
from leadkit.escalation.routing.state import TeamState
from leadkit.escalation.tickets import Ticket

__all__ = ["BatchDecision", "BatchMethod", "assign_batch"]

BatchMethod: TypeAlias = Literal["optimal", "greedy"]
"""All tickets together, or one after the other."""

METHODS: Final[tuple[str, ...]] = get_args(BatchMethod)


def _as_counts(counts: Mapping[int, int]) -> Mapping[int, int]:
    return frozen_mapping(counts)


@frozen(kw_only=True, eq=False)
class BatchDecision(TableResult):
    """Where many tickets go.

    Parameters
    ----------
    decisions : tuple of Decision
        One a ticket, in order of urgency: priority, when it is due (None last), when it was created, id. Each is told of
        as if it came last and all others that count were placed: with "greedy" those before it, with "optimal" all.
    assigned : int
        Tickets that somebody was found for.
    by_priority : mapping of int to int
        How many of them there are of each priority, the most urgent first, 0 included.
    surplus : float
        Sum over them of the levels held by whoever was found less the levels needed.
    method : {"optimal", "greedy"}
        How they were placed.
    flags : tuple of str
        What is doubtful about the team; see `ESCALATION_FLAGS`.

    Examples
    --------
    >>> from datetime import UTC
    >>> from leadkit import samples
    >>> from leadkit.escalation import AgentState
    >>> nine = datetime(2026, 9, 7, 9, tzinfo=UTC)
    >>> team = TeamState(agents=[AgentState(id="amara"), AgentState(id="boris")])
    >>> tickets = [Ticket(id=own, domain=own, created_at=nine) for own in ("billing", "devices", "network")]
    >>> batch = assign_batch(tickets, samples.escalation_matrix(), team, nine)
    >>> batch.assigned, [(decision.ticket, decision.person) for decision in batch.decisions]
    (2, [('billing', 'amara'), ('devices', 'boris'), ('network', None)])
    """

    decisions: tuple[Decision, ...] = field(converter=as_tuple)
    assigned: int
    by_priority: Mapping[int, int] = field(converter=_as_counts)
    surplus: float
    method: BatchMethod
    flags: tuple[str, ...] = field(default=(), converter=as_tuple)

    def decision(self, ticket: str) -> Decision:
        """Give the decision about one ticket.

        Raises
        ------
        UnknownIdError
            It was not in the batch; the message gives the nearest ids.
        """
        for own in self.decisions:
            if own.ticket == ticket:
                return own
        raise UnknownIdError.of(str(ticket), [own.ticket for own in self.decisions], kind="ticket")

    def to_records(self) -> list[dict[str, Any]]:
        """Give one dictionary a ticket: the fields of `Decision` that are no lists, flags joined by a space."""
        names = ("ticket", "action", "person", "level", "from_level", "axis", "owner", "consulted", "reason")
        return [
            {name: plain(getattr(own, name)) for name in names} | {"flags": " ".join(own.flags)}
            for own in self.decisions
        ]


def assign_batch(
    tickets: Iterable[Ticket],
    matrix: Matrix,
    state: TeamState,
    now: datetime,
    *,
    method: BatchMethod = "optimal",
    rules: RoutingRules = DEFAULT_RULES,
) -> BatchDecision:
    """Tell where many tickets go, where everybody is given at most as many as they have places free.

    Parameters
    ----------
    tickets : iterable of Ticket
        With ids of their own, in any order.
    matrix, state, now, rules
        As of `route`. Somebody who is consulted uses up a place too.
    method : {"optimal", "greedy"}
        "greedy" routes the tickets in order of urgency, each with those before it placed. "optimal" places as many as can
        be of the most urgent priority, then of the next, and so on, and of all ways to do so takes one with the least sum
        of surpluses. Both look for each ticket at the level where it would go if everybody were there.

    Returns
    -------
    BatchDecision
        The same whatever the order of tickets, people and agents. A ticket without a place waits in the queue of the level
        that it goes to.

    Raises
    ------
    UnknownIdError
        The matrix does not know the domain or a skill of a ticket, or a skill that is relaxed.
    EscalationError
        A ticket is there twice or above the highest level, an argument is of another kind, or `now` has no time zone.
    IllegalTransition
        A ticket is resolved, closed or cancelled.

    Examples
    --------
    >>> from datetime import UTC
    >>> from leadkit.escalation import AgentState, LevelRule, build_matrix
    >>> from leadkit.skills import SkillMatrix
    >>> team = SkillMatrix(["ann", "bo"], ["billing", "login"], [[2, 2], [2, 0]])
    >>> matrix = build_matrix(team, [LevelRule(id="L1", rank=1, threshold=1)])
    >>> state = TeamState(agents=[AgentState(id="ann"), AgentState(id="bo")])
    >>> nine = datetime(2026, 5, 4, 9, tzinfo=UTC)
    >>> tickets = [Ticket(id=own, domain=own, created_at=nine) for own in ("billing", "login")]
    >>> for method in ("greedy", "optimal"):
    ...     batch = assign_batch(tickets, matrix, state, nine, method=method)
    ...     print(method, batch.assigned, [decision.person for decision in batch.decisions])
    greedy 1 ['ann', None]
    optimal 2 ['bo', 'ann']
    """
    desk = Desk.of(matrix, state, now, rules)
    cases = [Case.of(ticket, matrix, rules, desk.now) for ticket in _in_order(as_tuple(tickets), method)]
    outcomes, surpluses = _one_by_one(cases, desk) if method == "greedy" else matched(cases, desk)
    given = [outcome.person for outcome in outcomes]
    by_priority = dict.fromkeys((case.ticket.priority for case in cases), 0)
    for case, person in zip(cases, given, strict=True):
        by_priority[case.ticket.priority] += person is not None
    return BatchDecision(
        decisions=[
            decision_of(case, desk, outcome, _taken(given, place, method))
            for place, (case, outcome) in enumerate(zip(cases, outcomes, strict=True))
        ],
        assigned=len(given) - given.count(None),
        by_priority=by_priority,
        surplus=sum((own for own in surpluses if not math.isnan(own)), 0.0),
        method=method,
        flags=desk.flags,
    )


def _in_order(tickets: Any, method: object) -> list[Ticket]:
    """Sort tickets by urgency; refuse what is none, what is there twice, and an unknown method."""
    faults = member_faults(tickets, Ticket, "tickets", "Ticket")
    if not faults:
        double = sorted(repeated(ticket.id for ticket in tickets))
        faults = [Fault(f"ticket {own!r}", "is there more than once") for own in double]
    raise_faults(faults + word_faults(method, METHODS, "method"), "batch", EscalationError)
    return sorted(
        tickets,
        key=lambda own: (own.priority, own.due_at is None, own.due_at or own.created_at, own.created_at, own.id),
    )


def _one_by_one(cases: Sequence[Case], desk: Desk) -> tuple[list[Outcome], list[float]]:
    """Look for somebody for each ticket, with those before it placed; give the surplus of each too, NaN for nobody."""
    taken: Counter[str] = Counter()
    outcomes, surpluses = [], []
    for case in cases:
        outcome = search(case, desk, taken)
        surplus = math.nan
        if outcome.rank is not None and outcome.person is not None:
            taken[outcome.person] += 1
            row = desk.matrix.position(outcome.person)
            surplus = float(beyond_of(case.held[:, row], case.needed(outcome.rank)))
        outcomes.append(outcome)
        surpluses.append(surplus)
    return outcomes, surpluses


def _taken(given: Sequence[str | None], place: int, method: str) -> Callable[[], Taken]:
    """Count, when asked, what people are given beside one ticket: by those before it, or by all others."""

    def count() -> Taken:
        others = given[:place] if method == "greedy" else [*given[:place], *given[place + 1 :]]
        return Counter(person for person in others if person is not None)

    return count
