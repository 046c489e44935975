"""The cheapest people who cover every demand: an integer program, ties settled to the last."""

from __future__ import annotations

import numpy as np

from leadkit.typing import FloatArray, IntArray

__all__ = ["cheapest"]

# the solver compares objectives in absolute terms, so costs are brought to a size at which it tells them apart
LARGEST_COST = 1e3
ROUNDING = 1e-9
ROWS_AT_ONCE = 8


def cheapest(costs: FloatArray, covers: IntArray, needs: IntArray, most: FloatArray) -> IntArray | None:
    """Find how many of each kind cost least; then the fewest, then the least of the first kind, of the second, ...

    Parameters
    ----------
    costs : (n_kinds,) array
        Cost of one, at least 0.
    covers : (n_sets, n_kinds) array
        1 where the kind counts for the set.
    needs : (n_sets,) array
        How many must count for the set at least.
    most : (n_kinds,) array
        How many there are at most; infinite where there is no bound.

    Returns
    -------
    (n_kinds,) array of int, or None
        None where no numbers cover every set.
    """
    scaled = costs / max(float(costs.max()), np.finfo(np.float64).tiny) * LARGEST_COST
    high = np.minimum(most, float(needs.max(initial=0)))
    # few of the sets matter, so the others are left out until an answer does not cover them
    is_in = np.arange(len(needs)) < len(costs)
    while True:
        found = _by_cost_number_and_place(scaled, covers[is_in], needs[is_in], high)
        if found is None:
            return None
        lacking = needs - covers @ found
        if not np.any(lacking > 0):
            return found
        is_in[np.argsort(-lacking, kind="stable")[:ROWS_AT_ONCE]] = True


def _by_cost_number_and_place(
    costs: FloatArray, covers: IntArray, needs: IntArray, most: FloatArray
) -> IntArray | None:
    """Solve for the cost, then among its answers for the number of people, then for the number of each kind in turn."""
    n = len(costs)
    low, high = np.zeros(n), most.copy()
    rows, ends = [covers.astype(np.float64)], [(needs.astype(np.float64), np.full(len(needs), np.inf))]
    best: IntArray | None = None
    for objective in (costs, np.ones(n)):
        found = _solve(objective, rows, ends, low, high)
        if found is None:
            return best
        best = found
        value = float(objective @ best)
        rows.append(objective[None, :])
        ends.append((np.array([-np.inf]), np.array([value + ROUNDING * max(value, 1.0)])))
    for place in range(n):
        objective = np.zeros(n)
        objective[place] = 1.0
        found = _solve(objective, rows, ends, low, high)
        best = best if found is None else found
        low[place] = high[place] = float(best[place])  # type: ignore[index]
    return best


def _solve(
    objective: FloatArray,
    rows: list[FloatArray],
    ends: list[tuple[FloatArray, FloatArray]],
    low: FloatArray,
    high: FloatArray,
) -> IntArray | None:
    from scipy.optimize import Bounds, LinearConstraint, milp

    answer = milp(
        objective,
        integrality=np.ones(len(objective), dtype=np.int64),
        bounds=Bounds(low, high),
        constraints=[LinearConstraint(row, *end) for row, end in zip(rows, ends, strict=True)],
        options={"mip_rel_gap": 0.0},
    )
    return None if answer.x is None else np.rint(answer.x).astype(np.int64)
