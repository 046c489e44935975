"""The smallest value of a smooth function within bounds, found to the last digits."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

import numpy as np
from attrs import frozen

from leadkit.typing import BoolArray, FloatArray

CONVERGED = 1e-8
ROUNDING_OF_VALUE = 1e-11


class Objective(Protocol):
    """A function of k numbers with its first and second derivatives."""

    def value(self, x: FloatArray) -> tuple[float, FloatArray]:
        """Return the value and the gradient (k,)."""
        ...

    def hessian(self, x: FloatArray) -> FloatArray:
        """Return the second derivatives (k, k)."""
        ...


@frozen(kw_only=True, eq=False)
class Minimum:
    """Where a function is smallest; `slope` is the steepest way down that the bounds leave open."""

    x: FloatArray
    value: float
    slope: float

    @property
    def converged(self) -> bool:
        """Whether the slope is as good as 0."""
        return self.slope <= CONVERGED


def lowest(objective: Objective, starts: Iterable[FloatArray], *, low: float, high: float) -> Minimum:
    """Descend from every start and return the lowest end, the earlier of those that are equal but for rounding."""
    return clearly_lowest(descend(objective, start, low=low, high=high) for start in starts)


def clearly_lowest(ends: Iterable[Minimum]) -> Minimum:
    """Return the lowest end; a later one counts only where it is lower by more than rounding."""
    best, *others = ends
    for other in others:
        if other.value < best.value - ROUNDING_OF_VALUE:
            best = other
    return best


def descend(objective: Objective, start: FloatArray, *, low: float, high: float) -> Minimum:
    """Descend by a quasi-Newton method, then by Newton steps while each at least halves the slope."""
    from scipy.optimize import minimize

    bounds = [(low, high)] * start.size
    rough = minimize(
        objective.value, start, jac=True, method="L-BFGS-B", bounds=bounds, options={"ftol": 1e-15, "gtol": 1e-9}
    )
    x = np.clip(rough.x, low, high)
    value, gradient = objective.value(x)
    free = _free(x, gradient, low, high)
    while True:
        block = objective.hessian(x)[np.ix_(free, free)]
        step = np.zeros_like(x)
        step[free] = np.linalg.lstsq(block, -gradient[free], rcond=None)[0]
        trial = np.clip(x + step, low, high)
        trial_value, trial_gradient = objective.value(trial)
        trial_free = _free(trial, trial_gradient, low, high)
        if not 2 * _slope(trial_gradient, trial_free) < _slope(gradient, free):
            return Minimum(x=x, value=value, slope=_slope(gradient, free))
        x, value, gradient, free = trial, trial_value, trial_gradient, trial_free


def _free(x: FloatArray, gradient: FloatArray, low: float, high: float) -> BoolArray:
    return ~(((x <= low) & (gradient > 0)) | ((x >= high) & (gradient < 0)))


def _slope(gradient: FloatArray, free: BoolArray) -> float:
    return float(np.abs(gradient[free]).max(initial=0.0))
