"""Cells of a matrix with too few people, or with one alone, and who is nearest to them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np
from attrs import field, frozen

from leadkit._checks import as_tuple
from leadkit._results import Result
from leadkit.escalation.matrix._placing import qualified
from leadkit.skills import Nearest
from leadkit.typing import BoolArray, FloatArray, IntArray

if TYPE_CHECKING:
    from leadkit.escalation.matrix.grid import Matrix

__all__ = ["MatrixGap", "MatrixGapKind", "gaps_of"]

MatrixGapKind: TypeAlias = Literal["not_assessed", "unreachable", "thin", "single_point_of_failure"]
"""Nobody qualifies as far as is known, nobody qualifies, too few people are there, or exactly one is."""


@frozen(kw_only=True, eq=False)
class MatrixGap(Result):
    """A cell with too few people, or with one alone.

    Parameters
    ----------
    domain, level : str
        Ids of the cell.
    need, have : int
        People whom the level needs in each domain, and people placed in this cell.
    kind : {"not_assessed", "unreachable", "thin", "single_point_of_failure"}
        The first that holds: nobody qualifies but somebody could if what is not assessed were known, nobody qualifies,
        fewer than needed are placed there, exactly one is.
    nearest : tuple of Nearest
        Who is assessed in every skill of the domain and does not qualify: smallest sum of shortfalls first, then by id.
        `level` is the one held in the skill with the greatest shortfall, `shortfall` the sum over the domain's skills.
    not_assessed : tuple of str
        Who does not qualify and is not assessed in some skill of the domain, sorted by id.

    Examples
    --------
    >>> from leadkit import samples
    >>> gap = samples.escalation_matrix().gaps()[0]
    >>> gap.domain, gap.level, gap.kind, gap.need, gap.have
    ('accounts', 'L3', 'single_point_of_failure', 1, 1)
    >>> [near.person for near in gap.nearest][:2]
    ['fatima', 'goran']
    """

    domain: str
    level: str
    need: int
    have: int
    kind: MatrixGapKind
    nearest: tuple[Nearest, ...] = field(converter=as_tuple)
    not_assessed: tuple[str, ...] = field(converter=as_tuple)

    @property
    def missing(self) -> int:
        """People who are missing; 0 where one is needed and there."""
        return max(0, self.need - self.have)


def gaps_of(matrix: Matrix) -> Iterator[MatrixGap]:
    """Find the gaps of a matrix, by domain and rank."""
    have = matrix.members.sum(axis=2)
    reached = qualified(matrix.members)
    need = np.array([level.min_people for level in matrix.levels])
    is_gap = (have < need) | ((have == 1) & (need == 1))
    for i, j in np.argwhere(is_gap).tolist():
        yield _gap(matrix, i, j, int(have[i, j]), reached[i, j])


def _gap(matrix: Matrix, i: int, j: int, have: int, reached: BoolArray) -> MatrixGap:
    domain, level = matrix.domains[i], matrix.levels[j]
    shortfalls = matrix.shortfalls(domain.id, level.id)
    unknown = np.isnan(shortfalls).any(axis=1)
    below = np.flatnonzero(~reached & ~unknown)
    return MatrixGap(
        domain=domain.id,
        level=level.id,
        need=level.min_people,
        have=have,
        kind=_kind(shortfalls[unknown], have, level.min_people, is_reached=bool(reached.any())),
        nearest=tuple(_nearest(matrix.people, below, matrix.held(domain.id)[below], shortfalls[below])),
        not_assessed=tuple(matrix.people[own] for own in np.flatnonzero(unknown).tolist()),
    )


def _kind(of_unknown: FloatArray, have: int, need: int, *, is_reached: bool) -> MatrixGapKind:
    """Name the first kind that holds; `of_unknown` are the shortfalls of those who are not assessed throughout."""
    if not is_reached:
        could = ~(of_unknown > 0).any(axis=1)
        return "not_assessed" if could.any() else "unreachable"
    return "thin" if have < need else "single_point_of_failure"


def _nearest(people: Sequence[str], below: IntArray, held: FloatArray, shortfalls: FloatArray) -> Iterator[Nearest]:
    """Give the people at the places `below`, sorted by id, in order of what they lack over all skills."""
    totals, worst = shortfalls.sum(axis=1), shortfalls.argmax(axis=1)
    # a stable order of the totals leaves ties in order of the ids
    for at in np.argsort(totals, kind="stable").tolist():
        yield Nearest(people[int(below[at])], float(held[at, worst[at]]), float(totals[at]))
