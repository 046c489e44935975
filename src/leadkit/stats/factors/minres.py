"""Several factors by least squares on the correlations, as a function of the uniquenesses alone."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from attrs import frozen

from leadkit.stats.factors.box import Minimum, lowest
from leadkit.typing import BoolArray, FloatArray

LEAST_UNIQUENESS = 0.005
LEAST_GAP = 1e-12


@frozen(eq=False)
class MinimumResiduals:
    """Half the squared residuals of R with the loadings of f factors already at their best (Harman & Jones 1966).

    With eigenvalues e of R - psi, the value is half the sum of e_m^2 over all m but the f largest positive ones.
    """

    correlation: FloatArray
    n_factors: int

    def value(self, x: FloatArray) -> tuple[float, FloatArray]:
        """Return the value and its gradient (k,)."""
        eigenvalues, vectors, kept = self._spectrum(x)
        residual, rest = eigenvalues[~kept], vectors[:, ~kept]
        return float((residual**2).sum() / 2), -(rest**2) @ residual

    def hessian(self, x: FloatArray) -> FloatArray:
        """Return the second derivatives (k, k)."""
        eigenvalues, vectors, kept = self._spectrum(x)
        residual, rest = eigenvalues[~kept], vectors[:, ~kept]
        result = (rest @ rest.T) ** 2
        for eigenvalue, vector in zip(eigenvalues[kept], vectors.T[kept], strict=True):
            weight = residual / np.minimum(residual - eigenvalue, -LEAST_GAP)
            result += 2 * ((rest * weight) @ rest.T) * np.multiply.outer(vector, vector)
        return result

    def loadings(self, x: FloatArray) -> FloatArray:
        """Return the best loadings (k, f), the largest factor first, each turned so that its sum is not negative."""
        eigenvalues, vectors, kept = self._spectrum(x)
        largest = np.where(kept, eigenvalues, 0.0)[::-1][: self.n_factors]
        loadings = vectors[:, ::-1][:, : self.n_factors] * np.sqrt(largest)
        return loadings * np.where(loadings.sum(axis=0) < 0, -1.0, 1.0)

    def _spectrum(self, x: FloatArray) -> tuple[FloatArray, FloatArray, BoolArray]:
        spectrum = np.linalg.eigh(self.correlation - np.diag(x))
        kept = spectrum.eigenvalues > 0
        kept[: len(x) - self.n_factors] = False
        return spectrum.eigenvalues, spectrum.eigenvectors, kept


def fit_minres(correlation: FloatArray, n_factors: int) -> tuple[Minimum, FloatArray]:
    """Fit f factors to R; return the minimum, whose x are the uniquenesses (k,), and the loadings (k, f)."""
    objective = MinimumResiduals(correlation, n_factors)
    best = lowest(objective, _starts(correlation), low=LEAST_UNIQUENESS, high=1.0)
    return best, objective.loadings(best.x)


def _starts(correlation: FloatArray) -> Iterator[FloatArray]:
    yield np.ones(len(correlation))
    inverse = np.linalg.pinv(correlation, hermitian=True)
    yield np.clip(1 / np.maximum(inverse.diagonal(), 1.0), 2 * LEAST_UNIQUENESS, 0.99)
    yield np.full(len(correlation), 0.5)
