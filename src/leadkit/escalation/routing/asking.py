"""What a ticket asks for at each level of a matrix, and who of the team can give it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeAlias

import numpy as np
from attrs import frozen

from leadkit.errors import EscalationError, Fault, UnknownIdError
from leadkit.escalation._checking import raise_faults
from leadkit.escalation.matrix import Matrix
from leadkit.escalation.routing.rules import Relaxation, RoutingRules, relaxed_needs
from leadkit.escalation.tickets import Ticket, expect_move
from leadkit.typing import FloatArray, IntArray

__all__ = ["Case", "Needed", "beyond", "beyond_of"]

Needed: TypeAlias = list[tuple[int, float]]
"""Columns of skills, each with the level needed."""


@frozen(eq=False)
class Case:
    """A ticket beside a matrix at an instant, with its relaxations applied; best made by `of`.

    Parameters
    ----------
    ticket, matrix
        What is beside what.
    domain : int
        Place of the ticket's domain.
    needs : mapping of str to float
        What the ticket still requires.
    relaxed : tuple of Relaxation
        Why it is not more.
    top : int
        Rank of the highest level that the ticket may go to, at least its own.
    stays : str or None
        The assignee whom somebody is to join; None where the ticket changes hands.
    flags : tuple of str
        What is doubtful about the ticket.
    """

    ticket: Ticket
    matrix: Matrix
    domain: int
    needs: Mapping[str, float]
    relaxed: tuple[Relaxation, ...]
    top: int
    stays: str | None
    flags: tuple[str, ...]

    @classmethod
    def of(cls, ticket: Ticket, matrix: Matrix, rules: RoutingRules, now: datetime) -> Case:
        """Apply the rules; refuse a ticket that is over, or of which the matrix does not know the domain, a skill or the level."""
        expect_move(ticket, "assigned")
        domain, _ = matrix.cell(ticket.domain, 1)
        for skill in (*ticket.requires, *ticket.preferred):
            if skill not in matrix.skills.skills:
                raise UnknownIdError.of(skill, matrix.skills.skills, kind="skill")
        highest = len(matrix.levels)
        if ticket.level > highest:
            fault = Fault("level", f"expected at most {highest}, the highest of the matrix, got {ticket.level}")
            raise_faults([fault], f"ticket {ticket.id!r}", EscalationError)
        needs, relaxed = relaxed_needs(ticket, rules, now)
        limit = highest if rules.max_level is None else min(rules.max_level, highest)
        is_consult = rules.mode == "consult"
        stays = ticket.assignee if is_consult else None
        flags = ("no_assignee",) if is_consult and stays is None else ()
        return cls(ticket, matrix, domain, needs, relaxed, max(ticket.level, limit), stays, flags)

    @property
    def ranks(self) -> range:
        """Ranks of the levels that the ticket may go to."""
        return range(self.ticket.level, self.top + 1)

    @property
    def held(self) -> FloatArray:
        """The levels of all people, a row for each skill."""
        return self.matrix.skills.levels.T

    def capable(self, rank: int) -> IntArray:
        """Give the rows of the people at a level who meet what the ticket requires, in order of ids."""
        rows = np.flatnonzero(self.matrix.members[self.domain, rank - 1])
        for column, least in self.required():
            rows = rows[self.held[column, rows] >= least]
        return rows

    def of_domain(self, rank: int) -> Needed:
        """Give what the domain needs at a level."""
        return [(self._column(skill), least) for skill, least in self._requirements(rank).items()]

    def required(self) -> Needed:
        """Give what the ticket itself still requires."""
        return [(self._column(skill), least) for skill, least in self.needs.items()]

    def needed(self, rank: int) -> Needed:
        """Give what the domain at a level and the ticket need, the greater of the two for each skill, by skill id."""
        least = dict(self._requirements(rank))
        for skill, amount in self.needs.items():
            least[skill] = max(amount, least.get(skill, amount))
        return [(self._column(skill), least[skill]) for skill in sorted(least)]

    def wished(self, rank: int) -> Needed:
        """Give the preferred skills with the threshold that a level has for them."""
        level = self.matrix.levels[rank - 1]
        return [(self._column(skill), level.threshold_of(skill)) for skill in self.ticket.preferred]

    def _requirements(self, rank: int) -> Mapping[str, float]:
        return self.matrix.requirements(self.ticket.domain, rank)

    def _column(self, skill: str) -> int:
        return self.matrix.skills.skills.index(skill)


def beyond(held: Any, needed: Needed) -> Any:
    """Sum up levels held less levels needed, skill by skill; NaN when one is not assessed.

    Parameters
    ----------
    held : sequence of float or of arrays
        By column.
    needed : list of (int, float)
        In the order in which to add up, which is the same for one person and for arrays of people, and so is the sum.

    Returns
    -------
    float or array
        The sum.
    """
    total, least = 0.0, 0.0
    for column, amount in needed:
        total = total + held[column]
        least += amount
    return total - least


def beyond_of(people: Any, needed: Needed) -> FloatArray:
    """Sum up the same for arrays of people; a sum beyond every number is infinite."""
    with np.errstate(over="ignore"):
        return np.asarray(beyond(people, needed))
