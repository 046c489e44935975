"""The public names for types that appear in signatures all over leadkit."""

from __future__ import annotations

from concurrent.futures import Executor
from typing import Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

__all__ = ["BoolArray", "Executor", "FloatArray", "IntArray", "Progress", "RNGLike"]

FloatArray: TypeAlias = NDArray[np.float64]
"""An array of float64; NaN is missing."""
IntArray: TypeAlias = NDArray[np.int64]
"""An array of int64."""
BoolArray: TypeAlias = NDArray[np.bool_]
"""An array of truth values."""
RNGLike: TypeAlias = np.random.Generator | np.random.SeedSequence | int
"""A source of randomness: a generator, a seed sequence, or a seed."""


class Progress(Protocol):
    """Something that is told how far long work has come."""

    def __call__(self, done: int, total: int) -> None:
        """Take note that `done` of `total` steps are finished."""
