"""The law of the wait offered to an arrival where people give up, as integrals of a smooth density.

With u = patience rate times wait, y = arrival rate over patience rate and g = servers times service rate over patience
rate, an arrival is offered no wait with a probability proportional to 1/B(servers - 1, load), else a wait whose density
is proportional to y exp(y (1 - e^-u) - g u). Its logarithm is concave: the density is cut where it has fallen by
e^-50 on either side, and between the cuts summed by Gauss-Legendre panels no wider than the density changes.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from attrs import field, frozen

from leadkit.queueing.erlang._poisson import deviance
from leadkit.queueing.erlang.blocking import lost_share
from leadkit.typing import BoolArray, FloatArray

__all__ = ["OfferedWait"]

NODES = 20
# falls of the logarithm at which a panel ends; what lies beyond the last is below 1e-16 of the whole
FALLS = np.array([2.0, 8.0, 18.0, 32.0, 50.0])
# e^-u, the other scale of the density, needs panels of its own where the falls are far apart
STEPS = np.arange(2.0, 46.0, 4.0)
SMALL = 0.5
HIGHEST_ORDER = 16


@frozen(kw_only=True, eq=False)
class OfferedWait:
    """The offered wait of many queues at once, for vectors of one length.

    Parameters
    ----------
    c : (n,) array
        Servers, whole and at least 1.
    a : (n,) array
        Load, at least 0.
    y : (n,) array
        Arrival rate over patience rate.
    g : (n,) array
        Servers times service rate over patience rate, above 0.
    spare : (n,) array
        g - y from the rates themselves, which loses nothing where the patience is long.
    """

    c: FloatArray
    a: FloatArray
    y: FloatArray
    g: FloatArray
    spare: FloatArray
    mode: FloatArray = field(init=False)
    slope: FloatArray = field(init=False)
    curve: FloatArray = field(init=False)

    def __attrs_post_init__(self) -> None:
        rises = self.spare < 0
        with np.errstate(divide="ignore", invalid="ignore"):
            mode = np.where(rises, np.maximum(np.log1p(-self.spare / self.g), 0.0), 0.0)
        object.__setattr__(self, "mode", mode)
        object.__setattr__(self, "slope", np.where(rises, 0.0, self.spare))
        object.__setattr__(self, "curve", np.where(rises, self.g, self.y))

    def weights(self, whole: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Give P(no wait is offered), and the factor that turns an integral of this class into a share of arrivals.

        `whole` is the integral of the density over every wait.
        """
        lost = lost_share(self.c - 1, self.a)
        rises = self.spare < 0
        y = np.where(rises, self.y, 1.0)
        height = np.where(rises, deviance(np.where(rises, self.g, 1.0), y), 0.0)
        with np.errstate(divide="ignore", over="ignore", under="ignore"):
            inverse = np.exp(-height) / (lost * self.y)
            none = 1 / (1 + whole * (lost * self.y * np.exp(height)))
            return none, 1 / (inverse + whole)

    def integral(
        self,
        kind: str,
        low: FloatArray | float = 0.0,
        high: FloatArray | float = np.inf,
    ) -> FloatArray:
        """Integrate the density times a weight from `low` to `high`, relative to the greatest density.

        The weight is 1 for "offered", e^-u for "served" (they would stay so long), u e^-u for "served_wait",
        1 - e^-u for "abandoned" and 1 - e^-u (1 + u) for "abandoned_wait".
        """
        served = kind.startswith("served")
        low = np.broadcast_to(np.asarray(low, dtype=np.float64), self.g.shape)
        high = np.broadcast_to(np.asarray(high, dtype=np.float64), self.g.shape)
        with np.errstate(divide="ignore", under="ignore", over="ignore"):
            peak = np.where(self.spare < -1, -np.log1p(1 / self.g), -self.mode) if served else np.zeros_like(self.g)
            peak = np.clip(peak, low - self.mode, high - self.mode)
            edges = self._edges(peak, low - self.mode, high - self.mode, served=served)
        nodes, shares = _legendre()
        width = np.diff(edges, axis=1)
        is_open = width.any(axis=0)
        half = width[:, is_open, None] / 2
        from_mode = edges[:, :-1][:, is_open, None] + half * (1 + nodes)
        u = np.maximum(self.mode[:, None, None] + from_mode, 0.0)
        with np.errstate(over="ignore", under="ignore"):
            fall = self.slope[:, None, None] * from_mode + self.curve[:, None, None] * excess(-from_mode)
            density = np.exp(-fall - u) if served else np.exp(-fall)
            density = density * _weight(kind, u)
            return np.asarray((density * half * shares).sum(axis=(1, 2)))

    def _edges(self, peak: FloatArray, low: FloatArray, high: FloatArray, *, served: bool) -> FloatArray:
        """Place the ends of the panels around `peak`, all measured from the mode."""
        curve = (self.curve * np.exp(-peak))[:, None]
        slope = (self.slope + self.curve * -np.expm1(-peak) + served)[:, None]
        turn = np.sqrt(2 * FALLS / curve)
        right = np.minimum(_ratio(FALLS, slope), turn + FALLS / curve)
        left = np.minimum(_ratio(FALLS, -slope), np.log1p(turn + FALLS / curve))
        centre = peak[:, None]
        first = np.maximum(low, peak - left[:, -1])[:, None]
        last = np.minimum(high, peak + right[:, -1])[:, None]
        inner = np.concatenate([centre - STEPS, centre - left, centre, centre + right, centre + STEPS], axis=1)
        edges = np.concatenate([first, np.clip(inner, first, last), last], axis=1)
        edges.sort(axis=1)
        return edges


def excess(t: FloatArray) -> FloatArray:
    """Compute e^t - 1 - t without cancellation near 0."""
    near = np.clip(t, -SMALL, SMALL)
    series = np.zeros_like(near)
    for order in range(HIGHEST_ORDER, 2, -1):
        series = (series + 1) * near / order
    is_near: BoolArray = np.abs(t) <= SMALL
    return np.where(is_near, (series + 1) * near * near / 2, np.expm1(t) - t)


def _weight(kind: str, u: FloatArray) -> FloatArray | float:
    if kind == "served_wait":
        return u
    if kind == "abandoned":
        return -np.expm1(-u)
    if kind == "abandoned_wait":
        short = np.minimum(u, SMALL)
        return np.where(u <= SMALL, np.exp(-short) * excess(short), -np.expm1(-u) - u * np.exp(-u))
    return 1.0


def _ratio(falls: FloatArray, slope: FloatArray) -> FloatArray:
    """Tell how far a line of this slope goes until it has fallen so much; for ever where it does not fall."""
    return np.where(slope > 0, falls / np.where(slope > 0, slope, 1.0), np.inf)


@lru_cache(maxsize=1)
def _legendre() -> tuple[FloatArray, FloatArray]:
    return np.polynomial.legendre.leggauss(NODES)
