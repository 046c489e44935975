"""Rank arithmetic, all rows at once: mid-ranks, Kendall's W of groups and chains, tau-b and Spearman's rho of pairs.

Ranks are kept as whole numbers, c = 2 rank - (k + 1), so that every sum is exact and nothing depends on the row order.
With c the tie-corrected W = 12 S/(m^2 (k^3 - k) - m sum T) is |sum of c|^2 / (m sum of |c|^2), because
|c|^2 = (k^3 - k - T)/3.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from attrs import frozen

from leadkit.graphs import TreeIndex
from leadkit.typing import BoolArray, FloatArray, IntArray

__all__ = ["Rankings", "chain_sums", "concordance", "group_sums", "mean_by", "mean_of", "rank_rows", "rho", "tau_b"]


@frozen(eq=False)
class Rankings:
    """What m raters put first and last among k things: a column a rater."""

    centred: IntArray
    """(k, m): twice the mid-rank less k + 1; a column adds up to 0."""
    squares: IntArray
    """(m,): |c|^2 of each rater; 0 where all ranks are tied."""
    untied: IntArray
    """(m,): pairs of things that the rater did not tie."""

    def at(self, raters: IntArray) -> Rankings:
        """Take some raters, in the order given."""
        return Rankings(self.centred[:, raters], self.squares[raters], self.untied[raters])

    @property
    def n_unlike(self) -> int:
        """Raters who do not rank as most others do."""
        n_alike = np.unique(self.centred, axis=1, return_counts=True)[1]
        return int(n_alike.sum() - n_alike.max(initial=0))

    def signs(self) -> Iterator[IntArray]:
        """Give, for every pair of things, which of the two each rater put first: -1, 0 or 1, shape (m,)."""
        for first in range(len(self.centred)):
            for second in range(first):
                yield np.sign(self.centred[first] - self.centred[second]).astype(np.int8)


def rank_rows(rows: FloatArray) -> Rankings:
    """Rank each row on its own; equal values share the mean of their ranks.

    Examples
    --------
    >>> ranks = rank_rows(np.array([[1.0, 3.0, 2.0], [5.0, 5.0, 9.0]]))
    >>> ((ranks.centred.T + 4) / 2).tolist(), ranks.untied.tolist()
    ([[1.0, 3.0, 2.0], [1.5, 1.5, 3.0]], [3, 2])
    """
    m, k = rows.shape
    order = np.argsort(rows, axis=1, kind="stable")
    ordered = np.take_along_axis(rows, order, axis=1)
    begins = np.ones((m, k), dtype=np.bool_)
    begins[:, 1:] = ordered[:, 1:] != ordered[:, :-1]
    ends = np.ones((m, k), dtype=np.bool_)
    ends[:, :-1] = begins[:, 1:]
    places = np.arange(k)
    start = np.maximum.accumulate(np.where(begins, places, 0), axis=1)
    stop = np.minimum.accumulate(np.where(ends, places, k)[:, ::-1], axis=1)[:, ::-1]
    centred = np.empty((m, k), dtype=np.int64)
    np.put_along_axis(centred, order, start + stop - (k - 1), axis=1)
    # Of t tied things each meets t - 1 others, so the sum counts every tied pair twice.
    tied = (stop - start).sum(axis=1) // 2
    return Rankings(np.ascontiguousarray(centred.T), (centred**2).sum(axis=1), k * (k - 1) // 2 - tied)


def concordance(sums: FloatArray, squares: FloatArray, n: FloatArray) -> FloatArray:
    """Kendall's W, corrected for ties, of groups of raters.

    Parameters
    ----------
    sums : (k, g) array
        Sum of c over the raters of each group.
    squares, n : (g,) array
        Sum of |c|^2 over them, and their number.

    Returns
    -------
    (g,) array
        W in [0, 1]; NaN for fewer than two raters, or when all of them tied everything.

    References
    ----------
    .. [1] M. G. Kendall and B. Babington Smith, "The problem of m rankings", Annals of Mathematical Statistics 10,
       1939.

    Examples
    --------
    >>> ranks = rank_rows(np.array([[1.0, 2.0, 3.0], [1.0, 3.0, 2.0]]))
    >>> concordance(*group_sums(ranks, np.array([0, 0]), 1)).tolist()
    [0.75]
    """
    divisor = n * squares
    defined = (n >= 2) & (squares > 0)
    return np.where(defined, (sums**2).sum(axis=0) / np.where(defined, divisor, 1.0), np.nan)


def group_sums(ranks: Rankings, groups: IntArray, n_groups: int) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Add up c and |c|^2 over the raters of each group, and count them: (k, g), (g,), (g,)."""
    sums = [np.bincount(groups, weights=column, minlength=n_groups) for column in ranks.centred]
    squares = np.bincount(groups, weights=ranks.squares, minlength=n_groups).astype(np.float64)
    return np.array(sums, dtype=np.float64), squares, np.bincount(groups, minlength=n_groups).astype(np.float64)


def chain_sums(
    tree: TreeIndex, ranks: Rankings, raters: IntArray, people: IntArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Add up c and |c|^2 over the raters among each of `people` and all above them, and count them."""
    sums = [_along_chain(tree, column, raters, people) for column in ranks.centred]
    squares = _along_chain(tree, ranks.squares, raters, people)
    return np.array(sums), squares, _along_chain(tree, np.ones_like(raters), raters, people)


def _along_chain(tree: TreeIndex, values: IntArray, raters: IntArray, people: IntArray) -> FloatArray:
    """Add up whole numbers from the root down to each of `people`.

    In preorder a value counts from the rater's own place to the end of their subtree, so one running sum does it,
    however deep the tree.
    """
    steps = np.zeros(tree.n + 1)
    start = tree.position[raters]
    steps[start] = values
    steps -= np.bincount(start + tree.size[raters], weights=values, minlength=tree.n + 1)
    along: FloatArray = np.cumsum(steps)[tree.position[people]]
    return along


def any_below(tree: TreeIndex, people: IntArray) -> BoolArray:
    """Tell of everybody whether one of `people` is they themselves or in their line, shape (n,)."""
    there = np.zeros(tree.n + 1, dtype=np.int64)
    there[tree.position[people] + 1] = 1
    before = np.cumsum(there)
    is_above: BoolArray = before[tree.position + tree.size] > before[tree.position]
    return is_above


def tau_b(products: IntArray, first: Rankings, second: Rankings) -> FloatArray:
    """Kendall's tau-b of pairs of raters from the sums of their sign products; NaN where one tied everything.

    References
    ----------
    .. [1] M. G. Kendall, "The treatment of ties in ranking problems", Biometrika 33, 1945.
    """
    return _quotient(products, first.untied, second.untied)


def rho(first: Rankings, second: Rankings) -> FloatArray:
    """Spearman's rank correlation of pairs of raters; NaN where one of the two tied everything.

    References
    ----------
    .. [1] C. Spearman, "The proof and measurement of association between two things", American Journal of
       Psychology 15, 1904.

    Examples
    --------
    >>> rho(rank_rows(np.array([[1.0, 2.0, 3.0]])), rank_rows(np.array([[1.0, 3.0, 2.0]]))).tolist()
    [0.5]
    """
    return _quotient((first.centred * second.centred).sum(axis=0), first.squares, second.squares)


def _quotient(product: IntArray, first: IntArray, second: IntArray) -> FloatArray:
    """Divide by the geometric mean of the two; NaN where one of them is 0."""
    divisor = np.sqrt(first.astype(np.float64) * second)
    return np.where(divisor > 0, product / np.where(divisor > 0, divisor, 1.0), np.nan)


def mean_of(values: FloatArray) -> float:
    """Average in order of size, so that the row order cannot show in the last digit; NaN for no value."""
    return float(np.sort(values).mean()) if values.size else float("nan")


def mean_by(values: FloatArray, groups: IntArray, n_groups: int) -> tuple[FloatArray, FloatArray]:
    """Count the values of each group and average them, in order of size; NaN for a group without any."""
    order = np.lexsort((values, groups))
    sums = np.bincount(groups[order], weights=values[order], minlength=n_groups)
    n = np.bincount(groups, minlength=n_groups).astype(np.float64)
    return n, np.where(n > 0, sums / np.maximum(n, 1.0), np.nan)
