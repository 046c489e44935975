"""What comes in from outside: refused by name where it is no such thing at all."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from leadkit.errors import Fault, PlanError
from leadkit.typing import RNGLike

__all__ = ["expect_mapping", "random_from"]


def expect_mapping(value: object, name: str, to: str) -> None:
    """Refuse what does not map work packages to something."""
    if not isinstance(value, Mapping):
        raise PlanError.from_faults([Fault(name, f"expected a mapping of work packages to {to}, got {value!r}")])


def random_from(rng: RNGLike) -> np.random.Generator:
    """Make the generator that all chance comes from."""
    try:
        return np.random.default_rng(rng)
    except (TypeError, ValueError) as error:
        value: Any = rng
        fault = Fault("rng", f"expected an int of at least 0, a SeedSequence or a Generator, got {value!r}")
        raise PlanError.from_faults([fault]) from error
