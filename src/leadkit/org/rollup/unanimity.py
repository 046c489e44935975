"""Means on the end of the scale: where everybody must have answered the same, whatever the number of people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np

from leadkit.errors import OrgError
from leadkit.org.rollup.answers import Answers
from leadkit.org.rollup.blocks import residual_blocks, subtree_counts
from leadkit.stats._arrays import first_place, floats
from leadkit.typing import BoolArray, FloatArray

__all__ = ["Bounds", "checked_bounds", "unanimous"]

Bounds: TypeAlias = tuple[float, float] | Sequence[tuple[float, float]]
"""Lowest and highest possible score, of all columns or of each."""


def checked_bounds(bounds: Bounds, answers: Answers) -> FloatArray:
    """Return the ends of each column, shape (k, 2); a score outside is an OrgError naming the person.

    Raises
    ------
    OrgError
        The bounds are no pairs of finite numbers, low below high, or a score lies outside.
    """
    k = answers.scores.shape[1]
    try:
        ends = floats(np.asarray(bounds), "bounds")
    except ValueError as error:
        raise OrgError(str(error)) from error
    if ends.shape not in {(2,), (k, 2)} or not (ends[..., 0] < ends[..., 1]).all():
        msg = f"bounds: expected (low, high) with low < high, or {k} of them, got {bounds!r}"
        raise OrgError(msg)
    ends = np.broadcast_to(ends, (k, 2))
    outside = (answers.scores < ends[:, 0]) | (answers.scores > ends[:, 1])
    if outside.any():
        person, column = first_place(outside)
        low, high = ends[column]
        score = answers.scores[person, column]
        msg = f"scores[{answers.ids[person]!r}]: {score:g} is outside {low:g}..{high:g}"
        raise OrgError(msg)
    return ends


def unanimous(
    answers: Answers, known: BoolArray, published: BoolArray, ends: FloatArray
) -> tuple[BoolArray, BoolArray]:
    """Find published nodes where all scores of a column are the same end of the scale.

    Parameters
    ----------
    answers : Answers
        Scores of n people on k columns.
    known : (n, k) bool array
        Scores that count.
    published : (n, k) bool array
        Nodes that are published, by column.
    ends : (k, 2) float array
        Lowest and highest possible score.

    Returns
    -------
    whole, rest : (n,) bool array
        Whether it is so in some column of the whole subtree, and of those in it under no published node below.
    """
    whole = np.zeros(answers.tree.n, dtype=np.bool_)
    rest = np.zeros(answers.tree.n, dtype=np.bool_)
    for column, pair in enumerate(ends):
        shown, counted = published[:, column], known[:, column]
        block = residual_blocks(answers.tree, counted.astype(np.int64), shown)
        for end in pair:
            other = (counted & (answers.scores[:, column] != end)).astype(np.int64)
            whole |= shown & (subtree_counts(answers.tree, other) == 0)
            rest |= (block > 0) & (residual_blocks(answers.tree, other, shown) == 0)
    return whole, rest
