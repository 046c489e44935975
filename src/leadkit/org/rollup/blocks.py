"""Respondents by node, by subtree and by residual block: the counts that every judgement of a release rests on."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from leadkit.errors import OrgError
from leadkit.graphs import TreeIndex
from leadkit.org._paths import nearest_marked
from leadkit.typing import BoolArray, IntArray

__all__ = ["as_respondents", "as_tree", "nearest_published", "residual_blocks", "subtree_counts"]

MOST_RESPONDENTS = 2**53
"""Up to here every sum of counts is exact."""


def as_tree(tree: TreeIndex | ArrayLike) -> TreeIndex:
    """Return a tree as it is, or index a parent vector; one that is no forest is an OrgError naming its faults."""
    if isinstance(tree, TreeIndex):
        return tree
    try:
        return TreeIndex.from_parents(tree)
    except ValueError as error:
        raise OrgError(str(error)) from error


def as_respondents(respondents: ArrayLike, n: int) -> IntArray:
    """Return `n` counts of people; a count that is no whole number of at least 0 is an OrgError naming its place."""
    try:
        counts = np.asarray(respondents)
    except ValueError as error:
        msg = f"respondents: expected {n} whole numbers: {error}"
        raise OrgError(msg) from error
    if counts.shape != (n,):
        msg = f"respondents: expected {n} whole numbers, got an array of shape {counts.shape}"
        raise OrgError(msg)
    if counts.size and counts.dtype.kind not in "biuf":
        msg = f"respondents: expected whole numbers, got {counts.dtype}"
        raise OrgError(msg)
    with np.errstate(invalid="ignore"):
        wrong = ~((counts >= 0) & (counts == np.floor(counts)))
    if wrong.any():
        place = int(np.argmax(wrong))
        msg = f"respondents[{place}]: expected a whole number of at least 0, got {counts[place]}"
        raise OrgError(msg)
    if counts.sum(dtype=np.float64) >= MOST_RESPONDENTS:
        msg = f"respondents: expected fewer than 2**53 in all, got {counts.sum(dtype=np.float64):g}"
        raise OrgError(msg)
    return counts.astype(np.int64)


def subtree_counts(tree: TreeIndex, respondents: IntArray) -> IntArray:
    """Count the respondents of each subtree, shape (n,)."""
    return tree.roll_up(respondents).astype(np.int64)


def nearest_published(tree: TreeIndex, published: BoolArray) -> IntArray:
    """Find the published node that each node is or stands under, shape (n,); n where there is none."""
    nearest = nearest_marked(tree.parents, published, strict=False)
    return np.where(nearest < 0, tree.n, nearest)


def residual_blocks(tree: TreeIndex, respondents: IntArray, published: BoolArray) -> IntArray:
    """Count the respondents under each published node and under no published node below it; -1 where unpublished."""
    counts = np.bincount(nearest_published(tree, published), weights=respondents, minlength=tree.n + 1)
    blocks: IntArray = counts[:-1].astype(np.int64)
    blocks[~published] = -1
    return blocks
