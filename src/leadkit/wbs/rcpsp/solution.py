"""A schedule that was found for a problem: starts, people, how good it is and how it came about."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

from attrs import field, frozen

from leadkit._fields import int_array
from leadkit._results import Result
from leadkit.typing import IntArray

__all__ = ["Solution"]


def as_number(value: Any) -> int:
    """Keep a plain int."""
    return int(value)


def as_flags(values: Iterable[str]) -> tuple[str, ...]:
    """Keep flags as a tuple."""
    return tuple(values)


def as_people(values: Iterable[Iterable[Any]]) -> tuple[tuple[int, ...], ...]:
    """Keep the people of all activities as tuples of plain ints."""
    return tuple(tuple(map(int, group)) for group in values)


def as_history(values: Iterable[tuple[Any, Any]]) -> tuple[tuple[int, int], ...]:
    """Keep the steps of a search as pairs of plain ints."""
    return tuple((int(schedules), int(makespan)) for schedules, makespan in values)


@frozen(kw_only=True, eq=False)
class Solution(Result):
    """A schedule of a `Problem`.

    Parameters
    ----------
    start : array_like of int, shape (n,)
        Start of each activity in time units from 0.
    people : sequence of sequence of int
        n lists: the people of each activity as indices into the problem's `person_ids`; empty where nobody works.
    makespan : int
        The greatest finish; 0 without activities.
    lower_bound : int
        No schedule of the problem is shorter.
    schedules : int
        How many schedules the search generated.
    method : str
        How the schedule was found: `"ga"` or `"cp_sat"`.
    history : sequence of (int, int)
        After how many schedules which makespan was reached, improvements only.
    flags : sequence of str
        What is doubtful; see `WBS_FLAGS`.

    Attributes
    ----------
    gap : float
        makespan / lower_bound - 1, at least 0; 0 when both are 0, NaN when only the bound is.
    is_proven : bool
        The makespan equals the lower bound, so no schedule is shorter.

    Examples
    --------
    >>> solution = Solution(start=[0, 4], people=[[0], [0, 1]], makespan=9, lower_bound=8, schedules=2)
    >>> solution.gap, solution.is_proven
    (0.125, False)
    >>> solution.to_records()
    [{'activity': 0, 'start': 0, 'people': '0'}, {'activity': 1, 'start': 4, 'people': '0 1'}]
    """

    start: IntArray = field(converter=int_array)
    people: tuple[tuple[int, ...], ...] = field(converter=as_people)
    makespan: int = field(converter=as_number)
    lower_bound: int = field(converter=as_number)
    gap: float = field(init=False)
    is_proven: bool = field(init=False)
    schedules: int = field(default=0, converter=as_number)
    method: str = "ga"
    history: tuple[tuple[int, int], ...] = field(default=(), converter=as_history)
    flags: tuple[str, ...] = field(default=(), converter=as_flags)

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "gap", _gap(self.makespan, self.lower_bound))
        object.__setattr__(self, "is_proven", self.makespan == self.lower_bound)

    def to_records(self) -> list[dict[str, Any]]:
        """Give one dictionary an activity: its index, its start, and its people joined by a space.

        Returns
        -------
        list of dict
            In the order of the problem.
        """
        rows = zip(self.start.tolist(), self.people, strict=True)
        return [
            {"activity": i, "start": start, "people": " ".join(map(str, group))}
            for i, (start, group) in enumerate(rows)
        ]


def _gap(makespan: int, lower_bound: int) -> float:
    if makespan == lower_bound:
        return 0.0
    return makespan / lower_bound - 1 if lower_bound else math.nan
