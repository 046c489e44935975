"""Sizes and sums of squares of nested groups: rows are sorted once, the rest is addition over groups."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
from attrs import frozen
from numpy.typing import ArrayLike

from leadkit.stats._arrays import ROUNDING
from leadkit.stats._spread import ROUNDING_STEPS
from leadkit.typing import BoolArray, FloatArray, IntArray

__all__ = ["TeamSums", "Totals", "sum_teams"]


@frozen(eq=False)
class Totals:
    """What the estimating equations need, one value a group or a set of groups; all of it can be added up.

    n_u, n_t and n_p are the rows of a unit, a team and a person.

    Parameters
    ----------
    rows, units, teams, persons : array
        How many there are.
    noise, person, team : array
        Sums of squares of rows about their person's mean, of persons about their team's, of teams about their unit's.
    mean, mean_square : array
        Sums of n_u m and of n_u m^2, where m is a unit's mean.
    unit_size, team_size, person_size : array
        Sums of n_u^2, n_t^2, n_p^2.
    team_in_unit, person_in_unit, person_in_team : array
        Sums of n_t^2 / n_u, n_p^2 / n_u, n_p^2 / n_t.
    team_free, person_free : array
        rows - team_in_unit and rows - person_in_team, without cancellation.
    """

    rows: FloatArray
    units: FloatArray
    teams: FloatArray
    persons: FloatArray
    noise: FloatArray
    person: FloatArray
    team: FloatArray
    mean: FloatArray
    mean_square: FloatArray
    unit_size: FloatArray
    team_size: FloatArray
    person_size: FloatArray
    team_in_unit: FloatArray
    person_in_unit: FloatArray
    person_in_team: FloatArray
    team_free: FloatArray
    person_free: FloatArray

    @property
    def unit(self) -> FloatArray:
        """Sum of squares of units about the mean of all."""
        return _less(self.mean_square, self.mean**2 / self.rows)

    @property
    def df(self) -> FloatArray:
        """Degrees of freedom of units, teams, persons and noise, in the last axis."""
        counts = (np.ones_like(self.units), self.units, self.teams, self.persons, self.rows)
        return np.stack([finer - coarser for coarser, finer in pairwise(counts)], axis=-1)


@frozen(kw_only=True, eq=False)
class TeamSums:
    """What each of t teams adds, teams in the order of their u units; values are divided by 2**exponent.

    Parameters
    ----------
    rows, persons, person_size : (t,) array
        Rows and persons of a team, and the sum of its squared rows a person.
    noise, person : (t,) array
        Sums of squares within persons, and of persons about the mean of the team.
    offset : (t,) array
        Mean of the team less that of its unit.
    unit_mean : (u,) array
        Mean of the unit less that of all rows.
    first_team : (u,) int array
        Where the teams of a unit begin.
    repeating : int
        Persons with more than one row.
    centre : float
        Mean of all rows.
    exponent : int
        What the values were divided by, as a power of 2, so that no square overflows.
    negligible : float
        Mean square that is no more than the rounding of the values.
    """

    rows: FloatArray
    persons: FloatArray
    person_size: FloatArray
    noise: FloatArray
    person: FloatArray
    offset: FloatArray
    unit_mean: FloatArray
    first_team: IntArray
    repeating: int
    centre: float
    exponent: int
    negligible: float

    @property
    def n_units(self) -> int:
        """Number of units."""
        return self.first_team.size

    @property
    def n_teams(self) -> int:
        """Number of teams."""
        return self.rows.size

    @property
    def unit_of_team(self) -> IntArray:
        """The unit of each team."""
        return np.repeat(np.arange(self.n_units), np.diff(self.first_team, append=self.n_teams))

    @property
    def mean(self) -> float:
        """Mean of all rows, in their own scale."""
        return math.ldexp(self.centre, self.exponent)

    @property
    def team_means(self) -> FloatArray:
        """Mean of the rows of each team, in their own scale."""
        return np.ldexp(self.centre + self.unit_mean[self.unit_of_team] + self.offset, self.exponent)

    def by_unit(self, copies: FloatArray | None = None) -> FloatArray:
        """Add up the teams of each unit.

        Parameters
        ----------
        copies : (b, t) array, optional
            How often each team counts in each of b draws, every unit having one at least; by default once in one.

        Returns
        -------
        (b, u, 17) array
            The fields of `Totals` in the last axis.
        """
        taken = np.ones((1, self.n_teams)) if copies is None else copies

        def added(column: FloatArray) -> FloatArray:
            return np.add.reduceat(taken * column, self.first_team, axis=1)

        rows = added(self.rows)
        team_size, person_size = added(self.rows**2), added(self.person_size)
        person_in_team = added(self.person_size / self.rows)
        shift = added(self.rows * self.offset) / rows
        mean = self.unit_mean + shift
        columns = Totals(
            rows=rows,
            units=np.ones_like(rows),
            teams=added(np.ones(self.n_teams)),
            persons=added(self.persons),
            noise=added(self.noise),
            person=added(self.person),
            team=_less(added(self.rows * self.offset**2), rows * shift**2),
            mean=rows * mean,
            mean_square=rows * mean**2,
            unit_size=rows**2,
            team_size=team_size,
            person_size=person_size,
            team_in_unit=team_size / rows,
            person_in_unit=person_size / rows,
            person_in_team=person_in_team,
            team_free=rows - team_size / rows,
            person_free=added(self.rows - self.person_size / self.rows),
        )
        return np.stack([getattr(columns, name) for name in COLUMNS], axis=-1)


COLUMNS = tuple(Totals.__annotations__)


def totals_of(table: FloatArray) -> Totals:
    """Name the columns in the last axis of what `TeamSums.by_unit` gave, or of sums of it."""
    return Totals(*np.moveaxis(table, -1, 0))


def sum_teams(values: FloatArray, unit: IntArray, team: IntArray, person: IntArray | None = None) -> TeamSums:
    """Sort rows into units, teams and persons and add up each team.

    Parameters
    ----------
    values : (n,) array
        At least one value, none of them NaN.
    unit, team, person : (n,) int array
        Codes; a team is a pair of unit and team, a person a triple. Without `person` every row is a person of its own.
    """
    # sorting by the value too makes every sum independent of the order of the rows
    keys = (values, team, unit) if person is None else (values, person, team, unit)
    order = np.lexsort(keys)
    exponent = int(np.frexp(np.abs(values).max())[1])
    scaled = np.ldexp(values[order], -exponent)
    near = scaled - scaled.min()
    y = near - near.mean()
    y -= y.mean()

    first_row = np.arange(y.size) == 0
    new_unit = first_row | _changes(unit[order])
    new_team = new_unit | _changes(team[order])
    new_person = np.ones(y.size, dtype=np.bool_) if person is None else new_team | _changes(person[order])
    person_rows, person_of_team = _sizes(new_person), np.flatnonzero(new_team[new_person])
    team_rows, first_team = _sizes(new_team), np.flatnonzero(new_unit[new_team])
    persons = np.diff(person_of_team, append=person_rows.size)
    teams = np.diff(first_team, append=team_rows.size)

    person_mean = _means(y, np.ones(y.size), np.flatnonzero(new_person))
    team_mean = _means(person_mean, person_rows, person_of_team)
    unit_mean = _means(team_mean, team_rows, first_team)
    noise = np.add.reduceat((y - np.repeat(person_mean, person_rows)) ** 2, np.flatnonzero(new_team))
    between = person_rows * (person_mean - np.repeat(team_mean, persons)) ** 2
    largest = float(np.abs(scaled).max())
    return TeamSums(
        rows=team_rows.astype(np.float64),
        persons=persons.astype(np.float64),
        person_size=np.add.reduceat(person_rows.astype(np.float64) ** 2, person_of_team),
        noise=noise,
        person=np.add.reduceat(between, person_of_team),
        offset=team_mean - np.repeat(unit_mean, teams),
        unit_mean=unit_mean,
        first_team=first_team,
        repeating=int((person_rows > 1).sum()),
        centre=float(scaled.min() + near.mean()),
        exponent=exponent,
        negligible=(ROUNDING_STEPS * largest) ** 2,
    )


def _means(values: FloatArray, weights: ArrayLike, first: IntArray) -> FloatArray:
    """Average groups of rows; values that are equal have exactly their own value as their mean."""
    start = values[first]
    sizes = np.diff(first, append=values.size)
    weight = np.asarray(weights, dtype=np.float64)
    above = np.add.reduceat(weight * (values - np.repeat(start, sizes)), first)
    means: FloatArray = start + above / np.add.reduceat(weight, first)
    return means


def _less(squares: FloatArray, part: FloatArray) -> FloatArray:
    """Take a part from a sum of squares, where the two may be equal but for rounding."""
    rest = squares - part
    return np.where(rest > ROUNDING * squares, rest, 0.0)


def _changes(codes: IntArray) -> BoolArray:
    """Tell where a code differs from the one before it; the first does not."""
    changes: BoolArray = np.diff(codes, prepend=codes[:1]) != 0
    return changes


def _sizes(is_first: BoolArray) -> IntArray:
    """Give the number of rows of each group from where groups begin."""
    return np.diff(np.flatnonzero(is_first), append=is_first.size)
