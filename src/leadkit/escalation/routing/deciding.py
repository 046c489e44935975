"""From a ticket and a team to an outcome, and from an outcome to the decision that tells of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeAlias

from attrs import frozen

from leadkit._fields import FrozenMapping
from leadkit.errors import UnknownIdError
from leadkit.escalation._checking import expect_kind
from leadkit.escalation._instants import expect_instant
from leadkit.escalation.matrix import Matrix
from leadkit.escalation.routing.asking import Case
from leadkit.escalation.routing.candidates import candidate_rows
from leadkit.escalation.routing.choosing import Free, contest
from leadkit.escalation.routing.decision import Action, Axis, Candidate, CandidateCode, Decision, LevelReason, Reason
from leadkit.escalation.routing.rules import RoutingRules
from leadkit.escalation.routing.state import AgentState, TeamState, is_there

__all__ = ["NOTHING_TAKEN", "Desk", "Outcome", "Taken", "decision_of", "path_of", "search"]

Taken: TypeAlias = Mapping[str, int]
"""Tickets that people were given beside those in their state."""

NOTHING_TAKEN: Taken = FrozenMapping()


@frozen(eq=False)
class Desk:
    """What is the same for every ticket: the matrix, the team at an instant, and the rules; best made by `of`."""

    matrix: Matrix
    state: TeamState
    now: datetime
    rules: RoutingRules
    agents: Sequence[AgentState | None]
    """The state of everybody whom the matrix knows, in its order; None where there is none."""
    flags: tuple[str, ...]
    """Everybody whom only one of matrix and state knows."""

    @classmethod
    def of(cls, matrix: Any, state: Any, now: Any, rules: Any) -> Desk:
        """Refuse arguments of another kind, and put the rest together."""
        expect_kind(matrix, Matrix, "matrix")
        expect_kind(state, TeamState, "state")
        expect_kind(rules, RoutingRules, "rules")
        for part in rules.relax:
            if part.skill not in matrix.skills.skills:
                raise UnknownIdError.of(part.skill, matrix.skills.skills, kind="skill to relax")
        at = expect_instant(now)
        if matrix.people == state.ids:
            return cls(matrix, state, at, rules, state.agents, ())
        known, agents = set(matrix.people), [state.find(person) for person in matrix.people]
        absent = [f"no_state:{own}" for own, agent in zip(matrix.people, agents, strict=True) if agent is None]
        strange = [f"not_in_matrix:{own}" for own in state.ids if own not in known]
        return cls(matrix, state, at, rules, agents, (*absent, *strange))

    def able(self, case: Case, rank: int, taken: Taken) -> tuple[int, list[Free]]:
        """Count who of the team can solve a ticket at a level, and give those who are there and have a place free."""
        agents, now, has_taken = self.agents, self.now, bool(taken)
        capable = 0
        free: list[Free] = []
        for row in case.capable(rank).tolist():
            agent = agents[row]
            if agent is None or agent.id == case.stays:
                continue
            capable += 1
            active = agent.active + taken.get(agent.id, 0) if has_taken else agent.active
            if active < agent.capacity and is_there(agent, now):
                free.append((agent, row, active))
        return capable, free


@frozen(eq=False)
class Outcome:
    """The levels looked at, the rank of the one where somebody can solve the ticket, and who of them was found."""

    path: tuple[LevelReason, ...]
    rank: int | None
    person: str | None


def path_of(case: Case, rank: int | None, person: str | None, capable: int, available: int) -> tuple[LevelReason, ...]:
    """Tell of each level up to that of `rank`, or of all of them, what was found there."""
    below = range(case.ticket.level, case.top + 1 if rank is None else rank)
    path = tuple(LevelReason(level=own, reason="NO_CAPABILITY", capable=0, available=0) for own in below)
    if rank is None:
        return path
    return (*path, LevelReason(level=rank, reason=_reason(case, person), capable=capable, available=available))


def search(case: Case, desk: Desk, taken: Taken = NOTHING_TAKEN) -> Outcome:
    """Look for somebody level by level, and stop at the first where anybody can solve the ticket."""
    for rank in case.ranks:
        capable, free = desk.able(case, rank, taken)
        if capable:
            person = contest(free, case, rank, desk.rules.fairness)[0] if free else None
            return Outcome(path_of(case, rank, person, capable, len(free)), rank, person)
    return Outcome(path_of(case, None, None, 0, 0), None, None)


def decision_of(case: Case, desk: Desk, outcome: Outcome, taken: Callable[[], Taken]) -> Decision:
    """Tell of an outcome; `taken` gives what people had been given by then, when the rows are read."""
    ticket, found = case.ticket, outcome.person
    action, axis, asked = _action(case, outcome)
    flags = [*desk.flags, *case.flags]
    if outcome.rank is None and asked is None:
        flags.append("no_owner")
    if case.stays is not None and found is not None:
        asked = found
        flags.append("learning_opportunity")
    return Decision(
        ticket=ticket.id,
        action=action,
        person=found if case.stays is None else case.stays,
        level=ticket.level if outcome.rank is None else outcome.rank,
        from_level=ticket.level,
        axis=axis,
        owner=ticket.owner,
        consulted=asked,
        reason="UNROUTABLE" if outcome.rank is None else _reason(case, found),
        path=outcome.path,
        relaxed=case.relaxed,
        candidates=lambda: _rows(case, desk, outcome, taken()),
        flags=sorted(flags),
    )


def _action(case: Case, outcome: Outcome) -> tuple[Action, Axis | None, str | None]:
    """Name the action, the axis, and whom authority is asked of."""
    if outcome.rank is None:
        owners = case.matrix.owners.get(case.ticket.domain, ())
        return "hold", "hierarchical", owners[0] if owners else None
    if outcome.rank > case.ticket.level:
        return "escalate", "functional", None
    return "queue" if outcome.person is None else "assign", None, None


def _reason(case: Case, person: str | None) -> Reason:
    if person is None:
        return "NO_CAPACITY"
    return "ASSIGNED" if case.stays is None else "CONSULTED"


def _rows(case: Case, desk: Desk, outcome: Outcome, taken: Taken) -> tuple[Candidate, ...]:
    codes: dict[str, CandidateCode] = {}
    if outcome.rank is not None and outcome.person is not None:
        _, free = desk.able(case, outcome.rank, taken)
        _, codes = contest(free, case, outcome.rank, desk.rules.fairness, outcome.person)
    return candidate_rows(case, desk.state, desk.now, rank=outcome.rank, codes=codes, taken=taken)
