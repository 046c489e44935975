"""An estimate of working time: a number or a distribution, kept in minutes."""

from __future__ import annotations

import math

import numpy as np
from attrs import frozen
from numpy.typing import ArrayLike

from leadkit._fields import number_faults
from leadkit.errors import did_you_mean
from leadkit.typing import FloatArray, RNGLike
from leadkit.wbs.estimates._constructing import EstimateKind, StatedEstimate, TimeUnit
from leadkit.wbs.estimates._laws import Constant, Law, law_of

__all__ = ["Estimate", "EstimateKind", "TimeUnit"]


@frozen(kw_only=True)
class Estimate(StatedEstimate):
    """How long a piece of work takes, or how much work it is.

    Use a constructor: `fixed`, `uniform`, `triangular`, `pert`, `lognormal` or `lognormal_quantiles`.

    Parameters
    ----------
    kind : {"fixed", "uniform", "triangular", "pert", "lognormal", "lognormal_quantiles"}
        The constructor that makes this estimate.
    parameters : tuple of float
        Its arguments [minutes], at least 0: (value), (low, high), (low, mode, high), (low, mode, high, shape),
        (mean, sd) or (p10, p90). The shape of a PERT estimate is a plain number.

    Raises
    ------
    PlanError
        A value is not finite, below 0 or out of order; `faults` holds everything that is wrong.

    Notes
    -----
    A PERT estimate is the beta distribution on [a, b] with alpha = 1 + s(m - a)/(b - a) and
    beta = 1 + s(b - m)/(b - a); its mean is (a + s m + b)/(s + 2) [1]_ [2]_.
    Two equal ends, or a standard deviation of 0, make a constant.

    References
    ----------
    .. [1] D. G. Malcolm, J. H. Roseboom, C. E. Clark and W. Fazar, "Application of a technique for research and
       development program evaluation", Operations Research 7(5), 646-669, 1959.
    .. [2] D. Vose, "Risk Analysis: A Quantitative Guide", 3rd ed., Wiley, 2008 (the shape of the modified PERT).

    Examples
    --------
    >>> estimate = Estimate.pert(1, 2, 9)
    >>> estimate.parameters, estimate.mean
    ((480.0, 960.0, 4320.0, 4.0), 1440.0)
    >>> estimate.minutes("mode"), estimate.minutes(0.8)
    (960, 1969)
    >>> Estimate.triangular(3, 2, -1)
    Traceback (most recent call last):
    ...
    leadkit.errors.PlanError: estimate: high: expected at least 0, got -480
    """

    @property
    def _law(self) -> Law:
        return law_of(self.kind, self.parameters)

    @property
    def mean(self) -> float:
        """Expected value [minutes]."""
        return self._law.mean

    @property
    def variance(self) -> float:
        """Variance of the distribution [minutes squared]."""
        return self._law.variance

    @property
    def sd(self) -> float:
        """Standard deviation of the distribution [minutes]."""
        return math.sqrt(self.variance)

    @property
    def mode(self) -> float:
        """Likeliest value [minutes]; the middle of a uniform estimate."""
        return self._law.mode

    @property
    def classical_variance(self) -> float:
        """((high - low) / 6) squared for PERT and triangular [minutes squared], else the variance."""
        if self.kind in {"pert", "triangular"}:
            return ((self.parameters[2] - self.parameters[0]) / 6) ** 2
        return self.variance

    @property
    def is_constant(self) -> bool:
        """Whether every value is the same."""
        return isinstance(self._law, Constant)

    def quantile(self, p: float) -> float:
        """Give the time that is enough with probability `p`.

        Parameters
        ----------
        p : float
            A share in [0, 1].

        Returns
        -------
        float
            Minutes; infinite for a lognormal estimate at 1.

        Raises
        ------
        ValueError
            `p` is not a number in [0, 1].

        Examples
        --------
        >>> Estimate.uniform(0, 10, unit="m").quantile(0.25)
        2.5
        """
        if number_faults(p, "p") or not 0 <= p <= 1:
            msg = f"p: expected a share in [0, 1], got {p!r}"
            raise ValueError(msg)
        return float(self._law.quantiles(np.float64(p)))  # type: ignore[arg-type]

    def quantiles(self, shares: ArrayLike) -> FloatArray:
        """Give the quantile of every share in an array.

        Parameters
        ----------
        shares : array_like of float
            Shares in [0, 1], any shape; NaN stays NaN.

        Returns
        -------
        array of float
            Minutes, same shape.

        Raises
        ------
        ValueError
            A share is outside [0, 1].

        Examples
        --------
        >>> Estimate.uniform(0, 10, unit="m").quantiles([0.25, 0.5]).tolist()
        [2.5, 5.0]
        """
        asked = np.asarray(shares, dtype=np.float64)
        if np.any((asked < 0) | (asked > 1)):
            msg = "shares: expected every share in [0, 1]"
            raise ValueError(msg)
        return self._law.quantiles(asked)

    def sample(self, rng: RNGLike, size: int | tuple[int, ...]) -> FloatArray:
        """Draw independent values.

        Parameters
        ----------
        rng : Generator, SeedSequence or int
            Source of randomness, or a seed.
        size : int or tuple of int
            How many, or the shape.

        Returns
        -------
        array of float
            Minutes, not rounded, at least 0.

        Examples
        --------
        >>> drawn = Estimate.pert(1, 2, 9, unit="m").sample(0, 1000)
        >>> bool(drawn.min() >= 1), bool(drawn.max() <= 9)
        (True, True)
        """
        return self._law.sample(np.random.default_rng(rng), size)

    def minutes(self, point: str | float = "mean") -> int:
        """Give one whole number of minutes for plans that count with one.

        Parameters
        ----------
        point : {"mean", "mode"} or float, default "mean"
            The expected value, the likeliest value, or the quantile of a share in [0, 1].

        Returns
        -------
        int
            Minutes, rounded half to even.

        Raises
        ------
        ValueError
            `point` is none of these, or the quantile is infinite.

        Examples
        --------
        >>> Estimate.fixed(2.5, "m").minutes()
        2
        >>> Estimate.pert(1, 2, 9).minutes("mean")
        1440
        """
        return round(self._at(point))

    def _at(self, point: str | float) -> float:
        if point == "mean":
            return self.mean
        if point == "mode":
            return self.mode
        if isinstance(point, str) or number_faults(point, "point") or not 0 <= point <= 1:
            hint = did_you_mean(point, ("mean", "mode")) if isinstance(point, str) else ""
            msg = f"point: expected 'mean', 'mode' or a share in [0, 1], got {point!r}{hint}"
            raise ValueError(msg)
        value = self.quantile(point)
        if math.isinf(value):
            msg = f"point: a {self.kind} estimate has no longest time, so the quantile of {point!r} is infinite"
            raise ValueError(msg)
        return value
