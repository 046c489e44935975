"""What changed from one matrix to another: who came, went and moved, and which gaps opened and closed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeAlias

import numpy as np
from attrs import field, frozen

from leadkit._checks import as_tuple
from leadkit._results import Result
from leadkit.errors import MatrixError
from leadkit.escalation._checking import expect_kind
from leadkit.escalation.matrix.grid import Matrix

__all__ = ["MatrixDiff", "diff"]

Triple: TypeAlias = tuple[str, str, str]
"""Domain, level and person, or domain, level and kind of gap."""
Placed: TypeAlias = tuple[str, int, str, str]
"""Domain, rank, level and person or kind: in this order a triple is sorted by."""


@frozen(kw_only=True, eq=False)
class MatrixDiff(Result):
    """What changed from one matrix to another, each part sorted by domain, rank, and person or kind.

    Parameters
    ----------
    added, removed : tuple of (str, str, str)
        Domain, level and person: who is in a cell only afterwards, or only before.
    moved : tuple of (str, str, str)
        Domain, level afterwards and person: who left one level of a domain for another of it.
    moved_from : tuple of str
        Level before, for each in `moved`.
    gaps_opened, gaps_closed : tuple of (str, str, str)
        Domain, level and kind: gaps that are there only afterwards, or only before. A gap that changes its kind closes
        as one and opens as the other.

    Examples
    --------
    >>> from leadkit.escalation import LevelRule, build_matrix
    >>> from leadkit.skills import SkillMatrix
    >>> team = SkillMatrix(["ann", "bo", "cy"], ["billing"], [[3], [3], [0]])
    >>> levels = [LevelRule(id="L1", rank=1, threshold=1), LevelRule(id="L2", rank=2, threshold=3)]
    >>> later = team.with_levels({("cy", "billing"): 2})
    >>> found = diff(build_matrix(team, levels), build_matrix(later, levels))
    >>> found.added, found.gaps_closed, found.gaps_opened
    ((('billing', 'L1', 'cy'),), (('billing', 'L1', 'thin'),), (('billing', 'L1', 'single_point_of_failure'),))
    """

    added: tuple[Triple, ...] = field(default=(), converter=as_tuple)
    removed: tuple[Triple, ...] = field(default=(), converter=as_tuple)
    moved: tuple[Triple, ...] = field(default=(), converter=as_tuple)
    moved_from: tuple[str, ...] = field(default=(), converter=as_tuple)
    gaps_opened: tuple[Triple, ...] = field(default=(), converter=as_tuple)
    gaps_closed: tuple[Triple, ...] = field(default=(), converter=as_tuple)

    @property
    def is_empty(self) -> bool:
        """Whether nobody came, went or moved, and no gap opened or closed."""
        return not (self.added or self.removed or self.moved or self.gaps_opened or self.gaps_closed)

    def to_records(self) -> list[dict[str, Any]]:
        """Give one dictionary a change: `change`, `domain`, `level`, `level_before`, `person`, `kind`.

        Returns
        -------
        list of dict
            First who was added, removed and moved, then the gaps opened and closed; what does not apply is None.
        """
        rows: list[tuple[str, Triple, str | None]] = [("added", own, None) for own in self.added]
        rows += [("removed", own, None) for own in self.removed]
        rows += [("moved", own, before) for own, before in zip(self.moved, self.moved_from, strict=True)]
        people = [
            {"change": name, "domain": domain, "level": level, "level_before": before, "person": person, "kind": None}
            for name, (domain, level, person), before in rows
        ]
        gaps = [("gap_opened", own) for own in self.gaps_opened] + [("gap_closed", own) for own in self.gaps_closed]
        return people + [
            {"change": name, "domain": domain, "level": level, "level_before": None, "person": None, "kind": kind}
            for name, (domain, level, kind) in gaps
        ]


def diff(before: Matrix, after: Matrix) -> MatrixDiff:
    """Compare two matrices, whose people, domains and levels may differ; all are compared by id.

    Parameters
    ----------
    before, after : Matrix
        The matrices.

    Returns
    -------
    MatrixDiff
        What is different; of equal matrices nothing is.

    Raises
    ------
    MatrixError
        One of them is no matrix.

    Examples
    --------
    >>> from leadkit.escalation import LevelRule, build_matrix
    >>> from leadkit.skills import SkillMatrix
    >>> team = SkillMatrix(["ann", "bo"], ["billing"], [[2], [1]])
    >>> levels = [LevelRule(id="L1", rank=1, threshold=1), LevelRule(id="L2", rank=2, threshold=2)]
    >>> before, after = (build_matrix(own, levels) for own in (team, team.with_levels({("bo", "billing"): 2})))
    >>> found = diff(before, after)
    >>> found.moved, found.moved_from
    ((('billing', 'L2', 'bo'),), ('L1',))
    """
    expect_kind(before, Matrix, "before", MatrixError)
    expect_kind(after, Matrix, "after", MatrixError)
    was, now = _people(before), _people(after)
    held, holds = set(_triples(was)), set(_triples(now))
    left = [own for own, key in zip(was, _triples(was), strict=True) if key not in holds]
    new = [own for own, key in zip(now, _triples(now), strict=True) if key not in held]
    moves = _moves(left, new)
    moved_out, moved_in = {out for out, _ in moves}, {into for _, into in moves}
    gaps_was, gaps_now = _gaps(before), _gaps(after)
    known, found = set(_triples(gaps_was)), set(_triples(gaps_now))
    return MatrixDiff(
        added=_triples(own for own in new if own not in moved_in),
        removed=_triples(own for own in left if own not in moved_out),
        moved=_triples(into for _, into in moves),
        moved_from=tuple(out[2] for out, _ in moves),
        gaps_opened=tuple(own for own in _triples(gaps_now) if own not in known),
        gaps_closed=tuple(own for own in _triples(gaps_was) if own not in found),
    )


def _people(matrix: Matrix) -> list[Placed]:
    """List everybody in every cell, by domain, rank and person."""
    domains, levels, people = matrix.domain_ids, matrix.level_ids, matrix.people
    return [(domains[i], j + 1, levels[j], people[own]) for i, j, own in np.argwhere(matrix.members).tolist()]


def _gaps(matrix: Matrix) -> list[Placed]:
    return [(gap.domain, matrix.cell(gap.domain, gap.level)[1] + 1, gap.level, gap.kind) for gap in matrix.gaps()]


def _moves(left: list[Placed], new: list[Placed]) -> list[tuple[Placed, Placed]]:
    """Pair the levels of a domain that somebody left with those they came to, from the highest of each downwards."""
    out: dict[tuple[str, str], list[Placed]] = {}
    for own in left:
        out.setdefault((own[0], own[3]), []).append(own)
    pairs = [(levels.pop(), own) for own in reversed(new) if (levels := out.get((own[0], own[3])))]
    return pairs[::-1]


def _triples(placed: Iterable[Placed]) -> tuple[Triple, ...]:
    return tuple((domain, level, last) for domain, _, level, last in placed)
