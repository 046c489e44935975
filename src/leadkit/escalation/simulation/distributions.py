"""How long things take: between arrivals, in service, and until a customer gives up."""

from __future__ import annotations

import math
from typing import Any, Protocol, runtime_checkable

import numpy as np
from attrs import field, frozen

from leadkit._checks import amount_faults, as_amount
from leadkit._fields import float_array, number_faults
from leadkit._results import Value
from leadkit.errors import Fault, ScenarioError
from leadkit.escalation._checking import raise_faults
from leadkit.typing import FloatArray

__all__ = ["Distribution", "Empirical", "Exponential", "Fixed", "Gamma", "Lognormal"]

# beyond these the shape of the law cannot be told from one value, or its mean from none
LEAST_SPREAD, MOST_SPREAD = 1e-6, 1e6


@runtime_checkable
class Distribution(Protocol):
    """A law of times of at least 0; anything with a mean and samples will do.

    A law of your own must be picklable for simulations on several processes, and draw from nothing but `rng`.

    Examples
    --------
    >>> isinstance(Exponential(5.0), Distribution)
    True
    """

    @property
    def mean(self) -> float:
        """The expected time."""
        ...

    def sample(self, rng: np.random.Generator, n: int) -> FloatArray:
        """Draw `n` times, finite and at least 0."""
        ...


def times(values: Any) -> Any:
    """Make a read-only array of numbers; what is none stays as it is, for the check to name."""
    try:
        found = np.asarray(values)
    except (TypeError, ValueError):
        return values
    return float_array(found) if found.dtype.kind in "fiu" else values


@frozen(eq=False)
class Exponential(Value):
    """Times without memory.

    Parameters
    ----------
    mean : float
        Expected time, [time], above 0.

    Examples
    --------
    >>> Exponential(5.0).mean
    5.0
    """

    mean: float

    def __attrs_post_init__(self) -> None:
        _keep_floats(self, "mean")
        raise_faults(number_faults(self.mean, "mean", above=0.0), "Exponential", ScenarioError)

    def sample(self, rng: np.random.Generator, n: int) -> FloatArray:
        """Draw `n` times."""
        return rng.standard_exponential(n) * self.mean


@frozen(eq=False)
class Gamma(Value):
    """Times of a gamma law, such as the sum of several steps.

    Parameters
    ----------
    mean : float
        Expected time, [time], above 0.
    sd : float
        Standard deviation, [time], from a millionth to a million times the mean.

    Examples
    --------
    >>> Gamma(10.0, 5.0).sample(np.random.default_rng(0), 2).shape
    (2,)
    """

    mean: float
    sd: float

    def __attrs_post_init__(self) -> None:
        _keep_floats(self, "mean", "sd")
        raise_faults(_spread_faults(self.mean, self.sd), "Gamma", ScenarioError)

    def sample(self, rng: np.random.Generator, n: int) -> FloatArray:
        """Draw `n` times."""
        shape = (self.mean / self.sd) ** 2
        return rng.standard_gamma(shape, n) * (self.mean / shape)


@frozen(eq=False)
class Lognormal(Value):
    """Times whose logarithm is normal, as handling times often are.

    Parameters
    ----------
    mean : float
        Expected time, [time], above 0; of the time itself, not of its logarithm.
    sd : float
        Standard deviation of the time, [time], from a millionth to a million times the mean.

    References
    ----------
    .. [1] L. Brown et al., "Statistical analysis of a telephone call center: a queueing-science perspective", Journal
       of the American Statistical Association 100, 2005.

    Examples
    --------
    >>> Lognormal(10.0, 5.0).mean
    10.0
    """

    mean: float
    sd: float

    def __attrs_post_init__(self) -> None:
        _keep_floats(self, "mean", "sd")
        raise_faults(_spread_faults(self.mean, self.sd), "Lognormal", ScenarioError)

    def sample(self, rng: np.random.Generator, n: int) -> FloatArray:
        """Draw `n` times."""
        variance = math.log1p((self.sd / self.mean) ** 2)
        sample: FloatArray = np.exp(math.sqrt(variance) * rng.standard_normal(n) - variance / 2) * self.mean
        return sample


@frozen(eq=False)
class Fixed(Value):
    """The same time every time.

    Parameters
    ----------
    value : float
        The time, [time], at least 0.

    Examples
    --------
    >>> Fixed(3.0).sample(np.random.default_rng(0), 2).tolist()
    [3.0, 3.0]
    """

    value: float

    def __attrs_post_init__(self) -> None:
        _keep_floats(self, "value")
        raise_faults(amount_faults(self.value, "value"), "Fixed", ScenarioError)

    @property
    def mean(self) -> float:
        """The time itself."""
        return self.value

    def sample(self, rng: np.random.Generator, n: int) -> FloatArray:  # noqa: ARG002 - the protocol's signature
        """Give the time `n` times."""
        return np.full(n, self.value)


@frozen(eq=False)
class Empirical(Value):
    """Times that were observed, drawn with replacement.

    Parameters
    ----------
    values : array_like, shape (n,)
        The times, [time], at least 0; at least one.

    Examples
    --------
    >>> Empirical([2.0, 4.0]).mean
    3.0
    """

    values: FloatArray = field(converter=times)

    def __attrs_post_init__(self) -> None:
        raise_faults(times_faults(self.values, "values"), "Empirical", ScenarioError)

    @property
    def mean(self) -> float:
        """The mean of the values."""
        return float(self.values.mean())

    def sample(self, rng: np.random.Generator, n: int) -> FloatArray:
        """Draw `n` times with replacement."""
        # in order, so that the order in which values are given never changes what is drawn
        drawn: FloatArray = np.sort(self.values)[rng.integers(len(self.values), size=n)]
        return drawn


def times_faults(values: object, where: str) -> list[Fault]:
    """Refuse what is no list of at least one finite number of at least 0."""
    if not isinstance(values, np.ndarray) or values.dtype.kind != "f" or values.ndim != 1 or not len(values):
        return [Fault(where, f"expected a list of numbers, at least one, got {values!r}")]
    wrong = ~(np.isfinite(values) & (values >= 0))
    faults = [
        Fault(f"{where}[{place}]", f"expected a finite number of at least 0, got {values[place]}")
        for place in np.flatnonzero(wrong)
    ]
    with np.errstate(over="ignore"):
        if not faults and not np.isfinite(values.sum()):
            faults.append(Fault(where, "expected numbers whose sum is finite"))
    return faults


def _keep_floats(law: object, *names: str) -> None:
    """Make floats of the numbers of a law; a converter would hide from type checkers that its mean is one."""
    for name in names:
        object.__setattr__(law, name, as_amount(getattr(law, name)))


def _spread_faults(mean: object, sd: object) -> list[Fault]:
    faults = number_faults(mean, "mean", above=0.0) + number_faults(sd, "sd", above=0.0)
    if not faults and not LEAST_SPREAD <= sd / mean <= MOST_SPREAD:  # type: ignore[operator]
        faults.append(Fault("sd", f"expected a millionth to a million times the mean of {mean!r}, got {sd!r}"))
    return faults
