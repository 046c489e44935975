"""What candidates are judged by: criteria with a weight, a direction and a floor."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Literal, TypeAlias, get_args

from attrs import field, frozen

from leadkit._fields import identifier_faults, number_faults, repeated
from leadkit.assessment.items import raise_faults
from leadkit.errors import Fault, did_you_mean

__all__ = ["Criterion", "Direction", "columns_of", "criteria_faults"]

Direction: TypeAlias = Literal["high", "low"]
"""Whether a high or a low value speaks for a candidate."""


@frozen
class Criterion:
    """One thing that candidates are judged by.

    Parameters
    ----------
    id : str
        Identifier.
    weight : float
        At least 0; only the proportions of weights count. A criterion of weight 0 has nothing but its floor.
    direction : {"high", "low"}
        Which values speak for a candidate.
    floor : float, optional
        The worst value that is still acceptable, in the units of the values: the least one where high is good, the
        greatest one where low is good.

    Raises
    ------
    DefinitionError
        A part is wrong; `faults` holds all of it.

    Examples
    --------
    >>> Criterion("documentation", 2.0, floor=3.0)
    Criterion(id='documentation', weight=2.0, direction='high', floor=3.0)
    >>> Criterion("absences", -1.0, direction="down")
    Traceback (most recent call last):
    ...
    leadkit.errors.DefinitionError: criterion 'absences': 2 faults
      weight: expected a number of at least 0, got -1.0
      direction: expected one of 'high', 'low', got 'down'
    """

    id: str
    weight: float
    direction: Direction = field(default="high", kw_only=True)
    floor: float | None = field(default=None, kw_only=True)

    def __attrs_post_init__(self) -> None:
        faults = identifier_faults(self.id, "id")
        of_weight = number_faults(self.weight, "weight")
        if not of_weight and self.weight < 0:
            of_weight = [Fault("weight", f"expected a number of at least 0, got {self.weight!r}")]
        faults += of_weight
        if self.direction not in get_args(Direction):
            allowed = ", ".join(map(repr, get_args(Direction)))
            faults.append(Fault("direction", f"expected one of {allowed}, got {self.direction!r}"))
        if self.floor is not None:
            faults += number_faults(self.floor, "floor")
        raise_faults(faults, f"criterion {self.id!r}")

    @property
    def sign(self) -> int:
        """1 where a high value is good, -1 where a low one is."""
        return 1 if self.direction == "high" else -1


def criteria_faults(criteria: Sequence[object], criterion_ids: Sequence[str], n_columns: int) -> list[Fault]:
    """List what is wrong with criteria, by themselves and beside the columns that the candidates have.

    Parameters
    ----------
    criteria : sequence
        What should be criteria.
    criterion_ids : sequence of str
        Names of the columns; empty where columns have none and go by their order.
    n_columns : int
        Number of columns.
    """
    faults = [
        Fault(f"criteria[{i}]", f"expected a Criterion, got {criterion!r}")
        for i, criterion in enumerate(criteria)
        if not isinstance(criterion, Criterion)
    ]
    own = [criterion for criterion in criteria if isinstance(criterion, Criterion)]
    faults += [Fault(f"criterion {name!r}", "is there more than once") for name in repeated(part.id for part in own)]
    if not criteria:
        faults.append(Fault("criteria", "expected at least one criterion, got none"))
    elif own and not 0 < sum(float(part.weight) for part in own) < math.inf:
        faults.append(Fault("criteria", "expected weights with a finite sum above 0"))
    if criterion_ids:
        faults += [
            Fault(f"criterion {part.id!r}", f"the candidates have no such column{did_you_mean(part.id, criterion_ids)}")
            for part in own
            if part.id not in criterion_ids
        ]
    elif len(criteria) != n_columns:
        what = f"the candidates have {n_columns} columns without names, so as many criteria are needed"
        faults.append(Fault("criteria", f"{what}, got {len(criteria)}"))
    return faults


def columns_of(criteria: Sequence[Criterion], criterion_ids: Sequence[str]) -> list[int]:
    """Find the column of every criterion: by name, or by order where columns have no names."""
    if not criterion_ids:
        return list(range(len(criteria)))
    return [criterion_ids.index(part.id) for part in criteria]
