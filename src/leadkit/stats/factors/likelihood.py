"""One factor by maximum likelihood, as a function of the uniquenesses alone."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from attrs import frozen

from leadkit.stats.factors.box import Minimum, clearly_lowest, descend, lowest
from leadkit.typing import FloatArray

LEAST_UNIQUENESS = 1e-4
LEAST_GAP = 1e-12
ITEM_STARTS = 3
WORTH_A_TRY = 1.25


@frozen(eq=False)
class OneFactorLikelihood:
    """F(psi) of R with the loadings already at their best, in x = log psi (Joreskog 1967; Clarke 1970).

    With eigenvalues g_1 > g_2 >= ... and eigenvectors w of psi^-1/2 R psi^-1/2, F = sum over m > 1 of
    g_m - log g_m - 1.
    """

    correlation: FloatArray

    def value(self, x: FloatArray) -> tuple[float, FloatArray]:
        """Return F and its gradient (k,)."""
        eigenvalues, vectors = self._spectrum(x)
        excess, rest = eigenvalues[:-1] - 1, vectors[:, :-1]
        return float((excess - np.log1p(excess)).sum()), -(rest**2) @ excess

    def hessian(self, x: FloatArray) -> FloatArray:
        """Return the second derivatives (k, k)."""
        eigenvalues, vectors = self._spectrum(x)
        others, rest = eigenvalues[:-1], vectors[:, :-1]
        first, kept = eigenvalues[-1], vectors[:, -1]
        gap = np.maximum(first - others, LEAST_GAP)
        mixed = (rest * ((1 - others) * (first + others) / gap)) @ rest.T
        hessian: FloatArray = ((rest * others) @ rest.T) * (rest @ rest.T) + mixed * np.multiply.outer(kept, kept)
        return hessian

    def loadings(self, x: FloatArray) -> FloatArray:
        """Return the best loadings (k,), turned so that their sum is not negative."""
        eigenvalues, vectors = self._spectrum(x)
        loadings: FloatArray = np.exp(x / 2) * vectors[:, -1] * np.sqrt(max(eigenvalues[-1] - 1, 0.0))
        return -loadings if loadings.sum() < 0 else loadings

    def _spectrum(self, x: FloatArray) -> tuple[FloatArray, FloatArray]:
        scale = np.exp(-x / 2)
        spectrum = np.linalg.eigh(self.correlation * np.multiply.outer(scale, scale))
        return spectrum.eigenvalues, spectrum.eigenvectors


def fit_one_factor(correlation: FloatArray) -> tuple[Minimum, OneFactorLikelihood]:
    """Fit one factor to R; the minimum is over the logarithms of the uniquenesses."""
    objective = OneFactorLikelihood(correlation)
    low = float(np.log(LEAST_UNIQUENESS))
    best = lowest(objective, _common_starts(correlation), low=low, high=0.0)
    # A factor that is one of the items is a minimum of its own, which the common starts may miss.
    starts = sorted(_item_starts(correlation), key=lambda start: objective.value(start)[0])[:ITEM_STARTS]
    for start in starts:
        if objective.value(start)[0] < WORTH_A_TRY * best.value:
            best = clearly_lowest((best, descend(objective, start, low=low, high=0.0)))
    return best, objective


def _common_starts(correlation: FloatArray) -> Iterator[FloatArray]:
    k = len(correlation)
    yield np.zeros(k)
    precision = np.asarray(np.linalg.inv(correlation), dtype=np.float64)
    yield _inside((1 - 0.5 / k) / precision.diagonal())
    yield _inside(np.full(k, 0.5))


def _item_starts(correlation: FloatArray) -> Iterator[FloatArray]:
    for item, row in enumerate(correlation):
        uniqueness = 1 - row**2
        uniqueness[item] = 10 * LEAST_UNIQUENESS
        yield _inside(uniqueness)


def _inside(uniqueness: FloatArray) -> FloatArray:
    return np.log(np.clip(uniqueness, 2 * LEAST_UNIQUENESS, 0.999))
