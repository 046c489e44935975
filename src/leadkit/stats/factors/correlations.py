"""Correlations and spreads that a factor model is fitted to, and what is doubtful about them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np
from attrs import frozen
from numpy.typing import ArrayLike

from leadkit.stats.moments import ItemMoments
from leadkit.stats.moments.items import Missing
from leadkit.typing import FloatArray

SINGULAR = 1e-12


@frozen(kw_only=True, eq=False)
class Correlations:
    """R (k, k), standard deviations (k,) with divisor N, rows used, all rows, and N of a fit."""

    items: tuple[str, ...]
    correlation: FloatArray
    sd: FloatArray
    n: int
    n_rows: int
    fit_n: float
    flags: tuple[str, ...]

    @property
    def n_items(self) -> int:
        """Number of items, k."""
        return len(self.items)

    @property
    def is_complete(self) -> bool:
        """Whether every correlation is known."""
        return bool(np.isfinite(self.correlation).all())


def correlations(x: ArrayLike, *, missing: Missing, items: Sequence[str] | None) -> Correlations:
    """Reduce answers to what a factor model needs."""
    moments = ItemMoments.from_array(x, items=items, missing=missing)
    n = moments.n_complete if missing == "listwise" else moments.n_rows
    fit_n = float(n) if missing == "listwise" else _harmonic_pairs(moments)
    share = (fit_n - 1) / fit_n if fit_n > 0 else math.nan
    correlation = moments.correlation
    return Correlations(
        items=moments.items,
        correlation=correlation,
        sd=np.sqrt(moments.variances * share),
        n=n,
        n_rows=moments.n_rows,
        fit_n=fit_n,
        flags=tuple(_doubts(moments, correlation, n)),
    )


def doubts(**flags: bool) -> set[str]:
    """Return the names of the flags that are up."""
    return {name for name, is_up in flags.items() if is_up}


def _harmonic_pairs(moments: ItemMoments) -> float:
    above = np.triu_indices(moments.n_items, 1)
    pairs = moments.counts[above] if moments.n_items > 1 else moments.n_answered
    return float(pairs.max() / (pairs.max() / pairs).mean()) if pairs.min() > 0 else 0.0


def _doubts(moments: ItemMoments, correlation: FloatArray, n: int) -> Iterator[str]:
    if n < moments.n_rows:
        yield "rows_dropped"
    if moments.n_items == 1:
        yield "single_item"
    if n < 2:
        yield "too_few_rows"
    elif moments.counts.min() < 2:
        yield "too_few_pairs"
    constant = bool((moments.variances == 0).any())
    if constant:
        yield "constant_item"
    if constant or (np.isfinite(correlation).all() and _is_singular(correlation)):
        yield "singular_covariance"


def _is_singular(correlation: FloatArray) -> bool:
    eigenvalues = np.linalg.eigvalsh(correlation)
    return bool(eigenvalues[0] <= SINGULAR * eigenvalues[-1])
