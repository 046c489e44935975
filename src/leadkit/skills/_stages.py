"""One aim after the other: each is made as small as it can be, then held while the next one is."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple, TypeAlias

import numpy as np

from leadkit.errors import SolverError
from leadkit.skills._ladders import benefit_of, level_after
from leadkit.skills._program import Pair, Program
from leadkit.skills._rows import Row, nonzero
from leadkit.skills._units import Scaled, allowance, in_units
from leadkit.typing import FloatArray

__all__ = ["benefit_of_pairs", "best_pairs"]

MOST_CUTS = 100
INFEASIBLE = 2
Choice: TypeAlias = tuple[int, ...]
"""Columns of the pairs that are chosen, in ascending order."""


class Aim(NamedTuple):
    """What a stage makes small: its columns as the solver takes them, and its exact value for a choice."""

    columns: Scaled
    value: Callable[[Choice], float]


class Bound(NamedTuple):
    """What a choice has to keep, exactly: a value that is at most so much."""

    value: Callable[[Choice], float]
    most: float
    grows: bool
    """Whether the value can only grow with every pair that is added; it can only fall otherwise."""

    def is_broken(self, choice: Choice) -> bool:
        """Tell whether a choice goes beyond the bound."""
        return self.value(choice) > self.most + allowance(self.most)


def best_pairs(program: Program) -> tuple[Pair, ...]:
    """Choose pairs: most benefit, then least cost, fewest hours, fewest pairs, least sum of ranks.

    Raises
    ------
    SolverError
        The solver does not report an optimum.
    """
    if not program.pairs:
        return ()
    rows = list(program.rows)
    bounds = [Bound(_total(program, part.amounts), part.most, grows=True) for part in program.ceilings]
    number = np.zeros(program.n_columns)
    number[: len(program.pairs)] = 1.0
    aims = [Aim(program.drawback, lambda choice: -benefit_of_pairs(program.pairs[i] for i in choice))]
    aims += [
        Aim(in_units(amounts), _total(program, amounts))
        for amounts in (program.cost, program.hours, number, program.ranks)
    ]
    choice: Choice = ()
    for aim in aims:
        choice = _least(program, rows, bounds, aim)
        least = aim.value(choice)
        rows.append(Row(nonzero(aim.columns.values), aim.columns.bound(least)))
        bounds.append(Bound(aim.value, least, grows=aim is not aims[0]))
    return tuple(program.pairs[i] for i in choice)


def benefit_of_pairs(pairs: Iterable[Pair]) -> float:
    """Sum the benefits of the levels that people come to."""
    taken: dict[tuple[str, str], list[Pair]] = {}
    for pair in pairs:
        taken.setdefault((pair.need.person, pair.need.skill), []).append(pair)
    return math.fsum(
        benefit_of(own[0].need, level_after(own[0].need.start, (pair.action for pair in own))) for own in taken.values()
    )


def _least(program: Program, rows: list[Row], bounds: Sequence[Bound], aim: Aim) -> Choice:
    """Solve one stage. A choice that breaks a bound by less than the solver sees is cut off, and the rest searched."""
    for _ in range(MOST_CUTS):
        choice = _solved(program, rows, aim.columns.values)
        broken = next((bound for bound in bounds if bound.is_broken(choice)), None)
        if broken is None:
            return choice
        rows.append(_cut(broken, choice, len(program.pairs)))
    msg = f"the solver gave {MOST_CUTS} plans that break a limit by rounding, and none that keeps it"
    raise SolverError(msg)


def _solved(program: Program, rows: Sequence[Row], objective: FloatArray) -> Choice:
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import csr_array

    lengths = [len(row.coefficients) for row in rows]
    # scipy before 1.15 hands the indices to a solver that takes no longer ones
    columns = np.fromiter((column for row in rows for column in row.coefficients), np.int32, sum(lengths))
    values = np.fromiter((value for row in rows for value in row.coefficients.values()), float, sum(lengths))
    starts = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32)
    matrix = csr_array((values, columns, starts), shape=(len(rows), program.n_columns))
    model: dict[str, Any] = {
        "integrality": (np.arange(program.n_columns) < len(program.pairs) + len(program.opened)).astype(int),
        "bounds": Bounds(0, 1),
        "constraints": LinearConstraint(matrix, -np.inf, np.array([row.most for row in rows])),
    }
    # the default gap of 1e-4 would end a stage before its optimum
    found: Any = milp(objective, **model, options={"mip_rel_gap": 0.0})
    if found.status == INFEASIBLE:
        # the plan of the stage before is feasible, so the presolve took a rounding for a contradiction
        found = milp(objective, **model, options={"mip_rel_gap": 0.0, "presolve": False})
    if found.status != 0 or found.x is None:
        msg = f"no optimal plan: {found.message}"
        raise SolverError(msg)
    return tuple(np.flatnonzero(found.x[: len(program.pairs)] > 0.5).tolist())


def _cut(broken: Bound, choice: Choice, n_pairs: int) -> Row:
    """Exclude a choice and all that break the same bound for the same reason."""
    if not broken.grows:
        return Row(dict.fromkeys(set(range(n_pairs)).difference(choice), -1.0), -1.0)
    kept = list(choice)
    for column in choice:
        fewer = tuple(other for other in kept if other != column)
        if broken.is_broken(fewer):
            kept.remove(column)
    return Row(dict.fromkeys(kept, 1.0), len(kept) - 1.0)


def _total(program: Program, amounts: FloatArray) -> Callable[[Choice], float]:
    """Sum amounts over a choice and, once each, over the actions in it that have a fixed cost."""
    opened = program.opened
    ids = [pair.action.id for pair in program.pairs]

    def total(choice: Choice) -> float:
        begun = {opened[ids[i]] for i in choice if ids[i] in opened}
        return math.fsum(amounts[[*choice, *sorted(begun)]].tolist())

    return total
