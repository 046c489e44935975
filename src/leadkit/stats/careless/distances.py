"""How far a person's answers lie from the mean of all, in the metric of the items' covariance."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Self

import numpy as np
from attrs import frozen

from leadkit.stats.careless.within import Block
from leadkit.stats.moments import ItemMoments
from leadkit.stats.moments.accumulation import MOST_CELLS
from leadkit.typing import BoolArray, FloatArray, IntArray

SINGULAR = 1e-12
# up to here the inverse of a block of the inverse keeps ten digits of sixteen
WELL_CONDITIONED = 1e-6


@frozen(kw_only=True, eq=False)
class Distances:
    """Mahalanobis' squared distances over the items answered, by pairwise covariances, of blocks of answers.

    Of the v items that vary: `columns`, `centre`, `mean` about it and `sd` (v,), and `correlation` (v, v), with the
    roots W of its inverse W W' when it is far from singular. Of the others: columns of `constant` items, and of `rare`
    ones with fewer than two answers.
    """

    columns: IntArray
    centre: FloatArray
    mean: FloatArray
    sd: FloatArray
    correlation: FloatArray
    roots: FloatArray | None
    constant: IntArray
    rare: IntArray

    @classmethod
    def of(cls, moments: ItemMoments) -> Self:
        """Take the metric from pairwise moments."""
        variances = moments.variances
        columns = np.flatnonzero(variances > 0)
        correlation = moments.correlation[np.ix_(columns, columns)]
        return cls(
            columns=columns,
            centre=moments.centre[columns],
            mean=moments.sums.diagonal()[columns] / moments.n_answered[columns],
            sd=np.sqrt(variances[columns]),
            correlation=correlation,
            roots=_regular_roots(correlation),
            constant=np.flatnonzero(variances == 0),
            rare=np.flatnonzero(np.isnan(variances)),
        )

    def __call__(self, block: Block) -> dict[str, Any]:
        """Give distances, their degrees of freedom, and whether they are doubtful.

        The pseudo-inverse is that of the correlations: eigenvalues not above 1e-12 times the largest count as 0. A
        distance is NaN without an answered item that varies, and where an answered item or pair of items has fewer
        than two answers (`is_unknown`). `is_singular` marks persons whose answered items have no inverse.
        """
        z = self._standardised(block)
        is_unknown: BoolArray = np.any(~np.isnan(block.answers[self.rare]), axis=0)
        is_singular: BoolArray = np.any(~np.isnan(block.answers[self.constant]), axis=0)
        missing = None if block.missing is None else block.missing[self.columns]
        if self.roots is not None:
            squared, df = _regular(z, missing, self.roots)
        else:
            squared, df = self._by_pattern(z, missing, is_singular, is_unknown)
        df[is_unknown] = 0
        squared[df == 0] = np.nan
        return {"squared": squared, "df": df, "is_singular": is_singular, "is_unknown": is_unknown}

    def _standardised(self, block: Block) -> FloatArray:
        z = block.answers[self.columns]
        z -= self.centre[:, np.newaxis]
        z -= self.mean[:, np.newaxis]
        z /= self.sd[:, np.newaxis]
        return z

    def _by_pattern(
        self, z: FloatArray, missing: BoolArray | None, is_singular: BoolArray, is_unknown: BoolArray
    ) -> tuple[FloatArray, IntArray]:
        """Distances by the pseudo-inverse, for each pattern of gaps; what is doubtful is marked in place."""
        known = np.ones(z.shape, dtype=np.bool_) if missing is None else ~missing
        squared, df = np.full(z.shape[1], np.nan), np.zeros(z.shape[1], dtype=np.int64)
        for persons, places in _patterns(known):
            correlation = self.correlation[np.ix_(places, places)]
            if np.isnan(correlation).any():
                is_unknown[persons] = True
                continue
            roots = _pseudo_roots(correlation)
            squared[persons] = ((roots.T @ z[np.ix_(places, persons)]) ** 2).sum(axis=0)
            df[persons] = roots.shape[1]
            is_singular[persons] |= roots.shape[1] < places.size
        return squared, df


def _regular_roots(correlation: FloatArray) -> FloatArray | None:
    if not correlation.size or np.isnan(correlation).any():
        return None
    values, vectors = np.linalg.eigh(correlation)
    return vectors / np.sqrt(values) if values[0] > WELL_CONDITIONED * values[-1] else None


def _pseudo_roots(correlation: FloatArray) -> FloatArray:
    """Give W (v, rank) with W W' the pseudo-inverse of the part of a correlation matrix that is positive."""
    values, vectors = np.linalg.eigh(correlation)
    kept = values > SINGULAR * values[-1]
    roots: FloatArray = vectors[:, kept] / np.sqrt(values[kept])
    return roots


def _regular(z: FloatArray, missing: BoolArray | None, roots: FloatArray) -> tuple[FloatArray, IntArray]:
    """Squared distances and numbers of answers under correlations that are far from singular.

    Those of some of the items are then no nearer to singular (Cauchy's interlacing). With P the inverse and z 0 where
    missing, z'Pz - (Pz)_m' (P_mm)^-1 (Pz)_m is the distance over the items that are not missing (m), by the inverse of
    a block.
    """
    if missing is None:
        scores = roots.T @ z
        return np.einsum("ij,ij->j", scores, scores), np.full(z.shape[1], len(z))
    np.copyto(z, 0.0, where=missing)
    scores = roots.T @ z
    squared = np.einsum("ij,ij->j", scores, scores)
    inverse, weighted = roots @ roots.T, (roots @ scores).T
    gaps = missing.sum(axis=0)
    for size in np.unique(gaps[gaps > 0]).tolist():
        for persons in _portions(np.flatnonzero(gaps == size), size):
            squared[persons] -= _quadratic_forms(inverse, weighted[persons], missing.T[persons])
    return np.maximum(squared, 0.0), len(z) - gaps


def _portions(persons: IntArray, size: int) -> Iterator[IntArray]:
    step = max(1, MOST_CELLS // size**2)
    return (persons[start : start + step] for start in range(0, persons.size, step))


def _quadratic_forms(matrix: FloatArray, vectors: FloatArray, chosen: BoolArray) -> FloatArray:
    """Give v_c' (M_cc)^-1 v_c of each row v over its chosen columns c, as many in every row."""
    places = np.nonzero(chosen)[1].reshape(len(vectors), -1)
    blocks = matrix[places[:, :, np.newaxis], places[:, np.newaxis, :]]
    parts = np.take_along_axis(vectors, places, axis=1)
    solved = np.linalg.solve(blocks, parts[:, :, np.newaxis])[:, :, 0]
    forms: FloatArray = np.einsum("ij,ij->i", parts, solved)
    return forms


def _patterns(known: BoolArray) -> Iterator[tuple[IntArray, IntArray]]:
    """Give the persons who share each pattern of known items, and those items; persons without any are left out."""
    some = np.flatnonzero(known.any(axis=0))
    if not some.size:
        return
    packed, pattern = np.unique(np.packbits(known[:, some], axis=0), axis=1, return_inverse=True)
    order = some[np.argsort(pattern.ravel(), kind="stable")]
    ends = np.cumsum(np.bincount(pattern.ravel(), minlength=packed.shape[1]))
    for persons in np.split(order, ends[:-1]):
        yield persons, np.flatnonzero(known[:, persons[0]])
