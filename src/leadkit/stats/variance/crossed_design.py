"""Scores of targets by raters as the cells of a table, which is all that a crossed model needs to see."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from attrs import frozen

from leadkit.typing import FloatArray, IntArray

CHUNK_CELLS = 2**21
LEAST_INDEPENDENCE = 1e-9
SPARSE_COST = 30
"""How much longer a product of two stored cells takes than one inside a dense matrix product, roughly."""


@frozen(kw_only=True, eq=False)
class CrossedDesign:
    """Cells of a two-way design: a long side of p levels, a short side of q levels, at least one score a cell.

    Parameters
    ----------
    long, short : (c,) array of int
        Levels of each cell that holds scores, by long and then short level; every level has a cell.
    counts, values : (c,) array
        Scores in the cell and their mean less `centre`.
    centre : float
        Mean of all scores.
    within : float
        Sum of squares of the scores about the means of their cells.
    n : int
        Scores.
    long_counts, short_counts : (p,), (q,) array
        Scores of each level.
    table : (p, q) array or sparse array
        Scores in each cell; an array where it is small and well filled.
    transposed : (q, p) array or sparse array
        The same the other way.
    is_dense : bool
        Whether products of the table with itself are faster when its blocks are dense.
    """

    long: IntArray
    short: IntArray
    counts: FloatArray
    values: FloatArray
    centre: float
    within: float
    n: int
    long_counts: FloatArray
    short_counts: FloatArray
    table: Any
    transposed: Any
    is_dense: bool

    @classmethod
    def of(cls, scores: FloatArray, long: IntArray, short: IntArray) -> Self:
        """Gather rows into cells; the order of the rows changes nothing, not even the rounding."""
        from scipy.sparse import csr_array

        order = np.lexsort((scores, short, long))
        scores, long, short = scores[order], long[order], short[order]
        # differences of near numbers are exact, so a large common offset costs no digits
        deviations = scores - scores[0]
        offset = float(deviations.mean())
        deviations -= offset
        first = np.flatnonzero((np.diff(long, prepend=-1) != 0) | (np.diff(short, prepend=-1) != 0))
        counts = np.diff(first, append=scores.size)
        values = np.add.reduceat(deviations, first) / counts
        residuals = deviations - np.repeat(values, counts)
        long, short = long[first], short[first]
        table = csr_array((counts.astype(np.float64), (long, short)))
        p, q = int(long.max()) + 1, int(short.max()) + 1
        pairs = float((np.diff(table.indptr).astype(np.float64) ** 2).sum())
        is_dense = SPARSE_COST * pairs > float(p) * q**2
        filled = table.toarray() if is_dense and p * q <= CHUNK_CELLS else table
        return cls(
            long=long,
            short=short,
            counts=counts.astype(np.float64),
            values=values,
            centre=float(scores[0]) + offset,
            within=float(residuals @ residuals),
            n=scores.size,
            long_counts=np.bincount(long, weights=counts).astype(np.float64),
            short_counts=np.bincount(short, weights=counts).astype(np.float64),
            table=filled,
            transposed=filled.T if filled is not table else table.T.tocsr(),
            is_dense=is_dense,
        )

    @property
    def mean_counts(self) -> FloatArray:
        """Mean number of scores of a long and of a short level (2,)."""
        return self.n / np.array([self.long_counts.size, self.short_counts.size])

    def long_sums(self, values: FloatArray) -> FloatArray:
        """Sum values of cells, each as often as its cell has scores, over every long level."""
        return np.asarray(np.bincount(self.long, weights=self.counts * values), dtype=np.float64)

    def short_sums(self, values: FloatArray) -> FloatArray:
        """Sum values of cells, each as often as its cell has scores, over every short level."""
        return np.asarray(np.bincount(self.short, weights=self.counts * values), dtype=np.float64)

    def crossproduct(self, weights: FloatArray) -> FloatArray:
        """C' diag(weights) C (q, q) of the table C of counts and a weight for every long level."""
        if not self.is_dense:
            return np.asarray((self.transposed @ (self.table * weights[:, None])).toarray())
        product = np.zeros((self.table.shape[1],) * 2)
        for rows in self._chunks():
            block = self.table[rows] if isinstance(self.table, np.ndarray) else self.table[rows].toarray()
            product += block.T @ (block * weights[rows, None])
        return product

    def row_forms(self, inner: FloatArray) -> FloatArray:
        """Give c' M c (p,) for the row c of counts of every long level, M = `inner` (q, q)."""
        blocks = (self.table[rows] for rows in self._chunks())
        return np.concatenate([np.asarray((block * (block @ inner)).sum(axis=1)) for block in blocks])

    def _chunks(self) -> list[slice]:
        p, q = self.table.shape
        step = max(1, CHUNK_CELLS // q)
        return [slice(start, start + step) for start in range(0, p, step)]

    def is_identified(self) -> bool:
        """Whether scores of this design tell both variances and the residual one apart.

        They do when I, AA' and BB', the mean taken out and A and B being the indicators of the levels, are linearly
        independent.
        """
        n, long, short = self.n, self.long_counts, self.short_counts
        # plain and projected: tr(X Y) - 2 1'X Y 1 / n + 1'X 1 1'Y 1 / n^2 for X, Y among I, AA', BB'
        sums = np.array([n, long @ long, short @ short])
        crossed = (long[self.long] * self.counts) @ short[self.short]
        ones = np.array([[n, *sums[1:]], [sums[1], (long**3).sum(), crossed], [sums[2], crossed, (short**3).sum()]])
        plain = np.array([[n, n, n], [n, sums[1], self.counts @ self.counts], [n, self.counts @ self.counts, sums[2]]])
        gram = plain - 2 * ones / n + np.outer(sums, sums) / n**2
        size = np.sqrt(np.maximum(np.diag(gram), 0))
        if (size <= LEAST_INDEPENDENCE * np.sqrt(np.diag(plain))).any():
            return False
        return bool(np.linalg.eigvalsh(gram / np.outer(size, size))[0] > LEAST_INDEPENDENCE)
