"""When a network of known durations ends, run by run, and in how many runs each activity is critical."""

from __future__ import annotations

from typing import NamedTuple, Protocol

import numpy as np
from attrs import frozen

from leadkit.typing import FloatArray, IntArray
from leadkit.wbs.network import PreparedNetwork

__all__ = ["Ends", "MinutePasses", "Passes"]

FLOAT_TOLERANCE = 1e-9


class Ends(NamedTuple):
    """What some runs come to: their finishes [minutes], how often each activity is critical, and when they finish.

    `instants` counts microseconds since 1970-01-01 UTC; None where there is no calendar to say so.
    """

    finish: FloatArray
    critical: IntArray
    instants: IntArray | None = None


class Passes(Protocol):
    """The way from durations, shape (n, runs), to what the runs come to."""

    def ends(self, durations: FloatArray) -> Ends:
        """Work out all runs."""
        ...


@frozen(eq=False)
class MinutePasses:
    """Runs in working minutes, all of one calendar."""

    network: PreparedNetwork

    def ends(self, durations: FloatArray) -> Ends:
        """Work out all runs."""
        early = self.network.forward(durations)
        finish = np.zeros(durations.shape[1])
        row = np.empty(durations.shape[1])
        for start, duration in zip(early, durations, strict=True):
            np.add(start, duration, out=row)
            np.maximum(finish, row, out=finish)
        late = self.network.backward(durations, finish)
        limit = FLOAT_TOLERANCE * np.maximum(1.0, finish)
        critical = np.empty(len(durations), dtype=np.int64)
        for place, (start, latest) in enumerate(zip(early, late, strict=True)):
            np.subtract(latest, start, out=row)
            critical[place] = np.count_nonzero(row <= limit)
        return Ends(finish, critical)
