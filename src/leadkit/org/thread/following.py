"""Threads as arrays: where each one breaks, and how strong it is."""

from __future__ import annotations

import numpy as np
from attrs import frozen

from leadkit.graphs import TreeIndex
from leadkit.org._paths import any_marked, nearest_marked, smallest_on_path, starts_below
from leadkit.typing import BoolArray, FloatArray, IntArray

__all__ = ["BROKEN", "UNBROKEN", "UNKNOWN", "Threads", "follow_threads", "threads_through"]

UNBROKEN, BROKEN, UNKNOWN = range(3)


@frozen(kw_only=True, eq=False)
class Threads:
    """The threads of t front-line posts among n posts.

    Parameters
    ----------
    starts : (t,) int array
        The front-line posts, filled ones only.
    status : (t,) int array
        UNBROKEN, BROKEN or UNKNOWN.
    breaker : (t,) int array
        The post nearest to the customers that breaks the thread, -1 where none does.
    strength : (t,) float array
        Smallest known score; NaN where none is known.
    is_led, has_gap : (t,) bool array
        Whether a filled post stands above, and whether one without a score does.
    n_through, n_unbroken : (n,) int array
        Threads that pass each post or begin there, the post being filled or not, and how many of them are unbroken.
    filled, scored, below : (n,) bool array
        Which posts are held, which of those have a score, and which of those lie below what is asked.
    """

    starts: IntArray
    status: IntArray
    breaker: IntArray
    strength: FloatArray
    is_led: BoolArray
    has_gap: BoolArray
    n_through: IntArray
    n_unbroken: IntArray
    filled: BoolArray
    scored: BoolArray
    below: BoolArray


def threads_through(tree: TreeIndex, starts: IntArray) -> IntArray:
    """Count the threads that pass each of n posts or begin there."""
    begins = np.zeros(tree.n, dtype=np.bool_)
    begins[starts] = True
    return starts_below(tree.parents, begins)


def follow_threads(
    tree: TreeIndex,
    starts: IntArray,
    n_through: IntArray,
    *,
    filled: BoolArray,
    scores: FloatArray,
    limits: FloatArray,
) -> Threads:
    """Follow each thread from its front-line post up to the root, over every post that is held.

    Parameters
    ----------
    tree : TreeIndex
        n posts.
    starts : (t,) int array
        Where the threads begin: filled front-line posts.
    n_through : (n,) int array
        What `threads_through` counted.
    filled : (n,) bool array
        Which posts are held; the others are skipped.
    scores, limits : (n,) float array
        What is known of each post, NaN being unknown, and below which score it breaks a thread.
    """
    parents = tree.parents
    known = np.where(filled, scores, np.nan)
    below: BoolArray = known < limits
    breaker = nearest_marked(parents, below, strict=False)[starts]
    has_gap = any_marked(parents, filled & np.isnan(known))[starts]
    status = np.where(breaker >= 0, BROKEN, np.where(has_gap, UNKNOWN, UNBROKEN))
    return Threads(
        starts=starts,
        status=status,
        breaker=breaker,
        strength=smallest_on_path(parents, known)[starts],
        is_led=any_marked(parents, filled)[starts],
        has_gap=has_gap,
        n_through=n_through,
        n_unbroken=threads_through(tree, starts[status == UNBROKEN]),
        filled=filled,
        scored=~np.isnan(known),
        below=below,
    )
