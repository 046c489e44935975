"""Why somebody is in a cell of the matrix, or is not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np
from attrs import field, frozen

from leadkit._fields import as_float
from leadkit._results import Result
from leadkit.typing import BoolArray

if TYPE_CHECKING:
    from leadkit.escalation.matrix.grid import Matrix

__all__ = ["CellCode", "CellReason", "reasons_of"]

CellCode: TypeAlias = Literal["QUALIFIED", "PLACED_HIGHER", "BELOW_THRESHOLD", "NOT_ASSESSED"]
"""There; not there as there is a higher place; short of a level; not short of any that is known."""


@frozen(kw_only=True, eq=False)
class CellReason(Result):
    """Why one person is in a cell or not.

    Parameters
    ----------
    person : str
        Id.
    included : bool
        Whether the person is placed in the cell.
    code : {"QUALIFIED", "PLACED_HIGHER", "BELOW_THRESHOLD", "NOT_ASSESSED"}
        Why; somebody short of one level and not assessed in another skill is below the threshold.
    skill : str
        The skill of the domain that decides: the one with the greatest shortfall, or where nothing is short the least
        margin; of those not assessed the one that needs most. Ties go by id.
    level_held : float
        The person's level of it; NaN when not assessed.
    threshold : float
        The level of it that the cell needs, the domain's offset included.

    Examples
    --------
    >>> from leadkit import samples
    >>> row = samples.escalation_matrix().explain("billing", "L2")[0]
    >>> row.person, row.included, row.code, row.level_held, row.threshold
    ('amara', False, 'BELOW_THRESHOLD', 2.0, 3.0)
    """

    person: str
    included: bool
    code: CellCode
    skill: str
    level_held: float = field(converter=as_float)
    threshold: float = field(converter=as_float)


def reasons_of(matrix: Matrix, domain: str, level: str | int) -> Iterator[CellReason]:
    """Give one row a person for a cell, by id."""
    i, j = matrix.cell(domain, level)
    held, needed = matrix.held(domain), matrix.needed(domain, level)
    unknown = np.isnan(held)
    missing = np.where(unknown, -np.inf, needed - held)
    is_short: BoolArray = np.any(missing > 0, axis=1)
    is_unknown: BoolArray = ~is_short & np.any(unknown, axis=1)
    missing[is_unknown] = np.where(unknown[is_unknown], needed, -np.inf)
    skills = tuple(matrix.domains[i].skills)
    rows = zip(matrix.people, matrix.members[i, j].tolist(), is_short.tolist(), is_unknown.tolist(), strict=True)
    for own, (at, (person, is_in, short, lacks)) in enumerate(zip(missing.argmax(axis=1).tolist(), rows, strict=True)):
        code: CellCode = "BELOW_THRESHOLD" if short else "NOT_ASSESSED" if lacks else "PLACED_HIGHER"
        yield CellReason(
            person=person,
            included=is_in,
            code="QUALIFIED" if is_in else code,
            skill=skills[at],
            level_held=float(held[own, at]),
            threshold=float(needed[at]),
        )
