"""Needs as networks of levels, so that a chain of actions is a path.

The nodes of a need are the levels it can come to. One unit flows from the current level; an action is an arc from the
lowest level at which it can be entered up to the level that it reaches, and a level can be given up for the one below.
The benefit of an arc is that of its end less that of its beginning, so the benefit of a path is that of the level where
it ends. Each network alone has whole corners: only seats and limits make the solver branch.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

import numpy as np

from leadkit.skills._ladders import benefit_of
from leadkit.skills._rows import Row
from leadkit.skills._units import Scaled, in_units
from leadkit.skills.actions import DevelopmentAction
from leadkit.skills.needs import TrainingNeed

__all__ = ["networks_of"]


def networks_of(
    pairs: Sequence[tuple[TrainingNeed, DevelopmentAction]], first_free: int
) -> tuple[list[Row], Scaled, int]:
    """Write the networks of all needs.

    Parameters
    ----------
    pairs : sequence of (TrainingNeed, DevelopmentAction)
        Pair i is column i.
    first_free : int
        The first column that may be used for levels given up.

    Returns
    -------
    list of Row
        No more flows out of a level than into it.
    Scaled, shape (n_columns,)
        What each column takes from the benefit, below 0 for actions.
    int
        Number of columns.
    """
    columns_of: dict[tuple[str, str], list[int]] = {}
    for column, (need, _) in enumerate(pairs):
        columns_of.setdefault((need.person, need.skill), []).append(column)
    rows: list[Row] = []
    arcs: list[tuple[int, int, int]] = []
    heights: list[float] = []
    free = first_free
    for columns in columns_of.values():
        need, actions = pairs[columns[0]][0], [pairs[column][1] for column in columns]
        levels = [need.start, *sorted({min(action.reaches, need.target) for action in actions})]
        own = [
            (column, bisect_left(levels, action.requires), bisect_left(levels, min(action.reaches, need.target)))
            for column, action in zip(columns, actions, strict=True)
        ]
        below_target = len(levels) - (levels[-1] == need.target)
        given_up = [(free + i, i + 1, i) for i in range(below_target - 1)]
        free += len(given_up)
        rows += _flow_rows(own + given_up, len(levels))
        arcs += [(column, len(heights) + begin, len(heights) + end) for column, begin, end in own + given_up]
        heights += [benefit_of(need, level) for level in levels]
    return rows, _drawbacks(arcs, heights, free), free


def _flow_rows(arcs: Sequence[tuple[int, int, int]], n_levels: int) -> list[Row]:
    """Let no more flow out of a level than into it, and one unit into the first; an arc that leads nowhere is closed."""
    balances: list[dict[int, float]] = [{} for _ in range(n_levels)]
    closed: list[Row] = []
    for column, begin, end in arcs:
        if begin == end:
            closed.append(Row({column: 1.0}, 0.0))
        else:
            balances[begin][column], balances[end][column] = 1.0, -1.0
    return [Row(balance, float(i == 0)) for i, balance in enumerate(balances)] + closed


def _drawbacks(arcs: Sequence[tuple[int, int, int]], heights: Sequence[float], n_columns: int) -> Scaled:
    scaled = in_units(np.array(heights))
    drawback = np.zeros(n_columns)
    for column, begin, end in arcs:
        drawback[column] = scaled.values[begin] - scaled.values[end]
    return Scaled(drawback, scaled.unit, scaled.are_whole)
