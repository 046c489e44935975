"""Converters that feedback and what is disclosed of it share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leadkit._fields import frozen_mapping, sealed
from leadkit.assessment.multirater.weighting import Weighting

__all__ = ["kept_weighting", "texts", "word_array"]


def texts(values: Iterable[str]) -> tuple[str, ...]:
    """Keep texts as a tuple."""
    return tuple(values)


def word_array(words: Any) -> NDArray[np.object_]:
    """Copy words into a read-only object array; one that is read-only and owns its data is kept."""
    if isinstance(words, np.ndarray) and words.dtype == object and words.base is None and not words.flags.writeable:
        return words
    return sealed(np.array(words, dtype=object))


def kept_weighting(weighting: Weighting) -> Weighting:
    """Keep a word as it is, and a mapping so that it cannot be changed."""
    return frozen_mapping(weighting) if isinstance(weighting, Mapping) else weighting
