"""Arrivals whose rate changes with the time of day."""

from __future__ import annotations

import numpy as np
from attrs import field, frozen

from leadkit._results import Value
from leadkit.errors import Fault, ScenarioError
from leadkit.escalation._checking import raise_faults
from leadkit.escalation.simulation.distributions import times, times_faults
from leadkit.typing import FloatArray

__all__ = ["RateProfile"]


@frozen(eq=False)
class RateProfile(Value):
    """A Poisson stream whose rate is constant between edges and begins again after the last one.

    Simulated time begins at the first edge. A profile of one day is thus repeated day after day, for as many customers
    as are asked for; what happens between the last edge and the first of the next day is left out of the profile by
    leaving it out of the edges, or has a rate of 0.

    Parameters
    ----------
    edges : array_like, shape (n + 1,)
        Where one rate ends and the next begins, [time], increasing, the first at least 0.
    rates : array_like, shape (n,)
        Expected arrivals per unit of time, at least 0 and not all 0.

    References
    ----------
    .. [1] E. Cinlar, "Introduction to Stochastic Processes", Prentice-Hall, 1975, chapter 4: arrivals of rate 1 are
       carried back through the integral of the rates.

    Examples
    --------
    >>> profile = RateProfile([0.0, 8.0, 16.0, 24.0], [0.0, 30.0, 6.0])
    >>> profile.mean_rate
    12.0
    """

    edges: FloatArray = field(converter=times)
    rates: FloatArray = field(converter=times)

    def __attrs_post_init__(self) -> None:
        of_edges, faults = times_faults(self.edges, "edges"), times_faults(self.rates, "rates")
        if not faults and not self.rates.any():
            faults.append(Fault("rates", "expected at least one rate above 0"))
        if not of_edges:
            of_edges = [
                Fault(f"edges[{place + 1}]", f"expected more than the edge before, got {self.edges[place + 1]}")
                for place in np.flatnonzero(np.diff(self.edges) <= 0)
            ]
        if not faults and not of_edges and len(self.edges) != len(self.rates) + 1:
            faults.append(Fault("edges", f"expected one more than the {len(self.rates)} rates, got {len(self.edges)}"))
        raise_faults([*of_edges, *faults], "RateProfile", ScenarioError)
        with np.errstate(over="ignore", under="ignore"):
            expected = (self.rates * np.diff(self.edges)).sum()
        if not 0 < expected < np.inf:
            raise_faults(
                [Fault("rates", "expected a number of arrivals above 0 and finite")], "RateProfile", ScenarioError
            )

    @property
    def mean_rate(self) -> float:
        """Expected arrivals per unit of time, over the whole profile."""
        return float((self.rates * np.diff(self.edges)).sum() / (self.edges[-1] - self.edges[0]))

    def arrivals(self, rng: np.random.Generator, n: int) -> FloatArray:
        """Draw the first `n` instants of arrival, in order."""
        expected = np.concatenate([[0.0], np.cumsum(self.rates * np.diff(self.edges))])
        rounds, rest = np.divmod(np.cumsum(rng.standard_exponential(n)), expected[-1])
        # from the right: a stretch without arrivals ends where it begins, and is passed over
        piece = np.searchsorted(expected, rest, side="right") - 1
        at = self.edges[piece] + (rest - expected[piece]) / self.rates[piece]
        drawn: FloatArray = np.maximum.accumulate(at + rounds * (self.edges[-1] - self.edges[0]))
        return drawn
