"""A scheduling problem as arrays: activities, links, shared resources, and people with skills."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from attrs import field, frozen

from leadkit._fields import bool_array, sealed
from leadkit._results import Value
from leadkit.errors import CycleError, Fault, PlanError, UnknownIdError
from leadkit.typing import BoolArray, FloatArray, IntArray
from leadkit.wbs.network import find_cycle
from leadkit.wbs.network._cycles import cycle_error
from leadkit.wbs.rcpsp._reading import (
    MOST,
    as_levels,
    as_needs,
    as_texts,
    as_whole,
    level_faults,
    list_fault,
    need_faults,
    text_faults,
    whole_faults,
)
from leadkit.wbs.structure import Need

__all__ = ["Problem"]

# what converters take in place of arrays
NO_LINKS: Any = ()
ZERO: Any = 0
LEFT_OUT: Any = None


@frozen(eq=False, repr=False)
class Problem(Value):
    """Activities to be scheduled with limited resources and people.

    Parameters
    ----------
    duration : array_like of int, shape (n,)
        Time units of each activity, at least 0.
    predecessor, successor : array_like of int, shape (m,)
        The ends of each link, 0 to n - 1.
    kind : array_like of int, shape (m,) or a number
        Kind of each link, an index into `LINK_KINDS`: 0 FS, 1 SS, 2 FF, 3 SF.
    lag : array_like of int, shape (m,) or a number
        Time units between the ends of a link; may be negative.
    demand : array_like of int, shape (n, r), optional
        What each activity takes of each of r shared resources while it runs.
    capacity : array_like of int, shape (r,), optional
        What there is of each resource.
    needs : sequence of sequence of Need
        n lists: the people of each activity; empty when nobody is needed anywhere.
        An activity of duration 0 uses nobody, whatever its list says.
    levels : array_like of float, shape (p, s), optional
        Level of each of p people in each of s skills; NaN (or None) is not assessed and holds nothing.
    skill_ids, person_ids : sequence of str
        s and p different ids; "0", "1", ... when left out.
    release : array_like of int, shape (n,), optional
        The earliest start of each activity, at least 0; 0 when left out.
    ids : sequence of str
        n different ids; "0", "1", ... when left out.

    Raises
    ------
    PlanError
        Anything is wrong; `faults` holds all of it.
    CycleError
        The links form a loop and nothing else is wrong; `.cycle` holds the ids.

    Notes
    -----
    The first three parameters can be given by position.
    Searches go through activities and people in the order of their ids, so the order of rows does not change a result.
    Ids that are all numerals (`"9"`, `"10"`) are ordered by number, other ids as texts.

    Examples
    --------
    >>> from leadkit.wbs import Need
    >>> problem = Problem([3, 2], [0], [1], needs=[[Need(skills={"sql": 2})], []], levels=[[3], [1]],
    ...                   skill_ids=["sql"], person_ids=["ann", "ben"], ids=["model", "load"])
    >>> problem
    Problem(2 activities, 1 link, 0 resources, 2 people)
    >>> problem.qualified(problem.needs[0][0])
    array([ True, False])
    >>> Problem([3, -2], [0, 1], [1, 7])
    Traceback (most recent call last):
    ...
    leadkit.errors.PlanError: problem: 2 faults
      duration[1]: expected a whole number of at least 0, got -2
      successor[1]: expected a whole number in 0..1, got 7
    """

    duration: IntArray = field(converter=as_whole)
    predecessor: IntArray = field(default=NO_LINKS, converter=as_whole)
    successor: IntArray = field(default=NO_LINKS, converter=as_whole)
    kind: IntArray = field(default=ZERO, converter=as_whole, kw_only=True)
    lag: IntArray = field(default=ZERO, converter=as_whole, kw_only=True)
    demand: IntArray = field(default=LEFT_OUT, converter=as_whole, kw_only=True)
    capacity: IntArray = field(default=LEFT_OUT, converter=as_whole, kw_only=True)
    needs: tuple[tuple[Need, ...], ...] = field(default=(), converter=as_needs, kw_only=True)
    levels: FloatArray = field(default=LEFT_OUT, converter=as_levels, kw_only=True)
    skill_ids: tuple[str, ...] = field(default=(), converter=as_texts, kw_only=True)
    person_ids: tuple[str, ...] = field(default=(), converter=as_texts, kw_only=True)
    release: IntArray = field(default=LEFT_OUT, converter=as_whole, kw_only=True)
    ids: tuple[str, ...] = field(default=(), converter=as_texts, kw_only=True)

    def __attrs_post_init__(self) -> None:
        n = _length(self.duration)
        if n is None:
            raise PlanError.from_faults([list_fault(self.duration, "duration")], subject="problem")
        self._fill(n)
        faults = whole_faults(self.duration, "duration", (n,), low=0)
        faults += self._link_faults(n) + self._resource_faults(n) + self._people_faults()
        faults += whole_faults(self.release, "release", (n,), low=0)
        if faults:
            raise PlanError.from_faults(faults, subject="problem")
        order = self.order
        rank = np.argsort(order)
        loop = find_cycle(n, rank[self.predecessor], rank[self.successor])
        if loop:
            cycle = tuple(self.ids[order[place]] for place in loop)
            raise CycleError(str(cycle_error(loop, cycle)), cycle=cycle)

    @property
    def n(self) -> int:
        """Number of activities."""
        return len(self.duration)

    @property
    def unit(self) -> int:
        """The largest stretch of time of which all durations, lags and releases are multiples; 1 where all are 0.

        A schedule still keeps every rule when all starts are rounded down to multiples of it.
        """
        return math.gcd(*(int(np.gcd.reduce(values)) for values in (self.duration, self.lag, self.release))) or 1

    @property
    def order(self) -> IntArray:
        """The activities sorted by id, shape (n,); ids that are all numerals by number."""
        return _order(self.ids)

    @property
    def person_order(self) -> IntArray:
        """The people sorted by id, shape (p,); ids that are all numerals by number."""
        return _order(self.person_ids)

    def qualified(self, need: Need) -> BoolArray:
        """Tell of each person whether every skill of `need` is held at its level or above.

        Parameters
        ----------
        need : Need
            Any need; one without skills is met by everybody.

        Returns
        -------
        bool array, shape (p,)
            Somebody who is not assessed in a skill does not hold it.

        Raises
        ------
        UnknownIdError
            A skill is none of the problem's; the message gives the nearest ids.
        """
        column = {skill: k for k, skill in enumerate(self.skill_ids)}
        mask = np.ones(len(self.person_ids), dtype=np.bool_)
        for skill, level in need.skills:
            if skill not in column:
                raise UnknownIdError.of(skill, self.skill_ids, kind="skill")
            # a comparison with NaN is false: who is not assessed holds nothing
            mask &= self.levels[:, column[skill]] >= level
        return bool_array(mask)

    def __repr__(self) -> str:
        """Give the sizes."""
        links = len(self.predecessor)
        return (
            f"Problem({self.n} activities, {links} link{'s' * (links != 1)}, {len(self.capacity)} resources, "
            f"{len(self.person_ids)} people)"
        )

    def _fill(self, n: int) -> None:
        """Put the defaults that depend on sizes in place, and read what may be left out."""
        m = _length(self.predecessor)
        for name in ("kind", "lag"):
            value = getattr(self, name)
            if m is not None and isinstance(value, np.ndarray) and value.ndim == 0:
                self._set(name, sealed(np.full(m, value, dtype=value.dtype)))
        self._default("capacity", np.zeros(0, dtype=np.int64))
        self._default("demand", np.zeros((n, _length(self.capacity) or 0), dtype=np.int64))
        self._default("release", np.zeros(n, dtype=np.int64))
        self._default("needs", ((),) * n)
        self._default("ids", _numerals(n))
        self._default("levels", np.full((_count(self.person_ids), _count(self.skill_ids)), np.nan))
        if isinstance(self.levels, np.ndarray) and self.levels.ndim == 2:
            self._default("person_ids", _numerals(self.levels.shape[0]))
            self._default("skill_ids", _numerals(self.levels.shape[1]))

    def _default(self, name: str, value: Any) -> None:
        own = getattr(self, name)
        # a table without rows comes out of plain data without its second length
        is_flat = isinstance(own, np.ndarray) and own.shape == (0,) and np.ndim(value) == 2 and not np.size(value)
        if own is None or is_flat or (isinstance(own, tuple) and not own):
            self._set(name, sealed(value) if isinstance(value, np.ndarray) else value)

    def _set(self, name: str, value: Any) -> None:
        object.__setattr__(self, name, value)

    def _link_faults(self, n: int) -> list[Fault]:
        m = _length(self.predecessor)
        if m is None:
            return [list_fault(self.predecessor, "predecessor")]
        shape = (m,)
        ends = whole_faults(self.predecessor, "predecessor", shape, low=0, high=n - 1)
        ends += whole_faults(self.successor, "successor", shape, low=0, high=n - 1)
        if not ends:
            ends = [
                Fault(f"link {k}", f"activity {self.ids[i] if len(self.ids) == n else i!r} cannot depend on itself")
                for k, (i, j) in enumerate(zip(self.predecessor.tolist(), self.successor.tolist(), strict=True))
                if i == j
            ]
        return (
            ends
            + whole_faults(self.kind, "kind", shape, low=0, high=3)
            + whole_faults(self.lag, "lag", shape, low=-MOST)
        )

    def _resource_faults(self, n: int) -> list[Fault]:
        r = _length(self.capacity)
        if r is None:
            return [list_fault(self.capacity, "capacity")]
        return whole_faults(self.demand, "demand", (n, r), low=0) + whole_faults(self.capacity, "capacity", (r,), low=0)

    def _people_faults(self) -> list[Fault]:
        n = len(self.duration)
        faults = text_faults(self.ids, "ids", n)
        of_people = text_faults(self.person_ids, "person_ids") + text_faults(self.skill_ids, "skill_ids")
        if not of_people:
            shape = (len(self.person_ids), len(self.skill_ids))
            of_people = level_faults(self.levels, shape)
            names = self.ids if isinstance(self.ids, tuple) and len(self.ids) == n else _numerals(n)
            of_people += need_faults(self.needs, names, self.skill_ids)
        return faults + of_people


def _numerals(n: int) -> tuple[str, ...]:
    return tuple(map(str, range(n)))


def _length(values: Any) -> int | None:
    """Count what is in a list of numbers; None for what is no list."""
    return len(values) if isinstance(values, np.ndarray) and values.ndim == 1 else None


def _count(ids: Any) -> int:
    return len(ids) if isinstance(ids, tuple) else 0


def _order(ids: Sequence[str]) -> IntArray:
    are_numerals = all(own.isascii() and own.isdigit() for own in ids)
    keys = [(int(own), own) if are_numerals else (0, own) for own in ids]
    return sealed(np.array(sorted(range(len(ids)), key=keys.__getitem__), dtype=np.int64))
