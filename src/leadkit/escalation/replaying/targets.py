"""Whom a step would reach: the matrix asked with everybody available, and its chains of owners."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from datetime import datetime

from leadkit.errors import UnknownIdError
from leadkit.escalation.matrix import Matrix
from leadkit.escalation.policy import OnDuty, Step
from leadkit.escalation.routing import AgentState, TeamState, route
from leadkit.escalation.tickets import Ticket

__all__ = ["Levels", "Targets", "owner_of"]


class Levels:
    """The levels of one ticket as they were: where it began, and when it was at another."""

    __slots__ = ("at", "ranks")

    def __init__(self, at: Sequence[datetime], ranks: Sequence[int]) -> None:
        self.at = at
        self.ranks = ranks

    def rank_at(self, at: datetime) -> int:
        """Tell the level at an instant; before the first that is known it is that one, and 1 where none is."""
        return self.ranks[max(bisect_right(self.at, at) - 1, 0)] if self.ranks else 1

    def changed(self, after: datetime, until: datetime) -> bool | None:
        """Tell whether the level changed after one instant and not after the other; None where it is not known."""
        if not self.ranks:
            return None
        return bisect_right(self.at, until, lo=1) > bisect_right(self.at, after, lo=1)


def owner_of(step: Step) -> int | None:
    """Tell which owner of the chain a step goes to, from 1; None where it goes to somebody else."""
    word, _, n = step.target.partition(":")
    return int(n) if word == "owner" else None


class Targets:
    """Whom steps would reach that are functional or go to an owner, each question asked once."""

    def __init__(self, matrix: Matrix) -> None:
        self.matrix = matrix
        self.everybody = TeamState(agents=[AgentState(id=person) for person in matrix.people])
        self.answers: dict[tuple[str, int, str | None], tuple[str, ...]] = {}
        self.domains = frozenset(matrix.domain_ids)

    def check(self, steps: Sequence[Step]) -> None:
        """Refuse steps to levels that the matrix does not have."""
        for step in steps:
            word, _, name = step.target.partition(":")
            if step.axis == "functional" and word == "level":
                self.rank_of(name)

    def chain(self, domain: object) -> int:
        """Count the owners of a domain; an unknown one has none."""
        return len(self.matrix.owners.get(domain, ())) if isinstance(domain, str) else 0

    def rank_of(self, level: str) -> int:
        """Give the rank of a level; raise `UnknownIdError` where the matrix has no such level."""
        ranks = {own.id: own.rank for own in self.matrix.levels}
        if level not in ranks:
            raise UnknownIdError.of(level, ranks, kind="level")
        return ranks[level]

    def on_duty(self, domain: object, levels: Levels, asked: OnDuty | None) -> OnDuty:
        """Build what a policy asks on one ticket: those who are on duty, unless nobody of the team could solve it."""

        def on_duty(step: Step, at: datetime) -> Sequence[str]:
            there = (step.target,) if asked is None else asked(step, at)
            if not there:
                return there
            n = owner_of(step)
            if n is not None:
                return there if n <= self.chain(domain) else ()
            if step.axis == "hierarchical":
                return there
            return there if self._reached(domain, levels.rank_at(at), step.target, at) else ()

        return on_duty

    def _reached(self, domain: object, rank: int, target: str, at: datetime) -> tuple[str, ...]:
        word, _, name = target.partition(":")
        if not isinstance(domain, str) or domain not in self.domains:
            return ()
        if word == "level":
            rank = self.rank_of(name)
        elif word == "next_level":
            rank += 1
        if rank > len(self.matrix.levels):
            return ()
        question = (domain, rank, name if word == "person" else None)
        if question not in self.answers:
            self.answers[question] = self._routed(*question, at)
        return self.answers[question]

    def _routed(self, domain: str, rank: int, person: str | None, at: datetime) -> tuple[str, ...]:
        team = self.everybody if person is None else TeamState(agents=[AgentState(id=person)])
        found = route(Ticket(id="replay", domain=domain, created_at=at, level=rank), self.matrix, team, at).person
        return () if found is None else (found,)
