"""Where the likelihood of a person's answers, alone or with a prior or Warm's weight, has its maximum."""

from __future__ import annotations

import math

import numpy as np
from attrs import frozen

from leadkit.stats.irt.curves import row_blocks
from leadkit.stats.irt.logcurves import LogCurves, log_curves
from leadkit.stats.irt.parameters import ItemParameters
from leadkit.stats.irt.posterior import answer_tables, summed
from leadkit.typing import BoolArray, FloatArray, IntArray

TOLERANCE = 1e-12
MOST_DOUBLINGS = 40
MOST_POINTS = 2001


@frozen(kw_only=True)
class Objective:
    """What is maximised over the trait t: the log-likelihood and what is added to it, known by its derivatives.

    `precision` is that of a normal prior about `centre`, 0 for none. With `weighted`, the added derivative is Warm's
    J / 2I, I the sum of P'^2 / P and J that of P'P'' / P over categories and answered items.
    """

    parameters: ItemParameters
    centre: float = 0.0
    precision: float = 0.0
    weighted: bool = False

    def tables(self, points: FloatArray) -> tuple[FloatArray, ...]:
        """Return what each answer adds to the first derivative at every point, and with a weight to I and to J."""
        blocks = row_blocks(points.size, self.parameters.thresholds.size)
        parts = [self._tables(log_curves(self.parameters, points[block])) for block in blocks]
        return tuple(np.concatenate(part, axis=2) for part in zip(*parts, strict=True))

    def on_grid(self, tables: tuple[FloatArray, ...], codes: IntArray, points: FloatArray) -> FloatArray:
        """Return the first derivative at every point for every person, (n, q)."""
        slope, *weight = (summed(table, codes) for table in tables)
        slope -= self.precision * (points - self.centre)
        if weight:
            information, bias = weight
            slope += _ratio(bias, 2 * information)
        return slope

    def at(self, theta: FloatArray, codes: IntArray) -> tuple[FloatArray, FloatArray]:
        """Return the first and second derivative of each person at a place of their own, (n,) each."""
        curves = log_curves(self.parameters, theta)
        answered = codes > 0
        place = np.maximum(codes - 1, 0)[:, :, None]
        first, second = (
            np.where(answered, np.take_along_axis(x, place, axis=2)[..., 0], 0.0).sum(axis=1)
            for x in (curves.first, curves.second)
        )
        first -= self.precision * (theta - self.centre)
        second -= self.precision
        if self.weighted:
            information, bias, information_slope, bias_slope = (
                np.where(answered, x, 0.0).sum(axis=1) for x in _moments(curves)
            )
            weight = _ratio(bias, 2 * information)
            first += weight
            second += _ratio(bias_slope, 2 * information) - weight * _ratio(information_slope, information)
        return first, second

    def _tables(self, curves: LogCurves) -> tuple[FloatArray, ...]:
        shape = curves.value.shape
        weights = _moments(curves)[:2] if self.weighted else ()
        return tuple(map(answer_tables, (curves.first, *(np.broadcast_to(x[..., None], shape) for x in weights))))


def maximise(objective: Objective, codes: IntArray, points: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the maxima and their standard errors, (n,) each, of persons with category codes (n, k).

    Of several maxima the highest is taken; when there is none in the grid, the search goes on outside. NaN where none is
    found.
    """
    if objective.weighted:
        points = _covering(points, objective.parameters)
    tables = objective.tables(points)
    theta, error = np.full(codes.shape[0], np.nan), np.full(codes.shape[0], np.nan)
    cells = max(len(tables) * points.size, codes.shape[1] * tables[0].shape[1])
    for block in row_blocks(codes.shape[0], cells):
        slope = objective.on_grid(tables, codes[block], points)
        theta[block], error[block] = _maximise_block(objective, codes[block], slope, points)
    return theta, error


def _covering(points: FloatArray, parameters: ItemParameters) -> FloatArray:
    """Widen the grid to where every item has been decided, since a weighted likelihood may peak beside any threshold."""
    reach = math.log(4 * (parameters.n_items + 1)) / parameters.discrimination[:, None]
    is_given = ~np.isnan(parameters.thresholds)
    low = float((parameters.thresholds - reach).min(where=is_given, initial=points[0]))
    high = float((parameters.thresholds + reach).max(where=is_given, initial=points[-1]))
    n_points = math.ceil((high - low) / (points[1] - points[0])) + 1
    return np.linspace(low, high, max(points.size, min(MOST_POINTS, n_points)))


def _maximise_block(
    objective: Objective, codes: IntArray, slope: FloatArray, points: FloatArray
) -> tuple[FloatArray, FloatArray]:
    low, high, guess = _brackets(slope, points)
    outside = np.flatnonzero(np.isnan(low))
    low[outside], high[outside] = _search_outside(objective, codes[outside], slope[outside, -1] > 0, points)
    guess[outside] = (low[outside] + high[outside]) / 2
    theta, error = np.full(low.size, np.nan), np.full(low.size, np.nan)
    found = np.flatnonzero(~np.isnan(low))
    place = _root(objective, codes[found], low[found], high[found], guess[found])
    second = objective.at(place, codes[found])[1]
    is_maximum = second < 0
    theta[found] = np.where(is_maximum, place, np.nan)
    error[found] = 1 / np.sqrt(np.where(is_maximum, -second, np.nan))
    return theta, error


def _brackets(slope: FloatArray, points: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return the two points around each person's highest maximum in the grid and a guess at it; NaN without any."""
    left, right = slope[:, :-1], slope[:, 1:]
    distance = np.diff(points)
    area = (left + right) * distance / 2
    is_crossing = (left > 0) & (right <= 0)
    share = _ratio(left, left - right)
    height = np.where(is_crossing, np.cumsum(area, axis=1) - area + left * share * distance / 2, -np.inf)
    best = np.argmax(height, axis=1)
    low, high = points[best], points[best + 1]
    guess = low + share[np.arange(best.size), best] * (high - low)
    none = ~is_crossing.any(axis=1)
    low[none] = high[none] = guess[none] = np.nan
    return low, high, guess


def _search_outside(
    objective: Objective, codes: IntArray, upwards: BoolArray, points: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Go outwards in growing steps until the sign of the slope changes; NaN where it never does."""
    n = codes.shape[0]
    near = np.where(upwards, points[-1], points[0])
    step = np.where(upwards, 1.0, -1.0) * (points[1] - points[0])
    low, high = np.full(n, np.nan), np.full(n, np.nan)
    active = np.arange(n)
    for _ in range(MOST_DOUBLINGS if n else 0):
        far = near[active] + step[active]
        has_changed = (objective.at(far, codes[active])[0] > 0) != upwards[active]
        done = active[has_changed]
        low[done] = np.minimum(near[done], far[has_changed])
        high[done] = np.maximum(near[done], far[has_changed])
        near[active] = far
        active = active[~has_changed]
        step *= 2
    return low, high


def _root(objective: Objective, codes: IntArray, low: FloatArray, high: FloatArray, guess: FloatArray) -> FloatArray:
    """Find where the slope falls through 0 by Newton steps, halving the bracket where a step would not help."""
    low, high, theta = low.copy(), high.copy(), guess.copy()
    last = high - low
    active = np.arange(theta.size)
    while active.size:
        here = theta[active]
        first, second = objective.at(here, codes[active])
        low[active] = np.where(first > 0, here, low[active])
        high[active] = np.where(first > 0, high[active], here)
        newton = here - _ratio(first, second)
        helps = (
            (second < 0)
            & (newton >= low[active])
            & (newton <= high[active])
            & (np.abs(newton - here) <= np.abs(last[active]) / 2)
        )
        theta[active] = np.where(helps, newton, (low[active] + high[active]) / 2)
        last[active] = theta[active] - here
        active = active[np.abs(last[active]) > TOLERANCE * (1 + np.abs(here))]
    return theta


def _moments(curves: LogCurves) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Return I, J and their derivatives for each item, (q, k) each, in terms of those of log P.

    With l' = P'/P, and P''/P = l'' + l'^2: I is the mean of l'^2, J that of l'(l'' + l'^2).
    """
    probability = np.exp(curves.value)
    one, two, three = curves.first, curves.second, curves.third
    square = one**2
    terms = (
        square,
        one * (two + square),
        one * (2 * two + square),
        square * (4 * two + square) + two**2 + one * three,
    )
    information, bias, information_slope, bias_slope = ((probability * term).sum(axis=2) for term in terms)
    return information, bias, information_slope, bias_slope


def _ratio(numerator: FloatArray, divisor: FloatArray) -> FloatArray:
    """Divide; 0 where the divisor is 0, which is where information underflows far from every threshold."""
    return np.divide(numerator, divisor, out=np.zeros_like(divisor), where=divisor != 0)
