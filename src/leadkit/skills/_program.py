"""The integer program of a training plan: the networks of all needs, joined by seats and limits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import inf
from typing import NamedTuple

import numpy as np
from attrs import frozen

from leadkit.skills._ladders import helpful, undominated
from leadkit.skills._networks import networks_of
from leadkit.skills._rows import Row, nonzero
from leadkit.skills._units import Scaled, allowance, in_units
from leadkit.skills.actions import DevelopmentAction
from leadkit.skills.needs import TrainingNeed
from leadkit.typing import FloatArray

__all__ = ["Ceiling", "Limits", "Pair", "Program", "program_of"]


@frozen(kw_only=True)
class Limits:
    """What a plan may take; infinite without a limit."""

    cost: float = inf
    hours: float = inf
    hours_per_person: float = inf
    actions_per_person: float = inf


class Pair(NamedTuple):
    """A person, by their need, who may take an action; `rank` is the place among all pairs that can help."""

    need: TrainingNeed
    action: DevelopmentAction
    rank: int


class Ceiling(NamedTuple):
    """A bound on an amount of the chosen columns, which the rounded answer of the solver has to keep as well."""

    amounts: FloatArray
    most: float

    def row(self) -> Row:
        """Write the bound as a constraint."""
        scaled = in_units(self.amounts)
        return Row(nonzero(scaled.values), scaled.bound(self.most))


@frozen(kw_only=True, eq=False)
class Program:
    """Columns, constraints and what columns count.

    Parameters
    ----------
    pairs : tuple of Pair
        The first columns: 1 where the person takes the action.
    opened : mapping of str to int
        Action id to the column that is 1 where anybody takes the action, for actions with a fixed cost.
    n_columns : int
        Number of columns; the last ones are levels given up, between 0 and 1.
    rows : tuple of Row
        The constraints.
    ceilings : tuple of Ceiling
        Those of them that bound amounts.
    drawback : Scaled
        What columns take from the benefit; below 0 where they add to it.
    cost, hours, ranks : float array
        What columns add to the cost, the hours and the sum of ranks.
    """

    pairs: tuple[Pair, ...]
    opened: Mapping[str, int]
    n_columns: int
    rows: tuple[Row, ...]
    ceilings: tuple[Ceiling, ...]
    drawback: Scaled
    cost: FloatArray
    hours: FloatArray
    ranks: FloatArray


def program_of(needs: Sequence[TrainingNeed], catalogue: Sequence[DevelopmentAction], limits: Limits) -> Program:
    """Build the program for needs sorted by person and skill and a catalogue sorted by id."""
    pairs = _pairs(needs, catalogue, limits)
    with_fixed_cost = sorted({pair.action.id for pair in pairs if pair.action.cost_fixed > 0})
    opened = {name: len(pairs) + i for i, name in enumerate(with_fixed_cost)}
    rows, drawback, n_columns = networks_of([(pair.need, pair.action) for pair in pairs], len(pairs) + len(opened))
    rows += _seat_rows(pairs, opened)
    cost, hours, ranks = np.zeros(n_columns), np.zeros(n_columns), np.zeros(n_columns)
    for column, pair in enumerate(pairs):
        cost[column], hours[column], ranks[column] = pair.action.cost_per_person, pair.action.hours, pair.rank
        if pair.action.id in opened:
            cost[opened[pair.action.id]] = pair.action.cost_fixed
    ceilings = [Ceiling(cost, limits.cost), Ceiling(hours, limits.hours)]
    for columns in _columns_of_people(pairs):
        own = np.zeros(n_columns)
        own[columns] = hours[columns]
        ceilings.append(Ceiling(own, limits.hours_per_person))
        rows.append(Row(dict.fromkeys(columns, 1.0), limits.actions_per_person))
    ceilings = [ceiling for ceiling in ceilings if ceiling.amounts.sum() > ceiling.most]
    return Program(
        pairs=tuple(pairs),
        opened=opened,
        n_columns=n_columns,
        rows=tuple(row for row in rows if row.most < inf) + tuple(ceiling.row() for ceiling in ceilings),
        ceilings=tuple(ceilings),
        drawback=drawback,
        cost=cost,
        hours=hours,
        ranks=ranks,
    )


def _pairs(needs: Sequence[TrainingNeed], catalogue: Sequence[DevelopmentAction], limits: Limits) -> list[Pair]:
    """Rank the pairs that can help, and keep those that may be planned and that no other does better."""
    by_skill: dict[str, list[DevelopmentAction]] = {}
    for action in catalogue:
        by_skill.setdefault(action.skill, []).append(action)
    found = [(need, helpful(need, by_skill.get(need.skill, ()))) for need in needs]
    in_order = sorted((need.person, action.id) for need, actions in found for action in actions)
    rank = {names: place for place, names in enumerate(in_order, start=1)}
    pairs = [
        Pair(need, action, rank[need.person, action.id])
        for need, actions in found
        for action in undominated(
            need, [part for part in actions if part.requires < need.target and _is_within(part, limits)]
        )
    ]
    return sorted(pairs, key=lambda pair: pair.rank)


def _is_within(action: DevelopmentAction, limits: Limits) -> bool:
    """Tell whether one person alone may take an action."""
    amounts = (
        (action.cost_per_person + action.cost_fixed, limits.cost),
        (action.hours, limits.hours),
        (action.hours, limits.hours_per_person),
    )
    return limits.actions_per_person >= 1 and all(amount <= most + allowance(most) for amount, most in amounts)


def _seat_rows(pairs: Sequence[Pair], opened: Mapping[str, int]) -> list[Row]:
    """Bound who takes an action by its seats, and let nobody take it unless its fixed cost is paid."""
    takers: dict[str, list[int]] = {}
    for column, pair in enumerate(pairs):
        takers.setdefault(pair.action.id, []).append(column)
    rows = [Row({column: 1.0, opened[name]: -1.0}, 0.0) for name in opened for column in takers[name]]
    seats = {pair.action.id: pair.action.seats for pair in pairs}
    for name, columns in takers.items():
        n_seats = seats[name]
        if n_seats is None or n_seats >= len(columns):
            continue
        if name in opened:
            rows.append(Row({**dict.fromkeys(columns, 1.0), opened[name]: -float(n_seats)}, 0.0))
        else:
            rows.append(Row(dict.fromkeys(columns, 1.0), float(n_seats)))
    return rows


def _columns_of_people(pairs: Sequence[Pair]) -> list[list[int]]:
    columns: dict[str, list[int]] = {}
    for column, pair in enumerate(pairs):
        columns.setdefault(pair.need.person, []).append(column)
    return list(columns.values())
