"""From values to an order: floors first, then one scale for all criteria, then the weighted mean."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, TypeAlias

import numpy as np
from attrs import frozen

from leadkit._results import Value
from leadkit.assessment.shortlisting.candidates import Candidates
from leadkit.assessment.shortlisting.criteria import Criterion
from leadkit.stats._spread import is_rounding
from leadkit.typing import BoolArray, FloatArray, IntArray

__all__ = ["Exclusion", "Field", "Normalise", "below_floors", "field_of", "mid_rank", "tie_classes"]

Normalise: TypeAlias = Literal["min_max", "percentile"]
"""How values on different scales become comparable."""

TIE = 1e-12
"""Values, in [0, 1], that differ by no more are equal: the rest is rounding."""
MOST_ERROR = 1e100
"""Errors that are larger beside their values count as this, which makes the order as much a lottery."""


@frozen(kw_only=True, eq=False)
class Exclusion(Value):
    """One reason why a candidate is not considered.

    Parameters
    ----------
    criterion_id : str
        The criterion.
    reason : {"below_floor", "missing"}
        Whether the value is worse than the floor, or there is none.
    value : float
        The value of the candidate; NaN where it is missing.
    floor : float, optional
        The floor of the criterion.
    """

    criterion_id: str
    reason: Literal["below_floor", "missing"]
    value: float
    floor: float | None


@frozen(kw_only=True, eq=False)
class Field:
    """The n candidates who are kept, ascending by id, on c criteria that have been made comparable.

    Parameters
    ----------
    values, errors : array, shape (n, c)
        Values turned so that higher is better and scaled by a power of two into [-1, 1], and their standard errors;
        errors are None where none are given.
    constant : bool array, shape (c,)
        Criteria on which all kept candidates have the same value.
    shares : array, shape (c,)
        Weights that add up to 1.
    normalise : {"min_max", "percentile"}
        How values become comparable.
    """

    values: FloatArray
    errors: FloatArray | None
    constant: BoolArray
    shares: FloatArray
    normalise: Normalise

    @property
    def live(self) -> list[int]:
        """The criteria on which an error can change the order."""
        return np.flatnonzero((self.shares > 0) & ~self.constant).tolist()

    @property
    def ranges(self) -> FloatArray:
        """Highest less lowest value of each criterion, shape (c,); 1 where it is constant."""
        return np.where(self.constant, 1.0, np.ptp(self.values, axis=0))

    def normalised(self) -> FloatArray:
        """Put every criterion on 0..1, shape (n, c); 0.5 for everybody where it is constant."""
        if not len(self.values):
            return np.empty(self.values.shape)
        if self.normalise == "min_max":
            result = (self.values - self.values.min(axis=0)) / self.ranges
        else:
            result = np.column_stack([mid_rank(column, np.sort(column)) for column in self.values.T])
        return np.where(self.constant, 0.5, result)


def below_floors(
    candidates: Candidates, criteria: Sequence[Criterion], columns: Sequence[int]
) -> dict[str, tuple[Exclusion, ...]]:
    """List every reason against each candidate who lacks a value or has one that is worse than its floor."""
    values = candidates.values[:, list(columns)]
    signs = np.array([part.sign for part in criteria])
    floors = np.array([-np.inf if part.floor is None else part.sign * part.floor for part in criteria])
    wrong = ~(values * signs >= floors)
    return {
        candidates.ids[i]: tuple(
            Exclusion(
                criterion_id=criteria[j].id,
                reason="missing" if np.isnan(values[i, j]) else "below_floor",
                value=float(values[i, j]),
                floor=criteria[j].floor,
            )
            for j in np.flatnonzero(wrong[i]).tolist()
        )
        for i in sorted(np.flatnonzero(wrong.any(axis=1)).tolist(), key=candidates.ids.__getitem__)
    }


def field_of(
    candidates: Candidates,
    criteria: Sequence[Criterion],
    *,
    rows: Sequence[int],
    columns: Sequence[int],
    normalise: Normalise,
) -> Field:
    """Make the candidates of some rows comparable on the criteria of some columns."""
    cells = np.ix_(np.asarray(rows, dtype=np.int64), np.asarray(columns, dtype=np.int64))
    signs = np.array([part.sign for part in criteria])
    values, errors = candidates.values[cells], candidates.standard_errors
    largest = np.abs(values).max(axis=0, initial=0.0)
    # a power of two changes no digit, and keeps the difference of two huge numbers from overflowing
    exponent = -np.frexp(largest)[1]
    scaled = np.ldexp(values * signs, exponent)
    constant = np.zeros(len(criteria), dtype=np.bool_)
    if rows:
        constant = is_rounding(np.ptp(scaled, axis=0), np.abs(scaled).max(axis=0))
    if errors is not None:
        with np.errstate(over="ignore"):
            errors = np.minimum(np.ldexp(errors[cells], exponent), MOST_ERROR)
    weights = np.array([part.weight for part in criteria], dtype=np.float64)
    weights = np.ldexp(weights, -np.frexp(weights.max())[1])
    return Field(
        values=scaled,
        errors=errors,
        constant=constant,
        shares=weights / weights.sum(),
        normalise=normalise,
    )


def mid_rank(values: FloatArray, observed: FloatArray) -> FloatArray:
    """Give the share of the sorted `observed` values that lie below each value, plus half of those equal to it."""
    below = np.searchsorted(observed, values)
    # how many are equal is looked up, because a second search would take as long as the first
    equal = np.searchsorted(observed, observed, side="right") - np.searchsorted(observed, observed)
    is_equal = np.append(observed, np.inf)[below] == values
    share: FloatArray = (below + np.where(is_equal, np.append(equal, 0)[below] / 2, 0.0)) / observed.size
    return share


def tie_classes(values: FloatArray) -> IntArray:
    """Count classes of equal values along the last axis, from 0 for the highest on."""
    order = np.argsort(-values, axis=-1, kind="stable")
    falling = np.take_along_axis(values, order, axis=-1)
    steps = np.cumsum(falling[..., :-1] - falling[..., 1:] > TIE, axis=-1)
    classes = np.zeros(values.shape, dtype=np.int64)
    np.put_along_axis(classes, order[..., 1:], steps, axis=-1)
    return classes
