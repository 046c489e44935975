"""The distributions behind an estimate: mean, variance, mode, quantiles and samples of each, in minutes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Protocol

import numpy as np
from attrs import frozen

from leadkit.typing import FloatArray

__all__ = ["Constant", "Law", "Pert", "from_normal", "law_of"]

# the 0.9-quantile of the standard normal distribution
NORMAL_90 = 1.2815515655446004


class Law(Protocol):
    """A distribution on the minutes from 0 upwards."""

    @property
    def mean(self) -> float:
        """Expected value."""
        ...

    @property
    def variance(self) -> float:
        """Expected squared distance from the mean."""
        ...

    @property
    def mode(self) -> float:
        """Likeliest value."""
        ...

    def quantiles(self, shares: FloatArray) -> FloatArray:
        """Invert the distribution function at shares in [0, 1]."""
        ...

    def sample(self, rng: np.random.Generator, size: int | tuple[int, ...]) -> FloatArray:
        """Draw independent values."""
        ...


@frozen
class Constant:
    """Always the same value."""

    mean: float
    variance: float = 0.0

    @property
    def mode(self) -> float:
        """The value."""
        return self.mean

    def quantiles(self, shares: FloatArray) -> FloatArray:
        """Give the value for every share."""
        return np.full(np.shape(shares), self.mean)

    def sample(self, rng: np.random.Generator, size: int | tuple[int, ...]) -> FloatArray:  # noqa: ARG002 - a Law
        """Give the value as often as asked; nothing is drawn."""
        return np.full(size, self.mean)


@frozen
class Uniform:
    """Every value between two ends is as likely."""

    low: float
    high: float

    @property
    def mean(self) -> float:
        """The middle."""
        return (self.low + self.high) / 2

    @property
    def variance(self) -> float:
        """A twelfth of the squared width."""
        return (self.high - self.low) ** 2 / 12

    @property
    def mode(self) -> float:
        """The middle: no value is likelier than another."""
        return self.mean

    def quantiles(self, shares: FloatArray) -> FloatArray:
        """Go that share of the way."""
        return self.low + (self.high - self.low) * shares

    def sample(self, rng: np.random.Generator, size: int | tuple[int, ...]) -> FloatArray:
        """Draw between the ends."""
        return self.quantiles(rng.random(size))


@frozen
class Triangular:
    """The density rises in a line to the mode and falls in a line after it."""

    low: float
    mode: float
    high: float

    @property
    def mean(self) -> float:
        """The mean of the three points."""
        return (self.low + self.mode + self.high) / 3

    @property
    def variance(self) -> float:
        """(a2 + m2 + b2 - am - ab - mb) / 18, written with differences so that nothing cancels."""
        rise, fall = self.mode - self.low, self.high - self.mode
        return (rise * rise + rise * fall + fall * fall) / 18

    def quantiles(self, shares: FloatArray) -> FloatArray:
        """Invert the two parabolas of the distribution function."""
        width = self.high - self.low
        rise, fall = self.mode - self.low, self.high - self.mode
        below = self.low + np.sqrt(shares * (width * rise))
        above = self.high - np.sqrt((1 - shares) * (width * fall))
        return np.where(shares * width < rise, below, above)

    def sample(self, rng: np.random.Generator, size: int | tuple[int, ...]) -> FloatArray:
        """Draw by inversion."""
        return self.quantiles(rng.random(size))


@frozen
class Pert:
    """The beta distribution on [low, high] whose weight on the mode is `shape`."""

    low: float
    mode: float
    high: float
    shape: float

    @property
    def mean(self) -> float:
        """The ends count once and the mode `shape` times."""
        return (self.low + self.shape * self.mode + self.high) / (self.shape + 2)

    @property
    def variance(self) -> float:
        """(mean - a)(b - mean) / (shape + 3)."""
        return (self.mean - self.low) * (self.high - self.mean) / (self.shape + 3)

    @property
    def exponents(self) -> tuple[float, float]:
        """Powers of x and of 1 - x in the density, where x is the share of the way from `low` to `high`."""
        width = self.high - self.low
        return self.shape * ((self.mode - self.low) / width), self.shape * ((self.high - self.mode) / width)

    def quantiles(self, shares: FloatArray) -> FloatArray:
        """Invert the incomplete beta function."""
        from scipy.special import betaincinv

        rise, fall = self.exponents
        return self.low + (self.high - self.low) * np.asarray(betaincinv(1 + rise, 1 + fall, shares))

    def sample(self, rng: np.random.Generator, size: int | tuple[int, ...]) -> FloatArray:
        """Draw beta values and stretch them to the ends."""
        rise, fall = self.exponents
        drawn = np.asarray(rng.beta(1 + rise, 1 + fall, size))
        drawn *= self.high - self.low
        drawn += self.low
        return drawn


@frozen
class Lognormal:
    """The logarithm is normal with mean `location` and standard deviation `scale`."""

    location: float
    scale: float

    @property
    def mean(self) -> float:
        """exp(location + scale2 / 2)."""
        return math.exp(self.location + self.scale**2 / 2)

    @property
    def variance(self) -> float:
        """(exp(scale2) - 1) mean2."""
        return math.expm1(self.scale**2) * self.mean**2

    @property
    def mode(self) -> float:
        """exp(location - scale2)."""
        return math.exp(self.location - self.scale**2)

    def quantiles(self, shares: FloatArray) -> FloatArray:
        """Give the exponential of the normal quantiles: 0 for a share of 0, infinity for 1."""
        from scipy.special import ndtri

        return np.exp(self.location + self.scale * np.asarray(ndtri(shares)))

    def sample(self, rng: np.random.Generator, size: int | tuple[int, ...]) -> FloatArray:
        """Draw normal values and take the exponential."""
        return np.exp(self.location + self.scale * rng.standard_normal(size))


def from_normal(law: Law, normal: FloatArray) -> FloatArray:
    """Turn standard normal values into values of a distribution, share by share."""
    from scipy.special import ndtr

    if isinstance(law, Lognormal):
        return np.exp(law.location + law.scale * normal)
    return law.quantiles(np.asarray(ndtr(normal)))


def law_of(kind: str, parameters: Sequence[float]) -> Law:
    """Choose the distribution of checked parameters; two equal ends make a constant."""
    if kind == "fixed" or (kind != "lognormal" and parameters[0] == parameters[min(len(parameters), 3) - 1]):
        return Constant(parameters[0])
    if kind == "uniform":
        return Uniform(*parameters)
    if kind == "triangular":
        return Triangular(*parameters)
    if kind == "pert":
        return Pert(*parameters)
    if kind == "lognormal_quantiles":
        low, high = map(math.log, parameters)
        return Lognormal((low + high) / 2, (high - low) / (2 * NORMAL_90))
    mean, sd = parameters
    if sd == 0:
        return Constant(mean)
    scale2 = math.log1p((sd / mean) ** 2)
    return Lognormal(math.log(mean) - scale2 / 2, math.sqrt(scale2))
