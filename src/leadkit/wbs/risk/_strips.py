"""Beta values by strips: exact, and several times as fast as drawing two gamma values for each.

The density, scaled to a peak of 1, is covered by upright rectangles. From the mode outwards each is as high as the density
at its inner edge and as wide as its area, equal for all, allows; the last one on each side ends with the range. A point
that is uniform in such a rectangle, drawn with equal chances, is kept when it lies below the density [1]_. Most lie below
the density at the outer edge, so that it need not be worked out. A rectangle that the end of the range cuts is drawn as
often as the others and keeps its points in proportion to its area.

References
----------
.. [1] J. H. Ahrens, "A one-table method for sampling from continuous and discrete distributions", Computing 54(2),
   127-146, 1995.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Self

import numpy as np
from attrs import frozen

from leadkit.typing import BoolArray, FloatArray, IntArray
from leadkit.wbs.estimates._laws import Pert

__all__ = ["GREATEST_SHAPE", "Strips"]

STRIPS = 96
# the rectangles reach beyond the density, by less than so many of them
MORE_STRIPS = 64
ROWS_AT_ONCE = 16
# with larger exponents the two powers of a density may leave the range of a float
GREATEST_SHAPE = 100.0
# a mode, or a width, below it is taken for 0, so that no quotient is infinite
LEAST = 1e-290


@frozen(kw_only=True, eq=False)
class Strips:
    """The rectangles of several beta distributions of a shape up to 100, a row each: left edge, width, sure and scaled heights.

    A height drawn in [0, 1) is below the density at both edges when it is below `sure`, and `scale` makes it a height in
    the rectangle. `rise` and `fall` are the exponents of x and 1 - x in the density, which is 1 at `mode`.
    """

    places: tuple[int, ...]
    low: FloatArray
    stretch: FloatArray
    rise: FloatArray
    fall: FloatArray
    mode: FloatArray
    count: IntArray
    left: FloatArray
    width: FloatArray
    sure: FloatArray
    scale: FloatArray

    @classmethod
    def of(cls, laws: Sequence[Pert], places: Sequence[int]) -> Self:
        """Lay out the rectangles of PERT distributions; `places` are their rows in what is filled."""
        exponents = np.array([law.exponents for law in laws], dtype=np.float64).reshape(-1, 2)
        rise, fall = np.ascontiguousarray(exponents.T)
        both = rise + fall
        mode = np.divide(rise, both, out=np.full(len(laws), 0.5), where=both > 0)
        # a mode so near an end that floats cannot tell them apart
        mode[mode < LEAST] = 0.0
        rise, fall = np.where(mode > 0, rise, 0.0), np.where(mode < 1, fall, 0.0)
        count, (left, width, sure, scale) = _table(rise, fall, mode)
        return cls(
            places=tuple(places),
            low=np.array([law.low for law in laws], dtype=np.float64),
            stretch=np.array([law.high - law.low for law in laws], dtype=np.float64),
            rise=rise,
            fall=fall,
            mode=mode,
            count=count,
            left=left,
            width=width,
            sure=sure,
            scale=scale,
        )

    def fill(self, rng: np.random.Generator, durations: FloatArray) -> None:
        """Draw the rows of `durations`, shape (n, runs), that belong to these distributions."""
        runs = durations.shape[1]
        for first in range(0, len(self.places), ROWS_AT_ONCE):
            rows = np.arange(first, min(first + ROWS_AT_ONCE, len(self.places)))
            values, kept = self._candidates(rng, rows, runs + runs // 16 + 16)
            for row, value, good in zip(rows.tolist(), values, kept, strict=True):
                found = value[good]
                while len(found) < runs:
                    more, good_too = self._candidates(rng, np.array([row]), runs)
                    found = np.concatenate((found, more[good_too]))
                out = durations[self.places[row]]
                np.multiply(found[:runs], self.stretch[row], out=out)
                out += self.low[row]

    def _candidates(self, rng: np.random.Generator, rows: IntArray, size: int) -> tuple[FloatArray, BoolArray]:
        """Draw values in [0, 1] for some distributions, shape (rows, size), and tell which of them to keep."""
        values = rng.random((len(rows), size))
        values *= self.count[rows, None]
        strip = values.astype(np.intp)
        values -= strip
        strip += (rows * self.left.shape[1])[:, None]
        values *= self.width.take(strip)
        values += self.left.take(strip)
        heights = rng.random((len(rows), size))
        kept = heights < self.sure.take(strip)
        doubt = np.flatnonzero(~kept)
        owner = rows[doubt // size]
        density = _density(values.ravel()[doubt], self.rise[owner], self.fall[owner], self.mode[owner])
        kept.ravel()[doubt] = heights.ravel()[doubt] * self.scale.take(strip.ravel()[doubt]) <= density
        return values, kept


def _density(values: FloatArray, rise: FloatArray, fall: FloatArray, mode: FloatArray) -> FloatArray:
    """Give the density of each value as a share of its peak."""
    up = values / np.where(rise > 0, mode, 1.0)
    down = (1 - values) / np.where(fall > 0, 1 - mode, 1.0)
    found: FloatArray = up**rise * down**fall
    return found


def _table(rise: FloatArray, fall: FloatArray, mode: FloatArray) -> tuple[IntArray, list[FloatArray]]:
    """Lay rectangles side by side, all distributions at a time: their count, left edge, width, sure share and scale."""
    n = len(rise)
    area = _area(rise, fall, mode) / STRIPS
    left, width, sure, scale = np.zeros((4, n, STRIPS + MORE_STRIPS))
    count = np.zeros(n, dtype=np.int64)
    for end in (0.0, 1.0):
        edge = mode.copy()
        rows = np.flatnonzero(edge != end)
        while rows.size:
            own = rise[rows], fall[rows], mode[rows]
            inner = edge[rows]
            reach = area[rows] / _density(inner, *own)
            outer = np.where(reach < np.abs(end - inner), inner + np.copysign(reach, end - inner), end)
            strip = count[rows]
            left[rows, strip] = np.minimum(inner, outer)
            width[rows, strip] = np.abs(outer - inner)
            scale[rows, strip] = area[rows] / np.maximum(width[rows, strip], LEAST)
            sure[rows, strip] = _density(outer, *own) / scale[rows, strip]
            count[rows] += 1
            edge[rows] = outer
            rows = rows[outer != end]
    used = int(count.max(initial=1))
    return count, [np.ascontiguousarray(part[:, :used]) for part in (left, width, sure, scale)]


def _area(rise: FloatArray, fall: FloatArray, mode: FloatArray) -> FloatArray:
    """Integrate the density whose peak is 1."""
    return np.array(
        [
            math.exp(
                math.lgamma(a + 1)
                + math.lgamma(b + 1)
                - math.lgamma(a + b + 2)
                - _log_power(m, a)
                - _log_power(1 - m, b)
            )
            for a, b, m in zip(rise.tolist(), fall.tolist(), mode.tolist(), strict=True)
        ]
    )


def _log_power(base: float, exponent: float) -> float:
    return exponent * math.log(base) if exponent else 0.0
