"""Durations of all activities in many runs: drawn one by one or with a common factor, with the events that may happen."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Self

import numpy as np
from attrs import field, frozen

from leadkit._fields import float_array, int_array
from leadkit.typing import FloatArray, IntArray
from leadkit.wbs.estimates import Estimate
from leadkit.wbs.estimates._laws import Constant, Law, Pert, from_normal, law_of
from leadkit.wbs.risk._strips import GREATEST_SHAPE, Strips

__all__ = ["Draws", "Hazard", "law_of_estimate"]

ZERO = Constant(0.0)
# the tables of so many PERT estimates are kept, 5 kB each
MOST_IN_STRIPS = 4096


def law_of_estimate(estimate: Estimate | None) -> Law:
    """Give the distribution of an estimate; no estimate takes no time."""
    return ZERO if estimate is None else law_of(estimate.kind, estimate.parameters)


@frozen(kw_only=True, eq=False)
class Hazard:
    """Something that happens in a share of the runs and then adds one and the same time to some activities."""

    probability: float
    impact: Law
    places: IntArray = field(converter=int_array)


@frozen(kw_only=True, eq=False)
class Draws:
    """How the durations of n activities are drawn, in the order of `turn`: first PERT estimates, then the others.

    `heads` divides what is drawn: work that several people share.
    """

    laws: tuple[Law, ...]
    heads: FloatArray = field(converter=float_array)
    turn: tuple[int, ...]
    correlation: float = 0.0
    hazards: tuple[Hazard, ...] = ()
    _strips: Strips = field(init=False)
    _drawn_singly: tuple[int, ...] = field(init=False)

    def __attrs_post_init__(self) -> None:
        fit = {
            place: law
            for place in self.turn
            if isinstance(law := self.laws[place], Pert) and law.shape <= GREATEST_SHAPE
        }
        if self.correlation or len(fit) > MOST_IN_STRIPS:
            fit = {}
        object.__setattr__(self, "_strips", Strips.of(tuple(fit.values()), tuple(fit)))
        object.__setattr__(self, "_drawn_singly", tuple(place for place in self.turn if place not in fit))

    @classmethod
    def of(cls, estimates: Sequence[Estimate], *, correlation: float) -> Self:
        """Draw estimates in the order in which they are given."""
        laws = tuple(law_of_estimate(estimate) for estimate in estimates)
        n = len(laws)
        return cls(laws=laws, heads=np.ones(n), turn=tuple(range(n)), correlation=correlation)

    @property
    def means(self) -> FloatArray:
        """Mean duration of each activity without any event, shape (n,)."""
        return np.array([law.mean for law in self.laws], dtype=np.float64) / self.heads

    @property
    def variances(self) -> FloatArray:
        """Variance of the duration of each activity without any event, shape (n,)."""
        return np.array([law.variance for law in self.laws], dtype=np.float64) / self.heads**2

    def sample(self, rng: np.random.Generator, runs: int) -> FloatArray:
        """Draw durations, shape (n, runs), at least 0."""
        durations = np.empty((len(self.laws), runs))
        if self.correlation:
            self._fill_together(rng, durations)
        else:
            self._strips.fill(rng, durations)
            for place in self._drawn_singly:
                durations[place] = self.laws[place].sample(rng, runs)
        shared = np.flatnonzero(self.heads != 1)
        durations[shared] /= self.heads[shared, None]
        for hazard in self.hazards:
            happens = rng.random(runs) < hazard.probability
            durations[hazard.places] += np.where(happens, hazard.impact.sample(rng, runs), 0.0)
        return durations

    def _fill_together(self, rng: np.random.Generator, durations: FloatArray) -> None:
        """Fill rows through normal values that share a factor."""
        runs = durations.shape[1]
        common = math.sqrt(self.correlation) * rng.standard_normal(runs)
        own_weight = math.sqrt(1 - self.correlation)
        for place in self.turn:
            law = self.laws[place]
            if isinstance(law, Constant):
                durations[place] = law.mean
                continue
            durations[place] = from_normal(law, common + own_weight * rng.standard_normal((runs,)))
