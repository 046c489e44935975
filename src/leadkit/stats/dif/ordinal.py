"""Proportional odds: the logistic regression of ordered categories, by Newton's method on a table of counts."""

from __future__ import annotations

from typing import Literal

import numpy as np
from attrs import frozen

from leadkit.typing import FloatArray

MOST_ITERATIONS = 100
SUSPICIOUS_ITERATIONS = 12
DECREMENT = 1e-18
RIDGE = 1e-14
RELATIVE_ROUNDING = 1e-12
SEPARATING_SLACK = 1e-6


@frozen(kw_only=True, eq=False)
class OrdinalFit:
    """Maximum of the likelihood: logit P(Y <= c) = thresholds[c] - design @ coefficients."""

    thresholds: FloatArray
    coefficients: FloatArray
    log_likelihood: float
    status: Literal["converged", "separated", "not_converged"]


@frozen(kw_only=True, eq=False)
class CountTable:
    """How many people of each kind chose each category.

    `counts (r, m)` with m >= 2 categories that somebody chose, `design (r, q)` the predictors of each kind. With t the
    matrix of thresholds less linear predictors, P(c) = F(t_c) F(-t_{c-1}) (1 - exp(t_{c-1} - t_c)), so the log
    likelihood is a sum of binary ones and a term of the gaps between thresholds alone; it is concave.
    """

    counts: FloatArray
    design: FloatArray

    @property
    def n_thresholds(self) -> int:
        """Number of thresholds."""
        return int(self.counts.shape[1]) - 1

    def null_log_likelihood(self) -> float:
        """Log-likelihood of the model without predictors."""
        chosen = self.counts.sum(axis=0)
        return float(chosen @ np.log(chosen / chosen.sum()))

    def null_thresholds(self) -> FloatArray:
        """Thresholds of the model without predictors."""
        below = np.cumsum(self.counts.sum(axis=0))
        return np.asarray(np.log(below[:-1]) - np.log(below[-1] - below[:-1]))

    def log_likelihood(self, parameters: FloatArray) -> float:
        """Log-likelihood of thresholds followed by coefficients; -inf where the thresholds do not increase."""
        from scipy.special import log_expit

        gaps = np.diff(parameters[: self.n_thresholds])
        if (gaps <= 0).any():
            return -np.inf
        t = self._distances(parameters)
        binary = self.counts[:, :-1] * log_expit(t) + self.counts[:, 1:] * log_expit(-t)
        return float(binary.sum() + self._between() @ np.log(-np.expm1(-gaps)))

    def derivatives(self, parameters: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Gradient and negative Hessian of the log-likelihood."""
        from scipy.special import expit

        m = self.n_thresholds
        t = self._distances(parameters)
        below, above = expit(t), expit(-t)
        pull = self.counts[:, :-1] * above - self.counts[:, 1:] * below
        weight = (self.counts[:, :-1] + self.counts[:, 1:]) * below * above
        gaps = np.diff(parameters[:m])
        shrunk, push = np.exp(-gaps), self._between()
        outward = -push * shrunk / np.expm1(-gaps)
        stiffness = push * shrunk / np.expm1(-gaps) ** 2

        gradient = np.concatenate([pull.sum(axis=0), -(self.design.T @ pull.sum(axis=1))])
        gradient[1:m] += outward
        gradient[: m - 1] -= outward
        information = np.empty((gradient.size, gradient.size))
        steps = np.diff(np.eye(m), axis=0)
        information[:m, :m] = np.diag(weight.sum(axis=0)) + steps.T @ (stiffness[:, None] * steps)
        information[m:, :m] = -(self.design.T @ weight)
        information[:m, m:] = information[m:, :m].T
        information[m:, m:] = self.design.T @ (weight.sum(axis=1)[:, None] * self.design)
        return gradient, information

    def is_separated(self) -> bool:
        """Tell whether some direction of the parameters never lowers the likelihood, so that it has no maximum.

        Such a direction moves no chosen category's upper threshold down, nor its lower one up, against its linear
        predictor; a linear programme finds the one that moves most.
        """
        from scipy.optimize import linprog

        blocks = []
        for sign, chosen in ((-1.0, self.counts[:, :-1] > 0), (1.0, self.counts[:, 1:] > 0)):
            kinds, thresholds = np.nonzero(chosen)
            blocks.append(sign * np.hstack([np.eye(self.n_thresholds)[thresholds], -self.design[kinds]]))
        limits = np.vstack(blocks)
        moves = limits.sum(axis=0)
        best = linprog(moves, A_ub=limits, b_ub=np.zeros(len(limits)), bounds=(-1, 1)).x
        return bool(moves @ best < -SEPARATING_SLACK)

    def _distances(self, parameters: FloatArray) -> FloatArray:
        predictor = self.design @ parameters[self.n_thresholds :]
        return np.asarray(parameters[: self.n_thresholds] - predictor[:, None])

    def _between(self) -> FloatArray:
        return np.asarray(self.counts[:, 1:-1].sum(axis=0))


def fit_ordinal(table: CountTable) -> OrdinalFit:
    """Fit thresholds and coefficients; the columns of the design and a constant must be independent."""
    parameters = np.concatenate([table.null_thresholds(), np.zeros(table.design.shape[1])])
    reached = table.log_likelihood(parameters)
    status: Literal["converged", "separated", "not_converged"] = "not_converged"
    for iteration in range(MOST_ITERATIONS):
        gradient, information = table.derivatives(parameters)
        step = _newton_step(gradient, information)
        if gradient @ step < DECREMENT:
            status = "converged"
            break
        # Newton's method needs about eight steps, and a separated likelihood rises for ever: then it pays to ask.
        if iteration == SUSPICIOUS_ITERATIONS and table.is_separated():
            status = "separated"
            break
        parameters, reached = _climbed(table, parameters, step, reached)
    return OrdinalFit(
        thresholds=parameters[: table.n_thresholds],
        coefficients=parameters[table.n_thresholds :],
        log_likelihood=reached,
        status=status,
    )


def _newton_step(gradient: FloatArray, information: FloatArray) -> FloatArray:
    # A ridge too small to bend the path keeps the step uphill where a separated likelihood is flat to rounding.
    scale = np.sqrt(np.maximum(np.diag(information), np.finfo(np.float64).tiny))
    relative = information / np.outer(scale, scale) + RIDGE * np.eye(gradient.size)
    return np.asarray(np.linalg.solve(relative, gradient / scale) / scale)


def _climbed(table: CountTable, parameters: FloatArray, step: FloatArray, reached: float) -> tuple[FloatArray, float]:
    """Take the step, or half of it and so on until the likelihood does not fall by more than rounding."""
    least = reached - RELATIVE_ROUNDING * abs(reached)
    while (new := table.log_likelihood(parameters + step)) < least:
        step = step / 2
    return parameters + step, new
